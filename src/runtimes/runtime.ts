import type { Notice } from '../base/notice.ts'
import type { LedgerEntry } from '../custody/ledger.ts'
import type { Sighted } from '../execute/reach.ts'
import type { HostName, Script } from '../host/host.ts'
import type { Shell } from '../host/quote.ts'
import type { Section } from '../host/sections.ts'
import type { Inputs } from '../inputs/inputs.ts'
import type { Assessment } from '../release/assessment.ts'
import type { Change, Color, ContainerName, ExitWatch, Place, Spared, Wait } from '../release/model.ts'
import type { Failure } from '../release/reasons.ts'

/** What runs the two colors. It gives changes as plain data, made from what was observed before. */
export interface Runtime {
  /** Brings the image of this version to the host. */
  pull(color: Color, version: string): readonly Change[]
  /** Starts what the color depends on and what never ran. */
  startDependencies(color: Color): readonly Change[]
  /** Recreates the color with this version; its undo saves the log and removes it. Neither touches what requests go to. */
  start(spared: Spared, version: string): readonly Change[]
  /** Waits at most so many milliseconds until the runtime itself calls the color healthy, where it has an opinion. */
  calledHealthy(color: Color, timeout: number): readonly Change[]
  /** Starts a color that was stopped again, as it was. */
  wake(color: Color): Waking
  /** Sees that the container which was started ends, is restarted or replaced within so many milliseconds. */
  exitWatch(color: Color, duration: number): ExitWatch
  /**
   * Ends with 0 while that container runs; else it says what became of it, as an exit watch does.
   * @param restarts how often Docker may have started it again: `none` unless said otherwise
   */
  occupies(color: Color, restarts?: 'none' | 'any'): Wait
  /**
   * A script that moves requests, run only while `occupies` would end with 0. Tells what arrives by it, as `accepted`, if
   * that is asked for, and how often the color that they leave was called until then, as `saysOpened`.
   */
  whileOccupied(color: Color, script: Shell, tells: { readonly arrivals: boolean }): Script
  /** Says how many connections that container accepted so far: see `saysAccepted`. */
  accepted(color: Color): Wait
  /** Makes what the host remembers agree with what will be live. */
  recordVersion(color: Color, version: string): readonly Change[]
  /** After the confirmation of a color: what was kept for undoing goes, and names mean what is live. */
  discardBackups(color: Color): readonly Change[]
  /**
   * Waits, at most so many milliseconds, until nobody is connected to this color; `quiet` of them have to pass in which
   * nobody called it newly. Who goes past the router gets all of them, and is named.
   */
  drain(color: Color, duration: number, quiet: number): readonly Wait[]
  /** After the confirmation: what becomes of the color that was live, as long as no requests go there. */
  retire(spared: Spared): readonly Change[]
  /**
   * Prints who the container is that was started on a color: an `Identity`, as members of a JSON object. Where that does not
   * run any more it fails, and says what became of it.
   */
  identify(color: Color): Shell
  /** The same of the container that runs on a color which this release did not start. Fails when none does. */
  identifyRunning(color: Color): Shell
  /** After all: removes what releases left on the disk, and no rollback needs. */
  prune(): readonly Change[]
}

/** What starts a color again. */
export interface Waking {
  readonly shell: Shell
  /** The same for a person, without what is secret. */
  readonly shown: string
}

/** Where a color can be reached, as the runtime knows it. */
export interface ColorService {
  readonly container: ContainerName
  /** Each leads to it from its host: published ports, and fixed addresses with the ports that are known. */
  readonly places: readonly Place[]
  /** Its published ports as they are written; `places` says the loopback if one is published on all addresses. */
  readonly published?: readonly { readonly address: string; readonly port: number }[]
  /** IP addresses that its container has in a network of its own. */
  readonly fixedAddresses: readonly string[]
  /** Names by which others in its network reach it. */
  readonly names: readonly string[]
}

export type ColorServices = Readonly<Record<Color, ColorService>>

/** Who is at an address, as far as connections to it can be counted. */
export type Callee =
  | { readonly kind: 'container'; readonly id: string }
  | { readonly kind: 'nobody' }
  /** It shares the network of its host. */
  | { readonly kind: 'uncounted' }

/** How a color answers where the router reaches it. */
export type Answering = 'well' | 'unwell' | 'silent'

/** What is known of the two colors. */
export interface ColorsSeen {
  readonly live: Color
  /** Where the router reaches them. */
  readonly addresses: Readonly<Record<Color, Place>>
  readonly answering: Readonly<Record<Color, Answering>>
  readonly ledger: readonly LedgerEntry[]
}

