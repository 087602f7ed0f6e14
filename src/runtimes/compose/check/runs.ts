import { field, fields, items, parseJson, text } from '../../../base/json.ts'
import { type Shell, sh } from '../../../host/quote.ts'

/** A container that no compose file made. Neither its environment nor its command is ever asked for. */
export interface PlainRun {
  readonly id: string
  readonly name: string
  /** As it was started with: `app:v1`. */
  readonly image: string
  readonly networkMode: string
  /** `no`, `always`, `on-failure:5`… */
  readonly restart: string
  readonly ports: readonly PlainPort[]
  readonly mounts: readonly PlainMount[]
}

export interface PlainPort {
  readonly address: string
  readonly host: number
  readonly container: number
  readonly protocol: string
}

export interface PlainMount {
  /** `bind` or `volume`. */
  readonly type: string
  /** A path of the host, or the name of a volume. */
  readonly source: string
  readonly destination: string
  readonly writable: boolean
}

const FORMAT = [
  '{{if not (index .Config.Labels "com.docker.compose.project")}}{"id":{{json .Id}},"name":{{json .Name}},"image":{{json .Config.Image}}',
  ',"network":{{json .HostConfig.NetworkMode}},"restart":{{json .HostConfig.RestartPolicy}}',
  ',"ports":{{json .NetworkSettings.Ports}},"mounts":{{json .Mounts}}}{{end}}',
].join('')

/** Prints what `readRuns` reads. Changes nothing. */
export function runsQuestion(): Shell {
  return sh`ids=$(docker ps --quiet --no-trunc 2>/dev/null) && [ -n "$ids" ] && docker inspect --type container --format ${FORMAT} $ids 2>/dev/null | grep .`
}

/** Those that run. */
export function readRuns(lines: readonly string[]): readonly PlainRun[] {
  return lines.map((line) => {
    const found = parseJson(line, 'What `docker inspect` printed')
    const policy = field(found, 'restart')
    const retries = field(policy, 'MaximumRetryCount')
    const name = text(field(policy, 'Name')) || 'no'
    return {
      id: text(field(found, 'id')),
      name: text(field(found, 'name')).replace(/^\//, ''),
      image: text(field(found, 'image')),
      networkMode: text(field(found, 'network')),
      restart: typeof retries === 'number' && retries > 0 ? `${name}:${retries}` : name,
      ports: Object.entries(fields(field(found, 'ports'))).flatMap(([port, bindings]) => portsOf(port, bindings)),
      mounts: items(field(found, 'mounts')).map((mount) => {
        const type = text(field(mount, 'Type'))
        return {
          type,
          source: text(field(mount, type === 'volume' ? 'Name' : 'Source')),
          destination: text(field(mount, 'Destination')),
          writable: field(mount, 'RW') === true,
        }
      }),
    }
  })
}

/** A port that is published for IPv4 and IPv6 is one. */
function portsOf(port: string, bindings: unknown): readonly PlainPort[] {
  const [container = '', protocol = 'tcp'] = port.split('/')
  const all = items(bindings).map((binding) => ({
    address: text(field(binding, 'HostIp')),
    host: Number(text(field(binding, 'HostPort'))),
    container: Number(container),
    protocol,
  }))
  return all.filter(({ host }, i) => all.findIndex((each) => each.host === host) === i)
}
