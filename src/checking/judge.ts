import { isSame, type Notice, remedySentence } from '../base/notice.ts'
import { HostError } from '../host/host.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { REASONS } from '../release/reasons.ts'
import { type Block, type Draft, type Severity, shell } from './finding.ts'
import { accessFinding } from './host/access.ts'

/** What a deploy would be refused for. */
export interface Refusal extends Notice {
  readonly reason: string
  readonly cause?: unknown
}

/** What planning a deploy said. */
export interface Said {
  readonly inputs: Inputs
  readonly refusals: readonly Refusal[]
  readonly warnings: readonly Notice[]
  readonly notes: readonly Notice[]
}

const ORDER: Readonly<Record<Severity, number>> = { problem: 0, warning: 1, advice: 2 }

/**
 * Everything that would stop a deploy, then what weakens a promise, then what is good to know: what was found, and what
 * planning said besides. Within each the order is the one in which it can be fixed.
 */
export function judged(found: readonly Draft[], { inputs, refusals, warnings, notes }: Said): readonly Draft[] {
  const told = found.flatMap(({ tells = [] }) => tells)
  const untold = <Each extends Notice>(all: readonly Each[]): readonly Each[] =>
    all.filter((each) => !told.some((other) => isSame(each, other)))
  return [
    ...found,
    ...untold(refusals).map((refusal) => refused(refusal, inputs)),
    ...untold(warnings).map((notice) => noted('warning', notice)),
    ...untold(notes).map((notice) => noted('advice', notice)),
  ].toSorted((one, other) => ORDER[one.severity] - ORDER[other.severity])
}

const UNKNOWN = 'No command is known that fixes this: change what was seen, and run the check again.'

/** What planning says, in its own words. */
function refused({ reason, message, remedy, cause }: Refusal, inputs: Inputs): Draft {
  const access = cause instanceof HostError ? accessFinding(cause, inputs) : undefined
  if (access !== undefined) return access
  const meaning = reason in REASONS ? REASONS[reason as keyof typeof REASONS] : 'A deploy would be refused.'
  return {
    severity: 'problem',
    title: meaning.replace(/\.$/, ''),
    seen: message,
    why: 'A deploy would be refused for this.',
    fix: { text: remedy ? remedySentence(remedy) : UNKNOWN, blocks: remedy?.command ? blockOf(remedy.command) : [] },
  }
}

function blockOf(command: string): readonly Block[] {
  return [command.startsWith('sudo ') ? shell('host as root', command.slice('sudo '.length)) : shell('host', command)]
}

function noted(severity: Severity, { message, remedy, unproven }: Notice): Draft {
  return {
    severity,
    title: unproven ? 'What could not be proven' : 'Good to know before a deploy',
    seen: message,
    why: 'A deploy would say so in its report, and release all the same.',
    fix: {
      text: remedy ? `${remedySentence(remedy)} A deploy does not wait for it.` : 'Nothing has to be done.',
      blocks: [],
    },
  }
}
