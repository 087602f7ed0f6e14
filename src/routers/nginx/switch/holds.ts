import { ask } from '../../../custody/on-host/undo.ts'
import type { HostName, HttpRequest } from '../../../host/host.ts'
import { lines, type Shell, sh } from '../../../host/quote.ts'
import { type Color, otherThan } from '../../../release/model.ts'
import type { Clients } from '../observe/clients.ts'
import type { SwitchFiles } from './changes.ts'

/** What a switch is made of, and how the loaded configuration is asked what it chooses. */
export interface SwitchFacts {
  readonly files: SwitchFiles
  /** Names of the two upstreams. */
  readonly names: Readonly<Record<Color, string>>
  readonly proxy: HostName
  /** One a server block. */
  readonly markers: readonly Marker[]
  readonly clients: Clients
}

/** Where one server block answers `/.blue-green`. */
export interface Marker {
  /** For sentences. */
  readonly server: string
  readonly request: Omit<HttpRequest, 'timeout'>
}

/** Tries, a fifth of a second apart, until a server block counts as one that says nothing. */
const TRIES = 5

/**
 * Whether requests go to a color, asked of every server block at `/.blue-green`: see `Router.holds`. A host that has no
 * program to ask with is told by the switch file, and says that this proves less.
 */
export function switchHolds({ files, names, markers }: SwitchFacts, color: Color): Shell {
  const other = otherThan(color)
  const there = sh`[ -e ${`${files.directory}/green`} ]`
  const byFile = color === 'green' ? there : sh`! ${there}`
  return lines(
    sh`export LC_ALL=C; holds='' unknown=`,
    sh`says() { printf '%s\n' "$said" | tr -d '\\r' | grep -qx -e "[[:space:]]*$1[[:space:]]*" -e "[[:space:]]*$1_backed[[:space:]]*"; }`,
    ...markers.map((marker) => asked(marker, names[color], names[other], byFile)),
    sh`[ -z "$holds" ] || exit 0`,
    sh`[ -z "$unknown" ] || exit 2`,
    sh`exit 1`,
  )
}

function asked({ server, request }: Marker, name: string, other: string, byFile: Shell): Shell {
  return lines(
    sh`tries=0 chosen=; while [ -z "$chosen" ]; do`,
    ask(request),
    sh`  case $said in`,
    sh`  none) if ${byFile}; then chosen=${name}; else chosen=${other}; fi; how=' by its switch file, as there is no program to ask Nginx with' ;;`,
    sh`  *) how=; if says ${pattern(name)}; then chosen=${name}; elif says ${pattern(other)}; then chosen=${other}; fi ;;`,
    sh`  esac`,
    sh`  tries=$((tries + 1)); [ -z "$chosen" ] || break`,
    sh`  [ $tries -lt ${TRIES} ] || break`,
    sh`  sleep 0.2 2>/dev/null || sleep 1`,
    sh`done`,
    sh`case $chosen in ${name}) holds=yes ;; '') unknown=yes; chosen="something that is no color: $(printf '%s\n' "$said" | head -n 1 | cut -c1-80)" ;; esac`,
    sh`printf '%s\n' ${`${server} chooses `}"$chosen$how"`,
  )
}

/** As a basic regular expression that means just this name. */
function pattern(name: string): string {
  return name.replace(/[.*^$[\]\\]/g, '\\$&')
}
