import type { Notice } from '../../../base/notice.ts'
import { type Color, otherThan } from '../../../release/model.ts'
import type { Failure } from '../../../release/reasons.ts'
import type { Standing } from '../../runtime.ts'
import { restartPolicy, returns } from '../change/restart.ts'
import { type Container, colorContainer, isRunning, serviceContainers } from '../observe/containers.ts'
import { composeNotices, composeRefusals } from '../refusals.ts'
import type { ProjectFacts } from './assessment.ts'

/** An idle color that runs although a release stops it: started by hand, or by an engine that was started again. */
export function idleRuns(
  { containers, services }: ProjectFacts,
  { live, confirmed, unsettled, previous }: Standing,
): readonly Failure[] {
  if (previous === 'keep' || confirmed === undefined || unsettled) return []
  const idle = otherThan(live)
  // One that runs since before its successor was kept on purpose.
  const running = serviceContainers(containers, services[idle].project, services[idle].name).filter(
    (each) => isRunning(each) && each.state.startedAt.slice(0, 19) > confirmed.slice(0, 19),
  )
  if (running.length === 0) return []
  const names = running.map(({ name }) => name)
  const update = running.some(({ restartPolicy: policy }) => returns(policy))
    ? `docker update --restart=no ${names.join(' ')} && `
    : ''
  const command = `${update}docker stop ${names.join(' ')}`
  return [composeRefusals['idle-runs'](idle, live, running.map(told), previous, command)]
}

/** A live color that was started by hand after a release had stopped it does not come back with the engine. */
export function staysDown({ containers, services }: ProjectFacts, live: Color): readonly Notice[] {
  const policy = restartPolicy(services[live])
  const { container } = colorContainer(containers, services[live]) ?? {}
  if (container === undefined || !returns(policy) || !isRunning(container) || container.restartPolicy !== 'no')
    return []
  return [composeNotices['stays-down'](container.name, policy)]
}

function told({ name, imageName, state }: Container): string {
  return `${name} with ${imageName}, since ${state.startedAt.slice(0, 19)}Z`
}
