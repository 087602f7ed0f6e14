import { answers, settings } from '../../../checking/host/answers.ts'
import { lines, type Shell, sh } from '../../../host/quote.ts'
import type { Section } from '../../../host/sections.ts'
import type { Inputs } from '../../../inputs/inputs.ts'
import { whereabouts } from '../observe/container.ts'

/** What a check knows of the host's Nginx besides its configuration. */
export interface NginxFacts {
  /** Where `nginx` is, and its version: `1.22.1`. */
  readonly nginx?: { readonly path: string; readonly version: string }
  /** Properties of Nginx's systemd unit. */
  readonly unit: Readonly<Record<string, string>>
  /** Files in the own layer of the container in which Nginx runs: a recreation would lose them. */
  readonly layer: readonly string[]
}

type Question = 'nginx' | 'unit' | 'layer'

/** What is asked for them. It changes nothing. */
export function nginxFactsQuestions(inputs: Inputs): Readonly<Record<Question, Shell>> {
  return {
    nginx: lines(
      sh`PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin`,
      sh`command -v nginx || exit 0`,
      sh`nginx -v 2>&1 | sed -n 's,^nginx version: [^/]*/,version ,p'`,
    ),
    unit: sh`command -v systemctl >/dev/null && systemctl show nginx.service --property=PrivateTmp --property=ProtectHome --property=RootDirectory`,
    layer: layerQuestion(inputs),
  }
}

/** Reads the answers. */
export function readNginxFacts(said: Readonly<Record<Question, Section | undefined>>): NginxFacts {
  const { linesOf, words } = answers(said)
  const [path, version] = [linesOf('nginx')[0], words('nginx', 'version')[0]]
  return {
    ...(path?.startsWith('/') && { nginx: { path, version: version?.split(' ')[0] ?? '' } }),
    unit: settings(linesOf('unit')),
    layer: linesOf('layer'),
  }
}

/** Files that Nginx and its image's entrypoint leave in a container are not its owner's. */
const LEFT_BY_ITSELF = '^/(run|tmp|proc|sys|dev|root|var/(run|cache|log|tmp|lib/nginx))(/|$)'

/** Paths that were added or changed, without folders of which something in them is told, and without what is mounted. */
const LAYER_AWK = String.raw`
FILENAME == ARGV[1] { if (FNR > 1) { path = $1; while (path != "") { skip[path]; sub(/\/[^\/]*$/, "", path) } } next }
{ path = substr($0, 3); all[++count] = path; while (sub(/\/[^\/]*$/, "", path) && path != "") skip[path] }
END { for (i = 1; i <= count; i++) if (!(all[i] in skip)) print all[i] }`

/** Files that were put into the container of Nginx, or changed there. */
function layerQuestion({ nginx, application }: Inputs): Shell {
  const where = whereabouts(nginx.command)
  if (where.kind !== 'container') return sh`:`
  return lines(
    sh`cd -- ${application.directory} 2>/dev/null || exit 0`,
    sh`work=$(mktemp -d) || exit 0; trap 'rm -rf "$work"' EXIT`,
    sh`{`,
    where.query,
    sh`} >"$work/container" 2>/dev/null </dev/null`,
    sh`name=$(sed -n '1s,^{"name":"/*\\([^"]*\\)".*,\\1,p' "$work/container"); [ -n "$name" ] || exit 0`,
    sh`docker diff "$name" 2>/dev/null | grep -v '^D' >"$work/diff" || exit 0`,
    sh`awk -F '\\t' ${LAYER_AWK} "$work/container" "$work/diff" | grep -vE ${LEFT_BY_ITSELF} | head -n 20`,
  )
}
