import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { limited, unlessAborted } from '../../../src/host/limited.ts'

test('so many at once, in order, after failures too', async () => {
  const enter = limited(2)
  const begun: number[] = []
  const gates = [0, 1, 2, 3].map(() => Promise.withResolvers<number>())
  const all = gates.map((gate, index) =>
    enter(() => {
      begun.push(index)
      return gate.promise
    }),
  )
  await turn()
  assert.deepEqual(begun, [0, 1])
  gates[1]?.reject(new Error('no'))
  await assert.rejects(all[1] ?? Promise.resolve(), /no/)
  assert.deepEqual(begun, [0, 1, 2])
  for (const [index, gate] of gates.entries()) gate.resolve(index)
  assert.deepEqual(await Promise.all([all[0], all[2], all[3]]), [0, 2, 3])
})

test('one that gives up waiting frees nothing, and blocks nobody', async () => {
  const enter = limited(1)
  const gate = Promise.withResolvers<string>()
  const abort = new AbortController()
  const first = enter(() => gate.promise)
  const second = enter(() => Promise.resolve('second'), abort.signal)
  const third = enter(() => Promise.resolve('third'))
  abort.abort(new Error('enough'))
  await assert.rejects(second, /enough/)
  await assert.rejects(
    enter(() => Promise.resolve('late'), abort.signal),
    /enough/,
  )
  gate.resolve('first')
  assert.deepEqual(await Promise.all([first, third]), ['first', 'third'])
})

test('unlessAborted gives what comes first', async () => {
  const abort = new AbortController()
  assert.equal(await unlessAborted(Promise.resolve(1), abort.signal), 1)
  const never = unlessAborted(new Promise(() => undefined), abort.signal)
  abort.abort(new Error('over'))
  await assert.rejects(never, /over/)
  await assert.rejects(unlessAborted(new Promise(() => undefined), abort.signal), /over/)
})
