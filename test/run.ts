import { globSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { finished } from 'node:stream/promises'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { enclose } from './lab/enclosure.ts'
import { install } from './lab/install.ts'

/**
 * `npm test`: installs what the lab lacks, and runs all tests inside the enclosure; or the files that are named.
 * `npm run test:long` runs those that try every combination, `*.long.test.ts`, and nothing else.
 */
const root = join(import.meta.dirname, '..')
const patience = 25 * 60_000 // for one file
const longPatience = 4 * 60 * 60_000

/** They compare all that is on the machine with what was before, do several things at a time by themselves, or stop the only Nginx. */
const alone = [
  'test/contracts/guard.test.ts',
  'test/demo/demo.test.ts',
  'test/lab/chaos-mutation.test.ts',
  'test/lab/chaos.test.ts',
  'test/lab/custody-at-once.test.ts',
  'test/lab/custody-faults.test.ts',
  'test/lab/custody-signals.test.ts',
  'test/lab/custody.test.ts',
  'test/lab/drift.test.ts',
  'test/lab/dry-run.test.ts',
  'test/lab/enclosure.test.ts',
  'test/lab/faults.test.ts',
  'test/lab/mutation.test.ts',
  'test/lab/untouched.test.ts',
]
const options = process.argv.slice(2).filter((word) => word.startsWith('--'))
const named = process.argv.slice(2).filter((word) => !word.startsWith('--'))

if (options.includes('--inside')) {
  process.exitCode = (await runTests()) === 0 ? 0 : 1
} else {
  try {
    await install()
    process.exitCode = await enclose([process.execPath, import.meta.filename, '--inside', ...options, ...named])
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}

/**
 * Two files at a time, as most of a test of the lab is waiting; first those that want the machine to themselves. A file
 * in which something failed is run once more, alone, and that is said: on a machine that does other work at the same time
 * a real sshd or dockerd may be too slow once. What fails twice has failed.
 */
async function runTests(): Promise<number> {
  const files = named.length > 0 ? named.map((name) => resolve(name)) : all()
  if (files.length === 0) throw new Error('There is no such test.')
  const [single, others] = [files.filter((file) => isAlone(file)), files.filter((file) => !isAlone(file))]
  const failed = [...(await failing(single, 1)), ...(await failing(others, 2))]
  if (failed.length === 0 || named.length > 0) return failed.length
  console.log(`\nFailed, and run once more:\n${failed.map((file) => `  ${relative(root, file)}`).join('\n')}\n`)
  return (await failing(failed, 1)).length
}

function isAlone(file: string): boolean {
  return alone.includes(relative(root, file))
}

/** Runs these files, shows how they go, and gives those in which something failed. */
async function failing(files: readonly string[], concurrency: number): Promise<readonly string[]> {
  if (files.length === 0) return []
  const failed = new Set<string>()
  const tests = run({ files: [...files], cwd: root, concurrency, timeout: isLong(files) ? longPatience : patience })
  tests.on('test:fail', ({ file }) => {
    if (file !== undefined) failed.add(file)
  })
  const shown = tests.compose(new spec())
  shown.pipe(process.stdout, { end: false })
  await finished(shown)
  return [...failed]
}

function all(): string[] {
  const long = options.includes('--long')
  return globSync(['test/{unit,contracts,demo,lab}/**/*.test.ts'], { cwd: root })
    .map((name) => join(root, name))
    .filter((file) => isLong([file]) === long)
    .sort()
}

function isLong(files: readonly string[]): boolean {
  return files.some((file) => file.endsWith('.long.test.ts'))
}
