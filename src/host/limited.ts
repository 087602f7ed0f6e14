/** Runs a task as soon as there is a place for it; what waits leaves the queue when its signal aborts. */
export type Limited = <T>(task: () => Promise<T>, signal?: AbortSignal) => Promise<T>

/** At most so many tasks at once, first come, first served. */
export function limited(places: number): Limited {
  const waiting: (() => void)[] = []
  let free = places
  return async (task, signal) => {
    signal?.throwIfAborted()
    if (free > 0) free -= 1
    else await turn(waiting, signal)
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
}

/** The promise, or the reason of the signal where that aborts first. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = (): void => reject(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

function turn(waiting: (() => void)[], signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  waiting.push(resolve)
  const leave = (): void => {
    const index = waiting.indexOf(resolve)
    if (index < 0) return
    waiting.splice(index, 1)
    reject(signal?.reason)
  }
  signal?.addEventListener('abort', leave, { once: true })
  return promise
}
