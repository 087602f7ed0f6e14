import { type Block, type Draft, shell, workflow } from '../../../checking/finding.ts'
import { sentencesOf, withCode } from '../../../checking/telling.ts'
import type { PlanningCode } from '../../../planning/refusals.ts'
import { type Configuration, positionOf, type ServerBlock, walkInside } from '../config/configuration.ts'
import { sentHeaders } from '../config/sent-headers.ts'
import type { Directive } from '../config/syntax.ts'
import type { NginxCode } from '../refusals.ts'
import { pairNames } from '../route/pair.ts'
import { hostsOf } from '../route/public-route.ts'
import { findSwitch } from '../switch/switch.ts'
import type { NginxContext } from './context.ts'
import { installed, siteFolder } from './new-server.ts'
import type { Read } from './spots.ts'
import { passesToColors, switchParts } from './switch-place.ts'
import { switchChoice, switchTarget } from './switch-text.ts'

/** The first port that is tried for a listener on the loopback. */
const FIRST_PORT = 8090

/** A site that lets in only its CDN, or only visitors with a password or a certificate: this host can't ask it. */
export function closedFindings(context: NginxContext, nginx: Read): readonly Draft[] {
  const { refusals, colors, inputs } = context
  // Any other fault of the public route is not about who may ask.
  const tells = withCode<NginxCode | PlanningCode>(refusals, 'route-refuses', 'route-closed')
  if (tells.length === 0 || inputs.route.url !== undefined) return []
  const { configuration } = nginx
  const passes = passesToColors(context, colors)
  const closing = [...new Set(passes.flatMap(({ pass }) => closedBy(configuration, pass.server, pass.directive)))]
  const [server] = passes.map(({ pass }) => pass.server)
  if (closing.length === 0 || server === undefined) return []
  const told = closing.map(
    (directive) => `\`${[directive.name, ...directive.args].join(' ')}\` in ${positionOf(configuration, directive)}`,
  )
  const about = {
    severity: 'problem',
    title: 'The site is closed to its own host',
    seen: `${told.join(', ')}. ${sentencesOf(tells)}`,
    why: 'Each flip is proven through Nginx, as visitors go; asked from its own host, this site refuses.',
    tells,
  } as const
  const port = freePort(context)
  const text = loopbackServer(context, nginx, server, port)
  if (text === undefined) return []
  const inContainer = nginx.container !== undefined && !nginx.container.hostNetwork
  const folder = siteFolder(nginx)
  const written: readonly Block[] =
    folder === undefined || inContainer
      ? [{ language: 'nginx', where: 'nginx', text }]
      : [
          shell(
            'host as root',
            installed(context, nginx, `${folder}/${inputs.nginx.upstream}-loopback.conf`, text).text,
          ),
        ]
  const publish = inContainer
    ? ` Listen on ${port} without the address there, and publish it: \`ports: ["127.0.0.1:${port}:${port}"]\`.`
    : ''
  return [
    {
      ...about,
      fix: {
        text: `Let Nginx listen on the loopback too, with the same choice of a color: nobody outside reaches that, and the site stays as closed as it is. Then name it in the workflow.${publish}`,
        blocks: [...written, workflow(`verify-url: http://127.0.0.1:${port}${inputs.health.path}`)],
      },
    },
  ]
}

/** What refuses a request that comes from the host itself, or with nothing but its name; the innermost first. */
function closedBy(configuration: Configuration, server: ServerBlock, pass: Directive): readonly Directive[] {
  const placed = [...walkInside(server)].find(({ directive }) => directive === pass)
  const around = [...(placed?.ancestors ?? [server.directive])].reverse().map(({ block = [] }) => block)
  const blocks = [...around, configuration.main]
  const nearest = (fits: (directive: Directive) => boolean) => {
    const names = blocks.find((block) => block.some(fits)) ?? []
    return names.filter(fits)
  }
  const refusing = nearest(({ name }) => name === 'allow' || name === 'deny').filter(({ name }) => name === 'deny')
  const asking = ['auth_basic', 'auth_request', 'auth_jwt', 'ssl_verify_client'].flatMap((wanted) =>
    nearest(({ name }) => name === wanted).filter(({ args }) => args[0] !== 'off'),
  )
  const conditions = around.flatMap((block) => block.filter(({ name }) => name === 'if')).filter(turnsAway)
  return [...refusing, ...asking, ...conditions]
}

function turnsAway({ block = [] }: Directive): boolean {
  return block.some(({ name, args }) => name === 'return' && /^4\d\d$/.test(args[0] ?? ''))
}

/** The same choice, for programs of this host alone; undefined if nothing chooses yet. */
function loopbackServer(context: NginxContext, nginx: Read, server: ServerBlock, port: number): string | undefined {
  const { configuration } = nginx
  const { upstream } = context.inputs.nginx
  const parts = switchParts(context)
  const found = findSwitch(configuration, upstream)
  const folder = found.kind === 'switch' ? found.green.replace(/\/[^/]*$/, '') : undefined
  if (found.kind === 'incomplete' || (folder !== undefined && parts === undefined)) return undefined
  const chosen = folder === undefined || parts === undefined ? undefined : { ...parts, stateDirectory: folder }
  const upstreams = [upstream, ...Object.values(pairNames(upstream))]
  const { scheme } = sentHeaders(configuration, [server], { healthPath: context.inputs.health.path, upstreams })
  const [host = 'localhost'] = hostsOf(configuration, server)
  return [
    'server {',
    `    listen 127.0.0.1:${port};`,
    `    server_name ${host};`,
    ...(chosen === undefined ? [] : switchChoice(chosen)).map((line) => `    ${line}`),
    '    location / {',
    `        proxy_pass http://${chosen === undefined ? upstream : switchTarget(chosen)};`,
    '        proxy_connect_timeout 1s;',
    `        proxy_set_header Host ${host};`,
    ...(scheme === undefined ? [] : [`        proxy_set_header X-Forwarded-Proto ${scheme};`]),
    '    }',
    '}',
    '',
  ].join('\n')
}

function freePort({ hostFacts }: NginxContext): number {
  let port = FIRST_PORT
  while (hostFacts.listening.has(port)) port++
  return port
}
