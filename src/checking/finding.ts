import type { Notice } from '../base/notice.ts'
/** One thing that would stop a deploy, weaken a promise, or could be better. Each is a sentence or a few. */
export interface Finding {
  readonly severity: Severity
  readonly title: string
  /** What was seen, and where. */
  readonly seen: string
  /** What comes of it. */
  readonly why: string
  readonly fix: Fix
}

/** `problem`: a deploy would be refused; `warning`: a promise is weaker here; `advice`: good to know. */
export type Severity = 'problem' | 'warning' | 'advice'

export interface Fix {
  readonly text: string
  readonly blocks: readonly Block[]
}

/** Something to paste as it is. */
export interface Block {
  readonly language: 'sh' | 'yaml' | 'nginx'
  readonly where: Where
  readonly text: string
}

/** Where a block goes; `workflow`: the inputs of the step. */
export type Where = 'host as root' | 'host' | 'compose file' | 'nginx' | 'workflow'

/** A finding whose change of a file is not a block yet: all changes of one check become one block. */
export interface Draft extends Finding {
  readonly changes?: readonly FileChange[]
  /** What to write by hand, if those changes turn out not to be accepted. */
  readonly otherwise?: readonly Block[]
  /** What is done once the files are changed. */
  readonly afterwards?: readonly Block[]
  /** What planning says and this finding tells in its own way. */
  readonly tells?: readonly Notice[]
}

/** A change of a file that exists on the host. */
export interface FileChange {
  readonly file: SeenFile
  readonly edits: readonly Edit[]
}

/** A file as it was seen. */
export interface SeenFile {
  /** On the host. */
  readonly path: string
  readonly text: string
  readonly kind: 'compose' | 'nginx'
  /** The user who logs in may write it. */
  readonly writable: boolean
}

/** Lines are counted from 1; columns are UTF-16 units, from 0. */
export type Edit =
  | Replacement
  /** Whole lines, after this one; after line 0: at the beginning. */
  | { readonly kind: 'insert'; readonly after: number; readonly text: string }
  | { readonly kind: 'remove'; readonly line: number }
  | Copy

/** Lines once more, after the last of them, with changes and without what is dropped. */
export interface Copy {
  readonly kind: 'copy'
  readonly from: number
  readonly to: number
  readonly replacements: readonly Replacement[]
  readonly without: readonly number[]
  /** Whole lines after the first of them; may be empty. */
  readonly second: string
}

/** Text within one line; what is replaced may be empty, and what takes its place may have line ends in it. */
export interface Replacement {
  readonly kind: 'replace'
  readonly line: number
  readonly column: number
  readonly old: string
  readonly text: string
}

/** A shell block. */
export function shell(where: Where, text: string): Block {
  return { language: 'sh', where, text }
}

/** Inputs of the step. */
export function workflow(text: string): Block {
  return { language: 'yaml', where: 'workflow', text }
}
