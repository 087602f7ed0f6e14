import { createRequire as __createRequire } from 'node:module'
const require = __createRequire(import.meta.url)
const __filename = import.meta.filename
const __dirname = import.meta.dirname
import {
  COLORS,
  Failure,
  HostError,
  LEFT_ALONE,
  LOST,
  NOOP,
  NOT_BEGUN,
  Refused,
  askWhether,
  askWithin,
  assessFacts,
  atHome,
  colorQuestion,
  confirmingBy,
  connectAll,
  countOn,
  counted,
  decisionToGoBack,
  endedElsewhere,
  ending2 as ending,
  fault,
  first,
  getInput,
  getState,
  guardActed,
  heartbeatAgain,
  holderSentence,
  hostsOf,
  howItAnswers,
  inRounds,
  isBack,
  isForExecutor,
  judgedState,
  keeping,
  knowing,
  knowingOpened,
  knownHostsMistakes,
  leaveAlone,
  lines,
  linesOf,
  liveColor,
  mayPass,
  otherThan,
  pRetry,
  parseTarget,
  parseUpload,
  prepareLedger,
  printable,
  publishLedger,
  readAccepted,
  readFault,
  readLease,
  readLeftAlone,
  readOpened,
  readStarted,
  require_lib,
  routeQuestion,
  saysBack,
  seconds,
  sentence2 as sentence,
  sentenceOf,
  sh,
  sha256,
  sideBySide,
  sideOf,
  stateShell,
  statusRefusals,
  surveyHost,
  takeLease,
  told,
  undoOnHost,
  unsafe,
  until,
  wasCancelled
} from "./chunk-XZJVTK5J.js";
import {
  __callDispose,
  __toESM,
  __using
} from "./chunk-7FVNDNQR.js";

// src/front/actions/runner.ts
import { readFileSync } from "node:fs";
function readRunner(environment, read) {
  const unusable = /* @__PURE__ */ new Map();
  const payload = eventOf(environment["GITHUB_EVENT_PATH"] ?? "", read);
  if (typeof payload === "string") unusable.set("GITHUB_EVENT_PATH", payload);
  const api = environment["GITHUB_API_URL"] || "https://api.github.com";
  const usable = /^https?:$/.test(URL.parse(api)?.protocol ?? "");
  if (!usable) unusable.set("GITHUB_API_URL", unusableApi(api));
  return {
    payload: typeof payload === "string" ? {} : payload,
    eventName: environment["GITHUB_EVENT_NAME"] ?? "",
    sha: environment["GITHUB_SHA"] ?? "",
    runId: Number.parseInt(environment["GITHUB_RUN_ID"] ?? "", 10),
    actor: environment["GITHUB_ACTOR"] ?? "",
    serverUrl: environment["GITHUB_SERVER_URL"] || "https://github.com",
    ...usable && { apiUrl: api },
    unusable
  };
}
function eventOf(path, read) {
  if (path === "") return {};
  const unknown = (why) => `The event of this run is not known: the file ${path}, which GITHUB_EVENT_PATH names, ${why}.`;
  let text2;
  try {
    text2 = read(path);
  } catch (cause) {
    return unknown(`cannot be read (${cause instanceof Error ? cause.message.replace(/,.*/s, "") : cause})`);
  }
  let event;
  try {
    event = JSON.parse(text2);
  } catch {
    return unknown("is not JSON");
  }
  if (typeof event !== "object" || event === null || Array.isArray(event)) return unknown("holds no object");
  return event;
}
function unusableApi(api) {
  return `GITHUB_API_URL is \`${api.slice(0, 200)}\`, which is not a URL: GitHub is asked nothing, and nothing is reported to it.`;
}
var runner = readRunner(process.env, (path) => readFileSync(path, "utf8"));
for (const name of runner.unusable.keys()) delete process.env[name];

// src/custody/heartbeat.ts
import { setTimeout as sleep } from "node:timers/promises";

// src/custody/on-host/journal.ts
function scriptHash(shell) {
  return sha256(shell.text);
}
function journalLine(index, change) {
  const { do: forward, effect: _shown, ...rest } = change;
  const kept = change.phase === "retire" ? { do: forward } : {};
  return JSON.stringify({ index, hash: scriptHash(forward.shell), change: { ...rest, ...kept } });
}
function journalQuestion() {
  return lines(
    sh`cat "$journal/decision"`,
    sh`cat "$journal/changes"`,
    sh`[ ! -e "$journal/moved" ] || printf '\\nmoved\\n'`
  );
}
function readJournal(number, printed) {
  const [first2 = "", ...rest] = printed.split("\n");
  const [word = "", ...more] = first2.trim().split(" ");
  const byOthers = more.includes("others") ? { byOthers: true } : {};
  const moved = rest.includes("moved") ? { moved: true } : {};
  return { number, decision: decisionOf(word), ...byOthers, ...moved, entries: rest.flatMap(entryOf) };
}
function decisionOf(word) {
  return word === "restoring" || word === "restored" || word === "kept" || word === "confirmed" ? word : "undecided";
}
function entryOf(line2) {
  const [, leader = "", started = "", json = ""] = /^(\d+) (\d*) (\{.*\})$/.exec(line2) ?? [];
  try {
    const found = asNow(JSON.parse(json));
    if (!isEntry(found)) return [];
    const session = { leader: Number(leader), started };
    return [{ index: found.index, session, change: { ...found.change, do: found.change.do ?? NOOP } }];
  } catch {
    return [];
  }
}
var FORMER = {
  again: "retry",
  tolerated: "bestEffort",
  remains: "irreversible",
  byHand: "manualUndo",
  restored: "undoProof",
  ends: "endpoints"
};
function asNow(found) {
  if (typeof found !== "object" || found === null || !("change" in found)) return found;
  const fields = Object.entries(found.change ?? {}).map(([name, value]) => [FORMER[name] ?? name, value]);
  return { ...found, change: Object.fromEntries(fields) };
}
function isEntry(found) {
  if (typeof found !== "object" || found === null || !("index" in found) || !("change" in found)) return false;
  const { index, change } = found;
  return typeof index === "number" && typeof change === "object" && change !== null && "title" in change;
}

// src/custody/heartbeat.ts
async function tryLease(host2, wanted) {
  const answer2 = Promise.withResolvers();
  const said2 = [];
  let ear = (line2) => {
    said2.push(line2);
    if (!/^(held|left|was) /.test(line2)) answer2.resolve(said2);
  };
  const talk = await host2.talk(takeLease(wanted), (line2) => ear(line2));
  talk.ended.then(() => answer2.resolve(void 0));
  const lines2 = await answer2.promise;
  const [first2 = "", ...rest] = lines2 ?? [];
  const [word = "", ...words] = first2.split(" ");
  if (word === "held") {
    const left = rest.flatMap((line2) => {
      const [, number = "", decision = ""] = /^left (\d+) (\S+)/.exec(line2) ?? [];
      return number === "" ? [] : [{ number: Number(number), decision: decisionOf(decision) }];
    });
    const was = rest.find((line2) => line2.startsWith("was "))?.slice(4);
    return {
      kind: "held",
      before: was === void 0 ? void 0 : readLease(was),
      number: Number(words[0]),
      left,
      talk,
      hear: (next) => {
        ear = next;
      }
    };
  }
  talk.close();
  if (word === "busy") {
    const [age = "", asked = "", ...line2] = words;
    const answer3 = { asked: asked === "yes", ends: asked === "ends" };
    return { kind: "busy", lease: readLease(line2.join(" ")), age: Number(age) * 10, ...answer3 };
  }
  if (word === "absent" || word === "flockless" || word === "locked") return { kind: word };
  if (word === "unwritable") return { kind: word };
  const fault2 = word === "unsafe" ? readFault(words.join(" ")) : void 0;
  if (fault2 !== void 0) return { kind: "unsafe", fault: fault2 };
  throw new Error(`${host2.name} did not say whether the lease could be taken${first2 === "" ? "" : `, but: ${first2}`}.`);
}
var AGAIN = 500;
var GIVING_BACK = 1e4;
function startHeartbeat(host2, wanted, first2, onHeartbeat) {
  const { number } = first2;
  const ended2 = Promise.withResolvers();
  let talk = first2.talk;
  let over = false;
  let color = "";
  const hear = (line2) => {
    if (line2 === "ended") ended2.resolve(true);
    const heartbeat2 = readHeartbeat(line2);
    if (heartbeat2 !== void 0 && !over) onHeartbeat(heartbeat2);
  };
  first2.hear(hear);
  const heartbeat = () => talk?.send("beat");
  const timer = setInterval(heartbeat, wanted.lease / 6);
  const keep2 = async () => {
    for (; ; ) {
      await talk?.ended;
      talk = void 0;
      if (over) return;
      await sleep(AGAIN);
      if (over) return;
      talk = await host2.talk(heartbeatAgain(wanted, number), hear).catch(() => void 0);
      if (over) return talk?.close();
      if (color !== "") talk?.send(`color ${color}`);
      heartbeat();
    }
  };
  const kept = keep2();
  kept.catch(() => void 0);
  const stop = () => {
    over = true;
    clearInterval(timer);
    talk?.close();
  };
  heartbeat();
  return {
    toward(next) {
      color = next;
      talk?.send(`color ${color}`);
    },
    stop,
    async end(journal) {
      clearInterval(timer);
      over = true;
      const finish2 = async () => {
        talk ??= await host2.talk(heartbeatAgain(wanted, number), hear);
        talk.send(journal === "keep" ? "end keep" : "end");
        await talk.ended;
        ended2.resolve(false);
      };
      finish2().catch(() => ended2.resolve(false));
      const late = setTimeout(() => ended2.resolve(false), GIVING_BACK);
      const given = await ended2.promise;
      clearTimeout(late);
      stop();
      return given;
    }
  };
}
function readHeartbeat(line2) {
  const [, held, guard, decision = "", asked] = /^beat (held|lost) (alive|dead|none) (\S+) (\S+)/.exec(line2) ?? [];
  if (held === void 0 || guard !== "alive" && guard !== "dead" && guard !== "none") return void 0;
  return { held: held === "held", guard, decision: decisionOf(decision), asked: asked === "restore" };
}

// src/custody/on-host/guard.ts
var TRIES = 20;
var PAUSE = 3;
function startGuard(lease2) {
  return lines(
    sh`pid='' start=; { read -r pid start <"$journal/guard"; } 2>/dev/null`,
    sh`if ! alive "$pid" "$start"; then`,
    sh`  ( umask 077; printf '%s\n' ${guardScript(lease2).text} >"$journal/guard.new" && mv "$journal/guard.new" "$journal/guard.sh" ) || exit 1`,
    sh`  put_line "$journal/guard" ''`,
    sh`  setsid sh "$journal/guard.sh" watch </dev/null >/dev/null 2>&1 9>&- &`,
    sh`  tries=0; pid='' pause=0.01`,
    sh`  while [ -z "$pid" ] && [ $tries -lt 100 ]; do`,
    sh`    { read -r pid start <"$journal/guard"; } 2>/dev/null; tries=$((tries + 1)); [ -n "$pid" ] || sleep $pause 2>/dev/null || sleep 1`,
    sh`    [ $tries -lt 10 ] || pause=0.1`,
    sh`  done`,
    sh`  [ -n "$pid" ] || { echo 'The guard did not begin: is there a setsid (package util-linux) on the host?' >&2; exit 1; }`,
    sh`fi`
  );
}
function guardScript(lease2) {
  const pause = lease2 < 1e4 ? "0.3" : "1";
  return lines(
    sh`# Puts traffic back where the release that started this stops without an end. Written by a release; safe to kill.`,
    sh`export LC_ALL=C; journal=$(dirname "$0")`,
    stateShell(sh`$(dirname "$journal")`, sh`\${journal##*-}`),
    sh`restore() {`,
    sh`  put_line "$journal/decision" "restoring $1 $$ $(started $$)"; safe "$journal/decision"`,
    sh`  end=restored others=`,
    sh`  for undo in $(ls -r "$journal" | grep '^undo-.*\\.sh$'); do`,
    sh`    sh "$journal/$undo" </dev/null >/dev/null 2>&1 9>&-`,
    sh`    case $? in 0) ;; 3) end=kept; break ;; 5) [ ! -e "$journal/moved" ] || others=' others' ;; *) return 1 ;; esac`,
    sh`  done`,
    sh`  put_line "$journal/decision" "$end $1$others"; safe "$journal/decision"`,
    sh`}`,
    sh`if [ "$1" = restore ]; then restore "$2"; exit; fi`,
    sh`put_line "$journal/guard" "$$ $(started $$)"`,
    sh`left=${TRIES}`,
    sh`beating() {`,
    sh`  now; beat=0 beaten=; { read -r beat beaten <"$journal/heartbeat"; } 2>/dev/null`,
    sh`  [ "$beaten" = "$boot" ] && [ $((up - \${beat:-0})) -le ${Math.round(lease2 / 10)} ]`,
    sh`}`,
    sh`while [ -d "$journal" ]; do`,
    sh`  decided; case $decision in confirmed|restored|kept) exit 0 ;; esac`,
    sh`  if beating; then sleep ${pause} 2>/dev/null || sleep 1; continue; fi`,
    sh`  if lock && [ -d "$journal" ] && ! beating; then`,
    sh`    decided`,
    sh`    case $decision in ''|restoring) if restore guard; then exit 0; fi; left=$((left - 1)); [ $left -gt 0 ] || exit 1 ;; esac`,
    sh`    unlock; sleep ${PAUSE}`,
    sh`  fi`,
    sh`  unlock`,
    sh`done`
  );
}

// src/custody/on-host/fence.ts
var FENCE_TIME = 6e4;
var LOST2 = /^Nothing was changed: lease \d+ is over \((\S*)\), and this is lease (.*)$/m;
var UNWRITTEN = /^Nothing was changed: (.*) cannot be written$/m;
var UNSAFE = /^Nothing was changed: unsafe (.*)$/m;
var DECIDED = /^Nothing was changed: the release is (\S+) already, by the (\S+)$/m;
function readRefusal(printed) {
  const lost = LOST2.exec(printed);
  if (lost) return { kind: "lost", how: lost[1] ?? "", by: lost[2] ?? "" };
  const decided = DECIDED.exec(printed);
  if (decided) return { kind: "decided", decision: decided[1] ?? "", who: decided[2] ?? "" };
  const unwritten = UNWRITTEN.exec(printed);
  if (unwritten) return { kind: "unwritten", file: unwritten[1] ?? "" };
  const fault2 = readFault(UNSAFE.exec(printed)?.[1] ?? "");
  if (fault2) return { kind: "unsafe", fault: fault2 };
  return void 0;
}
function enter({ directory: directory2, number, token }) {
  return lines(
    sh`refuse() { echo ${NOT_BEGUN}"$*" >&2; exit 77; }`,
    judgedState(directory2, number, sh`refuse "unsafe $unsafe"`),
    sh`lock || { echo "The lock $state/lock was held by somebody else for too long: see who holds it by: fuser $state/lock" >&2; exit 1; }`,
    sh`held='' owner=; { read -r held owner rest <"$state/lease"; } 2>/dev/null`,
    sh`if [ "$held $owner" != "$number "${token} ]; then`,
    sh`  decided; how=$(sed -n "s/^$number //p" "$state/ended" 2>/dev/null | tail -n 1); how=\${how:-$decision}`,
    sh`  refuse "lease $number is over (\${how:-unknown}), and this is lease $held $owner $rest"`,
    sh`fi`,
    sh`decided`
  );
}
var UNDECIDED = sh`[ -z "$decision" ] || refuse "the release is $decision already, by the $who"`;
var CONFIRMED = sh`[ "$decision" = confirmed ] || refuse "the release is \${decision:-undecided} already, by the \${who:-run}"`;
function freely(script) {
  return lines(sh`(`, script, sh`) 9>&-`);
}
function fenced(held, index, change, waiting) {
  const journal = [...waiting, journalLine(index, change)];
  switch (change.phase) {
    case "prepare":
      return lines(enter(held), UNDECIDED, write(journal), sparing(change.spares, change.do.shell));
    case "traffic":
      return lines(
        enter(held),
        UNDECIDED,
        write(journal),
        sh`undo=$journal/undo-${String(index).padStart(4, "0")}.sh`,
        sh`{ ( umask 077; printf '%s\n' ${undoOnHost(change).text} >"$undo.new" && mv "$undo.new" "$undo" ) && safe "$undo" "$journal"; } || { rm -f "$undo"; refuse "$journal cannot be written"; }`,
        startGuard(held.lease),
        freely(change.do.shell),
        sh`code=$?; [ $code != 0 ] || ( umask 077; : >"$journal/moved" ) 2>/dev/null; exit $code`
      );
    case "retire":
      return lines(
        enter(held),
        CONFIRMED,
        sh`(\n${write(journal)}\n) 2>/dev/null || :`,
        sparing(change.spares, change.do.shell)
      );
  }
}
function sparing(spares, script) {
  if (spares === void 0) return lines(sh`unlock`, script);
  const { color, holds, found, wakes } = spares;
  const wake = wakes === void 0 ? sh`:` : sh`(\n${wakes}\n) >/dev/null 2>&1 9>&- || echo 'It could not be started again.' >&2`;
  const left = wakes === void 0 ? "It was left as it is." : "It had been stopped before, and was started again.";
  const record = found === void 0 ? sh`:` : sh`(\n${found}\n) || echo 'The ledger could not be written.' >&2`;
  return lines(
    askWhether(holds),
    leaveAlone(color, sh`${left}`, lines(record, wake)),
    sh`unlock`,
    sh`(`,
    script,
    sh`)`,
    found === void 0 ? sh`exit` : lines(sh`code=$?; if ${LEFT_ALONE} && lock; then`, record, sh`fi`, sh`exit $code`)
  );
}
function puttingBack({ holds, undo }, back) {
  const script = undo?.shell ?? sh`:`;
  if (holds === void 0) return lines(sh`there=`, freely(script), sh`code=$?; [ $code = 0 ] || exit $code`);
  return lines(
    askWhether(holds.next.holds),
    sh`there=; [ $held != 1 ] || there=yes`,
    freely(script),
    sh`code=$?; [ -n "$there" ] || [ $code = 0 ] || exit $code`,
    sh`[ -z "$there" ] || {`,
    back,
    sh`}`
  );
}
function write(journal, otherwise = sh`refuse "$unwritten"`) {
  const begin = sh`session="$$ $(started $$)"`;
  const each = journal.map((line2) => sh`printf '%s %s\n' "$session" ${line2}`);
  return lines(
    begin,
    sh`{ { echo; ${lines(...each)}`,
    sh`} >>"$journal/changes" && safe "$journal/changes"; } || { unwritten="$journal/changes cannot be written"; `,
    otherwise,
    sh`}`
  );
}
function fencedUndo(held, change, last) {
  const undo = change.undo?.shell ?? sh`:`;
  if (change.phase !== "traffic") {
    return lines(
      enter(held),
      sh`[ "$decision" != confirmed ] || refuse "the release is $decision already, by the $who"`,
      sparing(change.spares, undo)
    );
  }
  const back = change.holds === void 0 ? sh`:` : saysBack(change.holds.previous.color);
  return lines(
    enter(held),
    sh`case $decision in`,
    sh`''|restoring) put_line "$journal/decision" "restoring run $$ $(started $$)"; safe "$journal/decision" ;;`,
    sh`restored)`,
    sh`  case $(cat "$journal/decision") in *' others'*)`,
    back,
    sh`  ;; esac; exit 0 ;;`,
    sh`*) refuse "the release is $decision already, by the $who" ;;`,
    sh`esac`,
    puttingBack(change, back),
    last ? sh`others=; [ -z "$there" ] || [ ! -e "$journal/moved" ] || others=' others'; put_line "$journal/decision" "restored run$others"; safe "$journal/decision"` : sh`:`
  );
}
function confirmation(held, parts) {
  return lines(
    enter(held),
    sh`if [ "$decision" != confirmed ]; then`,
    UNDECIDED,
    ...parts.spares ? [askWhether(parts.spares.holds), leaveAlone(parts.spares.color, sh`'The release was not confirmed.'`)] : [],
    sh`identity=$(\n${parts.identity}\n) || { echo 'The release was not confirmed.' >&2; exit 1; }`,
    sh`identity=$(printf %s "$identity" | tr -d '\\n')`,
    write(parts.finish, sh`echo "$unwritten" >&2; exit 1`),
    // Last, as it takes away after itself what it could not write whole.
    parts.record,
    sh`put_line "$journal/decision" "confirmed run $$ $(started $$)" && safe "$journal/decision" || exit 1`,
    sh`fi`,
    publishLedger
  );
}
function publish(held) {
  return lines(enter(held), publishLedger);
}
function standing(held) {
  return lines(enter(held), UNDECIDED);
}
function rearm(held) {
  return lines(enter(held), sh`[ -z "$decision" ] || exit 0`, startGuard(held.lease));
}
function recovered(held, change) {
  const undo = change.undo?.shell ?? sh`:`;
  const session = sh`{ printf '\n%s %s {}\n' $$ "$(started $$)" >>"$journal/changes"; } 2>/dev/null`;
  if (change.phase !== "traffic") return lines(enter(held), session, sparing(change.spares, undo));
  const back = change.holds === void 0 ? sh`:` : saysBack(change.holds.previous.color);
  return lines(enter(held), session, puttingBack(change, back));
}
function carriedOn(held, change) {
  return lines(enter(held), sparing(change.spares, change.do.shell));
}
function closeJournal(held, left, how) {
  return lines(
    enter(held),
    sh`{ echo ${`${left} ${how}`} >>"$state/ended"; } 2>/dev/null`,
    sh`discard "$state/journal-"${left}; safe "$state"`
  );
}
function decide(held, decision) {
  return lines(
    enter(held),
    sh`case $decision in ''|restoring) put_line "$journal/decision" ${`${decision} run`}; safe "$journal/decision" ;; esac`
  );
}

