import assert from 'node:assert/strict'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { runAction } from './action.ts'
import { pause } from './command.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import type { LabSite } from './site.ts'
import { type Report, wholeRun } from './whole-run.ts'

const PATIENCE = 5 * 60_000
const HOOKS = ['before-start', 'before-flip', 'after-flip'] as const

let lab: Lab
let host: LabHost
let site: LabSite
let workspace: string
before(async () => {
  lab = await openLab()
  host = await lab.host()
  site = await lab.site(host)
  workspace = await mkdtemp(join(tmpdir(), 'workspace-'))
  await site.up('blue', 'v1')
})
after(() => lab.dispose())

async function release(inputs: Readonly<Record<string, string>>): Promise<{ report: Report; log: string }> {
  const wanted = site.inputs({ watch: '0s', 'drain-timeout': '1s', ...inputs })
  const run = await runAction(wanted, { cwd: workspace })
  return { report: await wholeRun(run), log: run.stdout }
}

/** What it tells: who is live, and whether the new color runs. */
const witness = (name: string) => `echo "${name} \\
live=$(curl -s -H 'Host: ${site.serverName}' ${site.publicUrl}/ | sed -n 's/version //p') \\
new=$(curl -s http://127.0.0.1:${site.ports.green}/ | sed -n 's/version //p')" >>"$PWD/told"`

describe('hooks', { timeout: PATIENCE }, () => {
  test('that fail end the release, and what they did is said to remain', async () => {
    for (const name of HOOKS) {
      await host.exec(`rm -f ${site.directory}/restored ${site.directory}/before`)
      const { report, log } = await release({
        version: 'v2',
        'before-start': name === 'before-start' ? 'echo out of luck; exit 7' : 'date >before',
        [name]: 'echo out of luck\nfalse\ntouch never',
        'after-restore': 'echo back >restored; exit 3',
      })
      assert.equal(report.result, name === 'after-flip' ? 'restored' : 'unchanged', log)
      assert.equal(report.reason, 'hook-failed')
      assert.ok(log.includes(`Hook ${name}: On ${host.address}: It ended with exit code`), log)
      assert.match(log, /out of luck/)
      assert.match(log, /What this did remains: Hook before-start\./)
      const left = (await host.exec(`ls ${site.directory}`)).stdout.split('\n')
      assert.ok(!left.includes('never'))
      assert.equal(left.includes('restored'), name === 'after-flip', name)
      if (name === 'after-flip') assert.match(log, /::warning::Hook after-restore: .*exit code 3/)
      assert.equal((await site.get()).version, 'v1')
      assert.deepEqual(
        (await site.containers()).map(({ service, status }) => [service, status]),
        [['web_blue', 'running']],
      )
    }
  })

  test('that hang are ended in time, with all that they started', async () => {
    for (const name of HOOKS) {
      const { report, log } = await release({
        version: 'v2',
        'hook-timeout': '2s',
        [name]: 'echo begun; (timeout 777 sleep 776) & sleep 775',
      })
      assert.equal(report.result, name === 'after-flip' ? 'restored' : 'unchanged', log)
      assert.equal(report.reason, 'command-timed-out')
      assert.match(log, /It did not end within 2 s, and was ended\. The last lines: begun/)
      const left = await host.exec('ps -eo args | grep -E "^(timeout 777|sleep 77)" || true')
      assert.equal(left.stdout, '')
    }
  })

  test('run in their order, in the directory, with all variables, whatever is written in them', async () => {
    const tell = (name: string) =>
      `${witness(name)}\nprintf '%s\\n' "$COMMAND $COLOR $VERSION $IMAGE_TAG $PREVIOUS_COLOR $PREVIOUS_VERSION" >>told # it's "quoted"`
    const { report, log } = await release({
      version: 'v2',
      'before-start': tell('before-start'),
      'before-flip': tell('before-flip'),
      'after-flip': tell('after-flip'),
      'after-restore': 'touch restored-without-need',
    })
    assert.equal(report.result, 'released', log)
    const variables = 'deploy green v2 v2 blue v1'
    const told = (await host.readFile(`${site.directory}/told`)).replaceAll(/ +/g, ' ').trim().split('\n')
    assert.deepEqual(told, [
      'before-start live=v1 new=',
      variables,
      'before-flip live=v1 new=v2',
      variables,
      'after-flip live=v2 new=v2',
      variables,
    ])
    const { code } = await host.exec(`test -e ${site.directory}/restored-without-need`)
    assert.equal(code, 1)
    await site.flipByHand('blue')
    await site.compose('start', site.services.blue)
  })
})

