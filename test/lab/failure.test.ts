import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { type ActionRun, runAction, startAction } from './action.ts'
import { must, pause } from './command.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import { startLoad } from './load.ts'
import type { LabSite } from './site.ts'
import { stateOf } from './site-state.ts'
import { type Report, wholeRun } from './whole-run.ts'

let lab: Lab
let host: LabHost
/** v1 is live on blue, and every test leaves it so. */
const sites: Record<'switch' | 'reload', LabSite | undefined> = { switch: undefined, reload: undefined }
before(async () => {
  lab = await openLab()
  host = await lab.host()
  for (const flip of ['switch', 'reload'] as const) {
    const site = await lab.site(host, { flip: flip === 'switch' ? 'switch-backed' : flip, service: `by-${flip}` })
    await site.up('blue', 'v1')
    await host.exec(`chmod 0640 ${site.directory}/.env && touch -d '2026-01-02 03:04:05.678' ${site.directory}/.env`)
    if (flip === 'reload') await host.exec(`chgrp deploy ${site.nginxFile} && chmod g+w ${site.nginxFile}`)
    sites[flip] = site
  }
})
after(() => lab.dispose())

function siteOf(flip: keyof typeof sites): LabSite {
  const site = sites[flip]
  assert.ok(site)
  return site
}

/** Asserts how a run ended, and that v1 serves from the container that served before. */
async function failed(
  run: ActionRun,
  site: LabSite,
  result: 'unchanged' | 'restored',
  reason: string,
): Promise<Report> {
  const report = await wholeRun(run, 'counts connections')
  assert.deepEqual([report.result, report.reason], [result, reason], run.stdout)
  const { color, version } = run.outputs
  assert.deepEqual([color, version], ['blue', 'v1'])
  assert.deepEqual([run.outputs['previous-color'], run.outputs['previous-version']], ['blue', 'v1'])
  assert.equal((await site.get()).version, 'v1')
  const said = result === 'unchanged' ? 'live traffic was not touched: v1 on blue serves' : 'v1 on blue serves again'
  assert.match(run.stdout, new RegExp(`^::error::Not released.*${said}`, 'm'))
  return report
}

