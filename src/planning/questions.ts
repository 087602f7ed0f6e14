import type { HostName } from '../host/host.ts'
import { shownPath } from '../host/target.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { forVersion } from '../judges/question.ts'
import type { Color, Question } from '../release/model.ts'
import { writtenAddress } from '../runtimes/compose/observe/address.ts'
import type { Ground } from './facts.ts'

/** Whom the application is asked through. */
export interface Asked {
  readonly inputs: Inputs
  readonly ground: Ground
  readonly host: HostName
}

/** The color itself, asked where Nginx reaches it. */
export function colorQuestion({ inputs, ground, host }: Asked, color: Color, version: string | undefined): Question {
  const { health } = inputs
  const place = ground.nginx.addresses[color]
  const address = writtenAddress(place)
  const match = forVersion(health.expect.match, version)
  return {
    title: `${color} itself (http://${address}${shownPath(health.path)})`,
    from: host,
    request: {
      address: place.host,
      port: place.port,
      path: health.path,
      host: health.host ?? ground.sent.host ?? address,
      ...(ground.sent.scheme && { scheme: ground.sent.scheme }),
    },
    expect: { status: health.expect.status, ...(match && { match }) },
    ...(place.container && { container: place.container }),
  }
}

/** The public route. */
export function routeQuestion({ ground, inputs }: Asked, version: string | undefined): Question {
  const match = forVersion(inputs.route.match, version)
  return { ...ground.route, expect: { ...ground.route.expect, ...(match && { match }) } }
}
