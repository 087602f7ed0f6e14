import type { HostName } from '../../../host/host.ts'
import { type Assessment, refusal, usable } from '../../../release/assessment.ts'
import type { NginxFacts, NginxPlace } from '../facts.ts'
import type { NginxObservation } from '../observe/observation.ts'
import { nginxRefusals } from '../refusals.ts'
import { blindSwitch } from '../switch/blind.ts'
import { recallSwitch } from '../switch/memory.ts'

/** An Nginx whose configuration could not be read: some switches can be flipped all the same. */
export function assessUnread(
  seen: Exclude<NginxObservation, { kind: 'read' }>,
  place: NginxPlace,
): Assessment<NginxFacts> {
  const { nginx, proxy } = place
  if (seen.kind === 'refused') {
    const fault = nginxRefusals['nginx-configuration-refused'](proxy, seen.why)
    const last = place.goingBack && nginx.flip !== 'reload' ? lastSeen(place, seen.why) : undefined
    return last === undefined ? refusal(fault) : usable({ ...last, fault })
  }
  const why = seen.kind === 'stopped' ? 'it does not run' : seen.why
  if (nginx.flip !== 'reload' && place.url !== undefined && nginx.stateDirectoryGiven)
    return blindSwitch(place, place.url, why)
  if (seen.kind === 'stopped') return refusal(nginxRefusals['nginx-stopped'](proxy))
  return refusal(nginxRefusals['nginx-unreadable'](proxy, seen.why, userOf(proxy), nginx.command))
}

/** What can be flipped without reading Nginx. */
function lastSeen(place: NginxPlace, why: string): NginxFacts | undefined {
  const { state, nginx, proxy, url } = place
  const last = recallSwitch(state, nginx.stateDirectory, proxy)
  if (last !== undefined || url === undefined || !nginx.stateDirectoryGiven) return last
  return blindSwitch(place, url, why).value
}

function userOf(host: HostName): string {
  return host.slice(0, host.lastIndexOf('@'))
}
