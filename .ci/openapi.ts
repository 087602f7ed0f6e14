import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/**
 * Takes from GitHub's published OpenAPI description what the stand-in for GitHub needs: the operations that are called,
 * and the schemas that those name. The package is 28 MB to fetch and 400 MB on the disk, too much for every `npm ci`;
 * so the part is kept in the repository, and made anew by `node .ci/openapi.ts` when the version below is raised.
 */
const PACKAGE = '@octokit/openapi@23.0.2'
const TARGET = 'test/support/github-openapi.json'

/** Every operation that this action may call; another one fails the test. */
const OPERATIONS: readonly (readonly [path: string, method: string])[] = [
  ['/repos/{owner}/{repo}/deployments', 'get'],
  ['/repos/{owner}/{repo}/deployments', 'post'],
  ['/repos/{owner}/{repo}/deployments/{deployment_id}', 'get'],
  ['/repos/{owner}/{repo}/deployments/{deployment_id}/statuses', 'get'],
  ['/repos/{owner}/{repo}/deployments/{deployment_id}/statuses', 'post'],
  ['/repos/{owner}/{repo}/commits/{commit_sha}/pulls', 'get'],
  ['/repos/{owner}/{repo}/issues/{issue_number}/comments', 'get'],
  ['/repos/{owner}/{repo}/issues/{issue_number}/comments', 'post'],
  ['/repos/{owner}/{repo}/issues/comments/{comment_id}', 'patch'],
  ['/repos/{owner}/{repo}/statuses/{sha}', 'post'],
  ['/repos/{owner}/{repo}/commits/{ref}', 'get'],
  ['/repos/{owner}/{repo}/compare/{basehead}', 'get'],
  ['/repos/{owner}/{repo}/actions/runs/{run_id}', 'get'],
]

/** Prose and pictures of a schema say nothing to a validator. */
const PROSE = new Set(['description', 'summary', 'example', 'examples', 'externalDocs', 'x-github', 'tags', 'title'])

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

const folder = await mkdtemp(join(tmpdir(), 'openapi-'))
try {
  const run = promisify(execFile)
  const { stdout } = await run('npm', ['pack', PACKAGE, '--silent'], { cwd: folder })
  const name = 'package/generated/api.github.com.json'
  await run('tar', ['xzf', stdout.trim(), name], { cwd: folder })
  const whole: Json = JSON.parse(await readFile(join(folder, name), 'utf8'))
  const part = partOf(whole)
  await writeFile(TARGET, `${JSON.stringify(part, undefined, 1)}\n`)
} finally {
  await rm(folder, { recursive: true })
}

function partOf(whole: Json): Json {
  const needed = new Set<string>()
  const paths: Record<string, Record<string, Json>> = {}
  for (const [path, method] of OPERATIONS) {
    const shared = at(whole, ['paths', path, 'parameters'])
    const operation = bare(at(whole, ['paths', path, method]) ?? missing(`${method} ${path}`))
    collect(operation, whole, needed)
    paths[path] = { ...paths[path], [method]: operation, ...(shared && { parameters: bare(shared) }) }
  }
  const components: Record<string, Record<string, Json>> = {}
  for (const reference of [...needed].sort()) {
    const [kind = '', name = ''] = reference.split('/').slice(2)
    components[kind] = { ...components[kind], [name]: bare(at(whole, ['components', kind, name]) ?? null) }
  }
  return { source: `${PACKAGE}, api.github.com.json`, license: 'MIT', paths, components }
}

/** All that is named by what is given, and by that in turn. */
function collect(value: Json, whole: Json, needed: Set<string>): void {
  for (const reference of referencesIn(value)) {
    if (needed.has(reference)) continue
    needed.add(reference)
    collect(bare(at(whole, reference.split('/').slice(1)) ?? missing(reference)), whole, needed)
  }
}

function referencesIn(value: Json): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) =>
    name === '$ref' && typeof inner === 'string' ? [inner] : referencesIn(inner),
  )
}

/** Without prose; a property may still be called `title` or `description`. */
function bare(value: Json, named = false): Json {
  if (Array.isArray(value)) return value.map((inner) => bare(inner))
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([name]) => named || !PROSE.has(name))
  return Object.fromEntries(
    kept.map(([name, inner]) => [name, bare(inner, !named && /^(properties|schemas|responses|content)$/.test(name))]),
  )
}

function at(value: Json, [name, ...rest]: readonly string[]): Json | undefined {
  if (name === undefined) return value
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const inner = (value as { readonly [name: string]: Json })[name]
  return inner === undefined ? undefined : at(inner, rest)
}

function missing(what: string): never {
  throw new Error(`${PACKAGE} has no ${what}.`)
}
