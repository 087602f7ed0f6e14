import { createRequire as __createRequire } from 'node:module'
const require = __createRequire(import.meta.url)
const __filename = import.meta.filename
const __dirname = import.meta.dirname
import {
  getState,
  warning
} from "./chunk-J2H36PAD.js";

// src/post.ts
if (getState("began") !== "" && getState("ended") === "") {
  warning(
    `The release to ${getState("began")} was ended from outside before it could put things right. See what serves now: the next release starts from what Nginx says is live.`
  );
}