// src/custody/custody.ts
var CONFIRMING = 3;
var DEADLINE = 3e4;
function custodyOf(host2, wanted, taken, asked) {
  const { directory: directory2, token, lease: lease2 } = wanted;
  const held = { directory: directory2, token, lease: lease2, number: taken.number };
  const stop = new AbortController();
  const traffic = /* @__PURE__ */ new Map();
  const waiting = [];
  let next = 0;
  let undoing = false;
  let confirmed = false;
  let arming;
  let over;
  const onHeartbeat = (heartbeat2) => {
    if (undoing || confirmed || stop.signal.aborted) return;
    if (!heartbeat2.held) stop.abort(new Failure("lease-lost", LOST));
    else if (heartbeat2.decision !== "undecided" && heartbeat2.decision !== "confirmed")
      stop.abort(guardActed(heartbeat2.decision));
    else if (heartbeat2.asked)
      stop.abort(new Failure("superseded", "A rollback asked this release to put the previous version back."));
    else if (heartbeat2.guard === "dead" && heartbeat2.decision === "undecided") arming ??= armAgain();
  };
  const armAgain = async () => {
    try {
      await answer(host2, rearm(held), "guard-failed");
    } catch (cause) {
      stop.abort(
        new Failure(
          "guard-failed",
          `The guard on ${host2.name} ended, and could not be started again: ${sentenceOf(cause)}`,
          { cause }
        )
      );
    } finally {
      arming = void 0;
    }
  };
  const heartbeat = startHeartbeat(host2, wanted, taken, onHeartbeat);
  const behind = async (work) => {
    try {
      return await work();
    } catch (cause) {
      const printed = cause instanceof Failure ? cause.evidence.join("\n") : "";
      const alone = readLeftAlone(printed, cause);
      if (alone !== void 0) throw alone;
      const refusal = readRefusal(printed);
      if (refusal !== void 0) {
        if (refusal.kind !== "unwritten" && refusal.kind !== "unsafe") over = refusal;
        throw told(refusal, directory2, cause);
      }
      if (stop.signal.aborted && wasCancelled(cause)) throw stop.signal.reason;
      throw cause;
    }
  };
  const unlessOver = async (cause) => {
    if (!wasCancelled(cause)) await behind(() => answer(host2, standing(held), "lease-lost").catch(refusalAlone));
    throw cause;
  };
  return {
    held,
    signal: stop.signal,
    before: before(taken.before),
    left: taken.left,
    ...asked && { asked },
    toward: (color) => heartbeat.toward(color),
    fence: (executor) => ({
      ...executor,
      async change(change) {
        const index = next++;
        if (change.do.shell.text === "") {
          waiting.push(journalLine(index, change));
          return executor.change(change);
        }
        if (change.phase === "traffic") traffic.set(index, change);
        const shell = fenced(held, index, change, waiting.splice(0));
        const deadline = change.do.deadline + (change.phase === "traffic" ? FENCE_TIME : 0);
        await behind(() => executor.change({ ...change, do: { shell, deadline } }));
      },
      check: (check) => behind(() => executor.check(check).catch(unlessOver)),
      async undo(change) {
        undoing = true;
        if (over === void 0 && change.phase === "traffic") {
          await behind(() => answer(host2, standing(held), "lease-lost").catch(refusalAlone)).catch(() => void 0);
        }
        if (over?.kind === "lost") return endedElsewhere(over, change);
        if (change.undo === void 0) return executor.undo(change);
        const index = [...traffic].findLast(([, each]) => each === change)?.[0];
        const last = index !== void 0 && traffic.size === 1;
        const shell = fencedUndo(held, change, last);
        const deadline = change.undo.deadline + (change.phase === "traffic" ? FENCE_TIME : 0);
        const printed = await behind(() => executor.undo({ ...change, undo: { shell, deadline } })).catch(
          (cause) => {
            if (over?.kind === "lost") return endedElsewhere(over, change);
            throw cause;
          }
        );
        if (index !== void 0) traffic.delete(index);
        return printed;
      },
      confirm: (item) => behind(() => executor.confirm(item))
    }),
    async confirm({ entry, identity, seen: seen2, finish: finish2, spares }) {
      const shell = confirmation(held, {
        identity,
        spares,
        record: prepareLedger(entry, seen2),
        finish: finish2.map((change) => journalLine(next++, change))
      });
      for (let left = CONFIRMING; ; left--) {
        try {
          await answer(host2, shell, "confirm-failed");
          confirmed = true;
          return;
        } catch (cause) {
          if (left === 1 || !(cause instanceof HostError)) throw cause;
        }
      }
    },
    async keep() {
      await answer(host2, decide(held, "kept"), "state-directory");
    },
    async end(how) {
      await arming;
      if (how !== "alone") return heartbeat.end(how === "clean" ? "remove" : "keep");
      heartbeat.stop();
      return true;
    }
  };
}
function refusalAlone(cause) {
  if (cause instanceof Failure && readRefusal(cause.evidence.join("\n")) !== void 0) throw cause;
}
async function answer(host2, shell, reason) {
  const ran = await host2.run({ shell, deadline: DEADLINE + FENCE_TIME });
  if (ran.code === 0) return ran.stdout;
  const printed = ran.stderr.trim();
  throw new Failure(reason, `On ${host2.name}: ${printed.slice(-300) || `exit code ${ran.code}`}`, {
    evidence: printed.split("\n")
  });
}
function before(lease2) {
  return lease2?.holder === void 0 ? "Nobody held the lease." : `The lease was held by ${holderSentence(lease2.holder)}.`;
}

// src/custody/recovery.ts
var GRACE = 5e3;
async function recoverAll(custody, host2, executor) {
  const all = [];
  const newestFirst = custody.left.toSorted((a, b) => b.number - a.number);
  for (const { number } of newestFirst) all.push(await recover(custody, number, host2, executor));
  return all;
}
async function recover(custody, number, host2, executor) {
  const { held } = custody;
  const printed = await answer(host2, endSessions(held.directory, number), "recovery-failed");
  const [first2 = "", ...rest] = printed.split("\n");
  const holder = readLease(first2)?.holder;
  const journal = here(readJournal(number, rest.join("\n")), host2);
  const left = [];
  const how = await putRight(journal, custody, host2, executor, left);
  await answer(host2, closeJournal(held, number, how === "nothing" ? "undone" : how), "recovery-failed");
  return { number, how, left, ...holder && { holder } };
}
async function putRight({ decision, byOthers, moved, entries }, { held }, host2, executor, left) {
  if (decision === "confirmed") {
    await answer(host2, publish(held), "recovery-failed");
    const after = new Map(entries.flatMap(({ change }) => change.phase === "retire" ? [[change.title, change]] : []));
    let how = "confirmed";
    for (const change of after.values()) {
      const again = { ...change, do: { ...change.do, shell: carriedOn(held, change) } };
      await executor.change(again).catch((cause) => {
        if (isByOthers(cause)) how = "flipped-back";
        else executor.warn(change, cause);
      });
    }
    return how;
  }
  const begun = entries.map(({ change }) => change).filter(({ phase }) => phase !== "retire");
  const flips = begun.some(({ phase }) => phase === "traffic");
  if (decision === "kept") return "kept";
  let flippedBack = byOthers === true;
  for (const change of begun.toReversed()) {
    if (change.undo === void 0) continue;
    if (change.phase === "traffic" && decision === "restored") continue;
    try {
      const printed = await executor.undo({ ...change, undo: { ...change.undo, shell: recovered(held, change) } });
      flippedBack ||= change.phase === "traffic" && moved === true && isBack(printed);
    } catch (cause) {
      if (change.bestEffort) executor.warn(change, cause);
      else if (change.phase !== "traffic") left.push(`${change.title}: ${sentenceOf(cause)}`);
      else if (cause instanceof Failure && cause.reason === "previous-gone") return "kept";
      else throw stuck(change, cause, host2);
    }
  }
  if (begun.length === 0) return "nothing";
  return !flips ? "undone" : flippedBack ? "flipped-back" : "restored";
}
function isByOthers(cause) {
  return cause instanceof Failure && readLeftAlone(cause.evidence.join("\n"))?.reason === "flipped-by-others";
}
function stuck(change, cause, host2) {
  const byHand = change.manualUndo ?? change.undo?.shell.text ?? "";
  return new Failure(
    "recovery-failed",
    `An earlier run was ended in the middle, and what it did to traffic could not be undone. ${change.title}: ${sentenceOf(cause)} By hand, on ${host2.name}:
${byHand.replace(/^/gm, "    ")}`,
    { cause, ...cause instanceof Failure && { evidence: cause.evidence } }
  );
}
function endSessions(directory2, number) {
  return lines(
    judgedState(directory2, number, sh`echo "The state directory is not private: $unsafe" >&2; exit 1`),
    sh`sed -n 's/^\\([0-9][0-9]*\\) \\([0-9][0-9]*\\) {.*/\\1 \\2/p' "$journal/changes" | sort -u | while read -r leader since; do`,
    // A number that is another process now means that nothing is left of that session.
    sh`  began=$(started "$leader"); [ -z "$began" ] || [ "$began" = "$since" ] || continue`,
    sh`  ( ${ending(sh`"$leader"`, GRACE)} ) </dev/null`,
    sh`done`,
    sh`cat "$journal/holder" 2>/dev/null || echo`,
    journalQuestion()
  );
}
function here(journal, { name }) {
  const question = (asked) => asked.from === "runner" ? asked : { ...asked, from: name };
  const moved = (change) => ({
    ...change,
    ...!change.on.startsWith("all ") && { on: name },
    ...change.endpoints && {
      endpoints: { previous: question(change.endpoints.previous), next: question(change.endpoints.next) }
    },
    ...change.undoProof?.kind === "until" && {
      undoProof: {
        ...change.undoProof,
        probe: { ...change.undoProof.probe, questions: change.undoProof.probe.questions.map(question) }
      }
    }
  });
  return { ...journal, entries: journal.entries.map((entry) => ({ ...entry, change: moved(entry.change) })) };
}
function settledBy(recovered2, live) {
  const { how, holder } = recovered2;
  return {
    how,
    live,
    run: holder?.run ?? "",
    version: holder?.version ?? "",
    sentence: recoverySentence(recovered2) ?? ""
  };
}
function recoverySentence({ how, holder, left }) {
  const run = holder === void 0 ? "An earlier run" : `The ${holder.command || "run"}${holder.version && ` of ${holder.version}`}${holder.run && ` (${holder.run})`}`;
  const rest = left.map((each) => ` Left behind, because its undo failed: ${each}`).join("");
  switch (how) {
    case "nothing":
      return void 0;
    case "confirmed":
      return `${run} was ended from outside after it had been confirmed: it stands, and what was to follow was done now.`;
    case "kept":
      return `${run} was ended from outside in the middle: the previous color did not answer any more and the new one did, so that traffic stayed there.${rest}`;
    case "flipped-back":
      return `${run} was ended from outside in the middle, and somebody else put traffic back to the previous color: nothing that serves was stopped.${rest}`;
    case "restored":
      return `${run} was ended from outside in the middle: traffic was put back, and the rest of it undone.${rest}`;
    case "undone":
      return `${run} was ended from outside before its flip: what it had begun was undone.${rest}`;
  }
}
function leftNothing(run, started, ledger, live) {
  const entry = ledger.findLast((each) => each.run === run && each.started === started);
  if (entry === void 0) {
    return {
      run,
      live,
      version: "",
      how: "nothing",
      sentence: "This run left nothing on the host: it had changed nothing, or had undone it itself."
    };
  }
  const { version: version2, color, result } = entry;
  return result === "restored" ? {
    run,
    live,
    version: "",
    how: "flipped-back",
    sentence: `This run had ended by itself: somebody else put traffic back to ${version2 || "the previous version"} on ${color}.`
  } : {
    run,
    live,
    version: version2,
    how: "confirmed",
    sentence: `This run had ended well by itself: ${version2} went live on ${color}.`
  };
}

// src/custody/taking.ts
import { randomUUID } from "node:crypto";
import { setTimeout as sleep2 } from "node:timers/promises";

// src/custody/waiting.ts
var FOR_A_RESTORE = 6e4;
var FOR_AN_END = 12e4;
var FOR_SILENCE = 6e4;
var MARGIN = 500;
function beginWaiting(now, patience) {
  return { since: now, patience: now + patience };
}
function noticed(before3, busy, now) {
  const heard = listened(before3, busy, now);
  if (busy.asked && before3.asked === void 0) {
    const { holder } = busy.lease ?? {};
    return { ...heard, patience: Math.max(heard.patience, now + FOR_A_RESTORE), ...holder && { asked: holder } };
  }
  if (busy.ends && !before3.ends) {
    return { ...heard, patience: Math.max(heard.patience, now + FOR_AN_END), ends: true };
  }
  return heard;
}
function waitsUntil({ since, patience, silence }, asks) {
  const stale = asks && silence !== void 0 ? silence.stale : 0;
  return stale - since > FOR_SILENCE ? patience : Math.max(patience, stale);
}
function listened(before3, { lease: lease2, age }, now) {
  const { silence, living, ...rest } = before3;
  if (lease2 === void 0 || lease2.number === living) return before3;
  const heartbeat = now - age;
  if (silence?.number !== lease2.number) {
    return { ...rest, silence: { number: lease2.number, since: heartbeat, stale: heartbeat + lease2.lease + MARGIN } };
  }
  return heartbeat - silence.since > lease2.lease / 12 ? { ...rest, living: lease2.number } : before3;
}

// src/custody/taking.ts
var BETWEEN = 1e3;
var TOLD = 1e4;
function newToken() {
  return randomUUID();
}
async function takeCustody(host2, terms, progress, signal) {
  const { directory: directory2, lease: lease2, holder, token, over, asks } = terms;
  const wanted = { directory: directory2, lease: lease2, holder, token, ...over && { over } };
  let waiting = beginWaiting(performance.now(), terms.patience);
  let told3 = Number.NEGATIVE_INFINITY;
  let ended2;
  let beyond;
  for (; ; ) {
    signal.throwIfAborted();
    const asking = asks && beyond === void 0;
    const taken = await tryLease(host2, { ...wanted, ...asking && { asks }, ...ended2 !== void 0 && { ended: ended2 } });
    if (taken.kind === "held") {
      const custody = custodyOf(host2, wanted, taken, waiting.asked);
      if (beyond === void 0 || !gaveItBack(beyond, taken.before)) return custody;
      await custody.end("clean");
      throw refusedBy(beyond, directory2);
    }
    if (taken.kind === "absent") return "absent";
    if (taken.kind === "unsafe") throw unsafe(taken.fault, directory2);
    if (taken.kind !== "busy" && taken.kind !== "locked") throw untakable(host2, directory2, taken.kind);
    if (taken.kind === "busy") {
      const first2 = waiting.asked === void 0;
      waiting = noticed(waiting, taken, performance.now());
      if (first2 && waiting.asked) progress.note(`Asked ${who(taken)}, to put the previous version back.`);
    }
    const end = waitsUntil(waiting, asks === true);
    if (performance.now() - told3 >= TOLD && taken.kind === "busy") {
      const waited = told3 > 0;
      told3 = performance.now();
      if (await isOver(taken, terms)) {
        ended2 = taken.lease?.number;
        continue;
      }
      if (waited || performance.now() < end)
        progress.note(
          `Waiting for ${who(taken)}, for at most ${seconds(Math.round(Math.max(0, end - told3)))} more.`,
          "waiting"
        );
    }
    if (performance.now() >= end) throw refusedBy(taken, directory2);
    beyond = performance.now() >= waiting.patience ? taken : void 0;
    const pause = Math.min(BETWEEN, Math.max(0, end - performance.now()));
    await sleep2(pause, void 0, { signal }).catch(() => signal.throwIfAborted());
  }
}
function gaveItBack(beyond, before3) {
  return beyond.kind === "busy" && before3?.holder === void 0 && before3?.number === beyond.lease?.number;
}
async function isOver({ lease: lease2 }, { holder, hasEnded }) {
  const run = lease2?.holder?.run ?? "";
  if (run === "" || run === holder.run || hasEnded === void 0) return false;
  return await hasEnded(run) === true;
}
function who(taken) {
  if (taken.kind !== "busy") return "another run, which decides something just now";
  return `${taken.lease?.holder === void 0 ? "another run" : holderSentence(taken.lease.holder)}, whose last heartbeat came ${seconds(taken.age)} ago`;
}
function refusedBy(taken, directory2) {
  return new Failure(
    "lease-held",
    `The target is held by ${who(taken)}. Wait for it, or give this one a \`lock-timeout\`; a lease whose run is gone is taken over by itself, and \`command: unlock\` ends it at once. It stands in ${directory2}/lease.`
  );
}
function untakable(host2, directory2, kind) {
  return kind === "flockless" ? new Failure(
    "state-directory",
    `${host2.name} has no \`flock\`, without which two releases cannot be kept apart. Run on the host: sudo apt-get install util-linux`
  ) : new Failure(
    "state-directory",
    `The lease cannot be written in ${directory2} on ${host2.name}: is the disk full, or do files there belong to somebody else? See: df ${directory2}; ls -l ${directory2}`
  );
}

