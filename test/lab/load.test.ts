import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { pause } from './command.ts'
import { type Lab, openLab } from './lab.ts'
import { startLoad } from './load.ts'
import type { Flip } from './site-nginx.ts'

let lab: Lab
before(async () => {
  lab = await openLab()
})
after(() => lab.dispose())

describe('the load', () => {
  async function lostInTenFlips(
    flip: Flip,
    keepAlive: boolean,
  ): Promise<{ lost: number; both: boolean; reused: boolean }> {
    await using host = await lab.host()
    await using site = await lab.site(host, { flip })
    await site.up('blue', 'v1')
    await site.up('green', 'v2')
    const options = { url: site.publicUrl, host: site.serverName, keepAlive, post: true, think: [1, 10] as const }
    await using load = await startLoad({ ...options, connections: keepAlive ? 32 : 8 })
    for (let flips = 0; flips < 10; flips += 1) {
      await pause(300)
      await site.flipByHand(flips % 2 === 0 ? 'green' : 'blue')
    }
    await pause(300)
    const result = await load.stop()
    assert.ok(result.requests > 1000, `only ${result.requests} requests`)
    assert.equal(result.requests, result.lost + (result.byVersion['v1'] ?? 0) + (result.byVersion['v2'] ?? 0))
    const both = (result.byVersion['v1'] ?? 0) > 0 && (result.byVersion['v2'] ?? 0) > 0
    return { lost: result.lost, both, reused: result.failures.every((failure) => failure.reusedSocket) }
  }

  test('sees that ten reloads lose requests on connections that are kept alive', async () => {
    const seen = await lostInTenFlips('reload', true)
    assert.ok(seen.both)
    assert.ok(seen.reused)
    assert.ok(seen.lost > 0)
  })

  test('sees none lost by ten reloads without keep-alive, and by ten switches with it', async () => {
    assert.equal((await lostInTenFlips('reload', false)).lost, 0)
    assert.equal((await lostInTenFlips('switch', true)).lost, 0)
  })

  test('counts what nobody answers', async () => {
    await using host = await lab.host()
    await using site = await lab.site(host)
    const load = await startLoad({ url: site.publicUrl, connections: 2, think: [5, 5] })
    await pause(200)
    const early = await load.look()
    const { requests, lost, lostBy, failures } = await load.stop()
    assert.ok(early.lost > 0 && early.lost <= lost, `${early.lost}, then ${lost}`)
    assert.equal(lost, requests)
    assert.deepEqual(lostBy, { 'GET 502': lost })
    assert.equal(failures[0]?.status, 502)
  })
})
