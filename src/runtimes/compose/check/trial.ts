import { randomUUID } from 'node:crypto'
import { editedText } from '../../../checking/edits/file-text.ts'
import type { FileChange, SeenFile } from '../../../checking/finding.ts'
import { hereDocument, lines, type Shell, sh } from '../../../host/quote.ts'
import { type Section, sections } from '../../../host/sections.ts'
import { type ComposeTarget, compose, enter } from '../change/command.ts'
import { sentinelEnvironment } from '../observe/image.ts'
import { cutting, masking, type Said } from '../observe/observation.ts'
import { type ComposeProject, parseProject } from '../observe/project.ts'

/** What compose makes of its files. */
export interface Tried {
  readonly project: Said<ComposeProject>
  /** Image of each service as a `docker compose up -d` by hand would start it; none if compose refuses that. */
  readonly images: ReadonlyMap<string, string>
}

export interface Trial {
  readonly shell: Shell
  /** Of the files as they are, and as each set of changes makes them. */
  read(stdout: string): { readonly now: Tried; readonly changed: readonly Tried[] }
}

/** Where copies may lie. */
const MEMORY_AND_DISK = ['/dev/shm', '/tmp']

interface Copy {
  /** In one of these. */
  readonly name: string
  /** The file that it stands for. */
  readonly of: string
  readonly text: string
}

function placeOf({ name }: Copy): Shell {
  return sh`"$copies"/${name}`
}

/** Images alone of the JSON of `docker compose config`. */
const IMAGES_AWK = String.raw`
/^  "[^"]+": \{/ { services = ($1 == "\"services\":") }
/^    "[^"]+": \{/ && services { service = $1; gsub(/[":]/, "", service) }
/^      "image": "/ && services { image = $2; gsub(/[",]/, "", image); print service, image }
`

/**
 * Lets compose read copies of its files with these changes, which lie in a private folder that is gone afterwards. The
 * folder of the project stays the one that it is, with all that the files name in it.
 * @param project the name that compose has for it now
 * @param files those that compose reads by itself, in its order
 */
export function trialOf(
  target: ComposeTarget,
  project: string,
  files: readonly SeenFile[],
  sets: readonly (readonly FileChange[])[],
): Trial {
  // Nobody can know the name before, and have something there.
  const folder = `blue-green-check-${randomUUID()}`
  const copies = sets.map((changes, i) =>
    files.map((file, number): Copy => {
      const edits = changes.flatMap((change) => (change.file.path === file.path ? change.edits : []))
      return { name: `${folder}/${i + 1}-${number + 1}.yaml`, of: file.path, text: editedText(file.text, edits) }
    }),
  )
  const originals = files.map(({ path }) => sh`${path}`)
  const directory = files[0]?.path.replace(/\/[^/]*$/, '') || '/'
  const parts = [originals, ...copies.map((set) => set.map(placeOf))].flatMap((read, i) => {
    const environment = { COMPOSE_PATH_SEPARATOR: ':' }
    const config = (more: Readonly<Record<string, string>>) =>
      compose(
        { ...target, files: [], projectName: project },
        ['--project-directory', directory, '--profile', '*', 'config', '--format', 'json'],
        { ...environment, ...more },
      )
    const reads = lines(
      sh`COMPOSE_FILE=`,
      ...read.map((path) => sh`COMPOSE_FILE=$COMPOSE_FILE\${COMPOSE_FILE:+:}${path}`),
      sh`export COMPOSE_FILE`,
      enter(target),
    )
    const words = sh`"$copies"/${`${folder}/words`}`
    const whole = lines(
      reads,
      ...(copies[i - 1] ?? []).map((copy) => sh`{\n${hereDocument(copy.text)}\n} >${placeOf(copy)}`),
      sh`if json=$(${config(sentinelEnvironment(target.variable))} 2>${words}); then printf '%s\\n' "$json" | ${masking()}`,
      sh`else ${cutting()} <${words} >&2; exit 1; fi`,
    )
    const images = lines(
      reads,
      sh`json=$(${config({})} 2>/dev/null) && printf '%s\\n' "$json" | LC_ALL=C awk ${IMAGES_AWK}`,
    )
    return [
      [`project${i}`, whole],
      [`images${i}`, images],
    ] as const
  })
  const asked = sections(
    Object.fromEntries(parts),
    lines(
      // Memory, so that a disk that is full or is compared is left alone.
      sh`if [ -d /dev/shm ] && [ -w /dev/shm ]; then copies=/dev/shm; else copies=/tmp; fi`,
      sh`umask 077; mkdir "$copies"/${folder} || exit 1; trap ${`rm -rf "$copies/${folder}"`} EXIT`,
    ),
  )
  return {
    shell: asked.shell,
    read(stdout) {
      const said = asked.read(stdout)
      const tried = (i: number) => triedOf(said[`project${i}`], said[`images${i}`], copies.flat())
      return { now: tried(0), changed: sets.map((_, i) => tried(i + 1)) }
    },
  }
}

function triedOf(whole: Section | undefined, plain: Section | undefined, copies: readonly Copy[]): Tried {
  const words = copies.reduce(
    (told, { name, of }) => MEMORY_AND_DISK.reduce((text, root) => text.replaceAll(`${root}/${name}`, of), told),
    whole?.stderr ?? '',
  )
  const images = (plain?.stdout ?? '').split('\n').flatMap((line) => {
    const [service, image] = line.split(' ')
    return service && image ? [[service, image] as const] : []
  })
  return {
    project:
      whole?.code === 0
        ? { kind: 'said', value: parseProject(whole.stdout) }
        : { kind: 'failed', code: whole?.code ?? 1, words },
    images: new Map(images),
  }
}
