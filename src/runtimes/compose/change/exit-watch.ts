import { PASSIVE_OPENS } from '../../../host/accepted.ts'
import { lines, type Shell, sh } from '../../../host/quote.ts'
import { NOT_BEGUN } from '../../../release/reasons.ts'
import { saysCount, saysOpened, saysStarted } from '../../../release/started.ts'
import { INSPECT_FORMAT } from '../observe/container-json.ts'
import { defineNow, defineOpens } from './drain.ts'
import { listContainers, type ServiceName } from './scripts.ts'

/** Exit code of a script that saw that a color is not, or not any more, what was started. */
const SAW = 9

/** A container that was started, and what it is known by. */
export interface StartedContainer {
  readonly name: ServiceName
  /** Its id, as a word of the shell. */
  readonly id: Shell
  /** It was just made: it must never have been restarted. */
  readonly fresh: boolean
}

/**
 * Watches the container of a color for so many milliseconds. Exit 0: it still runs, and was never restarted. Exit 9, at
 * once: it ended, was restarted, ran out of memory, was replaced or is gone; printed is what `parseSighting` reads.
 */
export function watchContainer(occupant: StartedContainer, duration: number): Shell {
  const seconds = Math.max(1, Math.ceil(duration / 1000))
  return sh`${defineSaw(occupant)}
${occupant.fresh ? sh`` : sh`since=$(begun)`}
state() { docker inspect --type container --format '{{.State.Status}} {{.RestartCount}} {{.State.OOMKilled}} {{.State.StartedAt}}' "$id" 2>/dev/null; }
before=$(state)
case $before in ${occupant.fresh ? sh`"running 0 false "` : sh`"running "`}*) ;; *) saw ;; esac
timeout ${seconds} docker wait "$id" >/dev/null 2>&1
[ "$(state)" = "$before" ] || saw`
}

/**
 * Exit 0: the container that was started runs, and if it was just made, it was never restarted. Else exit 9, and what
 * `parseSighting` reads on the standard error.
 * @param tells a template for `docker inspect`: what it makes of the container is in `told` afterwards
 */
export function occupies(occupant: StartedContainer, tells = ''): Shell {
  const state = `{{.State.Status}} {{.RestartCount}} ${tells}`
  return lines(
    sh`told=$(`,
    defineSaw(occupant),
    sh`state=$(docker inspect --type container --format ${state} "$id" 2>/dev/null)`,
    sh`case $state in ${occupant.fresh ? sh`"running 0 "` : sh`"running "`}*) ;; *) saw >&2 ;; esac`,
    sh`state=\${state#running }; printf '%s\n' "\${state#* }"`,
    sh`) || exit ${SAW}`,
  )
}

/**
 * Runs a script only while `occupies` would end with 0; else nothing is begun, and it says what became of the container.
 * @param tells `arrivals`: how many connections the container had accepted before, as `saysAccepted`; `leaving`: the id
 *   of the container that requests leave by that script, whose count is told after it, as `saysOpened`
 */
export function whileOccupied(
  occupant: StartedContainer,
  script: Shell,
  { arrivals, leaving }: { readonly arrivals: boolean; readonly leaving?: string },
): Shell {
  const state = '{{.Id}} {{.State.Status}} {{.RestartCount}} {{.State.Pid}} {{.HostConfig.NetworkMode}}'
  const running = occupant.fresh ? sh`"$id running 0 "` : sh`"$id running "`
  const inspected = leaving === undefined ? sh`"$id"` : sh`"$id" ${leaving}`
  return lines(
    sh`id=${occupant.id}; [ -n "$id" ] || id=none`,
    sh`states=$(docker inspect --type container --format ${state} ${inspected} 2>/dev/null)`,
    sh`case $states in ${running}*) ;; *) ( ${defineSaw(occupant)}`,
    sh`  saw >&2 ); echo ${`${NOT_BEGUN}it is not the container that was started.`} >&2; exit 1 ;;`,
    sh`esac`,
    ...(arrivals || leaving !== undefined ? [defineNetwork] : []),
    ...(arrivals
      ? [sh`its=$(network "$id"); case \${its#* } in '' | host | container:*) ;; *) ${saysArrivals} ;; esac`]
      : []),
    ...(leaving === undefined ? [script] : [sh`(`, script, sh`) || exit`, tellLeaving(leaving)]),
  )
}

