import type { Change, Color } from '../release/words.ts'
import type { ComposeTarget } from './compose-command.ts'
import { envFile } from './compose-command.ts'
import type { Dependency } from './compose-dependencies.ts'
import { editEnvFile, forgetEnvFile, restoreEnvFile, underLock } from './compose-env-file.ts'
import { imageFor, variableName } from './compose-image.ts'
import type { ComposeService } from './compose-project.ts'
import {
  pullService,
  removeRefused,
  type ServiceName,
  startColor,
  startDependencies,
  watchService,
} from './compose-scripts.ts'
import type { Runtime } from './runtime.ts'

/** What was found out about a compose project, as far as its changes need it. */
export interface ComposeFacts {
  readonly target: ComposeTarget
  readonly project: string
  readonly services: Readonly<Record<Color, ComposeService>>
  readonly pull: 'always' | 'missing' | 'never'
  readonly dependencies: readonly Extract<Dependency, { kind: 'start' }>[]
  /** Ids of all containers that were there before: an undo never removes one of them. */
  readonly present: readonly string[]
  /** Dependencies that count in the hash of the color that is started: see `hashedDependencies`. */
  readonly hashed: readonly string[]
  /** Absent: `.env` is left alone. Else the versions that its variables are to have, that of the new color aside. */
  readonly remembered?: { readonly others: Readonly<Partial<Record<Color, string>>> }
}

/** Milliseconds. */
const MINUTE = 60_000
const PULL_DEADLINE = 30 * MINUTE
const START_DEADLINE = 5 * MINUTE
const SHORT_DEADLINE = MINUTE

/** The two colors as services of one compose project. */
export function composeRuntime(facts: ComposeFacts): Runtime {
  const { target, services } = facts
  const nameOf = (color: Color): ServiceName => ({ project: facts.project, service: services[color].name })
  const change = (title: string, rest: Omit<Change, 'kind' | 'phase' | 'on' | 'title'>): Change => ({
    kind: 'change',
    phase: 'prepare',
    on: 'all apps',
    title,
    ...rest,
  })
  return {
    pull(color, version) {
      const { name, image = '' } = services[color]
      const reference = imageFor(image, version)
      if (facts.pull === 'never') return []
      const shell = pullService(target, name, color, version, { policy: facts.pull, image: reference })
      return [
        change(`Pull ${reference}`, {
          reason: 'pull-failed',
          subject: reference,
          do: { shell, deadline: PULL_DEADLINE },
        }),
      ]
    },
    startDependencies() {
      if (facts.dependencies.length === 0) return []
      const names = facts.dependencies.map((dependency) => dependency.service).join(', ')
      const shell = startDependencies(target, facts.project, facts.dependencies)
      return [
        change(`Start ${names}, which never ran`, {
          reason: 'start-failed',
          subject: names,
          do: { shell, deadline: START_DEADLINE },
        }),
      ]
    },
    start(color, version) {
      const { name } = services[color]
      return [
        change(`Start ${name} with ${version}`, {
          reason: 'start-failed',
          subject: name,
          do: { shell: startColor(target, nameOf(color), color, version, facts.hashed), deadline: START_DEADLINE },
          undo: { shell: removeRefused(nameOf(color), facts.present), deadline: SHORT_DEADLINE },
        }),
      ]
    },
    vigil: (color, duration) => ({
      on: 'all apps',
      script: { shell: watchService(nameOf(color), duration), deadline: duration + SHORT_DEADLINE },
    }),
    remember(color, version) {
      if (facts.remembered === undefined) return []
      const others = Object.entries(facts.remembered.others).map(([other, value]) => [
        variableName(target.variable, other === 'blue' ? 'blue' : 'green'),
        value,
      ])
      const values = {
        ...Object.fromEntries(others),
        [variableName(target.variable, color)]: version,
        [variableName(target.variable, 'any')]: version,
      }
      const file = envFile(target)
      return [
        change(`Write ${version} into ${file}`, {
          reason: 'start-failed',
          do: { shell: underLock(target.directory, editEnvFile(file, values)), deadline: SHORT_DEADLINE },
          undo: { shell: underLock(target.directory, restoreEnvFile(file)), deadline: SHORT_DEADLINE },
        }),
      ]
    },
    forget() {
      if (facts.remembered === undefined) return []
      const file = envFile(target)
      return [
        {
          ...change(`Remove the copy of ${file}`, {
            reason: 'command-failed',
            do: { shell: underLock(target.directory, forgetEnvFile(file)), deadline: SHORT_DEADLINE },
          }),
          phase: 'retire',
        },
      ]
    },
  }
}
