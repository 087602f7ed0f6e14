import { createRequire as __createRequire } from 'node:module'
const require = __createRequire(import.meta.url)
const __filename = import.meta.filename
const __dirname = import.meta.dirname
import {
  commitOfRun,
  finish,
  finishInPost,
  newToken,
  originOfRun,
  readInputs,
  recoverySentence,
  redaction,
  secretInputs,
  settledBy
} from "./chunk-WQBX252S.js";
import {
  Failure,
  getInput,
  getState,
  jobLog,
  printable,
  sentenceOf,
  setSecret,
  warning
} from "./chunk-RJNWUC4X.js";

// src/post.ts
var secrets = secretInputs(getInput);
for (const secret of secrets) setSecret(secret);
var redact = redaction(secrets);
var token = getState("token");
var end = token !== "" && getState("ended") === "" ? await run().catch(unfinished) : void 0;
for (const sentence of await finishInPost(redact, end)) warning(printable(redact(sentence)));
process.exit(0);
async function run() {
  const read = readInputs(getInput, commitOfRun());
  if (read.kind === "mistakes") return void 0;
  const log = jobLog({ redact });
  const origin = originOfRun();
  const { recovered } = await finish(
    {
      inputs: read.inputs,
      origin,
      log,
      signal: new AbortController().signal,
      cancelled: () => void 0,
      token: newToken(),
      started: /* @__PURE__ */ new Date(),
      workspace: process.cwd()
    },
    { token },
    async () => void 0
  );
  const said = recovered.flatMap((each) => recoverySentence(each) ?? []);
  const nothing = "The run was ended from outside before it had changed anything.";
  if (said.length === 0) log.note(nothing);
  for (const sentence of said) log.note(sentence);
  const own = recovered.map(settledBy).find((settled) => settled.run === origin.run);
  return own ?? { run: origin.run ?? "", version: "", how: "nothing", sentence: nothing };
}
function unfinished(cause) {
  const held = cause instanceof Failure && cause.reason === "lease-held";
  const next = held ? "This run no longer holds the target, and left it alone." : "The guard on the host puts traffic back by itself once `lease` has passed, and the next run begins with the rest.";
  const sentence = `What this run left half done could not be finished here. ${sentenceOf(cause)} ${next}`;
  warning(printable(redact(sentence)));
  return held ? "elsewhere" : void 0;
}
