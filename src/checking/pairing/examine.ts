import { isSame, type Notice } from '../../base/notice.ts'
import { type Count, countOn } from '../../host/accepted.ts'
import { type Host, HostError } from '../../host/host.ts'
import type { Inputs } from '../../inputs/inputs.ts'
import type { Ask } from '../../judges/question.ts'
import { assessFacts, stateFaults } from '../../planning/facts.ts'
import { planRelease } from '../../planning/release.ts'
import { type Adapters, askHost, readOwn } from '../../planning/survey.ts'
import { planUpload } from '../../planning/upload.ts'
import { COLORS, type Color } from '../../release/model.ts'
import type { Plan } from '../../release/plan.ts'
import { Failure, type Reason, sentenceOf } from '../../release/reasons.ts'
import { loadedBefore, nginx as nginxAdapter, nginxSeen } from '../../routers/nginx/adapter.ts'
import { assessNginx } from '../../routers/nginx/assessment.ts'
import { parseAddress } from '../../routers/nginx/config/address.ts'
import { type NginxPlace, nginxPlace } from '../../routers/nginx/facts.ts'
import { readNginx } from '../../routers/nginx/observe/observation.ts'
import { compose as composeAdapter, composeSeen, readCompose } from '../../runtimes/compose/adapter.ts'
import { assessCompose, type ProjectFacts } from '../../runtimes/compose/assess/assessment.ts'
import { composeTarget } from '../../runtimes/compose/change/command.ts'
import { type Colors, projectOf } from '../../runtimes/compose/check/context.ts'
import { readComposeText } from '../../runtimes/compose/check/text.ts'
import { trialOf } from '../../runtimes/compose/check/trial.ts'
import { publishedBy } from '../../runtimes/compose/observe/address.ts'
import { readImages } from '../../runtimes/compose/observe/host-images.ts'
import type { ColorServices } from '../../runtimes/runtime.ts'
import { composeChanges, setsToTry, settled } from '../edits/settling.ts'
import { findingsOf } from '../edits/together.ts'
import type { Draft, Finding } from '../finding.ts'
import { type HostWish, wishForHost } from '../host/health.ts'
import type { Refusal } from '../judge.ts'
import { reachedIn } from './as-nginx.ts'
import { colorsOf } from './colors.ts'
import type { Context } from './context.ts'
import { carryingOn, draftsOf } from './drafts.ts'
import { allFactsQuestion, readAllFacts } from './facts.ts'
import type { Seen } from './seen.ts'
import { verdictOf } from './verdict.ts'

/** What is proposed is an Nginx and a compose file. */
const ADAPTERS: Adapters = { router: nginxAdapter, runtime: composeAdapter }

/** Milliseconds: memory is measured over two seconds by docker itself. */
const DEADLINE = 60_000

export interface Examined {
  readonly findings: readonly Finding[]
  /** Given where a deploy would begin. */
  readonly plan?: Plan
}

/** What was planned, and what was said on the way. */
interface Judged {
  readonly refusals: readonly Refusal[]
  readonly warnings: readonly Notice[]
  readonly notes: readonly Notice[]
  readonly facts?: ProjectFacts
  readonly hostWish?: HostWish
  readonly plan?: Plan
}

/** Whom to ask, and for what. */
export interface Examining {
  readonly host: Host
  readonly ask: Ask
  readonly inputs: Inputs
  /** Folder on the runner from which a deploy would upload. */
  readonly workspace: string
  readonly signal: AbortSignal
  /** Why this commit may not replace the one that is live. */
  readonly older: (live: string | undefined) => Promise<Failure | undefined>
}

