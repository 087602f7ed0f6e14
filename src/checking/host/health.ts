import type { HostName } from '../../host/host.ts'
import type { Inputs } from '../../inputs/inputs.ts'
import { type Ask, fault } from '../../judges/question.ts'
import type { Facts } from '../../planning/facts.ts'
import { colorQuestion } from '../../planning/questions.ts'
import type { PlanningNotice } from '../../planning/refusals.ts'
import { COLORS } from '../../release/model.ts'
import { answerOf } from '../../release/sides.ts'
import { type Draft, workflow } from '../finding.ts'
import type { Said } from '../judge.ts'
import { withCode } from '../telling.ts'

/** A color that is healthy only if it is asked by the name of its site. */
export interface HostWish {
  /** What was asked, as in reports. */
  readonly title: string
  /** How it answers a deploy. */
  readonly why: string
  readonly host: string
}

/** Milliseconds. */
const TIMEOUT = 5000

/** Asks each color as a deploy does, and if it refuses, by the name of the site. */
export async function wishForHost(
  inputs: Inputs,
  facts: Facts,
  host: HostName,
  ask: Ask,
  signal: AbortSignal,
): Promise<HostWish | undefined> {
  const name = facts.router.route?.request.host
  if (name === undefined) return undefined
  for (const color of COLORS) {
    const question = colorQuestion({ inputs, facts, host }, color, undefined)
    if (inputs.health.host !== undefined || question.request.host === name) return undefined
    const answer = await answerOf(question, ask, TIMEOUT, signal)
    const why = typeof answer === 'string' ? undefined : fault(question.expect, answer)
    if (why === undefined) continue
    const named = { ...question, request: { ...question.request, host: name } }
    const other = await answerOf(named, ask, TIMEOUT, signal)
    if (typeof other !== 'string' && fault(question.expect, other) === undefined)
      return { title: question.title, why, host: name }
  }
  return undefined
}

/** A deploy would find every version unhealthy. */
export function healthFindings(hostWish: HostWish | undefined, { warnings, notes }: Said): readonly Draft[] {
  if (hostWish === undefined) return []
  const { title, why, host } = hostWish
  return [
    {
      severity: 'problem',
      title: 'The application wants the name of its site',
      seen: `${title} ${why}; asked with \`Host: ${host}\` it is well.`,
      why: 'A release asks the new version before anybody is sent to it, and would find it unhealthy.',
      fix: { text: 'Name it in the workflow.', blocks: [workflow(`health-host: ${host}`)] },
      tells: withCode<PlanningNotice>([...warnings, ...notes], 'live-not-well'),
    },
  ]
}
