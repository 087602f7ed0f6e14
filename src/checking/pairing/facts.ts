import { sections } from '../../host/sections.ts'
import type { Inputs } from '../../inputs/inputs.ts'
import { type NginxFacts, nginxFactsQuestions, readNginxFacts } from '../../routers/nginx/check/facts.ts'
import type { ComposeTarget } from '../../runtimes/compose/change/command.ts'
import { type ComposeFacts, composeFactsQuestions, readComposeFacts } from '../../runtimes/compose/check/facts.ts'
import { factsQuestions, type HostFacts, readFacts } from '../host/facts.ts'

/** What a check knows on top of what every release knows. */
export type AllFacts = HostFacts & NginxFacts & ComposeFacts

/** What a check asks of a host, on top of what every release asks: one script. It changes nothing. */
export function allFactsQuestion(inputs: Inputs, target: ComposeTarget, callees: readonly string[]) {
  return sections({
    ...factsQuestions(inputs),
    ...nginxFactsQuestions(inputs),
    ...composeFactsQuestions(target, callees),
  })
}

/** Reads the answers; one that is missing says nothing. */
export function readAllFacts(said: ReturnType<ReturnType<typeof allFactsQuestion>['read']>): AllFacts {
  return { ...readFacts(said), ...readNginxFacts(said), ...readComposeFacts(said) }
}
