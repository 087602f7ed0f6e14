import type { Context } from '../../../checking/context.ts'
import type { HostFacts } from '../../../checking/host/facts.ts'
import { COLORS, type Color } from '../../../release/model.ts'
import { normalizeAddress, parseAddress } from '../config/address.ts'
import type { NginxObservation } from '../observe/observation.ts'
import type { NginxFacts } from './facts.ts'

/** What is found of an Nginx is made from this. */
export interface NginxContext extends Context {
  readonly hostFacts: HostFacts & NginxFacts
  readonly nginx?: NginxObservation
  /** Absent: the runtime shows none. */
  readonly colors?: ColorsReached
  /** Gives one spelling to each address by which a port of this host is reached. */
  readonly meaning: (written: string) => string
  /** The folder of the application, also for who has another home. */
  readonly folder: string
}

/** Where Nginx is to reach each color. */
export interface ColorsReached {
  readonly names: Readonly<Record<Color, string>>
  /** `host:port`; absent if nothing tells the port. */
  readonly addresses: Readonly<Partial<Record<Color, string>>>
  /** Given for an Nginx in a container with a network of its own: all by which it reaches a color there. */
  readonly apart?: { readonly hosts: Readonly<Record<Color, readonly string[]>> }
}

/** The color to which an address leads. */
export function colorAt({ addresses, apart }: ColorsReached, address: string): Color | undefined {
  const own = COLORS.find((color) => {
    const known = addresses[color]
    return known !== undefined && normalizeAddress(known) === address
  })
  const parsed = parseAddress(address)
  return own ?? (parsed.kind === 'unix' ? undefined : COLORS.find((color) => apart?.hosts[color].includes(parsed.host)))
}
