import type { Fault } from './fault.ts'
import { faults } from './table.ts'

/** The page of the documentation: the same rows that the tests run. */
export function faultsPage(): string {
  const chapters = Object.entries(faults).map(([name, rows]) => [`## ${name}`, '', ...table(rows), ''].join('\n'))
  return `# What happens when something fails

Each row is a test: the fault is made for real, on a host with sshd, Nginx and Docker, under keep-alive load. \`…\` stands for
what differs from one release to the next. Written by \`npm run readme\` from \`test/lab/faults\`; do not edit it here.

- \`unchanged\`: live traffic was not touched. No request was lost, and every file and every other container is as it was.
- \`restored\`: the previous version serves again, and that was proven through Nginx before the run ended; the report says how
  many milliseconds after the fault was noticed (\`restored-after-ms\`).
- \`stranded\`: the state before could not be put back, or nobody could see that it was. The log says where traffic goes, as far as
  that is known, what happens by itself and when, and prints the commands that put it back.

${chapters.join('\n')}`
}

function table(rows: readonly Fault[]): readonly string[] {
  const head = ['what fails', 'result, reason', 'what you read', 'what is left', 'requests lost']
  return [line(head), line(head.map(() => '---')), ...rows.map((row) => line(cells(row)))]
}

function cells({ what, result, reason, reads, left, lost }: Fault): readonly string[] {
  const how = reason === '' ? `\`${result}\`` : `\`${result}\`, \`${reason}\``
  return [what, how, reads === '' ? '' : reads, left, lost?.what ?? 'none']
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}