/** Who serves now. */
export interface LiveSide {
  /** Absent: nothing answers where requests go. */
  readonly previous?: { readonly version?: string }
  /** What the ledger knows it by, if it is the runtime's: the id of an image. */
  readonly image?: string
  /** Id of its container. */
  readonly container?: string
  /** It is the live color's own, so that its version may be recorded for it. */
  readonly own: boolean
}

/** How a recorded release gets to run, without ever running another one. */
export type Way =
  /** The very container that was released. */
  | { readonly kind: 'container'; readonly id: string; readonly running: boolean }
  /** The name of its image still means it. */
  | { readonly kind: 'name' }
  /** By the id of its image: the name means something else by now, or nothing. */
  | { readonly kind: 'id' }
  /** Its image is gone from the host; by what the registry calls it. */
  | { readonly kind: 'digest'; readonly reference: string }

/** The recorded release to go back to. */
export interface GoingBack {
  readonly entry: LedgerEntry
  readonly way: Way
}

/** What is there to go back with. */
export interface Recorded {
  /** What lies on the color that requests go to, whether or not it answers: the id of an image. */
  readonly live?: string
  /** What the idle color has, and could be started as it is. */
  readonly idle?: { readonly id: string; readonly image: string; readonly running: boolean }
  /** Whether an image is on the host. */
  has(image: string): boolean
  /** The image that the name of a version means there. */
  named(version: string): string | undefined
}

/** What becomes of the colors without anybody's doing, judged by what runs now. */
export interface Standing {
  readonly live: Color
  /** When the last release was confirmed; absent: none ever was. */
  readonly confirmed?: string
  /** A run is under way, or what it left is not recovered yet. */
  readonly unsettled: boolean
  readonly previous: 'stop' | 'keep' | 'remove'
}

/** What a release is planned from. */
export interface Releasing {
  readonly inputs: Inputs
  readonly ledger: readonly LedgerEntry[]
  readonly to: Color
  readonly side: LiveSide
  /** Of a rollback. */
  readonly back?: GoingBack
}

/** The changes of a release, and what a person should know of them. */
export interface RuntimePlan {
  readonly runtime: Runtime
  readonly warnings: readonly Notice[]
  readonly notes: readonly Notice[]
  /** The idle color runs, and will be recreated. */
  readonly idleRuns: boolean
}

/** A target as a runtime has it. */
export interface RuntimeFacts {
  /** What the target is called there. */
  readonly project: string
  readonly services: ColorServices
  callee(at: Place): Callee
  /** Where a port of a color's container is asked. */
  at(color: Color, port: number): Place
  /** Asks the host, without a request, whether a container runs: ends with 0 while it does. */
  runs(container: ContainerName): Shell
  /**
   * Whether who answers where requests go is ours, and the idle address is free. If only the latter is wrong, who serves
   * is known all the same.
   */
  sides(seen: ColorsSeen): Assessment<LiveSide>
  /** What a color is, without asking it: its version, and its state in words. */
  look(color: Color, ledger: readonly LedgerEntry[]): { readonly version?: string; readonly state: string }
  /** @param at where the router reaches the idle color */
  recorded(to: Color, at: Place): Recorded
  plan(releasing: Releasing): RuntimePlan
  /** An idle color that runs although a release stops it. */
  idleRuns(standing: Standing): readonly Failure[]
  /** What is said of a live color that would not come back by itself. */
  staysDown(live: Color): readonly Notice[]
}

/** What was seen of a target by the questions of its adapter. */
export interface RuntimeSeen {
  assess(host: HostName): Assessment<RuntimeFacts>
}

/** A kind of runtime: what it asks, and what it makes of the answers. */
export interface RuntimeAdapter {
  readonly name: string
  /** Parts of the one script by which a host is asked for everything. */
  questions(inputs: Inputs): Readonly<Record<string, Shell>>
  /** The part that takes longest, and reads nothing of what the router assigned: it runs alongside the others. */
  readonly longest: string
  /** @throws Failure, or Error with a sentence, if the answers cannot be read */
  read(said: Said, inputs: Inputs, host: HostName): RuntimeSeen
  /** What became of a container that was started, by what a script printed; undefined if it printed no such thing. */
  readSighting(printed: string): Sighted | undefined
  /** Why a change failed, with the fix, by what it printed; undefined if that is not known. */
  explain(change: Change, printed: string): string | undefined
}

/** What the parts of a script printed, by their names. */
export type Said = Readonly<Record<string, Section | undefined>>
