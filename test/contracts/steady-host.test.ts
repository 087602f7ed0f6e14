import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { HostError } from '../../src/host/host.ts'
import { sh } from '../../src/host/quote.ts'
import type { SshHost } from '../../src/host/ssh-host.ts'
import { steadyHost } from '../../src/host/steady-host.ts'
import { pause, until } from '../lab/command.ts'
import type { LabHost } from '../lab/host.ts'
import { type Lab, openLab } from '../lab/lab.ts'
import { sshTo } from './ssh-to.ts'

let lab: Lab
let host: LabHost
before(async () => {
  lab = await openLab()
  host = await lab.host({ nginx: 'stopped' })
})
after(() => lab.dispose())

async function steady(): Promise<SshHost & { readonly tries: () => number }> {
  let tries = 0
  const made = steadyHost(await sshTo(host), () => {
    tries++
    return sshTo(host)
  })
  return { ...made, tries: () => tries }
}

const say = (word: string) => ({ shell: sh`echo ${word}`, deadline: 10_000 })
const lost = { name: 'HostError', reason: 'connection-lost' }

describe('a host whose connection is lost', { timeout: 240_000 }, () => {
  test('fails what was under way, repeats nothing, and ends what was left running before anything else runs', async () => {
    await using made = await steady()
    const shell = sh`echo run >>counted; (timeout 777 sleep 776) & trap '' TERM; echo begun; sleep 775`
    let begun = false
    const running = made.run({ shell, deadline: 60_000 }, { onLine: () => (begun = true) })
    const failed = assert.rejects(running, lost)
    await until('the command', 10_000, async () => begun || undefined)
    await host.restartSshd()
    await failed
    const left = await made.run({
      shell: sh`cat counted; ps -eo args | grep -E '^(timeout 777|sleep 77)'`,
      deadline: 10_000,
    })
    assert.deepEqual([left.code, left.stdout], [1, 'run\n'])
    assert.equal(made.tries(), 1)
    assert.equal(made.roundTrips(), 3, 'of both connections: the first, what ended it, and the look')
  })

  test('makes one new connection for all that comes next', async () => {
    await using made = await steady()
    await host.restartSshd()
    await assert.rejects(made.run(say('lost')), lost)
    const answers = await Promise.all(['a', 'b', 'c'].map((word) => made.run(say(word))))
    assert.deepEqual(
      answers.map(({ stdout }) => stdout),
      ['a\n', 'b\n', 'c\n'],
    )
    assert.equal(made.tries(), 1)
    const request = { address: '127.0.0.1', port: host.port, path: '/', host: 'x', timeout: 5000 }
    const asked = made.request(request) // an SSH server is reached, and speaks no HTTP
    await assert.rejects(asked, (error) => !(error instanceof HostError))
    assert.equal(made.requests(), 1)
    ;(await made.open('127.0.0.1', host.port)).destroy()
  })

  test('is waited for while it is gone; who is cancelled does not wait', async () => {
    await using made = await steady()
    await host.stopSshd()
    await assert.rejects(made.run(say('lost')), lost)
    const cancelled = made.run(say('cancelled'), { signal: AbortSignal.timeout(100) })
    await assert.rejects(cancelled, { name: 'TimeoutError' })
    const waiting = made.run(say('waited'))
    await pause(1000)
    await host.startSshd()
    assert.equal((await waiting).stdout, 'waited\n')
  })

  test('that lets nobody in any more is given up at once, and tried anew by what comes after', async () => {
    await using made = await steady()
    await host.exec('cd /home/deploy/.ssh && mv authorized_keys kept')
    await host.restartSshd()
    await assert.rejects(made.run(say('lost')), lost)
    await assert.rejects(made.run(say('refused')), { reason: 'authentication-failed' })
    assert.equal(made.tries(), 1)
    await host.exec('cd /home/deploy/.ssh && mv kept authorized_keys')
    assert.equal((await made.run(say('in'))).stdout, 'in\n')
    assert.equal(made.tries(), 2)
  })
})
