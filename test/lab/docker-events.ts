import { must } from './command.ts'

/** One thing that happened to a container, networks included. */
export interface ContainerEvent {
  /** Id of the container. */
  readonly container: string
  readonly action: string
}

/** Remembers the moment. The function that it gives says what has happened to containers since, health checks apart. */
export async function recordEvents(): Promise<() => Promise<readonly ContainerEvent[]>> {
  const since = await now()
  return async () => {
    const argv = ['docker', 'events', '--since', since, '--until', await now(), '--format', '{{json .}}']
    const lines = (await must(argv)).split('\n').filter((line) => line !== '')
    return lines.flatMap(eventsOf)
  }
}

async function now(): Promise<string> {
  return (await must(['date', '+%s.%N'])).trim()
}

function eventsOf(line: string): readonly ContainerEvent[] {
  const said: DockerEvent = JSON.parse(line)
  const container = said.Type === 'container' ? said.Actor.ID : said.Actor.Attributes['container']
  if (container === undefined || /^(exec_|health_status)/.test(said.Action)) return []
  return [{ container, action: said.Action }]
}

interface DockerEvent {
  readonly Type: string
  readonly Action: string
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> }
}
