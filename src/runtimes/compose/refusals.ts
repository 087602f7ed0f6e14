import { notices, type Remedy } from '../../base/notice.ts'
import type { Color } from '../../release/model.ts'
import { type Reason, refusals } from '../../release/reasons.ts'

/** Why a compose project cannot be released to. */
export const composeRefusals = refusals({
  'docker-silent': (host: string, words: string, remedy?: Remedy) =>
    complaint('docker-unavailable', `Docker does not answer on ${host}`, words, remedy),
  'compose-missing': (host: string) => ({
    reason: 'docker-unavailable',
    message: `Compose v2 (\`docker compose\`) is missing on ${host}; the older \`docker-compose\` (v1) is not enough.`,
    remedy: {
      text: "Install the package `docker-compose-plugin` (Docker's own), `docker-compose-v2` (Ubuntu) or `docker-compose` (Debian 13 and later).",
    },
  }),
  /** There is none, or what it names is missing. */
  'compose-file-missing': (host: string, directory: string, words: string, remedy?: Remedy) =>
    unread(host, directory, words, remedy),
  'compose-file-unread': (host: string, directory: string, words: string, remedy?: Remedy) =>
    unread(host, directory, words, remedy),
  'containers-unlisted': (host: string, words: string, remedy?: Remedy) =>
    complaint('docker-unavailable', `The containers on ${host} cannot be listed`, words, remedy),
  'directory-closed': (host: string, words: string) => ({
    reason: 'compose-invalid',
    message: `${host}: ${words}.`,
    remedy: { text: 'Correct `directory`.' },
  }),
  'colors-missing': (project: string, wanted: string, there: string) => ({
    reason: 'compose-invalid',
    message: `The compose project \`${project}\` has no services ${wanted}. Its services: ${there}.`,
    remedy: { text: 'Add the missing one, or name both by `blue-service` and `green-service`.' },
  }),
  'colors-ambiguous': (project: string, one: string, other: string) => ({
    reason: 'compose-invalid',
    message: `The compose project \`${project}\` has both \`${one}\` and \`${other}\` pairs.`,
    remedy: { text: 'Say which one by `blue-service` and `green-service`.' },
  }),
  'colors-the-same': (service: string) => ({
    reason: 'compose-invalid',
    message: `Blue and green are both the service \`${service}\`.`,
    remedy: { text: 'Each color needs a service of its own.' },
  }),
  'colors-share-name': (blue: string, green: string, name: string) => ({
    reason: 'compose-invalid',
    message: `\`${blue}\` and \`${green}\` both have \`container_name: ${name}\`, so that only one of them can exist.`,
    remedy: { text: 'Remove `container_name` from both.' },
  }),
  'color-replicated': (service: string, replicas: number) => ({
    reason: 'compose-invalid',
    message: `\`${service}\` has ${replicas} replicas, and a color is one container: more than one is not supported yet.`,
    remedy: { text: 'Remove `replicas` or `scale`.' },
  }),
  'image-all-variable': (service: string, shown: string, written: string) => ({
    reason: 'compose-invalid',
    message: `The image of \`${service}\` is \`${shown}\`: a variable stands for the whole reference, and a version is no more than its tag.`,
    remedy: { text: `Write it as \`image: ${written}\`.` },
  }),
  'image-missing': (service: string, written: string) => ({
    reason: 'compose-invalid',
    message: `\`${service}\` has no \`image\`, so that no version can be chosen for it.`,
    remedy: { text: rewrite(written) },
  }),
  'image-of-other-color': (service: string, variable: string, written: string) => ({
    reason: 'compose-invalid',
    message: `The image of \`${service}\` uses ${variable}, the variable of the other color.`,
    remedy: { text: rewrite(written) },
  }),
  'image-without-variable': (service: string, image: string, own: string, variable: string, written: string) => ({
    reason: 'compose-invalid',
    message: `The image of \`${service}\`, \`${image}\`, uses neither ${own} nor ${variable}, so that no version can be chosen for it.`,
    remedy: { text: rewrite(written) },
  }),
  'other-project': (container: string, directory: string, other: string, project: string) => ({
    reason: 'drift',
    message: `The container ${container} was started from ${directory} as part of the compose project \`${other}\`, but compose now calls the project \`${project}\`.`,
    remedy: { text: `Set \`project-name: ${other}\`.` },
  }),
  'idle-runs': (idle: Color, live: Color, running: readonly string[], previous: string, command: string) => ({
    reason: 'drift',
    message: `The idle color ${idle} runs (${running.join(', ')}), and \`previous: ${previous}\` means that it should not: it was started after ${live} had taken its place, by hand or with Docker.`,
    remedy: { text: 'Stop it:', command },
  }),
})

