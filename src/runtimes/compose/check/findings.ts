import type { Block, Draft } from '../../../checking/finding.ts'
import { withCode } from '../../../checking/telling.ts'
import { COLORS, type Color } from '../../../release/model.ts'
import type { PlaceCode } from '../../../routers/refusals.ts'
import { publicWarnings } from '../observe/address.ts'
import { variableName } from '../observe/image.ts'
import { type ComposeService, sharedWrites } from '../observe/project.ts'
import { unsafeSentence } from '../observe/version.ts'
import type { ComposeNotice } from '../refusals.ts'
import { aliasFindings, type Site } from './aliases.ts'
import { type Colors, type ComposeContext, missingColor } from './context.ts'
import { portsAt, type Wish } from './edit.ts'
import { changeParts, keysOf, partsOf } from './service-parts.ts'
import { shapeFindings, tiedFindings } from './shape.ts'

/**
 * What of the two colors in the compose file weakens a promise.
 * @param site where containers reach what is live at any address of the host
 */
export function composeFindings(context: ComposeContext, site: Site | undefined): readonly Draft[] {
  const { colors } = context
  if (colors === undefined || shapeFindings(context, colors).length > 0) return []
  const services = [...new Set(COLORS.flatMap((color) => colors.services[color] ?? []))]
  const [blue, green] = [colors.services.blue ?? colors.single, colors.services.green ?? colors.single]
  return [
    ...withoutPorts(context, colors, services),
    ...publicPorts(context, colors, services),
    ...restartPolicy(context, colors, services),
    ...gracePeriod(context, colors, services),
    ...(blue === undefined ? [] : volumes(colors, blue, green ?? blue)),
    ...tiedFindings(context, colors),
    ...callers(context, colors),
    ...aliasFindings(context, colors, site),
    ...unsafeEnv(context),
  ]
}

/** The block of one wish for these services; by their text, or as what to write by hand. */
function wishing(
  { texts }: ComposeContext,
  wishes: readonly { readonly service: ComposeService; readonly wish: Wish; readonly line: string }[],
): { readonly blocks: readonly Block[] } & Pick<Draft, 'changes' | 'otherwise'> {
  const text = ['services:', ...wishes.flatMap(({ service, line }) => [`  ${service.name}:`, `    ${line}`])].join('\n')
  const byHand: readonly Block[] = [{ language: 'yaml', where: 'compose file', text }]
  const changes = wishes.map(({ service, wish }) => changeParts(partsOf(texts, service.name), wish))
  if (changes.some((change) => change === undefined)) return { blocks: byHand }
  return { blocks: [], changes: changes.flatMap((change) => change ?? []), otherwise: byHand }
}

function named(services: readonly ComposeService[]): string {
  return services.map(({ name }) => `\`${name}\``).join(' and ')
}

/** A color without an address of its own cannot be reached by Nginx. */
function withoutPorts(context: ComposeContext, colors: Colors, services: readonly ComposeService[]): readonly Draft[] {
  if (missingColor(colors) !== undefined) return []
  const wishes = services.flatMap((service) => {
    const color = COLORS.find((each) => colors.services[each] === service)
    const port = color === undefined ? undefined : colors.published[color]
    if (port === undefined) return []
    const addedPort = `127.0.0.1:${port.host}:${port.container}`
    return [{ service, wish: { addedPort }, line: `ports: ["${addedPort}"]` }]
  })
  if (wishes.length === 0 || context.inputs.nginx.command !== undefined) return []
  const { blocks, ...edit } = wishing(context, wishes)
  return [
    {
      severity: 'problem',
      title: 'A color has no address of its own',
      seen: `${named(wishes.map(({ service }) => service))} ${wishes.length === 1 ? 'publishes' : 'publish'} no port.`,
      why: 'Nginx on the host reaches a color at a port of the host; the address of a container changes with each start.',
      fix: { text: 'Publish its port on 127.0.0.1.', blocks },
      ...edit,
      tells: withCode<PlaceCode>(context.refusals, 'color-nowhere'),
    },
  ]
}

function publicPorts(context: ComposeContext, colors: Colors, services: readonly ComposeService[]): readonly Draft[] {
  const open = services.filter((service) => publicWarnings(service).length > 0)
  if (open.length === 0) return []
  const tells = open.flatMap(publicWarnings)
  const wishes = open.flatMap((service) => {
    const ports = portsAt(service, new Map())
    const first = ports?.[0]
    return ports && first
      ? [{ service, wish: { ports }, line: `ports: ["127.0.0.1:${first.host}:${first.port.target}"]` }]
      : []
  })
  const told = {
    severity: 'warning',
    title: 'A color is open to everybody',
    seen: `${named(open)} ${open.length === 1 ? 'publishes its port' : 'publish their ports'} on every interface (0.0.0.0).`,
    why: 'Docker opens such a port past most firewalls, ufw among them: a new version is public before it has proven itself, and both go round Nginx.',
    tells,
  } as const
  if (missingColor(colors) !== undefined)
    return [{ ...told, fix: { text: 'What is written above is published on 127.0.0.1.', blocks: [] } }]
  const { blocks, ...edit } = wishing(context, wishes)
  return [
    {
      ...told,
      fix: { text: 'Publish on 127.0.0.1, where only this host reaches it.', blocks },
      ...edit,
    },
  ]
}