/** Looks at a host, and plans a deploy there, as far as each gets. It changes nothing. */
export async function examine({ host, ask, inputs: given, workspace, signal, older }: Examining): Promise<Examined> {
  const inputs: Inputs = { ...given, command: 'deploy' }
  const { seen, refusals } = await see(host, inputs, signal)
  const { uploads, directory } = inputs.application
  const missing = await uploadFaults(uploads.length === 0 || planUpload(uploads, workspace, directory, host, signal))
  const colors = colorsOf(seen, reachedIn(seen))
  const place = colors && placeOf(seen, colors)
  const judged = await judgeAsDeploy(seen, place, { ask, count: countOn(host, signal), signal, older })
  const { plan, facts } = judged
  const context: Context = {
    ...seen,
    refusals: distinct([...missing, ...refusals, ...judged.refusals]),
    warnings: judged.warnings,
    notes: judged.notes,
    ...(colors && { colors }),
    ...(facts && { facts }),
    ...(judged.hostWish && { hostWish: judged.hostWish }),
  }
  const drafts = await tried(draftsOf(context, place), context, host, signal)
  return { findings: findingsOf(drafts, carryingOn(context)), ...(plan && { plan }) }
}

/** What would change the compose files is tried first, on copies; what does not hold is told in words. */
async function tried(
  drafts: readonly Draft[],
  context: Context,
  host: Host,
  signal: AbortSignal,
): Promise<readonly Draft[]> {
  const sets = setsToTry(drafts)
  const project = projectOf(context)
  if (sets.length === 0 || project === undefined) return drafts
  const trial = trialOf(
    composeTarget(context.inputs),
    project.name,
    context.hostFacts.composeFiles,
    sets.map((set) => composeChanges(set)),
  )
  const ran = await host.run({ shell: trial.shell, deadline: DEADLINE }, { signal })
  const { now, changed } = trial.read(ran.stdout)
  return settled(
    drafts,
    sets,
    changed.map((each, i) => verdictOf(context, sets[i] ?? [], now, each)),
  )
}

/** Why the files of the workspace could not be uploaded. */
async function uploadFaults(planning: true | Promise<unknown>): Promise<readonly Refusal[]> {
  try {
    await planning
    return []
  } catch (cause) {
    return [refusedBy(cause, 'upload-failed')]
  }
}

/** Two scripts side by side; a part that cannot be read does not keep the others from being. */
async function see(
  host: Host,
  inputs: Inputs,
  signal: AbortSignal,
): Promise<{ readonly seen: Seen; readonly refusals: readonly Refusal[] }> {
  const questions = allFactsQuestion(inputs, composeTarget(inputs), callees(inputs))
  const [said, ran] = await Promise.all([
    askHost(host, inputs, ADAPTERS, signal),
    host.run({ shell: questions.shell, deadline: DEADLINE }, { signal }),
  ])
  const others = readOwn(said)
  const refusals: Refusal[] = []
  const reading = <T>(reason: Reason, read: () => T): T | undefined => {
    try {
      return read()
    } catch (cause) {
      refusals.push(refusedBy(cause, reason))
      return undefined
    }
  }
  const compose = reading('compose-invalid', () => readCompose(said, inputs, host.name))
  const nginx = reading('nginx-refused', () => readNginx(said, loadedBefore(others.state)))
  const facts = readAllFacts(questions.read(ran.stdout))
  const seen: Seen = {
    inputs,
    host: host.name,
    state: others.state,
    ledger: others.ledger,
    custody: others.custody,
    images: readImages(said['images']),
    hostFacts: facts,
    texts: facts.composeFiles.flatMap((file) => readComposeText(file) ?? []),
    ...(compose && { compose }),
    ...(nginx && { nginx }),
  }
  return { seen, refusals }
}

function callees({ application: { service, services } }: Inputs): readonly string[] {
  const derived = COLORS.flatMap((color) => [`${service}_${color}`, `${service}-${color}`])
  return [...new Set([service, ...derived, ...COLORS.flatMap((color) => services[color] ?? [])])]
}

