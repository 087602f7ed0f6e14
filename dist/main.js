import { createRequire as __createRequire } from 'node:module'
const require = __createRequire(import.meta.url)
const __filename = import.meta.filename
const __dirname = import.meta.dirname
import {
  PATIENCE,
  block,
  commitOfRun,
  context,
  failureOf,
  finish,
  firstWithin,
  handsFor,
  headingOf,
  headlineOf,
  holderOf,
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
  secretInputs,
  settledBy,
  sidesOf,
  signsOf,
  stepsTable,
  table,
  takeCustody,
  timeOf
} from "./chunk-WQBX252S.js";
import {
  Refused,
  assessColors,
  assessCompose,
  assessGround,
  colorContainer,
  colorQuestion,
  conclude,
  decisionToGoBack,
  endedEarly,
  found,
  howItAnswers,
  isChanging,
  liveColor,
  onlyPlanned,
  planRelease,
  planSentence,
  refuseOlder,
  refused,
  routeQuestion,
  sideOf,
  surveyHost,
  versionOf
} from "./chunk-ZU3ARITM.js";
import {
  COLORS,
  Failure,
  NOTHING,
  __callDispose,
  __using,
  allTo,
  connectAll,
  error,
  findingsForSummary,
  getInput,
  hostsOf,
  jobLog,
  otherThan,
  planUpload,
  printable,
  saveState,
  sentenceOf,
  setOutput,
  setSecret,
  summary,
  wasCancelled
} from "./chunk-RJNWUC4X.js";

// src/release/interpret.ts
async function interpret(items, hands, before = []) {
  const begun = [...before];
  let confirmed = false;
  for (const item of items) {
    try {
      if (item.kind === "change") begun.push(item);
      await carryOut(item, hands);
      if (item.kind === "confirm") confirmed = true;
    } catch (cause) {
      if (!confirmed) return await backward(begun, item, cause, hands);
      hands.warn(item, cause);
    }
  }
  return { kind: "done" };
}
function carryOut(item, hands) {
  switch (item.kind) {
    case "change":
      return hands.change(item);
    case "check":
      return hands.check(item);
    case "confirm":
      return hands.confirm(item);
  }
}
async function backward(begun, at, cause, hands) {
  const noticed = performance.now();
  let restoredAfter;
  const kind = begun.some((change) => change.phase === "traffic") ? "restored" : "unchanged";
  const remains = begun.filter((change) => change.remains);
  const printed = [];
  const undone = () => ({
    ...{ kind, at, cause, printed, remains },
    ...restoredAfter !== void 0 && { restoredAfter }
  });
  for (const change of begun.toReversed()) {
    if (change.undo === void 0) continue;
    try {
      const lines = await hands.undo(change);
      if (!change.tolerated) printed.push(...lines);
      if (change.phase === "traffic") restoredAfter = performance.now() - noticed;
    } catch (stuck) {
      if (change.tolerated && !wasCancelled(stuck)) hands.warn(change, stuck);
      else if (change.phase === "traffic") return { kind: "stranded", at, cause, undoing: change, stuck, remains };
      else return { ...undone(), left: [{ change, cause: stuck }] };
    }
  }
  return { ...undone(), left: [] };
}
async function undoAll(begun, hands) {
  for (const change of begun.toReversed()) {
    try {
      if (change.undo !== void 0) await hands.undo(change);
    } catch (cause) {
      return [{ change, cause }];
    }
  }
  return [];
}

