import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { enclose } from './lab/enclosure.ts'
import { install } from './lab/install.ts'

/**
 * `npm test`: installs what the lab lacks, and runs all tests inside the enclosure; or the files that are named.
 */
const root = join(import.meta.dirname, '..')
const patience = 15 * 60_000 // for one file
const inside = process.argv[2] === '--inside'
const named = process.argv.slice(inside ? 3 : 2)

if (inside) {
  runTests()
} else {
  try {
    await install()
    process.exitCode = await enclose([process.execPath, import.meta.filename, '--inside', ...named])
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}

/** One file at a time: those of the lab share one engine, and what is measured should not be the neighbor's load. */
function runTests(): void {
  const files = named.length > 0 ? named.map((name) => relative(root, resolve(name))) : all()
  const flags = ['--test', '--test-reporter=spec', '--test-concurrency=1', `--test-timeout=${patience}`]
  process.exitCode = spawnSync(process.execPath, [...flags, ...files], { cwd: root, stdio: 'inherit' }).status ?? 1
}

function all(): string[] {
  return globSync(['test/{unit,contracts,demo,lab}/**/*.test.ts'], {
    cwd: root,
  }).sort()
}
