import assert from 'node:assert/strict'
import type { Notice } from '../../../src/base/notice.ts'
import { stateRefusals } from '../../../src/custody/refusals.ts'
import { planningNotices, planningRefusals, statusRefusals } from '../../../src/planning/refusals.ts'
import { uploadRefusals } from '../../../src/planning/upload.ts'
import { Failure } from '../../../src/release/reasons.ts'
import { nginxNotices, nginxRefusals, reloadRefusals } from '../../../src/routers/nginx/refusals.ts'
import { switchRefusals } from '../../../src/routers/nginx/switch/refusals.ts'
import { placeRefusals } from '../../../src/routers/refusals.ts'
import { composeNotices, composeRefusals, occupantRefusals } from '../../../src/runtimes/compose/refusals.ts'
import type { Wish } from './context.ts'

type Entry = (...about: never[]) => Failure | Notice

/** Every catalogue of which `check` reads something. */
const CATALOGUES = [
  ...[stateRefusals, uploadRefusals, planningRefusals, statusRefusals, planningNotices],
  ...[placeRefusals, nginxRefusals, reloadRefusals, switchRefusals, nginxNotices],
  ...[composeRefusals, occupantRefusals, composeNotices],
] as readonly Record<string, Entry>[]

/** What is found does not change when every message of the catalogues is replaced by its code. */
export function assertFoundByCodes<Found>(find: (wish: Wish) => Found, wish: Wish): void {
  const codes = new Map<string, string>()
  const noted = <Each extends Failure | Notice>(each: Each): Each => {
    const { message, code } = each instanceof Failure ? each.notice : each
    codes.set(message, code)
    return each
  }
  const { refusals = [], warnings = [], notes = [] } = wish
  for (const each of [...refusals, ...warnings, ...notes]) noted(each)
  const asWritten = JSON.stringify(saying(noted, () => find(wish)))
  const inCodes = saying(coded, () =>
    find({ ...wish, refusals: refusals.map(coded), warnings: warnings.map(coded), notes: notes.map(coded) }),
  )
  // The longest first: one may be the beginning of another.
  const messages = [...codes].toSorted(([one], [other]) => other.length - one.length)
  const expected = messages.reduce((text, [message, code]) => text.replaceAll(inJson(message), code), asWritten)
  assert.deepEqual(JSON.parse(JSON.stringify(inCodes)), JSON.parse(expected))
}

function coded<Each extends Failure | Notice>(each: Each): Each {
  if (!(each instanceof Failure)) return { ...each, message: each.code }
  const { reason, notice } = each
  return new Failure(reason, notice.code, { notice: { ...notice, message: notice.code } }) as Each
}

/** Runs with what each entry of the catalogues says put through `as`. */
function saying<Found>(as: (each: Failure | Notice) => Failure | Notice, find: () => Found): Found {
  const before = CATALOGUES.map((catalogue) => ({ ...catalogue }))
  for (const catalogue of CATALOGUES)
    for (const [code, say] of Object.entries(catalogue)) catalogue[code] = (...about) => as(say(...about))
  try {
    return find()
  } finally {
    for (const [i, catalogue] of CATALOGUES.entries()) Object.assign(catalogue, before[i])
  }
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}
