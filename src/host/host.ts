import { type Remedy, sentence } from '../base/notice.ts'
import type { Shell } from './quote.ts'

/** `user@name:port`, as the report and every sentence call a machine. */
export type HostName = string

/** Something to run on a host. */
export interface Script {
  readonly shell: Shell
  /** Milliseconds after which the host itself ends it, with SIGTERM and five seconds later SIGKILL. */
  readonly deadline: number
}

/** How a script ended by itself. `code` 124 or 137 is the deadline (coreutils `timeout`). */
export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** Milliseconds. */
  readonly duration: number
}

export interface RunOptions {
  readonly signal?: AbortSignal
  /** Each line as it comes, without its line end. A promise that it gives is waited for: the host is slowed down. */
  readonly onLine?: (line: string, from: 'stdout' | 'stderr') => unknown
  /** What is kept of the output for the answer: all of it unless said otherwise, or its beginning and its end. */
  readonly keep?: 'all' | 'ends'
}

/** One HTTP GET. No redirect is followed. */
export interface HttpRequest {
  /** Name or address to connect to, as seen from the one who asks. */
  readonly address: string
  readonly port: number
  readonly path: string
  /** Value of the `Host` header. */
  readonly host: string
  /** Value of the `X-Forwarded-Proto` header, if there is one. */
  readonly scheme?: 'http' | 'https'
  /** Where given, TLS with this name as SNI (none for an empty string). */
  readonly tls?: { readonly serverName: string; readonly verify: boolean }
  /** Milliseconds for all of it. */
  readonly timeout: number
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** The first 64 KiB, as UTF-8. */
  readonly body: string
  /** Milliseconds. */
  readonly duration: number
}

/** A script that goes on, and hears on its standard input what it is told. */
export interface Talk {
  /** One line; lost where the script or the connection has ended. */
  send(line: string): void
  /** Resolves when it has ended, by itself or with the connection. */
  readonly ended: Promise<void>
  /** Ends its standard input. */
  close(): void
}

/** One machine. Every round trip of a release goes through here. */
export interface Host extends AsyncDisposable {
  readonly name: HostName
  /**
   * Runs a script under `/bin/sh`, whatever the login shell is. A non-zero code is an answer, not an error.
   * @throws HostError if the connection breaks, the deadline passes here too, the signal aborts, or all is to be kept
   * and that is too much.
   */
  run(script: Script, options?: RunOptions): Promise<Ran>
  /**
   * Begins a script that goes on for as long as the connection, and gives it once it runs.
   * @throws HostError where the connection breaks before that.
   */
  talk(script: Shell, onLine: (line: string) => void): Promise<Talk>
  /**
   * Asks from this host, through the SSH connection.
   * @throws Error with a sentence that says what was asked, and how it failed.
   */
  request(request: HttpRequest, signal?: AbortSignal): Promise<HttpAnswer>
  /** Scripts run so far. */
  roundTrips(): number
  /** Requests sent so far. */
  requests(): number
}

/**
 * Whether the next try may go better. What a host forbids (the key, its own key, a login without commands) stays so; one
 * that cannot be reached was waited for already.
 */
export function mayPass(error: unknown): boolean {
  return !(error instanceof HostError) || PASSING.includes(error.reason)
}

const PASSING: readonly string[] = ['connection-lost', 'command-timed-out']

/** `reason` is the code that the action puts into its `reason` output. */
export class HostError extends Error {
  override readonly name = 'HostError'
  readonly reason: string
  readonly host: HostName
  /** The message without what to do. */
  readonly seen: string
  readonly remedy?: Remedy
  /** Where a connection was lost: the session on the host that may go on. */
  readonly session?: number

  constructor(reason: string, host: HostName, seen: string, options: HostErrorOptions = {}) {
    super(sentence({ message: seen, ...options }), options)
    this.reason = reason
    this.host = host
    this.seen = seen
    if (options.remedy !== undefined) this.remedy = options.remedy
    if (options.session !== undefined) this.session = options.session
  }
}

interface HostErrorOptions extends ErrorOptions {
  readonly remedy?: Remedy
  readonly session?: number
}
