import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { jobLogReader } from '../../demo/job-log.ts'
import { openScreen, wrap } from '../../demo/screen.ts'

describe('the job log', () => {
  test('is shown without workflow commands, however it comes in', () => {
    const log = [
      '::add-mask::secret',
      '::group::Start web_green with v1',
      '  |  Container web_green  Started',
      '::endgroup::',
      '✓ Start web_green with v1 (378 ms)',
      '::warning file=a::Mind%0Athe gap, 100%25',
      '',
    ].join('\n')
    for (const size of [1, 7, log.length]) {
      const read = jobLogReader()
      const pieces = log.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? []
      const lines = pieces.flatMap((piece) => read(piece).lines.map(({ text }) => text))
      assert.deepEqual(lines, [
        '  |  Container web_green  Started',
        '✓ Start web_green with v1 (378 ms)',
        'Warning: Mind',
        'the gap, 100%',
      ])
    }
  })

  test('says which step is going on', () => {
    const read = jobLogReader()
    assert.equal(read('::group::Connect\n').step, 'Connect')
    assert.equal(read('::endgroup::\n').step, 'Connect')
    assert.equal(read('✓ Connect (1.2 s)\n').step, '')
  })

  test('repeats no failure in its annotation, and keeps what is new there', () => {
    const read = jobLogReader()
    read('✗ Watch v4 (4.0 s): It answered 500.\n')
    const { lines } = read('::error::Not released.%0AWatch v4: It answered 500.%0ALeft behind: a file.\n')
    assert.deepEqual(
      lines.map(({ text }) => text),
      ['Error: Not released.', 'Left behind: a file.'],
    )
  })
})

describe('the screen', () => {
  for (const [line, expected] of [
    ['short', ['short']],
    ['  one two three four', ['  one two', '  three four']],
    ['  ✓ one two three', ['  ✓ one two', '    three']],
    ['1 of 4  one two', ['1 of 4  one', '        two']],
    ['averyveryverylongword b', ['averyveryverylongword', 'b']],
  ] as const) {
    test(`wraps ${JSON.stringify(line)} below its own text`, () => assert.deepEqual(wrap(line, 12), expected))
  }

  function record(isTTY: boolean, now: () => number) {
    let written = ''
    const write = (text: string) => {
      written += text
    }
    return { screen: openScreen({ isTTY, columns: 60, write }, false, now), written: () => written }
  }

  test('overwrites its status on a terminal, and cuts it there', () => {
    const { screen, written } = record(true, () => 0)
    screen.status('x'.repeat(100))
    screen.line('done')
    assert.equal(written(), `\r\u001b[K${'x'.repeat(58)}…\r\u001b[Kdone\n`)
  })

  test('elsewhere repeats it only where nothing was said for a while', () => {
    let time = 0
    const { screen, written } = record(false, () => time)
    for (time = 0; time < 5000; time += 500) screen.status(`at ${time}`)
    assert.equal(written(), 'at 2000\nat 4000\n')
  })
})
