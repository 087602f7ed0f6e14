import { createServer, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/** A port of the runner's loopback; gone, with every connection through it, once it is disposed of. */
export interface TunnelPort extends AsyncDisposable {
  /** `http://127.0.0.1:port` */
  readonly url: string
  /** Why the last connection that could not be made could not. */
  lastError(): unknown
}

/** Listens on a free port; each connection to it is joined to one that `open` makes. */
export async function openTunnelPort(open: () => Promise<Duplex>): Promise<TunnelPort> {
  const sockets = new Set<Socket>()
  let lastError: unknown
  // Half open: a client that has said all may still be answered.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    open().then(
      (channel) => {
        channel.on('error', () => socket.destroy())
        channel.on('close', () => socket.end())
        socket.on('close', () => channel.destroy())
        if (socket.destroyed) channel.destroy()
        else socket.pipe(channel).pipe(socket)
      },
      (cause: unknown) => {
        lastError = cause
        socket.destroy()
      },
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  return {
    url: `http://127.0.0.1:${port}`,
    lastError: () => lastError,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
