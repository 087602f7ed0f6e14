import type { HttpRequest } from '../../host/host.ts'
import { getByShell } from '../../host/http-by-shell.ts'
import { lines, type Shell, sh } from '../../host/quote.ts'
import { withPort } from '../../host/target.ts'
import type { Change, Question } from '../../release/model.ts'
import { askWhether } from '../../release/spared.ts'

/** Tries, half a second apart, until a color counts as one that does not answer. */
const TRIES = 6
/** Milliseconds for one answer. */
const TIMEOUT = 3000
/** Tries until Nginx must have been seen to act. */
const PROOFS = 20

/**
 * The undo of what moved traffic, for a host that is alone with it: a script of its own. Exit 0: traffic is back; 3: it
 * stays, since the previous color does not answer and the new one does; 5: somebody else had put it back; else it failed.
 *
 * It asks by what the host has: curl, bash or wget. A host that has none of them cannot ask, and goes back unproven.
 */
export function undoOnHost({ endpoints, undo, undoProof, holds }: Change): Shell {
  const proofs = undoProof?.kind === 'until' ? undoProof.probe.questions.filter(({ from }) => from !== 'runner') : []
  return lines(
    sh`export LC_ALL=C`,
    ...(holds === undefined
      ? [sh`there=`]
      : [
          askWhether(holds.next.holds),
          sh`there=; [ $held != 1 ] || there=yes`,
          sh`if [ -n "$there" ]; then (`,
          undo?.shell ?? sh`:`,
          sh`); exit 5; fi`,
        ]),
    ...(endpoints === undefined
      ? []
      : [
          sh`previous() {\n${answers(endpoints.previous)}\n}`,
          sh`next() {\n${answers(endpoints.next)}\n}`,
          sh`tries=0; gone=yes`,
          sh`while [ $tries -lt ${TRIES} ]; do if previous; then gone=; break; fi; tries=$((tries + 1)); sleep 0.5 2>/dev/null || sleep 1; done`,
          sh`if [ -n "$gone" ] && next; then exit 3; fi`,
        ]),
    sh`(`,
    undo?.shell ?? sh`:`,
    sh`) || exit 1`,
    ...proofs.map(
      (question) =>
        sh`tries=0; until (\n${proves(question)}\n); do tries=$((tries + 1)); [ $tries -lt ${PROOFS} ] || exit 4; sleep 0.5 2>/dev/null || sleep 1; done`,
    ),
    sh`exit 0`,
  )
}

/** Ends with 0 where something answers that is no failure of a server, or where there is no way to ask. */
function answers({ request, container, runs }: Question): Shell {
  if (container !== undefined) return runs ?? sh`  :`
  return lines(
    ask(request),
    sh`  case $said in none) return 0 ;; esac`,
    sh`  case $(printf '%s' "$said" | ${CODE}) in ''|5??) return 1 ;; *) return 0 ;; esac`,
  )
}

/** Ends with 0 where the answer is the one that is wanted, as far as a shell can tell. */
function proves({ request, expect, container }: Question): Shell {
  if (container !== undefined) return sh`:`
  const wanted = expect.match?.kind === 'text' ? expect.match.text : ''
  return lines(
    ask(request),
    sh`  [ "$said" != none ] || exit 0`,
    sh`  case $(printf '%s' "$said" | ${CODE}) in ''|5??) exit 1 ;; esac`,
    wanted === '' ? sh`  exit 0` : sh`  case $said in *${wanted}*) exit 0 ;; *) exit 1 ;; esac`,
  )
}

/** The status code in what any of the programs prints. */
const CODE = sh`sed -n 's/.*HTTP\\/[0-9.]* \\([0-9][0-9][0-9]\\).*/\\1/p' | head -n 1`

/** Sets `said` to the whole answer, or to `none` when nothing can ask. */
export function ask(request: Question['request']): Shell {
  const tls = request.tls && { ...request.tls, verify: false }
  const asked: HttpRequest = { ...request, timeout: TIMEOUT, ...(tls && { tls }) }
  return lines(
    sh`  said=$( { {`,
    getByShell(asked, 'whole'),
    sh`  } || { ${lastResort(request)}; }; } 2>/dev/null | tr -d '\\000')`,
  )
}

/** wget takes the address by argument alone, where every user of the host could read a query. */
function lastResort({ address, port, path, host, tls }: Question['request']): Shell {
  if (tls !== undefined || path.includes('?')) return sh`echo none`
  const flags = ['-S', '-O', '-', '-T', '3', '--header', `Host: ${host}`, `http://${withPort(address, port)}${path}`]
  return sh`if command -v wget >/dev/null 2>&1; then timeout 5 wget ${flags} 2>&1; else echo none; fi`
}
