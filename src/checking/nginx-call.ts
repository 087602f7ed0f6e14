import { fromHome, type Shell, sh, userCommand } from '../host/quote.ts'
import type { Seen } from './seen.ts'

/** Runs nginx with these arguments, as root: by the user's own command where there is one. */
export function nginxCall(seen: Seen, args: Shell): Shell {
  const { nginx } = seen.inputs
  if (nginx.command === undefined) return sh`nginx ${args}`
  // What runs in a container would else take what is pasted after it for its own input.
  return sh`( cd ${fromHome(projectDirectory(seen))} && ${userCommand(nginx.command)} ${args} </dev/null )`
}

/** `docker compose …` of this project, in its folder. */
export function composeCall(seen: Seen, args: Shell): Shell {
  const { application } = seen.inputs
  const project = application.projectName === undefined ? [] : ['--project-name', application.projectName]
  const files = application.composeFiles.flatMap((file) => ['--file', file])
  return sh`( cd ${fromHome(projectDirectory(seen))} && docker compose ${words([...project, ...files])}${args} </dev/null )`
}

/** The folder of compose, also for who has another home. */
function projectDirectory({ inputs, compose, texts }: Seen): string {
  const { directory } = inputs.application
  if (directory.startsWith('/')) return directory
  const [seen] = compose?.directories ?? []
  return seen ?? texts[0]?.file.path.replace(/\/[^/]*$/, '') ?? directory
}

function words(all: readonly string[]): Shell {
  return all.length === 0 ? sh`` : sh`${all} `
}
