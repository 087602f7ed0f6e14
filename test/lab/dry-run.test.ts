import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { PlannedItem } from '../../src/release/planned.ts'
import { type ActionOptions, type ActionRun, runAction, startAction } from './action.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import { contains, notesOf, released, untouching } from './refusal.ts'
import type { LabSite } from './site.ts'
import { type Report, wholeRun } from './whole-run.ts'

const PATIENCE = 360_000

let lab: Lab
let host: LabHost
before(async () => {
  lab = await openLab()
  host = await lab.host()
})
after(() => lab.dispose())

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

interface Shown {
  readonly run: ActionRun
  readonly plan: readonly PlannedItem[]
}

/** Asks for the plan: it must touch nothing, and end well. */
async function shown(site: LabSite, inputs: Readonly<Record<string, string>>, options?: ActionOptions): Promise<Shown> {
  const dry = site.inputs({ 'dry-run': 'true', 'drain-timeout': '1s', ...inputs })
  const run = await untouching(site, () => runAction(dry, options))
  const report = await wholeRun(run)
  assert.equal(run.outputs['result'], 'planned', run.stdout)
  assert.equal(run.exitCode, 0)
  return { run, plan: (report as { plan?: readonly PlannedItem[] }).plan ?? assert.fail('The report has no plan.') }
}

/** What the journal of a run in its watch has of each change: its title, and by their hashes its script and its undo. */
async function journal(site: LabSite): Promise<readonly object[]> {
  const { stdout } = await host.exec(`cat ${site.stateDirectory}/journal-*/changes`)
  return stdout.split('\n').flatMap((line) => {
    const [, json] = /^\d+ \d+ (\{.*)$/.exec(line) ?? []
    if (json === undefined) return []
    const { hash, change } = JSON.parse(json)
    return [
      { title: change.title, do: { sha256: hash }, undo: change.undo && { sha256: sha256(change.undo.shell.text) } },
    ]
  })
}

/** Does what was shown, and asserts that it did just that, in that order: the very scripts that were shown. */
async function done(site: LabSite, inputs: Readonly<Record<string, string>>, { plan }: Shown, options?: ActionOptions) {
  const action = await startAction(site.inputs({ 'drain-timeout': '1s', ...inputs }), options)
  await action.logged(/::group::Watch /)
  const written = await journal(site)
  const begun = plan.flatMap((item) => (item.kind === 'change' && item.phase !== 'retire' ? [item] : []))
  assert.deepEqual(
    written,
    begun.map(({ title, do: script, undo }) => ({ title, do: script, undo })),
  )
  const run = await action.ended
  const { steps } = run.report as Report
  assert.equal(run.exitCode, 0, run.stdout)
  // What has only an undo is no step where nothing is undone.
  const wanted = plan.flatMap((item) => (item.kind === 'change' && item.does === 'Nothing' ? [] : [item.title]))
  assert.deepEqual(
    steps.map(({ title }) => title).filter((title) => wanted.includes(title)),
    wanted,
  )
  return run
}

test('a deploy by a switch, and the rollback of it: shown, and then done', { timeout: PATIENCE }, async () => {
  await using site = await lab.site(host, { service: 'switched' })
  await released(site, { version: 'v1', 'drain-timeout': '0s' })
  const env = await host.readFile(`${site.directory}/.env`)
  await host.writeFile(`${site.directory}/.env`, `${env}PASSWORD=hunter2\n`, 'deploy')
  const deploy = {
    version: 'v2',
    watch: '3s',
    'before-start': 'echo hook-content',
    'after-restore': 'echo restored',
  }
  const planned = await shown(site, deploy)
  const { run } = planned
  assert.deepEqual([run.outputs['color'], run.outputs['version']], ['green', 'v1'])
  contains(
    run.stdout,
    /^Planned: v2 would go live in place of v1 on green, by \d+ steps\. Nothing was changed\.$/m,
    /Start switched_blue with v2 {2}\(prepare, on deploy@127\.0\.0\.1:\d+\)\n +does: docker compose up .* switched_blue, with IMAGE_TAG and IMAGE_TAG_BLUE = v2\n +undo: Saves the log/,
    /file: .*\/\.env: .*IMAGE_TAG_BLUE.* \(SHA-256 now [0-9a-f]{12}…\)/,
    `file: ${site.stateDirectory}/green → ${site.stateDirectory}/green.off`,
    /undo: Runs the command of `after-restore`/,
  )
  assert.doesNotMatch(run.stdout + run.summary + JSON.stringify(planned.plan), /hunter2|hook-content/)
  contains(run.summary, 'Flip the switch from green to blue')
  await done(site, deploy, planned)

  const rollback = { command: 'rollback', watch: '3s', upload: 'not-in-the-workspace' }
  const back = await shown(site, rollback)
  contains(back.run.stdout, /Start the container of switched_green as it was with v1 .*\n +does: docker start/)
  contains(notesOf(back.run).join('\n'), /`upload` was passed over/)
  await done(site, rollback, back)
  assert.equal((await site.get()).version, 'v1')
})

test('a reload shows the server lines, an upload its hashes, and a refusal stays red', {
  timeout: PATIENCE,
}, async () => {
  await using site = await lab.site(host, { service: 'reloaded', flip: 'reload' })
  await host.exec(`chgrp deploy ${site.nginxFile} && chmod g+w ${site.nginxFile}`)
  await site.up('blue', 'v1')
  const cwd = await mkdtemp(join(tmpdir(), 'workspace-'))
  await writeFile(join(cwd, 'app.env'), 'A=1\n')
  const planned = await shown(site, { version: 'v2', watch: '3s', upload: 'app.env' }, { cwd })
  contains(
    planned.run.stdout,
    /file: .*\/app\.env \(SHA-256 none → [0-9a-f]{12}…\)/,
    `file: ${site.nginxFile} (SHA-256 `,
    `- server ${site.parts.addresses.blue};`,
    `+ server ${site.parts.addresses.green};`,
  )
  contains(notesOf(planned.run).join('\n'), /from the files that are on the host now/)
  await done(site, { version: 'v2', watch: '3s', upload: 'app.env' }, planned, { cwd })
  await rm(cwd, { recursive: true })

  const more = { 'dry-run': 'true', command: 'rollback', version: 'v9' }
  const refused = await untouching(site, () => runAction(site.inputs(more)))
  assert.deepEqual([refused.outputs['result'], refused.outputs['reason']], ['unchanged', 'rollback-impossible'])
})
