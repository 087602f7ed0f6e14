import { isSame, type Notice } from '../../../base/notice.ts'
import { type Draft, workflow } from '../../../checking/finding.ts'
import { sentencesOf, withCode } from '../../../checking/telling.ts'
import type { NginxPlace } from '../facts.ts'
import { missingPart } from '../switch/assessment.ts'
import type { SwitchCode } from '../switch/refusals.ts'
import { findSwitch } from '../switch/switch.ts'
import type { NginxContext } from './context.ts'
import type { Read } from './spots.ts'
import { completeSwitch, readAfter } from './switch-completion.ts'
import type { SwitchEdit } from './switch-edit.ts'
import {
  byHand,
  faultsBesideLoading,
  leadsToColors,
  liveNow,
  passesToColors,
  seenStateDirectory,
  switchParts,
} from './switch-place.ts'

/** A switch of which a part is missing or wrong, made whole where that can be done by edits. */
export function halfSwitch(
  context: NginxContext,
  nginx: Read,
  place: NginxPlace | undefined,
  ready: boolean,
): readonly Draft[] {
  const { inputs, colors } = context
  const found = findSwitch(nginx.configuration, inputs.nginx.upstream)
  const parts = switchParts(context)
  if (found.kind === 'none' || colors === undefined || parts === undefined || place === undefined) return []
  const asked = found.kind === 'switch' ? found.green.replace(/\/[^/]*$/, '') : undefined
  // Which folder is meant the configuration says; only the input can be wrong.
  const folder = asked ?? parts.stateDirectory
  const faults = faultsBesideLoading(nginx, place)
  const other = nginx.container === undefined && asked !== undefined && asked !== seenStateDirectory(context)
  const drafts = other ? [otherDirectory(asked, inputs.nginx.stateDirectory, faults)] : []
  const told = drafts.flatMap(({ tells = [] }) => tells)
  const passes = passesToColors(context, colors)
  const edit: SwitchEdit =
    liveNow(context, passes) === undefined && passes.length > 0
      ? { kind: 'impossible', why: 'a part of the requests goes to blue and a part to green' }
      : completeSwitch(nginx, passes, { ...parts, stateDirectory: folder }, leadsToColors(context))
  const after = edit.kind === 'changes' ? remaining(nginx, edit, place) : undefined
  const stays = [...told, ...(after ?? [])]
  const fixed = faults.filter((fault) => !stays.some((each) => isSame(each, fault)))
  const missing = found.kind === 'incomplete' ? found.missing.map((part) => missingPart(part).notice) : []
  const seen = fixed.length > 0 ? fixed : missing
  if (seen.length === 0 || (edit.kind === 'changes' && edit.changes.length === 0)) return drafts
  const about = {
    severity: fixed.length > 0 ? 'problem' : 'advice',
    title: 'The switch is not complete',
    seen: sentencesOf(seen),
    why: 'A flip would have no effect, or only on a part of the traffic.',
    tells: fixed,
  } as const
  if (edit.kind === 'impossible' || after === undefined) {
    const why = edit.kind === 'impossible' ? edit.why : 'the result would be no switch'
    return [
      ...drafts,
      { ...about, fix: byHand(parts, `The rest cannot be put in for you, because ${why}. Here is the whole of it.`) },
    ]
  }
  if (!ready) {
    const text =
      'It is completed once the colors have the addresses that it names. Do what is said above first, and run the check again.'
    return [...drafts, { ...about, fix: { text, blocks: [] } }]
  }
  return [
    ...drafts,
    {
      ...about,
      fix: {
        text: [
          'Complete it: what is right stays as it is. It ends with the one reload that installs it: do it at a quiet time.',
          ...edit.remarks,
        ].join(' '),
        blocks: [],
      },
      changes: edit.changes,
    },
  ]
}

/** What a deploy would still be refused for; undefined where the edits make no configuration. */
function remaining(nginx: Read, { changes }: Extract<SwitchEdit, { kind: 'changes' }>, place: NginxPlace) {
  try {
    return faultsBesideLoading(readAfter(nginx, changes), place)
  } catch {
    return undefined
  }
}

function otherDirectory(asked: string, directory: string, faults: readonly Notice[]): Draft {
  return {
    severity: 'problem',
    title: 'Nginx looks for the switch in another folder',
    seen: `The configuration asks for ${asked}/green, and \`state-directory\` is ${directory}.`,
    why: 'A flip would have no effect.',
    fix: { text: 'Name that folder in the workflow.', blocks: [workflow(`state-directory: ${asked}`)] },
    tells: withCode<SwitchCode>(faults, 'switch-folder-differs', 'switch-folder-unmounted'),
  }
}
