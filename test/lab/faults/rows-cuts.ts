import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { StartedAction } from '../action.ts'
import { freePort } from '../ports.ts'
import type { Fault } from './fault.ts'
import { onMyWay, resets } from './nginx-faults.ts'
import { pullsFrom } from './rows-registry.ts'
import { type Scene, takePort } from './scene.ts'

/** The connection is cut at each kind of step, while that is under way. */
export const cuts: readonly Fault[] = [
  cutRow('before anything was done', {
    step: 'Start … with v3',
    begun: logged(/✓ See what is live, and plan/),
  }),
  cutRow('while a file is uploaded', {
    step: 'Put app.conf (…) into …',
    inputs: { upload: 'app.conf' },
    begun: async (scene, action) => {
      await writeFile(join(scene.workspace, 'app.conf'), Buffer.alloc(7 * 1024 * 1024, 'new\n'))
      await action.logged(/✓ Compare the files to upload/)
      // So large a file is still on its way.
      const processes = (await connections(scene)).flatMap(({ pids }) => pids)
      await scene.root(`kill -STOP ${processes.join(' ')}`)
      await action.logged(/::group::Put app\.conf/)
    },
  }),
  {
    ...cutRow('while the image is pulled', {
      step: 'Pull …',
      inputs: { pull: 'always' },
      begun: logged(/Pull 127\.0\.0\.1/),
    }),
    arrange: async (scene) => {
      const port = await freePort()
      await takePort(scene.host, port) // a registry that says nothing
      await pullsFrom(scene, `127.0.0.1:${port}`)
    },
    alone: true,
  },
  cutRow('while the new color starts to answer', {
    step: 'Wait until slow-boot on … is healthy',
    inputs: { version: 'slow-boot', 'health-timeout': '20s' },
    begun: logged(/Wait until slow-boot/),
  }),
  {
    ...cutRow('in the smoke test', {
      step: 'Run the smoke test against v3 on …',
      inputs: {
        'smoke-test': 'echo asking; curl --silent --show-error --fail "$BASE_URL/slow?ms=6000"',
        'hook-timeout': '20s',
      },
      begun: logged(/^ {2}\| asking/m),
    }),
    reason: 'smoke-test-failed',
    reads: 'The smoke test ended with exit code …. Its last line: curl: ',
  },
  cutRow('while `.env` is written', {
    step: 'Write v3 into …',
    begun: async (scene, action) => {
      await hold(scene, `${scene.site.directory}/.blue-green/lock`)
      await action.logged(/Write v3 into/)
    },
    ended: letGo,
  }),
  cutRow('in a hook before the flip', {
    step: 'Hook before-flip',
    inputs: { 'before-flip': 'echo on my way; echo $$ >hook.pid; sleep 100', 'hook-timeout': '30s' },
    begun: logged(onMyWay),
    leaves: 'hook.pid',
  }),
  {
    ...cutRow('in a flip by switch', {
      step: 'Flip the switch from … to …',
      inputs: { 'before-flip': 'echo on my way; until rm held 2>/dev/null; do sleep 0.1; done', 'hook-timeout': '30s' },
      begun: async (scene, action) => {
        await action.logged(onMyWay)
        await hold(scene, `${scene.site.stateDirectory}/lock`)
        await scene.root(`until [ -e /run/holder ]; do sleep 0.1; done; : >${scene.site.directory}/held`)
        await action.logged(/Flip the switch/)
      },
      ended: letGo,
    }),
    result: 'restored',
  },
  {
    ...cutRow('in a flip by reload', {
      step: 'Point the upstream from … and reload Nginx',
      begun: async (scene, action) => {
        await hold(scene, scene.site.nginxFile)
        await action.logged(/Point the upstream from/)
      },
      ended: letGo,
    }),
    result: 'restored',
    lost: resets(),
    ground: { site: { flip: 'reload' } },
  },
  {
    ...cutRow('in a hook after the flip', {
      step: 'Hook after-flip',
      inputs: { 'after-flip': 'echo on my way; echo $$ >hook.pid; sleep 100', 'hook-timeout': '30s' },
      begun: logged(onMyWay),
      leaves: 'hook.pid',
    }),
    result: 'restored',
  },
  {
    ...cutRow('in the watch', { step: 'Watch v3 on … for 8 s', inputs: { watch: '8s' }, begun: logged(/Watch v3 on/) }),
    result: 'restored',
  },
  {
    ...cutRow('in the confirmation: that is asked for again', {
      step: '',
      inputs: { watch: '5s' },
      begun: async (scene, action) => {
        await action.logged(/Watch v3 on/)
        await hold(scene, `${scene.site.stateDirectory}/lock`)
        await action.logged(/Confirm v3 on/)
      },
      ended: letGo,
    }),
    result: 'released',
    reason: '',
    reads: '',
    left: 'the release',
    alone: true,
    also: async (_, run) => assert.equal(run.outputs['version'], 'v3'),
  },
  {
    ...cutRow('while the old color drains', {
      step: '',
      inputs: { 'drain-timeout': '3s' },
      begun: logged(/✓ Confirm v3/),
    }),
    result: 'released',
    reason: '',
    reads: '… Nothing depends on it.',
    left: 'the release, and what was not cleaned up: a warning names it',
    alone: true,
    also: async (_, run) => assert.equal(run.outputs['version'], 'v3'),
  },
]

