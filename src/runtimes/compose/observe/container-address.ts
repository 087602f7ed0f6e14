import type { Host } from '../../../host/host.ts'
import { lines, type Shell, sh } from '../../../host/quote.ts'
import type { ContainerName, Place } from '../../../release/model.ts'

/** Milliseconds for two commands of docker. */
const DEADLINE = 15_000
/** Milliseconds for which an address is believed though nothing answered there: the container may only be booting. */
const BELIEVED = 1000

/** Finds the address that a service's container has now in a network of its own. It costs a round trip the first time. */
export interface ContainerAddresses {
  /** @throws Error with a sentence where no container of it runs, or it has no such network. */
  find(host: Host, place: Place, signal?: AbortSignal): Promise<string>
  /** Nothing answered there: a container that was recreated may have another address. */
  doubt(place: Place): void
}

/** Remembers what it found for one run. */
export function containerAddresses(): ContainerAddresses {
  const known = new Map<string, { readonly address: string; readonly at: number }>()
  return {
    async find(host, place, signal) {
      if (place.container === undefined) return place.host
      const found = known.get(keyOf(place.container))
      if (found !== undefined) return found.address
      const script = { shell: question(place.container), deadline: DEADLINE }
      const ran = await host.run(script, signal === undefined ? {} : { signal })
      const address = ran.stdout.trim()
      if (address === '')
        throw new Error(`no container of \`${place.container.service}\` with an address of its own runs`)
      known.set(keyOf(place.container), { address, at: performance.now() })
      return address
    },
    doubt({ container }) {
      const found = container && known.get(keyOf(container))
      if (found && performance.now() - found.at > BELIEVED) known.delete(keyOf(container))
    },
  }
}

function question({ project, service }: ContainerName): Shell {
  const filters = [`project=${project}`, `service=${service}`, 'oneoff=False'].flatMap((label) => [
    '--filter',
    `label=com.docker.compose.${label}`,
  ])
  const format = '{{range .NetworkSettings.Networks}}{{println .IPAddress}}{{println .GlobalIPv6Address}}{{end}}'
  return lines(
    sh`id=$(docker ps --quiet --no-trunc ${filters} | head -n 1)`,
    sh`[ -z "$id" ] || docker inspect --type container --format ${format} "$id" | grep -m 1 .`,
  )
}

function keyOf({ project, service }: ContainerName): string {
  return `${project}/${service}`
}
