import { isDeepStrictEqual } from 'node:util'

/** What to do: in words, and at most one command that does it. */
export interface Remedy {
  /** Sentences; the last one ends where the command follows: 'Run on the host:'. */
  readonly text: string
  /** To paste as it is. */
  readonly command?: string
}

/** Something to be told, as data: programs go by `code` and `about`, people read the sentence. */
export interface Notice {
  /** In kebab case; what it means does not change when the message does. */
  readonly code: string
  /** What the message names: two notices of one code are the same where this is. */
  readonly about: readonly unknown[]
  /** What was seen, and what comes of it. */
  readonly message: string
  readonly remedy?: Remedy
  /** It says what nobody could prove. */
  readonly unproven?: true
}

/** The message with its remedy, for a person. */
export function sentence({ message, remedy }: Pick<Notice, 'message' | 'remedy'>): string {
  return remedy === undefined ? message : `${message} ${remedySentence(remedy)}`
}

export function remedySentence({ text, command }: Remedy): string {
  return command === undefined ? text : `${text} ${command}`
}

/** Whether two say the same, in whichever words. */
export function isSame(one: Notice, other: Notice): boolean {
  return one.code === other.code && isDeepStrictEqual(one.about, other.about)
}

/** What each code says, made from what it is about. */
type Entries<Entry> = Readonly<Record<string, (...about: never[]) => Entry>>

/** The same functions, each giving what it says with its code. */
export type Catalogue<Of extends Entries<unknown>, Made> = {
  readonly [Code in keyof Of]: (...about: Parameters<Of[Code]>) => Made
}

/** What an adapter tells besides refusals, by code. */
export function notices<Of extends Entries<Omit<Notice, 'code' | 'about'>>>(entries: Of): Catalogue<Of, Notice> {
  return catalogue(entries, (notice) => notice)
}

/** A catalogue whose entries become something else. */
export function catalogue<Entry extends Omit<Notice, 'code' | 'about'>, Of extends Entries<Entry>, Made>(
  entries: Of,
  made: (notice: Entry & Notice) => Made,
): Catalogue<Of, Made> {
  const all = Object.entries(entries).map(([code, say]) => [
    code,
    (...about: never[]) => made({ ...say(...about), code, about }),
  ])
  return Object.fromEntries(all) as Catalogue<Of, Made>
}
