import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { enclose } from './enclosure.ts'
import { install } from './install.ts'

/** `npm run chaos -- --kills 1000 --seed 7`: kills releases at random, for as long as one likes. */
const { values } = parseArgs({ options: { kills: { type: 'string' }, seed: { type: 'string' } } })
for (const [name, value] of Object.entries(values)) {
  if (!/^\d+$/.test(value)) throw new Error(`--${name} is ${value}; give it a whole number.`)
  process.env[`CHAOS_${name.toUpperCase()}`] = value
}
await install()
process.exitCode = await enclose([process.execPath, '--test', join(import.meta.dirname, 'chaos.test.ts')])
