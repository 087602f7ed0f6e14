import { lines, type Shell, sh, userCommand } from '../host/quote.ts'
import type { Section } from '../host/sections.ts'
import { type Configuration, parseConfiguration, parseDump } from './nginx-config.ts'

/** What Nginx and its processes say of themselves. */
export type NginxObservation =
  | { readonly kind: 'unavailable'; readonly why: string }
  /** `nginx -t` finds a fault in it, in whoever's file. */
  | { readonly kind: 'refused'; readonly why: string }
  | {
      readonly kind: 'read'
      readonly configuration: Configuration
      readonly loaded: Loaded
      /** Files of the configuration that are on this host, by path. */
      readonly files: ReadonlyMap<string, FileOnHost>
    }

/** A file as the user sees it on the host: in a container Nginx may see another one under the same path. */
export interface FileOnHost {
  /** Seconds since it was changed. */
  readonly age: number
  /** SHA-256; absent where the user may not read it. */
  readonly sum?: string
  readonly writable: boolean
}

/** Whether the configuration on disk is the one that the workers run. */
export type Loaded =
  | { readonly kind: 'loaded'; readonly master: number }
  /** These files were changed after the workers were started. */
  | { readonly kind: 'changed-since'; readonly master: number; readonly files: readonly string[] }
  | { readonly kind: 'not-running' }
  | { readonly kind: 'unknown'; readonly why: string }

interface Process {
  readonly pid: number
  readonly parent: number
  /** Seconds since it was started. */
  readonly age: number
  readonly title: string
}

/** Slack in seconds between the clocks of file times and process times. */
const SLACK = 0.05

/**
 * Defines the shell function `run_nginx`. Where the user gave no command, `nginx` is run with `sudo -n` unless the
 * user is root or sudo does not allow it.
 */
export function nginxFunction(directory: string, command: string | undefined): Shell {
  if (command !== undefined) return sh`run_nginx() { ( cd ${directory} && ${userCommand(command)} "$@" ); }`
  return lines(
    sh`PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin`,
    sh`if [ "$(id -u)" != 0 ] && sudo -n -l nginx -T >/dev/null 2>&1; then`,
    sh`  run_nginx() { sudo -n nginx "$@"; }`,
    sh`else`,
    sh`  run_nginx() { nginx "$@"; }`,
    sh`fi`,
  )
}

/** Reads the configuration once, into a variable that the questions share. */
export function beforeNginxQuestions(directory: string, command: string | undefined): Shell {
  return lines(nginxFunction(directory, command), sh`dump=$(run_nginx -T 2>/dev/null; printf 'x%s' "$?")`)
}

/** The questions; all of them change nothing. */
export function nginxQuestions(file: string | undefined): Readonly<Record<NginxQuestion, Shell>> {
  const given = file === undefined ? sh`` : sh`echo ${file};`
  return {
    nginx: sh`printf '%s' "\${dump%x*}"; exit "\${dump##*x}"`,
    nginxError: sh`case $dump in *x0) ;; *) run_nginx -t ;; esac`,
    nginxFiles: lines(
      // The uptime first: what passes between the two must never make a file look newer than the workers.
      sh`read -r uptime rest < /proc/uptime; printf 'now %s\\n' "$(date +%s.%N)"`,
      sh`printf 'uptime %s %s\\n' "$uptime" "$(getconf CLK_TCK 2>/dev/null || echo 100)"`,
      sh`{ ${given} printf '%s\\n' "$dump" | sed -n 's/^# configuration file \\(.*\\):$/\\1/p'; } | while read -r file; do`,
      sh`  stat -L -c 'file %Y %y : %n' "$file" 2>/dev/null || continue`,
      sh`  [ ! -r "$file" ] || printf 'sum %s %s\\n' "$(sha256sum < "$file" | cut -c1-64)" "$file"`,
      sh`  [ ! -w "$file" ] || printf 'writable %s\\n' "$file"`,
      sh`done`,
    ),
    nginxProcesses: lines(
      sh`for file in $(grep -lsaE 'nginx: (master|worker) process' /proc/[0-9]*/cmdline); do`,
      sh`  process=\${file%/cmdline}; title=$(tr '\\000' ' ' < "$file" 2>/dev/null)`,
      sh`  case $title in nginx:*) ;; *) continue ;; esac`,
      sh`  { read -r line < "$process/stat"; } 2>/dev/null || continue`,
      sh`  set -- \${line##*) }; printf 'process %s %s %s %s\\n' "\${process#/proc/}" "$2" "\${20}" "$title"`,
      sh`done`,
    ),
    nginxPid: lines(
      sh`file=$(printf '%s\\n' "$dump" | sed -n 's/^[[:space:]]*pid[[:space:]]\\{1,\\}\\([^;]*\\);.*/\\1/p' | head -n 1)`,
      sh`file=\${file:-/run/nginx.pid}`,
      // `nginx -T` leaves an empty one. Where `hidepid` hides the processes of others, not seeing one says nothing.
      sh`if [ ! -s "$file" ] && [ -r /proc/1/cmdline ]; then echo none; else cat "$file"; fi`,
    ),
  }
}

