import { assessCompose } from '../../runtimes/compose/assess/assessment.ts'
import { colorFindings } from '../../runtimes/compose/check/colors-wanted.ts'
import { said } from '../../runtimes/compose/check/context.ts'
import { composeFindings } from '../../runtimes/compose/check/findings.ts'
import { readComposeText } from '../../runtimes/compose/check/text.ts'
import type { Tried } from '../../runtimes/compose/check/trial.ts'
import { editedText } from '../edits/file-text.ts'
import { composeChanges, type Verdict } from '../edits/settling.ts'
import type { Draft, FileChange } from '../finding.ts'
import { reachedIn } from './as-nginx.ts'
import { colorsOf } from './colors.ts'
import type { Context } from './context.ts'

/**
 * Judges changes by what compose makes of the changed files: it accepts them, something differs, a hand-run starts the
 * same images as before, and the findings are gone.
 */
export function verdictOf(context: Context, drafts: readonly Draft[], now: Tried, changed: Tried): Verdict {
  const changes = composeChanges(drafts)
  if (changed.project.kind === 'failed') {
    return bad(`compose refuses what it would become: ${lastLine(changed.project.words)}`)
  }
  if (changes.every((change) => editedOf(change, changes) === change.file.text)) return bad('nothing would change')
  const other = otherImage(context, now.images, changed.images)
  if (other !== undefined) return bad(other)
  const after = contextAfter(context, changes, changed)
  const left = [...colorFindings(after), ...composeFindings(after, undefined)].map(({ title }) => title)
  const remains = drafts.find(({ title }) => left.includes(title))
  return remains === undefined ? { kind: 'good' } : bad('the finding would remain')
}

function bad(why: string): Verdict {
  return { kind: 'bad', why }
}

function lastLine(words: string): string {
  return words.trim().split('\n').at(-1)?.replace(/\.$/, '') || 'without a word'
}

function editedOf({ file }: FileChange, changes: readonly FileChange[]): string {
  return editedText(
    file.text,
    changes.flatMap((each) => (each.file.path === file.path ? each.edits : [])),
  )
}

/** An image that nobody asked for would be started by hand, or none could be told any more. */
function otherImage(
  { colors }: Context,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): string | undefined {
  if (colors === undefined || before.size === 0) return undefined
  const base = (colors.single ?? colors.services.blue ?? colors.services.green)?.name ?? ''
  for (const [name, image] of before) {
    if (!after.has(name) && name === base) continue
    if (after.get(name) !== image)
      return `by hand \`${name}\` would start ${after.get(name) ?? 'nothing'} instead of ${image}`
  }
  for (const name of Object.values(colors.names)) {
    const [was, is] = [before.get(name) ?? before.get(base), after.get(name)]
    if (is !== undefined && is !== was)
      return `by hand \`${name}\` would start ${is} instead of ${was ?? 'what it starts now'}`
  }
  return undefined
}

/** The same host with the changed files. What planning said of the old ones holds no more. */
function contextAfter(context: Context, changes: readonly FileChange[], { project }: Tried): Context {
  const { compose, nginx, inputs, host, colors: _, facts: __, ...rest } = context
  const texts = context.hostFacts.composeFiles.flatMap((file) => {
    const own = changes.find((change) => change.file.path === file.path)
    const edited = { ...file, text: own === undefined ? file.text : editedOf(own, changes) }
    return readComposeText(edited) ?? []
  })
  const { writtenImages: ___, ...known } = compose ?? {}
  const seen = {
    ...rest,
    inputs,
    host,
    texts,
    ...(nginx && { nginx }),
    ...(compose && { compose: { ...compose, ...known, project } }),
  }
  const found = colorsOf(seen, reachedIn(seen))
  const facts = seen.compose && said(project) && assessCompose(seen.compose, inputs.application, host)
  const refusals = (facts?.refusals ?? []).map(({ reason, notice }) => ({ ...notice, reason }))
  return {
    ...seen,
    refusals,
    warnings: [],
    notes: [],
    ...(found && { colors: found }),
    ...(facts?.value && { facts: facts.value }),
  }
}
