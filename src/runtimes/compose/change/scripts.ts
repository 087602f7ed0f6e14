import { lines, type Shell, sh } from '../../../host/quote.ts'
import type { Color, Spared } from '../../../release/model.ts'
import { askWhether, leaveAlone, orStartAgain } from '../../../release/spared.ts'
import { imageFor, variableName, variablesOf } from '../observe/image.ts'
import { type ComposeTarget, compose, enter } from './command.ts'
import { underLock } from './env-file.ts'

/** What is started, and by which names. */
export interface Start {
  readonly name: ServiceName
  readonly version: string
  /** See `hashedDependencies`. */
  readonly hashed: readonly string[]
  /** The project's network is there. */
  readonly networked: boolean
  /** The color. */
  readonly spares: Spared
}

/** One service of one compose project, whatever containers it has. */
export interface ServiceName {
  readonly project: string
  readonly service: string
}

/**
 * Pulls the image of one color, in the host's own docker configuration. With `missing`, only where the image is not there.
 * @param image the whole reference, as `imageFor` gives it
 */
export function pullService(
  target: ComposeTarget,
  service: string,
  color: Color,
  version: string,
  pull: { readonly policy: 'always' | 'missing'; readonly image: string },
): Shell {
  const command = compose(target, ['pull', service], versionEnvironment(target, color, version))
  const there = sh`docker image inspect ${pull.image} >/dev/null 2>&1 || ${command}`
  return lines(enter(target), pull.policy === 'missing' ? there : command)
}

/**
 * Recreates one color with a version, and touches no other container: no dependency, no orphan, no build, no pull.
 * The version is in the environment of this one command. Without standard input compose answers its own questions with no.
 */
export function startColor(target: ComposeTarget, { name, spares, version, hashed, networked }: Start): Shell {
  const variables = versionEnvironment(target, spares.color, version)
  const up = compose(target, ['up', ...ALONE, '--detach', '--force-recreate', name.service], variables)
  const recreate =
    hashed.length === 0 ? up : lines(removeService(name, spares), createHashed(target, name, hashed, variables))
  if (networked) return lines(enter(target), recreate)
  // Two targets that are the first of their project would make its network twice, and Docker could tell neither.
  const network = `label=com.docker.compose.project=${name.project}`
  return lines(
    enter(target),
    sh`recreate() {`,
    recreate,
    sh`}`,
    sh`if [ -n "$(docker network ls --quiet --filter ${network})" ]; then recreate; else ${underLock(target.directory, sh`recreate`)}; fi`,
  )
}

/** A start, and then the question whether somebody sent requests to the color while it was recreated. */
export function thenAsked(start: Shell, { spares, version }: Start): Shell {
  return lines(
    sh`(`,
    start,
    sh`) || exit`,
    askWhether(spares.holds),
    leaveAlone(spares.color, sh`${`It was being recreated just then, and runs with ${version}.`}`),
  )
}

/** Touching no other container, and bringing nothing. */
export const ALONE = ['--no-deps', '--no-build', '--pull', 'never']

/** The dependencies are named, so that they count in the hash; they stay as many as they are and as they are. */
function createHashed(
  target: ComposeTarget,
  name: ServiceName,
  hashed: readonly string[],
  variables: Readonly<Record<string, string>>,
): Shell {
  const counts = hashed.map(
    (each) => sh`set -- "$@" --scale ${each}=$(${listContainers({ ...name, service: each })} | wc -l | tr -d ' ')`,
  )
  const create = ['up', ...ALONE, '--no-start', '--no-recreate']
  return lines(
    sh`set --`,
    ...counts,
    sh`${compose(target, create, variables, sh`"$@" ${[name.service, ...hashed]}`)} || exit 1`,
    sh`docker start $(${listContainers(name)}) >/dev/null || exit 1`,
  )
}

/** A service that never ran, as `dependencyPlan` gives it. */
export interface NeverRan {
  readonly service: string
  readonly condition: string
  readonly hashed: readonly string[]
}

/**
 * Starts services that never ran, in this order, each once the ones before it are as those that need it ask; an image
 * that is missing is pulled. A container that is there is left as it is. Bounded only by the deadline of the script.
 */
export function startDependencies(target: ComposeTarget, project: string, dependencies: readonly NeverRan[]): Shell {
  const starts = dependencies.flatMap(({ service, condition, hashed }) => {
    const name = { project, service }
    const up = compose(target, ['up', '--detach', '--no-deps', '--no-recreate', service])
    const pull = sh`${compose(target, ['pull', '--ignore-buildable', service])} >&2`
    const image = compose(target, ['config', '--images', service])
    return [
      sh`service=${service}`,
      hashed.length === 0
        ? sh`${up} || exit 1`
        : lines(
            sh`docker image inspect $(${image}) >/dev/null 2>&1 || ${pull} || exit 1`,
            createHashed(target, name, hashed, {}),
          ),
      sh`id=$(${listContainers(name)} | head -n 1)`,
      AWAIT[condition] ?? sh`:`,
    ]
  })
  return lines(enter(target), ...starts)
}