/** Prints, by what was inspected, the process of a container and the mode of its network. */
const defineNetwork = sh`network() { printf '%s\n' "$states" | while read -r one _ _ process mode; do [ "$one" != "$1" ] || echo "$process $mode"; done; }`

const saysArrivals = sh`count=$(awk ${PASSIVE_OPENS} "/proc/\${its%% *}/net/snmp" 2>/dev/null); [ -z "$count" ] || ${saysCount(sh`"$count"`)}`

function tellLeaving(id: string): Shell {
  const said = saysOpened({ process: sh`"\${its%% *}"`, count: sh`"$count"`, at: sh`"$(now)"` })
  return lines(
    defineNow,
    defineOpens,
    sh`its=$(network ${id}); count=$(opens "\${its%% *}" "\${its#* }"); [ -z "$count" ] || ${said}`,
  )
}

/**
 * Sets `id`, and defines `saw`, which tells what became of that container, and ends. While compose recreates a container
 * both are there, and the old one has only ended.
 */
function defineSaw({ name, id, fresh }: StartedContainer): Shell {
  const since = fresh ? '{{.Created}}' : '{{.State.StartedAt}}'
  return sh`id=${id}; [ -n "$id" ] || id=none; since=
begun() { docker inspect --type container --format ${since} "$id" 2>/dev/null; }
look() { [ -z "$1" ] || docker inspect --type container --format ${INSPECT_FORMAT} "$1" 2>/dev/null; }
saw() {
  [ -n "$since" ] || since=$(begun)
  code=; [ -z "$since" ] || code=$(${lastDeath})
  others=unknown; if listed=$(${listContainers(name)} 2>/dev/null); then others=$(printf '%s\\n' "$listed" | grep -vx "$id" | head -n 1); fi
  found=$(look "$id")
  echo "started: \${code:+$code }$found"
  if [ "$others" = unknown ]; then echo 'instead: unknown'; else echo "instead: $(look "$others")"; fi
  [ -z "$found" ] || docker logs --tail 50 "$id" 2>&1
  exit ${SAW}
}`
}

/**
 * Prints the exit code of the last death of the container `id` after `since`. Only the event of it tells that for certain:
 * of a container that runs again by now, `docker wait` and `docker inspect` may give the 0 of its new life.
 */
const lastDeath = sh`timeout 5 docker events --since "$since" --until "$(($(date +%s) + 1))" --filter "container=$id" --filter event=die --format '{{index .Actor.Attributes "exitCode"}}' 2>/dev/null | tail -n 1`

/**
 * To be run right after a start: says which container it made, for the scripts that follow.
 * @param reference of the image that it must have; absent if that was compared already
 */
export function tellStarted(name: ServiceName, reference: string | undefined): Shell {
  const image = sh`$(docker inspect --type container --format '{{.Image}}' "$id" 2>/dev/null)`
  const meant = sh`$(docker image inspect --format '{{.Id}}' ${reference ?? ''} 2>/dev/null)`
  const another = sh`{ echo 'started: '; echo "instead: $(docker inspect --type container --format ${INSPECT_FORMAT} "$id" 2>/dev/null)"; } >&2; exit ${SAW}`
  return lines(
    sh`made=$(${listContainers(name, '{{.ID}} {{.Image}}')} | head -n 1); id=\${made%% *}`,
    sh`[ -n "$id" ] || { echo ${`Docker has no container of ${name.service}.`} >&2; exit 1; }`,
    ...(reference === undefined
      ? []
      : [sh`[ "\${made#* }" = ${reference} ] || [ "${image}" = "${meant}" ] || { ${another}; }`]),
    saysStarted(sh`"$id"`),
  )
}
