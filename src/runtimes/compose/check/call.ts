import { fromHome, type Shell, sh } from '../../../host/quote.ts'
import { type ComposeContext, projectDirectory } from './context.ts'

/** `docker compose …` of this project, in its folder. */
export function composeCall(seen: Pick<ComposeContext, 'inputs' | 'compose' | 'texts'>, args: Shell): Shell {
  const { application } = seen.inputs
  const project = application.projectName === undefined ? [] : ['--project-name', application.projectName]
  const files = application.composeFiles.flatMap((file) => ['--file', file])
  return sh`( cd ${fromHome(projectDirectory(seen))} && docker compose ${words([...project, ...files])}${args} </dev/null )`
}

function words(all: readonly string[]): Shell {
  return all.length === 0 ? sh`` : sh`${all} `
}
