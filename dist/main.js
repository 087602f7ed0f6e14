import { createRequire as __createRequire } from 'node:module'
const require = __createRequire(import.meta.url)
const __filename = import.meta.filename
const __dirname = import.meta.dirname
import {
  PATIENCE,
  beginnings,
  block,
  boundedReport,
  commitOfRun,
  executorFor,
  failureOf,
  finish,
  firstWithin,
  headingOf,
  headlineOf,
  holderOf,
  inputNames,
  isGreen,
  liveMarkdown,
  newToken,
  notesOf,
  openGitHub,
  originOfRun,
  printedLast,
  prose,
  readInputs,
  recoverAll,
  recoverySentence,
  redactAll,
  redaction,
  reportOf,
  reportingOf,
  runner,
  secretInputs,
  settledBy,
  sidesOf,
  signsOf,
  statusOf,
  stepsTable,
  table,
  takeCustody,
  timeOf,
  whatServes
} from "./chunk-72IIAHOA.js";
import {
  refuseOlder
} from "./chunk-UTMH2RUL.js";
import {
  COLORS,
  Failure,
  NOOP,
  Refused,
  SEEING,
  attempt,
  conclude,
  connected,
  countOn,
  cutShort,
  early,
  endedEarly,
  ending,
  error,
  findingsForSummary,
  first,
  flip,
  found,
  getInput,
  hostsOf,
  isBack,
  jobLog,
  knowing,
  lines,
  onlyPlanned,
  orStartAgain,
  otherThan,
  planFor,
  planSentence,
  printable,
  recordFlippedBack,
  refused,
  refusedAt,
  saveState,
  sentence,
  sentenceOf,
  setOutput,
  setSecret,
  sh,
  sha256,
  sideServing,
  summary,
  surveyHost,
  uploadFor,
  wasCancelled
} from "./chunk-XZJVTK5J.js";
import "./chunk-7FVNDNQR.js";

// src/main.ts
import { setFlagsFromString } from "node:v8";

// src/release/interpret.ts
async function interpret(items, executor, before = []) {
  const begun2 = [...before];
  let confirmed = false;
  let flippedBack;
  let doubt;
  for (const item of items) {
    try {
      if (item.kind === "change") begun2.push(item);
      await carryOut(item, executor);
      if (item.kind === "confirm") confirmed = true;
    } catch (cause) {
      if (cause instanceof Failure && cause.notBegun) begun2.pop();
      if (!confirmed) return await backward(begun2, item, cause, executor);
      if (isByOthers(cause)) flippedBack ??= { at: item, cause };
      else {
        if (cause instanceof Failure && cause.reason === "drift") doubt ??= { at: item, cause };
        executor.warn(item, cause);
      }
    }
  }
  if (flippedBack === void 0) return { kind: "done", ...doubt && { doubt } };
  const remains = begun2.filter((change) => change.irreversible);
  return { kind: "restored", ...flippedBack, byOthers: true, left: [], spared: [], printed: [], remains };
}
function isByOthers(cause) {
  return cause instanceof Failure && cause.reason === "flipped-by-others";
}
function carryOut(item, executor) {
  switch (item.kind) {
    case "change":
      return executor.change(item);
    case "check":
      return executor.check(item);
    case "confirm":
      return executor.confirm(item);
  }
}
async function backward(begun2, at, cause, executor) {
  const noticed = performance.now();
  let restoredAfter;
  const kind = begun2.some((change) => change.phase === "traffic") ? "restored" : "unchanged";
  const remains = begun2.filter((change) => change.irreversible);
  const printed = [];
  const spared2 = [];
  let byOthers = false;
  const undone = () => ({
    ...{ kind, at, cause, printed, remains, spared: spared2 },
    ...byOthers && { byOthers },
    ...restoredAfter !== void 0 && { restoredAfter }
  });
  for (const change of begun2.toReversed()) {
    if (change.undo === void 0) continue;
    try {
      const lines2 = await executor.undo(change);
      if (!change.bestEffort) printed.push(...lines2.filter((line) => !isBack([line])));
      if (change.phase !== "traffic") continue;
      restoredAfter = performance.now() - noticed;
      byOthers ||= change !== at && isBack(lines2);
    } catch (stuck) {
      if (change.bestEffort && !wasCancelled(stuck)) executor.warn(change, stuck);
      else if (isByOthers(stuck) && change.phase !== "traffic") spared2.push({ change, cause: stuck });
      else if (change.phase === "traffic") return { kind: "stranded", at, cause, undoing: change, stuck, remains };
      else return { ...undone(), left: [{ change, cause: stuck }] };
    }
  }
  return { ...undone(), left: [] };
}
async function undoAll(begun2, executor) {
  for (const change of begun2.toReversed()) {
    try {
      if (change.undo !== void 0) await executor.undo(change);
    } catch (cause) {
      return [{ change, cause }];
    }
  }
  return [];
}

