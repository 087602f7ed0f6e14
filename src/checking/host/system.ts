import { lines, sh } from '../../host/quote.ts'
import type { Context } from '../context.ts'
import { type Draft, shell } from '../finding.ts'

/** The guard has to outlive the connection. */
export function logoutFindings({ hostFacts }: Context): readonly Draft[] {
  const { KillUserProcesses: kills = 'no', KillExcludeUsers: excluded = 'root' } = hostFacts.login
  if (!/^(yes|true|1|on)$/i.test(kills) || excluded.split(/\s+/).includes(hostFacts.user)) return []
  const file = '/etc/systemd/logind.conf.d/blue-green.conf'
  return [
    {
      severity: 'warning',
      title: 'The host ends what a user leaves running',
      seen: '`KillUserProcesses=yes` in the configuration of systemd-logind.',
      why: 'The guard, which puts traffic back when the runner vanishes, is ended together with the connection that it is to outlive.',
      fix: {
        text: `Exempt ${hostFacts.user}.`,
        blocks: [
          shell(
            'host as root',
            lines(
              sh`mkdir -p /etc/systemd/logind.conf.d`,
              sh`printf '%s\\n' '[Login]' ${`KillExcludeUsers=${[...new Set([...excluded.split(/\s+/).filter(Boolean), 'root', hostFacts.user])].join(' ')}`} >${file}`,
              sh`systemctl kill --signal=HUP systemd-logind`,
            ).text,
          ),
        ],
      },
    },
  ]
}
