import { sha256 } from '../../../base/hash.ts'
import { fromHome, lines, type Shell, sh, userCommand } from '../../../host/quote.ts'
import type { Section } from '../../../host/sections.ts'
import { type Configuration, parseConfiguration, parseDump } from '../config/configuration.ts'
import { defineOnHost, type NginxContainer, readContainer, whereabouts, writesQuestion } from './container.ts'
import { type HostAddresses, hostAddressesQuestion, readHostAddresses } from './host-addresses.ts'
import { judgeLoaded, type Loaded, type LoadRecord, type Process, readTimes } from './loaded.ts'
import { timesQuestion } from './loaded-question.ts'
import { defineTurning } from './turning.ts'

/** What Nginx and its processes say of themselves. */
export type NginxObservation =
  | { readonly kind: 'unavailable'; readonly why: string }
  /** It does not run on the host. It was not asked for its configuration: `nginx -T` would leave an empty file of its pid. */
  | { readonly kind: 'stopped' }
  /** `nginx -t` finds a fault in it, in whoever's file. */
  | { readonly kind: 'refused'; readonly why: string }
  | {
      readonly kind: 'read'
      readonly configuration: Configuration
      readonly loaded: Loaded
      /** `PID:START` of each plain worker, of whichever master. */
      readonly workers: readonly string[]
      /** Files of the configuration that are on this host, by their path in Nginx; the one that the user named too. */
      readonly files: ReadonlyMap<string, FileOnHost>
      /** Given where Nginx runs in one. */
      readonly container?: NginxContainer
      /** Of the host on which it runs. */
      readonly addresses?: HostAddresses
    }

/** A file as the user sees it on the host. */
export interface FileOnHost {
  /** Where the host has it. */
  readonly path: string
  /** Seconds since it was changed. */
  readonly age: number
  /** SHA-256; absent where the user may not read it. */
  readonly sum?: string
  /** By the user. */
  readonly writable: boolean
  /** By `sudo -n dd`, where the user may not; asked of files that may hold where requests go. */
  readonly bySudo?: true
  /** It is a link, and where it leads there is a file for each color. */
  readonly link?: ColorLink
}

/** A link whose target has a counterpart that is called the same but for the color. */
export interface ColorLink {
  /** As the link says it. */
  readonly to: string
  readonly other: string
  /** What is in the counterpart. */
  readonly otherText: string
  /** Who may turn it. */
  readonly turned: 'by user' | 'by sudo' | 'by nobody'
}

/**
 * Defines the shell function `run_nginx`. Where the user gave no command, `nginx` is run with `sudo -n` unless the
 * user is root or sudo does not allow it; by its path, where sudo looks for it elsewhere.
 */
export function nginxFunction(directory: string, command: string | undefined): Shell {
  if (command !== undefined)
    return sh`run_nginx() { ( cd -- ${fromHome(directory)} && ${userCommand(command)} "$@" ); }`
  return lines(
    sh`PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin`,
    sh`nginx_path=$(command -v nginx)`,
    sh`if [ "$(id -u)" != 0 ] && sudo -n -l nginx -T >/dev/null 2>&1; then`,
    sh`  run_nginx() { sudo -n nginx "$@"; }`,
    sh`elif [ "$(id -u)" != 0 ] && [ -n "$nginx_path" ] && sudo -n -l "$nginx_path" -T >/dev/null 2>&1; then`,
    sh`  run_nginx() { sudo -n "$nginx_path" "$@"; }`,
    sh`else`,
    sh`  run_nginx() { nginx "$@"; }`,
    sh`fi`,
  )
}

/** Of the processes whose files are listed, those that are in no container: another Nginx there says nothing of this one. */
const OWN = sh`own() {
  while read -r file; do
    set -- $(sed -n 's/^NSpid:[[:space:]]*//p' "\${file%/cmdline}/status" 2>/dev/null)
    [ $# -gt 1 ] || printf '%s\\n' "$file"
  done
}`

