import { fromHome, type Shell, sh, userCommand } from '../../../host/quote.ts'
import type { NginxContext } from './context.ts'

/** Runs nginx with these arguments, as root: by the user's own command where there is one. */
export function nginxCall({ inputs, folder }: Pick<NginxContext, 'inputs' | 'folder'>, args: Shell): Shell {
  const { nginx } = inputs
  if (nginx.command === undefined) return sh`nginx ${args}`
  // What runs in a container would else take what is pasted after it for its own input.
  return sh`( cd ${fromHome(folder)} && ${userCommand(nginx.command)} ${args} </dev/null )`
}
