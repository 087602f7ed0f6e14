import { isSame, type Notice, remedySentence } from '../base/notice.ts'
import { HostError } from '../host/host.ts'
import { sh, words } from '../host/quote.ts'
import type { PlanningNotice } from '../planning/refusals.ts'
import { REASONS } from '../release/reasons.ts'
import type { NginxPlace } from '../routers/nginx-ground.ts'
import type { NginxNotice } from '../routers/nginx-refusals.ts'
import { accessFinding } from './access-findings.ts'
import { changeBlock } from './change-block.ts'
import { changeSentences } from './change-sentences.ts'
import { colorFindings } from './color-findings.ts'
import { composeFindings } from './compose-findings.ts'
import { type Block, type Draft, type FileChange, type Finding, type Severity, shell } from './finding.ts'
import { healthFindings } from './health-findings.ts'
import { hostFindings } from './host-findings.ts'
import { composeCall, nginxCall } from './nginx-call.ts'
import { nginxFindings } from './nginx-findings.ts'
import { proxyFindings } from './proxy-findings.ts'
import type { Refusal, Scene } from './scene.ts'
import { said } from './seen.ts'
import { sitesOf } from './sites.ts'
import { stateFindings } from './state-findings.ts'
import { beforeInstalling } from './switch-place.ts'
import { systemFindings } from './system-findings.ts'

const ORDER: Readonly<Record<Severity, number>> = { problem: 0, warning: 1, advice: 2 }

/** Where root keeps Nginx's files as they were: no glob of Nginx looks there. */
const ORIGINALS = '/var/backups/blue-green'

/**
 * Everything that would stop a deploy, then what weakens a promise, then what is good to know, before changes of files are
 * made into blocks. Within each the order is the one in which it can be fixed.
 * @param place how Nginx is judged, if the colors are known
 */
export function draftsOf(scene: Scene, place: NginxPlace | undefined): readonly Draft[] {
  const blind = isBlind(scene)
  const first = [...hostFindings(scene), ...stateFindings(scene)]
  if (blind && first.some(({ severity }) => severity === 'problem')) return onlyFirst(first, scene)
  const drafts = [
    ...first,
    ...colorFindings(scene),
    ...proxyFindings(scene, place),
    ...composeFindings(scene),
    ...nginxFindings(scene, place),
    ...healthFindings(scene),
    ...systemFindings(scene),
  ]
  const told = drafts.flatMap(({ tells = [] }) => tells)
  const untold = <Each extends Notice>(all: readonly Each[]): readonly Each[] =>
    all.filter((each) => !told.some((other) => isSame(each, other)))
  const rest: readonly Draft[] = [
    ...untold(scene.refusals).map((refusal) => refused(refusal, scene)),
    ...untold(scene.warnings).map((notice) => noted('warning', notice)),
    ...untold(scene.notes).map((notice) => noted('advice', notice)),
  ]
  return [...drafts, ...rest].toSorted((one, other) => ORDER[one.severity] - ORDER[other.severity])
}

/**
 * Without Docker nobody knows what runs, nor what an Nginx in a container serves: what would be said of both, and the
 * files that would be written, might be wrong.
 */
function isBlind({ compose, inputs, nginx }: Scene): boolean {
  return said(compose?.containers) === undefined || (inputs.nginx.command !== undefined && nginx?.kind !== 'read')
}

function onlyFirst(drafts: readonly Draft[], scene: Scene): readonly Draft[] {
  const own = scene.inputs.nginx.command === undefined && scene.nginx?.kind !== 'read'
  const nginx = own ? nginxFindings(scene, undefined) : []
  const needed = [...drafts, ...nginx.filter(({ severity }) => severity === 'problem')]
  const last = needed.at(-1)
  return needed.map((draft) => {
    if (draft !== last) return draft
    return {
      ...draft,
      mend: { ...draft.mend, text: `${draft.mend.text} Then run the check again: it sees the rest only with this.` },
    }
  })
}

/** Those that change files of one kind, and that one block does together: the first of them, and what is as urgent. */
export function changedTogether(drafts: readonly Draft[], kind: 'compose' | 'nginx'): readonly Draft[] {
  const changing = drafts.filter(({ changes = [] }) => changes.some(({ file }) => file.kind === kind))
  // What is needed does not bring along what may be wished otherwise.
  return changing.filter(({ severity }) => (severity !== 'problem') === (changing[0]?.severity !== 'problem'))
}

