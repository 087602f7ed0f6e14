import { type FSWatcher, watch } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { StartedAction } from './action.ts'
import { pause } from './command.ts'
import { labFolder } from './engine.ts'
import type { LabSite } from './site.ts'

/** When a release is killed: told from outside, by its log and by the files that it writes. */
export type Instant =
  /** The journal has got the entry of a change. */
  | { readonly kind: 'entry'; readonly change: string }
  /** It logs something, and so many milliseconds have passed. */
  | { readonly kind: 'log'; readonly said: RegExp; readonly later: number }
  /** A file of the state directory came, by a rename, and so many milliseconds have passed. */
  | { readonly kind: 'file'; readonly names: readonly string[]; readonly later: number }

/** A state directory, as it is written. */
export interface StateWatch {
  /** Resolves once the instant has come; it has to be asked for before the action starts. */
  reached(instant: Instant, action: StartedAction): Promise<void>
  close(): void
}

/** Watches the state directory of a site, from beside its host. */
export function watchState({ host, stateDirectory }: LabSite): StateWatch {
  const folder = join(labFolder, host.machine.id, stateDirectory)
  const watchers: FSWatcher[] = []
  const heard = new Set<(file: string) => void>()
  const listen = (path: string, prefix: string): void => {
    const tell = (_: string, name: string | null): void => {
      if (prefix === '' && name?.startsWith('journal-')) follow(name)
      for (const ear of heard) ear(`${prefix}${name}`)
    }
    try {
      watchers.push(watch(path, tell).on('error', () => undefined))
    } catch {
      // it went as soon as it had come
    }
  }
  const followed = new Set<string>()
  const follow = (name: string): void => {
    if (followed.has(name)) return
    followed.add(name)
    listen(join(folder, name), `${name}/`)
  }
  listen(folder, '')
  const wait = (so: (file: string) => Promise<boolean> | boolean): Promise<void> =>
    new Promise((done) => {
      const ear = async (file: string): Promise<void> => {
        if (!(await so(file))) return
        heard.delete(ear)
        done()
      }
      heard.add(ear)
    })
  return {
    async reached(instant, action) {
      if (instant.kind === 'log') {
        await action.logged(instant.said)
        return pause(instant.later)
      }
      if (instant.kind === 'file') {
        await wait((file) => instant.names.includes(file))
        return pause(instant.later)
      }
      const entry = `"title":"${instant.change}`
      await wait(async (file) => {
        if (!file.endsWith('/changes')) return false
        return (await readFile(join(folder, file), 'utf8').catch(() => '')).includes(entry)
      })
    },
    close: () => {
      for (const watcher of watchers) watcher.close()
    },
  }
}
