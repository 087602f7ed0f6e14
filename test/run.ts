import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { type Job, RESULT, type Result } from './job.ts'
import { enclose } from './lab/enclosure.ts'
import { install } from './lab/install.ts'

/**
 * `npm test`: installs what the lab lacks, and runs all tests inside enclosures; or the files that are named.
 * `npm run test:long` runs those that try every combination, `*.long.test.ts`, and nothing else.
 */
const root = join(import.meta.dirname, '..')
/** Milliseconds for one file. */
const PATIENCE = { usual: 25 * 60_000, long: 4 * 60 * 60_000 }
/** Most of a test of the lab is waiting, but some make load. */
const LANES = Math.min(4, availableParallelism() + 1)

/** They take longest: what begins last should not be what ends last. */
const longest = [
  'test/lab/faults.test.ts',
  'test/lab/ground.test.ts',
  'test/lab/field-nginx.test.ts',
  'test/lab/setups.test.ts',
  'test/lab/route.test.ts',
  'test/lab/drift.test.ts',
  'test/lab/others.test.ts',
  'test/lab/check.test.ts',
  'test/lab/check-container.test.ts',
  'test/lab/chaos.test.ts',
  'test/lab/workflows.test.ts',
  'test/lab/release.test.ts',
  'test/lab/mutation.test.ts',
  'test/lab/failure.test.ts',
  'test/lab/github.test.ts',
  'test/lab/connection.test.ts',
  'test/lab/proxy-container.test.ts',
  'test/lab/shellcheck.test.ts',
  'test/lab/rollback.test.ts',
  'test/lab/github-trouble.test.ts',
  'test/lab/loaded.test.ts',
  'test/lab/status.test.ts',
  'test/lab/custody-at-once.test.ts',
  'test/lab/custody-commands.test.ts',
  'test/lab/restart.test.ts',
  'test/demo/demo.test.ts',
  'test/lab/cases-host.test.ts',
  'test/lab/custody-faults.test.ts',
  'test/lab/memory.test.ts',
  'test/lab/hooks.test.ts',
  'test/contracts/router.test.ts',
  'test/lab/reload-failure.test.ts',
  'test/lab/compose.test.ts',
  'test/lab/drain.test.ts',
  'test/lab/reload.test.ts',
  'test/lab/both-active.test.ts',
]

/** Their tests need nothing of each other: what failed there is run again by itself. */
const apart = ['test/lab/faults.test.ts', 'test/lab/others.test.ts', 'test/lab/workflows.test.ts']

const long = process.argv.includes('--long')
const named = process.argv.slice(2).filter((word) => !word.startsWith('--'))

try {
  const jobs = named.length > 0 ? named.map((name) => jobOf([relative(root, resolve(name))])) : allJobs()
  await install(jobs.some(needsEngine) ? 'with the workflow engine' : undefined)
  process.exitCode = await runAll(jobs)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

/**
 * Several jobs at a time, each in a lane with an enclosure of its own, so that none sees another. A file in which something
 * failed is run once more while nothing else runs, and that is said: on a machine that does other work at the same time a
 * real sshd or dockerd may be too slow once. What fails twice has failed.
 * @returns the exit code
 */
async function runAll(jobs: readonly Job[]): Promise<number> {
  if (jobs.length === 0) throw new Error('There is no such test.')
  const results = await inLanes(jobs)
  const again = results.flatMap((result) => result.again)
  let failed = sum(results, ({ failed }) => failed)
  let passed = sum(results, ({ passed }) => passed)
  if (again.length > 0 && named.length === 0) {
    console.log(`\nFailed, and run once more:\n${again.map((file) => `  ${file}`).join('\n')}\n`)
    const second = await inLanes(
      [...new Set(again)].map((file) => {
        const names = results.find((result) => result.again.includes(file))?.names ?? []
        return apart.includes(file) && names.length > 0 ? { ...jobOf([file]), only: names } : jobOf([file])
      }),
      1,
    )
    const still = second.flatMap((result) => result.again)
    passed += failed
    failed = sum(second, ({ failed }) => failed)
    passed -= failed
    const passedThen = again.filter((file) => !still.includes(file))
    if (passedThen.length > 0)
      console.log(`\nPassed only the second time:\n${passedThen.map((file) => `  ${file}`).join('\n')}`)
    if (still.length > 0) console.log(`\nFailed twice:\n${still.map((file) => `  ${file}`).join('\n')}`)
  }
  console.log(`\n${passed} passed, ${failed} failed`)
  return failed === 0 && passed > 0 ? 0 : 1
}

/** Gives the results of all; a lane takes the next job as soon as it has done one. */
async function inLanes(jobs: readonly Job[], most = LANES): Promise<readonly Result[]> {
  const waiting = [...jobs]
  const results: Result[] = []
  const lanes = Array.from({ length: Math.min(most, jobs.length) }, (_, lane) => inLane(lane + 1, waiting, results))
  const codes = await Promise.all(lanes)
  if (codes.some((code) => code !== 0) || results.length !== jobs.length) {
    throw new Error(`The lab ended with exit code ${codes.find((code) => code !== 0) ?? 1} before all tests were run.`)
  }
  return results
}

function inLane(lane: number, waiting: Job[], results: Result[]): Promise<number> {
  return enclose([process.execPath, join(root, 'test/lane.ts')], {
    lane,
    onStart: ({ stdin, stdout }) => {
      if (stdin === null || stdout === null) throw new TypeError('A lane is talked to.')
      let job: Job | undefined
      let printed: string[] = []
      const next = () => {
        job = waiting.shift()
        printed = []
        if (job === undefined) stdin.end()
        else stdin.write(`${JSON.stringify(job)}\n`)
      }
      stdin.on('error', () => {}) // the lane is gone, and its exit code tells
      createInterface({ input: stdout }).on('line', (line) => {
        if (!line.startsWith(RESULT)) {
          printed.push(line)
          return
        }
        const result = JSON.parse(line.slice(RESULT.length)) as Result
        results.push(result)
        console.log(`${titleOf(job)} (${Math.round(result.duration / 1000)} s)\n${printed.join('\n').trimEnd()}\n`)
        next()
      })
      next()
    },
  })
}

function titleOf(job: Job | undefined): string {
  const [first = '', ...others] = job?.files ?? []
  return others.length === 0 ? first : `${others.length + 1} files of unit tests`
}

/** The unit tests are one job: each is too short to begin an enclosure's round for. */
function allJobs(): readonly Job[] {
  const files = globSync(['test/{unit,contracts,demo,lab}/**/*.test.ts'], { cwd: root })
    .filter((file) => isLong(file) === long)
    .sort((one, other) => rank(one) - rank(other) || one.localeCompare(other))
  const [units, others] = [files.filter(isUnit), files.filter((file) => !isUnit(file))]
  return [...others.map((file) => jobOf([file])), ...(units.length === 0 ? [] : [jobOf(units)])]
}

function jobOf(files: readonly string[]): Job {
  return { files, patience: files.some(isLong) ? PATIENCE.long : PATIENCE.usual }
}

function needsEngine({ files }: Job): boolean {
  return files.includes('test/lab/workflows.test.ts')
}

function rank(file: string): number {
  const place = longest.indexOf(file)
  return place < 0 ? longest.length : place
}

function isUnit(file: string): boolean {
  return file.startsWith('test/unit/')
}

function isLong(file: string): boolean {
  return file.endsWith('.long.test.ts')
}

function sum(results: readonly Result[], count: (result: Result) => number): number {
  return results.reduce((total, result) => total + count(result), 0)
}