describe('a smoke test', { timeout: PATIENCE }, () => {
  /** Comes to the same state again and again: v1 on blue is live. */
  const smoke = (command: string, inputs: Readonly<Record<string, string>> = {}) =>
    release({ version: 'v3', 'smoke-test': command, ...inputs })

  before(async () => {
    const suite = `
import { appendFileSync, writeFileSync } from 'node:fs'
import test from 'node:test'
import assert from 'node:assert'
const { BASE_URL, COLOR, VERSION } = process.env
writeFileSync('asked', JSON.stringify({ BASE_URL, COLOR, VERSION, inputs: Object.keys(process.env).filter((name) => name.startsWith('INPUT_')) }))
test('says its version', async () => {
  const answer = await fetch(BASE_URL + '/')
  assert.match(await answer.text(), new RegExp('version ' + VERSION))
})
test('sends large files whole', async () => {
  const all = Array.from({ length: 4 }, () => fetch(BASE_URL + '/download?bytes=3000000', { headers: { connection: 'close' } }))
  for (const answer of await Promise.all(all)) assert.equal((await answer.arrayBuffer()).byteLength, 3000000)
})
if (process.env.SMOKE === 'fails') {
  console.error('the shop is closed')
  process.exit(1)
}
`
    await writeFile(join(workspace, 'smoke.test.mjs'), suite)
  })

  test('that fails leaves live traffic untouched, and its last lines are told', async () => {
    const { report, log } = await smoke(`SMOKE=fails ${process.execPath} --test smoke.test.mjs`)
    assert.equal(report.result, 'unchanged', log)
    assert.equal(report.reason, 'smoke-test-failed')
    assert.match(log, /The smoke test ended with exit code 1/)
    assert.ok(report.evidence.some((line) => line.includes('the shop is closed')))
    assert.equal((await site.get()).version, 'v1')
  })

  test('that hangs is ended with all its children', async () => {
    const command = 'echo "begun $BASE_URL"; (timeout 888 sleep 887) & trap "" TERM; sleep 886'
    const { report, log } = await smoke(command, { 'hook-timeout': '2s' })
    assert.equal(report.result, 'unchanged', log)
    assert.equal(report.reason, 'smoke-test-failed')
    assert.match(log, /The smoke test did not end within 2 s, and was ended\. Its last line: begun http/)
    const left = await host.exec('ps -eo args | grep -E "^(timeout 888|sleep 88)" || true')
    assert.equal(left.stdout, '')
  })

  test('asks the idle color alone, shows what it prints at once, and its way in is closed after it', async () => {
    const command = `echo first; sleep 1; ${process.execPath} --test smoke.test.mjs; sleep 300 & echo last`
    const began = performance.now()
    const wanted = site.inputs({ version: 'v3', watch: '0s', 'smoke-test': command, 'drain-timeout': '0s' })
    const seen: (readonly [string, number])[] = []
    const run = await runAction(wanted, {
      cwd: workspace,
      onOutput: (text) =>
        seen.push(...text.split('\n').map((line) => [line.trim(), performance.now() - began] as const)),
    })
    const report = await wholeRun(run)
    assert.equal(report.result, 'released', run.stdout)
    const at = (line: string) => seen.find(([text]) => text === `| ${line}`)?.[1] ?? Number.NaN
    assert.ok(at('last') - at('first') >= 1000, JSON.stringify(seen))
    const asked = JSON.parse(await readFile(join(workspace, 'asked'), 'utf8'))
    assert.deepEqual({ ...asked, BASE_URL: '' }, { BASE_URL: '', COLOR: 'green', VERSION: 'v3', inputs: [] })
    await pause(100)
    await assert.rejects(fetch(asked.BASE_URL))
    assert.equal((await host.exec('ps -eo args | grep -E "^sleep 300" || true')).stdout, '')
  })
})
