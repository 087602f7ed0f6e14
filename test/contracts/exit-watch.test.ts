import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { lines, sh } from '../../src/host/quote.ts'
import type { SshHost } from '../../src/host/ssh-host.ts'
import { readSighting } from '../../src/runtimes/compose/answers.ts'
import { occupies, watchContainer } from '../../src/runtimes/compose/change/exit-watch.ts'
import { must, until } from '../lab/command.ts'
import { type Lab, openLab } from '../lab/lab.ts'
import type { LabSite } from '../lab/site.ts'
import { sshTo } from './ssh-to.ts'

let lab: Lab
let ssh: SshHost
let site: LabSite
/** A folder whose `docker` says of `wait` what Docker 20.10 says where the container runs again by then: the 0 of its new life. */
const older = '/home/deploy/docker-20.10'
before(async () => {
  lab = await openLab()
  const host = await lab.host({ nginx: 'stopped' })
  const real = (await must(['sh', '-c', 'command -v docker'])).trim()
  await host.exec(`mkdir -p ${older}`)
  await host.writeFile(
    `${older}/docker`,
    `#!/bin/sh\n[ "$1" = wait ] || exec ${real} "$@"\n${real} "$@" >/dev/null && sleep 0.5 && echo 0\n`,
  )
  await host.exec(`chmod 0755 ${older}/docker`)
  ssh = await sshTo(host)
  site = await lab.site(host)
})
after(async () => {
  await ssh[Symbol.asyncDispose]()
  await lab.dispose()
})

/** A container, by its id, that lives for so many milliseconds, ends with this code, and is started again by Docker as compose's are. */
async function container(service: string, life: number, code: number, restart: string): Promise<string> {
  const labels = [`project=${site.project}`, `service=${service}`, 'oneoff=False']
  const argv = labels.flatMap((label) => ['--label', `com.docker.compose.${label}`])
  const command = ['sh', '-c', `sleep ${life / 1000}; exit ${code}`]
  return (
    await must(['docker', 'run', '--detach', '--restart', restart, ...argv, `${site.repository}:v1`, ...command])
  ).trim()
}

async function told(service: string, id: string, fresh: boolean, path: string): Promise<string> {
  const watch = watchContainer({ name: { project: site.project, service }, id: sh`${id}`, fresh }, 30_000)
  const ran = await ssh.run({ shell: lines(sh`PATH=${path}$PATH`, watch), deadline: 60_000 })
  assert.equal(ran.code, 9, ran.stdout)
  return (readSighting(ran.stdout) ?? assert.fail(ran.stdout)).sentence
}

describe('the exit code that an exit watch names is that of the death', { timeout: 360_000 }, () => {
  for (const { restart, docker, path } of [
    { restart: 'always', docker: 'as it is', path: '' },
    { restart: 'always', docker: '20.10', path: `${older}:` },
    { restart: 'no', docker: 'as it is', path: '' },
  ] as const) {
    test(`whenever it comes, with \`restart: ${restart}\` and Docker ${docker}`, async () => {
      // Around the moments at which the exit watch looks first, at which it waits, and at which the container runs again.
      const watched = [0, 300, 600, 1000, 1500, 2100].map(async (life) => {
        const [service, code] = [`dies-${restart}-${path.length}-${life}`, 1 + life / 100]
        const id = await container(service, life, code, restart)
        assert.match(await told(service, id, true, path), new RegExp(`ended with exit code ${code}\\b`))
      })
      await Promise.all(watched)
    })
  }

  test('also of a container that was there before, and has ended otherwise in an earlier life', async () => {
    const id = await container('again', 1500, 7, 'on-failure')
    await must(['docker', 'stop', '--time', '0', id])
    await must(['docker', 'start', id])
    assert.match(await told('again', id, false, `${older}:`), /ended with exit code 7\b/)
  })
})

test('a container that Docker started again is there, but was restarted since it was made', {
  timeout: 120_000,
}, async () => {
  const id = await container('restarted', 1000, 5, 'always')
  const seen = async () => {
    const format = '{{.RestartCount}} {{.State.Running}}'
    return /^[1-9]\d* true/.test(await must(['docker', 'inspect', '--format', format, id])) || undefined
  }
  const asked = (fresh: boolean) => {
    const shell = occupies({ name: { project: site.project, service: 'restarted' }, id: sh`${id}`, fresh })
    return ssh.run({ shell, deadline: 30_000 })
  }
  // It goes on ending: what counts is an answer while it runs.
  await until('the container to be there again', 60_000, async () => {
    await until('the container to run again', 30_000, seen)
    return (await asked(false)).code === 0 || undefined
  })
  const { code, stderr } = await asked(true)
  assert.equal(code, 9)
  assert.match(readSighting(stderr)?.sentence ?? stderr, /ended with exit code 5\b/)
})