// src/planning/status.ts
var LISTED = 10;
async function statusOf(looking) {
  const { inputs, survey, host: host2 } = looking;
  const { custody } = survey;
  const releases = survey.ledger.toReversed().slice(0, LISTED);
  const facts = assessFacts(survey, inputs, host2);
  const always = { releases, custody };
  if (facts.value === void 0) {
    const { value } = survey.runtime.assess(host2);
    const colors = value ? COLORS.map((color) => unasked(color, value, survey)) : [];
    const problems = [...facts.refusals, ...abandoned(survey)];
    return { ...always, live: {}, colors, problems, notes: facts.notes };
  }
  const { fault: fault2 } = facts.value.router;
  const seen2 = await colorsOf(looking, facts.value);
  return {
    ...always,
    ...seen2,
    problems: [...fault2 ? [fault2] : [], ...seen2.problems, ...abandoned(survey)],
    notes: [...facts.notes, ...seen2.notes]
  };
}
async function colorsOf(looking, facts) {
  const { survey, ask, signal, inputs, host: host2 } = looking;
  const asked = { inputs, facts, host: host2 };
  const router = facts.router.router(ask);
  const live = await liveColor(router, signal).catch((cause) => {
    if (cause instanceof Failure) return cause;
    throw cause;
  });
  const answers2 = async (color) => howItAnswers(colorQuestion(asked, color, void 0), ask, signal);
  const [blue, green] = await Promise.all([answers2("blue"), answers2("green")]);
  const answering = { blue, green };
  if (live instanceof Failure) {
    const colors2 = COLORS.map((color) => ({
      ...unasked(color, facts.runtime, survey),
      health: healthOf(answering[color])
    }));
    return { live: {}, colors: colors2, problems: [live], notes: [] };
  }
  const kinds = { blue: blue.kind, green: green.kind };
  const { addresses } = facts.router;
  const assessed = facts.runtime.sides({ live, addresses, answering: kinds, ledger: survey.ledger });
  const side = assessed.value ?? { own: false };
  const nothingLive = assessed.value !== void 0 && side.previous === void 0;
  const supposed = { live, answering: kinds, nothingLive };
  const confirmed = await facts.router.confirm(confirmingBy({ ...looking, facts }), supposed);
  const question = routeQuestion(asked, side.previous?.version);
  const route = question && await howItAnswers(question, ask, signal);
  const last = survey.ledger.at(-1);
  const colors = [live, otherThan(live)].map((color) => {
    const { version: version2, ...known } = unasked(color, facts.runtime, survey);
    const serves = color === live && side.previous !== void 0 ? side.previous.version : version2;
    const role = color === live ? "live" : "idle";
    return { ...known, ...serves !== void 0 && { version: serves }, role, health: healthOf(answering[color]) };
  });
  return {
    live: confirmed.refusals.length > 0 ? reaching(confirmed) : assessed.value ? sideOf(live, side) : unknownSide(live, answering[live]),
    ...confirmed.refusals.length === 0 && { goesTo: live },
    colors,
    ...route && { route: healthOf(route) },
    rollback: rollbackOf({ ...looking, facts }, live, side),
    problems: [
      ...assessed.refusals,
      ...confirmed.refusals,
      ...unwell(live, answering[live]),
      ...route && answering[live].kind === "well" ? unrouted(route) : [],
      // What a release in progress has put live is recorded when it is confirmed.
      ...assessed.value && !survey.custody.busy ? unrecorded(survey.ledger, live, side) : [],
      ...facts.runtime.idleRuns({
        live,
        ...last !== void 0 && { confirmed: last.confirmed },
        unsettled: survey.custody.busy || survey.custody.abandoned,
        previous: keeping(inputs, facts.router).after.previous
      })
    ],
    notes: [...assessed.notes, ...confirmed.notes, ...facts.runtime.staysDown(live)]
  };
}
function reaching({ reaches }) {
  return reaches === void 0 ? {} : { color: reaches };
}
function unknownSide(color, { kind }) {
  return kind === "silent" ? {} : { color };
}
function unasked(color, runtime, { ledger }) {
  return { color, role: "unknown", health: "not asked", ...runtime.look(color, ledger) };
}
function healthOf(answering) {
  return answering.kind === "well" ? "well" : answering.why;
}
function unwell(color, answering) {
  if (answering.kind === "well") return [];
  return [statusRefusals["live-unwell"](color, answering.why)];
}
function unrouted(route) {
  if (route.kind === "well") return [];
  return [statusRefusals["route-fails"](route.why)];
}
function abandoned({ custody }) {
  if (!custody.abandoned) return [];
  return [statusRefusals["left-behind"](custody.lease, custody.journal)];
}
function unrecorded(ledger, live, { image, previous }) {
  const last = ledger.at(-1);
  if (last === void 0 || image === void 0 || last.image === image && last.color === live) return [];
  const serves = `${previous?.version ?? "an unknown version"} on ${live}`;
  return [statusRefusals["serves-unrecorded"](`${last.version} on ${last.color}`, serves, image.slice(0, 19))];
}
function rollbackOf(planning, live, side) {
  try {
    const { back } = decisionToGoBack(planning, live, side);
    return `${back.entry.version}, released ${back.entry.confirmed}`;
  } catch (cause) {
    if (cause instanceof Refused) return sentenceOf(cause);
    throw cause;
  }
}

// src/commands/what-serves.ts
var PATIENCE = 15e3;
var WHEN_CANCELLED = 3e3;
async function whatServes({ fleet, ask, adapters }, { inputs, cancelled }, plan) {
  const host2 = first(fleet.apps);
  const signal = AbortSignal.timeout(cancelled() === void 0 ? PATIENCE : WHEN_CANCELLED);
  try {
    const survey = await surveyHost(host2, inputs, adapters, signal);
    const { live, goesTo, colors, problems } = await statusOf({
      ...{ inputs, survey, host: host2.name, ask, signal },
      count: countOn(host2, signal)
    });
    if (live.color !== void 0) return { kind: "serves", live };
    const why = problems.map(sentenceOf).join(" ");
    if (goesTo !== void 0) return { kind: "silent", color: goesTo, why };
    const chosen = plan && await chosenBy(plan.router, host2, signal);
    if (plan === void 0 || chosen === void 0) return { kind: "unknown", why };
    const { next, previous } = plan.questions;
    const answers2 = await howItAnswers(chosen === plan.to ? next : previous, ask, signal);
    if (answers2.kind === "silent") return { kind: "silent", color: chosen, why: `${answers2.why}.` };
    const version2 = colors.find(({ color }) => color === chosen)?.version;
    return { kind: "serves", live: { color: chosen, ...version2 !== void 0 && { version: version2 } } };
  } catch (cause) {
    return { kind: "unknown", why: signal.aborted ? "the host did not answer in time." : sentenceOf(cause) };
  }
}
async function chosenBy(router, host2, signal) {
  const asked = COLORS.map(async (color2) => {
    const { code: code2 } = await host2.run({ shell: router.holds(color2), deadline: PATIENCE }, { signal });
    return code2 === 0 ? [color2] : [];
  });
  const [color, other] = (await Promise.all(asked)).flat();
  return other === void 0 ? color : void 0;
}

// src/execute/executor.ts
import { setTimeout as sleep4 } from "node:timers/promises";

