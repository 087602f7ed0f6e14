import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Color, otherThan } from '../../src/release/model.ts'
import { type ActionRun, runAction, startAction } from './action.ts'
import { until } from './command.ts'
import { type Lab, openLab } from './lab.ts'
import { freePort } from './ports.ts'
import type { LabSite } from './site.ts'
import { get } from './web.ts'

/** A process for each color: `server.mjs COLOR PORT VERSION`. A version with `bad` in it answers with 500. */
const SERVER = `
import { createServer } from 'node:http'
const [, , color, port, version] = process.argv
createServer((_, answer) => {
  answer.statusCode = version.includes('bad') ? 500 : 200
  answer.setHeader('connection', 'close')
  answer.end(color + ' ' + version + '\\n')
}).listen(Number(port), '127.0.0.1')
`

/** One application that loads a model for each color by an endpoint, and serves the one that an alias names. */
const MODELS = `
import { createServer } from 'node:http'
const [, , admin, front, blue, green] = process.argv
const models = {}
let alias = ''
const of = (color) => (_, answer) => {
  const model = models[color()]
  answer.statusCode = model === undefined || model.includes('bad') ? 503 : 200
  answer.setHeader('connection', 'close')
  answer.end(color() + ' ' + model + '\\n')
}
createServer((asked, answer) => {
  const [, what, color, version] = asked.url.split('/')
  if (asked.method === 'POST' && what === 'load') models[color] = version
  if (asked.method === 'POST' && what === 'unload') delete models[color]
  if (asked.method === 'POST' && what === 'alias') alias = color
  answer.end(what === 'alias' ? alias : 'done')
}).listen(Number(admin), '127.0.0.1')
createServer(of(() => alias)).listen(Number(front), '127.0.0.1')
createServer(of(() => 'blue')).listen(Number(blue), '127.0.0.1')
createServer(of(() => 'green')).listen(Number(green), '127.0.0.1')
`

let lab: Lab
before(async () => {
  lab = await openLab()
})
after(() => lab.dispose())

async function ended(result: string, inputs: Record<string, string>): Promise<ActionRun> {
  const run = await runAction(inputs)
  assert.equal(run.outputs['result'], result, run.stdout)
  return run
}

async function answer(url: string, host = ''): Promise<string> {
  const said = await get(url, host === '' ? {} : { Host: host }).catch(() => undefined)
  return said === undefined ? 'nothing' : said.status === 200 ? said.body.trim() : String(said.status)
}

describe('a process that commands start and stop, behind Nginx', { timeout: 480_000 }, () => {
  let site: LabSite
  const at = (color: Color) => answer(`http://127.0.0.1:${site.ports[color]}/health`)
  const served = () => answer(`${site.publicUrl}/health`, site.serverName)
  const inputs = (more: Readonly<Record<string, string>> = {}) =>
    site.inputs({
      runtime: 'command',
      'start-command': './color start',
      'stop-command': './color stop',
      'blue-address': `127.0.0.1:${site.ports.blue}`,
      'green-address': `127.0.0.1:${site.ports.green}`,
      watch: '300ms',
      'drain-timeout': '2s',
      lease: '3s',
      ...more,
    })
  before(async () => {
    site = await lab.site(await lab.host())
    const { directory, ports, host } = site
    await host.writeFile(`${directory}/server.mjs`, SERVER, 'deploy')
    const script = `#!/bin/sh
case $COLOR in blue) port=${ports.blue} ;; green) port=${ports.green} ;; esac
if [ -e $COLOR.pid ]; then kill "$(cat $COLOR.pid)" 2>/dev/null; rm $COLOR.pid; fi
echo "$1 $COLOR $VERSION" >>acts
[ "$1" = start ] || exit 0
setsid ${process.execPath} server.mjs $COLOR $port $VERSION >$COLOR.log 2>&1 & echo $! >$COLOR.pid
`
    await host.writeFile(`${directory}/color`, script, 'deploy')
    await host.exec(`chmod 0755 ${directory}/color`)
  })
  after(async () => {
    await site.host.exec(`cd ${site.directory} && kill $(cat blue.pid green.pid)`)
  })

  test('is released first, and then again', async () => {
    await ended('released', inputs({ version: 'v1' }))
    const first = await served()
    assert.match(first, /^(blue|green) v1$/)
    const { outputs } = await ended('released', inputs({ version: 'v2' }))
    assert.equal(await served(), `${outputs['color']} v2`)
    assert.notEqual(first, `${outputs['color']} v1`)
    assert.equal(await at(first.startsWith('blue') ? 'blue' : 'green'), 'nothing')
  })

  test('is refused if it is not healthy, and stopped again', async () => {
    const before = await served()
    const { outputs } = await ended('unchanged', inputs({ version: 'bad1', 'health-timeout': '2s' }))
    assert.equal(outputs['reason'], 'not-healthy')
    assert.equal(await served(), before)
    assert.equal(await at(otherThan(before.startsWith('blue') ? 'blue' : 'green')), 'nothing')
  })

  test('is refused if its command fails', async () => {
    const { outputs, stdout } = await ended('unchanged', inputs({ version: 'v3', 'start-command': 'exit 7' }))
    assert.equal(outputs['reason'], 'start-failed')
    assert.match(stdout, /start-command ended with 7/)
  })

  test('goes back if it fails after the flip', async () => {
    const before = await served()
    await ended('restored', inputs({ version: 'v3', 'after-flip': 'exit 1' }))
    assert.equal(await served(), before)
  })

  test('goes back if it dies in the watch', async () => {
    const before = await served()
    const to = before.startsWith('blue') ? 'green' : 'blue'
    const action = await startAction(inputs({ version: 'v3', watch: '20s' }))
    await action.logged(/::group::Watch /)
    await site.host.exec(`kill "$(cat ${site.directory}/${to}.pid)"`)
    const { outputs, stdout } = await action.ended
    assert.equal(outputs['result'], 'restored', stdout)
    assert.equal(await served(), before)
  })

  test('comes back by a rollback', async () => {
    await ended('rolled-back', inputs({ command: 'rollback', version: '' }))
    assert.match(await served(), / v1$/)
  })

  test('is started again if somebody sends requests back while it is stopped', async () => {
    const before = await served()
    const from = before.startsWith('blue') ? 'blue' : 'green'
    // The stop itself flips, as somebody would in that moment.
    const back = flipOf(site, from)
    const { outputs, stdout } = await ended(
      'restored',
      inputs({ version: 'v2', 'stop-command': `./color stop\n[ "$COLOR" != ${from} ] || { ${back}; }` }),
    )
    assert.equal(outputs['reason'], 'flipped-by-others', stdout)
    assert.equal(await served(), before)
  })

  test('is told by status and check, and refused without an address', async () => {
    const { stdout: status } = await ended('ok', inputs({ command: 'status' }))
    // A release may have been refused on the idle color since: nobody knows what is there.
    assert.match(status, /^ *live +\w+ +v1 /m)
    assert.match(status, /^ *idle +\w+ +unknown /m)
    await ended('ok', inputs({ command: 'check', version: 'v5' }))
    const { stdout } = await ended('unchanged', inputs({ version: 'v5', 'blue-address': '', 'start-command': '' }))
    assert.match(stdout, /blue-address.*is missing/)
    assert.match(stdout, /start-command.*is missing/)
  })

  test('goes back by the guard when the runner is gone', async () => {
    const before = await served()
    const action = await startAction(inputs({ version: 'v4', watch: '60s' }))
    await action.logged(/::group::Watch /)
    assert.match(await served(), / v4$/)
    action.kill('SIGKILL')
    await action.ended
    await until('the way back', 30_000, async () => (await served()) === before || undefined)
  })
})

