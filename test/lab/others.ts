import assert from 'node:assert/strict'
import { request } from 'node:http'
import { type StandIn, startGitHub } from '../support/github.ts'
import { type ActionRun, type StartedAction, startAction } from './action.ts'
import { until } from './command.ts'
import { at, TOKEN } from './github-scene.ts'
import type { Lab } from './lab.ts'
import type { LabSite } from './site.ts'
import { type Color, type Flip, nginxParts, serverBlock } from './site-nginx.ts'

/** What somebody else does to a site while a release of v2 goes from blue, with v1, to green. */
export interface Act {
  readonly name: string
  readonly flip: Flip
  /** Where it sends traffic, if anywhere. */
  readonly to?: Color
  /** A container is stopped or taken away by it: that nothing answers may be its doing. */
  readonly stops?: true
  /** Nginx cannot be asked for the color after it. */
  readonly hides?: true
  do(site: LabSite): Promise<void>
}

/** When it is done. */
export interface Point {
  readonly name: string
  readonly phase: 'before health' | 'before the flip' | 'watch' | 'drain' | 'undo' | 'any'
  readonly inputs: Readonly<Record<string, string>>
  /** Waits until the release is there, and gives what lets it go on. */
  reached(action: StartedAction, site: LabSite): Promise<() => Promise<unknown>>
}

/** What the world is like once the release has ended, by those who have no part in it. */
export interface Seen {
  /** What Nginx answers with; absent when that is no answer of a color. */
  readonly serves?: { readonly color: Color; readonly version: string }
  /** Versions by service, of what runs. */
  readonly runs: Readonly<Record<string, string>>
  readonly ledger: readonly string[]
  readonly comment: string
  readonly deployment: string
}

/** Disposed of, nothing of the site and its host is left. */
export interface Played extends AsyncDisposable {
  readonly run: ActionRun
  readonly seen: Seen
  readonly site: LabSite
}

/** Files by which a hook says that it is there, and is told to go on. */
const hold = (at: string) => `touch ${at}.reached; until [ -e ${at}.go ]; do sleep 0.05; done`

function byHook(name: string, phase: Point['phase'], hook: string, more: Readonly<Record<string, string>> = {}): Point {
  return {
    name,
    phase,
    inputs: { ...more, [hook]: [more[hook], hold(hook)].filter(Boolean).join('\n') },
    async reached(action, site) {
      const there = async () =>
        (await site.host.exec(`[ -e ${site.directory}/${hook}.reached ]`)).code === 0 || undefined
      const early = action.ended.then(({ stdout }) => assert.fail(`It ended before ${name}:\n${stdout}`))
      await Promise.race([until(name, 60_000, there, () => action.log().slice(-2000)), early])
      return () => site.host.exec(`touch ${site.directory}/${hook}.go`)
    },
  }
}

function byLog(name: string, phase: Point['phase'], pattern: RegExp, inputs: Readonly<Record<string, string>>): Point {
  const reached = async (action: StartedAction) => {
    await action.logged(pattern)
    return async () => undefined
  }
  return { name, phase, inputs, reached }
}

/** In the order in which a release passes them. */
export const points = {
  beforeStart: byHook('before the start', 'before health', 'before-start'),
  health: byLog('while it gets healthy', 'before health', /::group::Wait until/, { version: 'slow-boot' }),
  beforeFlip: byHook('between health and flip', 'before the flip', 'before-flip'),
  afterFlip: byHook('right after the flip', 'watch', 'after-flip'),
  watch: byLog('in the watch', 'watch', /::group::Watch /, { watch: '4s' }),
  drain: {
    name: 'in the drain',
    phase: 'drain',
    inputs: { 'before-flip': hold('before-flip'), 'drain-timeout': '60s' },
    async reached(action, site) {
      const goOn = await byHook('', 'drain', 'before-flip').reached(action, site)
      const headers = { Host: site.serverName }
      const slow = request(`${site.publicUrl}/slow?ms=120000`, { headers }).on('error', () => undefined)
      slow.end()
      await until('the slow request', 20_000, async () => (await established(site, 'blue')) || undefined)
      await goOn()
      await action.logged(/::group::Let blue finish/)
      return async () => slow.destroy()
    },
  } satisfies Point,
  undo: byHook('while it is undone', 'undo', 'after-restore', { 'after-flip': 'exit 1' }),
} as const