// src/release/checks.ts
var SUCCESSES = 2;
var SHORTLY = 1e4;
var QUIET = { least: 150, most: 1e3 };
var WATCH_INTERVAL = 1e3;
var WATCH_FAILURES = 3;
function healthy({ runtime, to, version, questions, health }) {
  const probe = {
    questions: [questions.next],
    successes: SUCCESSES,
    interval: health.interval,
    deadline: health.timeout
  };
  const exitWatch = runtime.exitWatch(to, health.timeout + SHORTLY);
  return {
    kind: "check",
    title: `Wait until ${version} on ${to} is healthy`,
    test: { kind: "until", probe, exitWatch, whose: runtime.occupies(to), reason: "not-healthy" }
  };
}
function reachable({ runtime, router, to, questions }) {
  return {
    kind: "check",
    title: `Ask ${to} where ${router.name} reaches it`,
    test: {
      kind: "until",
      probe: shortly(questions.nextFromProxy ?? questions.next),
      whose: runtime.occupies(to),
      reason: "not-proven"
    }
  };
}
function onPublicRoute({ runtime, to, version, questions }) {
  if (questions.route === void 0) return [];
  return [
    {
      kind: "check",
      title: `See ${version} on ${questions.route.title}`,
      test: {
        kind: "until",
        probe: shortly(questions.route),
        whose: runtime.occupies(to),
        ...questions.routeSeen && {
          sight: { version, color: to, before: questions.routeSeen, accepted: runtime.accepted(to) }
        },
        reason: "public-route-failed"
      }
    }
  ];
}
function watched({ runtime, router, from, to, version, questions, watch }) {
  if (watch === 0) return [];
  const asked = questions.route === void 0 ? [questions.next] : [questions.route, questions.next];
  return [
    {
      kind: "check",
      title: `Watch ${version} on ${to} for ${watch / 1e3} s`,
      test: {
        kind: "hold",
        questions: asked,
        duration: watch,
        interval: Math.min(WATCH_INTERVAL, watch),
        failures: WATCH_FAILURES,
        exitWatch: runtime.exitWatch(to, watch + SHORTLY),
        spares: { color: from, holds: router.holds(from) },
        whose: runtime.occupies(to),
        reason: "watch-failed"
      }
    }
  ];
}
function drained(plan, color) {
  const quiet = Math.min(QUIET.most, Math.max(QUIET.least, plan.watch));
  const waits = waitsFor(plan, color, quiet);
  if (waits.length === 0) return [];
  return [{ kind: "check", title: letFinish(color), test: { kind: "drain", waits } }];
}
function spared(plan) {
  const { to } = plan;
  return waitsFor(plan, to, 0).toReversed().map(
    ({ on, script }) => ({
      kind: "change",
      phase: "prepare",
      title: letFinish(to),
      on,
      reason: "command-failed",
      do: NOOP,
      effect: { does: "Nothing", undoes: "Waits until nobody is connected to it" },
      undo: script,
      bestEffort: true
    })
  );
}
function waitsFor({ runtime, router, drain }, color, quiet) {
  return drain === 0 ? [] : [...router.drain(color, drain), ...runtime.drain(color, drain, quiet)];
}
function letFinish(color) {
  return `Let ${color} finish what it has begun`;
}
function smokeTested({ runtime, smoke, to, version }) {
  if (smoke === void 0) return [];
  const test = { kind: "smoke", smoke, whose: runtime.occupies(to) };
  return [{ kind: "check", title: `Run the smoke test against ${version} on ${to}`, test }];
}
function seenAgain(restored, routeBefore) {
  const asked = restored?.kind === "until" ? restored.probe.questions : [];
  return {
    kind: "until",
    probe: { ...shortly(routeBefore), questions: [...asked, routeBefore], successes: 2 },
    reason: "flip-without-effect"
  };
}
function shortly(question) {
  return { questions: [question], successes: 1, interval: 500, deadline: SHORTLY };
}

