import { seconds } from '../../src/front/actions/log.ts'
import { runAction } from '../lab/action.ts'
import { pause } from '../lab/command.ts'
import { type Load, type LoadResult, startLoad } from '../lab/load.ts'
import type { LabSite } from '../lab/site.ts'
import { type StandIn, startGitHub } from '../support/github.ts'
import type { Act, Seen } from './acts.ts'
import { jobLogReader } from './job-log.ts'
import type { Screen } from './screen.ts'

const indent = '    '
/** The event of the run: what is released comes from a pull request. */
const pullRequest = {
  pull_request: {
    number: 1,
    head: { sha: '5d8e1a9c3f7b2460d1c8e5f9a7b3d2c4e6f80912', repo: { full_name: 'owner/shop' } },
  },
}
/** Milliseconds between two looks at the load. */
const pulse = 250
/** Milliseconds of load before the release begins and after it ended. */
const margin = 500

/** Plays one act: releases the version as GitHub's runner would, with its log on the screen, and load where it has some. */
export async function play(act: Act, site: LabSite, screen: Screen): Promise<Seen> {
  await using load = act.load ? await startTraffic(site) : undefined
  if (load !== undefined) await pause(margin)
  await using github = await startGitHub()
  const run = await release(act, site, screen, github, load)
  if (load !== undefined) await pause(margin)
  const traffic = await load?.stop()
  const { version: serves = 'nothing' } = await site.get()
  const seen = { act, result: run.outputs['result'] ?? '', exitCode: run.exitCode, duration: run.duration, serves }
  const figures = traffic === undefined ? '' : ` Meanwhile ${requests(traffic)}, ${traffic.lost} lost.`
  for (const line of commentOf(github)) screen.line(`${indent}On the pull request: ${line}`)
  screen.line(`${indent}→ ${seen.result} in ${seconds(Math.round(run.duration))}; ${serves} serves.${figures}`, 'bold')
  return traffic === undefined ? seen : { ...seen, traffic }
}

async function release(act: Act, site: LabSite, screen: Screen, github: StandIn, load: Load | undefined) {
  const read = jobLogReader()
  const began = performance.now()
  let step = ''
  let traffic = ''
  const onOutput = (text: string) => {
    const news = read(text)
    step = news.step
    for (const { text, style } of news.lines) screen.line(indent + text.trimEnd(), style)
  }
  const beat = setInterval(() => {
    void load?.look().then((seen) => {
      traffic = `${requests(seen)}, ${seen.lost} lost · `
    })
    const elapsed = Math.round((performance.now() - began) / 1000)
    screen.status(`${indent}… ${elapsed} s · ${traffic}${step || `Release ${act.version}`}`)
  }, pulse)
  try {
    const options = {
      env: { GITHUB_API_URL: github.url, GITHUB_EVENT_NAME: 'pull_request' },
      event: pullRequest,
      onOutput,
    }
    const inputs = site.inputs({ version: act.version, 'github-token': 'token-of-the-job', ...act.inputs })
    const main = await runAction(inputs, options)
    await runAction(inputs, { ...options, entry: 'dist/post.js', state: main.state })
    if (main.stderr !== '') screen.line(main.stderr.trimEnd(), 'red')
    return main
  } finally {
    clearInterval(beat)
    screen.quiet()
  }
}

/** What the comment on the pull request says first: what happened, and what serves now. */
function commentOf(github: StandIn): readonly string[] {
  const lines = github.state.comments[0]?.body.split('\n') ?? []
  const first = [/^### /, /^\*\*Now:/].map((pattern) => lines.find((line) => pattern.test(line)) ?? '')
  return first.map((line) => line.replace(/^### |[`*]/g, '')).filter((line) => line !== '')
}

/** As from browsers and their like: connections that stay open, and a moment between two requests. */
function startTraffic(site: LabSite): Promise<Load> {
  return startLoad({ url: site.publicUrl, host: site.serverName, connections: 32, post: true, think: [20, 60] })
}

function requests({ requests }: LoadResult): string {
  return `${requests.toLocaleString('en-US')} requests`
}
