import { startEngine } from './engine.ts'
import { type HostOptions, type LabHost, openHost } from './host.ts'
import { type LabSite, openSite, type SiteOptions } from './site.ts'

/** The real thing: sshd, Nginx, Docker Engine and Compose, on hosts that come and go in under a second. */
export interface Lab extends AsyncDisposable {
  /** Milliseconds until the engine answered; next to nothing where it ran already. */
  readonly engineStart: number
  host(options?: HostOptions): Promise<LabHost>
  /** Puts an application on a host. It is closed with the lab, or by itself. */
  site(host: LabHost, options?: SiteOptions): Promise<LabSite>
  dispose(): Promise<void>
}

/**
 * Opens the lab for one test file. The engine is shared by all files of an enclosed run; hosts and sites are closed
 * with the lab.
 * @throws Error outside of the enclosure.
 */
export async function openLab(): Promise<Lab> {
  const engineStart = await startEngine()
  const opened: AsyncDisposable[] = []
  const keep = <T extends AsyncDisposable>(item: T): T => {
    opened.push(item)
    return item
  }
  const dispose = async () => {
    // Sites before the hosts they are on.
    for (const item of opened.splice(0).reverse()) await item[Symbol.asyncDispose]()
  }
  return {
    engineStart,
    host: async (options = {}) => keep(await openHost(options)),
    site: async (host, options = {}) => keep(await openSite(host, options)),
    dispose,
    [Symbol.asyncDispose]: dispose,
  }
}
