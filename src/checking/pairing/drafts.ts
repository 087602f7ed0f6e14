import { sh, words } from '../../host/quote.ts'
import { nginxCall } from '../../routers/nginx/check/call.ts'
import { confinementFindings } from '../../routers/nginx/check/confinement.ts'
import { nginxFindings } from '../../routers/nginx/check/findings.ts'
import { sitesOf } from '../../routers/nginx/check/sites.ts'
import { beforeInstalling } from '../../routers/nginx/check/switch-place.ts'
import type { NginxPlace } from '../../routers/nginx/facts.ts'
import { composeCall } from '../../runtimes/compose/check/call.ts'
import { colorFindings } from '../../runtimes/compose/check/colors-wanted.ts'
import { said } from '../../runtimes/compose/check/context.ts'
import { dockerFindings } from '../../runtimes/compose/check/docker.ts'
import { composeFindings } from '../../runtimes/compose/check/findings.ts'
import { roomFindings } from '../../runtimes/compose/check/room.ts'
import type { Carrying } from '../edits/change-block.ts'
import type { Draft } from '../finding.ts'
import { healthFindings } from '../host/health.ts'
import { stateFindings } from '../host/state.ts'
import { logoutFindings } from '../host/system.ts'
import { toolFindings } from '../host/tools.ts'
import { judged } from '../judge.ts'
import { addressesReady } from './addresses-ready.ts'
import { asNginx, reachedIn, siteOf } from './as-nginx.ts'
import type { Context } from './context.ts'
import { proxyFindings } from './proxy.ts'

/** Where root keeps Nginx's files as they were: no glob of Nginx looks there. */
const ORIGINALS = '/var/backups/blue-green'

/**
 * Everything that is found of a host, before changes of files are made into blocks.
 * @param place how Nginx is judged, if the colors are known
 */
export function draftsOf(context: Context, place: NginxPlace | undefined): readonly Draft[] {
  const first = [...dockerFindings(context, reachedIn(context)), ...toolFindings(context), ...stateFindings(context)]
  if (isBlind(context) && first.some(({ severity }) => severity === 'problem')) return onlyFirst(first, context)
  const found = [
    ...first,
    ...colorFindings(context),
    ...proxyFindings(context, place),
    ...composeFindings(context, siteOf(context)),
    ...nginxFindings(asNginx(context), place, addressesReady(context, place)),
    ...healthFindings(context.hostWish, context),
    ...logoutFindings(context),
    ...confinementFindings(asNginx(context)),
    ...roomFindings(context),
  ]
  return judged(found, context)
}

/**
 * Without Docker nobody knows what runs, nor what an Nginx in a container serves: what would be said of both, and the
 * files that would be written, might be wrong.
 */
function isBlind({ compose, inputs, nginx }: Context): boolean {
  return said(compose?.containers) === undefined || (inputs.nginx.command !== undefined && nginx?.kind !== 'read')
}

function onlyFirst(drafts: readonly Draft[], context: Context): readonly Draft[] {
  const own = context.inputs.nginx.command === undefined && context.nginx?.kind !== 'read'
  const nginx = own ? nginxFindings(asNginx(context), undefined, false) : []
  const needed = [...drafts, ...nginx.filter(({ severity }) => severity === 'problem')]
  const last = needed.at(-1)
  return needed.map((draft) => {
    if (draft !== last) return draft
    return {
      ...draft,
      fix: { ...draft.fix, text: `${draft.fix.text} Then run the check again: it sees the rest only with this.` },
    }
  })
}

/** How the files of each kind are changed there. */
export function carryingOn(context: Context): (kind: 'compose' | 'nginx') => Carrying {
  return (kind) => {
    if (kind === 'compose') return { verify: composeCall(context, sh`config --quiet`) }
    const own = asNginx(context)
    return {
      verify: nginxCall(own, sh`-t`),
      load: words([...beforeInstalling(own), nginxCall(own, sh`-s reload`)], ' && '),
      unload: nginxCall(own, sh`-s reload`),
      sites: context.nginx?.kind === 'read' ? sitesOf(context.nginx, [context.inputs.health.path]) : [],
      originals: ORIGINALS,
    }
  }
}