// src/release/judge.ts
var SUCCESSES = 2;
var SHORTLY = 1e4;
var WATCH_INTERVAL = 1e3;
var WATCH_FAILURES = 3;
function healthy({ runtime, to, version, questions, health }) {
  const probe = {
    questions: [questions.next],
    successes: SUCCESSES,
    interval: health.interval,
    deadline: health.timeout
  };
  const vigil = runtime.vigil(to, health.timeout + SHORTLY);
  return {
    kind: "check",
    title: `Wait until ${version} on ${to} is healthy`,
    test: { kind: "until", probe, vigil, reason: "not-healthy" }
  };
}
function reachable({ to, questions }) {
  return {
    kind: "check",
    title: `Ask ${to} where Nginx reaches it`,
    test: { kind: "until", probe: shortly(questions.nextFromProxy ?? questions.next), reason: "not-proven" }
  };
}
function onPublicRoute({ version, questions }) {
  if (questions.route === void 0) return [];
  return [
    {
      kind: "check",
      title: `See ${version} on ${questions.route.title}`,
      test: { kind: "until", probe: shortly(questions.route), reason: "public-route-failed" }
    }
  ];
}
function watched({ runtime, to, version, questions, watch }) {
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
        vigil: runtime.vigil(to, watch + SHORTLY),
        reason: "watch-failed"
      }
    }
  ];
}
function drained(plan, color) {
  const waits = waitsFor(plan, color);
  if (waits.length === 0) return [];
  return [{ kind: "check", title: letFinish(color), test: { kind: "drain", waits } }];
}
function spared(plan) {
  const { to } = plan;
  return waitsFor(plan, to).toReversed().map(({ on, script }) => ({
    kind: "change",
    phase: "prepare",
    title: letFinish(to),
    on,
    reason: "command-failed",
    do: NOTHING,
    effect: { does: "Nothing", undoes: "Waits until nobody is connected to it" },
    undo: script,
    tolerated: true
  }));
}
function waitsFor({ runtime, router, drain }, color) {
  return drain === 0 ? [] : [...router.drain(color, drain), ...runtime.drain(color, drain)];
}
function letFinish(color) {
  return `Let ${color} finish what it has begun`;
}
function smokeTested({ smoke, to, version }) {
  if (smoke === void 0) return [];
  return [{ kind: "check", title: `Run the smoke test against ${version} on ${to}`, test: { kind: "smoke", smoke } }];
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
    ...router.ready(),
    ...runtime.pull(to, version),
    ...hooks.beforeStart,
    ...runtime.startDependencies(to),
    ...plan.idleRuns ? drained(plan, to) : [],
    ...runtime.start(to, version),
    healthy(plan),
    ...smokeTested(plan),
    ...runtime.remember(to, version),
    ...hooks.beforeFlip,
    reachable(plan),
    ...spared(plan),
    ...hooks.afterRestore,
    ...router.change(allTo(from), allTo(to)).map((change) => neverToADeadColor(change, plan)),
    ...onPublicRoute(plan),
    ...hooks.afterFlip,
    ...watched(plan),
    { kind: "confirm", title: `Confirm ${version} on ${to}` },
    ...router.settle(),
    ...runtime.forget(),
    ...plan.previous === void 0 ? [] : drained(plan, from),
    ...plan.previous === void 0 ? [] : runtime.retire(from),
    ...runtime.tidy()
  ];
}
function neverToADeadColor(change, { previous, questions }) {
  if (previous === void 0) return change;
  const ends = { previous: questions.previous, next: questions.next };
  if (questions.routeBefore === void 0) return { ...change, ends };
  return { ...change, ends, restored: seenAgain(change.restored, questions.routeBefore) };
}

