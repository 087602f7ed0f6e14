import { sh, words } from '../../host/quote.ts'
import { nginxCall } from '../../routers/nginx/check/call.ts'
import { nginxFindings } from '../../routers/nginx/check/findings.ts'
import { sitesOf } from '../../routers/nginx/check/sites.ts'
import { beforeInstalling } from '../../routers/nginx/check/switch-place.ts'
import type { NginxPlace } from '../../routers/nginx/facts.ts'
import { composeCall } from '../../runtimes/compose/check/call.ts'
import { colorFindings } from '../../runtimes/compose/check/colors-wanted.ts'
import { said } from '../../runtimes/compose/check/context.ts'
import { dockerFindings } from '../../runtimes/compose/check/docker.ts'
import { composeFindings } from '../../runtimes/compose/check/findings.ts'
import type { Carrying } from '../edits/change-block.ts'
import type { Draft } from '../finding.ts'
import { healthFindings } from '../host/health.ts'
import { stateFindings } from '../host/state.ts'
import { systemFindings } from '../host/system.ts'
import { toolFindings } from '../host/tools.ts'
import { judged } from '../judge.ts'
import { addressesReady } from './addresses-ready.ts'
import { asNginx, reachedIn, siteOf } from './as-nginx.ts'
import { proxyFindings } from './proxy.ts'
import type { Scene } from './context.ts'

/** Where root keeps Nginx's files as they were: no glob of Nginx looks there. */
const ORIGINALS = '/var/backups/blue-green'

/**
 * Everything that is found of a host, before changes of files are made into blocks.
 * @param place how Nginx is judged, if the colors are known
 */
export function draftsOf(scene: Scene, place: NginxPlace | undefined): readonly Draft[] {
  const first = [...dockerFindings(scene, reachedIn(scene)), ...toolFindings(scene), ...stateFindings(scene)]
  if (isBlind(scene) && first.some(({ severity }) => severity === 'problem')) return onlyFirst(first, scene)
  const found = [
    ...first,
    ...colorFindings(scene),
    ...proxyFindings(scene, place),
    ...composeFindings(scene, siteOf(scene)),
    ...nginxFindings(asNginx(scene), place, addressesReady(scene, place)),
    ...healthFindings(scene),
    ...systemFindings(scene),
  ]
  return judged(found, scene)
}

/**
 * Without Docker nobody knows what runs, nor what an Nginx in a container serves: what would be said of both, and the
 * files that would be written, might be wrong.
 */
function isBlind({ compose, inputs, nginx }: Scene): boolean {
  return said(compose?.containers) === undefined || (inputs.nginx.command !== undefined && nginx?.kind !== 'read')
}

function onlyFirst(drafts: readonly Draft[], scene: Scene): readonly Draft[] {
  const own = scene.inputs.nginx.command === undefined && scene.nginx?.kind !== 'read'
  const nginx = own ? nginxFindings(asNginx(scene), undefined, false) : []
  const needed = [...drafts, ...nginx.filter(({ severity }) => severity === 'problem')]
  const last = needed.at(-1)
  return needed.map((draft) => {
    if (draft !== last) return draft
    return {
      ...draft,
      mend: { ...draft.mend, text: `${draft.mend.text} Then run the check again: it sees the rest only with this.` },
    }
  })
}

/** How the files of each kind are changed there. */
export function carryingOn(scene: Scene): (kind: 'compose' | 'nginx') => Carrying {
  return (kind) => {
    if (kind === 'compose') return { verify: composeCall(scene, sh`config --quiet`) }
    const own = asNginx(scene)
    return {
      verify: nginxCall(own, sh`-t`),
      load: words([...beforeInstalling(own), nginxCall(own, sh`-s reload`)], ' && '),
      unload: nginxCall(own, sh`-s reload`),
      sites: scene.nginx?.kind === 'read' ? sitesOf(scene.nginx, [scene.inputs.health.path]) : [],
      originals: ORIGINALS,
    }
  }
}
