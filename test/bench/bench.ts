import { runAction } from '../lab/action.ts'
import { pause } from '../lab/command.ts'
import { enclose } from '../lab/enclosure.ts'
import { install } from '../lab/install.ts'
import { openLab } from '../lab/lab.ts'
import type { LabSite } from '../lab/site.ts'
import type { Color } from '../lab/site-nginx.ts'
import { openTerminal, releaseByHand, rollbackByHand } from './by-hand.ts'

/**
 * `npm run bench`: how long a release and a rollback take, each beside the same commands typed by hand over one OpenSSH
 * connection, in one run. It prints figures, and asserts none: only the ratios mean something on another machine.
 */
const inside = '--inside'
const ROUNDS = 5
const goals = { release: 1.5, rollback: 0.6 }

if (process.argv[2] === inside) {
  await bench()
} else {
  await install()
  process.exitCode = await enclose([process.execPath, import.meta.filename, inside])
}

/** Milliseconds of each round. */
interface Times {
  readonly byHand: number[]
  readonly action: number[]
}

async function bench(): Promise<void> {
  await using lab = await openLab()
  const host = await lab.host()
  await using site = await lab.site(host, { flip: 'switch' })
  // What was written a moment before the reload may not be what it read; a host's configuration is older than that.
  await pause(200)
  await host.reloadNginx()
  const release = times()
  const rollbacks = { stop: times(), keep: times() }
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const previous of ['stop', 'keep'] as const) {
      await using terminal = await openTerminal(site)
      const typed = async (commands: readonly string[]) => {
        for (const command of commands) await terminal.type(command)
      }
      const run = (command: string, version: string) => released(site, { command, version, previous })
      // Green is live with v1. Each pair goes there and back, so that all begin alike.
      await run('deploy', 'v1')
      if (!(await isLive(site, 'green'))) await run('deploy', 'v1')
      const forth = { byHand: () => typed(releaseByHand(site, 'blue', 'v2')), action: () => run('deploy', 'v2') }
      if (previous === 'stop') release.byHand.push(await timed(forth.byHand))
      else await run('deploy', 'v2')
      rollbacks[previous].byHand.push(await timed(() => typed(rollbackByHand(site, 'green', 'v1', previous))))
      const took = await timed(forth.action)
      if (previous === 'stop') release.action.push(took)
      rollbacks[previous].action.push(await timed(() => run('rollback', '')))
    }
  }
  console.log(`medians of ${ROUNDS}, watch: 0s   by hand    action   ratio   goal`)
  print('release', release, goals.release)
  for (const [previous, each] of Object.entries(rollbacks)) print(`rollback, ${previous}`, each, goals.rollback)
  const { stop, keep } = rollbacks
  for (const [previous, { action }] of Object.entries({ stop, keep }))
    print(`beside a release, ${previous}`, { byHand: release.byHand, action }, goals.rollback)
}

function times(): Times {
  return { byHand: [], action: [] }
}

async function isLive(site: LabSite, color: Color): Promise<boolean> {
  const { body } = await site.get('/.blue-green')
  return body.includes(`_${color}`)
}

async function released(site: LabSite, inputs: Readonly<Record<string, string>>): Promise<void> {
  const { outputs, stdout } = await runAction(site.inputs({ ...inputs, watch: '0s' }))
  if (!['released', 'rolled-back'].includes(outputs['result'] ?? '')) throw new Error(stdout)
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

function print(name: string, { byHand, action }: Times, goal: number): void {
  const [hand, own] = [median(byHand), median(action)]
  const columns = [`${Math.round(hand)} ms`.padStart(10), `${Math.round(own)} ms`.padStart(9)]
  console.log(`${name.padEnd(26)}${columns.join(' ')}   ${(own / hand).toFixed(2)}   ${goal}`)
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN
}
