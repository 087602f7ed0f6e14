/**
 * Whether the configuration on disk is the one that the workers run. What can't be told from files and processes is
 * decided by what requests do: see `confirmLoaded`.
 */
export type Loaded =
  /** `touched` was changed after the workers were started, and says the same as before. */
  | { readonly kind: 'loaded'; readonly master: number; readonly touched: readonly string[] }
  /** These files, links and folders were changed after the workers were started; none: which ones, no time tells. */
  | { readonly kind: 'changed-since'; readonly master: number; readonly files: readonly string[] }
  /** Nothing was seen to be changed since; but that may not be all, or the workers be ones that the master started again. */
  | { readonly kind: 'supposed'; readonly why: string; readonly master: number }
  | { readonly kind: 'not-running' }
  /** `why` is part of a sentence. */
  | { readonly kind: 'unknown'; readonly why: string; readonly master?: number }

export interface Process {
  readonly pid: number
  readonly parent: number
  /** Since the machine was started, as proc(5) counts it: with the pid, who it is. */
  readonly start: string
  /** Seconds since it was started. */
  readonly age: number
  readonly title: string
}

/** What the files, links and folders of a configuration tell. */
export interface Times {
  /** Seconds since each was changed, by its path. */
  readonly ages: ReadonlyMap<string, number>
  /** The same of the folders above them, where many things are changed that concern nobody here. */
  readonly above: ReadonlyMap<string, number>
  /** What the user cannot look at. */
  readonly unseen: readonly string[]
}

/** What our last reload left behind, in the state directory. */
export interface LoadRecord {
  /** SHA-256 of what `nginx -T` printed then. */
  readonly sum: string
  /** When the machine was started, by its wall clock then: in seconds. */
  readonly booted: number
  /** `PID:START` of each worker that it started. */
  readonly workers: ReadonlySet<string>
}

/** What is judged. */
export interface LoadEvidence {
  readonly master: Process | 'not-running' | 'unknown'
  readonly processes: readonly Process[]
  readonly times: Times
  /** As in the record, and now. */
  readonly sum: string
  readonly booted: number
  readonly record?: LoadRecord
}

/** Seconds by which times may differ: a start and the uptime each come in hundredths, and file times with the kernel's tick. */
const SLACK = 0.03
/** Seconds within which a master starts its first workers. */
const FIRST = 1
/** Seconds by which two readings of one clock differ at most. */
const STEADY = 2

/**
 * Compares with the oldest plain worker: one that the master started again after a crash is young, and has the old
 * configuration. When our last reload started it, what that loaded is known, whatever the clocks say.
 */
export function judgeLoaded({ master, processes, times, sum, booted, record }: LoadEvidence): Loaded {
  if (master === 'not-running') return { kind: 'not-running' }
  if (master === 'unknown') return { kind: 'unknown', why: 'its processes cannot be told from others' }
  const unknown = (why: string): Loaded => ({ kind: 'unknown', why, master: master.pid })
  const [oldest] = processes
    .filter(({ parent, title }) => parent === master.pid && /^nginx: worker process\s*$/.test(title))
    .toSorted((one, other) => other.age - one.age)
  if (oldest === undefined) return unknown('its worker processes cannot be seen')
  const laterOf = (ages: ReadonlyMap<string, number>) =>
    [...ages].flatMap(([path, age]) => (age < oldest.age + SLACK ? [path] : [])).toSorted()
  const later = laterOf(times.ages)
  if (record?.workers.has(`${oldest.pid}:${oldest.start}`)) {
    if (record.sum === sum) return { kind: 'loaded', master: master.pid, touched: later }
    return { kind: 'changed-since', master: master.pid, files: later }
  }
  if (later.length > 0) return { kind: 'changed-since', master: master.pid, files: later }
  const [hidden] = times.unseen
  if (hidden !== undefined) return unknown(`when ${hidden} was changed cannot be seen`)
  if (times.ages.size === 0) return unknown('when its files were changed cannot be seen')
  if (record !== undefined && Math.abs(record.booted - booted) > STEADY)
    return unknown('the clock of the host was set since')
  const supposed = (why: string): Loaded => ({ kind: 'supposed', why, master: master.pid })
  const [above] = laterOf(times.above)
  if (above !== undefined) return supposed(`${above}, a folder above its files, was changed since`)
  if (oldest.age + FIRST < master.age) {
    return supposed('its workers are younger than the master, by a reload or since they crashed')
  }
  return { kind: 'loaded', master: master.pid, touched: [] }
}

/** Reads `time` and `wanted` lines; `now` is in seconds, as the host's clock had it. */
export function readTimes(printed: string, now: number): Times {
  const ages = new Map(
    [...printed.matchAll(/^time (\d+) [^:]*:[^:]*:\d\d(\.\d+)?.*? : (.*)$/gm)].map(
      // Without a fraction the change may have come up to a second later.
      ([, whole, fraction, path = '']) => [path, now - Number(whole) - Number(fraction ?? 1)] as const,
    ),
  )
  const named = (how: string) =>
    [...printed.matchAll(/^(wanted|parent) (.*)$/gm)].flatMap(([, key, path = '']) => (key === how ? [path] : []))
  const wanted = named('wanted')
  const above = new Set(named('parent').filter((path) => !wanted.includes(path)))
  return {
    ages: new Map([...ages].filter(([path]) => !above.has(path))),
    above: new Map([...ages].filter(([path]) => above.has(path))),
    unseen: wanted.filter((path) => !ages.has(path)),
  }
}

/** Undefined if there is none that is whole. */
export function readRecord(line: string | undefined): LoadRecord | undefined {
  const [, sum, booted, workers] = /^([0-9a-f]{64}) (\d+) ?(.*)$/.exec(line ?? '') ?? []
  if (sum === undefined || workers === undefined) return undefined
  return { sum, booted: Number(booted), workers: new Set(workers.split(' ').filter((each) => each !== '')) }
}
