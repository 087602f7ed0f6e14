import { spawn } from 'node:child_process'
import type { Shell } from '../../src/host/quote.ts'
import { must, until } from '../lab/command.ts'
import { type Machine, openMachine } from '../lab/machine.ts'

/** Programs that custody may call beside its shell: none of them tells the time of day. */
const PROGRAMS =
  'basename cat chmod cut dd dirname grep head id ls mkdir mv ps readlink rm sed setsid sleep sort sync tail timeout tr'.split(
    ' ',
  )

/** Not among busybox's applets in Debian, whose `wget` crashes there. */
const OTHERS = ['flock', 'curl']

export type ShellName = 'dash' | 'busybox'

/** A machine on which scripts of custody run without SSH, by one shell and what a small path holds. */
export interface GuardHost extends AsyncDisposable {
  readonly machine: Machine
  readonly state: string
  run(script: Shell): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>
  /** Begins a script that goes on, and hears what it is told. */
  talk(script: Shell): GuardTalk
  exec(command: string): Promise<string>
}

export interface GuardTalk {
  send(line: string): void
  /** Waits for a line. @throws Error where it does not come */
  said(pattern: RegExp): Promise<string>
  /** Ends it and all that it runs, at once. */
  kill(): Promise<void>
}

/** Opens one; `disk` is the size of a file system of its own for the state directory. */
export async function openGuardHost(shell: ShellName, disk?: string): Promise<GuardHost> {
  const machine = await openMachine()
  const state = '/var/lib/blue-green/app'
  const exec = (command: string) => must(machine.enter(['sh', '-c', command]))
  await exec(`mkdir -p ${state} /tmp/bin`)
  if (disk !== undefined) await exec(`mount -t tmpfs -o mode=0711,size=${disk} small ${state}`)
  await exec(`: >${state}/green.off`)
  const link = (name: string) =>
    shell === 'busybox'
      ? `ln -s "$(command -v busybox)" /tmp/bin/${name}`
      : `ln -s "$(command -v ${name})" /tmp/bin/${name}`
  const borrow = (name: string) => `ln -s "$(command -v ${name})" /tmp/bin/${name}`
  const own = shell === 'busybox' ? link('sh') : 'ln -s "$(command -v dash)" /tmp/bin/sh'
  await exec([own, ...PROGRAMS.map(link), ...OTHERS.map(borrow)].join('\n'))
  const argv = ['env', '-i', 'PATH=/tmp/bin', '/tmp/bin/sh']
  return {
    machine,
    state,
    exec,
    run: ({ text }) => machine.exec(`exec ${argv.join(' ')} -s`, { input: `{ ${text}\nexit; }\n` }),
    talk({ text }) {
      const [command = '', ...rest] = machine.enter([...argv, '-c', text])
      const child = spawn(command, rest, { stdio: ['pipe', 'pipe', 'inherit'], detached: true })
      let heard = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        heard += text
      })
      child.stdin.on('error', () => undefined)
      const ended = new Promise<void>((done) => child.on('close', () => done()))
      return {
        send: (line) => void child.stdin.write(`${line}\n`),
        said: (pattern) => {
          const find = async () => {
            const found = pattern.exec(heard)
            if (found !== null) heard = heard.slice(found.index + found[0].length)
            return found?.[0]
          }
          return until(`${pattern}`, 20_000, find, () => heard)
        },
        async kill() {
          child.kill('SIGKILL')
          await ended
        },
      }
    },
    [Symbol.asyncDispose]: () => machine.remove(),
  }
}
