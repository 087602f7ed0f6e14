import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { runAction } from './action.ts'
import { openCase } from './cases.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import { firstRelease, followCheck } from './newcomer.ts'

const slow = { timeout: 5 * 60_000 }

let lab: Lab
before(async () => {
  lab = await openLab()
})
after(() => lab.dispose())

async function root(host: LabHost, command: string): Promise<void> {
  const ended = await host.exec(command)
  assert.equal(ended.code, 0, ended.stderr)
}

describe('what the host says is shown, and what helps is proven', () => {
  test('sudo wants a terminal', slow, async () => {
    await using opened = await openCase(await lab.host(), 'sudo')
    const { host, newcomer, compose, serves, visit } = opened
    await root(
      host,
      `mkdir /run/sudoers && cp -a /etc/sudoers.d/. /run/sudoers/ && mount --bind /run/sudoers /etc/sudoers.d &&
        echo 'Defaults requiretty' >/etc/sudoers.d/tty && chmod 0440 /etc/sudoers.d/tty`,
    )
    await compose('up', '--detach', 'web_blue')
    await serves()
    const seen = await runAction({ ...newcomer.inputs, command: 'check' })
    assert.match(seen.stdout, /deploy may not run Nginx\nSeen: .*sudo: .*must have a tty/)
    await firstRelease(await followCheck(newcomer), 'v2')
    assert.equal((await visit()).version, 'v2')
  })

  test('docker is where only a login finds it', slow, async () => {
    await using opened = await openCase(await lab.host(), 'path')
    const { host, newcomer, compose, serves, visit } = opened
    await compose('up', '--detach', 'web_blue')
    await serves()
    await root(
      host,
      `mkdir -p ${host.home}/pkg/bin && cp -L /usr/bin/docker ${host.home}/pkg/bin/docker && chown -R deploy: ${host.home}/pkg
      for at in /usr/local/bin /usr/bin; do
        [ -e $at/docker ] || continue
        was=/run/was$at now=/run/now$at; mkdir -p $was $now; mount --bind $at $was
        for file in $was/*; do ln -s $file $now/; done; rm $now/docker; mount --bind $now $at
      done; ! command -v docker >/dev/null`,
    )
    await host.writeFile(`${host.home}/.profile`, 'echo welcome\nPATH=$HOME/pkg/bin:$PATH\n', 'deploy')
    await host.writeFile(`${host.home}/.bashrc`, 'echo printed\n', 'deploy')
    const ready = await followCheck(newcomer)
    await firstRelease({ ...ready, inputs: { ...ready.inputs, 'before-flip': 'docker version >/dev/null' } }, 'v2')
    assert.equal((await visit()).version, 'v2')

    // Anybody could put a program into a folder like this one.
    await root(host, `chmod 0777 ${host.home}/pkg/bin`)
    const refused = await runAction({ ...newcomer.inputs, command: 'check' })
    assert.match(refused.stdout, /Docker is missing on the host/)
  })

  test('files of the project belong to root', slow, async () => {
    await using opened = await openCase(await lab.host(), 'rootowned', '/srv/shop')
    const { host, newcomer } = opened
    await root(
      host,
      `cd /srv/shop && chown -R deploy: . && ln -s releases/20240101 current && for file in .env .env.app; do
        ln -s ../../shared/$file releases/20240101/$file; chown root: shared/$file; chmod 600 shared/$file; done`,
    )
    const inputs = { ...newcomer.inputs, directory: '/srv/shop/current' }
    const seen = await runAction({ ...inputs, command: 'check' })
    for (const file of ['.env', '.env.app'])
      assert.match(seen.stdout, new RegExp(`^chown deploy /srv/shop/shared/${file}$`, 'm'))
    const ready = await followCheck({ ...newcomer, inputs })
    assert.equal(
      // An id may have these letters in it.
      ready.said.some((text) => /(?<![0-9a-f])abc(?![0-9a-f])/.test(text)),
      false,
    )
  })

  test('two replicas are refused by what is there', slow, async () => {
    await using opened = await openCase(await lab.host(), 'replicas')
    const { newcomer } = opened
    for (const file of ['compose.yaml', 'compose.two-colors.yaml']) {
      for (const command of ['check', 'deploy']) {
        const run = await runAction({ ...newcomer.inputs, 'compose-file': file, command })
        const said = `${run.stdout}${run.summary}`
        assert.doesNotMatch(said, /cannot read the compose file|there is no `web|As it says there/i)
        if (command === 'check' || file !== 'compose.yaml') assert.match(said, /`web(_blue)?` has 2 replicas/)
      }
    }
  })
})
