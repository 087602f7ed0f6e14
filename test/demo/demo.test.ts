import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { until } from '../lab/command.ts'
import { openLab } from '../lab/lab.ts'
import { differences, type Traces, traces } from '../lab/leftovers.ts'

const root = join(import.meta.dirname, '../..')

/** Starts an npm script in an enclosure of its own: for what is inside, this one is the machine. */
function npm(...args: readonly string[]) {
  // Without what this run of the tests knows, as if it were called on a fresh machine; npm makes a group of its own.
  const { NODE_TEST_CONTEXT: _, LAB_ENCLOSED: __, ...env } = process.env
  const child = spawn('npm', args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let seen = ''
  const listen = (text: string) => {
    seen += text
  }
  child.stdout.setEncoding('utf8').on('data', listen)
  child.stderr.setEncoding('utf8').on('data', listen)
  return {
    pid: child.pid ?? 0,
    ended: once(child, 'close').then(([code]) => ({
      code: code as number | null,
      seen: stripVTControlCharacters(seen),
    })),
    exited: once(child, 'exit'),
    says: (pattern: RegExp) =>
      until(
        `${pattern}`,
        60_000,
        async () => pattern.test(seen) || undefined,
        () => seen,
      ),
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    interrupt: () => process.kill(-(child.pid ?? 0), 'SIGINT'), // as a terminal does: everyone in the foreground
  }
}

/** What ends by SIGKILL is cleaned up behind: that takes a moment. */
async function isAsBefore(before: Traces): Promise<void> {
  let different: readonly string[] = []
  const clean = async () => {
    different = differences(before, await traces())
    return different.length === 0 || undefined
  }
  await until('the machine as it was before', 20_000, clean, () => different.join('\n'))
}

describe('the demo', { timeout: 10 * 60_000 }, () => {
  test('shows what it should, ends well, and leaves nothing, also where it was killed before', async (t) => {
    await using lab = await openLab() // so that there is a machine with an engine of its own
    await lab.host()
    const before = await traces()

    await t.test('killed with SIGKILL under load', async () => {
      const demo = npm('run', 'demo')
      await demo.says(/Flip the switch from green/)
      demo.kill('SIGKILL')
      await demo.exited
      await isAsBefore(before)
    })

    await t.test('to its end', async () => {
      const { code, seen } = await npm('run', 'demo').ended
      assert.equal(code, 0, seen)
      const row = (release: string, result: string, lost: string) =>
        new RegExp(`^ +${release} +${result} +[\\d.]+ s +[\\d,–]+ +${lost}$`, 'm')
      assert.match(seen, row('v1', 'released', '–'))
      assert.match(seen, row('v2', 'released', '0'))
      assert.match(seen, row('v3-never-healthy', 'unchanged', '0'))
      assert.match(seen, row('v4-wears-out', 'restored', '\\d+\\*?'))
      assert.match(seen, /Where to look next/)
      assert.doesNotMatch(seen, /::|PRIVATE KEY/)
      assert.ok(
        Math.max(
          ...seen
            .split('\n')
            .filter((line) => !line.startsWith('npm '))
            .map((line) => line.length),
        ) <= 80,
      )
      await isAsBefore(before)
    })

    await t.test('interrupted as by Ctrl-C', async () => {
      const demo = npm('run', 'demo')
      await demo.says(/✓ Connect/)
      demo.interrupt()
      const { code, seen } = await demo.ended
      assert.notEqual(code, 0)
      assert.match(seen, /ended before its end\. Nothing of it is left/)
      await isAsBefore(before)
    })
  })

  test('without root says that it needs it', async () => {
    const demo = spawn(
      'setpriv',
      ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, join(root, 'test/demo/demo.ts')],
      {
        env: { ...process.env, npm_lifecycle_event: 'demo' },
      },
    )
    let said = ''
    demo.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    const [code] = await once(demo, 'close')
    assert.equal(code, 1)
    assert.equal(
      said,
      'The lab needs root, for a real sshd, Nginx and Docker Engine of its own: run `sudo npm run demo`. `npm run test:unit` works without.\n',
    )
  })
})

describe('the tests', { timeout: 10 * 60_000 }, () => {
  test('leave nothing where they are killed with SIGKILL, and where they are run again', async () => {
    const before = await traces()
    const files = ['test/lab/site.test.ts']
    const killed = npm('test', '--', ...files)
    await until(
      'a container of the lab',
      30_000,
      async () => differences(before, await traces()).some((line) => line.includes('server.js')) || undefined,
    )
    killed.kill('SIGKILL')
    await killed.exited
    await isAsBefore(before)
    const { code, seen } = await npm('test', '--', ...files).ended
    assert.equal(code, 0, seen)
    await isAsBefore(before)
  })
})
