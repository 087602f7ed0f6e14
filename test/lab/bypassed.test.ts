import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startAction } from './action.ts'
import { pause } from './command.ts'
import type { LabHost } from './host.ts'
import type { Lab } from './lab.ts'
import { openLab } from './lab.ts'
import { startLoad } from './load.ts'
import type { Report } from './whole-run.ts'

let lab: Lab
let host: LabHost
before(async () => {
  lab = await openLab()
  host = await lab.host()
})
after(() => lab.dispose())

/** Milliseconds. */
const DRAIN = 12_000

test('whoever calls the previous color past Nginx has all of the drain, and is named', {
  timeout: 180_000,
}, async () => {
  await using site = await lab.site(host)
  await site.up('blue', 'v1')
  await using proxy = await startLoad({
    url: `http://127.0.0.1:${site.ports.blue}`,
    host: 'second-proxy.example.test',
    connections: 4,
    post: true,
    think: [50, 300],
  })
  const inputs = site.inputs({ version: 'v2', watch: '0s', 'drain-timeout': `${DRAIN / 1000}s` })
  const action = await startAction(inputs)
  await action.logged(/::group::Confirm v2[\s\S]*::group::Let blue finish/)
  await pause(DRAIN / 2)
  const { failures, byVersion } = await proxy.stop()
  assert.deepEqual(failures, [], 'new requests of the drain are answered as long as it lasts')
  assert.ok((byVersion['v1'] ?? 0) > 0)
  const run = await action.ended
  const report = run.report as Report
  assert.equal(report.result, 'released', run.stdout)
  const drained = report.steps.findLast(({ title }) => title === 'Let blue finish what it has begun')
  assert.ok((drained?.['duration-ms'] ?? 0) >= DRAIN, run.stdout)
  const told = /is called directly, and not through Nginx, by [\d.]+ \(this host\)\. It got all of `drain-timeout`/
  assert.match(run.stdout, new RegExp(`^::warning::.*\`${site.services.blue}\` ${told.source}`, 'm'))
  assert.match((run.report as { warnings: readonly string[] }).warnings.join('\n'), told)
})
