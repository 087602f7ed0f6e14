import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { until } from './command.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import { notesOf, refusedFor } from './refusal.ts'
import { CONFIGURATION, openReloadSite, type ReloadSite, released } from './reload-site.ts'
import type { LabSite } from './site.ts'
import type { Color } from './site-nginx.ts'

// What is on the disk is not what Nginx has loaded, though no file looks younger than its workers.

const timeout = 240_000
const ELSEWHERE = '/srv/nginx'
let lab: Lab
let bench: ReloadSite
let site: LabSite
let host: LabHost
/** The color that has all visitors; the other one does not run. */
let live: Color
before(async () => {
  lab = await openLab()
  bench = await openReloadSite(lab)
  site = bench.site
  host = bench.host
  live = await bench.live()
})
after(() => lab.dispose())

const idle = (): Color => (live === 'blue' ? 'green' : 'blue')
const to = (color: Color) => `upstream ${site.upstream} { server ${site.parts.addresses[color]}; }\n${bench.server()}`

/** Writes a file that `deploy` may rewrite. */
async function put(path: string, text: string): Promise<void> {
  await host.writeFile(path, text)
  await must(`chown deploy ${path}`)
}

async function must(command: string): Promise<string> {
  const ended = await host.exec(command)
  assert.equal(ended.code, 0, `${command}: ${ended.stderr}`)
  return ended.stdout
}

async function killWorkers(count: number): Promise<void> {
  const workers = (await host.nginxProcesses()).filter(({ role }) => role === 'worker').slice(0, count)
  await must(`kill -9 ${workers.map(({ pid }) => pid).join(' ')}`)
  await until('the workers that the master starts again', 5000, async () => {
    const now = (await host.nginxProcesses()).filter(({ role }) => role === 'worker')
    const fresh = now.filter(({ pid }) => !workers.some((old) => old.pid === pid))
    return fresh.length >= workers.length || undefined
  })
}

interface Case {
  readonly title: string
  /** What somebody does, without a reload: the disk says that the idle color is live. Gives the path that is named. */
  readonly act: () => Promise<string>
  readonly ready?: () => Promise<void>
}

const cases: readonly Case[] = [
  {
    title: 'a link that was turned',
    ready: async () => {
      await put(`${ELSEWHERE}/${live}.conf`, to(live))
      await put(`${ELSEWHERE}/${idle()}.conf`, to(idle()))
      await must(
        `rm ${CONFIGURATION}; touch -d '2 days ago' ${ELSEWHERE}/*; ln -s ${ELSEWHERE}/${live}.conf ${CONFIGURATION}`,
      )
      // A link between the files of the colors is turned by a release, and not written through.
      await must(`chown deploy $(dirname ${CONFIGURATION})`)
      await host.reloadNginx()
    },
    act: async () => {
      await must(`ln -sfn ${ELSEWHERE}/${idle()}.conf ${CONFIGURATION}`)
      return CONFIGURATION
    },
  },
  {
    title: 'a link to a folder that was turned',
    ready: async () => {
      for (const color of [live, idle()]) await put(`${ELSEWHERE}/${color}/web.conf`, to(color))
      await must(
        `rm ${CONFIGURATION}; ln -sfn ${ELSEWHERE}/${live} ${ELSEWHERE}/current; ln -s ${ELSEWHERE}/current/web.conf ${CONFIGURATION}`,
      )
      await host.reloadNginx()
    },
    act: async () => {
      await must(`ln -sfn ${ELSEWHERE}/${idle()} ${ELSEWHERE}/current`)
      return `${ELSEWHERE}/current`
    },
  },
  {
    title: 'an older file that was moved over it',
    act: async () => {
      await put('/etc/nginx/other', to(idle()))
      await must(`touch -d '2 days ago' /etc/nginx/other; mv /etc/nginx/other ${CONFIGURATION}`)
      return CONFIGURATION
    },
  },
  {
    title: 'an included file that was deleted',
    ready: async () => {
      await put('/etc/nginx/lines/live.conf', `server ${site.parts.addresses[live]};\n`)
      const rest = `include lines/*.conf; server ${site.parts.addresses[idle()]};`
      await put(CONFIGURATION, `upstream ${site.upstream} { ${rest} }\n${bench.server()}`)
      await host.reloadNginx()
    },
    act: async () => {
      await must('rm /etc/nginx/lines/live.conf')
      return '/etc/nginx/lines'
    },
  },
  {
    title: 'an edit, and a worker that the master started again',
    act: async () => {
      await put(CONFIGURATION, to(idle()))
      await killWorkers(1)
      return CONFIGURATION
    },
  },
]

