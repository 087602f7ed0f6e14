import { createRequire as __createRequire } from 'node:module'
const require = __createRequire(import.meta.url)
const __filename = import.meta.filename
const __dirname = import.meta.dirname
import {
  Failure
} from "./chunk-2GABRP5E.js";

// src/release/plan.ts
function planSentence({ command, version, from, to, previous, router }) {
  const live = previous === void 0 ? `Nothing is live: Nginx sends traffic to ${from}, where nothing answers.` : `${previous.version ?? "An unknown version"} on ${from} is live.`;
  const moves = command === "rollback" ? `${version} comes back on ${to}` : `${version} goes to ${to}`;
  return `${live} ${moves}; the flip is a ${router.how}.`;
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

export {
  planSentence,
  refuseOlder
};
