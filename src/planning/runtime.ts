import type { Notice } from '../base/notice.ts'
import { imagesOfOlder } from '../custody/ledger.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { type Color, otherThan } from '../release/model.ts'
import { dependencyPlan, hashedDependencies } from '../runtimes/compose/assess/dependencies.ts'
import { handRunNotes } from '../runtimes/compose/assess/hand-run.ts'
import type { LiveSide } from '../runtimes/compose/assess/live.ts'
import { publicWarnings } from '../runtimes/compose/observe/address.ts'
import { colorContainer, isRunning } from '../runtimes/compose/observe/containers.ts'
import { imageFor } from '../runtimes/compose/observe/image.ts'
import type { ComposeService } from '../runtimes/compose/observe/project.ts'
import { composeNotices } from '../runtimes/compose/refusals.ts'
import { composeRuntime } from '../runtimes/compose/runtime.ts'
import type { Facts } from './facts.ts'
import type { GoingBack } from './rollback.ts'
import { composeTarget, type Survey } from './survey.ts'

/** The changes to the compose project, and what becomes of what it depends on. */
export function runtimeFor(
  inputs: Inputs,
  survey: Survey,
  { compose }: Facts,
  to: Color,
  side: LiveSide,
  back?: GoingBack,
) {
  const { project, services, containers } = compose
  const composeVersion = survey.compose.compose.kind === 'said' ? survey.compose.compose.value : ''
  const from = otherThan(to)
  const dependencies = dependencyPlan(project, services[to], services[from], containers, composeVersion)
  const live = side.own ? side.previous?.version : undefined
  const serving = colorContainer(containers, project, services[from])
  const runtime = composeRuntime({
    target: composeTarget(inputs),
    project: project.name,
    services,
    pull: inputs.application.pull,
    ...(inputs.application.registry && { registry: inputs.application.registry }),
    previous: inputs.after.previous,
    // What is released counts among the newest.
    oldImages: back
      ? imagesOfOlder([...survey.ledger, back.entry], inputs.after.keepImages + 1)
      : imagesOfOlder(survey.ledger, inputs.after.keepImages),
    ...(back && { recorded: { image: back.entry.image, way: back.way } }),
    dependencies: dependencies.flatMap((each) => (each.kind === 'start' ? [each] : [])),
    present: containers.map(({ id }) => id),
    networked: containers.some((each) => each.project === project.name && each.networks.length > 0),
    ...(serving && { leaving: serving.container.id }),
    hashed: hashedDependencies(services[to], composeVersion),
    ...(compose.versionOnHost.kind === 'kept in .env' && {
      remembered: {
        others: live === undefined ? {} : { [from]: live },
        ...(survey.compose.envSum !== undefined && { sum: survey.compose.envSum }),
      },
    }),
  })
  const warnings = dependencies.flatMap((each) => ('notice' in each && each.notice !== undefined ? [each.notice] : []))
  const idle = colorContainer(containers, project, services[to])
  const asItIs = back?.way.kind === 'container'
  const notes = [
    ...handRunNotes(
      compose,
      survey.compose,
      inputs.application,
      to,
      side.previous ? inputs.after.previous : 'keep',
      asItIs,
    ),
    ...(back ? pinnedNotes(back, services[to], inputs) : []),
    ...graceNotes(services[from], inputs),
  ]
  const told = [...warnings, ...publicWarnings(services[to])]
  return { runtime, warnings: told, notes, idleRuns: !asItIs && idle !== undefined && isRunning(idle.container) }
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
