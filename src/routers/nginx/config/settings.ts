import { type Configuration, effective, httpServers, type ServerBlock } from './configuration.ts'

/** Milliseconds that an old worker may live on after a reload; undefined where it may for ever. */
export function workerShutdownTimeout(configuration: Configuration): number | undefined {
  return milliseconds(mainArguments(configuration, 'worker_shutdown_timeout')?.[0])
}

/** Milliseconds for which an old worker keeps idle connections (Nginx 1.27.4 and later); undefined where it closes them at once. */
function keepaliveMinTimeout(configuration: Configuration, server: ServerBlock): number | undefined {
  return milliseconds(effective(configuration, server, 'keepalive_min_timeout')?.args[0])
}

/** The shortest `keepalive_min_timeout` of all server blocks, in milliseconds; undefined where one has none. */
export function shortestKeepaliveMinTimeout(configuration: Configuration): number | undefined {
  const times = httpServers(configuration).map((server) => keepaliveMinTimeout(configuration, server) ?? 0)
  return times.length > 0 ? Math.min(...times) || undefined : undefined
}

/** Where the master writes its errors, as written (a file, `stderr` or `syslog:…`); undefined for the built-in one. */
export function errorLog(configuration: Configuration): string | undefined {
  return mainArguments(configuration, 'error_log')?.[0]
}

/** A time as Nginx writes it (`15s`, `1m30s`, `500ms`, `15` for seconds), in milliseconds. */
export function milliseconds(written: string | undefined): number | undefined {
  if (written === undefined || !/^(?:\d+(?:ms|[smhdwMy])?\s*)+$/.test(written)) return undefined
  const parts = [...written.matchAll(/(\d+)(ms|[smhdwMy])?/g)]
  return parts.reduce((sum, part) => sum + Number(part[1]) * (units[part[2] ?? 's'] ?? 0), 0)
}

const day = 86_400_000
const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: day,
  w: 7 * day,
  M: 30 * day,
  y: 365 * day,
}

function mainArguments(configuration: Configuration, name: string): readonly string[] | undefined {
  return configuration.main.find((directive) => directive.name === name)?.args
}
