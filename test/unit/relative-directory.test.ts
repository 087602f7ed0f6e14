import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { allFactsQuestion } from '../../src/checking/pairing/facts.ts'
import type { Host } from '../../src/host/host.ts'
import { fromHome, lines, type Shell, sh } from '../../src/host/quote.ts'
import { sections } from '../../src/host/sections.ts'
import type { Inputs } from '../../src/inputs/inputs.ts'
import { readInputs } from '../../src/inputs/read.ts'
import { planUpload } from '../../src/planning/upload.ts'
import type { Item } from '../../src/release/model.ts'
import { release } from '../../src/release/release.ts'
import { beforeNginxQuestions, nginxFunction, nginxQuestions } from '../../src/routers/nginx/observe/observation.ts'
import { startRecorded } from '../../src/runtimes/compose/change/back.ts'
import { composeTarget, startByHand } from '../../src/runtimes/compose/change/command.ts'
import { pullImage, pullRecorded, undoPull } from '../../src/runtimes/compose/change/pull.ts'
import { startDependencies } from '../../src/runtimes/compose/change/scripts.ts'
import { observeCompose } from '../../src/runtimes/compose/observe/observation.ts'
import { needy, planned } from './runtimes/compose/planned.ts'

const root = mkdtempSync(join(tmpdir(), "a home it's "))
after(() => rmSync(root, { recursive: true }))
const [home, bin, log, workspace] = ['home', 'bin', 'log', 'workspace'].map((name) => join(root, name)) as [
  string,
  string,
  string,
  string,
]
for (const folder of [home, bin, workspace]) mkdirSync(folder)
writeFileSync(join(workspace, 'compose.yaml'), 'services: {}\n')
for (const name of ['docker', 'nginx', 'sudo']) {
  // Says where it was called, and what for.
  writeFileSync(
    join(bin, name),
    `#!/bin/sh\nprintf '%s %s\\n' "$PWD" '${name} '"$*" >>'${log.replaceAll("'", `'\\''`)}'\n`,
  )
  chmodSync(join(bin, name), 0o755)
}

/** Folders that scripts are to find from anywhere: two of each kind would teach no more. */
const folders = ['shop', "it's $HOME/the shop"]

function inputsOf(directory: string, more: Readonly<Record<string, string>> = {}): Inputs {
  const given: Readonly<Record<string, string>> = {
    host: 'deploy@example.org',
    'known-hosts': 'SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU',
    service: 'web',
    version: 'v2',
    directory,
    ...more,
  }
  const read = readInputs((name) => given[name] ?? '', undefined)
  assert.ok(read.kind === 'inputs', JSON.stringify(read))
  return read.inputs
}

/** All scripts of the list, undos included. */
function scriptsOf(items: readonly Item[]): Readonly<Record<string, Shell>> {
  const named = items.flatMap((item) => {
    if (item.kind !== 'change') return []
    const undo = item.undo ? [[`undo: ${item.title}`, item.undo.shell] as const] : []
    return [[item.title, item.do.shell] as const, ...undo]
  })
  return Object.fromEntries(named.filter(([, shell]) => /docker|hook ran|\.env/.test(shell.text)))
}

/** Every script that goes to the folder, by what it does. */
async function scripts(directory: string): Promise<Readonly<Record<string, Shell>>> {
  const hooks = { 'before-start': 'docker hook ran', 'before-flip': 'docker hook ran', 'after-flip': 'docker hook ran' }
  const more = { directory, ...hooks, 'after-restore': 'docker hook ran' }
  const inputs = inputsOf(directory, { nginx: 'docker compose exec -T proxy nginx' })
  const target = composeTarget(inputs)
  const command = inputs.nginx.command
  const always = { service: 'web_green', color: 'green', version: 'v2', image: 'shop:v2', policy: 'always' } as const
  const login = { server: '', username: 'shop', password: 'secret' }
  const start = {
    name: { project: 'shop', service: 'web_green' },
    spares: { color: 'green', holds: sh`false` },
    version: 'v2',
    hashed: [],
    networked: false,
  } as const
  const recorded = { image: 'sha256:1', way: { kind: 'id' } } as Parameters<typeof startRecorded>[2]
  const { directory: folder } = inputs.application
  const asked: Shell[] = []
  const host = {
    name: 'x',
    run: async ({ shell }: { shell: Shell }) => {
      asked.push(shell)
      return answerOf(shell)
    },
  } as unknown as Host
  const upload = await planUpload(
    [{ local: 'compose.yaml', remote: 'put/x.yaml' }],
    workspace,
    folder,
    host,
    new AbortController().signal,
  )
  const { plan } = await planned({ project: needy, inputs: more })
  const facts = allFactsQuestion(inputs, target, ['web'])
  return {
    ...scriptsOf(release(plan)),
    'a pull, where it is missing': pullImage(target, { ...always, policy: 'missing' }),
    'a pull with a login': pullImage(target, { ...always, login }),
    'a pull of what was recorded': pullRecorded(target, 'shop@sha256:1', 'sha256:1', undefined),
    'the undo of a pull': undoPull(target, 'shop:v2'),
    'a start of what was recorded': startRecorded(target, start, recorded),
    'a start of dependencies': startDependencies(target, 'shop', [{ service: 'db', condition: '', hashed: [] }]),
    'all questions': sections(
      { compose: observeCompose(target), ...nginxQuestions(undefined, command) },
      beforeNginxQuestions(folder, command),
    ).shell,
    'what check asks': facts.shell,
    nginx: lines(nginxFunction(folder, command), sh`run_nginx -t`),
    'a start by hand': startByHand(target, 'web_green'),
    ...Object.fromEntries(asked.map((shell, i) => [`look at uploads ${i}`, shell])),
    ...Object.fromEntries(
      upload.changes.flatMap(({ do: put, undo }) => [
        ['upload', lines(put.shell, sh`docker after`)],
        ['its undo', undo?.shell ?? sh`:`],
      ]),
    ),
  }
}

function answerOf(shell: Shell) {
  const ran = run(shell, home)
  return { code: ran.status ?? 1, stdout: ran.stdout, stderr: ran.stderr, duration: 1 }
}

function run(shell: Shell, cwd: string) {
  writeFileSync(log, '')
  const env = { HOME: home, PATH: `${bin}:${process.env['PATH']}` }
  return spawnSync('sh', ['-s'], { input: `( ${shell.text}\n) </dev/null`, encoding: 'utf8', cwd, env })
}

for (const directory of folders) {
  describe(`directory: ${directory}`, () => {
    const folder = join(home, directory)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, '.env'), 'TAG=v1\n')

    test('is entered by every script, once or again, from wherever that begins', async () => {
      const all = await scripts(directory)
      assert.ok(Object.keys(all).length > 20, Object.keys(all).join('\n'))
      for (const [title, shell] of Object.entries(all)) {
        for (const cwd of [folder, '/']) {
          const { stdout, stderr } = run(shell, cwd)
          assert.doesNotMatch(stdout + stderr, /cannot be entered|can't cd|No such file or directory/, title)
          const calls = readFileSync(log, 'utf8').split('\n')
          const elsewhere = calls.filter(
            (line) => /docker.* compose |docker hook ran/.test(line) && !line.startsWith(`${folder} `),
          )
          assert.deepEqual(elsewhere, [], `${title}, from ${cwd}`)
        }
      }
      for (const stray of [home, join(folder, directory)]) assert.ok(!existsSync(join(stray, '.blue-green')), stray)
      assert.match(readFileSync(join(folder, '.env'), 'utf8'), /^TAG=v1$/m)
    })
  })
}

describe('how a directory may be written', () => {
  for (const [written, meant] of [
    ['', '.'],
    ['.', '.'],
    ['~', '.'],
    ['~/', '.'],
    ['$HOME', '.'],
    ['~/shop', 'shop'],
    ['$HOME/shop', 'shop'],
    [`$\{HOME}/the shop`, 'the shop'],
    ['shop/~', 'shop/~'],
    ['-e', '-e'],
    ['/srv/shop', '/srv/shop'],
  ] as const) {
    test(`\`${written}\` is ${meant}`, () => assert.equal(inputsOf(written).application.directory, meant))
  }

  test("not as another user's home", () => {
    const given: Readonly<Record<string, string>> = { directory: '~root/shop', service: 'web', version: 'v1' }
    const read = readInputs((name) => given[name] ?? '', undefined)
    assert.ok(read.kind === 'mistakes')
    assert.ok(
      read.mistakes.includes(
        '`directory` is `~root/shop`, in the home directory of another user; write its absolute path.',
      ),
      read.mistakes.join('\n'),
    )
  })
})

test('a path from the home directory is one word, whatever it is', () => {
  for (const [written, word] of [
    ['/srv/shop', '/srv/shop'],
    ['/srv/my shop', "'/srv/my shop'"],
    ['shop', '~/shop'],
    ['./shop', '~/shop'],
    ['.', '~'],
    ['./', '~'],
    ['my shop', "~/'my shop'"],
    ['../shop', '~/../shop'],
    ['-e', '~/-e'],
  ] as const) {
    assert.equal(fromHome(written).text, word)
  }
})
