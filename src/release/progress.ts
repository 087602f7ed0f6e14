/** What a step means to those who follow the release from outside: it moves traffic. */
export type Mark = 'flip' | 'flip-back'

/** A step that came to something else than its title said. */
export interface Renamed {
  readonly title: (title: string) => string
  readonly note: string
}

/** Tells the person who watches what is going on, and keeps what the report will say of it. */
export interface Progress {
  /** A step: its title when it begins, how long it took when it ends. A sentence that comes of it is told too. */
  step<T>(title: string, work: () => Promise<T>, mark?: Mark): Promise<T>
  /** A line that a host or a container printed. Who reads many waits for what it gives. */
  output(line: string): void | Promise<void>
  /** A sentence of our own; one that says that another run is waited for is marked. */
  note(sentence: string, mark?: 'waiting'): void
  /** Something that a person should mend, though the release goes on. */
  warning(sentence: string): void
}
