import { printable } from '../front/actions/log.ts'
import type { Block, Finding, Severity, Where } from './finding.ts'

const WORDS: Readonly<Record<Severity, string>> = { problem: 'Problem', warning: 'Warning', advice: 'Advice' }
const MARKS: Readonly<Record<Severity, string>> = { problem: '❌', warning: '⚠️', advice: '💡' }

/** What stands before a block, for whoever reads the log or takes the blocks out of it. */
const PLACES: Readonly<Record<Where, string>> = {
  'host as root': 'On the host, as root:',
  host: 'On the host:',
  'compose file': 'In the compose file:',
  nginx: 'In the Nginx configuration:',
  workflow: 'In the workflow, under `with:`',
}

/** A section for the job log. */
export function findingForLog({ severity, title, seen, why, fix }: Finding): string {
  const blocks = fix.blocks.map((block) => `${PLACES[block.where]}\n${fenced(block)}`)
  const sentences = [`Seen: ${seen}`, `Why it matters: ${why}`, `Mend: ${fix.text}`]
  return ['', `${MARKS[severity]} ${WORDS[severity]}: ${title}`, ...sentences, ...blocks].join('\n')
}

/** Sections for the job summary. `prose` makes a sentence safe there. */
export function findingsForSummary(findings: readonly Finding[], prose: (text: string) => string): readonly string[] {
  return findings.flatMap(({ severity, title, seen, why, fix }) => [
    '',
    `#### ${MARKS[severity]} ${prose(title)}`,
    '',
    `**Seen:** ${prose(seen)}`,
    '',
    `**Why it matters:** ${prose(why)}`,
    '',
    `**Mend:** ${prose(fix.text)}`,
    ...fix.blocks.flatMap((block) => ['', PLACES[block.where], '', printable(fenced(block))]),
  ])
}

/** Such as `1 problem, 2 warnings`; empty where there is nothing. */
export function counted(findings: readonly Finding[]): string {
  const counts = (['problem', 'warning'] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? '' : 's'}`]
  })
  return counts.join(', ')
}

function fenced({ language, text }: Block): string {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)))
  return `${fence}${language}\n${text}\n${fence}`
}
