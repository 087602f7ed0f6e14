import { sh } from '../../host/quote.ts'
import type { Context } from '../context.ts'
import { type Draft, shell } from '../finding.ts'

/** What of the host's commands is missing. */
export function toolFindings({ hostFacts }: Context): readonly Draft[] {
  if (hostFacts.missingTools.length === 0) return []
  const packages: Readonly<Record<string, string>> = { flock: 'util-linux', setsid: 'util-linux' }
  const wanted = [...new Set(hostFacts.missingTools.map((tool) => packages[tool] ?? 'coreutils'))]
  return [
    {
      severity: 'problem',
      title: 'Commands are missing on the host',
      seen: `${hostFacts.missingTools.map((tool) => `\`${tool}\``).join(', ')} cannot be found by ${hostFacts.user}.`,
      why: 'Two runs are kept apart by a lock (`flock`), and files are changed and compared by the others.',
      fix: {
        text: "busybox has no `flock` on Debian; the package util-linux has, and Alpine's is called flock.",
        blocks: [
          shell(
            'host as root',
            sh`if command -v apk >/dev/null; then apk add ${[...(hostFacts.missingTools.includes('flock') ? ['flock'] : []), ...wanted]}; else apt-get install -y ${wanted}; fi`
              .text,
          ),
        ],
      },
    },
  ]
}
