import type { NginxPlace } from '../../routers/nginx/facts.ts'
import { said } from '../../runtimes/compose/check/context.ts'
import { isRunning } from '../../runtimes/compose/observe/containers.ts'
import { liveIn } from './as-nginx.ts'
import type { Context } from './context.ts'
import { proxyFindings } from './proxy.ts'

/**
 * Whether a switch may name the colors' addresses: an Nginx in a container would send everybody to the live color's, and
 * nothing may be there yet. What a block of the same check gives it comes before the switch.
 */
export function addressesReady(context: Context, place: NginxPlace | undefined): boolean {
  const { colors, compose } = context
  if (colors?.apart === undefined) return true
  if (proxyFindings(context, place).some(({ afterwards = [] }) => afterwards.length > 0)) return true
  const live = liveIn(context)
  const host = live && colors.addresses[live]?.replace(/:\d+$/, '')
  if (host === undefined) return false
  const running = (said(compose?.containers) ?? []).filter(isRunning)
  return running.some(({ addresses }) => addresses.includes(host))
}
