import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/**
 * `npm run check`: the rooms that tell what a release is know routers and runtimes by their ports alone, so that another
 * kind of either touches none of them.
 */
const root = join(import.meta.dirname, '..')
const rooms = ['planning', 'release', 'commands', 'custody', 'execute', 'judges', 'checking']
/** It pairs Nginx with compose, and knows both. */
const pairing = 'src/checking/pairing/'

const wrong = globSync(`src/{${rooms.join(',')}}/**/*.ts`, { cwd: root })
  .filter((file) => !file.startsWith(pairing))
  .flatMap((file) => importsOf(file).map((imported) => ({ file, imported })))
  .filter(({ file, imported }) => isAdapter(imported) || (imported.startsWith(pairing) && !isDoor(file)))
for (const { file, imported } of wrong) console.error(`${file} imports ${imported}.`)
if (wrong.length > 0) process.exitCode = 1

function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(/(?:from|import\()\s*'(\.[^']*)'/g)].map(([, path = '']) =>
    relative(root, join(root, dirname(file), path)),
  )
}

/** Files of one kind of router or runtime lie in a folder of their own. */
function isAdapter(file: string): boolean {
  return /^src\/(routers|runtimes)\/[^/]+\//.test(file)
}

/** The command is where the pairing begins. */
function isDoor(file: string): boolean {
  return file === 'src/commands/check.ts'
}
