import type { HostName, Script } from '../host/host.ts'
import { userScript } from '../host/quote.ts'
import { type Change, NOOP } from '../release/model.ts'
import type { Hooks } from '../release/plan.ts'

/** The user's commands by the name of their input; one that is not given does nothing. */
export interface HookCommands {
  readonly beforeStart?: string
  readonly beforeFlip?: string
  readonly afterFlip?: string
  readonly afterRestore?: string
}

/** Changes that run the user's commands on one host in the folder of the application. Their effects remain. */
export function hooksOf(
  commands: HookCommands,
  directory: string,
  on: HostName,
  variables: Readonly<Record<string, string>>,
  deadline: number,
): Hooks {
  const script = (command: string): Script => ({ shell: userScript(directory, command, variables), deadline })
  const hook = (name: string, command: string | undefined): readonly Change[] => {
    if (command === undefined) return []
    const effect = { does: `Runs the command of \`${name}\` in ${directory} by \`sh -e\`: what it does remains` }
    return [{ ...base(name, on), effect, do: script(command), irreversible: true }]
  }
  return {
    beforeStart: hook('before-start', commands.beforeStart),
    beforeFlip: hook('before-flip', commands.beforeFlip),
    afterFlip: hook('after-flip', commands.afterFlip),
    afterRestore:
      commands.afterRestore === undefined
        ? []
        : [
            {
              ...base('after-restore', on),
              effect: { does: 'Nothing', undoes: 'Runs the command of `after-restore`, once traffic is back' },
              do: NOOP,
              undo: script(commands.afterRestore),
              bestEffort: true,
            },
          ],
  }
}

function base(name: string, on: HostName): Omit<Change, 'do'> {
  return { kind: 'change', phase: 'prepare', title: `Hook ${name}`, on, reason: 'hook-failed' }
}
