import { lines, type Shell, sh } from '../host/quote.ts'
import type { Section } from '../host/sections.ts'
import type { Color } from '../release/model.ts'
import { judgedState } from './on-host/state.ts'

/** What a started color really is. */
export interface Identity {
  readonly container: string
  /** Id of the image. */
  readonly image: string
  /** Hash of the service as it was read when it was started. */
  readonly compose: string
  /** Registry digests of the image. */
  readonly digests: readonly string[]
}

/** So many releases are kept. */
const KEPT = 100

/** One release that was put live: a line of `ledger.jsonl` in the state directory. */
export interface LedgerEntry {
  readonly version: string
  readonly color: Color
  /** Id of the image: what the release really was, whatever its tag means later. */
  readonly image: string
  readonly container: string
  /** Registry digests of the image, where it has any. */
  readonly digests: readonly string[]
  /** SHA-256 of what compose read. */
  readonly compose: string
  readonly commit?: string
  readonly run?: string
  readonly actor?: string
  /** ISO 8601, by the clock of the runner. */
  readonly started: string
  readonly confirmed: string
  /** `restored`: somebody else sent traffic back to it. `found`: somebody else had put it live. */
  readonly result: 'released' | 'rolled-back' | 'restored' | 'found'
  /** Why it was restored. */
  readonly reason?: 'flipped-by-others'
  /** Absent in lines of the first versions: a deploy. */
  readonly command?: 'deploy' | 'rollback'
  /** Of what came back: the id of the image that it took away, if that was known. */
  readonly refused?: string
  /** What was live before, if no release had put it there: it can be gone back to as well. */
  readonly found?: Found
}

/** What somebody else put live, by hand or by a script. */
export type Found = Pick<LedgerEntry, 'version' | 'color' | 'image' | 'container'>

/** A release that is about to be recorded: what it really is, docker says then. */
export type NewEntry = Omit<LedgerEntry, keyof Identity>

/**
 * Records that others sent traffic back to the release before: one more line, once. For a shell in which `state` is the
 * state directory, under the lock.
 * @param identity of that release: see `Runtime.identifyRunning`
 */
export function recordFlippedBack(entry: Omit<NewEntry, 'confirmed'>, identity: Shell): Shell {
  return lines(
    sh`last=$(tail -n 1 "$state/ledger.jsonl"); case $last in *'"reason":"flipped-by-others"'*) exit 0 ;; esac`,
    sh`refused=$(printf '%s\\n' "$last" | sed -n 's/.*"image":"\\([^"]*\\)".*/\\1/p')`,
    sh`identity=$( (`,
    identity,
    sh`) | tr -d '\n') && [ -n "$identity" ] || identity='"container":"","image":""'`,
    sh`identity="$identity,\\"refused\\":\\"$refused\\",\\"confirmed\\":\\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\\""`,
    prepareLedger(entry),
    publishLedger,
  )
}

/** Puts the ledger that was prepared in the place of the old one. */
export const publishLedger = sh`[ ! -e "$state/ledger.new" ] || { mv -f "$state/ledger.new" "$state/ledger.jsonl" && safe "$state"; } || exit 1`

/** Prints what `readLedger` reads: nothing if somebody else could have written it. */
export function ledgerQuestion(directory: string): Shell {
  return lines(judgedState(directory, 0, sh`exit 0`), sh`[ ! -r "$state/ledger.jsonl" ] || cat "$state/ledger.jsonl"`)
}

/** The releases, the newest last. A line that is none is passed over. */
export function readLedger(section: Section | undefined): readonly LedgerEntry[] {
  return (section?.stdout ?? '').split('\n').flatMap((line) => {
    const entry = line.startsWith('{') ? parsed(line) : undefined
    if (entry === undefined) return []
    const { found, started } = entry
    return found === undefined ? [entry] : [foundBefore(found, started), entry]
  })
}

function foundBefore(found: Found, at: string): LedgerEntry {
  return { ...found, digests: [], compose: '', started: at, confirmed: at, result: 'found' }
}

/**
 * Prepares the ledger with one more release as `ledger.new`, safe on the disk; it counts once it takes the place of the
 * old one, so that a crash leaves one or the other. For a shell in which `state` is the state directory, and `identity`
 * holds what docker says of the release (see `Runtime.identify`).
 * @param seen one line for a rollback that cannot read Nginx: see `rememberSwitch`
 */
