import { relative } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { type Job, RESULT, type Result } from './job.ts'

/**
 * One lane of the whole run, inside its enclosure: carries out the jobs that it reads from standard input, one a line,
 * one after another. After what a job printed comes a line with its result.
 */
for await (const line of createInterface({ input: process.stdin })) {
  const result = await carryOut(JSON.parse(line) as Job)
  process.stdout.write(`\n${RESULT}${JSON.stringify(result)}\n`)
}

type Event = { readonly type: string; readonly data: { readonly nesting?: number; readonly message?: string } }

async function carryOut({ files, patience, only }: Job): Promise<Result> {
  const began = performance.now()
  const counts = { passed: 0, failed: 0 }
  const failed = new Set<string>()
  const names = new Set<string>()
  let whole = false
  // What a failed test still does must not keep its file from ending.
  const execArgv = ['--test-force-exit']
  const tests = run({
    files: [...files],
    concurrency: 2,
    timeout: patience,
    execArgv,
    ...(only && { testNamePatterns: only.map(literally) }),
  })
  tests.on('test:pass', ({ details, skip, todo }) => {
    if (details.type === 'suite') return
    // A test that is left out proves nothing.
    if (skip === undefined && todo === undefined) counts.passed++
    else counts.failed++
  })
  tests.on('test:fail', ({ details, file, name }) => {
    if (file !== undefined) failed.add(file)
    if (details.type === 'suite') return
    counts.failed++
    // A file that did not end fails as a whole.
    if (file === undefined || name.endsWith('.test.ts')) whole = true
    else names.add(name)
  })
  const shown = Readable.from(withoutFigures(tests)).pipe(new spec())
  shown.pipe(process.stdout, { end: false })
  await finished(shown)
  // What was not found again has not passed.
  counts.failed += Math.max(0, (only?.length ?? 0) - counts.passed - counts.failed)
  const again = counts.failed > 0 && failed.size === 0 ? files : [...failed]
  return {
    ...counts,
    again: again.map((file) => relative(process.cwd(), file)),
    names: whole ? [] : [...names],
    duration: performance.now() - began,
  }
}

/** The figures of one job say nothing about the whole. */
async function* withoutFigures(events: AsyncIterable<Event>) {
  for await (const event of events) {
    const figure = event.type === 'test:diagnostic' && /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /
    if (event.data.nesting === 0 && figure && figure.test(event.data.message ?? '')) continue
    yield event
  }
}

/** A pattern for tests of this name. */
function literally(name: string): RegExp {
  return new RegExp(`${name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`)
}