// src/commands/connected.ts
import { setTimeout as sleep } from "node:timers/promises";
async function connected(run2, work) {
  var _stack = [];
  try {
    const { inputs, log: log2, signal } = run2;
    const { user, host, port } = inputs.host;
    const title = `Connect to ${user}@${host}${port === 22 ? "" : `:${port}`}`;
    const made = await log2.step(title, () => connectAll(inputs, signal)).catch((cause) => endedEarly(inputs.command, title, [cause], inputs.application.version));
    if ("conclusion" in made) return made;
    const connections = __using(_stack, made, true);
    const { conclusion, unfinished, version = inputs.application.version, ...told } = await work(connections);
    const counts = { roundTrips: connections.roundTrips(), requests: connections.requests() };
    return { conclusion, figures: { version, ...told, ...counts }, ...unfinished && { unfinished } };
  } catch (_) {
    var _error = _, _hasError = true;
  } finally {
    var _promise = __callDispose(_stack, _error, _hasError);
    _promise && await _promise;
  }
}
async function uploadFor({ fleet }, { inputs, log: log2, signal, workspace }, title) {
  const { uploads, directory } = inputs.application;
  if (uploads.length === 0 || inputs.command !== "deploy") return { changes: [], forget: [] };
  return log2.step(title, () => planUpload(uploads, workspace, directory, first(fleet.apps), signal));
}
var LOOKS = 5;
var BETWEEN = 1e3;
async function surveyAtRest(host, inputs, signal) {
  for (let left = LOOKS; ; left--) {
    const survey = await surveyHost(host, inputs, signal);
    if (left === 1 || !isChanging(survey.nginx)) return survey;
    await sleep(BETWEEN, void 0, { signal });
  }
}
async function planFor({ fleet, ask }, { inputs, signal }) {
  const host = first(fleet.apps);
  const survey = await surveyAtRest(host, inputs, signal);
  const ground = assessGround(survey, inputs, host.name);
  if (ground.value === void 0) throw new Refused(ground.refusals);
  const planned = await planRelease({ inputs, survey, ground: ground.value, host: host.name, ask, signal });
  return { ...planned, notes: [...ground.notes, ...planned.notes], custody: survey.custody };
}
function first(hosts) {
  const [host] = hosts;
  if (host === void 0) throw new TypeError("A fleet has at least one host.");
  return host;
}

