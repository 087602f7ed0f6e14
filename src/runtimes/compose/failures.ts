import type { Change } from '../../release/model.ts'

/** Why a change to the compose project failed, as a sentence with its mend; undefined where the cause is not known. */
export function explainFailure(
  { reason, subject }: Pick<Change, 'reason' | 'subject'>,
  printed: string,
): string | undefined {
  if (subject === undefined) return undefined
  if (reason === 'start-failed') return explained(`\`${subject}\` was not started`, START_FAILURES, printed)
  if (reason === 'pull-failed') return explained(`The image ${subject} was not pulled`, PULL_FAILURES, printed)
  return undefined
}

type Known = readonly (readonly [RegExp, (found: string) => string])[]

function explained(told: string, failures: Known, printed: string): string | undefined {
  const known = failures.find(([pattern]) => pattern.test(printed))
  if (known === undefined) return undefined
  const [pattern, sentence] = known
  return `${told}: ${sentence(pattern.exec(printed)?.[1] ?? '')}`
}

const COMMON: Known = [
  [
    /no space left on device/i,
    () => 'the disk of the host is full; `docker system df` says what takes it, `docker image prune --all` frees it.',
  ],
  [
    /permission denied while trying to connect to the Docker daemon/i,
    () => 'this user may not use Docker; add it to the group `docker`.',
  ],
  [/Cannot connect to the Docker daemon/i, () => 'Docker does not run on this host; start it.'],
]

const PULL_FAILURES: Known = [
  [
    /manifest unknown|manifest for \S+ not found|failed to resolve reference \S+ not found|: not found/i,
    () => 'the registry has no such image. See that it was built and pushed before this step, or correct `version`.',
  ],
  [
    /pull access denied|unauthorized|authentication required|denied:|no basic auth credentials/i,
    () =>
      'the registry refuses it, because it is private or does not exist. See that `registry`, `registry-username` and `registry-password` are right, or let the host log in (`docker login`); or correct the name in the compose file.',
  ],
  [
    /toomanyrequests|rate limit/i,
    () => 'the registry has had too many requests of this host. Log in there (`docker login`), or try again later.',
  ],
  [
    /server gave HTTP response to HTTPS client/i,
    () => 'the registry speaks plain HTTP; name it under `insecure-registries` in /etc/docker/daemon.json of the host.',
  ],
  [
    /(dial tcp[^\n]*|no such host[^\n]*|TLS handshake timeout|i\/o timeout|connection refused|Client\.Timeout exceeded)/i,
    (found) =>
      `the host does not reach the registry (${found.trim()}). See that it runs, and that the host may connect to it.`,
  ],
  ...COMMON,
]

const START_FAILURES: Known = [
  [
    /removing network: network (\S+) .*has active endpoints/,
    (network) =>
      `the definition of the network ${network} is not what it was made with, and compose (2.32 and later) would recreate it; the live color, which is on it, was not touched. Put the definition back, or run \`docker compose up -d\` when nobody needs the service.`,
  ],
  [
    /network (\S+) was found but has incorrect label/,
    (network) =>
      `the network ${network} was not made by compose, which uses only its own; remove it by \`docker network rm ${network}\`, or write \`external: true\` for it in the compose file.`,
  ],
  [
    /No such image: (\S+?):?(?:\s|$)/i,
    (image) => `the image ${image} is not on the host; let it be pulled (\`pull: always\`), or correct \`version\`.`,
  ],
  [
    /Bind for (\S+) failed: port is already allocated/,
    (address) => `${address} is already published by another container; \`docker ps\` names it.`,
  ],
  [
    /listen tcp4? (\S+): bind: address already in use/,
    (address) => `something that is no container listens on ${address}; \`ss -ltnp\` names it.`,
  ],
  [
    /no configuration file provided/,
    () => 'there is no compose file in `directory`; correct `directory` or `compose-file`.',
  ],
  ...COMMON,
]
