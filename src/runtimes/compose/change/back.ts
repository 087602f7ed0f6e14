import { lines, type Shell, sh } from '../../../host/quote.ts'
import type { Spared } from '../../../release/model.ts'
import { orStartAgain } from '../../../release/spared.ts'
import { type ComposeTarget, compose, composeReading, enter, projectFolder } from './command.ts'
import { rememberImage } from './pull.ts'
import { mayReturn, stayStoppedAlone } from './restart.ts'
import { ALONE, listContainers, type Start, startColor, versionEnvironment } from './scripts.ts'

/** A recorded release that is started again. */
export interface Recorded {
  /** Id of its image. */
  readonly image: string
  readonly way:
    | { readonly kind: 'container'; readonly id: string; readonly running: boolean }
    | { readonly kind: 'name' | 'id' }
    | { readonly kind: 'digest'; readonly reference: string }
}

/** Starts a stopped container as it is, with the restart policy that it had before a release retired it. */
export function startContainer(id: string, policy: string): Shell {
  return lines(mayReturn(id, policy), sh`docker start ${id} >/dev/null`)
}

/** Undoes that: prints what it logged since, and stops it again. One that is gone needs no undoing. */
export function stopContainer(id: string, policy: string, spares: Spared): Shell {
  return lines(
    sh`started=$(docker inspect --type container --format '{{.State.StartedAt}}' ${id} 2>/dev/null) || exit 0`,
    sh`docker logs --since "$started" --tail 200 ${id} 2>&1 || :`,
    sh`docker stop ${id} >/dev/null; stopped=$?`,
    orStartAgain(spares, startContainer(id, policy)),
    sh`[ $stopped = 0 ] || exit 1`,
    stayStoppedAlone(id),
  )
}

/**
 * Recreates the color's container from a recorded image, and fails if it has another one in the end.
 * @param given see `startNamed`
 */
export function startRecorded(target: ComposeTarget, start: Start, { image, way }: Recorded, given?: string): Shell {
  const { name } = start
  const up = way.kind === 'name' ? startNamed(target, start, given) : startWithImage(target, start, image)
  return lines(
    up,
    sh`[ $? = 0 ] || exit 1`,
    sh`started=$(docker inspect --type container --format '{{.Image}}' $(${listContainers(name)})) || exit 1`,
    sh`[ "$started" = ${image} ] || { echo "What was started has the image $started, and the release had "${image} >&2; exit 1; }`,
  )
}

/** Recreates the color as the compose file says; with this image in place of its own, if one is given. */
export function startNamed(target: ComposeTarget, start: Start, given?: string): Shell {
  return given === undefined ? startColor(target, start) : startWithImage(target, start, given)
}

/**
 * The compose file as compose reads it, and behind it a second document that names the image. Both go through
 * a pipe: no file of the user is changed, and what `.env` and `env_file` hold is written nowhere.
 */
function startWithImage(target: ComposeTarget, start: Start, image: string): Shell {
  return withImage(target, start, image, ['up', ...ALONE, '--detach', '--force-recreate', start.name.service])
}

/** Builds the image of a color under this name, and no other; its undo is `undoPull`. */
export function buildImage(target: ComposeTarget, start: Start, image: string): Shell {
  return lines(rememberImage(target, image), withImage(target, start, image, ['build', start.name.service]))
}

function withImage(
  target: ComposeTarget,
  { name, spares, version }: Start,
  image: string,
  args: readonly string[],
): Shell {
  const variables = versionEnvironment(target, spares.color, version)
  const override = JSON.stringify({ services: { [name.service]: { image, pull_policy: 'never' } } })
  const folder = ['--project-directory', projectFolder({ ...target, directory: '.' })]
  return lines(
    enter(target),
    sh`read=$(${compose(target, ['config', name.service], variables)}) || exit 1`,
    sh`printf '%s\\n---\\n%s\\n' "$read" ${override} | ${composeReading({ ...target, files: ['-'] }, [...folder, ...args], variables)}`,
  )
}
