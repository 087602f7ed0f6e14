import { holderSentence } from '../custody/lease.ts'
import { stateDirectoryMend } from '../custody/state-directory.ts'
import { lines, sh } from '../host/quote.ts'
import { COLORS } from '../release/words.ts'
import { imageFor } from '../runtimes/compose-image.ts'
import { type Draft, shell, workflow } from './finding.ts'
import type { Scene } from './scene.ts'
import { said } from './scene.ts'
import { tellingOf } from './telling.ts'

/** What of the host itself is in the way, or weakens a promise. */
export function hostFindings(scene: Scene): readonly Draft[] {
  return [
    ...folder(scene),
    ...docker(scene),
    ...composeMissing(scene),
    ...tools(scene),
    ...stateDirectory(scene),
    ...custody(scene),
    ...logout(scene),
    ...securityModule(scene),
    ...privateFolders(scene),
    ...memory(scene),
    ...disk(scene),
  ]
}

/** Where compose has started the service from, the user may have meant that folder. */
function folder({ facts, inputs, refusals }: Scene): readonly Draft[] {
  const tells = tellingOf(refusals, /cannot be entered|no configuration file provided|no such file or directory/i)
  if (tells.length === 0) return []
  const { service, directory } = inputs.application
  const folders = [
    ...new Set(
      facts.projects.flatMap((each) =>
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
      seen: tells.join(' '),
      why: `The compose file of \`${service}\` is read in \`directory\`, which is ${directory}.`,
      mend: {
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

function docker({ facts, refusals, compose }: Scene): readonly Draft[] {
  const told = compose?.engine.kind === 'failed' ? compose.engine.words : ''
  const tells = tellingOf(refusals, /^Docker does not answer|^The containers on .* cannot be listed/)
  if (tells.length === 0) return []
  const why = 'Images are pulled, and containers started, by docker.'
  if (/permission denied/i.test(told)) {
    return [
      {
        severity: 'problem',
        title: `${facts.user} may not use Docker`,
        seen: `${tells.join(' ')}`,
        why,
        mend: {
          text: `Add ${facts.user} to the group docker. Whoever is in it can become root on this host: give that user a key that is used for releases only.`,
          blocks: [shell('host as root', sh`usermod -aG docker ${facts.user}`.text)],
        },
        tells,
      },
    ]
  }
  if (/not found|No such file/i.test(told) && !/daemon|sock/i.test(told)) {
    const text = 'Install Docker Engine and its Compose plugin: https://docs.docker.com/engine/install/'
    return [
      {
        severity: 'problem',
        title: 'Docker is missing on the host',
        seen: tells.join(' '),
        why,
        mend: { text, blocks: [] },
        tells,
      },
    ]
  }
  return [
    {
      severity: 'problem',
      title: 'Docker does not answer',
      seen: tells.join(' '),
      why,
      mend: {
        text: 'Start it, now and whenever the host starts.',
        blocks: [shell('host as root', 'systemctl enable --now docker')],
      },
      tells,
    },
  ]
}

function composeMissing({ refusals, facts }: Scene): readonly Draft[] {
  const tells = tellingOf(refusals, /^Compose v2 \(/)
  if (tells.length === 0) return []
  const script = lines(
    sh`apt-get update && { apt-get install -y docker-compose-plugin || apt-get install -y docker-compose-v2 || apt-get install -y docker-compose; }`,
    sh`docker compose version`,
  )
  return [
    {
      severity: 'problem',
      title: 'Compose v2 is missing',
      seen: tells.join(' '),
      why: 'What is released is described to `docker compose`; the older `docker-compose` (v1) is no longer maintained, and knows not all that is needed.',
      mend: {
        text: `Install the plugin for ${facts.user}; on other systems than Debian and Ubuntu: https://docs.docker.com/compose/install/linux/`,
        blocks: [shell('host as root', script.text)],
      },
      tells,
    },
  ]
}

function tools({ facts }: Scene): readonly Draft[] {
  if (facts.missingTools.length === 0) return []
  const packages: Readonly<Record<string, string>> = { flock: 'util-linux', setsid: 'util-linux' }
  const wanted = [...new Set(facts.missingTools.map((tool) => packages[tool] ?? 'coreutils'))]
  return [
    {
      severity: 'problem',
      title: 'Commands are missing on the host',
      seen: `${facts.missingTools.map((tool) => `\`${tool}\``).join(', ')} cannot be found by ${facts.user}.`,
      why: 'Two runs are kept apart by a lock (`flock`), and files are changed and compared by the others.',
      mend: {
        text: "busybox has no `flock` on Debian; the package util-linux has, and Alpine's is called flock.",
        blocks: [
          shell(
            'host as root',
            sh`if command -v apk >/dev/null; then apk add ${[...(facts.missingTools.includes('flock') ? ['flock'] : []), ...wanted]}; else apt-get install -y ${wanted}; fi`
              .text,
          ),
        ],
      },
    },
  ]
}

function stateDirectory({ state, inputs, refusals, facts }: Scene): readonly Draft[] {
  const { stateDirectory: directory } = inputs.nginx
  const user = state.user || facts.user
  const tells = tellingOf(refusals, /state directory/)
  const why =
    'The switch files, the lease, the journal and the record of releases are kept there, for all who release to this target.'
  switch (state.kind) {
    case 'usable': {
      if (tells.length === 0) return []
      return [
        {
          severity: 'problem',
          title: 'The state directory is of another target',
          seen: tells.join(' '),
          why,
          mend: { text: 'Give each target its own.', blocks: [] },
          tells,
        },
      ]
    }
    case 'missing':
    case 'not-ours': {
      if (state.kind === 'missing' && state.creatable) return []
      const seen =
        state.kind === 'missing'
          ? `${directory} is not there, and ${user} may not make it.`
          : `${directory} belongs to ${state.owner}, and ${user} may not write there.`
      return [
        {
          severity: 'problem',
          title: state.kind === 'missing' ? 'The state directory is missing' : 'The state directory is somebody else’s',
          seen,
          why,
          mend: {
            text: `Make it for ${user}. Others may pass through it, as the workers of Nginx must to see the switch file, and see nothing of what is private.`,
            blocks: [shell('host as root', stateDirectoryMend(directory, user).replace(/^sudo /, ''))],
          },
          tells,
        },
      ]
    }
    case 'closed':
      return [
        {
          severity: 'problem',
          title: 'The way to the state directory is closed',
          seen: `${user} cannot pass through ${state.folder}, on the way to ${directory}.`,
          why,
          mend: {
            text: 'Let others pass through, without letting them read it.',
            blocks: [shell('host as root', sh`chmod o+x ${state.folder}`.text)],
          },
          tells,
        },
      ]
  }
}

/** Somebody else's run, and files that it left as somebody else's. */
function custody({ facts, inputs, state }: Scene): readonly Draft[] {
  const { stateDirectory: directory } = inputs.nginx
  const held: readonly Draft[] =
    facts.holder === undefined
      ? []
      : [
          {
            severity: 'problem',
            title: 'Another run holds the target',
            seen: `It is ${holderSentence(facts.holder)}, and its heart beats.`,
            why: 'One run at a time changes a target: a deploy would wait for `lock-timeout`, and then be refused.',
            mend: { text: 'Wait until it has ended; `command: unlock` ends it by hand.', blocks: [] },
          },
        ]
  if (facts.unwritable.length === 0) return held
  const user = state.user || facts.user
  return [
    ...held,
    {
      severity: 'problem',
      title: 'Files of the state directory are somebody else’s',
      seen: `${user} may not write ${facts.unwritable.join(', ')}.`,
      why: 'The lease and the record of releases are written there by each release.',
      mend: { text: `Give them to ${user}.`, blocks: [shell('host as root', sh`chown -R ${user} ${directory}`.text)] },
    },
  ]
}

/** The guard has to outlive the connection. */
function logout({ facts }: Scene): readonly Draft[] {
  const { KillUserProcesses: kills = 'no', KillExcludeUsers: excluded = 'root' } = facts.login
  if (!/^(yes|true|1|on)$/i.test(kills) || excluded.split(/\s+/).includes(facts.user)) return []
  const file = '/etc/systemd/logind.conf.d/blue-green.conf'
  return [
    {
      severity: 'warning',
      title: 'The host ends what a user leaves running',
      seen: '`KillUserProcesses=yes` in the configuration of systemd-logind.',
      why: 'The guard, which puts traffic back when the runner vanishes, is ended together with the connection that it is to outlive.',
      mend: {
        text: `Exempt ${facts.user}.`,
        blocks: [
          shell(
            'host as root',
            lines(
              sh`mkdir -p /etc/systemd/logind.conf.d`,
              sh`printf '%s\\n' '[Login]' ${`KillExcludeUsers=${[...new Set([...excluded.split(/\s+/).filter(Boolean), 'root', facts.user])].join(' ')}`} >${file}`,
              sh`systemctl kill --signal=HUP systemd-logind`,
            ).text,
          ),
        ],
      },
    },
  ]
}

function securityModule({ facts, inputs, nginx }: Scene): readonly Draft[] {
  const { enforcing, network, label } = facts.security
  if (!enforcing || (nginx?.kind === 'read' && nginx.container !== undefined)) return []
  const { stateDirectory: directory } = inputs.nginx
  const readable = /:(httpd_sys_content_t|httpd_sys_rw_content_t|httpd_var_lib_t|public_content_t)(:|$)/.test(label)
  const needs = [
    ...(network === false ? [sh`setsebool -P httpd_can_network_connect on`] : []),
    ...(readable
      ? []
      : [
          sh`command -v semanage >/dev/null || dnf install -y policycoreutils-python-utils`,
          sh`semanage fcontext -a -t httpd_sys_content_t ${`${directory}(/.*)?`} || semanage fcontext -m -t httpd_sys_content_t ${`${directory}(/.*)?`}`,
          sh`restorecon -R ${directory}`,
        ]),
  ]
  if (needs.length === 0) return []
  return [
    {
      severity: 'warning',
      title: 'SELinux may keep Nginx from the colors and from the switch',
      seen: `SELinux is enforcing; ${[...(network === false ? ['`httpd_can_network_connect` is off'] : []), ...(readable ? [] : [`the label of ${directory} is ${label || 'not known'}`])].join(', and ')}.`,
      why: 'Nginx could then not connect to the port of a color, or not see the switch file: a flip that it cannot see means blue.',
      mend: {
        text: 'Allow both; the label survives what is made there later.',
        blocks: [shell('host as root', lines(...needs).text)],
      },
    },
  ]
}

/** Nginx's unit may see other folders than the host has. */
function privateFolders({ facts, inputs }: Scene): readonly Draft[] {
  const { stateDirectory: directory } = inputs.nginx
  const { PrivateTmp: temporary = 'no', ProtectHome: home = 'no', RootDirectory: root = '' } = facts.unit
  const hidden =
    (temporary === 'yes' && /^\/(var\/)?tmp\//.test(directory) && 'PrivateTmp=yes') ||
    (/^(yes|tmpfs)$/.test(home) && /^\/(home|root|run\/user)\//.test(directory) && `ProtectHome=${home}`) ||
    (root !== '' && root !== '/' && `RootDirectory=${root}`)
  if (hidden === false) return []
  return [
    {
      severity: 'warning',
      title: 'Nginx cannot see the state directory',
      seen: `The unit nginx.service has \`${hidden}\`, and the state directory is ${directory}.`,
      why: 'Nginx looks for the switch file in a folder of its own, and never finds it: that means blue, whatever is flipped.',
      mend: {
        text: 'Take the default state directory, `/var/lib/blue-green/…`: leave `state-directory` out of the workflow, and name it in the Nginx configuration.',
        blocks: [],
      },
    },
  ]
}

/** Both colors run at once during a release. */
function memory(scene: Scene): readonly Draft[] {
  const { facts, compose, colors } = scene
  const containers = said(compose?.containers) ?? []
  const own = COLORS.flatMap((color) => colors?.services[color]?.name ?? [])
  const running = containers.filter(({ service, state }) => own.includes(service) && state.status === 'running')
  const used = Math.max(0, ...running.map(({ name }) => facts.memory.uses.get(name) ?? 0))
  const { available } = facts.memory
  if (available === undefined || running.length > 1 || used === 0 || available >= used * 1.2) return []
  return [
    {
      severity: 'warning',
      title: 'There may be too little memory for two colors',
      seen: `${running[0]?.name} uses ${megabytes(used)}, and ${megabytes(available)} are free.`,
      why: 'During a release both colors run. Where memory runs out the kernel ends one of them, and not always the new one.',
      mend: { text: 'Free memory, or give the host more; swap helps over the minute in which both run.', blocks: [] },
    },
  ]
}

function disk({ facts, compose, colors, ground }: Scene): readonly Draft[] {
  if (facts.disk === undefined) return []
  const own = COLORS.flatMap((color) => colors?.services[color]?.name ?? [])
  const containers = (said(compose?.containers) ?? []).filter(({ service }) => own.includes(service))
  const size = Math.max(0, ...containers.map(({ image }) => facts.images.get(image)?.size ?? 0))
  const { free, folder } = facts.disk
  if (size === 0 || free >= size * 2) return []
  const image = imageFor(ground?.services.blue.image ?? '', '…')
  return [
    {
      severity: 'warning',
      title: 'There may be too little disk for another image',
      seen: `The image ${image} takes ${megabytes(size)}, and ${megabytes(free)} are free in ${folder}.`,
      why: 'A pull writes the layers, and then unpacks them: on a full disk a release fails, and so may what else writes there.',
      mend: {
        text: 'Remove what no container uses (`docker image prune`, `docker builder prune`), or lower `keep-images`.',
        blocks: [],
      },
    },
  ]
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MB`
}
