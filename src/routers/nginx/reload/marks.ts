import { lines, sh } from '../../../host/quote.ts'
import { withPort } from '../../../host/target.ts'
import { type Change, type Color, otherThan } from '../../../release/model.ts'
import { back, byHand, DEADLINE, forget, forwards, open, reversed, rewriting } from './changes.ts'
import { closed } from './closed.ts'
import type { ReloadFacts } from './facts.ts'
import { MARKED } from './holds.ts'
import { remarked } from './sent.ts'

/**
 * Before the idle color is started: takes its line out of a block that sends requests to both. The undo comes after that
 * of the start, when the color is gone. It asks again whether the other color is the one that serves.
 */
export function markIdle(facts: ReloadFacts, idle: Color): Change {
  const { places, target } = facts
  const mark = remarked(facts, 'as it is', idle)
  const edit = { files: [mark], links: [] }
  const live = otherThan(idle)
  return {
    kind: 'change',
    phase: 'prepare',
    title: `Mark ${idle} as down in the upstream and reload Nginx`,
    on: 'all proxies',
    reason: 'flip-without-effect',
    effect: rewriting(edit),
    do: {
      shell: lines(
        open(facts, 'nginx-mark'),
        sh`if ${closed(places[live])} && ! ${closed(places[idle])}; then fail ${`${live} does not answer any more, and ${idle} does: run this again`}; fi`,
        sh`( : > ${MARKED} ) 2>/dev/null || fail "cannot write into $state"`,
        forwards(edit, 'nginx-mark'),
      ),
      deadline: DEADLINE,
    },
    undo: {
      shell: lines(
        open(facts, 'nginx-mark'),
        // Lines that somebody else rewrote meanwhile are theirs.
        sh`( there=yes`,
        back(reversed(edit), 'nginx-mark'),
        sh`) || exit 1`,
        sh`[ "$(sum < ${mark.at.file})" != ${mark.rewrite.before} ] || rm -f ${MARKED}`,
      ),
      deadline: DEADLINE,
    },
    manualUndo: byHand(target, reversed(edit)).text,
  }
}

/**
 * Once the previous color is stopped: removes its mark, so that a script that stops one color and starts the other works
 * as before. The mark stays if anything still answers there.
 */
export function unmark(facts: ReloadFacts, color: Color): Change {
  const place = facts.places[color]
  const mark = remarked(facts, color, 'none')
  const edit = { files: [mark], links: [] }
  const { undoes: _, ...effect } = rewriting(edit)
  return {
    kind: 'change',
    phase: 'retire',
    title: `Remove the mark of ${color} in the upstream and reload Nginx`,
    on: 'all proxies',
    reason: 'command-failed',
    effect,
    do: {
      shell: lines(
        open(facts, 'nginx-unmark'),
        sh`${closed(place)} || fail ${`${color} still answers at ${withPort(place.host, place.port)}: its server line in ${mark.at.file} keeps \`down\`, which the next release removes`}`,
        forwards(edit, 'nginx-unmark'),
        forget('nginx-unmark', 1),
        sh`rm -f ${MARKED}`,
      ),
      deadline: DEADLINE,
    },
  }
}
