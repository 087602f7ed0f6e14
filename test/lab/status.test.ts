import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Situation } from '../../src/planning/status.ts'
import { type ActionRun, runAction, startAction } from './action.ts'
import { until } from './command.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import { contains, notesOf, refused, released, untouching } from './refusal.ts'
import type { LabSite } from './site.ts'
import { sameDisk, wholeDisk } from './whole-disk.ts'
import { wholeRun } from './whole-run.ts'

const PATIENCE = 360_000

let lab: Lab
let host: LabHost
before(async () => {
  lab = await openLab()
  host = await lab.host()
})
after(() => lab.dispose())

/** Looks at a site; it must touch nothing. */
async function looked(site: LabSite, inputs: Readonly<Record<string, string>> = {}) {
  const run = await untouching(site, () => runAction(site.inputs({ command: 'status', ...inputs })))
  const report = await wholeRun(run)
  const { status } = report as { status?: Situation }
  return { run, report, status: status ?? assert.fail(run.stdout) }
}

function colors({ colors }: Situation): readonly string[] {
  return colors.map(({ role, color, version, state, health }) =>
    [role, color, version, state.replace(/ since.*/, ''), health.replace(/: .*/, '')].join(' '),
  )
}

async function problems(site: LabSite): Promise<{ readonly run: ActionRun; readonly told: string }> {
  const { run, report } = await looked(site)
  assert.deepEqual([report.result, run.exitCode], ['problems', 1], run.stdout)
  return { run, told: `${report.reason}: ${report.failure.join(' ')}` }
}

describe('status', { timeout: PATIENCE }, () => {
  test('shows both colors, the last ten releases, and what a rollback would bring back', async () => {
    await using site = await lab.site(host, { service: 'seen' })
    for (const version of ['v1', 'v2', 'v3']) await released(site, { version, 'drain-timeout': '0s' })
    const disk = await wholeDisk(host)
    const { run, report, status } = await looked(site)
    sameDisk(disk, await wholeDisk(host))
    assert.deepEqual([report.result, run.exitCode], ['ok', 0], run.stdout)
    assert.deepEqual([run.outputs['color'], run.outputs['version']], ['green', 'v3'])
    const [live, idle] = colors(status)
    assert.equal(live, 'live green v3 running well')
    assert.match(idle ?? '', /^idle blue v2 exited with \d+ /)
    assert.deepEqual(
      status.releases.map(({ version, color }) => `${version} ${color}`),
      ['v3 green', 'v2 blue', 'v1 green'],
    )
    assert.match(status.rollback ?? '', /^v2, released 2/)
    assert.deepEqual(status.custody, {
      lease: 'free (the last one was number 3)',
      ...{ journal: 'none', guard: 'none', busy: false, abandoned: false },
    })
    for (const text of [run.stdout, run.summary]) {
      contains(
        text,
        /^live +green +v3 +running since \S+Z +well$/m,
        /^idle +blue +v2 +exited/m,
        /^public route +well$/m,
      )
      contains(text, /^2\S+ +blue +v2 +released +sha256:/m, /^lease +free/m)
    }
  })

  test('of a host where nothing is live yet says that nothing answers', async () => {
    await using site = await lab.site(host, { service: 'fresh' })
    const { told, run } = await problems(site)
    contains(told, /^not-healthy: The live color blue is not well/)
    assert.deepEqual([run.outputs['color'], run.outputs['version']], ['', ''])
    contains(
      run.summary,
      /^### ❌ Found 1 problem\.$/m,
      /^live +blue +none +no container +GET /m,
      /^idle +green +none +no container +not running$/m,
    )
    const back = await refused(site, { command: 'rollback', version: '' })
    assert.deepEqual([back.reason, back.run.outputs['color']], ['rollback-impossible', ''])
  })

  test('names what was changed by hand', async () => {
    await using site = await lab.site(host, { service: 'changed' })
    for (const version of ['v1', 'v2']) {
      await released(site, { version, 'drain-timeout': '0s', previous: 'keep' })
    }
    await site.flipByHand('green')
    contains((await problems(site)).told, /^drift: The last release .* is v2 on blue, and v1 on green serves/)
    await site.flipByHand('blue')
    await site.up('blue', 'v5')
    contains((await problems(site)).told, /^drift: .* is v2 on blue, and v5 on blue serves/)
    await site.compose('stop', site.services.blue)
    const { told, run } = await problems(site)
    contains(told, /^not-healthy: The live color blue is not well: .*refused/)
    contains(run.stdout, /^live +blue +v5 +exited/m, /^idle +green +v1 +running since \S+ +well$/m)
  })

  test("goes on where somebody else's file is broken, and where docker does not answer", async () => {
    await using own = await lab.host()
    await using site = await lab.site(own)
    await released(site, { version: 'v1' })
    await own.writeFile('/etc/nginx/conf.d/other.conf', 'server { proxxy_pass http://nobody; }\n')
    const { told, run } = await problems(site)
    contains(told, /^nginx-refused: .*proxxy_pass/)
    contains(run.stdout, /^live +green +v1 +running .* well$/m)
    // Of this host alone: all hosts of the lab share the file.
    const closed = 'sed "/^docker:/s/deploy//" /etc/group >/run/group && mount --bind /run/group /etc/group'
    await own.exec(`rm /etc/nginx/conf.d/other.conf; ${closed}`)
    const blind = await runAction(site.inputs({ command: 'status' }))
    await own.exec('umount /etc/group')
    assert.deepEqual(
      [blind.outputs['result'], blind.outputs['reason']],
      ['problems', 'docker-unavailable'],
      blind.stdout,
    )
    contains(blind.stdout, /^2\S+ +green +v1 +released/m)
  })
})

