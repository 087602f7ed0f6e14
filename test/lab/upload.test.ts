import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { runAction, startAction } from './action.ts'
import { until } from './command.ts'
import { recordEvents } from './docker-events.ts'
import { labFolder } from './engine.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import type { LabSite } from './site.ts'
import { wholeRun } from './whole-run.ts'

const PATIENCE = 5 * 60_000

let lab: Lab
let host: LabHost
let site: LabSite
let workspace: string
before(async () => {
  lab = await openLab()
  host = await lab.host()
  site = await lab.site(host, { extra: ['volumes: ["./settings.ini:/settings.ini:ro"]'] })
  // The engine sees the folders of all hosts, each where the lab keeps it.
  const seen = `${labFolder}/${host.machine.id}${site.directory}`
  const first = await host.readFile(`${site.directory}/compose.yaml`)
  await host.writeFile(`${site.directory}/compose.yaml`, first.replaceAll('./settings.ini', `${seen}/settings.ini`))
  await host.writeFile(`${site.directory}/settings.ini`, 'old settings\n', 'deploy')
  await host.exec(`chmod 640 ${site.directory}/settings.ini; cd ${site.directory} && ln -s settings.ini linked.ini`)
  await host.exec(`install -d -o deploy ${site.directory}/empty`)
  await site.up('blue', 'v1')
  workspace = await mkdtemp(join(tmpdir(), 'workspace-'))
  await mkdir(join(workspace, 'deploy/scripts'), { recursive: true })
  const compose = await host.readFile(`${site.directory}/compose.yaml`)
  await writeFile(join(workspace, 'deploy/compose.yaml'), compose.replace(/^( {4})image:/gm, '$1labels: [new=yes]\n$&'))
  await writeFile(join(workspace, 'deploy/scripts/run it.sh'), '#!/bin/sh\n')
  await chmod(join(workspace, 'deploy/scripts/run it.sh'), 0o755)
  await writeFile(join(workspace, 'settings.ini'), 'new settings\n')
})
after(() => lab.dispose())

const UPLOAD = `
# the compose file
deploy/compose.yaml => compose.yaml
settings.ini
deploy/scripts => empty/deep/scripts
`

async function release(version: string, upload = UPLOAD) {
  const inputs = site.inputs({ version, upload, watch: '0s', 'drain-timeout': '0s', 'health-timeout': '5s' })
  const run = await runAction(inputs, { cwd: workspace })
  return { run, report: await wholeRun(run) }
}

/** Every file by path, hash, mode, owner, inode and time of change of its bytes; a release's own lock aside. */
async function files(): Promise<string> {
  const format = String.raw`%p %y %m %U %i %T@ %l\n`
  const list = `find . -path ./.blue-green -prune -o ! -name .env -printf '${format}' | sed 's/^\\. d .*/./' | grep -vE '^\\./empty d' | sort; stat -c '%a %U %i' empty; find . -name .blue-green -prune -o -type f -print | sort | xargs -d '\\n' sha256sum`
  return (await host.exec(`cd ${site.directory} && ${list}`)).stdout
}

const say = async (command: string) => (await host.exec(`cd ${site.directory} && ${command}`)).stdout.trim()

