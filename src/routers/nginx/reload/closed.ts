import { lines, type Shell, sh } from '../../../host/quote.ts'
import { withPort } from '../../../host/target.ts'
import type { Place } from '../../../release/model.ts'

/** A command that ends with 0 if nobody listens: what cannot be asked counts as somebody who does. */
export function closed({ host, port, container }: Place): Shell {
  if (container !== undefined) {
    const filters = [`project=${container.project}`, `service=${container.service}`].flatMap((label) => [
      '--filter',
      `label=com.docker.compose.${label}`,
    ])
    return sh`{ ids=$(docker ps --quiet ${filters} --filter status=running) && [ -z "$ids" ]; }`
  }
  if (port === 0) return sh`false`
  const url = `http://${withPort(host, port)}/`
  return lines(
    sh`{ if command -v bash >/dev/null 2>&1; then ! timeout 3 bash -c 'exec 3<>"/dev/tcp/$1/$2"' listening ${host} ${port} 2>/dev/null`,
    sh`elif command -v curl >/dev/null 2>&1; then code=0; curl --silent --output /dev/null --noproxy '*' --max-time 3 ${url} || code=$?; [ $code = 7 ]`,
    sh`else false; fi; }`,
  )
}