export function prepareLedger(entry: Partial<NewEntry>, seen?: string): Shell {
  const [before, after] = [JSON.stringify(entry).slice(0, -1), '}']
  return lines(
    // A last line that was cut off, or edited by hand, may lack its end.
    sh`kept() { [ ! -e "$state/ledger.jsonl" ] || { tail -n ${KEPT - 1} "$state/ledger.jsonl" && { [ -z "$(tail -c 1 "$state/ledger.jsonl")" ] || echo; }; }; }`,
    sh`( umask 077; { kept && printf '%s,%s%s\n' ${before} "$identity" ${after}; } >"$state/ledger.new" ) &&`,
    sh`{ sync "$state/ledger.new" 2>/dev/null || sync; } || { rm -f "$state/ledger.new"; echo "$state/ledger.new cannot be written" >&2; exit 1; }`,
    seen === undefined
      ? sh`:`
      : sh`( umask 077; printf '%s\n' ${seen} >"$state/switch.new" && mv "$state/switch.new" "$state/switch.json" ) || :`,
  )
}

/**
 * Images that only releases used which are older than the newest ones.
 * @param kept how many releases count as the newest, the one that is about to be made among them
 */
export function imagesOfOlder(ledger: readonly LedgerEntry[], kept: number): readonly string[] {
  // What somebody else brought to the host is not ours to remove.
  const ours = ledger.filter(({ result }) => result !== 'found')
  const images = [...new Set(ours.toReversed().map((entry) => entry.image))]
  return images.slice(kept - 1)
}

/**
 * Images that a rollback took away, and that nobody released again since. One that leads forward, to what was deployed
 * later, takes nothing away.
 */
export function refusedImages(ledger: readonly LedgerEntry[]): ReadonlySet<string> {
  const refused = new Set<string>()
  const deployed = new Map<string, number>()
  for (const [i, { image, command, result, refused: away }] of ledger.entries()) {
    if (command !== 'rollback' && result !== 'restored') deployed.set(image, i)
    const forward = away !== undefined && (deployed.get(image) ?? -1) > (deployed.get(away) ?? Number.POSITIVE_INFINITY)
    if (away !== undefined && !forward) refused.add(away)
    refused.delete(image)
  }
  return refused
}

/** The newest release that used this image. */
export function releaseOfImage(ledger: readonly LedgerEntry[], image: string): LedgerEntry | undefined {
  return ledger.findLast((entry) => entry.image === image)
}

function parsed(line: string): LedgerEntry | undefined {
  try {
    const found: unknown = JSON.parse(line)
    return typeof found === 'object' && found !== null ? entryIn(found) : undefined
  } catch {
    return undefined
  }
}

/** Whatever a hand may have written there: what cannot be done without decides whether it is an entry. */
function entryIn(found: object): LedgerEntry | undefined {
  const at = (key: string): unknown => Reflect.get(found, key)
  const text = (key: string): string | undefined => {
    const value = at(key)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const [version, color, image, container] = ['version', 'color', 'image', 'container'].map(text)
  const confirmed = text('confirmed')
  if (!version || !image || !container || !confirmed || (color !== 'blue' && color !== 'green')) return undefined
  const digests = at('digests')
  const known = ['commit', 'run', 'actor', 'refused'].flatMap((key) => {
    const value = text(key)
    return value === undefined ? [] : [[key, value]]
  })
  const command = at('command')
  const before = foundIn(at('found'))
  return {
    ...(before && { found: before }),
    ...{ version, color, image, container, confirmed },
    digests: Array.isArray(digests) ? digests.filter((digest) => typeof digest === 'string') : [],
    compose: text('compose') ?? '',
    started: text('started') ?? confirmed,
    result: resultOf(at('result')),
    ...(at('reason') === 'flipped-by-others' && { reason: 'flipped-by-others' as const }),
    ...((command === 'deploy' || command === 'rollback') && { command }),
    ...Object.fromEntries(known),
  }
}

function foundIn(value: unknown): Found | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const text = (key: string) => {
    const each: unknown = Reflect.get(value, key)
    return typeof each === 'string' && each !== '' ? each : undefined
  }
  const [version, image, container, color] = ['version', 'image', 'container', 'color'].map(text)
  if (!version || !image || !container || (color !== 'blue' && color !== 'green')) return undefined
  return { version, image, container, color }
}

function resultOf(found: unknown): LedgerEntry['result'] {
  return found === 'rolled-back' || found === 'restored' ? found : 'released'
}