/**
 * How the title of each item of a release begins, as it is told when it is over. What is done after the drain may come
 * after the last question: that is not part of the release any more.
 */
export const steps = [
  'Take the lease',
  'See what is live',
  'Make .* the state directory',
  'Start ',
  'Wait until',
  'Write ',
  'Ask green where',
  '(Flip the switch|Point the upstream)',
  'See v2 on',
  'Watch ',
  'Confirm ',
  'Remove what was kept',
] as const

/** Right after an item, while the next one goes on. */
export function atStep(title: string): Point {
  return byLog(`after the step ${title}`, 'any', new RegExp(`^✓ (${title})`, 'm'), {})
}

async function established(site: LabSite, color: Color): Promise<boolean> {
  const { stdout } = await site.host.exec(`ss -Htn state established dport = :${site.ports[color]}`)
  return stdout.trim() !== ''
}

/** A container of the site, stopped as a person would. */
async function stop(site: LabSite, color: Color): Promise<void> {
  await site.compose('stop', '--timeout', '1', site.services[color])
}

async function reload(site: LabSite, file: string, text: string): Promise<void> {
  await site.host.writeFile(file, text)
  await must(site, `chown deploy ${file} && nginx -s reload`)
}

async function must(site: LabSite, command: string): Promise<void> {
  const { code, stderr } = await site.host.exec(command)
  assert.equal(code, 0, stderr)
}

const SERVED_BY = 'X-Served-By'

/** The site's file, as somebody else deploys it: all requests to one color. */
function pinned(site: LabSite, color: Color, how: 'asked' | 'plain'): string {
  const { addresses, listen, serverName, upstream, stateDirectory } = site.parts
  if (how === 'plain') {
    return `server {\n    ${listen}\n    server_name ${serverName};\n    add_header ${SERVED_BY} $upstream_addr;\n    location / { proxy_pass http://${addresses[color]}; proxy_set_header Host $host; }\n}\n`
  }
  return (site.parts.upstreams + withHeader(site.parts)).replace(
    new RegExp(`if \\(-f ${stateDirectory}/green\\)\\s*\\{[^}]*\\}`),
    `set $${upstream.replaceAll('-', '_')}_color ${color};`,
  )
}

function withHeader(parts: LabSite['parts']): string {
  return serverBlock(parts).replace('    location / {', `    add_header ${SERVED_BY} $upstream_addr;\n    location / {`)
}

/** The file of a site that is flipped by reload, with one color active. */
function edited(site: LabSite, flip: Flip, live: Color): string {
  const { addresses, stateDirectory, upstream, publicPort } = site.parts
  const parts = nginxParts({ flip, live, upstream, addresses, stateDirectory, publicPort, tls: false })
  return parts.upstreams + withHeader(parts)
}

/** What can be done to a site of either kind. */
const anywhere = (flip: Flip): readonly Act[] => [
  { name: 'docker compose up -d', flip, do: async (site) => void (await site.compose('up', '-d')) },
  {
    name: 'docker compose down',
    flip,
    stops: true,
    do: async (site) => void (await site.compose('down', '--timeout', '1')),
  },
  { name: 'blue is stopped', flip, stops: true, do: (site) => stop(site, 'blue') },
  { name: 'green is stopped', flip, stops: true, do: (site) => stop(site, 'green') },
  {
    name: 'git pull',
    flip,
    async do(site) {
      const file = `${site.directory}/compose.yaml`
      const text = await site.host.readFile(file)
      await site.host.writeFile(
        `${file}.new`,
        text.replaceAll(/( +)image:/g, '$1labels: { pulled: "yes" }\n$1image:'),
        'deploy',
      )
      await must(site, `mv ${file}.new ${file}`)
    },
  },
]

