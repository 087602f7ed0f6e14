import { lines, type Shell, sh, userCommand, words } from '../../host/quote.ts'

/** A file that a block changes in place. */
export interface ChangedFile {
  readonly path: string
  /** Where it is kept as it was. */
  readonly kept: string
}

/** How a site is asked on its host, as its visitors ask it. */
export interface SiteQuestion {
  /** An IP address; IPv6 without brackets. */
  readonly address: string
  readonly port: number
  readonly tls: boolean
  /** For the `Host` header, and for SNI. */
  readonly host: string
  /** Without a query: it becomes an argument of a command. */
  readonly path: string
}

/** A change of a host that is kept only if the sites answer as before. */
export interface LiveChange {
  /** They are put back with their content and their times. */
  readonly files: readonly ChangedFile[]
  /** Changes the files, and whatever else. */
  readonly change?: Shell
  /** Undoes what `change` did besides changing the files. */
  readonly undo?: Shell
  /** Whether what is there now is accepted: `nginx -t`, `docker compose config --quiet`. */
  readonly verify?: Shell
  /** Lets it take effect: a reload, `docker compose up -d`. Without it nothing live is changed, and no site is asked. */
  readonly load?: Shell
  /** Lets the files that were put back take effect again; the same as `load` unless given. */
  readonly unload?: Shell
  /** What visitors ask, before and after. */
  readonly sites: readonly SiteQuestion[]
  /** How often all are asked, a second apart, until they answer as before: more for a container that starts. */
  readonly patience?: number
}

/** A reload takes less; until it is put back, visitors see what is wrong with it. */
const PATIENCE = 3

/**
 * Remembers the files, changes and verifies them, loads them, and asks each site as before: its status, and what of its
 * headers and body was the same in two answers. Whatever fails, and also when it is interrupted, everything is put back
 * and that is said; it then ends with another code than 0. A site that did not answer before, or only with an error of
 * the server, proves nothing and is not compared.
 *
 * The lines stand inside of `( … )`, after `set -eu`.
 */
export function liveChange({
  files,
  change,
  undo,
  verify,
  load,
  unload,
  sites,
  patience = PATIENCE,
}: LiveChange): Shell {
  const asked = load === undefined ? [] : sites
  const numbered = files.map((file, i) => ({ ...file, at: variable(`file${i + 1}`), kept: variable(`kept${i + 1}`) }))
  const folders = [...new Set(files.map(({ kept }) => kept.replace(/\/[^/]*$/, '')))]
  return lines(
    ...files.flatMap(({ path, kept }, i) => [
      sh`${variable(`file${i + 1}`).itself}=${path}`,
      sh`${variable(`kept${i + 1}`).itself}=${kept}`,
    ]),
    ...(asked.length === 0 ? [] : [ASKING, askingAll(asked)]),
    sh`work=$(mktemp -d); changed=; loaded=; why='That was refused'; now='Everything is as it was.'`,
    sh`finish() {`,
    sh`  code=$?; trap - EXIT; trap '' HUP INT TERM`,
    sh`  if [ -n "$changed" ]; then`,
    ...numbered.map(
      ({ at, kept }) =>
        sh`    { cat ${kept.value} >${at.value} && touch -r ${kept.value} ${at.value}; } || now="${at.plain} could not be put back: it was ${kept.plain}."`,
    ),
    ...(undo === undefined ? [] : [sh`    { ${undo}; } || now='Not all of it could be put back.'`]),
    ...(load === undefined
      ? []
      : [
          sh`    if [ -n "$loaded" ]; then`,
          sh`      { ${unload ?? load}; } || now='The files are as they were, but could not be loaded.'`,
          ...(asked.length === 0
            ? []
            : [sh`      before=$why; settled || now="After that was put back, $why."; why=$before`]),
          sh`    fi`,
        ]),
    sh`    echo "$why. $now" >&2; [ "$code" -ne 0 ] || code=1`,
    sh`  fi`,
    sh`  rm -rf "$work"; exit "$code"`,
    sh`}`,
    sh`trap finish EXIT; trap 'why="This was interrupted"; exit 130' HUP INT TERM`,
    ...(asked.length === 0 ? [] : [settling(patience), BEFORE]),
    ...folders.map((folder) => sh`[ -d ${folder} ] || mkdir -p ${folder}`),
    ...numbered.map(({ at, kept }) => sh`cp -p ${at.value} ${kept.value}`),
    sh`changed=1`,
    ...(change === undefined ? [] : [change]),
    ...(verify === undefined ? [] : [sh`{ ${verify}; } || exit 1`]),
    ...(load === undefined ? [] : [sh`loaded=1`, sh`{ ${load}; } || exit 1`]),
    ...(asked.length === 0 ? [] : [sh`settled || exit 1`]),
    sh`changed=`,
    ...(files.length === 0
      ? []
      : [
          sh`echo "Done. As it was before: ${words(
            numbered.map(({ kept }) => kept.plain),
            ', ',
          )}"`,
        ]),
  )
}

