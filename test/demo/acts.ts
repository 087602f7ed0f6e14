import type { LoadResult } from '../lab/load.ts'

/** One release of the demo: what is about to happen, and what must come of it. */
export interface Act {
  readonly version: string
  readonly title: string
  /** What is about to happen. */
  readonly story: string
  /** What the one who watches should look for. */
  readonly look: string
  readonly inputs: Readonly<Record<string, string>>
  /** Clients ask all the time; not before anything is live. */
  readonly load: boolean
  readonly result: 'released' | 'unchanged' | 'restored'
  /** The version that serves afterwards. */
  readonly serves: string
  /** Losses that are the version's own doing and that Nginx cannot spare anyone. */
  readonly owns: readonly string[]
}

export const acts: readonly Act[] = [
  {
    version: 'v1',
    title: 'the first release',
    story: 'Nginx is set up, and nothing runs behind it. v1 is started, asked until it is healthy, and put live.',
    look: 'the step "See v1 on the public route": it asks through Nginx, as a visitor would.',
    inputs: { watch: '3s' },
    load: false,
    result: 'released',
    serves: 'v1',
    owns: [],
  },
  {
    version: 'v2',
    title: 'a release under load',
    story:
      '32 clients keep their connections open and ask all the time, half of it POST. v2 is started beside v1, and the switch flipped.',
    look: 'the requests lost in the last line: none.',
    inputs: { watch: '5s' },
    load: true,
    result: 'released',
    serves: 'v2',
    owns: [],
  },
  {
    version: 'v3-never-healthy',
    title: 'a version that never gets healthy',
    story: 'v3 starts and answers 503. It gets 5 seconds to become healthy.',
    look: 'no flip at all: v2 serves from beginning to end, and the error says what v3 answered.',
    inputs: { 'health-timeout': '5s' },
    load: true,
    result: 'unchanged',
    serves: 'v2',
    owns: [],
  },
  {
    version: 'v4-wears-out',
    title: 'a version that breaks once it is live',
    story:
      'v4 is healthy, and answers everything with 500 after its first thousand requests: only real traffic shows it.',
    look: 'the flip, the watch that sees the 500s, and "Undo: Flip the switch": v2 is back.',
    inputs: { watch: '20s' },
    load: true,
    result: 'restored',
    serves: 'v2',
    owns: ['POST 500'],
  },
]

/** What was seen of an act. */
export interface Seen {
  readonly act: Act
  readonly result: string
  readonly exitCode: number
  /** Milliseconds. */
  readonly duration: number
  /** The version that answered through Nginx afterwards. */
  readonly serves: string
  readonly traffic?: LoadResult
}

/** What was not as it should be, in sentences. */
export function faultsOf({ act, result, exitCode, serves, traffic }: Seen): readonly string[] {
  const faults: string[] = []
  if (result !== act.result)
    faults.push(`${act.version} should have ended ${act.result}, and ended ${result || 'without a result'}.`)
  if ((exitCode === 0) !== (act.result === 'released'))
    faults.push(`The step of ${act.version} ended with exit code ${exitCode}.`)
  if (serves !== act.serves) faults.push(`After ${act.version} ${act.serves} should serve, and ${serves} does.`)
  if (traffic === undefined) return faults
  if (traffic.requests < 100)
    faults.push(`Only ${traffic.requests} requests were asked during ${act.version}: that shows nothing.`)
  const foreign = Object.entries(traffic.lostBy).filter(([what]) => !act.owns.includes(what))
  const list = foreign.map(([what, count]) => `${count} × ${what}`).join(', ')
  if (foreign.length > 0) faults.push(`Requests were lost during ${act.version}: ${list}.`)
  const answered = Object.keys(traffic.byVersion)
  if (act.result !== 'unchanged' && !answered.includes(act.version)) faults.push(`No client ever saw ${act.version}.`)
  if (act.result === 'unchanged' && answered.includes(act.version))
    faults.push(`Clients saw ${act.version}, which was refused.`)
  return faults
}
