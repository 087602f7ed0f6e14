import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { until } from './command.ts'
import { type Lab, openLab } from './lab.ts'

let lab: Lab
before(async () => {
  lab = await openLab()
})
after(() => lab.dispose())

describe('a site', () => {
  for (const flip of ['switch', 'switch-backed', 'reload', 'reload-both-lines'] as const) {
    for (const tls of flip.includes('-') ? [false] : [false, true]) {
      test(`serves by ${flip}${tls ? ' and TLS' : ''} what is live, and can be flipped by hand`, async () => {
        await using host = await lab.host()
        await using site = await lab.site(host, { flip, tls, service: 'my-shop', separator: '-' })
        await site.up('blue', 'v1')
        await site.up('green', 'v2')
        assert.equal((await site.get('/health')).version, 'v1')
        await site.flipByHand('green')
        const flipped = async () => ((await site.get('/health')).version === 'v2' ? true : undefined)
        await until('the other color', 2000, flipped)
        if (flip.startsWith('switch')) assert.equal((await site.get('/.blue-green')).body, 'my-shop_green\n')
      })
    }
  }

  for (const compose of ['each', 'one', 'env-file', 'worker', 'worker-each', 'depends'] as const) {
    test(`starts in the shape '${compose}'`, async () => {
      await using host = await lab.host()
      await using site = await lab.site(host, { compose })
      await site.up('blue', 'v3')
      const web = (await site.containers()).filter((container) => container.service === 'web_blue')
      assert.deepEqual(
        web.map(({ version, status, image }) => ({ version, status, image })),
        [{ version: 'v3', status: 'running', image: `${site.repository}:v3` }],
      )
    })
  }

  test('has images with ids of their own, and takes further versions', async () => {
    await using host = await lab.host()
    await using one = await lab.site(host)
    await using two = await lab.site(host, { service: 'api' })
    await one.version('v10')
    await one.up('blue', 'v10')
    await two.up('blue', 'v1')
    assert.equal((await one.get()).version, 'v10')
    await one.up('blue', 'v1')
    const [first, second] = [(await one.containers())[0], (await two.containers())[0]]
    assert.notEqual(first?.imageId, second?.imageId)
  })
})