test('a status that cannot connect is a problem, and no failed release', { timeout: PATIENCE }, async () => {
  await using site = await lab.site(host, { service: 'away' })
  const run = await runAction(site.inputs({ command: 'status', host: 'deploy@127.0.0.1:1' }))
  assert.deepEqual([run.outputs['result'], run.outputs['reason']], ['problems', 'host-unreachable'], run.stdout)
})

test('shows who holds the target, and afterwards what a killed run has left', { timeout: PATIENCE }, async () => {
  await using site = await lab.site(host, { service: 'held' })
  await released(site, { version: 'v1' })
  const action = await startAction(site.inputs({ version: 'v2', watch: '60s', lease: '3s' }))
  await action.logged(/::group::Watch v2/)
  const during = await runAction(site.inputs({ command: 'status' }))
  action.kill('SIGKILL')
  await action.ended
  const { status } = during.report as { status: Situation }
  assert.deepEqual([during.outputs['result'], during.outputs['version']], ['ok', 'v2'], during.stdout)
  contains(
    status.custody.lease,
    /^number 2, held: the deploy of v2 to blue by octocat since .*; its heart beat \d s ago/,
  )
  contains(status.custody.journal, /^number 2, undecided, \d+ changes$/)
  assert.equal(status.custody.guard, 'alive')

  const decision = `cat ${site.stateDirectory}/journal-2/decision`
  const restored = async () => ((await host.exec(decision)).stdout.startsWith('restored') ? true : undefined)
  await until('the guard', 20_000, restored)
  const { told } = await problems(site)
  const dry = await runAction(site.inputs({ version: 'v3', 'dry-run': 'true' }))
  assert.equal(dry.outputs['result'], 'planned', dry.stdout)
  contains(
    notesOf(dry).join('\n'),
    /^A run was ended from outside \(lease number 2, stale: .*\)\. A release recovers that first/m,
  )
  contains(told, /^left-behind: .*lease number 2, stale: the deploy of v2/, /The next deploy or rollback recovers it/)
  await released(site, { version: 'v3' })
  const { report } = await looked(site)
  assert.equal(report.result, 'ok')
})
