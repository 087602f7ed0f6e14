import type { Notice } from '../../../base/notice.ts'
import { type Draft, shell } from '../../../checking/finding.ts'
import { hereDocument, lines, type Shell, sh } from '../../../host/quote.ts'
import { COLORS, type Color } from '../../../release/model.ts'
import type { ComposeContext } from './context.ts'
import { imageOfColor } from './image-of-color.ts'
import type { PlainMount, PlainPort, PlainRun } from './runs.ts'

/** An application that was started by `docker run`: the compose file is made from what runs. */
export function runFindings(
  context: ComposeContext,
  tells: readonly Notice[],
  reached: readonly string[],
): readonly Draft[] {
  const run = applicationOf(context, reached)
  if (run === undefined) return []
  const { inputs } = context
  const { service, versionVariable } = inputs.application
  const about = {
    severity: 'problem',
    title: 'The application runs by `docker run`, and has no compose file',
    seen: `There is no compose file in ${folderOf(context)}, and the container ${run.name} (${run.image}) serves, which none has made.`,
    why: 'A release starts the new version next to the old one, and flips the traffic once it is healthy: both are services of a compose file.',
    tells,
  } as const
  const blue = imageOfColor(run.image, versionVariable, 'blue')
  const hindrance = hindranceOf(run, blue.kind === 'image')
  if (hindrance !== undefined) return [{ ...about, fix: { text: hindrance, blocks: [] } }]
  const folder = folderOf(context)
  const renamed =
    run.name === service ? '' : ` It is called \`${service}\` from now on, so that it is known as what serves.`
  const open = run.ports.some(({ address }) => isEverywhere(address))
    ? ' Its ports are published on 127.0.0.1 only: from outside it is reached through Nginx.'
    : ''
  return [
    {
      ...about,
      fix: {
        text: `Make the compose file from it, with a service for each color, in ${folder}. Its environment goes straight from Docker into ${service}.env there, which only ${user(context)} can read; its command and what else it was given are taken over on the host too. Nothing that runs is touched: it serves until the first release, whose report says how to remove it.${renamed}${open} Not taken over: labels, logging, devices, limits beside memory, and a health check of its own; look at \`docker inspect ${run.name}\` where you have set one.`,
        blocks: [shell('host as root', script(context, run, folder).text)],
      },
    },
  ]
}

/** What Nginx sends requests to; else what has the name of the service. */
function applicationOf({ hostFacts, inputs }: ComposeContext, reached: readonly string[]): PlainRun | undefined {
  const serving = hostFacts.runs.filter(({ ports }) =>
    ports.some(({ address, host }) => reached.includes(`${isEverywhere(address) ? '127.0.0.1' : address}:${host}`)),
  )
  const named = hostFacts.runs.find(({ name }) => name === inputs.application.service)
  return serving.length === 1 ? serving[0] : named
}

function hindranceOf({ image, networkMode, name, ports }: PlainRun, named: boolean): string | undefined {
  if (!named || /^(sha256:)?[0-9a-f]{12,64}$/.test(image))
    return `Its image has no name with a tag (${image}), so that no version could be chosen. Push it to a registry as \`<registry>/<name>:<version>\`, and start it once more from there.`
  if (networkMode === 'host' || networkMode.startsWith('container:'))
    return `It has no network of its own (\`--network ${networkMode}\`): two versions would listen at one port. Start it once more with \`-p 127.0.0.1:<port>:<port of the application>\`, let Nginx reach it there, and run the check again.`
  if (!ports.some(({ protocol }) => protocol === 'tcp'))
    return `It publishes no port: start it once more with \`-p 127.0.0.1:8080:<port of the application>\`, let Nginx reach it there, and run the check again. \`docker inspect ${name}\` shows how it was started.`
  return undefined
}

function script(context: ComposeContext, run: PlainRun, folder: string): Shell {
  const { service } = context.inputs.application
  const owner = user(context)
  const file = `${folder}/compose.yaml`
  const environment = `${folder}/${service}.env`
  return lines(
    sh`(`,
    sh`set -eu; umask 077`,
    sh`id=${run.id}`,
    sh`[ -d ${folder} ] || install -d -m 0755 -o ${owner} ${folder}`,
    sh`if [ -e ${file} ]; then echo 'There is a compose file already.'; exit 0; fi`,
    sh`work=$(mktemp -d); trap 'rm -rf "$work"' EXIT`,
    sh`image=$(docker inspect --type container --format '{{.Image}}' "$id")`,
    // What the image brings stays the image's own: a new version may bring something else.
    sh`docker image inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$image" >"$work/image"`,
    sh`docker inspect --type container --format '{{range .Config.Env}}{{println .}}{{end}}' "$id" | grep -vxF -f "$work/image" | grep . >"$work/given" || :`,
    sh`awk -v quote="'" ${ENVIRONMENT_AWK} <"$work/given" >"$work/env" || {`,
    sh`  echo 'These variables cannot be written into a file as they are (quotes, or several lines).' >&2; exit 1`,
    sh`}`,
    sh`given() {`,
    sh`  value=$(docker inspect --type container --format "{{json $2}}" "$id")`,
    sh`  case $value in null | '""' | '[]' | '{}' | false | 0 | '"/"') return ;; esac`,
    sh`  [ "$value" = "$(docker image inspect --format "{{json $2}}" "$image" 2>/dev/null)" ] || printf '    %s: %s\\n' "$1" "$value" | sed 's/[$]/$$/g'`,
    sh`}`,
    sh`{`,
    ...KEPT.map(([key, place]) => sh`  given ${key} ${place}`),
    sh`} >"$work/more"`,
    sh`{`,
    sh`echo services:`,
    ...COLORS.flatMap((color) => [hereDocument(serviceText(context, run, color)), sh`cat "$work/more"`]),
    ...tail(run).map((text) => hereDocument(text)),
    sh`} >"$work/compose.yaml"`,
    sh`install -m 0600 -o ${owner} "$work/env" ${environment}`,
    sh`install -m 0644 -o ${owner} "$work/compose.yaml" ${file}`,
    sh`( cd ${folder} && docker compose config --quiet </dev/null ) || { rm ${file}; exit 1; }`,
    ...(run.name === service ? [] : [sh`docker rename "$id" ${service}`]),
    sh`echo ${`Done: ${file} and ${environment}`}`,
    sh`)`,
  )
}

