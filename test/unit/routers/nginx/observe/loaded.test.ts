import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  judgeLoaded,
  type LoadEvidence,
  type Process,
  readRecord,
  readTimes,
} from '../../../../../src/routers/nginx/observe/loaded.ts'

const process = (pid: number, age: number, title: string): Process => ({
  ...{ pid, age, title },
  parent: pid === 40 ? 1 : 40,
  start: `${100_000 - age * 100}`,
})
const master = process(40, 500, 'nginx: master process /usr/sbin/nginx')
const worker = (pid: number, age: number) => process(pid, age, 'nginx: worker process ')
const ending = process(49, 499, 'nginx: worker process is shutting down ')
const times = (...ages: readonly (readonly [string, number])[]) => ({
  ages: new Map(ages),
  above: new Map([['/etc/nginx', 850]]),
  unseen: [],
})
const old = ['/etc/nginx/nginx.conf', 900] as const
const recorded = (sum: string, ...workers: readonly Process[]) => ({
  ...{ sum, booted: 1000 },
  workers: new Set(workers.map(({ pid, start }) => `${pid}:${start}`)),
})

/** The master and its two workers were started 500 s ago; nothing was changed since, and nothing recorded. */
const untouched: LoadEvidence = {
  master,
  processes: [master, worker(41, 499.9), worker(42, 499.9)],
  times: times(old, ['/etc/nginx/conf.d', 800]),
  sum: 'now',
  booted: 1000,
}
const reloaded = [worker(51, 100), worker(52, 100)]
const record = recorded('now', ...reloaded)

type Case = readonly [title: string, changes: Partial<LoadEvidence>, wanted: string]
const cases: readonly Case[] = [
  ['nothing changed since Nginx was started', {}, 'loaded'],
  ['an edit', { times: times(['/a.conf', 400], old) }, 'changed-since /a.conf'],
  [
    'a link that was turned, or an older file that was moved over',
    { times: times(old, ['/link', 3]) },
    'changed-since /link',
  ],
  [
    'a file that was deleted from a folder',
    { times: times(old, ['/etc/nginx/conf.d', 3]) },
    'changed-since /etc/nginx/conf.d',
  ],
  ['a change in the very moment of the start', { times: times(['/a.conf', 499.88]) }, 'changed-since /a.conf'],
  ['a file of the future', { times: times(['/a.conf', -3600]) }, 'changed-since /a.conf'],
  [
    'an edit, and a worker that the master started again',
    { processes: [master, worker(41, 499.9), worker(53, 5)], times: times(['/a.conf', 10]) },
    'changed-since /a.conf',
  ],
  [
    'an edit, and all workers that the master started again',
    { processes: [master, worker(53, 5)], times: times(['/a.conf', 10]) },
    'supposed younger than the master',
  ],
  ['a reload by somebody', { processes: [master, ...reloaded, ending] }, 'supposed younger than the master'],
  [
    'a folder that cannot be seen',
    { times: { ...times(old), unseen: ['/private/a.conf'] } },
    'unknown /private/a.conf',
  ],
  [
    'a folder that was moved into the place of another',
    { times: { ...times(old), above: new Map([['/etc/nginx', 5]]) } },
    'supposed /etc/nginx, a folder above',
  ],
  ['files that cannot be seen', { times: times() }, 'unknown its files'],
  ['no worker that is seen', { processes: [master] }, 'unknown worker processes'],
  ['a master that cannot be told', { master: 'unknown' }, 'unknown told from others'],
  ['no master', { master: 'not-running' }, 'not-running'],
  ['our last reload', { processes: [master, ...reloaded], record }, 'loaded'],
  [
    'our last reload, and chown -R',
    { processes: [master, ...reloaded], record, times: times(['/a.conf', 5]) },
    'loaded /a.conf',
  ],
  [
    'our last reload, and an edit',
    { processes: [master, ...reloaded], record, times: times(['/a.conf', 5]), sum: 'later' },
    'changed-since /a.conf',
  ],
  [
    'our last reload, and an edit while the clock was behind',
    { processes: [master, ...reloaded], record, sum: 'later' },
    'changed-since ',
  ],
  [
    'our last reload, an edit, and a worker that the master started again',
    { processes: [master, ...reloaded.slice(1), worker(53, 1)], record, times: times(['/a.conf', 5]), sum: 'later' },
    'changed-since /a.conf',
  ],
  ['the same number of another process', { processes: [master, worker(51, 499.9)], record, sum: 'later' }, 'loaded'],
  ['a clock that was set since our last reload', { record: { ...record, booted: 4600 } }, 'unknown clock of the host'],
]

describe('what Nginx has loaded, after', () => {
  for (const [title, changes, wanted] of cases) {
    test(title, () => {
      const loaded = judgeLoaded({ ...untouched, ...changes })
      const [kind = '', ...words] = wanted.split(' ')
      assert.equal(loaded.kind, kind)
      const rest = words.join(' ')
      if (loaded.kind === 'unknown' || loaded.kind === 'supposed') assert.ok(loaded.why.includes(rest), loaded.why)
      if (loaded.kind === 'changed-since') assert.equal(loaded.files.join(), rest)
      if (loaded.kind === 'loaded') assert.equal(loaded.touched.join(), rest)
    })
  }
})

test('times are read with their fractions; without one, the change may have come up to a second later', () => {
  const printed = [
    'wanted /a b',
    'wanted /gone',
    'wanted /conf.d',
    'parent /conf.d',
    'parent /up/there',
    'time 70 2026-01-01 00:00:00.5 +0000 : /conf.d',
    'time 60 2026-01-01 00:00:00.5 +0000 : /up/there',
    'time 90 2026-01-01 00:00:00.250000000 +0000 : /a b',
    'time 80 2026-01-01 00:00:00 +0000 : /busybox : old',
  ].join('\n')
  const { ages, above, unseen } = readTimes(printed, 100)
  assert.deepEqual(Object.fromEntries(ages), { '/a b': 9.75, '/busybox : old': 19, '/conf.d': 29.5 })
  assert.deepEqual(Object.fromEntries(above), { '/up/there': 39.5 })
  assert.deepEqual(unseen, ['/gone'])
})

test('a record is read whole or not at all', () => {
  const sum = 'f'.repeat(64)
  assert.deepEqual(readRecord(`${sum} 1700000000  41:900 42:901 `), {
    ...{ sum, booted: 1700000000 },
    workers: new Set(['41:900', '42:901']),
  })
  for (const torn of [undefined, '', sum, sum.slice(1), 'no record']) assert.equal(readRecord(torn), undefined)
})