/** Reads the configuration, and what Docker says of Nginx's container, once, into variables that the questions share. */
export function beforeNginxQuestions(directory: string, command: string | undefined): Shell {
  const where = whereabouts(command)
  return lines(
    nginxFunction(directory, command),
    where.kind === 'host'
      ? lines(
          OWN,
          sh`runs() { [ ! -r /proc/1/cmdline ] || [ -n "$(grep -lsaE '^nginx: master process' /proc/[0-9]*/cmdline | own)" ]; }`,
        )
      : sh`own() { cat; }; runs() { :; }`,
    sh`if runs; then dump=$(run_nginx -T 2>/dev/null; printf 'x%s' "$?"); else dump=x0; fi`,
    where.kind === 'container'
      ? lines(sh`container=$( cd -- ${fromHome(directory)} && {`, where.query, sh`} 2>/dev/null </dev/null )`)
      : sh`container=`,
    where.kind === 'host' ? sh`on_host() { printf '%s\\n' "$1"; }; in_container=` : sh`in_container=1`,
    where.kind === 'host' ? sh`` : defineOnHost,
  )
}

/** What stands in a file that may hold where requests go. */
const POINTS = '(^|[;{[:space:]])(server[[:space:]]+[^{[:space:]]|set[[:space:]]|map[[:space:]]|[a-z]+_pass[[:space:]])'

/** The questions; all of them change nothing. */
export function nginxQuestions(
  file: string | undefined,
  command: string | undefined,
): Readonly<Record<NginxQuestion, Shell>> {
  const where = whereabouts(command)
  const given = file === undefined ? sh`` : sh`printf 'given %s\\n' ${file};`
  return {
    nginx: sh`printf '%s' "\${dump%x*}"; exit "\${dump##*x}"`,
    nginxError: lines(
      sh`case $dump in *x0) exit ;; esac; run_nginx -t`,
      // By itself sudo says it again where it was not even tried.
      sh`[ -n "$in_container" ] || [ "$(id -u)" = 0 ] || ! command -v sudo >/dev/null || sudo -n nginx -T 2>&1 >/dev/null | sed -n 's/^sudo: /sudo: /p; s/^Sorry, /sudo: Sorry, /p' >&2`,
    ),
    nginxFiles: lines(
      sh`points() { command -v sudo >/dev/null && grep -qE ${POINTS} "$1" 2>/dev/null; }`,
      sh`link() {`,
      sh`  to=$(readlink "$1"); other=$(printf '%s\\n' "$to" | sed 's/blue/<>/g; s/green/blue/g; s/<>/green/g'); [ "$other" != "$to" ] || return 0`,
      sh`  case $other in /*) at=$other ;; *) at=\${1%/*}/$other ;; esac; [ -f "$at" ] && [ -r "$at" ] || return 0`,
      sh`  printf 'link %s\\nother %s\\n' "$to" "$other"`,
      sh`  if [ -w "\${1%/*}" ]; then echo 'turned by user'; elif may_turn "$1" "$other"; then echo 'turned by sudo'; else echo 'turned by nobody'; fi`,
      sh`  sed 's/^/| /' "$at"`,
      sh`}`,
      // The two forms in which a link is turned: see `defineTurn`.
      sh`may_turn() { next=$(turning "$1"); sudo -n -l ln -s "$2" "$next" && sudo -n -l mv -T "$next" "$1"; } </dev/null >/dev/null 2>&1`,
      defineTurning,
      // The two forms in which a file is written: see `definePut`.
      sh`may_write() { sudo -n -l dd of="$1" bs=65536 conv=notrunc && sudo -n -l dd of="$1" bs=1 seek=1 count=0; } </dev/null >/dev/null 2>&1`,
      // The uptime last: what passes between the two must never make a file look older than the workers.
      sh`printf 'now %s\\n' "$(date +%s.%N)"; read -r uptime rest < /proc/uptime`,
      sh`printf 'shown %s\\n' "$(printf '%s' "\${dump%x*}" | sha256sum | cut -c1-64)"`,
      sh`printf 'uptime %s %s\\n' "$uptime" "$(getconf CLK_TCK 2>/dev/null || echo 100)"`,
      sh`{ ${given} printf '%s\\n' "$dump" | sed -n 's/^# configuration file \\(.*\\):$/seen \\1/p'; } | while read -r how path; do`,
      sh`  case $how in given) file=$path ;; *) file=$(on_host "$path") ;; esac`,
      sh`  stat -L -c "file %Y %y : %n" "$file" 2>/dev/null || continue`,
      sh`  printf 'as %s\\n' "$path"`,
      sh`  [ ! -r "$file" ] || { sum=$(sha256sum < "$file"); printf 'sum %s\\n' "\${sum%% *}"; }`,
      sh`  if [ -w "$file" ]; then echo writable; elif points "$file" && may_write "$file"; then echo 'writable by sudo'; fi`,
      sh`  [ ! -L "$file" ] || link "$file"`,
      sh`done`,
    ),
    nginxProcesses: lines(
      sh`for file in $(grep -lsaE 'nginx: (master|worker) process' /proc/[0-9]*/cmdline | own); do`,
      sh`  process=\${file%/cmdline}; title=$(tr '\\000' ' ' < "$file" 2>/dev/null)`,
      sh`  case $title in nginx:*) ;; *) continue ;; esac`,
      sh`  { read -r line < "$process/stat"; } 2>/dev/null || continue`,
      sh`  set -- \${line##*) }; printf 'process %s %s %s %s\\n' "\${process#/proc/}" "$2" "\${20}" "$title"`,
      sh`done`,
    ),
    nginxPid: lines(
      sh`[ -z "$in_container" ] || { echo elsewhere; exit 0; }`,
      sh`file=$(printf '%s\\n' "$dump" | sed -n 's/^[[:space:]]*pid[[:space:]]\\{1,\\}\\([^;]*\\);.*/\\1/p' | head -n 1)`,
      sh`file=\${file:-/run/nginx.pid}`,
      // `nginx -T` leaves an empty one. Where `hidepid` hides the processes of others, not seeing one says nothing.
      sh`if [ ! -s "$file" ] && [ -r /proc/1/cmdline ]; then echo none; else cat "$file"; fi`,
    ),
    nginxContainer: lines(
      sh`printf '%s\\n' "$container"`,
      where.kind === 'container' ? writesQuestion(where.docker) : sh`:`,
    ),
    nginxTimes: timesQuestion(command),
    nginxAddresses: hostAddressesQuestion,
  }
}

