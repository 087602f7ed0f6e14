import assert from 'node:assert/strict'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { runAction, startAction } from './action.ts'

describe('the runner', () => {
  const entry = async (text: string) => {
    const folder = await mkdtemp(join(tmpdir(), 'entry-'))
    await writeFile(join(folder, 'main.mjs'), text)
    return join(folder, 'main.mjs')
  }

  test('hands over inputs and reads what comes back', async () => {
    const main = await entry(`
      import { appendFileSync, readFileSync } from 'node:fs'
      const put = (file, text) => appendFileSync(process.env[file], text)
      put('GITHUB_OUTPUT', 'result<<END\\nreleased\\nEND\\nreport<<END\\n{"a":\\n1}\\nEND\\nplain=yes\\nempty<<END\\n\\nEND\\n')
      put('GITHUB_STATE', 'lease=7\\n')
      put('GITHUB_STEP_SUMMARY', '# done\\n')
      console.log(process.env['INPUT_PRIVATE-KEY'], process.env.INPUT_COMMAND, process.env.STATE_LEASE)
      process.exitCode = 3`)
    const run = await runAction({ 'private-key': 'secret' }, { entry: main, state: { LEASE: '6' } })
    assert.equal(run.stdout, 'secret deploy 6\n')
    assert.deepEqual(run.outputs, { result: 'released', report: '{"a":\n1}', plain: 'yes', empty: '' })
    assert.deepEqual(run.report, { a: 1 })
    assert.deepEqual(run.state, { lease: '7' })
    assert.equal(run.summary, '# done\n')
    assert.equal(run.exitCode, 3)
  })

  test('sends signals, and says when something is logged', async () => {
    const main = await entry(`process.on('SIGINT', () => console.log('asked to stop')); setInterval(() => {}, 1000)
      console.log('ready')`)
    const run = await startAction({}, { entry: main })
    await run.logged(/ready/)
    run.kill('SIGINT')
    await run.logged(/asked to stop/)
    run.kill('SIGKILL')
    assert.equal((await run.ended).exitCode, 137)
  })
})
