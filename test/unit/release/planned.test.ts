import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sh } from '../../../src/host/quote.ts'
import type { Change, Effect, Item } from '../../../src/release/model.ts'
import { planLines, plannedItems } from '../../../src/release/planned.ts'

const sum = (letter: string) => letter.repeat(64)

function change(title: string, effect: Effect): Change {
  const script = (text: string) => ({ shell: sh`echo ${text}`, deadline: 1 })
  const at = { kind: 'change', phase: 'prepare', title, on: 'all apps', reason: 'start-failed' } as const
  return { ...at, effect, do: script('a secret'), ...(effect.undoes !== undefined && { undo: script('another') }) }
}

const items: readonly Item[] = [
  change('Put a', {
    does: 'Writes',
    undoes: 'Puts back',
    files: [{ kind: 'whole', path: 'a', before: '', after: sum('a') }],
  }),
  change('Set', {
    does: 'Sets',
    files: [{ kind: 'variables', path: '.env', names: ['TAG', 'TAG_BLUE'], before: sum('b') }],
  }),
  { kind: 'check', title: 'Wait', test: { kind: 'drain', waits: [] } },
  change('Point', {
    does: 'Writes',
    undoes: 'Puts back',
    files: [
      {
        kind: 'lines',
        path: '/n',
        lines: [{ from: '  server a;', to: '  server b;' }],
        before: sum('c'),
        after: sum('d'),
      },
      { kind: 'renamed', path: '/s/green.off', to: '/s/green' },
    ],
  }),
  { kind: 'confirm', title: 'Confirm' },
]

test('a plan for a person: where, what, its undo, and what becomes of files', () => {
  assert.deepEqual(planLines(plannedItems(items, () => ['deploy@host'])), [
    ' 1. Put a  (prepare, on deploy@host)',
    '      does: Writes',
    '      undo: Puts back',
    '      file: a (SHA-256 none → aaaaaaaaaaaa…)',
    ' 2. Set  (prepare, on deploy@host)',
    '      does: Sets',
    '      file: .env: TAG, TAG_BLUE (SHA-256 now bbbbbbbbbbbb…)',
    ' 3. Wait  (check)',
    ' 4. Point  (prepare, on deploy@host)',
    '      does: Writes',
    '      undo: Puts back',
    '      file: /n (SHA-256 cccccccccccc… → dddddddddddd…)',
    '        - server a;',
    '        + server b;',
    '      file: /s/green.off → /s/green',
    ' 5. Confirm  (confirm)',
  ])
})

test('the plan has the scripts by their hashes alone, and each differs where the script does', () => {
  const [first, second] = plannedItems(items, () => ['deploy@host'])
  assert.ok(first?.kind === 'change' && second?.kind === 'change')
  assert.match(first.do.sha256, /^[0-9a-f]{64}$/)
  assert.notEqual(first.undo?.sha256, first.do.sha256)
  assert.equal(first.do.sha256, second.do.sha256)
  assert.equal(second.undo, undefined)
  assert.doesNotMatch(JSON.stringify(plannedItems(items, () => ['deploy@host'])), /secret/)
})
