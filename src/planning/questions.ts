import type { HostName } from '../host/host.ts'
import { shownPath } from '../host/target.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { forVersion } from '../judges/question.ts'
import type { Color, Question } from '../release/model.ts'
import { writtenAddress } from '../runtimes/compose/observe/address.ts'
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
  const place = facts.nginx.addresses[color]
  const address = writtenAddress(place)
  const match = forVersion(health.expect.match, version)
  return {
    title: `${color} itself (http://${address}${shownPath(health.path)})`,
    from: host,
    request: {
      address: place.host,
      port: place.port,
      path: health.path,
      host: health.host ?? facts.sent.host ?? address,
      ...(facts.sent.scheme && { scheme: facts.sent.scheme }),
    },
    expect: { status: health.expect.status, ...(match && { match }) },
    ...(place.container && { container: place.container }),
  }
}

/** The public route. */
export function routeQuestion({ facts, inputs }: Asked, version: string | undefined): Question {
  const match = forVersion(inputs.route.match, version)
  return { ...facts.route, expect: { ...facts.route.expect, ...(match && { match }) } }
}
