import type { HostName } from '../host/host.ts'
import { shownPath, withPort } from '../host/target.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { forVersion } from '../judges/question.ts'
import type { Color, Question } from '../release/model.ts'
import type { Facts } from './facts.ts'

/** Whom the application is asked through. */
export interface Asked {
  readonly inputs: Inputs
  readonly facts: Facts
  readonly host: HostName
}

/** The color itself, asked where Nginx reaches it. */
export function colorQuestion({ inputs, facts, host }: Asked, color: Color, version: string | undefined): Question {
  const { health } = inputs
  const place = health.port ? facts.runtime.at(color, health.port[color]) : facts.router.addresses[color]
  const address = withPort(place.host, place.port)
  const match = forVersion(health.expect.match, version)
  return {
    title: `${color} itself (http://${address}${shownPath(health.path)})`,
    from: host,
    request: {
      address: place.host,
      port: place.port,
      path: health.path,
      host: health.host ?? facts.router.sent.host ?? address,
      ...(facts.router.sent.scheme && { scheme: facts.router.sent.scheme }),
    },
    expect: { status: health.expect.status, ...(match && { match }) },
    ...(place.container && { container: place.container, runs: facts.runtime.runs(place.container) }),
  }
}

/** The color where it serves, if its health is asked at another port: any answer will do. */
export function servingQuestion({ inputs, facts, host }: Asked, color: Color): Question | undefined {
  if (inputs.health.port === undefined) return undefined
  const { port: _, ...health } = inputs.health
  const question = colorQuestion(
    { inputs: { ...inputs, health: { ...health, path: '/' } }, facts, host },
    color,
    undefined,
  )
  return { ...question, expect: { status: [[100, 599]] } }
}

/** The public route; undefined if none is known. */
export function routeQuestion({ facts, inputs }: Asked, version: string | undefined): Question | undefined {
  const { route } = facts.router
  const match = forVersion(inputs.route.match, version)
  return route && { ...route, expect: { ...route.expect, ...(match && { match }) } }
}
