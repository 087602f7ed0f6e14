import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ActionRun, runAction } from './action.ts'
import { ask, until } from './command.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import { openProxied, type ProxiedSite, reloadText, shareWithEngine, up } from './proxied-site.ts'
import { refused } from './refusal.ts'
import type { LabSite } from './site.ts'
import { type Color, nginxParts, serverBlock } from './site-nginx.ts'
import { wholeRun } from './whole-run.ts'

const timeout = 360_000
let lab: Lab
let host: LabHost

before(async () => {
  lab = await openLab()
  host = await lab.host({ nginx: 'stopped' })
})
after(() => lab.dispose())

/** The application answers this version through the proxy. */
async function serves(site: LabSite, version: string): Promise<void> {
  let seen = ''
  const probe = async () => {
    const answer = await site.get('/health').catch((error: Error) => error.message)
    seen = typeof answer === 'string' ? answer : `${answer.status} ${answer.version}`
    return seen === `200 ${version}` || undefined
  }
  await until(`${version} through the proxy`, 15_000, probe, () => seen)
}

async function released(run: ActionRun, color: Color): Promise<readonly string[]> {
  assert.equal(run.outputs['result'], 'released', run.stdout)
  assert.equal(run.outputs['color'], color)
  return (await wholeRun(run, 'counts connections')).notes
}

async function inode(path: string): Promise<string> {
  return (await host.exec(`stat -c '%i %a %U' ${path}`)).stdout
}

describe('Nginx as a service of the compose file', () => {
  let site: ProxiedSite
  const inputs = (more: Readonly<Record<string, string>> = {}) =>
    site.inputs({
      nginx: 'docker compose exec -T proxy nginx',
      previous: 'keep',
      watch: '1s',
      'drain-timeout': '2s',
      ...more,
    })
  const file = () => `${site.directory}/nginx/app.conf`
  before(async () => {
    site = await openProxied(lab, host, { service: 'web', volumes: ['./nginx:/etc/nginx/conf.d'] })
    await host.writeFile(file(), reloadText(site), 'deploy')
    await up(site, 'web_blue', 'proxy')
    await serves(site, 'v1')
  })

  test('flips between colors that it knows by name', { timeout }, async () => {
    const before = await inode(file())
    const run = await runAction(
      inputs({ version: 'v2', 'smoke-test': 'echo "$BASE_URL"; curl -sf "$BASE_URL/health"' }),
    )
    const notes = await released(run, 'green')
    await serves(site, 'v2')
    assert.equal(await host.readFile(file()), reloadText(site, 'green'))
    assert.equal(await inode(file()), before)
    assert.doesNotMatch(notes.join('\n'), /Not proven/)
    assert.match(run.stdout, /^ *\| version v2$/m)
    await released(await runAction(inputs({ version: 'v3' })), 'blue')
    await serves(site, 'v3')
    assert.equal(await host.readFile(file()), reloadText(site, 'blue'))
  })

  test('goes back when the new color fails after the flip, and stays where it fails before', { timeout }, async () => {
    const text = await host.readFile(file())
    const failing = await runAction(inputs({ version: 'fails-later', watch: '20s' }))
    assert.equal(failing.outputs['result'], 'restored', failing.stdout)
    const sick = await runAction(inputs({ version: 'never-healthy', 'health-timeout': '3s' }))
    assert.equal(sick.outputs['result'], 'unchanged', sick.stdout)
    assert.equal(await host.readFile(file()), text)
    await serves(site, 'v3')
    await released(await runAction(inputs({ version: 'v4' })), 'green')
    await serves(site, 'v4')
  })

  test('is refused by name while it does not run, and where the command is wrong', { timeout }, async () => {
    await site.compose('stop', 'proxy')
    const stopped = await refused(site, inputs())
    assert.match(
      stopped.sentences.join('\n'),
      /does not show its configuration.*proxy.*`docker compose exec -T proxy nginx -T` works/s,
    )
    await up(site, 'proxy')
    await serves(site, 'v4')
    const wrong = await refused(site, inputs({ nginx: 'docker exec nobody nginx' }))
    assert.match(wrong.sentences.join('\n'), /nobody.*`docker exec nobody nginx -T` works/s)
  })

  test('is refused where the file names the other color and was not loaded', { timeout }, async () => {
    const text = await host.readFile(file())
    await host.writeFile(file(), reloadText(site, 'blue'))
    const { sentences } = await refused(site, inputs())
    assert.match(
      sentences.join('\n'),
      /not the one that Nginx .* has loaded: .*app\.conf changed since; the disk says blue, and requests through Nginx reach green/,
    )
    await host.writeFile(file(), `${text}# new\n`)
    const notes = await released(await runAction(inputs({ version: 'v5' })), 'blue')
    assert.match(notes.join('\n'), /app\.conf changed since Nginx was loaded.*Requests through Nginx reach green/)
    await serves(site, 'v5')
  })

  test('may stop the previous color, whose name stands nowhere then, and tells that names are resolved once', {
    timeout,
  }, async () => {
    const notes = await released(await runAction(inputs({ version: 'v6', previous: 'stop' })), 'green')
    assert.match(notes.join('\n'), /Nginx resolves web_blue:3000 and web_green:3000 when it loads/)
    await serves(site, 'v6')
    const blue = (await site.containers()).find(({ service }) => service === site.services.blue)
    assert.equal(blue?.status, 'exited')
    // What is loaded next needs no name that is gone.
    const again = await host.exec(`docker exec ${site.proxy} nginx -t`)
    assert.equal(again.code, 0, again.stderr)
  })
})

