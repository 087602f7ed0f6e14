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
  secretInputs
} from "./chunk-M5XCSCKR.js";
import {
  Failure,
  getInput,
  getState,
  jobLog,
  printable,
  sentenceOf,
  warning
} from "./chunk-GM3NO3U6.js";

// src/post.ts
var redact = redaction(secretInputs(getInput));
var token = getState("token");
if (token !== "" && getState("ended") === "") {
  await run().catch((cause) => {
    const held = cause instanceof Failure && cause.reason === "lease-held";
    const next = held ? "This run no longer holds the target, and left it alone." : "The guard on the host puts traffic back by itself once `lease` has passed, and the next run begins with the rest.";
    warning(printable(redact(`What this run left half done could not be finished here. ${sentenceOf(cause)} ${next}`)));
  });
}
for (const sentence of await finishInPost(redact)) warning(sentence);
process.exit(0);
async function run() {
  const read = readInputs(getInput, commitOfRun());
  if (read.kind === "mistakes") return;
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
      workspace: process.cwd()
    },
    { token }
  );
  const said = recovered.flatMap((each) => recoverySentence(each) ?? []);
  if (said.length === 0) log.note("The run was ended from outside before it had changed anything.");
  for (const sentence of said) log.note(sentence);
}