// src/release/release.ts
function release(plan) {
  const { runtime, router, hooks, from, to, version } = plan;
  return [
    ...plan.prepare,
    ...router.prepare(to),
    ...runtime.pull(to, version),
    ...hooks.beforeStart,
    ...runtime.startDependencies(to),
    ...plan.idleRuns ? drained(plan, to) : [],
    ...runtime.start({ color: to, holds: router.holds(to) }, version),
    healthy(plan),
    ...runtime.calledHealthy(to, plan.health.timeout),
    ...smokeTested(plan),
    ...runtime.recordVersion(to, version),
    ...hooks.beforeFlip,
    reachable(plan),
    ...spared(plan),
    ...hooks.afterRestore,
    ...flip(plan).map((change) => neverToADeadColor(onlyToWhatWasStarted(change, plan), plan)),
    ...onPublicRoute(plan),
    ...hooks.afterFlip,
    ...watched(plan),
    { kind: "confirm", title: `Confirm ${version} on ${to}` },
    ...router.finalize(),
    ...runtime.discardBackups(to),
    ...plan.previous === void 0 ? [] : drained(plan, from),
    ...plan.previous === void 0 ? [] : runtime.retire({ color: from, holds: router.holds(from) }),
    ...router.retired(from),
    ...runtime.prune(),
    stillServes(plan)
  ];
}
function stillServes({ runtime, router, from, to, version, previous }) {
  const occupied = runtime.occupies(to, "any").script;
  const spares = previous && { color: from, holds: router.holds(from), wakes: runtime.wake(from).shell };
  const shell = lines(
    sh`if ! (\n${router.holds(to)}\n) >/dev/null 2>&1; then`,
    spares ? orStartAgain(spares, sh`${spares.wakes} 9>&-`) : sh`:`,
    sh`  echo ${`Requests were not seen to go to ${to} any more.`} >&2; exit 1`,
    sh`fi`,
    sh`[ -z "\${container_started:-}" ] || (\n${occupied.shell}\n) >/dev/null 2>&1 || { echo ${`The container on ${to} is not the one that was released.`} >&2; exit 1; }`
  );
  return {
    kind: "change",
    phase: "retire",
    title: `See that ${version} on ${to} still serves`,
    on: "all proxies",
    reason: "drift",
    do: { shell, deadline: 2 * occupied.deadline },
    ...spares && { spares },
    effect: { does: "Nothing: it asks" }
  };
}
function onlyToWhatWasStarted(change, { runtime, to, questions }) {
  const arrivals = questions.routeSeen !== void 0;
  const { shell, deadline } = runtime.whileOccupied(to, change.do.shell, { arrivals });
  return { ...change, do: { shell, deadline: change.do.deadline + deadline } };
}
function neverToADeadColor(change, { previous, questions }) {
  if (previous === void 0) return change;
  const endpoints = { previous: questions.previous, next: questions.next };
  if (questions.routeBefore === void 0) return { ...change, endpoints };
  return { ...change, endpoints, undoProof: seenAgain(change.undoProof, questions.routeBefore) };
}

// src/commands/in-custody.ts
async function inCustody(connections, run2, release2) {
  const taking = "Take the lease of the target";
  const host = first(connections.fleet.proxies);
  const taken = await attempt(
    run2.log.step(taking, () => takeCustody(host, termsOf(run2), run2.log, run2.signal)),
    refusedAt(taking)
  );
  if (taken === "absent") return withoutCustody(connections, run2);
  const signal = AbortSignal.any([run2.signal, taken.signal]);
  const held = { ...run2, signal };
  const recovering = "Recover what an earlier run left";
  const recovered = await attempt(recoverAll(taken, host, executorFor(connections, held)), async (cause) => {
    await taken.end("unfinished");
    return early(run2.inputs.command, run2.begun.soFar(), recovering, [cause]);
  });
  run2.begun.settled();
  const found2 = recovered.flatMap((each) => recoverySentence(each) ?? []);
  for (const sentence2 of found2) run2.log.warning(sentence2);
  if (found2.length > 0) {
    const live = sideServing(await whatServes(connections, run2));
    for (const each of recovered) run2.log.settled(settledBy(each, live));
  }
  if (taken.asked !== void 0) {
    const restored = await alreadyBack(connections, held, taken.asked);
    if (restored !== void 0) {
      await taken.end("clean");
      return restored;
    }
  }
  const told = await ending(release2(connections, held, taken)).catch((cause) => unforeseen(run2, cause));
  const { conclusion, left } = told;
  if (conclusion.result === "stranded") {
    const stays = conclusion.settled || conclusion.live.color !== void 0 && conclusion.stays;
    if (stays) await taken.keep().catch(() => void 0);
    await taken.end(stays ? "clean" : "alone");
    return { ...told, ...!stays && { unfinished: true } };
  }
  const given = await taken.end(left ? "unfinished" : "clean");
  return { ...told, ...(left || !given) && { unfinished: true } };
}
function unforeseen({ begun: begun2, inputs }, cause) {
  const soFar = begun2.soFar();
  return {
    conclusion: cutShort(soFar, "internal error", [cause]),
    notes: [],
    version: inputs.application.version,
    ...soFar.kind !== "nothing" && { left: true }
  };
}
async function alreadyBack(connections, run2, { version, color }) {
  const wanted = run2.inputs.application.version;
  const live = await planFor(connections, run2).then(
    ({ plan }) => ({ color: plan.from, ...plan.previous }),
    (cause) => cause instanceof Refused ? cause.live : {}
  );
  if (live.color === void 0 || live.color === color) return void 0;
  if (wanted !== "" && wanted !== live.version) return void 0;
  const previous = { version, ...color === "blue" || color === "green" ? { color } : {} };
  return {
    conclusion: { result: "rolled-back", sentences: [], evidence: [], live, previous },
    notes: [
      `The release of ${version || "an unknown version"} was in its watch: it was asked to put the previous version back, and did.`
    ],
    ...live.version !== void 0 && { version: live.version }
  };
}
async function withoutCustody(connections, run2) {
  await attempt(
    run2.log.step(SEEING, () => planFor(connections, run2)),
    refusedAt(SEEING)
  );
  return refusedAt(SEEING)(new Failure("state-directory", "The state directory is missing, and cannot be made."));
}
function termsOf(run2) {
  const { inputs, token, lookup } = run2;
  return {
    directory: inputs.nginx.stateDirectory,
    lease: inputs.custody.lease,
    patience: inputs.custody.lockTimeout,
    token,
    ...lookup && { hasEnded: lookup.hasEnded },
    ...inputs.command === "rollback" && { asks: true },
    holder: holderOf(run2, inputs.command, inputs.application.version)
  };
}

