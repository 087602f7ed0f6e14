import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ActionRun, runAction } from './action.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import type { LabSite } from './site.ts'

const PATIENCE = 5 * 60_000
const SECRET = 'hunter2-swordfish'

let lab: Lab
let host: LabHost
let site: LabSite
let file: string
before(async () => {
  lab = await openLab()
  host = await lab.host()
  site = await lab.site(host)
  file = `${site.directory}/.env`
  await site.up('blue', 'v1')
})
after(() => lab.dispose())

/** One release after another on one site: colors alternate. */
describe('.env', { timeout: PATIENCE }, () => {
  const odd = `# top\r\nPASSWORD=${SECRET}$xyzzy # live\r\n\r\nexport  IMAGE_TAG = v1\r\nLAST="a b"\r\n`

  test('is as it was, to the byte, after a release that failed after the flip', async () => {
    await write(odd)
    await root(`chmod 640 ${file} && chgrp docker ${file}`)
    const before = await look()
    const run = await release('fails-later', { watch: '10s' })
    assert.equal(run.outputs['result'], 'restored', run.stdout)
    assert.deepEqual(await look(), before)
    assertSecret(run)
  })

  test('is as it was where the new color never got healthy', async () => {
    const before = await look()
    const run = await release('exits')
    assert.equal(run.outputs['result'], 'unchanged', run.stdout)
    assert.deepEqual(await look(), before)
    assertSecret(run)
  })

  test('has other lines, comments, line ends, mode and group as before, and is never printed', async () => {
    const before = await look()
    const run = await release('v2')
    assert.equal(run.outputs['result'], 'released', run.stdout)
    const now = await look()
    const added = 'IMAGE_TAG_BLUE=v1\r\nIMAGE_TAG_GREEN=v2\r\n'
    assert.equal(now.text, odd.replace('IMAGE_TAG = v1', 'IMAGE_TAG = v2') + added)
    assert.deepEqual({ ...now, text: '' }, { ...before, text: '' })
    assertSecret(run)
  })

  test('may be a link: what it leads to is written', async () => {
    await root(`cd ${site.directory} && mkdir ../shared && mv .env ../shared/app.env && ln -s ../shared/app.env .env`)
    await root(`chown deploy ${site.directory}/../shared && chown -h deploy ${file}`)
    const run = await release('v3')
    assert.equal(run.outputs['result'], 'released', run.stdout)
    assert.equal(await root(`readlink ${file}`), '../shared/app.env\n')
    assert.match((await look()).text, /^IMAGE_TAG_BLUE=v3\r$/m)
    assert.equal(await root(`ls ${site.directory}/../shared`), 'app.env\n')
    await root(`rm -r ${file} ${site.directory}/../shared`)
  })

  test('that is missing is missing again after a failure, and made by a release', async () => {
    await root(`rm -f ${file}`)
    const failed = await release('fails-later', { watch: '10s' })
    assert.equal(failed.outputs['result'], 'restored', failed.stdout)
    assert.equal(await names(), '.blue-green compose.yaml')
    const run = await release('v4')
    assert.equal(run.outputs['result'], 'released', run.stdout)
    const { text, owner, mode } = await look()
    assert.deepEqual(text.trim().split('\n').sort(), ['IMAGE_TAG=v4', 'IMAGE_TAG_BLUE=v3', 'IMAGE_TAG_GREEN=v4'])
    assert.deepEqual([owner, mode], ['deploy:deploy', '644'])
  })

  test('of another owner keeps its owner, and is restored by a failed release', async () => {
    await root(`chown root:docker ${file} && chmod 664 ${file}`)
    const before = await look()
    const failed = await release('fails-later', { watch: '10s' })
    assert.equal(failed.outputs['result'], 'restored', failed.stdout)
    assert.deepEqual(await look(), before)
    const run = await release('v5')
    assert.equal(run.outputs['result'], 'released', run.stdout)
    const now = await look()
    assert.match(now.text, /^IMAGE_TAG_BLUE=v5$/m)
    assert.deepEqual([now.owner, now.mode], ['root:docker', '664'])
  })

  test('that may not be written is left alone, with the mend', async () => {
    await root(`chmod 644 ${file}`)
    const before = await look()
    const run = await release('v6')
    assert.equal(run.outputs['result'], 'released', run.stdout)
    assert.deepEqual(await look(), before)
    assert.match(run.stdout, /`.env` was left alone, because it may not be written\./)
    assert.match(run.stdout, /`web_green` would be recreated \(IMAGE_TAG_GREEN is v4 in `.env`, and v6 runs\)/)
    assert.ok(run.stdout.includes(`deploy may not write ${file}; run: sudo chown deploy ${file}`), run.stdout)
    await root(`chown deploy ${file}`)
  })

  for (const [title, line] of [
    ['a name that is none', `MY PASSWORD+=${SECRET}`],
    ['a quote that never ends', `PASSWORD="${SECRET}`],
    ['a broken variable', `PASSWORD=${SECRET}\${x`],
  ] as const) {
    test(`that compose cannot read refuses the release, and is not quoted: ${title}`, async () => {
      const good = (await look()).text
      await write(`${line}\n${good}`)
      const run = await release('v7')
      assert.equal(run.outputs['result'], 'unchanged', run.stdout)
      assert.equal(run.outputs['reason'], 'compose-invalid', run.stdout)
      assert.match(run.stdout, /Compose cannot read the compose file/)
      assertSecret(run)
      await write(good)
    })
  }
})

function release(version: string, more: Readonly<Record<string, string>> = {}): Promise<ActionRun> {
  return runAction(site.inputs({ version, watch: '0s', ...more }))
}

function assertSecret(run: ActionRun): void {
  const all = [run.stdout, run.stderr, JSON.stringify(run.outputs), JSON.stringify(run.state), run.summary].join('\n')
  for (const secret of [SECRET, 'hunter2', 'xyzzy']) assert.ok(!all.includes(secret), all)
}

/** Contents, mode and owner; that nothing is left beside it is seen as well. */
async function look(): Promise<{ text: string; mode: string; owner: string }> {
  assert.equal(await names(), '.blue-green .env compose.yaml')
  const [mode = '', owner = ''] = (await root(`stat -L -c '%a %U:%G' ${file}`)).trim().split(' ')
  return { text: await host.readFile(file), mode, owner }
}

async function names(): Promise<string> {
  await root(`mkdir -p ${site.directory}/.blue-green && chown deploy ${site.directory}/.blue-green`)
  return (await root(`ls -A ${site.directory}`)).trim().split('\n').join(' ')
}

async function write(text: string): Promise<void> {
  await host.writeFile(file, text, 'deploy')
}

async function root(command: string): Promise<string> {
  const ended = await host.exec(command)
  assert.equal(ended.code, 0, ended.stderr)
  return ended.stdout
}
