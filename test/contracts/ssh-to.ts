import assert from 'node:assert/strict'
import { parseKnownHosts } from '../../src/host/known-hosts.ts'
import { connect } from '../../src/host/ssh.ts'
import type { SshHost } from '../../src/host/ssh-host.ts'
import { parseTarget } from '../../src/host/target.ts'
import type { LabHost } from '../lab/host.ts'

/** A connection of our own to a host of the lab, as `deploy`. */
export function sshTo({ address, knownHosts, privateKey }: LabHost): Promise<SshHost> {
  const target = parseTarget(address)
  assert.ok('host' in target)
  return connect(target, { knownHosts: parseKnownHosts(knownHosts), privateKey })
}
