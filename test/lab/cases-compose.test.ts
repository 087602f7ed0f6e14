import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { runAction } from './action.ts'
import { type Case, openCase } from './cases.ts'
import { type Lab, openLab } from './lab.ts'
import { firstRelease, followCheck, type Newcomer } from './newcomer.ts'

const slow = { timeout: 5 * 60_000 }

let lab: Lab
before(async () => {
  lab = await openLab()
})
after(() => lab.dispose())

/** From what a case has to the second release, by nothing but what the check prints; no request fails on the way. */
async function adopted(opened: Case): Promise<Newcomer> {
  const { host, newcomer, visit, serves } = opened
  await opened.compose('up', '--detach')
  await serves()
  const ready = await followCheck(newcomer)
  assert.equal((await visit()).version, 'v1')
  const first = await firstRelease(ready, 'v2')
  assert.equal((await visit()).version, 'v2')
  const remove = /docker stop \S+ && docker rm \S+/.exec(first.stdout)?.[0]
  assert.ok(remove, first.stdout)
  assert.equal((await host.exec(remove)).code, 0)
  await firstRelease(await followCheck(ready), 'v3')
  assert.equal((await visit()).version, 'v3')
  return ready
}

describe('from what a host has to releases', () => {
  test('a service that is split over a base file and an override file', slow, async () => {
    await using opened = await openCase(await lab.host(), 'override')
    await adopted(opened)
    const { stdout } = await opened.host.exec(
      `cd ${opened.directory} && docker compose config --format json web_blue web_green`,
      { user: 'deploy' },
    )
    const { services } = JSON.parse(stdout)
    for (const color of ['blue', 'green']) {
      assert.equal(services[`web_${color}`].environment.NODE_ENV, 'production')
      assert.equal(services[`web_${color}`].ports[0].host_ip, '127.0.0.1')
      assert.equal(services[`web_${color}`].restart, 'unless-stopped')
    }
  })

  test('ports in several lines, anchors, `extends`, secrets and configs', slow, async () => {
    await using opened = await openCase(await lab.host(), 'composey')
    const ready = await adopted(opened)
    const text = await opened.host.readFile(`${opened.directory}/docker-compose.yml`)
    assert.equal(text.match(/host_ip: "127\.0\.0\.1"/g)?.length, 2, text)
    assert.ok(!ready.said.at(-1)?.includes('A color is open to everybody'), ready.said.at(-1))
  })

  test('a container name, an alias, and one that depends on it', slow, async () => {
    await using opened = await openCase(await lab.host(), 'restart-always')
    const { compose, newcomer } = opened
    await compose('up', '--detach')
    const first = await runAction({ ...newcomer.inputs, command: 'check' })
    for (const line of [
      /`container_name: \S+_web`/,
      /`web` becomes `web_blue`/,
      /`depends_on` of `cron` names/,
      /`cron` \(command: `web`\)/,
    ])
      assert.match(first.stdout, line)
  })
})