// src/base/plural.ts
function plural(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

// src/judges/watch.ts
import { setTimeout as sleep3 } from "node:timers/promises";
async function hold(test, ask, signal) {
  const end = performance.now() + test.duration;
  const watched = { asked: 0, failed: 0, slowest: 0 };
  const inARow = /* @__PURE__ */ new Map();
  const round = async (question) => {
    const wrong = await askWithin(ask, question, Math.max(2e3, test.interval), signal).then(
      (answer2) => {
        const wrong2 = fault(question.expect, answer2);
        if (wrong2 === void 0) watched.slowest = Math.max(watched.slowest, answer2.duration);
        return wrong2;
      },
      (cause) => {
        if (!mayPass(cause)) throw cause;
        return `gave no answer: ${sentence(cause)}`;
      }
    );
    signal.throwIfAborted();
    watched.asked++;
    if (wrong !== void 0) watched.failed++;
    const failures = wrong === void 0 ? 0 : (inARow.get(question) ?? 0) + 1;
    inARow.set(question, failures);
    if (failures >= test.failures) {
      throw new Failure(test.reason, `${failures} failures in a row in the watch: ${question.title} ${wrong}.`);
    }
  };
  const troubled = () => [...inARow.values()].some((failures) => failures > 0);
  do {
    const began = performance.now();
    await Promise.all(test.questions.map(round));
    const pause = Math.min(test.interval, end - began) - (performance.now() - began);
    if (pause > 0) await sleep3(pause, void 0, { signal });
  } while (performance.now() < end || troubled());
  return watched;
}

// src/release/sight.ts
function shownBy({ version: version2, before: before3 }, answer2) {
  if (says(answer2, version2) && !before3.some((each) => says(each, version2))) return { kind: "version" };
  const [first2, second] = before3;
  if (first2 === void 0 || second === void 0) return { kind: "nothing" };
  const names = Object.keys(first2.headers).filter((name) => !FLEETING.includes(name));
  const header = names.find(
    (name) => first2.headers[name] === second.headers[name] && first2.headers[name] !== answer2.headers[name]
  );
  if (header !== void 0) return { kind: "changed", what: `the header \`${header}\`` };
  return first2.body === second.body && first2.body !== answer2.body ? { kind: "changed", what: "the body" } : { kind: "nothing" };
}
function verdictOf({ version: version2, color }, shown, arrived) {
  if (shown.kind === "version") return { proven: true, note: `the answer says ${version2}` };
  if (shown.kind === "changed") return { proven: true, note: `${shown.what} changed with the flip` };
  const note = `answered, not proven to be ${version2}`;
  const fix = "Let `verify-url` lead through this Nginx to something that says the version, and write `{version}` into `verify-match`.";
  if (arrived === void 0) {
    const doubt2 = `The public route answered, and nothing proves that it was ${version2}. ${fix}`;
    return { proven: false, note, doubt: doubt2 };
  }
  if (arrived > 0) {
    const connections = arrived === 1 ? "1 connection" : `${arrived} connections`;
    return { proven: false, note: `${note} by what it says; ${connections} arrived at ${color} since the flip` };
  }
  const doubt = `The public route answered, and not from ${color}: no connection arrived there since the flip. A cache or another server answers, and ${version2} was not proven there. ${fix}`;
  return { proven: false, note: `${note}: no connection arrived at ${color}`, doubt };
}
var FLEETING = ["date", "age", "expires", "last-modified", "set-cookie", "connection", "keep-alive"];
function says({ headers, body: body2 }, version2) {
  const escaped2 = version2.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const word = new RegExp(`(?<![\\w.-])${escaped2}(?![\\w-]|\\.\\w)`);
  return [body2, ...Object.values(headers)].some((text2) => word.test(text2));
}

// src/execute/tests.ts
var CALLERS = "Callers: ";
async function putTest(test, reach) {
  const over = new AbortController();
  const either = AbortSignal.any([over.signal, reach.signal]);
  const exitWatch = "exitWatch" in test && test.exitWatch && keep(besides(test.exitWatch, test), reach, over);
  try {
    if (test.kind === "drain") return await drain(test.waits, reach);
    if (test.kind === "smoke") return await reach.smokeTest(test.smoke, either);
    if (test.kind === "until") {
      const { tries, answered, answers: answers2 } = await until(test.probe, test.reason, reach.ask, either);
      const told3 = `${plural(tries, "request")}, the last answered in ${Math.round(answered)} ms`;
      const [answer2] = answers2;
      return test.sight === void 0 || answer2 === void 0 ? told3 : await seen(test.sight, answer2, told3, reach);
    }
    const { asked, failed: failed2, slowest } = await hold(test, reach.ask, either);
    return `${plural(asked, "request")}, ${failed2} failed, the slowest answered in ${Math.round(slowest)} ms`;
  } catch (cause) {
    reach.signal.throwIfAborted();
    throw over.signal.aborted ? over.signal.reason : await goneMeanwhile(test, reach) ?? cause;
  } finally {
    over.abort();
    await exitWatch;
  }
}
async function seen(sight, answer2, told3, reach) {
  const shown = shownBy(sight, answer2);
  const verdict = verdictOf(sight, shown, shown.kind === "nothing" ? await arrivedAt(sight, reach) : void 0);
  if (verdict.doubt !== void 0) reach.progress.warning(verdict.doubt);
  const note = `${told3}; ${verdict.note}`;
  return verdict.proven ? note : { title: (title) => title.replace(/^See \S+ on /, "Ask "), note };
}
async function arrivedAt({ accepted }, { fleet, signal, started, accepted: before3 }) {
  const [host2] = hostsOf(fleet, accepted.on);
  const first2 = host2 && before3.get(host2.name);
  if (host2 === void 0 || first2 === void 0) return void 0;
  const ran = await host2.run(
    { ...accepted.script, shell: knowing(started.get(host2.name), accepted.script.shell) },
    { signal, keep: "ends" }
  ).catch(() => void 0);
  const now = ran && readAccepted(linesOf(ran.stdout));
  return now === void 0 || now < first2 ? void 0 : now - first2;
}
async function goneMeanwhile(test, { fleet, signal, started, readSighting }) {
  if (!("whose" in test) || test.whose === void 0) return void 0;
  const { on, script } = test.whose;
  const asked = hostsOf(fleet, on).map(async (host2) => {
    const shell = knowing(started.get(host2.name), script.shell);
    const ran = await host2.run({ ...script, shell }, { signal, keep: "ends" });
    return readSighting(`${ran.stdout}
${ran.stderr}`);
  });
  const seen2 = (await Promise.all(asked).catch(() => [])).find((each) => each !== void 0);
  return seen2 && new Failure(seen2.reason, seen2.sentence, { evidence: seen2.evidence });
}
async function drain(waits, { fleet, signal, progress, opened }) {
  const each = waits.flatMap(({ on, script }) => hostsOf(fleet, on).map((host2) => ({ host: host2, script })));
  const said2 = [...Map.groupBy(each, ({ host: host2 }) => host2)].map(async ([host2, its]) => {
    const { shell, deadline } = together(its.map(({ script }) => script));
    const ran = await host2.run({ shell: knowingOpened(opened.get(host2.name), shell), deadline }, { signal });
    const said3 = ran.stdout.split("\n").filter((line2) => line2 !== "");
    for (const line2 of said3) if (line2.startsWith(CALLERS)) progress.warning(line2.slice(CALLERS.length));
    return said3.filter((line2) => !line2.startsWith(CALLERS));
  });
  return (await Promise.all(said2)).flat().join("; ");
}
function together(scripts) {
  const shell = sideBySide(scripts.map(({ shell: shell2 }) => shell2));
  return { shell, deadline: Math.max(...scripts.map(({ deadline }) => deadline)) };
}
function besides(exitWatch, test) {
  if (test.kind !== "hold" || test.spares === void 0) return exitWatch;
  const { shell, deadline } = exitWatch.script;
  return { ...exitWatch, script: { shell: inRounds(shell, test.spares, test.interval), deadline } };
}
async function keep(exitWatch, { fleet, signal, started, readSighting }, over) {
  const either = AbortSignal.any([over.signal, signal]);
  const stand = async (host2) => {
    const script = { ...exitWatch.script, shell: knowing(started.get(host2.name), exitWatch.script.shell) };
    const onLine = (line2, from) => {
      const alone = from === "stderr" ? readLeftAlone(line2) : void 0;
      if (alone !== void 0) over.abort(alone);
    };
    const ran = await host2.run(script, { signal: either, keep: "ends", onLine }).catch((cause) => {
      if (!either.aborted) over.abort(cause);
      return void 0;
    });
    if (ran === void 0 || ran.code !== 9 || either.aborted) return;
    const seen2 = readSighting(ran.stdout);
    if (seen2 !== void 0) over.abort(new Failure(seen2.reason, seen2.sentence, { evidence: seen2.evidence }));
  };
  await Promise.all(hostsOf(fleet, exitWatch.on).map(stand));
}

// src/execute/executor.ts
var LAST_LINES = 5;
var EVIDENCE = 50;
var END_TIMEOUT = 3e3;
function executorOn(given) {
  const reach = { ...given, started: /* @__PURE__ */ new Map(), accepted: /* @__PURE__ */ new Map(), opened: /* @__PURE__ */ new Map() };
  const { ask, progress, begun, signal, confirm, started } = reach;
  return {
    async change(change) {
      if (change.do.shell.text === "") return;
      const work = async () => {
        begun.begins(change);
        await everywhere(reach, change, "do");
        return change.proof && await putTest(change.proof, reach);
      };
      await progress.step(change.title, work, change.phase === "traffic" ? "flip" : void 0);
    },
    async check({ title, test }) {
      await progress.step(title, () => putTest(test, reach));
    },
    async confirm(item) {
      signal.throwIfAborted();
      await progress.step(item.title, () => confirm(item, started));
    },
    async undo(change) {
      let printed = [];
      const work = async () => {
        const undoing = reach.undoing(change);
        const backward = { ...reach, signal: undoing };
        if (change.endpoints !== void 0) await mayGoBack(change.endpoints, ask, undoing);
        begun.begins(change);
        printed = await everywhere(backward, change, "undo");
        return change.undoProof && await putTest(change.undoProof, backward);
      };
      const title = change.bestEffort ? change.title : `Undo: ${change.title}`;
      await progress.step(title, work, change.phase === "traffic" ? "flip-back" : void 0);
      return printed;
    },
    warn(item, cause) {
      const harmless = !(cause instanceof Failure && cause.reason === "drift");
      progress.warning(`${item.title}: ${sentence(cause)}.${harmless ? " Nothing depends on it." : ""}`);
    }
  };
}
async function everywhere({ fleet, progress, signal, explain, readSighting, started, accepted, opened }, change, direction) {
  const script = change[direction];
  if (script === void 0) return [];
  const run = async (host2) => {
    const onLine = (line2) => isForExecutor(line2) ? void 0 : progress.output(line2);
    const known = { ...script, shell: knowing(started.get(host2.name), script.shell) };
    const once = () => host2.run(known, { signal, onLine, keep: "ends" });
    const ran = await (direction === "do" ? once() : once().catch((cause) => unlessLost(cause, once)));
    const printed = linesOf(`${ran.stdout}
${ran.stderr}`);
    const made = readStarted(printed);
    if (made !== void 0) started.set(host2.name, made);
    if (direction === "do") {
      const [count, before3] = [readAccepted(printed), readOpened(printed)];
      if (count !== void 0) accepted.set(host2.name, count);
      if (before3 !== void 0) opened.set(host2.name, before3);
    }
    if (ran.code === 0) return printed;
    const ended2 = { change, host: host2, ran, printed, deadline: script.deadline };
    if (direction === "undo") throw failed(ended2, void 0);
    const sighted = readSighting(printed.join("\n"));
    throw sighted ? notWhatWasStarted(ended2, sighted) : failed(ended2, explain);
  };
  const hosts = hostsOf(fleet, change.on);
  return allOrFirst(hosts.map((host2) => withTries(change.retry, () => run(host2), signal, progress)));
}
function unlessLost(cause, again) {
  if (cause instanceof HostError && cause.reason === "connection-lost") return again();
  throw cause;
}
async function withTries(again, work, signal, progress) {
  for (let left = again?.times ?? 0; ; left--) {
    try {
      return await work();
    } catch (cause) {
      const hopeless = again === void 0 || left === 0 || !(cause instanceof Failure) || signal.aborted;
      if (hopeless || new RegExp(again.unless, "i").test([cause.message, ...cause.evidence].join("\n"))) throw cause;
      progress.note(`That failed, and is tried again in ${again.pause / 1e3} s: ${sentence(cause)}`);
      await sleep4(again.pause, void 0, { signal });
    }
  }
}
function failed({ change, host: host2, ran, printed, deadline }, explain) {
  const known = explain?.(change, printed.join("\n"));
  const last = printed.slice(-LAST_LINES).map((line2) => line2.trim());
  const late = (ran.code === 124 || ran.code === 137) && ran.duration >= deadline;
  const how = late ? `It did not end within ${deadline / 1e3} s, and was ended` : `It ended with exit code ${ran.code}`;
  const message = known || `${how}. The last lines: ${last.join(" | ") || "none"}`;
  return new Failure(late ? "command-timed-out" : change.reason, `On ${host2.name}: ${message}`, {
    evidence: printed.slice(-EVIDENCE)
  });
}
function notWhatWasStarted({ host: host2, printed }, { reason, sentence: sentence2, evidence }) {
  const notBegun = printed.some((line2) => line2.startsWith(NOT_BEGUN)) || void 0;
  return new Failure(reason, `On ${host2.name}: ${sentence2}`, { evidence, notBegun });
}
async function allOrFirst(work) {
  const ended2 = await Promise.allSettled(work);
  return ended2.flatMap((end) => {
    if (end.status === "rejected") throw end.reason;
    return end.value;
  });
}
async function mayGoBack(ends, ask, signal) {
  const previous = await answers(ends.previous, ask, signal);
  if (previous === void 0) return;
  if (await answers(ends.next, ask, signal) !== void 0) return;
  if (await answers(ends.previous, ask, signal) === void 0) return;
  throw new Failure(
    "previous-gone",
    `The previous color does not answer any more (${previous}), and the new one does: traffic stays there.`
  );
}
async function answers(question, ask, signal) {
  const end = performance.now() + END_TIMEOUT;
  for (; ; ) {
    const wrong = await ask(question, END_TIMEOUT, signal).then(
      (answer2) => answer2.status < 500 ? void 0 : fault(question.expect, answer2),
      (cause) => cause instanceof HostError ? cause : `${question.title}: ${sentence(cause)}`
    );
    if (wrong instanceof HostError) {
      if (!mayPass(wrong) || performance.now() > end) throw wrong;
    } else if (wrong === void 0 || performance.now() > end) return wrong;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

// src/commands/executor-for.ts
var WHEN_CANCELLED2 = 5e3;
function executorFor(connections, { log, begun, signal, cancelled }, confirm = async () => void 0) {
  const { fleet, ask, adapters } = connections;
  return executorOn({
    fleet,
    ask,
    progress: log,
    begun,
    signal,
    undoing: (change) => patienceFor(change, cancelled),
    readSighting: adapters.runtime.readSighting,
    explain: adapters.runtime.explain,
    smokeTest: (smoke, aborted) => connections.smokeTest(smoke, log, aborted),
    confirm: (_item, started) => confirm(started)
  });
}
function patienceFor({ phase }, cancelled) {
  const at2 = cancelled();
  if (at2 === void 0 || phase === "traffic") return new AbortController().signal;
  return AbortSignal.timeout(Math.max(0, Math.round(at2 + WHEN_CANCELLED2 - performance.now())));
}

// src/commands/run.ts
function holderOf({ origin }, command, version2) {
  return { run: origin.run ?? "", actor: origin.actor ?? "", version: version2, command, since: (/* @__PURE__ */ new Date()).toISOString() };
}

// src/commands/finish.ts
var PATIENCE2 = 6e4;
async function finish(asked, over, look) {
  var _stack = [];
  try {
    const connections = __using(_stack, await connectAll(asked.inputs, asked.signal, asked.log), true);
    const run = { ...asked, inputs: atHome(asked.inputs, connections.home) };
    const [host2] = connections.fleet.proxies;
    if (host2 === void 0) throw new TypeError("A fleet has at least one host.");
    const custody = await takeCustody(host2, termsFor(run, over), run.log, run.signal);
    const recovered2 = custody === "absent" ? [] : await finishIn(custody, connections, host2, run);
    return {
      recovered: recovered2,
      before: custody === "absent" ? "There is no state directory, and so no lease." : custody.before,
      seen: await look(connections, run),
      roundTrips: connections.roundTrips(),
      requests: connections.requests()
    };
  } catch (_) {
    var _error = _, _hasError = true;
  } finally {
    var _promise = __callDispose(_stack, _error, _hasError);
    _promise && await _promise;
  }
}
async function finishIn(custody, connections, host2, run) {
  const signal = AbortSignal.any([run.signal, custody.signal]);
  const executor = executorFor(connections, { ...run, signal });
  try {
    const recovered2 = await recoverAll(custody, host2, executor);
    await custody.end("clean");
    return recovered2;
  } catch (cause) {
    await custody.end("unfinished");
    throw cause;
  }
}
function termsFor(run, over) {
  const { inputs, token } = run;
  return {
    directory: inputs.nginx.stateDirectory,
    lease: inputs.custody.lease,
    patience: PATIENCE2,
    token,
    over,
    holder: holderOf(run, over === "any" ? "unlock" : "post step", "")
  };
}

// src/github/reporting/event.ts
var NEWEST = `to release the newest commit of the default branch, ${line("github.sha")}`;
var OWN = ["push", "release", "create", "schedule", "workflow_dispatch", "workflow_call", ""];
var RULES = {
  ...Object.fromEntries(OWN.map((name) => [name, own])),
  push: (event) => at(event.payload, "deleted") === true ? gone(event, "the push deleted its branch or tag") : own(event),
  release: (event) => {
    const action = at(event.payload, "action");
    return action === "deleted" || action === "unpublished" ? gone(event, `the release was ${action}`) : own(event);
  },
  merge_group: (event) => said(event, at(event.payload, "merge_group", "head_sha") ?? event.sha),
  pull_request: pull,
  pull_request_target: pull,
  pull_request_review: pull,
  pull_request_review_comment: pull,
  workflow_run: (event) => ended(event, "workflow_run", "conclusion", "the workflow run that started this one"),
  check_run: (event) => ended(event, "check_run", "conclusion", "the check that started this run"),
  check_suite: (event) => ended(event, "check_suite", "conclusion", "the checks that started this run"),
  status: (event) => succeeded(
    event,
    at(event.payload, "sha"),
    at(event.payload, "state"),
    "the commit status that started this run",
    "state"
  ),
  deployment: (event) => said(event, at(event.payload, "deployment", "sha") ?? event.sha),
  deployment_status: (event) => succeeded(
    event,
    at(event.payload, "deployment", "sha"),
    at(event.payload, "deployment_status", "state"),
    "the deployment that started this run",
    "deployment_status.state"
  ),
  issue_comment: (event) => at(event.payload, "issue", "pull_request") === void 0 ? unclear(event, "a comment on an issue names no commit", NEWEST) : unclear(
    event,
    "a comment on a pull request does not name its head",
    `${line("steps.head.outputs.sha")}, after the step \`head\` that docs/github.md shows`
  ),
  repository_dispatch: (event) => unclear(
    event,
    "only its sender knows which commit is meant",
    `let it send that, and ${line("github.event.client_payload.version")}`
  ),
  registry_package: (event) => unclear(
    event,
    "what was published is named by its tag",
    line("github.event.registry_package.package_version.container_metadata.tag.name")
  )
};
function commitOfEvent(event) {
  const rule = Object.hasOwn(RULES, event.name) ? RULES[event.name] : void 0;
  return rule?.(event) ?? unclear(event, "it is about no commit", NEWEST);
}
function eventIn(environment, payload) {
  const { GITHUB_SHA: sha, GITHUB_REF_NAME: ref, GITHUB_EVENT_NAME: name = "" } = environment;
  return { name, payload, ...sha && { sha }, ...ref && { ref } };
}
var ABOUT_ONE = /^(?:push|release|create|merge_group|pull_request.*)$/;
function versionCommit({ event, commit, own: own2, ref }, version2) {
  if (commit !== void 0 && event.startsWith("pull_request")) return { commit };
  if (/^[0-9a-f]{40}$/.test(version2)) return { commit: version2 };
  const short = /^(?:sha-)?([0-9a-f]{7,40})$/.exec(version2)?.[1];
  const same = version2 === "" || version2 === ref || short !== void 0 && commit?.startsWith(short);
  if (commit !== void 0 && (same || ABOUT_ONE.test(event))) return { commit };
  const known = commit ?? own2;
  return { ...known !== void 0 && { commit: known }, ...version2 !== "" && { lookup: short ?? version2 } };
}
function line(expression) {
  return `write \`version: \${{ ${expression} }}\``;
}
function own({ sha }) {
  return sha === void 0 || sha === "" ? { kind: "none" } : { kind: "commit", commit: sha };
}
function pull(event) {
  const closed = at(event.payload, "action") === "closed";
  if (!closed) return said(event, at(event.payload, "pull_request", "head", "sha"));
  if (at(event.payload, "pull_request", "merged") !== true)
    return gone(event, "the pull request was closed without a merge");
  return said(event, at(event.payload, "pull_request", "merge_commit_sha"));
}
function ended(event, key, field2, what) {
  return succeeded(event, at(event.payload, key, "head_sha"), at(event.payload, key, field2), what, `${key}.${field2}`);
}
function succeeded(event, commit, outcome, what, where) {
  const found = said(event, commit);
  if (found.kind !== "commit" || outcome === "success") return found;
  const how = typeof outcome === "string" ? `ended as \`${outcome}\`` : "has not ended";
  const remedy = `give the job the line \`if: github.event.${where} == 'success'\``;
  return { kind: "failed", commit: found.commit, why: `${what} ${how}`, remedy };
}
function said(event, commit) {
  const named = text(commit);
  if (named !== void 0) return { kind: "commit", commit: named };
  return unclear(event, "its event file names no commit", "write the image tag to release");
}
function gone({ sha }, why) {
  const remedy = "write the image tag to release, or leave such events out of `on:`";
  return { kind: "unclear", why, remedy, ...sha && { own: sha } };
}
function unclear({ name, sha }, why, remedy) {
  return { kind: "unclear", why: `the event is \`${name}\`: ${why}`, remedy, ...sha && { own: sha } };
}
function text(value) {
  return typeof value === "string" && value !== "" ? value : void 0;
}
function at(value, ...path) {
  return path.reduce(
    (inner, name) => typeof inner === "object" && inner !== null ? Reflect.get(inner, name) : void 0,
    value
  );
}

// src/front/actions/origin.ts
function originOfRun(version2) {
  const { serverUrl, runId, actor } = runner;
  const repository = process.env["GITHUB_REPOSITORY"] ?? "";
  const about = commitOfRun();
  const { name: event, ref } = eventOf2(runner);
  const certain = { event, ...ref !== void 0 && { ref }, ...about.kind === "commit" && { commit: about.commit } };
  const { commit, lookup } = versionCommit(certain, version2);
  return {
    ...commit !== void 0 && lookup === void 0 && { commit },
    ...repository !== "" && runId > 0 && { run: `${serverUrl}/${repository}/actions/runs/${runId}` },
    ...actor && { actor }
  };
}
function commitOfRun(facts = runner) {
  return commitOfEvent(eventOf2(facts));
}
function eventOf2({ eventName, sha, payload }) {
  const environment = { GITHUB_EVENT_NAME: eventName, GITHUB_SHA: sha, GITHUB_REF_NAME: process.env["GITHUB_REF_NAME"] };
  return eventIn(environment, payload);
}

// src/front/report.ts
function reportOf(conclusion, figures, log) {
  const { live, previous } = conclusion;
  return {
    result: conclusion.result,
    reason: conclusion.reason ?? "",
    "failed-step": conclusion.failedStep ?? "",
    color: live.color ?? "",
    version: live.version ?? "",
    "previous-color": previous.color ?? "",
    "previous-version": previous.version ?? "",
    "deployment-id": figures.deploymentId?.toString() ?? "",
    "duration-ms": Math.round(figures.duration),
    ...conclusion.restoredAfter !== void 0 && { "restored-after-ms": Math.round(conclusion.restoredAfter) },
    command: figures.command ?? "",
    wanted: figures.version,
    "round-trips": figures.roundTrips,
    requests: figures.requests,
    ...figures.plan && { plan: figures.plan },
    ...figures.status && { status: figures.status },
    ...figures.shown && { shown: figures.shown },
    steps: log.steps,
    notes: figures.notes,
    warnings: log.warnings,
    ...figures.findings && { findings: figures.findings },
    failure: conclusion.sentences,
    evidence: conclusion.evidence
  };
}
var TEXT = 4e3;
var ENTRIES = 500;
var WHOLE = 9e5;
function boundedReport(report) {
  if (fits(report)) return report;
  const cut = shortened(report, TEXT, ENTRIES);
  if (fits(cut)) return cut;
  const shorter = shortened(report, TEXT / 10, ENTRIES / 10);
  if (fits(shorter)) return shorter;
  const { plan: _plan, status: _status, shown: _shown, findings: _findings, ...rest } = shorter;
  return { ...rest, notes: [...rest.notes, LEFT_OUT] };
}
function fits(report) {
  return Buffer.byteLength(JSON.stringify(report)) <= WHOLE;
}
var LEFT_OUT = "The report was too long for the runner: plan, findings and status are left out.";
function shortened(value, most, entries) {
  if (typeof value === "string") {
    if (value.length <= most) return value;
    return `${value.slice(0, most)}\u2026 (${(value.length - most).toLocaleString("en-US")} more characters)`;
  }
  if (Array.isArray(value)) return value.slice(0, entries).map((inner) => shortened(inner, most, entries));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shortened(inner, most, entries)]));
}
function isGreen(result) {
  return ["released", "rolled-back", "planned", "ok"].includes(result);
}
function headlineOf(report) {
  const live = `${report.version || "an unknown version"} on ${report.color}`;
  const time = seconds(report["duration-ms"]);
  const not = report.command === "rollback" ? "Not rolled back" : "Not released";
  switch (report.result) {
    case "planned":
      return `Planned: ${report.wanted} would go live${report.color ? ` in place of ${live}` : ", where nothing is"}, by ${report.plan?.length ?? 0} steps. Nothing was changed.`;
    case "ok":
      if (report.findings) return `Nothing would stop a deploy${told2(report, ": ")}.`;
      if (report.command === "unlock") return `Nobody holds the target any more.${report.color && ` ${live} serves.`}`;
      return report.color === "" ? "All is well." : `All is well: ${live} serves.`;
    case "problems": {
      if (report.findings) return `A deploy would be refused${told2(report, ": ")}.`;
      const serves = report.color === "" ? "" : ` ${live} serves.`;
      return `Found ${report.failure.length} problem${report.failure.length === 1 ? "" : "s"}.${serves}`;
    }
    case "rolled-back":
      return `Rolled back: ${live} is live again${before2(report)}. It took ${time}, ${report["round-trips"]} round trips and ${report.requests} requests.`;
    case "released":
      return `Released: ${live} is live${before2(report)}. It took ${time}, ${report["round-trips"]} round trips and ${report.requests} requests.`;
    case "unchanged":
      return `${not}, live traffic was not touched${report.color ? `: ${live} serves` : ""}.`;
    case "restored":
      return report.reason === "nothing-was-live" ? `${not}. Nothing was live before, and the state before is back${proven(report)}.` : report.color === "" ? `${not}. Traffic was put back${proven(report)}.` : `${not}: ${live} serves again${proven(report)}.`;
    case "stranded":
      return `Stranded: ${report.wanted} failed, and the state before it could not be restored or confirmed.`;
  }
}
function told2({ findings = [] }, before3) {
  const counts = counted(findings);
  return counts === "" ? "" : `${before3}${counts}`;
}
function proven(report) {
  const after = report["restored-after-ms"];
  return after === void 0 ? "" : `, proven ${seconds(after)} after the fault was noticed`;
}
function before2(report) {
  if (report["previous-color"] === "") return ", where nothing was live before";
  return ` in place of ${report["previous-version"] || "an unknown version"} on ${report["previous-color"]}`;
}

// src/host/private-key.ts
var import_ssh2 = __toESM(require_lib(), 1);
import { createPrivateKey } from "node:crypto";

