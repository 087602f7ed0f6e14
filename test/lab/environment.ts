/** Who runs the lab decides these; `LAB_…` and `CHAOS_…` are its own. */
const TAKEN = /^(?:PATH|TERM|COLUMNS|LINES|CI|NO_COLOR|FORCE_COLOR|npm_lifecycle_event|(?:LAB|CHAOS)_\w+)$/

const SYSTEM = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

/**
 * The environment inside the enclosure. What this machine happens to have set (proxies, an engine of another host, a
 * locale, a temporary folder, npm's and git's settings, the variables of a workflow that runs the tests) does not get in.
 */
export function labEnvironment(machine: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const taken = Object.entries(machine).flatMap(([name, value]) =>
    value !== undefined && TAKEN.test(name) ? [[name, value] as const] : [],
  )
  const path = [...new Set([...(machine['PATH'] ?? '').split(':'), ...SYSTEM])]
  return {
    ...Object.fromEntries(taken),
    PATH: path.filter((folder) => folder.startsWith('/')).join(':'),
    HOME: '/root',
    USER: 'root',
    LOGNAME: 'root',
    SHELL: '/bin/sh',
    LANG: 'C.UTF-8',
    TZ: 'UTC',
  }
}