/** What puts traffic on a color, as the owner of the state directory would. */
function flipOf({ stateDirectory }: LabSite, color: Color): string {
  const [from, to] = color === 'green' ? ['green.off', 'green'] : ['green', 'green.off']
  return `mv ${stateDirectory}/${from} ${stateDirectory}/${to}`
}

describe('a model that an application loads, behind an alias', { timeout: 480_000 }, () => {
  let site: LabSite
  let admin: number
  let front: number
  const served = () => answer(`http://127.0.0.1:${front}/`)
  const inputs = (more: Readonly<Record<string, string>> = {}) =>
    site.inputs({
      router: 'command',
      'live-command': `curl -sf http://127.0.0.1:${admin}/alias`,
      'flip-command': `curl -sf -X POST http://127.0.0.1:${admin}/alias/$COLOR`,
      runtime: 'command',
      'start-command': `curl -sf -X POST http://127.0.0.1:${admin}/load/$COLOR/$VERSION`,
      'stop-command': `curl -sf -X POST http://127.0.0.1:${admin}/unload/$COLOR`,
      'blue-address': `127.0.0.1:${site.ports.blue}`,
      'green-address': `127.0.0.1:${site.ports.green}`,
      'verify-url': `http://127.0.0.1:${front}/`,
      'verify-match': '{version}',
      watch: '300ms',
      'drain-timeout': '2s',
      lease: '3s',
      ...more,
    })
  before(async () => {
    site = await lab.site(await lab.host({ nginx: 'stopped' }))
    admin = await freePort()
    front = await freePort()
    const { directory, ports, host } = site
    await host.writeFile(`${directory}/models.mjs`, MODELS, 'deploy')
    const words = [process.execPath, 'models.mjs', admin, front, ports.blue, ports.green].join(' ')
    await host.exec(`cd ${directory} && { setsid ${words} >models.log 2>&1 & echo $! >models.pid; }`)
    await until('the application', 10_000, async () => (await served()) !== 'nothing' || undefined)
  })
  after(async () => {
    await site.host.exec(`kill "$(cat ${site.directory}/models.pid)"`)
  })

  test('is released, refused, restored and rolled back', async () => {
    await ended('released', inputs({ version: 'v1' }))
    assert.match(await served(), / v1$/)
    await ended('released', inputs({ version: 'v2' }))
    const live = await served()
    assert.match(live, / v2$/)
    await ended('unchanged', inputs({ version: 'bad1', 'health-timeout': '2s' }))
    await ended('restored', inputs({ version: 'v3', 'after-flip': 'exit 1' }))
    assert.equal(await served(), live)
    await ended('rolled-back', inputs({ command: 'rollback', version: '' }))
    assert.match(await served(), / v1$/)
  })

  test('goes back by the guard when the runner is gone', async () => {
    const before = await served()
    const action = await startAction(inputs({ version: 'v4', watch: '60s' }))
    await action.logged(/::group::Watch /)
    action.kill('SIGKILL')
    await action.ended
    await until('the way back', 30_000, async () => (await served()) === before || undefined)
  })
})
