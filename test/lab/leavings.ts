import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { until } from './command.ts'
import type { LabHost } from './host.ts'
import type { LabSite } from './site.ts'

/** What is there beside the application itself: a line for each container, process, file and lease. */
export type Leavings = readonly string[]

/** Milliseconds in which processes end that are about to: an sshd session, a guard that has seen the end. */
const PATIENCE = 20_000

/** Looks at a host whose one site is at rest. Which color is live, and the numbers of leases, make no difference. */
export async function leavings(site: LabSite): Promise<Leavings> {
  const { host, directory, stateDirectory } = site
  const files = await host.exec(
    `find ${directory} ${stateDirectory} /tmp /run /home/deploy -xdev ! -path '*/.docker/*' -printf '%p %y %m %U\\n' 2>/dev/null;
     printf 'lease %s\\n' "$(tr -s ' ' <${stateDirectory}/lease)"`,
  )
  const containers = (await site.containers()).map(({ status }) => `container ${status}`)
  const running = await processes(host)
  return [...files.stdout.split('\n').map(common), ...containers, ...running.map((line) => `process ${line}`)].sort()
}

/** Without what two clean runs do not have in common. */
function common(line: string): string {
  return line.replace(/\/green\.off /, '/green ').replace(/^lease \d+/, 'lease N')
}

/** Command lines of all that runs on a host: which pid makes no difference. */
export async function processes(host: LabHost): Promise<readonly string[]> {
  const pids = await host.machine.processes()
  const all = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return all.map((line) => line.replaceAll('\0', ' ').trim()).filter((line) => line !== '')
}

/** Waits until there is what there was after a clean run, and nothing else. @throws AssertionError naming what differs */
export async function asAfterCleanRun(site: LabSite, clean: Leavings, patience = PATIENCE): Promise<void> {
  let now: Leavings = []
  const same = async () => {
    now = await leavings(site)
    return now.join('\n') === clean.join('\n') || undefined
  }
  await until('the host to be as after a clean run', patience, same).catch(() => {
    const come = without(now, clean).map((line) => `+ ${line}`)
    assert.deepEqual(
      [...come, ...without(clean, now).map((line) => `- ${line}`)],
      [],
      'It is not as after a clean run.',
    )
  })
}

function without(these: Leavings, those: Leavings): readonly string[] {
  const rest = [...those]
  return these.filter((line) => {
    const at = rest.indexOf(line)
    if (at >= 0) rest.splice(at, 1)
    return at < 0
  })
}
