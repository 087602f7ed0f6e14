import type { Notice } from '../../base/notice.ts'
import { imagesOfOlder } from '../../custody/ledger.ts'
import type { Inputs } from '../../inputs/inputs.ts'
import { COLORS, otherThan } from '../../release/model.ts'
import type { GoingBack, Releasing, RuntimePlan } from '../runtime.ts'
import type { ProjectFacts } from './assess/assessment.ts'
import { dependencyPlan, hashedDependencies } from './assess/dependencies.ts'
import { handRunNotes } from './assess/hand-run.ts'
import { composeTarget } from './change/command.ts'
import { publicWarnings } from './observe/address.ts'
import { colorContainer, isRunning } from './observe/containers.ts'
import { imageFor } from './observe/image.ts'
import type { ComposeObservation } from './observe/observation.ts'
import { type ComposeService, projectOf } from './observe/project.ts'
import { composeNotices } from './refusals.ts'
import { type ComposeFacts, composeRuntime } from './runtime.ts'

/** The changes to the compose project, and what becomes of what it depends on. */
export function planRuntime(
  facts: ProjectFacts,
  observation: ComposeObservation,
  { inputs, ledger, to, side, back }: Releasing,
): RuntimePlan {
  const { project, services, containers } = facts
  const composeVersion = observation.compose.kind === 'said' ? observation.compose.value : ''
  const from = otherThan(to)
  const dependencies = dependencyPlan(
    projectOf(project, services[to]),
    services[to],
    services[from],
    containers,
    composeVersion,
  )
  const live = side.own ? side.previous?.version : undefined
  const serving = colorContainer(containers, services[from])
  const runtime = composeRuntime({
    target: { ...composeTarget(inputs), ...(facts.whole !== undefined && { whole: facts.whole }) },
    services,
    pull: inputs.application.pull,
    build: inputs.application.build,
    healthcheck: healthcheckOf(facts, inputs),
    ...(inputs.application.registry && { registry: inputs.application.registry }),
    previous: inputs.after.previous,
    // What is released counts among the newest.
    oldImages: back
      ? imagesOfOlder([...ledger, back.entry], inputs.after.keepImages + 1)
      : imagesOfOlder(ledger, inputs.after.keepImages),
    ...(back && { recorded: { image: back.entry.image, way: back.way } }),
    dependencies: dependencies.flatMap((each) => (each.kind === 'start' ? [each] : [])),
    present: containers.map(({ id }) => id),
    networked: containers.some((each) => each.project === services[to].project && each.networks.length > 0),
    ...(serving && { leaving: serving.container.id }),
    hashed: hashedDependencies(services[to], composeVersion),
    ...(facts.versionOnHost.kind === 'kept in .env' && {
      remembered: {
        others: live === undefined ? {} : { [from]: live },
        ...(observation.envSum !== undefined && { sum: observation.envSum }),
      },
    }),
  })
  const warnings = dependencies.flatMap((each) => ('notice' in each && each.notice !== undefined ? [each.notice] : []))
  const idle = colorContainer(containers, services[to])
  const asItIs = back?.way.kind === 'container'
  const notes = [
    ...handRunNotes(facts, observation, inputs.application, to, side.previous ? inputs.after.previous : 'keep', asItIs),
    ...(back ? pinnedNotes(back, services[to], inputs) : []),
    ...graceNotes(services[from], inputs),
  ]
  const told = [...warnings, ...publicWarnings(services[to])]
  return { runtime, warnings: told, notes, idleRuns: !asItIs && idle !== undefined && isRunning(idle.container) }
}

/** In the compose file, or in the image: a container of an earlier release tells that. */
function healthcheckOf({ services, containers }: ProjectFacts, { health }: Inputs): ComposeFacts['healthcheck'] {
  if (health.byDocker) return 'required'
  const there = COLORS.some((color) => {
    return (
      services[color].hasHealthcheck ||
      colorContainer(containers, services[color])?.container.state.health !== undefined
    )
  })
  return there ? 'there' : 'none'
}

/** A later `up` by hand goes by the name of the image, which means something else by now. */
function pinnedNotes(
  { entry, way }: GoingBack,
  service: ComposeService,
  { application: { version } }: Inputs,
): readonly Notice[] {
  if (way.kind !== 'id' && way.kind !== 'digest') return []
  const name = imageFor(service.image ?? '', version)
  const meant =
    way.kind === 'id'
      ? `\`${name}\` does not mean the image of that release any more`
      : `the image was gone from the host`
  return [composeNotices['started-by-id'](version, entry.image, meant, service.name, name)]
}

/** What the drain leaves in flight has only so long once the previous color is told to stop. */
function graceNotes(service: ComposeService, { after }: Inputs): readonly Notice[] {
  if (after.previous === 'keep' || service.stopGracePeriod >= after.drain) return []
  const [grace, drain] = [service.stopGracePeriod / 1000, after.drain / 1000]
  return [composeNotices['grace-short'](service.name, grace, drain)]
}
