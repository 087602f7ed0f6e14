import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sh } from '../../../src/host/quote.ts'
import { type Executor, interpret } from '../../../src/release/interpret.ts'
import type { Change, Item } from '../../../src/release/model.ts'
import { Failure } from '../../../src/release/reasons.ts'

const script = { shell: sh`true`, deadline: 1000 }

function change(title: string, phase: Change['phase'], undo = true): Change {
  return {
    kind: 'change',
    phase,
    title,
    on: 'all apps',
    reason: 'command-failed',
    do: script,
    ...(undo && { undo: script }),
  }
}

const items: readonly Item[] = [
  change('pull', 'prepare', false),
  change('start', 'prepare'),
  {
    kind: 'check',
    title: 'healthy',
    test: { kind: 'hold', questions: [], duration: 0, interval: 1, failures: 1, reason: 'not-healthy' },
  },
  change('flip', 'traffic'),
  { kind: 'confirm', title: 'confirm' },
  change('settle', 'retire'),
]

/** Hands that fail at the named acts and remember everything. */
function failing(...acts: readonly string[]): { hands: Executor; done: string[] } {
  const done: string[] = []
  const act = async (name: string): Promise<void> => {
    done.push(name)
    if (acts.includes(name)) throw new Error(`${name} failed`)
  }
  return {
    done,
    hands: {
      change: ({ title }) => act(title),
      undo: ({ title }) => act(`undo ${title}`).then(() => [`log of ${title}`]),
      check: ({ title }) => act(title),
      confirm: ({ title }) => act(title),
      warn: ({ title }) => done.push(`warn ${title}`),
    },
  }
}

const all = ['pull', 'start', 'healthy', 'flip', 'confirm', 'settle']
const table: readonly { fails: string[]; kind: string; done: string[]; cause?: string; left?: number }[] = [
  { fails: [], kind: 'done', done: all },
  { fails: ['pull'], kind: 'unchanged', done: ['pull'], cause: 'pull failed' },
  { fails: ['start'], kind: 'unchanged', done: ['pull', 'start', 'undo start'], cause: 'start failed' },
  { fails: ['healthy'], kind: 'unchanged', done: ['pull', 'start', 'healthy', 'undo start'], cause: 'healthy failed' },
  {
    fails: ['healthy', 'undo start'],
    kind: 'unchanged',
    done: ['pull', 'start', 'healthy', 'undo start'],
    cause: 'healthy failed',
    left: 1,
  },
  { fails: ['flip'], kind: 'restored', done: [...all.slice(0, 4), 'undo flip', 'undo start'], cause: 'flip failed' },
  {
    fails: ['confirm'],
    kind: 'restored',
    done: [...all.slice(0, 5), 'undo flip', 'undo start'],
    cause: 'confirm failed',
  },
  {
    fails: ['confirm', 'undo flip'],
    kind: 'stranded',
    done: [...all.slice(0, 5), 'undo flip'],
    cause: 'confirm failed',
  },
  {
    fails: ['confirm', 'undo start'],
    kind: 'restored',
    done: [...all.slice(0, 5), 'undo flip', 'undo start'],
    cause: 'confirm failed',
    left: 1,
  },
  { fails: ['settle'], kind: 'done', done: [...all, 'warn settle'] },
]

