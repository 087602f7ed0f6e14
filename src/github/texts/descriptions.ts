/** Milliseconds between two descriptions of one deployment, and how many there may be: GitHub counts calls. */
const PAUSE = 5_000
const MOST = 40

/** Follows the steps with few calls: of those that come quickly only the last is told. */
export function descriptions(tell: (title: string) => void) {
  let last = Number.NEGATIVE_INFINITY
  let count = 0
  let next: string | undefined
  let timer: NodeJS.Timeout | undefined
  const flush = (): void => {
    timer = undefined
    if (next === undefined || count >= MOST) return
    count++
    last = performance.now()
    tell(next)
    next = undefined
  }
  return {
    /** Something was told just now. */
    begin(): void {
      last = performance.now()
    },
    next(title: string): void {
      next = title
      timer ??= setTimeout(flush, Math.max(0, last + PAUSE - performance.now())).unref()
    },
    stop(): void {
      clearTimeout(timer)
      next = undefined
    },
  }
}