export type NginxQuestion =
  | 'nginx'
  | 'nginxError'
  | 'nginxFiles'
  | 'nginxProcesses'
  | 'nginxPid'
  | 'nginxContainer'
  | 'nginxTimes'
  | 'nginxAddresses'

/**
 * @param record what our last reload left behind
 * @throws Error with a sentence, where what `nginx -T` printed is no configuration.
 */
export function readNginx(
  said: Readonly<Record<NginxQuestion, Section | undefined>>,
  record?: LoadRecord,
): NginxObservation {
  if (said.nginx?.code === 0 && said.nginx.stdout === '') return { kind: 'stopped' }
  if (said.nginx?.code !== 0) {
    const words = said.nginxError?.stderr || 'nginx -T printed nothing'
    const fault = configurationFault(words)
    if (fault !== undefined) return { kind: 'refused', why: fault }
    return { kind: 'unavailable', why: words.split('\n').slice(-4).join(' | ') }
  }
  const configuration = parseConfiguration(parseDump(said.nginx.stdout))
  const container = readContainer(said.nginxContainer?.stdout ?? '')
  const files = filesOnHost(said.nginxFiles?.stdout ?? '')
  const running = processes(said)
  const clock = clockOf(said)
  return {
    kind: 'read',
    configuration,
    files,
    loaded: judgeLoaded({
      master: masterOf(running, said.nginxPid?.stdout ?? '', container),
      processes: running,
      times: readTimes(said.nginxTimes?.stdout ?? '', clock.now),
      sum: /^shown (\S+)$/m.exec(said.nginxFiles?.stdout ?? '')?.[1] ?? '',
      booted: Math.floor(clock.now - clock.uptime),
      ...(record && { record }),
    }),
    workers: running.flatMap(({ pid, start, title }) => (/worker process\s*$/.test(title) ? [`${pid}:${start}`] : [])),
    ...(container && { container }),
    ...(said.nginxAddresses && { addresses: readHostAddresses(said.nginxAddresses.stdout) }),
  }
}

/** Seconds for which a file that was written may belong to a flip that goes on. */
const RECENT = 10

/**
 * Whether a file of the configuration was written just now and is not loaded yet, or not what `nginx -T` showed before:
 * another target, of which no lease is held here, may be in the middle of its flip.
 */