describe('before the flip', () => {
  for (const { version, inputs, reason, sentence, log } of [
    {
      version: 'never-healthy',
      inputs: { 'health-timeout': '3s' },
      reason: 'not-healthy',
      sentence: /No good answer 2 times in a row within 3 s .*answered 503, wanted 200-299/,
      log: 'version never-healthy listens',
    },
    {
      version: 'once-healthy',
      inputs: { 'health-timeout': '3s' },
      reason: 'not-healthy',
      sentence: /2 times in a row within 3 s .*answered 503/,
      log: 'version once-healthy listens',
    },
    {
      version: 'closes-hang',
      inputs: { 'health-timeout': '3s' },
      reason: 'not-healthy',
      sentence: /within 3 s .*no answer within \d+ ms/,
      log: 'version closes-hang listens',
    },
    {
      version: 'exits',
      inputs: { 'health-timeout': '300s' },
      reason: 'container-exited',
      sentence: /ended with exit code 3/,
      log: 'fatal: no configuration for the database',
    },
    {
      version: 'v77',
      inputs: {},
      reason: 'start-failed',
      sentence: /the image \S+:v77 is not on the host; let it be pulled/,
      log: 'No such image',
    },
  ]) {
    test(`${version}: live traffic loses nothing, and all is as it was`, { timeout: 360_000 }, async () => {
      const site = siteOf('switch')
      const state = await stateOf(site)
      const options = {
        url: site.publicUrl,
        host: site.serverName,
        connections: 8,
        post: true,
        think: [20, 100] as const,
      }
      await using load = await startLoad(options)
      const run = await runAction(site.inputs({ version, ...inputs }))
      const { failures, requests, byVersion } = await load.stop()

      const report = await failed(run, site, 'unchanged', reason)
      assert.match(report.failure[0] ?? '', sentence)
      assert.ok(run.stdout.includes(sentenceOf(report)), run.stdout)
      for (const told of [report.evidence.join('\n'), run.stdout, run.summary]) assert.ok(told.includes(log), told)
      assert.deepEqual(failures, [])
      assert.deepEqual(byVersion, { v1: requests })
      assert.deepEqual(await stateOf(site), state)
      // Noticed, and not waited for until the deadline.
      if (version === 'exits') assert.ok(run.duration < 100_000, `${run.duration} ms`)
    })
  }

  test('wrong inputs are named all at once, before any connection', { timeout: 120_000 }, async () => {
    let connections = 0
    const server = createServer((socket) => {
      connections += 1
      socket.destroy()
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const run = await runAction({
      host: `deploy@127.0.0.1:${port}`,
      'private-key': 'nonsense',
      'known-hosts': 'nonsense',
      service: '',
      version: '../v2',
      watch: 'soon',
      flip: 'maybe',
      'health-path': 'health',
      'health-match': '/(/',
    })
    server.close()
    const report = await wholeRun(run)
    assert.deepEqual([report.result, report.reason], ['unchanged', 'invalid-inputs'])
    const wrong = ['private-key', 'known-hosts', 'service', 'version', 'watch', 'flip', 'health-path', 'health-match']
    for (const name of wrong) {
      assert.equal(report.failure.filter((sentence) => sentence.startsWith(`\`${name}\``)).length, 1, name)
      assert.ok(run.stdout.includes(`\`${name}\``))
    }
    assert.equal(report.failure.length, wrong.length)
    for (const sentence of report.failure) assert.match(sentence, /[^.]\.$/)
    assert.equal(connections, 0)
  })
})

describe('after the flip', () => {
  for (const { flip, version, inputs, reason, sentence } of [
    {
      flip: 'switch',
      version: 'dies-later',
      inputs: { watch: '120s' },
      reason: 'container-exited',
      sentence: /ended with exit code 1 and was restarted by Docker/,
    },
    {
      flip: 'switch',
      version: 'fails-later',
      inputs: { watch: '120s' },
      reason: 'watch-failed',
      sentence: /3 failures in a row in the watch: .*answered 500, wanted 200-299/,
    },
    {
      flip: 'switch',
      version: 'v2',
      inputs: { 'verify-match': 'version v1' },
      reason: 'public-route-failed',
      sentence: /the public route .*the body does not contain 'version v1'; the body begins: version v2/,
    },
    {
      flip: 'reload',
      version: 'v2',
      inputs: { 'verify-match': 'version v1' },
      reason: 'public-route-failed',
      sentence: /the public route .*the body does not contain 'version v1'; the body begins: version v2/,
    },
  ] as const) {
    const what = version === 'v2' ? 'the public route answers as the wrong version' : version
    test(`${what}, by ${flip}: the previous state is back`, { timeout: 360_000 }, async () => {
      const site = siteOf(flip)
      const state = await stateOf(site)
      const run = await runAction(site.inputs({ version, ...inputs }))
      const report = await failed(run, site, 'restored', reason)
      assert.match(report.failure[0] ?? '', sentence)
      assert.ok(run.stdout.includes(sentenceOf(report)), run.stdout)
      assert.match(report.evidence.join('\n'), new RegExp(`version ${version} listens`))
      assert.deepEqual(await stateOf(site), state)
      const back = report.steps.find(({ title }) => /^Undo: (Flip|Point)/.test(title))
      assert.equal(back?.result, 'ok')
    })
  }

  test('a first release leaves what was there: nothing', { timeout: 360_000 }, async () => {
    const site = await lab.site(host, { service: 'first' })
    const state = await stateOf(site)
    const run = await runAction(site.inputs({ version: 'dies-later', watch: '120s' }))
    const report = await wholeRun(run)
    assert.deepEqual([report.result, report.reason], ['restored', 'nothing-was-live'], run.stdout)
    for (const name of ['color', 'version', 'previous-color', 'previous-version']) assert.equal(run.outputs[name], '')
    assert.match(report.failure[0] ?? '', /ended with exit code 1/)
    assert.match(run.stdout, /Nothing was live before/)
    assert.deepEqual(await stateOf(site), state)
    assert.deepEqual(await site.containers(), [])
  })

  test('the previous color is gone: traffic stays where it answers, and the mend is printed', {
    timeout: 360_000,
  }, async () => {
    const site = await lab.site(host, { service: 'stranded' })
    await site.up('blue', 'v1')
    const port = site.publicPort
    await host.exec('mkdir -p /var/www/judge && echo fine > /var/www/judge/ok')
    const judge = `server { listen 127.0.0.1:${port}; server_name judge.test; root /var/www/judge; }\n`
    await host.writeNginx({ 'conf.d/judge.conf': judge })
    await host.reloadNginx()
    const url = `http://127.0.0.1:${port}/ok`
    const action = await startAction(site.inputs({ version: 'v2', watch: '120s', 'verify-url': url }))
    await action.logged(/::group::Watch v2/)
    const blue = (await site.containers()).find(({ service }) => service === site.services.blue)
    await must(['docker', 'stop', '--time', '1', blue?.id ?? ''])
    await host.exec('rm /var/www/judge/ok')
    const run = await action.ended

    const report = await wholeRun(run)
    assert.deepEqual([report.result, report.reason], ['stranded', 'watch-failed'], run.stdout)
    assert.deepEqual([run.outputs['color'], run.outputs['version']], ['green', 'v2'])
    assert.deepEqual([run.outputs['previous-color'], run.outputs['previous-version']], ['blue', 'v1'])
    assert.equal((await site.get()).version, 'v2')
    const told = report.failure.join('\n')
    assert.match(told, /The previous color does not answer any more .*traffic stays there/)
    assert.match(told, /Requests go to v2 on green\. Nothing will change that by itself/)
    const [, commands = ''] = /To put traffic back to v1 on blue by hand.*\n([\s\S]*)$/.exec(told) ?? []
    assert.ok(commands.includes('docker compose start'), told)
    const mended = await host.exec(`set -e\n${commands}`, { user: 'deploy' })
    assert.equal(mended.code, 0, mended.stderr)
    await pause(1000)
    assert.equal((await site.get()).version, 'v1')
    assert.deepEqual((await stateOf(site)).switched, [])
  })
})

describe('cancelled', () => {
  for (const { moment, version, reached, result } of [
    { moment: 'before the flip', version: 'slow-boot', reached: /::group::Wait until slow-boot/, result: 'unchanged' },
    { moment: 'in the watch', version: 'v2', reached: /::group::Watch v2/, result: 'restored' },
  ] as const) {
    for (const flip of ['switch', 'reload'] as const) {
      test(`${moment}, by ${flip}: all is as it was within the ten seconds of the runner`, {
        timeout: 240_000,
      }, async () => {
        const site = siteOf(flip)
        const state = await stateOf(site)
        const action = await startAction(site.inputs({ version, watch: '120s' }))
        await action.logged(reached)
        const asked = performance.now()
        action.kill('SIGINT')
        const run = await action.ended
        const took = performance.now() - asked
        const report = await failed(run, site, result, 'cancelled')
        assert.match(report.failure[0] ?? '', /The run was cancelled/)
        assert.deepEqual(await stateOf(site), state)
        assert.ok(took < 10_000, `${took} ms`)
      })
    }
  }
})

/** As the log shows it. */
function sentenceOf(report: Report): string {
  return (report.failure[0] ?? '').replaceAll('%', '%25')
}
