import assert from 'node:assert/strict'
import { must, pause, until } from '../command.ts'
import type { SiteContainer } from '../site-containers.ts'
import type { Fault, Seen } from './fault.ts'
import type { Scene } from './scene.ts'

/** Milliseconds in which what a row waits for must be seen. */
const PATIENCE = 30_000
/** Milliseconds without an answer: two looks fit into the health timeout, on a busy machine too. */
const NO_ANSWER = 400

/** Containers of the idle color, those that have ended too. */
async function idleContainers({ site, idle }: Pick<Scene, 'site' | 'idle'>): Promise<readonly SiteContainer[]> {
  const all = await site.containers()
  return all.filter(({ service }) => service === site.services[idle])
}

/** Frees its port. */
export async function noIdle(scene: Pick<Scene, 'site' | 'idle'>): Promise<void> {
  const ids = (await idleContainers(scene)).map(({ id }) => id)
  if (ids.length > 0) await must(['docker', 'rm', '-f', ...ids])
}

/** A reboot would bring a refused container back. */
export async function nothingIdle(scene: Scene): Promise<void> {
  assert.deepEqual(await idleContainers(scene), [])
}

/** What is left of it is stopped, as a release leaves it. */
export async function noIdleRuns(scene: Scene): Promise<void> {
  assert.deepEqual(
    (await idleContainers(scene)).filter(({ status }) => status === 'running'),
    [],
  )
}

/** Looks at the idle color beside the action until it is so twice in a row: `never-healthy: 503`. */
export function idleIs(expected: RegExp): Pick<Fault, 'strike' | 'witness'> {
  let last = 'nothing'
  let inARow = 0
  return {
    strike: async (scene) => {
      const { site, idle } = scene
      const look = async (): Promise<true | undefined> => {
        const answered = site.getColor(idle, '/health').then(
          ({ status }) => `${status}`,
          () => 'no answer',
        )
        const answer = await Promise.race([answered, pause(NO_ANSWER).then(() => 'no answer')])
        const [running] = (await idleContainers(scene)).filter(({ status }) => status === 'running')
        last = `${running?.version}: ${answer}`
        inARow = expected.test(last) ? inARow + 1 : 0
        if (inARow < 2) await pause(100)
        return inARow >= 2 || undefined
      }
      await until(`the idle color to be ${expected}`, PATIENCE, look, () => last)
    },
    witness: async () => assert.match(last, expected),
  }
}

/** The same by what its container prints, where asking would change how it is. */
export function idleSays(expected: RegExp): Pick<Fault, 'strike' | 'witness'> {
  let said = ''
  return {
    strike: async (scene) => {
      const look = async (): Promise<true | undefined> => {
        const [running] = (await idleContainers(scene)).filter(({ status }) => status === 'running')
        if (running !== undefined) said = await must(['docker', 'logs', running.id]).catch(() => said)
        if (expected.test(said)) return true
        await pause(400)
        return undefined
      }
      await until(`the idle color to say ${expected}`, PATIENCE, look, () => said)
    },
    witness: async () => assert.match(said, expected),
  }
}

/** Docker saw its container end with this code. */
export function idleEndedWith(code: number): Fault['witness'] {
  return async ({ site, idle }: Scene, { since }: Seen) => {
    const label = (name: string, value: string) => ['--filter', `label=com.docker.compose.${name}=${value}`]
    const own = [...label('project', site.project), ...label('service', site.services[idle])]
    const until = (await must(['date', '+%s.%N'])).trim()
    const format = '{{index .Actor.Attributes "exitCode"}}'
    const window = ['--since', since, '--until', until, '--filter', 'event=die', '--format', format]
    assert.ok((await must(['docker', 'events', ...window, ...own])).split('\n').includes(String(code)))
  }
}

/** Clients got answers of 500. */
export async function clientsGot500(_: Scene, { load }: Seen): Promise<void> {
  assert.ok(
    Object.keys(load.lostBy).some((what) => what.endsWith(' 500')),
    JSON.stringify(load.lostBy),
  )
}

/** The new version goes bad in the watch: `die`, `fail` or `grow`, as `application/server.js` does. */
export function inTheWatch(how: 'die' | 'fail' | 'grow'): NonNullable<Fault['strike']> {
  const signal = ({ die: 'HUP', fail: 'USR2', grow: 'WINCH' } as const)[how]
  return async (scene, action) => {
    await action.logged(/Watch v3 on/)
    const [running] = (await idleContainers(scene)).filter(({ status }) => status === 'running')
    // Not by `docker kill`, after which Docker takes the end of a container for wanted.
    const process = await must(['docker', 'inspect', '--format', '{{.State.Pid}}', running?.id ?? ''])
    await must(['kill', `-${signal}`, process.trim()])
  }
}