function restartPolicy(context: ComposeContext, colors: Colors, services: readonly ComposeService[]): readonly Draft[] {
  const without = services.filter(({ restart }) => restart === 'no')
  if (without.length === 0) return []
  const told = {
    severity: 'warning',
    title: 'Nothing restarts the application',
    seen: `${named(without)} ${without.length === 1 ? 'has' : 'have'} no restart policy.`,
    why: 'After a crash, or when the host starts again, the live color stays down until somebody comes.',
  } as const
  if (colors.single !== undefined) return [{ ...told, fix: { text: 'What is written above has one.', blocks: [] } }]
  const line = 'restart: unless-stopped'
  const wishes = without.map((service) => ({ service, wish: { added: [line] }, line }))
  const { blocks, ...edit } = wishing(context, wishes)
  return [
    {
      ...told,
      fix: { text: `Add \`${line}\`. A color that was stopped after a release stays stopped.`, blocks },
      ...edit,
    },
  ]
}

function gracePeriod(context: ComposeContext, colors: Colors, services: readonly ComposeService[]): readonly Draft[] {
  const { after } = context.inputs
  const short = services.filter((service) => service.stopGracePeriod < after.drain)
  if (after.previous === 'keep' || short.length === 0) return []
  const [grace, drain] = [(short[0]?.stopGracePeriod ?? 0) / 1000, after.drain / 1000]
  const line = `stop_grace_period: ${drain}s`
  const wishes = short.map((service) => ({ service, wish: { added: [line] }, line }))
  const written = short.some(({ name }) => keysOf(partsOf(context.texts, name)).includes('stop_grace_period'))
  const late = missingColor(colors) !== undefined || written
  const { blocks, ...edit } = late ? { blocks: [] } : wishing(context, wishes)
  return [
    {
      severity: 'warning',
      title: 'What is in flight is cut',
      seen: `${named(short)} ${short.length === 1 ? 'is' : 'are'} killed ${grace} s after the request to stop, and \`drain-timeout\` is ${drain} s.`,
      why: 'A request that takes longer than both is cut when the previous color is stopped.',
      fix: {
        text:
          missingColor(colors) === undefined
            ? `Write \`${line}\` in the compose file, or a \`drain-timeout\` that is no longer.`
            : `What is written above has \`${line}\`.`,
        blocks,
      },
      ...edit,
      tells: withCode<ComposeNotice>(context.notes, 'grace-short'),
    },
  ]
}

function volumes(colors: Colors, blue: ComposeService, green: ComposeService): readonly Draft[] {
  const shared = sharedWrites(blue, green)
  if (shared.length === 0) return []
  const both =
    colors.single === undefined ? `${named([blue])} and ${named([green])} both` : `Both colors of ${named([blue])} will`
  return [
    {
      severity: 'warning',
      title: 'Both colors write to the same volumes',
      seen: `${both} write to ${shared.map((source) => `\`${source}\``).join(', ')}.`,
      why: 'During a release two versions run, and write there at once. A database file, a lock or a cache in it may be damaged.',
      fix: {
        text: 'Keep there only what two versions may share (uploads, say), or give each color its own; where only one writes, mount it with `:ro` in the other.',
        blocks: [],
      },
    },
  ]
}

/** Who calls a color by its name bypasses Nginx, and so the flip. */
function callers({ hostFacts, inputs, texts }: ComposeContext, colors: Colors): readonly Draft[] {
  const own = [colors.names.blue, colors.names.green, inputs.application.service]
  const names = COLORS.flatMap((color) => colors.services[color]?.name ?? [])
  const commands = texts.flatMap((text) =>
    [...new Set(names)].flatMap((callee) =>
      text.callersOf(callee).map(({ service, by }) => ({ service, callee, variable: by })),
    ),
  )
  const found = [...hostFacts.callers, ...commands].filter(({ service }) => !own.includes(service))
  if (found.length === 0) return []
  const told = found.map(({ service, callee, variable }) => `\`${service}\` (${variable}: \`${callee}\`)`)
  return [
    {
      severity: 'warning',
      title: 'Other services call a color by its name',
      seen: `${[...new Set(told)].join(', ')}.`,
      why: 'That name means one color, whichever is live: after a release they call the previous version, or nothing once it is stopped.',
      fix: {
        text: 'Let them call through Nginx: `extra_hosts: ["host.docker.internal:host-gateway"]`, and the address of the site there.',
        blocks: [],
      },
    },
  ]
}

function unsafeEnv({ facts, inputs, notes, hostFacts }: ComposeContext): readonly Draft[] {
  if (facts === undefined || facts.versionOnHost.kind === 'kept in .env') return []
  const { versionVariable: variable } = inputs.application
  const reasons = facts.versionOnHost.reasons.map((reason) => unsafeSentence(reason, variable))
  // The folder is given to the user above already.
  const commands = facts.versionOnHost.reasons
    .flatMap((reason) => (reason.kind === 'read-only' ? (reason.command ?? []) : []))
    .filter((command) => hostFacts.closed === undefined || !command.endsWith(` ${hostFacts.closed}`))
  const names = (['any', 'blue', 'green'] as readonly ('any' | Color)[]).map((which) => variableName(variable, which))
  return [
    {
      severity: 'warning',
      title: '`.env` is not kept true',
      seen: reasons.join(' '),
      why: `The host does not remember what was released (${names.join(', ')}): a \`docker compose up -d\` by hand would start other versions.`,
      fix: {
        text: 'Each of these is mended as it says.',
        blocks: commands.map((command) => ({
          language: 'sh',
          where: 'host as root',
          text: command.replace(/^sudo /, ''),
        })),
      },
      tells: withCode<ComposeNotice>(notes, 'env-left-alone'),
    },
  ]
}
