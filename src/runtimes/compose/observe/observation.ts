import { fromHome, lines, type Shell, sh } from '../../../host/quote.ts'
import {
  type ComposeTarget,
  compose,
  composeReading,
  enter,
  envFile,
  isByColor,
  projectFolder,
  targetOf,
} from '../change/command.ts'
import { showEnvFile, whyReadOnly } from '../change/env-file.ts'
import { INSPECT_FORMAT, parseContainer } from './container-json.ts'
import type { Container } from './containers.ts'
import { SENTINELS, sentinelEnvironment, type VersionVariable, variableName, variablesOf } from './image.ts'
import { type ComposeProject, merged, parseProject } from './project.ts'
import { type EnvFiles, type Obstacle, parseEnvFiles, parseWrittenImages } from './version.ts'

/** What one command on the host said, or its exit code and its own words. */
export type Said<T> =
  | { readonly kind: 'said'; readonly value: T }
  | { readonly kind: 'failed'; readonly code: number; readonly words: string }

/** All that one round trip tells of a host's compose project. Nothing was changed for it. */
export interface ComposeObservation {
  /** Whether the engine answers. */
  readonly engine: Said<string>
  /** Version of compose; empty where nothing depends on it. */
  readonly compose: Said<string>
  readonly project: Said<ComposeProject>
  readonly envFiles: Said<EnvFiles>
  /** Image of each service as it is written, as far as compose says it. */
  readonly writtenImages?: ReadonlyMap<string, string>
  /** Of each service, as a hand-run would start it now; more than one where compose does not always say the same. */
  readonly hashes: Said<ReadonlyMap<string, readonly string[]>>
  readonly containers: Said<readonly Container[]>
  /** What `.env` sets of the three variables. */
  readonly values: Readonly<Partial<Record<VersionVariable, string>>>
  /** SHA-256 of `.env`, where it can be read. */
  readonly envSum?: string
  /** What is in the way of writing `.env`, with the command that fixes it. */
  readonly readOnly: readonly Obstacle[]
  /** The project's folder by each of its names. */
  readonly directories: readonly string[]
}

/**
 * In pretty-printed JSON, empties each string in parts that may hold secrets, except for version sentinels: what `.env` and
 * `env_file` hold stays on the host.
 */
const MASK_AWK = String.raw`
function mask(head,   rest, kept) {
  rest = substr($0, length(head) + 1)
  while (match(rest, sentinel)) { kept = kept substr(rest, RSTART, RLENGTH) " "; rest = substr(rest, RSTART + RLENGTH) }
  print head "\"" kept "\"" (/,$/ ? "," : "")
}
{
  match($0, /^ */); indent = RLENGTH
  if (hidden >= 0 && indent <= hidden) hidden = -1
  if (hidden < 0 && match($0, /^ *"(environment|args|labels|annotations|command|entrypoint|test|build|logging|driver_opts|post_start|pre_stop|pre_start|provider|sysctls|x-[^"]*)": [[{]$/)) hidden = indent
  else if (hidden >= 0 && match($0, /^ *"([^"\\]|\\.)*": "/)) { mask(substr($0, 1, RLENGTH - 1)); next }
  else if (hidden >= 0 && match($0, /^ *"([^"\\]|\\.)*",?$/)) { mask(substr($0, 1, indent)); next }
  else if (match($0, /^ *"(content|x-[^"]*)": "/)) { mask(substr($0, 1, RLENGTH - 1)); next }
  print
}
`

/** Cuts off what compose quotes of a file that it cannot read: a line of `.env` may be a password. */
const CUT_AWK = `
/failed to read|variable name|quoted value|interpolation|template/ && sub(/["'].*/, "(what it quotes is not shown)") { print; exit }
{ print }
`

/** A filter for the JSON of `docker compose config` that lets nothing through that may be a secret. */
export function masking(): Shell {
  const sentinel = Object.values(SENTINELS).join('|')
  return sh`LC_ALL=C awk -v hidden=-1 -v ${`sentinel=${sentinel}`} ${MASK_AWK}`
}

/** A filter for what compose complains of. */
export function cutting(): Shell {
  return sh`awk ${CUT_AWK}`
}

