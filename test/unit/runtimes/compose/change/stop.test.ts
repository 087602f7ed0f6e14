import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { lines, type Shell, sh } from '../../../../../src/host/quote.ts'
import { stopContainer } from '../../../../../src/runtimes/compose/change/back.ts'
import { stopService } from '../../../../../src/runtimes/compose/change/scripts.ts'

/** A docker whose `stop` fails although it may have stopped something; it says what it starts. */
const docker = sh`docker() { case $1 in ps) echo one running ;; stop) return 1 ;; start) echo "started $2" >&2 ;; inspect) echo then ;; esac; }`
const spares = (code: number) => ({ color: 'blue', holds: sh`exit ${code}` }) as const

const stops: readonly (readonly [string, (code: number) => Shell])[] = [
  ['a service', (code) => stopService({ project: 'shop', service: 'web_blue' }, spares(code))],
  ['a container', (code) => stopContainer('one', 'no', spares(code))],
]

describe('a stop that fails is asked about all the same', () => {
  for (const [what, script] of stops) {
    test(what, () => {
      const ran = (code: number) =>
        spawnSync('sh', ['-s'], { input: lines(docker, script(code)).text, encoding: 'utf8' })
      const served = ran(0)
      assert.equal(served.status, 76, served.stderr)
      assert.match(served.stderr, /It was being stopped just then, and was started again\./)
      const idle = ran(1)
      assert.deepEqual([idle.status, idle.stderr], [1, ''])
    })
  }
})
