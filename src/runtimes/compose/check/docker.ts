import { sentence } from '../../../base/notice.ts'
import { type Draft, shell, workflow } from '../../../checking/finding.ts'
import { sentencesOf, withCode } from '../../../checking/telling.ts'
import { lines, sh } from '../../../host/quote.ts'
import type { UploadCode } from '../../../planning/upload.ts'
import { closedFile, dockerFault } from '../observe/docker-words.ts'
import type { ComposeCode } from '../refusals.ts'
import type { ComposeContext } from './context.ts'
import { runFindings } from './plain-run.ts'

/**
 * What of docker, and of the files that compose reads, is in the way.
 * @param reached the addresses to which requests go now
 */
export function dockerFindings(context: ComposeContext, reached: readonly string[]): readonly Draft[] {
  return [
    ...docker(context),
    ...folder(context, reached),
    ...closedFolder(context),
    ...closedFiles(context),
    ...composeMissing(context),
  ]
}

/** Where compose has started the service from, the user may have meant that folder. */
function folder(context: ComposeContext, reached: readonly string[]): readonly Draft[] {
  const { hostFacts, inputs, refusals } = context
  const tells = withCode<ComposeCode | UploadCode>(
    refusals,
    'directory-closed',
    'compose-file-missing',
    'upload-without-folder',
  )
  // Who may not ask Docker does not know what runs either.
  if (tells.length === 0 || hostFacts.engine !== '') return []
  const runs = runFindings(context, tells, reached)
  if (runs.length > 0) return runs
  const { service, directory } = inputs.application
  const folders = [
    ...new Set(
      hostFacts.projects.flatMap((each) =>
        [service, `${service}_blue`, `${service}_green`, `${service}-blue`, `${service}-green`].includes(each.service)
          ? [each.folder]
          : [],
      ),
    ),
  ]
  const [only, ...others] = folders
  return [
    {
      severity: 'problem',
      title: 'There is no compose file where it is looked for',
      // The shell's own complaint stands before it.
      seen: tells.map((told) => sentence(told).split('\n').at(-1)).join(' '),
      why: `The compose file of \`${service}\` is read in \`directory\`, which is ${directory}.`,
      fix: {
        text:
          only === undefined
            ? 'Name the folder on the host in which `docker compose up -d` works, or put the compose file there by `upload`.'
            : `Compose has started \`${service}\` from ${folders.join(', ')}.`,
        blocks: only === undefined || others.length > 0 ? [] : [workflow(`directory: ${only}`)],
      },
      tells,
    },
  ]
}

/** Each release writes there: what its run has changed, and which version each color has. */
function closedFolder({ hostFacts }: ComposeContext): readonly Draft[] {
  const { closed, user } = hostFacts
  if (closed === undefined) return []
  return [
    {
      severity: 'problem',
      title: `${user} may not write next to the compose file`,
      seen: `${closed} is somebody else’s, and ${user} may not write there.`,
      why: 'A release keeps in `.blue-green` there what it needs to undo its changes, and in `.env` which version each color has.',
      fix: {
        text: `Give the folder to ${user}; the files in it stay whose they are.`,
        blocks: [shell('host as root', sh`chown ${user} ${closed}`.text)],
      },
    },
  ]
}

/** Compose reads them for each of its commands, as the user who logs in. */
function closedFiles({ hostFacts, refusals, compose }: ComposeContext): readonly Draft[] {
  const words = compose?.project.kind === 'failed' ? compose.project.words : ''
  const named = closedFile(words)
  if (named === undefined) return []
  const found = hostFacts.unreadable.length > 0 ? hostFacts.unreadable : [named]
  return [
    {
      severity: 'problem',
      title: `${hostFacts.user} may not read ${found.length === 1 ? 'a file' : 'files'} of the project`,
      seen: `Compose cannot read ${named}. Not readable for ${hostFacts.user}: ${found.join(', ')}.`,
      why: 'Every command of compose reads what the compose file names, as the user who logs in.',
      fix: {
        text: `Give ${found.length === 1 ? 'it' : 'them'} to ${hostFacts.user}; the mode stays, so that nobody else can read more than before.`,
        blocks: [shell('host as root', lines(...found.map((file) => sh`chown ${hostFacts.user} ${file}`)).text)],
      },
      tells: withCode<ComposeCode>(refusals, 'compose-file-missing', 'compose-file-unread'),
    },
  ]
}

