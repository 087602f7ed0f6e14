import { lines, type Shell, sh } from '../../../host/quote.ts'
import type { Spared } from '../../../release/model.ts'
import type { ComposeService } from '../observe/project.ts'
import { type ServiceName, stopService } from './scripts.ts'

/**
 * Policies by which Docker starts a stopped container again when the engine itself is started: `always` in any case,
 * `on-failure` if it ended with another code than 0, as most do that are told to stop.
 */
const RETURNING = /^(always|on-failure(:\d+)?)$/

/** The restart policy with which compose makes the containers of a service, as `docker update` takes it. */
export function restartPolicy({ restart }: Pick<ComposeService, 'restart'>): string {
  if (restart === 'any') return 'always'
  return restart === 'none' ? 'no' : restart
}

/** Whether a container that was stopped would run again once the engine was started again. */
export function returns(policy: string): boolean {
  return RETURNING.test(policy)
}

/**
 * Stops a service as `stopService` does, then takes their restart policy from its stopped containers: what was taken back must not run
 * again, on the same volumes, because the host was rebooted. Compose does not compare policies. A container that runs keeps
 * its own, even one that somebody starts at this very moment.
 */
export function stopForGood(name: ServiceName, spares: Spared): Shell {
  return lines(sh`ids=$(`, stopService(name, spares, whichReturn), sh`) || exit`, restingAll(sh`echo $ids`))
}

/** Prints which containers have such a policy. */
const whichReturn = sh`[ -z "$every" ] || docker inspect --type container --format '{{.Id}} {{.HostConfig.RestartPolicy.Name}}' $every 2>/dev/null | awk '$2 == "always" || $2 == "on-failure" { print $1 }'`

/** The same for one container by its id. */
export function stayStoppedAlone(id: string): Shell {
  return restingAll(sh`echo ${id}`)
}

/** Gives a container that was kept stopped its policy back. */
export function mayReturn(id: string, policy: string): Shell {
  if (!returns(policy)) return sh`:`
  return sh`[ "$(docker inspect --type container --format '{{.HostConfig.RestartPolicy.Name}}' ${id})" != no ] || docker update --restart ${policy} ${id} >/dev/null || exit 1`
}

function restingAll(listed: Shell): Shell {
  const look = sh`docker inspect --type container --format '{{.State.Running}} {{.HostConfig.RestartPolicy.Name}}:{{.HostConfig.RestartPolicy.MaximumRetryCount}}' "$id"`
  return lines(
    sh`for id in $(${listed}); do`,
    sh`  policy=$(${look} 2>/dev/null) || continue`,
    sh`  case $policy in`,
    sh`    'false always:'*) policy=always ;;`,
    sh`    'false on-failure:'*) policy=\${policy#false } policy=\${policy%:0} ;;`,
    sh`    *) continue ;;`,
    sh`  esac`,
    sh`  docker update --restart no "$id" >/dev/null || exit 1`,
    sh`  case $(${look} 2>/dev/null) in true*) docker update --restart "$policy" "$id" >/dev/null ;; esac`,
    sh`done`,
  )
}
