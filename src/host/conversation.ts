import { constants } from 'node:os'
import { StringDecoder } from 'node:string_decoder'
import type { ClientChannel } from 'ssh2'
import type { RunOptions, Talk } from './host.ts'

/** How long the channel of a shell that has ended may stay silent, held open by what it left running: milliseconds. */
const patience = 1000

/** A shell at work at the other end of a channel. */
export interface Conversation {
  /** The process that leads the session, once it has begun; never settles where it does not. */
  readonly leader: Promise<number>
  readonly ended: Promise<Ended>
}

export interface Ended {
  /** `undefined` where the channel closed without a word on how the shell ended. */
  readonly code: number | undefined
  readonly stdout: string
  readonly stderr: string
  /** The process that led the session. Without it the shell ended before the script began, and the output is all that was printed. */
  readonly leader: number | undefined
}

/** Sends a text to the shell at the other end, and hears what it prints after the mark. */
export function converse(
  channel: ClientChannel,
  text: string,
  mark: string,
  onLine?: NonNullable<RunOptions['onLine']>,
): Conversation {
  const leader = Promise.withResolvers<number>()
  const ended = Promise.withResolvers<Ended>()
  let leading: number | undefined
  const stdout = listener(mark, {
    onMark: (words) => {
      leading = Number(words)
      leader.resolve(leading)
    },
    onLine: (line) => onLine?.(line, 'stdout'),
  })
  const stderr = listener(mark, { onMark: () => undefined, onLine: (line) => onLine?.(line, 'stderr') })
  let code: number | undefined
  let silence: NodeJS.Timeout | undefined
  const heard = (): void => {
    if (code === undefined) return
    clearTimeout(silence)
    silence = setTimeout(() => channel.close(), patience)
  }
  channel.on('data', (chunk: Buffer) => {
    stdout.hear(chunk)
    heard()
  })
  channel.stderr.on('data', (chunk: Buffer) => {
    stderr.hear(chunk)
    heard()
  })
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
  return { leader: leader.promise, ended: ended.promise }
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
}

/** Collects a stream's text after the mark; characters and lines may come in pieces. */
export function listener(mark: string, { onMark, onLine }: Ear) {
  const decoder = new StringDecoder('utf8')
  const pieces: string[] = []
  let noise = ''
  let marked = false
  let partial = ''

  const take = (text: string): void => {
    pieces.push(text)
    const rows = (partial + text).split('\n')
    partial = rows.pop() ?? ''
    for (const row of rows) onLine(row.replace(/\r$/, ''))
  }
  const hear = (text: string): void => {
    if (marked) {
      take(text)
      return
    }
    noise += text
    const at = noise.indexOf(mark)
    const end = at < 0 ? -1 : noise.indexOf('\n', at)
    if (end < 0) return
    marked = true
    onMark(noise.slice(at + mark.length, end).trim())
    take(noise.slice(end + 1))
  }
  return {
    hear: (chunk: Buffer): void => hear(decoder.write(chunk)),
    end: (): { readonly text: string; readonly marked: boolean } => {
      hear(decoder.end())
      if (partial !== '') onLine(partial.replace(/\r$/, ''))
      return { text: marked ? pieces.join('') : noise, marked }
    },
  }
}

/** As a shell counts a death by signal. */
function codeOf(signal: string | undefined): number {
  const found = Object.entries(constants.signals).find(([name]) => name === signal)
  return 128 + (found?.[1] ?? 0)
}