/**
 * Asks for everything at once. A command that fails does not stop the others. Each `docker compose` takes a twentieth of
 * a second of the host's processor, so that what only some projects need is asked only of them.
 */
export function observeCompose(asked: ComposeTarget): Shell {
  const target = targetOf(asked, 'blue')
  const names = variablesOf(target.variable).map((which) => variableName(target.variable, which))
  const mask = masking()
  const all = ['--profile', '*', 'config']
  const whole = (one: ComposeTarget) => compose(one, [...all, '--format', 'json'], sentinelEnvironment(one.variable))
  const literal = (one: ComposeTarget) => compose(one, [...all, '--no-interpolate', '--format', 'json'])
  const file = envFile(target)
  return lines(
    sh`tell() {
  if out=$("$2" 2>/dev/null); then code=0; else code=$?; out=$("$2" 2>&1 >/dev/null | awk ${CUT_AWK}); fi
  { ! "$apart" || flock -w 20 8; printf '%s\\n' "$out" | sed "s/^/$1 /"; echo "$1= $code"; } 8<>/proc/self/fd/7
}`,
    sh`engine() { docker version --format '{{.Server.Version}}'; }`,
    sh`works() { :; }`,
    sh`version() { ${compose(target, ['version', '--short'])}; }`,
    sh`masked() { printf '%s\\n' "$json" | ${mask}; }`,
    ...(isByColor(asked) ? asColors(asked, whole, literal) : asOne(target, whole, literal)),
    sh`containers() {
  ids=$(docker ps --all --quiet --no-trunc) || return
  # One that is gone by now is no failure.
  [ -z "$ids" ] || docker inspect --type container --format ${INSPECT_FORMAT} $ids || :
}`,
    enter(target),
    // Side by side, since each compose takes its time; what they say is kept apart by a lock on a pipe, which nobody else can open.
    sh`: | {`,
    sh`exec 7<&0 </dev/null`,
    sh`apart=false; ! command -v flock >/dev/null || apart=true`,
    sh`alongside() { if "$apart"; then "$@" & else "$@"; fi; }`,
    sh`listed() { tell container containers; if [ "$code" = 0 ]; then tell engine works; else tell engine engine; fi; }`,
    sh`alongside written; alongside listed; configured; wait
}`,
    sh`for folder in ${fromHome(projectFolder(target))} .; do (cd -- "$folder" 2>/dev/null && { pwd; pwd -P; }); done | sort -u | sed 's/^/directory /'`,
    showEnvFile(file, names, 'env'),
    sh`[ ! -r ${fromHome(file)} ] || printf 'envsum %s\n' "$(sha256sum < ${fromHome(file)} | cut -c1-64)"`,
    sh`${whyReadOnly(file)} | sed 's/^/readonly /'`,
  )
}

type Asking = (target: ComposeTarget) => Shell

/** Defines what is asked of one project. */
function asOne(target: ComposeTarget, whole: Asking, literal: Asking): readonly Shell[] {
  const hash = ['config', '--hash', '*']
  return [
    sh`whole() { json=$(${whole(target)}) || return; masked; }`,
    sh`literal() { json=$(${literal(target)}) || return; masked; }`,
    // Compose leaves `env_file` out of the hash that it prints, and not out of the one that it compares.
    sh`resolved() { ${compose(target, ['config'])} | ${composeReading({ ...target, files: ['-'] }, hash)}; }`,
    sh`hashes() { ${compose(target, hash)}; }`,
    sh`configured() { alongside tell config whole; alongside tell hash hashes; }`,
    sh`written() {
  tell literal literal; written=$out
  [ "$code" = 0 ] || written='"env_file" "depends_on"'
  case $written in *'"env_file"'*) tell resolved resolved ;; esac
  case $written in *'"depends_on"'* | *'"links"'* | *'"volumes_from"'* | *'"service:'*) tell compose version ;; *) tell compose works ;; esac
}`,
  ]
}

