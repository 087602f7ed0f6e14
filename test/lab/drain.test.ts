import assert from 'node:assert/strict'
import { request } from 'node:http'
import { connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { runAction, startAction } from './action.ts'
import { pause } from './command.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import { startLoad } from './load.ts'
import type { LabSite } from './site.ts'
import type { Flip, NginxParts } from './site-nginx.ts'
import type { Report } from './whole-run.ts'

const PATIENCE = 5 * 60_000

let lab: Lab
let host: LabHost
before(async () => {
  lab = await openLab()
  host = await lab.host()
})
after(() => lab.dispose())

/** As the documentation has it for websockets. */
const server = (parts: NginxParts) => `map $http_upgrade $connection_upgrade { default upgrade; '' close; }
server {
    ${parts.listen}
    server_name ${parts.serverName};
${parts.choice}    location / {
        proxy_pass http://${parts.target};
        proxy_connect_timeout 1s;
        proxy_http_version 1.1;
        proxy_set_header Host $host;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $connection_upgrade;
    }
}
`

/** With as little grace as can be: what the drain leaves behind is cut. */
async function open(flip: Flip, service = `web-${flip}`): Promise<LabSite> {
  const site = await lab.site(host, { flip, server, service, extra: ['stop_grace_period: 1s'] })
  await host.exec(`chgrp deploy ${site.nginxFile} && chmod g+rw ${site.nginxFile}`)
  return site
}

/** Sends a body in pieces, one every half a second; the status and version of the answer, or what went wrong. */
function exchange(site: LabSite, path: string, seconds = 0): Promise<string> {
  return new Promise((resolve) => {
    const method = seconds > 0 ? 'POST' : 'GET'
    const headers = { Host: site.serverName, ...(seconds > 0 && { 'Content-Length': seconds * 2000 }) }
    const sent = request(
      { port: site.publicPort, host: '127.0.0.1', path, method, headers, agent: false },
      (answer) => {
        let length = 0
        answer.on('data', (chunk: Buffer) => {
          length += chunk.length
        })
        answer.on('error', (error) => resolve(error.message))
        answer.on('end', () =>
          resolve(`${answer.statusCode} ${answer.headers['x-version']}${length >= 60_000 ? ' whole' : ''}`),
        )
      },
    )
    sent.on('error', (error) => resolve(error.message))
    const send = async () => {
      for (let piece = 0; piece < seconds * 2; piece += 1) {
        sent.write(Buffer.alloc(1000, 'x'))
        await pause(500)
      }
      sent.end()
    }
    send()
  })
}

/** A websocket that is held open; `say` gives what comes back, `cut` when the other side closed it. */
async function openSocket(site: LabSite) {
  const socket = connect(site.publicPort, '127.0.0.1')
  socket.on('error', () => socket.destroy())
  const cut = new Promise<number>((resolve) => socket.once('close', () => resolve(performance.now())))
  const heard = () =>
    new Promise<Buffer>((resolve) => {
      socket.once('data', resolve)
      socket.once('close', () => resolve(Buffer.alloc(0)))
    })
  const head = ['GET /socket HTTP/1.1', `Host: ${site.serverName}`, 'Connection: Upgrade', 'Upgrade: websocket']
  socket.write(
    [...head, 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', '', ''].join('\r\n'),
  )
  assert.match((await heard()).toString(), /^HTTP\/1\.1 101/)
  const say = async (text: string) => {
    const answer = heard()
    socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]))
    return (await answer).subarray(2).toString()
  }
  return { say, cut, [Symbol.dispose]: () => void socket.destroy() }
}

function drains(run: { report: unknown }): readonly number[] {
  const { steps } = run.report as Report
  return steps.filter(({ title }) => title.startsWith('Let ')).map((step) => step['duration-ms'])
}

