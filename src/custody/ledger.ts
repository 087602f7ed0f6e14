import { lines, type Shell, sh } from '../host/quote.ts'
import type { Section } from '../host/sections.ts'
import type { Color } from '../release/words.ts'

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
  readonly result: 'released' | 'rolled-back'
  /** Absent in lines of the first versions: a deploy. */
  readonly command?: 'deploy' | 'rollback'
  /** Of a rollback: the id of the image that it took away, where that was known. */
  readonly refused?: string
}

/** Prints what `readLedger` reads. */
export function ledgerQuestion(directory: string): Shell {
  return sh`if [ -r ${`${directory}/ledger.jsonl`} ]; then cat ${`${directory}/ledger.jsonl`}; fi`
}

/** The releases, the newest last. A line that is none is passed over. */
export function readLedger(section: Section | undefined): readonly LedgerEntry[] {
  return (section?.stdout ?? '').split('\n').flatMap((line) => {
    const entry = line.startsWith('{') ? parsed(line) : undefined
    return entry === undefined ? [] : [entry]
  })
}

/**
 * Adds a release. The file is replaced whole, so that a crash leaves the old one or the new one, and is safe on the
 * disk before this ends.
 * @param seen one line for a rollback that cannot read Nginx: see `rememberSwitch`
 */
export function recordRelease(directory: string, entry: LedgerEntry, seen?: string): Shell {
  return lines(
    sh`set -e; umask 077; cd ${directory}; trap 'rm -f ledger.new' EXIT`,
    sh`{ [ ! -e ledger.jsonl ] || tail -n ${KEPT - 1} ledger.jsonl; printf '%s\n' ${JSON.stringify(entry)}; } > ledger.new`,
    sh`sync ledger.new 2>/dev/null || sync`,
    sh`mv ledger.new ledger.jsonl`,
    seen === undefined ? sh`:` : sh`{ printf '%s\n' ${seen} > switch.new && mv switch.new switch.json; } || :`,
    sh`sync . 2>/dev/null || sync`,
  )
}

/**
 * Images that only releases used which are older than the newest ones.
 * @param kept how many releases count as the newest, the one that is about to be made among them
 */
export function imagesOfOlder(ledger: readonly LedgerEntry[], kept: number): readonly string[] {
  const images = [...new Set(ledger.toReversed().map((entry) => entry.image))]
  return images.slice(kept - 1)
}

/** Images that a rollback took away, and that nobody released again since. */
export function refusedImages(ledger: readonly LedgerEntry[]): ReadonlySet<string> {
  const refused = new Set<string>()
  for (const entry of ledger) {
    if (entry.refused !== undefined) refused.add(entry.refused)
    refused.delete(entry.image)
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
    return isEntry(found) ? found : undefined
  } catch {
    return undefined
  }
}

function isEntry(found: unknown): found is LedgerEntry {
  if (typeof found !== 'object' || found === null) return false
  const has = (key: string): boolean => key in found && typeof Reflect.get(found, key) === 'string'
  return ['version', 'color', 'image', 'container', 'confirmed'].every(has)
}
