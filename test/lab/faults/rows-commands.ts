import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ask } from '../command.ts'
import type { Fault } from './fault.ts'
import { idleIs } from './idle.ts'
import type { Scene } from './scene.ts'

/** What the user has put into the release fails. */
export const commands: readonly Fault[] = [
  {
    what: 'The smoke test fails',
    step: 'Run the smoke test against v3 on …',
    result: 'unchanged',
    reason: 'smoke-test-failed',
    reads: 'The smoke test ended with exit code 3. Its last line: version v3',
    left: 'nothing',
    inputs: () => ({ 'smoke-test': 'curl --silent "$BASE_URL/" | head -n 1 | tee smoke.out; exit 3' }),
    witness: async ({ workspace }) =>
      assert.equal(await readFile(join(workspace, 'smoke.out'), 'utf8'), 'version v3\n'),
  },
  {
    what: 'The smoke test hangs',
    step: 'Run the smoke test against v3 on …',
    result: 'unchanged',
    reason: 'smoke-test-failed',
    reads: 'The smoke test did not end within 2 s, and was ended.',
    left: 'nothing',
    inputs: () => ({ 'smoke-test': 'echo $$ >smoke.pid; sleep 100' }),
    witness: async ({ workspace }) =>
      assert.notEqual((await ask(['sh', '-c', 'kill -0 "$(cat "$0")"', join(workspace, 'smoke.pid')])).code, 0),
  },
  ...(['before-start', 'before-flip', 'after-flip'] as const).flatMap((name) => hookRows(name)),
  {
    what: 'The hook after-restore fails',
    step: 'Hook after-flip',
    result: 'restored',
    reason: 'hook-failed',
    reads: 'Hook after-flip: … It ended with exit code 4. The last lines: no',
    left: 'what the hooks did',
    inputs: () => ({ 'after-flip': 'echo no; exit 4', 'after-restore': 'echo restored >ran; exit 5' }),
    witness: ran,
    also: async (_, run) => assert.match(run.stdout, /Hook after-restore: .*exit code 5.*Nothing depends on it/),
  },
  {
    what: 'The hook after-restore hangs',
    step: 'Hook after-flip',
    result: 'restored',
    reason: 'hook-failed',
    reads: 'Hook after-flip: … It ended with exit code 4. The last lines: no',
    left: 'what the hooks did',
    inputs: () => ({ 'after-flip': 'echo no; exit 4', 'after-restore': 'echo restored >ran; sleep 100' }),
    witness: ran,
    also: async (_, run) => assert.match(run.stdout, /Hook after-restore: .*Nothing depends on it/),
  },
  {
    what: 'A file to upload is not in the workspace',
    step: 'Compare the files to upload',
    result: 'unchanged',
    reason: 'upload-failed',
    reads:
      '`upload` names missing.yaml, which is not in the workspace. Is there an `actions/checkout` step before this one?',
    left: 'nothing',
    inputs: () => ({ upload: 'missing.yaml' }),
    witness: async ({ workspace }) =>
      assert.notEqual((await ask(['test', '-e', join(workspace, 'missing.yaml')])).code, 0),
  },
  {
    what: 'A file cannot be uploaded: no right to write its folder',
    step: 'Put settings/app.conf (…) into …',
    result: 'unchanged',
    reason: 'upload-failed',
    reads: 'settings',
    left: 'nothing',
    inputs: () => ({ upload: 'app.conf => settings/app.conf' }),
    arrange: async ({ root, site, workspace }) => {
      await writeFile(join(workspace, 'app.conf'), 'new\n')
      await root(`mkdir -p ${site.directory}/settings`)
    },
    witness: async ({ login, site }) =>
      assert.match((await login(`touch ${site.directory}/settings/x`)).stderr, /Permission denied/),
    mend: async ({ root, site }) => void (await root(`rmdir ${site.directory}/settings`)),
  },
  {
    what: 'The new version is never healthy, after a new compose file and another file were uploaded',
    step: 'Wait until never-healthy on … is healthy',
    result: 'unchanged',
    reason: 'not-healthy',
    reads: 'answered 503, wanted 200-299',
    left: 'nothing: the files are as they were',
    inputs: () => ({ version: 'never-healthy', upload: 'compose.yaml\napp.conf => new/folder/app.conf' }),
    arrange: async ({ host, site, workspace }) => {
      const text = await host.readFile(`${site.directory}/compose.yaml`)
      await writeFile(join(workspace, 'compose.yaml'), `${text}\n# changed\n`)
      await writeFile(join(workspace, 'app.conf'), 'new\n')
    },
    ...idleIs(/^never-healthy: 503$/),
    also: async (_, run) => assert.match(run.stdout, /✓ Put compose\.yaml/),
  },
]

function hookRows(name: 'before-start' | 'before-flip' | 'after-flip'): readonly Fault[] {
  const common = {
    step: `Hook ${name}`,
    result: name === 'after-flip' ? ('restored' as const) : ('unchanged' as const),
    left: 'what the hook did: the report says so',
    witness: ran,
  }
  return [
    {
      ...common,
      what: `The hook ${name} fails`,
      reason: 'hook-failed',
      reads: 'It ended with exit code 4. The last lines: no…What this did remains',
      inputs: () => ({ [name]: 'touch ran; echo no; exit 4' }),
    },
    {
      ...common,
      what: `The hook ${name} hangs`,
      reason: 'command-timed-out',
      reads: 'It did not end within … s, and was ended…What this did remains',
      inputs: () => ({ [name]: 'touch ran; sleep 100' }),
    },
  ]
}

/** Its trace is there, and what it started is not. */
async function ran({ root, site, host }: Scene): Promise<void> {
  await root(`cd ${site.directory} && rm ran`)
  const running = (await host.machine.processes()).map((id) =>
    readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => 'it has ended meanwhile'),
  )
  assert.ok(!(await Promise.all(running)).includes('sleep\u0000100\u0000'))
}
