import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type StandIn, startGitHub } from '../support/github.ts'
import { type ActionRun, runAction } from './action.ts'
import { at, inputs, openScene, siteNamed } from './github-scene.ts'
import type { LabSite } from './site.ts'

/** Part of each thing that is secret; what looks for it is written so that it does not find itself. */
const MARK = 'marker-of-a-secret'
const PATTERN = 'marker-of-[a]-secret'
const SEEN = '/tmp/seen-by-others'

let close: () => Promise<void>
let github: StandIn
let site: LabSite
before(async () => {
  close = await openScene()
  github = await startGitHub({ pulls: {} })
  site = await siteNamed('discreet')
})
after(async () => {
  await github[Symbol.asyncDispose]()
  await close()
})

const command = (name: string) => `DB_URL=postgres://me:${MARK}-${name}@db/x true; sleep 0.3 # ${MARK}-${name}`
const secret = (): Record<string, string> => ({
  'health-path': `/health?token=${MARK}-health`,
  'verify-url': `${site.publicUrl}/health?token=${MARK}-verify`,
  'health-host': site.serverName,
  'environment-url': `https://shop.example.org/?token=${MARK}-page`,
  'before-start': command('before-start'),
  'before-flip': command('before-flip'),
  'after-flip': command('after-flip'),
  'after-restore': command('after-restore'),
  'smoke-test': command('smoke-test'),
})

/** Everything that is told, to whomever. */
function told(run: ActionRun): string {
  const bodies = github.calls.map(({ text }) => text).join('\n')
  const log = run.stdout.replace(/^::add-mask::.*$/gm, '')
  return [log, run.stderr, run.summary, JSON.stringify(run.outputs), JSON.stringify(run.state), bodies].join('\n')
}

/** What another user of the host does: reads the arguments of all that runs, again and again. */
const LOOK = `echo $$ >/tmp/looks
while :; do cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | grep -aoE '.{0,60}${PATTERN}.{0,20}'; done >>${SEEN}
`

async function run(more: Readonly<Record<string, string>>): Promise<ActionRun> {
  const { host } = site
  await host.writeFile('/tmp/look.sh', LOOK)
  await host.exec(`: >${SEEN}; : >/tmp/looks; chmod 0666 ${SEEN} /tmp/looks
    setsid setpriv --reuid=nobody --clear-groups sh /tmp/look.sh >/dev/null 2>&1 </dev/null &`)
  try {
    return await runAction(inputs(site, { ...secret(), ...more }), at(github))
  } finally {
    await host.exec('kill -KILL -- -$(cat /tmp/looks)')
  }
}

async function discreet(ended: ActionRun): Promise<void> {
  const { host } = site
  assert.doesNotMatch(told(ended), new RegExp(PATTERN))
  assert.equal((await host.exec(`sort -u ${SEEN}`)).stdout, '')
  const places = `${site.directory} ${site.stateDirectory} /home /tmp /run /etc /dev/shm`
  assert.equal((await host.exec(`grep -rlE '${PATTERN}' ${places} 2>/dev/null || :`)).stdout, '')
}

describe('what is secret in the inputs is seen by nobody', { timeout: 10 * 60_000 }, () => {
  const runs: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
    ['a dry run', { version: 'v2', 'dry-run': 'true' }, 'planned'],
    ['a check', { command: 'check' }, ''],
    ['a release that is put back', { version: 'v2', 'verify-match': 'never said' }, ''],
    ['a release', { version: 'v2' }, 'released'],
    ['a status', { command: 'status' }, ''],
    ['a rollback', { command: 'rollback', version: '' }, ''],
    ['a user in an address', { 'verify-url': `http://me:${MARK}@shop.example.org/` }, 'unchanged'],
    ['a user in a host', { host: `ssh://me:${MARK}@shop.example.org` }, 'unchanged'],
    ['a user in an address of a color', { 'blue-address': `http://me:${MARK}@127.0.0.1:80` }, 'unchanged'],
    ['a path that is none', { 'health-path': `health?token=${MARK}` }, 'unchanged'],
  ]
  for (const [what, more, result] of runs) {
    test(what, async () => {
      const ended = await run(more)
      if (result !== '') assert.equal(ended.outputs['result'], result, ended.stdout)
      await discreet(ended)
    })
  }
})
