import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import type { Client, ClientChannel } from 'ssh2'
import { openSession, openTunnel } from './channels.ts'
import { type Conversation, converse, type Ended, talkWith } from './conversation.ts'
import {
  type Host,
  HostError,
  type HostName,
  type HttpAnswer,
  type HttpRequest,
  type Ran,
  type RunOptions,
  type Script,
} from './host.ts'
import { httpGet } from './http.ts'
import { readAnswer, requestOnHost } from './http-on-host.ts'
import { limited, unlessAborted } from './limited.ts'
import { lines } from './quote.ts'
import { ending, firstQuestion, homeIn, listening, plainShell, shellCommand, wrapped } from './remote-shell.ts'
import { searching } from './search-path.ts'

/** A host behind an SSH connection. */
export interface SshHost extends Host {
  /** The home directory of who logs in. */
  readonly home: string
  /**
   * A TCP connection from this host to an address that it can reach.
   * @throws HostError forwarding-refused where its sshd forbids it; an Error with the code ECONNREFUSED where nothing listens.
   */
  open(address: string, port: number, signal?: AbortSignal): Promise<Duplex>
}

/** A client that has logged in. `loss` aborts with the cause when the connection ends. */
export interface LoggedIn {
  readonly name: HostName
  readonly client: Client
  readonly socket: Duplex
  readonly loss: AbortSignal
}

/** MaxSessions of sshd is 10, and it frees them slowly. The ones that end others come on top. */
const sessionsAtOnce = 4
const tunnelsAtOnce = 16
/** Milliseconds between SIGTERM and SIGKILL: a cancelled run has ten seconds for everything. */
const graceWhenCut = 2000
/** Milliseconds in which a login must have come to its first command. */
const LOGIN = 8000
/** Milliseconds that the host has to keep the deadline before this end does. */
const slack = (deadline: number): number => 10_000 + deadline / 20

/** The host at the other end of a connection; finds out first how its shell is to be started. */
export async function hostOver(connection: LoggedIn, signal?: AbortSignal): Promise<SshHost> {
  const { name, client, socket, loss } = connection
  const sessions = limited(sessionsAtOnce)
  const tunnels = limited(tunnelsAtOnce)
  let scripts = 0
  let requests = 0

  /** Ends what runs in a session on the host. Waits for it, but not for long: the connection may be gone. */
  const end = async ({ leader }: Conversation): Promise<void> => {
    const kill = async (): Promise<void> => {
      const mark = randomUUID()
      const text = wrapped(ending(await leader, graceWhenCut), mark, 10_000)
      const talk = await openSession(client, plainShell, (channel) => converse(channel, text, mark))
      await talk.ended
    }
    const most = AbortSignal.any([loss, AbortSignal.timeout(graceWhenCut + 2000)])
    await unlessAborted(kill(), most).catch(() => undefined)
  }

  const perform = async (
    command: string,
    { shell, deadline }: Script,
    { signal, onLine, keep }: RunOptions,
    /** Milliseconds in which the script must have begun. */
    begins?: number,
  ): Promise<Ended> => {
    const late = new AbortController()
    /** Aborts with the error that says what came in too large an amount. */
    const flooded = new AbortController()
    const stop = AbortSignal.any([loss, late.signal, flooded.signal, ...(signal === undefined ? [] : [signal])])
    let session: number | undefined
    const why = (): HostError => {
      if (loss.aborted) return lost(name, loss.reason, session)
      if (flooded.signal.aborted) return flooded.signal.reason
      if (late.signal.aborted) return timedOut(name, deadline)
      return new HostError('cancelled', name, `Cancelled while a command ran on ${name}.`, { cause: signal?.reason })
    }
    const task = async (): Promise<Ended> => {
      const timer = setTimeout(() => late.abort(), deadline + slack(deadline))
      let silent: NodeJS.Timeout | undefined
      const mark = randomUUID()
      let close = (): void => undefined
      let talk: Conversation | undefined
      const begin = (channel: ClientChannel): Conversation | undefined => {
        close = () => channel.close()
        if (stop.aborted) {
          close()
          return undefined
        }
        talk = converse(channel, wrapped(shell, mark, deadline), mark, {
          ...(onLine && { onLine }),
          ...(keep && { keep }),
          onNoise: () => flooded.abort(notBegun(name, talk?.noise() ?? '')),
          onTooMuch: () => flooded.abort(tooMuch(name)),
        })
        const { noise } = talk
        if (begins !== undefined) silent = setTimeout(() => flooded.abort(notBegun(name, noise())), begins)
        talk.leader.then(
          (leader) => {
            clearTimeout(silent)
            session = leader
          },
          () => undefined,
        )
        return talk
      }
      try {
        const begun = await unlessAborted(openSession(client, command, begin, stop), stop)
        if (begun === undefined) throw stop.reason
        return await unlessAborted(begun.ended, stop)
      } finally {
        clearTimeout(timer)
        clearTimeout(silent)
        const runs = !flooded.signal.aborted || session !== undefined
        if (stop.aborted && talk !== undefined && runs) await end(talk)
        close()
      }
    }
    const ended = await sessions(task, stop).catch((error: unknown) => {
      throw stop.aborted ? why() : lost(name, error, session)
    })
    if (ended.code === undefined && stop.aborted) throw why()
    return ended
  }

  const open = async (address: string, port: number, signal?: AbortSignal): Promise<Duplex> => {
    const stop = signal === undefined ? loss : AbortSignal.any([loss, signal])
    const opening = openTunnel(client, name, { address, port }, stop)
    try {
      return await unlessAborted(opening, stop)
    } catch (error) {
      opening.then(
        (channel) => channel.destroy(),
        () => undefined,
      )
      if (loss.aborted) throw lost(name, loss.reason)
      throw error
    }
  }

  const asked = await perform(
    plainShell,
    { shell: firstQuestion, deadline: 15_000 },
    signal === undefined ? {} : { signal },
    LOGIN,
  )
  if (asked.leader === undefined) throw unusable(name, asked)
  const command = shellCommand(asked.stdout)
  const search = searching(asked.stdout)

  const run = async (script: Script, options: RunOptions = {}): Promise<Ran> => {
    const started = performance.now()
    scripts += 1
    const { code, stdout, stderr, leader } = await perform(
      command,
      { ...script, shell: lines(search, script.shell) },
      options,
    )
    if (code === undefined) throw lost(name, 'the host closed the channel without saying how the command ended', leader)
    return { code, stdout, stderr, duration: performance.now() - started }
  }
  let forbidden = false
  const askOnHost = async (request: HttpRequest, signal?: AbortSignal): Promise<HttpAnswer> => {
    const ran = await run(requestOnHost(request), signal === undefined ? {} : { signal })
    return readAnswer(ran, request, name)
  }

  return {
    name,
    home: homeIn(asked.stdout),
    open,
    run,
    async talk(script, onLine) {
      scripts += 1
      const mark = randomUUID()
      try {
        const begin = (channel: ClientChannel) =>
          talkWith(channel, listening(lines(search, script), mark), mark, onLine)
        return await openSession(client, command, begin, loss)
      } catch (error) {
        throw lost(name, loss.aborted ? loss.reason : error)
      }
    },
    async request(request, signal) {
      requests += 1
      if (forbidden) return askOnHost(request, signal)
      const connect = (stop: AbortSignal) => open(request.address, request.port, stop)
      try {
        return await tunnels(() => httpGet(connect, request, signal, name), signal)
      } catch (error) {
        // A server that forbids forwarding still runs programs, which can ask.
        if (!(error instanceof HostError) || error.reason !== 'forwarding-refused') throw error
        forbidden = true
        return askOnHost(request, signal)
      }
    },
    roundTrips: () => scripts,
    requests: () => requests,
    async [Symbol.asyncDispose]() {
      if (loss.aborted) return
      client.end()
      // A peer that is gone never answers; a socket left open would keep the process alive.
      await Promise.race([once(loss, 'abort'), sleep(500)])
      socket.destroy()
    },
  }
}

