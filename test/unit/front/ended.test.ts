import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { endedEarly } from '../../../src/front/ended.ts'
import { sh } from '../../../src/host/quote.ts'
import { beginnings } from '../../../src/release/begun.ts'
import type { Change } from '../../../src/release/model.ts'
import { Failure } from '../../../src/release/reasons.ts'

const why = new Failure('invalid-inputs', '`host` is missing.')
const change = (title: string, phase: Change['phase']): Change => ({
  ...{ kind: 'change', phase, title, on: 'all apps', reason: 'command-failed', do: { shell: sh`:`, deadline: 1 } },
  ...(phase === 'traffic' && { manualUndo: 'mv green green.off' }),
})

describe('a run that ended before it came to an outcome', () => {
  const begunWith = (...changes: readonly Change[]) => {
    const begun = beginnings()
    for (const each of changes) begun.begins(each)
    return begun
  }
  const start = change('Start web_green', 'prepare')
  const flip = change('Flip the switch', 'traffic')

  for (const [command, result] of [
    ['deploy', 'unchanged'],
    ['rollback', 'unchanged'],
    ['status', 'problems'],
    ['check', 'problems'],
    ['unlock', 'problems'],
  ] as const) {
    test(`${command}, before anything was begun: ${result}`, () => {
      const ended = endedEarly(command, begunWith().soFar(), 'Read the inputs', [why])
      assert.deepEqual([ended.conclusion.result, ended.conclusion.reason], [result, 'invalid-inputs'])
      assert.equal(ended.unfinished, undefined)
    })
  }

  test('after a preparation: traffic was not touched, and somebody has to undo it', () => {
    const { conclusion, unfinished } = endedEarly('deploy', begunWith(start).soFar(), 'internal error', [why])
    assert.deepEqual([conclusion.result, unfinished], ['unchanged', true])
    assert.match(
      conclusion.sentences.join('\n'),
      /This step did not undo what had begun: Start web_green\.\nThe step after the job/,
    )
  })

  test('after the flip has begun: stranded, with what the guard does, and how it is undone by hand', () => {
    const { conclusion, unfinished } = endedEarly('deploy', begunWith(start, flip).soFar(), 'internal error', [why])
    assert.deepEqual([conclusion.result, unfinished, conclusion.live], ['stranded', true, {}])
    const said = conclusion.sentences.join('\n')
    for (const words of ['Start web_green; Flip the switch', '`lease`', 'The step after the job', 'mv green green.off'])
      assert.ok(said.includes(words), said)
  })

  test('what an earlier run had begun counts until it is undone', () => {
    const begun = begunWith(flip)
    begun.settled()
    assert.deepEqual(begun.soFar(), { kind: 'nothing' })
  })
})
