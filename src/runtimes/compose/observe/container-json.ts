import { field, fields, integer, items, optionalText, parseJson, text } from '../../../base/json.ts'
import type { Binding, Container } from './containers.ts'

/** One line of JSON a container, for `docker inspect --format`. It asks for no environment, command or mount. */
export const INSPECT_FORMAT = [
  '{"id":{{json .ID}},"name":{{json .Name}},"image":{{json .Image}},"imageName":{{json .Config.Image}}',
  ...[
    ['project', 'project'],
    ['service', 'service'],
    ['configHash', 'config-hash'],
    ['workingDirectory', 'project.working_dir'],
    ['oneOff', 'oneoff'],
  ].map(([key, label]) => `,"${key}":{{json (index .Config.Labels "com.docker.compose.${label}")}}`),
  ',"state":{"status":{{json .State.Status}},"exitCode":{{json .State.ExitCode}},"startedAt":{{json .State.StartedAt}}',
  ',"outOfMemory":{{json .State.OOMKilled}},"restarts":{{json .RestartCount}}',
  ',"health":{{if .State.Health}}{{json .State.Health.Status}}{{else}}null{{end}}}',
  ',"stopTimeout":{{json .Config.StopTimeout}},"restartPolicy":{{json .HostConfig.RestartPolicy.Name}}',
  ',"networkMode":{{json .HostConfig.NetworkMode}},"ports":{{json .NetworkSettings.Ports}},"addresses":[',
  '{{$comma := ""}}{{range .NetworkSettings.Networks}}{{$comma}}{{json .IPAddress}},{{json .GlobalIPv6Address}}{{$comma = ","}}{{end}}',
  '],"published":{{json .HostConfig.PortBindings}},"networks":{{"{"}}{{$comma = ""}}',
  '{{range $name, $network := .NetworkSettings.Networks}}{{$comma}}{{json $name}}:{{json $network.NetworkID}}{{$comma = ","}}{{end}}',
  '}}',
].join('')

/**
 * Reads one line made by `INSPECT_FORMAT`.
 * @throws Error where it is not JSON, or no container.
 */
export function parseContainer(line: string): Container {
  const found = parseJson(line, 'What `docker inspect` printed')
  const state = field(found, 'state')
  const id = text(field(found, 'id'))
  if (id === '') throw new Error('What `docker inspect` printed is no container.')
  const health = optionalText(field(state, 'health'))
  const stopTimeout = field(found, 'stopTimeout')
  return {
    id,
    name: text(field(found, 'name')).replace(/^\//, ''),
    project: text(field(found, 'project')),
    service: text(field(found, 'service')),
    configHash: text(field(found, 'configHash')),
    workingDirectory: text(field(found, 'workingDirectory')),
    oneOff: text(field(found, 'oneOff')) === 'True',
    image: text(field(found, 'image')),
    imageName: text(field(found, 'imageName')),
    state: {
      status: text(field(state, 'status')),
      exitCode: integer(field(state, 'exitCode')),
      startedAt: text(field(state, 'startedAt')),
      ...(health === undefined || health === 'none' ? {} : { health }),
      outOfMemory: field(state, 'outOfMemory') === true,
      restarts: integer(field(state, 'restarts')),
    },
    ...(typeof stopTimeout === 'number' ? { stopTimeout } : {}),
    restartPolicy: text(field(found, 'restartPolicy')) || 'no',
    networkMode: text(field(found, 'networkMode')),
    bindings: bindingsIn(field(found, 'ports')),
    published: bindingsIn(field(found, 'published')),
    networks: Object.entries(fields(field(found, 'networks'))).flatMap(([name, id]) =>
      DOCKERS_OWN.includes(name) || text(id) === '' ? [] : [text(id)],
    ),
    addresses: items(field(found, 'addresses'))
      .map(text)
      .filter((address) => address !== ''),
  }
}

/** These Docker finds by their names: their ids change when it is started again. */
const DOCKERS_OWN = ['bridge', 'host', 'none']

function bindingsIn(ports: unknown): readonly Binding[] {
  return Object.entries(fields(ports)).flatMap(([port, bindings]) =>
    port.endsWith('/tcp')
      ? items(bindings).map((binding) => ({
          address: text(field(binding, 'HostIp')),
          port: Number(text(field(binding, 'HostPort'))),
        }))
      : [],
  )
}
