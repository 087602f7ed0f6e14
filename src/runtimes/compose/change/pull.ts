import { defineOwnFolder } from '../../../host/own-folder.ts'
import { lines, type Shell, sh } from '../../../host/quote.ts'
import type { Color } from '../../../release/model.ts'
import { type ComposeTarget, enter } from './command.ts'
import { pullService } from './scripts.ts'

/** A login for the pull alone. */
export interface Login {
  /** Empty: Docker Hub. */
  readonly server: string
  readonly username: string
  readonly password: string
}

/** What is pulled, and how. */
export interface Pull {
  readonly service: string
  readonly color: Color
  readonly version: string
  readonly image: string
  readonly policy: 'always' | 'missing'
  readonly login?: Login
  /** The compose file names another one. */
  readonly replaces?: true
}

/** A pull that fails so will fail again. */
export const HOPELESS =
  'unauthorized|denied|not found|manifest unknown|no such|invalid reference|no space left|no basic auth'

/** File in which the pull leaves, for its undo, what its image's name meant before. */
const BEFORE = '.blue-green/image.before'
/** File in which the undo leaves for itself what the pull brought. */
const PULLED = '.blue-green/image.pulled'

/**
 * Pulls the image of one color. With a login, under a docker configuration of its own that is thrown away, under which
 * nothing but `docker login` and `docker pull` runs: it would hide the user's plugins and credential helpers.
 */
export function pullImage(target: ComposeTarget, pull: Pull): Shell {
  const { image, login, policy } = pull
  const remember = rememberImage(target, image)
  if (login === undefined && !pull.replaces)
    return lines(remember, pullService(target, pull.service, pull.color, pull.version, pull))
  return lines(
    remember,
    policy === 'missing' ? sh`docker image inspect ${image} >/dev/null 2>&1 && exit 0` : sh`:`,
    login === undefined ? sh`docker pull -- ${image}` : pullWith(login, image),
  )
}

/** Pulls by what the registry calls an image, `name@sha256:…`, and nothing else: it must be the image of this id. */
export function pullRecorded(target: ComposeTarget, reference: string, id: string, login: Login | undefined): Shell {
  return lines(
    rememberImage(target, reference),
    login === undefined ? sh`docker pull -- ${reference} || exit 1` : sh`(\n${pullWith(login, reference)}\n) || exit 1`,
    sh`pulled=$(docker image inspect --format '{{.Id}}' ${reference})`,
    sh`[ "$pulled" = ${id} ] || { echo "The registry gave the image $pulled, and the release had "${id} >&2; exit 1; }`,
  )
}

/** For the undo: what the name means before the pull. */
export function rememberImage(target: ComposeTarget, image: string): Shell {
  return lines(
    enter(target),
    defineOwnFolder,
    sh`own_folder . || exit 1`,
    sh`(umask 077 && docker image inspect --format '{{.Id}}' ${image} > ${BEFORE} 2>/dev/null); [ -e ${BEFORE} ] || exit 1`,
  )
}

function pullWith(login: Login, image: string): Shell {
  return lines(
    // In memory where there is such a place, so that not even a host that dies keeps it.
    sh`for place in "$XDG_RUNTIME_DIR" /dev/shm "\${TMPDIR:-/tmp}"; do [ -d "$place" ] && [ -w "$place" ] && break; done`,
    sh`config=$(mktemp -d "$place/blue-green.XXXXXX") || exit 1`,
    sh`trap 'rm -rf "$config"' EXIT; trap 'exit 143' TERM INT HUP`,
    // That configuration hides which docker the user has chosen, too.
    sh`DOCKER_HOST=$(docker context inspect --format '{{.Endpoints.docker.Host}}') && export DOCKER_HOST || exit 1`,
    // The builtin printf has no arguments that others could see; docker warns that the file is not encrypted: it is gone in a moment.
    sh`printf %s ${login.password} | docker --config "$config" login --username=${login.username} --password-stdin ${login.server === '' ? [] : ['--', login.server]} 2>"$config/said" >/dev/null || { cat "$config/said" >&2; exit 1; }`,
    sh`docker --config "$config" pull -- ${image}`,
  )
}

/** Makes the image's name mean what it meant before the pull, and removes what only the pull brought. */
export function undoPull(target: ComposeTarget, image: string): Shell {
  return lines(
    enter(target),
    defineOwnFolder,
    sh`private_folder . || exit 1`,
    sh`[ -e ${BEFORE} ] || exit 0`,
    sh`before=$(cat ${BEFORE}); now=$(docker image inspect --format '{{.Id}}' ${image} 2>/dev/null)`,
    sh`if [ -z "$before" ]; then [ -z "$now" ] || docker image rm ${image} >/dev/null || exit 1`,
    sh`else`,
    // The name moves at once, so that an undo that is cut and done again finds it at one of the two.
    sh`  [ "$now" = "$before" ] || { echo "$now" > ${PULLED}; docker image tag "$before" ${image} || exit 1; }`,
    sh`  pulled=$(cat ${PULLED} 2>/dev/null)`,
    // Where something else uses what was pulled, that stays.
    sh`  [ -z "$pulled" ] || [ -n "$(docker image inspect --format '{{join .RepoTags " "}}' "$pulled")" ] || docker image rm "$pulled" >/dev/null 2>&1 || :`,
    sh`fi`,
    sh`rm -f ${[BEFORE, PULLED]}`,
  )
}

/** Removes what the pull left for its undo. */
export function discardPulled(target: ComposeTarget): Shell {
  return lines(enter(target), sh`rm -f ${BEFORE}`)
}