// src/commands/in-custody.ts
async function inCustody(connections, run2, release2) {
  const taking = "Take the lease of the target";
  const host = first(connections.fleet.proxies);
  const taken = await run2.log.step(taking, () => takeCustody(host, termsOf(run2), run2.log, run2.signal)).catch((cause) => refused(taking, [cause]));
  if (taken === "absent") return withoutCustody(connections, run2);
  if ("result" in taken) return { conclusion: taken, notes: [] };
  const signal = AbortSignal.any([run2.signal, taken.signal]);
  const held = { ...run2, signal };
  const recovering = "Recover what an earlier run left";
  const recovered = await recoverAll(taken, host, handsFor(connections, held)).catch(
    (cause) => refused(recovering, [cause])
  );
  if ("result" in recovered) {
    await taken.end("unfinished");
    return { conclusion: recovered, notes: [] };
  }
  const found2 = recovered.flatMap((each) => recoverySentence(each) ?? []);
  for (const sentence of found2) run2.log.warning(sentence);
  for (const each of recovered) run2.log.settled(settledBy(each));
  if (taken.asked !== void 0) {
    const restored = await alreadyBack(connections, held, taken.asked);
    if (restored !== void 0) {
      await taken.end("clean");
      return restored;
    }
  }
  const told = await release2(connections, held, taken);
  const { conclusion, left } = told;
  if (conclusion.result === "stranded") {
    const stays = conclusion.live.color !== void 0 && conclusion.stays;
    if (stays) await taken.keep().catch(() => void 0);
    await taken.end(stays ? "clean" : "alone");
    return { ...told, ...!stays && { unfinished: true } };
  }
  await taken.end(left ? "unfinished" : "clean");
  return { ...told, ...left && { unfinished: true } };
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
  const seeing = "See what is live, and plan";
  const conclusion = await run2.log.step(seeing, () => planFor(connections, run2)).then(
    () => refused(seeing, [new Failure("state-directory", "The state directory is missing, and cannot be made.")]),
    (cause) => refused(seeing, [cause])
  );
  return { conclusion, notes: [] };
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
function deploy(run2) {
  return connected(run2, (connections) => inCustody(connections, run2, releaseTo));
}
async function releaseTo(connections, run2, custody) {
  const { log: log2 } = run2;
  const before = custody.fence(handsFor(connections, run2));
  const comparing = "Compare the files to upload";
  const upload = await uploadFor(connections, run2, comparing).catch((cause) => refused(comparing, [cause]));
  if ("result" in upload) return { conclusion: upload, notes: [] };
  const uploaded = await interpret(upload.changes, before);
  if (uploaded.kind !== "done") {
    const left = uploaded.kind === "stranded" ? [] : uploaded.left;
    return { conclusion: refused(uploaded.at.title, [uploaded.cause], left), notes: [], ...some(left) };
  }
  const seeing = "See what is live, and plan";
  const planned = await log2.step(seeing, () => planFor(connections, run2)).catch(async (cause) => {
    const left = await undoAll(upload.changes, before);
    return { conclusion: refused(seeing, [cause], left), notes: [], ...some(left) };
  });
  if ("conclusion" in planned) return planned;
  const { plan, commits } = planned;
  const older = await refuseOlder(run2, commits.live);
  if (older !== void 0) {
    const left = await undoAll(upload.changes, before);
    const side = { color: plan.from, ...plan.previous };
    return { conclusion: refused(seeing, [new Refused([older], side)], left), notes: [], ...some(left) };
  }
  custody.toward(plan.to);
  log2.note(planSentence(plan));
  log2.planned({ ...intentOf(plan), ...commits.next && { commit: commits.next } });
  for (const warning of planned.warnings) log2.warning(warning);
  const items = [...release(plan), ...upload.forget];
  const hands = custody.fence(
    handsFor(
      connections,
      run2,
      () => custody.confirm({
        entry: entryOf(plan, run2, commits.next),
        identity: plan.runtime.identify(plan.to),
        ...plan.seen !== void 0 && { seen: plan.seen },
        finish: followers(items)
      })
    )
  );
  const outcome = await interpret(items, hands, upload.changes);
  const live = outcome.kind === "stranded" ? await liveNow(plan.router) : void 0;
  const concluded = conclude(plan, outcome, live);
  const conclusion = concluded.reason === "lease-lost" ? { ...concluded, live: await onlyColor(plan.router) } : concluded;
  return { conclusion, notes: planned.notes, version: plan.version, ...isLeft(outcome, run2) && { left: true } };
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
function followers(items) {
  const after = items.slice(items.findIndex(({ kind }) => kind === "confirm") + 1);
  return after.flatMap((item) => {
    if (item.kind === "change") return item.phase === "retire" ? [item] : [];
    return item.kind === "check" && item.test.kind === "drain" ? waitsOf(item, item.test.waits) : [];
  });
}
function waitsOf({ title }, waits) {
  return waits.map(({ on, script }, i) => ({
    kind: "change",
    phase: "retire",
    title: `${title} (${i + 1} of ${waits.length})`,
    on,
    reason: "command-failed",
    do: script
  }));
}
function entryOf({ version, to, command: command2, refused: refused2 }, { origin, started }, recorded) {
  const times = { started: started.toISOString(), confirmed: (/* @__PURE__ */ new Date()).toISOString() };
  const result = command2 === "rollback" ? "rolled-back" : "released";
  const { commit: own, ...from } = origin;
  const commit = command2 === "rollback" ? recorded : own;
  const known = { ...commit !== void 0 && { commit }, ...refused2 !== void 0 && { refused: refused2 } };
  return { version, color: to, ...from, ...times, result, command: command2, ...known };
}
async function liveNow(router) {
  if (router.how !== "switch") return void 0;
  const live = await router.current(new AbortController().signal);
  return live.kind === "color" ? live.color : void 0;
}
async function onlyColor(router) {
  const color = await liveNow(router).catch(() => void 0);
  return color === void 0 ? {} : { color };
}

// src/release/planned.ts
import { createHash } from "node:crypto";
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
  return { sha256: createHash("sha256").update(shell.text).digest("hex") };
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
  return connected(run2, (connections) => show(connections, run2));
}
async function show(connections, run2) {
  const { log: log2 } = run2;
  const comparing = "Compare the files to upload";
  const upload = await uploadFor(connections, run2, comparing).catch((cause) => refused(comparing, [cause]));
  if ("result" in upload) return { conclusion: upload, notes: [] };
  const seeing = "See what is live, and plan";
  const planned = await log2.step(seeing, () => planFor(connections, run2)).catch((cause) => refused(seeing, [cause]));
  if ("result" in planned) return { conclusion: planned, notes: [] };
  const { plan, warnings, custody } = planned;
  const notes = [...planned.notes, ...unsettled(custody)];
  log2.note(planSentence(plan));
  for (const warning of warnings) log2.warning(warning);
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
function unsettled({ lease, busy, abandoned: abandoned2 }) {
  if (busy) return [`Another run holds the target (lease ${lease}). A release waits for it, and is planned anew then.`];
  if (!abandoned2) return [];
  return [
    `A run was ended from outside (lease ${lease}). A release recovers that first, and is planned anew then: another color may be live.`
  ];
}

// src/planning/status.ts
var LISTED = 10;
async function statusOf(looking) {
  const { inputs, survey, host } = looking;
  const { custody } = survey;
  const releases = survey.ledger.toReversed().slice(0, LISTED);
  const ground = assessGround(survey, inputs, host);
  const always = { releases, custody };
  if (ground.value === void 0) {
    const { value } = assessCompose(survey.compose, inputs.application, host);
    const colors = value ? COLORS.map((color) => unasked(color, value, survey)) : [];
    const problems = [...ground.refusals, ...abandoned(survey)];
    return { ...always, live: {}, colors, problems, notes: ground.notes };
  }
  const { warning } = ground.value.nginx;
  const broken = warning === void 0 ? [] : [new Failure("nginx-refused", warning)];
  const seen = await colorsOf(looking, ground.value);
  return {
    ...always,
    ...seen,
    problems: [...broken, ...seen.problems, ...abandoned(survey)],
    notes: [...ground.notes, ...seen.notes]
  };
}
async function colorsOf(looking, ground) {
  const { survey, ask, signal, inputs, host } = looking;
  const asked = { inputs, ground, host };
  const router = ground.nginx.router(ask);
  const live = await liveColor(router, survey, signal).catch((cause) => {
    if (cause instanceof Failure) return cause;
    throw cause;
  });
  const answers = async (color) => howItAnswers(colorQuestion(asked, color, void 0), ask, signal);
  const [blue, green] = await Promise.all([answers("blue"), answers("green")]);
  const answering = { blue, green };
  if (live instanceof Failure) {
    const colors2 = COLORS.map((color) => ({
      ...unasked(color, ground.compose, survey),
      health: healthOf(answering[color])
    }));
    return { live: {}, colors: colors2, problems: [live], notes: [] };
  }
  const assessed = assessColors(ground.compose, {
    live,
    service: inputs.application.service,
    addresses: ground.nginx.addresses,
    answering: { blue: blue.kind, green: green.kind },
    ledger: survey.ledger
  });
  const side = assessed.value ?? { own: false };
  const route = await howItAnswers(routeQuestion(asked, side.previous?.version), ask, signal);
  const colors = [live, otherThan(live)].map((color) => {
    const { version, ...known } = unasked(color, ground.compose, survey);
    const serves = color === live && side.previous !== void 0 ? side.previous.version : version;
    const role = color === live ? "live" : "idle";
    return { ...known, ...serves !== void 0 && { version: serves }, role, health: healthOf(answering[color]) };
  });
  return {
    live: assessed.value ? sideOf(live, side) : { color: live },
    colors,
    route: healthOf(route),
    rollback: rollbackOf({ ...looking, ground }, live, side),
    problems: [
      ...assessed.refusals,
      ...unwell(live, answering[live]),
      ...answering[live].kind === "well" ? unrouted(route) : [],
      // What a release in progress has put live is recorded when it is confirmed.
      ...assessed.value && !survey.custody.busy ? unrecorded(survey.ledger, live, side) : []
    ],
    notes: assessed.notes
  };
}
function unasked(color, ground, { ledger }) {
  const { containers, project, services } = ground;
  const container = colorContainer(containers, project, services[color])?.container;
  const version = container && versionOf(container, ground, { ledger, live: color });
  const known = { color, role: "unknown", state: stateOf(container), health: "not asked" };
  return { ...known, ...version !== void 0 && { version } };
}
function stateOf(container) {
  if (container === void 0) return "no container";
  const { status: status2, startedAt, exitCode, restarts } = container.state;
  if (status2 !== "running") return `${status2} with ${exitCode}`;
  return `running since ${startedAt.slice(0, 19)}Z${restarts > 0 ? `, ${restarts} restarts` : ""}`;
}
function healthOf(answering) {
  return answering.kind === "well" ? "well" : answering.why;
}
function unwell(color, answering) {
  if (answering.kind === "well") return [];
  return [new Failure("not-healthy", `The live color ${color} is not well: ${answering.why}.`)];
}
function unrouted(route) {
  if (route.kind === "well") return [];
  return [new Failure("public-route-failed", `The live color is well, and through Nginx it is not: ${route.why}.`)];
}
function abandoned({ custody }) {
  if (!custody.abandoned) return [];
  const sentence = `A run was ended from outside, and what it left is not recovered yet (lease ${custody.lease}; journal ${custody.journal}). The next deploy or rollback recovers it; \`command: unlock\` does only that.`;
  return [new Failure("left-behind", sentence)];
}
function unrecorded(ledger, live, { image, previous }) {
  const last = ledger.at(-1);
  if (last === void 0 || image === void 0 || last.image === image && last.color === live) return [];
  const serves = `${previous?.version ?? "an unknown version"} on ${live}`;
  const sentence = `The last release that the ledger has is ${last.version} on ${last.color}, and ${serves} serves (image ${image.slice(0, 19)}\u2026): somebody changed it by hand. Deploy what is wanted, or roll back.`;
  return [new Failure("drift", sentence)];
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
  return connected(run2, (connections) => show2(connections, run2));
}
async function show2({ fleet, ask }, { inputs, log: log2, signal }) {
  const seeing = "See what is there";
  const host = first(fleet.apps);
  const seen = await log2.step(seeing, async () => {
    const survey = await surveyHost(host, inputs, signal);
    return statusOf({ inputs, survey, host: host.name, ask, signal });
  }).catch((cause) => found(seeing, [cause]));
  if ("result" in seen) return { conclusion: seen, notes: [] };
  const { problems, notes, live, ...situation } = seen;
  const shown = statusLines(situation);
  for (const line of shown) log2.note(line);
  const judging = "Judge what was seen";
  await log2.step(judging, () => judge(problems)).catch(() => void 0);
  return { conclusion: found(judging, problems, live), notes, status: situation, shown };
}
async function judge(problems) {
  if (problems.length > 0) throw new AggregateError(problems);
  return "what serves is what was released last, and it is well";
}

// src/commands/unlock.ts
async function unlock(run2) {
  const title = "End the lease of the target";
  const look2 = (connections) => whatServes(connections, run2).catch(() => ({}));
  const ended2 = await run2.log.step(title, () => finish(run2, "any", look2)).catch((cause) => endedEarly("unlock", title, [cause]));
  if ("conclusion" in ended2) return ended2;
  const { recovered, before, seen, ...counts } = ended2;
  for (const each of recovered) run2.log.settled(settledBy(each));
  return {
    conclusion: { result: "ok", sentences: [], evidence: [], live: seen, previous: {} },
    figures: { version: "", ...counts, notes: [...recovered.flatMap((each) => recoverySentence(each) ?? []), before] }
  };
}
async function whatServes({ fleet, ask }, { inputs, signal }) {
  const host = first(fleet.apps);
  const survey = await surveyHost(host, inputs, signal);
  const { live } = await statusOf({ inputs, survey, host: host.name, ask, signal });
  return live;
}

// src/github/lookup.ts
var PATIENCE2 = 5e3;
function lookupOf({ github }, redact2) {
  const [owner = "", repo = ""] = (process.env["GITHUB_REPOSITORY"] ?? "").split("/");
  const { token } = github;
  if (token === void 0 || owner === "" || repo === "") return void 0;
  const open = () => openGitHub({ api: context.apiUrl, token, owner, repo, redact: redact2, signal: AbortSignal.timeout(PATIENCE2) });
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

// src/github/timeline.ts
var VISIBLE = 0.02;
function timelineOf(report2) {
  const flip = report2.steps.find(({ mark }) => mark === "flip");
  if (flip === void 0) return void 0;
  const end = Math.max(...report2.steps.map(endOf));
  const shown = report2.steps.filter((step) => step.mark !== void 0 || step["duration-ms"] >= end * VISIBLE);
  return block(
    [
      "gantt",
      "  dateFormat x",
      "  axisFormat %s s",
      `  tickInterval ${tick(end)}second`,
      "  section traffic",
      ...served(report2, flip, end).map(([name, from, to]) => row(name, "active, ", from, to)),
      "  section steps",
      ...shown.map((step) => row(step.title, look(step), step["began-ms"], endOf(step)))
    ],
    "mermaid"
  );
}
function served(report2, flip, end) {
  const before = report2["previous-color"] ? `${report2["previous-version"] || "unknown version"} on ${report2["previous-color"]}` : "nothing";
  const back = report2.steps.find((step) => step.mark === "flip-back" && step.result === "ok");
  const until = back === void 0 ? end : endOf(back);
  return [
    [before, 0, endOf(flip)],
    [wantedSide(report2), endOf(flip), until],
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

// src/github/summary.ts
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

// src/publish.ts
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
  for (const name of OUTPUTS) setOutput(name, report2[name]);
  setOutput("report", JSON.stringify(report2));
}
function tell(report2, log2) {
  for (const sentence of report2.notes) log2.note(`Note: ${sentence}`);
  if (report2.evidence.length > 0) log2.note("What was printed last:");
  for (const line of report2.evidence) log2.output(line);
  const headline = headlineOf(report2);
  if (isGreen(report2.result)) log2.note(headline);
  else error(printable([headline, ...report2.failure].join("\n")));
}
async function summarize(report2) {
  if (!process.env["GITHUB_STEP_SUMMARY"]) return;
  await summary.addRaw(summaryOf(report2)).write({ overwrite: true });
  summary.emptyBuffer();
}

// src/main.ts
var began = performance.now();
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
var secrets = secretInputs(getInput);
for (const secret of secrets) setSecret(secret);
var redact = redaction(secrets);
var read = readInputs(getInput, commitOfRun());
var command = read.kind === "inputs" ? read.inputs.command : read.command;
var { reporting, note } = read.kind === "inputs" ? reportingOf(read.inputs, redact) : {};
var log = jobLog({ redact, ...reporting && { onlooker: reporting } });
if (note !== void 0) log.note(note);
var ended = await run().catch((cause) => endedEarly(command, "internal error", [cause]));
var duration = performance.now() - began;
tell(reportNow(), log);
var patience = cancelled === void 0 ? PATIENCE.ended : PATIENCE.cancelled;
for (const warning of await reporting?.end(reportNow(), patience, hurry.signal) ?? []) log.warning(warning);
var report = reportNow();
setOutputs(report);
await summarize(report);
if (!ended.unfinished) saveState("ended", "true");
process.exit(isGreen(report.result) ? 0 : 1);
async function run() {
  if (read.kind === "mistakes") {
    return endedEarly(
      command,
      "Read the inputs",
      read.mistakes.map((mistake) => new Failure("invalid-inputs", mistake))
    );
  }
  const token = newToken();
  saveState("token", token);
  const { inputs } = read;
  const lookup = lookupOf(inputs, redact);
  return commandOf(inputs)({
    inputs,
    origin: originOfRun(),
    log,
    signal: cancel.signal,
    cancelled: () => cancelled,
    token,
    started: /* @__PURE__ */ new Date(),
    ...lookup && { lookup },
    workspace: process.env["GITHUB_WORKSPACE"] ?? process.cwd()
  });
}
function reportNow() {
  const deploymentId = reporting?.deploymentId();
  const figures = { ...ended.figures, command, duration, ...deploymentId !== void 0 && { deploymentId } };
  return redactAll(reportOf(ended.conclusion, figures, log), redact);
}
function commandOf({ dryRun: dry }) {
  switch (command) {
    case "deploy":
    case "rollback":
      return dry ? dryRun : deploy;
    case "status":
      return status;
    case "check":
      return async (given) => (await import("./check-5NEDMYBO.js")).check(given);
    case "unlock":
      return unlock;
  }
}
