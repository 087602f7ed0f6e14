import { runAction } from '../lab/action.ts'
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
  await using site = await lab.site(await lab.host(), { flip: 'switch' })
  await released(site, 'deploy', 'v1')
  const release: Times = { byHand: [], action: [] }
  const rollback: Times = { byHand: [], action: [] }
  // Green is live with v1. Each pair goes there and back, so that all begin alike.
  for (let round = 0; round < ROUNDS; round += 1) {
    await using terminal = await openTerminal(site)
    const typed = async (commands: readonly string[]) => {
      for (const command of commands) await terminal.type(command)
    }
    release.byHand.push(await timed(() => typed(releaseByHand(site, 'blue', 'v2'))))
    rollback.byHand.push(await timed(() => typed(rollbackByHand(site, 'green', 'v1'))))
    release.action.push(await timed(() => released(site, 'deploy', 'v2')))
    rollback.action.push(await timed(() => released(site, 'rollback', '')))
    await released(site, 'deploy', 'v1')
    await back(site, 'green')
  }
  console.log(`medians of ${ROUNDS}, watch: 0s   by hand    action   ratio   goal`)
  print('release', release)
  print('rollback', rollback)
  const whole = median(rollback.action) / median(release.byHand)
  console.log(`rollback beside a release by hand${' '.repeat(12)}${whole.toFixed(2)}`)
}

/** Puts traffic where each round begins, where it is not. */
async function back(site: LabSite, color: Color): Promise<void> {
  const { body } = await site.get('/.blue-green')
  if (!body.includes(`_${color}`)) await released(site, 'deploy', 'v1')
}

async function released(site: LabSite, command: string, version: string): Promise<void> {
  const { outputs, stdout } = await runAction(site.inputs({ command, version, watch: '0s' }))
  if (!['released', 'rolled-back'].includes(outputs['result'] ?? '')) throw new Error(stdout)
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

function print(name: keyof typeof goals, { byHand, action }: Times): void {
  const [hand, own] = [median(byHand), median(action)]
  const columns = [`${Math.round(hand)} ms`.padStart(10), `${Math.round(own)} ms`.padStart(9)]
  console.log(`${name.padEnd(26)}${columns.join(' ')}   ${(own / hand).toFixed(2)}   ${goals[name]}`)
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN
}