const linked = (flip: Flip, color: Color, text: (site: LabSite) => string): Act => ({
  name: `a link turned to ${color}`,
  flip,
  to: color,
  async do(site) {
    const { stdout } = await site.host.exec(`readlink -f ${site.nginxFile}`)
    const other = `${stdout.trim()}.${color}`
    await site.host.writeFile(other, text(site))
    await must(site, `chown deploy ${other} && ln -sfn ${other} ${site.nginxFile} && nginx -s reload`)
  },
})

const bothWays: readonly Color[] = ['blue', 'green']

export const switchActs: readonly Act[] = bothWays
  .flatMap((color): readonly Act[] => [
    { name: `the switch renamed to ${color}`, flip: 'switch', to: color, do: (site) => site.flipByHand(color) },
    {
      name: `a file deployed that pins ${color}`,
      flip: 'switch',
      to: color,
      do: (site) => reload(site, site.nginxFile, pinned(site, color, 'asked')),
    },
    {
      name: `a file without a switch deployed that pins ${color}`,
      flip: 'switch',
      to: color,
      hides: true,
      do: (site) => reload(site, site.nginxFile, pinned(site, color, 'plain')),
    },
    linked('switch', color, (site) => pinned(site, color, 'asked')),
  ])
  .concat(
    {
      name: 'the switch file removed',
      flip: 'switch',
      to: 'blue',
      do: (site) => must(site, `rm -f ${site.stateDirectory}/green ${site.stateDirectory}/green.off`),
    },
    anywhere('switch'),
  )

export const reloadActs: readonly Act[] = bothWays
  .flatMap((color): readonly Act[] => [
    {
      name: `the upstream edited to ${color}, and reloaded`,
      flip: 'reload',
      to: color,
      do: (site) => reload(site, site.nginxFile, edited(site, 'reload', color)),
    },
    {
      name: `a file deployed that pins ${color}`,
      flip: 'reload',
      to: color,
      hides: true,
      do: (site) => reload(site, site.nginxFile, pinned(site, color, 'plain')),
    },
    linked('reload', color, (site) => edited(site, 'reload', color)),
  ])
  .concat(anywhere('reload'))

let sites = 0

/** Plays one act at one point of one release; gives what came of it, and what was seen when all was over. */
export async function play(
  lab: Lab,
  act: Act,
  point: Point,
  more: Readonly<Record<string, string>> = {},
): Promise<Played> {
  const site = await siteOf(lab, act.flip)
  const dispose = async () => {
    await site.dispose()
    await site.host.dispose()
  }
  const played = await playAt(site, act, point, more).catch(async (cause: unknown) => {
    await dispose()
    throw cause
  })
  return { ...played, site, [Symbol.asyncDispose]: dispose }
}

async function playAt(
  site: LabSite,
  act: Act,
  point: Point,
  more: Readonly<Record<string, string>>,
): Promise<Pick<Played, 'run' | 'seen'>> {
  await using github = await startGitHub()
  const inputs = { version: 'v2', watch: '1s', 'drain-timeout': '5s', 'github-token': TOKEN, ...point.inputs, ...more }
  const action = await startAction(site.inputs(inputs), at(github))
  const goOn = await point.reached(action, site)
  await act.do(site)
  await goOn()
  const run = await action.ended
  const seen = await witness(site, github)
  return { run, seen }
}

/** A site on a host of its own, whose file in Nginx is reached by a link; v1 is live on blue. */
export async function siteOf(lab: Lab, flip: Flip): Promise<LabSite> {
  const host = await lab.host()
  const service = `web${sites++}`
  const site = await lab.site(host, { flip, service, server: withHeader })
  await site.up('blue', 'v1')
  const real = `/etc/nginx/sites/${service}.conf`
  await must(
    site,
    `mkdir -p /etc/nginx/sites && mv ${site.nginxFile} ${real} && ln -s ${real} ${site.nginxFile} && chown deploy ${real} && nginx -s reload`,
  )
  return site
}