// src/commands/deploy.ts
var ASKING = "Ask what serves now";
function deploy(run2) {
  return connected(run2, (connections, run3) => inCustody(connections, run3, releaseTo));
}
async function releaseTo(connections, run2, custody) {
  const { log: log2 } = run2;
  const before = custody.fence(executorFor(connections, run2));
  const upload = await uploadFor(connections, run2);
  const uploaded = await interpret(upload.changes, before);
  if (uploaded.kind !== "done") {
    const left = uploaded.kind === "stranded" ? [] : uploaded.left;
    return { conclusion: refused(uploaded.at.title, [uploaded.cause], left), notes: [], ...some(left) };
  }
  const notPlanned = async (cause) => {
    const left = await undoAll(upload.changes, before);
    return { conclusion: refused(SEEING, [cause], left), notes: [], ...some(left) };
  };
  const planned = await attempt(
    log2.step(SEEING, () => planFor(connections, run2)),
    notPlanned
  );
  const { plan, commits } = planned;
  const older = await refuseOlder(run2, commits.live);
  if (older !== void 0) return notPlanned(new Refused([older], { color: plan.from, ...plan.previous }));
  custody.toward(plan.to);
  log2.note(planSentence(plan));
  log2.planned({ ...intentOf(plan), ...commits.next && { commit: commits.next } });
  for (const warning of planned.warnings) log2.warning(sentence(warning));
  const spares = { color: plan.from, holds: plan.router.holds(plan.from) };
  const items = recording([...release(plan), ...upload.forget], plan, run2, commits.live);
  const executor = custody.fence(
    executorFor(
      connections,
      run2,
      (started) => custody.confirm({
        entry: entryOf(plan, run2, commits.next),
        identity: knowing([...started.values()][0], plan.runtime.identify(plan.to)),
        ...plan.seen !== void 0 && { seen: plan.seen },
        finish: followers(items),
        spares
      }).catch(notWhatWasStarted(connections.adapters.runtime))
    )
  );
  const outcome = await interpret(items, executor, upload.changes);
  const now = outcome.kind === "done" && outcome.doubt === void 0 ? { kind: "serves", live: {} } : await log2.step(ASKING, () => whatServes(connections, run2, plan));
  const conclusion = conclude(plan, outcome, now);
  return {
    conclusion,
    notes: planned.notes.map(sentence),
    version: plan.version,
    ...isLeft(outcome, run2) && { left: true }
  };
}
function intentOf({ version, to, commit, previous, from }) {
  const live = previous === void 0 ? {} : { color: from, ...previous };
  return { version, color: to, live, ...commit !== void 0 && { commit } };
}
function isLeft(outcome, { cancelled: cancelled2 }) {
  if (outcome.kind === "stranded") return false;
  return outcome.kind === "done" ? cancelled2() !== void 0 : outcome.left.length > 0;
}
function some(left) {
  return left.length === 0 ? {} : { left: true };
}
function recording(items, plan, run2, commit) {
  const found2 = recordFlippedBack(flippedBackEntry(plan, run2, commit), plan.runtime.identifyRunning(plan.from));
  return items.map(
    (item) => item.kind === "change" && item.phase === "retire" && item.spares ? { ...item, spares: { ...item.spares, found: found2 } } : item
  );
}
function followers(items) {
  const after = items.slice(items.findIndex(({ kind }) => kind === "confirm") + 1);
  return after.flatMap((item) => {
    if (item.kind === "change") return item.phase === "retire" ? [item] : [];
    return item.kind === "check" && item.test.kind === "drain" ? waitsOf(item, item.test.waits) : [];
  });
}
function waitsOf({ title }, waits) {
  return waits.map(
    ({ on, script }, i) => ({
      kind: "change",
      phase: "retire",
      title: `${title} (${i + 1} of ${waits.length})`,
      on,
      reason: "command-failed",
      do: script
    })
  );
}
function flippedBackEntry({ previous, from }, { origin, started }, commit) {
  const times = { started: started.toISOString() };
  const { commit: _, ...by } = origin;
  const why = { result: "restored", reason: "flipped-by-others" };
  return {
    version: previous?.version ?? "",
    color: from,
    ...by,
    ...times,
    ...why,
    ...commit !== void 0 && { commit }
  };
}
function notWhatWasStarted({ readSighting }) {
  return (cause) => {
    const seen = cause instanceof Failure ? readSighting(cause.evidence.join("\n")) : void 0;
    throw seen === void 0 ? cause : new Failure(seen.reason, seen.sentence, { evidence: seen.evidence, cause });
  };
}
function entryOf({ version, to, command: command2, refused: refused2, found: found2 }, { origin, started }, recorded) {
  const times = { started: started.toISOString(), confirmed: (/* @__PURE__ */ new Date()).toISOString() };
  const result = command2 === "rollback" ? "rolled-back" : "released";
  const { commit: own, ...from } = origin;
  const commit = command2 === "rollback" ? recorded : own;
  const known = {
    ...commit !== void 0 && { commit },
    ...refused2 !== void 0 && { refused: refused2 },
    ...found2 && { found: found2 }
  };
  return { version, color: to, ...from, ...times, result, command: command2, ...known };
}

