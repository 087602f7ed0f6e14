import { holderSentence } from '../../custody/lease.ts'
import type { StateCode } from '../../custody/refusals.ts'
import { stateDirectoryFix } from '../../custody/state-directory.ts'
import { faultFix, faultSentence } from '../../host/private-path.ts'
import { sh } from '../../host/quote.ts'
import type { Context } from '../context.ts'
import { type Draft, shell } from '../finding.ts'
import { sentencesOf, withCode } from '../telling.ts'

/** Whether the state directory can be used, by this run and now. */
export function stateFindings(context: Context): readonly Draft[] {
  return [...stateDirectory(context), ...custody(context)]
}

function stateDirectory({ state, inputs, refusals, hostFacts }: Context): readonly Draft[] {
  const { stateDirectory: directory } = inputs.nginx
  const user = state.user || hostFacts.user
  const tells = withCode<StateCode>(
    refusals,
    'state-missing',
    'state-closed',
    'state-unsafe',
    'state-not-ours',
    'ledger-closed',
    'state-of-other-target',
  )
  const why =
    'The switch files, the lease, the journal and the record of releases are kept there, for all who release to this target.'
  switch (state.kind) {
    case 'usable': {
      if (tells.length === 0) return []
      return [
        {
          severity: 'problem',
          title: 'The state directory is of another target',
          seen: sentencesOf(tells),
          why,
          fix: { text: 'Give each target its own.', blocks: [] },
          tells,
        },
      ]
    }
    case 'missing':
    case 'not-ours': {
      if (state.kind === 'missing' && state.creatable) return []
      const seen =
        state.kind === 'missing'
          ? `${directory} is not there, and ${user} may not make it.`
          : `${directory} belongs to ${state.owner}, and ${user} may not write there.`
      return [
        {
          severity: 'problem',
          title: state.kind === 'missing' ? 'The state directory is missing' : 'The state directory is somebody else’s',
          seen,
          why,
          fix: {
            text: `Make it for ${user}. Others may pass through it, as the workers of Nginx must to see the switch file, and see nothing of what is private.`,
            blocks: [shell('host as root', stateDirectoryFix(directory, user).replace(/^sudo /, ''))],
          },
          tells,
        },
      ]
    }
    case 'unsafe':
      return [
        {
          severity: 'problem',
          title: 'The state directory is not private',
          seen: `${faultSentence(state.fault)}.`,
          why: 'What lies there is believed, and some of it is run: whoever can write there could run anything as this user.',
          fix: {
            text: `See who made it so. Then give it back to ${user}.`,
            blocks: [shell('host as root', faultFix(state.fault, directory).text.replaceAll('sudo ', ''))],
          },
          tells,
        },
      ]
    case 'ledger-closed':
      return [
        {
          severity: 'problem',
          title: 'The record of releases is somebody else’s',
          seen: `${directory}/ledger.jsonl belongs to ${state.owner}, and ${user} may not read it.`,
          why,
          fix: {
            text: 'Release as one user, and give it the file.',
            blocks: [shell('host as root', sh`chown ${user} ${`${directory}/ledger.jsonl`}`.text)],
          },
          tells,
        },
      ]
    case 'closed':
      return [
        {
          severity: 'problem',
          title: 'The way to the state directory is closed',
          seen: `${user} cannot pass through ${state.folder}, on the way to ${directory}.`,
          why,
          fix: {
            text: 'Let others pass through, without letting them read it.',
            blocks: [shell('host as root', sh`chmod o+x ${state.folder}`.text)],
          },
          tells,
        },
      ]
  }
}

/** Somebody else's run, and files that it left as somebody else's. */
function custody({ hostFacts, inputs, state }: Context): readonly Draft[] {
  const { stateDirectory: directory } = inputs.nginx
  const held: readonly Draft[] =
    hostFacts.holder === undefined
      ? []
      : [
          {
            severity: 'problem',
            title: 'Another run holds the target',
            seen: `It is ${holderSentence(hostFacts.holder)}, and its heart beats.`,
            why: 'One run at a time changes a target: a deploy would wait for `lock-timeout`, and then be refused.',
            fix: { text: 'Wait until it has ended; `command: unlock` ends it by hand.', blocks: [] },
          },
        ]
  if (hostFacts.unwritable.length === 0) return held
  const user = state.user || hostFacts.user
  return [
    ...held,
    {
      severity: 'problem',
      title: 'Files of the state directory are somebody else’s',
      seen: `${user} may not write ${hostFacts.unwritable.join(', ')}.`,
      why: 'The lease and the record of releases are written there by each release.',
      fix: { text: `Give them to ${user}.`, blocks: [shell('host as root', sh`chown -R ${user} ${directory}`.text)] },
    },
  ]
}
