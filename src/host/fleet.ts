import type { Host, HostName } from './host.ts'

/** The machines of one release. Hosts come in groups from the first day; today each group is one. */
export interface Fleet {
  readonly apps: readonly Host[]
  readonly proxies: readonly Host[]
}

export function hostsOf(fleet: Fleet, on: HostName | 'all apps' | 'all proxies'): readonly Host[] {
  if (on === 'all apps') return fleet.apps
  if (on === 'all proxies') return fleet.proxies
  const found = [...fleet.apps, ...fleet.proxies].find((host) => host.name === on)
  if (found === undefined) throw new TypeError(`There is no host ${on}.`)
  return [found]
}

/** Each machine once. */
export function everyHost({ apps, proxies }: Fleet): readonly Host[] {
  return [...new Set([...apps, ...proxies])]
}
