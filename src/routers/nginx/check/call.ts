import { projectDirectory, type Seen } from '../../../checking/pairing/seen.ts'
import { fromHome, type Shell, sh, userCommand } from '../../../host/quote.ts'

/** Runs nginx with these arguments, as root: by the user's own command where there is one. */
export function nginxCall(seen: Seen, args: Shell): Shell {
  const { nginx } = seen.inputs
  if (nginx.command === undefined) return sh`nginx ${args}`
  // What runs in a container would else take what is pasted after it for its own input.
  return sh`( cd ${fromHome(projectDirectory(seen))} && ${userCommand(nginx.command)} ${args} </dev/null )`
}