// src/host/openssh-key.ts
import { randomBytes } from "node:crypto";
function readOpenSshHeader(blob) {
  const magic = "openssh-key-v1\0";
  if (blob.toString("latin1", 0, magic.length) !== magic) return void 0;
  let at2 = magic.length;
  const next = () => {
    const length2 = at2 + 4 <= blob.length ? blob.readUInt32BE(at2) : 0;
    const value = blob.subarray(at2 + 4, at2 + 4 + length2);
    at2 += 4 + length2;
    return value;
  };
  const cipher = next().toString("latin1");
  next();
  next();
  at2 += 4;
  const publicKey2 = next();
  const length = publicKey2.length < 4 ? 0 : publicKey2.readUInt32BE(0);
  return { cipher, type: publicKey2.toString("latin1", 4, 4 + length) };
}
function openSshFromEd25519({ seed, publicKey: publicKey2 }) {
  const type = Buffer.from("ssh-ed25519");
  const none = Buffer.from("none");
  const check = randomBytes(4);
  const secret = Buffer.concat([
    check,
    check,
    field(type),
    field(publicKey2),
    field(Buffer.concat([seed, publicKey2])),
    field(Buffer.alloc(0))
  ]);
  const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, (8 - secret.length % 8) % 8));
  const blob = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    field(none),
    field(none),
    field(Buffer.alloc(0)),
    Buffer.from([0, 0, 0, 1]),
    field(Buffer.concat([field(type), field(publicKey2)])),
    field(Buffer.concat([secret, padding]))
  ]);
  return armor("OPENSSH PRIVATE KEY", blob.toString("base64"));
}
function armor(label, base64) {
  const body2 = base64.match(/.{1,64}/g)?.join("\n") ?? "";
  return `-----BEGIN ${label}-----
${body2}
-----END ${label}-----
`;
}
function field(value) {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(value.length);
  return Buffer.concat([length, value]);
}

