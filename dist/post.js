import { createRequire as __createRequire } from 'node:module'
const require = __createRequire(import.meta.url)
const __filename = import.meta.filename
const __dirname = import.meta.dirname
import {
  Failure,
  __callDispose,
  __using,
  commitOfRun,
  connectAll,
  explainFailure,
  getInput,
  getState,
  handsOn,
  jobLog,
  newToken,
  originOfRun,
  printable,
  readInputs,
  readSighting,
  recoverAll,
  recoverySentence,
  secretsOf,
  sentenceOf,
  setSecret,
  takeCustody,
  warning
} from "./chunk-C4AFWHQM.js";

// src/commands/finish.ts
var PATIENCE = 6e4;
async function finish(run2, over) {
  var _stack = [];
  try {
    const connections = __using(_stack, await connectAll(run2.inputs, run2.signal), true);
    const [host] = connections.fleet.proxies;
    if (host === void 0) throw new TypeError("A fleet has at least one host.");
    const custody = await takeCustody(host, termsFor(run2, over), run2.log, run2.signal);
    if (custody === "absent") return custody;
    return await finishIn(custody, connections, host, run2);
  } catch (_) {
    var _error = _, _hasError = true;
  } finally {
    var _promise = __callDispose(_stack, _error, _hasError);
    _promise && await _promise;
  }
}
async function finishIn(custody, connections, host, run2) {
  const { fleet, ask } = connections;
  const hands = handsOn({
    fleet,
    ask,
    progress: run2.log,
    signal: AbortSignal.any([run2.signal, custody.signal]),
    undoing: () => new AbortController().signal,
    readSighting,
    explain: explainFailure,
    smokeTest: async () => "",
    confirm: async () => void 0
  });
  try {
    const recovered = await recoverAll(custody, host, hands);
    await custody.end("clean");
    for (const each of recovered) {
      const sentence = recoverySentence(each);
      if (sentence !== void 0) run2.log.note(sentence);
    }
    return recovered;
  } catch (cause) {
    await custody.end("unfinished");
    throw cause;
  }
}
function termsFor({ inputs, origin, token: token2 }, over) {
  return {
    directory: inputs.nginx.stateDirectory,
    lease: inputs.custody.lease,
    patience: PATIENCE,
    token: token2,
    over,
    holder: {
      run: origin.run ?? "",
      actor: origin.actor ?? "",
      version: "",
      command: over === "any" ? "unlock" : "post step",
      since: (/* @__PURE__ */ new Date()).toISOString()
    }
  };
}

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
  const recovered = await finish(
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
  if (recovered === "absent" || recovered.every(({ how }) => how === "nothing")) {
    log.note("The run was ended from outside before it had changed anything.");
  }
}
