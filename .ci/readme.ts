import { readFile, writeFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { REASONS } from '../src/release/reasons.ts'
import { faultsPage } from '../test/lab/faults/page.ts'
import { setups } from '../test/lab/setups/table.ts'

/**
 * Writes what is said in more than one place from the place where it is true: the tables of inputs and outputs from
 * `action.yml`, the table of reasons from the source, the page of faults and the table of set-ups from the tests. With `--check` it only compares.
 */
interface Entry {
  readonly description: string
  readonly required?: boolean
  readonly default?: string
}

const action = parse(await readFile('action.yml', 'utf8')) as {
  readonly inputs: Readonly<Record<string, Entry>>
  readonly outputs: Readonly<Record<string, Entry>>
}

const parts: Readonly<Record<string, string>> = {
  inputs: table(
    ['input', 'default', 'meaning'],
    Object.entries(action.inputs).map(([name, entry]) => [`\`${name}\``, byDefault(entry), entry.description]),
  ),
  outputs: table(
    ['output', 'meaning'],
    Object.entries(action.outputs).map(([name, { description }]) => [`\`${name}\``, description]),
  ),
  setups: table(
    ['the colors', 'Nginx', 'what moves requests', 'the image'],
    Object.values(setups).map(({ colors, nginx, moves, image }) => [colors, nginx, moves, image]),
  ),
  reasons: table(
    ['reason', 'meaning'],
    Object.entries(REASONS).map(([name, meaning]) => [`\`${name}\``, meaning]),
  ),
}

let stale = false
for (const file of ['README.md', 'docs/reference.md', 'docs/from-your-deploy-script.md']) {
  const before = await readFile(file, 'utf8')
  const after = Object.entries(parts).reduce(
    (text, [name, part]) =>
      text.replace(
        new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- end -->)`),
        (_, begin: string, end: string) => `${begin}\n${part}\n\n${end}`,
      ),
    before,
  )
  await put(file, before, after)
}
await put('docs/faults.md', await readFile('docs/faults.md', 'utf8').catch(() => ''), faultsPage())
if (stale && process.argv.includes('--check')) process.exitCode = 1

async function put(file: string, before: string, after: string): Promise<void> {
  if (after === before) return
  stale = true
  if (process.argv.includes('--check')) console.error(`${file} is not what its sources say. Run \`npm run readme\`.`)
  else await writeFile(file, after)
}

function byDefault({ required, default: value }: Entry): string {
  if (required) return 'required'
  return value === undefined ? '' : `\`${value}\``
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
