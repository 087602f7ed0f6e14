import { createRequire as __createRequire } from 'node:module'
const require = __createRequire(import.meta.url)
const __filename = import.meta.filename
const __dirname = import.meta.dirname
import {
  beginnings,
  commitOfRun,
  finish,
  finishInPost,
  inputNames,
  leftNothing,
  newToken,
  originOfRun,
  readInputs,
  recoverySentence,
  redaction,
  secretInputs,
  settledBy,
  whatServes
} from "./chunk-72IIAHOA.js";
import {
  Failure,
  first,
  getInput,
  getState,
  jobLog,
  ledgerQuestion,
  printable,
  readLedger,
  sentenceOf,
  setSecret,
  sideServing,
  warning
} from "./chunk-XZJVTK5J.js";
import "./chunk-7FVNDNQR.js";

// src/post.ts
var secrets = secretInputs(getInput, inputNames(process.env));
for (const secret of secrets.texts) setSecret(secret);
var redact = redaction(secrets.texts, secrets.parts);
var token = getState("token");
var end = token !== "" && getState("ended") === "" ? await run().catch(unfinished) : void 0;
var said = await finishInPost(redact, end).catch((cause) => [
  `Not everything could be reported to GitHub: ${sentenceOf(cause)}`
]);
for (const sentence of said) warning(printable(redact(sentence)));
process.exit(0);
async function run() {
  const read = readInputs(getInput, commitOfRun());
  if (read.kind === "mistakes") return void 0;
  const log = jobLog({ redact });
  const origin = originOfRun(read.inputs.application.version);
  const finishing = {
    inputs: read.inputs,
    origin,
    log,
    begun: beginnings(),
    signal: new AbortController().signal,
    cancelled: () => void 0,
    token: newToken(),
    started: /* @__PURE__ */ new Date(),
    workspace: process.cwd()
  };
  const look = async (connections, run2) => ({
    releases: await releasesIn(run2.inputs.nginx.stateDirectory, first(connections.fleet.proxies)),
    live: sideServing(await whatServes(connections, run2))
  });
  const { recovered, seen } = await finish(finishing, { token }, look);
  const { releases, live } = seen;
  const told = recovered.flatMap((each) => recoverySentence(each) ?? []);
  for (const sentence of told) log.note(sentence);
  const own = recovered.map((each) => settledBy(each, live)).find((settled) => settled.run === origin.run);
  if (own !== void 0) return own;
  const end2 = leftNothing(origin.run ?? "", getState("started"), releases, live);
  log.note(end2.sentence);
  return end2;
}
async function releasesIn(directory, host) {
  const ran = await host.run({ shell: ledgerQuestion(directory), deadline: 1e4 }).catch(() => void 0);
  return readLedger(ran);
}
function unfinished(cause) {
  const held = cause instanceof Failure && cause.reason === "lease-held";
  const next = held ? "This run no longer holds the target, and left it alone." : "The guard on the host puts traffic back by itself once `lease` has passed, and the next run begins with the rest.";
  const sentence = `What this run left half done could not be finished here. ${sentenceOf(cause)} ${next}`;
  warning(printable(redact(sentence)));
  return held ? "elsewhere" : void 0;
}
