import type { Fault } from './fault.ts'
import { commands } from './rows-commands.ts'
import { connection } from './rows-connection.ts'
import { cuts } from './rows-cuts.ts'
import { docker } from './rows-docker.ts'
import { engine } from './rows-engine.ts'
import { nginx } from './rows-nginx.ts'
import { pulls } from './rows-registry.ts'
import { rights } from './rows-rights.ts'
import { versions } from './rows-versions.ts'

/** Every way in which a release is made to fail, by chapter. The documentation is made from it. */
export const faults: Readonly<Record<string, readonly Fault[]>> = {
  'The connection': [...connection, ...cuts],
  'Docker and compose': [...engine, ...docker],
  'The registry': pulls,
  'The new version': versions,
  'Smoke test, hooks and upload': commands,
  Nginx: nginx,
  'Rights and disks': rights,
}
