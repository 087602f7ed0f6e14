import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { runAction } from './action.ts'
import { type Lab, openLab } from './lab.ts'

const PATIENCE = { timeout: 180_000 }

let lab: Lab
before(async () => {
  lab = await openLab()
})
after(() => lab.dispose())

/** Docker asks every fifth of a second whether a container's version is not the one that it dislikes. */
function checked(disliked: string): string {
  const command = `[ "$$APP_VERSION" != ${disliked} ] || { echo disliked; exit 1; }`
  return `healthcheck: { test: ["CMD", "sh", "-c", ${JSON.stringify(command)}], interval: 200ms, retries: 1 }`
}

describe('who says that a color is healthy', () => {
  test("Docker's health check counts as well as the answers", PATIENCE, async () => {
    const site = await lab.site(await lab.host(), { extra: [checked('v3')] })
    await site.up('blue', 'v1')
    const good = await runAction(site.inputs({ version: 'v2', watch: '0s', 'drain-timeout': '0s' }))
    assert.equal(good.outputs['result'], 'released', good.stdout)
    assert.match(good.stdout, /Wait until Docker calls web_green healthy/)
    const bad = await runAction(site.inputs({ version: 'v3', 'health-timeout': '4s' }))
    assert.deepEqual([bad.outputs['result'], bad.outputs['reason']], ['unchanged', 'not-healthy'], bad.stdout)
    assert.match(bad.stdout, /disliked[\s\S]*Docker calls it (unhealthy|starting) after 4 s/)
    assert.equal((await site.get()).version, 'v2')
  })

  test('`health-path: none` leaves it to Docker alone, and needs it', PATIENCE, async () => {
    const site = await lab.site(await lab.host(), { extra: [checked('v3')] })
    await site.up('blue', 'v1')
    const more = { 'health-path': 'none', watch: '0s', 'drain-timeout': '0s' }
    const good = await runAction(site.inputs({ ...more, version: 'v2' }))
    assert.equal(good.outputs['result'], 'released', good.stdout)
    const bad = await runAction(site.inputs({ ...more, version: 'v3', 'health-timeout': '4s' }))
    assert.deepEqual([bad.outputs['result'], bad.outputs['reason']], ['unchanged', 'not-healthy'], bad.stdout)
    const unchecked = await lab.site(await lab.host())
    await unchecked.up('blue', 'v1')
    const none = await runAction(unchecked.inputs({ ...more, version: 'v2' }))
    assert.equal(none.outputs['result'], 'unchanged', none.stdout)
    assert.match(none.stdout, /has no health check, and `health-path: none` leaves it to that alone/)
    assert.equal((await unchecked.get()).version, 'v1')
  })

  test('health is asked at another port, published or not', PATIENCE, async () => {
    const site = await lab.site(await lab.host(), {
      extra: ['command: ["sh", "-c", "PORT=9000 node /server.js & exec node /server.js"]'],
    })
    await site.up('blue', 'v1')
    const asked = { version: 'v2', watch: '300ms', 'drain-timeout': '0s' }
    const inside = await runAction(site.inputs({ ...asked, 'health-port': '9000' }))
    assert.equal(inside.outputs['result'], 'released', inside.stdout)
    const silent = await runAction(site.inputs({ ...asked, 'health-port': '9001', 'health-timeout': '2s' }))
    assert.equal(silent.outputs['result'], 'unchanged', silent.stdout)
    const published = await runAction(site.inputs({ ...asked, version: 'v3', 'health-port': 'blue 3000\ngreen 9000' }))
    assert.equal(published.outputs['result'], 'released', published.stdout)
  })
})
