import { fromHome, lines, type Shell, sh, userCommand } from '../../host/quote.ts'

/** A Redis server, as a host speaks to it. */
export interface RedisServer {
  /** The command that speaks to it, `redis-cli` with its options. */
  readonly command: string
  /** Folder in which it is run. */
  readonly directory: string
  readonly password?: string
}

/**
 * Runs one command of Redis, and sets `value` to the first line of its answer; ends the script with 2 and what was said if
 * the server does not answer. Commands go through standard input: neither key nor password is an argument of anything.
 */
export function askRedis(server: RedisServer, words: readonly string[]): Shell {
  const login = server.password === undefined ? [] : [['AUTH', server.password]]
  const commands = [...login, words].map((each) => each.map(quoted).join(' '))
  const fails = sh`{ printf '%s\n' "$said" | head -n 1 >&2; exit 2; }`
  return lines(
    sh`said=$(printf '%s\n' ${commands} | ( cd -- ${fromHome(server.directory)} && ${userCommand(server.command)} ) 2>&1) || ${fails}`,
    sh`said=$(printf '%s\n' "$said" | tr -d '\r')`,
    ...(server.password === undefined
      ? []
      : [sh`case $said in OK*) said=$(printf '%s\n' "$said" | sed 1d) ;; *) ${fails} ;; esac`]),
    sh`value=$(printf '%s\n' "$said" | head -n 1)`,
  )
}

/** As `redis-cli` reads a word from its standard input: https://redis.io/docs/latest/develop/tools/cli/#string-quoting-and-escaping */
function quoted(word: string): string {
  const bytes = [...Buffer.from(word)]
  const plain = (byte: number) => byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c
  const text = bytes.map((byte) =>
    plain(byte) ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`,
  )
  return `"${text.join('')}"`
}
