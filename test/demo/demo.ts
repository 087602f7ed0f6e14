import { enclose } from '../lab/enclosure.ts'
import { install } from '../lab/install.ts'
import { openLab } from '../lab/lab.ts'
import { acts, faultsOf, type Seen } from './acts.ts'
import { footnotes, lookNext, results } from './closing.ts'
import { play } from './play.ts'
import { openScreen, type Screen } from './screen.ts'
import { setStage } from './stage.ts'

/**
 * `npm run demo`: builds a host on this machine and releases to it four times, as GitHub's runner would. Ends with 1
 * where what it shows is not what it should be.
 */
const inside = '--inside'

try {
  process.exitCode = process.argv[2] === inside ? await show() : await open()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

/** Installs what is missing and shows the demo in the enclosure, of which nothing remains. */
async function open(): Promise<number> {
  await install()
  const code = await enclose([process.execPath, import.meta.filename, inside])
  if (code > 128) console.error('\nThe demo was ended before its end. Nothing of it is left on this machine.')
  return code
}

async function show(): Promise<number> {
  const paint = process.stdout.isTTY === true && process.stdout.hasColors() && process.env['NO_COLOR'] === undefined
  const screen = openScreen(process.stdout, paint)
  screen.line()
  screen.line('Blue/green releases over SSH, shown on a host made for it', 'bold')
  screen.status('  Making the host, and the images of the application …')
  await using lab = await openLab()
  const { site, programs } = await setStage(lab)
  screen.line(`  ${programs}: the real ones, in an enclosure that is gone at the end.`)
  screen.line(`  Each release is the built action, dist/main.js, run as GitHub's runner does.`)
  const all: Seen[] = []
  for (const [index, act] of acts.entries()) {
    screen.line()
    screen.line(`${index + 1} of ${acts.length}  ${act.version}: ${act.title}`, ['bold', 'cyan'])
    screen.line(`        ${act.story}`)
    screen.line(`        Look for ${act.look}`)
    screen.line()
    const seen = await play(act, site, screen)
    all.push(seen)
    if (faultsOf(seen).length > 0) break // what comes after it builds on it
  }
  return close(screen, all)
}

function close(screen: Screen, all: readonly Seen[]): number {
  screen.line()
  for (const row of results(all)) screen.line(`  ${row}`)
  for (const note of footnotes(all)) screen.line(`  ${note}`, 'dim')
  const faults = all.flatMap(faultsOf)
  screen.line()
  if (faults.length > 0) {
    screen.line('  This is not what the demo should show:', ['bold', 'red'])
    for (const fault of faults) screen.line(`  ✗ ${fault}`, 'red')
    return 1
  }
  screen.line('  Where to look next', 'bold')
  for (const row of lookNext()) screen.line(`  ${row}`)
  return 0
}
