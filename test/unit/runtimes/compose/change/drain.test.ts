import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { ADDRESSES, OPENS, PEERS } from '../../../../../src/runtimes/compose/change/drain.ts'

const programs = ['mawk', 'busybox', 'gawk'].filter((name) => {
  try {
    execFileSync('sh', ['-c', `command -v ${name}`])
    return true
  } catch {
    return false
  }
})

for (const program of programs) {
  const awk = (text: string, input: string, ...more: readonly string[]) =>
    execFileSync(program, [...(program === 'busybox' ? ['awk'] : []), ...more, text], {
      input,
      encoding: 'utf8',
    }).trim()

  describe(`what ${program} makes of the kernel's tables`, () => {
    for (const [socket, address] of [
      ['010011AC:D4C2', '172.17.0.1'],
      ['0000000000000000FFFF00000A00A8C0:0050', '192.168.0.10'],
      ['B80D0120000000000000000001000000:1F90', '2001:0db8:0000:0000:0000:0000:0000:0001'],
    ] as const) {
      test(`${socket} is ${address}`, () => assert.equal(awk(ADDRESSES, `${socket}\n`), address))
    }

    test('callers are those from outside, on the ports of the service', () => {
      const rows = [
        '  sl  local_address rem_address   st',
        '   0: 00000000:0BB8 00000000:0000 0A',
        '   1: 020011AC:0BB8 010011AC:D4C2 01',
        '   2: 0100007F:0BB8 0100007F:D4C4 01',
        '   3: 020011AC:0BB9 010011AC:D4C6 01',
        '   4: 020011AC:0BB8 010011AC:D4C8 06',
        '   5: 0000000000000000FFFF0000020011AC:0BB8 0000000000000000FFFF0000030011AC:D4CA 01',
      ]
      const found = awk(PEERS, `${rows.join('\n')}\n`, '-v', 'ports=:(0BB8)$')
      assert.deepEqual(found.split('\n'), ['010011AC:D4C2', '0000000000000000FFFF0000030011AC:D4CA'])
    })

    test('a health check inside the container counts on both sides', () => {
      const table = 'Tcp: RtoAlgorithm ActiveOpens PassiveOpens AttemptFails\nTcp: 1 7 19 0\n'
      assert.equal(awk(OPENS, table), '12')
    })
  })
}

test('there is an awk to test with', () => assert.ok(programs.length > 0))
