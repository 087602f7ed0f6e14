import type { StateDirectory } from '../custody/state-directory.ts'
import type { HostName } from '../host/host.ts'
import type { Shell } from '../host/quote.ts'
import type { Inputs } from '../inputs.ts'
import { type Assessment, refusal, usable } from '../release/assessment.ts'
import type { Ask } from '../release/question.ts'
import { Failure } from '../release/reasons.ts'
import { COLORS, type Color } from '../release/words.ts'
import { parseAddress, sameAddress } from './nginx-address.ts'
import type { Configuration, ServerBlock } from './nginx-config.ts'
import type { NginxObservation } from './nginx-observation.ts'
import { pairNames } from './nginx-pair.ts'
import { assessReload } from './nginx-reload-assessment.ts'
import { reloadRouter } from './nginx-reload-router.ts'
import { type CompleteSwitch, findSwitch } from './nginx-switch.ts'
import { assessSwitch, missingSentence } from './nginx-switch-assessment.ts'
import { blindSwitch } from './nginx-switch-blind.ts'
import { switchRouter } from './nginx-switch-router.ts'
import { findUpstream } from './nginx-upstream.ts'
import { serversUsing } from './nginx-usage.ts'
import type { Router } from './router.ts'

/** `host:port` in parts; IPv6 without brackets. */
export interface Place {
  readonly host: string
  readonly port: number
}

/** An Nginx that can flip this target. */
export interface NginxGround {
  readonly router: (ask: Ask) => Router
  /** Where Nginx reaches each color. */
  readonly addresses: Readonly<Record<Color, Place>>
  /** The server blocks that use the upstream, and the names of its upstreams. */
  readonly servers: readonly ServerBlock[]
  readonly upstreams: readonly string[]
  /** Absent where Nginx could not be read: a switch that is proven by what it answers alone. */
  readonly configuration?: Configuration
}

/** What judging an Nginx needs to know beside its configuration. */
export interface NginxPlace {
  readonly proxy: HostName
  readonly nginx: Inputs['nginx']
  readonly url?: URL
  readonly state: StateDirectory
  /** Where the compose file lets each color be reached. */
  readonly places: Readonly<Record<Color, readonly Place[]>>
  /** Defines `run_nginx`. */
  readonly run: Shell
}

/** Chooses the way to flip, and judges whether it can be trusted here. */
export function assessNginx(seen: NginxObservation, place: NginxPlace): Assessment<NginxGround> {
  const { nginx } = place
  if (seen.kind === 'refused') {
    const mend = 'Mend that file, and see that `nginx -t` passes: Nginx would not come back from a restart as it is.'
    return refusal(
      new Failure('nginx-refused', `Nginx on ${place.proxy} refuses the configuration on disk: ${seen.why}. ${mend}`),
    )
  }
  if (seen.kind === 'unavailable') {
    if (nginx.flip !== 'reload' && place.url !== undefined && nginx.stateDirectoryGiven)
      return blindSwitch(place, place.url, seen.why)
    return refusal(
      new Failure(
        'nginx-refused',
        `Nginx does not show its configuration on ${place.proxy}: ${seen.why}. Let the user run it (sudoers: \`${userOf(place.proxy)} ALL=(root) NOPASSWD: /usr/sbin/nginx -T, /usr/sbin/nginx -t, /usr/sbin/nginx -s reload\`), or correct \`nginx\`.`,
      ),
    )
  }
  const { configuration } = seen
  const stale = loadedFault(seen, place.proxy)
  const found = findSwitch(configuration, nginx.upstream)
  const way =
    nginx.flip === 'auto'
      ? chosenWay(found.kind, findUpstream(configuration, nginx.upstream) !== undefined)
      : nginx.flip
  if (way === 'reload') return withFault(stale, assessByReload(seen, place))
  if (found.kind === 'switch') return withFault(stale, assessBySwitch(configuration, found, place))
  const missing =
    found.kind === 'none'
      ? [
          `Nginx has no pair of upstreams \`${nginx.upstream}_blue\` and \`${nginx.upstream}_green\`. Set \`upstream\`, or \`flip: reload\`.`,
        ]
      : found.missing.map(missingSentence)
  return refusal(...missing.map((sentence) => new Failure('drift', sentence)))
}

/** A switch that is there, even half, is meant; a plain block of the same name is only used where there is none. */
function chosenWay(found: 'none' | 'incomplete' | 'switch', plain: boolean): 'switch' | 'reload' {
  if (found === 'switch') return 'switch'
  return found === 'none' || plain ? 'reload' : 'switch'
}

