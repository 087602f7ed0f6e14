import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runAction } from './action.ts'
import { openLab } from './lab.ts'
import { wholeRun } from './whole-run.ts'

test('a release holds the target, and gives it back', async () => {
  await using lab = await openLab()
  await using host = await lab.host()
  await using site = await lab.site(host)
  await site.up('blue', 'v1')
  const run = await runAction(site.inputs({ version: 'v2', watch: '2s', lease: '3s' }))
  await wholeRun(run)
  assert.equal(run.outputs['result'], 'released', run.stdout)
  const left = await host.exec(
    `ls -la ${site.stateDirectory}; cat ${site.stateDirectory}/lease ${site.stateDirectory}/ended ${site.stateDirectory}/ledger.jsonl; ps -ef | grep guard`,
  )
  console.log(run.stdout, left.stdout, JSON.stringify(run.report))
})