const AWAIT: Readonly<Record<string, Shell>> = {
  service_healthy: sh`while :; do
  case $(docker inspect --format '{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{end}}' "$id") in
    'running healthy') break ;;
    'running starting') sleep 1 ;;
    *) docker logs --tail 50 "$id" >&2; echo "$service did not become healthy." >&2; exit 1 ;;
  esac
done`,
  service_completed_successfully: sh`code=$(docker wait "$id") || exit 1
[ "$code" = 0 ] || { docker logs --tail 50 "$id" >&2; echo "$service ended with exit code $code." >&2; exit 1; }`,
}

/** Tries, half a second apart, in which a Docker daemon that is restarted answers again. */
const DOCKER_RESTARTS = 20

/**
 * Prints the last 200 lines of a refused container's log, and removes it, so that a reboot does not bring it back; one
 * that somebody sent requests to meanwhile is started again. A daemon that does not answer is waited for, for ten seconds.
 * @param except ids of containers that were there before, and stay
 */
export function removeRefused(name: ServiceName, spares: Spared, except: readonly string[] = []): Shell {
  return lines(
    sh`tries=${DOCKER_RESTARTS}
until all=$(${listContainers(name)} 2>/dev/null); do
  tries=$((tries - 1)); [ $tries -gt 0 ] || { ${listContainers(name)} >/dev/null; exit 1; }
  sleep 0.5
done
ids='' present=${` ${except.join(' ')} `}
for id in $all; do
  case $present in *" $id "*) continue ;; esac
  case $id in "\${container_started:-$id}") ;; *) echo "The container $id is of somebody else, and was left as it is."; continue ;; esac
  ids="$ids $id"; docker logs --tail 200 "$id" 2>&1 || :
done
[ -n "$ids" ] || exit 0
docker kill $ids >/dev/null 2>&1`,
    orStartAgain(spares, sh`docker start $ids >/dev/null`),
    sh`for id in $ids; do
  docker rm --force "$id" >/dev/null 2>&1 || ! docker inspect --type container "$id" >/dev/null 2>&1 || { echo "Docker did not remove the container $id; remove it by: docker rm --force $id" >&2; exit 1; }
done`,
  )
}

/**
 * Stops what runs of a service, each container in its own `stop_grace_period`, unless somebody sends requests there.
 * @param meanwhile runs while Docker stops them; `every` has the ids of all containers of the service
 */
export function stopService(name: ServiceName, spares: Spared, meanwhile: Shell = sh`:`): Shell {
  return lines(
    sh`listed=$(${listContainers(name, '{{.ID}} {{.State}}')}) || exit 1
every=$(printf '%s\n' "$listed" | awk '{ print $1 }')
ids=$(printf '%s\n' "$listed" | awk '$2 ~ /^(running|restarting|paused)$/ { print $1 }')
meanwhile() { ${meanwhile}
}
[ -n "$ids" ] || { meanwhile; exit 0; }
docker stop $ids >/dev/null & stopping=$!
meanwhile
wait $stopping; stopped=$?`,
    // Asked in any case: some of them, or all, may have stopped though it failed.
    orStartAgain(spares, sh`docker start $ids >/dev/null`),
    sh`[ $stopped = 0 ] || exit 1`,
  )
}

/** Stops a service in its grace period, and removes its containers; volumes stay. */
export function removeService(name: ServiceName, spares: Spared): Shell {
  return lines(
    sh`(`,
    stopService(name, spares),
    sh`) || exit`,
    sh`ids=$(${listContainers(name)}) || exit 1
[ -z "$ids" ] || docker rm --force $ids >/dev/null || exit 1`,
  )
}

/**
 * Lists the ids of a service's containers, without those of `docker compose run`.
 * @param format what is printed of each, as a template of `docker ps`; absent: its id
 */
export function listContainers({ project, service }: ServiceName, format?: string): Shell {
  const labels = [`project=${project}`, `service=${service}`, 'oneoff=False']
  const filters = labels.flatMap((label) => ['--filter', `label=com.docker.compose.${label}`])
  const printed = format === undefined ? ['--quiet'] : ['--format', format]
  return sh`docker ps --all --no-trunc ${printed} ${filters}`
}

/** The version of one color, for one command; the whole reference, where that is what the variable holds. */
export function versionEnvironment(
  target: ComposeTarget,
  color: Color,
  version: string,
): Readonly<Record<string, string>> {
  const names = variablesOf(target.variable).filter((which) => which === 'any' || which === color)
  const value = target.whole === undefined ? version : imageFor(target.whole, version)
  return Object.fromEntries(names.map((which) => [variableName(target.variable, which), value]))
}