describe('interpret', () => {
  for (const { fails, kind, done, cause, left } of table) {
    test(`${fails.join(' and ') || 'nothing'} fails: ${kind}`, async () => {
      const { hands, done: seen } = failing(...fails)
      const outcome = await interpret(items, hands)
      assert.equal(outcome.kind, kind)
      assert.deepEqual(seen, done)
      if (outcome.kind === 'done') return
      assert.equal(outcome.cause instanceof Error && outcome.cause.message, cause)
      if (outcome.kind === 'stranded') assert.match(String(outcome.stuck), /undo flip failed/)
      else {
        assert.equal(outcome.left.length, left ?? 0)
        const undone = seen.filter((act) => act.startsWith('undo ') && !fails.includes(act))
        assert.deepEqual(
          outcome.printed,
          undone.map((act) => act.replace('undo', 'log of')),
        )
      }
    })
  }

  test('where nothing depends on an undo its failure is told, and undoing goes on; what hooks did remains', async () => {
    const hook: Change = { ...change('hook', 'prepare', false), irreversible: true }
    const spare: Change = { ...change('spare', 'prepare'), bestEffort: true }
    const { hands, done } = failing('confirm', 'undo spare')
    const outcome = await interpret([change('start', 'prepare'), hook, spare, ...items.slice(3)], hands)
    assert.deepEqual(done, [
      'start',
      'hook',
      'spare',
      'flip',
      'confirm',
      'undo flip',
      'undo spare',
      'warn spare',
      'undo start',
    ])
    assert.ok(outcome.kind === 'restored')
    assert.deepEqual(outcome.remains, [hook])
    assert.deepEqual(outcome.left, [])
  })

  test('what a wait printed while undoing is no evidence', async () => {
    const spare: Change = { ...change('spare', 'prepare'), bestEffort: true }
    const outcome = await interpret([change('start', 'prepare'), spare, ...items.slice(3)], failing('confirm').hands)
    assert.ok(outcome.kind === 'restored')
    assert.deepEqual(outcome.printed, ['log of flip', 'log of start'])
  })

  const byOthers = new Failure('flipped-by-others', 'Somebody else sent requests to blue.')

  test('after the confirmation what somebody else put back is restored, and what follows is still done', async () => {
    const { hands, done } = failing()
    const stop = async (each: Change): Promise<void> => {
      done.push(each.title)
      if (each.title === 'stop') throw byOthers
    }
    const after = [...items, change('stop', 'retire'), change('tidy', 'retire')]
    const outcome = await interpret(after, { ...hands, change: stop })
    assert.ok(outcome.kind === 'restored')
    assert.deepEqual([outcome.at.title, outcome.cause, outcome.byOthers], ['stop', byOthers, true])
    assert.deepEqual(done.slice(-3), ['settle', 'stop', 'tidy'])
  })

  test('what could not be told after the confirmation leaves a doubt; another failure leaves none', async () => {
    const untold = new Failure('drift', "It can't be told whether requests go to blue.")
    const stop = async ({ title }: Change): Promise<void> => {
      if (title === 'stop') throw untold
    }
    const { hands } = failing()
    const outcome = await interpret([...items, change('stop', 'retire')], { ...hands, change: stop })
    assert.ok(outcome.kind === 'done')
    assert.deepEqual([outcome.doubt?.at.title, outcome.doubt?.cause], ['stop', untold])
    assert.deepEqual(await interpret(items, failing('settle').hands), { kind: 'done' })
  })

  test('what somebody sent requests to is not undone, and undoing goes on', async () => {
    const { hands, done } = failing('healthy')
    const undo = async (each: Change): Promise<readonly string[]> => {
      done.push(`undo ${each.title}`)
      if (each.title === 'start') throw byOthers
      return []
    }
    const outcome = await interpret([change('upload', 'prepare'), ...items], { ...hands, undo })
    assert.ok(outcome.kind === 'unchanged')
    assert.deepEqual([outcome.spared.map(({ cause }) => cause), outcome.left], [[byOthers], []])
    assert.deepEqual(done.slice(-2), ['undo start', 'undo upload'])
  })

  test('who put traffic back is told by the undo, but for a flip that had no effect', async () => {
    const undo = async (): Promise<readonly string[]> => ['Requests went to blue already: somebody else put them back.']
    const later = await interpret(items, { ...failing('confirm').hands, undo })
    const never = await interpret(items, { ...failing('flip').hands, undo })
    assert.ok(later.kind === 'restored' && never.kind === 'restored')
    assert.deepEqual([later.byOthers, never.byOthers], [true, undefined])
  })
})
