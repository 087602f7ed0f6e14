import assert from 'node:assert/strict'
import { type ClientHttp2Session, connect } from 'node:http2'
import { after, before, describe, test } from 'node:test'
import { runAction, startAction } from './action.ts'
import { pause } from './command.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import { startLoad } from './load.ts'
import type { LabSite } from './site.ts'
import type { NginxParts } from './site-nginx.ts'
import { wholeRun } from './whole-run.ts'

const PATIENCE = 3 * 60_000

let lab: Lab
let host: LabHost
before(async () => {
  lab = await openLab()
  host = await lab.host()
})
after(() => lab.dispose())

/** Status and version of one answer, or what went wrong; a body is sent in pieces, two a second. */
function exchange(session: ClientHttp2Session, site: LabSite, path: string, seconds = 0): Promise<string> {
  return new Promise((resolve) => {
    const method = seconds > 0 ? 'POST' : 'GET'
    const stream = session.request({ ':path': path, ':method': method, ':authority': site.serverName })
    stream.on('response', (head) => resolve(`${head[':status']} ${head['x-version']}`))
    stream.on('error', (error) => resolve(error.message))
    stream.resume()
    const send = async () => {
      for (let piece = 0; piece < seconds * 2; piece += 1) {
        stream.write(Buffer.alloc(20_000, 'x'))
        await pause(500)
      }
      stream.end()
    }
    send()
  })
}

function drainTime(report: { readonly steps: readonly { readonly title: string; readonly 'duration-ms': number }[] }) {
  return report.steps.findLast(({ title }) => title.startsWith('Let '))?.['duration-ms'] ?? Number.NaN
}

describe('what shares its connection with others', { timeout: PATIENCE }, () => {
  test('an upload over HTTP/2 ends on the previous color, whatever is answered beside it', async () => {
    const server = (parts: NginxParts) => `server {
    ${parts.listen.replace(' ssl;', ' ssl http2;')}
    server_name ${parts.serverName};
${parts.choice}    location / { proxy_pass http://${parts.target}; }
}
`
    await using site = await lab.site(host, { flip: 'switch', tls: true, server, extra: ['stop_grace_period: 1s'] })
    await site.up('blue', 'v1')
    const action = await startAction(site.inputs({ version: 'v2', watch: '0s', 'drain-timeout': '60s' }))
    await action.logged(/Wait until v2 on green is healthy \(/)
    const session = connect(site.publicUrl, { servername: site.serverName, rejectUnauthorized: false })
    session.on('error', () => undefined)
    let over = false
    const upload = exchange(session, site, '/upload', 10).finally(() => {
      over = true
    })
    const beside: string[] = []
    while (!over) {
      beside.push(await exchange(session, site, '/'))
      await pause(200)
    }
    session.destroy()
    assert.equal(await upload, '200 v1')
    assert.deepEqual(new Set(beside), new Set(['200 v1', '200 v2']))
    assert.equal(beside.at(-1), '200 v2')
    const run = await action.ended
    assert.equal(run.outputs['result'], 'released', run.stdout)
    const previous = (await site.containers()).find(({ service }) => service === site.services.blue)
    assert.equal(previous?.status, 'exited')
    const report = await wholeRun(run)
    assert.ok(drainTime(report) < 60_000, 'it ends by itself once the client is quiet')
  })

  test('connections that Nginx keeps to a color are waited for until it lets go of them', async () => {
    const server = (parts: NginxParts) => `server {
    ${parts.listen}
    server_name ${parts.serverName};
${parts.choice}    location / { proxy_pass http://${parts.target}; proxy_http_version 1.1; proxy_set_header Connection ""; }
}
`
    for (const [service, more, least, most] of [
      ['pooled', 'keepalive 4;', 6000, Number.POSITIVE_INFINITY],
      ['short', 'keepalive 4; keepalive_timeout 1s;', 0, 30_000],
    ] as const) {
      await using site = await lab.site(host, { flip: 'switch', service, server })
      const text = await host.readFile(site.nginxFile)
      await host.writeNginx({ [site.nginxFile]: text.replace(/(upstream \w+ +\{ server [^;]+;)/g, `$1 ${more}`) })
      await host.reloadNginx()
      await site.up('blue', 'v1')
      await using load = await startLoad({ url: site.publicUrl, host: site.serverName, connections: 8, post: true })
      const timeout = least > 0 ? '6s' : '30s'
      const run = await runAction(site.inputs({ version: 'v2', watch: '0s', 'drain-timeout': timeout }))
      assert.equal(run.outputs['result'], 'released', run.stdout)
      const took = drainTime(await wholeRun(run, 'counts connections'))
      assert.ok(took >= least && took < most, `${took} ms with \`${more}\``)
      const { lost, byVersion } = await load.stop()
      assert.equal(lost, 0)
      assert.ok((byVersion['v2'] ?? 0) > 0)
    }
  })
})
