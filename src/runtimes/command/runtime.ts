import { waitUntilNone } from '../../host/poll.ts'
import { lines, type Shell, sh, userScript } from '../../host/quote.ts'
import { type Change, type Color, NOOP, type Spared } from '../../release/model.ts'
import { orStartAgain } from '../../release/spared.ts'
import type { ColorServices, Runtime } from '../runtime.ts'

/** The user's own commands, on the app host in their folder. */
export interface Commands {
  readonly directory: string
  /** Has started the color once it ends with 0. */
  readonly start: string
  /** Absent: what was started goes on. */
  readonly stop?: string
  /** What each color is started with; empty where that is not known. */
  readonly versions: Readonly<Record<Color, string>>
  readonly places: ColorServices
  readonly previous: 'stop' | 'keep' | 'remove'
}

/** Milliseconds: what is started may load a model first. */
const DEADLINE = 10 * 60_000
const SHORT_DEADLINE = 60_000

/** What commands of the user start and stop. Whether it runs is told by asking it: nobody else knows what it is. */
export function commandRuntime(commands: Commands): Runtime {
  const { stop, versions } = commands
  const change = (phase: 'prepare' | 'retire', title: string): Omit<Change, 'do' | 'effect' | 'reason'> => ({
    kind: 'change',
    phase,
    on: 'all apps',
    title,
  })
  const nothing = { on: 'all apps', script: { shell: sh`:`, deadline: SHORT_DEADLINE } } as const
  return {
    pull: () => [],
    startDependencies: () => [],
    start: (spares, version) => [
      {
        ...change('prepare', `Start ${spares.color} with ${version}`),
        reason: 'start-failed',
        subject: spares.color,
        spares,
        effect: {
          does: `Runs \`start-command\` with COLOR=${spares.color} and VERSION=${version}`,
          undoes: stop === undefined ? 'Nothing: there is no `stop-command`' : 'Runs `stop-command` with the same',
        },
        do: { shell: starts(commands, spares.color, version), deadline: DEADLINE },
        undo: stop === undefined ? NOOP : { shell: stops(commands, stop, spares, version), deadline: DEADLINE },
      },
    ],
    calledHealthy: () => [],
    wake: (color) => ({
      shell: starts(commands, color, versions[color]),
      shown: `# run \`start-command\` in ${commands.directory}, with COLOR=${color} and VERSION=${versions[color]}`,
    }),
    exitWatch: (_color, duration) => ({
      on: 'all apps',
      script: { shell: sh`sleep ${Math.ceil(duration / 1000)}`, deadline: duration + SHORT_DEADLINE },
    }),
    occupies: () => nothing,
    whileOccupied: (_color, shell) => ({ shell, deadline: 0 }),
    accepted: () => nothing,
    recordVersion: () => [],
    discardBackups: () => [],
    drain: (color, duration) => {
      const [place] = commands.places[color].places
      if (place === undefined) return []
      const shell = lines(countConnections(place.port), ...waitUntilNone('still', duration, 'open connection'))
      return [{ on: 'all apps', script: { shell, deadline: duration + SHORT_DEADLINE } }]
    },
    retire: (spares) => {
      const { color } = spares
      if (stop === undefined || commands.previous === 'keep') {
        const look = change('retire', `See that no requests go to ${color}`)
        return [{ ...look, reason: 'command-failed', effect: { does: 'Nothing' }, do: NOOP, spares }]
      }
      const effect = { does: `Runs \`stop-command\` with COLOR=${color} and VERSION=${versions[color]}` }
      const shell = stops(commands, stop, spares, versions[color])
      return [
        {
          ...change('retire', `Stop ${color}`),
          reason: 'command-failed',
          effect,
          do: { shell, deadline: DEADLINE },
          spares,
        },
      ]
    },
    identify: (color) => identity(color, versions[color]),
    identifyRunning: (color) => identity(color, versions[color]),
    prune: () => [],
  }
}

/** What it leaves running must not hold the lock of the target. */
function runs(directory: string, name: string, command: string, variables: Readonly<Record<string, string>>): Shell {
  return lines(
    sh`(`,
    userScript(directory, command, variables),
    sh`) </dev/null 9>&- || { echo ${name}" ended with $?." >&2; exit 1; }`,
  )
}

function starts({ directory, start }: Commands, color: Color, version: string): Shell {
  return runs(directory, 'start-command', start, { COLOR: color, VERSION: version })
}

/** Stops it; what somebody sent requests to meanwhile is started again at once. */
function stops(commands: Commands, stop: string, spares: Spared, version: string): Shell {
  const variables = { COLOR: spares.color, VERSION: version }
  return lines(
    sh`(`,
    runs(commands.directory, 'stop-command', stop, variables),
    sh`); stopped=$?`,
    orStartAgain(spares, starts(commands, spares.color, version)),
    sh`[ $stopped = 0 ] || exit 1`,
  )
}

/** Defines `still`, which counts the connections that others have with what listens at a port of this host. */
function countConnections(port: number): Shell {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}$`
  return sh`still() { cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v local=${local} '$4 == "01" && $2 ~ local' | wc -l; }`
}

function identity(color: Color, version: string): Shell {
  const members = JSON.stringify({ container: color, image: version || 'unknown', compose: '', digests: [] })
  return sh`printf '%s\n' ${members.slice(1, -1)}`
}
