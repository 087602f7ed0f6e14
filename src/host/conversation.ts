import { constants } from 'node:os'
import { StringDecoder } from 'node:string_decoder'
import type { ClientChannel } from 'ssh2'
import type { RunOptions, Talk } from './host.ts'
import { type Ends, keeping, lineSplitter } from './kept.ts'

/** How long the channel of a shell that has ended may stay silent, held open by what it left running: milliseconds. */
const patience = 1000

/** A shell at work at the other end of a channel. */
export interface Conversation {
  /** The process that leads the session, once it has begun; never settles where it does not. */
  readonly leader: Promise<number>
  readonly ended: Promise<Ended>
  /** What was printed so far before any script has begun. */
  noise(): string
}

export interface Ended {
  /** `undefined` where the channel closed without a word on how the shell ended. */
  readonly code: number | undefined
  readonly stdout: string
  readonly stderr: string
  /** The process that led the session. Without it the shell ended before the script began, and the output is all that was printed. */
  readonly leader: number | undefined
}

/** Characters that are kept of each stream. */
const KEPT = {
  all: { head: 8 * 1024 * 1024, tail: 0 },
  ends: { head: 256 * 1024, tail: 256 * 1024 },
} as const

/** How a conversation is held; the two calls may come again and again. */
export interface Manners extends Pick<RunOptions, 'onLine' | 'keep'> {
  /** It prints more than any login does, and no script has begun. */
  readonly onNoise?: () => void
  /** All was to be kept, and is too much. */
  readonly onTooMuch?: () => void
}

/** Sends a text to the shell at the other end, and hears what it prints after the mark. */
export function converse(
  channel: ClientChannel,
  text: string,
  mark: string,
  { onLine, keep = 'all', onNoise, onTooMuch }: Manners = {},
): Conversation {
  const leader = Promise.withResolvers<number>()
  const ended = Promise.withResolvers<Ended>()
  let leading: number | undefined
  let paused = false
  const tell = (line: string, from: 'stdout' | 'stderr'): void => {
    const busy = onLine?.(line, from)
    if (!(busy instanceof Promise) || paused) return
    paused = true
    channel.pause()
    channel.stderr.pause()
    busy.finally(() => {
      paused = false
      channel.resume()
      channel.stderr.resume()
    })
  }
  const common = { keeps: KEPT[keep], ...(onNoise && { onNoise }) }
  const stdout = listener(mark, {
    ...common,
    onMark: (words) => {
      leading = Number(words)
      leader.resolve(leading)
    },
    onLine: (line) => tell(line, 'stdout'),
  })
  const stderr = listener(mark, { ...common, onMark: () => undefined, onLine: (line) => tell(line, 'stderr') })
  let code: number | undefined
  let silence: NodeJS.Timeout | undefined
  const heard = (): void => {
    if (code === undefined) return
    clearTimeout(silence)
    silence = setTimeout(() => channel.close(), patience)
  }
  for (const [stream, ear] of [[channel, stdout] as const, [channel.stderr, stderr] as const]) {
    stream.on('data', (chunk: Buffer) => {
      ear.hear(chunk)
      if (keep === 'all' && ear.leftOut() > 0) onTooMuch?.()
      heard()
    })
  }
  channel.on('exit', (number: number | null, signal?: string) => {
    code = number ?? codeOf(signal)
    heard()
  })
  // Writing to a shell that is already gone fails, and how it ended says more.
  channel.on('error', () => undefined)
  channel.on('close', () => {
    clearTimeout(silence)
    // The last of the standard error can come just after the close.
    setImmediate(() => {
      const [out, err] = [stdout.end(), stderr.end()]
      ended.resolve({ code, stdout: out.text, stderr: err.text, leader: leading })
    })
  })
  channel.end(text)
  const noise = (): string => [stdout.noise(), stderr.noise()].join('\n')
  return { leader: leader.promise, ended: ended.promise, noise }
}

/** Goes on talking to the shell at the other end once its script runs. */
export async function talkWith(
  channel: ClientChannel,
  text: string,
  mark: string,
  onLine: (line: string) => void,
): Promise<Talk> {
  const begun = Promise.withResolvers<boolean>()
  const over = Promise.withResolvers<void>()
  const { hear } = listener(mark, { onMark: () => begun.resolve(true), onLine })
  channel.on('data', hear)
  channel.stderr.on('data', () => undefined)
  channel.on('error', () => undefined)
  channel.on('close', () => {
    begun.resolve(false)
    over.resolve()
  })
  channel.write(text)
  // A shell may read ahead: what it is told before the script runs could be taken for a part of it.
  if (!(await begun.promise)) throw new Error('the shell ended before the script ran')
  return {
    send: (line) => {
      if (channel.writable) channel.write(`${line}\n`)
    },
    ended: over.promise,
    close: () => channel.end(),
  }
}

interface Ear {
  /** Gets what follows the mark on its line. */
  readonly onMark: (words: string) => void
  readonly onLine: (line: string) => void
  /** What is kept of what comes after the mark; nothing unless said otherwise. */
  readonly keeps?: Ends
  /** Called, again and again, once more came before the mark than any login prints. */
  readonly onNoise?: () => void
}

/** Characters that a login may print before anything runs. */
const NOISE = 64 * 1024

/** Takes a stream's text after the mark; characters and lines may come in pieces. What is kept of it is bounded. */
export function listener(mark: string, { onMark, onLine, keeps = { head: 0, tail: 0 }, onNoise }: Ear) {
  const decoder = new StringDecoder('utf8')
  const kept = keeping(keeps)
  const rows = lineSplitter(onLine)
  let noise = ''
  let marked = false

  const take = (text: string): void => {
    kept.add(text)
    rows.hear(text)
  }
  const hear = (text: string): void => {
    if (marked) {
      take(text)
      return
    }
    noise += text
    const at = noise.indexOf(mark)
    const end = at < 0 ? -1 : noise.indexOf('\n', at)
    if (end < 0) {
      if (noise.length <= NOISE) return
      // Its beginning says what it is; the mark may have come in half.
      noise = noise.slice(0, NOISE / 2) + noise.slice(-NOISE / 2)
      onNoise?.()
      return
    }
    marked = true
    onMark(noise.slice(at + mark.length, end).trim())
    const rest = noise.slice(end + 1)
    noise = ''
    take(rest)
  }
  return {
    hear: (chunk: Buffer): void => hear(decoder.write(chunk)),
    leftOut: kept.leftOut,
    noise: (): string => noise,
    end: (): { readonly text: string; readonly marked: boolean } => {
      hear(decoder.end())
      rows.end()
      return { text: marked ? kept.text() : noise, marked }
    },
  }
}

/** As a shell counts a death by signal. */
function codeOf(signal: string | undefined): number {
  const found = Object.entries(constants.signals).find(([name]) => name === signal)
  return 128 + (found?.[1] ?? 0)
}
