import { type LedgerEntry, refusedImages } from '../custody/ledger.ts'
import type { Color } from '../release/model.ts'
import type { Failure } from '../release/reasons.ts'
import type { GoingBack, Recorded, Way } from '../runtimes/runtime.ts'
import { planningRefusals } from './refusals.ts'

/** What a decision to go back is made from. */
export interface Standing {
  readonly ledger: readonly LedgerEntry[]
  /** Id of the image that is live, where it is known. */
  readonly live?: string
  /** The color that is idle. */
  readonly to: Color
  readonly recorded: Pick<Recorded, 'idle' | 'has' | 'named'>
  /** Absent: whatever was before. */
  readonly wanted?: string
  /** Nothing may be brought to the host. */
  readonly neverPull: boolean
}

export type Decision =
  | ({ readonly kind: 'back' } & GoingBack)
  | { readonly kind: 'impossible'; readonly refusal: Failure }

/** Versions that a refusal lists. */
const LISTED = 10

/**
 * What to go back to: the newest release with another image than what is live, those passed over that a rollback took
 * away before, so that twice leads further back; or the newest release of the version that is wanted.
 */
export function decideRollback(standing: Standing): Decision {
  const { ledger, live, wanted } = standing
  const refused = refusedImages(ledger)
  const entry = ledger.findLast((each) =>
    wanted === undefined ? each.image !== live && !refused.has(each.image) : each.version === wanted,
  )
  if (entry === undefined) return impossible(whyNone(standing), standing)
  const way = wayTo(entry, standing)
  return typeof way === 'string' ? impossible(way, standing) : { kind: 'back', entry, way }
}

/** The way, or why there is none. */
function wayTo(entry: LedgerEntry, { to, recorded: { idle, has, named }, neverPull }: Standing): Way | string {
  const { image, version, container, digests } = entry
  if (idle !== undefined && idle.id === container && idle.image === image && entry.color === to) {
    return { kind: 'container', id: container, running: idle.running }
  }
  if (named(version) === image) return { kind: 'name' }
  if (has(image)) return { kind: 'id' }
  const gone = `The image of ${version} (${image.slice(0, 19)}…) is not on the host any more`
  const [digest] = digests
  if (digest === undefined) return `${gone}, and it came from no registry.`
  if (neverPull) return `${gone}, and \`pull: never\` forbids to bring it back.`
  return { kind: 'digest', reference: digest }
}

function whyNone({ ledger, live, wanted }: Standing): string {
  if (ledger.length === 0) return 'The ledger has no release yet, so that there is nothing to go back to.'
  if (wanted !== undefined) return `The ledger has no release of ${wanted}.`
  return ledger.some(({ image }) => image !== live)
    ? 'Every other release that the ledger has was taken away by a rollback before.'
    : 'The ledger has no release of another image than the one that is live.'
}

function impossible(why: string, standing: Standing): Decision {
  const known = new Set(standing.ledger.toReversed().map(({ version }) => version))
  const possible = [...known].flatMap((version) => {
    const entry = standing.ledger.findLast((each) => each.version === version)
    if (entry === undefined || entry.image === standing.live) return []
    return typeof wayTo(entry, standing) === 'string' ? [] : [`${version} (released ${entry.confirmed})`]
  })
  const listed = possible.slice(0, LISTED).join(', ')
  const fix =
    possible.length === 0 ? 'Deploy the version that is wanted.' : `By \`version\` you can go back to ${listed}.`
  return { kind: 'impossible', refusal: planningRefusals['rollback-impossible'](why, fix) }
}
