import { createRequire as __createRequire } from 'node:module'
const require = __createRequire(import.meta.url)
const __filename = import.meta.filename
const __dirname = import.meta.dirname
import {
  refusals
} from "./chunk-XZJVTK5J.js";

// src/commands/older-commit.ts
async function refuseOlder({ inputs, origin, lookup, log }, live) {
  const { commit } = origin;
  if (inputs.command === "rollback" || inputs.allowDowngrade) return void 0;
  if (live === void 0 || commit === void 0 || live === commit) return void 0;
  const how = await lookup?.compare(live, commit) ?? "unknown";
  if (how === "unknown")
    log.warning(`GitHub could not say whether ${commit.slice(0, 7)} is older than ${live.slice(0, 7)}, which is live.`);
  if (how !== "behind") return void 0;
  return orderRefusals["older-commit"](commit.slice(0, 7), live.slice(0, 7));
}
var orderRefusals = refusals({
  "older-commit": (commit, live) => ({
    reason: "older-commit",
    message: `The commit ${commit} is an ancestor of ${live}, which is live: a newer one was released meanwhile.`,
    remedy: {
      text: "To release the older one on purpose, set `allow-downgrade: true`, or use `command: rollback`."
    }
  })
});

export {
  refuseOlder
};
