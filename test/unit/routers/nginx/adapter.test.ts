import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { StateDirectory } from '../../../../src/custody/state-directory.ts'
import { sh } from '../../../../src/host/quote.ts'
import { agreeing } from '../../../../src/routers/nginx/adapter.ts'
import type { Live, Router } from '../../../../src/routers/router.ts'

const router = (how: Router['how'], live: Live): Router => ({
  name: 'Nginx',
  how,
  current: async () => live,
  change: () => [],
  prepare: () => [],
  holds: () => sh`:`,
  finalize: () => [],
  retired: () => [],
  drain: () => [],
})

const state = (...files: readonly string[]): StateDirectory => ({
  kind: 'usable',
  user: 'deploy',
  files: new Set(files),
  path: [],
})

describe('a switch that says one color', () => {
  const blue: Live = { kind: 'color', color: 'blue' }
  const said = (how: Router['how'], ...files: readonly string[]) =>
    agreeing(router(how, blue), state(...files)).current(new AbortController().signal)

  test('is believed if its file says the same', async () => {
    assert.deepEqual(await said('switch', 'green.off'), blue)
  })

  test('is not believed if its file says the other', async () => {
    const live = await said('switch', 'green')
    assert.match(
      live.kind === 'foreign' ? live.refusal.message : live.kind,
      /The switch file `green` is there, and Nginx says that blue is live/,
    )
  })

  test('is believed if there is no switch', async () => {
    assert.deepEqual(await said('reload', 'green'), blue)
  })
})
