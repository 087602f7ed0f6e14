import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ActionRun, startAction } from './action.ts'
import { until } from './command.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import { type LoadResult, startLoad } from './load.ts'
import { notesOf } from './refusal.ts'
import { CONFIGURATION, openReloadSite, type ReloadSite, released, sentences } from './reload-site.ts'
import type { LabSite } from './site.ts'
import type { Color } from './site-nginx.ts'

// The block sends requests to both colors, as the owner's own script needs it: whichever runs serves.

const timeout = 360_000
let lab: Lab
let bench: ReloadSite
let site: LabSite
let host: LabHost
/** The file as the owner wrote it. */
let original: string
before(async () => {
  lab = await openLab()
  bench = await openReloadSite(lab)
  site = bench.site
  host = bench.host
  const { blue, green } = site.parts.addresses
  // With `max_fails`, a worker that was refused by both tries only one request at first, and answers the next with 502.
  original = `upstream ${site.upstream} {\n  server ${blue} max_fails=0 fail_timeout=1s;\n  server ${green} max_fails=0 weight=2; # green\n}\n${bench.server()}`
  await bench.install(original)
})
after(() => lab.dispose())

const now = () => host.readFile(CONFIGURATION)
const other = (color: Color): Color => (color === 'blue' ? 'green' : 'blue')
/** The text with one color's line marked. */
const marked = (color: Color) =>
  color === 'blue'
    ? original.replace('fail_timeout=1s;', 'fail_timeout=1s down;')
    : original.replace('weight=2;', 'weight=2 down;')

/** Visitors, each on a connection of its own, while something is done. */
async function visited<T>(work: () => Promise<T>): Promise<[T, LoadResult]> {
  await using load = await startLoad({
    url: site.publicUrl,
    host: site.serverName,
    connections: 4,
    keepAlive: false,
    think: [5, 20],
  })
  const done = await work()
  return [done, await load.stop()]
}

/** What the owner's own script does: stops the color that serves and starts the other one. */
async function byOwnersScript(): Promise<void> {
  const from = await bench.live()
  assert.equal((await site.compose('stop', site.services[from])).code, 0)
  await site.up(other(from), 'v1')
  await until('the color that the owner started', 15_000, async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => site.get().catch(() => undefined)))
    return answers.every((answer) => answer?.status === 200) || undefined
  })
  assert.equal(await bench.live(), other(from))
}

/** A release of this version, to be ended from outside once it has printed this. */
async function endedAt(inputs: Readonly<Record<string, string>>, at: RegExp): Promise<void> {
  const run = await startAction(site.inputs({ flip: 'reload', lease: '3s', ...inputs }))
  await run.logged(at)
  run.kill('SIGKILL')
  await run.ended
}

function visitors({ lost, failures, byVersion }: LoadResult, versions: readonly (string | undefined)[]): void {
  assert.equal(lost, 0, JSON.stringify(failures))
  assert.deepEqual(Object.keys(byVersion).toSorted(), versions.toSorted())
}

describe('a block with the lines of both colors', () => {
  test('leads nobody to a color that is refused, and is as it was', { timeout }, async () => {
    const color = await bench.live()
    const { version } = await site.get()
    const starting = new Set<string>()
    const [run, seen] = await visited(async () => {
      const action = await startAction(
        site.inputs({ version: 'never-healthy', flip: 'reload', 'health-timeout': '4s' }),
      )
      await action.logged(/Wait until never-healthy/)
      starting.add(await now())
      return action.ended
    })
    assert.equal(run.outputs['result'], 'unchanged', run.stdout)
    visitors(seen, [version])
    assert.deepEqual([...starting], [marked(other(color))])
    assert.equal(await now(), original)
    await byOwnersScript()
  })

  test('is as it was after a release and after a rollback, and the report says how', { timeout }, async () => {
    const before = (await site.get()).version
    const [run, seen] = await visited(() => bench.deploy({ watch: '1s' }))
    released(run)
    visitors(seen, [before, run.outputs['version']])
    assert.ok((seen.lastSeen[before ?? ''] ?? 0) < seen.duration)
    assert.doesNotMatch(run.stdout, /::warning::|Requests were not seen/)
    assert.equal(await now(), original)
    assert.match(
      notesOf(run).join('\n'),
      /sends requests to both colors\. .*Once the previous color is stopped the mark is removed: three reloads\./,
    )
    const back = await bench.deploy({ command: 'rollback', version: '' })
    if (back.outputs['result'] === 'rolled-back') assert.equal((await site.get()).version, back.outputs['version'])
    else assert.match(sentences(back), /ledger/)
    assert.equal(await now(), original)
    await byOwnersScript()
  })

  test('is as it was after a release that failed in its watch', { timeout }, async () => {
    const { version } = await site.get()
    const run: ActionRun = await bench.deploy({ version: 'fails-later', watch: '20s' })
    assert.equal(run.outputs['result'], 'restored', run.stdout)
    assert.equal((await site.get()).version, version)
    assert.equal(await now(), original)
    await byOwnersScript()
  })

  test('keeps its mark with `previous: keep`, and loses it with the next release', { timeout }, async () => {
    const color = await bench.live()
    const kept = await bench.deploy({ previous: 'keep' })
    released(kept)
    assert.equal(await now(), marked(color))
    assert.match(
      notesOf(kept).join('\n'),
      /`previous: keep` leaves the mark at the line of the previous color, in .*web\.conf/,
    )
    const next = await bench.deploy()
    released(next)
    assert.doesNotMatch(next.stdout, /::warning::|Requests were not seen/)
    assert.match(
      notesOf(next).join('\n'),
      /An earlier release left the mark `down` .* It is removed once the previous color is stopped/,
    )
    assert.equal(await now(), original)
    assert.equal(await bench.live(), color)
    await byOwnersScript()
  })

  for (const [moment, at] of [
    ['before its flip', /Wait until x-slow-boot/],
    ['in its watch', /Watch x-slow-boot/],
  ] as const) {
    test(`is as it was after a run that was ended from outside ${moment}, and the next release`, {
      timeout,
    }, async () => {
      await site.version('x-slow-boot')
      const { version } = await site.get()
      const [, seen] = await visited(async () => {
        await endedAt({ version: 'x-slow-boot', watch: '60s' }, at)
        const serves = async () => ((await site.get()).version === version ? true : undefined)
        await until('the previous version', 30_000, serves)
      })
      assert.equal(seen.lost, 0, JSON.stringify(seen.failures))
      if (moment === 'before its flip') visitors(seen, [version])
      released(await bench.deploy({ 'lock-timeout': '60s' }))
      assert.equal(await now(), original)
      await byOwnersScript()
    })
  }

  test('counts as flipped by others, if somebody removes the mark of an earlier release in the watch', {
    timeout,
  }, async () => {
    await site.version('x-unmarked')
    const from = await bench.live()
    released(await bench.deploy({ previous: 'keep' }))
    assert.equal(await now(), marked(from))
    const { version } = await site.get()
    const action = await startAction(site.inputs({ version: 'x-unmarked', flip: 'reload', watch: '20s' }))
    await action.logged(/Watch x-unmarked/)
    await bench.install(original)
    const run = await action.ended
    assert.equal(run.outputs['reason'], 'flipped-by-others', run.stdout)
    assert.notEqual(run.outputs['result'], 'released')
    // The color that requests had gone to was left running, and serves.
    assert.equal((await site.getColor(other(from))).version, version, run.stdout)
    assert.equal((await site.get()).version, version)
  })
})
