import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { labFolder } from './engine.ts'
import type { LabHost } from './host.ts'

/**
 * What is not looked at: what the lab and its clone keep on the machine that all hosts share, the home of who runs it, and
 * what Nginx and sshd log of each question. What the kernel makes up (/proc, /sys) is no disk.
 */
const excluded: readonly string[] = [
  labFolder,
  resolve(import.meta.dirname, '../../..'),
  '/root',
  '/dev',
  '/var/log/nginx',
  '/run/ssh-server.log',
]

/** Kind, inode, mode, owner, size and time of change of every file of a host, by its path. */
export async function wholeDisk(host: LabHost): Promise<readonly string[]> {
  const prune = excluded.map((path) => `-path '${path}' -prune`).join(' -o ')
  const found = await host.exec(
    `find / \\( -fstype proc -o -fstype sysfs \\) -prune -o ${prune} -o -printf '%p %y %i %m %U:%G %s %C@ %l\\n'`,
  )
  const files = found.stdout.split('\n').filter((line) => line !== '')
  assert.ok(files.length > 1000, `Only ${files.length} files were seen: ${found.stderr}`)
  return files.toSorted()
}

/** @throws AssertionError naming each line that went or came. */
export function sameDisk(before: readonly string[], after: readonly string[]): void {
  const [were, are] = [new Set(before), new Set(after)]
  const gone = before.filter((line) => !are.has(line)).map((line) => `- ${line}`)
  const come = after.filter((line) => !were.has(line)).map((line) => `+ ${line}`)
  assert.deepEqual([...gone, ...come], [], 'Something on the host was changed.')
}