function docker({ hostFacts, refusals, compose }: ComposeContext): readonly Draft[] {
  const told = compose?.engine.kind === 'failed' ? compose.engine.words : hostFacts.engine
  const tells = withCode<ComposeCode>(refusals, 'docker-silent', 'containers-unlisted')
  if (tells.length === 0 && (compose !== undefined || hostFacts.engine === '')) return []
  const seen = sentencesOf(tells) || `Docker does not answer: ${hostFacts.engine}`
  const why = 'Images are pulled, and containers started, by docker.'
  const about = { severity: 'problem', seen, why, tells } as const
  const fault = dockerFault(told)
  switch (fault.kind) {
    case 'not allowed':
      return [
        {
          ...about,
          title: `${hostFacts.user} may not use Docker`,
          fix: {
            text: `Add ${hostFacts.user} to the group docker. Whoever is in it can become root on this host: give that user a key that is used for releases only.`,
            blocks: [shell('host as root', sh`usermod -aG docker ${hostFacts.user}`.text)],
          },
        },
      ]
    case 'missing':
      return [
        {
          ...about,
          title: 'Docker is missing on the host',
          fix: {
            text: `${hostFacts.user} has no \`docker\` on its search path, not even in a login shell, nor in /usr/local/bin, /snap/bin, ~/bin and the like; only folders count to which nobody but root and ${hostFacts.user} may write. Install Docker Engine and its Compose plugin: https://docs.docker.com/engine/install/`,
            blocks: [],
          },
        },
      ]
    case 'elsewhere':
      return [
        {
          ...about,
          title: 'Docker points to another engine, which does not answer',
          fix: {
            text: `${hostFacts.user} uses the engine at ${fault.endpoint}: see that it runs. If the engine of this host is meant, remove \`DOCKER_HOST\` from the start-up files of the shell of ${hostFacts.user}, and choose the default context.`,
            blocks: [shell('host', 'docker context use default')],
          },
        },
      ]
    case 'no context':
      return [
        {
          ...about,
          title: 'Docker has no such context',
          fix: {
            text: `The chosen context is \`${fault.context}\`, which does not exist. Choose the engine of this host.`,
            blocks: [shell('host', 'docker context use default')],
          },
        },
      ]
    case 'stopped':
      return [
        {
          ...about,
          title: 'Docker does not answer',
          fix: {
            text: 'Start it, now and whenever the host starts.',
            blocks: [shell('host as root', 'systemctl enable --now docker')],
          },
        },
      ]
    case 'unknown':
      return [
        {
          ...about,
          title: 'Docker does not answer',
          fix: { text: `See why \`docker version\` fails for ${hostFacts.user} on the host.`, blocks: [] },
        },
      ]
  }
}

function composeMissing({ refusals, hostFacts }: ComposeContext): readonly Draft[] {
  const tells = withCode<ComposeCode>(refusals, 'compose-missing')
  if (tells.length === 0) return []
  const script = lines(
    sh`apt-get update && { apt-get install -y docker-compose-plugin || apt-get install -y docker-compose-v2 || apt-get install -y docker-compose; }`,
    sh`docker compose version`,
  )
  return [
    {
      severity: 'problem',
      title: 'Compose v2 is missing',
      seen: sentencesOf(tells),
      why: 'What is released is described to `docker compose`; the older `docker-compose` (v1) is no longer maintained, and knows not all that is needed.',
      fix: {
        text: `Install the plugin for ${hostFacts.user}; on other systems than Debian and Ubuntu: https://docs.docker.com/compose/install/linux/`,
        blocks: [shell('host as root', script.text)],
      },
      tells,
    },
  ]
}
