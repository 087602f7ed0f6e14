import { createRequire as __createRequire } from 'node:module'
const require = __createRequire(import.meta.url)
const __filename = import.meta.filename
const __dirname = import.meta.dirname
import {
  commitOfRun,
  finish,
  newToken,
  originOfRun,
  readInputs,
  recoverySentence,
  secretsOf
} from "./chunk-ANQ22YAQ.js";
import {
  Failure,
  getInput,
  getState,
  jobLog,
  printable,
  sentenceOf,
  setSecret,
  warning
} from "./chunk-JGUZ2I23.js";

// src/post.ts
var token = getState("token");
if (token !== "" && getState("ended") === "") {
  await run().catch((cause) => {
    const held = cause instanceof Failure && cause.reason === "lease-held";
    const next = held ? "This run no longer holds the target, and left it alone." : "The guard on the host puts traffic back by itself once `lease` has passed, and the next run begins with the rest.";
    warning(printable(`What this run left half done could not be finished here. ${sentenceOf(cause)} ${next}`));
  });
}
process.exit(0);
async function run() {
  for (const secret of secretsOf(getInput("private-key"))) setSecret(secret);
  const read = readInputs(getInput, commitOfRun());
  if (read.kind === "mistakes") return;
  const log = jobLog();
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
