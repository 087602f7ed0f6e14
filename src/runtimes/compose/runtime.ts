import { lines, type Shell, sh } from '../../host/quote.ts'
import type { Change, Color } from '../../release/model.ts'
import { STARTED, saysAccepted } from '../../release/started.ts'
import type { Runtime } from '../runtime.ts'
import type { Dependency } from './assess/dependencies.ts'
import { buildImage, type Recorded, startContainer, startNamed, startRecorded, stopContainer } from './change/back.ts'
import { type ComposeTarget, envFile, startByHand, targetOf } from './change/command.ts'
import { waitForDocker } from './change/docker-health.ts'
import { drainService } from './change/drain.ts'
import { discardEnvFile, editEnvFile, restoreEnvFile, underLock } from './change/env-file.ts'
import { occupies, type StartedContainer, tellStarted, watchContainer, whileOccupied } from './change/exit-watch.ts'
import { identityMembers, runningMembers } from './change/identity.ts'
import { discardPulled, HOPELESS, type Login, pullImage, pullRecorded, undoPull } from './change/pull.ts'
import { restartPolicy, returns, stopForGood } from './change/restart.ts'
import { removeImages } from './change/retire.ts'
import {
  removeRefused,
  removeService,
  type ServiceName,
  type Start,
  startDependencies,
  thenAsked,
} from './change/scripts.ts'
import { imageFor, variableName, variablesOf } from './observe/image.ts'
import type { ComposeService } from './observe/project.ts'

/** What was found out about a compose project, as far as its changes need it. */
export interface ComposeFacts {
  readonly target: ComposeTarget
  readonly services: Readonly<Record<Color, ComposeService>>
  readonly pull: 'always' | 'missing' | 'never'
  /** The image of a service that can be is built on the host. */
  readonly build: boolean
  /** Docker checks the health of a color: it must say so, or it may. */
  readonly healthcheck: 'required' | 'there' | 'none'
  readonly registry?: Login
  readonly previous: 'stop' | 'keep' | 'remove'
  /** Ids of images that only older releases used. */
  readonly oldImages: readonly string[]
  readonly dependencies: readonly Extract<Dependency, { kind: 'start' }>[]
  /** Ids of all containers that were there before: an undo never removes one of them. */
  readonly present: readonly string[]
  /** Dependencies that count in the hash of the color that is started: see `hashedDependencies`. */
  readonly hashed: readonly string[]
  /** Containers of the project use its network, so that it is there. */
  readonly networked: boolean
  /** Id of the container that requests leave; absent if none was there. */
  readonly leaving?: string
  /** Given for a rollback: what it starts again. Nothing is pulled for it but what is gone from the host. */
  readonly recorded?: Recorded
  /** Absent: `.env` is left alone. Else the versions that its variables are to have, that of the new color aside. */
  readonly remembered?: {
    readonly others: Readonly<Partial<Record<Color, string>>>
    /** SHA-256 of `.env` as it is now. */
    readonly sum?: string
  }
}

/** Milliseconds. */
const MINUTE = 60_000
const PULL_DEADLINE = 30 * MINUTE
const BUILD_DEADLINE = 60 * MINUTE
const START_DEADLINE = 5 * MINUTE
const SHORT_DEADLINE = MINUTE

