import assert from 'node:assert/strict'
import { parse } from 'yaml'
import { type ActionRun, runAction } from './action.ts'
import { ask } from './command.ts'
import type { LabHost } from './host.ts'
import { loadImages, versions } from './image.ts'
import { freePort } from './ports.ts'

/** Something that a check printed to be pasted, and where. */
interface Printed {
  readonly where: string
  readonly language: string
  readonly text: string
}

/** Where a newcomer stands, who has a host, a key and the name of a service. */
export interface Newcomer {
  readonly host: LabHost
  /** Who is to log in. */
  readonly user: string
  readonly inputs: Readonly<Record<string, string>>
  /** What every round has printed. */
  readonly said: readonly string[]
}

/** Names, ports and paths that no run has had before. */
export interface Place {
  readonly project: string
  /** Who is to log in, and is not there yet. */
  readonly user: string
  readonly service: string
  readonly directory: string
  /** Of images, which are there for `versions`. */
  readonly repository: string
  /** Of the application, on the host. */
  readonly port: number
  readonly publicPort: number
  readonly serverName: string
  readonly nginxFile: string
}

/** More rounds than a newcomer has patience for. */
const ROUNDS = 8

/** The fenced blocks of a log, in order, each with the line before it. Of what they mend nothing is known here. */
function blocksOf(log: string): readonly Printed[] {
  const found = log.matchAll(/^(.+):?\n(`{3,})(\w+)\n([\s\S]*?)\n\2$/gm)
  return [...found].map(([, where = '', , language = '', text = '']) => ({ where, language, text }))
}

export async function somewhere(host: LabHost): Promise<Place> {
  const word = (prefix: string) => `${prefix}${Math.random().toString(36).slice(2, 7)}`
  const project = `${process.env['LAB_MARK']}-${word('p')}`
  const folder = Math.random() < 0.5 ? 'conf.d' : 'sites-enabled'
  return {
    project,
    user: word('u'),
    service: word('s'),
    directory: `${host.home}/${word('d')}/${project}`,
    repository: `${project}/${word('i')}`,
    port: await freePort(),
    publicPort: await freePort(),
    serverName: `${word('n')}.example.test`,
    nginxFile: `/etc/nginx/${folder}/${word('f')}.conf`,
  }
}

/**
 * A host on which nobody has set anything up for releases: root has written a compose file and a server block, and has
 * made neither a user nor a right. The newcomer has a key, and knows the host's name and the service's.
 * @param compose absent where there is no compose file
 * @param server absent where Nginx does not run on the host itself
 */
export async function settle(host: LabHost, place: Place, compose?: string, server?: string): Promise<Newcomer> {
  const { user, service, directory } = place
  await loadImages(place.repository, versions)
  // Users, groups and rights of its own.
  const made = await host.exec(
    'cp -a /etc /run/etc && mount --bind /run/etc /etc && rm -f /etc/sudoers.d/deploy && sed -i "s/^\\(docker:.*:\\)[^:]*$/\\1/" /etc/group',
  )
  assert.equal(made.code, 0, made.stderr)
  if (compose !== undefined) await host.writeFile(`${directory}/compose.yaml`, compose)
  if (server !== undefined) {
    await host.writeFile(place.nginxFile, server)
    await host.reloadNginx()
  }
  const given = { host: `${user}@127.0.0.1:${host.port}`, 'private-key': host.privateKey, service, directory }
  return { host, user, inputs: { ...given, 'health-path': '/health', pull: 'never', version: 'v1' }, said: [] }
}

/** Runs the check and does what it prints, round after round, until it has nothing against a deploy. */
export async function followCheck({ host, user, inputs, said: before }: Newcomer): Promise<Newcomer> {
  let all = inputs
  const said = [...before]
  for (let round = 1; round <= ROUNDS; round++) {
    const run = await runAction({ ...all, command: 'check' })
    said.push((run.stdout + run.stderr).replace(/^::add-mask.*\n/gm, ''))
    if (run.outputs['result'] === 'ok') return { host, user, inputs: all, said }
    assert.equal(run.outputs['result'], 'problems', said.join('\n'))
    const blocks = blocksOf(run.stdout)
    assert.notDeepEqual(blocks, [], `Round ${round} has nothing to paste:\n${said.join('\n')}`)
    for (const block of blocks) all = await paste(block, { host, user, inputs: all, said })
  }
  return assert.fail(`After ${ROUNDS} rounds:\n${said.join('\n')}`)
}

/** Twice: what is pasted once more does no harm. */
async function paste({ where, language, text }: Printed, { host, user, inputs }: Newcomer) {
  if (/workflow/.test(where)) return { ...inputs, ...asInputs(parse(text)) }
  if (language !== 'sh') return inputs
  const login = /root/.test(where) ? ['sh'] : ['runuser', '--login', '--shell=/bin/sh', user]
  for (const time of ['first', 'second']) {
    const ended = await ask(host.machine.enter(login), { input: `cd /\n${text}\n` })
    assert.equal(ended.code, 0, `${where}, the ${time} time:\n${text}\n${ended.stdout}${ended.stderr}`)
  }
  return inputs
}

function asInputs(value: unknown): Readonly<Record<string, string>> {
  assert.ok(typeof value === 'object' && value !== null)
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, String(each).trimEnd()]))
}

/** The first release of all. */
export async function firstRelease({ inputs }: Newcomer, version: string): Promise<ActionRun> {
  const run = await runAction({ ...inputs, version, watch: '1s' })
  assert.equal(run.outputs['result'], 'released', run.stdout + run.stderr)
  return run
}