describe('visitors are on the color that the disk does not name, after', () => {
  for (const { title, ready, act } of cases) {
    test(title, { timeout }, async () => {
      await bench.install(to(live))
      await ready?.()
      const { version } = await site.get()
      const path = await act()
      assert.equal((await site.get()).version, version)
      const sentence = await refusedFor(
        site,
        { flip: 'reload' },
        'drift',
        'has loaded: ',
        `requests through Nginx reach ${live}`,
      )
      assert.match(sentence, new RegExp(`${path}[^;]* changed since; the disk says ${idle()}, `))
      assert.equal((await site.get()).version, version)
    })
  }

  test('an edit, and all workers that the master started again', { timeout }, async () => {
    await bench.install(to(live))
    const { version } = await site.get()
    await put(CONFIGURATION, to(idle()))
    await killWorkers(99)
    await until('an answer', 5000, () =>
      site.get().then(
        () => true as const,
        () => undefined,
      ),
    )
    const sentence = await refusedFor(site, { flip: 'reload' }, 'drift', `requests through Nginx reach ${live}`)
    assert.match(sentence, /has loaded: /)
    assert.equal((await site.get()).version, version)
  })
})

describe('Nginx that was never reloaded', () => {
  test('has not loaded a folder that was moved into the place of another', { timeout }, async () => {
    for (const color of [live, idle()]) await put(`${ELSEWHERE}/${color}/web.conf`, to(color))
    await must(
      `rm -f /etc/nginx/conf.d/*; ln -s ${ELSEWHERE}/site/web.conf ${CONFIGURATION}; mv ${ELSEWHERE}/${live} ${ELSEWHERE}/site`,
    )
    await host.stopNginx()
    await host.startNginx()
    const { version } = await site.get()
    await must(`mv ${ELSEWHERE}/site ${ELSEWHERE}/${live}; mv ${ELSEWHERE}/${idle()} ${ELSEWHERE}/site`)
    await refusedFor(site, { flip: 'reload' }, 'drift', 'has loaded: ', `requests through Nginx reach ${live}`)
    assert.equal((await site.get()).version, version)
  })
})

describe('a later time alone refuses nothing:', () => {
  const touches: Readonly<Record<string, string>> = {
    'touch and chown -R': `touch ${CONFIGURATION}; chown -R deploy /etc/nginx`,
    'a file that was copied over it': `cp -p ${CONFIGURATION} /etc/nginx/other && mv /etc/nginx/other ${CONFIGURATION}`,
  }
  for (const [title, command] of Object.entries(touches)) {
    test(`${title}, after somebody's reload and after ours`, { timeout }, async () => {
      await bench.install(to(await bench.live()))
      for (const whose of ['somebody', 'ours']) {
        await must(command)
        const run = await bench.deploy()
        released(run)
        assert.match(
          notesOf(run).join('\n'),
          new RegExp(`${CONFIGURATION}[^.]*.* changed since Nginx was loaded`),
          whose,
        )
        assert.equal((await site.get()).version, run.outputs['version'])
      }
    })
  }

  test('what is named is loaded, and the next release names nothing', { timeout }, async () => {
    const color = await bench.live()
    await bench.install(to(color))
    await host.writeFile('/etc/nginx/conf.d/another.conf', '# somebody is at work here\n')
    const first = await bench.deploy()
    released(first)
    assert.match(notesOf(first).join('\n'), /conf\.d\/another\.conf.* the reload of this release loads that/)
    const second = await bench.deploy()
    released(second)
    assert.doesNotMatch(notesOf(second).join('\n'), /changed since Nginx was loaded|Not proven/)
  })
})
