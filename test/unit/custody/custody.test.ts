import assert from 'node:assert/strict'
import { test } from 'node:test'
import { custodyOf } from '../../../src/custody/custody.ts'
import type { Host, Talk } from '../../../src/host/host.ts'
import { sh } from '../../../src/host/quote.ts'
import type { Executor } from '../../../src/release/interpret.ts'
import type { Change } from '../../../src/release/model.ts'

const talk: Talk = { send: () => {}, ended: new Promise(() => {}), close: () => {} }
const host: Host = {
  name: 'deploy@shop.test:22',
  run: () => Promise.resolve({ code: 0, stdout: '', stderr: '', duration: 1 }),
  talk: () => Promise.resolve(talk),
  request: () => Promise.reject(new Error('Nothing is asked.')),
  roundTrips: () => 0,
  requests: () => 0,
  [Symbol.asyncDispose]: () => Promise.resolve(),
}
const traffic = (): Change => ({
  kind: 'change',
  phase: 'traffic',
  title: 'Send requests to green',
  on: 'all proxies',
  reason: 'command-failed',
  do: { shell: sh`do`, deadline: 1000 },
  undo: { shell: sh`undo`, deadline: 1000 },
})

test('traffic is restored once its last change is undone, whatever the changes are called', async () => {
  const undone: string[] = []
  const hands: Executor = {
    change: () => Promise.resolve(),
    check: () => Promise.resolve(),
    confirm: () => Promise.resolve(),
    undo: ({ undo }) => {
      undone.push(undo?.shell.text ?? '')
      return Promise.resolve([])
    },
    warn: () => {},
  }
  const holder = { run: '', actor: '', version: 'v2', command: 'deploy', since: '' }
  const wanted = { directory: '/var/lib/blue-green/shop', token: 'token', lease: 60_000, holder }
  const taken = { kind: 'held', number: 1, left: [], before: undefined, talk, hear: () => {} } as const
  const custody = custodyOf(host, wanted, taken, undefined)
  const fenced = custody.fence(hands)
  const changes = [traffic(), traffic()]
  for (const change of changes) await fenced.change(change)
  for (const change of changes.toReversed()) await fenced.undo(change)
  await custody.end('alone')
  assert.deepEqual(
    undone.map((shell) => shell.includes('restored run')),
    [false, true],
  )
})
