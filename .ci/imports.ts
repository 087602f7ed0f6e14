import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/**
 * `npm run check`: the rooms that tell what a release is know routers and runtimes by their ports alone, so that another
 * kind of either touches none of them. No files import each other in a circle.
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
const circles = circlesOf(new Map(globSync('src/**/*.ts', { cwd: root }).map((file) => [file, importsOf(file)])))
for (const circle of circles) console.error(`These files import each other in a circle: ${circle.join(' → ')}.`)
if (wrong.length + circles.length > 0) process.exitCode = 1

/** Each way that leads back to where it came from, found once; types count as well. */
function circlesOf(imports: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const done = new Set<string>()
  const found: string[][] = []
  const follow = (file: string, way: readonly string[]): void => {
    const at = way.indexOf(file)
    if (at >= 0) found.push([...way.slice(at), file])
    if (at >= 0 || done.has(file)) return
    for (const imported of imports.get(file) ?? []) follow(imported, [...way, file])
    done.add(file)
  }
  for (const file of imports.keys()) follow(file, [])
  return found
}

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