describe('Nginx in a container with a file of the host', () => {
  let site: ProxiedSite
  const file = () => `${site.directory}/app.conf`
  const inputs = (more: Readonly<Record<string, string>> = {}) =>
    site.inputs({ nginx: `docker exec ${site.proxy} nginx`, watch: '1s', 'drain-timeout': '2s', ...more })
  before(async () => {
    const network = `10.${200 + Math.floor(Math.random() * 50)}.${Math.floor(Math.random() * 250)}`
    await shareWithEngine(host, '/var/lib/blue-green/shop')
    const volumes = ['./app.conf:/etc/nginx/conf.d/app.conf', '/var/lib/blue-green/shop:/srv/state/shop:ro']
    site = await openProxied(lab, host, { service: 'shop', network, volumes })
    await host.writeFile(file(), reloadText(site), 'deploy')
    await up(site, 'shop_blue', 'proxy')
    await serves(site, 'v1')
  })

  test('flips between colors with fixed addresses, and keeps the inode', { timeout }, async () => {
    const before = await inode(file())
    await released(await runAction(inputs({ version: 'v2' })), 'green')
    await serves(site, 'v2')
    assert.equal(await host.readFile(file()), reloadText(site, 'green'))
    assert.equal(await inode(file()), before)
  })

  test('notices that the file was replaced behind its mount, and says which container to restart', {
    timeout,
  }, async () => {
    await host.exec(`cp -p ${file()} ${file()}.new && echo '# new' >> ${file()}.new && mv ${file()}.new ${file()}`)
    const { sentences } = await refused(site, inputs())
    const [, mend = ''] =
      /stays the old one when it is replaced\. Restart that container once \((.*?)\)/.exec(sentences.join()) ?? []
    assert.equal(mend, `docker restart ${site.proxy}`, sentences.join())
    assert.equal((await ask(mend.split(' '))).code, 0)
    await serves(site, 'v2')
    await released(await runAction(inputs({ version: 'v3' })), 'blue')
    await serves(site, 'v3')
  })

  test('can switch, with the state directory mounted elsewhere', { timeout }, async () => {
    const wishes = { flip: 'switch-backed', live: 'blue', upstream: 'shop', tls: false } as const
    const parts = nginxParts({ ...wishes, addresses: site.reached, stateDirectory: '/srv/state/shop', publicPort: 80 })
    const text = parts.upstreams + serverBlock(parts).replace('127.0.0.1:80', '80')
    await host.writeFile(file(), text, 'deploy')
    assert.equal((await ask(['docker', 'exec', site.proxy, 'nginx', '-s', 'reload'])).code, 0)
    await serves(site, 'v3')
    const workers = async () => (await ask(['docker', 'top', site.proxy, '-o', 'pid,args'])).stdout
    const settled = async () => (await workers()).match(/worker process/g)?.length === 2 || undefined
    await until('the new workers alone', 5000, settled)
    const before = await workers()
    const run = await runAction(inputs({ version: 'v4' }))
    await released(run, 'green')
    await serves(site, 'v4')
    assert.equal(await workers(), before)
    assert.equal(await host.readFile(file()), text)
    assert.match(run.stdout, /what clients of a container have in flight cannot be told/)

    const elsewhere = text.replaceAll('/srv/state', '/srv/nowhere')
    await host.writeFile(file(), elsewhere, 'deploy')
    assert.equal((await ask(['docker', 'exec', site.proxy, 'nginx', '-s', 'reload'])).code, 0)
    const { sentences } = await refused(site, inputs())
    assert.match(
      sentences.join(),
      /not mounted from the host.*volumes: \["\/var\/lib\/blue-green\/shop:\/srv\/nowhere\/shop:ro"\]/,
    )
  })
})
