import { seconds } from '../../src/log.ts'
import { runAction } from '../lab/action.ts'
import { pause } from '../lab/command.ts'
import type { Load, LoadResult } from '../lab/load.ts'
import { startLoad } from '../lab/load.ts'
import type { LabSite } from '../lab/site.ts'
import type { Act, Seen } from './acts.ts'
import { jobLogReader } from './job-log.ts'
import type { Screen } from './screen.ts'

const indent = '    '
/** Milliseconds between two looks at the load. */
const pulse = 250
/** Milliseconds of load before the release begins and after it ended. */
const margin = 500

/** Plays one act: releases the version as GitHub's runner would, with its log on the screen, and load where it has some. */
export async function play(act: Act, site: LabSite, screen: Screen): Promise<Seen> {
  await using load = act.load ? await startTraffic(site) : undefined
  if (load !== undefined) await pause(margin)
  const run = await release(act, site, screen, load)
  if (load !== undefined) await pause(margin)
  const traffic = await load?.stop()
  const { version: serves = 'nothing' } = await site.get()
  const seen = { act, result: run.outputs['result'] ?? '', exitCode: run.exitCode, duration: run.duration, serves }
  const figures = traffic === undefined ? '' : ` Meanwhile ${requests(traffic)}, ${traffic.lost} lost.`
  screen.line(`${indent}→ ${seen.result} in ${seconds(Math.round(run.duration))}; ${serves} serves.${figures}`, 'bold')
  return traffic === undefined ? seen : { ...seen, traffic }
}

async function release(act: Act, site: LabSite, screen: Screen, load: Load | undefined) {
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
    const main = await runAction(site.inputs({ version: act.version, ...act.inputs }), { onOutput })
    await runAction(site.inputs(), { entry: 'dist/post.js', state: main.state, onOutput })
    if (main.stderr !== '') screen.line(main.stderr.trimEnd(), 'red')
    return main
  } finally {
    clearInterval(beat)
    screen.quiet()
  }
}

/** As from browsers and their like: connections that stay open, and a moment between two requests. */
function startTraffic(site: LabSite): Promise<Load> {
  return startLoad({ url: site.publicUrl, host: site.serverName, connections: 32, post: true, think: [20, 60] })
}

function requests({ requests }: LoadResult): string {
  return `${requests.toLocaleString('en-US')} requests`
}
