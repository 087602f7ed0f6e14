import { judgedState } from '../../custody/on-host/state.ts'
import { fromHome, lines, type Shell, sh } from '../../host/quote.ts'
import { type Sections, sections } from '../../host/sections.ts'
import type { Inputs } from '../../inputs/inputs.ts'
import { whereabouts } from '../../routers/nginx/observe/container.ts'
import { type ComposeTarget, compose, enter } from '../../runtimes/compose/change/command.ts'
import { composeFilesQuestion, unreadableQuestion } from '../../runtimes/compose/check/files.ts'
import { runsQuestion } from '../../runtimes/compose/check/runs.ts'

/** What the action runs on a host, apart from docker and nginx. */
const TOOLS = ['flock', 'awk', 'sed', 'stat', 'sha256sum', 'timeout', 'setsid', 'id', 'mktemp', 'readlink', 'dd']

/** Services that name one of these, by the keys of their environment: in the JSON of `docker compose config`. */
const CALLERS_AWK = String.raw`
/^    "[^"]+": \{/ && services { service = $1; gsub(/[":]/, "", service) }
/^  "[^"]+": \{/ { services = ($1 == "\"services\":") }
/^      "[^"]+": [\[{]/ && services { part = $1; gsub(/[":]/, "", part) }
services && part == "environment" && /^        "/ {
  key = $1; gsub(/[":]/, "", key)
  rest = substr($0, index($0, ": ") + 2)
  count = split(names, each, " ")
  for (i = 1; i <= count; i++)
    if (service != each[i] && match(rest, "(//|@|\")" each[i] "(:[0-9]+|/)")) print service, each[i], key
}
`

export type FactsQuestion =
  | 'user'
  | 'tools'
  | 'nginx'
  | 'ports'
  | 'security'
  | 'unit'
  | 'login'
  | 'memory'
  | 'disk'
  | 'images'
  | 'projects'
  | 'callers'
  | 'subnets'
  | 'runs'
  | 'folder'
  | 'engine'
  | 'lease'
  | 'layer'
  | 'files'
  | 'unreadable'

/** What a check asks of a host, on top of what every release asks. It changes nothing. */
export function factsQuestion(
  inputs: Inputs,
  target: ComposeTarget,
  callees: readonly string[],
): Sections<FactsQuestion> {
  return sections<FactsQuestion>({
    user: sh`printf 'name %s\\nhome %s\\n' "$(id -un)" "$HOME"; for group in $(id -Gn); do printf 'group %s\\n' "$group"; done`,
    tools: sh`for tool in ${TOOLS}; do command -v "$tool" >/dev/null || printf '%s\\n' "$tool"; done`,
    nginx: lines(
      sh`PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin`,
      sh`command -v nginx || exit 0`,
      sh`nginx -v 2>&1 | sed -n 's,^nginx version: [^/]*/,version ,p'`,
    ),
    // State 0A is LISTEN, or bound for UDP.
    ports: sh`cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk '$4 == "0A" { sub(/.*:/, "", $2); print $2 }' | sort -u`,
    security: lines(
      sh`printf 'enforcing %s\\n' "$(cat /sys/fs/selinux/enforce 2>/dev/null || echo 0)"`,
      sh`printf 'network %s\\n' "$(getsebool httpd_can_network_connect 2>/dev/null | sed 's/.*> //')"`,
      sh`up=${inputs.nginx.stateDirectory}; while [ ! -e "$up" ]; do up=$(dirname "$up"); done`,
      sh`printf 'label %s %s\\n' "$(stat -c %C "$up" 2>/dev/null)" "$up"`,
    ),
    unit: sh`command -v systemctl >/dev/null && systemctl show nginx.service --property=PrivateTmp --property=ProtectHome --property=RootDirectory`,
    login: sh`cat /usr/lib/systemd/logind.conf.d/*.conf /etc/systemd/logind.conf /etc/systemd/logind.conf.d/*.conf 2>/dev/null | grep -E '^[[:space:]]*Kill(UserProcesses|ExcludeUsers|OnlyUsers)='`,
    memory: lines(
      sh`sed -n 's/^MemAvailable: *\\([0-9]*\\) kB/available \\1/p; s/^SwapFree: *\\([0-9]*\\) kB/swap \\1/p' /proc/meminfo`,
      sh`docker stats --no-stream --format 'uses {{.Name}} {{.MemUsage}}' 2>/dev/null`,
    ),
    disk: lines(
      sh`root=$(docker info --format '{{.DockerRootDir}}' 2>/dev/null) && [ -n "$root" ] || exit 0`,
      sh`while [ ! -e "$root" ]; do root=$(dirname "$root"); done`,
      sh`df -Pk "$root" | awk -v root="$root" 'NR == 2 { print "free", $4, root }'`,
    ),
    images: lines(
      sh`ids=$(docker ps --all --quiet --no-trunc 2>/dev/null) && [ -n "$ids" ] || exit 0`,
      sh`images=$(docker inspect --format '{{.Image}}' $ids 2>/dev/null | sort -u)`,
      sh`docker image inspect --format '{{.Id}} {{.Size}}{{range $port, $_ := .Config.ExposedPorts}} {{$port}}{{end}}' $images 2>/dev/null`,
    ),
    projects: sh`docker ps --all --format '{{.Label "com.docker.compose.service"}} {{.Label "com.docker.compose.project.working_dir"}}' 2>/dev/null | sort -u`,
    engine: sh`docker version --format '{{.Server.Version}}' 2>&1 >/dev/null`,
    runs: runsQuestion(),
    folder: sh`cd -- ${fromHome(target.directory)} 2>/dev/null && { [ -w . ] || [ -w .blue-green ] || pwd; }`,
    subnets: lines(
      sh`docker network ls --quiet 2>/dev/null | xargs -r docker network inspect --format '{{$name := .Name}}{{range .IPAM.Config}}{{printf "subnet %s %s\\n" .Subnet $name}}{{end}}' 2>/dev/null`,
      // Destination and mask of each route, in hexadecimal, the first byte last.
      sh`awk 'NR > 1 { print "route", $2, $8 }' /proc/net/route 2>/dev/null`,
    ),
    lease: lines(
      judgedState(inputs.nginx.stateDirectory, 0, sh`exit 0`),
      sh`for name in lock lease ended ledger.jsonl; do file=$state/$name; [ ! -e "$file" ] || [ -w "$file" ] || printf 'unwritable %s\\n' "$file"; done`,
      sh`owner=-; { read -r number owner length _ <"$state/lease"; } 2>/dev/null; [ "$owner" != - ] || exit 0`,
      sh`now; { read -r beat beaten <"$state/journal-$number/heartbeat"; } 2>/dev/null`,
      sh`[ "$beaten" != "$boot" ] || [ "$((up - \${beat:-0}))" -gt "$length" ] || printf 'held %s\\n' "$(cat "$state/lease")"`,
    ),
    layer: layerQuestion(inputs),
    callers: lines(
      enter(target),
      sh`${compose(target, ['--profile', '*', 'config', '--format', 'json'])} 2>/dev/null | LC_ALL=C awk -v ${`names=${callees.join(' ')}`} ${CALLERS_AWK}`,
    ),
    files: composeFilesQuestion(target),
    unreadable: unreadableQuestion(target),
  })
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
