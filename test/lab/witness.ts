import { Agent, request } from 'node:http'
import { pause } from './command.ts'
import type { LabSite } from './site.ts'
import type { Color } from './site-nginx.ts'

/** A color that Nginx was seen to choose, from one moment on. */
export interface Sight {
  readonly color: Color | 'none'
  /** By `performance.now()`. */
  readonly at: number
}

/** Asks Nginx all the time which color it chooses. */
export interface Witness extends AsyncDisposable {
  /** Each change of what was seen, the first sight included. */
  readonly sights: readonly Sight[]
  /**
   * Waits until the color is seen, by a question that was sent after this call.
   * @throws Error where that does not come about within the patience, in milliseconds
   */
  sees(color: Color, patience: number): Promise<Sight>
  /** Milliseconds of the longest time between two answers: so slow was the machine. */
  slowest(): number
}

const PAUSE = 40

/** Begins to ask `/.blue-green` of a site that is switched. */
export function startWitness(site: LabSite): Witness {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const sights: Sight[] = []
  let going = true
  let slowest = 0
  let asked = performance.now()
  const look = async (): Promise<void> => {
    for (let last = asked; going; last = asked) {
      asked = performance.now()
      const color = await choice(site, agent)
      slowest = Math.max(slowest, performance.now() - last)
      if (sights.at(-1)?.color !== color) sights.push({ color, at: performance.now() })
      await pause(PAUSE)
    }
  }
  const looking = look()
  return {
    sights,
    slowest: () => slowest,
    async sees(color, patience) {
      const since = performance.now()
      while (performance.now() - since < patience) {
        const last = sights.at(-1)
        if (asked > since && last?.color === color) return last
        await pause(10)
      }
      throw new Error(`Nginx was not seen to choose ${color} within ${patience} ms, but: ${JSON.stringify(sights)}`)
    },
    async [Symbol.asyncDispose]() {
      going = false
      await looking
      agent.destroy()
    },
  }
}

function choice(site: LabSite, agent: Agent): Promise<Color | 'none'> {
  return new Promise((done) => {
    const headers = { Host: site.serverName }
    const sent = request(`${site.publicUrl}/.blue-green`, { agent, headers, timeout: 10_000 }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text
      })
      response.on('end', () => done(/_(blue|green)(?:_backed)?$/.exec(body.trim())?.[1] === 'green' ? 'green' : 'blue'))
      response.on('error', () => done('none'))
    })
    sent.on('timeout', () => sent.destroy())
    sent.on('error', () => done('none'))
    sent.end()
  })
}
