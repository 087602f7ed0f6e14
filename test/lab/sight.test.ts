import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ActionRun, runAction } from './action.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import { freePort } from './ports.ts'
import type { LabSite } from './site.ts'
import { get } from './web.ts'

let lab: Lab
let host: LabHost
let site: LabSite
before(async () => {
  lab = await openLab()
  host = await lab.host()
  site = await lab.site(host)
  await site.up('blue', 'v1')
})
after(() => lab.dispose())

async function released(version: string, more: Readonly<Record<string, string>>): Promise<ActionRun> {
  const run = await runAction(site.inputs({ version, watch: '0s', 'drain-timeout': '2s', ...more }))
  assert.equal(run.outputs['result'], 'released', run.stdout)
  return run
}

/** The step that asked the public route, with what it saw; and the warnings. */
function told(run: ActionRun): { step: string; warnings: string } {
  const report = run.report as { steps: readonly { title: string; note?: string }[]; warnings: readonly string[] }
  const step = report.steps.find(({ title }) => / the public route /.test(title))
  return { step: `${step?.title}: ${step?.note}`, warnings: report.warnings.join('\n') }
}

describe('the public route', { timeout: 5 * 60_000 }, () => {
  test('that says the version proves it', async () => {
    const { step, warnings } = told(await released('v2', {}))
    assert.match(step, /^See v2 on the public route .*; the answer says v2$/)
    assert.doesNotMatch(warnings, /not proven|nothing proves/)
  })

  for (const { title, block } of [
    {
      title: 'a cache in front of it',
      block: (port: number) => `proxy_cache_path /var/cache/nginx-sight keys_zone=sight:1m;
server {
    listen 127.0.0.1:${port};
    location / {
        proxy_cache sight; proxy_cache_valid 200 1h;
        proxy_pass http://127.0.0.1:${site.publicPort}; proxy_set_header Host ${site.serverName};
    }
}
`,
    },
    {
      title: 'another server',
      block: (port: number) => `server { listen 127.0.0.1:${port}; return 200 "fine\\n"; }\n`,
    },
  ]) {
    test(`${title} answers: that is said, and not that the version was seen`, async () => {
      const port = await freePort()
      await host.writeNginx({ 'conf.d/sight.conf': block(port) })
      await host.reloadNginx()
      assert.equal((await get(`http://127.0.0.1:${port}/health`)).status, 200)
      const version = `v${(Number((await site.get()).version?.slice(1)) % 9) + 1}`
      const run = await released(version, { 'verify-url': `http://127.0.0.1:${port}/health` })
      const { step, warnings } = told(run)
      assert.match(step, new RegExp(`^Ask the public route .*not proven to be ${version}: no connection arrived`))
      assert.match(warnings, /A cache or another server answers/)
      assert.doesNotMatch(run.stdout, new RegExp(`✓ See ${version} on`))
      assert.doesNotMatch(run.summary, new RegExp(`See ${version} on`))
    })
  }
})