// src/release/planned.ts
function plannedItems(items, hostsOf2) {
  return items.map((item) => item.kind === "change" ? plannedChange(item, hostsOf2(item.on)) : titled(item));
}
function planLines(items) {
  return items.flatMap((item, i) => {
    const number = `${i + 1}.`.padStart(3);
    if (item.kind !== "change") return [`${number} ${item.title}  (${item.kind})`];
    const undo = item.undoes === void 0 ? [] : [`undo: ${item.undoes}`];
    const files = (item.files ?? []).flatMap(fileLines);
    const told = [`does: ${item.does}`, ...undo, ...files].map((line) => `      ${line}`);
    return [`${number} ${item.title}  (${item.phase}, on ${item.hosts.join(", ")})`, ...told];
  });
}
function plannedChange(change, hosts) {
  const { kind, phase, title, on, effect } = change;
  const { does, undoes, files } = effect ?? { does: title };
  return {
    ...{ kind, phase, title, on, hosts, does },
    ...undoes !== void 0 && { undoes },
    ...files && { files },
    do: hashOf(change.do),
    ...change.undo && { undo: hashOf(change.undo) }
  };
}
function titled({ kind, title }) {
  return { kind, title };
}
function hashOf({ shell }) {
  return { sha256: sha256(shell.text) };
}
function fileLines(file) {
  switch (file.kind) {
    case "lines":
      return [
        `file: ${file.path} (SHA-256 ${short(file.before)} \u2192 ${short(file.after)})`,
        ...file.lines.flatMap(({ from, to }) => [`  - ${from.trim()}`, `  + ${to.trim()}`])
      ];
    case "variables":
      return [
        `file: ${file.path}: ${file.names.join(", ")}${file.before === void 0 ? "" : ` (SHA-256 now ${short(file.before)})`}`
      ];
    case "whole":
      return [`file: ${file.path} (SHA-256 ${short(file.before)} \u2192 ${short(file.after)})`];
    case "renamed":
      return [`file: ${file.path} \u2192 ${file.to}`];
  }
}
function short(sum) {
  return sum === void 0 || sum === "" ? "none" : `${sum.slice(0, 12)}\u2026`;
}

// src/commands/dry-run.ts
function dryRun(run2) {
  return connected(run2, (connections, run3) => show(connections, run3));
}
async function show(connections, run2) {
  const { log: log2 } = run2;
  const upload = await uploadFor(connections, run2);
  const planned = await attempt(
    log2.step(SEEING, () => planFor(connections, run2)),
    refusedAt(SEEING)
  );
  const { plan, warnings, custody } = planned;
  const notes = [...planned.notes.map(sentence), ...unsettled(custody)];
  log2.note(planSentence(plan));
  for (const warning of warnings) log2.warning(sentence(warning));
  const items = [...upload.changes, ...release(plan), ...upload.forget];
  const shown = plannedItems(items, (on) => hostsOf(connections.fleet, on).map(({ name }) => name));
  const text = planLines(shown);
  for (const line of text) log2.note(line);
  const unseen = "The plan was made from the files that are on the host now, and not from those that would be put there.";
  return {
    conclusion: onlyPlanned(plan),
    notes: upload.changes.length > 0 ? [...notes, unseen] : notes,
    version: plan.version,
    plan: shown,
    shown: text
  };
}
function unsettled({ lease, busy, abandoned }) {
  if (busy) return [`Another run holds the target (lease ${lease}). A release waits for it, and is planned again then.`];
  if (!abandoned) return [];
  return [
    `A run was ended from outside (lease ${lease}). A release recovers that first, and is planned again then: another color may be live.`
  ];
}

