import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changeSentences } from '../../../../src/checking/edits/change-sentences.ts'
import type { Edit } from '../../../../src/checking/finding.ts'

const text = 'services:\n  web:\n    image: app:v1\n    container_name: shop\n  cron:\n    depends_on: [web]\n'
const file = { path: '/srv/shop/compose.yaml', text, kind: 'compose', writable: true } as const
const name: Edit = { kind: 'replace', line: 2, column: 2, old: 'web', text: 'web_blue' }

test('every line that changes is named', () => {
  const edits: readonly Edit[] = [
    {
      kind: 'copy',
      from: 2,
      to: 4,
      replacements: [{ ...name, text: 'web_green' }],
      without: [4],
      second: '    restart: always\n    init: true\n',
    },
    name,
    { kind: 'remove', line: 4 },
    { kind: 'insert', after: 2, text: '    restart: always\n' },
    { kind: 'replace', line: 6, column: 17, old: 'web', text: 'web_blue' },
    { kind: 'replace', line: 3, column: 4, old: '', text: 'host_ip: "127.0.0.1"\n' },
  ]
  assert.deepEqual(
    changeSentences([
      { file, edits },
      { file: { ...file, path: '/other' }, edits: [] },
    ]),
    [
      'In /srv/shop/compose.yaml: line 2: `web` becomes `web_blue`; after line 2: `restart: always`; line 3: `host_ip: "127.0.0.1"` is added; lines 2 to 4 once more (`web` becomes `web_green`, with `restart: always / init: true`, without `container_name: shop`); line 4: `container_name: shop` is taken out; line 6: `web` becomes `web_blue`.',
    ],
  )
})
