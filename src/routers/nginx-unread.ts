import type { HostName } from '../host/host.ts'
import { type Assessment, refusal, usable } from '../release/assessment.ts'
import { Failure } from '../release/reasons.ts'
import type { NginxGround, NginxPlace } from './nginx-ground.ts'
import type { NginxObservation } from './nginx-observation.ts'
import { blindSwitch } from './nginx-switch-blind.ts'
import { recallSwitch } from './nginx-switch-memory.ts'

/** An Nginx whose configuration could not be read: some switches can be flipped all the same. */
export function assessUnread(
  seen: Exclude<NginxObservation, { kind: 'read' }>,
  place: NginxPlace,
): Assessment<NginxGround> {
  const { nginx, proxy } = place
  if (seen.kind === 'refused') {
    const told = `Nginx on ${proxy} refuses the configuration on disk: ${seen.why}.`
    const last = place.goingBack && nginx.flip !== 'reload' ? lastSeen(place, seen.why) : undefined
    if (last === undefined) return refusal(new Failure('nginx-refused', `${told} ${refusedMend(seen.why)}`))
    return usable({ ...last, warning: `${told} ${refusedMend(seen.why)}` })
  }
  const why = seen.kind === 'stopped' ? 'it does not run' : seen.why
  if (nginx.flip !== 'reload' && place.url !== undefined && nginx.stateDirectoryGiven)
    return blindSwitch(place, place.url, why)
  if (seen.kind === 'stopped') return refusal(new Failure('nginx-refused', `Nginx does not run on ${proxy}. Start it.`))
  return refusal(
    new Failure(
      'nginx-refused',
      `Nginx does not show its configuration on ${proxy}: ${seen.why}. ${unavailableMend(place)}`,
    ),
  )
}

/** What can be flipped without reading Nginx. */
function lastSeen(place: NginxPlace, why: string): NginxGround | undefined {
  const { state, nginx, proxy, url } = place
  const last = recallSwitch(state, nginx.stateDirectory, proxy)
  if (last !== undefined || url === undefined || !nginx.stateDirectoryGiven) return last
  return blindSwitch(place, url, why).value
}

function refusedMend(why: string): string {
  return /host not found in upstream/.test(why)
    ? 'A name of a container is known only while it runs: start it (`docker compose up -d` and the service), so that `nginx -t` passes. Nginx would not come back from a restart as it is.'
    : 'Mend that file, and see that `nginx -t` passes: Nginx would not come back from a restart as it is.'
}

function unavailableMend({ proxy, nginx }: NginxPlace): string {
  if (nginx.command !== undefined) {
    return `See that \`${nginx.command} -T\` works for ${userOf(proxy)} in \`directory\` and its container runs, or correct \`nginx\`.`
  }
  return `Let the user run it (sudoers: \`${userOf(proxy)} ALL=(root) NOPASSWD: /usr/sbin/nginx -T, /usr/sbin/nginx -t, /usr/sbin/nginx -s reload\`), or correct \`nginx\`.`
}

function userOf(host: HostName): string {
  return host.slice(0, host.lastIndexOf('@'))
}