/** How Nginx would be judged with the colors as they are, or as they can be written. */
export function placeOf(seen: Seen, colors: Colors): NginxPlace | undefined {
  const project = projectOf(seen)
  if (project === undefined) return undefined
  const service = (color: Color) => {
    const name = colors.names[color]
    const address = colors.addresses[color]
    const known = colors.single === undefined ? (colors.services[color]?.fixedAddresses ?? []) : []
    const fixed = colors.apart !== undefined && address !== undefined ? [parsed(address).host] : known
    const written = colors.services[color]
    return {
      container: { project: project.name, service: name },
      ...(written && { published: publishedBy(written) }),
      places: address === undefined ? [] : [parsed(address)],
      fixedAddresses: fixed,
      names: [name],
    }
  }
  const services: ColorServices = { blue: service('blue'), green: service('green') }
  return nginxPlace({ host: seen.host, inputs: seen.inputs, state: seen.state, services })
}

function parsed(address: string) {
  const at = parseAddress(address)
  return at.kind === 'unix' ? { host: at.path, port: 0 } : { host: at.host, port: at.port }
}

/** As a deploy is planned; where its parts do not come together, each by itself. */
async function judgeAsDeploy(
  seen: Seen,
  place: NginxPlace | undefined,
  { ask, count, signal, older }: Pick<Examining, 'ask' | 'signal' | 'older'> & { readonly count: Count },
): Promise<Judged> {
  const { inputs, host, compose, nginx, state } = seen
  const composed = compose && assessCompose(compose, inputs.application, host)
  const base = { warnings: [], notes: [], ...(composed?.value && { facts: composed.value }) }
  if (compose === undefined || nginx === undefined || composed?.value === undefined) {
    const ofNginx: readonly Failure[] = nginx && place ? assessNginx(nginx, place).refusals : unreadable(seen)
    const all = [...(composed?.refusals ?? []), ...ofNginx, ...stateFaults(state, inputs)]
    return { ...base, refusals: all.map(refusalOf) }
  }
  const survey = {
    ...{ state, ledger: seen.ledger, custody: seen.custody },
    runtime: composeSeen(compose, seen.images, inputs),
    router: nginxSeen(nginx),
  }
  const facts = assessFacts(survey, inputs, host)
  if (facts.value === undefined) return { ...base, refusals: facts.refusals.map(refusalOf) }
  const hostWish = await wishForHost(inputs, facts.value, host, ask, signal)
  try {
    const planned = await planRelease({ inputs, survey, facts: facts.value, host, ask, count, signal })
    const notes = [...facts.notes, ...planned.notes]
    const superseded = await older(planned.commits.live)
    const refusals = superseded === undefined ? [] : [refusalOf(superseded)]
    return { ...base, ...(hostWish && { hostWish }), refusals, notes, warnings: planned.warnings, plan: planned.plan }
  } catch (cause) {
    signal.throwIfAborted()
    const causes: readonly unknown[] = cause instanceof AggregateError ? cause.errors : [cause]
    return {
      ...base,
      ...(hostWish && { hostWish }),
      notes: facts.notes,
      refusals: causes.map((each) => refusedBy(each, 'internal-error')),
    }
  }
}

/** Where compose tells nothing of the colors, this at least can be said of Nginx. */
function unreadable({ nginx, inputs, host, state }: Seen): readonly Failure[] {
  if (nginx === undefined || nginx.kind === 'read') return []
  const none = { container: { project: '', service: '' }, places: [], fixedAddresses: [], names: [] }
  return assessNginx(nginx, nginxPlace({ host, inputs, state, services: { blue: none, green: none } })).refusals
}

/** What a failure refuses, as data. */
export function refusalOf(failure: Failure): Refusal {
  return { ...failure.notice, reason: failure.reason, cause: failure }
}

/** The same of whatever was thrown. */
function refusedBy(cause: unknown, otherwise: Reason): Refusal {
  if (cause instanceof Failure) return refusalOf(cause)
  if (!(cause instanceof HostError)) {
    const message = sentenceOf(cause)
    return { reason: otherwise, code: otherwise, about: [message], message, cause }
  }
  const { reason, seen, remedy } = cause
  return { reason, code: reason, about: [seen], message: seen, ...(remedy && { remedy }), cause }
}

function distinct(refusals: readonly Refusal[]): readonly Refusal[] {
  return refusals.filter((refusal, i) => refusals.findIndex((each) => isSame(each, refusal)) === i)
}
