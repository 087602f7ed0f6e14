import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { access, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, test } from 'node:test'
import { ask, must, until } from './command.ts'
import { startEngine } from './engine.ts'

const script = join(import.meta.dirname, 'enclosure.ts')

/** An enclosure in the enclosure: for what is inside, this one is the machine. */
function enclose(command: string) {
  return [process.execPath, [script, 'sh', '-c', command], { env: { ...process.env, LAB_ENCLOSED: '' } }] as const
}

async function machine() {
  const all = await ask(['ps', '-eo', 'args'])
  const groups = await ask(['sh', '-c', 'find /sys/fs/cgroup -type d -name "blue-green-lab-*"'])
  const links = await ask(['ip', '-o', 'link'])
  const users = await ask(['cat', '/etc/passwd', '/etc/group', '/etc/shadow'])
  return {
    traces: all.stdout.split('\n').filter((line) => /sleep 98765|janitor\.sh/.test(line)),
    // Those of this enclosure and of what is in it: another run of the lab may come and go meanwhile.
    groups: groups.stdout.split('\n').filter((line) => line.includes(`/${process.env['LAB_MARK']}-`)),
    links: links.stdout.replace(/ \d+ /g, ' '),
    users: users.stdout,
    // What this enclosure wrote there: others may write on the disk below it.
    temporary: globSync(`/run/written/*/upper${tmpdir()}/*`).sort(),
    run: (await readdir('/run')).sort(),
  }
}

describe('the enclosure', () => {
  test('gives the exit code of the command', async () => {
    const [code] = await once(spawn(...enclose('exit 7')), 'close')
    assert.equal(code, 7)
  })

  test('has an engine of its own where the machine runs one', async () => {
    await startEngine()
    // The id that `docker info` shows is of a file that both see.
    const which = 'docker network inspect bridge --format {{.Id}}'
    const before = await must(which.split(' '))
    const start = `import { startEngine } from '${join(import.meta.dirname, 'engine.ts')}'; await startEngine()`
    const [command, args, options] = enclose(`"$0" --input-type=module --eval "$1" && ${which}`)
    const env = { ...options.env, DOCKER_HOST: 'unix:///run/docker.sock', DOCKER_CONTEXT: 'elsewhere' }
    const inside = await ask([command, ...args, process.execPath, start], { env })
    assert.equal(inside.code, 0, inside.stderr)
    assert.match(inside.stdout, /^[0-9a-f]{64}\n$/)
    assert.notEqual(inside.stdout, before)
    assert.equal(await must(which.split(' ')), before)
  })

  test('is the same whatever the machine happens to have set', async () => {
    const look = `env | grep -Ev '^(PATH|PWD|OLDPWD|SHLVL|_|LAB_[A-Z]*|TERM|CI|COLUMNS|LINES|npm_lifecycle_event|[A-Z]*_COLOR)=' | sort
      umask; id -Gn deploy; sudo -l -U deploy | grep NOPASSWD; ls -A /root/.docker 2>/dev/null; for it in nginx sshd dockerd; do command -v $it; done`
    const [command, args] = enclose(look)
    const plain = await ask([command, ...args], { env: { LAB_ENCLOSED: '' } })
    const happens = {
      ...{ HOME: '/nonexistent', TMPDIR: '/var/tmp', TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
      ...{ http_proxy: 'http://127.0.0.1:1', HTTPS_PROXY: 'http://127.0.0.1:1', NODE_OPTIONS: '--no-warnings' },
      ...{
        DOCKER_HOST: 'unix:///x',
        DOCKER_CONTEXT: 'x',
        DOCKER_CONFIG: '/x',
        COMPOSE_FILE: 'x',
        COMPOSE_PROFILES: 'x',
      },
      ...{ GITHUB_SHA: 'x', INPUT_HOST: 'x', STATE_x: 'x', SSH_AUTH_SOCK: '/x', NODE_COMPILE_CACHE: '/x', IFS: 'x' },
      ...{ LAB_ENCLOSED: '', PATH: `relative::${dirname(process.execPath)}:/usr/bin:/bin` },
    }
    // One for this test alone, with a `deploy` of its own.
    const hostile = `mount -t tmpfs lab /root; mkdir /root/.docker; echo x >/root/.docker/config.json
      sed 's/^adm:.*/adm:x:4:other,deploy,more/' /etc/group >/root/group; mount --bind /root/group /etc/group
      mount -t tmpfs -o mode=0755 lab /etc/sudoers.d; echo 'deploy ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/cloud
      [ "$(id -Gn deploy)" = 'deploy adm docker' ] && sudo -l -U deploy | grep -q 'NOPASSWD: ALL' || exit 9
      umask 077; exec "$@"`
    const own = ['unshare', '--mount', '--propagation', 'private', 'sh', '-ec', hostile, 'sh']
    const machine = [...own, 'env', ...assigned(happens), command, ...args]
    const other = await ask(machine, { env: { LAB_ENCLOSED: '' } })
    assert.equal(plain.code, 0, plain.stderr)
    assert.equal(other.stdout, plain.stdout, other.stderr)
    assert.match(plain.stdout, /^HOME=\/root$[\s\S]*^0022$[\s\S]*^deploy docker$/m)
  })

  const mess = (proof: string) => `
    echo left >/etc/left; echo left >${tmpdir()}/left; mkdir -p /var/lib/left; useradd left 2>/dev/null
    ip link add left type dummy
    for controller in /sys/fs/cgroup/*/; do mkdir "$controller$LAB_MARK" 2>/dev/null; done
    mkdir /sys/fs/cgroup/$LAB_MARK 2>/dev/null
    setsid sleep 98765 &
    echo ${proof}`

  for (const end of ['by itself', 'by SIGKILL', 'by SIGTERM', 'by SIGINT'] as const) {
    test(`leaves nothing where the run ends ${end}`, async () => {
      const before = await machine()
      const child = spawn(...enclose(`${mess('made')}; ${end === 'by itself' ? 'true' : 'sleep 98765'}`))
      const closed = once(child, 'exit')
      await once(child.stdout, 'data')
      if (end !== 'by itself') child.kill(end.slice(3) as NodeJS.Signals)
      await closed
      let last = ''
      const clean = async () => {
        const now = await machine()
        last = differing(before, now)
        return last === '' || undefined
      }
      await until('the machine as it was', 30_000, clean, () => last)
      for (const path of ['/etc/left', join(tmpdir(), 'left'), '/var/lib/left']) {
        await assert.rejects(access(path), { code: 'ENOENT' })
      }
    })
  }
})

function assigned(variables: Readonly<Record<string, string>>): string[] {
  return Object.entries(variables).map(([name, value]) => `${name}=${value}`)
}

/** What is not as it was, in words; empty where all is. */
function differing(before: object, now: object): string {
  const [old, present] = [before, now].map(
    (all) => new Map(Object.entries(all).map(([key, value]) => [key, JSON.stringify(value)])),
  )
  return [...(present ?? [])]
    .flatMap(([key, value]) => (old?.get(key) === value ? [] : [`${key}: ${value}`]))
    .join('; ')
}