/** A variable of the script: its name, and what stands for its value. */
export function variable(name: string) {
  const itself = userCommand(name)
  return { itself, plain: sh`$${itself}`, value: sh`"$${itself}"`, withNew: sh`"$${itself}.new"` }
}

/** Defines `ask ADDRESS PORT SCHEME HOST PATH`, which prints a whole answer, and nothing if none came. */
const ASKING = lines(
  sh`if command -v curl >/dev/null; then`,
  sh`  ask() { curl --silent --include --insecure --http1.1 --path-as-is --globoff --noproxy '*' --max-time 10 --header "Host: $4" --connect-to "$6:$2:$1:$2" "$3://$6:$2$5"; }`,
  sh`elif command -v openssl >/dev/null && command -v bash >/dev/null && command -v timeout >/dev/null; then`,
  sh`  ask() {`,
  sh`    if [ "$3" = https ]; then { printf 'GET %s HTTP/1.0\\r\\nHost: %s\\r\\n\\r\\n' "$5" "$4"; sleep 3; } | timeout 10 openssl s_client -quiet -servername "$6" -connect "$1:$2" 2>/dev/null`,
  sh`    else timeout 10 bash -c ${'exec 3<>"/dev/tcp/$1/$2"; printf "GET %s HTTP/1.0\\r\\nHost: %s\\r\\n\\r\\n" "$3" "$4" >&3; cat <&3'} ask "$(printf '%s' "$1" | tr -d '[]')" "$2" "$5" "$4" 2>/dev/null`,
  sh`    fi`,
  sh`  }`,
  sh`else echo 'Install curl first: nothing here can ask the sites as their visitors do.' >&2; exit 1`,
  sh`fi`,
)

/** Defines `ask_all NAME`, which keeps what was answered by each site in the folder `$work`. */
function askingAll(sites: readonly SiteQuestion[]): Shell {
  const each = sites.map(({ address, port, tls, host, path }, i) => {
    const at = address.includes(':') ? `[${address}]` : address
    const name = host.replace(/:\d+$/, '')
    return sh`  keep ${i + 1} "$1" ${at} ${port} ${tls ? 'https' : 'http'} ${host} ${path} ${name}`
  })
  return lines(
    // A status, the headers by which visitors are sent about, then the body.
    sh`keep() { number=$1 name=$2; shift 2; ask "$@" </dev/null | head -c 65536 | awk ${SUMMARY_AWK} >"$work/$number.$name" || :; }`,
    sh`ask_all() {`,
    ...each,
    sh`}`,
    sh`title() { case $1 in`,
    ...sites.map(
      ({ tls, host, path }, i) => sh`  ${i + 1}) printf %s ${`${tls ? 'https' : 'http'}://${host}${path}`} ;;`,
    ),
    sh`  esac; }`,
    sh`sites=${sites.map((_, i) => String(i + 1)).join(' ')}`,
  )
}

const SUMMARY_AWK = String.raw`
{ sub(/\r$/, "") }
NR == 1 { print "status", $2; next }
!body && $0 == "" { body = 1; next }
!body { if (tolower($0) ~ /^(content-type|location|www-authenticate):/) print; next }
{ print "body", $0 }`

const BEFORE = lines(
  sh`ask_all one; ask_all two`,
  sh`for number in $sites; do`,
  sh`  awk 'FILENAME == ARGV[1] { seen[$0]; next } $0 in seen' "$work/$number.one" "$work/$number.two" >"$work/$number.same"`,
  // An error of the server proves nothing.
  sh`  grep -q '^status [1-4]' "$work/$number.same" || : >"$work/$number.same"`,
  sh`done`,
)

/** Defines `settled`, whether all answer as before: three rounds in a row, as a worker of before may still answer one. */
function settling(patience: number): Shell {
  return lines(
    sh`differs() {`,
    sh`  for number in $sites; do`,
    sh`    awk 'FILENAME == ARGV[1] { seen[$0]; next } !($0 in seen) { lacks = 1 } END { exit !lacks }' "$work/$number.new" "$work/$number.same" || continue`,
    sh`    was=$(sed -n '1s/^status //p' "$work/$number.same") is=$(sed -n '1s/^status //p' "$work/$number.new")`,
    sh`    [ "$was" != "$is" ] || is="$is with another page"`,
    sh`    why="$(title "$number") answered $was before, and then \${is:-nothing}"; return 0`,
    sh`  done`,
    sh`  return 1`,
    sh`}`,
    sh`settled() {`,
    sh`  good=0 tries=0`,
    sh`  while [ "$good" -lt 3 ]; do`,
    sh`    sleep 1; ask_all new; tries=$((tries + 1))`,
    sh`    if ! differs; then good=$((good + 1)); elif [ "$tries" -lt ${patience} ]; then good=0; else return 1; fi`,
    sh`  done`,
    sh`}`,
  )
}