interface Cut {
  readonly step: string
  readonly inputs?: Readonly<Record<string, string>>
  /** Resolves when it is time. */
  readonly begun: (scene: Scene, action: StartedAction) => Promise<void>
  /** Takes away what held the step up. */
  readonly ended?: (scene: Scene) => Promise<void>
  /** A file of the hook with its process id. */
  readonly leaves?: string
}

/** Every session of the host ends at once; the server takes new ones. */
function cutRow(when: string, { step, inputs, begun, ended, leaves }: Cut): Fault {
  let connected: readonly string[] = []
  return {
    what: `The connection is cut ${when}`,
    step,
    result: 'unchanged',
    reason: 'connection-lost',
    reads: 'The SSH connection to … was lost',
    left: 'nothing',
    inputs: () => inputs ?? {},
    strike: async (scene, action) => {
      await begun(scene, action)
      const { host } = scene
      const sessions = await connections(scene)
      connected = sessions.map(({ peer }) => peer)
      const processes = sessions.flatMap(({ pids }) => pids).join(' ')
      assert.notEqual(processes, '', 'There was no connection to cut.')
      // Of a pair of processes the second may end with the first.
      await host.exec(`kill -9 ${processes}`)
      await ended?.(scene)
    },
    witness: async (scene) => {
      const left = (await connections(scene)).filter(({ peer }) => connected.includes(peer))
      assert.deepEqual(left, [])
      // What the cut left running was ended before anything was undone.
      if (leaves !== undefined) {
        await scene.root(`cd ${scene.site.directory} && ! kill -0 "$(cat ${leaves})" && rm ${leaves}`)
      }
    },
  }
}

/** Who is connected to the SSH server, and the processes that serve them. */
async function connections({ root, host }: Scene) {
  const listed = await root(`ss -Htnp state established 'sport = :${host.port}'`)
  return listed
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({
      peer: line.trim().split(/\s+/)[3] ?? '',
      pids: [...line.matchAll(/pid=(\d+)/g)].map(([, pid]) => pid ?? ''),
    }))
}

function logged(pattern: RegExp): Cut['begun'] {
  return (_, action) => action.logged(pattern)
}

/** Somebody else has the lock of a file. */
async function hold({ root }: Scene, file: string): Promise<void> {
  const holder = `exec 9<"$0"; flock 9; echo $$ >/run/holder; exec sleep 60`
  await root(`setsid sh -c '${holder}' ${file} </dev/null >/dev/null 2>&1 &`)
}

async function letGo({ root }: Scene): Promise<void> {
  await root('kill -9 $(cat /run/holder); rm /run/holder')
}