export function isChanging(seen: NginxObservation): boolean {
  if (seen.kind !== 'read') return false
  const { configuration, files, loaded } = seen
  const shown = new Map(configuration.files.map(({ path, text }) => [path, text]))
  return [...files].some(([path, { age, sum }]) => {
    const text = shown.get(path)
    const another = sum !== undefined && text !== undefined && sha256(text) !== sum
    return age < RECENT && (another || loaded.kind === 'changed-since')
  })
}

/** What `nginx -t` has against the configuration; undefined where it only lacks a right to read something. */
function configurationFault(words: string): string | undefined {
  const faults = words.split('\n').flatMap((line) => /\[emerg\] (?:\d+#\d+: )?(.*)$/.exec(line)?.[1] ?? [])
  return faults.length === 0 || faults.some((fault) => /permission denied/i.test(fault))
    ? undefined
    : faults.join(' | ')
}

/** The master among all that run on the host, those in containers too. */
function masterOf(
  all: readonly Process[],
  pidFile: string,
  container: NginxContainer | undefined,
): Process | 'not-running' | 'unknown' {
  const masters = all.filter((process) => process.title.startsWith('nginx: master'))
  if (container !== undefined) {
    // An init of the container may stand before it.
    return masters.find(({ pid, parent }) => pid === container.pid || parent === container.pid) ?? 'unknown'
  }
  const pid = Number.parseInt(pidFile, 10)
  if (!Number.isNaN(pid)) return masters.find((process) => process.pid === pid) ?? 'not-running'
  const [only, ...others] = masters
  if (only === undefined) return pidFile.trim() === 'none' ? 'not-running' : 'unknown'
  return others.length === 0 && pidFile.trim() !== 'elsewhere' ? only : 'unknown'
}

/** Seconds; ticks a second. */
function clockOf({ nginxFiles }: Readonly<Partial<Record<NginxQuestion, Section | undefined>>>) {
  const text = nginxFiles?.stdout ?? ''
  const [, uptime = '0', ticks = '100'] = /^uptime (\S+) (\d+)/m.exec(text) ?? []
  const now = Number.parseFloat(/^now (\S+)/m.exec(text)?.[1] ?? '')
  return { now, uptime: Number(uptime), ticks: Number(ticks) }
}

function processes(said: Readonly<Record<NginxQuestion, Section | undefined>>): readonly Process[] {
  const { uptime, ticks } = clockOf(said)
  return [...(said.nginxProcesses?.stdout ?? '').matchAll(/^process (\d+) (\d+) (\d+) (.*)$/gm)].map(
    ([, pid, parent, start = '', title = '']) => ({
      pid: Number(pid),
      parent: Number(parent),
      start,
      age: uptime - Number(start) / ticks,
      title,
    }),
  )
}

function filesOnHost(text: string): ReadonlyMap<string, FileOnHost> {
  const now = Number.parseFloat(/^now (\S+)/m.exec(text)?.[1] ?? '')
  const found = text.matchAll(
    /^file (\d+) [^:]*:[^:]*:\d\d(\.\d+)?.*? : (.*)\nas (.*)(?:\nsum (\S{64}))?(?:\n(writable)( by sudo)?)?(?:\nlink (.*)\nother (.*)\nturned (by \w+)((?:\n\| .*)*))?$/gm,
  )
  return new Map(
    [...found].map(([, whole, fraction, path = '', name = '', sum, writable, sudo, to, other, turned, lines]) => {
      const age = now - Number(whole) - Number(fraction ?? 0)
      const rights = { writable: writable !== undefined && sudo === undefined, ...(sudo && { bySudo: true as const }) }
      const link = to === undefined ? undefined : colorLink(to, other ?? '', turned ?? '', lines ?? '')
      return [name, { path, age, ...rights, ...(link && { link }), ...(sum === undefined ? {} : { sum }) }]
    }),
  )
}

function colorLink(to: string, other: string, turned: string, lines: string): ColorLink {
  const who = turned === 'by user' || turned === 'by sudo' ? turned : 'by nobody'
  return { to, other, otherText: lines.replace(/^\n\| /, '').replaceAll('\n| ', '\n'), turned: who }
}