// src/planning/status-lines.ts
function statusLines({ colors, route, rollback, releases, custody }) {
  return [
    ...colors.length === 0 ? ["The colors could not be looked at."] : table2(["", "color", "version", "container", "health"], colors.map(colorCells)),
    "",
    ...pairs([
      ["public route", route ?? "not asked"],
      ["rollback to", rollback ?? "unknown"],
      ["lease", custody.lease],
      ["journal", custody.journal],
      ["guard", custody.guard]
    ]),
    "",
    ...releases.length === 0 ? ["No release is recorded yet."] : table2(
      ["last releases", "color", "version", "", "image", "by"],
      releases.map((entry) => [
        entry.confirmed,
        entry.color,
        entry.version,
        entry.result,
        entry.image.slice(0, 19),
        [entry.actor, entry.run].filter(Boolean).join(" ")
      ])
    )
  ];
}
function colorCells({ color, role, version, state, health }) {
  const missing = state === "no container";
  const rests = role === "idle" && (missing || /^(exited|created|dead) /.test(state));
  return [role, color, version ?? (missing ? "none" : "unknown"), state, rests ? "not running" : health];
}
function table2(head, rows) {
  const all = [head, ...rows];
  const widths = head.map((_, i) => Math.max(...all.map((cells) => cells[i]?.length ?? 0)));
  return all.map(
    (cells) => cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ").trimEnd()
  );
}
function pairs(all) {
  const width = Math.max(...all.map(([name]) => name.length));
  return all.map(([name, text]) => `${name.padEnd(width)}  ${text}`);
}

// src/commands/status.ts
function status(run2) {
  return connected(run2, (connections, run3) => show2(connections, run3));
}
async function show2({ fleet, ask, adapters }, { inputs, log: log2, signal }) {
  const seeing = "See what is there";
  const host = first(fleet.apps);
  const seen = await attempt(
    log2.step(seeing, async () => {
      const survey = await surveyHost(host, inputs, adapters, signal);
      return statusOf({ inputs, survey, host: host.name, ask, count: countOn(host, signal), signal });
    }),
    (cause) => ({ conclusion: found(seeing, [cause]), notes: [] })
  );
  const { problems, notes, live, goesTo: _, ...situation } = seen;
  const shown = statusLines(situation);
  for (const line of shown) log2.note(line);
  const judging = "Judge what was seen";
  await log2.step(judging, () => judge(problems)).catch(() => void 0);
  return { conclusion: found(judging, problems, live), notes: notes.map(sentence), status: situation, shown };
}
async function judge(problems) {
  if (problems.length > 0) throw new AggregateError(problems);
  return "what serves is what was released last, and it is well";
}

// src/commands/unlock.ts
async function unlock(run2) {
  const title = "End the lease of the target";
  const look2 = (connections, run3) => whatServes(connections, run3).then(sideServing);
  const ended2 = await run2.log.step(title, () => finish(run2, "any", look2)).catch((cause) => endedEarly("unlock", run2.begun.soFar(), title, [cause]));
  if ("conclusion" in ended2) return ended2;
  const { recovered, before, seen, ...counts } = ended2;
  for (const each of recovered) run2.log.settled(settledBy(each, seen));
  return {
    conclusion: { result: "ok", sentences: [], evidence: [], live: seen, previous: {} },
    figures: { version: "", ...counts, notes: [...recovered.flatMap((each) => recoverySentence(each) ?? []), before] }
  };
}

// src/front/actions/publish.ts
import { truncateSync as truncateSync2 } from "node:fs";

// src/github/texts/timeline.ts
var VISIBLE = 0.02;
function timelineOf(report2) {
  const flip2 = report2.steps.find(({ mark }) => mark === "flip");
  if (flip2 === void 0) return void 0;
  const end = Math.max(...report2.steps.map(endOf));
  const shown = report2.steps.filter((step) => step.mark !== void 0 || step["duration-ms"] >= end * VISIBLE);
  return block(
    [
      "gantt",
      "  dateFormat x",
      "  axisFormat %s s",
      `  tickInterval ${tick(end)}second`,
      "  section traffic",
      ...served(report2, flip2, end).map(([name, from, to]) => row(name, "active, ", from, to)),
      "  section steps",
      ...shown.map((step) => row(step.title, look(step), step["began-ms"], endOf(step)))
    ],
    "mermaid"
  );
}
function served(report2, flip2, end) {
  const before = report2["previous-color"] ? `${report2["previous-version"] || "unknown version"} on ${report2["previous-color"]}` : "nothing";
  const back = report2.steps.find((step) => step.mark === "flip-back" && step.result === "ok");
  const until = back === void 0 ? end : endOf(back);
  return [
    [before, 0, endOf(flip2)],
    [wantedSide(report2), endOf(flip2), until],
    ...back === void 0 ? [] : [[before, until, end]]
  ].filter(([, from, to]) => to > from);
}
function wantedSide(report2) {
  const from = COLORS.find((color) => color === report2["previous-color"]);
  const good = signsOf(report2.result)?.deployment === "success";
  const to = good ? report2.color : from && otherThan(from);
  return to ? `${report2.wanted} on ${to}` : report2.wanted;
}
function tick(end) {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600];
  return steps.find((step) => end / 1e3 / step <= 10) ?? 1800;
}
function look(step) {
  if (step.result === "failed") return "crit, ";
  return step.mark === void 0 ? "done, " : "active, ";
}
function row(name, tags, from, to) {
  return `  ${plainName(name)} ${timeOf(to - from)} :${tags}${from}, ${Math.max(to, from + 1)}`;
}
function plainName(name) {
  return name.replace(/[^\p{L}\p{N} ._/()@-]/gu, " ").replace(/\s+/g, " ").trim().slice(0, 60) || "step";
}
function endOf(step) {
  return step["began-ms"] + step["duration-ms"];
}