/** What serves is asked through Nginx, and who that is by the address that Nginx says. */
export async function witness(site: LabSite, github: StandIn): Promise<Seen> {
  const answer = await site.get().catch(() => undefined)
  const by = String(answer?.headers[SERVED_BY.toLowerCase()] ?? '')
    .split(/[ ,]+/)
    .at(-1)
  const color = bothWays.find((each) => site.parts.addresses[each] === by)
  const containers = await site.containers()
  const running = containers.filter(({ status }) => status === 'running')
  const { stdout } = await site.host.exec(`cat ${site.stateDirectory}/ledger.jsonl 2>/dev/null`)
  const lines = stdout.split('\n').filter((line) => line !== '')
  return {
    ...(color && answer?.version && { serves: { color, version: answer.version } }),
    runs: Object.fromEntries(running.map(({ service, version }) => [service, version])),
    ledger: lines.map((line) => {
      const { color, version, result, reason } = JSON.parse(line) as Record<string, string>
      return [color, version, result, reason].filter(Boolean).join(' ')
    }),
    comment: github.state.comments.at(-1)?.body ?? '',
    deployment: github.state.deployments.at(-1)?.statuses.at(-1)?.state ?? '',
  }
}

/** All that was said is what was seen, and nothing to which Nginx sends requests was stopped or removed but by the act. */
export function assertTrue(act: Act, { run, seen, site }: Omit<Played, keyof AsyncDisposable>): void {
  const { outputs, stdout, exitCode } = run
  const { serves, ledger } = seen
  const told = `${JSON.stringify(seen, null, 1)}\n${JSON.stringify({ ...outputs, report: '' })}\n${stdout}`
  const green = ['released', 'rolled-back'].includes(outputs['result'] ?? '')
  assert.equal(exitCode, green ? 0 : 1, told)
  assert.ok(['released', 'unchanged', 'restored', 'stranded'].includes(outputs['result'] ?? ''), told)

  if (serves === undefined)
    assert.ok(act.stops || act.to === 'green', `Nothing serves, and nobody else stopped it.\n${told}`)
  const said = [outputs['color'], outputs['version']].join(' ')
  const truth = serves === undefined ? ' ' : `${serves.color} ${serves.version}`
  const unknown = said === ' ' && /could not be seen/.test(stdout)
  // Who was refused because the act left nothing that can be read says nothing of what serves.
  const blind = said === ' ' && outputs['failed-step'] === 'See what is live, and plan'
  if (!(act.hides && unknown) && !blind) assert.equal(said, truth, told)

  const now = /\*\*Now:\*\* (.*?)(?: · |\n|$)/.exec(seen.comment)?.[1]
  if (said === ' ') assert.match(now ?? '', /^(nothing|not known)$/, told)
  else assert.equal(now, `\`${outputs['version']}\` on ${outputs['color']}`, told)
  const states: Readonly<Record<string, string>> = {
    released: 'success',
    unchanged: 'failure',
    restored: 'failure',
    stranded: 'error',
  }
  // A run that was refused before there was a plan made no deployment.
  if (seen.deployment !== '') assert.equal(seen.deployment, states[outputs['result'] ?? ''], told)

  if (green) assert.equal(`${ledger.at(-1)}`, `${truth} released`, told)
  if (outputs['result'] === 'restored') assert.equal(serves?.color ?? 'blue', 'blue', told)
  if (ledger.length > 1)
    assert.deepEqual([ledger[1], outputs['reason']], ['blue v1 restored flipped-by-others', 'flipped-by-others'], told)
  // What was confirmed, and was stopped since or can't be seen any more, is not said to be live.
  if (ledger.length === 1) {
    const lost = act.hides === true || (act.stops === true && serves === undefined)
    assert.ok(outputs['result'] === 'released' || (lost && outputs['result'] === 'stranded'), told)
  }
  // What Nginx sends requests to runs, unless the act stopped it.
  if (serves !== undefined) assert.equal(seen.runs[site.services[serves.color]], serves.version, told)
}
