import assert from 'node:assert/strict'
import { watch } from 'node:fs'
import { join } from 'node:path'
import { must } from './command.ts'
import { labFolder } from './engine.ts'
import type { LabSite } from './site.ts'
import type { Color } from './site-nginx.ts'

/** What changed a site, as docker and the file system tell it: nothing of it is written by who holds the target. */
export interface Trail {
  /** Ends the watching, and gives the releases that were made, by the color that each put live, in order. @throws AssertionError where two were under way at once */
  releases(): Promise<readonly Color[]>
}

/**
 * Watches from now on. A release makes the idle color anew, starts it, flips, and stops the other color: where two are
 * under way at once these events cannot follow each other in that order.
 */
export async function followSite(site: LabSite): Promise<Trail> {
  const since = await now()
  const watcher = watch(join(labFolder, site.host.machine.id, site.stateDirectory), (_, name) => {
    // A rename is told twice: by the name that went, and by the one that came.
    if (name === 'green' || name === 'green.off') renames.push(name)
  })
  const renames: string[] = []
  return {
    async releases() {
      watcher.close()
      const format = '{{.Action}} {{index .Actor.Attributes "com.docker.compose.service"}}'
      const own = `label=com.docker.compose.project=${site.project}`
      const argv = ['docker', 'events', '--since', since, '--until', await now(), '--filter', own, '--format', format]
      const lines = (await must([...argv, '--filter', 'type=container'])).split('\n')
      const events = lines.filter((line) => /^(create|start|die) /.test(line))
      const made: Color[] = []
      let rest = events
      while (rest.length > 0) {
        const [first = ''] = rest
        const color: Color = first.endsWith(site.services.blue) ? 'blue' : 'green'
        const [mine, theirs] = [site.services[color], site.services[color === 'blue' ? 'green' : 'blue']]
        const whole = [`create ${mine}`, `start ${mine}`, `die ${theirs}`]
        assert.deepEqual(rest.slice(0, 3), whole, `Two releases at once:\n${events.join('\n')}`)
        rest = rest.slice(3)
        made.push(color)
      }
      assert.equal(renames.length, 2 * made.length, `${renames.join(', ')}`)
      return made
    },
  }
}

async function now(): Promise<string> {
  return (await must(['date', '+%s.%N'])).trim()
}