// src/github/texts/summary.ts
var LIMIT = 1024 * 1024;
function summaryOf(report2) {
  const { now, before } = sidesOf(report2);
  const sides = table(
    ["", "before", "now"],
    ["---", "---", "---"],
    [["serves", liveMarkdown(before), liveMarkdown(now, report2.result === "stranded" ? "not known" : "nothing")]]
  );
  const changed = signsOf(report2.result) !== void 0 && (before.color !== void 0 || now.color !== void 0);
  const why = report2.findings ? [findingsForSummary(report2.findings, prose).join("\n")] : failureOf(report2);
  const shown = report2.shown ? [block(report2.shown)] : [];
  const head = [headingOf(report2), ...why, ...changed ? [sides] : [], ...shown];
  const steps = report2.steps.length === 0 ? [] : [stepsTable(report2.steps)];
  const timeline = timelineOf(report2);
  const parts = [...timeline === void 0 ? [] : [timeline], ...steps];
  return firstWithin(LIMIT, [
    () => joined([...head, ...parts, ...printedLast(report2), ...notesOf(report2)]),
    () => joined([...head, ...steps, ...notesOf(report2)]),
    () => joined(head),
    () => joined([headingOf(report2)])
  ]);
}
function joined(parts) {
  return `${parts.join("\n\n")}
`;
}

// src/front/actions/runner-files.ts
import { statSync, truncateSync } from "node:fs";
function written(variable, write) {
  const path = process.env[variable] ?? "";
  const before = sizeOf(path);
  try {
    write();
    return void 0;
  } catch (cause) {
    try {
      if (before !== void 0) truncateSync(path, before);
    } catch {
    }
    return sentenceOf(cause);
  }
}
function handOver(outputs) {
  const faults = Object.entries(outputs).flatMap(([name, value]) => {
    const why = written("GITHUB_OUTPUT", () => setOutput(name, value));
    return why === void 0 ? [] : [{ name, why }];
  });
  const [first2] = faults;
  return { missing: faults.map(({ name }) => name), ...first2 && { why: first2.why } };
}
function keepForPost(name, value) {
  return written("GITHUB_STATE", () => saveState(name, value));
}
function sizeOf(path) {
  try {
    return statSync(path).size;
  } catch {
    return void 0;
  }
}

// src/front/actions/publish.ts
var OUTPUTS = [
  "result",
  "reason",
  "failed-step",
  "color",
  "version",
  "previous-color",
  "previous-version",
  "deployment-id",
  "duration-ms"
];
function setOutputs(report2) {
  const named = Object.fromEntries(OUTPUTS.map((name) => [name, report2[name]]));
  const { missing, why = "" } = handOver({ ...named, report: JSON.stringify(report2) });
  if (missing.length === 0) return [];
  const names = missing.map((name) => `\`${name}\``).join(", ");
  return [`The runner did not take the outputs ${names} (${why}): is its disk full? Their values are in this log.`];
}
function tell(report2, log2) {
  for (const sentence2 of report2.notes) log2.note(`Note: ${sentence2}`);
  if (report2.evidence.length > 0) log2.note("What was printed last:");
  for (const line of report2.evidence) log2.output(line);
  const headline = headlineOf(report2);
  if (isGreen(report2.result)) log2.note(headline);
  else {
    const shown = annotationOf(report2);
    if (shown.at(-1) === MORE) for (const sentence2 of report2.failure) log2.note(sentence2);
    error(printable(shown.join("\n")));
  }
}
var BRIEF = 600;
var SENTENCES = 6;
var MORE = "The rest, with the commands to run, is in the log of this step and in its summary.";
function annotationOf(report2) {
  const readable = report2.failure.filter((sentence2) => !sentence2.includes("\n")).slice(0, SENTENCES);
  const lines2 = readable.map((line) => line.length <= BRIEF ? line : `${line.slice(0, BRIEF)}\u2026`);
  const whole = readable.length === report2.failure.length && lines2.every((line, i) => line === readable[i]);
  return [headlineOf(report2), ...lines2, ...whole ? [] : [MORE]];
}
async function summarize(report2) {
  const path = process.env["GITHUB_STEP_SUMMARY"];
  if (!path) return [];
  try {
    await summary.addRaw(summaryOf(report2)).write({ overwrite: true });
    return [];
  } catch (cause) {
    try {
      truncateSync2(path);
    } catch {
    }
    return [`The job summary could not be written (${sentenceOf(cause)}): is the disk of the runner full?`];
  } finally {
    summary.emptyBuffer();
  }
}

