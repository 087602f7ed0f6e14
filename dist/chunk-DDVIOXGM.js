import { createRequire as __createRequire } from 'node:module'
const require = __createRequire(import.meta.url)
const __filename = import.meta.filename
const __dirname = import.meta.dirname
import {
  COLORS,
  Failure,
  HostError,
  INSPECT_FORMAT,
  NOTHING,
  REASONS,
  fault,
  field,
  fields,
  forVersion,
  holderSentence,
  imagesOfOlder,
  integer,
  items,
  ledgerQuestion,
  lines,
  optionalText,
  otherThan,
  parseContainer,
  parseJson,
  readLease,
  readLedger,
  refusedImages,
  releaseOfImage,
  sentence,
  sentenceOf,
  sh,
  stateShell,
  text,
  userCommand,
  wasCancelled
} from "./chunk-SK2MTXWO.js";

// src/release/plan.ts
function planSentence({ command, version, from, to, previous, router }) {
  const live = previous === void 0 ? `Nothing is live: Nginx sends traffic to ${from}, where nothing answers.` : `${previous.version ?? "An unknown version"} on ${from} is live.`;
  const moves = command === "rollback" ? `${version} comes back on ${to}` : `${version} goes to ${to}`;
  return `${live} ${moves}; the flip is a ${router.how}.`;
}

// src/release/conclusion.ts
var EVIDENCE = 50;
var Refused = class extends AggregateError {
  name = "Refused";
  live;
  constructor(refusals, live = {}) {
    super(refusals, "The release was refused.");
    this.live = live;
  }
};
function refused(failedStep, causes, left = []) {
  const all = causes.flatMap((cause) => cause instanceof AggregateError ? cause.errors : [cause]);
  const [first] = all;
  const live = causes.find((cause) => cause instanceof Refused)?.live ?? {};
  return {
    result: "unchanged",
    reason: reasonOf(first),
    failedStep,
    sentences: [...all.map(sentenceOf), ...leftBehind(left)],
    evidence: all.flatMap(evidenceOf),
    live,
    previous: live
  };
}
function found(step2, problems, live = {}) {
  if (problems.length === 0) return { result: "ok", sentences: [], evidence: [], live, previous: {} };
  return { ...refused(step2, problems), result: "problems", live, previous: {} };
}
function onlyPlanned(plan) {
  const live = sideBefore(plan);
  return { result: "planned", sentences: [], evidence: [], live, previous: live };
}
function conclude(plan, outcome, now) {
  const { previous } = plan;
  const before = sideBefore(plan);
  const after = { color: plan.to, version: plan.version };
  if (outcome.kind === "done") {
    const result = plan.command === "rollback" ? "rolled-back" : "released";
    return { result, sentences: [], evidence: [], live: after, previous: before };
  }
  const failed = {
    reason: reasonOf(outcome.cause),
    failedStep: outcome.at.title,
    evidence: evidenceOf(outcome.cause)
  };
  const cause = `${outcome.at.title}: ${sentenceOf(outcome.cause)}`;
  const remains = outcome.remains.map(({ title }) => `What this did remains: ${title}.`);
  switch (outcome.kind) {
    case "unchanged":
    case "restored": {
      const left = leftBehind(outcome.left);
      const nothing = outcome.kind === "restored" && previous === void 0;
      return {
        ...failed,
        result: outcome.kind,
        ...nothing && { reason: "nothing-was-live" },
        ...outcome.restoredAfter !== void 0 && { restoredAfter: outcome.restoredAfter },
        sentences: [cause, ...left, ...remains],
        evidence: failed.evidence.length > 0 ? failed.evidence : outcome.printed.slice(-EVIDENCE),
        live: before,
        previous: before
      };
    }
    case "stranded": {
      const { undoing, stuck } = outcome;
      const stays = stuck instanceof Failure && stuck.reason === "previous-gone";
      const color = stays ? plan.to : now;
      const live = color === plan.to ? after : color === plan.from ? { ...before, color } : {};
      return {
        ...failed,
        result: "stranded",
        sentences: [
          cause,
          `Undo: ${undoing.title}: ${sentenceOf(stuck)}`,
          whereTrafficGoes(live, stays),
          mend(plan, undoing),
          ...remains
        ],
        evidence: [...failed.evidence, ...evidenceOf(stuck)],
        live,
        previous: before,
        ...stays && { stays }
      };
    }
  }
}
function sideBefore({ previous, from }) {
  return previous === void 0 ? {} : { color: from, ...previous.version && { version: previous.version } };
}
function leftBehind(left) {
  return left.map(
    ({ change, cause }) => wasCancelled(cause) ? `There was no time left to undo this and what came before it; the step after the job does: ${change.title}` : `Left behind, because its undo failed: ${change.title}: ${sentenceOf(cause)}`
  );
}
function whereTrafficGoes({ color, version }, stays) {
  const where = color === void 0 ? "Where Nginx sends traffic now could not be seen." : `Nginx sends traffic to ${[version, "on", color].filter(Boolean).join(" ")}.`;
  return stays ? `${where} Nothing will change that by itself; the next release starts from what Nginx says then.` : `${where} The guard on the host goes on trying to put it back once \`lease\` has passed, and the next run begins with that.`;
}
function mend({ runtime, from, previous }, undoing) {
  const back2 = undoing.byHand ?? undoing.undo?.shell.text ?? "";
  if (previous === void 0) return `To undo it by hand, on the host:
${indented(back2)}`;
  const where = [previous.version, "on", from].filter(Boolean).join(" ");
  return `To put traffic back to ${where} by hand, on the host:
${indented(`${runtime.wake(from)}
${back2}`)}`;
}
function indented(text2) {
  return text2.replace(/^/gm, "    ");
}
function reasonOf(cause) {
  if (cause instanceof Failure) return cause.reason;
  if (cause instanceof HostError && cause.reason in REASONS) return cause.reason;
  return wasCancelled(cause) ? "cancelled" : "internal-error";
}
function evidenceOf(cause) {
  return cause instanceof Failure ? cause.evidence : [];
}

// src/ended.ts
function endedEarly(command, step2, causes, version = "") {
  const releases = command === "deploy" || command === "rollback";
  const conclusion = { ...refused(step2, causes), result: releases ? "unchanged" : "problems" };
  return { conclusion, figures: { version, roundTrips: 0, requests: 0, notes: [] } };
}

// src/commands/older-commit.ts
async function refuseOlder({ inputs, origin, lookup, log }, live) {
  const { commit } = origin;
  if (inputs.command === "rollback" || inputs.allowDowngrade) return void 0;
  if (live === void 0 || commit === void 0 || live === commit) return void 0;
  const how = await lookup?.compare(live, commit) ?? "unknown";
  if (how === "unknown")
    log.warning(`GitHub could not say whether ${commit.slice(0, 7)} is older than ${live.slice(0, 7)}, which is live.`);
  if (how !== "behind") return void 0;
  return new Failure(
    "older-commit",
    `The commit ${commit.slice(0, 7)} is an ancestor of ${live.slice(0, 7)}, which is live: a newer one was released meanwhile. To release the older one on purpose, set \`allow-downgrade: true\`, or use \`command: rollback\`.`
  );
}

// src/routers/nginx-address.ts
import { isIP } from "node:net";
function parseAddress(written2, defaultPort = 80) {
  if (/^unix:/i.test(written2)) return { kind: "unix", path: written2.slice("unix:".length) };
  const bracketed = /^\[([^\]]*)\](?::(\d+))?$/.exec(written2);
  const plain = /^([^:]*)(?::(\d+))?$/.exec(written2);
  const host = bracketed?.[1] ?? plain?.[1] ?? written2;
  const port = Number(bracketed?.[2] ?? plain?.[2] ?? defaultPort);
  if (isIP(host) === 6) return { kind: "ip", host: shortest(host), port };
  return { kind: isIP(host) === 4 ? "ip" : "name", host: host.toLowerCase(), port };
}
function normalizeAddress(written2, defaultPort = 80) {
  const address = parseAddress(written2, defaultPort);
  if (address.kind === "unix") return `unix:${address.path}`;
  return isIP(address.host) === 6 ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}
function sameAddress(one, other) {
  return normalizeAddress(one) === normalizeAddress(other);
}
function shortest(address) {
  const url = URL.parse(`http://[${address}]/`);
  return url ? url.hostname.slice(1, -1) : address.toLowerCase();
}

// src/release/assessment.ts
function refusal(...refusals) {
  return { refusals, notes: [] };
}
function usable(value, notes = []) {
  return { refusals: [], notes, value };
}

