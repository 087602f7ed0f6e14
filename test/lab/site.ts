import { type Ended, until } from './command.ts'
import type { LabHost } from './host.ts'
import { faultOf, loadImages, versions } from './image.ts'
import { freePort } from './ports.ts'
import { type ComposeParts, type ComposeShape, composeFile } from './site-compose.ts'
import { containersOf, removeContainers, type SiteContainer } from './site-containers.ts'
import { type Color, type Flip, type NginxParts, nginxParts, serverBlock } from './site-nginx.ts'
import { get, type WebAnswer } from './web.ts'

export interface SiteOptions {
  /** `switch-backed` unless said otherwise. */
  readonly flip?: Flip
  /** The color that Nginx sends traffic to at first: blue unless said otherwise. */
  readonly live?: Color
  readonly compose?: ComposeShape
  /** `web` unless said otherwise; it has to differ among the sites of one host. */
  readonly service?: string
  readonly upstream?: string
  /** Between the service's name and its color. */
  readonly separator?: '_' | '-'
  readonly tls?: boolean
  /** Whether the state directory is made, as root would, before the first release; yes unless said otherwise. */
  readonly stateDirectory?: 'made' | 'missing'
  /** Lines for both services of the compose file. */
  readonly extra?: readonly string[]
  /** Replaces the server block. */
  readonly server?: (parts: NginxParts) => string
  /** Replaces the compose file. */
  readonly composeFile?: (parts: ComposeParts) => string
}

/** An application on a host: compose file, Nginx configuration and images; nothing runs until it is started. */
export interface LabSite extends AsyncDisposable {
  readonly host: LabHost
  readonly project: string
  /** Of the compose file, as the host sees it. */
  readonly directory: string
  readonly service: string
  readonly services: Readonly<Record<Color, string>>
  readonly upstream: string
  /** Repository of the images: `<repository>:<version>`. */
  readonly repository: string
  readonly ports: Readonly<Record<Color, number>>
  readonly publicPort: number
  readonly publicUrl: string
  /** `Host` of the server block. */
  readonly serverName: string
  readonly stateDirectory: string
  /** Nginx's file on the host. */
  readonly nginxFile: string
  readonly parts: NginxParts
  /** The inputs of the action for this site, with those given put over them. */
  inputs(more?: Readonly<Record<string, string>>): Record<string, string>
  /** Starts a color by hand, as its owner would: `.env`, then `docker compose up -d`. Waits until a sound version answers. */
  up(color: Color, version: string): Promise<void>
  /** Runs `docker compose …` by hand, as deploy, in the directory. */
  compose(...args: readonly string[]): Promise<Ended>
  /** Makes further images: `v10`, `v3-slow-boot`. All of `versions` are there from the start. */
  version(...tags: readonly string[]): Promise<void>
  containers(): Promise<SiteContainer[]>
  /** Puts traffic on a color by hand: the rename, or an edit and a reload. */
  flipByHand(color: Color): Promise<void>
  /** Asks through Nginx. */
  get(path?: string): Promise<WebAnswer>
  /** Asks a color directly. */
  getColor(color: Color, path?: string): Promise<WebAnswer>
  dispose(): Promise<void>
}

