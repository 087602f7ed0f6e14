import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

interface Entry {
  readonly integrity?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const lockfile = join(import.meta.dirname, '../../package-lock.json')
const packages = (JSON.parse(readFileSync(lockfile, 'utf8')) as { packages: Record<string, Entry> }).packages

/** Whether the package at a path finds another one as Node does: in its own folder, or in one further out. */
function finds(path: string, name: string): boolean {
  for (let folder = path; ; folder = folder.replace(/\/?(?:node_modules\/)?(?:@[^/]+\/)?[^/]+$/, '')) {
    if (`${folder}${folder === '' ? '' : '/'}node_modules/${name}` in packages) return true
    if (folder === '') return false
  }
}

test('the lockfile has every package of every platform: without one of them `npm ci` refuses it', () => {
  const missing = Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys({ ...entry.dependencies, ...entry.devDependencies, ...entry.optionalDependencies })
      .filter((name) => !finds(path, name))
      .map((name) => `${name}, wanted by ${path || 'package.json'}`),
  )
  assert.deepEqual(missing, [])
})

test('the lockfile pins what it has by its content', () => {
  const loose = Object.keys(packages).filter((path) => path !== '' && packages[path]?.integrity === undefined)
  assert.deepEqual(loose, [])
})