// src/routers/nginx-color-place.ts
function colorAddresses(lines2, services, given, apart) {
  const spellings = (color) => spellingsOf(services[color], apart);
  const line = (color) => {
    for (const address of lines2) {
      const spelling2 = spellings(color).find((each) => fits(each, address));
      if (spelling2) return { address, spelling: spelling2 };
    }
    return void 0;
  };
  const likeTheOther = (color) => {
    const other = line(otherThan(color));
    const same = other && spellings(color).find(({ way }) => way === other.spelling.way);
    if (!other || !same) return void 0;
    const { port } = portOf(other.address);
    return written({ host: same.host, port: same.port ?? port });
  };
  const onlyPlace = (color) => {
    const [only, ...others] = spellings(color).filter(({ port }) => port !== void 0);
    return only?.port !== void 0 && others.length === 0 ? written({ host: only.host, port: only.port }) : void 0;
  };
  return Object.fromEntries(
    COLORS.flatMap((color) => {
      const address = given[color] ?? line(color)?.address ?? likeTheOther(color) ?? onlyPlace(color);
      return address === void 0 ? [] : [[color, address]];
    })
  );
}
function isPlacedAt(service, address, apart) {
  const spellings = spellingsOf(service, apart);
  return spellings.length === 0 ? void 0 : spellings.some((each) => fits(each, address));
}
function placeOf(address, service, apart) {
  const parsed2 = parseAddress(address);
  if (parsed2.kind === "unix") return { host: parsed2.path, port: 0 };
  const place = { host: parsed2.host, port: parsed2.port };
  if (parsed2.kind === "ip" || !apart) return place;
  if (parsed2.host === "host.docker.internal") return { ...place, host: "127.0.0.1" };
  return { ...place, container: service.container };
}
function containerNames(lines2, apart) {
  return apart ? lines2.filter((line) => parseAddress(line).kind === "name") : [];
}
function nowhere(color, apart) {
  return apart ? `Nothing says where Nginx, in its container, reaches ${color}. Write the service's name or its fixed \`ipv4_address\` into the server line, or set \`${color}-address\`.` : `The compose file does not say where Nginx reaches ${color}. Publish one port of its service on 127.0.0.1, or set \`${color}-address\`.`;
}
function stoppedNames(names) {
  if (names.length === 0) return [];
  return [
    new Failure(
      "drift",
      `The upstream names ${names.map((name) => `\`${name}\``).join(" and ")}, which Nginx cannot resolve while that container is stopped. Set \`previous: keep\`, or give each color a fixed \`ipv4_address\` and name that.`
    )
  ];
}
function written({ host, port }) {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
function spellingsOf({ places, fixedAddresses, names }, apart) {
  const numbered = (kind, all) => all.map((each, i) => ({ ...each, way: `${kind} ${i}` }));
  if (!apart) return numbered("place", places);
  const published2 = places.filter(({ host }) => !isLoopback(host) && !fixedAddresses.includes(host));
  return [
    ...numbered("place", published2),
    ...numbered(
      "address",
      fixedAddresses.map((host) => ({ host, ...onlyPort(places, host) }))
    ),
    ...numbered(
      "name",
      names.map((host) => ({ host }))
    )
  ];
}
function onlyPort(places, host) {
  const [port, ...others] = places.flatMap((place) => place.host === host ? [place.port] : []);
  return port === void 0 || others.length > 0 ? {} : { port };
}
function fits(spelling2, address) {
  const { host, port } = portOf(address);
  return host === spelling2.host.toLowerCase() && (spelling2.port === void 0 || spelling2.port === port);
}
function portOf(address) {
  const parsed2 = parseAddress(address);
  return parsed2.kind === "unix" ? { host: parsed2.path, port: 0 } : parsed2;
}
function isLoopback(host) {
  return host === "::1" || host === "localhost" || host.startsWith("127.");
}

// src/routers/nginx-container.ts
var ONE_LINE = [
  '{"name":{{json .Name}},"pid":{{json .State.Pid}},"network":{{json .HostConfig.NetworkMode}}',
  ',"ports":{{json .NetworkSettings.Ports}},"mounts":{{json .Mounts}}}'
].join("");
var FORMAT = `${ONE_LINE}
{{range .Mounts}}{{printf "%s\\t%s\\n" .Destination .Source}}{{end}}`;
var VALUED = new Set(
  [
    ["-H", "--host", "-c", "--context", "--config", "-l", "--log-level", "--tlscacert", "--tlscert", "--tlskey"],
    ["-f", "--file", "-p", "--project-name", "--profile", "--env-file", "--project-directory", "--ansi", "--progress"],
    ["--parallel", "-e", "--env", "-u", "--user", "-w", "--workdir", "--index", "--detach-keys"]
  ].flat()
);
function whereabouts(command) {
  const words = (command ?? "nginx").trim().split(/\s+/);
  const at = words.findIndex((word) => /(^|\/)(docker|docker-compose|podman|nerdctl)$/.test(word));
  if (at < 0) return { kind: "host" };
  const program = words[at]?.replace(/^.*\//, "");
  const exec = words.indexOf("exec", at);
  const name = words[afterOptions(words, exec + 1)];
  const plain = words.every((word) => /^[A-Za-z0-9_@%+=:,./~-]+$/.test(word));
  if (!plain || exec < 0 || name === void 0 || !/^docker/.test(program ?? "")) return { kind: "somewhere" };
  const compose2 = program === "docker-compose" || words.slice(at, exec).includes("compose");
  if (!compose2) {
    const globals = words.slice(0, exec).filter((word) => word !== "container");
    return { kind: "container", query: inspect(globals, sh`${name}`) };
  }
  const before = userCommand(words.slice(0, exec).join(" "));
  const docker = program === "docker" ? words.slice(0, words.indexOf("compose", at)) : [...words.slice(0, at), "docker"];
  return {
    kind: "container",
    query: lines(sh`id=$(${before} ps -q ${name} | head -n 1)`, inspect(docker, sh`"$id"`))
  };
}
function afterOptions(words, from) {
  const word = words[from];
  if (word === void 0 || !word.startsWith("-")) return from;
  return afterOptions(words, from + (VALUED.has(word) ? 2 : 1));
}
function inspect(docker, container) {
  return sh`${userCommand(docker.join(" "))} inspect --type container --format ${FORMAT} ${container}`;
}
function readContainer(said) {
  const [line = ""] = said.split("\n");
  if (!line.startsWith("{")) return void 0;
  const found2 = parseJson(line, "What `docker inspect` printed");
  return {
    name: text(field(found2, "name")).replace(/^\//, ""),
    pid: integer(field(found2, "pid")),
    hostNetwork: text(field(found2, "network")) === "host",
    ports: Object.entries(fields(field(found2, "ports"))).flatMap(
      ([port, bindings]) => port.endsWith("/tcp") ? items(bindings).map((binding) => published(port, binding)) : []
    ),
    mounts: items(field(found2, "mounts")).map((mount) => ({
      source: text(field(mount, "Source")),
      destination: text(field(mount, "Destination"))
    }))
  };
}
function onHost({ mounts }, path) {
  const [mount] = mounts.filter(({ destination: destination2 }) => path === destination2 || path.startsWith(`${destination2}/`)).toSorted((one, other) => other.destination.length - one.destination.length);
  return mount && `${mount.source}${path.slice(mount.destination.length)}`;
}
function inContainer({ mounts }, path) {
  const [mount] = mounts.filter(({ source }) => path === source || path.startsWith(`${source}/`)).toSorted((one, other) => other.source.length - one.source.length);
  const found2 = mount && `${mount.destination}${path.slice(mount.source.length)}`;
  return found2 !== void 0 && onHost({ mounts }, found2) === path ? found2 : void 0;
}
var defineOnHost = lines(
  sh`on_host() { printf '%s\\n' "$container" | WANTED=$1 awk -F '\\t' ${`
    NR > 1 && NF == 2 && (ENVIRON["WANTED"] == $1 || index(ENVIRON["WANTED"], $1 "/") == 1) && length($1) > best {
      best = length($1); host = $2 substr(ENVIRON["WANTED"], best + 1)
    }
    END { if (best) print host }`}; }`
);
function published(port, binding) {
  return {
    container: Number.parseInt(port, 10),
    address: text(field(binding, "HostIp")),
    port: Number(text(field(binding, "HostPort")))
  };
}

// src/routers/nginx-syntax.ts
function parseFile(file, text2) {
  return parseBlock(file, text2, 0, "file").directives;
}
function lineAt(text2, offset) {
  return text2.slice(0, offset).split("\n").length;
}
function parseBlock(file, text2, from, inside) {
  const directives = [];
  let at = from;
  for (; ; ) {
    const token = nextToken(text2, at);
    if (token.kind === "end" && inside === "file") return { directives, end: token.range.end };
    if (token.kind === "}" && inside === "braces") return { directives, end: token.range.end };
    if (token.kind !== "word") throw unexpected(file, text2, token);
    const directive = parseDirective(file, text2, token);
    directives.push(directive);
    at = directive.range.end;
  }
}
function parseDirective(file, text2, first) {
  const name = first.value;
  const args = [];
  const words = [first.range];
  let token = nextToken(text2, first.range.end);
  while (token.kind === "word") {
    args.push(token.value);
    words.push(token.range);
    token = nextToken(text2, token.range.end);
  }
  const start = first.range.start;
  if (token.kind === ";") return { name, args, file, words, range: { start, end: token.range.end } };
  if (token.kind !== "{") throw unexpected(file, text2, token);
  if (name.endsWith("_by_lua_block")) {
    const end2 = afterLua(text2, token.range.end);
    if (end2 === void 0) throw unexpected(file, text2, nextToken(text2, text2.length));
    return { name, args, file, words, range: { start, end: end2 }, block: [] };
  }
  const { directives, end } = parseBlock(file, text2, token.range.end, "braces");
  return { name, args, file, words, range: { start, end }, block: directives };
}
function nextToken(text2, from) {
  const start = afterBlank(text2, from);
  const mark = text2[start];
  if (mark === void 0) return { kind: "end", range: { start, end: start } };
  if (mark === ";" || mark === "{" || mark === "}") return { kind: mark, range: { start, end: start + 1 } };
  const quote = mark === '"' || mark === "'" ? mark : void 0;
  const end = quote ? afterQuoted(text2, start + 1, quote) : afterBare(text2, start);
  if (end === void 0) return { kind: "end", range: { start: text2.length, end: text2.length } };
  const value = quote ? text2.slice(start + 1, end - 1) : text2.slice(start, end);
  return { kind: "word", value: resolveEscapes(value), range: { start, end } };
}
function afterBlank(text2, from) {
  const blank = /(?:[ \t\r\n]+|#[^\n]*)*/y;
  blank.lastIndex = from;
  blank.test(text2);
  return blank.lastIndex;
}
function afterBare(text2, from) {
  const word = /(?:\\[\s\S]|\$\{|[^ \t\r\n;{\\]|\\$)+/y;
  word.lastIndex = from;
  word.test(text2);
  return word.lastIndex;
}
function afterQuoted(text2, from, quote) {
  for (let at = from; at < text2.length; at += text2[at] === "\\" ? 2 : 1) {
    if (text2[at] === quote) return at + 1;
  }
  return void 0;
}
var escapes = { '"': '"', "'": "'", "\\": "\\", t: "	", r: "\r", n: "\n" };
function resolveEscapes(value) {
  return value.replace(/\\([\s\S])/g, (written2, letter) => escapes[letter] ?? written2);
}
function afterLua(text2, from) {
  const piece = /--\[(=*)\[[\s\S]*?\]\1\]|--[^\n]*|\[(=*)\[[\s\S]*?\]\2\]|"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|[{}]/g;
  piece.lastIndex = from;
  let depth = 1;
  for (let match = piece.exec(text2); match; match = piece.exec(text2)) {
    if (match[0] === "{") depth += 1;
    if (match[0] === "}") depth -= 1;
    if (depth === 0) return piece.lastIndex;
  }
  return void 0;
}
function unexpected(file, text2, token) {
  const seen2 = token.kind === "end" ? "the end of the file" : token.kind === "word" ? token.value : `'${token.kind}'`;
  const place = `${file}, line ${lineAt(text2, token.range.start)}`;
  return new Error(
    `The Nginx configuration could not be read at ${place}: ${seen2} is not expected there. Run \`nginx -t\`; if Nginx accepts the file, please report this as a fault of the action.`
  );
}

// src/routers/nginx-config.ts
function parseDump(text2) {
  const sections2 = [];
  let patterns = [];
  const headers = [...text2.matchAll(/^# configuration file (\/.*):\n/gm)];
  headers.forEach((match, i) => {
    const path = match[1] ?? "";
    const start = match.index + match[0].length;
    const known = sections2.some((section2) => section2.path === path);
    if (sections2.length > 0 && (known || !patterns.some((pattern) => globbed(pattern).test(path)))) return;
    sections2.push({ path, header: match.index, start });
    const root = sections2[0]?.path ?? "";
    const included = includesIn(text2.slice(start, headers[i + 1]?.index));
    patterns = [...patterns, ...included.map((pattern) => fullPath(root, pattern))];
  });
  return sections2.map(({ path, start }, i) => {
    return { path, text: text2.slice(start, sections2[i + 1]?.header).replace(/\n$/, "") };
  });
}
function parseConfiguration(files) {
  const root = files[0];
  if (!root) return { files, main: [] };
  const trees = new Map(files.map((file) => [file.path, parseFile(file.path, file.text)]));
  const spread = (directives, within2) => directives.flatMap((directive) => {
    if (directive.name === "include" && directive.args[0] !== void 0 && !directive.block) {
      const pattern = globbed(fullPath(root.path, directive.args[0]));
      const paths2 = [...trees.keys()].filter((path) => pattern.test(path) && !within2.includes(path)).sort();
      return paths2.flatMap((path) => spread(trees.get(path) ?? [], [...within2, path]));
    }
    return [directive.block ? { ...directive, block: spread(directive.block, within2) } : directive];
  });
  return { files, main: spread(trees.get(root.path) ?? [], [root.path]) };
}
function* walk(configuration) {
  yield* walkBlock(configuration.main, []);
}
function* walkInside(placed) {
  yield* walkBlock(placed.directive.block ?? [], [...placed.ancestors, placed.directive]);
}
function httpDirectives(configuration) {
  return configuration.main.flatMap((directive) => directive.name === "http" ? directive.block ?? [] : []);
}
function httpServers(configuration) {
  return configuration.main.filter((directive) => directive.name === "http").flatMap((http) => childrenNamed(http, "server").map((directive) => ({ directive, ancestors: [http] })));
}
function childrenNamed(block, name) {
  return (block.block ?? []).filter((directive) => directive.name === name);
}
function effective(configuration, placed, name) {
  const outwards = [placed.directive, ...placed.ancestors.toReversed()];
  for (const block of outwards) {
    const own = childrenNamed(block, name)[0];
    if (own) return own;
  }
  return configuration.main.find((directive) => directive.name === name);
}
function positionOf(configuration, directive) {
  const text2 = configuration.files.find((file) => file.path === directive.file)?.text ?? "";
  return `${directive.file}:${lineAt(text2, directive.range.start)}`;
}
function serverTitle(configuration, server) {
  const names = childrenNamed(server.directive, "server_name").flatMap((directive) => directive.args);
  return names.find((name) => name !== "_" && name !== "") ?? positionOf(configuration, server.directive);
}
function* walkBlock(directives, ancestors) {
  for (const directive of directives) {
    yield { directive, ancestors };
    if (directive.block) yield* walkBlock(directive.block, [...ancestors, directive]);
  }
}
function includesIn(text2) {
  return [...text2.matchAll(/(?:^|[;{}])[ \t]*include[ \t]+(["']?)([^;"'\s]+)\1\s*;/gm)].map((match) => match[2] ?? "");
}
function fullPath(root, path) {
  return path.startsWith("/") ? path : `${root.slice(0, root.lastIndexOf("/") + 1)}${path}`;
}
function globbed(pattern) {
  if (!/[*?[]/.test(pattern)) return new RegExp(`^${literal(pattern)}$`);
  const parts = pattern.split("/").map((part) => {
    const hidden = /^[*?[]/.test(part) ? "(?!\\.)" : "";
    const body = part.replace(/\\([\s\S])|\*|\?|\[([!^]?)(\]?[^\]]*)\]|[\s\S]/g, (piece, escaped2, not, set) => {
      if (escaped2) return literal(escaped2);
      if (piece === "*") return "[^/]*";
      if (piece === "?") return "[^/]";
      return set === void 0 ? literal(piece) : `[${not ? "^/" : ""}${set.replace(/[\\\]^]/g, "\\$&")}]`;
    });
    return hidden + body;
  });
  return new RegExp(`^${parts.join("/")}$`);
}
function literal(text2) {
  return text2.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

// src/routers/nginx-upstream.ts
function findUpstreams(configuration) {
  return httpDirectives(configuration).filter((directive) => directive.name === "upstream").map(readUpstream);
}
function findUpstream(configuration, name) {
  return findUpstreams(configuration).find((upstream) => sameName(upstream.name, name));
}
function readUpstream(directive) {
  return {
    name: directive.args[0] ?? "",
    file: directive.file,
    range: directive.range,
    servers: childrenNamed(directive, "server").map(readServer),
    others: (directive.block ?? []).filter((child) => child.name !== "server")
  };
}
function sameName(one, other) {
  return one.toLowerCase() === other.toLowerCase();
}
function liveFromUpstream(upstream, addresses) {
  const working = upstream.servers.filter((server) => !server.down);
  const primary = working.filter((server) => !server.backup);
  const active = primary.length > 0 ? primary : working;
  const foreign = working.filter((server) => !colorOf(server, addresses)).map((server) => server.address);
  const colors = new Set(active.flatMap((server) => colorOf(server, addresses) ?? []));
  const owned = upstream.servers.some((server) => colorOf(server, addresses));
  if (!owned || colors.size === 0 && foreign.length > 0) {
    return { kind: "neither", active: active.map((server) => server.address) };
  }
  if (foreign.length > 0) return { kind: "mixed", foreign };
  const [color] = colors;
  if (!color) return { kind: "none-active" };
  return colors.size === 2 ? { kind: "both" } : { kind: "live", color };
}
function colorOf(server, addresses) {
  if (sameAddress(server.address, addresses.blue)) return "blue";
  if (sameAddress(server.address, addresses.green)) return "green";
  return void 0;
}
function readServer(directive) {
  const [address = "", ...parameters] = directive.args;
  return {
    address,
    kind: parseAddress(address).kind,
    parameters,
    down: parameters.includes("down"),
    backup: parameters.includes("backup"),
    resolve: parameters.includes("resolve"),
    file: directive.file,
    range: directive.range
  };
}

// src/routers/nginx-pair.ts
function pairNames(upstream) {
  return {
    blue: `${upstream}_blue`,
    green: `${upstream}_green`,
    blueBacked: `${upstream}_blue_backed`,
    greenBacked: `${upstream}_green_backed`
  };
}
function readPair(configuration, upstream) {
  const names = pairNames(upstream);
  const serversOf = (name) => {
    return (findUpstream(configuration, name)?.servers ?? []).filter((server) => !server.down);
  };
  const byColor = (read) => ({ blue: read("blue"), green: read("green") });
  const addresses = byColor((color) => serversOf(names[color]).map((server) => normalizeAddress(server.address)));
  return {
    names,
    addresses,
    present: byColor((color) => findUpstream(configuration, names[color]) !== void 0),
    named: byColor((color) => {
      const named = serversOf(names[color]).filter((server) => server.kind === "name" && !server.resolve);
      return named.map((server) => server.address);
    }),
    backed: byColor((color) => {
      const servers = serversOf(names[`${color}Backed`]);
      if (servers.length === 0) return "absent";
      const lines2 = servers.map((server) => `${normalizeAddress(server.address)}${server.backup ? " backup" : ""}`);
      const wanted = [addresses[color], addresses[otherThan(color)].map((address) => `${address} backup`)].flat();
      return lines2.length === wanted.length && wanted.every((line) => lines2.includes(line)) ? "right" : "wrong";
    })
  };
}
function targetNames(configuration) {
  const all = findUpstreams(configuration).map(({ name }) => name);
  const pairs = all.flatMap((name) => {
    const base2 = name.replace(/_blue$/i, "");
    return base2 !== name && all.some((other) => sameName(other, pairNames(base2).green)) ? [base2] : [];
  });
  const ofPairs = pairs.flatMap((base2) => Object.values(pairNames(base2)));
  const plain = all.filter((name) => !ofPairs.some((other) => sameName(name, other)));
  return [...plain.map((name) => `\`${name}\``), ...pairs.map((base2) => `\`${base2}\` (a switch)`)];
}
function colorOfName(pair, name) {
  return COLORS.find((color) => sameName(name, pair.names[color]) || sameName(name, pair.names[`${color}Backed`]));
}
function reachedThrough(configuration, pair, destination2) {
  const own = colorOfName(pair, destination2);
  if (own) return { through: "pair", colors: [own] };
  const upstream = findUpstreams(configuration).find(({ name }) => sameName(name, destination2));
  const found2 = upstream ? upstream.servers.filter((server) => !server.down).map((server) => normalizeAddress(server.address)) : [destination2];
  const colors = COLORS.filter((color) => pair.addresses[color].some((address) => found2.includes(address)));
  if (colors.length === 0) return void 0;
  return { through: upstream ? "other upstream" : "address", colors };
}

// src/routers/nginx-reload-edit.ts
import { createHash } from "node:crypto";
function rewriteOf(before, after) {
  const [from, to] = [before.split("\n"), after.split("\n")];
  if (from.length !== to.length) throw new Error("A flip must not change the number of lines.");
  const occurrence = (all, i) => all.slice(0, i + 1).filter((line) => line === all[i]).length;
  const edits = from.flatMap((line, i) => {
    const next = to[i] ?? "";
    if (line === next) return [];
    return [{ from: line, to: next, fromOccurrence: occurrence(from, i), toOccurrence: occurrence(to, i) }];
  });
  return { edits, before: sha256(before), after: sha256(after) };
}
function backwards({ edits, before, after }) {
  const back2 = edits.map(({ from, to, fromOccurrence, toOccurrence }) => ({
    from: to,
    to: from,
    fromOccurrence: toOccurrence,
    toOccurrence: fromOccurrence
  }));
  return { edits: back2, before: after, after: before };
}
function defineEdited({ edits }) {
  const environment = edits.map(
    ({ from, to, fromOccurrence, toOccurrence }, i) => sh`export ${`FROM_${i + 1}=${from}`} ${`TO_${i + 1}=${to}`} ${`AT_${i + 1}=${fromOccurrence}`} ${`IS_${i + 1}=${toOccurrence}`}`
  );
  return lines(
    ...environment,
    sh`edited() { awk -v count=${edits.length} ${EDIT} < "$file" && { [ -n "$(tail -c 1 "$file")" ] || echo; }; }`
  );
}
var EDIT = `
NR > 1 { printf "\\n" }
{ line = $0; seen[line]++
  for (i = 1; i <= count; i++) {
    if (line == ENVIRON["FROM_" i] && seen[line] == ENVIRON["AT_" i]) { line = ENVIRON["TO_" i]; done[i] = 1; break }
    if (line == ENVIRON["TO_" i] && seen[line] == ENVIRON["IS_" i]) done[i] = 1
  }
  printf "%s", line }
END { for (i = 1; i <= count; i++) if (!done[i]) exit 3 }`;
var definePut = lines(
  sh`sum() { sha256sum | cut -c1-64; }`,
  sh`put() {`,
  sh`  printf '%s' "$text" | dd of="$file" bs=65536 conv=notrunc 2>/dev/null || { echo "cannot write $file" >&2; return 1; }`,
  sh`  size=$(printf '%s' "$text" | wc -c | tr -d ' ')`,
  sh`  [ "$size" = "$(wc -c < "$file" | tr -d ' ')" ] || dd if=/dev/null of="$file" bs=1 seek="$size" 2>/dev/null || return 1`,
  sh`  [ "$(sum < "$file")" = "$(printf '%s' "$text" | sum)" ] || { echo "$file does not hold what was written to it" >&2; return 1; }`,
  sh`  sync "$file" 2>/dev/null || sync`,
  sh`}`
);
var defineTorn = lines(
  sh`mixed() {`,
  sh`  at=$(cmp -l "$1" "$file" 2>/dev/null | { read -r byte rest; echo "$byte"; })`,
  sh`  [ -n "$at" ] || at=$(($({ wc -c < "$1"; wc -c < "$file"; } | sort -n | head -n 1) + 1))`,
  sh`  [ "$(tail -c "+$at" "$file" | sum)" = "$(tail -c "+$at" "$2" | sum)" ]`,
  sh`}`,
  sh`torn() { mixed "$1" "$2" || mixed "$2" "$1"; }`
);
function sha256(text2) {
  return createHash("sha256").update(text2).digest("hex");
}

// src/release/sides.ts
var TIMEOUT = 5e3;
async function answerOf(question, ask, timeout, signal) {
  try {
    return await ask(question, timeout, signal);
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof HostError) throw cause;
    return sentence(cause);
  }
}
async function howItAnswers(question, ask, signal) {
  const answer = await answerOf(question, ask, TIMEOUT, signal);
  if (typeof answer === "string") return { kind: "silent", why: answer };
  const server = answer.headers["server"];
  const why = fault(question.expect, answer);
  const told = server === void 0 ? {} : { server };
  return why === void 0 ? { kind: "well", ...told } : { kind: "unwell", why: `${question.title} ${why}`, ...told };
}

// src/host/poll.ts
function waitUntilNone(count, duration, noun) {
  const counter = userCommand(count);
  return [
    sh`now() { read -r uptime rest < /proc/uptime; echo "$uptime" | tr -d .; }`,
    sh`begin=$(now); end=$((begin + ${Math.ceil(duration / 10)}))`,
    sh`while left=$(( $(${counter}) )); [ "$left" -gt 0 ] && [ "$(now)" -lt "$end" ]; do sleep 0.2; done`,
    sh`took=$(( ($(now) - begin) * 10 ))`,
    sh`if [ "$left" -eq 0 ]; then echo "no ${userCommand(noun)} was left after $took ms"; else echo "$left ${userCommand(noun)}(s) were left after $took ms"; fi`
  ];
}

// src/routers/nginx-drain.ts
var PAUSE = 5e3;
function drainClients(clients, duration) {
  if (clients.kind === "hidden") return waitBlindly(clients.whose, duration);
  const filter = clients.ports.map(({ port }) => `sport = :${port}`).join(" or ");
  const multiplexed = clients.ports.flatMap(({ port, multiplexed: multiplexed2 }) => multiplexed2 ? [port] : []);
  return lines(
    sh`PATH=$PATH:/usr/sbin:/sbin`,
    sh`seconds=${Math.ceil(duration / 1e3)}`,
    sh`command -v ss >/dev/null 2>&1 || { sleep "$seconds"; echo "waited for $seconds s: without ss (package iproute2) nobody can tell what is in flight"; exit 0; }`,
    sh`waiting() { ss -Htino state established ${`( ${filter} )`} 2>/dev/null | awk -v multiplexed=${` ${multiplexed.join(" ")} `} -v pause=${PAUSE} ${WAITING}; }`,
    sh`first=$(waiting)`,
    sh`still() { { printf '%s\n' "$first" | sed 's/^/first /'; waiting; } | awk '$1 == "first" { if (NF == 3) wanted[$2 " " $3]; next } ($1 " " $2) in wanted' | wc -l; }`,
    ...waitUntilNone("still", duration, "unanswered request")
  );
}
function waitBlindly(whose, duration) {
  const seconds = Math.ceil(duration / 1e3);
  return sh`sleep ${seconds}; echo ${`waited for ${seconds} s: what ${whose} have in flight cannot be told`}`;
}
var WAITING = `
/^[0-9]/ { peer = $3 "-" $4; port = $3; sub(/.*:/, "", port); next }
{
  sent = 0; received = 0; acknowledged = 0; got = 0
  for (i = 1; i <= NF; i++) {
    if ($i ~ /^lastsnd:/) sent = substr($i, 9) + 0
    if ($i ~ /^lastrcv:/) received = substr($i, 9) + 0
    if ($i ~ /^bytes_acked:/) acknowledged = substr($i, 13) + 0
    if ($i ~ /^bytes_received:/) got = substr($i, 16) + 0
  }
  if (index(multiplexed, " " port " ")) { if (received < pause) print peer, "multiplexed" }
  else if (received < sent || (acknowledged < 2 && got > 0)) print peer, acknowledged
}`;
function drainWorkers(master, duration) {
  return lines(
    sh`leaving() {`,
    sh`  for process in /proc/[0-9]*; do`,
    sh`    { read -r line < "$process/stat"; } 2>/dev/null || continue`,
    sh`    set -- \${line##*) }; [ "$2" = ${master} ] || continue`,
    sh`    case $(tr '\\000' ' ' < "$process/cmdline" 2>/dev/null) in 'nginx: worker process'*shutting*) echo ;; esac`,
    sh`  done | wc -l`,
    sh`}`,
    ...waitUntilNone("leaving", duration, "old worker")
  );
}

// src/routers/nginx-reload-workers.ts
var PATIENCE = 50;
function defineTake(master, errorLog2, otherwise) {
  if (master === void 0) {
    return lines(
      sh`workers() { :; }; untouched() { false; }`,
      sh`take() { failed=$(run_nginx -s reload 2>&1) || { failed="nginx -s reload failed: $failed"; return 1; }; sleep 1; }`
    );
  }
  return lines(
    sh`workers() {`,
    sh`  for process in /proc/[0-9]*; do`,
    sh`    { read -r line < "$process/stat"; } 2>/dev/null || continue`,
    sh`    set -- \${line##*) }; [ "$2" = ${master} ] || continue`,
    sh`    case $(tr '\\000' ' ' < "$process/cmdline" 2>/dev/null) in 'nginx: worker process'*shutting*) ;; 'nginx: worker process'*) printf ' %s:%s ' "\${process#/proc/}" "\${20}" ;; esac`,
    sh`  done`,
    sh`}`,
    sh`untouched() { now=$(workers); for worker in $now; do case $1 in *" $worker "*) ;; *) return 1 ;; esac; done; [ -n "$now" ]; }`,
    sh`gone() { now=$(workers); for worker in $now; do case $1 in *" $worker "*) return 1 ;; esac; done; [ -n "$now" ]; }`,
    sh`take() {`,
    sh`  before=$(workers); log=${errorLog2 ?? ""} otherwise=${otherwise} patience=${PATIENCE}`,
    sh`  [ -n "$before" ] || { failed='Nginx was stopped or restarted since it was read: run this again'; return 1; }`,
    sh`  size=$(cat "$log" 2>/dev/null | wc -c)`,
    sh`  failed=$(run_nginx -s reload 2>&1) || { failed="nginx -s reload failed: $failed"; return 1; }`,
    sh`  until gone "$before"; do patience=$((patience - 1)); [ "$patience" -gt 0 ] || break; sleep 0.1; done`,
    sh`  [ "$patience" -gt 0 ] && return 0`,
    sh`  said=$(tail -c "+$((size + 1))" "$log" 2>/dev/null | grep -F '[emerg]' | head -n 1)`,
    sh`  failed="nginx -s reload returned 0, but the old workers go on: the master did not take the configuration. \${said:-A line with [emerg] in \${log:-$otherwise} says why}"`,
    sh`  return 1`,
    sh`}`
  );
}

// src/routers/nginx-reload-changes.ts
var DEADLINE = 3e4;
function flipReload(target, from, to, before, after) {
  const rewrite = rewriteOf(before, after);
  return {
    kind: "change",
    phase: "traffic",
    title: `Point the upstream from ${from} to ${to} and reload Nginx`,
    on: "all proxies",
    reason: "flip-without-effect",
    effect: {
      does: "Writes the server lines in place, sees that Nginx reads them, runs `nginx -t` and `nginx -s reload`, and waits for the new workers",
      undoes: "Writes the same lines as they were, and reloads",
      files: [
        {
          kind: "lines",
          path: target.file,
          lines: rewrite.edits.map(({ from: from2, to: to2 }) => ({ from: from2, to: to2 })),
          before: rewrite.before,
          after: rewrite.after
        }
      ]
    },
    do: { shell: lines(open(target), forwards(target, rewrite)), deadline: DEADLINE },
    undo: { shell: lines(open(target), back(backwards(rewrite))), deadline: DEADLINE },
    byHand: byHand(target, backwards(rewrite)).text
  };
}
function byHand({ file, stateDirectory, nginx }, { edits }) {
  const aside = `${stateDirectory}/nginx-file.by-hand`;
  const expressions = edits.flatMap(({ from, to }) => ["-e", `s|^${basic(from)}$|${to.replace(/[|&\\]/g, "\\$&")}|`]);
  return lines(
    nginx,
    sh`sed ${expressions} ${file} > ${aside} && cat ${aside} > ${file} && rm ${aside} && run_nginx -t && run_nginx -s reload`
  );
}
function basic(text2) {
  return text2.replace(/[.*^$[\]\\|]/g, "\\$&");
}
function settleReload({ stateDirectory }) {
  return [
    {
      kind: "change",
      phase: "retire",
      title: "Put the marks of the reload away",
      on: "all proxies",
      reason: "command-failed",
      effect: { does: "Removes what was kept of the file as it was" },
      do: { shell: lines(marks(stateDirectory), sh`rm -f "$old" "$put" "$reloaded"`), deadline: 1e4 }
    }
  ];
}
function marks(stateDirectory) {
  return sh`state=${stateDirectory}; old=$state/nginx-file.old put=$state/nginx-file.put reloaded=$state/nginx-workers`;
}
function open({ file, stateDirectory, nginx, master, errorLog: errorLog2, container }) {
  return lines(
    nginx,
    sh`umask 077; export LC_ALL=C; file=${file}`,
    marks(stateDirectory),
    sh`fail() { printf '%s\\n' "$*" >&2; exit 1; }`,
    sh`exec 9<"$file" && flock -w 20 9 || fail "$file is locked or cannot be read"`,
    definePut,
    defineTake(
      master,
      errorLog2,
      container === void 0 ? "the error log of Nginx" : `what docker logs ${container} prints`
    ),
    // What is on the disk is what runs, though it was written after the workers were started.
    sh`loaded() { touch -r "$old" "$file" 2>/dev/null || sum < "$file" > "$state/nginx-loaded"; }`
  );
}
function forwards({ fileInNginx }, rewrite) {
  return lines(
    defineEdited(rewrite),
    // The sentinel keeps the last line end, which the shell would take away.
    sh`text=$(edited && echo x) || fail "$file was changed since it was read: run this again"; text=\${text%x}`,
    sh`if [ "$(printf '%s' "$text" | sum)" != "$(sum < "$file")" ]; then`,
    sh`  { rm -f "$reloaded" && cat "$file" > "$old.new" && touch -r "$file" "$old.new" && printf '%s' "$text" > "$put.new" && mv "$put.new" "$put" && mv "$old.new" "$old"; } || fail "cannot write into $state"`,
    sh`  sync "$old" "$put" 2>/dev/null || sync`,
    sh`  put || exit 1`,
    sh`fi`,
    readBack(fileInNginx),
    sh`said=$(run_nginx -t 2>&1) || fail "nginx -t refuses the configuration: $said"`,
    sh`[ -e "$reloaded" ] || workers > "$reloaded"`,
    sh`take || fail "$failed"`
  );
}
function back(rewrite) {
  return lines(
    // Never begun: an equal line elsewhere is not ours.
    sh`[ -e "$old" ] || exit 0`,
    defineEdited(rewrite),
    defineTorn,
    sh`if torn "$put" "$old"; then text=$(cat "$old"; echo x)`,
    sh`else text=$(edited && echo x) || fail "the server lines in $file are not the ones that this release wrote: somebody changed them since; write the previous address there and reload Nginx"; fi`,
    sh`text=\${text%x}`,
    sh`[ "$(printf '%s' "$text" | sum)" = "$(sum < "$file")" ] || put || exit 1`,
    sh`if [ -e "$reloaded" ]; then`,
    sh`  if failed=$(run_nginx -t 2>&1); then take; else failed="nginx -t refuses the configuration: $failed"; sleep 1; false; fi ||`,
    // A reload that never took left the workers as they were, and the file is too.
    sh`    untouched "$(cat "$reloaded")" || fail "$failed"`,
    sh`fi`,
    sh`loaded; rm -f "$old" "$put" "$reloaded"`
  );
}
function readBack(fileInNginx) {
  const section2 = `$0 == "# configuration file " ENVIRON["SHOWN"] ":" { inside = 1; next } /^# configuration file \\/.*:$/ { inside = 0 } inside`;
  return lines(
    sh`export ${`SHOWN=${fileInNginx}`}`,
    sh`shown=$(run_nginx -T 2>/dev/null | awk ${section2}; echo x); shown=\${shown%x}`,
    sh`[ -n "$shown" ] || fail "nginx -T does not show $SHOWN: $(run_nginx -t 2>&1)"`,
    sh`[ "$shown" = "$text"${"\n"} ] || fail "Nginx does not read what was written to $file: is it mounted as a single file that was replaced since? Restart that container once"`
  );
}

// src/routers/nginx-upstream-edit.ts
function editServers(bytes, upstream, edit) {
  const text2 = Buffer.from(bytes).toString("latin1");
  const file = upstream.servers[0]?.file ?? upstream.file;
  const lines2 = serverLines(parseFile(file, text2), upstream);
  refuseOther(file, lines2, upstream);
  const edited2 = replace(text2, replacements(text2, file, lines2, upstream, edit));
  return Uint8Array.from(Buffer.from(edited2, "latin1"));
}
function replacements(text2, file, lines2, upstream, edit) {
  const mine = lines2.filter((line) => colorOf(readServer(line), edit.addresses) === edit.live);
  const others = lines2.filter((line) => colorOf(readServer(line), edit.addresses) === otherThan(edit.live));
  if (mine.length > 0) return [...mine.flatMap(withoutDown), ...others.flatMap(withDown)];
  if (others.length === 0) {
    const { blue, green } = edit.addresses;
    throw new Error(
      `The upstream ${upstream.name} in ${file} has no server line with the address of blue (${blue}) or green (${green}). Set \`blue-address\` and \`green-address\` to the addresses in that block.`
    );
  }
  return others.flatMap((line) => [...withAddress(text2, line, edit.addresses[edit.live]), ...withoutDown(line)]);
}
function serverLines(directives, upstream) {
  const within2 = (level2) => level2.flatMap((directive) => {
    if (directive.name === "stream") return [];
    const found2 = directive.name === "upstream" && sameName(directive.args[0] ?? "", upstream.name);
    return found2 ? [directive] : within2(directive.block ?? []);
  });
  const block = within2(directives)[0];
  const level = block?.block ?? directives;
  return level.filter((directive) => directive.name === "server" && !directive.block);
}
function refuseOther(file, lines2, upstream) {
  const there = lines2.map((line) => normalizeAddress(readServer(line).address)).join(", ");
  const expected = readAddresses(upstream);
  if (there === expected && upstream.servers.every((server) => server.file === file)) return;
  throw new Error(
    `The server lines of the upstream ${upstream.name} in ${file} can't be edited: Nginx reads ${expected || "none"}, and the file has ${there || "none"}. Put all server lines of the block into one file, and set \`nginx-file\` to it.`
  );
}
function readAddresses(upstream) {
  return upstream.servers.map((server) => normalizeAddress(server.address)).join(", ");
}
function withAddress(text2, line, address) {
  const range = line.words[1];
  if (!range) return [];
  const [quote = ""] = /^["']/.exec(text2.slice(range.start, range.end)) ?? [];
  return [{ range, text: `${quote}${address}${quote}` }];
}
function withDown(line) {
  const last = line.words.at(-1);
  if (!last || line.args.slice(1).includes("down")) return [];
  return [{ range: { start: last.end, end: last.end }, text: " down" }];
}
function withoutDown(line) {
  return line.words.filter((_, i) => i > 1 && line.args[i - 1] === "down").map((range) => ({ range: { start: range.start, end: range.end }, text: "" }));
}
function replace(text2, parts) {
  return parts.toSorted((one, other) => other.range.start - one.range.start).reduce((edited2, { range, text: piece }) => {
    const before = edited2.slice(0, range.start);
    return (piece === "" ? before.replace(/[ \t]+$/, "") : before) + piece + edited2.slice(range.end);
  }, text2);
}

// src/routers/nginx-reload-router.ts
var ANSWER_TIMEOUT = 3e3;
var SPARE = 2e4;
function reloadRouter(facts, ask) {
  const withLive = (color) => {
    const bytes = editServers(Buffer.from(facts.text), facts.upstream, { live: color, addresses: facts.addresses });
    return Buffer.from(bytes).toString();
  };
  return {
    how: "reload",
    current: async (signal) => bothActive(facts) ? oneThatAnswers(facts, ask, signal) : liveOf(facts),
    change: (_from, to) => {
      const color = to.green === 100 ? "green" : "blue";
      return [flipReload(facts.target, otherThan(color), color, facts.text, withLive(color))];
    },
    ready: () => [],
    settle: () => settleReload(facts.target),
    drain: (_color, duration) => {
      const { master } = facts.target;
      if (master === void 0) return [];
      return [{ on: "all proxies", script: { shell: drainWorkers(master, duration), deadline: duration + SPARE } }];
    }
  };
}
async function oneThatAnswers({ upstream, addresses, places, proxy }, ask, signal) {
  const answered = await Promise.all(
    COLORS.map(async (color) => {
      const { host, port, container } = places[color];
      if (port === 0) return [];
      const request = { address: host, port, path: "/", host: addresses[color] };
      const question = {
        title: addresses[color],
        from: proxy,
        request,
        expect: { status: [] },
        ...container && { container }
      };
      return typeof await answerOf(question, ask, ANSWER_TIMEOUT, signal) === "string" ? [] : [color];
    })
  );
  const [first, second] = answered.flat();
  if (second !== void 0) {
    const why = `The upstream ${upstream.name} in ${upstream.file} sends traffic to both colors, and both answer. Stop the one that is not live, or write \`down\` at its server line, and reload Nginx`;
    return { kind: "foreign", why };
  }
  return { kind: "color", color: first ?? "blue" };
}
function bothActive({ upstream, addresses }) {
  return liveFromUpstream(upstream, addresses).kind === "both";
}
function liveOf({ upstream, addresses }) {
  const live = liveFromUpstream(upstream, addresses);
  const block = `The upstream ${upstream.name} in ${upstream.file}`;
  const colors = `blue (${addresses.blue}) nor green (${addresses.green})`;
  switch (live.kind) {
    case "live":
      return { kind: "color", color: live.color };
    case "neither":
      return {
        kind: "foreign",
        why: `${block} sends traffic to ${live.active.join(", ") || "nothing"}, which is neither ${colors}. Name the right \`upstream\`, or give \`blue-address\` and \`green-address\``
      };
    case "mixed":
      return {
        kind: "foreign",
        why: `${block} also sends traffic to ${live.foreign.join(", ")}, which is neither ${colors}. Take it out of the block`
      };
    case "none-active":
      return {
        kind: "absent",
        why: `${block} has no active server line. Take \`down\` from the color that is to be live, and reload Nginx`
      };
    case "both":
      return { kind: "absent", why: `${block} has both colors active` };
  }
}

// src/routers/nginx-settings.ts
function workerShutdownTimeout(configuration) {
  return milliseconds(mainArguments(configuration, "worker_shutdown_timeout")?.[0]);
}
function keepaliveMinTimeout(configuration, server) {
  return milliseconds(effective(configuration, server, "keepalive_min_timeout")?.args[0]);
}
function shortestKeepaliveMinTimeout(configuration) {
  const times = httpServers(configuration).map((server) => keepaliveMinTimeout(configuration, server) ?? 0);
  return times.length > 0 ? Math.min(...times) || void 0 : void 0;
}
function errorLog(configuration) {
  return mainArguments(configuration, "error_log")?.[0];
}
function milliseconds(written2) {
  if (written2 === void 0 || !/^(?:\d+(?:ms|[smhdwMy])?\s*)+$/.test(written2)) return void 0;
  const parts = [...written2.matchAll(/(\d+)(ms|[smhdwMy])?/g)];
  return parts.reduce((sum, part) => sum + Number(part[1]) * (units[part[2] ?? "s"] ?? 0), 0);
}
var day = 864e5;
var units = {
  ms: 1,
  s: 1e3,
  m: 6e4,
  h: 36e5,
  d: day,
  w: 7 * day,
  M: 30 * day,
  y: 365 * day
};
function mainArguments(configuration, name) {
  return configuration.main.find((directive) => directive.name === name)?.args;
}

// src/routers/nginx-reload-assessment.ts
function assessReload(configuration, place) {
  const upstream = findUpstream(configuration, place.upstream);
  if (upstream === void 0) {
    const names = targetNames(configuration);
    const known = names.length === 0 ? "It has no upstream at all." : `There is: ${names.join(", ")}.`;
    return refusal(
      new Failure(
        "foreign-upstream",
        `Nginx has no upstream \`${place.upstream}\`, nor the pair \`${place.upstream}_blue\` and \`${place.upstream}_green\` of a switch. Set \`upstream\` to the name that the configuration has. ${known}`
      )
    );
  }
  const fileInNginx = upstream.servers[0]?.file ?? upstream.file;
  const found2 = place.files.get(place.file ?? fileInNginx);
  const file = found2?.path ?? place.file ?? fileInNginx;
  const text2 = configuration.files.find((each) => each.path === fileInNginx)?.text ?? "";
  const live = liveOf({ upstream, addresses: place.addresses });
  const refusals = [...fileFaults(found2, file, fileInNginx, text2, place)];
  if (live.kind === "foreign") refusals.push(new Failure("foreign-upstream", `${live.why}.`));
  if (refusals.length > 0) return refusal(...refusals);
  const log = errorLog(configuration);
  const target = {
    file,
    fileInNginx,
    stateDirectory: place.stateDirectory,
    nginx: place.nginx,
    ..."master" in place.loaded && { master: place.loaded.master },
    ...log?.startsWith("/") && place.container === void 0 && { errorLog: log },
    ...place.container !== void 0 && { container: place.container }
  };
  const { proxy, addresses, places } = place;
  return usable({ proxy, target, upstream, addresses, places, text: text2 }, []);
}
function reloadNote(configuration, server) {
  const timeout = shortestKeepaliveMinTimeout(configuration);
  if (timeout !== void 0) {
    return `A flip by reload: clients that idle for more than ${timeout / 1e3} s on a keep-alive connection (\`keepalive_min_timeout\`), and HTTP/2 clients, may lose a request. The switch loses none.`;
  }
  const version = /^nginx\/(\d+)\.(\d+)\.(\d+)/.exec(server ?? "");
  const told = version?.[0] ?? "this Nginx, whose version is not known,";
  const newer = version !== null && atLeast(version.slice(1).map(Number), [1, 27, 4]);
  const mend2 = newer ? "Add `keepalive_min_timeout 15s;` to the server block, or use the switch." : "Before Nginx 1.27.4 there is no setting against that; the switch loses none.";
  return `A flip by reload: on ${told} a reload closes idle keep-alive connections, and clients that send on one just then lose a request. ${mend2}`;
}
function fileFaults(found2, file, fileInNginx, text2, { user, container }) {
  if (found2 === void 0) {
    const mend2 = container === void 0 || file !== fileInNginx ? `there is no ${file} on the proxy host. Set \`nginx-file\` to the file on the host.` : `the container ${container} does not have that from the host, so that a change would be gone with it. Mount the file, or its folder, from the host.`;
    return [new Failure("nginx-file", `The upstream is in ${fileInNginx}, as Nginx sees it, and ${mend2}`)];
  }
  if (text2.includes("\uFFFD")) {
    return [
      new Failure(
        "nginx-file",
        `${file} holds bytes that are no UTF-8, most likely in a comment. Run on the host: iconv -f latin1 -t utf-8 ${file}; and put that in its place.`
      )
    ];
  }
  if (found2.sum !== void 0 && found2.sum !== sha256(text2)) {
    return [
      new Failure(
        "drift",
        `${file} on the proxy host is not what Nginx reads as ${fileInNginx}: a file that is mounted alone into a container stays the old one when it is replaced. ${container === void 0 ? "Restart that container once" : `Restart that container once (docker restart ${container})`}, or correct \`nginx-file\`.`
      )
    ];
  }
  if (found2.sum === void 0 || !found2.writable) {
    return [
      new Failure(
        "nginx-file",
        `${user} may not read and write ${file}, which a flip by reload rewrites. Run on the host: sudo chown ${user} ${file}; or use the switch, which needs no such right.`
      )
    ];
  }
  return [];
}
function atLeast(version, wanted) {
  const at = version.findIndex((part, i) => part !== wanted[i]);
  return at < 0 || (version[at] ?? 0) > (wanted[at] ?? 0);
}

// src/routers/nginx-variables.ts
var MOST = 64;
function tablesOf(configuration) {
  const tables = httpDirectives(configuration).filter(({ name }) => ["map", "geo", "split_clients"].includes(name));
  return new Map(tables.map((table) => [(table.args.at(-1) ?? "").replace(/^\$/, ""), table]));
}
function scopesAfter(blocks, present, tables) {
  const start = [/* @__PURE__ */ new Map()];
  return blocks.reduce((scopes, block) => {
    const ways = run(block.block ?? [], scopes.map(going), present, tables);
    return distinct(ways.filter((way) => way.kind !== "returned").map((way) => way.scope));
  }, start);
}
function beforeBreak(block) {
  const all = block.block ?? [];
  const end = all.findIndex(({ name }) => name === "break");
  return end < 0 ? all : all.slice(0, end);
}
function valuesOf(text2, scope, tables, depth = 0) {
  const parts = text2.split(/(\$\{\w+\}|\$\w+)/);
  return parts.reduce(
    (values, part, i) => {
      const pieces = i % 2 === 0 ? [part] : valuesOfVariable(part, scope, tables, depth);
      return [...new Set(values.flatMap((value) => pieces.map((piece) => value + piece)))].slice(0, MOST);
    },
    [""]
  );
}
function conditionOf(directive) {
  const inner = directive.args.map((word, i) => {
    const opened = i === 0 ? word.replace(/^\(/, "") : word;
    return i === directive.args.length - 1 ? opened.replace(/\)$/, "") : opened;
  });
  return inner.filter((word, i) => word !== "" || i > 0 && i < inner.length - 1);
}
function regularExpression(pattern, flags = "") {
  const insensitive = pattern.startsWith("(?i)");
  const source = pattern.replace(/^\(\?i\)/, "").replaceAll("(?P<", "(?<");
  try {
    return new RegExp(source, insensitive ? "i" : flags);
  } catch {
    return void 0;
  }
}
var going = (scope) => ({ kind: "going", scope });
function run(directives, ways, present, tables) {
  return directives.reduce((all, directive) => {
    const next = all.flatMap((way) => way.kind === "going" ? step(directive, way.scope, present, tables) : [way]);
    return next.slice(0, MOST);
  }, ways);
}
function step(directive, scope, present, tables) {
  if (directive.name === "break") return [{ kind: "stopped", scope }];
  if (directive.name === "set") {
    const [name = "", text2 = ""] = directive.args;
    const values = valuesOf(text2, scope, tables);
    return values.map((value) => going(new Map([...scope, [name.replace(/^\$/, ""), value]])));
  }
  if (directive.name !== "if") return [going(scope)];
  const holds = judge(conditionOf(directive), scope, present, tables);
  const block = directive.block ?? [];
  const inside = block.some((child) => child.name === "return") ? [{ kind: "returned", scope }] : run(block, [going(scope)], present, tables);
  if (holds === "request") return [...inside, going(scope)];
  return holds ? inside : [going(scope)];
}
function judge(words, scope, present, tables) {
  const [first = "", second = "", third = ""] = words;
  const negated = first.startsWith("!") || second.startsWith("!");
  const answer = (holds) => holds !== negated;
  const known = (text2) => {
    const values = valuesOf(text2, scope, tables);
    return values.length === 1 && !values[0]?.includes("$") ? values[0] : void 0;
  };
  if (/^!?-[fe]$/.test(first)) {
    const path = known(second);
    return path === void 0 && !present.has(second) ? "request" : answer(present.has(path ?? second));
  }
  const value = known(first);
  if (value === void 0 || first.includes("-")) return "request";
  if (words.length === 1) return value !== "" && value !== "0";
  if (/^!?=$/.test(second)) {
    const other = known(third);
    return other === void 0 ? "request" : answer(value === other);
  }
  const pattern = regularExpression(third, second.endsWith("*") ? "i" : "");
  return pattern && /^!?~\*?$/.test(second) ? answer(pattern.test(value)) : "request";
}
function valuesOfVariable(written2, scope, tables, depth) {
  const name = written2.replace(/[${}]/g, "");
  const value = scope.get(name);
  if (value !== void 0) return [value];
  const table = tables.get(name);
  if (!table || depth > 4) return [written2];
  const sources = table.name === "map" ? valuesOf(table.args[0] ?? "", scope, tables, depth + 1) : ["$request"];
  const results = sources.flatMap((source) => lookUp(table, source));
  return results.flatMap((result) => valuesOf(result, scope, tables, depth + 1));
}
function lookUp(table, source) {
  const entries = (table.block ?? []).flatMap((entry) => {
    const result = entry.args[0];
    return result === void 0 ? [] : [{ key: entry.name, result }];
  });
  if (source.includes("$")) {
    const fallback2 = table.name === "map" && childrenNamed(table, "default").length === 0 ? [""] : [];
    return [.../* @__PURE__ */ new Set([...entries.map((entry) => entry.result), ...fallback2])];
  }
  const exact = entries.find(({ key }) => key.replace(/^\\/, "").toLowerCase() === source.toLowerCase());
  const matching = entries.find(({ key }) => key.startsWith("~") && matches(key, source));
  const fallback = entries.find(({ key }) => key === "default");
  return [(exact ?? matching ?? fallback)?.result ?? ""];
}
function matches(key, source) {
  const insensitive = key.startsWith("~*");
  return regularExpression(key.slice(insensitive ? 2 : 1), insensitive ? "i" : "")?.test(source) ?? false;
}
function distinct(scopes) {
  return [...new Map(scopes.map((scope) => [JSON.stringify([...scope].sort()), scope])).values()];
}

// src/routers/nginx-usage.ts
var passes = ["proxy_pass", "grpc_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "memcached_pass"];
function passesOf(configuration) {
  return [...walk(configuration)].filter(isPass).flatMap((placed) => toPass(placed) ?? []);
}
function passesIn(server) {
  return [...walkInside(server)].filter(isPass).flatMap((placed) => toPass(placed) ?? []);
}
function destinations(configuration, pass, present) {
  const tables = tablesOf(configuration);
  const scopes = scopesAfter(pass.deciding, present, tables);
  const values = scopes.flatMap((scope) => valuesOf(pass.directive.args[0] ?? "", scope, tables));
  return [...new Set(values.map(destination))];
}
function filesAskedFor(server) {
  const conditions = [...walkInside(server)].filter(({ directive }) => directive.name === "if");
  const words = conditions.map(({ directive }) => conditionOf(directive));
  return [...new Set(words.flatMap(([test = "", path]) => /^!?-[fe]$/.test(test) && path ? [path] : []))];
}
function statesOf(server) {
  const files = filesAskedFor(server).slice(0, 12);
  const pairs = files.flatMap((one, i) => files.slice(i + 1).map((other) => /* @__PURE__ */ new Set([one, other])));
  return [/* @__PURE__ */ new Set(), ...files.map((file) => /* @__PURE__ */ new Set([file])), ...pairs];
}
function serversUsing(configuration, upstream) {
  return httpServers(configuration).filter((server) => {
    const states = statesOf(server);
    if (hiddenBy(server, void 0)) return false;
    return passesIn(server).some(
      (pass) => states.some((state) => destinations(configuration, pass, state).includes(upstream.toLowerCase()))
    );
  });
}
function hiddenBy(server, path) {
  return beforeBreak(server.directive).find((directive) => {
    if (directive.name === "return") return true;
    if (directive.name !== "rewrite" || path === void 0) return false;
    return regularExpression(directive.args[0] ?? "")?.test(path) ?? false;
  });
}
function isPass({ directive }) {
  return passes.includes(directive.name);
}
function toPass({ directive, ancestors }) {
  const at = ancestors.findLastIndex((block) => block.name === "server");
  const around = ancestors[at];
  if (!around) return void 0;
  const location = ancestors.findLast((block) => block.name === "location");
  return {
    directive,
    server: { directive: around, ancestors: ancestors.slice(0, at) },
    location: location?.args.join(" ") ?? "",
    deciding: location ? [around, location] : [around],
    uri: uriOf(directive)
  };
}
function uriOf(directive) {
  const target = (directive.args[0] ?? "").replace(/^[^/]*:\/\//, "");
  if (directive.name !== "proxy_pass") return void 0;
  const unix = /^unix:[^:]*:(.+)$/.exec(target);
  if (unix || target.startsWith("unix:")) return unix?.[1];
  return /(?:\/|\$\{?(?:request_uri|uri|document_uri|is_args|args)\b).*$/.exec(target)?.[0];
}
function destination(target) {
  const [, scheme, rest = target] = /^([^/]*):\/\/(.*)$/.exec(target) ?? [];
  if (rest.startsWith("unix:")) return /^unix:[^:]*/.exec(rest)?.[0] ?? rest;
  const authority = /^[^/?]*?(?=\/|\?|\$\{?(?:request_uri|uri|document_uri|is_args|args)\b|$)/.exec(rest)?.[0] ?? rest;
  const address = /^\[|:\d+$|^[\d.]+$/.test(authority);
  return address ? normalizeAddress(authority, /s$/.test(scheme ?? "") ? 443 : 80) : authority.toLowerCase();
}

// src/routers/nginx-location.ts
function arrival(server, path) {
  const plain = path.replace(/[?#].*$/s, "");
  const hidden = hiddenBy(server, plain);
  if (hidden) return { kind: "hidden", directive: hidden };
  const found2 = find(server.directive, plain);
  if (found2.kind === "none") return found2;
  return { kind: found2.kind === "unknown" ? "unknown" : "location", location: found2.location };
}
function namedLocation(server, name) {
  return childrenNamed(server.directive, "location").find((location) => location.args[0] === name);
}
function find(block, path) {
  const locations = childrenNamed(block, "location").map(readLocation);
  const exact = locations.find(({ how, pattern }) => how === "=" && pattern === path);
  if (exact) return { kind: "final", location: exact.location };
  const prefix = locations.filter(({ how, pattern }) => (how === "" || how === "^~") && path.startsWith(pattern)).toSorted((one, other) => other.pattern.length - one.pattern.length)[0];
  const nested = prefix ? find(prefix.location, path) : { kind: "none" };
  if (nested.kind === "final" || nested.kind === "unknown") return nested;
  const best = nested.kind === "prefix" ? nested : prefix && { kind: "prefix", location: prefix.location } || nested;
  if (prefix?.how === "^~") return best;
  for (const { how, pattern, location } of locations) {
    if (how !== "~" && how !== "~*") continue;
    const expression = regularExpression(pattern, how === "~*" ? "i" : "");
    if (!expression) return { kind: "unknown", location };
    if (!expression.test(path)) continue;
    const inside = find(location, path);
    return inside.kind === "none" ? { kind: "final", location } : { kind: "final", location: inside.location };
  }
  return best;
}
function readLocation(location) {
  const written2 = location.args.length > 1 ? location.args.slice(0, 2).join(" ") : location.args[0] ?? "";
  const [, how = "", pattern = ""] = /^(\^~|~\*|=|~|)\s*([\s\S]*)$/.exec(written2) ?? [];
  return { how, pattern, location };
}

// src/routers/nginx-switch-server.ts
var markerPath = "/.blue-green";
function readSwitchServer(configuration, pair, server) {
  const passes2 = passesIn(server);
  const asked = filesAskedFor(server);
  const title = serverTitle(configuration, server);
  const files = passes2.flatMap((pass) => filesOf(configuration, pair, pass, asked) ?? [])[0];
  if (!files) {
    const inverted = passes2.flatMap((pass) => invertedBy(configuration, pair, pass, asked) ?? [])[0];
    return inverted ? { kind: "blue-by-default", file: inverted, server: title } : { kind: "unrelated" };
  }
  const chosen = passes2.filter((pass) => chooses(configuration, pair, pass, files.green));
  const { green } = files;
  const backed = chosen.every((pass) => filesOf(configuration, pair, pass, asked)?.backed === files.backed) ? files.backed : void 0;
  return {
    kind: "switch",
    server: {
      server,
      title,
      green,
      backed,
      marker: readMarker(configuration, pair, server, { green, backed }),
      hiddenBy: hiddenBy(server, markerPath),
      openFileCache: openFileCache(configuration, server, [green, backed ?? green]),
      passes: chosen
    }
  };
}
function chooses(configuration, pair, pass, file) {
  return leadsTo(configuration, pass, [], pair.names.blue) && leadsOnlyWith(configuration, pass, file, pair.names.green);
}
function filesOf(configuration, pair, pass, asked) {
  const green = asked.find((file) => chooses(configuration, pair, pass, file));
  if (green === void 0) return void 0;
  const backed = asked.find(
    (file) => leadsTo(configuration, pass, [file], pair.names.blueBacked) && leadsTo(configuration, pass, [green, file], pair.names.greenBacked)
  );
  return { green, backed };
}
function invertedBy(configuration, pair, pass, asked) {
  if (!leadsTo(configuration, pass, [], pair.names.green)) return void 0;
  return asked.find((file) => leadsOnlyWith(configuration, pass, file, pair.names.blue));
}
function leadsTo(configuration, pass, files, upstream) {
  return destinations(configuration, pass, new Set(files)).includes(upstream.toLowerCase());
}
function leadsOnlyWith(configuration, pass, file, upstream) {
  const without = destinations(configuration, pass, /* @__PURE__ */ new Set());
  const together = destinations(configuration, pass, /* @__PURE__ */ new Set([file]));
  return together.includes(upstream.toLowerCase()) && together.join() !== without.join();
}
function readMarker(configuration, pair, server, files) {
  const arrived = arrivedAtMarker(server);
  const answer = arrived && beforeBreak(arrived).find((directive) => directive.name === "return");
  if (!arrived || !answer) return { kind: "absent" };
  const [code = "", text2 = ""] = answer.args;
  const says = (present) => {
    return textsOf(configuration, [server.directive, arrived], text2, new Set(present));
  };
  const states = [
    [[], pair.names.blue],
    [[files.green], pair.names.green],
    ...files.backed === void 0 ? [] : [
      [[files.backed], pair.names.blueBacked],
      [[files.green, files.backed], pair.names.greenBacked]
    ]
  ];
  const told = ([present, name]) => {
    return says(present).some((said) => said.split(/\r?\n/).includes(name));
  };
  if (code !== "200" || !states.every(told)) return { kind: "wrong", says: answer.args.join(" ") };
  return { kind: "right", conditions: conditionsBefore([server.directive, arrived]) };
}
function arrivedAtMarker(server) {
  const open2 = (server.directive.block ?? []).filter(({ name }) => name !== "return" && name !== "rewrite");
  const arrived = arrival({ ...server, directive: { ...server.directive, block: open2 } }, markerPath);
  const internal = arrived.kind === "location" && arrived.location.block?.some(({ name }) => name === "internal");
  return arrived.kind === "location" && !internal ? arrived.location : void 0;
}
function textsOf(configuration, blocks, text2, present) {
  const tables = tablesOf(configuration);
  return scopesAfter(blocks, present, tables).flatMap((scope) => valuesOf(text2, scope, tables));
}
function conditionsBefore(blocks) {
  const conditions = blocks.flatMap((block) => beforeBreak(block).filter(({ name }) => name === "if"));
  const answering2 = conditions.filter((condition) => {
    return condition.block?.some(({ name }) => name === "return" || name === "rewrite");
  });
  return answering2.map((condition) => conditionOf(condition).join(" "));
}
function openFileCache(configuration, server, files) {
  const asking = [...walkInside(server)].filter(({ directive }) => {
    return directive.name === "if" && files.includes(conditionOf(directive)[1] ?? "");
  });
  const caches = asking.map((placed) => effective(configuration, placed, "open_file_cache")?.args ?? ["off"]);
  return caches.find((args) => args[0] !== "off");
}

// src/routers/nginx-bypass.ts
function bypasses(configuration, pair, servers) {
  return passesOf(configuration).flatMap((pass) => {
    const owner = servers.find(({ server }) => server.directive === pass.server.directive);
    if (owner && chooses(configuration, pair, pass, owner.green)) return byRequest(configuration, pair, owner, pass);
    const everywhere = statesOf(pass.server).flatMap((state) => destinations(configuration, pass, state));
    const reached = [...new Set(everywhere)].flatMap((to) => reachedThrough(configuration, pair, to) ?? []);
    const [first] = reached;
    if (!first) return [];
    const colors = [...new Set(reached.flatMap((one) => one.colors))];
    return [describe(configuration, pass, first.through, colors)];
  });
}
function byRequest(configuration, pair, { green, backed }, pass) {
  const foreign = filesAskedFor(pass.server).filter((file) => file !== green && file !== backed);
  const states = [[], [green], ...foreign.map((file) => [file])];
  const colors = states.flatMap((files) => {
    const wanted = files[0] === green ? "green" : "blue";
    const loose = destinations(configuration, pass, new Set(files)).filter((to) => colorOfName(pair, to) !== wanted);
    return loose.flatMap((to) => reachedThrough(configuration, pair, to)?.colors ?? []);
  });
  return colors.length > 0 ? [describe(configuration, pass, "request", [...new Set(colors)])] : [];
}
function describe(configuration, pass, through, colors) {
  return {
    position: positionOf(configuration, pass.directive),
    server: serverTitle(configuration, pass.server),
    location: pass.location,
    pass: [pass.directive.name, ...pass.directive.args].join(" "),
    through,
    colors
  };
}

// src/routers/nginx-switch.ts
function findSwitch(configuration, upstream) {
  const names = pairNames(upstream);
  const absent = COLORS.filter((color) => !findUpstream(configuration, names[color]));
  if (absent.length === COLORS.length) return { kind: "none" };
  const pair = readPair(configuration, upstream);
  const read = httpServers(configuration).map((server) => readSwitchServer(configuration, pair, server));
  const servers = read.flatMap((result) => result.kind === "switch" ? [result.server] : []);
  const inverted = read.flatMap((result) => result.kind === "blue-by-default" ? [result] : []);
  const files = [...new Set(servers.map((server) => server.green))];
  const misnamed = servers.filter((server) => !server.green.endsWith("/green"));
  const missing = [
    ...absent.map((color) => ({ kind: "upstream", name: names[color] })),
    ...addressFaults(pair),
    ...inverted,
    ...misnamed.map((server) => ({ kind: "file-name", file: server.green, server: server.title })),
    ...files.length > 1 ? [{ kind: "one-file", files }] : [],
    ...servers.length + inverted.length === 0 ? [{ kind: "choice" }] : []
  ];
  const [green] = files;
  const { blue, green: greenAddress } = pair.addresses;
  if (missing.length > 0 || green === void 0 || !blue[0] || !greenAddress[0]) return { kind: "incomplete", missing };
  const backedFaults = faultsOfBacked(configuration, pair, servers);
  return {
    kind: "switch",
    green,
    backed: backedFaults.length === 0 ? servers[0]?.backed : void 0,
    backedFaults,
    addresses: { blue: blue[0], green: greenAddress[0] },
    namedServers: COLORS.flatMap((color) => pair.named[color]),
    servers,
    bypasses: bypasses(configuration, pair, servers)
  };
}
function addressFaults(pair) {
  const several = COLORS.filter((color) => pair.present[color] && pair.addresses[color].length !== 1);
  const { blue, green } = pair.addresses;
  const same = blue.length === 1 && green.length === 1 && blue[0] === green[0] ? blue[0] : void 0;
  return [
    ...several.map((color) => {
      return { kind: "one-server", upstream: pair.names[color], addresses: pair.addresses[color] };
    }),
    ...same === void 0 ? [] : [{ kind: "two-addresses", address: same }]
  ];
}
function faultsOfBacked(configuration, pair, servers) {
  const names = [pair.names.blueBacked, pair.names.greenBacked];
  const absent = names.filter((name) => !findUpstream(configuration, name));
  const asking = servers.filter((server) => server.backed?.endsWith("/backed") && server.backed === servers[0]?.backed);
  if (absent.length === names.length && asking.length === 0) return [];
  const silent = servers.filter((server) => !asking.includes(server));
  const wrong = COLORS.filter((color) => pair.backed[color] === "wrong");
  return [
    ...absent.map((name) => ({ kind: "upstream", name })),
    ...wrong.map((color) => ({ kind: "servers", name: pair.names[`${color}Backed`] })),
    ...silent.length > 0 ? [{ kind: "choice", servers: silent.map((server) => server.title) }] : []
  ];
}

// src/custody/state-directory.ts
function stateDirectoryQuestion(directory) {
  return lines(
    sh`dir=${directory}`,
    sh`printf 'user %s\n' "$(id -un)"`,
    sh`if [ ! -d "$dir" ]; then`,
    sh`  up=$dir; while [ ! -e "$up" ]; do up=$(dirname "$up"); done`,
    sh`  if [ ! -x "$up" ]; then printf 'closed %s\\n' "$up"; elif [ -w "$up" ]; then echo creatable; fi; exit 0`,
    sh`fi`,
    sh`printf 'owner %s\n' "$(stat -c %U "$dir")"`,
    sh`if [ -w "$dir" ] && [ -x "$dir" ]; then echo writable; fi`,
    sh`[ ! -e "$dir/ledger.jsonl" ] || [ -r "$dir/ledger.jsonl" ] || printf 'ledger %s\n' "$(stat -c %U "$dir/ledger.jsonl")"`,
    sh`for name in green green.off backed backed.off; do [ ! -f "$dir/$name" ] || printf 'file %s\n' "$name"; done`,
    sh`[ ! -r "$dir/target" ] || printf 'target %s\n' "$(cat "$dir/target")"`,
    sh`[ ! -r "$dir/nginx-loaded" ] || printf 'loaded %s\n' "$(cut -c1-64 < "$dir/nginx-loaded")"`,
    sh`[ ! -r "$dir/switch.json" ] || printf 'switch %s\n' "$(head -n 1 "$dir/switch.json")"`,
    // A link leads through folders that its name does not tell of.
    sh`for up in "$dir" "$(cd "$dir" 2>/dev/null && pwd -P || echo /)"; do`,
    sh`  while :; do stat -L -c 'folder %a %U %G %n' "$up"; [ "$up" != / ] || break; up=$(dirname "$up"); done`,
    sh`done`
  );
}
function readStateDirectory(section2) {
  const said = (section2?.stdout ?? "").split("\n").map((line) => /^(\S+) ?(.*)$/.exec(line));
  const all = (key) => said.flatMap((line) => line?.[1] === key ? [line[2] ?? ""] : []);
  const user = all("user")[0] ?? "";
  const owner = all("owner")[0];
  const closed = all("closed")[0];
  if (closed !== void 0) return { kind: "closed", user, folder: closed };
  if (owner === void 0) {
    return { kind: "missing", user, creatable: all("creatable").length > 0 };
  }
  if (all("writable").length === 0) return { kind: "not-ours", user, owner };
  const ledger = all("ledger")[0];
  if (ledger !== void 0) return { kind: "ledger-closed", user, owner: ledger };
  const target = readTarget(all("target")[0]);
  const loaded = all("loaded")[0];
  const lastSwitch = all("switch")[0];
  return {
    kind: "usable",
    user,
    files: new Set(all("file")),
    ...target && { target },
    ...loaded && { loaded },
    ...lastSwitch && { lastSwitch },
    path: all("folder").flatMap(folder)
  };
}
function stateDirectoryMend(directory, user) {
  return `sudo install -d -m 0711 -o ${user} ${directory}`;
}
function claimStateDirectory(directory, target, state) {
  if (state.kind === "usable" && state.target !== void 0) return [];
  return [
    {
      kind: "change",
      phase: "prepare",
      title: `Make ${directory} the state directory of ${target.upstream}`,
      on: "all proxies",
      reason: "state-directory",
      effect: {
        does: "Makes the folder where it is missing, and writes into it whose it is",
        undoes: "Removes just what it made"
      },
      do: {
        shell: lines(
          sh`set -e; umask 077`,
          sh`[ -d ${directory} ] || { mkdir -p ${directory}; chmod 0711 ${directory}; }`,
          sh`cd ${directory}`,
          sh`printf '%s\n' ${JSON.stringify(target)} > target.new; mv target.new target`
        ),
        deadline: 1e4
      },
      undo: {
        shell: lines(sh`[ -d ${directory} ] || exit 0`, sh`cd ${directory} && rm -f target.new target`),
        deadline: 1e4
      }
    }
  ];
}
function closedFolder(path, worker) {
  if (worker === "root") return void 0;
  return path.find(({ mode, owner, group }) => {
    if (owner === worker) return (mode & 64) === 0;
    if (group === worker) return (mode & 8) === 0;
    return (mode & 1) === 0;
  });
}
function readTarget(text2) {
  if (text2 === void 0) return void 0;
  try {
    const found2 = JSON.parse(text2);
    if (typeof found2 !== "object" || found2 === null || !("upstream" in found2)) return void 0;
    const project = "project" in found2 ? String(found2.project) : "";
    return { upstream: String(found2.upstream), project };
  } catch {
    return void 0;
  }
}
function folder(line) {
  const found2 = /^(\d+) (\S+) (\S+) (.*)$/.exec(line);
  if (found2 === null) return [];
  const [, mode = "", owner = "", group = "", path = ""] = found2;
  return [{ path, mode: Number.parseInt(mode, 8), owner, group }];
}

// src/routers/nginx-listen.ts
function listenersOf(configuration) {
  const written2 = httpServers(configuration).flatMap((server) => listensOf(configuration, server));
  return written2.map((listener) => {
    if (listener.kind === "unix") return listener;
    const group = sameSocket(written2, listener);
    return {
      ...listener,
      tls: group.some((one) => one.tls),
      proxyProtocol: group.some((one) => one.proxyProtocol)
    };
  });
}
function sameSocket(all, one) {
  return all.filter(
    (other) => other.kind === "port" && other.address === one.address && other.port === one.port && other.quic === one.quic
  );
}
function serverFor(group, host) {
  const servers = group.map((listener) => listener.server);
  const fits2 = (test) => servers.find((server) => namesOf(server).some(test));
  const wildcards = servers.flatMap((server) => namesOf(server).map((name) => ({ name, server })));
  const longest = wildcards.filter(({ name }) => wildcardFits(name, host)).toSorted((one, other) => rank(other.name) - rank(one.name))[0];
  return fits2((name) => name === host) ?? longest?.server ?? fits2((name) => name.startsWith("~") && (regularExpression(name.slice(1), "i")?.test(host) ?? false)) ?? group.find((listener) => listener.isDefault)?.server ?? servers[0];
}
function literalName(server) {
  const names = namesOf(server).map((name) => name.startsWith(".") ? name.slice(1) : name);
  return names.find((name) => /^[^*~$_][^*$]*$/.test(name) && !name.startsWith("~"));
}
function listensOf(configuration, server) {
  const listens = childrenNamed(server.directive, "listen").map(({ args }) => args);
  const on = (name) => effective(configuration, server, name)?.args[0] === "on";
  const [old, http2] = [on("ssl"), on("http2")];
  return (listens.length > 0 ? listens : [["80"]]).map(([written2 = "", ...parameters]) => {
    const bare = /^\d+(-\d+)?$/.test(written2);
    const address = parseAddress((bare ? `*:${written2}` : written2).replace(/(:\d+)-\d+$/, "$1"));
    if (address.kind === "unix") return { kind: "unix", server, path: address.path };
    return {
      kind: "port",
      server,
      address: address.host === "0.0.0.0" ? "*" : address.host,
      port: address.port,
      tls: old || parameters.includes("ssl"),
      proxyProtocol: parameters.includes("proxy_protocol"),
      http2: http2 || parameters.includes("http2"),
      quic: parameters.includes("quic") || parameters.includes("http3"),
      isDefault: parameters.includes("default_server") || parameters.includes("default")
    };
  });
}
function namesOf(server) {
  const names = childrenNamed(server.directive, "server_name").flatMap(({ args }) => args);
  return names.map((name) => name.startsWith("~") ? name : name.toLowerCase());
}
function wildcardFits(name, host) {
  if (name.startsWith(".")) return host === name.slice(1) || host.endsWith(name);
  if (name.startsWith("*.")) return host.endsWith(name.slice(1)) && host.length >= name.length;
  return name.endsWith(".*") && host.startsWith(name.slice(0, -1));
}
function rank(name) {
  return name.length + (name.endsWith(".*") ? 0 : 1e3);
}

// src/routers/nginx-clients.ts
function clientsOf(configuration, servers) {
  const blocks = servers.map(({ directive }) => directive);
  const all = listenersOf(configuration).filter((listener) => listener.kind === "port");
  const own = all.filter(({ server }) => blocks.includes(server.directive));
  if (own.some(({ quic }) => quic)) return { kind: "hidden", whose: "clients of HTTP/3" };
  const ports = [...new Set(own.map(({ port }) => port))];
  const multiplexed = (port) => all.some((listener) => listener.port === port && listener.http2);
  return { kind: "seen", ports: ports.map((port) => ({ port, multiplexed: multiplexed(port) })) };
}

// src/routers/nginx-public-route.ts
import { isIP as isIP2 } from "node:net";

// src/routers/nginx-reach.ts
var LONGEST = 10;
function reachOf(configuration, server, path, upstreams, steps = LONGEST) {
  const arrived = arrival(server, path);
  if (arrived.kind === "unknown") return "unknown";
  if (arrived.kind === "hidden") return arrived.directive.name === "return" ? "elsewhere" : "unknown";
  if (arrived.kind === "none") return followFiles(configuration, server, server.directive, upstreams, steps);
  if (redirectsToSlash(server.directive, path)) return "elsewhere";
  return within(configuration, server, arrived.location, path, upstreams, steps);
}
function returnsAt(server, path) {
  const arrived = arrival(server, path);
  if (arrived.kind === "unknown") return "unknown";
  return arrived.kind === "location" && returns(arrived.location) ? "upstream" : "elsewhere";
}
function within(configuration, server, location, path, upstreams, steps) {
  if (returns(location)) return "elsewhere";
  const rewritten = beforeBreak(location).some(({ name, args }) => {
    return name === "rewrite" && regularExpression(args[0] ?? "")?.test(path.replace(/\?.*$/s, "")) && args[2] !== "break";
  });
  if (rewritten) return "unknown";
  const passes2 = passesIn(server).filter((pass) => pass.deciding.includes(location));
  const own = passes2.find((pass) => location.block?.includes(pass.directive));
  if (own) return leads(configuration, own, upstreams);
  if (passes2.some((pass) => leads(configuration, pass, upstreams) !== "elsewhere")) return "unknown";
  const followed = followFiles(configuration, server, location, upstreams, steps);
  if (followed !== "elsewhere") return followed;
  const pages = [location, server.directive].flatMap((block) => childrenNamed(block, "error_page"));
  const fallbacks = pages.flatMap(({ args }) => namedLocation(server, args.at(-1) ?? "") ?? []);
  const caught = fallbacks.filter((fallback) => fallback !== location);
  return caught.some((fallback) => within(configuration, server, fallback, path, upstreams, 1) !== "elsewhere") ? "unknown" : "elsewhere";
}
function returns(location) {
  return beforeBreak(location).some(({ name }) => name === "return");
}
function leads(configuration, pass, upstreams) {
  const wanted = upstreams.map((name) => name.toLowerCase());
  const found2 = statesOf(pass.server).flatMap((state) => destinations(configuration, pass, state));
  if (found2.some((to) => wanted.includes(to))) return "upstream";
  return found2.some((to) => to.includes("$")) ? "unknown" : "elsewhere";
}
function followFiles(configuration, server, block, upstreams, steps) {
  const last = childrenNamed(block, "try_files")[0]?.args.at(-1);
  if (last === void 0 || last.startsWith("=") || steps <= 1) return "elsewhere";
  const named = namedLocation(server, last);
  if (named) return within(configuration, server, named, last, upstreams, steps - 1);
  const path = last.replace(/\?.*$/s, "");
  return path.includes("$") ? "unknown" : reachOf(configuration, server, path, upstreams, steps - 1);
}
function redirectsToSlash(block, path) {
  const plain = path.replace(/\?.*$/s, "");
  const locations = childrenNamed(block, "location");
  const exact = locations.some(({ args }) => args.join("").replace(/^=/, "") === plain && args.join("").startsWith("="));
  const slashed = locations.find(({ args }) => args.join("").replace(/^\^~/, "") === `${plain}/`);
  return !exact && (slashed?.block?.some(({ name }) => /^(?:proxy|grpc|fastcgi|uwsgi|scgi|memcached)_pass$/.test(name)) ?? false);
}

// src/routers/nginx-public-route.ts
function unusableSentence({ listener, server, reason }) {
  return `${listener} of ${server} ${REASONS2[reason]}`;
}
var REASONS2 = {
  "unix-socket": "is a unix socket",
  "proxy-protocol": "wants the PROXY protocol",
  "client-certificate": "wants a client certificate",
  "refuses-handshake": "refuses the TLS handshake",
  http3: "speaks HTTP/3 only",
  "not-published": "is not published by the container of Nginx",
  "container-loopback": "is the loopback of Nginx's own container"
};
function publicRoutes(configuration, servers, { healthPath, upstreams, publishedPorts: publishedPorts2 }) {
  const reach = (server) => reachOf(configuration, server, healthPath, upstreams);
  return routes(configuration, servers, healthPath, reach, publishedPorts2);
}
function markerRoutes(configuration, server, publishedPorts2) {
  return routes(configuration, [server], markerPath, (block) => returnsAt(block, markerPath), publishedPorts2);
}
function routes(configuration, servers, path, reach, ports) {
  const all = listenersOf(configuration);
  const wanted = new Set(servers.map((server) => server.directive));
  const results = all.filter((listener) => wanted.has(listener.server.directive)).flatMap((listener) => {
    const { server } = listener;
    const about = { server: serverTitle(configuration, server), file: server.directive.file };
    const reason = whyUnusable(configuration, listener, ports);
    if (reason) return [{ ...about, listener: spelling(listener), reason }];
    if (listener.kind === "unix") return [];
    const host = literalName(server) ?? "localhost";
    return doors(listener, ports).map(({ address, port }) => {
      const group = answering(all, listener, address, ports !== void 0);
      const chosen = serverFor(group, host)?.directive === server.directive;
      const tls = group.some((one) => one.tls);
      return { ...about, address, port, host, tls, path, reaches: chosen ? reach(server) : "elsewhere" };
    });
  });
  const usable2 = results.filter((result) => "address" in result);
  const distinct2 = new Map(usable2.map((route) => [`${route.address} ${route.port} ${route.host}`, route]));
  return {
    routes: [...distinct2.values()].toSorted((one, other) => cost(one) - cost(other)),
    unusable: results.filter((result) => "reason" in result)
  };
}
function whyUnusable(configuration, listener, ports) {
  if (listener.kind === "unix") return "unix-socket";
  if (listener.quic) return "http3";
  if (listener.proxyProtocol) return "proxy-protocol";
  const setting = (name) => effective(configuration, listener.server, name)?.args[0];
  if (listener.tls && setting("ssl_verify_client") === "on") return "client-certificate";
  if (listener.tls && setting("ssl_reject_handshake") === "on") return "refuses-handshake";
  if (!ports) return void 0;
  if (isLoopback2(listener.address)) return "container-loopback";
  return ports.some((port) => port.container === listener.port) ? void 0 : "not-published";
}
function doors(listener, ports) {
  if (!ports) return [{ address: reachable(listener.address), port: listener.port }];
  const published2 = ports.filter((port) => port.container === listener.port);
  return published2.map(({ address, port }) => ({ address: reachable(address), port }));
}
function answering(all, listener, address, inContainer2) {
  const exact = inContainer2 ? [] : sameSocket(all, { ...listener, address });
  return exact.length > 0 ? exact : sameSocket(all, listener);
}
function reachable(address) {
  const bare = address.replace(/^\[(.*)\]$/, "$1");
  if (bare === "*" || bare === "" || bare === "0.0.0.0") return "127.0.0.1";
  return bare === "::" ? "::1" : bare;
}
function isLoopback2(address) {
  return address === "::1" || address === "localhost" || address.startsWith("127.");
}
function spelling(listener) {
  if (listener.kind === "unix") return `unix:${listener.path}`;
  return isIP2(listener.address) === 6 ? `[${listener.address}]:${listener.port}` : `${listener.address}:${listener.port}`;
}
var byReach = { upstream: 0, unknown: 4, elsewhere: 8 };
function cost(route) {
  return byReach[route.reaches] + (route.tls ? 0 : 2) + (isIP2(route.address) === 6 ? 1 : 0);
}

// src/routers/nginx-switch-assessment.ts
function assessSwitch(configuration, found2, place) {
  const markers = found2.servers.map((server) => markerOf(configuration, server, place.publishedPorts));
  const askable = markers.filter((marker) => marker !== void 0);
  const drift = [
    ...namedFaults(found2),
    ...found2.bypasses.map(
      ({ position, pass, server, location }) => `\`${pass}\` in ${position} (server ${server}${location && `, location ${location}`}) goes round the switch. Pass to the variable that the switch sets, as the other locations do.`
    ),
    ...found2.servers.flatMap((server) => serverFaults(server, place.upstream)),
    ...folderFaults(configuration, found2, place)
  ];
  if (askable.length === 0 && found2.servers.every(({ marker, hiddenBy: hiddenBy2 }) => marker.kind !== "absent" && !hiddenBy2)) {
    const why = found2.servers.flatMap(
      ({ server }) => markerRoutes(configuration, server, place.publishedPorts).unusable.map(unusableSentence)
    );
    drift.push(
      `No listener of a server block with the switch can be asked from the proxy host, so that no flip could be proven${why.length > 0 ? `: ${why.join("; ")}` : ""}. ${place.publishedPorts ? "Publish its port on 127.0.0.1 of the host" : "Add `listen 127.0.0.1:\u2026` to it"}.`
    );
  }
  if (drift.length > 0) return refusal(...drift.map((sentence2) => new Failure("drift", sentence2)));
  const names = pairNames(place.upstream);
  const present = place.state.kind === "usable" ? place.state.files : /* @__PURE__ */ new Set();
  const facts = {
    files: { directory: place.stateDirectory, backed: found2.backed !== void 0, present },
    names: { blue: names.blue, green: names.green },
    proxy: place.proxy,
    markers: askable,
    clients: place.publishedPorts ? { kind: "hidden", whose: "clients of a container" } : clientsOf(
      configuration,
      found2.servers.map(({ server }) => server)
    )
  };
  return usable(facts, [...unasked(found2, markers), ...backedNotes(found2)]);
}
function missingSentence(missing) {
  switch (missing.kind) {
    case "upstream":
      return `The upstream \`${missing.name}\` of the switch is missing.`;
    case "one-server":
      return `The upstream \`${missing.upstream}\` of the switch needs exactly one server line, and has ${missing.addresses.join(", ") || "none"}.`;
    case "two-addresses":
      return `Both colors' upstreams of the switch name ${missing.address}; give each its own.`;
    case "choice":
      return "No server block passes requests to the upstream that the switch file chooses.";
    case "blue-by-default":
      return `The server block ${missing.server} chooses green without a file, and blue by ${missing.file}; it must be the other way round.`;
    case "file-name":
      return `The server block ${missing.server} asks for ${missing.file}; the switch file must be called \`green\`.`;
    case "one-file":
      return `Server blocks ask for different switch files: ${missing.files.join(", ")}; all must ask for the same.`;
  }
}
function markerOf(configuration, server, ports) {
  const route = markerRoutes(configuration, server.server, ports).routes.find(({ reaches }) => reaches === "upstream");
  if (route === void 0) return void 0;
  const { address, port, host, tls } = route;
  return {
    server: server.title,
    request: { address, port, path: markerPath, host, ...tls && { tls: { serverName: host, verify: false } } }
  };
}
function serverFaults({ title, marker, hiddenBy: hiddenBy2, openFileCache: openFileCache2 }, upstream) {
  const variable = upstream.replace(/[^A-Za-z0-9_]/g, "_");
  const line = `location = ${markerPath} { default_type text/plain; return 200 "$${variable}_upstream\\n"; }`;
  const faults = [];
  if (marker.kind === "absent")
    faults.push(
      `The server block ${title} uses the switch without \`${markerPath}\`, so that no flip of it could be proven. Add: ${line}`
    );
  if (marker.kind === "wrong")
    faults.push(
      `\`${markerPath}\` of the server block ${title} does not say which upstream it chooses (\`return ${marker.says}\`). Write: ${line}`
    );
  if (hiddenBy2 !== void 0) {
    faults.push(
      `\`${[hiddenBy2.name, ...hiddenBy2.args].join(" ")}\` in the server block ${title} answers before \`${markerPath}\` can. Put it into a \`location / { \u2026 }\`.`
    );
  }
  if (openFileCache2 !== void 0) {
    faults.push(
      `\`open_file_cache ${openFileCache2.join(" ")}\` holds in the server block ${title}, so that Nginx would not notice a flip. Add \`open_file_cache off;\` to that server block.`
    );
  }
  return faults;
}
function namedFaults({ namedServers }) {
  if (namedServers.length === 0) return [];
  const names = namedServers.map((name) => `\`${name}\``).join(" and ");
  return [
    `The upstreams of the colors name ${names}, which Nginx resolves only when it loads: after a new start of the container somebody else may sit at the old address. Publish the port on 127.0.0.1 and name that address, or give the service an \`ipv4_address\`, or add \`resolve\` (Nginx 1.27.3 and later).`
  ];
}
function folderFaults(configuration, found2, place) {
  const { disk, stateDirectory } = place;
  if (disk === "unknown") return [];
  const inNginx = found2.green.slice(0, found2.green.lastIndexOf("/"));
  const asked = disk === "of the host" ? inNginx : onHost(disk, inNginx);
  if (asked === void 0 && typeof disk === "object") {
    return [
      `Nginx looks for the switch files in ${inNginx} of its container ${disk.name}, which is not mounted from the host. Mount the state directory there (\`volumes: ["${stateDirectory}:${inNginx}:ro"]\`), and make that container anew once.`
    ];
  }
  if (asked !== stateDirectory) {
    return [
      `Nginx looks for the switch files in ${asked}, and the state directory is ${stateDirectory}. Set \`state-directory: ${asked}\`, or change the configuration.`
    ];
  }
  const worker = configuration.main.find(({ name }) => name === "user")?.args[0] ?? "nobody";
  const seen2 = (folder2) => disk === "of the host" || disk.mounts.some(({ source }) => isWithin(folder2, source));
  const path = place.state.kind === "usable" ? place.state.path.filter((folder2) => seen2(folder2.path)) : [];
  const closed = closedFolder(path, worker);
  if (closed === void 0) return [];
  return [
    `The Nginx workers (user ${worker}) cannot pass through ${closed.path} (owner ${closed.owner}, mode ${closed.mode.toString(8).padStart(4, "0")}), so that they would never see the switch file. Run: sudo chmod o+x ${closed.path}`
  ];
}
function isWithin(path, folder2) {
  return path === folder2 || path.startsWith(`${folder2}/`);
}
function unasked(found2, markers) {
  return found2.servers.filter((_, i) => markers[i] === void 0).map(({ title }) => `Not proven: the server block ${title} has no listener that can be asked from the proxy host.`);
}
function backedNotes({ backed, backedFaults }) {
  if (backed !== void 0) return [];
  if (backedFaults.length > 0)
    return [
      "The `backed` half of the switch is there but not complete, and is not used: while the new color is watched, its own crash would lose requests."
    ];
  return ["The switch has no `backed` half: while the new color is watched, its own crash would lose requests."];
}

// src/routers/nginx-switch-changes.ts
var DEADLINE2 = 1e4;
function readySwitch({ directory, backed, present }) {
  const missing = [...backed ? ["backed"] : [], "green"].filter(
    (name) => !present.has(name) && !present.has(`${name}.off`)
  );
  if (missing.length === 0 && !present.has("backed")) return [];
  return [
    {
      kind: "change",
      phase: "prepare",
      title: "Ready the switch files",
      on: "all proxies",
      reason: "state-directory",
      effect: {
        does: [
          ...missing.map((name) => `Makes ${directory}/${name}.off, empty`),
          ...present.has("backed") ? [`Puts ${directory}/backed away`] : []
        ].join("; "),
        ...missing.length > 0 && { undoes: "Removes what it made" }
      },
      do: {
        shell: lines(
          sh`set -e; cd ${directory}`,
          ...missing.map((name) => sh`[ -e ${name} ] || { : > ${`${name}.off`}; chmod 0644 ${`${name}.off`}; }`),
          putAway("backed")
        ),
        deadline: DEADLINE2
      },
      ...missing.length > 0 && {
        undo: {
          shell: lines(
            sh`[ -d ${directory} ] || exit 0`,
            sh`cd ${directory} && rm -f ${missing.map((name) => `${name}.off`)}`
          ),
          deadline: DEADLINE2
        }
      }
    }
  ];
}
function flipSwitch({ directory, backed }, from, to, asked) {
  const cover = backed ? [bring("backed")] : [];
  const uncover = backed ? [putAway("backed")] : [];
  return {
    kind: "change",
    phase: "traffic",
    title: `Flip the switch from ${from} to ${to}`,
    on: "all proxies",
    reason: "flip-without-effect",
    effect: {
      does: backed ? "Covers the flip by the previous color, and renames the switch file" : "Renames the switch file",
      undoes: "Renames it back, once the previous color answers",
      files: renamed(directory, to, cover.length > 0)
    },
    // Covered first: there is no moment in which the new color is asked, and nobody else where it fails.
    do: { shell: lines(sh`cd ${directory} || exit 1`, ...cover, choose(to)), deadline: DEADLINE2 },
    undo: { shell: lines(sh`cd ${directory} || exit 1`, choose(from), ...uncover), deadline: DEADLINE2 },
    byHand: sh`cd ${directory} && { ${renames(from, backed)} }`.text,
    proof: seen(asked(to)),
    restored: seen(asked(from))
  };
}
function settleSwitch({ directory, backed }) {
  if (!backed) return [];
  return [
    {
      kind: "change",
      phase: "retire",
      title: "Stop falling back to the previous color",
      on: "all proxies",
      reason: "command-failed",
      effect: {
        does: "Puts the file `backed` away",
        files: [{ kind: "renamed", path: `${directory}/backed`, to: `${directory}/backed.off` }]
      },
      do: { shell: lines(sh`cd ${directory} || exit 1`, putAway("backed")), deadline: DEADLINE2 }
    }
  ];
}
function renamed(directory, to, backed) {
  const [on, off] = [`${directory}/green`, `${directory}/green.off`];
  const [path, next] = to === "green" ? [off, on] : [on, off];
  const cover = { kind: "renamed", path: `${directory}/backed.off`, to: `${directory}/backed` };
  return [...backed ? [cover] : [], { kind: "renamed", path, to: next }];
}
function seen(questions) {
  return {
    kind: "until",
    probe: { questions, successes: 5, interval: 200, spacing: 0, deadline: DEADLINE2 },
    reason: "flip-without-effect"
  };
}
function renames(color, backed) {
  const flip = color === "green" ? sh`mv green.off green;` : sh`mv green green.off;`;
  return backed ? sh`${flip} mv backed backed.off;` : flip;
}
function choose(color) {
  return color === "green" ? bring("green") : putAway("green");
}
function bring(name) {
  return sh`[ -e ${name} ] || mv -f ${`${name}.off`} ${name} || exit 1`;
}
function putAway(name) {
  return sh`[ ! -e ${name} ] || mv -f ${name} ${`${name}.off`} || exit 1`;
}

// src/routers/nginx-switch-router.ts
var MARKER_TIMEOUT = 5e3;
var SPARE2 = 2e4;
var OK = [[200, 200]];
function switchRouter(facts, ask) {
  const asked = (color) => facts.markers.map((marker) => ({
    ...markerQuestion(facts, marker),
    expect: {
      status: OK,
      match: { kind: "pattern", source: `^${escaped(facts.names[color])}(_backed)?$`, flags: "m" }
    }
  }));
  return {
    how: "switch",
    current: (signal) => current(facts, ask, signal),
    change: (from, to) => [flipSwitch(facts.files, whole(from), whole(to), asked)],
    ready: () => readySwitch(facts.files),
    settle: () => settleSwitch(facts.files),
    drain: (_color, duration) => [
      { on: "all proxies", script: { shell: drainClients(facts.clients, duration), deadline: duration + SPARE2 } }
    ]
  };
}
function whole(split) {
  return split.green === 100 ? "green" : "blue";
}
async function current(facts, ask, signal) {
  const said = await Promise.all(
    facts.markers.map(async (marker) => {
      const question = markerQuestion(facts, marker);
      const answer = await answerOf(question, ask, MARKER_TIMEOUT, signal);
      if (typeof answer === "string") return { marker, color: void 0, why: answer };
      const lines2 = answer.body.split(/\r?\n/).map((line) => line.trim().replace(/_backed$/, ""));
      const color = answer.status === 200 ? COLORS.find((each) => lines2.includes(facts.names[each])) : void 0;
      return { marker, color, why: `${question.title} answered ${answer.status}: ${lines2[0]?.slice(0, 80) ?? ""}` };
    })
  );
  const silent = said.find(({ color }) => color === void 0);
  if (silent !== void 0)
    return {
      kind: "absent",
      why: `The server block ${silent.marker.server} does not say which color it chooses. ${silent.why}`
    };
  const [first, ...others] = said;
  const other = others.find(({ color }) => color !== first?.color);
  if (first?.color === void 0) return { kind: "absent", why: "No server block can be asked for `/.blue-green`" };
  if (other === void 0) return { kind: "color", color: first.color };
  const why = `The server block ${first.marker.server} chooses ${first.color}, and ${other.marker.server} chooses ${other.color}`;
  return { kind: "foreign", why };
}
function markerQuestion({ proxy }, { server, request }) {
  return { title: `${request.path} of ${server}`, from: proxy, request, expect: { status: OK } };
}
function escaped(text2) {
  return text2.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

// src/routers/nginx-switch-blind.ts
function blindSwitch(place, url, why) {
  const { proxy, nginx, state, services } = place;
  const [blue, green] = COLORS.map((color) => services[color].places[0]);
  if (blue === void 0 || green === void 0) {
    return refusal(
      new Failure(
        "nginx-refused",
        `Nginx cannot be read on ${proxy} (${why}), and the compose file does not say where it reaches the colors. Set \`blue-address\` and \`green-address\`.`
      )
    );
  }
  const names = pairNames(nginx.upstream);
  const tls = url.protocol === "https:";
  const request = {
    address: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(url.port) || (tls ? 443 : 80),
    path: markerPath,
    host: url.host,
    ...tls && { tls: { serverName: url.hostname, verify: false } }
  };
  const present = state.kind === "usable" ? state.files : /* @__PURE__ */ new Set();
  const facts = {
    files: { directory: nginx.stateDirectory, backed: present.has("backed") || present.has("backed.off"), present },
    names: { blue: names.blue, green: names.green },
    proxy,
    markers: [{ server: url.host, request }],
    // Over TLS it may be HTTP/2.
    clients: { kind: "seen", ports: [{ port: request.port, multiplexed: tls }] }
  };
  return usable({ router: (ask) => switchRouter(facts, ask), addresses: { blue, green }, servers: [], upstreams: [] }, [
    `Not proven: Nginx could not be read on ${proxy} (${why}), so that only ${url.host}${markerPath} says which color it chooses.`
  ]);
}

// src/routers/nginx-switch-memory.ts
function rememberSwitch({ seen: seen2, addresses }, route) {
  if (seen2 === void 0) return void 0;
  const { files, names, markers, clients } = seen2;
  const memory = {
    ...{ backed: files.backed, names, markers, clients, addresses },
    route: { title: route.title, byRunner: route.from === "runner", request: route.request }
  };
  return JSON.stringify(memory);
}
function recallSwitch(state, directory, proxy) {
  const memory = state.kind === "usable" && state.lastSwitch !== void 0 ? parsed(state.lastSwitch) : void 0;
  if (memory === void 0 || state.kind !== "usable") return void 0;
  const { backed, names, markers, clients, addresses, route } = memory;
  const files = { directory, backed, present: state.files };
  const facts = { files, names, proxy, markers, clients };
  const { title, byRunner, request } = route;
  return {
    router: (ask) => switchRouter(facts, ask),
    addresses,
    servers: [],
    upstreams: [],
    route: { title, from: byRunner ? "runner" : proxy, request, expect: { status: [] } }
  };
}
function parsed(text2) {
  try {
    const found2 = JSON.parse(text2);
    return isMemory(found2) ? found2 : void 0;
  } catch {
    return void 0;
  }
}
function isMemory(found2) {
  if (typeof found2 !== "object" || found2 === null) return false;
  return ["names", "markers", "clients", "addresses", "route"].every(
    (key) => typeof Reflect.get(found2, key) === "object"
  );
}

// src/routers/nginx-unread.ts
function assessUnread(seen2, place) {
  const { nginx, proxy } = place;
  if (seen2.kind === "refused") {
    const told = `Nginx on ${proxy} refuses the configuration on disk: ${seen2.why}.`;
    const last = place.goingBack && nginx.flip !== "reload" ? lastSeen(place, seen2.why) : void 0;
    if (last === void 0) return refusal(new Failure("nginx-refused", `${told} ${refusedMend(seen2.why)}`));
    return usable({ ...last, warning: `${told} ${refusedMend(seen2.why)}` });
  }
  const why = seen2.kind === "stopped" ? "it does not run" : seen2.why;
  if (nginx.flip !== "reload" && place.url !== void 0 && nginx.stateDirectoryGiven)
    return blindSwitch(place, place.url, why);
  if (seen2.kind === "stopped") return refusal(new Failure("nginx-refused", `Nginx does not run on ${proxy}. Start it.`));
  return refusal(
    new Failure(
      "nginx-refused",
      `Nginx does not show its configuration on ${proxy}: ${seen2.why}. ${unavailableMend(place)}`
    )
  );
}
function lastSeen(place, why) {
  const { state, nginx, proxy, url } = place;
  const last = recallSwitch(state, nginx.stateDirectory, proxy);
  if (last !== void 0 || url === void 0 || !nginx.stateDirectoryGiven) return last;
  return blindSwitch(place, url, why).value;
}
function refusedMend(why) {
  return /host not found in upstream/.test(why) ? "A name of a container is known only while it runs: start it (`docker compose up -d` and the service), so that `nginx -t` passes. Nginx would not come back from a restart as it is." : "Mend that file, and see that `nginx -t` passes: Nginx would not come back from a restart as it is.";
}
function unavailableMend({ proxy, nginx }) {
  if (nginx.command !== void 0) {
    return `See that \`${nginx.command} -T\` works for ${userOf(proxy)} in \`directory\` and its container runs, or correct \`nginx\`.`;
  }
  return `Let the user run it (sudoers: \`${userOf(proxy)} ALL=(root) NOPASSWD: /usr/sbin/nginx -T, /usr/sbin/nginx -t, /usr/sbin/nginx -s reload\`), or correct \`nginx\`.`;
}
function userOf(host) {
  return host.slice(0, host.lastIndexOf("@"));
}

// src/routers/nginx.ts
function assessNginx(seen2, place) {
  const { nginx } = place;
  if (seen2.kind !== "read") return assessUnread(seen2, place);
  const { configuration } = seen2;
  const stale = loadedFault(seen2, place);
  const found2 = findSwitch(configuration, nginx.upstream);
  const way = nginx.flip === "auto" ? chosenWay(found2.kind, findUpstream(configuration, nginx.upstream) !== void 0) : nginx.flip;
  if (way === "reload") return withFault(stale, assessByReload(seen2, place));
  if (found2.kind === "switch") return withFault(stale, assessBySwitch(seen2, found2, place));
  const missing = found2.kind === "none" ? [
    `Nginx has no pair of upstreams \`${nginx.upstream}_blue\` and \`${nginx.upstream}_green\`. Set \`upstream\`, or \`flip: reload\`.`
  ] : found2.missing.map(missingSentence);
  return refusal(...missing.map((sentence2) => new Failure("drift", sentence2)));
}
function chosenWay(found2, plain) {
  if (found2 === "switch") return "switch";
  return found2 === "none" || plain ? "reload" : "switch";
}
function assessBySwitch(seen2, found2, place) {
  const { configuration } = seen2;
  const published2 = publishedPorts(seen2);
  const { refusals, notes, value } = assessSwitch(configuration, found2, {
    upstream: place.nginx.upstream,
    stateDirectory: place.nginx.stateDirectory,
    state: place.state,
    proxy: place.proxy,
    disk: seen2.container ?? (whereabouts(place.nginx.command).kind === "host" ? "of the host" : "unknown"),
    ...published2 && { publishedPorts: published2 }
  });
  const wrong = COLORS.filter(
    (color) => !found2.namedServers.some((name) => sameAddress(name, found2.addresses[color]))
  ).flatMap((color) => misplaced(color, found2.addresses[color], place, published2 !== void 0));
  if (value === void 0 || wrong.length > 0) return refusal(...refusals, ...wrong);
  const names = pairNames(place.nginx.upstream);
  return usable(
    {
      router: (ask) => switchRouter(value, ask),
      addresses: placesOf(found2.addresses, place, published2 !== void 0),
      servers: found2.servers.map(({ server }) => server),
      upstreams: [names.blue, names.green, names.blueBacked, names.greenBacked],
      configuration,
      seen: value,
      ...published2 && { publishedPorts: published2 }
    },
    [...notes, ...unseenNotes(seen2)]
  );
}
function assessByReload(seen2, place) {
  const { configuration, files, loaded, container } = seen2;
  const { nginx } = place;
  const published2 = publishedPorts(seen2);
  const apart = published2 !== void 0;
  const lines2 = (findUpstream(configuration, nginx.upstream)?.servers ?? []).map(({ address }) => address);
  const { blue, green } = colorAddresses(lines2, place.services, nginx.addresses, apart);
  if (blue === void 0 || green === void 0) {
    const lacking = COLORS.filter((color) => (color === "blue" ? blue : green) === void 0);
    return refusal(...lacking.map((color) => new Failure("drift", nowhere(color, apart))));
  }
  const addresses = placesOf({ blue, green }, place, apart);
  const { refusals, notes, value } = assessReload(configuration, {
    proxy: place.proxy,
    upstream: nginx.upstream,
    stateDirectory: nginx.stateDirectory,
    addresses: { blue, green },
    places: addresses,
    ...nginx.file !== void 0 && { file: nginx.file },
    files,
    user: place.state.user,
    loaded,
    nginx: place.run,
    ...container && { container: container.name }
  });
  const stopped = place.previous === "keep" ? [] : stoppedNames(containerNames(lines2, apart));
  if (value === void 0 || stopped.length > 0) return refusal(...refusals, ...stopped);
  return usable(
    {
      router: (ask) => reloadRouter(value, ask),
      addresses,
      servers: serversUsing(configuration, nginx.upstream),
      upstreams: [nginx.upstream],
      configuration,
      ...published2 && { publishedPorts: published2 }
    },
    [...notes, ...unseenNotes(seen2)]
  );
}
function misplaced(color, address, place, apart) {
  const { services, nginx } = place;
  const given = nginx.addresses[color];
  if (given === void 0 ? isPlacedAt(services[color], address, apart) !== false : sameAddress(given, address))
    return [];
  const { places, fixedAddresses, names } = services[color];
  const known = apart ? `in the network of its container that is ${[...fixedAddresses, ...names].join(", ")}` : `the compose file puts ${color} at ${places.map(written).join(", ")}`;
  const where = given === void 0 ? known : `\`${color}-address\` says ${given}`;
  return [new Failure("drift", `The switch reaches ${color} at ${address}, and ${where}. Make the two agree.`)];
}
function placesOf(addresses, { services }, apart) {
  const of = (color) => placeOf(addresses[color], services[color], apart);
  return { blue: of("blue"), green: of("green") };
}
function publishedPorts({ container }) {
  return container === void 0 || container.hostNetwork ? void 0 : container.ports;
}
function unseenNotes({ loaded }) {
  if (loaded.kind !== "unknown") return [];
  return [`Not proven: that Nginx has loaded what \`nginx -T\` shows, since ${loaded.why}.`];
}
function loadedFault({ loaded }, { proxy, nginx }) {
  if (loaded.kind === "not-running") return new Failure("nginx-refused", `Nginx does not run on ${proxy}. Start it.`);
  if (loaded.kind !== "changed-since") return void 0;
  const command = nginx.command ?? "nginx";
  return new Failure(
    "drift",
    `The configuration on disk is not the one that Nginx on ${proxy} has loaded: ${loaded.files.join(", ")} changed since. Run \`${command} -t\` and \`${command} -s reload\` at a quiet time, or put the file back.`
  );
}
function withFault(fault2, assessed) {
  return fault2 === void 0 ? assessed : refusal(fault2, ...assessed.refusals);
}

// src/routers/nginx-observation.ts
var SLACK = 0.05;
function nginxFunction(directory, command) {
  if (command !== void 0) return sh`run_nginx() { ( cd ${directory} && ${userCommand(command)} "$@" ); }`;
  return lines(
    sh`PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin`,
    sh`if [ "$(id -u)" != 0 ] && sudo -n -l nginx -T >/dev/null 2>&1; then`,
    sh`  run_nginx() { sudo -n nginx "$@"; }`,
    sh`else`,
    sh`  run_nginx() { nginx "$@"; }`,
    sh`fi`
  );
}
var OWN = sh`own() {
  while read -r file; do
    set -- $(sed -n 's/^NSpid:[[:space:]]*//p' "\${file%/cmdline}/status" 2>/dev/null)
    [ $# -gt 1 ] || printf '%s\\n' "$file"
  done
}`;
function beforeNginxQuestions(directory, command) {
  const where = whereabouts(command);
  return lines(
    nginxFunction(directory, command),
    where.kind === "host" ? lines(
      OWN,
      sh`runs() { [ ! -r /proc/1/cmdline ] || [ -n "$(grep -lsaE '^nginx: master process' /proc/[0-9]*/cmdline | own)" ]; }`
    ) : sh`own() { cat; }; runs() { :; }`,
    sh`if runs; then dump=$(run_nginx -T 2>/dev/null; printf 'x%s' "$?"); else dump=x0; fi`,
    where.kind === "container" ? lines(sh`container=$( cd ${directory} && {`, where.query, sh`} 2>/dev/null </dev/null )`) : sh`container=`,
    where.kind === "host" ? sh`on_host() { printf '%s\\n' "$1"; }; in_container=` : sh`in_container=1`,
    where.kind === "host" ? sh`` : defineOnHost
  );
}
function nginxQuestions(file) {
  const given = file === void 0 ? sh`` : sh`printf 'given %s\\n' ${file};`;
  return {
    nginx: sh`printf '%s' "\${dump%x*}"; exit "\${dump##*x}"`,
    nginxError: sh`case $dump in *x0) ;; *) run_nginx -t ;; esac`,
    nginxFiles: lines(
      // The uptime first: what passes between the two must never make a file look newer than the workers.
      sh`read -r uptime rest < /proc/uptime; printf 'now %s\\n' "$(date +%s.%N)"`,
      sh`printf 'uptime %s %s\\n' "$uptime" "$(getconf CLK_TCK 2>/dev/null || echo 100)"`,
      sh`{ ${given} printf '%s\\n' "$dump" | sed -n 's/^# configuration file \\(.*\\):$/seen \\1/p'; } | while read -r how path; do`,
      sh`  case $how in given) file=$path ;; *) file=$(on_host "$path") ;; esac`,
      sh`  stat -L -c "file %Y %y : %n" "$file" 2>/dev/null || continue`,
      sh`  printf 'as %s\\n' "$path"`,
      sh`  [ ! -r "$file" ] || { sum=$(sha256sum < "$file"); printf 'sum %s\\n' "\${sum%% *}"; }`,
      sh`  [ ! -w "$file" ] || echo writable`,
      sh`done`
    ),
    nginxProcesses: lines(
      sh`for file in $(grep -lsaE 'nginx: (master|worker) process' /proc/[0-9]*/cmdline | own); do`,
      sh`  process=\${file%/cmdline}; title=$(tr '\\000' ' ' < "$file" 2>/dev/null)`,
      sh`  case $title in nginx:*) ;; *) continue ;; esac`,
      sh`  { read -r line < "$process/stat"; } 2>/dev/null || continue`,
      sh`  set -- \${line##*) }; printf 'process %s %s %s %s\\n' "\${process#/proc/}" "$2" "\${20}" "$title"`,
      sh`done`
    ),
    nginxPid: lines(
      sh`[ -z "$in_container" ] || { echo elsewhere; exit 0; }`,
      sh`file=$(printf '%s\\n' "$dump" | sed -n 's/^[[:space:]]*pid[[:space:]]\\{1,\\}\\([^;]*\\);.*/\\1/p' | head -n 1)`,
      sh`file=\${file:-/run/nginx.pid}`,
      // `nginx -T` leaves an empty one. Where `hidepid` hides the processes of others, not seeing one says nothing.
      sh`if [ ! -s "$file" ] && [ -r /proc/1/cmdline ]; then echo none; else cat "$file"; fi`
    ),
    nginxContainer: sh`printf '%s\\n' "$container"`
  };
}
function readNginx(said, known) {
  if (said.nginx?.code === 0 && said.nginx.stdout === "") return { kind: "stopped" };
  if (said.nginx?.code !== 0) {
    const words = said.nginxError?.stderr || "nginx -T printed nothing";
    const fault2 = configurationFault(words);
    if (fault2 !== void 0) return { kind: "refused", why: fault2 };
    return { kind: "unavailable", why: words.split("\n").slice(-4).join(" | ") };
  }
  const configuration = parseConfiguration(parseDump(said.nginx.stdout));
  const container = readContainer(said.nginxContainer?.stdout ?? "");
  const files = filesOnHost(said.nginxFiles?.stdout ?? "");
  const ages = [...files].filter(([, file]) => known === void 0 || file.sum !== known);
  return {
    kind: "read",
    configuration,
    files,
    loaded: readLoaded(processes(said), masterOf(processes(said), said.nginxPid?.stdout ?? "", container), ages),
    ...container && { container }
  };
}
var RECENT = 10;
function isChanging(seen2) {
  if (seen2.kind !== "read") return false;
  const { configuration, files, loaded } = seen2;
  const changed = loaded.kind === "changed-since" ? loaded.files : [];
  const shown = new Map(configuration.files.map(({ path, text: text2 }) => [path, text2]));
  return [...files].some(([path, { age, sum }]) => {
    const text2 = shown.get(path);
    const another = sum !== void 0 && text2 !== void 0 && sha256(text2) !== sum;
    return age < RECENT && (another || changed.includes(path));
  });
}
function configurationFault(words) {
  const faults = words.split("\n").flatMap((line) => /\[emerg\] (?:\d+#\d+: )?(.*)$/.exec(line)?.[1] ?? []);
  return faults.length === 0 || faults.some((fault2) => /permission denied/i.test(fault2)) ? void 0 : faults.join(" | ");
}
function masterOf(all, pidFile, container) {
  const masters = all.filter((process) => process.title.startsWith("nginx: master"));
  if (container !== void 0) {
    return masters.find(({ pid: pid2, parent }) => pid2 === container.pid || parent === container.pid) ?? "unknown";
  }
  const pid = Number.parseInt(pidFile, 10);
  if (!Number.isNaN(pid)) return masters.find((process) => process.pid === pid) ?? "not-running";
  const [only, ...others] = masters;
  if (only === void 0) return pidFile.trim() === "none" ? "not-running" : "unknown";
  return others.length === 0 && pidFile.trim() !== "elsewhere" ? only : "unknown";
}
function readLoaded(all, master, files) {
  if (master === "not-running") return { kind: "not-running" };
  if (master === "unknown") return { kind: "unknown", why: "its processes cannot be told from others" };
  const workers = all.filter(
    (process) => process.parent === master.pid && /^nginx: worker process\s*$/.test(process.title)
  );
  if (workers.length === 0) return { kind: "unknown", why: "its worker processes cannot be seen" };
  const age = Math.min(...workers.map((worker) => worker.age));
  const changed = files.filter(([, file]) => file.age + SLACK < age);
  if (changed.length === 0) return { kind: "loaded", master: master.pid };
  return { kind: "changed-since", master: master.pid, files: changed.map(([path]) => path) };
}
function processes(said) {
  const [, uptime = "0", ticks = "100"] = /^uptime (\S+) (\d+)/m.exec(said.nginxFiles?.stdout ?? "") ?? [];
  return [...(said.nginxProcesses?.stdout ?? "").matchAll(/^process (\d+) (\d+) (\d+) (.*)$/gm)].map(
    ([, pid, parent, start, title]) => ({
      pid: Number(pid),
      parent: Number(parent),
      age: Number(uptime) - Number(start) / Number(ticks),
      title: title ?? ""
    })
  );
}
function filesOnHost(text2) {
  const now = Number.parseFloat(/^now (\S+)/m.exec(text2)?.[1] ?? "");
  const found2 = text2.matchAll(
    /^file (\d+) [^:]*:[^:]*:\d\d(\.\d+)?.*? : (.*)\nas (.*)(?:\nsum (\S{64}))?(\nwritable)?$/gm
  );
  return new Map(
    [...found2].map(([, whole2, fraction, path = "", name = "", sum, writable]) => {
      const age = now - Number(whole2) - Number(fraction ?? 0);
      return [name, { path, age, writable: writable !== void 0, ...sum === void 0 ? {} : { sum } }];
    })
  );
}

// src/runtimes/compose-image.ts
var VERSION_VARIABLES = ["any", "blue", "green"];
var SENTINELS = {
  any: "bg-sentinel-any-5d1f07",
  blue: "bg-sentinel-blue-5d1f07",
  green: "bg-sentinel-green-5d1f07"
};
function variableName(variable, which) {
  return which === "any" ? variable : `${variable}_${which.toUpperCase()}`;
}
function sentinelEnvironment(variable) {
  return Object.fromEntries(VERSION_VARIABLES.map((which) => [variableName(variable, which), SENTINELS[which]]));
}
function variablesIn(text2) {
  return VERSION_VARIABLES.filter((which) => text2.includes(SENTINELS[which]));
}
function imageFor(pattern, version) {
  return VERSION_VARIABLES.reduce((image, which) => image.replaceAll(SENTINELS[which], version), pattern);
}
function versionIn(pattern, reference) {
  const parts = pattern.split(new RegExp(Object.values(SENTINELS).join("|")));
  if (parts.length < 2) return void 0;
  const [head = "", ...rest] = parts.map((part) => part.replace(/[^A-Za-z0-9]/g, "\\$&"));
  const tail = rest.map((part, i) => i === 0 ? `([A-Za-z0-9_][A-Za-z0-9_.-]*)${part}` : `\\1${part}`).join("");
  return new RegExp(`^${head}${tail}(?:@sha256:[0-9a-f]+)?$`).exec(reference)?.[1];
}

// src/runtimes/compose-containers.ts
function colorContainer(containers, project, service) {
  const [container] = serviceContainers(containers, project.name, service.name).toSorted(runningFirst);
  if (container === void 0) return void 0;
  const version = service.image === void 0 ? void 0 : versionIn(service.image, container.imageName);
  return { container, ...version === void 0 ? {} : { version } };
}
function serviceContainers(containers, project, service) {
  return containers.filter((each) => each.project === project && each.service === service && !each.oneOff);
}
function isRunning(container) {
  return ["running", "paused", "restarting"].includes(container.state.status);
}
function sitterAt(at, containers, project, services) {
  const running = containers.filter(isRunning);
  const named = at.container && serviceContainers(running, at.container.project, at.container.service)[0];
  if (at.container) return named === void 0 ? { kind: "no container" } : sitter(named, project, services);
  const container = running.find((each) => publishes(each.bindings, at)) ?? running.find((each) => each.addresses.includes(at.host));
  if (container !== void 0) return sitter(container, project, services);
  const onHost2 = running.filter((each) => each.networkMode === "host");
  return onHost2.length > 0 ? { kind: "host network", containers: onHost2 } : { kind: "no container" };
}
function matchProject(containers, project, services, directory) {
  const names = COLORS.map((color) => services[color].name);
  const alike = containers.filter((each) => names.includes(each.service) && !each.oneOff);
  if (alike.some((each) => each.project === project.name)) return { kind: "ours" };
  const other = alike.find((each) => each.workingDirectory === directory);
  if (other === void 0) return { kind: "nothing yet" };
  return {
    kind: "other project",
    project: other.project,
    sentence: `The container ${other.name} was started from ${directory} as part of the compose project \`${other.project}\`, but compose now calls the project \`${project.name}\`; set \`project-name: ${other.project}\`.`
  };
}
function sitter(container, project, services) {
  if (container.project === "") return { kind: "no project", container };
  if (container.project !== project.name) return { kind: "other project", project: container.project, container };
  const color = COLORS.find((each) => services[each].name === container.service && !container.oneOff);
  return color === void 0 ? { kind: "single", container } : { kind: "color", color, container };
}
function fitsStill(container, at, networks, places) {
  if (["paused", "removing", "dead"].includes(container.state.status)) return false;
  if (!container.networks.every((network) => networks.has(network))) return false;
  const named = places.some(({ host, port }) => host === at.host && port === at.port);
  return !named || container.published.length === 0 || publishes(container.published, at);
}
function publishes(bindings, at) {
  const host = at.host === "localhost" ? "127.0.0.1" : at.host;
  const everywhere = host.includes(":") ? ["", "::"] : ["", "0.0.0.0"];
  return bindings.some(
    (binding) => binding.port === at.port && (binding.address === host || everywhere.includes(binding.address))
  );
}
function runningFirst(one, other) {
  const order = Number(isRunning(other)) - Number(isRunning(one));
  return order !== 0 ? order : other.state.startedAt.localeCompare(one.state.startedAt);
}

// src/runtimes/compose-project.ts
var STOP_GRACE_PERIOD = 1e4;
function parseProject(json) {
  const model = parseJson(json, "What `docker compose config --format json` printed");
  const name = text(field(model, "name"));
  if (name === "")
    throw new Error("`docker compose config` names no project; set `name:` in the compose file, or `project-name`.");
  return {
    name,
    services: Object.entries(fields(field(model, "services"))).map(([key, value]) => parseService(key, value)),
    elsewhere: Object.entries(fields(model)).filter(([key, value]) => key !== "services" && !key.startsWith("x-") && usesOf(value).length > 0).map(([key]) => key),
    networks: new Map(
      Object.entries(fields(field(model, "networks"))).map(([key, network]) => [
        key,
        text(field(network, "name")) || `${name}_${key}`
      ])
    )
  };
}
function chooseColors(project, service, named = {}) {
  const pairs = ["_", "-"].map((joint) => ({
    blue: named.blue ?? `${service}${joint}blue`,
    green: named.green ?? `${service}${joint}green`
  }));
  const found2 = pairs.filter((pair2) => COLORS.every((color) => serviceNamed(project, pair2[color]) !== void 0));
  const [pair, second] = found2;
  const problem = (sentence2) => ({ kind: "problem", sentence: sentence2 });
  if (pair === void 0) return problem(missingColors(project, pairs));
  if (second !== void 0 && (second.blue !== pair.blue || second.green !== pair.green)) {
    return problem(
      `The compose project \`${project.name}\` has both \`${pair.blue}\` and \`${second.blue}\` pairs; say which one by \`blue-service\` and \`green-service\`.`
    );
  }
  const [blue, green] = [serviceNamed(project, pair.blue), serviceNamed(project, pair.green)];
  if (blue === void 0 || green === void 0) return problem(missingColors(project, pairs));
  if (blue === green)
    return problem(`Blue and green are both the service \`${blue.name}\`; each color needs a service of its own.`);
  if (blue.containerName !== void 0 && blue.containerName === green.containerName) {
    return problem(
      `\`${blue.name}\` and \`${green.name}\` both have \`container_name: ${blue.containerName}\`, so that only one of them can exist; remove \`container_name\` from both.`
    );
  }
  const scaled = [blue, green].find((each) => each.replicas > 1 && each.ports.length > 0);
  if (scaled !== void 0) {
    return problem(
      `\`${scaled.name}\` has ${scaled.replicas} replicas, which cannot publish the same port; remove \`replicas\` or \`scale\`.`
    );
  }
  return { kind: "colors", services: { blue, green } };
}
function serviceNamed(project, name) {
  return project.services.find((service) => service.name === name);
}
function dependenciesOf(project, service) {
  const found2 = /* @__PURE__ */ new Set();
  const seen2 = /* @__PURE__ */ new Set([service.name]);
  const visit = (each) => {
    for (const dependency of each.dependsOn) {
      const next = serviceNamed(project, dependency.service);
      if (next === void 0 || seen2.has(next.name)) continue;
      seen2.add(next.name);
      visit(next);
      found2.add(next);
    }
  };
  visit(service);
  return [...found2];
}
function sharedWrites(one, other) {
  return one.writes.filter((source) => other.writes.includes(source));
}
function parseComposeDuration(written2) {
  if (!/^(\d+(\.\d+)?(h|ms|m|s|us|µs|ns))+$/.test(written2)) return void 0;
  const units2 = { h: 36e5, m: 6e4, s: 1e3, ms: 1 };
  const parts = written2.matchAll(/([\d.]+)(h|ms|m|s|us|µs|ns)/g);
  return Math.ceil([...parts].reduce((sum, [, number, unit]) => sum + Number(number) * (units2[unit ?? ""] ?? 0), 0));
}
function missingColors(project, pairs) {
  const wanted = [...new Set(pairs.map((pair) => `\`${pair.blue}\` and \`${pair.green}\``))].join(", or ");
  const there = project.services.map((service) => `\`${service.name}\``).join(", ") || "none";
  return `The compose project \`${project.name}\` has no services ${wanted}. Its services: ${there}. Add the missing one, or name both by \`blue-service\` and \`green-service\`.`;
}
function usesOf(value) {
  return variablesIn(JSON.stringify(value) ?? "");
}
function parseService(name, service) {
  const image = optionalText(field(service, "image"));
  const containerName = optionalText(field(service, "container_name"));
  const healthcheck = field(service, "healthcheck");
  const networks = new Map(
    Object.entries(fields(field(service, "networks"))).map(([key, network]) => [
      key,
      text(field(network, "ipv4_address"))
    ])
  );
  const policy = field(field(service, "deploy"), "restart_policy");
  return {
    name,
    ...image === void 0 ? {} : { image },
    build: field(service, "build") !== void 0,
    uses: usesOf(service),
    ports: items(field(service, "ports")).map(parsePort),
    exposed: items(field(service, "expose")).map(text),
    fixedAddresses: [...networks.values()].filter((address) => address !== ""),
    networks,
    networkMode: text(field(service, "network_mode")),
    dependsOn: Object.entries(fields(field(service, "depends_on"))).map(([key, value]) => ({
      service: key,
      condition: text(field(value, "condition")) || "service_started",
      required: field(value, "required") !== false,
      restart: field(value, "restart") === true
    })),
    restart: text(field(service, "restart")) || text(field(policy, "condition")) || "no",
    stopGracePeriod: parseComposeDuration(text(field(service, "stop_grace_period"))) ?? STOP_GRACE_PERIOD,
    hasHealthcheck: Object.keys(fields(healthcheck)).length > 0 && field(healthcheck, "disable") !== true,
    ...containerName === void 0 ? {} : { containerName },
    writes: items(field(service, "volumes")).filter((volume) => field(volume, "read_only") !== true && text(field(volume, "source")) !== "").map((volume) => text(field(volume, "source"))),
    mounted: items(field(service, "volumes")).map((volume) => text(field(volume, "target"))),
    replicas: integer(field(field(service, "deploy"), "replicas")) || integer(field(service, "scale")) || 1
  };
}
function parsePort(port) {
  return {
    address: text(field(port, "host_ip")),
    published: text(field(port, "published")),
    target: integer(field(port, "target")),
    protocol: text(field(port, "protocol")) || "tcp"
  };
}

// src/runtimes/compose-version.ts
function parseEnvFiles(json) {
  const model = parseJson(json, "What `docker compose config --no-interpolate` printed");
  const entries = Object.entries(fields(field(model, "services"))).map(([name, service]) => {
    const listed = field(service, "env_file");
    const files = Array.isArray(listed) ? items(listed) : [listed];
    return [name, files.map((file) => text(field(file, "path")) || text(file)).filter((path) => path !== "")];
  });
  return new Map(entries);
}
function unchangeable(services, variable) {
  return COLORS.flatMap((color) => {
    const { name: service, image } = services[color];
    const used = variablesIn(image ?? "");
    if (used.includes("any") || used.includes(color)) return [];
    const own = variableName(variable, color);
    const mend2 = `write it as \`image: ${withTag(image ?? "<name>", `\${${own}:-\${${variable}:-latest}}`)}\`, or name your variable by \`version-variable\`.`;
    const what = image === void 0 ? `\`${service}\` has no \`image\`, so that no version can be chosen for it` : used.length > 0 ? `The image of \`${service}\` uses ${variableName(variable, otherThan(color))}, the variable of the other color` : `The image of \`${service}\`, \`${image}\`, uses neither ${own} nor ${variable}, so that no version can be chosen for it`;
    return [{ color, service, sentence: `${what}; ${mend2}` }];
  });
}
function decideVersionOnHost(project, services, envFiles, directories, readOnly = []) {
  const colors = COLORS.flatMap((color) => colorReasons(color, services[color]));
  const names = COLORS.map((color) => services[color].name);
  const others = project.services.filter((service) => !names.includes(service.name) && service.uses.length > 0).map((service) => ({ kind: "other service", service: service.name, variables: service.uses }));
  const elsewhere = project.elsewhere.map((section2) => ({ kind: "elsewhere", section: section2 }));
  const files = "why" in envFiles ? [{ kind: "unreadable", why: envFiles.why }] : [...envFiles].flatMap(envFileReasons(directories));
  const locked = readOnly.map((why) => ({ kind: "read-only", why }));
  const reasons = [...colors, ...others, ...elsewhere, ...files, ...locked];
  return reasons.length === 0 ? { kind: "kept in .env" } : { kind: "left alone", reasons };
}
function unsafeSentence(reason, variable) {
  const name = (which) => variableName(variable, which);
  switch (reason.kind) {
    case "shared":
      return `The image of \`${reason.service}\` uses ${name(reason.variable)}; write \`\${${name(reason.color)}:-\${${variable}}}\` there.`;
    case "foreign":
      return `\`${reason.service}\` uses ${name(reason.variable)} beside its image; write \`\${${name(reason.color)}}\` there.`;
    case "other service":
      return `\`${reason.service}\` uses ${reason.variables.map(name).join(" and ")}; give it a variable of its own.`;
    case "env_file":
      return `\`${reason.service}\` reads ${reason.path} as \`env_file\`, so that each change of it recreates the container; move its settings into a file of their own, such as \`app.env\`.`;
    case "env_file unknown":
      return `\`${reason.service}\` reads \`${reason.path}\` as \`env_file\`, which may be \`.env\`; write the path without a variable.`;
    case "elsewhere":
      return `\`${reason.section}\` in the compose file uses the version; take it out there.`;
    case "read-only":
      return `${reason.why}.`;
    case "unreadable":
      return `Which \`env_file\` the services read cannot be told: ${reason.why}`;
  }
}
function colorReasons(color, service) {
  const inImage = variablesIn(service.image ?? "");
  const owner = { color, service: service.name };
  return service.uses.filter((variable) => variable !== color).map((variable) => ({ kind: inImage.includes(variable) ? "shared" : "foreign", ...owner, variable }));
}
function envFileReasons(directories) {
  const dotEnv = directories.map((directory) => `${directory.replace(/\/+$/, "")}/.env`);
  return ([service, paths2]) => paths2.flatMap((path) => {
    if (path.includes("$")) return [{ kind: "env_file unknown", service, path }];
    return dotEnv.includes(path) || /^(\.\/)*\.env$/.test(path) ? [{ kind: "env_file", service, path }] : [];
  });
}
function withTag(image, tag) {
  const plain = imageFor(image, "latest").replace(/@.*$/, "");
  return `${plain.replace(/:[^/:]*$/, "")}:${tag}`;
}

// src/runtimes/compose-assessment.ts
function assessCompose(seen2, inputs, host) {
  const failed = [
    complaint(seen2.engine, "docker-unavailable", `Docker does not answer on ${host}`, host),
    seen2.compose.kind === "failed" ? withoutCompose(host) : void 0,
    complaint(
      seen2.project,
      "compose-invalid",
      `Compose cannot read the compose file in ${inputs.directory} on ${host}`,
      host
    ),
    complaint(seen2.containers, "docker-unavailable", `The containers on ${host} cannot be listed`, host)
  ].find((failure) => failure !== void 0);
  if (failed !== void 0) return refusal(failed);
  if (seen2.project.kind === "failed" || seen2.containers.kind === "failed") return refusal();
  const [project, containers] = [seen2.project.value, seen2.containers.value];
  const chosen = chooseColors(project, inputs.service, inputs.services);
  if (chosen.kind === "problem") return refusal(new Failure("compose-invalid", chosen.sentence));
  const { services } = chosen;
  const refusals = unchangeable(services, inputs.versionVariable).map(
    ({ sentence: sentence2 }) => new Failure("compose-invalid", sentence2)
  );
  const matched = seen2.directories.map((directory) => matchProject(containers, project, services, directory));
  const other = matched.find((match) => match.kind === "other project");
  if (other !== void 0 && !matched.some((match) => match.kind === "ours"))
    refusals.push(new Failure("drift", other.sentence));
  if (refusals.length > 0) return refusal(...refusals);
  const envFiles = seen2.envFiles.kind === "said" ? seen2.envFiles.value : { why: seen2.envFiles.words };
  return usable({
    project,
    services,
    containers,
    versionOnHost: decideVersionOnHost(project, services, envFiles, seen2.directories, seen2.readOnly)
  });
}
function withoutCompose(host) {
  return new Failure(
    "docker-unavailable",
    `Compose v2 (\`docker compose\`) is missing on ${host}; the older \`docker-compose\` (v1) is not enough. Install the package \`docker-compose-plugin\` (Docker's own), \`docker-compose-v2\` (Ubuntu) or \`docker-compose\` (Debian 13 and later).`
  );
}
function complaint(said, reason, what, host) {
  if (said.kind === "said") return void 0;
  const words = said.words.split("\n").slice(-3).join(" | ").replace(/[.?]+$/, "") || `exit code ${said.code}`;
  return new Failure(reason, [`${what}: ${words}.`, ...mendOf(said.words, host)].join(" "));
}
function mendOf(words, host) {
  if (/permission denied.*docker/i.test(words)) {
    const user = host.slice(0, host.lastIndexOf("@"));
    return [`Run on the host: sudo usermod -aG docker ${user}`];
  }
  if (/Cannot connect to the Docker daemon/i.test(words)) return ["Start it: sudo systemctl start docker"];
  if (/no configuration file provided|no such file or directory/i.test(words))
    return ["Correct `directory` or `compose-file`."];
  return [];
}

// src/routers/nginx-route-question.ts
function publicRoute(ground, proxy, health, route) {
  const expect = { status: health.expect.status };
  if (route.url !== void 0) return fromUrl(route.url, proxy, expect);
  if (ground.route !== void 0) return usable({ ...ground.route, expect });
  if (ground.configuration === void 0)
    return refusal(
      new Failure("verify-unusable", "The public route cannot be found without reading Nginx. Set `verify-url`.")
    );
  const { upstreams, servers, publishedPorts: publishedPorts2 } = ground;
  const { routes: routes2, unusable } = publicRoutes(ground.configuration, servers, {
    healthPath: health.path,
    upstreams,
    ...publishedPorts2 && { publishedPorts: publishedPorts2 }
  });
  const best = routes2.find(({ reaches }) => reaches !== "elsewhere");
  if (best === void 0) {
    const tried = [
      ...unusable.map(unusableSentence),
      ...routes2.map(({ server }) => `the server block ${server} does not lead ${health.path} to the upstream`)
    ];
    const why = tried.length > 0 ? tried.join("; ") : "no server block uses the upstream";
    return refusal(
      new Failure(
        "verify-unusable",
        `No public route can be asked: ${why}. Set \`verify-url\` to an address that leads through Nginx to the application.`
      )
    );
  }
  const { address, port, path, host, tls } = best;
  const scheme = tls ? "https" : "http";
  const question = {
    title: `the public route ${scheme}://${host}${path} (${address}:${port})`,
    from: proxy,
    request: { address, port, path, host, ...tls && { tls: { serverName: host, verify: false } } },
    expect
  };
  return usable(
    question,
    tls ? [`The certificate of the public route was not verified: it was asked at ${address}.`] : []
  );
}
function fromUrl(url, proxy, expect) {
  const name = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const loopback = name === "localhost" || name === "::1" || /^127\./.test(name);
  const tls = url.protocol === "https:";
  const question = {
    title: `the public route ${url.href}`,
    from: loopback ? proxy : "runner",
    request: {
      address: name,
      port: Number(url.port) || (tls ? 443 : 80),
      path: `${url.pathname}${url.search}`,
      host: url.host,
      ...tls && { tls: { serverName: name, verify: !loopback } }
    },
    expect
  };
  return usable(
    question,
    tls && loopback ? [`The certificate of ${url.host} was not verified: it is a loopback address.`] : []
  );
}

// src/runtimes/compose-address.ts
function writtenAddress(address) {
  return address.host.includes(":") ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}
function placesOf2(service) {
  const published2 = service.ports.filter(isFixed).map((port) => {
    const everywhere = ["", "0.0.0.0", "::"].includes(port.address);
    return {
      host: everywhere ? "127.0.0.1" : port.address,
      port: Number(port.published),
      by: "published port",
      public: everywhere
    };
  });
  const fixed = service.fixedAddresses.flatMap(
    (host) => containerPorts(service).map((port) => ({ host, port, by: "fixed address", public: false }))
  );
  return [...published2, ...fixed];
}
function colorService(service, project) {
  const first = [`${project}-${service.name}-1`, `${project}_${service.name}_1`];
  return {
    container: { project, service: service.name },
    places: placesOf2(service),
    fixedAddresses: service.fixedAddresses,
    names: [service.name, ...service.containerName === void 0 ? first : [service.containerName]]
  };
}
function publicWarnings(service) {
  const ports = placesOf2(service).flatMap((place) => place.public ? [place.port] : []);
  if (ports.length === 0) return [];
  const { published: published2 = "", target = "" } = service.ports.find((port) => Number(port.published) === ports[0]) ?? {};
  return [
    `\`${service.name}\` publishes port ${ports.join(", ")} on every interface, past most firewalls: the new version is public before it has proven itself. Write \`127.0.0.1:${published2}:${target}\` in the compose file.`
  ];
}
function isFixed(port) {
  return port.protocol === "tcp" && /^\d+$/.test(port.published) && port.published !== "0";
}
function containerPorts(service) {
  const exposed = service.exposed.flatMap((written2) => {
    const [, port] = /^(\d+)(?:\/tcp)?$/.exec(written2) ?? [];
    return port === void 0 ? [] : [Number(port)];
  });
  const targets = service.ports.filter((port) => port.protocol === "tcp").map((port) => port.target);
  return [.../* @__PURE__ */ new Set([...targets, ...exposed])].filter((port) => port > 0);
}

// src/planning/ground.ts
function assessGround(survey, inputs, host) {
  const state = stateFaults(survey.state, inputs);
  const compose2 = assessCompose(survey.compose, inputs.application, host);
  if (compose2.value === void 0) return refusal(...compose2.refusals, ...state);
  const { services, project } = compose2.value;
  const other = targetFault(survey.state, { upstream: inputs.nginx.upstream, project: project.name }, inputs);
  const colors = { blue: colorService(services.blue, project.name), green: colorService(services.green, project.name) };
  const nginx = assessNginx(survey.nginx, nginxPlace(inputs, host, survey.state, colors));
  if (nginx.value === void 0) return refusal(...nginx.refusals, ...state, ...other);
  const route = publicRoute(nginx.value, host, inputs.health, inputs.route);
  const refusals = [...nginx.refusals, ...route.refusals, ...state, ...other];
  if (refusals.length > 0 || route.value === void 0) return refusal(...refusals);
  const value = { compose: compose2.value, nginx: nginx.value, route: route.value };
  return usable(value, [...compose2.notes, ...nginx.notes, ...route.notes]);
}
function nginxPlace(inputs, host, state, services) {
  return {
    proxy: host,
    nginx: inputs.nginx,
    ...inputs.route.url !== void 0 && { url: inputs.route.url },
    state,
    services,
    previous: inputs.after.previous,
    goingBack: ["rollback", "status", "unlock"].includes(inputs.command),
    run: nginxFunction(inputs.application.directory, inputs.nginx.command)
  };
}
function stateFaults(state, { nginx }) {
  const mend2 = `Run on the host: ${stateDirectoryMend(nginx.stateDirectory, state.user)}`;
  switch (state.kind) {
    case "usable":
      return [];
    case "missing":
      if (state.creatable) return [];
      return [
        new Failure(
          "state-directory",
          `The state directory ${nginx.stateDirectory} is missing, and ${state.user} may not make it. ${mend2}`
        )
      ];
    case "closed":
      return [
        new Failure(
          "state-directory",
          `${state.user} cannot pass through ${state.folder}, on the way to the state directory ${nginx.stateDirectory}. Run on the host: sudo chmod o+x ${state.folder}`
        )
      ];
    case "not-ours":
      return [
        new Failure(
          "state-directory",
          `${state.user} may not write to the state directory ${nginx.stateDirectory}, which belongs to ${state.owner}. ${mend2}`
        )
      ];
    case "ledger-closed":
      return [
        new Failure(
          "state-directory",
          `${state.user} may not read ${nginx.stateDirectory}/ledger.jsonl, the record of releases, which belongs to ${state.owner}. Release as one user; or run on the host: sudo chown ${state.user} ${nginx.stateDirectory}/ledger.jsonl`
        )
      ];
  }
}
function targetFault(state, target, { nginx }) {
  if (state.kind !== "usable" || state.target === void 0) return [];
  const { upstream, project } = state.target;
  if (upstream === target.upstream && project === target.project) return [];
  return [
    new Failure(
      "state-directory",
      `The state directory ${nginx.stateDirectory} belongs to the upstream ${upstream} of the compose project ${project}, and this release is for ${target.upstream} of ${target.project}. Give this one a \`state-directory\` of its own; where the project was only renamed, remove ${nginx.stateDirectory}/target.`
    )
  ];
}

// src/custody/standing.ts
function custodyQuestion(directory) {
  return lines(
    stateShell(directory, 0),
    sh`[ -r "$state/lease" ] || exit 0`,
    sh`now`,
    sh`for journal in "$state"/journal-*; do`,
    sh`  [ -r "$journal/changes" ] || continue`,
    sh`  decided; beat=0 beaten= age=-; { read -r beat beaten <"$journal/heartbeat"; } 2>/dev/null`,
    sh`  [ "$beaten" != "$boot" ] || age=$((up - \${beat:-0}))`,
    sh`  pid= start= guard=none; { read -r pid start <"$journal/guard"; } 2>/dev/null`,
    sh`  [ -z "$pid" ] || { guard=dead; ! alive "$pid" "$start" || guard=alive; }`,
    sh`  echo "journal \${journal##*-} \${decision:-undecided} $guard $age $(grep -c . "$journal/changes")"`,
    sh`done`,
    sh`printf 'lease '; head -n 1 "$state/lease"`
  );
}
function readCustody(section2) {
  const said = section2?.stdout ?? "";
  const line = /^lease (.*)$/m.exec(said)?.[1] ?? "";
  const lease = readLease(line);
  const journals = [...said.matchAll(/^journal (\d+) (\S+) (\S+) (\S+) (\d+)$/gm)].map(
    ([, number, decision = "", guard = "", age = "-", changes]) => ({
      ...{ number: Number(number), decision, guard, changes: Number(changes) },
      age: age === "-" ? void 0 : Number(age) * 10
    })
  );
  const own = journals.find(({ number }) => number === lease?.number);
  const beats = lease?.holder !== void 0 && own?.age !== void 0 && own.age <= lease.lease;
  const told = journals.map(
    ({ number, decision, changes }) => `number ${number}, ${decision}, ${changes} change${changes === 1 ? "" : "s"}`
  );
  return {
    lease: line.trim() !== "" && lease === void 0 ? UNREADABLE : leaseSentence(lease, own?.age, beats),
    journal: told.join("; ") || "none",
    guard: own?.guard ?? "none",
    busy: beats,
    abandoned: !beats && (lease?.holder !== void 0 || journals.length > 0)
  };
}
var UNREADABLE = "unreadable: something else wrote into its file; the next run goes by the journals";
function leaseSentence(lease, age, beats) {
  if (lease === void 0) return "none";
  if (lease.holder === void 0) return `free (the last one was number ${lease.number})`;
  const beat = age === void 0 ? "has not beaten since the host was started" : `beat ${Math.round(age / 1e3)} s ago`;
  return `number ${lease.number}, ${beats ? "held" : "stale"}: ${holderSentence(lease.holder)}; its heart ${beat}`;
}

// src/host/sections.ts
import { randomUUID } from "node:crypto";
function sections(parts, before = sh``) {
  const word = randomUUID();
  const names = Object.keys(parts);
  const begin = lines(
    ...names.map(
      (name) => lines(
        sh`printf '%s out %s\n' ${word} ${name}`,
        sh`error=$( { (`,
        parts[name],
        sh`) </dev/null; } 2>&1 1>&3 ); code=$?`,
        sh`printf '\n%s err %s\n%s\n%s end %s %s\n' ${word} ${name} "$error" ${word} ${name} "$code"`
      )
    )
  );
  const shell = lines(before, sh`exec 3>&1`, begin);
  return {
    shell,
    read(stdout) {
      const found2 = {};
      for (const name of names) found2[name] = section(stdout, word, name);
      return found2;
    }
  };
}
function section(stdout, word, name) {
  const [out, err, end] = [`${word} out ${name}
`, `
${word} err ${name}
`, `
${word} end ${name} `];
  const [outAt, errAt, endAt] = [stdout.indexOf(out), stdout.indexOf(err), stdout.indexOf(end)];
  if (outAt < 0 || errAt < 0 || endAt < 0) return void 0;
  return {
    stdout: stdout.slice(outAt + out.length, errAt),
    stderr: stdout.slice(errAt + err.length, endAt).trim(),
    code: Number.parseInt(stdout.slice(endAt + end.length), 10)
  };
}

// src/runtimes/compose-command.ts
var QUIET = {
  COMPOSE_REMOVE_ORPHANS: "false",
  COMPOSE_IGNORE_ORPHANS: "true",
  COMPOSE_ANSI: "never",
  COMPOSE_PROGRESS: "plain",
  COMPOSE_MENU: "false",
  DOCKER_CLI_HINTS: "false"
};
function compose(target, args, variables = {}, more = sh``) {
  return sh`${composeReading(target, args, variables, more)} </dev/null`;
}
function composeReading(target, args, variables = {}, more = sh``) {
  const project = target.projectName === void 0 ? [] : ["--project-name", target.projectName];
  const files = target.files.flatMap((file) => ["--file", file]);
  const environment = Object.entries({ ...QUIET, ...variables }).map(([name, value]) => `${name}=${value}`);
  return sh`env ${environment} docker --log-level error compose ${[...project, ...files, ...args]} ${more}`;
}
function startByHand({ directory, projectName, files }, service) {
  const project = projectName === void 0 ? [] : ["--project-name", projectName];
  const named = files.flatMap((file) => ["--file", file]);
  return sh`cd ${directory} && docker compose ${[...project, ...named, "start", service]}`;
}
function enter(target) {
  return sh`cd -- ${target.directory} 2>/dev/null || { echo ${`The folder ${target.directory} cannot be entered; correct \`directory\`.`} >&2; exit 1; }`;
}
function projectFolder(target) {
  const [first = ""] = target.files;
  const folder2 = first.includes("/") ? first.slice(0, first.lastIndexOf("/")) || "/" : "";
  if (folder2 === "") return target.directory;
  return folder2.startsWith("/") ? folder2 : `${target.directory}/${folder2}`;
}
function envFile(target) {
  return `${projectFolder(target)}/.env`;
}

// src/runtimes/compose-env-awk.ts
var ENV_AWK = String.raw`
function closes(from,   i, c, escaped) {
  escaped = 0
  for (i = from; i <= length(line); i++) {
    c = substr(line, i, 1)
    if (escaped) escaped = 0
    else if (c == "\\") escaped = 1
    else if (c == quote) return i
  }
  return 0
}
function ours() { return (name in value) || (name in gone) }
function put(text) { if (mode == "edit") { printf "%s%s", separator, text; separator = "\n" } }
BEGIN {
  for (i = 1; i + 1 < ARGC; i += 2) {
    order[++count] = ARGV[i]; value[ARGV[i]] = ARGV[i + 1]
    ARGV[i] = ""; ARGV[i + 1] = ""
  }
  count_gone = split(drop, dropped, " ")
  for (i = 1; i <= count_gone; i++) gone[dropped[i]] = 1
  quote = ""; name = ""; separator = ""; ending = ""
}
{
  line = $0
  if (NR == 1 && line ~ /\r$/) ending = "\r"
  if (quote != "") {
    end = closes(1)
    if (!ours()) put(line)
    else if (end && (name in value)) put(prefix quote value[name] quote substr(line, end + 1))
    if (end) { if (name in value) set[name] = value[name]; quote = "" }
    next
  }
  if (!match(line, /^[ \t]*(export[ \t]+)?[A-Za-z0-9_.-]+[ \t]*[=:][ \t]*/)) { put(line); next }
  prefix = substr(line, 1, RLENGTH); start = RLENGTH + 1
  name = prefix; sub(/^[ \t]*(export[ \t]+)?/, "", name); sub(/[ \t]*[=:][ \t]*$/, "", name)
  quote = substr(line, start, 1)
  if (quote == "\"" || quote == "'") {
    end = closes(start + 1)
    if (!end) { if (!ours()) put(line); next }
    old = substr(line, start + 1, end - start - 1); rest = substr(line, end + 1)
  } else {
    quote = ""
    old = substr(line, start)
    if (match(old, /[ \t]+#/)) rest = substr(old, RSTART)
    else { match(old, /[ \t\r]*$/); rest = substr(old, RSTART) }
    old = substr(old, 1, length(old) - length(rest))
  }
  if (name in value) { put(prefix quote value[name] quote rest); set[name] = old } else if (!ours()) put(line)
  quote = ""
}
END {
  if (quote != "") exit 65
  for (i = 1; i <= count; i++) {
    if (mode == "show") { if (order[i] in set) print order[i] " " set[order[i]] }
    else if (!(order[i] in set)) {
      if (separator != "" && !final) { printf "%s", ending; final = 1 }
      put(order[i] "=" value[order[i]] ending); final = 1
    }
  }
  if (mode == "edit" && final && separator != "") printf "\n"
}
`;

// src/runtimes/compose-env-file.ts
var TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
var VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
var LOCK_WAIT = 20;
function whyReadOnly(file) {
  return sh`(
${linked(file)}
folder=$(cd -- "$(dirname "$file")" 2>/dev/null && pwd) || folder=$(dirname "$file")
me=$(id -un)
[ ! -e "$file" ] || { [ -f "$file" ] && [ -r "$file" ] && [ -w "$file" ]; } ||
  echo "$me may not write $folder/$(basename "$file"); run: sudo chown $me $folder/$(basename "$file")"
[ -w "$folder" ] || echo "$me may not write in $folder; run: sudo chown $me $folder"
lock=$PWD/.blue-green
[ -d "$lock" ] || lock=$PWD
[ "$lock" = "$folder" ] || [ -w "$lock" ] || echo "$me may not write in $lock; run: sudo chown $me $lock"
)`;
}
function editEnvFile(edit) {
  const { values } = edit;
  for (const [name, value] of Object.entries(values)) {
    if (!VARIABLE.test(name)) throw new TypeError(`\`${name}\` cannot be the name of a variable.`);
    if (!TAG.test(value)) throw new TypeError(`\`${value}\`, meant for ${name}, cannot be an image tag.`);
  }
  const assignments = Object.entries(values).flat();
  return sh`(
${paths(edit)}
${edited}
umask 077
fail() { rm -f "$next"; echo "$file was left as it is: $1" >&2; exit 1; }
if [ -e "$file" ]; then
  mode=$(stat -c %a "$file") && owner=$(stat -c %u:%g "$file") || fail 'its mode cannot be read.'
  tr -d '\\000' <"$file" | cmp -s - "$file" || fail 'it cannot be read, or has a NUL byte in it.'
  cp -p "$file" "$next" && chmod 600 "$next" && mv -f "$next" "$copy" || fail 'no copy of it could be made.'
  rm -f "$absent"
else
  mode=644 owner=
  rm -f "$copy"
  : >"$absent" || fail 'nothing can be written beside it.'
fi
[ -e "$file" ] && source=$file || source=/dev/null
rm -f "$next"
edited "$source" ${assignments} >"$next"
case $? in
  0) ;;
  65) fail 'a quoted value in it never ends.' ;;
  *) fail 'the new one could not be written beside it.' ;;
esac
${put}
linked=
if [ -n "$owner" ] && chown "$owner" "$next" 2>/dev/null && ln "$file" "$copy.link" 2>/dev/null; then
  mv -f "$copy.link" "$copy" && linked=1
fi
put "$next" "$mode" "$owner" || fail 'the new one cannot take its place.'
[ -z "$linked" ] || chmod 600 "$copy"
)`;
}
function restoreEnvFile(edit) {
  const names = Object.keys(edit.values);
  const show = sh`LC_ALL=C awk -v mode=show ${ENV_AWK} "$name" '' <"$base"`;
  return sh`(
${paths(edit)}
${edited}
${put}
torn=
[ ! -e "$next" ] || [ ! -e "$file" ] || chown "$(stat -c %u:%g "$file")" "$next" 2>/dev/null || torn=1
rm -f "$next"
if [ -e "$copy" ]; then base=$copy; elif [ -e "$absent" ]; then base=/dev/null; else exit 0; fi
if [ ! -e "$file" ]; then
  [ ! -e "$copy" ] || mv -f "$copy" "$file" || exit 1
elif [ -n "$torn" ] || cmp -s "$base" "$file" || edited "$base" ${Object.entries(edit.values).flat()} | cmp -s - "$file"; then
  if [ -e "$copy" ]; then
    put "$copy" "$(stat -c %a "$file")" "$(stat -c %u:%g "$file")" || exit 1
  else
    rm -f "$file" || exit 1
  fi
else
  set --
  for name in ${names}; do
    was=$(${show})
    if [ -n "$was" ]; then set -- "$@" "$name" "\${was#"$name "}"; else drop="$drop $name"; fi
  done
  umask 077
  edited "$file" "$@" >"$next" && put "$next" "$(stat -c %a "$file")" "$(stat -c %u:%g "$file")" ||
    { rm -f "$next"; echo "$file was changed by somebody else since, and ${names.join(", ")} in it could not be put back." >&2; exit 1; }
fi
rm -f "$copy" "$copy.link" "$absent"
)`;
}
function forgetEnvFile(edit) {
  return sh`(
${paths(edit)}
rm -f "$next" "$copy" "$copy.link" "$absent"
)`;
}
function showEnvFile(file, names, prefix) {
  const assignments = names.flatMap((name) => [name, ""]);
  return sh`[ ! -r ${file} ] || LC_ALL=C awk -v mode=show ${ENV_AWK} ${assignments} <${file} | sed ${`s/^/${prefix} /`}`;
}
function underLock(directory, body) {
  return sh`(
(umask 077 && mkdir -p ${`${directory}/.blue-green`} && : >>${`${directory}/.blue-green/lock`}) || exit 1
exec 9>>${`${directory}/.blue-green/lock`} || exit 1
flock -w ${LOCK_WAIT} 9 || { echo ${`The lock ${directory}/.blue-green/lock was held by somebody else for ${LOCK_WAIT} seconds; try again when the other release is over.`} >&2; exit 75; }
( ${body}
) 9>&-
exit $?
)`;
}
var put = sh`put() {
  sync "$1" 2>/dev/null || sync
  if [ -z "$3" ] || chown "$3" "$1" 2>/dev/null; then
    chmod "$2" "$1" && mv -f "$1" "$file" && rm -f "$1"
  else
    # First over what is there, then to its length: on a full disk nothing is lost.
    dd if="$1" of="$file" conv=notrunc 2>/dev/null &&
      dd if=/dev/null of="$file" bs=1 seek="$(stat -c %s "$1")" 2>/dev/null &&
      touch -r "$1" "$file" 2>/dev/null
    [ -f "$file" ] && cmp -s "$1" "$file" && rm -f "$1"
  fi
}`;
var edited = sh`drop=
edited() {
  final=1
  [ ! -s "$1" ] || [ -z "$(tail -c 1 "$1")" ] || final=0
  from=$1; shift
  LC_ALL=C awk -v mode=edit -v "final=$final" -v "drop=$drop" ${ENV_AWK} "$@" <"$from"
}`;
function linked(file) {
  return sh`file=${file}
[ ! -L "$file" ] || file=$(readlink -f "$file") || exit 1`;
}
function paths({ file, variable }) {
  return sh`${linked(file)}
copy=$file.blue-green-${variable} absent=$file.blue-green-absent-${variable} next=$file.blue-green-next-${variable}`;
}

// src/runtimes/compose-observation.ts
var MASK_AWK = String.raw`
function mask(head,   rest, kept) {
  rest = substr($0, length(head) + 1)
  while (match(rest, sentinel)) { kept = kept substr(rest, RSTART, RLENGTH) " "; rest = substr(rest, RSTART + RLENGTH) }
  print head "\"" kept "\"" (/,$/ ? "," : "")
}
{
  match($0, /^ */); indent = RLENGTH
  if (hidden >= 0 && indent <= hidden) hidden = -1
  if (hidden < 0 && match($0, /^ *"(environment|args|labels|annotations|command|entrypoint|test|build|logging|driver_opts|post_start|pre_stop|pre_start|provider|sysctls|x-[^"]*)": [[{]$/)) hidden = indent
  else if (hidden >= 0 && match($0, /^ *"([^"\\]|\\.)*": "/)) { mask(substr($0, 1, RLENGTH - 1)); next }
  else if (hidden >= 0 && match($0, /^ *"([^"\\]|\\.)*",?$/)) { mask(substr($0, 1, indent)); next }
  else if (match($0, /^ *"(content|x-[^"]*)": "/)) { mask(substr($0, 1, RLENGTH - 1)); next }
  print
}
`;
var CUT_AWK = `
/failed to read|variable name|quoted value|interpolation|template/ && sub(/["'].*/, "(what it quotes is not shown)") { print; exit }
{ print }
`;
function observeCompose(target) {
  const sentinel = Object.values(SENTINELS).join("|");
  const names = VERSION_VARIABLES.map((which) => variableName(target.variable, which));
  const mask = sh`LC_ALL=C awk -v hidden=-1 -v ${`sentinel=${sentinel}`} ${MASK_AWK}`;
  const whole2 = compose(target, ["--profile", "*", "config", "--format", "json"], sentinelEnvironment(target.variable));
  const literal2 = compose(target, ["--profile", "*", "config", "--no-interpolate", "--format", "json"]);
  const file = `${projectFolder({ ...target, directory: "." })}/.env`;
  const hash = ["config", "--hash", "*"];
  return lines(
    sh`tell() {
  if out=$("$2" 2>/dev/null); then code=0; else code=$?; out=$("$2" 2>&1 >/dev/null | awk ${CUT_AWK}); fi
  { ! "$apart" || flock -w 20 8; printf '%s\\n' "$out" | sed "s/^/$1 /"; echo "$1= $code"; } 8</
}`,
    sh`engine() { docker version --format '{{.Server.Version}}'; }`,
    sh`works() { :; }`,
    sh`version() { ${compose(target, ["version", "--short"])}; }`,
    sh`masked() { printf '%s\\n' "$json" | ${mask}; }`,
    sh`whole() { json=$(${whole2}) || return; masked; }`,
    sh`literal() { json=$(${literal2}) || return; masked; }`,
    // Compose leaves `env_file` out of the hash that it prints, and not out of the one that it compares.
    sh`resolved() { ${compose(target, ["config"])} | ${composeReading({ ...target, files: ["-"] }, hash)}; }`,
    sh`hashes() { ${compose(target, hash)}; }`,
    sh`containers() {
  ids=$(docker ps --all --quiet --no-trunc) || return
  # One that is gone by now is no failure.
  [ -z "$ids" ] || docker inspect --type container --format ${INSPECT_FORMAT} $ids || :
}`,
    enter(target),
    // Side by side, since each compose takes its time; what they say is kept apart by a lock on a folder that all may read.
    sh`apart=false; ! command -v flock >/dev/null || apart=true`,
    sh`beside() { if "$apart"; then "$@" & else "$@"; fi; }`,
    sh`written() {
  tell literal literal; written=$out
  [ "$code" = 0 ] || written='"env_file" "depends_on"'
  case $written in *'"env_file"'*) tell resolved resolved ;; esac
  case $written in *'"depends_on"'* | *'"links"'* | *'"volumes_from"'* | *'"service:'*) tell compose version ;; *) tell compose works ;; esac
}`,
    sh`listed() { tell container containers; if [ "$code" = 0 ]; then tell engine works; else tell engine engine; fi; }`,
    sh`beside written; beside listed; beside tell config whole; beside tell hash hashes; wait`,
    sh`for folder in ${[projectFolder(target), "."]}; do (cd -- "$folder" 2>/dev/null && { pwd; pwd -P; }); done | sort -u | sed 's/^/directory /'`,
    showEnvFile(file, names, "env"),
    sh`[ ! -r ${file} ] || printf 'envsum %s\n' "$(sha256sum < ${file} | cut -c1-64)"`,
    sh`${whyReadOnly(file)} | sed 's/^/readonly /'`
  );
}
function parseObservation(stdout, variable) {
  const parts = /* @__PURE__ */ new Map();
  for (const line of stdout.split("\n")) {
    const [, tag, rest] = /^([a-z]+=?) (.*)$/.exec(line) ?? [];
    if (tag !== void 0 && rest !== void 0) parts.set(tag, [...parts.get(tag) ?? [], rest]);
  }
  const said = (tag, read) => {
    const words = (parts.get(tag) ?? []).join("\n");
    const code = Number(parts.get(`${tag}=`)?.[0] ?? Number.NaN);
    return code === 0 ? { kind: "said", value: read(words) } : { kind: "failed", code: Number.isNaN(code) ? 1 : code, words: words.trim() };
  };
  return {
    engine: said("engine", (words) => words.trim()),
    compose: said("compose", (words) => words.trim().replace(/^v/, "")),
    project: said("config", parseProject),
    envFiles: said("literal", parseEnvFiles),
    hashes: said("hash", (words) => parseHashes([words, ...parts.get("resolved") ?? []].join("\n"))),
    containers: said(
      "container",
      (words) => words.split("\n").filter((line) => line !== "").map(parseContainer)
    ),
    ...parts.has("envsum") && { envSum: parts.get("envsum")?.[0] ?? "" },
    values: parseValues(parts.get("env") ?? [], variable),
    readOnly: parts.get("readonly") ?? [],
    directories: parts.get("directory") ?? []
  };
}
function parseHashes(words) {
  const hashes = /* @__PURE__ */ new Map();
  for (const line of words.split("\n")) {
    const [, service, hash] = /^(\S+) ([0-9a-f]{64})$/.exec(line) ?? [];
    if (service !== void 0 && hash !== void 0) hashes.set(service, [...hashes.get(service) ?? [], hash]);
  }
  return hashes;
}
function parseValues(found2, variable) {
  const entries = VERSION_VARIABLES.flatMap((which) => {
    const prefix = `${variableName(variable, which)} `;
    const line = found2.find((each) => each.startsWith(prefix));
    return line === void 0 ? [] : [[which, line.slice(prefix.length)]];
  });
  return Object.fromEntries(entries);
}

// src/runtimes/host-images.ts
function imagesQuestion() {
  return lines(
    sh`docker image ls --all --no-trunc --format '{{.ID}} {{.Repository}}:{{.Tag}}'`,
    sh`docker network ls --no-trunc --format 'network {{.ID}}'`
  );
}
function readImages(section2) {
  const found2 = [...(section2?.stdout ?? "").matchAll(/^(sha256:[0-9a-f]{64}) (\S+)$/gm)];
  return {
    ids: new Set(found2.map(([, id = ""]) => id)),
    networks: new Set([...(section2?.stdout ?? "").matchAll(/^network (\S+)$/gm)].map(([, id = ""]) => id)),
    byName: new Map(found2.map(([, id = "", name = ""]) => [familiar(name), id]))
  };
}
function imageNamed({ byName }, reference) {
  return byName.get(familiar(reference));
}
function familiar(reference) {
  return reference.replace(/^(?:index\.)?docker\.io\//, "").replace(/^library\//, "");
}

// src/planning/survey.ts
var DEADLINE3 = 6e4;
function composeTarget({ application }) {
  return {
    directory: application.directory,
    files: application.composeFiles,
    ...application.projectName !== void 0 && { projectName: application.projectName },
    variable: application.versionVariable
  };
}
async function surveyHost(host, inputs, signal) {
  const said = await askHost(host, inputs, signal);
  const others = readOthers(said);
  return {
    compose: readCompose(said, inputs, host.name),
    nginx: readNginx(said, loadedBefore(others.state)),
    ...others
  };
}
async function askHost(host, inputs, signal) {
  const { nginx, application } = inputs;
  const questions = sections(
    {
      compose: observeCompose(composeTarget(inputs)),
      state: stateDirectoryQuestion(nginx.stateDirectory),
      ledger: ledgerQuestion(nginx.stateDirectory),
      custody: custodyQuestion(nginx.stateDirectory),
      images: inputs.command === "deploy" ? sh`:` : imagesQuestion(),
      ...nginxQuestions(nginx.file)
    },
    beforeNginxQuestions(application.directory, nginx.command)
  );
  const ran = await host.run({ shell: questions.shell, deadline: DEADLINE3 }, { signal });
  const said = questions.read(ran.stdout);
  if (said.compose !== void 0) return said;
  throw new Failure(
    "command-failed",
    `${host.name} did not answer what it was asked (exit code ${ran.code}): ${ran.stderr.trim().slice(-500)}`
  );
}
function readCompose({ compose: compose2 }, { application }, host) {
  if (compose2?.stdout === "" && compose2.code !== 0) {
    throw new Failure("compose-invalid", `${host}: ${compose2.stderr}`);
  }
  return parseObservation(compose2?.stdout ?? "", application.versionVariable);
}
function readOthers(said) {
  return {
    state: readStateDirectory(said.state),
    ledger: readLedger(said.ledger),
    custody: readCustody(said.custody),
    images: readImages(said.images)
  };
}
function loadedBefore(state) {
  return state.kind === "usable" ? state.loaded : void 0;
}

// src/runtimes/compose-hooks.ts
function hooksOf(commands, target, on, variables, deadline) {
  const script = (command) => ({
    shell: lines(
      enter(target),
      ...Object.entries(variables).map(([name, value]) => sh`export ${`${name}=${value}`}`),
      // A shell of its own: what the command sets or traps must not touch what surrounds it. It ends at the first line
      // that fails, as a `run:` of a workflow does: a migration that failed must not pass for one that did its work.
      sh`exec sh -e -c ${command}`
    ),
    deadline
  });
  const hook = (name, command) => {
    if (command === void 0) return [];
    const effect = { does: `Runs the command of \`${name}\` in ${target.directory} by \`sh -e\`: what it does remains` };
    return [{ ...base(name, on), effect, do: script(command), remains: true }];
  };
  return {
    beforeStart: hook("before-start", commands.beforeStart),
    beforeFlip: hook("before-flip", commands.beforeFlip),
    afterFlip: hook("after-flip", commands.afterFlip),
    afterRestore: commands.afterRestore === void 0 ? [] : [
      {
        ...base("after-restore", on),
        effect: { does: "Nothing", undoes: "Runs the command of `after-restore`, once traffic is back" },
        do: NOTHING,
        undo: script(commands.afterRestore),
        tolerated: true
      }
    ]
  };
}
function base(name, on) {
  return { kind: "change", phase: "prepare", title: `Hook ${name}`, on, reason: "hook-failed" };
}

// src/runtimes/compose-live.ts
function assessColors(ground, seen2) {
  const { live, addresses, answering: answering2 } = seen2;
  const idle = otherThan(live);
  const [atLive, atIdle] = [live, idle].map(
    (color) => sitterAt(addresses[color], ground.containers, ground.project, ground.services)
  );
  if (atLive === void 0 || atIdle === void 0) return refusal();
  const refusals = [liveFault(atLive, ground, seen2), idleFault(atIdle, ground, seen2, idle)].filter(
    (fault2) => fault2 !== void 0
  );
  if (refusals.length > 0) return refusal(...refusals.map((sentence2) => new Failure("drift", sentence2)));
  const container = sittingContainer(atLive, ground, live);
  if (container === void 0 && answering2[live] === "silent") return usable({ own: false });
  const version = container && versionOf(container, ground, seen2);
  const own = container?.service === ground.services[live].name;
  const side = {
    previous: version === void 0 ? {} : { version },
    ...container && { image: container.image },
    own
  };
  return usable(side, adoptionNotes(atLive, ground, addresses[live]));
}
function liveFault(sitter2, { services, project }, { live, service, addresses }) {
  const at = `${addresses[live].host}:${addresses[live].port}, where Nginx sends traffic as ${live},`;
  switch (sitter2.kind) {
    case "color":
      if (sitter2.color === live) return void 0;
      return `At ${at} sits ${sitter2.container.name}, which is the container of ${sitter2.color}. Correct the addresses in the Nginx configuration or the ports in the compose file.`;
    case "single":
      if (sitter2.container.service === service) return void 0;
      return `At ${at} sits ${sitter2.container.name} of the service ${sitter2.container.service}, which is not \`${services[live].name}\`. Stop it (docker stop ${sitter2.container.name}) and give each an address of its own; or correct the one in the Nginx configuration, where a name means what it meant when Nginx loaded.`;
    case "other project":
      return `At ${at} sits ${sitter2.container.name} of the compose project \`${sitter2.project}\`, and compose calls this project \`${project.name}\`. Where it is the same application set \`project-name: ${sitter2.project}\`; else name the right \`upstream\`.`;
    case "no project":
      if (sitter2.container.name === service) return void 0;
      return `At ${at} sits the container ${sitter2.container.name}, which is of no compose project. Where it is this application under another name, rename it: docker rename ${sitter2.container.name} ${service}`;
    case "host network":
    case "no container":
      return void 0;
  }
}
function idleFault(sitter2, { services }, seen2, idle) {
  const { host, port } = seen2.addresses[idle];
  const blocks = `so that \`${services[idle].name}\` cannot be started there`;
  switch (sitter2.kind) {
    case "color":
      if (sitter2.color === idle) return void 0;
      return `At ${host}:${port}, the address of ${idle}, sits the container of ${sitter2.color}, ${sitter2.container.name}. Give each color an address of its own.`;
    case "single":
    case "other project":
    case "no project":
      return `${host}:${port}, the address of ${idle}, is taken by the container ${sitter2.container.name}, ${blocks}. If it is the application from before blue and green, remove it: ${removal(sitter2.container.name)}`;
    case "host network":
      return void 0;
    case "no container":
      if (seen2.answering[idle] === "silent") return void 0;
      return `Something that is no container answers at ${host}:${port}, the address of ${idle}, ${blocks}. \`ss -ltnp\` on the host names it.`;
  }
}
function sittingContainer(sitter2, { project, services }, live) {
  if (sitter2.kind !== "host network") return "container" in sitter2 ? sitter2.container : void 0;
  return colorContainer(sitter2.containers, project, services[live])?.container;
}
function versionOf(container, { services }, { ledger, live }) {
  return versionIn(services[live].image ?? "", container.imageName) ?? releaseOfImage(ledger, container.image)?.version;
}
function adoptionNotes(sitter2, { project }, at) {
  if (sitter2.kind !== "single" && sitter2.kind !== "no project") return [];
  const { name, service } = sitter2.container;
  const named = sitter2.kind === "single" && serviceNamed(project, service) !== void 0;
  const file = named ? ` Take \`${service}\` out of the compose file as well.` : "";
  return [
    `The application ran as the container ${name} until now. Remove it once this release stands (its port ${at.port} blocks the next release until then): ${removal(name)}${file}`
  ];
}
function removal(name) {
  return `docker stop ${name} && docker rm ${name}`;
}

// src/planning/live.ts
async function liveColor(router, survey, signal) {
  const live = await router.current(signal);
  if (live.kind !== "color") {
    throw new Failure(live.kind === "foreign" ? "foreign-upstream" : "drift", `${live.why}.`);
  }
  if (router.how === "switch" && survey.state.kind === "usable" && survey.state.files.has("green") !== (live.color === "green")) {
    const file = survey.state.files.has("green") ? "is there" : "is not there";
    throw new Failure(
      "drift",
      `The switch file \`green\` ${file}, and Nginx says that ${live.color} is live. Nginx looks for it in another folder, or its workers cannot pass through one on the way to it: sudo chmod o+x each of them, and see that Nginx runs without \`PrivateTmp\` and in the same container or host.`
    );
  }
  return live.color;
}

// src/planning/questions.ts
function colorQuestion({ inputs, ground, host }, color, version) {
  const { health } = inputs;
  const place = ground.nginx.addresses[color];
  const address = writtenAddress(place);
  const match = forVersion(health.expect.match, version);
  return {
    title: `${color} itself (http://${address}${health.path})`,
    from: host,
    request: { address: place.host, port: place.port, path: health.path, host: health.host ?? address },
    expect: { status: health.expect.status, ...match && { match } },
    ...place.container && { container: place.container }
  };
}
function routeQuestion({ ground, inputs }, version) {
  const match = forVersion(inputs.route.match, version);
  return { ...ground.route, expect: { ...ground.route.expect, ...match && { match } } };
}

// src/planning/rollback.ts
var LISTED = 10;
function decideRollback(standing) {
  const { ledger, live, wanted } = standing;
  const refused2 = refusedImages(ledger);
  const entry = ledger.findLast(
    (each) => wanted === void 0 ? each.image !== live && !refused2.has(each.image) : each.version === wanted
  );
  if (entry === void 0) return impossible(whyNone(standing), standing);
  const way = wayTo(entry, standing);
  return typeof way === "string" ? impossible(way, standing) : { kind: "back", entry, way };
}
function wayTo(entry, { to, idle, images, reference, neverPull }) {
  const { image, version, container, digests } = entry;
  if (idle !== void 0 && idle.id === container && idle.image === image && entry.color === to) {
    return { kind: "container", id: container, running: idle.state.status === "running" };
  }
  if (imageNamed(images, reference(version)) === image) return { kind: "name" };
  if (images.ids.has(image)) return { kind: "id" };
  const gone = `The image of ${version} (${image.slice(0, 19)}\u2026) is not on the host any more`;
  const [digest] = digests;
  if (digest === void 0) return `${gone}, and it came from no registry.`;
  if (neverPull) return `${gone}, and \`pull: never\` forbids to bring it back.`;
  return { kind: "digest", reference: digest };
}
function whyNone({ ledger, live, wanted }) {
  if (ledger.length === 0) return "The ledger has no release yet, so that there is nothing to go back to.";
  if (wanted !== void 0) return `The ledger has no release of ${wanted}.`;
  return ledger.some(({ image }) => image !== live) ? "Every other release that the ledger has was taken away by a rollback before." : "The ledger has no release of another image than the one that is live.";
}
function impossible(why, standing) {
  const known = new Set(standing.ledger.toReversed().map(({ version }) => version));
  const possible = [...known].flatMap((version) => {
    const entry = standing.ledger.findLast((each) => each.version === version);
    if (entry === void 0 || entry.image === standing.live) return [];
    return typeof wayTo(entry, standing) === "string" ? [] : [`${version} (released ${entry.confirmed})`];
  });
  const listed = possible.slice(0, LISTED).join(", ");
  const mend2 = possible.length === 0 ? "Deploy the version that is wanted." : `By \`version\` you can go back to ${listed}.`;
  return { kind: "impossible", sentence: `${why} ${mend2}` };
}

// src/runtimes/compose-scripts.ts
var VIGIL_SAW = 9;
function pullService(target, service, color, version, pull) {
  const command = compose(target, ["pull", service], versionEnvironment(target, color, version));
  const there = sh`docker image inspect ${pull.image} >/dev/null 2>&1 || ${command}`;
  return lines(enter(target), pull.policy === "missing" ? there : command);
}
function startColor(target, name, color, version, hashed = []) {
  const variables = versionEnvironment(target, color, version);
  const up = compose(target, ["up", ...ALONE, "--detach", "--force-recreate", name.service], variables);
  const anew = hashed.length === 0 ? up : lines(removeService(name), createHashed(target, name, hashed, variables));
  const network = `label=com.docker.compose.project=${name.project}`;
  return lines(
    enter(target),
    sh`anew() {`,
    anew,
    sh`}`,
    sh`if [ -n "$(docker network ls --quiet --filter ${network})" ]; then anew; else ${underLock(".", sh`anew`)}; fi`
  );
}
var ALONE = ["--no-deps", "--no-build", "--pull", "never"];
function createHashed(target, name, hashed, variables) {
  const counts = hashed.map(
    (each) => sh`set -- "$@" --scale ${each}=$(${listContainers({ ...name, service: each })} | wc -l | tr -d ' ')`
  );
  const create = ["up", ...ALONE, "--no-start", "--no-recreate"];
  return lines(
    sh`set --`,
    ...counts,
    sh`${compose(target, create, variables, sh`"$@" ${[name.service, ...hashed]}`)} || exit 1`,
    sh`docker start $(${listContainers(name)}) >/dev/null || exit 1`
  );
}
function startDependencies(target, project, dependencies) {
  const starts = dependencies.flatMap(({ service, condition, hashed }) => {
    const name = { project, service };
    const up = compose(target, ["up", "--detach", "--no-deps", "--no-recreate", service]);
    const pull = sh`${compose(target, ["pull", "--ignore-buildable", service])} >&2`;
    const image = compose(target, ["config", "--images", service]);
    return [
      sh`service=${service}`,
      hashed.length === 0 ? sh`${up} || exit 1` : lines(
        sh`docker image inspect $(${image}) >/dev/null 2>&1 || ${pull} || exit 1`,
        createHashed(target, name, hashed, {})
      ),
      sh`id=$(${listContainers(name)} | head -n 1)`,
      AWAIT[condition] ?? sh`:`
    ];
  });
  return lines(enter(target), ...starts);
}
var AWAIT = {
  service_healthy: sh`while :; do
  case $(docker inspect --format '{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{end}}' "$id") in
    'running healthy') break ;;
    'running starting') sleep 1 ;;
    *) docker logs --tail 50 "$id" >&2; echo "$service did not become healthy." >&2; exit 1 ;;
  esac
done`,
  service_completed_successfully: sh`code=$(docker wait "$id") || exit 1
[ "$code" = 0 ] || { docker logs --tail 50 "$id" >&2; echo "$service ended with exit code $code." >&2; exit 1; }`
};
var DOCKER_RESTARTS = 20;
function removeRefused(name, except = []) {
  return sh`tries=${DOCKER_RESTARTS}
until ids=$(${listContainers(name)} 2>/dev/null); do
  tries=$((tries - 1)); [ $tries -gt 0 ] || { ${listContainers(name)} >/dev/null; exit 1; }
  sleep 0.5
done
for id in $ids; do
  case ${` ${except.join(" ")} `} in *" $id "*) continue ;; esac
  docker logs --tail 200 "$id" 2>&1 || :
  docker rm --force "$id" >/dev/null 2>&1 || ! docker inspect --type container "$id" >/dev/null 2>&1 || { echo "Docker did not remove the container $id; remove it by: docker rm --force $id" >&2; exit 1; }
done`;
}
function stopService(name) {
  return sh`ids=$(${listContainers(name)} --filter status=running --filter status=restarting --filter status=paused) || exit 1
[ -z "$ids" ] || docker stop $ids >/dev/null`;
}
function removeService(name) {
  return lines(
    sh`(
${stopService(name)}
) || exit 1`,
    sh`ids=$(${listContainers(name)}) || exit 1
[ -z "$ids" ] || docker rm --force $ids >/dev/null || exit 1`
  );
}
function watchService(name, duration, fresh = true) {
  const seconds = Math.max(1, Math.ceil(duration / 1e3));
  return sh`saw() {
  # One that runs again or is about to has its exit code in the events alone.
  case $code$(state) in "running "*|"restarting "*) code=$(timeout 5 docker events --since "$(docker inspect --type container --format '{{.Created}}' "$id")" --until "$(($(date +%s) + 1))" --filter "container=$id" --filter event=die --format '{{index .Actor.Attributes "exitCode"}}' 2>/dev/null | tail -n 1) ;; esac
  printf %s "\${code:+$code }"; docker inspect --type container --format ${INSPECT_FORMAT} "$id" 2>/dev/null || echo
  docker logs --tail 50 "$id" 2>&1
  exit ${VIGIL_SAW}
}
state() { docker inspect --type container --format '{{.State.Status}} {{.RestartCount}} {{.State.OOMKilled}} {{.State.StartedAt}}' "$id" 2>/dev/null; }
code= id=$(${listContainers(name)} 2>/dev/null | head -n 1)
[ -n "$id" ] || id=none
before=$(state)
case $before in ${fresh ? sh`"running 0 false "` : sh`"running "`}*) ;; *) saw ;; esac
code=$(timeout ${seconds} docker wait "$id" 2>/dev/null)
[ "$(state)" = "$before" ] || saw`;
}
function listContainers({ project, service }) {
  const labels = [`project=${project}`, `service=${service}`, "oneoff=False"];
  const filters = labels.flatMap((label) => ["--filter", `label=com.docker.compose.${label}`]);
  return sh`docker ps --all --quiet --no-trunc ${filters}`;
}
function versionEnvironment(target, color, version) {
  return { [target.variable]: version, [variableName(target.variable, color)]: version };
}

// src/runtimes/compose-back.ts
function startContainer(id) {
  return sh`docker start ${id} >/dev/null`;
}
function stopContainer(id) {
  return lines(
    sh`started=$(docker inspect --type container --format '{{.State.StartedAt}}' ${id} 2>/dev/null) || exit 0`,
    sh`docker logs --since "$started" --tail 200 ${id} 2>&1 || :`,
    sh`docker stop ${id} >/dev/null`
  );
}
function startRecorded(target, start, { image, way }) {
  const { name, color, version, hashed } = start;
  const up = way.kind === "name" ? startColor(target, name, color, version, hashed) : startById(target, start, image);
  return lines(
    up,
    sh`[ $? = 0 ] || exit 1`,
    sh`started=$(docker inspect --type container --format '{{.Image}}' $(${listContainers(name)})) || exit 1`,
    sh`[ "$started" = ${image} ] || { echo "What was started has the image $started, and the release had "${image} >&2; exit 1; }`
  );
}
function startById(target, { name, color, version }, image) {
  const variables = versionEnvironment(target, color, version);
  const override = JSON.stringify({ services: { [name.service]: { image } } });
  const folder2 = ["--project-directory", projectFolder({ ...target, directory: "." })];
  const up = ["up", ...ALONE, "--detach", "--force-recreate", name.service];
  return lines(
    enter(target),
    sh`read=$(${compose(target, ["config", name.service], variables)}) || exit 1`,
    sh`printf '%s\\n---\\n%s\\n' "$read" ${override} | ${composeReading({ ...target, files: ["-"] }, [...folder2, ...up], variables)}`
  );
}

// src/runtimes/compose-drain.ts
function drainService({ project, service }, ports, duration) {
  const filters = [`project=${project}`, `service=${service}`].flatMap((label) => [
    "--filter",
    `label=com.docker.compose.${label}`
  ]);
  const wanted = ports.map((port) => port.toString(16).toUpperCase().padStart(4, "0")).join("|");
  return lines(
    sh`id=$(docker ps --quiet --no-trunc ${filters} | head -n 1)`,
    sh`[ -n "$id" ] || { echo 'it does not run'; exit 0; }`,
    sh`pid=$(docker inspect --type container --format '{{.State.Pid}}' "$id")`,
    sh`connected() { cat "/proc/$pid/net/tcp" "/proc/$pid/net/tcp6" 2>/dev/null | awk -v ports=${`:(${wanted})$`} '$4 == "01" && $2 ~ ports' | wc -l; }`,
    ...waitUntilNone("connected", duration, "open connection")
  );
}

// src/runtimes/compose-identity.ts
function identityMembers({ project, service }) {
  const filters = [`project=${project}`, `service=${service}`].flatMap((label) => [
    "--filter",
    `label=com.docker.compose.${label}`
  ]);
  const own = '"container":{{json .Id}},"image":{{json .Image}},"compose":{{json (index .Config.Labels "com.docker.compose.config-hash")}}';
  return lines(
    sh`id=$(docker ps --quiet --no-trunc ${filters} | head -n 1)`,
    sh`own=$(docker inspect --type container --format ${`{{.Image}} ${own}`} "$id") || exit 1`,
    sh`printf '%s\\n' "\${own#* }"`,
    sh`docker image inspect --format ',"digests":{{if .RepoDigests}}{{json .RepoDigests}}{{else}}[]{{end}}' "\${own%% *}"`
  );
}

// src/runtimes/compose-pull.ts
var HOPELESS = "unauthorized|denied|not found|manifest unknown|no such|invalid reference|no space left|no basic auth";
var BEFORE = ".blue-green/image.before";
var PULLED = ".blue-green/image.pulled";
function pullImage(target, pull) {
  const { image, login, policy } = pull;
  const remember = rememberImage(target, image);
  if (login === void 0) return lines(remember, pullService(target, pull.service, pull.color, pull.version, pull));
  return lines(
    remember,
    policy === "missing" ? sh`docker image inspect ${image} >/dev/null 2>&1 && exit 0` : sh`:`,
    pullWith(login, image)
  );
}
function pullRecorded(target, reference, id, login) {
  return lines(
    rememberImage(target, reference),
    login === void 0 ? sh`docker pull ${reference} || exit 1` : sh`(\n${pullWith(login, reference)}\n) || exit 1`,
    sh`pulled=$(docker image inspect --format '{{.Id}}' ${reference})`,
    sh`[ "$pulled" = ${id} ] || { echo "The registry gave the image $pulled, and the release had "${id} >&2; exit 1; }`
  );
}
function rememberImage(target, image) {
  return lines(
    enter(target),
    sh`(umask 077 && mkdir -p .blue-green && docker image inspect --format '{{.Id}}' ${image} > ${BEFORE} 2>/dev/null); [ -e ${BEFORE} ] || exit 1`
  );
}
function pullWith(login, image) {
  return lines(
    // In memory where there is such a place, so that not even a host that dies keeps it.
    sh`for place in "$XDG_RUNTIME_DIR" /dev/shm "\${TMPDIR:-/tmp}"; do [ -d "$place" ] && [ -w "$place" ] && break; done`,
    sh`config=$(mktemp -d "$place/blue-green.XXXXXX") || exit 1`,
    sh`trap 'rm -rf "$config"' EXIT; trap 'exit 143' TERM INT HUP`,
    // That configuration hides which docker the user has chosen, too.
    sh`DOCKER_HOST=$(docker context inspect --format '{{.Endpoints.docker.Host}}') && export DOCKER_HOST || exit 1`,
    // The builtin printf has no arguments that others could see; docker warns that the file is not encrypted: it is gone in a moment.
    sh`printf %s ${login.password} | docker --config "$config" login --username ${login.username} --password-stdin ${login.server === "" ? [] : [login.server]} 2>"$config/said" >/dev/null || { cat "$config/said" >&2; exit 1; }`,
    sh`docker --config "$config" pull ${image}`
  );
}
function undoPull(target, image) {
  return lines(
    enter(target),
    sh`[ -e ${BEFORE} ] || exit 0`,
    sh`before=$(cat ${BEFORE}); now=$(docker image inspect --format '{{.Id}}' ${image} 2>/dev/null)`,
    sh`if [ -z "$before" ]; then [ -z "$now" ] || docker image rm ${image} >/dev/null || exit 1`,
    sh`else`,
    // The name moves at once, so that an undo that is cut and done again finds it at one of the two.
    sh`  [ "$now" = "$before" ] || { echo "$now" > ${PULLED}; docker image tag "$before" ${image} || exit 1; }`,
    sh`  pulled=$(cat ${PULLED} 2>/dev/null)`,
    // Where something else uses what was pulled, that stays.
    sh`  [ -z "$pulled" ] || [ -n "$(docker image inspect --format '{{join .RepoTags " "}}' "$pulled")" ] || docker image rm "$pulled" >/dev/null 2>&1 || :`,
    sh`fi`,
    sh`rm -f ${[BEFORE, PULLED]}`
  );
}
function forgetPull(target) {
  return lines(enter(target), sh`rm -f ${BEFORE}`);
}

// src/runtimes/compose-retire.ts
function removeImages(old, repository) {
  return lines(
    sh`repository=${repository}`,
    sh`for id in ${old}; do`,
    sh`  [ -z "$(docker ps --all --quiet --filter "ancestor=$id")" ] || continue`,
    sh`  names=$(docker image inspect --format '{{range .RepoTags}}{{println .}}{{end}}' "$id" 2>/dev/null) || continue`,
    sh`  for name in $names; do case $name in "$repository":*) docker image rm "$name" >/dev/null ;; esac; done`,
    sh`  [ -n "$names" ] || docker image rm "$id" >/dev/null`,
    sh`done`
  );
}

// src/runtimes/compose.ts
var MINUTE = 6e4;
var PULL_DEADLINE = 30 * MINUTE;
var START_DEADLINE = 5 * MINUTE;
var SHORT_DEADLINE = MINUTE;
function composeRuntime(facts) {
  const { target, services, recorded } = facts;
  const sum = facts.remembered?.sum;
  const nameOf = (color) => ({ project: facts.project, service: services[color].name });
  const change = (title, rest) => ({
    kind: "change",
    phase: "prepare",
    on: "all apps",
    title,
    ...rest
  });
  return {
    pull(color, version) {
      const { name, image = "" } = services[color];
      const login = facts.registry;
      if (recorded === void 0 ? facts.pull === "never" : recorded.way.kind !== "digest") return [];
      const reference = recorded?.way.kind === "digest" ? recorded.way.reference : imageFor(image, version);
      const policy = facts.pull === "missing" ? "missing" : "always";
      const pull = { service: name, color, version, image: reference, policy, ...login && { login } };
      const shell = recorded ? pullRecorded(target, reference, recorded.image, login) : pullImage(target, pull);
      return [
        change(`Pull ${reference}`, {
          reason: "pull-failed",
          subject: reference,
          effect: {
            does: `${recorded ? "docker pull" : `docker compose pull ${name}, which is`} ${reference}${policy === "missing" && !recorded ? ", where it is not there" : ""}`,
            undoes: "Makes the name mean what it meant before; removes what only the pull brought"
          },
          do: { shell, deadline: PULL_DEADLINE },
          undo: { shell: undoPull(target, reference), deadline: SHORT_DEADLINE },
          again: { times: 2, pause: 3e3, unless: HOPELESS }
        })
      ];
    },
    startDependencies() {
      if (facts.dependencies.length === 0) return [];
      const names = facts.dependencies.map((dependency) => dependency.service).join(", ");
      const shell = startDependencies(target, facts.project, facts.dependencies);
      return [
        change(`Start ${names}, which never ran`, {
          reason: "start-failed",
          subject: names,
          effect: { does: `docker compose up --no-deps ${names}` },
          do: { shell, deadline: START_DEADLINE }
        })
      ];
    },
    start(color, version) {
      const { name, stopGracePeriod } = services[color];
      const start = { name: nameOf(color), color, version, hashed: facts.hashed };
      if (recorded?.way.kind === "container") {
        const { id, running } = recorded.way;
        if (running) return [];
        return [
          change(`Start the container of ${name} as it was with ${version}`, {
            reason: "start-failed",
            subject: name,
            effect: { does: `docker start ${id.slice(0, 12)}`, undoes: `docker stop ${id.slice(0, 12)}` },
            do: { shell: startContainer(id), deadline: START_DEADLINE },
            undo: { shell: stopContainer(id), deadline: SHORT_DEADLINE + stopGracePeriod }
          })
        ];
      }
      const shell = recorded ? startRecorded(target, start, recorded) : startColor(target, start.name, color, version, facts.hashed);
      return [
        change(`Start ${name} with ${version}`, {
          reason: "start-failed",
          subject: name,
          effect: {
            does: `docker compose up --no-deps --force-recreate ${name}, with ${target.variable} and ${variableName(target.variable, color)} = ${version}${recorded ? `, its image by ${recorded.way.kind === "name" ? "name" : "the id"} ${recorded.image}` : ""}`,
            undoes: "Saves the log of the new container, and removes it"
          },
          do: { shell, deadline: START_DEADLINE },
          undo: { shell: removeRefused(nameOf(color), facts.present), deadline: SHORT_DEADLINE }
        })
      ];
    },
    wake: (color) => startByHand(target, services[color].name).text,
    vigil: (color, duration) => ({
      on: "all apps",
      script: {
        shell: watchService(nameOf(color), duration, recorded?.way.kind !== "container"),
        deadline: duration + SHORT_DEADLINE
      }
    }),
    remember(color, version) {
      if (facts.remembered === void 0) return [];
      const others = Object.entries(facts.remembered.others).map(([other, value]) => [
        variableName(target.variable, other === "blue" ? "blue" : "green"),
        value
      ]);
      const values = {
        ...Object.fromEntries(others),
        [variableName(target.variable, color)]: version,
        [variableName(target.variable, "any")]: version
      };
      const file = envFile(target);
      const edit = { file, variable: target.variable, values };
      return [
        change(`Write ${version} into ${file}`, {
          reason: "start-failed",
          effect: {
            does: "Sets the variables; every other byte stays",
            undoes: "Puts the file back as it was, its inode included; only these variables, where somebody else changed it since",
            files: [{ kind: "variables", path: file, names: Object.keys(values), ...sum && { before: sum } }]
          },
          do: { shell: underLock(target.directory, editEnvFile(edit)), deadline: SHORT_DEADLINE },
          undo: { shell: underLock(target.directory, restoreEnvFile(edit)), deadline: SHORT_DEADLINE }
        })
      ];
    },
    forget() {
      const kept = { file: envFile(target), variable: target.variable };
      const env = facts.remembered === void 0 ? [] : [underLock(target.directory, forgetEnvFile(kept))];
      const pulls = recorded ? recorded.way.kind === "digest" : facts.pull !== "never";
      const pull = pulls ? [forgetPull(target)] : [];
      if (env.length + pull.length === 0) return [];
      return [retiring("Remove what was kept for undoing", "Removes private copies", lines(...env, ...pull))];
    },
    drain(color, duration) {
      const ports = listeningPorts(services[color]);
      if (ports.length === 0) return [];
      const shell = drainService(nameOf(color), ports, duration);
      return [{ on: "all apps", script: { shell, deadline: duration + SHORT_DEADLINE } }];
    },
    retire(color) {
      const { name } = services[color];
      switch (facts.previous) {
        case "keep":
          return [];
        case "stop":
          return [
            retiring(
              `Stop ${name}`,
              `docker stop, of ${name}`,
              stopService(nameOf(color)),
              services[color].stopGracePeriod
            )
          ];
        case "remove":
          return [
            retiring(
              `Remove ${name}`,
              `docker stop and docker rm, of ${name}`,
              removeService(nameOf(color)),
              services[color].stopGracePeriod
            )
          ];
      }
    },
    identify: (color) => identityMembers(nameOf(color)),
    tidy() {
      if (facts.oldImages.length === 0) return [];
      const repository = imageFor(services.blue.image ?? "", "x").replace(/:x$/, "");
      return [
        retiring(
          "Remove images that no rollback needs",
          `docker image rm, as far as nothing uses them: ${facts.oldImages.map((id) => id.slice(0, 19)).join(", ")}`,
          removeImages(facts.oldImages, repository)
        )
      ];
    }
  };
}
function retiring(title, does, shell, extra = 0) {
  const script = { shell, deadline: SHORT_DEADLINE + extra };
  const at = { kind: "change", phase: "retire", on: "all apps" };
  return { ...at, title, reason: "command-failed", effect: { does }, do: script };
}
function listeningPorts(service) {
  const exposed = service.exposed.flatMap((written2) => Number.parseInt(written2, 10) || []);
  return [.../* @__PURE__ */ new Set([...service.ports.map((port) => port.target), ...exposed])].filter((port) => port > 0);
}

// src/runtimes/compose-dependencies.ts
function dependencyPlan(project, idle, live, containers, composeVersion) {
  const dependencies = dependenciesOf(project, idle).filter((service) => service.name !== live.name);
  const asked = [idle, ...dependencies].flatMap((service) => service.dependsOn);
  return dependencies.map((service) => {
    const conditions = asked.filter((each) => each.service === service.name).map((each) => each.condition);
    const condition = STRICTEST_FIRST.find((each) => conditions.includes(each)) ?? "service_started";
    const start = { kind: "start", condition, hashed: hashedDependencies(service, composeVersion) };
    return decide(service, start, serviceContainers(containers, project.name, service.name));
  });
}
function hashedDependencies(service, composeVersion) {
  return isBefore(composeVersion, 30) ? service.dependsOn.map((dependency) => dependency.service) : [];
}
function dependentIs(dependency, composeVersion) {
  if (isBefore(composeVersion, 30)) return "recreated";
  return dependency.restart || isBefore(composeVersion, 36) ? "restarted" : "left alone";
}
function isBefore(composeVersion, wanted) {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(composeVersion) ?? [];
  return Number(major) === 2 && Number(minor) < wanted;
}
var STRICTEST_FIRST = ["service_completed_successfully", "service_healthy", "service_started"];
function decide(service, start, containers) {
  const { name } = service;
  if (containers.some(isRunning)) return { kind: "runs", service: name };
  if (service.uses.length > 0) {
    return {
      kind: "uses the version",
      service: name,
      sentence: `\`${name}\` uses the version variable and is not started: what must run once for a release belongs into \`before-start\`.`
    };
  }
  const ran = containers.find((container) => container.state.status !== "created");
  if (ran === void 0) return { ...start, service: name };
  const { exitCode } = ran.state;
  if (exitCode === 0) return { kind: "ended", service: name, exitCode };
  const sentence2 = `\`${name}\` ended with ${exitCode} and is left as it is; see \`docker logs ${ran.name}\`.`;
  return { kind: "ended", service: name, exitCode, sentence: sentence2 };
}

// src/runtimes/compose-by-hand.ts
function byHand2(run2, released, settled = []) {
  const own = [...run2.hashes].flatMap(([name, hashes]) => {
    if (settled.includes(name)) return [];
    if (released !== void 0 && released.service.name === name) return releasedByHand(run2, released);
    const containers = serviceContainers(run2.containers, run2.project.name, name);
    const [container] = containers;
    if (container === void 0) return [{ kind: "created", service: name }];
    const drifted = containers.find((each) => !hashes.includes(each.configHash));
    if (drifted !== void 0) return [{ kind: "recreated", service: name, why: whyDrifted(run2, name, drifted) }];
    return containers.some(isRunning) ? [] : [{ kind: "started", service: name }];
  });
  return withDependents(run2, own);
}
function withDependents({ project, hashes, composeVersion }, own) {
  const changes = new Map(own.map((change) => [change.service, change]));
  const recreated = own.flatMap((change) => change.kind === "recreated" ? [change.service] : []);
  for (const service of recreated) {
    for (const { name, dependsOn } of project.services) {
      const dependency = dependsOn.find((each) => each.service === service);
      const known = changes.get(name)?.kind;
      if (dependency === void 0 || !hashes.has(name) || known === "recreated" || known === "created") continue;
      const kind = dependentIs(dependency, composeVersion);
      if (kind === "left alone") continue;
      changes.set(name, { kind, service: name, why: `it depends on \`${service}\`` });
      if (kind === "recreated") recreated.push(name);
    }
  }
  return [...changes.values()];
}
function byHandSentence(changes) {
  if (changes.length === 0) return void 0;
  const told = changes.map((change) => {
    const why = "why" in change ? ` (${change.why})` : "";
    return `\`${change.service}\` would be ${change.kind}${why}`;
  });
  return `If you ran \`docker compose up -d\` by hand: ${told.join("; ")}.`;
}
function releasedByHand(run2, { color, service, version }) {
  const differing = service.uses.filter((which) => {
    const started = which === "any" || which === color ? version : run2.values[which];
    return started !== run2.values[which];
  });
  if (differing.length === 0) return [];
  const told = differing.map((which) => `${variableName(run2.variable, which)} is ${run2.values[which] ?? "not set"}`);
  return [{ kind: "recreated", service: service.name, why: `${told.join(" and ")} in \`.env\`, and ${version} runs` }];
}
function whyDrifted(run2, name, container) {
  const service = run2.project.services.find((each) => each.name === name);
  const [which] = service?.uses ?? [];
  const runs = service?.image === void 0 ? void 0 : versionIn(service.image, container.imageName);
  const value = which === void 0 ? void 0 : run2.values[which];
  if (service?.image !== void 0 && runs !== void 0 && which !== void 0 && value !== void 0 && runs !== value) {
    return `${variableName(run2.variable, which)} is ${value} in \`.env\`: ${imageFor(service.image, value)} in place of ${container.imageName}`;
  }
  return "its definition or its environment is not what it was started with";
}

// src/runtimes/compose-hand-run.ts
function handRunNotes({ project, services, containers: present, versionOnHost }, { compose: compose2, values, hashes }, { version, versionVariable: variable }, to, previous, asItIs = false) {
  const containers = afterwards(present, project.name, services[otherThan(to)].name, previous);
  const known = hashes.kind === "said" ? hashes.value : /* @__PURE__ */ new Map();
  const composeVersion = compose2.kind === "said" ? compose2.value : "";
  const run2 = { project, variable, composeVersion, values, hashes: known, containers };
  const released = { color: to, service: services[to], version };
  if (versionOnHost.kind === "kept in .env") {
    const from = otherThan(to);
    const { version: runs } = colorContainer(containers, project, services[from]) ?? {};
    const fresh = !asItIs || values[to] !== version;
    const settled = [...fresh ? [services[to].name] : [], ...runs === values[from] ? [] : [services[from].name]];
    const disturbed = byHand2(run2, fresh ? released : void 0, settled).filter((change) => "why" in change);
    return [byHandSentence(disturbed)].filter((sentence2) => sentence2 !== void 0);
  }
  const changes = byHand2(run2, released);
  const told = byHandSentence(changes) ?? "A `docker compose up -d` by hand would change nothing.";
  const why = versionOnHost.reasons.map((reason) => unsafeSentence(reason, variable));
  const locked = versionOnHost.reasons.every(({ kind }) => kind === "read-only");
  return [
    `\`.env\` was left alone, because ${locked ? "it may not be written" : "changing it could recreate the live color"}. ${told} The mend: ${why.join(" ")}`
  ];
}
function afterwards(containers, project, service, previous) {
  const retired = serviceContainers(containers, project, service);
  if (previous === "keep") return containers;
  return containers.flatMap((each) => {
    if (!retired.includes(each)) return [each];
    return previous === "remove" ? [] : [{ ...each, state: { ...each.state, status: "exited" } }];
  });
}

// src/planning/runtime.ts
function runtimeFor(inputs, survey, { compose: compose2 }, to, side, back2) {
  const { project, services, containers } = compose2;
  const composeVersion = survey.compose.compose.kind === "said" ? survey.compose.compose.value : "";
  const from = otherThan(to);
  const dependencies = dependencyPlan(project, services[to], services[from], containers, composeVersion);
  const live = side.own ? side.previous?.version : void 0;
  const runtime = composeRuntime({
    target: composeTarget(inputs),
    project: project.name,
    services,
    pull: inputs.application.pull,
    ...inputs.application.registry && { registry: inputs.application.registry },
    previous: inputs.after.previous,
    // What is released counts among the newest.
    oldImages: back2 ? imagesOfOlder([...survey.ledger, back2.entry], inputs.after.keepImages + 1) : imagesOfOlder(survey.ledger, inputs.after.keepImages),
    ...back2 && { recorded: { image: back2.entry.image, way: back2.way } },
    dependencies: dependencies.flatMap((each) => each.kind === "start" ? [each] : []),
    present: containers.map(({ id }) => id),
    hashed: hashedDependencies(services[to], composeVersion),
    ...compose2.versionOnHost.kind === "kept in .env" && {
      remembered: {
        others: live === void 0 ? {} : { [from]: live },
        ...survey.compose.envSum !== void 0 && { sum: survey.compose.envSum }
      }
    }
  });
  const warnings = dependencies.flatMap(
    (each) => "sentence" in each && each.sentence !== void 0 ? [each.sentence] : []
  );
  const idle = colorContainer(containers, project, services[to]);
  const asItIs = back2?.way.kind === "container";
  const notes = [
    ...handRunNotes(
      compose2,
      survey.compose,
      inputs.application,
      to,
      side.previous ? inputs.after.previous : "keep",
      asItIs
    ),
    ...back2 ? pinnedNotes(back2, services[to], inputs) : [],
    ...graceNotes(services[from], inputs)
  ];
  const told = [...warnings, ...publicWarnings(services[to])];
  return { runtime, warnings: told, notes, idleRuns: !asItIs && idle !== void 0 && isRunning(idle.container) };
}
function pinnedNotes({ entry, way }, service, { application: { version } }) {
  if (way.kind !== "id" && way.kind !== "digest") return [];
  const name = imageFor(service.image ?? "", version);
  const meant = way.kind === "id" ? `\`${name}\` does not mean the image of that release any more` : `the image was gone from the host`;
  return [
    `${version} was started by the id of its image (${entry.image.slice(0, 19)}\u2026), because ${meant}. A \`docker compose up -d\` by hand would recreate \`${service.name}\` with what \`${name}\` means then. To make that the same image again: docker tag ${entry.image} ${name}`
  ];
}
function graceNotes(service, { after }) {
  if (after.previous === "keep" || service.stopGracePeriod >= after.drain) return [];
  const [grace, drain] = [service.stopGracePeriod / 1e3, after.drain / 1e3];
  return [
    `\`${service.name}\` is killed ${grace} s after it is told to stop (\`stop_grace_period\`), and \`drain-timeout\` is ${drain} s: what takes longer than both is cut. Write \`stop_grace_period: ${drain}s\` in the compose file.`
  ];
}

// src/planning/release.ts
async function planRelease(asked) {
  const { survey, ground } = asked;
  const command = asked.inputs.command === "rollback" ? "rollback" : "deploy";
  const router = ground.nginx.router(asked.ask);
  const from = await liveColor(router, survey, asked.signal);
  const to = otherThan(from);
  const { side, notes, liveAnswers } = await whoServes(asked, from);
  const { previous } = side;
  const { back: back2, refused: refused2 } = command === "rollback" ? decisionToGoBack(asked, from, side) : {};
  const planning = back2 ? { ...asked, inputs: ofVersion(asked.inputs, back2.entry.version) } : asked;
  const { inputs } = planning;
  const { version } = inputs.application;
  const route = await testedRoute(planning, from, side, liveAnswers);
  const seen2 = rememberSwitch(ground.nginx, ground.route);
  const runtime = runtimeFor(inputs, survey, ground, to, side, back2);
  const plan = {
    command: inputs.command === "rollback" ? "rollback" : "deploy",
    ...back2?.entry.commit !== void 0 && { commit: back2.entry.commit },
    ...refused2 !== void 0 && { refused: refused2 },
    ...seen2 !== void 0 && { seen: seen2 },
    version,
    from,
    to,
    ...previous && { previous },
    runtime: runtime.runtime,
    router,
    prepare: claimStateDirectory(inputs.nginx.stateDirectory, targetOf(planning), survey.state),
    questions: {
      next: colorQuestion(planning, to, version),
      previous: colorQuestion(planning, from, previous?.version),
      route: routeQuestion(planning, version),
      ...previous && route.answers.kind === "well" && { routeBefore: routeQuestion(planning, previous.version) }
    },
    health: { timeout: inputs.health.timeout, interval: inputs.health.interval },
    watch: inputs.watch,
    drain: inputs.after.drain,
    idleRuns: runtime.idleRuns,
    hooks: hooksFor(planning, from, to, previous?.version),
    ...smokeFor(planning, to)
  };
  const untested = untestedRoute(planning, from, previous && liveAnswers);
  const alarming = survey.ledger.length > 0 || previous !== void 0;
  const reload = router.how === "reload" && ground.nginx.configuration;
  const live = side.image === void 0 ? void 0 : releaseOfImage(survey.ledger, side.image)?.commit;
  const next = back2?.entry.commit;
  return {
    plan,
    commits: { ...live !== void 0 && { live }, ...next !== void 0 && { next } },
    notes: [
      ...alarming ? [] : untested,
      ...notes,
      ...back2 && inputs.application.uploads.length > 0 ? [UNTOUCHED] : [],
      ...runtime.notes,
      ...reload ? [reloadNote(reload, route.answers.server)] : []
    ],
    warnings: [
      ...ground.nginx.warning === void 0 ? [] : [ground.nginx.warning],
      ...alarming ? untested : [],
      ...route.warnings,
      ...runtime.warnings
    ]
  };
}
async function whoServes(planning, from) {
  const { inputs, survey, ground, ask, signal } = planning;
  const to = otherThan(from);
  const [liveAnswers, idleAnswers] = await Promise.all([
    howItAnswers(colorQuestion(planning, from, void 0), ask, signal),
    howItAnswers(colorQuestion(planning, to, void 0), ask, signal)
  ]);
  const [live, idle] = [liveAnswers.kind, idleAnswers.kind];
  const assessed = assessColors(ground.compose, {
    live: from,
    service: inputs.application.service,
    addresses: ground.nginx.addresses,
    answering: from === "blue" ? { blue: live, green: idle } : { blue: idle, green: live },
    ledger: survey.ledger
  });
  if (assessed.value === void 0) throw new Refused(assessed.refusals, { color: from });
  return { side: assessed.value, notes: assessed.notes, liveAnswers };
}
var UNTOUCHED = "`upload` was passed over: the files of the workspace belong to another version than the one that comes back.";
function decisionToGoBack({ inputs, survey, ground }, from, side) {
  const { project, services, containers } = ground.compose;
  const to = otherThan(from);
  const last = colorContainer(containers, project, services[to])?.container;
  const { places } = colorService(services[to], project.name);
  const at = ground.nginx.addresses[to];
  const idle = last && fitsStill(last, at, survey.images.networks, places) ? last : void 0;
  const lying = colorContainer(containers, project, services[from])?.container.image;
  const live = side.image ?? lying ?? survey.ledger.findLast(({ color }) => color === from)?.image;
  const wanted = inputs.application.version;
  const decision = decideRollback({
    ledger: survey.ledger,
    to,
    ...live !== void 0 && { live },
    ...idle && { idle },
    images: survey.images,
    reference: (version) => imageFor(services[to].image ?? "", version),
    ...wanted !== "" && { wanted },
    neverPull: inputs.application.pull === "never"
  });
  if (decision.kind === "back") return { back: decision, ...live !== void 0 && { refused: live } };
  throw new Refused([new Failure("rollback-impossible", decision.sentence)], sideOf(from, side));
}
function ofVersion(inputs, version) {
  const { beforeStart: _, ...hooks } = inputs.hooks;
  return { ...inputs, application: { ...inputs.application, version }, hooks };
}
function sideOf(color, { previous }) {
  if (previous === void 0) return {};
  return { color, ...previous.version !== void 0 && { version: previous.version } };
}
async function testedRoute(planning, from, side, live) {
  const { previous } = side;
  const answers = await howItAnswers(routeQuestion(planning, previous?.version), planning.ask, planning.signal);
  if (previous === void 0 || live.kind !== "well" || answers.kind === "well") return { answers, warnings: [] };
  if (planning.inputs.command === "rollback") {
    return { answers, warnings: [`The public route fails already, while the live color is well: ${answers.why}.`] };
  }
  const unusable = new Failure(
    "verify-unusable",
    `The public route cannot judge a release: the live color is well when asked directly, and through Nginx it is not. ${answers.why}. Set \`verify-url\` (and \`verify-match\`) to what the application answers through Nginx.`
  );
  throw new Refused([unusable], sideOf(from, side));
}
function untestedRoute({ ground }, from, live) {
  if (live?.kind === "well") return [];
  const at = `${from} (${writtenAddress(ground.nginx.addresses[from])})`;
  const down = live ? `The live color ${at} is not well: ${live.why}.` : `Nothing answers at ${at}, the live color.`;
  return [`${down} The public route was therefore not tested before the release.`];
}
function targetOf({ inputs, ground }) {
  return { upstream: inputs.nginx.upstream, project: ground.compose.project.name };
}
function hooksFor({ inputs, host }, from, to, previousVersion = "") {
  const { version, versionVariable } = inputs.application;
  const variables = {
    COMMAND: inputs.command,
    COLOR: to,
    VERSION: version,
    [versionVariable]: version,
    PREVIOUS_COLOR: from,
    PREVIOUS_VERSION: previousVersion
  };
  return hooksOf(inputs.hooks, composeTarget(inputs), host, variables, inputs.hooks.timeout);
}
function smokeFor({ inputs, ground, host }, to) {
  const { smokeTest: command, timeout: deadline } = inputs.hooks;
  if (command === void 0) return {};
  const variables = { COLOR: to, VERSION: inputs.application.version };
  return { smoke: { command, from: host, address: ground.nginx.addresses[to], variables, deadline } };
}

export {
  Refused,
  refused,
  found,
  onlyPlanned,
  conclude,
  planSentence,
  endedEarly,
  stateDirectoryMend,
  parseAddress,
  normalizeAddress,
  onHost,
  inContainer,
  parseConfiguration,
  httpDirectives,
  effective,
  positionOf,
  findUpstreams,
  findUpstream,
  sameName,
  pairNames,
  readPair,
  colorOfName,
  howItAnswers,
  workerShutdownTimeout,
  tablesOf,
  scopesAfter,
  valuesOf,
  conditionOf,
  passesOf,
  destinations,
  filesAskedFor,
  statesOf,
  hiddenBy,
  markerPath,
  readSwitchServer,
  findSwitch,
  missingSentence,
  assessNginx,
  readNginx,
  isChanging,
  writtenAddress,
  colorService,
  publicWarnings,
  variableName,
  imageFor,
  colorContainer,
  isRunning,
  chooseColors,
  serviceNamed,
  sharedWrites,
  unsafeSentence,
  assessCompose,
  assessGround,
  nginxPlace,
  stateFaults,
  compose,
  enter,
  assessColors,
  versionOf,
  liveColor,
  colorQuestion,
  routeQuestion,
  sections,
  composeTarget,
  surveyHost,
  askHost,
  readCompose,
  readOthers,
  loadedBefore,
  planRelease,
  decisionToGoBack,
  sideOf,
  refuseOlder
};