// src/github/api/lookup.ts
var PATIENCE2 = 5e3;
function lookupOf({ github }, redact2) {
  const [owner = "", repo = ""] = (process.env["GITHUB_REPOSITORY"] ?? "").split("/");
  const { token } = github;
  const { apiUrl: api } = runner;
  if (api === void 0 || token === void 0 || owner === "" || repo === "") return void 0;
  const open = () => openGitHub({ api, token, owner, repo, redact: redact2, signal: AbortSignal.timeout(PATIENCE2) });
  return {
    compare: (base, head) => compareCommits(open(), base, head),
    async hasEnded(run2) {
      const id = new RegExp(`/${owner}/${repo}/actions/runs/(\\d+)$`, "i").exec(run2)?.[1];
      return id === void 0 ? "unknown" : hasRunEnded(open(), Number(id));
    }
  };
}
async function compareCommits(github, base, head) {
  const basehead = `${base}...${head}`;
  const found2 = await github.call((rest, common) => rest.repos.compareCommitsWithBasehead({ ...common, basehead, per_page: 1 })).catch(() => void 0);
  return found2?.status ?? "unknown";
}
async function hasRunEnded(github, run_id) {
  const found2 = await github.call((rest, common) => rest.actions.getWorkflowRun({ ...common, run_id })).catch(() => void 0);
  return found2?.status === void 0 || found2.status === null ? "unknown" : found2.status === "completed";
}

// src/main.ts
var UNKEPT = "it looks at the host again, and goes by what it finds there.";
setFlagsFromString("--semi-space-growth-factor=1");
var began = performance.now();
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => void 0);
var cancel = new AbortController();
var hurry = new AbortController();
var cancelled;
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    if (cancelled !== void 0) hurry.abort();
    cancelled ??= performance.now();
    cancel.abort(new Failure("cancelled", "The run was cancelled."));
  });
}
var secrets = secretInputs(getInput, inputNames(process.env));
for (const secret of secrets.texts) setSecret(secret);
var redact = redaction(secrets.texts, secrets.parts);
var read = readInputs(getInput, commitOfRun());
var command = read.kind === "inputs" ? read.inputs.command : read.command;
var unkept = /* @__PURE__ */ new Set();
var keep = (name, value) => {
  const why = keepForPost(name, value);
  if (why !== void 0) unkept.add(why);
};
var { reporting, note } = read.kind === "inputs" ? reportingOf(read.inputs, redact, keep) : {};
var log = jobLog({ redact, ...reporting && { onlooker: reporting } });
for (const sentence2 of runner.unusable.values()) log.warning(sentence2);
if (note !== void 0) log.note(note);
var begun = beginnings();
var unforeseen2 = Promise.withResolvers();
process.on("uncaughtException", (cause) => {
  unforeseen2.resolve({ ...endedEarly(command, begun.soFar(), "internal error", [cause]), unfinished: true });
});
var ended = await Promise.race([
  run().catch((cause) => endedEarly(command, begun.soFar(), "internal error", [cause])),
  unforeseen2.promise
]);
var duration = performance.now() - began;
tell(reportNow(), log);
var patience = cancelled === void 0 ? PATIENCE.ended : PATIENCE.cancelled;
var unsaid = await reporting?.end(reportNow(), patience, hurry.signal).catch((cause) => [`Not everything could be reported to GitHub: ${sentenceOf(cause)}`]);
for (const warning of unsaid ?? []) log.warning(warning);
var report = reportNow();
for (const warning of [...setOutputs(report), ...await summarize(report)]) log.warning(warning);
if (!ended.unfinished) keep("ended", "true");
if (unkept.size > 0)
  log.warning(`The runner did not keep everything for the step after the job (${[...unkept].join("; ")}): ${UNKEPT}`);
process.exit(isGreen(report.result) ? 0 : 1);
async function run() {
  if (read.kind === "mistakes") {
    return endedEarly(
      command,
      begun.soFar(),
      "Read the inputs",
      read.mistakes.map((mistake) => new Failure("invalid-inputs", mistake))
    );
  }
  const token = newToken();
  const started = /* @__PURE__ */ new Date();
  const why = keepForPost("token", token) ?? keepForPost("started", started.toISOString());
  if (why !== void 0) {
    log.warning(
      `The runner keeps nothing for the step after the job (${why}): is its disk full? Should this run be cancelled or killed, the guard puts traffic back by itself, and only the next run undoes the rest.`
    );
  }
  const { inputs } = read;
  const lookup = lookupOf(inputs, redact);
  return commandOf(inputs)({
    inputs,
    origin: originOfRun(inputs.application.version),
    log,
    begun,
    signal: cancel.signal,
    cancelled: () => cancelled,
    token,
    started,
    ...lookup && { lookup },
    workspace: process.env["GITHUB_WORKSPACE"] ?? process.cwd()
  });
}
function reportNow() {
  const deploymentId = reporting?.deploymentId();
  const figures = { ...ended.figures, command, duration, ...deploymentId !== void 0 && { deploymentId } };
  return boundedReport(redactAll(reportOf(ended.conclusion, figures, log), redact));
}
function commandOf({ dryRun: dry }) {
  switch (command) {
    case "deploy":
    case "rollback":
      return dry ? dryRun : deploy;
    case "status":
      return status;
    case "check":
      return async (given) => (await import("./check-33OHHSGW.js")).check(given);
    case "unlock":
      return unlock;
  }
}