function lost(name: HostName, cause: unknown, session?: number): HostError {
  const why = cause instanceof Error ? ` (${cause.message})` : typeof cause === 'string' ? ` (${cause})` : ''
  const message = `The SSH connection to ${name} was lost${why}. What ran there may have gone on.`
  const remedy = { text: 'Look at the host, and at the network to it.' }
  return new HostError('connection-lost', name, message, { cause, remedy, ...(session !== undefined && { session }) })
}

function timedOut(name: HostName, deadline: number): HostError {
  const message =
    `A command on ${name} was not over ${deadline / 1000} s after its start, and the host did not end it by itself. ` +
    'It was ended from here.'
  return new HostError('command-timed-out', name, message, { remedy: { text: 'Look at the load of the host.' } })
}

/** What a login prints before anything runs. */
function notBegun(name: HostName, noise: string): HostError {
  const said = excerpt(noise)
  const what = said === '' ? `and printed nothing for ${LOGIN / 1000} s` : `and went on printing "${said}"`
  const text =
    'Remove what waits or prints from the start-up files of its login shell (~/.bashrc, ~/.profile, /etc/profile.d), or give it another one: `sudo chsh -s /bin/sh USER`.'
  return new HostError('login-shell-unusable', name, `The login to ${name} ran no command, ${what}.`, {
    remedy: { text },
  })
}

/** The beginning of what was printed, in one line. */
function excerpt(text: string): string {
  const line = stripVTControlCharacters(text.slice(0, 2000)).replace(/\s+/g, ' ').trim()
  return line.length > 120 ? `${line.slice(0, 120)}…` : line
}

function tooMuch(name: HostName): HostError {
  const message = `A command on ${name} that only reads the state of the host printed more than 8 MiB, and was ended.`
  const text = 'Look at what `nginx -T` and `docker compose config` print there.'
  return new HostError('too-much-output', name, message, { remedy: { text } })
}

function unusable(name: HostName, { code, stdout, stderr }: Ended): HostError {
  const words = excerpt(`${stdout}\n${stderr}`.trim().split('\n').slice(-3).join(' | '))
  const message = `The login to ${name} runs no commands: its shell ended ${code === undefined ? 'without a code' : `with code ${code}`}${words === '' ? '' : ` and said "${words}"`}.`
  const text =
    'Give the user a login shell (`chsh -s /bin/sh`), and remove `command=` from its authorized_keys and ForceCommand from sshd_config.'
  return new HostError('login-shell-unusable', name, message, { remedy: { text } })
}
