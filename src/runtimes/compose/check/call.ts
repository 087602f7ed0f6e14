import { projectDirectory, type Seen } from '../../../checking/pairing/seen.ts'
import { fromHome, type Shell, sh } from '../../../host/quote.ts'

/** `docker compose …` of this project, in its folder. */
export function composeCall(seen: Seen, args: Shell): Shell {
  const { application } = seen.inputs
  const project = application.projectName === undefined ? [] : ['--project-name', application.projectName]
  const files = application.composeFiles.flatMap((file) => ['--file', file])
  return sh`( cd ${fromHome(projectDirectory(seen))} && docker compose ${words([...project, ...files])}${args} </dev/null )`
}

function words(all: readonly string[]): Shell {
  return all.length === 0 ? sh`` : sh`${all} `
}