export type NginxQuestion = 'nginx' | 'nginxError' | 'nginxFiles' | 'nginxProcesses' | 'nginxPid'

/**
 * @param known SHA-256 of a file that is known to be loaded, though it was written after the workers were started
 * @throws Error with a sentence, where what `nginx -T` printed is no configuration.
 */
export function readNginx(
  said: Readonly<Record<NginxQuestion, Section | undefined>>,
  known?: string,
): NginxObservation {
  if (said.nginx?.code !== 0 || said.nginx.stdout === '') {
    const words = said.nginxError?.stderr || 'nginx -T printed nothing'
    const fault = configurationFault(words)
    if (fault !== undefined) return { kind: 'refused', why: fault }
    return { kind: 'unavailable', why: words.split('\n').slice(-4).join(' | ') }
  }
  const configuration = parseConfiguration(parseDump(said.nginx.stdout))
  const pid = Number.parseInt(said.nginxPid?.stdout ?? '', 10)
  const files = filesOnHost(said.nginxFiles?.stdout ?? '')
  const ages = [...files].filter(([, file]) => known === undefined || file.sum !== known)
  return {
    kind: 'read',
    configuration,
    files,
    loaded: readLoaded(processes(said), pid, ages, said.nginxPid?.stdout.trim() === 'none'),
  }
}

/** What `nginx -t` has against the configuration; undefined where it only lacks a right to read something. */
function configurationFault(words: string): string | undefined {
  const faults = words.split('\n').flatMap((line) => /\[emerg\] (?:\d+#\d+: )?(.*)$/.exec(line)?.[1] ?? [])
  return faults.length === 0 || faults.some((fault) => /permission denied/i.test(fault))
    ? undefined
    : faults.join(' | ')
}

function readLoaded(
  all: readonly Process[],
  pid: number,
  files: readonly (readonly [string, FileOnHost])[],
  noPidFile: boolean,
): Loaded {
  const masters = all.filter((process) => process.title.startsWith('nginx: master'))
  const only = masters.length === 1 && Number.isNaN(pid) ? masters[0] : undefined
  const master = masters.find((process) => process.pid === pid) ?? only
  if (master === undefined) {
    if (noPidFile && masters.length === 0) return { kind: 'not-running' }
    return Number.isNaN(pid) ? { kind: 'unknown', why: 'its process id is not known' } : { kind: 'not-running' }
  }
  const workers = all.filter(
    (process) => process.parent === master.pid && /^nginx: worker process\s*$/.test(process.title),
  )
  if (workers.length === 0) return { kind: 'unknown', why: 'its worker processes cannot be seen' }
  const age = Math.min(...workers.map((worker) => worker.age))
  const changed = files.filter(([, file]) => file.age + SLACK < age)
  if (changed.length === 0) return { kind: 'loaded', master: master.pid }
  return { kind: 'changed-since', master: master.pid, files: changed.map(([path]) => path) }
}

function processes(said: Readonly<Record<NginxQuestion, Section | undefined>>): readonly Process[] {
  const [, uptime = '0', ticks = '100'] = /^uptime (\S+) (\d+)/m.exec(said.nginxFiles?.stdout ?? '') ?? []
  return [...(said.nginxProcesses?.stdout ?? '').matchAll(/^process (\d+) (\d+) (\d+) (.*)$/gm)].map(
    ([, pid, parent, start, title]) => ({
      pid: Number(pid),
      parent: Number(parent),
      age: Number(uptime) - Number(start) / Number(ticks),
      title: title ?? '',
    }),
  )
}

function filesOnHost(text: string): ReadonlyMap<string, FileOnHost> {
  const now = Number.parseFloat(/^now (\S+)/m.exec(text)?.[1] ?? '')
  const sums = new Map([...text.matchAll(/^sum (\S{64}) (.*)$/gm)].map(([, sum, path]) => [path, sum]))
  const writable = new Set([...text.matchAll(/^writable (.*)$/gm)].map(([, path]) => path))
  const found = [...text.matchAll(/^file (\d+) [^:]*:[^:]*:\d\d(\.\d+)?.*? : (.*)$/gm)]
  return new Map(
    found.map(([, whole, fraction, path = '']) => {
      const sum = sums.get(path)
      const age = now - Number(whole) - Number(fraction ?? 0)
      return [path, { age, writable: writable.has(path), ...(sum === undefined ? {} : { sum }) }]
    }),
  )
}
