import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'

/** Characters before the line that says SSH: a server may send some. */
const MOST = 8 * 1024

/** What a server says of itself before the handshake. */
export interface Greeting {
  /** Rejects with a part of a sentence if it is no SSH server, or says nothing in time. Never resolves. */
  readonly wrong: Promise<never>
  /** The same part of a sentence if the connection was closed before it had said that it is one. */
  whenClosed(): string | undefined
  stop(): void
}

/**
 * Listens alongside the SSH client, which would wait for its handshake, and could not say what it saw instead.
 * @param patience milliseconds from the connection on
 */
export function greetingOf(socket: Duplex, patience: number): Greeting {
  const { promise, reject } = Promise.withResolvers<never>()
  promise.catch(() => undefined)
  let said = ''
  let timer: NodeJS.Timeout | undefined
  const isSsh = (): boolean => /^SSH-/m.test(said)
  const stop = (): void => {
    clearTimeout(timer)
    socket.off('data', hear)
    socket.off('connect', begin)
  }
  const hear = (chunk: Buffer): void => {
    said += chunk.toString('latin1', 0, MOST)
    if (isSsh()) stop()
    else if (said.length >= MOST || said.startsWith('HTTP/')) reject(new Error(notSsh(said)))
  }
  const begin = (): void => {
    timer = setTimeout(() => reject(new Error(said === '' ? SILENT : notSsh(said))), patience)
  }
  socket.on('data', hear)
  if (socket instanceof Socket && socket.connecting) socket.once('connect', begin)
  else begin()
  return { wrong: promise, whenClosed: () => (said === '' || isSsh() ? undefined : notSsh(said)), stop }
}

const SILENT = 'what listens there takes the connection and says nothing'

function notSsh(said: string): string {
  const [line = ''] = stripVTControlCharacters(said)
    .split('\n')
    .filter((each) => each.trim() !== '')
  const begin = line.replace(/[^\x20-\x7e]/g, '').trim()
  return `what listens there is no SSH server, or takes nobody: it said "${begin.slice(0, 100)}"`
}
