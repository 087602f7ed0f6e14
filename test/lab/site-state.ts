import type { LabSite } from './site.ts'

/** What a release that fails has to leave as it was. */
export interface SiteState {
  readonly containers: readonly string[]
  /** Bytes, mode, owner and time of change of `.env`. */
  readonly env: string
  readonly nginxFile: string
  /** Switch files that are on. */
  readonly switched: readonly string[]
  /** All that lies in the folder of the compose file, a lock that a release leaves there aside. */
  readonly folder: string
}

export async function stateOf(site: LabSite): Promise<SiteState> {
  const { host, directory, stateDirectory } = site
  const say = async (command: string) => (await host.exec(command)).stdout
  const [env, folder, nginxFile, switched, containers] = await Promise.all([
    say(`stat -c '%a %U:%G %y' ${directory}/.env && cat ${directory}/.env`),
    say(`ls -A ${directory} | grep -vx .blue-green`),
    host.readFile(site.nginxFile),
    say(`cd ${stateDirectory} 2>/dev/null && ls -A | grep -xE 'green|backed'`),
    site.containers(),
  ])
  return {
    containers: containers
      .map(({ id, service, status, startedAt }) => `${service} ${status} ${startedAt} ${id}`)
      .sort(),
    env,
    nginxFile,
    switched: switched.split('\n').filter((name) => name !== ''),
    folder,
  }
}