/** Changes of a kind of files are one block: each would find the file changed by the other. */
export function findingsOf(drafts: readonly Draft[], scene: Scene): readonly Finding[] {
  const blocks = new Map<Draft, Block>()
  const waiting = new Set<Draft>()
  const together = new Set<Draft>()
  for (const kind of ['compose', 'nginx'] as const) {
    const changing = drafts.filter(({ changes = [] }) => changes.some(({ file }) => file.kind === kind))
    const now = changedTogether(drafts, kind)
    const [first] = now
    if (first === undefined) continue
    for (const each of changing) if (!now.includes(each)) waiting.add(each)
    for (const each of now.slice(1)) together.add(each)
    blocks.set(first, blockFor(kind, merged(now.flatMap(({ changes = [] }) => changes)), scene))
  }
  return drafts.map((draft) => {
    const { changes = [], tells: _, otherwise: __, afterwards = [], mend, ...finding } = draft
    const lines = changeSentences(changes.filter(({ file }) => file.kind === 'compose'))
    const block = blocks.get(draft)
    const later = waiting.has(draft)
      ? ' The check prints the block for it once the file above is mended.'
      : together.has(draft)
        ? ' The block above that changes the same file does it.'
        : ''
    return {
      ...finding,
      mend: {
        text: [mend.text, ...lines].join(' ') + later,
        blocks: [...mend.blocks, ...(block ? [block] : []), ...(waiting.has(draft) ? [] : afterwards)],
      },
    }
  })
}

function merged(changes: readonly FileChange[]): readonly FileChange[] {
  const byPath = Map.groupBy(changes, ({ file }) => file.path)
  return [...byPath.values()].flatMap((same) => {
    const [first] = same
    return first === undefined ? [] : [{ file: first.file, edits: same.flatMap(({ edits }) => edits) }]
  })
}

function blockFor(kind: 'compose' | 'nginx', changes: readonly FileChange[], scene: Scene): Block {
  if (kind === 'compose') return changeBlock(changes, { verify: composeCall(scene, sh`config --quiet`) })
  return changeBlock(changes, {
    verify: nginxCall(scene, sh`-t`),
    load: words([...beforeInstalling(scene), nginxCall(scene, sh`-s reload`)], ' && '),
    unload: nginxCall(scene, sh`-s reload`),
    sites: scene.nginx?.kind === 'read' ? sitesOf(scene.nginx, [scene.inputs.health.path]) : [],
    originals: ORIGINALS,
  })
}

const UNKNOWN = 'No command is known that fixes this: change what was seen, and run the check again.'

/** What planning says, in its own words. */
function refused({ reason, message, remedy, cause }: Refusal, { inputs }: Scene): Draft {
  const access = cause instanceof HostError ? accessFinding(cause, inputs) : undefined
  if (access !== undefined) return access
  const meaning = reason in REASONS ? REASONS[reason as keyof typeof REASONS] : 'A deploy would be refused.'
  return {
    severity: 'problem',
    title: meaning.replace(/\.$/, ''),
    seen: message,
    why: 'A deploy would be refused for this.',
    mend: { text: remedy ? remedySentence(remedy) : UNKNOWN, blocks: remedy?.command ? blockOf(remedy.command) : [] },
  }
}

function blockOf(command: string): readonly Block[] {
  return [command.startsWith('sudo ') ? shell('host as root', command.slice('sudo '.length)) : shell('host', command)]
}

/** Codes of what nobody could prove. */
const UNPROVEN: readonly (NginxNotice | PlanningNotice)[] = [
  'not-proven-listener',
  'not-proven-unread',
  'not-proven-loaded',
]

function noted(severity: Severity, { code, message, remedy }: Notice): Draft {
  return {
    severity,
    title: UNPROVEN.some((each) => each === code) ? 'What could not be proven' : 'Good to know before a deploy',
    seen: message,
    why: 'A deploy would say so in its report, and release all the same.',
    mend: {
      text: remedy ? `${remedySentence(remedy)} A deploy does not wait for it.` : 'Nothing has to be done.',
      blocks: [],
    },
  }
}
