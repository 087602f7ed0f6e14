import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { marked } from 'marked'
import type { Report } from '../../../src/front/report.ts'
import { reportOfSettled } from '../../../src/github/reporting/settled.ts'
import { endedBody, markerOf, runMarkerOf, underWayBody } from '../../../src/github/texts/comment-body.ts'
import { descriptionOf, signsOf, stepDescription } from '../../../src/github/texts/outcome.ts'
import { summaryOf } from '../../../src/github/texts/summary.ts'
import { reports } from '../../support/reports.ts'

const page = {
  environment: 'production',
  upstream: 'shop',
  site: 'https://shop.example.org/',
  run: { id: 12, attempt: 2, url: 'https://github.com/owner/shop/actions/runs/12' },
}
const { released, unchanged, restored, stranded } = reports
const rolledBack: Report = { ...released, result: 'rolled-back', command: 'rollback' }
const nothing: Report = {
  ...restored,
  reason: 'nothing-was-live',
  color: '',
  version: '',
  'previous-color': '',
  'previous-version': '',
}

describe('the description', () => {
  for (const [name, report, expected] of [
    ['released', released, /^v2\.0\.0 on green is live, in place of v1\.9\.2 \(9\.3 s\)$/],
    ['rolled back', rolledBack, /^v2\.0\.0 on green is live, in place of v1\.9\.2/],
    [
      'the first release',
      { ...released, 'previous-color': '', 'previous-version': '' },
      /^v2\.0\.0 on green is live \(/,
    ],
    ['unchanged', unchanged, /^v2\.0\.0 on green serves, untouched\. Failed: Wait until v3\.0\.0 on blue is healthy$/],
    ['cancelled', { ...unchanged, reason: 'cancelled' }, /^v2\.0\.0 on green serves, untouched\. Cancelled$/],
    ['refused before anything was seen', { ...unchanged, color: '', version: '' }, /^Failed: Wait until/],
    ['restored', restored, /^v2\.0\.0 on green serves again\. Failed: Hook after-flip$/],
    ['nothing was live', nothing, /^Nothing was live before, and nothing is now\. Failed:/],
    ['stranded', stranded, /^Stranded: v2\.1\.0 on blue serves now\. Failed: Hook after-flip$/],
    ['stranded, nobody knows where', { ...stranded, color: '', version: '' }, /^Stranded: what serves is not known\./],
  ] as const) {
    test(name, () => assert.match(descriptionOf(report), expected))
  }

  test('has at most 140 characters, and one line', () => {
    const long = { ...unchanged, 'failed-step': `Hook\n${'x'.repeat(500)}` }
    assert.equal(descriptionOf(long).length, 140)
    assert.doesNotMatch(descriptionOf(long), /\n/)
    assert.equal(stepDescription('y'.repeat(200)).length, 140)
  })
})

test('each result has its sign, and what changes nothing has none', () => {
  const signs = (
    ['released', 'rolled-back', 'unchanged', 'restored', 'stranded', 'planned', 'ok', 'problems'] as const
  ).map((result) => signsOf(result)?.deployment)
  assert.deepEqual(signs, ['success', 'success', 'failure', 'failure', 'error', undefined, undefined, undefined])
})

describe('the comment', () => {
  for (const [name, report, title, now] of [
    [
      'released',
      released,
      /✅ `v2\.0\.0` is live on `production` \(`shop`\)/,
      /\*\*Now:\*\* `v2\.0\.0` on green · \*\*Before:\*\* `v1\.9\.2` on blue/,
    ],
    ['rolled back', rolledBack, /✅ `production` \(`shop`\) is back on `v2\.0\.0`/, /\*\*Now:\*\* `v2\.0\.0` on green/],
    [
      'no rollback',
      { ...unchanged, command: 'rollback', wanted: '' },
      /❌ `production` \(`shop`\) was not rolled back\n/,
      /\*\*Now:\*\* `v2\.0\.0` on green ·/,
    ],
    [
      'no rollback to a version',
      { ...unchanged, command: 'rollback' },
      /❌ `production` \(`shop`\) was not rolled back to `v3\.0\.0`/,
      /\*\*Now:\*\* `v2\.0\.0` on green ·/,
    ],
    ['unchanged', unchanged, /❌ `v3\.0\.0` was not released to `production`/, /\*\*Now:\*\* `v2\.0\.0` on green ·/],
    [
      'restored',
      restored,
      /❌ `v2\.1\.0` failed on .* and the state before it is back/,
      /\*\*Now:\*\* `v2\.0\.0` on green ·/,
    ],
    ['nothing was live', nothing, /the state before it is back/, /\*\*Now:\*\* nothing ·/],
    ['stranded', stranded, /🚨 `v2\.1\.0` is stranded/, /\*\*Now:\*\* `v2\.1\.0` on blue ·/],
  ] as const) {
    test(name, () => {
      const body = endedBody(page, report)
      assert.ok(body.startsWith(`${markerOf(page)}\n${runMarkerOf(page)}\n`))
      assert.match(body, title)
      assert.match(body, now)
      assert.match(body, /\[Run\]\(<https:\/\/github\.com\/owner\/shop\/actions\/runs\/12>\) · \[Site\]/)
      for (const { title } of report.steps) assert.ok(body.includes(`\`${title}\``), title)
      for (const line of report.evidence) assert.ok(body.includes(line))
    })
  }

  test('folds the steps of a success, and always the evidence', () => {
    assert.match(endedBody(page, released), /<details><summary>16 steps/)
    assert.match(endedBody(page, restored), /<details open><summary>14 steps/)
    assert.match(endedBody(page, restored), /<details><summary>What was printed last \(1 line\)/)
  })

  test('has the commands that mend it as they are to be typed', () => {
    assert.match(endedBody(page, stranded), /```sh\ncd \/home\/deploy\/shop && docker compose start shop_green\ncd /)
  })

  test('says on the way what serves meanwhile', () => {
    const body = underWayBody(page, { version: 'v2', color: 'green', live: { color: 'blue', version: 'v1' } })
    assert.match(
      body,
      /🚧 Releasing `v2` to `production`[\s\S]*\*\*Now:\*\* `v1` on blue\. `v2` is being started on green/,
    )
    assert.match(underWayBody(page, { version: 'v2', color: 'green', live: {} }), /\*\*Now:\*\* nothing\./)
  })

  test('is one for each environment and upstream, and no name ends its marker', () => {
    const names = ['a', 'a/b', 'a --> <b>', 'b']
    const markers = names.flatMap((environment) => names.map((upstream) => markerOf({ environment, upstream })))
    assert.equal(new Set(markers).size, 16)
    for (const marker of markers) assert.match(marker, /^<!-- blue-green-release (?:(?!-->)[^<>\n])+ -->$/)
  })
})

describe('a run that another one has ended', () => {
  const known = { version: 'v2', color: 'green', before: { color: 'blue', version: 'v1' } } as const
  for (const [how, command, result, now] of [
    ['confirmed', 'deploy', 'released', 'green v2'],
    ['confirmed', 'rollback', 'rolled-back', 'green v2'],
    ['restored', 'deploy', 'restored', 'blue v1'],
    ['undone', 'deploy', 'unchanged', 'blue v1'],
    ['nothing', 'deploy', 'unchanged', 'blue v1'],
    ['kept', 'deploy', 'stranded', 'green v2'],
    ['flipped-back', 'deploy', 'restored', 'blue v1'],
  ] as const) {
    test(`${command}, ${how}`, () => {
      const [color, version] = now.split(' ') as ['blue' | 'green', string]
      const settled = { how, live: { color, version }, run: '', version: 'v2', sentence: 'It was so.' }
      const report = reportOfSettled(settled, { ...known, command })
      assert.deepEqual([report.result, `${report.color} ${report.version}`], [result, now])
      assert.match(endedBody(page, report), /It was so\./)
      assert.doesNotMatch(`${endedBody(page, report)} ${descriptionOf(report)}`, /0 ms|Failed:/)
    })
  }
})

describe('the job summary', () => {
  for (const [name, report] of Object.entries(reports)) {
    test(`${name}: outcome, sides, steps and notes`, () => {
      const summary = summaryOf(report)
      assert.match(summary, /^### (✅|❌|🚨) /)
      assert.match(summary, /\| serves \| `v\S+` on (blue|green) \| `v\S+` on (blue|green) \|/)
      for (const { title } of report.steps) assert.ok(summary.includes(title), title)
      for (const line of report.evidence) assert.ok(summary.includes(line))
    })
  }

  test('draws who served when, where traffic was moved', () => {
    assert.doesNotMatch(summaryOf(unchanged), /mermaid/)
    const traffic = (report: Report): string[] => {
      const [, rows = ''] = /section traffic\n([\s\S]*?) {2}section steps/.exec(summaryOf(report)) ?? []
      return rows
        .trimEnd()
        .split('\n')
        .map((row) => /^ {2}(v\S+ on \w+)/.exec(row)?.[1] ?? row)
    }
    assert.deepEqual(traffic(released), ['v1.9.2 on blue', 'v2.0.0 on green'])
    assert.deepEqual(traffic(restored), ['v2.0.0 on green', 'v2.1.0 on blue', 'v2.0.0 on green'])
    assert.deepEqual(traffic(stranded), ['v2.0.0 on green', 'v2.1.0 on blue'])
  })

  test('no title means anything to Mermaid', () => {
    const steps = released.steps.map((step) => ({ ...step, title: 'a:b;c#d\n%%{init}%% section x ```' }))
    const [, chart = ''] = /```mermaid\n([\s\S]*?)\n```\n/.exec(summaryOf({ ...released, steps })) ?? []
    const rows = chart.split('\n').slice(4)
    assert.ok(rows.length > 3)
    for (const row of rows)
      assert.match(row, /^ {2}(section (traffic|steps)|[^:;#%{}`]+ :(active|done|crit), \d+, \d+)$/)
  })

  for (const [what, bytes] of [
    ['summary', 1024 * 1024],
    ['comment', 60_000],
  ] as const) {
    test(`the ${what} is at most ${bytes} bytes, and still Markdown, whatever there is to say`, () => {
      const much = '😀`|@octocat '.repeat(3000)
      const [step] = released.steps
      assert.ok(step)
      const report: Report = {
        ...stranded,
        failure: Array(40).fill(much),
        evidence: Array(2000).fill(much),
        notes: Array(100).fill(much),
        steps: Array(3000).fill({ ...step, title: much, note: much }),
      }
      const text = what === 'summary' ? summaryOf(report) : endedBody(page, report)
      assert.ok(Buffer.byteLength(text) <= bytes, `${Buffer.byteLength(text)}`)
      const html = marked.parse(text, { async: false })
      assert.match(html, /tranded/)
      assert.equal(html.match(/<details/g)?.length, html.match(/<\/details/g)?.length)
      assert.doesNotMatch(html.replace(/<(pre|code)\b[\s\S]*?<\/\1>/g, ''), /@octocat/)
    })
  }
})
