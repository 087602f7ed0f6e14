import type { Color } from '../../../release/model.ts'
import { type Configuration, positionOf, serverTitle } from '../config/configuration.ts'
import { destinations, filesAskedFor, type Pass, passesOf, statesOf } from '../config/usage.ts'
import { chooses, type SwitchServer } from '../switch/server.ts'
import { colorOfName, type Pair, reachedThrough } from './pair.ts'

/** A directive that hands requests to a color, whatever the switch says. */
export interface Bypass {
  /** `/etc/nginx/conf.d/app.conf:12`. */
  readonly position: string
  /** For sentences: the first name of the server block, or where it stands. */
  readonly server: string
  /** As written: `/api/`; empty where there is none. */
  readonly location: string
  /** As written: `proxy_pass http://127.0.0.1:8080`. */
  readonly pass: string
  /**
   * `pair`: names an upstream of the pair; `address`: a color's address; `other upstream`: one with a color's address;
   * `request`: the switch chooses, but a request (a header, a cookie) can choose otherwise.
   */
  readonly through: 'pair' | 'address' | 'other upstream' | 'request'
  readonly colors: readonly Color[]
}

/** All that bypasses a switch, in `http` and `stream`. */
export function bypasses(
  configuration: Configuration,
  pair: Pair,
  servers: readonly SwitchServer[],
): readonly Bypass[] {
  return passesOf(configuration).flatMap((pass) => {
    const owner = servers.find(({ server }) => server.directive === pass.server.directive)
    if (owner && chooses(configuration, pair, pass, owner.green)) return byRequest(configuration, pair, owner, pass)
    const everywhere = statesOf(pass.server).flatMap((state) => destinations(configuration, pass, state))
    const reached = [...new Set(everywhere)].flatMap((to) => reachedThrough(configuration, pair, to) ?? [])
    const [first] = reached
    if (!first) return []
    const colors = [...new Set(reached.flatMap((one) => one.colors))]
    return [describe(configuration, pass, first.through, colors)]
  })
}

/** With nothing but its own files in play, a pass that chooses has one destination at a time. */
function byRequest(
  configuration: Configuration,
  pair: Pair,
  { green, backed }: SwitchServer,
  pass: Pass,
): readonly Bypass[] {
  const foreign = filesAskedFor(pass.server).filter((file) => file !== green && file !== backed)
  const states: readonly (readonly string[])[] = [[], [green], ...foreign.map((file) => [file])]
  const colors = states.flatMap((files) => {
    const wanted = files[0] === green ? 'green' : 'blue'
    // A `backed` file that not all ask for changes the upstream, but not the color.
    const loose = destinations(configuration, pass, new Set(files)).filter((to) => colorOfName(pair, to) !== wanted)
    return loose.flatMap((to) => reachedThrough(configuration, pair, to)?.colors ?? [])
  })
  return colors.length > 0 ? [describe(configuration, pass, 'request', [...new Set(colors)])] : []
}

function describe(
  configuration: Configuration,
  pass: Pass,
  through: Bypass['through'],
  colors: readonly Color[],
): Bypass {
  return {
    position: positionOf(configuration, pass.directive),
    server: serverTitle(configuration, pass.server),
    location: pass.location,
    pass: [pass.directive.name, ...pass.directive.args].join(' '),
    through,
    colors,
  }
}