describe('what is in flight', { timeout: PATIENCE }, () => {
  for (const flip of ['switch-backed', 'reload'] as const) {
    test(`on the previous color ends before that is stopped, with ${flip}`, async () => {
      await using site = await open(flip)
      const statusOf = async (color: 'blue' | 'green') =>
        (await site.containers()).find(({ service }) => service === site.services[color])?.status
      await site.up('blue', 'v1')
      const inputs = site.inputs({ version: 'v2', watch: '0s', 'drain-timeout': '60s' })
      const action = await startAction(inputs)
      await action.logged(/Wait until v2 on green is healthy \(/)
      using socket = await openSocket(site)
      const upload = exchange(site, '/upload', 10)
      const begun = [
        exchange(site, '/slow?ms=6000'),
        exchange(site, '/slow?ms=1000', 4),
        exchange(site, '/download?bytes=60000&ms=7000'),
      ]
      assert.deepEqual(await Promise.all(begun), ['200 v1', '200 v1', '200 v1 whole'])
      assert.equal((await site.get()).version, 'v2')
      assert.equal(await socket.say('still there'), 'still there')
      // From here on nobody is connected to that color: only Nginx knows of the upload, and that it will go there.
      socket[Symbol.dispose]()
      assert.equal(await statusOf('blue'), 'running')
      assert.equal(await upload, '200 v1')
      const run = await action.ended
      assert.equal(run.outputs['result'], 'released', run.stdout)
      assert.equal((await site.get()).version, 'v2')
      assert.equal(await statusOf('blue'), 'exited')
    })
  }

  test('on a refused color ends before that is removed, uploads that still come in too', async () => {
    await using site = await open('switch')
    await site.up('blue', 'v1')
    const more = { 'after-flip': 'sleep 2; false', 'drain-timeout': '60s', watch: '0s' }
    const action = await startAction(site.inputs({ version: 'v2', ...more }))
    await action.logged(/✓ See v2 on the public route/)
    const answers = await Promise.all([exchange(site, '/slow?ms=6000'), exchange(site, '/upload', 8)])
    assert.deepEqual(answers, ['200 v2', '200 v2'])
    const run = await action.ended
    assert.equal(run.outputs['result'], 'restored', run.stdout)
    assert.equal((await site.get()).version, 'v1')
  })

  test('and outlives `drain-timeout` is cut after it, and not before; nothing else waits', async () => {
    await using site = await open('switch', 'web-outlived')
    await site.up('blue', 'v1')
    using socket = await openSocket(site)
    await using load = await startLoad({ url: site.publicUrl, host: site.serverName, connections: 8, post: true })
    const quick = { watch: '0s', previous: 'keep' }
    const first = await runAction(site.inputs({ ...quick, version: 'v2', 'drain-timeout': '3s' }))
    assert.equal(first.outputs['result'], 'released', first.stdout)
    assert.equal(await socket.say('kept'), 'kept')
    assert.ok((drains(first)[0] ?? 0) >= 3000, first.stdout)

    // Kept and running: it is drained again before it is made anew.
    const action = await startAction(site.inputs({ ...quick, version: 'v3', 'drain-timeout': '3s' }))
    const cut = await Promise.race([socket.cut, action.ended.then(() => 0)])
    assert.ok(cut > 0)
    const second = await action.ended
    assert.equal(second.outputs['result'], 'released', second.stdout)
    const [before = 0, after = 0] = drains(second)
    assert.ok(before >= 3000, second.stdout)
    assert.ok(after < 3000, `with nothing in flight the drain took ${after} ms`)

    const third = await runAction(
      site.inputs({ version: 'v4', watch: '0s', previous: 'remove', 'drain-timeout': '0s' }),
    )
    assert.equal(third.outputs['result'], 'released', third.stdout)
    assert.deepEqual(drains(third), [])
    const left = (await site.containers()).map(({ version }) => version)
    assert.deepEqual(left, ['v4'])
    const { byVersion, failures } = await load.stop()
    assert.ok((byVersion['v4'] ?? 0) > 0)
    // Without `drain-timeout` what is in flight is not waited for; before it nothing may be lost.
    assert.ok(failures.length <= 8, JSON.stringify(failures))
  })
})
