import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Script } from '../../src/host/host.ts'
import type { SshHost } from '../../src/host/ssh-host.ts'
import { parseUpload, planUpload } from '../../src/planning/upload.ts'
import type { LabHost } from '../lab/host.ts'
import { type Lab, openLab } from '../lab/lab.ts'
import { killedAt, readyToKill } from './killed.ts'
import { sshTo } from './ssh-to.ts'

const never = new AbortController().signal
const directory = '/home/deploy/shop'

let lab: Lab
let host: LabHost
let ssh: SshHost
let workspace: string
before(async () => {
  lab = await openLab()
  host = await lab.host({ nginx: 'stopped' })
  ssh = await sshTo(host)
  await readyToKill(host)
  workspace = await mkdtemp(join(tmpdir(), 'workspace-'))
  await mkdir(join(workspace, 'deploy/scripts'), { recursive: true })
  await writeFile(join(workspace, 'deploy/settings.ini'), 'new settings\n')
  await writeFile(join(workspace, "deploy/scripts/it's $HOME.sh"), '#!/bin/sh\n')
  await chmod(join(workspace, "deploy/scripts/it's $HOME.sh"), 0o755)
  await writeFile(join(workspace, 'large'), Buffer.alloc(9 * 1024 * 1024))
  await writeFile(join(workspace, 'half'), Buffer.alloc(300_000, 'half'))
  await symlink('/etc/passwd', join(workspace, 'users'))
})
after(async () => {
  await ssh[Symbol.asyncDispose]()
  await lab.dispose()
  await rm(workspace, { recursive: true })
})

/** The host's folder as it is before each upload. */
async function fresh(): Promise<void> {
  await root(`
    rm -rf ${directory} && install -d -o deploy ${directory} ${directory}/folder && cd ${directory}
    printf 'old settings\\n' >settings.ini && chmod 640 settings.ini && ln -s settings.ini linked.ini
    chown -h deploy settings.ini linked.ini folder`)
}

async function root(command: string): Promise<string> {
  const ended = await host.exec(command)
  assert.equal(ended.code, 0, ended.stderr)
  return ended.stdout
}

/** Every file by path, kind, mode, owner, inode, time of its bytes and content. */
function files(): Promise<string> {
  const format = '%p %y %m %U %i %l'
  return root(
    `cd ${directory} && find . -printf '${format}\\n' | sort && find . -type f -print0 | sort -z | xargs -0 -r stat -c '%n %Y' && find . -type f -print0 | sort -z | xargs -0 -r sha256sum`,
  )
}

function plan(lines: readonly string[], into = directory) {
  const uploads = lines.map((line) => {
    const parsed = parseUpload(line)
    assert.ok('local' in parsed)
    return parsed
  })
  return planUpload(uploads, workspace, into, ssh, never)
}

async function onlyChange(lines: readonly string[], into?: string) {
  const { changes, forget } = await plan(lines, into)
  const [change, ...others] = changes
  assert.ok(change?.undo !== undefined && others.length === 0)
  return { put: change.do, undo: change.undo, forget: forget.map((each) => each.do) }
}

async function carryOut(script: Script): Promise<void> {
  const ran = await ssh.run(script)
  assert.equal(ran.code, 0, ran.stderr)
}

const UPLOAD = ['deploy/settings.ini => linked.ini', 'deploy/scripts => folder/deep/scripts']

describe('an upload', { timeout: 360_000 }, () => {
  const refusals: readonly (readonly [string, readonly string[], string, RegExp])[] = [
    ['that the workspace lacks', ['nowhere'], directory, /names nowhere, which is not in the workspace.*checkout/],
    ['that leads out of it', ['users'], directory, /names users, a link that leads out of the workspace/],
    ['that is too large', ['large'], directory, /names 9437184 bytes, and at most 8388608/],
    ['into a folder that is not there', ['half'], '/srv/nowhere', /folder \/srv\/nowhere cannot be entered\. Make it/],
  ]
  for (const [title, lines, into, words] of refusals) {
    test(`${title} is refused before anything is written`, async () => {
      await fresh()
      const before = await files()
      await assert.rejects(plan(lines, into), { reason: 'upload-failed', message: words })
      assert.equal(await files(), before)
    })
  }

  test('arrives whole, keeps modes and links, is not written again, and is undone to the inode', async () => {
    await fresh()
    const before = await files()
    const { put, undo, forget } = await onlyChange(UPLOAD)
    await carryOut(put)
    const script = String.raw`folder/deep/scripts/it\'s\ \$HOME.sh`
    const seen = await root(`cd ${directory} && stat -c '%a %U' settings.ini ${script} && cat linked.ini`)
    assert.equal(seen, '640 deploy\n755 deploy\nnew settings\n')
    assert.deepEqual(await plan(UPLOAD), { changes: [], forget: [] })
    const put1 = await files()
    await carryOut(undo)
    assert.equal(await files(), before)
    await carryOut(undo)
    assert.equal(await files(), before, 'undone again')
    await carryOut(put)
    for (const each of forget) await carryOut(each)
    assert.equal(await root(`find ${directory} -name '*blue-green*'`), '')
    assert.notEqual(put1, before)
  })

  test('is undone wherever it was killed, and so is its undo', async () => {
    await fresh()
    const before = await files()
    const { put, undo } = await onlyChange(UPLOAD)
    let n = 1
    while (n < 60 && (await killedAt(host, put, n))) {
      await carryOut(undo)
      assert.equal(await files(), before, `killed before its command ${n}`)
      n++
    }
    assert.ok(n > 10, `${n - 1} commands`)
    let m = 1
    while (m < 60 && (await killedAt(host, undo, m))) {
      await carryOut(undo)
      assert.equal(await files(), before, `its undo killed before its command ${m}`)
      await carryOut(put)
      m++
    }
    assert.ok(m > 3, `${m - 1} commands`)
    assert.equal(await files(), before)
  })

  const obstacles: readonly (readonly [string, string, string, RegExp])[] = [
    ['a folder has its name', 'half => folder', ':', /^folder is a folder on the host$/m],
    [
      'a file has the name of its folder',
      'half => settings.ini/x',
      ':',
      /^settings.ini\/x has no folder on the host$/m,
    ],
    ['its folder is not to be written', 'half => folder/x', 'chown root folder', /^folder\/x cannot be written$/m],
    [
      'the disk is full',
      'half => folder/x',
      'mount -t tmpfs -o size=100k,uid=$(id -u deploy) lab folder && echo kept >folder/kept',
      /No space left on device\n(.*\n)*folder\/x (cannot be written|did not arrive whole)$/m,
    ],
    [
      'the disk has no room for another file',
      'half => folder/x',
      'mount -t tmpfs -o nr_inodes=3,uid=$(id -u deploy) lab folder && echo kept >folder/kept',
      /folder\/x cannot be written$/m,
    ],
  ]
  for (const [title, line, obstacle, words] of obstacles) {
    test(`changes nothing where ${title}`, async () => {
      await fresh()
      await root(`cd ${directory} && ${obstacle}`)
      try {
        const before = await files()
        const { put, undo } = await onlyChange(['deploy/settings.ini => settings.ini', line])
        const ran = await ssh.run(put)
        assert.equal(ran.code, 1)
        assert.match(ran.stderr, words)
        await carryOut(undo)
        assert.equal(await files(), before)
      } finally {
        await host.exec(`umount ${directory}/folder 2>/dev/null`)
      }
    })
  }
})