/** The two colors as services of one compose project. */
export function composeRuntime(facts: ComposeFacts): Runtime {
  const { services, recorded } = facts
  const sum = facts.remembered?.sum
  const targetAt = (color: Color): ComposeTarget => targetOf(facts.target, color)
  const nameOf = (color: Color): ServiceName => ({
    project: services[color].project,
    service: services[color].name,
  })
  /** The container that this release starts, or finds running: no other one of the same service. */
  const occupant = (color: Color): StartedContainer =>
    recorded?.way.kind === 'container'
      ? { name: nameOf(color), id: sh`${recorded.way.id}`, fresh: false }
      : { name: nameOf(color), id: STARTED, fresh: true }
  const change = (title: string, rest: Omit<Change, 'kind' | 'phase' | 'on' | 'title'>): Change => ({
    kind: 'change',
    phase: 'prepare',
    on: 'all apps',
    title,
    ...rest,
  })
  /** A reference that says no version means the released image from now on, so that no hand-run goes back to an older one. */
  const tagged = (color: Color): readonly Change[] => {
    const { replaces } = services[color]
    if (replaces === undefined || replaces === '' || replaces.includes('@')) return []
    // Whoever carries this on started nothing, and then another container may be there.
    const image = sh`$(docker inspect --type container --format '{{.Image}}' "$id")`
    const shell = sh`id=${occupant(color).id}; [ -n "$id" ] || exit 0; image=${image} && docker image tag "$image" ${replaces}`
    return [retiring(`Let ${replaces} mean the image of ${titleOf(color)}`, `docker image tag, as ${replaces}`, shell)]
  }
  /** For titles: the services of both colors may be called the same. */
  const titleOf = (color: Color): string =>
    services.blue.name === services.green.name ? `${services[color].name} of ${color}` : services[color].name
  const isBuilt = (color: Color): boolean => recorded === undefined && facts.build && services[color].build
  const built = (color: Color, version: string, start: Start): readonly Change[] => {
    const target = targetAt(color)
    const { name, image } = services[color]
    if (!isBuilt(color) || image === undefined) return []
    const reference = imageFor(image, version)
    return [
      change(`Build ${reference}`, {
        reason: 'build-failed',
        subject: reference,
        effect: {
          does: `docker compose build ${name}, as ${reference}`,
          undoes: 'Makes the name mean what it meant before; removes what only the build made',
        },
        do: { shell: buildImage(target, start, reference), deadline: BUILD_DEADLINE },
        undo: { shell: undoPull(target, reference), deadline: SHORT_DEADLINE },
      }),
    ]
  }
  return {
    pull(color, version) {
      const target = targetAt(color)
      const { name, image = '', replaces } = services[color]
      const login = facts.registry
      const never = facts.pull === 'never' || isBuilt(color)
      if (recorded === undefined ? never : recorded.way.kind !== 'digest') return []
      const reference = recorded?.way.kind === 'digest' ? recorded.way.reference : imageFor(image, version)
      const policy = facts.pull === 'missing' ? 'missing' : 'always'
      const pull = {
        service: name,
        color,
        version,
        image: reference,
        policy,
        ...(login && { login }),
        ...(replaces !== undefined && { replaces: true as const }),
      } as const
      const shell = recorded ? pullRecorded(target, reference, recorded.image, login) : pullImage(target, pull)
      return [
        change(`Pull ${reference}`, {
          reason: 'pull-failed',
          subject: reference,
          effect: {
            does: `${recorded || replaces !== undefined ? 'docker pull' : `docker compose pull ${name}, which is`} ${reference}${policy === 'missing' && !recorded ? ', where it is not there' : ''}`,
            undoes: 'Makes the name mean what it meant before; removes what only the pull brought',
          },
          do: { shell, deadline: PULL_DEADLINE },
          undo: { shell: undoPull(target, reference), deadline: SHORT_DEADLINE },
          retry: { times: 2, pause: 3000, unless: HOPELESS },
        }),
      ]
    },
    startDependencies(color) {
      if (facts.dependencies.length === 0) return []
      const names = facts.dependencies.map((dependency) => dependency.service).join(', ')
      const shell = startDependencies(targetAt(color), services[color].project, facts.dependencies)
      return [
        change(`Start ${names}, which never ran`, {
          reason: 'start-failed',
          subject: names,
          effect: { does: `docker compose up --no-deps ${names}` },
          do: { shell, deadline: START_DEADLINE },
        }),
      ]
    },
    start(spares, version) {
      const { color } = spares
      const target = targetAt(color)
      const { name, stopGracePeriod } = services[color]
      const start = { name: nameOf(color), version, hashed: facts.hashed, networked: facts.networked, spares }
      if (recorded?.way.kind === 'container') {
        const { id, running } = recorded.way
        if (running) return []
        const policy = restartPolicy(services[color])
        return [
          change(`Start the container of ${titleOf(color)} as it was with ${version}`, {
            reason: 'start-failed',
            subject: name,
            spares,
            effect: { does: `docker start ${id.slice(0, 12)}`, undoes: `docker stop ${id.slice(0, 12)}` },
            do: { shell: startContainer(id, policy), deadline: START_DEADLINE },
            undo: { shell: stopContainer(id, policy, spares), deadline: SHORT_DEADLINE + stopGracePeriod },
          }),
        ]
      }
      const { image, replaces } = services[color]
      const named = image === undefined ? undefined : imageFor(image, version)
      const given = replaces === undefined ? undefined : named
      const reference = recorded ? undefined : named
      const made = recorded ? startRecorded(target, start, recorded, given) : startNamed(target, start, given)
      const shell = lines(sh`(`, made, sh`) || exit`, tellStarted(start.name, reference))
      return [
        ...built(color, version, start),
        change(`Start ${titleOf(color)} with ${version}`, {
          reason: 'start-failed',
          subject: name,
          spares,
          effect: {
            does: `docker compose up --no-deps --force-recreate ${name}, ${given === undefined ? `with ${variablesFor(target.variable, color).toReversed().join(' and ')} = ${version}` : `with the image ${given} in place of ${replaces === '' ? 'one that is built' : replaces}`}${recorded ? `, its image by ${recorded.way.kind === 'name' ? 'name' : 'the id'} ${recorded.image}` : ''}`,
            undoes: 'Saves the log of the new container, and removes it',
          },
          do: { shell: thenAsked(shell, start), deadline: START_DEADLINE },
          undo: { shell: removeRefused(nameOf(color), spares, facts.present), deadline: SHORT_DEADLINE },
        }),
      ]
    },
    calledHealthy(color, timeout) {
      if (facts.healthcheck === 'none') return []
      return [
        change(`Wait until Docker calls ${titleOf(color)} healthy`, {
          reason: 'not-healthy',
          subject: services[color].name,
          effect: { does: 'Nothing: it waits for the health check of the container' },
          do: {
            shell: waitForDocker(occupant(color).id, timeout, facts.healthcheck === 'required'),
            deadline: timeout + SHORT_DEADLINE,
          },
        }),
      ]
    },
    wake(color) {
      const policy = restartPolicy(services[color])
      const shell = startByHand(targetAt(color), services[color].name, ...(returns(policy) ? [policy] : []))
      return { shell, shown: shell.text }
    },
    exitWatch: (color, duration) => ({
      on: 'all apps',
      script: { shell: watchContainer(occupant(color), duration), deadline: duration + SHORT_DEADLINE },
    }),
    occupies: (color, restarts = 'none') => {
      const { fresh, ...who } = occupant(color)
      const shell = occupies({ ...who, fresh: fresh && restarts === 'none' })
      return { on: 'all apps', script: { shell, deadline: SHORT_DEADLINE } }
    },
    whileOccupied: (color, script, { arrivals }) => {
      const leaving = facts.leaving
      const shell = whileOccupied(occupant(color), script, { arrivals, ...(leaving !== undefined && { leaving }) })
      return { shell, deadline: SHORT_DEADLINE }
    },
    accepted: (color) => ({
      on: 'all apps',
      script: { shell: saysAccepted(occupant(color).id), deadline: SHORT_DEADLINE },
    }),
    recordVersion(color, version) {
      const target = targetAt(color)
      if (facts.remembered === undefined) return []
      const others = Object.entries(facts.remembered.others).map(([other, value]) => [
        variableName(target.variable, other === 'blue' ? 'blue' : 'green'),
        value,
      ])
      const values = {
        ...Object.fromEntries(others),
        ...Object.fromEntries(variablesFor(target.variable, color).map((name) => [name, version])),
      }
      const file = envFile(target)
      const edit = { file, variable: keptBy(target), values }
      return [
        change(`Write ${version} into ${file}`, {
          reason: 'start-failed',
          effect: {
            does: 'Sets the variables; every other byte stays',
            undoes:
              'Puts the file back as it was, its inode included; only these variables, where somebody else changed it since',
            files: [{ kind: 'variables', path: file, names: Object.keys(values), ...(sum && { before: sum }) }],
          },
          do: { shell: underLock(target.directory, editEnvFile(edit)), deadline: SHORT_DEADLINE },
          undo: { shell: underLock(target.directory, restoreEnvFile(edit)), deadline: SHORT_DEADLINE },
        }),
      ]
    },
    discardBackups(color) {
      const target = targetAt(color)
      const kept = { file: envFile(target), variable: keptBy(target) }
      const env = facts.remembered === undefined ? [] : [underLock(target.directory, discardEnvFile(kept))]
      const pulls = recorded ? recorded.way.kind === 'digest' : facts.pull !== 'never' || isBuilt(color)
      const pull = pulls ? [discardPulled(target)] : []
      if (env.length + pull.length === 0) return tagged(color)
      const removed = retiring('Remove what was kept for undoing', 'Removes private copies', lines(...env, ...pull))
      return [removed, ...tagged(color)]
    },
    drain(color, duration, quiet) {
      const { name } = services[color]
      const ports = listeningPorts(services[color])
      if (ports.length === 0) return []
      const shell = drainService(nameOf(color), ports, {
        duration,
        quiet,
        afterwards: afterDrain(facts.previous, name),
      })
      return [{ on: 'all apps', script: { shell, deadline: duration + SHORT_DEADLINE } }]
    },
    retire(spares) {
      const { color } = spares
      const { name, stopGracePeriod } = services[color]
      switch (facts.previous) {
        case 'keep':
          return [{ ...retiring(`See that no requests go to ${color}`, 'Nothing', sh`:`), spares }]
        case 'stop':
          return [
            {
              ...retiring(
                `Stop ${titleOf(color)}`,
                `docker stop, of ${name}, which stays stopped when Docker starts again`,
                stopForGood(nameOf(color), spares),
                stopGracePeriod,
              ),
              spares,
            },
          ]
        case 'remove':
          return [
            {
              ...retiring(
                `Remove ${titleOf(color)}`,
                `docker stop and docker rm, of ${name}`,
                removeService(nameOf(color), spares),
                stopGracePeriod,
              ),
              spares,
            },
          ]
      }
    },
    identify: (color) => identityMembers(occupant(color)),
    identifyRunning: (color) => runningMembers(nameOf(color)),
    prune() {
      if (facts.oldImages.length === 0) return []
      const repository = imageFor(services.blue.image ?? '', 'x').replace(/:x$/, '')
      return [
        retiring(
          'Remove images that no rollback needs',
          `docker image rm, as far as nothing uses them: ${facts.oldImages.map((id) => id.slice(0, 19)).join(', ')}`,
          removeImages(facts.oldImages, repository),
        ),
      ]
    },
  }
}

