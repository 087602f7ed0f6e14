import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { LedgerEntry } from '../../../src/custody/ledger.ts'
import { decideRollback, type Standing } from '../../../src/planning/rollback.ts'
import type { Recorded } from '../../../src/runtimes/runtime.ts'

const A = 'sha256:a'
const B = 'sha256:b'
const C = 'sha256:c'

function deployed(version: string, image: string, more: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    ...{ version, image, color: 'green', container: `container of ${version}`, digests: [], compose: '' },
    ...{ started: '2026-01-01T00:00:00Z', confirmed: '2026-01-01T00:00:01Z', result: 'released', ...more },
  }
}

function back(version: string, image: string, refused: string): LedgerEntry {
  return deployed(version, image, { command: 'rollback', result: 'rolled-back', refused })
}

/** What there is to go back with, and what else differs. */
interface Wish extends Partial<Omit<Standing, 'recorded'>> {
  readonly images?: Images
  readonly idle?: NonNullable<Recorded['idle']>
}

/** The image that each version means, and what is there besides. */
interface Images {
  readonly named: Readonly<Record<string, string>>
  readonly nameless: readonly string[]
}

/** The colors alternate: what is live is blue, and green is idle. All three images are there by their names. */
function standing(ledger: readonly LedgerEntry[], live: string | undefined, wish: Wish = {}): Standing {
  const { images = imagesOf({ v1: A, v2: B, v3: C }), idle, ...more } = wish
  const there = [...Object.values(images.named), ...images.nameless]
  return {
    ledger,
    ...(live !== undefined && { live }),
    to: 'green',
    recorded: {
      ...(idle && { idle }),
      has: (image) => there.includes(image),
      named: (version) => images.named[version],
    },
    neverPull: false,
    ...more,
  }
}

function imagesOf(named: Images['named'], ...nameless: readonly string[]): Images {
  return { named, nameless }
}

function told(given: Standing): string {
  const decision = decideRollback(given)
  if (decision.kind === 'impossible') return decision.refusal.message
  const { entry, way } = decision
  const how = way.kind === 'container' ? `${way.kind} ${way.running ? 'runs' : 'stopped'}` : way.kind
  return `${entry.version} ${entry.image} ${how}`
}

const three = [deployed('v1', A), deployed('v2', B), deployed('v3', C)]
const idle = { id: 'container of v2', image: B, running: true }
const stopped = { ...idle, running: false }

const decisions: readonly (readonly [string, Standing, string])[] = [
  ['the release before', standing(three, C), `v2 ${B} name`],
  ['its stopped container', standing(three, C, { idle: stopped }), `v2 ${B} container stopped`],
  ['its running container', standing(three, C, { idle }), `v2 ${B} container runs`],
  [
    'not a container that was made by hand since',
    standing(three, C, { idle: { ...idle, id: 'other' } }),
    `v2 ${B} name`,
  ],
  ['not its container where that is the live color now', standing(three, C, { idle, to: 'blue' }), `v2 ${B} name`],
  ['the same version again is no other image', standing([...three, deployed('v3', C)], C), `v2 ${B} name`],
  ['the same image by another name is none either', standing([...three, deployed('v3.1', C)], C), `v2 ${B} name`],
  ['the newest of all where somebody put something else there', standing(three, 'sha256:x'), `v3 ${C} name`],
  ['the newest of all where it is not known what is live', standing(three, undefined), `v3 ${C} name`],
  ['twice further back', standing([...three, back('v2', B, C)], B), `v1 ${A} name`],
  [
    'what was taken away comes again once it was deployed again',
    standing([...three, back('v2', B, C), deployed('v3', C), deployed('v4', 'sha256:d')], 'sha256:d'),
    `v3 ${C} name`,
  ],
  [
    'what was taken away stays away after a deploy of another',
    standing([...three, back('v2', B, C), deployed('v4', 'sha256:d')], 'sha256:d'),
    `v2 ${B} name`,
  ],
  [
    'the wanted version, though it was taken away',
    standing([...three, back('v2', B, C)], B, { wanted: 'v3' }),
    `v3 ${C} name`,
  ],
  [
    'and it is not away any more',
    standing([...three, back('v2', B, C), back('v3', C, B), deployed('v4', 'sha256:d')], 'sha256:d'),
    `v3 ${C} name`,
  ],
  [
    'what was left for a newer one again, which is no way back',
    standing([...three, back('v2', B, C), back('v3', C, B)], C),
    `v2 ${B} name`,
  ],
  ['the wanted version', standing(three, C, { wanted: 'v1' }), `v1 ${A} name`],
  [
    'the newest of the wanted version',
    standing([deployed('v1', A), deployed('v1', B), deployed('v3', C)], C, {
      wanted: 'v1',
      images: imagesOf({ v1: B, old: A }),
    }),
    `v1 ${B} name`,
  ],
  ['by its id where the name was moved', standing(three, C, { images: imagesOf({ v2: C, v1: A }, B) }), `v2 ${B} id`],
  ['by its id where the name is gone', standing(three, C, { images: imagesOf({}, B) }), `v2 ${B} id`],
  [
    'by its digest where the image is gone',
    standing([deployed('v2', B, { digests: ['app@sha256:1'] }), deployed('v3', C)], C, { images: imagesOf({}) }),
    `v2 ${B} digest`,
  ],
  [
    'none in an empty ledger',
    standing([], C),
    'The ledger has no release yet, so that there is nothing to go back to. Deploy the version that is wanted.',
  ],
  [
    'none after the first release',
    standing([deployed('v3', C)], C),
    'The ledger has no release of another image than the one that is live. Deploy the version that is wanted.',
  ],
  [
    'none where all were taken away',
    standing([...three, back('v2', B, C), back('v1', A, B)], A),
    'Every other release that the ledger has was taken away by a rollback before. By `version` you can go back to v2 (released 2026-01-01T00:00:01Z), v3 (released 2026-01-01T00:00:01Z).',
  ],
  [
    'none of a version that was never released',
    standing(three, C, { wanted: 'v9' }),
    'The ledger has no release of v9. By `version` you can go back to v2 (released 2026-01-01T00:00:01Z), v1 (released 2026-01-01T00:00:01Z).',
  ],
  [
    'none where the image is gone, and the others are named',
    standing(three, C, { images: imagesOf({ v1: A, v2: C }) }),
    `The image of v2 (${B}…) is not on the host any more, and it came from no registry. By \`version\` you can go back to v1 (released 2026-01-01T00:00:01Z).`,
  ],
  [
    'none where it would have to be pulled, and must not',
    standing([deployed('v2', B, { digests: ['app@sha256:1'] }), deployed('v3', C)], C, {
      images: imagesOf({}),
      neverPull: true,
    }),
    `The image of v2 (${B}…) is not on the host any more, and \`pull: never\` forbids to bring it back. Deploy the version that is wanted.`,
  ],
]

describe('a rollback goes back to', () => {
  for (const [title, given, wanted] of decisions) {
    test(title, () => assert.equal(told(given), wanted))
  }
})
