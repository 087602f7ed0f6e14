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
  reportOfRecovered,
  secretInputs
} from "./chunk-J3B7734L.js";
import {
  Failure,
  getInput,
  getState,
  jobLog,
  printable,
  sentenceOf,
  warning
} from "./chunk-4ALF5OGL.js";

// src/post.ts
var redact = redaction(secretInputs(getInput));
var token = getState("token");
var report;
if (token !== "" && getState("ended") === "") {
  report = await run().catch((cause) => {
    const held = cause instanceof Failure && cause.reason === "lease-held";
    const next = held ? "This run no longer holds the target, and left it alone." : "The guard on the host puts traffic back by itself once `lease` has passed, and the next run begins with the rest.";
    warning(printable(redact(`What this run left half done could not be finished here. ${sentenceOf(cause)} ${next}`)));
    return void 0;
  });
}
for (const sentence of await finishInPost(redact, report)) warning(sentence);
process.exit(0);
async function run() {
  const read = readInputs(getInput, commitOfRun());
  if (read.kind === "mistakes") return void 0;
  const log = jobLog({ redact });
  const { recovered } = await finish(
    {
      inputs: read.inputs,
      origin: originOfRun(),
      log,
      signal: new AbortController().signal,
      cancelled: () => void 0,
      token: newToken(),
      started: /* @__PURE__ */ new Date(),
      deployment: () => void 0,
      workspace: process.cwd()
    },
    { token }
  );
  const told = recovered.flatMap((each) => {
    const sentence = recoverySentence(each);
    return sentence === void 0 ? [] : [{ each, sentence }];
  });
  for (const { sentence } of told) log.note(sentence);
  const own = told.at(0);
  if (own !== void 0) return reportOfRecovered(own.each, own.sentence);
  const nothing = "The run was ended from outside before it had changed anything.";
  log.note(nothing);
  return reportOfRecovered({ number: 0, how: "nothing", left: [] }, nothing);
}
