import type { LedgerEntry } from '../../custody/ledger.ts'
import { sh } from '../../host/quote.ts'
import type { Inputs } from '../../inputs/inputs.ts'
import { type Assessment, refusal, usable } from '../../release/assessment.ts'
import { COLORS, type Color, placeAt } from '../../release/model.ts'
import type { ColorService, ColorsSeen, LiveSide, RuntimeAdapter, RuntimeFacts } from '../runtime.ts'
import { commandNotices, commandRefusals } from './refusals.ts'
import { commandRuntime } from './runtime.ts'

/** A color is whatever commands of the user start and stop. A release is known by its version: nothing else is. */
export const command: RuntimeAdapter = {
  name: 'command',
  questions: () => ({ commands: sh`:` }),
  longest: 'commands',
  read: (_said, inputs) => ({ assess: () => assess(inputs) }),
  readSighting: () => undefined,
  explain: () => undefined,
}

function assess(inputs: Inputs): Assessment<RuntimeFacts> {
  const { blue, green } = inputs.nginx.addresses
  const missing = COLORS.filter((color) => inputs.nginx.addresses[color] === undefined)
  if (blue === undefined || green === undefined) {
    return refusal(...missing.map((color) => commandRefusals['color-address-missing'](color)))
  }
  return usable(factsOf(inputs, { blue: serviceAt('blue', blue), green: serviceAt('green', green) }))
}

function serviceAt(color: Color, written: string): ColorService {
  return {
    container: { project: '', service: color },
    places: [placeAt(written)],
    fixedAddresses: [],
    names: [],
  }
}

function factsOf(inputs: Inputs, services: RuntimeFacts['services']): RuntimeFacts {
  const { runtime, application } = inputs
  if (runtime.kind !== 'command') throw new TypeError('This is for the runtime `command`.')
  const { directory, service, projectName = service } = application
  return {
    project: projectName,
    services,
    callee: () => ({ kind: 'uncounted' }),
    at: (color, port) => ({ host: services[color].places[0]?.host ?? '127.0.0.1', port }),
    runs: () => sh`:`,
    sides: (seen) => usable(liveSide(seen)),
    look: (color, ledger) => {
      const version = lastLive(ledger, color)
      return { state: 'by commands', ...(version !== undefined && { version }) }
    },
    recorded: () => ({ has: () => false, named: (version) => version }),
    plan: ({ to, ledger, side, inputs: { application: released, after } }) => {
      const other = side.previous?.version ?? ''
      const versions =
        to === 'blue' ? { blue: released.version, green: other } : { blue: other, green: released.version }
      const { start, stop } = runtime
      const commands = { directory, start, ...(stop !== undefined && { stop }), versions, places: services }
      return {
        runtime: commandRuntime({ ...commands, previous: after.previous }),
        warnings: [],
        notes: stop === undefined && after.previous !== 'keep' ? [commandNotices['nothing-stops']()] : [],
        // It runs unless a command stopped it.
        idleRuns: ledger.length > 0 && (stop === undefined || after.previous === 'keep'),
      }
    },
    idleRuns: () => [],
    staysDown: () => [],
  }
}

/**
 * What was put live last, if it was this color. On the other one a release may have been refused since, and nobody else
 * knows what runs there.
 */
function lastLive(ledger: readonly LedgerEntry[], color: Color): string | undefined {
  const last = ledger.at(-1)
  return last?.color === color ? last.version : undefined
}

/** Who answers is taken for what was put live there: nothing else says who it is. */
function liveSide({ live, answering, ledger }: ColorsSeen): LiveSide {
  if (answering[live] === 'silent') return { own: false }
  const version = lastLive(ledger, live)
  if (version === undefined) return { previous: {}, own: true }
  return { previous: { version }, image: version, own: true }
}
