import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { constants, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'

const clone = resolve(import.meta.dirname, '../..')

export interface ActionOptions {
  /** Built file to run: `dist/main.js` unless said otherwise. */
  readonly entry?: string
  /** Put over the runner's environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** The workspace: an empty folder unless said otherwise. */
  readonly cwd?: string
  /** Ends the action with SIGKILL when it aborts. */
  readonly signal?: AbortSignal
  /** Told what the action prints, as it comes. */
  readonly onOutput?: (text: string) => void
  /** State that an earlier `main` saved, for `post`. */
  readonly state?: Readonly<Record<string, string>>
  /** Content of the event file; an empty object unless said otherwise. */
  readonly event?: object
}

export interface ActionRun {
  /** 128 + the signal's number where a signal ended it. */
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
  readonly outputs: Readonly<Record<string, string>>
  /** The output `report`, parsed. */
  readonly report: unknown
  /** What it saved for `post`. */
  readonly state: Readonly<Record<string, string>>
  readonly summary: string
  /** Milliseconds. */
  readonly duration: number
  readonly pid: number
}

export interface StartedAction {
  readonly pid: number
  /** What it has printed so far. */
  log(): string
  /** What it has saved for `post` so far. */
  state(): Promise<Readonly<Record<string, string>>>
  /** Resolves as soon as the log matches. @throws Error where the action ends first. */
  logged(pattern: RegExp): Promise<void>
  kill(signal: NodeJS.Signals): void
  readonly ended: Promise<ActionRun>
}

/** Runs the action as GitHub's runner does and waits for its end. */
export async function runAction(inputs: Readonly<Record<string, string>>, options?: ActionOptions): Promise<ActionRun> {
  return (await startAction(inputs, options)).ended
}

/** Starts the action as GitHub's runner does: every input of action.yml in the environment, and files for its answers. */
export async function startAction(
  inputs: Readonly<Record<string, string>>,
  options: ActionOptions = {},
): Promise<StartedAction> {
  const folder = await mkdtemp(join(tmpdir(), 'runner-'))
  const workspace = options.cwd ?? join(folder, 'workspace')
  await Promise.all(['workspace', 'temp'].map((name) => mkdir(join(folder, name))))
  const files = {
    output: '',
    state: '',
    step_summary: '',
    env: '',
    path: '',
    event: JSON.stringify(options.event ?? {}),
  }
  await Promise.all(Object.entries(files).map(([name, content]) => writeFile(join(folder, name), content)))
  const env = {
    ...environment(folder, workspace),
    ...(await inputVariables(inputs)),
    ...Object.fromEntries(Object.entries(options.state ?? {}).map(([name, value]) => [`STATE_${name}`, value])),
    ...options.env,
  }
  const begin = performance.now()
  const child = spawn(process.execPath, [resolve(clone, options.entry ?? 'dist/main.js')], {
    cwd: workspace,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.signal === undefined ? {} : { signal: options.signal, killSignal: 'SIGKILL' as const }),
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    options.onOutput?.(text)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  child.on('error', () => {}) // an abort is reported as an error too; `close` follows
  const exit = new Promise<number>((done) => {
    child.on('close', (code, signal) => done(code ?? 128 + (signal === null ? 0 : constants.signals[signal])))
  })
  const finish = async (): Promise<ActionRun> => {
    const exitCode = await exit
    const duration = performance.now() - begin
    const outputs = await pairs(join(folder, 'output'))
    const state = await pairs(join(folder, 'state'))
    const summary = await readFile(join(folder, 'step_summary'), 'utf8')
    await rm(folder, { recursive: true })
    const report: unknown = outputs['report'] === undefined ? undefined : JSON.parse(outputs['report'])
    return { exitCode, stdout, stderr, outputs, report, state, summary, duration, pid: child.pid ?? 0 }
  }
  const logged = (pattern: RegExp) =>
    new Promise<void>((done, failed) => {
      const look = () => pattern.test(stdout) && done()
      child.stdout.on('data', look)
      look()
      exit.then((code) =>
        failed(new Error(`The action ended with ${code} and never logged ${pattern}:\n${stdout}${stderr}`)),
      )
    })
  return {
    pid: child.pid ?? 0,
    log: () => stdout,
    state: () => pairs(join(folder, 'state')),
    logged,
    kill: (signal) => void child.kill(signal),
    ended: finish(),
  }
}

function environment(folder: string, workspace: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: folder,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_STATE: join(folder, 'state'),
    GITHUB_STEP_SUMMARY: join(folder, 'step_summary'),
    GITHUB_ENV: join(folder, 'env'),
    GITHUB_PATH: join(folder, 'path'),
    GITHUB_EVENT_PATH: join(folder, 'event'),
    GITHUB_EVENT_NAME: 'push',
    GITHUB_SHA: '5d8e1a9c3f7b2460d1c8e5f9a7b3d2c4e6f80912',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REF_NAME: 'main',
    GITHUB_REPOSITORY: 'owner/shop',
    GITHUB_REPOSITORY_OWNER: 'owner',
    GITHUB_RUN_ID: '1234567890',
    GITHUB_RUN_NUMBER: '7',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_WORKFLOW: 'release',
    GITHUB_JOB: 'release',
    GITHUB_ACTION: 'release',
    GITHUB_ACTOR: 'octocat',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_API_URL: 'http://127.0.0.1:9', // nothing answers there: a test that wants GitHub brings its own
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: join(folder, 'temp'),
    RUNNER_OS: 'Linux',
    RUNNER_ARCH: 'X64',
  }
}

/** `INPUT_<NAME>`: upper case, spaces become `_`, hyphens stay. What is not given has its default. */
async function inputVariables(given: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const defaults = defaultsOf(parse(await readFile(join(clone, 'action.yml'), 'utf8')))
  const unknown = Object.keys(given).filter((name) => !(name in defaults))
  if (unknown.length > 0) throw new Error(`action.yml has no input named ${unknown.join(', ')}.`)
  const all = Object.entries({ ...defaults, ...given })
  return Object.fromEntries(all.map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]))
}

function defaultsOf(action: unknown): Record<string, string> {
  const inputs = field(action, 'inputs')
  const names = typeof inputs === 'object' && inputs !== null ? Object.keys(inputs) : []
  return Object.fromEntries(
    names.map((name) => {
      const value = field(field(inputs, name), 'default')
      const text = value === undefined || value === null ? '' : String(value)
      return [name, text.includes('${{') ? '' : text] // expressions are the runner's to evaluate
    }),
  )
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

/** Reads a file of `name=value` and `name<<END … END`. */
async function pairs(path: string): Promise<Record<string, string>> {
  const text = await readFile(path, 'utf8')
  const found: Record<string, string> = {}
  for (const match of text.matchAll(/^([^=<\n]+)(?:<<(.+)\n([\s\S]*?)\n?\2|=(.*))$/gm)) {
    found[match[1] ?? ''] = match[3] ?? match[4] ?? ''
  }
  return found
}