/** The variables that carry the version of a color. */
function variablesFor(variable: string, color: Color): readonly string[] {
  return variablesOf(variable)
    .toReversed()
    .flatMap((which) => (which === 'any' || which === color ? [variableName(variable, which)] : []))
}

/** By which name the copies of `.env` are kept: see `EnvEdit`. */
function keptBy({ variable }: ComposeTarget): string {
  return variable.replace(/[{}]/g, '')
}

/** For callers that bypass Nginx. */
function afterDrain(previous: ComposeFacts['previous'], service: string): string {
  const then = previous === 'keep' ? 'keeps talking to that version' : `is cut off when \`${service}\` stops`
  return `It got all of \`drain-timeout\`, and ${then}: let it go through Nginx.`
}

/** Cleanup: only warns, and is never undone. `extra` in milliseconds. */
function retiring(title: string, does: string, shell: Shell, extra = 0): Change {
  const script = { shell, deadline: SHORT_DEADLINE + extra }
  const at = { kind: 'change', phase: 'retire', on: 'all apps' } as const
  return { ...at, title, reason: 'command-failed', effect: { does }, do: script }
}

/** Ports inside the container on which callers can be connected. */
function listeningPorts(service: ComposeService): readonly number[] {
  const exposed = service.exposed.flatMap((written) => Number.parseInt(written, 10) || [])
  return [...new Set([...service.ports.map((port) => port.target), ...exposed])].filter((port) => port > 0)
}