describe('uploaded files', { timeout: PATIENCE }, () => {
  test('are put back where the release fails, to the inode, and what was new is gone', async () => {
    const before = await files()
    const { run, report } = await release('never-healthy')
    assert.equal(report.result, 'unchanged', run.stdout)
    assert.equal(report.reason, 'not-healthy')
    assert.match(run.stdout, /✓ Put compose\.yaml .*, settings\.ini .* into/)
    assert.equal(await files(), before)
  })

  test('are put back where the connection is cut while one is sent', async () => {
    // It is over in a moment: where it was not caught under way, another content is sent.
    for (const letter of 'abcdefgh') {
      await writeFile(join(workspace, 'large'), Buffer.alloc(7 * 1024 * 1024, letter))
      const before = await files()
      const action = await startAction(site.inputs({ version: 'v2', upload: 'large => settings.ini' }), {
        cwd: workspace,
      })
      const seen = until('the beginning of the file', 30_000, async () => {
        return (await say('ls settings.ini.blue-green-next')) || undefined
      }).then(
        () => true,
        () => false,
      )
      const caught = await Promise.race([seen, action.ended.then(() => false)])
      if (caught) await host.restartSshd()
      const run = await action.ended
      if (run.outputs['result'] !== 'unchanged') continue
      assert.equal(run.outputs['reason'], 'connection-lost', run.stdout)
      assert.equal(await files(), before)
      return
    }
    assert.fail('No upload was caught under way.')
  })

  test('are put back where the disk is full before all have come', async () => {
    const before = await files()
    await host.exec(`mount -t tmpfs -o size=100k,uid=$(id -u deploy) lab ${site.directory}/empty`)
    try {
      await writeFile(join(workspace, 'large'), Buffer.alloc(1024 * 1024))
      const { run, report } = await release('v2', 'settings.ini\nlarge => empty/large')
      assert.equal(report.result, 'unchanged', run.stdout)
      assert.equal(report.reason, 'upload-failed')
      assert.match(run.stdout, /empty\/large (cannot be written|did not arrive whole)/)
      assert.equal((await site.get()).version, 'v1')
      assert.equal(await say('ls -A empty'), '')
    } finally {
      await host.exec(`umount ${site.directory}/empty`)
    }
    assert.equal(await files(), before)
  })

  test('named by paths that lead out are mistakes like others', async () => {
    const upload = '../secrets\n/etc/passwd => x\nsettings.ini => ../x'
    const run = await runAction(site.inputs({ version: 'not a tag', upload }), { cwd: workspace })
    assert.equal(run.outputs['reason'], 'invalid-inputs')
    assert.equal(run.stdout.match(/`upload` has the line/g)?.length, 3, run.stdout)
    assert.match(run.stdout, /`version` is `not a tag`/)
  })

  test('never touch the live color, nor what it has mounted; their mode stays', async () => {
    const live = (await site.containers()).find(({ service }) => service === site.services.blue)
    const happened = await recordEvents()
    const begun = runAction(
      site.inputs({
        version: 'v2',
        upload: UPLOAD,
        watch: '0s',
        previous: 'keep',
        'drain-timeout': '0s',
        'after-flip': `docker exec ${live?.name} cat /settings.ini`,
      }),
      { cwd: workspace },
    )
    const run = await begun
    const report = await wholeRun(run)
    assert.equal(report.result, 'released', run.stdout)
    assert.match(run.stdout, /\| old settings/)
    assert.deepEqual(
      (await happened()).filter(({ container }) => container === live?.id),
      [],
    )
    assert.equal(await say('stat -c %a settings.ini'), '640')
    assert.equal(await say('cat settings.ini'), 'new settings')
    assert.equal(await say('stat -c %a "empty/deep/scripts/run it.sh"'), '755')
    assert.equal(await say('ls -A | grep blue-green-'), '')
    const green = (await site.containers()).find(({ service }) => service === site.services.green)
    assert.equal((await host.exec(`docker exec ${green?.name} cat /settings.ini`)).stdout, 'new settings\n')
  })

  test('that are there already are not written again, and a link stays one', async () => {
    const before = await say('stat -c "%i %Z" compose.yaml settings.ini "empty/deep/scripts/run it.sh"')
    const { run, report } = await release('v3')
    assert.equal(report.result, 'released', run.stdout)
    assert.doesNotMatch(run.stdout, /Put .* into/)
    assert.equal(await say('stat -c "%i %Z" compose.yaml settings.ini "empty/deep/scripts/run it.sh"'), before)
    await writeFile(join(workspace, 'other.ini'), 'other settings\n')
    const second = await release('v4', 'other.ini => linked.ini')
    assert.equal(second.report.result, 'released', second.run.stdout)
    assert.equal(await say('readlink linked.ini && cat settings.ini'), 'settings.ini\nother settings')
  })
})
