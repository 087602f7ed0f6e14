import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { watchState } from './chaos-instants.ts'
import { type Kill, WATCH } from './chaos-plan.ts'
import { until } from './command.ts'
import { type CustodyScene, inTime } from './custody-scene.ts'
import type { LabHost } from './host.ts'
import { killProcess } from './machine.ts'

/** What became of a release that was killed. */
export interface Killed {
  /** Traffic had been moved, and the release was not confirmed. */
  readonly between: boolean
  /** Milliseconds from the kill until traffic was back; where it was measured. */
  readonly restored?: number
}

/** Milliseconds in which traffic is waited for. */
const PATIENCE = 15_000

/**
 * Kills a release, and asserts all that must be true then: no request is lost, traffic is back in time where nothing was
 * confirmed, the next release succeeds without help, and nothing is left of either.
 */
export async function killed(scene: CustodyScene, kill: Kill): Promise<Killed> {
  const { host, site, witness } = scene
  const from = await scene.live()
  const to = from === 'blue' ? 'green' : 'blue'
  const [before, records] = [(await site.get()).version, (await scene.ledger()).length]
  const seen = witness.sights.length
  const version = scene.next()
  const stands = async () => (await scene.ledger()).slice(records).some((line) => JSON.parse(line).version === version)
  const state = watchState(site)
  const run = await scene.start({ version, watch: kill.watched ? '60s' : `${WATCH}ms` })
  const over = run.ended.then(() => undefined)
  // What is over before its instant has come was not killed, and must be right all the same.
  await Promise.race([state.reached(kill.instant, run).catch(() => over), over])
  const at = performance.now()
  run.kill('SIGKILL')
  if (kill.sessions) await killSessions(host)
  state.close()
  const ended = await run.ended

  let restored: number | undefined
  if (kill.post) {
    await scene.post(ended)
    await scene.lostNothing()
  } else if (!kill.hurried && (await scene.live()) !== from && !(await confirmed(scene, stands))) {
    const back = await witness.sees(from, PATIENCE)
    restored = Math.max(0, back.at - at)
    inTime(scene, restored)
  }
  const next = await scene.recovers()
  const stood = await stands()
  assert.equal(next.outputs['previous-version'], stood ? version : before, next.stdout)
  const colors = witness.sights.slice(seen).map(({ color }) => color)
  const right = stood ? [[to, from]] : [[to], [to, from, to]]
  assert.ok(
    right.some((way) => way.join() === colors.join()),
    `Nginx chose ${[from, ...colors].join(', ')}, and the release ${stood ? 'stands' : 'does not stand'}:\n${ended.stdout}`,
  )
  return { between: colors.length === 3, ...(restored !== undefined && { restored }) }
}

/** Whether the release is confirmed, by itself or by what it had begun; or `false` once traffic is back. */
async function confirmed({ host, site, live }: CustodyScene, stands: () => Promise<boolean>): Promise<boolean> {
  const moved = await live()
  return until('the end of a release that was killed', PATIENCE, async () => {
    if (
      (await stands()) ||
      (await host.exec(`grep -q ^confirmed ${site.stateDirectory}/journal-*/decision`)).code === 0
    )
      return true
    return (await live()) === moved ? undefined : false
  }).catch(() => false)
}

/** All that the user runs there, but the guard: as where a host ends what a lost connection leaves. */
async function killSessions({ machine }: LabHost): Promise<void> {
  const own = /^Uid:\t41998\t/m
  const pids = await machine.processes()
  await Promise.all(
    pids.map(async (pid) => {
      const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')
      if (own.test(await read('status')) && !/guard\.sh/.test(await read('cmdline'))) killProcess(pid)
    }),
  )
}
