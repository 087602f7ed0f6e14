import { enterFolder, fromHome, type Shell, sh } from '../../../host/quote.ts'
import type { Inputs } from '../../../inputs/inputs.ts'
import { type Color, forColor, isForColor } from '../../../release/model.ts'
import type { ImagePattern } from '../observe/image.ts'

/** Which compose project on the host. */
export interface ComposeTarget {
  /** Folder on the host in which compose runs, relative to the home directory: `fromHome` makes a word of it. */
  readonly directory: string
  /** Compose files, relative to `directory`; none: compose's own rule. */
  readonly files: readonly string[]
  /** Absent: compose's own rule. */
  readonly projectName?: string
  /** `version-variable`. */
  readonly variable: string
  /** Given where the variable holds the whole reference: that, as a pattern. */
  readonly whole?: ImagePattern
}

/** As the inputs name it. */
export function composeTarget({ application }: Inputs): ComposeTarget {
  return {
    directory: application.directory,
    files: application.composeFiles,
    ...(application.projectName !== undefined && { projectName: application.projectName }),
    variable: application.versionVariable,
  }
}

/** Each color is a project of its own, or has files of its own. */
export function isByColor({ files, projectName = '' }: Pick<ComposeTarget, 'files' | 'projectName'>): boolean {
  return [...files, projectName].some(isForColor)
}

/** The project of one color. */
export function targetOf(target: ComposeTarget, color: Color): ComposeTarget {
  const { files, projectName } = target
  return {
    ...target,
    files: files.map((file) => forColor(file, color)),
    ...(projectName !== undefined && { projectName: forColor(projectName, color) }),
  }
}

/**
 * Variables that make compose do no more than it was asked, whatever the host's environment or `.env` says: no removal of
 * orphans, no colors in its output, no advertising. Variables, because versions differ in which flags they know.
 */
const QUIET = {
  COMPOSE_REMOVE_ORPHANS: 'false',
  COMPOSE_IGNORE_ORPHANS: 'true',
  COMPOSE_ANSI: 'never',
  COMPOSE_PROGRESS: 'plain',
  COMPOSE_MENU: 'false',
  DOCKER_CLI_HINTS: 'false',
}

/** `docker compose …` of this project, run in its folder, with these variables for this one command; `more` are further arguments. */
export function compose(
  target: ComposeTarget,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
  more: Shell = sh``,
): Shell {
  return sh`${composeReading(target, args, variables, more)} </dev/null`
}

/** The same, with standard input left as it is. */
export function composeReading(
  target: ComposeTarget,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
  more: Shell = sh``,
): Shell {
  const project = target.projectName === undefined ? [] : ['--project-name', target.projectName]
  const files = target.files.flatMap((file) => ['--file', file])
  const environment = Object.entries({ ...QUIET, ...variables }).map(([name, value]) => `${name}=${value}`)
  // Compose's warnings quote pieces of `.env`: of `PASSWORD=a$bc` that "bc" is not set.
  return sh`env ${environment} docker --log-level error compose ${[...project, ...files, ...args]} ${more}`
}

/**
 * What a person types to start a stopped service again.
 * @param policy its restart policy where that was taken from it when it was stopped
 */
export function startByHand({ directory, projectName, files }: ComposeTarget, service: string, policy?: string): Shell {
  const project = projectName === undefined ? [] : ['--project-name', projectName]
  const named = files.flatMap((file) => ['--file', file])
  const start = sh`cd ${fromHome(directory)} && docker compose ${[...project, ...named, 'start', service]}`
  if (policy === undefined) return start
  return sh`${start} && docker update --restart ${policy} $(docker compose ${[...project, ...named, 'ps', '--quiet', service]})`
}

/** Goes to the project's folder, also from there, or ends with a sentence. */
export function enter(target: ComposeTarget): Shell {
  return enterFolder(target.directory)
}

/** Folder of `.env` and of what the compose file names, as compose has it: that of the first file. */
export function projectFolder(target: ComposeTarget): string {
  const [first = ''] = target.files
  const folder = first.includes('/') ? first.slice(0, first.lastIndexOf('/')) || '/' : ''
  if (folder === '') return target.directory
  return folder.startsWith('/') ? folder : `${target.directory}/${folder}`
}

/** `.env` beside the compose file. */
export function envFile(target: ComposeTarget): string {
  return `${projectFolder(target)}/.env`
}