function assessBySwitch(
  configuration: Configuration,
  found: CompleteSwitch,
  place: NginxPlace,
): Assessment<NginxGround> {
  const { refusals, notes, value } = assessSwitch(configuration, found, {
    upstream: place.nginx.upstream,
    stateDirectory: place.nginx.stateDirectory,
    state: place.state,
    proxy: place.proxy,
    sameDisk: !inContainer(place.nginx.command),
  })
  const wrong = COLORS.filter(
    (color) => !found.namedServers.some((name) => sameAddress(name, found.addresses[color])),
  ).flatMap((color) => misplaced(color, found.addresses[color], place))
  if (value === undefined || wrong.length > 0) return refusal(...refusals, ...wrong)
  const names = pairNames(place.nginx.upstream)
  return usable(
    {
      router: (ask) => switchRouter(value, ask),
      addresses: { blue: placeOf(found.addresses.blue), green: placeOf(found.addresses.green) },
      servers: found.servers.map(({ server }) => server),
      upstreams: [names.blue, names.green, names.blueBacked, names.greenBacked],
      configuration,
    },
    notes,
  )
}

function assessByReload(seen: Extract<NginxObservation, { kind: 'read' }>, place: NginxPlace): Assessment<NginxGround> {
  const { configuration, files, loaded } = seen
  const { nginx } = place
  const addresses = { blue: addressOf('blue', place), green: addressOf('green', place) }
  if (addresses.blue === undefined || addresses.green === undefined) {
    const lacking = COLORS.filter((color) => addresses[color] === undefined)
    return refusal(
      ...lacking.map(
        (color) =>
          new Failure(
            'drift',
            `The compose file does not say where Nginx reaches ${color}. Publish one port of its service on 127.0.0.1, or set \`${color}-address\`.`,
          ),
      ),
    )
  }
  const both = { blue: addresses.blue, green: addresses.green }
  const { refusals, notes, value } = assessReload(configuration, {
    proxy: place.proxy,
    upstream: nginx.upstream,
    stateDirectory: nginx.stateDirectory,
    addresses: both,
    ...(nginx.file !== undefined && { file: nginx.file }),
    files,
    user: place.state.user,
    loaded,
    nginx: place.run,
  })
  if (value === undefined) return refusal(...refusals)
  return usable(
    {
      router: (ask) => reloadRouter(value, ask),
      addresses: { blue: placeOf(both.blue), green: placeOf(both.green) },
      servers: serversUsing(configuration, nginx.upstream),
      upstreams: [nginx.upstream],
      configuration,
    },
    notes,
  )
}

/** The address that Nginx has for a color must be one where the compose file puts it. */
function misplaced(color: Color, address: string, { places, nginx }: NginxPlace): readonly Failure[] {
  const given = nginx.addresses[color]
  const known = given === undefined ? places[color].map(written) : [written(placeOf(given))]
  if (known.length === 0 || known.includes(written(placeOf(address)))) return []
  const where =
    given === undefined ? `the compose file puts ${color} at ${known.join(', ')}` : `\`${color}-address\` says ${given}`
  return [new Failure('drift', `The switch reaches ${color} at ${address}, and ${where}. Make the two agree.`)]
}

function addressOf(color: Color, { nginx, places }: NginxPlace): string | undefined {
  const [only, ...others] = places[color]
  return nginx.addresses[color] ?? (only !== undefined && others.length === 0 ? written(only) : undefined)
}

/** Every reload would load what somebody else left on the disk, and what `nginx -T` says would not be what runs. */
function loadedFault({ loaded }: Extract<NginxObservation, { kind: 'read' }>, proxy: HostName): Failure | undefined {
  if (loaded.kind === 'not-running') return new Failure('nginx-refused', `Nginx does not run on ${proxy}. Start it.`)
  if (loaded.kind !== 'changed-since') return undefined
  return new Failure(
    'drift',
    `The configuration on disk is not the one that Nginx on ${proxy} has loaded: ${loaded.files.join(', ')} changed since. Run \`nginx -t\` and \`nginx -s reload\` at a quiet time, or put the file back.`,
  )
}

function withFault(fault: Failure | undefined, assessed: Assessment<NginxGround>): Assessment<NginxGround> {
  return fault === undefined ? assessed : refusal(fault, ...assessed.refusals)
}

function inContainer(command: string | undefined): boolean {
  return /\b(docker|podman|nerdctl)\b/.test(command ?? '')
}

function placeOf(address: string): Place {
  const parsed = parseAddress(address)
  return parsed.kind === 'unix' ? { host: parsed.path, port: 0 } : { host: parsed.host, port: parsed.port }
}

function written({ host, port }: Place): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

function userOf(host: HostName): string {
  return host.slice(0, host.lastIndexOf('@'))
}
