import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface LoadOptions {
  readonly url: string
  /** Value of the `Host` header. */
  readonly host?: string
  /** Requests at a time, each on a connection of its own: 8 unless said otherwise. */
  readonly connections?: number
  /** Whether connections are used again: yes unless said otherwise. */
  readonly keepAlive?: boolean
  /** Whether half of the requests are POSTs. */
  readonly post?: boolean
  /** Least and most milliseconds that a client idles between requests: 10 and 50 unless given. */
  readonly think?: readonly [number, number]
  /** Paths to ask, picked at random: that of `url` unless given. */
  readonly paths?: readonly string[]
  /** Milliseconds after which a request is lost: 30,000 unless given. */
  readonly timeout?: number
}

export interface LoadFailure {
  /** Milliseconds from the start of the load to the start of the request. */
  readonly at: number
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** Whether the connection had carried a request before. */
  readonly reusedSocket: boolean
  /** An answer outside of 200 to 299 … */
  readonly status?: number
  /** … or the code of what went wrong with the connection. */
  readonly error?: string
}

export interface LoadResult {
  readonly requests: number
  /** All that did not end in a whole answer of 200 to 299. Nothing is tried twice. */
  readonly lost: number
  /** The first thousand of the lost. */
  readonly failures: readonly LoadFailure[]
  /** The lost by what became of them: `POST 500`, `GET ECONNRESET`. */
  readonly lostBy: Readonly<Record<string, number>>
  /** Answers by their `X-Version`. */
  readonly byVersion: Readonly<Record<string, number>>
  /** When the first and the last request was sent that this version answered; milliseconds from the start of the load. */
  readonly firstSeen: Readonly<Record<string, number>>
  readonly lastSeen: Readonly<Record<string, number>>
  /** Milliseconds. */
  readonly slowest: number
  readonly duration: number
}

export interface Load extends AsyncDisposable {
  /** What was seen so far. */
  look(): Promise<LoadResult>
  /** Lets the requests in flight end, and gives what was seen. */
  stop(): Promise<LoadResult>
}

/** Starts load from a process of its own; it runs when the promise resolves. */
export async function startLoad(options: LoadOptions): Promise<Load> {
  const child = fork(join(import.meta.dirname, 'load-process.ts'), { execArgv: ['--no-warnings'] })
  child.send(options)
  await once(child, 'message')
  let last: Promise<unknown> = Promise.resolve()
  const tell = (what: 'look' | 'stop') => {
    const answer = last.then(async () => {
      child.send(what)
      const [seen] = (await once(child, 'message')) as [LoadResult]
      return seen
    })
    last = answer // answers carry no name: one question at a time
    return answer
  }
  let result: Promise<LoadResult> | undefined
  const stop = () => {
    result ??= tell('stop')
    return result
  }
  return {
    look: () => result ?? tell('look'),
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop()
    },
  }
}
