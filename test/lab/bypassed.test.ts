import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startAction } from './action.ts'
import { ask, pause } from './command.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
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
  timeout: 360_000,
}, async () => {
  await using site = await lab.site(host)
  await site.up('blue', 'v1')
  // A connection for each request, as HTTP/1.0 proxies have it, and long enough to be seen.
  const failures: string[] = []
  let over = false
  const call = async () => {
    while (!over) {
      const { code, stdout } = await ask(['curl', '-sf', '-m', '10', `http://127.0.0.1:${site.ports.blue}/slow?ms=700`])
      if (code !== 0 || !stdout.includes('version v1')) failures.push(`${code} ${stdout}`)
      await pause(100)
    }
  }
  const calling = call()
  await using _ = {
    // A test that fails must end, too.
    async [Symbol.asyncDispose]() {
      over = true
      await calling
    },
  }
  const inputs = site.inputs({ version: 'v2', watch: '0s', 'drain-timeout': `${DRAIN / 1000}s` })
  const action = await startAction(inputs)
  await action.logged(/Confirm v2[\s\S]*::group::Let blue finish/)
  await pause(DRAIN / 2)
  over = true
  await calling
  assert.deepEqual(failures, [], 'new requests of the drain are answered as long as it lasts')
  const run = await action.ended
  const report = run.report as Report
  assert.equal(report.result, 'released', run.stdout)
  const drained = report.steps.findLast(({ title }) => title === 'Let blue finish what it has begun')
  assert.ok((drained?.['duration-ms'] ?? 0) >= DRAIN, run.stdout)
  const told = /is called directly, and not through Nginx, by [\d.]+ \(this host\)\. It got all of `drain-timeout`/
  assert.match(run.stdout, new RegExp(`^::warning::.*\`${site.services.blue}\` ${told.source}`, 'm'))
  assert.match((run.report as { warnings: readonly string[] }).warnings.join('\n'), told)
})