/** Keys of a service, and where Docker says the same of a container; what the image says itself is left out. */
const KEPT: readonly (readonly [key: string, place: string])[] = [
  ['command', '.Config.Cmd'],
  ['entrypoint', '.Config.Entrypoint'],
  ['user', '.Config.User'],
  ['working_dir', '.Config.WorkingDir'],
  ['extra_hosts', '.HostConfig.ExtraHosts'],
  ['dns', '.HostConfig.Dns'],
  ['mem_limit', '.HostConfig.Memory'],
  ['cap_add', '.HostConfig.CapAdd'],
  ['privileged', '.HostConfig.Privileged'],
  ['read_only', '.HostConfig.ReadonlyRootfs'],
  ['init', '.HostConfig.Init'],
]

/** In single quotes compose takes a value as it is; a value with such a quote is put into double ones. */
const ENVIRONMENT_AWK = `
{
  at = index($0, "="); key = substr($0, 1, at - 1); value = substr($0, at + 1)
  if (key !~ /^[A-Za-z_][A-Za-z0-9_.-]*$/) { bad = 1; next }
  if (index(value, quote) == 0) print key "=" quote value quote
  else if (value !~ /["$\\\\\`]/) print key "=\\"" value "\\""
  else { bad = 1; print key >"/dev/stderr" }
}
END { exit bad }`

function serviceText(context: ComposeContext, run: PlainRun, color: Color): string {
  const { inputs } = context
  const { service, versionVariable, services } = inputs.application
  const { drain, previous } = inputs.after
  const image = imageOfColor(run.image, versionVariable, color)
  const ports = portsOf(context, run, color).map((port) => JSON.stringify(port))
  const volumes = run.mounts.map((mount) => JSON.stringify(volumeOf(mount)))
  return [
    `  ${services[color] ?? `${service}_${color}`}:`,
    `    image: ${image.kind === 'image' ? image.image : run.image}`,
    `    restart: ${run.restart === 'no' ? 'unless-stopped' : run.restart}`,
    ...(previous === 'keep' ? [] : [`    stop_grace_period: ${Math.max(drain / 1000, 10)}s`]),
    `    ports: [${ports.join(', ')}]`,
    ...(volumes.length === 0 ? [] : [`    volumes: [${volumes.join(', ')}]`]),
    ...(isBridge(run.networkMode) ? ['    network_mode: bridge'] : []),
    `    env_file: [${JSON.stringify(`${service}.env`)}]`,
  ].join('\n')
}

function tail({ mounts, networkMode }: PlainRun): readonly string[] {
  const volumes = [...new Set(mounts.flatMap(({ type, source }) => (type === 'volume' ? [source] : [])))]
  const external = volumes.map((name) => `  ${JSON.stringify(name)}: { external: true }`)
  return [
    ...(volumes.length === 0 ? [] : [['volumes:', ...external].join('\n')]),
    ...(isBridge(networkMode)
      ? []
      : [`networks: { default: { name: ${JSON.stringify(networkMode)}, external: true } }`]),
  ]
}

function volumeOf({ source, destination, writable }: PlainMount): string {
  return `${source}:${destination}${writable ? '' : ':ro'}`.replaceAll('$', '$$$$')
}

/** Blue has the ports of what runs, green others that are free. */
function portsOf({ hostFacts }: ComposeContext, { ports }: PlainRun, color: Color): readonly string[] {
  const taken = new Set([...hostFacts.listening, ...ports.map(({ host }) => host)])
  return ports.map(({ address, host, container, protocol }: PlainPort) => {
    let port = host
    if (color === 'green') while (taken.has(port)) port++
    taken.add(port)
    const at = isEverywhere(address) ? '127.0.0.1' : address
    return `${at.includes(':') ? `[${at}]` : at}:${port}:${container}${protocol === 'tcp' ? '' : `/${protocol}`}`
  })
}

function isEverywhere(address: string): boolean {
  return ['', '0.0.0.0', '::'].includes(address)
}

function isBridge(networkMode: string): boolean {
  return ['', 'default', 'bridge'].includes(networkMode)
}

function folderOf({ inputs, hostFacts }: ComposeContext): string {
  const { directory } = inputs.application
  if (directory.startsWith('/')) return directory
  const home = hostFacts.home || `/home/${hostFacts.user}`
  return directory === '.' ? home : `${home}/${directory.replace(/^(~|\.)\//, '')}`
}

function user({ state, hostFacts }: ComposeContext): string {
  return state.user || hostFacts.user
}