/** The same of each color by itself: what a hand-run would do there is not compared. */
function asColors(asked: ComposeTarget, whole: Asking, literal: Asking): readonly Shell[] {
  const [blue, green] = [targetOf(asked, 'blue'), targetOf(asked, 'green')]
  return [
    sh`whole_blue() { json=$(${whole(blue)}) || return; masked; }`,
    sh`whole_green() { json=$(${whole(green)}) || return; masked; }`,
    sh`literal_blue() { json=$(${literal(blue)}) || return; masked; }`,
    sh`literal_green() { json=$(${literal(green)}) || return; masked; }`,
    sh`configured() { alongside tell configblue whole_blue; alongside tell configgreen whole_green; tell hash works; }`,
    sh`written() { tell literalblue literal_blue; tell literalgreen literal_green; tell compose version; }`,
  ]
}

/**
 * Reads what `observeCompose` printed.
 * @throws Error where an answer is not what the command promises.
 */
export function parseObservation(stdout: string, variable: string): ComposeObservation {
  const parts = new Map<string, string[]>()
  for (const line of stdout.split('\n')) {
    const [, tag, rest] = /^([a-z]+=?) (.*)$/.exec(line) ?? []
    if (tag !== undefined && rest !== undefined) parts.set(tag, [...(parts.get(tag) ?? []), rest])
  }
  const said = <T>(tag: string, read: (text: string) => T): Said<T> => {
    const words = (parts.get(tag) ?? []).join('\n')
    const code = Number(parts.get(`${tag}=`)?.[0] ?? Number.NaN)
    return code === 0
      ? { kind: 'said', value: read(words) }
      : { kind: 'failed', code: Number.isNaN(code) ? 1 : code, words: words.trim() }
  }
  /** Of the whole, or of each color by itself. */
  const told = <T>(tag: string, read: (text: string) => T, both: (blue: T, green: T) => T): Said<T> => {
    if (!parts.has(`${tag}blue=`)) return said(tag, read)
    const [blue, green] = [said(`${tag}blue`, read), said(`${tag}green`, read)]
    if (blue.kind === 'failed') return blue
    return green.kind === 'failed' ? green : { kind: 'said', value: both(blue.value, green.value) }
  }
  const joined = <V>(one: ReadonlyMap<string, V>, other: ReadonlyMap<string, V>) => new Map([...one, ...other])
  const images = told('literal', parseWrittenImages, joined)
  return {
    engine: said('engine', (words) => words.trim()),
    compose: said('compose', (words) => words.trim().replace(/^v/, '')),
    project: told('config', parseProject, (blue, green) => merged({ blue, green })),
    envFiles: told('literal', parseEnvFiles, joined),
    ...(images.kind === 'said' && { writtenImages: images.value }),
    hashes: said('hash', (words) => parseHashes([words, ...(parts.get('resolved') ?? [])].join('\n'))),
    containers: said('container', (words) =>
      words
        .split('\n')
        .filter((line) => line !== '')
        .map(parseContainer),
    ),
    ...(parts.has('envsum') && { envSum: parts.get('envsum')?.[0] ?? '' }),
    values: parseValues(parts.get('env') ?? [], variable),
    readOnly: (parts.get('readonly') ?? []).map(obstacle),
    directories: parts.get('directory') ?? [],
  }
}

/** As `whyReadOnly` prints it. */
function obstacle(line: string): Obstacle {
  const [why = line, command] = line.split('; run: ')
  return { why, ...(command !== undefined && { command }) }
}

function parseHashes(words: string): ReadonlyMap<string, readonly string[]> {
  const hashes = new Map<string, readonly string[]>()
  for (const line of words.split('\n')) {
    const [, service, hash] = /^(\S+) ([0-9a-f]{64})$/.exec(line) ?? []
    if (service !== undefined && hash !== undefined) hashes.set(service, [...(hashes.get(service) ?? []), hash])
  }
  return hashes
}

function parseValues(found: readonly string[], variable: string): Readonly<Partial<Record<VersionVariable, string>>> {
  const entries = variablesOf(variable).flatMap((which) => {
    const prefix = `${variableName(variable, which)} `
    const line = found.find((each) => each.startsWith(prefix))
    return line === undefined ? [] : [[which, line.slice(prefix.length)] as const]
  })
  return Object.fromEntries(entries)
}