/** Why what sits at the addresses of the colors is not what a release can go by. */
export const occupantRefusals = refusals({
  'live-is-other-color': (at: string, container: string, color: Color) => ({
    reason: 'drift',
    message: `At ${at} sits ${container}, which is the container of ${color}.`,
    remedy: { text: 'Correct the addresses in the Nginx configuration or the ports in the compose file.' },
  }),
  'live-is-other-service': (at: string, container: string, service: string, own: string) => ({
    reason: 'drift',
    message: `At ${at} sits ${container} of the service ${service}, which is not \`${own}\`.`,
    remedy: {
      text: `Stop it (docker stop ${container}) and give each an address of its own; or correct the one in the Nginx configuration, where a name means what it meant when Nginx loaded.`,
    },
  }),
  'live-is-other-project': (at: string, container: string, other: string, project: string) => ({
    reason: 'drift',
    message: `At ${at} sits ${container} of the compose project \`${other}\`, and compose calls this project \`${project}\`.`,
    remedy: {
      text: `Where it is the same application set \`project-name: ${other}\`; else name the right \`upstream\`.`,
    },
  }),
  'live-is-of-no-project': (at: string, container: string, service: string) => ({
    reason: 'drift',
    message: `At ${at} sits the container ${container}, which is of no compose project.`,
    remedy: {
      text: 'Where it is this application under another name, rename it:',
      command: `docker rename ${container} ${service}`,
    },
  }),
  'idle-is-other-color': (at: string, color: Color, other: Color, container: string) => ({
    reason: 'drift',
    message: `At ${at}, the address of ${color}, sits the container of ${other}, ${container}.`,
    remedy: { text: 'Give each color an address of its own.' },
  }),
  'idle-taken': (at: string, color: Color, container: string, service: string) => ({
    reason: 'drift',
    message: `${at}, the address of ${color}, is taken by the container ${container}, so that \`${service}\` cannot be started there.`,
    remedy: { text: 'If it is the application from before blue and green, remove it:', command: removal(container) },
  }),
  'idle-answers': (at: string, color: Color, service: string) => ({
    reason: 'drift',
    message: `Something that is no container answers at ${at}, the address of ${color}, so that \`${service}\` cannot be started there.`,
    remedy: { text: '`ss -ltnp` on the host names it.' },
  }),
})

export type ComposeCode = keyof typeof composeRefusals

/** What is told of a compose project where a release goes on. */
export const composeNotices = notices({
  adopted: (container: string, port: number, service: string | undefined) => ({
    message: `The application ran as the container ${container} until now.`,
    remedy: {
      text: `Remove it once this release stands (its port ${port} blocks the next release until then): ${removal(container)}${service === undefined ? '' : ` Take \`${service}\` out of the compose file as well.`}`,
    },
  }),
  'color-public': (service: string, ports: readonly number[], written: string) => ({
    message: `\`${service}\` publishes port ${ports.join(', ')} on every interface, past most firewalls: the new version is public before it has proven itself.`,
    remedy: { text: `Write \`${written}\` in the compose file.` },
  }),
  'dependency-uses-version': (service: string) => ({
    message: `\`${service}\` uses the version variable and is not started: what must run once for a release belongs into \`before-start\`.`,
  }),
  'dependency-ended': (service: string, code: number, container: string) => ({
    message: `\`${service}\` ended with ${code} and is left as it is.`,
    remedy: { text: `See \`docker logs ${container}\`.` },
  }),
  'by-hand': (told: string) => ({ message: told }),
  'env-left-alone': (locked: boolean, told: string, why: readonly string[]) => ({
    message: `\`.env\` was left alone, because ${locked ? 'it may not be written' : 'changing it could recreate the live color'}. ${told}`,
    remedy: { text: `The mend: ${why.join(' ')}` },
  }),
  'started-by-id': (version: string, image: string, meant: string, service: string, name: string) => ({
    message: `${version} was started by the id of its image (${image.slice(0, 19)}…), because ${meant}. A \`docker compose up -d\` by hand would recreate \`${service}\` with what \`${name}\` means then.`,
    remedy: { text: 'To make that the same image again:', command: `docker tag ${image} ${name}` },
  }),
  'grace-short': (service: string, grace: number, drain: number) => ({
    message: `\`${service}\` is killed ${grace} s after it is told to stop (\`stop_grace_period\`), and \`drain-timeout\` is ${drain} s: what takes longer than both is cut.`,
    remedy: { text: `Write \`stop_grace_period: ${drain}s\` in the compose file.` },
  }),
  'stays-down': (name: string, policy: string) => ({
    message: `${name} is live, and would not run after a reboot: it has no restart policy, and the compose file says \`${policy}\`.`,
    remedy: { text: 'Run on the host:', command: `docker update --restart=${policy} ${name}` },
  }),
})

export type ComposeNotice = keyof typeof composeNotices

function complaint(reason: Reason, what: string, words: string, remedy: Remedy | undefined) {
  return { reason, message: `${what}: ${words}.`, ...(remedy && { remedy }) }
}

function unread(host: string, directory: string, words: string, remedy: Remedy | undefined) {
  return complaint('compose-invalid', `Compose cannot read the compose file in ${directory} on ${host}`, words, remedy)
}

function rewrite(written: string): string {
  return `Write it as \`image: ${written}\`, or name your variable by \`version-variable\`.`
}

function removal(container: string): string {
  return `docker stop ${container} && docker rm ${container}`
}
