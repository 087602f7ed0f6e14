import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ActionRun, runAction, startAction } from './action.ts'
import { ask } from './command.ts'
import { type Lab, openLab } from './lab.ts'
import type { LabSite } from './site.ts'
import type { Flip } from './site-nginx.ts'

/** Where the host keeps what it was sent. */
const RECORDED = '/run/scripts'
/** The login shell of each session writes down what comes in, and becomes what was asked for. */
const RECORDING = [
  'exec 3<&0; record=$(mktemp -d /run/scripts/XXXXXX); mkfifo $record/pipe;',
  'tee $record/script <&3 >$record/pipe 2>/dev/null & exec sh -c "$SSH_ORIGINAL_COMMAND" <$record/pipe 3<&-',
].join(' ')

interface Remark {
  readonly line: number
  readonly code: number
  readonly message: string
}

let lab: Lab
before(async () => {
  lab = await openLab()
})
after(() => lab.dispose())

async function recordingSite(flip: Flip): Promise<LabSite> {
  const host = await lab.host({ sshdConfig: [`ForceCommand ${RECORDING}`] })
  await host.exec(`install -d -m 1777 ${RECORDED}`)
  const site = await lab.site(host, { flip })
  if (flip === 'reload') await host.exec(`chown deploy ${site.nginxFile}`)
  return site
}

async function ended(result: string, inputs: Record<string, string>): Promise<ActionRun> {
  const run = await runAction(inputs)
  assert.equal(run.outputs['result'], result, run.stdout)
  return run
}

/** One release after another; with `switch` also one that is refused, one whose runner dies, and the other commands. */
async function play(site: LabSite, flip: Flip): Promise<void> {
  const inputs = (its: Readonly<Record<string, string>>) =>
    site.inputs({ watch: '300ms', 'drain-timeout': '2s', lease: '3s', ...its })
  await site.up('blue', 'v1')
  await ended('released', inputs({ version: 'v2' }))
  await ended('restored', inputs({ version: 'v1', 'after-flip': 'exit 1', 'after-restore': ':' }))
  if (flip === 'reload') return
  await ended('unchanged', inputs({ version: 'unhealthy', 'health-timeout': '2s' }))
  const action = await startAction(inputs({ version: 'v1', watch: '60s' }))
  await action.logged(/::group::Watch /)
  action.kill('SIGKILL')
  await action.ended
  await ended('released', inputs({ version: 'v1', 'lock-timeout': '30s' }))
  await ended('rolled-back', inputs({ command: 'rollback', version: '' }))
  await ended('ok', inputs({ command: 'status', version: '' }))
  await runAction(inputs({ command: 'check', version: 'v3' }))
  await runAction(inputs({ command: 'unlock', version: '' }))
}

async function recorded(site: LabSite): Promise<readonly string[]> {
  const { stdout } = await site.host.exec(`cd ${RECORDED} && for each in */script; do cat $each; printf '\\0'; done`)
  const scripts = stdout.split('\0').filter((text) => text.trim() !== '')
  // Those that differ in a number or a name alone are one.
  return [...new Map(scripts.map((text) => [text.replace(/[0-9a-f-]{32,}|\d+/g, '0'), text])).values()]
}

/** What stays as it is, by line: each with its reason. */
const EXCEPTIONS: readonly { readonly code: number; readonly line: RegExp; readonly why: string }[] = [
  { code: 2034, line: /^left=1$/, why: 'of a function that two scripts have, and one of them reads it' },
  { code: 2034, line: /^read -r boot </, why: 'not every script that holds the lock compares the boot' },
  { code: 2034, line: /^decided\(\) /, why: 'the guard reads what was decided, others read by whom' },
  { code: 2034, line: /^case \$of_other in/, why: 'read where a block has the lines of both colors' },
  { code: 2034, line: /^container_started=/, why: 'said to every script that comes after a start' },
  { code: 2046, line: /^set -- \$\(sed -n .*NSpid/, why: 'a list of numbers, to be split' },
  { code: 2046, line: /^owned\(\) /, why: 'three words of `stat`, to be split; no user has a space in its name' },
]

async function remarks(script: string): Promise<readonly Remark[]> {
  const said = await ask(['shellcheck', '--shell=sh', '--norc', '--severity=warning', '--format=json1', '-'], {
    input: script,
  })
  return (JSON.parse(said.stdout) as { comments: readonly Remark[] }).comments
}

describe('what is sent to a host', { timeout: 900_000 }, () => {
  test('has few exceptions', () => assert.ok(EXCEPTIONS.length <= 10))

  for (const flip of ['switch', 'reload'] as const) {
    test(`passes shellcheck: ${flip}`, async () => {
      const site = await recordingSite(flip)
      await play(site, flip)
      const scripts = await recorded(site)
      assert.ok(scripts.length > 20, `${scripts.length} scripts`)
      const found = new Set<string>()
      for (const script of scripts) {
        const lines = script.split('\n')
        for (const { line, code, message } of await remarks(script)) {
          const text = (lines[line - 1] ?? '').trim()
          if (EXCEPTIONS.some((each) => each.code === code && each.line.test(text))) continue
          found.add(`SC${code}: ${message}\n    ${text.slice(0, 400)}`)
        }
      }
      assert.deepEqual([...found], [])
    })
  }
})
