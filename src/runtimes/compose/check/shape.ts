import type { Draft } from '../../../checking/finding.ts'
import { withCode } from '../../../checking/telling.ts'
import { COLORS } from '../../../release/model.ts'
import type { PlaceCode } from '../../../routers/refusals.ts'
import { variableName } from '../observe/image.ts'
import { type ComposeService, unfitness } from '../observe/project.ts'
import type { ComposeCode } from '../refusals.ts'
import type { Colors, ComposeContext } from './context.ts'

/** Shapes of a service of which no second color can be made as they are; they come before all else of the compose file. */
export function shapeFindings(context: ComposeContext, colors: Colors): readonly Draft[] {
  return [...built(context, colors), ...withoutNetwork(context, colors), ...replicated(context, colors)]
}

/** Services that are tied to one container of a color, and are cut off from it by a release. */
export function tiedFindings({ texts }: ComposeContext, colors: Colors): readonly Draft[] {
  const tied = servicesOf(colors).flatMap(({ name }) =>
    texts.flatMap((text) => text.mentions(name).others.map(({ service, by }) => ({ service, by, name }))),
  )
  const found = tied.filter(({ by }) => by !== 'extends')
  if (found.length === 0) return []
  const told = found.map(({ service, by, name }) => `\`${service}\` has \`${by}\` to \`${name}\``)
  const links = found.some(({ by }) => by === 'links')
  const shares = found.some(({ by }) => by !== 'links')
  return [
    {
      severity: 'warning',
      title: 'Other services are tied to a color',
      seen: `${told.join(', ')}.`,
      why: 'Each release recreates the container of a color: what is tied to the old one goes on with what is gone, and knows one color, whichever is live.',
      fix: {
        text: [
          ...(links
            ? [
                'Take `links` out: services of one network know each other by name. Let it call the application through Nginx.',
              ]
            : []),
          ...(shares
            ? [
                'What shares the network or the volumes of the application belongs to each color: write one for blue and one for green, or give it a network and volumes of its own.',
              ]
            : []),
        ].join(' '),
        blocks: [],
      },
    },
  ]
}

/** A color is one container at one place. */
function replicated({ refusals }: ComposeContext, colors: Colors): readonly Draft[] {
  const several = servicesOf(colors).filter((service) => unfitness(service) !== undefined)
  const ranged = servicesOf(colors).filter(({ ports }) => ports.some(({ published }) => published.includes('-')))
  const found = [...new Set([...several, ...ranged])]
  const [first] = found
  if (first === undefined) return []
  const seen = [
    ...several.map(({ name, replicas }) => `\`${name}\` has ${replicas} replicas.`),
    ...ranged.map(({ name, ports }) => {
      const ranges = ports.map(({ published }) => published).filter((published) => published.includes('-'))
      return `\`${name}\` publishes a range of ports (${ranges.join(', ')}).`
    }),
  ]
  const lines = found.flatMap(({ name, ports }) => [
    `  ${name}: # without \`replicas\` or \`scale\``,
    ...ports.slice(0, 1).map(({ published, target }) => {
      return `    ports: ["127.0.0.1:${published.replace(/-.*$/, '')}:${target}"]`
    }),
  ])
  return [
    {
      severity: 'problem',
      title: 'The application has several containers',
      seen: seen.join(' '),
      why: 'A release starts one container of the new version, asks it at its own address, and flips the traffic to it: more than one per color is not supported yet.',
      fix: {
        text: 'Run one container of it, at one port, and let Nginx reach it there alone. Then run the check again: it writes the rest.',
        blocks: [{ language: 'yaml', where: 'compose file', text: ['services:', ...lines].join('\n') }],
      },
      tells: withCode<ComposeCode>(refusals, 'color-replicated', 'colors-missing'),
    },
  ]
}

/** Without an image there is nothing that a version could name. */
function built({ inputs, refusals, texts }: ComposeContext, colors: Colors): readonly Draft[] {
  const found = servicesOf(colors).filter(({ name, image, build }) => {
    return build && image === undefined && texts.every((text) => text.imageOf(name) === undefined)
  })
  if (found.length === 0) return []
  const { versionVariable } = inputs.application
  const lines = found.flatMap((service) => {
    const color = colors.single === undefined ? COLORS.find((each) => colors.services[each] === service) : undefined
    const any = `\${${versionVariable}:-latest}`
    const tag = color === undefined ? any : `\${${variableName(versionVariable, color)}:-${any}}`
    return [`  ${service.name}:`, `    image: ghcr.io/<owner>/<name>:${tag} # in place of \`build\``]
  })
  return [
    {
      severity: 'problem',
      title: 'The application is built on the host',
      seen: `${named(found)} ${found.length === 1 ? 'has' : 'have'} \`build\`, and no \`image\`.`,
      why: 'A release starts a version by the tag of its image, and goes back to it by that: what is built in place has neither.',
      fix: {
        text: 'Let the workflow build the image, and push it to a registry (docs/examples has one that builds, pushes and releases); name it here. Then run the check again: it writes the rest.',
        blocks: [{ language: 'yaml', where: 'compose file', text: ['services:', ...lines].join('\n') }],
      },
      tells: withCode<ComposeCode>(refusals, 'image-missing', 'colors-missing'),
    },
  ]
}

/** Two containers in one network cannot both listen at the port of the application. */
function withoutNetwork({ inputs, refusals }: ComposeContext, colors: Colors): readonly Draft[] {
  const { blue, green } = inputs.nginx.addresses
  if (blue !== undefined && green !== undefined && colors.single === undefined) return []
  const found = servicesOf(colors).filter(({ networkMode }) => /^(host$|service:|container:)/.test(networkMode))
  if (found.length === 0) return []
  const lines = found.flatMap(({ name, networkMode }, i) => [
    `  ${name}: # without \`network_mode: ${networkMode}\``,
    `    ports: ["127.0.0.1:${8080 + i}:<port of the application>"]`,
  ])
  return [
    {
      severity: 'problem',
      title: 'The application has no network of its own',
      seen: found.map(({ name, networkMode }) => `\`${name}\` has \`network_mode: ${networkMode}\`.`).join(' '),
      why: 'During a release two versions run: in one network both would listen at the same port, and the second would not start.',
      fix: {
        text: 'Take `network_mode` out, and publish the port on 127.0.0.1; what it called at `localhost` is then `host.docker.internal` (`extra_hosts: ["host.docker.internal:host-gateway"]`). Where each color listens at a port of its own, keep it, and name both by `blue-address` and `green-address`. Then run the check again: it writes the rest.',
        blocks: [{ language: 'yaml', where: 'compose file', text: ['services:', ...lines].join('\n') }],
      },
      tells: withCode<ComposeCode | PlaceCode>(
        refusals,
        'color-nowhere',
        'color-nowhere-in-container',
        'colors-missing',
      ),
    },
  ]
}

function servicesOf({ services }: Colors): readonly ComposeService[] {
  return [...new Set(COLORS.flatMap((color) => services[color] ?? []))]
}

function named(services: readonly ComposeService[]): string {
  return services.map(({ name }) => `\`${name}\``).join(' and ')
}