export async function openSite(host: LabHost, options: SiteOptions): Promise<LabSite> {
  const project = `${process.env['LAB_MARK']}-${Math.random().toString(16).slice(2, 8)}`
  const directory = `${host.home}/${project}`
  const repository = `${project}/app`
  const { service = 'web', separator = '_', flip = 'switch-backed', live = 'blue', tls = false } = options
  const upstream = options.upstream ?? service
  const services = { blue: `${service}${separator}blue`, green: `${service}${separator}green` }
  const ports = { blue: await freePort(), green: await freePort() }
  const addresses = { blue: `127.0.0.1:${ports.blue}`, green: `127.0.0.1:${ports.green}` }
  const publicPort = await freePort()
  const stateDirectory = `${host.stateRoot}/${upstream}`
  const nginxFile = `/etc/nginx/conf.d/${upstream}.conf`
  const nginxText = (color: Color) => {
    const parts = nginxParts({ flip, live: color, upstream, addresses, stateDirectory, publicPort, tls })
    return { parts, text: parts.upstreams + (options.server ?? serverBlock)(parts) }
  }
  const { parts, text } = nginxText(live)
  const composeParts = { repository, services, ports }
  const composeText =
    options.composeFile?.(composeParts) ??
    composeFile({ ...composeParts, shape: options.compose ?? 'each', extra: options.extra ?? [] })

  const switched = flip === 'switch' || flip === 'switch-backed'
  const asRoot = async (command: string) => {
    const ended = await host.exec(command)
    if (ended.code !== 0) throw new Error(`The lab's \`${command}\` ended with ${ended.code}: ${ended.stderr.trim()}`)
  }
  const flipByHand = async (color: Color) => {
    const [from, to] = color === 'green' ? ['green.off', 'green'] : ['green', 'green.off']
    if (switched) return asRoot(`cd ${stateDirectory} && { [ -e ${from} ] || : >${from}; } && mv ${from} ${to}`)
    await host.writeFile(nginxFile, nginxText(color).text)
    await asRoot('nginx -s reload')
  }
  await Promise.all([
    loadImages(repository, versions, host.docker),
    host
      .writeFile(`${directory}/compose.yaml`, composeText, 'deploy')
      .then(() => host.writeFile(`${directory}/.env`, '', 'deploy')),
    setUpNginx(),
  ])

  async function setUpNginx(): Promise<void> {
    if (tls) await asRoot(certificate(parts.serverName))
    if (options.stateDirectory !== 'missing') await asRoot(`install -d -m 0711 -o deploy ${stateDirectory}`)
    if (switched && live === 'green') await flipByHand('green')
    await host.writeFile(nginxFile, text)
    if ((await host.nginxProcesses()).length > 0) await host.reloadNginx()
  }

  const compose = (...args: readonly string[]) =>
    host.exec(`cd ${directory} && exec docker compose ${args.join(' ')}`, { user: 'deploy' })
  const dispose = () => removeContainers(project, host.docker)
  const publicUrl = `${tls ? 'https' : 'http'}://127.0.0.1:${publicPort}`
  return {
    host,
    project,
    directory,
    service,
    services,
    upstream,
    repository,
    ports,
    publicPort,
    publicUrl,
    serverName: parts.serverName,
    stateDirectory,
    nginxFile,
    parts,
    compose,
    flipByHand,
    inputs: (more = {}) => ({
      host: host.address,
      'private-key': host.privateKey,
      'known-hosts': host.knownHosts,
      directory,
      service,
      'health-path': '/health',
      pull: 'never',
      ...(upstream === service ? {} : { upstream }),
      ...more,
    }),
    up: async (color, version) => {
      const variables = { IMAGE_TAG: version, [`IMAGE_TAG_${color.toUpperCase()}`]: version }
      const env = await host.readFile(`${directory}/.env`)
      await host.writeFile(`${directory}/.env`, withVariables(env, variables), 'deploy')
      const ended = await compose('up', '-d', services[color])
      if (ended.code !== 0) throw new Error(`Starting ${services[color]} by hand failed: ${ended.stderr}`)
      if (faultOf(version) === undefined) await answers(`http://${addresses[color]}/`)
    },
    version: (...tags) => loadImages(repository, tags, host.docker),
    containers: () => containersOf(project, host.docker),
    get: (path = '/') => get(publicUrl + path, { Host: parts.serverName }),
    getColor: (color, path = '/') => get(`http://${addresses[color]}${path}`),
    dispose,
    [Symbol.asyncDispose]: dispose,
  }
}

async function answers(url: string): Promise<void> {
  let seen = ''
  const probe = () =>
    get(url).then(
      () => true as const,
      (error: Error) => {
        seen = error.message
        return undefined
      },
    )
  await until(`an answer of ${url}`, 10_000, probe, () => seen)
}

function withVariables(env: string, variables: Readonly<Record<string, string>>): string {
  const kept = env
    .split('\n')
    .filter((line) => line !== '' && !Object.keys(variables).includes(line.split('=')[0] ?? ''))
  return [...kept, ...Object.entries(variables).map(([name, value]) => `${name}=${value}`), ''].join('\n')
}

function certificate(name: string): string {
  return `mkdir -p /etc/nginx/tls && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
    -subj /CN=${name} -addext subjectAltName=DNS:${name} -keyout /etc/nginx/tls/site.key -out /etc/nginx/tls/site.crt 2>&1`
}
