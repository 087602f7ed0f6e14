import { lines, sh } from '../../../host/quote.ts'
import { withPort } from '../../../host/target.ts'
import { type Change, type Color, otherThan, type Place } from '../../../release/model.ts'
import { back, byHand, DEADLINE, FORGET, forwards, open, rewriting } from './changes.ts'
import { closed } from './closed.ts'
import { backwards, rewriteOf } from './edit.ts'
import type { ReloadTarget } from './facts.ts'
import { MARKED } from './holds.ts'

/**
 * Before the idle color is started: takes its line out of a block that sends requests to both. The undo comes after that
 * of the start, when the color is gone. It asks again whether the other color is the one that serves.
 */
export function markIdle(
  target: ReloadTarget,
  places: Readonly<Record<Color, Place>>,
  idle: Color,
  before: string,
  after: string,
): Change {
  const rewrite = rewriteOf(before, after)
  const live = otherThan(idle)
  return {
    kind: 'change',
    phase: 'prepare',
    title: `Mark ${idle} as down in the upstream and reload Nginx`,
    on: 'all proxies',
    reason: 'flip-without-effect',
    effect: rewriting(target, rewrite),
    do: {
      shell: lines(
        open(target, 'nginx-mark'),
        sh`if ${closed(places[live])} && ! ${closed(places[idle])}; then fail ${`${live} does not answer any more, and ${idle} does: run this again`}; fi`,
        sh`( : > ${MARKED} ) 2>/dev/null || fail "cannot write into $state"`,
        forwards(target, rewrite),
      ),
      deadline: DEADLINE,
    },
    undo: {
      shell: lines(
        open(target, 'nginx-mark'),
        // Lines that somebody else rewrote meanwhile are theirs.
        sh`( there=yes`,
        back(backwards(rewrite)),
        sh`) || exit 1`,
        sh`[ "$(sum < "$file")" != ${rewrite.before} ] || rm -f ${MARKED}`,
      ),
      deadline: DEADLINE,
    },
    manualUndo: byHand(target, backwards(rewrite)).text,
  }
}

/**
 * Once the previous color is stopped: removes its mark, so that a script that stops one color and starts the other works
 * as before. The mark stays if anything still answers there.
 */
export function unmark(target: ReloadTarget, place: Place, color: Color, before: string, after: string): Change {
  const rewrite = rewriteOf(before, after)
  const { undoes: _, ...effect } = rewriting(target, rewrite)
  return {
    kind: 'change',
    phase: 'retire',
    title: `Remove the mark of ${color} in the upstream and reload Nginx`,
    on: 'all proxies',
    reason: 'command-failed',
    effect,
    do: {
      shell: lines(
        open(target, 'nginx-unmark'),
        sh`${closed(place)} || fail ${`${color} still answers at ${withPort(place.host, place.port)}: its server line in ${target.file} keeps \`down\`, which the next release removes`}`,
        forwards(target, rewrite),
        FORGET,
        sh`rm -f ${MARKED}`,
      ),
      deadline: DEADLINE,
    },
  }
}
