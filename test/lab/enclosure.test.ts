import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { ask, until } from './command.ts'
import { markOfMachine } from './enclosure.ts'

const script = join(import.meta.dirname, 'enclosure.ts')

/** An enclosure in the enclosure: for what is inside, this one is the machine. */
function enclose(command: string) {
  return [process.execPath, [script, 'sh', '-c', command], { env: { ...process.env, LAB_ENCLOSED: '' } }] as const
}

/** What a run could leave on the machine. Other runs of the lab may be under way beside this one. */
async function machine(): Promise<Record<string, string>> {
  const seen = {
    processes: ['sh', '-c', 'ps -eo args | grep -E "[s]leep 98765|[j]anitor.sh"'],
    groups: ['find', '/sys/fs/cgroup', '-type', 'd', '-name', `${markOfMachine()}*`],
    links: ['ip', '-o', 'link'],
    users: ['cat', '/etc/passwd', '/etc/group', '/etc/shadow'],
    files: ['sh', '-c', `ls /run; ls -d /etc/left ${tmpdir()}/left /var/lib/left /home/left`],
  }
  const entries = Object.entries(seen).map(async ([name, argv]) => [name, (await ask(argv)).stdout] as const)
  return Object.fromEntries(await Promise.all(entries))
}

describe('the enclosure', () => {
  test('gives the exit code of the command', async () => {
    const [code] = await once(spawn(...enclose('exit 7')), 'close')
    assert.equal(code, 7)
  })

  const mess = (proof: string) => `
    echo left >/etc/left; echo left >${tmpdir()}/left; mkdir -p /var/lib/left; useradd left 2>/dev/null
    ip link add left type dummy
    groups=/sys/fs/cgroup
    if [ -e $groups/cgroup.procs ]; then mkdir $groups/$LAB_MARK
    else for group in $groups/*/cgroup.procs; do mkdir "\${group%/*}/$LAB_MARK"; done; fi
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
      let different: string[] = []
      const clean = async () => {
        const now = await machine()
        different = Object.keys(before)
          .filter((name) => now[name] !== before[name])
          .map((name) => `${name}: ${now[name]}`)
        return different.length === 0 || undefined
      }
      await until('the machine as it was', 5000, clean, () => different.join('\n'))
    })
  }
})