// src/host/private-key.ts
var paste = "Paste the whole private key file, from its BEGIN line to its END line, as a secret.";
var encrypted = "The private-key is encrypted with a passphrase, which nobody can type here. Make a key of its own for releases (`ssh-keygen -t ed25519 -N '' -f release_key`), or remove the passphrase from a copy (`ssh-keygen -p -N '' -f copy`).";
var cutShort = `The private-key is cut short or damaged. ${paste}`;
function repairPrivateKey(text2) {
  const repaired = repair(text2);
  if ("mistake" in repaired) return repaired;
  const parsed2 = import_ssh2.default.utils.parseKey(repaired.key);
  if (parsed2 instanceof Error) return { mistake: cutShort };
  const usable = Array.isArray(parsed2) ? parsed2[0] : parsed2;
  return usable?.isPrivateKey() ? repaired : { mistake: publicKey };
}
function secretsOf(text2) {
  const repaired = repairPrivateKey(text2);
  const body2 = "key" in repaired ? withoutArmor(repaired.key).replace(/\s+/g, "") : "";
  const wrapped = [64, 70].flatMap((width) => body2.match(new RegExp(`.{1,${width}}`, "g")) ?? []);
  const given = [...text2.split(/[\r\n]+/), ...withoutArmor(unmangled(text2)).split(/\s+/)].map((row) => row.trim());
  const secrets = [...given, body2, ...wrapped].filter((secret) => secret.length >= 8);
  return [...new Set(secrets)].filter((secret) => !/^-----[A-Z ]+-----$|^[A-Za-z-]+: /.test(secret));
}
var publicKey = `The private-key is a public key. ${paste} It is the file without .pub.`;
function repair(text2) {
  const clean = unmangled(text2);
  if (clean === "") return { mistake: `The private-key is empty. ${paste}` };
  if (clean.startsWith("PuTTY-User-Key-File-")) return repairPutty(clean);
  if (/^(ssh-|ecdsa-|sk-)\S+-cert-v01@openssh\.com /.test(clean)) {
    return { mistake: `The private-key is an OpenSSH certificate, which is not supported. ${paste}` };
  }
  if (/^(ssh-|ecdsa-|sk-)\S+ AAAA|^---- BEGIN SSH2 PUBLIC/.test(clean)) return { mistake: publicKey };
  if (/^[~./]\S{0,200}$/.test(clean))
    return { mistake: `The private-key is the path of a file, not the key in it. ${paste}` };
  const block2 = /-----BEGIN ([A-Z0-9 ]+?) ?-----([\s\S]*?)(?:-----? ?END|$)/.exec(clean);
  if (block2 !== null) return repairBlock(block2[1] ?? "", block2[2] ?? "");
  return repairBare(clean.replace(/-+ ?END[\s\S]*$/, "").replace(/\s+/g, ""));
}
function repairBare(base64) {
  if (!isBase64(base64)) return { mistake: `The private-key has no BEGIN line. ${paste}` };
  const decoded2 = Buffer.from(base64, "base64");
  if (readOpenSshHeader(decoded2) !== void 0) return repairBlock("OPENSSH PRIVATE KEY", base64);
  const inner = decoded2.toString("utf8");
  return /BEGIN [A-Z0-9 ]+-----|^PuTTY-User-Key-File-/.test(inner) ? repair(inner) : { mistake: cutShort };
}
function repairBlock(label, body2) {
  if (label === "CERTIFICATE") return { mistake: `The private-key is a certificate. ${paste}` };
  if (label.endsWith("PUBLIC KEY")) return { mistake: publicKey };
  if (label === "ENCRYPTED PRIVATE KEY" || /Proc-Type:\s*4,\s*ENCRYPTED/.test(body2)) return { mistake: encrypted };
  if (!label.endsWith("PRIVATE KEY"))
    return { mistake: `The private-key is a ${label}, which SSH does not use. ${paste}` };
  const base64 = body2.replace(/\s+/g, "").replace(/-+$/, "");
  if (!isBase64(base64)) return { mistake: cutShort };
  if (label === "PRIVATE KEY") return convert(base64);
  if (label !== "OPENSSH PRIVATE KEY") return checkPem(armor(label, base64));
  const header = readOpenSshHeader(Buffer.from(base64, "base64"));
  if (header === void 0) return { mistake: cutShort };
  if (header.type.startsWith("sk-")) {
    return {
      mistake: "The private-key belongs to a hardware security key, which nobody can touch here. Make a plain ed25519 key."
    };
  }
  return header.cipher === "none" ? { key: armor(label, base64) } : { mistake: encrypted };
}
function checkPem(pem) {
  try {
    createPrivateKey(pem);
    return { key: pem };
  } catch {
    return { mistake: cutShort };
  }
}
function convert(base64) {
  let key;
  try {
    key = createPrivateKey({ key: Buffer.from(base64, "base64"), format: "der", type: "pkcs8" });
  } catch {
    return { mistake: cutShort };
  }
  switch (key.asymmetricKeyType) {
    case "rsa":
      return { key: key.export({ type: "pkcs1", format: "pem" }).toString() };
    case "ec":
      return /^(prime256v1|secp384r1|secp521r1)$/.test(key.asymmetricKeyDetails?.namedCurve ?? "") ? { key: key.export({ type: "sec1", format: "pem" }).toString() } : { mistake: "The private-key is on an elliptic curve that SSH does not know. Make an ed25519 key." };
    case "ed25519": {
      const { d = "", x = "" } = key.export({ format: "jwk" });
      return { key: openSshFromEd25519({ seed: Buffer.from(d, "base64url"), publicKey: Buffer.from(x, "base64url") }) };
    }
    default:
      return {
        mistake: `The private-key is of the kind ${key.asymmetricKeyType}, which SSH does not know. Make an ed25519 key.`
      };
  }
}
function repairPutty(clean) {
  if (!/^Encryption: none$/m.test(clean)) return { mistake: encrypted };
  if (!(import_ssh2.default.utils.parseKey(clean) instanceof Error)) return { key: `${clean}
` };
  return {
    mistake: "The private-key is a PuTTY key of a kind that is not supported. Convert it: `puttygen key.ppk -O private-openssh -o key`, or in PuTTYgen by Conversions, Export OpenSSH key."
  };
}
function unmangled(text2) {
  const unquoted = text2.replace(/^\uFEFF/, "").trim().replace(/^(["'])([\s\S]*)\1$/, "$2");
  const broken = unquoted.replace(/\\r\\n|\\n/g, "\n").replace(/\r\n?/g, "\n");
  return broken.split("\n").map((row) => row.trim()).join("\n").trim();
}
function withoutArmor(text2) {
  return text2.replace(/-----(BEGIN|END)[^-]*(-----)?/g, "\n");
}
function isBase64(text2) {
  return /^[A-Za-z0-9+/]{16,}={0,2}$/.test(text2);
}

// src/front/secret-addresses.ts
var NOOP2 = { parts: [], values: [] };
function partsOfAddresses(text2, kind) {
  const whole = /[a-z][a-z0-9+.-]*:\/\/[^\s'"`<>|]+/gi;
  const found = kind === "an address" ? text2.split(/\s+/) : [...text2.matchAll(whole)].map(([address]) => address);
  return joined(found.flatMap((address) => [userOf(address), queryOf(address)]));
}
function joined(all) {
  return { parts: all.flatMap(({ parts }) => parts), values: all.flatMap(({ values }) => values) };
}
function userOf(address) {
  const [, scheme = "", rest = ""] = /^([a-z][a-z0-9+.-]*:\/\/)?(.*)$/is.exec(address) ?? [];
  const end = /[/?#]/.exec(rest)?.index ?? rest.length;
  const authority = rest.slice(0, end);
  const torn = !authority.includes("@") && /:(?!\d*$)/.test(authority);
  const at2 = (torn ? rest : authority).lastIndexOf("@");
  const user = at2 < 0 ? "" : rest.slice(0, at2);
  const colon = user.indexOf(":");
  if (user === "" || scheme === "" && colon < 0) return NOOP2;
  const password = colon < 0 ? "" : user.slice(colon + 1);
  const values = colon < 0 ? [{ name: "user", text: user }] : [{ name: "password", text: password }];
  const marked = scheme === "" ? `${user}@` : `://${user}@`;
  return {
    parts: [marked, ...normal(`http://${user}@x/`, ({ username, password: password2 }) => `://${username}:${password2}@`)],
    values: [...values, ...values.map(({ name, text: text2 }) => ({ name, text: decoded(text2) }))]
  };
}
function queryOf(address) {
  const query = /\?([^#]+)/s.exec(address)?.[1];
  if (query === void 0) return NOOP2;
  const values = query.split(/[&;]/).map((pair2) => {
    const equals = pair2.indexOf("=");
    return { name: pair2.slice(0, Math.max(0, equals)), text: pair2.slice(equals + 1) };
  });
  return {
    parts: [`?${query}`, ...normal(`http://x/?${query}`, ({ search }) => search)],
    values: [...values, ...values.map(({ name, text: text2 }) => ({ name, text: decoded(text2) }))]
  };
}
function normal(address, part) {
  const url = URL.parse(address);
  return url === null ? [] : [part(url)];
}
function decoded(text2) {
  try {
    return decodeURIComponent(text2);
  } catch {
    return text2;
  }
}

// src/front/actions/secrets.ts
var ALWAYS = ["private-key", "registry-password", "github-token"];
var WHOLE2 = /^private-key$|-(password|token)$/;
var ADDRESSES = [
  "host",
  "service",
  "registry",
  "health-path",
  "health-host",
  "verify-url",
  "environment-url",
  "blue-address",
  "green-address"
];
var COMMANDS = /^((before|after)-(start|flip|restore)|smoke-test|.*-command)$/;
var PATTERNS = ["health-match", "verify-match"];
var SHORTEST = 6;
var RANDOM = 16;
var SECRET_NAME = /pass|secret|token|key|auth|credential|signature|\bsig\b|cookie|session|dsn|pwd|jwt/i;
function inputNames(environment) {
  return Object.keys(environment).flatMap((name) => /^INPUT_(.+)$/.exec(name)?.[1]?.toLowerCase() ?? []);
}
function secretInputs(get, names) {
  const whole = [.../* @__PURE__ */ new Set([...ALWAYS, ...names.filter((name) => WHOLE2.test(name))])].flatMap(
    (name) => name === "private-key" ? secretsOf(get(name)) : [get(name).trim()]
  );
  const found = names.filter((name) => !WHOLE2.test(name)).map((name) => piecesOf(name, get(name)));
  const said2 = new Set(names.filter((name) => !WHOLE2.test(name)).map((name) => get(name).trim()));
  const pieces = found.flatMap(({ values }) => values).filter((value) => isTelling(value) && !said2.has(value.text));
  return {
    texts: [.../* @__PURE__ */ new Set([...whole, ...pieces.map(({ text: text2 }) => text2)])].filter((secret) => secret !== ""),
    parts: [...new Set(found.flatMap(({ parts }) => parts))]
  };
}
function piecesOf(name, text2) {
  if (PATTERNS.includes(name)) return { parts: [], values: [] };
  const addresses = partsOfAddresses(text2, ADDRESSES.includes(name) ? "an address" : "addresses in a text");
  return COMMANDS.test(name) ? { ...addresses, values: [...addresses.values, ...assignments(text2)] } : addresses;
}
function assignments(command) {
  const each = /(?<![\w$])([A-Za-z_]\w*)=(?:"([^"]*)"|'([^']*)'|([^\s;&|()'"`]+))/g;
  return [...command.matchAll(each)].flatMap(([, name = "", double, single, bare]) => {
    const text2 = double ?? single ?? bare ?? "";
    return text2.startsWith("$") ? [] : [{ name, text: text2 }];
  });
}
function isTelling({ name, text: text2 }) {
  return text2.length >= (SECRET_NAME.test(name) ? SHORTEST : RANDOM);
}

// src/front/redaction.ts
var SHORTEST2 = 6;
function redaction(secrets, parts = []) {
  const forms = secrets.flatMap((secret) => formsOf(secret.trim())).filter(({ length }) => length >= SHORTEST2);
  const marked = parts.flatMap((part) => [part, inJson(part), inJson(inJson(part))]);
  const all = [.../* @__PURE__ */ new Set([...forms, ...marked])];
  if (all.length === 0) return (text2) => text2;
  const pattern = all.sort((one, other) => other.length - one.length).map(literal);
  const any = new RegExp(pattern.join("|"), "g");
  const marks = new Set(marked);
  return (text2) => text2.replace(any, (found) => marks.has(found) ? hidden(found) : "***");
}
function hidden(part) {
  const [, before3 = "", after = ""] = /^(\?|:\/\/)?.*?(@)?$/s.exec(part) ?? [];
  return `${before3}***${after}`;
}
function redactAll(value, redact) {
  return redacted(value, redact);
}
function redacted(value, redact) {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map((inner) => redacted(inner, redact));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, redacted(inner, redact)]));
}
function formsOf(secret) {
  const lines2 = secret.split(/\r?\n/).filter((line2) => !/^-----[A-Z ]+-----$/.test(line2));
  return [.../* @__PURE__ */ new Set([secret, `${secret}
`, ...lines2])].flatMap((text2) => {
    const escaped2 = inJson(text2);
    const base64 = [0, 1, 2].map((offset) => base64At(text2, offset));
    const plain2 = text2.trim();
    return [
      plain2,
      escaped2,
      inJson(escaped2),
      encodeURIComponent(plain2),
      encodeURI(plain2),
      ...base64,
      ...base64.map(urlSafe)
    ];
  });
}
function base64At(text2, offset) {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text2)]);
  const whole = bytes.toString("base64").replace(/=+$/, "");
  return whole.slice([0, 2, 3][offset], bytes.length % 3 === 0 ? void 0 : -1);
}
function inJson(text2) {
  return JSON.stringify(text2).slice(1, -1);
}
function literal(text2) {
  return text2.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
function urlSafe(base64) {
  return base64.replaceAll("+", "-").replaceAll("/", "_");
}

// src/github/api/retrying.ts
import { setTimeout as sleep5 } from "node:timers/promises";
var GitHubError = class extends Error {
  name = "GitHubError";
  kind;
  status;
  constructor(kind, status, message, options) {
    super(message, options);
    this.kind = kind;
    this.status = status;
  }
};
var TRIES2 = 5;
var FIRST_PAUSE = 500;
var LONGEST_PAUSE = 6e4;
function judge(fault2, attempt, now) {
  const { status } = fault2;
  if (status === 401) return { kind: "bad-token" };
  const limited = status === 429 || status === 403 && isLimit(fault2);
  if ((status === 403 || status === 404) && !limited) return { kind: "not-allowed" };
  const passing = limited || status === void 0 || status === 408 || status >= 500;
  if (!passing) return { kind: "refused" };
  const wait = askedPause(fault2, limited, now) ?? FIRST_PAUSE * 2 ** (attempt - 1);
  return attempt >= TRIES2 || wait > LONGEST_PAUSE ? { kind: "no-answer" } : { kind: "again", wait };
}
function retrying(call, faultOf2, signal) {
  const once = async (attempt) => {
    try {
      return await call(attempt);
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof GitHubError) throw cause;
      const fault2 = faultOf2(cause);
      const verdict = judge(fault2, attempt, Date.now());
      if (verdict.kind !== "again") throw new GitHubError(verdict.kind, fault2.status, fault2.message, { cause });
      await sleep5(verdict.wait, void 0, { signal });
      throw cause;
    }
  };
  return pRetry(once, {
    ...{ retries: TRIES2, minTimeout: 0, signal },
    // What failed without a last word comes from here, and waited already.
    shouldRetry: ({ error }) => !(error instanceof GitHubError)
  });
}
function isLimit({ headers, message }) {
  return headers["retry-after"] !== void 0 || headers["x-ratelimit-remaining"] === "0" || /rate limit/i.test(message);
}
function askedPause({ headers }, limited, now) {
  const after = Number(headers["retry-after"]);
  if (headers["retry-after"] !== void 0 && Number.isFinite(after)) return after * 1e3;
  const reset = Number(headers["x-ratelimit-reset"]);
  if (headers["x-ratelimit-remaining"] === "0" && reset > 0) return Math.max(1e3, reset * 1e3 - now);
  return limited ? LONGEST_PAUSE : void 0;
}

// src/github/api/client.ts
var PATIENCE3 = 25e3;
function openGitHub(access) {
  const { owner, repo, signal } = access;
  let loading;
  return {
    call: (work) => retrying(
      async (attempt) => {
        const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE3)]);
        const request = { signal: patience, log: silent };
        loading ??= restOf(access);
        const { data } = await work(await loading, { owner, repo, request }, attempt);
        return data;
      },
      faultOf,
      signal
    )
  };
}
async function restOf({ api, token, redact }) {
  const { getOctokit } = await import("./github-BWOPFNDD.js");
  const octokit = getOctokit(token, { log: silent, baseUrl: api });
  octokit.hook.before("request", (options) => {
    const plain2 = options.request?.fetch ?? fetch;
    options.request = { ...options.request, fetch: (...words) => bounded(plain2(...words)) };
    const own2 = /* @__PURE__ */ new Set(["baseUrl", "headers", "mediaType", "method", "request", "url"]);
    for (const [name, value] of Object.entries(options)) if (!own2.has(name)) options[name] = redactAll(value, redact);
  });
  return octokit.rest;
}
function faultOf(cause) {
  const message = cause instanceof Error ? cause.message : String(cause);
  const response = property(cause, "response");
  const status = property(response, "status");
  if (typeof status !== "number") return { message, headers: {} };
  return { status, message, headers: Object(property(response, "headers")) };
}
var MOST = 4 * 1024 * 1024;
async function bounded(answering) {
  const answer2 = await answering;
  if (answer2.body === null) return answer2;
  const chunks = [];
  let size = 0;
  for await (const chunk of answer2.body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MOST) throw new Error(`an answer was larger than ${MOST / 1024 / 1024} MiB`);
  }
  const { status, statusText, headers } = answer2;
  const body2 = new Response(size === 0 ? null : Buffer.concat(chunks), { status, statusText, headers });
  return Object.defineProperty(body2, "url", { value: answer2.url });
}
function property(value, name) {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : void 0;
}
function nothing() {
}
var silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };

// src/github/api/deployment.ts
function taskOf(upstream) {
  return `deploy:${upstream}`;
}
function createDeployment(github2, wanted, suspected) {
  const { commit, environment, upstream, pull: pull2, description, payload } = wanted;
  return github2.call(async (rest, common, attempt) => {
    const made = attempt > 1 || suspected ? await ownDeployment(rest, common, wanted) : void 0;
    if (made !== void 0) return { data: made };
    const { data, status } = await rest.repos.createDeployment({
      ...common,
      ref: commit,
      environment,
      description,
      task: taskOf(upstream),
      payload: { ...payload },
      auto_merge: false,
      required_contexts: [],
      production_environment: isProduction(environment),
      transient_environment: isTransient(environment, pull2)
    });
    if (status === 201 && "id" in data) return { data: data.id };
    throw new Error(`GitHub answered ${status} in place of making a deployment.`);
  });
}
function findDeployment(github2, own2) {
  return github2.call(async (rest, common) => ({ data: await ownDeployment(rest, common, own2) }));
}
async function ownDeployment(rest, common, { commit, environment, upstream, payload }) {
  const task = taskOf(upstream);
  const { data } = await rest.repos.listDeployments({ ...common, sha: commit, environment, task });
  return data.map(deploymentFrom).find((deployment) => deployment.payload.run === payload.run)?.id;
}
async function readDeployment(github2, id) {
  return deploymentFrom(await github2.call((rest, common) => rest.repos.getDeployment({ ...common, deployment_id: id })));
}
async function findEarlier(github2, { environment, upstream }, is) {
  const task = taskOf(upstream);
  const data = await github2.call(
    (rest, common) => rest.repos.listDeployments({ ...common, environment, task, per_page: 100 })
  );
  return data.map(deploymentFrom).find(({ payload }) => is(payload))?.id;
}
async function latestState(github2, id) {
  return (await statusesOf(github2, id))[0]?.state;
}
async function setDeploymentStatus(github2, id, status) {
  const { state, description, logUrl, environment, environmentUrl } = status;
  await github2.call(
    (rest, common) => rest.repos.createDeploymentStatus({
      ...common,
      deployment_id: id,
      state,
      description,
      environment,
      log_url: logUrl,
      ...environmentUrl !== void 0 && { environment_url: environmentUrl },
      auto_inactive: false
    })
  );
}
var LOOKED_AT = 20;
var ENOUGH = 3;
async function retireEarlier(github2, { id, environment, task }, by) {
  const listed2 = await github2.call(
    (rest, common) => rest.repos.listDeployments({ ...common, environment, task, per_page: 100 })
  );
  const earlier = listed2.filter((other) => other.id < id).sort((one, other) => other.id - one.id);
  let inactive = 0;
  for (const other of earlier.slice(0, LOOKED_AT)) {
    const state = await latestState(github2, other.id);
    if (state === "inactive") inactive++;
    if (inactive >= ENOUGH) return;
    if (state !== "success") continue;
    await github2.call(
      (rest, common) => rest.repos.createDeploymentStatus({
        ...common,
        deployment_id: other.id,
        state: "inactive",
        description: by.description,
        log_url: by.logUrl,
        environment,
        auto_inactive: false
      })
    );
  }
}
async function hasCompetitor(github2, { commits, environment, runId }) {
  for (const sha of new Set(commits)) {
    const listed2 = await github2.call(
      (rest, common) => rest.repos.listDeployments({ ...common, environment, sha, task: "deploy" })
    );
    for (const { id } of listed2.map(deploymentFrom).filter(({ byActions }) => byActions).slice(0, 3)) {
      const statuses = await statusesOf(github2, id);
      const addresses = statuses.flatMap(({ log_url, target_url }) => [`${log_url}/`, `${target_url}/`]);
      if (addresses.some((address) => address.includes(`/runs/${runId}/`))) return true;
    }
  }
  return false;
}
function competitorWarning(environment) {
  return `The job has an \`environment:\`, for which GitHub makes a deployment of its own, next to the one that is made here, and the last of the two to change hides the other. Write \`environment: { name: ${environment}, deployment: false }\` in the job; or \`deployment: false\` in the inputs, to keep GitHub's alone.`;
}
function statusesOf(github2, id) {
  return github2.call((rest, common) => rest.repos.listDeploymentStatuses({ ...common, deployment_id: id }));
}
function isProduction(environment) {
  return /^prod(uction)?($|[-_/. ])/i.test(environment);
}
function isTransient(environment, pull2) {
  return pull2 !== void 0 && new RegExp(`(^|\\D)${pull2}(\\D|$)`).test(environment);
}
function deploymentFrom({ id, sha, task, environment, payload, creator }) {
  const read = typeof payload === "string" ? parsed(payload) : payload;
  const known = typeof read === "object" && read !== null ? read : {};
  return { id, sha, task, environment, payload: known, byActions: creator?.login === "github-actions[bot]" };
}
function parsed(text2) {
  try {
    return JSON.parse(text2);
  } catch {
    return void 0;
  }
}

// src/github/texts/markdown.ts
var REACHING = /([^\s("']*(?:@|:\/\/|#\d|\bwww\.|\bgh-\d)\S*?)(?=[)"'.,:;]*(?:\s|$))/i;
function prose(text2) {
  const parts = plain(text2).replaceAll("\n", " ").split("`");
  if (parts.length % 2 === 0) return literal2(parts.join("`"));
  return parts.map((part, index) => index % 2 === 0 ? literal2(part) : part && code(part)).join("");
}
function code(text2) {
  const content = plain(text2).replace(/\s+/g, " ").trim() || " ";
  const fence = "`".repeat(longestRun(content) + 1);
  const pad = content.startsWith("`") || content.endsWith("`") ? " " : "";
  return `${fence}${pad}${content}${pad}${fence}`;
}
function cell(markdown) {
  return markdown.replaceAll("\n", " ").replace(/(?<!\\)((?:\\\\)*)\|/g, "$1\\|");
}
function block(lines2, language = "text") {
  const content = lines2.map(plain).join("\n");
  const fence = "`".repeat(Math.max(3, longestRun(content) + 1));
  return `${fence}${language}
${content}
${fence}`;
}
function folded(title, content, open = false) {
  return `<details${open ? " open" : ""}><summary>${title}</summary>

${content}

</details>`;
}
function link(text2, address) {
  return `[${literal2(plain(text2))}](<${encodeURI(decodeSafely(address)).replace(/[<>\\]/g, encodeURIComponent)}>)`;
}
function paragraph(text2) {
  const [first2 = "", ...rest] = plain(text2).split("\n");
  if (rest.length === 0) return prose(first2);
  const commands = rest.every((line2) => line2.startsWith("    ") || line2.trim() === "");
  const shown = commands ? rest.map((line2) => line2.slice(4)) : rest;
  return `${prose(first2)}

${block(shown, commands ? "sh" : "text")}`;
}
function shortened2(text2, most) {
  return text2.length <= most ? text2 : `${text2.slice(0, most - 1).replace(/[\ud800-\udbff]$/, "")}\u2026`;
}
function literal2(text2) {
  const parts = text2.split(REACHING);
  return parts.map((part, index) => index % 2 === 0 ? escaped(part) : code(part)).join("");
}
function escaped(text2) {
  return text2.replace(/[\\`*{}[\]<>#|~&!$]|(?<!\w)_|_(?!\w)/g, "\\$&").replace(/^(\s*)([-+=])/, "$1\\$2").replace(/^(\s*\d+)([.)])/, "$1\\$2");
}
function plain(text2) {
  return printable(text2).replace(/[\u202a-\u202e\u2066-\u2069]/g, "");
}
function longestRun(text2) {
  return Math.max(0, ...[...text2.matchAll(/`+/g)].map(([run]) => run.length));
}
function decodeSafely(address) {
  try {
    return decodeURI(address);
  } catch {
    return address;
  }
}

// src/github/texts/outcome.ts
var DESCRIPTION = 140;
var SIGNS = {
  released: { deployment: "success", commit: "success", mark: "\u2705" },
  "rolled-back": { deployment: "success", commit: "success", mark: "\u2705" },
  unchanged: { deployment: "failure", commit: "failure", mark: "\u274C" },
  restored: { deployment: "failure", commit: "failure", mark: "\u274C" },
  stranded: { deployment: "error", commit: "error", mark: "\u{1F6A8}" }
};
function signsOf(result) {
  return SIGNS[result];
}
function descriptionOf(report) {
  return shortened2(oneLine(whatHappened(report)), DESCRIPTION);
}
function stepDescription(title) {
  return shortened2(oneLine(title), DESCRIPTION);
}
function whatHappened(report) {
  const live = sentenceSide({ color: report.color || void 0, version: report.version || void 0 });
  const step = report["failed-step"];
  const failed2 = report.reason === "cancelled" ? "Cancelled" : step === "" ? "Ended from outside" : `Failed: ${step}`;
  switch (report.result) {
    case "released":
    case "rolled-back": {
      const before3 = report["previous-color"] === "" ? "" : `, in place of ${report["previous-version"] || "an unknown version"}`;
      const took = report["duration-ms"] === 0 ? "" : ` (${seconds(report["duration-ms"])})`;
      if (report.color === "") return `${report.wanted} was released; what serves now could not be seen`;
      return `${live} is live${before3}${took}`;
    }
    case "unchanged":
      return report.color === "" ? failed2 : `${live} serves, untouched. ${failed2}`;
    case "restored":
      return report.reason === "nothing-was-live" ? `Nothing was live before, and nothing is now. ${failed2}` : report.color === "" ? `Traffic was put back. ${failed2}` : `${live} serves again. ${failed2}`;
    default:
      return `Stranded: ${report.color === "" ? "what serves is not known" : `${live} serves now`}. ${failed2}`;
  }
}
function liveMarkdown({ color, version: version2 }, nothing2 = "nothing") {
  if (color === void 0) return nothing2;
  return `${version2 === void 0 ? "an unknown version" : code(version2)} on ${color}`;
}
function sidesOf(report) {
  return {
    now: { color: report.color || void 0, version: report.version || void 0 },
    before: { color: report["previous-color"] || void 0, version: report["previous-version"] || void 0 }
  };
}
function sentenceSide({ color, version: version2 }) {
  return `${version2 ?? "An unknown version"} on ${color ?? "an unknown color"}`;
}
function oneLine(text2) {
  return text2.replace(new RegExp("\\p{Cc}+", "gu"), " ").trim();
}

// src/github/texts/evidence.ts
var SENTENCE = 4e3;
var LINE = 500;
var NOTES = 30;
function headingOf(report) {
  const mark = signsOf(report.result)?.mark ?? (isGreen(report.result) ? "\u2705" : "\u274C");
  return `### ${mark} ${prose(shortened2(headlineOf(report), SENTENCE))}`;
}
function failureOf(report) {
  return report.failure.map((sentence2) => paragraph(shortened2(sentence2, SENTENCE)));
}
function stepsTable(steps) {
  const rows = steps.map((step) => {
    const ok = step.result === "ok";
    const seen2 = ok && step.note !== void 0 ? prose(shortened2(step.note, SENTENCE)) : "";
    return [ok ? "\u2713" : "\u274C", code(step.title), timeOf(step["duration-ms"]), seen2];
  });
  const columns = rows.some(([, , , seen2]) => seen2 !== "") ? 4 : 3;
  const [head, align] = [
    ["", "step", "time", "seen"],
    ["---", "---", "--:", "---"]
  ].map((row) => row.slice(0, columns));
  return table(
    head ?? [],
    align ?? [],
    rows.map((row) => row.slice(0, columns))
  );
}
function timeOf(milliseconds) {
  return seconds(milliseconds).replace(" ", "\xA0");
}
function printedLast(report) {
  if (report.evidence.length === 0) return [];
  const lines2 = report.evidence.map((line2) => shortened2(line2, LINE));
  return [folded(`What was printed last (${plural(lines2.length, "line")})`, block(lines2))];
}
function notesOf(report) {
  const warnings = report.warnings.map((sentence2) => `- \u26A0\uFE0F ${prose(shortened2(sentence2, SENTENCE))}`);
  const notes = report.notes.map((sentence2) => `- ${prose(shortened2(sentence2, SENTENCE))}`);
  const all = [...warnings, ...notes].slice(0, NOTES);
  return all.length === 0 ? [] : [all.join("\n")];
}
function table(head, align, rows) {
  const line2 = (cells) => `| ${cells.map(cell).join(" | ")} |`;
  return [line2(head), line2(align), ...rows.map(line2)].join("\n");
}
function firstWithin(bytes, variants) {
  let text2 = "";
  for (const variant of variants) {
    text2 = variant();
    if (Buffer.byteLength(text2) <= bytes) return text2;
  }
  return Buffer.from(text2).subarray(0, bytes).toString("utf8").replace(/\ufffd+$/, "");
}

// src/github/texts/comment-body.ts
var LIMIT = 6e4;
function markerOf({ environment, upstream }) {
  return `<!-- blue-green-release ${encodeURIComponent(environment)}/${encodeURIComponent(upstream)} -->`;
}
function runMarkerOf({ run }) {
  return `<!-- run ${run.id}/${run.attempt} -->`;
}
function underWayBody(page, intent) {
  return body(page, [
    `### \u{1F6A7} Releasing ${code(intent.version)} to ${target(page)}`,
    `**Now:** ${liveMarkdown(intent.live)}. ${code(intent.version)} is being started on ${intent.color}.`,
    links(page)
  ]);
}
function endedBody(page, report) {
  const { now, before: before3 } = sidesOf(report);
  const good = signsOf(report.result)?.deployment === "success";
  const nothing2 = good || report.reason === "nothing-was-live" ? "nothing" : "not known";
  const live = [
    `**Now:** ${liveMarkdown(now, nothing2)}`,
    ...good ? [`**Before:** ${liveMarkdown(before3)}`] : [],
    ...report["duration-ms"] > 0 ? [`**Took:** ${seconds(report["duration-ms"])}`] : []
  ].join(" \xB7 ");
  const head = [titleOf(page, report), live, ...failureOf(report), links(page)];
  const steps = report.steps.length === 0 ? [] : [folded(plural(report.steps.length, "step"), stepsTable(report.steps), !good)];
  return firstWithin(LIMIT, [
    () => body(page, [...head, ...steps, ...printedLast(report), ...notesOf(report)]),
    () => body(page, [...head, ...steps]),
    () => body(page, head),
    () => body(page, [titleOf(page, report), live, links(page)])
  ]);
}
function lostBody(page, version2) {
  return body(page, [
    `### \u{1F6A8} The release of ${code(version2)} to ${target(page)} was ended from outside`,
    `**Now:** not known. It was ended before it could put things right; the next release starts from what the router says is live.`,
    links(page)
  ]);
}
function titleOf(page, report) {
  const mark = signsOf(report.result)?.mark ?? "\u274C";
  const [wanted, where] = [code(report.wanted), target(page)];
  switch (report.result) {
    case "released":
      return `### ${mark} ${wanted} is live on ${where}`;
    case "rolled-back":
      return `### ${mark} ${where} is back on ${wanted}`;
    case "unchanged": {
      if (report.command !== "rollback") return `### ${mark} ${wanted} was not released to ${where}`;
      return `### ${mark} ${where} was not rolled back${report.wanted === "" ? "" : ` to ${wanted}`}`;
    }
    case "restored":
      return `### ${mark} ${wanted} failed on ${where}, and the state before it is back`;
    default:
      return `### ${mark} ${wanted} is stranded on ${where}`;
  }
}
function target({ environment, upstream }) {
  return `${code(environment)} (${code(upstream)})`;
}
function links({ run, site }) {
  return [link("Run", run.url), ...site === void 0 ? [] : [link("Site", site)]].join(" \xB7 ");
}
function body(page, parts) {
  return [`${markerOf(page)}
${runMarkerOf(page)}`, ...parts].join("\n\n");
}

// src/github/texts/about.ts
function finalOf(about, report) {
  const signs = signsOf(report.result);
  return signs && {
    result: report.result,
    signs,
    description: descriptionOf(report),
    comment: endedBody(pageOf(about), report)
  };
}
function lostFinal(about) {
  return {
    result: "lost",
    signs: { deployment: "error", commit: "error" },
    description: "Ended from outside before it could put things right",
    comment: lostBody(pageOf(about), about.version)
  };
}
function pageOf({ environment, upstream, site, subject }) {
  return { environment, upstream, ...site !== void 0 && { site }, run: subject.run };
}
function deploymentOf(about, pulls) {
  const { commit, environment, upstream, version: version2, command, color, before: before3, site, subject, reports } = about;
  return {
    commit,
    environment,
    upstream,
    ...subject.pull !== void 0 && { pull: subject.pull },
    description: (version2 === "" ? `Rollback of ${upstream}` : `${version2} to ${upstream}`).slice(0, 140),
    payload: {
      version: version2,
      command,
      ...before3 !== void 0 && { before: before3 },
      ...color !== void 0 && { color },
      upstream,
      run: `${subject.run.id}/${subject.run.attempt}`,
      "run-url": subject.run.url,
      pulls,
      status: reports.status,
      ...site !== void 0 && { site }
    }
  };
}

// src/github/api/comment.ts
var PAGES = 20;
var PULLS = 5;
async function putComment(github2, pull2, marker, body2) {
  const found = await findComment(github2, pull2, marker);
  if (found !== void 0) return editComment(github2, found.id, body2);
  await github2.call(async (rest, common, attempt) => {
    const again = attempt > 1 ? await findComment(github2, pull2, marker) : void 0;
    if (again !== void 0) return { data: await editComment(github2, again.id, body2) };
    await rest.issues.createComment({ ...common, issue_number: pull2, body: body2 });
    return { data: void 0 };
  });
}
async function correctComment(github2, pull2, marker, runMarker, body2) {
  const found = await findComment(github2, pull2, marker);
  if (found?.body.includes(runMarker)) await editComment(github2, found.id, body2);
}
async function pullsOf(github2, commit) {
  const data = await github2.call(
    (rest, common) => rest.repos.listPullRequestsAssociatedWithCommit({ ...common, commit_sha: commit })
  );
  return data.map(({ number }) => number).slice(0, PULLS);
}
async function findComment(github2, pull2, marker) {
  for (let page = 1; page <= PAGES; page++) {
    const data = await github2.call(
      (rest, common) => rest.issues.listComments({ ...common, issue_number: pull2, per_page: 100, page })
    );
    const found = data.find((comment) => comment.body?.startsWith(marker) && isTrusted(comment));
    if (found !== void 0) return { id: found.id, body: found.body ?? "" };
    if (data.length < 100) return void 0;
  }
  return void 0;
}
function isTrusted({
  user,
  author_association: role
}) {
  return user?.type === "Bot" || /^(OWNER|MEMBER|COLLABORATOR)$/.test(role ?? "");
}
async function editComment(github2, id, body2) {
  await github2.call((rest, common) => rest.issues.updateComment({ ...common, comment_id: id, body: body2 }));
}

// src/github/api/commit-status.ts
async function setCommitStatus(github2, status) {
  const { commit, environment, upstream, state, description, url } = status;
  await github2.call(
    (rest, common) => rest.repos.createCommitStatus({
      ...common,
      sha: commit,
      context: `${environment}/${upstream}`,
      state,
      description,
      target_url: url
    })
  );
}
async function commitNamed(github2, version2, otherwise) {
  return github2.call((rest, common) => rest.repos.getCommit({ ...common, ref: version2, per_page: 1 })).then(({ sha }) => sha).catch(() => otherwise);
}

// src/github/reporting/publisher.ts
function publisher(github2, about, made = () => void 0, id) {
  let suspected = false;
  let pulls;
  const knownPulls = async () => {
    const { subject, commit } = await about();
    if (subject.pull !== void 0) return [subject.pull];
    if (subject.unclear && commit === subject.runCommit) return [];
    pulls ??= pullsOf(github2, commit);
    return pulls.catch((cause) => {
      pulls = void 0;
      throw cause;
    });
  };
  const ensured = async () => {
    if (id !== void 0) return id;
    const known = await about();
    const told3 = known.reports.comment ? await knownPulls().catch(() => []) : [];
    try {
      id = await createDeployment(github2, deploymentOf(known, told3), suspected);
    } finally {
      suspected = true;
    }
    made(id);
    return id;
  };
  const deployment = async (state, description) => {
    const { environment, site, subject } = await about();
    const logUrl = subject.run.url;
    const urls = { logUrl, ...site !== void 0 && { environmentUrl: site } };
    await setDeploymentStatus(github2, await ensured(), { state, description, environment, ...urls });
  };
  return {
    deployment,
    deploymentId: () => id,
    comment: async (body2) => {
      const marker = markerOf(pageOf(await about()));
      for (const pull2 of await knownPulls()) await putComment(github2, pull2, marker, body2);
    },
    status: async (state, description) => {
      const { commit, environment, upstream, subject } = await about();
      await setCommitStatus(github2, { commit, environment, upstream, state, description, url: subject.run.url });
    },
    finalDeployment: async ({ signs, description }) => {
      await deployment(signs.deployment, description);
      if (signs.deployment !== "success" || id === void 0) return;
      const { environment, upstream, version: version2, subject } = await about();
      const by = { description: `${version2} took its place`.slice(0, 140), logUrl: subject.run.url };
      await retireEarlier(github2, { id, environment, task: taskOf(upstream) }, by);
    }
  };
}

// src/github/reporting/queue.ts
var NEEDS = {
  deployment: { permission: "deployments: write", what: "the deployment", input: "deployment" },
  comment: { permission: "pull-requests: write", what: "the comment on the pull request", input: "pr-comment" },
  status: { permission: "statuses: write", what: "the commit status", input: "commit-status" }
};
function openQueue(name, { signal, fork, warn }) {
  let tail = Promise.resolve();
  let closed = false;
  let warned = false;
  const failed2 = (cause, when) => {
    if (signal.aborted) return;
    closed ||= cause instanceof GitHubError && (cause.kind === "not-allowed" || cause.kind === "bad-token");
    if (!closed && when === "on the way") return;
    if (!warned) warn(queueWarning(name, cause, fork));
    warned = true;
  };
  return {
    name,
    closed: () => closed,
    warned: () => warned,
    add: (work, when) => {
      tail = tail.then(async () => {
        if (!closed && !signal.aborted) await work().catch((cause) => failed2(cause, when));
      });
      return tail;
    }
  };
}
function queueWarning(name, cause, fork) {
  const { permission, what, input } = NEEDS[name];
  const kind = cause instanceof GitHubError ? cause.kind : "no-answer";
  switch (kind) {
    case "bad-token":
      return "GitHub does not accept `github-token` (401), so that nothing is reported to it. Leave the input out to use the token of the job. The release does not depend on it.";
    case "not-allowed":
      return fork ? `The token may not write ${what}: on a pull request from a fork it can only read, whatever the workflow says. Set \`${input}: false\` there. The release does not depend on it.` : `The token may not write ${what}. Add \`${permission}\` under \`permissions:\` of the job, or set \`${input}: false\`. The release does not depend on it.`;
    case "refused":
      return `GitHub refused ${what}: ${sentenceOf(cause)}. The release does not depend on it.`;
    case "no-answer":
      return `GitHub could not be told of ${what}: ${sentenceOf(cause)}. The release does not depend on it.`;
  }
}
function lateWarning(queues, waited) {
  const what = queues.map((name) => NEEDS[name].what).join(", ");
  return `GitHub was not told of ${what} within ${waited / 1e3} s after the release. The end of the job tries once more. The release does not depend on it.`;
}

// src/github/reporting/settled.ts
function reportOfSettled({ how, sentence: sentence2, live }, known) {
  const { version: version2 = "", command, before: before3 = {} } = known;
  const rollback = command === "rollback";
  const sentences = how === "confirmed" || sentence2 === "" ? [] : [sentence2];
  const conclusion = {
    result: resultOf(how, rollback),
    ...how === "flipped-back" && { reason: "flipped-by-others" },
    sentences,
    evidence: [],
    live,
    previous: before3
  };
  const notes = how === "confirmed" && sentence2 !== "" ? [sentence2] : [];
  const figures = { version: version2, duration: 0, roundTrips: 0, requests: 0, notes };
  return reportOf(conclusion, { ...figures, command: rollback ? "rollback" : "deploy" }, { steps: [], warnings: [] });
}
function resultOf(how, rollback) {
  switch (how) {
    case "confirmed":
      return rollback ? "rolled-back" : "released";
    case "restored":
    case "flipped-back":
      return "restored";
    case "undone":
    case "nothing":
      return "unchanged";
    case "kept":
      return "stranded";
  }
}

// src/github/reporting/finish.ts
function leftToSay(state) {
  if (state("github") === "") return void 0;
  const about = JSON.parse(state("github"));
  const wanted = ["deployment", "comment", "status"].filter((name) => about.reports[name]);
  const open = wanted.filter((name) => state(`github-done-${name}`) !== "true");
  const id = Number(state("deployment-id"));
  const final = state("github-final") === "" ? void 0 : JSON.parse(state("github-final"));
  return { about, wanted, open, ...id > 0 && { deploymentId: id }, ...final && { final } };
}
async function finishReporting(github2, left, end) {
  const { about } = left;
  const { final, queues } = toSay(left, end);
  const warnings = [];
  const warn = (name, cause) => {
    warnings.push(queueWarning(name, cause, about.subject.fork));
  };
  const quiet = end === "elsewhere" || end?.how === "nothing";
  if (quiet && left.final === void 0 && await isTold(github2, left).catch(() => false)) return [];
  const work = queues.map((name) => say(github2, left, name, final).catch((cause) => warn(name, cause)));
  await Promise.all(work);
  return [...new Set(warnings)];
}
function toSay({ about, final, wanted, open }, end) {
  const settled = end === "elsewhere" ? void 0 : end;
  const since = settled && finalOf(about, reportOfSettled(settled, about));
  if (final === void 0) return { final: since ?? lostFinal(about), queues: wanted };
  const outdated = since !== void 0 && settled?.how !== "nothing" && since.result !== final.result;
  return outdated ? { final: since, queues: wanted } : { final, queues: open };
}
async function isTold(github2, left) {
  const id = await idOf(github2, left);
  const state = id === void 0 ? void 0 : await latestState(github2, id);
  return state !== void 0 && !["queued", "pending", "in_progress"].includes(state);
}
async function say(github2, left, name, final) {
  const about = async () => left.about;
  const { comment, signs, description } = final;
  if (name === "comment") return publisher(github2, about).comment(comment);
  if (name === "status") return publisher(github2, about).status(signs.commit, description);
  await publisher(github2, about, void 0, await idOf(github2, left)).finalDeployment(final);
}
async function idOf(github2, { about, deploymentId }) {
  return deploymentId ?? findDeployment(github2, deploymentOf(about, []));
}

// src/github/api/correct.ts
async function correctRun(github2, where, settled, own2) {
  const { run, version: version2 } = settled;
  const id = await findEarlier(
    github2,
    where,
    (payload) => payload["run-url"] === run && payload.run !== own2 && (version2 === "" || payload.version === version2)
  );
  if (id === void 0) return;
  const deployment = await readDeployment(github2, id);
  await correctAs(github2, deployment, reportOfSettled(settled, deployment.payload));
}
async function correctAs(github2, deployment, report) {
  const signs = signsOf(report.result);
  if (signs === void 0) return;
  const { id } = deployment;
  const page = pageOfDeployment(deployment);
  const { environment, task, sha, payload } = deployment;
  const { url: logUrl } = page.run;
  const description = descriptionOf(report);
  const site = page.site === void 0 ? {} : { environmentUrl: page.site };
  await setDeploymentStatus(github2, id, { state: signs.deployment, description, environment, logUrl, ...site });
  for (const pull2 of payload.pulls ?? []) {
    await correctComment(github2, pull2, markerOf(page), runMarkerOf(page), endedBody(page, report));
  }
  if (payload.status === true) {
    const { environment: environment2, upstream } = page;
    await setCommitStatus(github2, { commit: sha, environment: environment2, upstream, state: signs.commit, description, url: logUrl });
  }
  if (signs.deployment !== "success") return;
  await retireEarlier(github2, { id, environment, task }, { description: `${report.version} took its place`, logUrl });
}
function pageOfDeployment({ environment, payload }) {
  const [id, attempt] = (payload.run ?? "").split("/").map(Number);
  const run = { id: id ?? 0, attempt: attempt ?? 0, url: payload["run-url"] ?? "" };
  const { upstream = "", site } = payload;
  return { environment, upstream, run, ...site !== void 0 && { site } };
}

// src/github/texts/descriptions.ts
var PAUSE2 = 5e3;
var MOST2 = 40;
function descriptions(tell) {
  let last = Number.NEGATIVE_INFINITY;
  let count = 0;
  let next;
  let timer;
  const flush = () => {
    timer = void 0;
    if (next === void 0 || count >= MOST2) return;
    count++;
    last = performance.now();
    tell(next);
    next = void 0;
  };
  return {
    /** Something was told just now. */
    begin() {
      last = performance.now();
    },
    next(title) {
      next = title;
      timer ??= setTimeout(flush, Math.max(0, last + PAUSE2 - performance.now())).unref();
    },
    stop() {
      clearTimeout(timer);
      next = void 0;
    }
  };
}

// src/github/reporting/subject.ts
function subjectOf({ environment, payload }) {
  const [owner = "", repo = ""] = (environment["GITHUB_REPOSITORY"] ?? "").split("/");
  const id = Number(environment["GITHUB_RUN_ID"]);
  const runCommit = environment["GITHUB_SHA"] ?? "";
  if (owner === "" || repo === "" || !(id > 0)) return void 0;
  const event = eventIn(environment, payload);
  const server = environment["GITHUB_SERVER_URL"] ?? "https://github.com";
  const attempt = Number(environment["GITHUB_RUN_ATTEMPT"]) || 1;
  const about = commitOfEvent(event);
  const pull2 = pullOf(payload);
  return {
    owner,
    repo,
    run: { id, attempt, url: `${server}/${owner}/${repo}/actions/runs/${id}` },
    event: event.name,
    commit: about.kind === "commit" ? about.commit : runCommit,
    runCommit,
    ...event.ref !== void 0 && { ref: event.ref },
    ...about.kind !== "commit" && { unclear: true },
    ...pull2 !== void 0 && { pull: pull2 },
    fork: isFork(payload, `${owner}/${repo}`)
  };
}
function commitOf({ commit, event, ref, unclear: unclear2 }, version2, recorded) {
  if (recorded !== void 0) return { commit: recorded };
  const known = { event, own: commit, ...ref !== void 0 && { ref }, ...!unclear2 && { commit } };
  return { commit, ...versionCommit(known, version2) };
}
function pullOf(payload) {
  const number = at(payload, "pull_request", "number");
  if (typeof number === "number") return number;
  const issue = at(payload, "issue", "number");
  return typeof issue === "number" && at(payload, "issue", "pull_request") !== void 0 ? issue : void 0;
}
function isFork(payload, repository) {
  if (at(payload, "pull_request") === void 0) return false;
  const head = at(payload, "pull_request", "head", "repo", "full_name");
  return head !== void 0 && text(head)?.toLowerCase() !== repository.toLowerCase();
}

// src/github/reporting/reporting.ts
function beginReporting(setting) {
  const { inputs, subject, save } = setting;
  const warnings = /* @__PURE__ */ new Set();
  const over = new AbortController();
  const warn = (sentence2) => void warnings.add(sentence2);
  const github2 = setting.open(over.signal);
  const queues = queuesOf(inputs).map((name) => openQueue(name, { signal: over.signal, fork: subject.fork, warn }));
  const queue = (name) => queues.find((one) => one.name === name);
  let known;
  let ending2 = false;
  let planned = false;
  const said2 = publisher(
    github2,
    () => known ?? Promise.reject(new TypeError("Nothing is known of the run yet.")),
    (id) => save("deployment-id", String(id))
  );
  const add = (name, work) => {
    queue(name)?.add(async () => ending2 ? void 0 : work(), "on the way");
  };
  const describe = descriptions(
    (title) => add("deployment", () => said2.deployment("in_progress", stepDescription(title)))
  );
  const settle = (intent) => {
    const version2 = intent?.version ?? setting.version;
    const { commit, lookup } = commitOf(subject, version2, intent?.commit);
    const about = aboutOf(setting, version2, commit, intent);
    save("github", JSON.stringify(about));
    if (lookup === void 0) {
      known = Promise.resolve(about);
      return;
    }
    known = commitNamed(github2, lookup, commit).then((named) => {
      const found = { ...about, commit: named };
      save("github", JSON.stringify(found));
      return found;
    });
  };
  let looked = false;
  const warnOfCompetitor = async () => {
    if (said2.deploymentId() === void 0 || looked) return;
    looked = true;
    const { commit, environment } = await known;
    const commits = [subject.runCommit, commit];
    const found = await hasCompetitor(github2, { commits, environment, runId: subject.run.id });
    if (found) warn(competitorWarning(environment));
  };
  const send = (name, final) => {
    const { signs, description, comment } = final;
    if (name === "deployment") return () => said2.finalDeployment(final);
    if (name === "comment") return () => said2.comment(comment);
    return () => said2.status(signs.commit, description);
  };
  return {
    deploymentId: said2.deploymentId,
    waiting: (sentence2) => {
      if (known !== void 0 || setting.command !== "deploy") return;
      settle();
      add("deployment", () => said2.deployment("queued", stepDescription(sentence2)));
      add("status", () => said2.status("pending", stepDescription(sentence2)));
    },
    stepBegan: (title) => {
      if (planned) describe.next(title);
    },
    planned: (intent) => {
      planned = true;
      settle(intent);
      const title = `Releasing ${intent.version} on ${intent.color}`;
      add("deployment", () => said2.deployment("in_progress", stepDescription(title)));
      queue("deployment")?.add(warnOfCompetitor, "on the way");
      add("status", () => said2.status("pending", stepDescription(title)));
      add("comment", async () => said2.comment(underWayBody(pageOf(await known), intent)));
      describe.begin();
    },
    settled: (settled) => {
      const { environment } = inputs;
      const own2 = `${subject.run.id}/${subject.run.attempt}`;
      if (settled.run === "") return;
      queue("deployment")?.add(
        () => correctRun(github2, { environment, upstream: setting.upstream }, settled, own2),
        "at the end"
      );
    },
    end: async (report, patience, hurry) => {
      ending2 = true;
      describe.stop();
      const refused = setting.command === "rollback" && report.result === "unchanged";
      if (known === void 0 && (setting.command === "deploy" || refused)) settle();
      const stop = () => over.abort();
      const late = setTimeout(stop, patience);
      hurry.addEventListener("abort", stop);
      if (hurry.aborted) stop();
      const about = await known;
      const final = about && finalOf(about, report);
      if (final !== void 0) save("github-final", JSON.stringify(final));
      const done = queues.map(async (one) => {
        let finished = false;
        await one.add(async () => {
          if (final !== void 0) await send(one.name, final)();
          finished = true;
        }, "at the end");
        if (one.name === "deployment") await one.add(warnOfCompetitor, "on the way");
        if (finished || one.closed()) save(`github-done-${one.name}`, "true");
        return finished || one.closed() || one.warned() ? [] : [one.name];
      });
      const unsaid = (await Promise.all(done)).flat();
      clearTimeout(late);
      if (unsaid.length > 0) warn(lateWarning(unsaid, patience));
      return [...warnings];
    }
  };
}
function queuesOf({ deployment, comment, commitStatus }) {
  return [
    ...deployment ? ["deployment"] : [],
    ...comment ? ["comment"] : [],
    ...commitStatus ? ["status"] : []
  ];
}
function aboutOf(setting, version2, commit, intent) {
  const { inputs, upstream, subject, command } = setting;
  const { environment, environmentUrl, deployment, comment, commitStatus } = inputs;
  return {
    ...{ subject, commit, environment, upstream, version: version2, command },
    ...intent && { color: intent.color, before: intent.live },
    ...environmentUrl !== void 0 && { site: published(environmentUrl) },
    reports: { deployment, comment, status: commitStatus }
  };
}
function published(url) {
  const shown = new URL(url);
  shown.search = "";
  return shown.href;
}

// src/github/reporting/wiring.ts
var PATIENCE4 = { ended: 2e4, cancelled: 2e3 };
function reportingOf(inputs, redact, save) {
  const { github: github2, application, nginx, command, dryRun: dryRun2 } = inputs;
  const subject = subjectOf({ environment: process.env, payload: runner.payload });
  const { token } = github2;
  const { apiUrl: api } = runner;
  if (api === void 0 || subject === void 0 || dryRun2 || command === "status" || command === "check") return {};
  if (!(github2.deployment || github2.comment || github2.commitStatus)) return {};
  if (token === void 0) return { note: "There is no `github-token`: nothing is reported to GitHub." };
  const { owner, repo } = subject;
  const reporting = beginReporting({
    inputs: github2,
    subject,
    upstream: nginx.upstream,
    version: application.version,
    command: inputs.command,
    open: (signal) => openGitHub({ api, token, owner, repo, redact, signal }),
    save
  });
  return { reporting };
}
var FINISH_PATIENCE = 6e4;
async function finishInPost(redact, end) {
  const left = leftToSay(getState);
  const token = getInput("github-token");
  const { apiUrl: api } = runner;
  if (left === void 0 || token === "" || api === void 0) return [];
  const { owner, repo } = left.about.subject;
  const signal = AbortSignal.timeout(FINISH_PATIENCE);
  const github2 = openGitHub({ api, token, owner, repo, redact, signal });
  return finishReporting(github2, left, end);
}

// src/inputs/reading.ts
function reading(get) {
  const mistakes = [];
  const mistake = (name, sentence2) => {
    const whole = /^[A-Z]/.test(sentence2) ? `\`${name}\`: ${sentence2}` : `\`${name}\` ${sentence2}`;
    mistakes.push(whole.endsWith(".") ? whole : `${whole}.`);
  };
  const optional = (name) => get(name).trim() || void 0;
  const text2 = (name, fallback) => optional(name) ?? fallback;
  const optionalWord = (name, form, what) => {
    const value = optional(name);
    if (value !== void 0 && !form.test(value)) mistake(name, `is \`${value}\`; it must be ${what}`);
    return value;
  };
  const word = (name, form, what, fallback) => {
    const value = optionalWord(name, form, what) ?? fallback;
    if (value === void 0) mistake(name, `is missing; write ${what}`);
    return value ?? "";
  };
  const operand = (name, value, fix) => {
    if (value?.startsWith("-")) {
      mistake(name, `is \`${value}\`, which begins with \`-\` as an option of a command does; write ${fix(value)}`);
    }
    return value;
  };
  const below = (path2) => `\`./${path2}\``;
  const list = (name) => get(name).split("\n").map((line2) => line2.trim()).filter((line2) => line2 !== "" && !line2.startsWith("#"));
  const choice = (name, choices) => {
    const value = optional(name) ?? choices[0];
    if (choices.includes(value)) return value;
    mistake(name, `is \`${value}\`; choose ${listed(choices)}`);
    return choices[0];
  };
  const flag = (name, fallback) => {
    const value = text2(name, String(fallback));
    if (!/^(true|false)$/i.test(value)) mistake(name, `is \`${value}\`; write \`true\` or \`false\``);
    return /^true$/i.test(value);
  };
  const duration = (name, fallback, zero = "more than zero") => {
    const value = text2(name, fallback);
    const parsed2 = parseDuration(value);
    if (parsed2 === void 0)
      mistake(name, `is \`${value}\`, which is not a duration; write it like \`500ms\`, \`10s\` or \`5m\``);
    else if (parsed2 === 0 && zero !== "zero allowed") mistake(name, `is \`${value}\`; it must be more than zero`);
    return parsed2 ?? 0;
  };
  const count = (name, fallback) => {
    const value = text2(name, fallback);
    if (!/^[1-9]\d{0,3}$/.test(value)) mistake(name, `is \`${value}\`; write a whole number from 1 on`);
    return Number(value);
  };
  const path = (name, fallback) => {
    const value = text2(name, fallback);
    if (!/^\/[\x21-\x7e]*$/.test(value))
      mistake(name, `is \`${value}\`; write a path that begins with \`/\`, such as \`/health\``);
    return value;
  };
  const statuses = (name, fallback) => {
    const value = text2(name, fallback);
    const ranges = value.split(/[\s,]+/).map((part) => /^(\d{3})(?:-(\d{3}))?$/.exec(part));
    const found = ranges.map((range) => [Number(range?.[1]), Number(range?.[2] ?? range?.[1])]);
    if (found.some(([from, to]) => !(from >= 100 && from <= to && to <= 599))) {
      mistake(name, `is \`${value}\`; write codes and ranges from 100 to 599, such as \`200-299,304\``);
    }
    return found;
  };
  const match = (name) => {
    const value = optional(name);
    if (value === void 0) return void 0;
    const pattern = /^\/(.+)\/([imsu]*)$/s.exec(value);
    if (pattern === null) return { kind: "text", text: value };
    const [, source = "", flags = ""] = pattern;
    try {
      new RegExp(source.replaceAll("{version}", "version"), flags);
    } catch (cause) {
      mistake(
        name,
        `is \`${value}\`, which is not a regular expression: ${cause instanceof Error ? cause.message : cause}`
      );
    }
    return { kind: "pattern", source, flags };
  };
  const url = (name) => {
    const value = optional(name);
    if (value === void 0) return void 0;
    const parsed2 = URL.parse(value);
    if (parsed2 !== null && /^https?:$/.test(parsed2.protocol) && parsed2.username === "" && parsed2.password === "")
      return parsed2;
    mistake(name, `is \`${value}\`; write an address that begins with \`http://\` or \`https://\`, without a user`);
    return void 0;
  };
  const address = (name) => {
    const form = /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9_][A-Za-z0-9._-]*):([1-9]\d{0,4})$/;
    return optionalWord(name, form, "`host:port`, where Nginx reaches this color, such as `127.0.0.1:8080`");
  };
  return {
    mistake,
    mistakes: () => mistakes,
    optional,
    text: text2,
    optionalWord,
    operand,
    below,
    word,
    list,
    choice,
    flag,
    duration,
    count,
    path,
    statuses,
    match,
    url,
    address
  };
}
function present(key, value) {
  return value === void 0 ? {} : { [key]: value };
}
function parseDuration(text2) {
  const found = /^(\d{1,7})(ms|s|m|h)$/.exec(text2);
  if (found === null) return text2 === "0" ? 0 : void 0;
  return Number(found[1]) * { ms: 1, s: 1e3, m: 6e4, h: 36e5 }[found[2]];
}
function listed(choices) {
  const quoted = choices.map((choice) => `\`${choice}\``);
  return quoted.length < 2 ? quoted.join() : `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
}

// src/inputs/kinds.ts
function routerInputs(read) {
  const kind = read.choice("router", ["nginx", "redis", "command"]);
  const [key, password] = [read.optional("redis-key"), read.optional("redis-password")];
  const command = read.text("redis", "redis-cli");
  const [live, flip] = [read.optional("live-command"), read.optional("flip-command")];
  if (kind === "nginx") return { kind };
  if (kind === "command") {
    if (live === void 0) read.mistake("live-command", "is missing; write what prints `blue` or `green`");
    if (flip === void 0) read.mistake("flip-command", "is missing; write what moves requests to `$COLOR`");
    return { kind, live: live ?? "", flip: flip ?? "" };
  }
  if (key === void 0) read.mistake("redis-key", "is missing; write the key that holds `blue` or `green`");
  return { kind, command, key: key ?? "", ...present("password", password) };
}
function runtimeInputs(read) {
  const kind = read.choice("runtime", ["compose", "command"]);
  const [start, stop] = [read.optional("start-command"), read.optional("stop-command")];
  if (kind === "compose") return { kind };
  if (start === void 0) read.mistake("start-command", "is missing; write what starts `$COLOR` with `$VERSION`");
  for (const color of ["blue-address", "green-address"]) {
    if (read.optional(color) === void 0)
      read.mistake(color, "is missing; write where that color listens, as `host:port`");
  }
  return { kind, start: start ?? "", ...present("stop", stop) };
}

// src/inputs/read.ts
var TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
var VARIABLE = /^(?!\d)(?:[A-Za-z0-9_]|\{(?:color|COLOR)\})+$/;
var SERVICE = /^[a-zA-Z0-9_][a-zA-Z0-9._-]*$/;
var SERVICE_BY_COLOR = /^(?:[a-zA-Z0-9_]|\{color\})(?:[a-zA-Z0-9._-]|\{color\})*$/;
var IMAGE = /^[a-z0-9][a-zA-Z0-9._:/@-]*(?:\{version\}[a-zA-Z0-9._:/@-]*)*$/;
var UPSTREAM = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
function readInputs(get, about = { kind: "none" }) {
  const read = reading(get);
  const command = read.choice("command", ["deploy", "rollback", "status", "check", "unlock"]);
  const service = read.word(
    "service",
    SERVICE_BY_COLOR,
    "the name of the compose service without its color, such as `web`, or with `{color}` in its place"
  );
  const upstream = read.optionalWord("upstream", UPSTREAM, "the name of the Nginx upstream, such as `app`") ?? withoutColor(service);
  const stateDirectory = stateDirectoryIn(read);
  const inputs = {
    command,
    dryRun: dryRun(read, command),
    allowDowngrade: read.choice("allow-downgrade", ["false", "true"]) === "true",
    host: host(read),
    ...privateKey(read),
    knownHosts: knownHosts(read),
    application: {
      directory: directory(read),
      service,
      services: pair(
        read.optionalWord("blue-service", SERVICE, "the name of a compose service"),
        read.optionalWord("green-service", SERVICE, "the name of a compose service")
      ),
      version: version(read, command, about),
      versionVariable: read.word(
        "version-variable",
        VARIABLE,
        "the name of a variable, such as `IMAGE_TAG` or `{COLOR}_TAG`",
        "IMAGE_TAG"
      ),
      ...present(
        "image",
        read.optionalWord("image", IMAGE, "a reference of an image, such as `ghcr.io/acme/shop:{version}`")
      ),
      build: read.flag("build", false),
      composeFiles: read.list("compose-file").map((file) => read.operand("compose-file", file, read.below)),
      ...present(
        "projectName",
        read.optionalWord(
          "project-name",
          /^(?:[a-z0-9]|\{color\})(?:[a-z0-9_-]|\{color\})*$/,
          "a compose project name: lower case letters, digits, `-` and `_`, and `{color}`"
        )
      ),
      uploads: uploads(read),
      pull: read.choice("pull", ["always", "missing", "never"]),
      ...present("registry", registry(read))
    },
    health: {
      ...healthAsked(read),
      ...present("port", healthPort(read)),
      ...present(
        "host",
        read.optionalWord("health-host", /^[^\s/-][^\s/]*$/, "a `Host` header, such as `example.org`")
      ),
      timeout: read.duration("health-timeout", "60s"),
      interval: read.duration("health-interval", "1s")
    },
    route: { ...present("url", read.url("verify-url")), ...present("match", read.match("verify-match")) },
    watch: read.duration("watch", "15s", "zero allowed"),
    hooks: {
      ...present("beforeStart", read.optional("before-start")),
      ...present("beforeFlip", read.optional("before-flip")),
      ...present("afterFlip", read.optional("after-flip")),
      ...present("afterRestore", read.optional("after-restore")),
      ...present("smokeTest", read.optional("smoke-test")),
      timeout: read.duration("hook-timeout", "10m")
    },
    after: {
      drain: read.duration("drain-timeout", "30s", "zero allowed"),
      previous: read.choice("previous", ["stop", "keep", "remove"]),
      keepImages: read.count("keep-images", "3")
    },
    nginx: {
      flip: read.choice("flip", ["auto", "switch", "reload"]),
      upstream,
      ...nginxCommand(read.text("nginx", "nginx")),
      ...present("file", read.operand("nginx-file", read.optional("nginx-file"), read.below)),
      addresses: pair(read.address("blue-address"), read.address("green-address")),
      stateDirectory: (stateDirectory ?? `/var/lib/blue-green/${upstream}`).replace(/(?<=.)\/+$/, ""),
      stateDirectoryGiven: stateDirectory !== void 0
    },
    router: routerInputs(read),
    runtime: runtimeInputs(read),
    custody: { lockTimeout: read.duration("lock-timeout", "0s", "zero allowed"), lease: lease(read) },
    github: github(read)
  };
  const mistakes = read.mistakes();
  return mistakes.length > 0 ? { kind: "mistakes", command, mistakes } : { kind: "inputs", inputs };
}
function withoutColor(service) {
  return service.replace(/[-_]?\{color\}/g, "").replace(/^[-_]+/, "") || "app";
}
var NOWHERE = { user: "", host: "", port: 22 };
function host(read) {
  const hosts = read.list("host");
  const [first2] = hosts;
  if (first2 === void 0) {
    read.mistake(
      "host",
      "is missing; write where to release to, such as `deploy@example.org` or `deploy@example.org:2222`"
    );
    return NOWHERE;
  }
  if (hosts.length > 1) read.mistake("host", `names ${hosts.length} hosts; this version releases to one`);
  const target2 = parseTarget(first2);
  if ("mistake" in target2) {
    read.mistake("host", target2.mistake);
    return NOWHERE;
  }
  return target2;
}
function directory(read) {
  const written = read.text("directory", ".");
  const below = /^(?:~|\$HOME|\$\{HOME\})(?:\/+(.*))?$/.exec(written);
  if (below) return below[1] || ".";
  if (/^~/.test(written)) {
    read.mistake("directory", `is \`${written}\`, in the home directory of another user; write its absolute path`);
  }
  return written;
}
var ANSWERED = [[100, 599]];
var NOT_FAILED = [[100, 499]];
function healthAsked(read) {
  const match = present("match", read.match("health-match"));
  if (read.optional("health-path") === "none")
    return { path: "/", expect: { status: ANSWERED, ...match }, route: NOT_FAILED, byDocker: true };
  const status = read.statuses("health-status", "200-299");
  return { path: read.path("health-path", "/"), expect: { status, ...match }, route: status, byDocker: false };
}
function healthPort(read) {
  const written = read.list("health-port");
  if (written.length === 0) return void 0;
  const ports = written.map((line2) => /^(?:(blue|green)\s+)?([1-9]\d{0,4})$/.exec(line2));
  const of = (color) => ports.find((port) => port?.[1] === void 0 || port[1] === color)?.[2];
  const [blue, green] = [of("blue"), of("green")];
  const fits2 = ports.every((port) => port !== null && Number(port[2]) < 65536);
  if (fits2 && blue !== void 0 && green !== void 0 && (ports.length === 1 || ports.every((port) => port?.[1])))
    return { blue: Number(blue), green: Number(green) };
  read.mistake(
    "health-port",
    `is \`${written.join(" ")}\`; write one port, or a line \`blue 8081\` and a line \`green 9081\``
  );
  return void 0;
}
function stateDirectoryIn(read) {
  const written = read.optional("state-directory")?.replace(/^\$(?:HOME|\{HOME\})(?=\/)/, "~");
  if (written !== void 0 && !/^~?\/[^\0\n]+$/.test(written)) {
    const mistake = `is \`${written}\`, which is neither an absolute path nor \`~/\u2026\`; write it as the host sees it`;
    read.mistake("state-directory", mistake);
  }
  return written;
}
function dryRun(read, command) {
  const asked = read.choice("dry-run", ["false", "true"]) === "true";
  if (asked && command === "unlock")
    read.mistake("dry-run", "shows a deploy or a rollback, and not an `unlock`; look with `command: status` first");
  return asked;
}
function lease(read) {
  const duration = read.duration("lease", "30s");
  if (duration < 3e3) read.mistake("lease", "is shorter than 3s, which a slow network or a busy host would break");
  return duration;
}
function privateKey(read) {
  const text2 = read.optional("private-key");
  if (text2 === void 0) return {};
  const repaired = repairPrivateKey(text2);
  if ("key" in repaired) return { privateKey: repaired.key };
  read.mistake("private-key", repaired.mistake);
  return {};
}
function knownHosts(read) {
  const text2 = read.optional("known-hosts") ?? "";
  for (const mistake of knownHostsMistakes(text2)) read.mistake("known-hosts", mistake);
  return text2;
}
function version(read, command, about) {
  const given = read.optional("version");
  if (command === "deploy" && (given === void 0 || isOf(given, about))) {
    if (about.kind === "unclear") read.mistake("version", `is missing, and ${about.why}; ${about.remedy}`);
    if (about.kind === "failed") read.mistake("version", `would be ${about.commit}, but ${about.why}; ${about.remedy}`);
    if (about.kind === "unclear" || about.kind === "failed") return "";
  }
  const decided = given ?? (command === "deploy" || command === "check" ? ownVersion(about) : "");
  if (decided === "") return "";
  if (decided === void 0)
    read.mistake("version", "is missing, and there is no commit to take it from; write the image tag to release");
  else if (!TAG.test(decided)) {
    read.mistake(
      "version",
      `is \`${decided}\`, which cannot be an image tag: letters, digits, \`_\`, \`.\` and \`-\`, at most 128 of them`
    );
  }
  return decided ?? "";
}
function isOf(version2, about) {
  if (about.kind !== "failed") return false;
  const short = version2.replace(/^sha-/, "");
  return /^[0-9a-f]{7,40}$/.test(short) && about.commit.startsWith(short);
}
function ownVersion(about) {
  return about.kind === "unclear" ? about.own : about.kind === "none" ? void 0 : about.commit;
}
function uploads(read) {
  const lines2 = read.list("upload").map(parseUpload);
  return lines2.flatMap((line2) => {
    if (!("mistake" in line2)) return [line2];
    read.mistake("upload", line2.mistake);
    return [];
  });
}
function registry(read) {
  const [server, username, password] = [
    read.operand("registry", read.optional("registry"), () => "its name, such as `ghcr.io`"),
    read.operand("registry-username", read.optional("registry-username"), () => "the name of a user"),
    read.optional("registry-password")
  ];
  if (server?.includes("@"))
    read.mistake(
      "registry",
      "has a user in it; write its name alone, and give the rest as `registry-username` and `registry-password`"
    );
  if (username === void 0 && password === void 0) return void 0;
  if (username === void 0) read.mistake("registry-username", "is missing beside `registry-password`");
  if (password === void 0) read.mistake("registry-password", "is missing beside `registry-username`");
  return { server: server ?? "", username: username ?? "", password: password ?? "" };
}
function github(read) {
  const environment = read.optionalWord("environment", new RegExp("^\\P{Cc}{1,255}$", "u"), "the name of an environment, in one line");
  return {
    ...present("token", read.optional("github-token")),
    environment: environment ?? "production",
    ...present("environmentUrl", read.url("environment-url")),
    deployment: read.flag("deployment", true),
    comment: read.flag("pr-comment", true),
    commitStatus: read.flag("commit-status", false)
  };
}
function nginxCommand(command) {
  return command === "nginx" ? {} : { command };
}
function pair(blue, green) {
  return { ...present("blue", blue), ...present("green", green) };
}

// src/release/begun.ts
function beginnings() {
  let changes = [];
  return {
    begins(change) {
      changes = [...changes, change];
    },
    settled() {
      changes = [];
    },
    soFar() {
      if (changes.length === 0) return { kind: "nothing" };
      const traffic = changes.some(({ phase }) => phase === "traffic");
      return { kind: traffic ? "traffic" : "preparations", changes };
    }
  };
}

export {
  runner,
  executorFor,
  recoverAll,
  settledBy,
  recoverySentence,
  leftNothing,
  newToken,
  takeCustody,
  holderOf,
  statusOf,
  whatServes,
  finish,
  originOfRun,
  commitOfRun,
  reportOf,
  boundedReport,
  isGreen,
  headlineOf,
  prose,
  block,
  signsOf,
  liveMarkdown,
  sidesOf,
  headingOf,
  failureOf,
  stepsTable,
  timeOf,
  printedLast,
  notesOf,
  table,
  firstWithin,
  inputNames,
  secretInputs,
  redaction,
  redactAll,
  openGitHub,
  PATIENCE4 as PATIENCE,
  reportingOf,
  finishInPost,
  readInputs,
  beginnings
};
