import { createServer } from 'node:net'
import { first } from './engine.ts'

// Below the range from which the kernel takes the local ports of connections.
const lowest = 20_000
const highest = 32_000
let next = lowest + Math.floor(Math.random() * (highest - lowest))

/** A port of 127.0.0.1 on which nothing listens, and that is not given out twice in this enclosed run. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 1000; tries += 1) {
    next = next >= highest ? lowest : next + 1
    const candidate = next // another call may go on while this one waits
    if ((await isFree(candidate)) && (await first(`port-${candidate}`))) return candidate
  }
  throw new Error(`The lab found no free port from ${lowest} to ${highest}.`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '0.0.0.0', () => server.close(() => resolve(true)))
  })
}
