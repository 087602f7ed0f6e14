import { createRequire as __createRequire } from 'node:module'
const require = __createRequire(import.meta.url)
const __filename = import.meta.filename
const __dirname = import.meta.dirname
import {
  refuseOlder
} from "./chunk-UTMH2RUL.js";
import {
  ANY_HOST,
  COLORS,
  Failure,
  HostError,
  REASONS,
  SEEING,
  answerOf,
  askHost,
  assessCompose,
  assessFacts,
  assessNginx,
  attempt,
  chooseColors,
  closedFile,
  colorOfName,
  colorQuestion,
  colorService,
  compose,
  compose2,
  composeSeen,
  composeTarget,
  conditionOf,
  connected,
  countOn,
  cutting,
  destinations,
  dockerFault,
  early,
  effective,
  endsAt,
  enter,
  fault,
  faultFix,
  faultSentence,
  field,
  fields,
  filesAskedFor,
  findSwitch,
  findUpstream,
  findUpstreams,
  findingForLog,
  first,
  found,
  fromHome,
  hereDocument,
  hiddenBy,
  holderSentence,
  hostsOf2 as hostsOf,
  httpDirectives,
  httpServers,
  imageFor,
  inContainer,
  interpolations,
  isForColor,
  isRunning,
  isSame,
  items,
  judgedState,
  lines,
  loadedBefore,
  loopbackOf,
  markerPath,
  masking,
  meantBy,
  missingPart,
  namesWhole,
  nginx,
  nginxFunction,
  nginxPlace,
  nginxSeen,
  normalizeAddress,
  onHost,
  otherThan,
  pairNames,
  parseAddress,
  parseConfiguration,
  parseJson,
  parseProject,
  passesOf,
  planFor,
  planRelease,
  planSentence,
  planUpload,
  positionOf,
  publicRoutes,
  publicWarnings,
  publishedBy,
  readCompose,
  readImages,
  readLease,
  readNginx,
  readOwn,
  readPair,
  readSwitchServer,
  remedySentence,
  require_lib,
  sameName,
  scopesAfter,
  sections,
  sentHeaders,
  sentence,
  sentenceOf,
  sentinelEnvironment,
  serviceNamed,
  sh,
  sha256,
  sharedWrites,
  showEnvFile,
  stateDirectoryFix,
  stateFaults,
  statesOf,
  strangers,
  tablesOf,
  text,
  unfitness,
  unsafeSentence,
  userCommand,
  valuesOf,
  variableName,
  walkInside,
  whereabouts,
  words,
  workerShutdownTimeout,
  written,
  writtenAddress
} from "./chunk-XZJVTK5J.js";
import {
  __commonJS,
  __require,
  __toESM
} from "./chunk-7FVNDNQR.js";

// node_modules/yaml/dist/nodes/identity.js
var require_identity = __commonJS({
  "node_modules/yaml/dist/nodes/identity.js"(exports) {
    "use strict";
    var ALIAS = /* @__PURE__ */ Symbol.for("yaml.alias");
    var DOC = /* @__PURE__ */ Symbol.for("yaml.document");
    var MAP = /* @__PURE__ */ Symbol.for("yaml.map");
    var PAIR = /* @__PURE__ */ Symbol.for("yaml.pair");
    var SCALAR = /* @__PURE__ */ Symbol.for("yaml.scalar");
    var SEQ = /* @__PURE__ */ Symbol.for("yaml.seq");
    var NODE_TYPE = /* @__PURE__ */ Symbol.for("yaml.node.type");
    var isAlias = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === ALIAS;
    var isDocument = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === DOC;
    var isMap3 = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === MAP;
    var isPair = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === PAIR;
    var isScalar3 = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === SCALAR;
    var isSeq3 = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === SEQ;
    function isCollection(node) {
      if (node && typeof node === "object")
        switch (node[NODE_TYPE]) {
          case MAP:
          case SEQ:
            return true;
        }
      return false;
    }
    function isNode(node) {
      if (node && typeof node === "object")
        switch (node[NODE_TYPE]) {
          case ALIAS:
          case MAP:
          case SCALAR:
          case SEQ:
            return true;
        }
      return false;
    }
    var hasAnchor = (node) => (isScalar3(node) || isCollection(node)) && !!node.anchor;
    exports.ALIAS = ALIAS;
    exports.DOC = DOC;
    exports.MAP = MAP;
    exports.NODE_TYPE = NODE_TYPE;
    exports.PAIR = PAIR;
    exports.SCALAR = SCALAR;
    exports.SEQ = SEQ;
    exports.hasAnchor = hasAnchor;
    exports.isAlias = isAlias;
    exports.isCollection = isCollection;
    exports.isDocument = isDocument;
    exports.isMap = isMap3;
    exports.isNode = isNode;
    exports.isPair = isPair;
    exports.isScalar = isScalar3;
    exports.isSeq = isSeq3;
  }
});

// node_modules/yaml/dist/visit.js
var require_visit = __commonJS({
  "node_modules/yaml/dist/visit.js"(exports) {
    "use strict";
    var identity = require_identity();
    var BREAK = /* @__PURE__ */ Symbol("break visit");
    var SKIP = /* @__PURE__ */ Symbol("skip children");
    var REMOVE = /* @__PURE__ */ Symbol("remove node");
    function visit(node, visitor) {
      const visitor_ = initVisitor(visitor);
      if (identity.isDocument(node)) {
        const cd = visit_(null, node.contents, visitor_, Object.freeze([node]));
        if (cd === REMOVE)
          node.contents = null;
      } else
        visit_(null, node, visitor_, Object.freeze([]));
    }
    visit.BREAK = BREAK;
    visit.SKIP = SKIP;
    visit.REMOVE = REMOVE;
    function visit_(key, node, visitor, path) {
      const ctrl = callVisitor(key, node, visitor, path);
      if (identity.isNode(ctrl) || identity.isPair(ctrl)) {
        replaceNode(key, path, ctrl);
        return visit_(key, ctrl, visitor, path);
      }
      if (typeof ctrl !== "symbol") {
        if (identity.isCollection(node)) {
          path = Object.freeze(path.concat(node));
          for (let i = 0; i < node.items.length; ++i) {
            const ci = visit_(i, node.items[i], visitor, path);
            if (typeof ci === "number")
              i = ci - 1;
            else if (ci === BREAK)
              return BREAK;
            else if (ci === REMOVE) {
              node.items.splice(i, 1);
              i -= 1;
            }
          }
        } else if (identity.isPair(node)) {
          path = Object.freeze(path.concat(node));
          const ck = visit_("key", node.key, visitor, path);
          if (ck === BREAK)
            return BREAK;
          else if (ck === REMOVE)
            node.key = null;
          const cv = visit_("value", node.value, visitor, path);
          if (cv === BREAK)
            return BREAK;
          else if (cv === REMOVE)
            node.value = null;
        }
      }
      return ctrl;
    }
    async function visitAsync(node, visitor) {
      const visitor_ = initVisitor(visitor);
      if (identity.isDocument(node)) {
        const cd = await visitAsync_(null, node.contents, visitor_, Object.freeze([node]));
        if (cd === REMOVE)
          node.contents = null;
      } else
        await visitAsync_(null, node, visitor_, Object.freeze([]));
    }
    visitAsync.BREAK = BREAK;
    visitAsync.SKIP = SKIP;
    visitAsync.REMOVE = REMOVE;
    async function visitAsync_(key, node, visitor, path) {
      const ctrl = await callVisitor(key, node, visitor, path);
      if (identity.isNode(ctrl) || identity.isPair(ctrl)) {
        replaceNode(key, path, ctrl);
        return visitAsync_(key, ctrl, visitor, path);
      }
      if (typeof ctrl !== "symbol") {
        if (identity.isCollection(node)) {
          path = Object.freeze(path.concat(node));
          for (let i = 0; i < node.items.length; ++i) {
            const ci = await visitAsync_(i, node.items[i], visitor, path);
            if (typeof ci === "number")
              i = ci - 1;
            else if (ci === BREAK)
              return BREAK;
            else if (ci === REMOVE) {
              node.items.splice(i, 1);
              i -= 1;
            }
          }
        } else if (identity.isPair(node)) {
          path = Object.freeze(path.concat(node));
          const ck = await visitAsync_("key", node.key, visitor, path);
          if (ck === BREAK)
            return BREAK;
          else if (ck === REMOVE)
            node.key = null;
          const cv = await visitAsync_("value", node.value, visitor, path);
          if (cv === BREAK)
            return BREAK;
          else if (cv === REMOVE)
            node.value = null;
        }
      }
      return ctrl;
    }
    function initVisitor(visitor) {
      if (typeof visitor === "object" && (visitor.Collection || visitor.Node || visitor.Value)) {
        return Object.assign({
          Alias: visitor.Node,
          Map: visitor.Node,
          Scalar: visitor.Node,
          Seq: visitor.Node
        }, visitor.Value && {
          Map: visitor.Value,
          Scalar: visitor.Value,
          Seq: visitor.Value
        }, visitor.Collection && {
          Map: visitor.Collection,
          Seq: visitor.Collection
        }, visitor);
      }
      return visitor;
    }
    function callVisitor(key, node, visitor, path) {
      if (typeof visitor === "function")
        return visitor(key, node, path);
      if (identity.isMap(node))
        return visitor.Map?.(key, node, path);
      if (identity.isSeq(node))
        return visitor.Seq?.(key, node, path);
      if (identity.isPair(node))
        return visitor.Pair?.(key, node, path);
      if (identity.isScalar(node))
        return visitor.Scalar?.(key, node, path);
      if (identity.isAlias(node))
        return visitor.Alias?.(key, node, path);
      return void 0;
    }
    function replaceNode(key, path, node) {
      const parent = path[path.length - 1];
      if (identity.isCollection(parent)) {
        parent.items[key] = node;
      } else if (identity.isPair(parent)) {
        if (key === "key")
          parent.key = node;
        else
          parent.value = node;
      } else if (identity.isDocument(parent)) {
        parent.contents = node;
      } else {
        const pt = identity.isAlias(parent) ? "alias" : "scalar";
        throw new Error(`Cannot replace node with ${pt} parent`);
      }
    }
    exports.visit = visit;
    exports.visitAsync = visitAsync;
  }
});

// node_modules/yaml/dist/doc/directives.js
var require_directives = __commonJS({
  "node_modules/yaml/dist/doc/directives.js"(exports) {
    "use strict";
    var identity = require_identity();
    var visit = require_visit();
    var escapeChars = {
      "!": "%21",
      ",": "%2C",
      "[": "%5B",
      "]": "%5D",
      "{": "%7B",
      "}": "%7D"
    };
    var escapeTagName = (tn) => tn.replace(/[!,[\]{}]/g, (ch) => escapeChars[ch]);
    var Directives = class _Directives {
      constructor(yaml, tags) {
        this.docStart = null;
        this.docEnd = false;
        this.yaml = Object.assign({}, _Directives.defaultYaml, yaml);
        this.tags = Object.assign({}, _Directives.defaultTags, tags);
      }
      clone() {
        const copy = new _Directives(this.yaml, this.tags);
        copy.docStart = this.docStart;
        return copy;
      }
      /**
       * During parsing, get a Directives instance for the current document and
       * update the stream state according to the current version's spec.
       */
      atDocument() {
        const res = new _Directives(this.yaml, this.tags);
        switch (this.yaml.version) {
          case "1.1":
            this.atNextDocument = true;
            break;
          case "1.2":
            this.atNextDocument = false;
            this.yaml = {
              explicit: _Directives.defaultYaml.explicit,
              version: "1.2"
            };
            this.tags = Object.assign({}, _Directives.defaultTags);
            break;
        }
        return res;
      }
      /**
       * @param onError - May be called even if the action was successful
       * @returns `true` on success
       */
      add(line, onError) {
        if (this.atNextDocument) {
          this.yaml = { explicit: _Directives.defaultYaml.explicit, version: "1.1" };
          this.tags = Object.assign({}, _Directives.defaultTags);
          this.atNextDocument = false;
        }
        const parts = line.trim().split(/[ \t]+/);
        const name = parts.shift();
        switch (name) {
          case "%TAG": {
            if (parts.length !== 2) {
              onError(0, "%TAG directive should contain exactly two parts");
              if (parts.length < 2)
                return false;
            }
            const [handle, prefix] = parts;
            this.tags[handle] = prefix;
            return true;
          }
          case "%YAML": {
            this.yaml.explicit = true;
            if (parts.length !== 1) {
              onError(0, "%YAML directive should contain exactly one part");
              return false;
            }
            const [version] = parts;
            if (version === "1.1" || version === "1.2") {
              this.yaml.version = version;
              return true;
            } else {
              const isValid = /^\d+\.\d+$/.test(version);
              onError(6, `Unsupported YAML version ${version}`, isValid);
              return false;
            }
          }
          default:
            onError(0, `Unknown directive ${name}`, true);
            return false;
        }
      }
      /**
       * Resolves a tag, matching handles to those defined in %TAG directives.
       *
       * @returns Resolved tag, which may also be the non-specific tag `'!'` or a
       *   `'!local'` tag, or `null` if unresolvable.
       */
      tagName(source, onError) {
        if (source === "!")
          return "!";
        if (source[0] !== "!") {
          onError(`Not a valid tag: ${source}`);
          return null;
        }
        if (source[1] === "<") {
          const verbatim = source.slice(2, -1);
          if (verbatim === "!" || verbatim === "!!") {
            onError(`Verbatim tags aren't resolved, so ${source} is invalid.`);
            return null;
          }
          if (source[source.length - 1] !== ">")
            onError("Verbatim tags must end with a >");
          return verbatim;
        }
        const [, handle, suffix] = source.match(/^(.*!)([^!]*)$/s);
        if (!suffix)
          onError(`The ${source} tag has no suffix`);
        const prefix = this.tags[handle];
        if (prefix) {
          try {
            return prefix + decodeURIComponent(suffix);
          } catch (error) {
            onError(String(error));
            return null;
          }
        }
        if (handle === "!")
          return source;
        onError(`Could not resolve tag: ${source}`);
        return null;
      }
      /**
       * Given a fully resolved tag, returns its printable string form,
       * taking into account current tag prefixes and defaults.
       */
      tagString(tag) {
        for (const [handle, prefix] of Object.entries(this.tags)) {
          if (tag.startsWith(prefix))
            return handle + escapeTagName(tag.substring(prefix.length));
        }
        return tag[0] === "!" ? tag : `!<${tag}>`;
      }
      toString(doc) {
        const lines2 = this.yaml.explicit ? [`%YAML ${this.yaml.version || "1.2"}`] : [];
        const tagEntries = Object.entries(this.tags);
        let tagNames;
        if (doc && tagEntries.length > 0 && identity.isNode(doc.contents)) {
          const tags = {};
          visit.visit(doc.contents, (_key, node) => {
            if (identity.isNode(node) && node.tag)
              tags[node.tag] = true;
          });
          tagNames = Object.keys(tags);
        } else
          tagNames = [];
        for (const [handle, prefix] of tagEntries) {
          if (handle === "!!" && prefix === "tag:yaml.org,2002:")
            continue;
          if (!doc || tagNames.some((tn) => tn.startsWith(prefix)))
            lines2.push(`%TAG ${handle} ${prefix}`);
        }
        return lines2.join("\n");
      }
    };
    Directives.defaultYaml = { explicit: false, version: "1.2" };
    Directives.defaultTags = { "!!": "tag:yaml.org,2002:" };
    exports.Directives = Directives;
  }
});

// node_modules/yaml/dist/doc/anchors.js
var require_anchors = __commonJS({
  "node_modules/yaml/dist/doc/anchors.js"(exports) {
    "use strict";
    var identity = require_identity();
    var visit = require_visit();
    function anchorIsValid(anchor) {
      if (/[\x00-\x19\s,[\]{}]/.test(anchor)) {
        const sa = JSON.stringify(anchor);
        const msg = `Anchor must not contain whitespace or control characters: ${sa}`;
        throw new Error(msg);
      }
      return true;
    }
    function anchorNames(root) {
      const anchors = /* @__PURE__ */ new Set();
      visit.visit(root, {
        Value(_key, node) {
          if (node.anchor)
            anchors.add(node.anchor);
        }
      });
      return anchors;
    }
    function findNewAnchor(prefix, exclude) {
      for (let i = 1; true; ++i) {
        const name = `${prefix}${i}`;
        if (!exclude.has(name))
          return name;
      }
    }
    function createNodeAnchors(doc, prefix) {
      const aliasObjects = [];
      const sourceObjects = /* @__PURE__ */ new Map();
      let prevAnchors = null;
      return {
        onAnchor: (source) => {
          aliasObjects.push(source);
          prevAnchors ?? (prevAnchors = anchorNames(doc));
          const anchor = findNewAnchor(prefix, prevAnchors);
          prevAnchors.add(anchor);
          return anchor;
        },
        /**
         * With circular references, the source node is only resolved after all
         * of its child nodes are. This is why anchors are set only after all of
         * the nodes have been created.
         */
        setAnchors: () => {
          for (const source of aliasObjects) {
            const ref = sourceObjects.get(source);
            if (typeof ref === "object" && ref.anchor && (identity.isScalar(ref.node) || identity.isCollection(ref.node))) {
              ref.node.anchor = ref.anchor;
            } else {
              const error = new Error("Failed to resolve repeated object (this should not happen)");
              error.source = source;
              throw error;
            }
          }
        },
        sourceObjects
      };
    }
    exports.anchorIsValid = anchorIsValid;
    exports.anchorNames = anchorNames;
    exports.createNodeAnchors = createNodeAnchors;
    exports.findNewAnchor = findNewAnchor;
  }
});

// node_modules/yaml/dist/doc/applyReviver.js
var require_applyReviver = __commonJS({
  "node_modules/yaml/dist/doc/applyReviver.js"(exports) {
    "use strict";
    function applyReviver(reviver, obj, key, val) {
      if (val && typeof val === "object") {
        if (Array.isArray(val)) {
          for (let i = 0, len = val.length; i < len; ++i) {
            const v0 = val[i];
            const v1 = applyReviver(reviver, val, String(i), v0);
            if (v1 === void 0)
              delete val[i];
            else if (v1 !== v0)
              val[i] = v1;
          }
        } else if (val instanceof Map) {
          for (const k of Array.from(val.keys())) {
            const v0 = val.get(k);
            const v1 = applyReviver(reviver, val, k, v0);
            if (v1 === void 0)
              val.delete(k);
            else if (v1 !== v0)
              val.set(k, v1);
          }
        } else if (val instanceof Set) {
          for (const v0 of Array.from(val)) {
            const v1 = applyReviver(reviver, val, v0, v0);
            if (v1 === void 0)
              val.delete(v0);
            else if (v1 !== v0) {
              val.delete(v0);
              val.add(v1);
            }
          }
        } else {
          for (const [k, v0] of Object.entries(val)) {
            const v1 = applyReviver(reviver, val, k, v0);
            if (v1 === void 0)
              delete val[k];
            else if (v1 !== v0)
              val[k] = v1;
          }
        }
      }
      return reviver.call(obj, key, val);
    }
    exports.applyReviver = applyReviver;
  }
});

// node_modules/yaml/dist/nodes/toJS.js
var require_toJS = __commonJS({
  "node_modules/yaml/dist/nodes/toJS.js"(exports) {
    "use strict";
    var identity = require_identity();
    function toJS(value, arg, ctx) {
      if (Array.isArray(value))
        return value.map((v, i) => toJS(v, String(i), ctx));
      if (value && typeof value.toJSON === "function") {
        if (!ctx || !identity.hasAnchor(value))
          return value.toJSON(arg, ctx);
        const data = { aliasCount: 0, count: 1, res: void 0 };
        ctx.anchors.set(value, data);
        ctx.onCreate = (res2) => {
          data.res = res2;
          delete ctx.onCreate;
        };
        const res = value.toJSON(arg, ctx);
        if (ctx.onCreate)
          ctx.onCreate(res);
        return res;
      }
      if (typeof value === "bigint" && !ctx?.keep)
        return Number(value);
      return value;
    }
    exports.toJS = toJS;
  }
});

// node_modules/yaml/dist/nodes/Node.js
var require_Node = __commonJS({
  "node_modules/yaml/dist/nodes/Node.js"(exports) {
    "use strict";
    var applyReviver = require_applyReviver();
    var identity = require_identity();
    var toJS = require_toJS();
    var NodeBase = class {
      constructor(type) {
        Object.defineProperty(this, identity.NODE_TYPE, { value: type });
      }
      /** Create a copy of this node.  */
      clone() {
        const copy = Object.create(Object.getPrototypeOf(this), Object.getOwnPropertyDescriptors(this));
        if (this.range)
          copy.range = this.range.slice();
        return copy;
      }
      /** A plain JavaScript representation of this node. */
      toJS(doc, { mapAsMap, maxAliasCount, onAnchor, reviver } = {}) {
        if (!identity.isDocument(doc))
          throw new TypeError("A document argument is required");
        const ctx = {
          anchors: /* @__PURE__ */ new Map(),
          doc,
          keep: true,
          mapAsMap: mapAsMap === true,
          mapKeyWarned: false,
          maxAliasCount: typeof maxAliasCount === "number" ? maxAliasCount : 100
        };
        const res = toJS.toJS(this, "", ctx);
        if (typeof onAnchor === "function")
          for (const { count, res: res2 } of ctx.anchors.values())
            onAnchor(res2, count);
        return typeof reviver === "function" ? applyReviver.applyReviver(reviver, { "": res }, "", res) : res;
      }
    };
    exports.NodeBase = NodeBase;
  }
});

// node_modules/yaml/dist/nodes/Alias.js
var require_Alias = __commonJS({
  "node_modules/yaml/dist/nodes/Alias.js"(exports) {
    "use strict";
    var anchors = require_anchors();
    var visit = require_visit();
    var identity = require_identity();
    var Node = require_Node();
    var toJS = require_toJS();
    var Alias = class extends Node.NodeBase {
      constructor(source) {
        super(identity.ALIAS);
        this.source = source;
        Object.defineProperty(this, "tag", {
          set() {
            throw new Error("Alias nodes cannot have tags");
          }
        });
      }
      /**
       * Resolve the value of this alias within `doc`, finding the last
       * instance of the `source` anchor before this node.
       */
      resolve(doc, ctx) {
        if (ctx?.maxAliasCount === 0)
          throw new ReferenceError("Alias resolution is disabled");
        let nodes;
        if (ctx?.aliasResolveCache) {
          nodes = ctx.aliasResolveCache;
        } else {
          nodes = [];
          visit.visit(doc, {
            Node: (_key, node) => {
              if (identity.isAlias(node) || identity.hasAnchor(node))
                nodes.push(node);
            }
          });
          if (ctx)
            ctx.aliasResolveCache = nodes;
        }
        let found2 = void 0;
        for (const node of nodes) {
          if (node === this)
            break;
          if (node.anchor === this.source)
            found2 = node;
        }
        if (found2 && ctx) {
          const { anchors: anchors2, doc: doc2, maxAliasCount } = ctx;
          let data = anchors2.get(found2);
          if (!data) {
            toJS.toJS(found2, null, ctx);
            data = anchors2.get(found2);
          }
          if (data?.res === void 0) {
            const msg = "This should not happen: Alias anchor was not resolved?";
            throw new ReferenceError(msg);
          }
          if (maxAliasCount >= 0) {
            data.count += 1;
            if (data.aliasCount === 0)
              data.aliasCount = getAliasCount(doc2, found2, anchors2);
            if (data.count * data.aliasCount > maxAliasCount) {
              const msg = "Excessive alias count indicates a resource exhaustion attack";
              throw new ReferenceError(msg);
            }
          }
        }
        return found2;
      }
      toJSON(_arg, ctx) {
        if (!ctx)
          return { source: this.source };
        const source = this.resolve(ctx.doc, ctx);
        if (!source) {
          const msg = `Unresolved alias (the anchor must be set before the alias): ${this.source}`;
          throw new ReferenceError(msg);
        }
        return ctx.anchors.get(source).res;
      }
      toString(ctx, _onComment, _onChompKeep) {
        const src = `*${this.source}`;
        if (ctx) {
          anchors.anchorIsValid(this.source);
          if (ctx.options.verifyAliasOrder && !ctx.anchors.has(this.source)) {
            const msg = `Unresolved alias (the anchor must be set before the alias): ${this.source}`;
            throw new Error(msg);
          }
          if (ctx.implicitKey)
            return `${src} `;
        }
        return src;
      }
    };
    function getAliasCount(doc, node, anchors2) {
      if (identity.isAlias(node)) {
        const source = node.resolve(doc);
        const anchor = anchors2 && source && anchors2.get(source);
        return anchor ? anchor.count * anchor.aliasCount : 0;
      } else if (identity.isCollection(node)) {
        let count = 0;
        for (const item of node.items) {
          const c = getAliasCount(doc, item, anchors2);
          if (c > count)
            count = c;
        }
        return count;
      } else if (identity.isPair(node)) {
        const kc = getAliasCount(doc, node.key, anchors2);
        const vc = getAliasCount(doc, node.value, anchors2);
        return Math.max(kc, vc);
      }
      return 1;
    }
    exports.Alias = Alias;
  }
});

// node_modules/yaml/dist/nodes/Scalar.js
var require_Scalar = __commonJS({
  "node_modules/yaml/dist/nodes/Scalar.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Node = require_Node();
    var toJS = require_toJS();
    var isScalarValue = (value) => !value || typeof value !== "function" && typeof value !== "object";
    var Scalar = class extends Node.NodeBase {
      constructor(value) {
        super(identity.SCALAR);
        this.value = value;
      }
      toJSON(arg, ctx) {
        return ctx?.keep ? this.value : toJS.toJS(this.value, arg, ctx);
      }
      toString() {
        return String(this.value);
      }
    };
    Scalar.BLOCK_FOLDED = "BLOCK_FOLDED";
    Scalar.BLOCK_LITERAL = "BLOCK_LITERAL";
    Scalar.PLAIN = "PLAIN";
    Scalar.QUOTE_DOUBLE = "QUOTE_DOUBLE";
    Scalar.QUOTE_SINGLE = "QUOTE_SINGLE";
    exports.Scalar = Scalar;
    exports.isScalarValue = isScalarValue;
  }
});

// node_modules/yaml/dist/doc/createNode.js
var require_createNode = __commonJS({
  "node_modules/yaml/dist/doc/createNode.js"(exports) {
    "use strict";
    var Alias = require_Alias();
    var identity = require_identity();
    var Scalar = require_Scalar();
    var defaultTagPrefix = "tag:yaml.org,2002:";
    function findTagObject(value, tagName, tags) {
      if (tagName) {
        const match = tags.filter((t) => t.tag === tagName);
        const tagObj = match.find((t) => !t.format) ?? match[0];
        if (!tagObj)
          throw new Error(`Tag ${tagName} not found`);
        return tagObj;
      }
      return tags.find((t) => t.identify?.(value) && !t.format);
    }
    function createNode(value, tagName, ctx) {
      if (identity.isDocument(value))
        value = value.contents;
      if (identity.isNode(value))
        return value;
      if (identity.isPair(value)) {
        const map = ctx.schema[identity.MAP].createNode?.(ctx.schema, null, ctx);
        map.items.push(value);
        return map;
      }
      if (value instanceof String || value instanceof Number || value instanceof Boolean || typeof BigInt !== "undefined" && value instanceof BigInt) {
        value = value.valueOf();
      }
      const { aliasDuplicateObjects, onAnchor, onTagObj, schema, sourceObjects } = ctx;
      let ref = void 0;
      if (aliasDuplicateObjects && value && typeof value === "object") {
        ref = sourceObjects.get(value);
        if (ref) {
          ref.anchor ?? (ref.anchor = onAnchor(value));
          return new Alias.Alias(ref.anchor);
        } else {
          ref = { anchor: null, node: null };
          sourceObjects.set(value, ref);
        }
      }
      if (tagName?.startsWith("!!"))
        tagName = defaultTagPrefix + tagName.slice(2);
      let tagObj = findTagObject(value, tagName, schema.tags);
      if (!tagObj) {
        if (value && typeof value.toJSON === "function") {
          value = value.toJSON();
        }
        if (!value || typeof value !== "object") {
          const node2 = new Scalar.Scalar(value);
          if (ref)
            ref.node = node2;
          return node2;
        }
        tagObj = value instanceof Map ? schema[identity.MAP] : Symbol.iterator in Object(value) ? schema[identity.SEQ] : schema[identity.MAP];
      }
      if (onTagObj) {
        onTagObj(tagObj);
        delete ctx.onTagObj;
      }
      const node = tagObj?.createNode ? tagObj.createNode(ctx.schema, value, ctx) : typeof tagObj?.nodeClass?.from === "function" ? tagObj.nodeClass.from(ctx.schema, value, ctx) : new Scalar.Scalar(value);
      if (tagName)
        node.tag = tagName;
      else if (!tagObj.default)
        node.tag = tagObj.tag;
      if (ref)
        ref.node = node;
      return node;
    }
    exports.createNode = createNode;
  }
});

// node_modules/yaml/dist/nodes/Collection.js
var require_Collection = __commonJS({
  "node_modules/yaml/dist/nodes/Collection.js"(exports) {
    "use strict";
    var createNode = require_createNode();
    var identity = require_identity();
    var Node = require_Node();
    function collectionFromPath(schema, path, value) {
      let v = value;
      for (let i = path.length - 1; i >= 0; --i) {
        const k = path[i];
        if (typeof k === "number" && Number.isInteger(k) && k >= 0) {
          const a = [];
          a[k] = v;
          v = a;
        } else {
          v = /* @__PURE__ */ new Map([[k, v]]);
        }
      }
      return createNode.createNode(v, void 0, {
        aliasDuplicateObjects: false,
        keepUndefined: false,
        onAnchor: () => {
          throw new Error("This should not happen, please report a bug.");
        },
        schema,
        sourceObjects: /* @__PURE__ */ new Map()
      });
    }
    var isEmptyPath = (path) => path == null || typeof path === "object" && !!path[Symbol.iterator]().next().done;
    var Collection = class extends Node.NodeBase {
      constructor(type, schema) {
        super(type);
        Object.defineProperty(this, "schema", {
          value: schema,
          configurable: true,
          enumerable: false,
          writable: true
        });
      }
      /**
       * Create a copy of this collection.
       *
       * @param schema - If defined, overwrites the original's schema
       */
      clone(schema) {
        const copy = Object.create(Object.getPrototypeOf(this), Object.getOwnPropertyDescriptors(this));
        if (schema)
          copy.schema = schema;
        copy.items = copy.items.map((it) => identity.isNode(it) || identity.isPair(it) ? it.clone(schema) : it);
        if (this.range)
          copy.range = this.range.slice();
        return copy;
      }
      /**
       * Adds a value to the collection. For `!!map` and `!!omap` the value must
       * be a Pair instance or a `{ key, value }` object, which may not have a key
       * that already exists in the map.
       */
      addIn(path, value) {
        if (isEmptyPath(path))
          this.add(value);
        else {
          const [key, ...rest] = path;
          const node = this.get(key, true);
          if (identity.isCollection(node))
            node.addIn(rest, value);
          else if (node === void 0 && this.schema)
            this.set(key, collectionFromPath(this.schema, rest, value));
          else
            throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`);
        }
      }
      /**
       * Removes a value from the collection.
       * @returns `true` if the item was found and removed.
       */
      deleteIn(path) {
        const [key, ...rest] = path;
        if (rest.length === 0)
          return this.delete(key);
        const node = this.get(key, true);
        if (identity.isCollection(node))
          return node.deleteIn(rest);
        else
          throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`);
      }
      /**
       * Returns item at `key`, or `undefined` if not found. By default unwraps
       * scalar values from their surrounding node; to disable set `keepScalar` to
       * `true` (collections are always returned intact).
       */
      getIn(path, keepScalar) {
        const [key, ...rest] = path;
        const node = this.get(key, true);
        if (rest.length === 0)
          return !keepScalar && identity.isScalar(node) ? node.value : node;
        else
          return identity.isCollection(node) ? node.getIn(rest, keepScalar) : void 0;
      }
      hasAllNullValues(allowScalar) {
        return this.items.every((node) => {
          if (!identity.isPair(node))
            return false;
          const n = node.value;
          return n == null || allowScalar && identity.isScalar(n) && n.value == null && !n.commentBefore && !n.comment && !n.tag;
        });
      }
      /**
       * Checks if the collection includes a value with the key `key`.
       */
      hasIn(path) {
        const [key, ...rest] = path;
        if (rest.length === 0)
          return this.has(key);
        const node = this.get(key, true);
        return identity.isCollection(node) ? node.hasIn(rest) : false;
      }
      /**
       * Sets a value in this collection. For `!!set`, `value` needs to be a
       * boolean to add/remove the item from the set.
       */
      setIn(path, value) {
        const [key, ...rest] = path;
        if (rest.length === 0) {
          this.set(key, value);
        } else {
          const node = this.get(key, true);
          if (identity.isCollection(node))
            node.setIn(rest, value);
          else if (node === void 0 && this.schema)
            this.set(key, collectionFromPath(this.schema, rest, value));
          else
            throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`);
        }
      }
    };
    exports.Collection = Collection;
    exports.collectionFromPath = collectionFromPath;
    exports.isEmptyPath = isEmptyPath;
  }
});

// node_modules/yaml/dist/stringify/stringifyComment.js
var require_stringifyComment = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyComment.js"(exports) {
    "use strict";
    var stringifyComment = (str) => str.replace(/^(?!$)(?: $)?/gm, "#");
    function indentComment(comment, indent) {
      if (/^\n+$/.test(comment))
        return comment.substring(1);
      return indent ? comment.replace(/^(?! *$)/gm, indent) : comment;
    }
    var lineComment = (str, indent, comment) => str.endsWith("\n") ? indentComment(comment, indent) : comment.includes("\n") ? "\n" + indentComment(comment, indent) : (str.endsWith(" ") ? "" : " ") + comment;
    exports.indentComment = indentComment;
    exports.lineComment = lineComment;
    exports.stringifyComment = stringifyComment;
  }
});

// node_modules/yaml/dist/stringify/foldFlowLines.js
var require_foldFlowLines = __commonJS({
  "node_modules/yaml/dist/stringify/foldFlowLines.js"(exports) {
    "use strict";
    var FOLD_FLOW = "flow";
    var FOLD_BLOCK = "block";
    var FOLD_QUOTED = "quoted";
    function foldFlowLines(text2, indent, mode = "flow", { indentAtStart, lineWidth = 80, minContentWidth = 20, onFold, onOverflow } = {}) {
      if (!lineWidth || lineWidth < 0)
        return text2;
      if (lineWidth < minContentWidth)
        minContentWidth = 0;
      const endStep = Math.max(1 + minContentWidth, 1 + lineWidth - indent.length);
      if (text2.length <= endStep)
        return text2;
      const folds = [];
      const escapedFolds = {};
      let end = lineWidth - indent.length;
      if (typeof indentAtStart === "number") {
        if (indentAtStart > lineWidth - Math.max(2, minContentWidth))
          folds.push(0);
        else
          end = lineWidth - indentAtStart;
      }
      let split = void 0;
      let prev = void 0;
      let overflow = false;
      let i = -1;
      let escStart = -1;
      let escEnd = -1;
      if (mode === FOLD_BLOCK) {
        i = consumeMoreIndentedLines(text2, i, indent.length);
        if (i !== -1)
          end = i + endStep;
      }
      for (let ch; ch = text2[i += 1]; ) {
        if (mode === FOLD_QUOTED && ch === "\\") {
          escStart = i;
          switch (text2[i + 1]) {
            case "x":
              i += 3;
              break;
            case "u":
              i += 5;
              break;
            case "U":
              i += 9;
              break;
            default:
              i += 1;
          }
          escEnd = i;
        }
        if (ch === "\n") {
          if (mode === FOLD_BLOCK)
            i = consumeMoreIndentedLines(text2, i, indent.length);
          end = i + indent.length + endStep;
          split = void 0;
        } else {
          if (ch === " " && prev && prev !== " " && prev !== "\n" && prev !== "	") {
            const next = text2[i + 1];
            if (next && next !== " " && next !== "\n" && next !== "	")
              split = i;
          }
          if (i >= end) {
            if (split) {
              folds.push(split);
              end = split + endStep;
              split = void 0;
            } else if (mode === FOLD_QUOTED) {
              while (prev === " " || prev === "	") {
                prev = ch;
                ch = text2[i += 1];
                overflow = true;
              }
              const j = i > escEnd + 1 ? i - 2 : escStart - 1;
              if (escapedFolds[j])
                return text2;
              folds.push(j);
              escapedFolds[j] = true;
              end = j + endStep;
              split = void 0;
            } else {
              overflow = true;
            }
          }
        }
        prev = ch;
      }
      if (overflow && onOverflow)
        onOverflow();
      if (folds.length === 0)
        return text2;
      if (onFold)
        onFold();
      let res = text2.slice(0, folds[0]);
      for (let i2 = 0; i2 < folds.length; ++i2) {
        const fold = folds[i2];
        const end2 = folds[i2 + 1] || text2.length;
        if (fold === 0)
          res = `
${indent}${text2.slice(0, end2)}`;
        else {
          if (mode === FOLD_QUOTED && escapedFolds[fold])
            res += `${text2[fold]}\\`;
          res += `
${indent}${text2.slice(fold + 1, end2)}`;
        }
      }
      return res;
    }
    function consumeMoreIndentedLines(text2, i, indent) {
      let end = i;
      let start = i + 1;
      let ch = text2[start];
      while (ch === " " || ch === "	") {
        if (i < start + indent) {
          ch = text2[++i];
        } else {
          do {
            ch = text2[++i];
          } while (ch && ch !== "\n");
          end = i;
          start = i + 1;
          ch = text2[start];
        }
      }
      return end;
    }
    exports.FOLD_BLOCK = FOLD_BLOCK;
    exports.FOLD_FLOW = FOLD_FLOW;
    exports.FOLD_QUOTED = FOLD_QUOTED;
    exports.foldFlowLines = foldFlowLines;
  }
});

// node_modules/yaml/dist/stringify/stringifyString.js
var require_stringifyString = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyString.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var foldFlowLines = require_foldFlowLines();
    var getFoldOptions = (ctx, isBlock) => ({
      indentAtStart: isBlock ? ctx.indent.length : ctx.indentAtStart,
      lineWidth: ctx.options.lineWidth,
      minContentWidth: ctx.options.minContentWidth
    });
    var containsDocumentMarker = (str) => /^(%|---|\.\.\.)/m.test(str);
    function lineLengthOverLimit(str, lineWidth, indentLength) {
      if (!lineWidth || lineWidth < 0)
        return false;
      const limit = lineWidth - indentLength;
      const strLen = str.length;
      if (strLen <= limit)
        return false;
      for (let i = 0, start = 0; i < strLen; ++i) {
        if (str[i] === "\n") {
          if (i - start > limit)
            return true;
          start = i + 1;
          if (strLen - start <= limit)
            return false;
        }
      }
      return true;
    }
    function doubleQuotedString(value, ctx) {
      const json = JSON.stringify(value);
      if (ctx.options.doubleQuotedAsJSON)
        return json;
      const { implicitKey } = ctx;
      const minMultiLineLength = ctx.options.doubleQuotedMinMultiLineLength;
      const indent = ctx.indent || (containsDocumentMarker(value) ? "  " : "");
      let str = "";
      let start = 0;
      for (let i = 0, ch = json[i]; ch; ch = json[++i]) {
        if (ch === " " && json[i + 1] === "\\" && json[i + 2] === "n") {
          str += json.slice(start, i) + "\\ ";
          i += 1;
          start = i;
          ch = "\\";
        }
        if (ch === "\\")
          switch (json[i + 1]) {
            case "u":
              {
                str += json.slice(start, i);
                const code = json.substr(i + 2, 4);
                switch (code) {
                  case "0000":
                    str += "\\0";
                    break;
                  case "0007":
                    str += "\\a";
                    break;
                  case "000b":
                    str += "\\v";
                    break;
                  case "001b":
                    str += "\\e";
                    break;
                  case "0085":
                    str += "\\N";
                    break;
                  case "00a0":
                    str += "\\_";
                    break;
                  case "2028":
                    str += "\\L";
                    break;
                  case "2029":
                    str += "\\P";
                    break;
                  default:
                    if (code.substr(0, 2) === "00")
                      str += "\\x" + code.substr(2);
                    else
                      str += json.substr(i, 6);
                }
                i += 5;
                start = i + 1;
              }
              break;
            case "n":
              if (implicitKey || json[i + 2] === '"' || json.length < minMultiLineLength) {
                i += 1;
              } else {
                str += json.slice(start, i) + "\n\n";
                while (json[i + 2] === "\\" && json[i + 3] === "n" && json[i + 4] !== '"') {
                  str += "\n";
                  i += 2;
                }
                str += indent;
                if (json[i + 2] === " ")
                  str += "\\";
                i += 1;
                start = i + 1;
              }
              break;
            default:
              i += 1;
          }
      }
      str = start ? str + json.slice(start) : json;
      return implicitKey ? str : foldFlowLines.foldFlowLines(str, indent, foldFlowLines.FOLD_QUOTED, getFoldOptions(ctx, false));
    }
    function singleQuotedString(value, ctx) {
      if (ctx.options.singleQuote === false || ctx.implicitKey && value.includes("\n") || /[ \t]\n|\n[ \t]/.test(value))
        return doubleQuotedString(value, ctx);
      const indent = ctx.indent || (containsDocumentMarker(value) ? "  " : "");
      const res = "'" + value.replace(/'/g, "''").replace(/\n+/g, `$&
${indent}`) + "'";
      return ctx.implicitKey ? res : foldFlowLines.foldFlowLines(res, indent, foldFlowLines.FOLD_FLOW, getFoldOptions(ctx, false));
    }
    function quotedString(value, ctx) {
      const { singleQuote } = ctx.options;
      let qs;
      if (singleQuote === false)
        qs = doubleQuotedString;
      else {
        const hasDouble = value.includes('"');
        const hasSingle = value.includes("'");
        if (hasDouble && !hasSingle)
          qs = singleQuotedString;
        else if (hasSingle && !hasDouble)
          qs = doubleQuotedString;
        else
          qs = singleQuote ? singleQuotedString : doubleQuotedString;
      }
      return qs(value, ctx);
    }
    var blockEndNewlines;
    try {
      blockEndNewlines = new RegExp("(^|(?<!\n))\n+(?!\n|$)", "g");
    } catch {
      blockEndNewlines = /\n+(?!\n|$)/g;
    }
    function blockString({ comment, type, value }, ctx, onComment, onChompKeep) {
      const { blockQuote, commentString, lineWidth } = ctx.options;
      if (!blockQuote || /\n[\t ]+$/.test(value)) {
        return quotedString(value, ctx);
      }
      const indent = ctx.indent || (ctx.forceBlockIndent || containsDocumentMarker(value) ? "  " : "");
      const literal = blockQuote === "literal" ? true : blockQuote === "folded" || type === Scalar.Scalar.BLOCK_FOLDED ? false : type === Scalar.Scalar.BLOCK_LITERAL ? true : !lineLengthOverLimit(value, lineWidth, indent.length);
      if (!value)
        return literal ? "|\n" : ">\n";
      let chomp;
      let endStart;
      for (endStart = value.length; endStart > 0; --endStart) {
        const ch = value[endStart - 1];
        if (ch !== "\n" && ch !== "	" && ch !== " ")
          break;
      }
      let end = value.substring(endStart);
      const endNlPos = end.indexOf("\n");
      if (endNlPos === -1) {
        chomp = "-";
      } else if (value === end || endNlPos !== end.length - 1) {
        chomp = "+";
        if (onChompKeep)
          onChompKeep();
      } else {
        chomp = "";
      }
      if (end) {
        value = value.slice(0, -end.length);
        if (end[end.length - 1] === "\n")
          end = end.slice(0, -1);
        end = end.replace(blockEndNewlines, `$&${indent}`);
      }
      let startWithSpace = false;
      let startEnd;
      let startNlPos = -1;
      for (startEnd = 0; startEnd < value.length; ++startEnd) {
        const ch = value[startEnd];
        if (ch === " ")
          startWithSpace = true;
        else if (ch === "\n")
          startNlPos = startEnd;
        else
          break;
      }
      let start = value.substring(0, startNlPos < startEnd ? startNlPos + 1 : startEnd);
      if (start) {
        value = value.substring(start.length);
        start = start.replace(/\n+/g, `$&${indent}`);
      }
      const indentSize = indent ? "2" : "1";
      let header = (startWithSpace ? indentSize : "") + chomp;
      if (comment) {
        header += " " + commentString(comment.replace(/ ?[\r\n]+/g, " "));
        if (onComment)
          onComment();
      }
      if (!literal) {
        const foldedValue = value.replace(/\n+/g, "\n$&").replace(/(?:^|\n)([\t ].*)(?:([\n\t ]*)\n(?![\n\t ]))?/g, "$1$2").replace(/\n+/g, `$&${indent}`);
        let literalFallback = false;
        const foldOptions = getFoldOptions(ctx, true);
        if (blockQuote !== "folded" && type !== Scalar.Scalar.BLOCK_FOLDED) {
          foldOptions.onOverflow = () => {
            literalFallback = true;
          };
        }
        const body = foldFlowLines.foldFlowLines(`${start}${foldedValue}${end}`, indent, foldFlowLines.FOLD_BLOCK, foldOptions);
        if (!literalFallback)
          return `>${header}
${indent}${body}`;
      }
      value = value.replace(/\n+/g, `$&${indent}`);
      return `|${header}
${indent}${start}${value}${end}`;
    }
    function plainString(item, ctx, onComment, onChompKeep) {
      const { type, value } = item;
      const { actualString, implicitKey, indent, indentStep, inFlow } = ctx;
      if (implicitKey && value.includes("\n") || inFlow && /[[\]{},]/.test(value)) {
        return quotedString(value, ctx);
      }
      if (/^[\n\t ,[\]{}#&*!|>'"%@`]|^[?-]$|^[?-][ \t]|[\n:][ \t]|[ \t]\n|[\n\t ]#|[\n\t :]$/.test(value)) {
        return implicitKey || inFlow || !value.includes("\n") ? quotedString(value, ctx) : blockString(item, ctx, onComment, onChompKeep);
      }
      if (!implicitKey && !inFlow && type !== Scalar.Scalar.PLAIN && value.includes("\n")) {
        return blockString(item, ctx, onComment, onChompKeep);
      }
      if (containsDocumentMarker(value)) {
        if (indent === "") {
          ctx.forceBlockIndent = true;
          return blockString(item, ctx, onComment, onChompKeep);
        } else if (implicitKey && indent === indentStep) {
          return quotedString(value, ctx);
        }
      }
      const str = value.replace(/\n+/g, `$&
${indent}`);
      if (actualString) {
        const test = (tag) => tag.default && tag.tag !== "tag:yaml.org,2002:str" && tag.test?.test(str);
        const { compat, tags } = ctx.doc.schema;
        if (tags.some(test) || compat?.some(test))
          return quotedString(value, ctx);
      }
      return implicitKey ? str : foldFlowLines.foldFlowLines(str, indent, foldFlowLines.FOLD_FLOW, getFoldOptions(ctx, false));
    }
    function stringifyString(item, ctx, onComment, onChompKeep) {
      const { implicitKey, inFlow } = ctx;
      const ss = typeof item.value === "string" ? item : Object.assign({}, item, { value: String(item.value) });
      let { type } = item;
      if (type !== Scalar.Scalar.QUOTE_DOUBLE) {
        if (/[\x00-\x08\x0b-\x1f\x7f-\x9f\u{D800}-\u{DFFF}]/u.test(ss.value))
          type = Scalar.Scalar.QUOTE_DOUBLE;
      }
      const _stringify = (_type) => {
        switch (_type) {
          case Scalar.Scalar.BLOCK_FOLDED:
          case Scalar.Scalar.BLOCK_LITERAL:
            return implicitKey || inFlow ? quotedString(ss.value, ctx) : blockString(ss, ctx, onComment, onChompKeep);
          case Scalar.Scalar.QUOTE_DOUBLE:
            return doubleQuotedString(ss.value, ctx);
          case Scalar.Scalar.QUOTE_SINGLE:
            return singleQuotedString(ss.value, ctx);
          case Scalar.Scalar.PLAIN:
            return plainString(ss, ctx, onComment, onChompKeep);
          default:
            return null;
        }
      };
      let res = _stringify(type);
      if (res === null) {
        const { defaultKeyType, defaultStringType } = ctx.options;
        const t = implicitKey && defaultKeyType || defaultStringType;
        res = _stringify(t);
        if (res === null)
          throw new Error(`Unsupported default string type ${t}`);
      }
      return res;
    }
    exports.stringifyString = stringifyString;
  }
});

// node_modules/yaml/dist/stringify/stringify.js
var require_stringify = __commonJS({
  "node_modules/yaml/dist/stringify/stringify.js"(exports) {
    "use strict";
    var anchors = require_anchors();
    var identity = require_identity();
    var stringifyComment = require_stringifyComment();
    var stringifyString = require_stringifyString();
    function createStringifyContext(doc, options) {
      const opt = Object.assign({
        blockQuote: true,
        commentString: stringifyComment.stringifyComment,
        defaultKeyType: null,
        defaultStringType: "PLAIN",
        directives: null,
        doubleQuotedAsJSON: false,
        doubleQuotedMinMultiLineLength: 40,
        falseStr: "false",
        flowCollectionPadding: true,
        indentSeq: true,
        lineWidth: 80,
        minContentWidth: 20,
        nullStr: "null",
        simpleKeys: false,
        singleQuote: null,
        trailingComma: false,
        trueStr: "true",
        verifyAliasOrder: true
      }, doc.schema.toStringOptions, options);
      let inFlow;
      switch (opt.collectionStyle) {
        case "block":
          inFlow = false;
          break;
        case "flow":
          inFlow = true;
          break;
        default:
          inFlow = null;
      }
      return {
        anchors: /* @__PURE__ */ new Set(),
        doc,
        flowCollectionPadding: opt.flowCollectionPadding ? " " : "",
        indent: "",
        indentStep: typeof opt.indent === "number" ? " ".repeat(opt.indent) : "  ",
        inFlow,
        options: opt
      };
    }
    function getTagObject(tags, item) {
      if (item.tag) {
        const match = tags.filter((t) => t.tag === item.tag);
        if (match.length > 0)
          return match.find((t) => t.format === item.format) ?? match[0];
      }
      let tagObj = void 0;
      let obj;
      if (identity.isScalar(item)) {
        obj = item.value;
        let match = tags.filter((t) => t.identify?.(obj));
        if (match.length > 1) {
          const testMatch = match.filter((t) => t.test);
          if (testMatch.length > 0)
            match = testMatch;
        }
        tagObj = match.find((t) => t.format === item.format) ?? match.find((t) => !t.format);
      } else {
        obj = item;
        tagObj = tags.find((t) => t.nodeClass && obj instanceof t.nodeClass);
      }
      if (!tagObj) {
        const name = obj?.constructor?.name ?? (obj === null ? "null" : typeof obj);
        throw new Error(`Tag not resolved for ${name} value`);
      }
      return tagObj;
    }
    function stringifyProps(node, tagObj, { anchors: anchors$1, doc }) {
      if (!doc.directives)
        return "";
      const props = [];
      const anchor = (identity.isScalar(node) || identity.isCollection(node)) && node.anchor;
      if (anchor && anchors.anchorIsValid(anchor)) {
        anchors$1.add(anchor);
        props.push(`&${anchor}`);
      }
      const tag = node.tag ?? (tagObj.default ? null : tagObj.tag);
      if (tag)
        props.push(doc.directives.tagString(tag));
      return props.join(" ");
    }
    function stringify(item, ctx, onComment, onChompKeep) {
      if (identity.isPair(item))
        return item.toString(ctx, onComment, onChompKeep);
      if (identity.isAlias(item)) {
        if (ctx.doc.directives)
          return item.toString(ctx);
        if (ctx.resolvedAliases?.has(item)) {
          throw new TypeError(`Cannot stringify circular structure without alias nodes`);
        } else {
          if (ctx.resolvedAliases)
            ctx.resolvedAliases.add(item);
          else
            ctx.resolvedAliases = /* @__PURE__ */ new Set([item]);
          item = item.resolve(ctx.doc);
        }
      }
      let tagObj = void 0;
      const node = identity.isNode(item) ? item : ctx.doc.createNode(item, { onTagObj: (o) => tagObj = o });
      tagObj ?? (tagObj = getTagObject(ctx.doc.schema.tags, node));
      const props = stringifyProps(node, tagObj, ctx);
      if (props.length > 0)
        ctx.indentAtStart = (ctx.indentAtStart ?? 0) + props.length + 1;
      const str = typeof tagObj.stringify === "function" ? tagObj.stringify(node, ctx, onComment, onChompKeep) : identity.isScalar(node) ? stringifyString.stringifyString(node, ctx, onComment, onChompKeep) : node.toString(ctx, onComment, onChompKeep);
      if (!props)
        return str;
      return identity.isScalar(node) || str[0] === "{" || str[0] === "[" ? `${props} ${str}` : `${props}
${ctx.indent}${str}`;
    }
    exports.createStringifyContext = createStringifyContext;
    exports.stringify = stringify;
  }
});

// node_modules/yaml/dist/stringify/stringifyPair.js
var require_stringifyPair = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyPair.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Scalar = require_Scalar();
    var stringify = require_stringify();
    var stringifyComment = require_stringifyComment();
    function stringifyPair({ key, value }, ctx, onComment, onChompKeep) {
      const { allNullValues, doc, indent, indentStep, options: { commentString, indentSeq, simpleKeys } } = ctx;
      let keyComment = identity.isNode(key) && key.comment || null;
      if (simpleKeys) {
        if (keyComment) {
          throw new Error("With simple keys, key nodes cannot have comments");
        }
        if (identity.isCollection(key) || !identity.isNode(key) && typeof key === "object") {
          const msg = "With simple keys, collection cannot be used as a key value";
          throw new Error(msg);
        }
      }
      let explicitKey = !simpleKeys && (!key || keyComment && value == null && !ctx.inFlow || identity.isCollection(key) || (identity.isScalar(key) ? key.type === Scalar.Scalar.BLOCK_FOLDED || key.type === Scalar.Scalar.BLOCK_LITERAL : typeof key === "object"));
      ctx = Object.assign({}, ctx, {
        allNullValues: false,
        implicitKey: !explicitKey && (simpleKeys || !allNullValues),
        indent: indent + indentStep
      });
      let keyCommentDone = false;
      let chompKeep = false;
      let str = stringify.stringify(key, ctx, () => keyCommentDone = true, () => chompKeep = true);
      if (!explicitKey && !ctx.inFlow && str.length > 1024) {
        if (simpleKeys)
          throw new Error("With simple keys, single line scalar must not span more than 1024 characters");
        explicitKey = true;
      }
      if (ctx.inFlow) {
        if (allNullValues || value == null) {
          if (keyCommentDone && onComment)
            onComment();
          return str === "" ? "?" : explicitKey ? `? ${str}` : str;
        }
      } else if (allNullValues && !simpleKeys || value == null && explicitKey) {
        str = `? ${str}`;
        if (keyComment && !keyCommentDone) {
          str += stringifyComment.lineComment(str, ctx.indent, commentString(keyComment));
        } else if (chompKeep && onChompKeep)
          onChompKeep();
        return str;
      }
      if (keyCommentDone)
        keyComment = null;
      if (explicitKey) {
        if (keyComment)
          str += stringifyComment.lineComment(str, ctx.indent, commentString(keyComment));
        str = `? ${str}
${indent}:`;
      } else {
        str = `${str}:`;
        if (keyComment)
          str += stringifyComment.lineComment(str, ctx.indent, commentString(keyComment));
      }
      let vsb, vcb, valueComment;
      if (identity.isNode(value)) {
        vsb = !!value.spaceBefore;
        vcb = value.commentBefore;
        valueComment = value.comment;
      } else {
        vsb = false;
        vcb = null;
        valueComment = null;
        if (value && typeof value === "object")
          value = doc.createNode(value);
      }
      ctx.implicitKey = false;
      if (!explicitKey && !keyComment && identity.isScalar(value))
        ctx.indentAtStart = str.length + 1;
      chompKeep = false;
      if (!indentSeq && indentStep.length >= 2 && !ctx.inFlow && !explicitKey && identity.isSeq(value) && !value.flow && !value.tag && !value.anchor) {
        ctx.indent = ctx.indent.substring(2);
      }
      let valueCommentDone = false;
      const valueStr = stringify.stringify(value, ctx, () => valueCommentDone = true, () => chompKeep = true);
      let ws = " ";
      if (keyComment || vsb || vcb) {
        ws = vsb ? "\n" : "";
        if (vcb) {
          const cs = commentString(vcb);
          ws += `
${stringifyComment.indentComment(cs, ctx.indent)}`;
        }
        if (valueStr === "" && !ctx.inFlow) {
          if (ws === "\n" && valueComment)
            ws = "\n\n";
        } else {
          ws += `
${ctx.indent}`;
        }
      } else if (!explicitKey && identity.isCollection(value)) {
        const vs0 = valueStr[0];
        const nl0 = valueStr.indexOf("\n");
        const hasNewline = nl0 !== -1;
        const flow = ctx.inFlow ?? value.flow ?? value.items.length === 0;
        if (hasNewline || !flow) {
          let hasPropsLine = false;
          if (hasNewline && (vs0 === "&" || vs0 === "!")) {
            let sp0 = valueStr.indexOf(" ");
            if (vs0 === "&" && sp0 !== -1 && sp0 < nl0 && valueStr[sp0 + 1] === "!") {
              sp0 = valueStr.indexOf(" ", sp0 + 1);
            }
            if (sp0 === -1 || nl0 < sp0)
              hasPropsLine = true;
          }
          if (!hasPropsLine)
            ws = `
${ctx.indent}`;
        }
      } else if (valueStr === "" || valueStr[0] === "\n") {
        ws = "";
      }
      str += ws + valueStr;
      if (ctx.inFlow) {
        if (valueCommentDone && onComment)
          onComment();
      } else if (valueComment && !valueCommentDone) {
        str += stringifyComment.lineComment(str, ctx.indent, commentString(valueComment));
      } else if (chompKeep && onChompKeep) {
        onChompKeep();
      }
      return str;
    }
    exports.stringifyPair = stringifyPair;
  }
});

// node_modules/yaml/dist/log.js
var require_log = __commonJS({
  "node_modules/yaml/dist/log.js"(exports) {
    "use strict";
    var node_process = __require("process");
    function debug(logLevel, ...messages) {
      if (logLevel === "debug")
        console.log(...messages);
    }
    function warn(logLevel, warning) {
      if (logLevel === "debug" || logLevel === "warn") {
        if (typeof node_process.emitWarning === "function")
          node_process.emitWarning(warning);
        else
          console.warn(warning);
      }
    }
    exports.debug = debug;
    exports.warn = warn;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/merge.js
var require_merge = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/merge.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Scalar = require_Scalar();
    var MERGE_KEY = "<<";
    var merge = {
      identify: (value) => value === MERGE_KEY || typeof value === "symbol" && value.description === MERGE_KEY,
      default: "key",
      tag: "tag:yaml.org,2002:merge",
      test: /^<<$/,
      resolve: () => Object.assign(new Scalar.Scalar(Symbol(MERGE_KEY)), {
        addToJSMap: addMergeToJSMap
      }),
      stringify: () => MERGE_KEY
    };
    var isMergeKey = (ctx, key) => (merge.identify(key) || identity.isScalar(key) && (!key.type || key.type === Scalar.Scalar.PLAIN) && merge.identify(key.value)) && ctx?.doc.schema.tags.some((tag) => tag.tag === merge.tag && tag.default);
    function addMergeToJSMap(ctx, map, value) {
      const source = resolveAliasValue(ctx, value);
      if (identity.isSeq(source))
        for (const it of source.items)
          mergeValue(ctx, map, it);
      else if (Array.isArray(source))
        for (const it of source)
          mergeValue(ctx, map, it);
      else
        mergeValue(ctx, map, source);
    }
    function mergeValue(ctx, map, value) {
      const source = resolveAliasValue(ctx, value);
      if (!identity.isMap(source))
        throw new Error("Merge sources must be maps or map aliases");
      const srcMap = source.toJSON(null, ctx, Map);
      for (const [key, value2] of srcMap) {
        if (map instanceof Map) {
          if (!map.has(key))
            map.set(key, value2);
        } else if (map instanceof Set) {
          map.add(key);
        } else if (!Object.prototype.hasOwnProperty.call(map, key)) {
          Object.defineProperty(map, key, {
            value: value2,
            writable: true,
            enumerable: true,
            configurable: true
          });
        }
      }
      return map;
    }
    function resolveAliasValue(ctx, value) {
      return ctx && identity.isAlias(value) ? value.resolve(ctx.doc, ctx) : value;
    }
    exports.addMergeToJSMap = addMergeToJSMap;
    exports.isMergeKey = isMergeKey;
    exports.merge = merge;
  }
});

// node_modules/yaml/dist/nodes/addPairToJSMap.js
var require_addPairToJSMap = __commonJS({
  "node_modules/yaml/dist/nodes/addPairToJSMap.js"(exports) {
    "use strict";
    var log = require_log();
    var merge = require_merge();
    var stringify = require_stringify();
    var identity = require_identity();
    var toJS = require_toJS();
    function addPairToJSMap(ctx, map, { key, value }) {
      if (identity.isNode(key) && key.addToJSMap)
        key.addToJSMap(ctx, map, value);
      else if (merge.isMergeKey(ctx, key))
        merge.addMergeToJSMap(ctx, map, value);
      else {
        const jsKey = toJS.toJS(key, "", ctx);
        if (map instanceof Map) {
          map.set(jsKey, toJS.toJS(value, jsKey, ctx));
        } else if (map instanceof Set) {
          map.add(jsKey);
        } else {
          const stringKey = stringifyKey(key, jsKey, ctx);
          const jsValue = toJS.toJS(value, stringKey, ctx);
          if (stringKey in map)
            Object.defineProperty(map, stringKey, {
              value: jsValue,
              writable: true,
              enumerable: true,
              configurable: true
            });
          else
            map[stringKey] = jsValue;
        }
      }
      return map;
    }
    function stringifyKey(key, jsKey, ctx) {
      if (jsKey === null)
        return "";
      if (typeof jsKey !== "object")
        return String(jsKey);
      if (identity.isNode(key) && ctx?.doc) {
        const strCtx = stringify.createStringifyContext(ctx.doc, {});
        strCtx.anchors = /* @__PURE__ */ new Set();
        for (const node of ctx.anchors.keys())
          strCtx.anchors.add(node.anchor);
        strCtx.inFlow = true;
        strCtx.inStringifyKey = true;
        const strKey = key.toString(strCtx);
        if (!ctx.mapKeyWarned) {
          let jsonStr = JSON.stringify(strKey);
          if (jsonStr.length > 40)
            jsonStr = jsonStr.substring(0, 36) + '..."';
          log.warn(ctx.doc.options.logLevel, `Keys with collection values will be stringified due to JS Object restrictions: ${jsonStr}. Set mapAsMap: true to use object keys.`);
          ctx.mapKeyWarned = true;
        }
        return strKey;
      }
      return JSON.stringify(jsKey);
    }
    exports.addPairToJSMap = addPairToJSMap;
  }
});

// node_modules/yaml/dist/nodes/Pair.js
var require_Pair = __commonJS({
  "node_modules/yaml/dist/nodes/Pair.js"(exports) {
    "use strict";
    var createNode = require_createNode();
    var stringifyPair = require_stringifyPair();
    var addPairToJSMap = require_addPairToJSMap();
    var identity = require_identity();
    function createPair(key, value, ctx) {
      const k = createNode.createNode(key, void 0, ctx);
      const v = createNode.createNode(value, void 0, ctx);
      return new Pair(k, v);
    }
    var Pair = class _Pair {
      constructor(key, value = null) {
        Object.defineProperty(this, identity.NODE_TYPE, { value: identity.PAIR });
        this.key = key;
        this.value = value;
      }
      clone(schema) {
        let { key, value } = this;
        if (identity.isNode(key))
          key = key.clone(schema);
        if (identity.isNode(value))
          value = value.clone(schema);
        return new _Pair(key, value);
      }
      toJSON(_, ctx) {
        const pair = ctx?.mapAsMap ? /* @__PURE__ */ new Map() : {};
        return addPairToJSMap.addPairToJSMap(ctx, pair, this);
      }
      toString(ctx, onComment, onChompKeep) {
        return ctx?.doc ? stringifyPair.stringifyPair(this, ctx, onComment, onChompKeep) : JSON.stringify(this);
      }
    };
    exports.Pair = Pair;
    exports.createPair = createPair;
  }
});

// node_modules/yaml/dist/stringify/stringifyCollection.js
var require_stringifyCollection = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyCollection.js"(exports) {
    "use strict";
    var identity = require_identity();
    var stringify = require_stringify();
    var stringifyComment = require_stringifyComment();
    function stringifyCollection(collection, ctx, options) {
      const flow = ctx.inFlow ?? collection.flow;
      const stringify2 = flow ? stringifyFlowCollection : stringifyBlockCollection;
      return stringify2(collection, ctx, options);
    }
    function stringifyBlockCollection({ comment, items: items2 }, ctx, { blockItemPrefix, flowChars, itemIndent, onChompKeep, onComment }) {
      const { indent, options: { commentString } } = ctx;
      const itemCtx = Object.assign({}, ctx, { indent: itemIndent, type: null });
      let chompKeep = false;
      const lines2 = [];
      for (let i = 0; i < items2.length; ++i) {
        const item = items2[i];
        let comment2 = null;
        if (identity.isNode(item)) {
          if (!chompKeep && item.spaceBefore)
            lines2.push("");
          addCommentBefore(ctx, lines2, item.commentBefore, chompKeep);
          if (item.comment)
            comment2 = item.comment;
        } else if (identity.isPair(item)) {
          const ik = identity.isNode(item.key) ? item.key : null;
          if (ik) {
            if (!chompKeep && ik.spaceBefore)
              lines2.push("");
            addCommentBefore(ctx, lines2, ik.commentBefore, chompKeep);
          }
        }
        chompKeep = false;
        let str2 = stringify.stringify(item, itemCtx, () => comment2 = null, () => chompKeep = true);
        if (comment2)
          str2 += stringifyComment.lineComment(str2, itemIndent, commentString(comment2));
        if (chompKeep && comment2)
          chompKeep = false;
        lines2.push(blockItemPrefix + str2);
      }
      let str;
      if (lines2.length === 0) {
        str = flowChars.start + flowChars.end;
      } else {
        str = lines2[0];
        for (let i = 1; i < lines2.length; ++i) {
          const line = lines2[i];
          str += line ? `
${indent}${line}` : "\n";
        }
      }
      if (comment) {
        str += "\n" + stringifyComment.indentComment(commentString(comment), indent);
        if (onComment)
          onComment();
      } else if (chompKeep && onChompKeep)
        onChompKeep();
      return str;
    }
    function stringifyFlowCollection({ items: items2 }, ctx, { flowChars, itemIndent }) {
      const { indent, indentStep, flowCollectionPadding: fcPadding, options: { commentString } } = ctx;
      itemIndent += indentStep;
      const itemCtx = Object.assign({}, ctx, {
        indent: itemIndent,
        inFlow: true,
        type: null
      });
      let reqNewline = false;
      let linesAtValue = 0;
      const lines2 = [];
      for (let i = 0; i < items2.length; ++i) {
        const item = items2[i];
        let comment = null;
        if (identity.isNode(item)) {
          if (item.spaceBefore)
            lines2.push("");
          addCommentBefore(ctx, lines2, item.commentBefore, false);
          if (item.comment)
            comment = item.comment;
        } else if (identity.isPair(item)) {
          const ik = identity.isNode(item.key) ? item.key : null;
          if (ik) {
            if (ik.spaceBefore)
              lines2.push("");
            addCommentBefore(ctx, lines2, ik.commentBefore, false);
            if (ik.comment)
              reqNewline = true;
          }
          const iv = identity.isNode(item.value) ? item.value : null;
          if (iv) {
            if (iv.comment)
              comment = iv.comment;
            if (iv.commentBefore)
              reqNewline = true;
          } else if (item.value == null && ik?.comment) {
            comment = ik.comment;
          }
        }
        if (comment)
          reqNewline = true;
        let str = stringify.stringify(item, itemCtx, () => comment = null);
        reqNewline || (reqNewline = lines2.length > linesAtValue || str.includes("\n"));
        if (i < items2.length - 1) {
          str += ",";
        } else if (ctx.options.trailingComma) {
          if (ctx.options.lineWidth > 0) {
            reqNewline || (reqNewline = lines2.reduce((sum, line) => sum + line.length + 2, 2) + (str.length + 2) > ctx.options.lineWidth);
          }
          if (reqNewline) {
            str += ",";
          }
        }
        if (comment)
          str += stringifyComment.lineComment(str, itemIndent, commentString(comment));
        lines2.push(str);
        linesAtValue = lines2.length;
      }
      const { start, end } = flowChars;
      if (lines2.length === 0) {
        return start + end;
      } else {
        if (!reqNewline) {
          const len = lines2.reduce((sum, line) => sum + line.length + 2, 2);
          reqNewline = ctx.options.lineWidth > 0 && len > ctx.options.lineWidth;
        }
        if (reqNewline) {
          let str = start;
          for (const line of lines2)
            str += line ? `
${indentStep}${indent}${line}` : "\n";
          return `${str}
${indent}${end}`;
        } else {
          return `${start}${fcPadding}${lines2.join(" ")}${fcPadding}${end}`;
        }
      }
    }
    function addCommentBefore({ indent, options: { commentString } }, lines2, comment, chompKeep) {
      if (comment && chompKeep)
        comment = comment.replace(/^\n+/, "");
      if (comment) {
        const ic = stringifyComment.indentComment(commentString(comment), indent);
        lines2.push(ic.trimStart());
      }
    }
    exports.stringifyCollection = stringifyCollection;
  }
});

// node_modules/yaml/dist/nodes/YAMLMap.js
var require_YAMLMap = __commonJS({
  "node_modules/yaml/dist/nodes/YAMLMap.js"(exports) {
    "use strict";
    var stringifyCollection = require_stringifyCollection();
    var addPairToJSMap = require_addPairToJSMap();
    var Collection = require_Collection();
    var identity = require_identity();
    var Pair = require_Pair();
    var Scalar = require_Scalar();
    function findPair(items2, key) {
      const k = identity.isScalar(key) ? key.value : key;
      for (const it of items2) {
        if (identity.isPair(it)) {
          if (it.key === key || it.key === k)
            return it;
          if (identity.isScalar(it.key) && it.key.value === k)
            return it;
        }
      }
      return void 0;
    }
    var YAMLMap = class extends Collection.Collection {
      static get tagName() {
        return "tag:yaml.org,2002:map";
      }
      constructor(schema) {
        super(identity.MAP, schema);
        this.items = [];
      }
      /**
       * A generic collection parsing method that can be extended
       * to other node classes that inherit from YAMLMap
       */
      static from(schema, obj, ctx) {
        const { keepUndefined, replacer } = ctx;
        const map = new this(schema);
        const add = (key, value) => {
          if (typeof replacer === "function")
            value = replacer.call(obj, key, value);
          else if (Array.isArray(replacer) && !replacer.includes(key))
            return;
          if (value !== void 0 || keepUndefined)
            map.items.push(Pair.createPair(key, value, ctx));
        };
        if (obj instanceof Map) {
          for (const [key, value] of obj)
            add(key, value);
        } else if (obj && typeof obj === "object") {
          for (const key of Object.keys(obj))
            add(key, obj[key]);
        }
        if (typeof schema.sortMapEntries === "function") {
          map.items.sort(schema.sortMapEntries);
        }
        return map;
      }
      /**
       * Adds a value to the collection.
       *
       * @param overwrite - If not set `true`, using a key that is already in the
       *   collection will throw. Otherwise, overwrites the previous value.
       */
      add(pair, overwrite) {
        let _pair;
        if (identity.isPair(pair))
          _pair = pair;
        else if (!pair || typeof pair !== "object" || !("key" in pair)) {
          _pair = new Pair.Pair(pair, pair?.value);
        } else
          _pair = new Pair.Pair(pair.key, pair.value);
        const prev = findPair(this.items, _pair.key);
        const sortEntries = this.schema?.sortMapEntries;
        if (prev) {
          if (!overwrite)
            throw new Error(`Key ${_pair.key} already set`);
          if (identity.isScalar(prev.value) && Scalar.isScalarValue(_pair.value))
            prev.value.value = _pair.value;
          else
            prev.value = _pair.value;
        } else if (sortEntries) {
          const i = this.items.findIndex((item) => sortEntries(_pair, item) < 0);
          if (i === -1)
            this.items.push(_pair);
          else
            this.items.splice(i, 0, _pair);
        } else {
          this.items.push(_pair);
        }
      }
      delete(key) {
        const it = findPair(this.items, key);
        if (!it)
          return false;
        const del = this.items.splice(this.items.indexOf(it), 1);
        return del.length > 0;
      }
      get(key, keepScalar) {
        const it = findPair(this.items, key);
        const node = it?.value;
        return (!keepScalar && identity.isScalar(node) ? node.value : node) ?? void 0;
      }
      has(key) {
        return !!findPair(this.items, key);
      }
      set(key, value) {
        this.add(new Pair.Pair(key, value), true);
      }
      /**
       * @param ctx - Conversion context, originally set in Document#toJS()
       * @param {Class} Type - If set, forces the returned collection type
       * @returns Instance of Type, Map, or Object
       */
      toJSON(_, ctx, Type) {
        const map = Type ? new Type() : ctx?.mapAsMap ? /* @__PURE__ */ new Map() : {};
        if (ctx?.onCreate)
          ctx.onCreate(map);
        for (const item of this.items)
          addPairToJSMap.addPairToJSMap(ctx, map, item);
        return map;
      }
      toString(ctx, onComment, onChompKeep) {
        if (!ctx)
          return JSON.stringify(this);
        for (const item of this.items) {
          if (!identity.isPair(item))
            throw new Error(`Map items must all be pairs; found ${JSON.stringify(item)} instead`);
        }
        if (!ctx.allNullValues && this.hasAllNullValues(false))
          ctx = Object.assign({}, ctx, { allNullValues: true });
        return stringifyCollection.stringifyCollection(this, ctx, {
          blockItemPrefix: "",
          flowChars: { start: "{", end: "}" },
          itemIndent: ctx.indent || "",
          onChompKeep,
          onComment
        });
      }
    };
    exports.YAMLMap = YAMLMap;
    exports.findPair = findPair;
  }
});

// node_modules/yaml/dist/schema/common/map.js
var require_map = __commonJS({
  "node_modules/yaml/dist/schema/common/map.js"(exports) {
    "use strict";
    var identity = require_identity();
    var YAMLMap = require_YAMLMap();
    var map = {
      collection: "map",
      default: true,
      nodeClass: YAMLMap.YAMLMap,
      tag: "tag:yaml.org,2002:map",
      resolve(map2, onError) {
        if (!identity.isMap(map2))
          onError("Expected a mapping for this tag");
        return map2;
      },
      createNode: (schema, obj, ctx) => YAMLMap.YAMLMap.from(schema, obj, ctx)
    };
    exports.map = map;
  }
});

// node_modules/yaml/dist/nodes/YAMLSeq.js
var require_YAMLSeq = __commonJS({
  "node_modules/yaml/dist/nodes/YAMLSeq.js"(exports) {
    "use strict";
    var createNode = require_createNode();
    var stringifyCollection = require_stringifyCollection();
    var Collection = require_Collection();
    var identity = require_identity();
    var Scalar = require_Scalar();
    var toJS = require_toJS();
    var YAMLSeq = class extends Collection.Collection {
      static get tagName() {
        return "tag:yaml.org,2002:seq";
      }
      constructor(schema) {
        super(identity.SEQ, schema);
        this.items = [];
      }
      add(value) {
        this.items.push(value);
      }
      /**
       * Removes a value from the collection.
       *
       * `key` must contain a representation of an integer for this to succeed.
       * It may be wrapped in a `Scalar`.
       *
       * @returns `true` if the item was found and removed.
       */
      delete(key) {
        const idx = asItemIndex(key);
        if (typeof idx !== "number")
          return false;
        const del = this.items.splice(idx, 1);
        return del.length > 0;
      }
      get(key, keepScalar) {
        const idx = asItemIndex(key);
        if (typeof idx !== "number")
          return void 0;
        const it = this.items[idx];
        return !keepScalar && identity.isScalar(it) ? it.value : it;
      }
      /**
       * Checks if the collection includes a value with the key `key`.
       *
       * `key` must contain a representation of an integer for this to succeed.
       * It may be wrapped in a `Scalar`.
       */
      has(key) {
        const idx = asItemIndex(key);
        return typeof idx === "number" && idx < this.items.length;
      }
      /**
       * Sets a value in this collection. For `!!set`, `value` needs to be a
       * boolean to add/remove the item from the set.
       *
       * If `key` does not contain a representation of an integer, this will throw.
       * It may be wrapped in a `Scalar`.
       */
      set(key, value) {
        const idx = asItemIndex(key);
        if (typeof idx !== "number")
          throw new Error(`Expected a valid index, not ${key}.`);
        const prev = this.items[idx];
        if (identity.isScalar(prev) && Scalar.isScalarValue(value))
          prev.value = value;
        else
          this.items[idx] = value;
      }
      toJSON(_, ctx) {
        const seq = [];
        if (ctx?.onCreate)
          ctx.onCreate(seq);
        let i = 0;
        for (const item of this.items)
          seq.push(toJS.toJS(item, String(i++), ctx));
        return seq;
      }
      toString(ctx, onComment, onChompKeep) {
        if (!ctx)
          return JSON.stringify(this);
        return stringifyCollection.stringifyCollection(this, ctx, {
          blockItemPrefix: "- ",
          flowChars: { start: "[", end: "]" },
          itemIndent: (ctx.indent || "") + "  ",
          onChompKeep,
          onComment
        });
      }
      static from(schema, obj, ctx) {
        const { replacer } = ctx;
        const seq = new this(schema);
        if (obj && Symbol.iterator in Object(obj)) {
          let i = 0;
          for (let it of obj) {
            if (typeof replacer === "function") {
              const key = obj instanceof Set ? it : String(i++);
              it = replacer.call(obj, key, it);
            }
            seq.items.push(createNode.createNode(it, void 0, ctx));
          }
        }
        return seq;
      }
    };
    function asItemIndex(key) {
      let idx = identity.isScalar(key) ? key.value : key;
      if (idx && typeof idx === "string")
        idx = Number(idx);
      return typeof idx === "number" && Number.isInteger(idx) && idx >= 0 ? idx : null;
    }
    exports.YAMLSeq = YAMLSeq;
  }
});

// node_modules/yaml/dist/schema/common/seq.js
var require_seq = __commonJS({
  "node_modules/yaml/dist/schema/common/seq.js"(exports) {
    "use strict";
    var identity = require_identity();
    var YAMLSeq = require_YAMLSeq();
    var seq = {
      collection: "seq",
      default: true,
      nodeClass: YAMLSeq.YAMLSeq,
      tag: "tag:yaml.org,2002:seq",
      resolve(seq2, onError) {
        if (!identity.isSeq(seq2))
          onError("Expected a sequence for this tag");
        return seq2;
      },
      createNode: (schema, obj, ctx) => YAMLSeq.YAMLSeq.from(schema, obj, ctx)
    };
    exports.seq = seq;
  }
});

// node_modules/yaml/dist/schema/common/string.js
var require_string = __commonJS({
  "node_modules/yaml/dist/schema/common/string.js"(exports) {
    "use strict";
    var stringifyString = require_stringifyString();
    var string = {
      identify: (value) => typeof value === "string",
      default: true,
      tag: "tag:yaml.org,2002:str",
      resolve: (str) => str,
      stringify(item, ctx, onComment, onChompKeep) {
        ctx = Object.assign({ actualString: true }, ctx);
        return stringifyString.stringifyString(item, ctx, onComment, onChompKeep);
      }
    };
    exports.string = string;
  }
});

// node_modules/yaml/dist/schema/common/null.js
var require_null = __commonJS({
  "node_modules/yaml/dist/schema/common/null.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var nullTag = {
      identify: (value) => value == null,
      createNode: () => new Scalar.Scalar(null),
      default: true,
      tag: "tag:yaml.org,2002:null",
      test: /^(?:~|[Nn]ull|NULL)?$/,
      resolve: () => new Scalar.Scalar(null),
      stringify: ({ source }, ctx) => typeof source === "string" && nullTag.test.test(source) ? source : ctx.options.nullStr
    };
    exports.nullTag = nullTag;
  }
});

// node_modules/yaml/dist/schema/core/bool.js
var require_bool = __commonJS({
  "node_modules/yaml/dist/schema/core/bool.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var boolTag = {
      identify: (value) => typeof value === "boolean",
      default: true,
      tag: "tag:yaml.org,2002:bool",
      test: /^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/,
      resolve: (str) => new Scalar.Scalar(str[0] === "t" || str[0] === "T"),
      stringify({ source, value }, ctx) {
        if (source && boolTag.test.test(source)) {
          const sv = source[0] === "t" || source[0] === "T";
          if (value === sv)
            return source;
        }
        return value ? ctx.options.trueStr : ctx.options.falseStr;
      }
    };
    exports.boolTag = boolTag;
  }
});

// node_modules/yaml/dist/stringify/stringifyNumber.js
var require_stringifyNumber = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyNumber.js"(exports) {
    "use strict";
    function stringifyNumber({ format, minFractionDigits, tag, value }) {
      if (typeof value === "bigint")
        return String(value);
      const num = typeof value === "number" ? value : Number(value);
      if (!isFinite(num))
        return isNaN(num) ? ".nan" : num < 0 ? "-.inf" : ".inf";
      let n = Object.is(value, -0) ? "-0" : JSON.stringify(value);
      if (!format && minFractionDigits && (!tag || tag === "tag:yaml.org,2002:float") && /^-?\d/.test(n) && !n.includes("e")) {
        let i = n.indexOf(".");
        if (i < 0) {
          i = n.length;
          n += ".";
        }
        let d = minFractionDigits - (n.length - i - 1);
        while (d-- > 0)
          n += "0";
      }
      return n;
    }
    exports.stringifyNumber = stringifyNumber;
  }
});

// node_modules/yaml/dist/schema/core/float.js
var require_float = __commonJS({
  "node_modules/yaml/dist/schema/core/float.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var stringifyNumber = require_stringifyNumber();
    var floatNaN = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,
      resolve: (str) => str.slice(-3).toLowerCase() === "nan" ? NaN : str[0] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
      stringify: stringifyNumber.stringifyNumber
    };
    var floatExp = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      format: "EXP",
      test: /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+$/,
      resolve: (str) => parseFloat(str),
      stringify(node) {
        const num = Number(node.value);
        return isFinite(num) ? num.toExponential() : stringifyNumber.stringifyNumber(node);
      }
    };
    var float = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      test: /^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)$/,
      resolve(str) {
        const node = new Scalar.Scalar(parseFloat(str));
        const dot = str.indexOf(".");
        if (dot !== -1 && str[str.length - 1] === "0")
          node.minFractionDigits = str.length - dot - 1;
        return node;
      },
      stringify: stringifyNumber.stringifyNumber
    };
    exports.float = float;
    exports.floatExp = floatExp;
    exports.floatNaN = floatNaN;
  }
});

// node_modules/yaml/dist/schema/core/int.js
var require_int = __commonJS({
  "node_modules/yaml/dist/schema/core/int.js"(exports) {
    "use strict";
    var stringifyNumber = require_stringifyNumber();
    var intIdentify = (value) => typeof value === "bigint" || Number.isInteger(value);
    var intResolve = (str, offset, radix, { intAsBigInt }) => intAsBigInt ? BigInt(str) : parseInt(str.substring(offset), radix);
    function intStringify(node, radix, prefix) {
      const { value } = node;
      if (intIdentify(value) && value >= 0)
        return prefix + value.toString(radix);
      return stringifyNumber.stringifyNumber(node);
    }
    var intOct = {
      identify: (value) => intIdentify(value) && value >= 0,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "OCT",
      test: /^0o[0-7]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 2, 8, opt),
      stringify: (node) => intStringify(node, 8, "0o")
    };
    var int = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      test: /^[-+]?[0-9]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 0, 10, opt),
      stringify: stringifyNumber.stringifyNumber
    };
    var intHex = {
      identify: (value) => intIdentify(value) && value >= 0,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "HEX",
      test: /^0x[0-9a-fA-F]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 2, 16, opt),
      stringify: (node) => intStringify(node, 16, "0x")
    };
    exports.int = int;
    exports.intHex = intHex;
    exports.intOct = intOct;
  }
});

// node_modules/yaml/dist/schema/core/schema.js
var require_schema = __commonJS({
  "node_modules/yaml/dist/schema/core/schema.js"(exports) {
    "use strict";
    var map = require_map();
    var _null = require_null();
    var seq = require_seq();
    var string = require_string();
    var bool = require_bool();
    var float = require_float();
    var int = require_int();
    var schema = [
      map.map,
      seq.seq,
      string.string,
      _null.nullTag,
      bool.boolTag,
      int.intOct,
      int.int,
      int.intHex,
      float.floatNaN,
      float.floatExp,
      float.float
    ];
    exports.schema = schema;
  }
});

// node_modules/yaml/dist/schema/json/schema.js
var require_schema2 = __commonJS({
  "node_modules/yaml/dist/schema/json/schema.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var map = require_map();
    var seq = require_seq();
    function intIdentify(value) {
      return typeof value === "bigint" || Number.isInteger(value);
    }
    var stringifyJSON = ({ value }) => JSON.stringify(value);
    var jsonScalars = [
      {
        identify: (value) => typeof value === "string",
        default: true,
        tag: "tag:yaml.org,2002:str",
        resolve: (str) => str,
        stringify: stringifyJSON
      },
      {
        identify: (value) => value == null,
        createNode: () => new Scalar.Scalar(null),
        default: true,
        tag: "tag:yaml.org,2002:null",
        test: /^null$/,
        resolve: () => null,
        stringify: stringifyJSON
      },
      {
        identify: (value) => typeof value === "boolean",
        default: true,
        tag: "tag:yaml.org,2002:bool",
        test: /^true$|^false$/,
        resolve: (str) => str === "true",
        stringify: stringifyJSON
      },
      {
        identify: intIdentify,
        default: true,
        tag: "tag:yaml.org,2002:int",
        test: /^-?(?:0|[1-9][0-9]*)$/,
        resolve: (str, _onError, { intAsBigInt }) => intAsBigInt ? BigInt(str) : parseInt(str, 10),
        stringify: ({ value }) => intIdentify(value) ? value.toString() : JSON.stringify(value)
      },
      {
        identify: (value) => typeof value === "number",
        default: true,
        tag: "tag:yaml.org,2002:float",
        test: /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?$/,
        resolve: (str) => parseFloat(str),
        stringify: stringifyJSON
      }
    ];
    var jsonError = {
      default: true,
      tag: "",
      test: /^/,
      resolve(str, onError) {
        onError(`Unresolved plain scalar ${JSON.stringify(str)}`);
        return str;
      }
    };
    var schema = [map.map, seq.seq].concat(jsonScalars, jsonError);
    exports.schema = schema;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/binary.js
var require_binary = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/binary.js"(exports) {
    "use strict";
    var node_buffer = __require("buffer");
    var Scalar = require_Scalar();
    var stringifyString = require_stringifyString();
    var binary = {
      identify: (value) => value instanceof Uint8Array,
      // Buffer inherits from Uint8Array
      default: false,
      tag: "tag:yaml.org,2002:binary",
      /**
       * Returns a Buffer in node and an Uint8Array in browsers
       *
       * To use the resulting buffer as an image, you'll want to do something like:
       *
       *   const blob = new Blob([buffer], { type: 'image/jpeg' })
       *   document.querySelector('#photo').src = URL.createObjectURL(blob)
       */
      resolve(src, onError) {
        if (typeof node_buffer.Buffer === "function") {
          return node_buffer.Buffer.from(src, "base64");
        } else if (typeof atob === "function") {
          const str = atob(src.replace(/[\n\r]/g, ""));
          const buffer = new Uint8Array(str.length);
          for (let i = 0; i < str.length; ++i)
            buffer[i] = str.charCodeAt(i);
          return buffer;
        } else {
          onError("This environment does not support reading binary tags; either Buffer or atob is required");
          return src;
        }
      },
      stringify({ comment, type, value }, ctx, onComment, onChompKeep) {
        if (!value)
          return "";
        const buf = value;
        let str;
        if (typeof node_buffer.Buffer === "function") {
          str = buf instanceof node_buffer.Buffer ? buf.toString("base64") : node_buffer.Buffer.from(buf.buffer).toString("base64");
        } else if (typeof btoa === "function") {
          let s = "";
          for (let i = 0; i < buf.length; ++i)
            s += String.fromCharCode(buf[i]);
          str = btoa(s);
        } else {
          throw new Error("This environment does not support writing binary tags; either Buffer or btoa is required");
        }
        type ?? (type = Scalar.Scalar.BLOCK_LITERAL);
        if (type !== Scalar.Scalar.QUOTE_DOUBLE) {
          const lineWidth = Math.max(ctx.options.lineWidth - ctx.indent.length, ctx.options.minContentWidth);
          const n = Math.ceil(str.length / lineWidth);
          const lines2 = new Array(n);
          for (let i = 0, o = 0; i < n; ++i, o += lineWidth) {
            lines2[i] = str.substr(o, lineWidth);
          }
          str = lines2.join(type === Scalar.Scalar.BLOCK_LITERAL ? "\n" : " ");
        }
        return stringifyString.stringifyString({ comment, type, value: str }, ctx, onComment, onChompKeep);
      }
    };
    exports.binary = binary;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/pairs.js
var require_pairs = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/pairs.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Pair = require_Pair();
    var Scalar = require_Scalar();
    var YAMLSeq = require_YAMLSeq();
    function resolvePairs(seq, onError) {
      if (identity.isSeq(seq)) {
        for (let i = 0; i < seq.items.length; ++i) {
          let item = seq.items[i];
          if (identity.isPair(item))
            continue;
          else if (identity.isMap(item)) {
            if (item.items.length > 1)
              onError("Each pair must have its own sequence indicator");
            const pair = item.items[0] || new Pair.Pair(new Scalar.Scalar(null));
            if (item.commentBefore)
              pair.key.commentBefore = pair.key.commentBefore ? `${item.commentBefore}
${pair.key.commentBefore}` : item.commentBefore;
            if (item.comment) {
              const cn = pair.value ?? pair.key;
              cn.comment = cn.comment ? `${item.comment}
${cn.comment}` : item.comment;
            }
            item = pair;
          }
          seq.items[i] = identity.isPair(item) ? item : new Pair.Pair(item);
        }
      } else
        onError("Expected a sequence for this tag");
      return seq;
    }
    function createPairs(schema, iterable, ctx) {
      const { replacer } = ctx;
      const pairs2 = new YAMLSeq.YAMLSeq(schema);
      pairs2.tag = "tag:yaml.org,2002:pairs";
      let i = 0;
      if (iterable && Symbol.iterator in Object(iterable))
        for (let it of iterable) {
          if (typeof replacer === "function")
            it = replacer.call(iterable, String(i++), it);
          let key, value;
          if (Array.isArray(it)) {
            if (it.length === 2) {
              key = it[0];
              value = it[1];
            } else
              throw new TypeError(`Expected [key, value] tuple: ${it}`);
          } else if (it && it instanceof Object) {
            const keys = Object.keys(it);
            if (keys.length === 1) {
              key = keys[0];
              value = it[key];
            } else {
              throw new TypeError(`Expected tuple with one key, not ${keys.length} keys`);
            }
          } else {
            key = it;
          }
          pairs2.items.push(Pair.createPair(key, value, ctx));
        }
      return pairs2;
    }
    var pairs = {
      collection: "seq",
      default: false,
      tag: "tag:yaml.org,2002:pairs",
      resolve: resolvePairs,
      createNode: createPairs
    };
    exports.createPairs = createPairs;
    exports.pairs = pairs;
    exports.resolvePairs = resolvePairs;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/omap.js
var require_omap = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/omap.js"(exports) {
    "use strict";
    var identity = require_identity();
    var toJS = require_toJS();
    var YAMLMap = require_YAMLMap();
    var YAMLSeq = require_YAMLSeq();
    var pairs = require_pairs();
    var YAMLOMap = class _YAMLOMap extends YAMLSeq.YAMLSeq {
      constructor() {
        super();
        this.add = YAMLMap.YAMLMap.prototype.add.bind(this);
        this.delete = YAMLMap.YAMLMap.prototype.delete.bind(this);
        this.get = YAMLMap.YAMLMap.prototype.get.bind(this);
        this.has = YAMLMap.YAMLMap.prototype.has.bind(this);
        this.set = YAMLMap.YAMLMap.prototype.set.bind(this);
        this.tag = _YAMLOMap.tag;
      }
      /**
       * If `ctx` is given, the return type is actually `Map<unknown, unknown>`,
       * but TypeScript won't allow widening the signature of a child method.
       */
      toJSON(_, ctx) {
        if (!ctx)
          return super.toJSON(_);
        const map = /* @__PURE__ */ new Map();
        if (ctx?.onCreate)
          ctx.onCreate(map);
        for (const pair of this.items) {
          let key, value;
          if (identity.isPair(pair)) {
            key = toJS.toJS(pair.key, "", ctx);
            value = toJS.toJS(pair.value, key, ctx);
          } else {
            key = toJS.toJS(pair, "", ctx);
          }
          if (map.has(key))
            throw new Error("Ordered maps must not include duplicate keys");
          map.set(key, value);
        }
        return map;
      }
      static from(schema, iterable, ctx) {
        const pairs$1 = pairs.createPairs(schema, iterable, ctx);
        const omap2 = new this();
        omap2.items = pairs$1.items;
        return omap2;
      }
    };
    YAMLOMap.tag = "tag:yaml.org,2002:omap";
    var omap = {
      collection: "seq",
      identify: (value) => value instanceof Map,
      nodeClass: YAMLOMap,
      default: false,
      tag: "tag:yaml.org,2002:omap",
      resolve(seq, onError) {
        const pairs$1 = pairs.resolvePairs(seq, onError);
        const seenKeys = [];
        for (const { key } of pairs$1.items) {
          if (identity.isScalar(key)) {
            if (seenKeys.includes(key.value)) {
              onError(`Ordered maps must not include duplicate keys: ${key.value}`);
            } else {
              seenKeys.push(key.value);
            }
          }
        }
        return Object.assign(new YAMLOMap(), pairs$1);
      },
      createNode: (schema, iterable, ctx) => YAMLOMap.from(schema, iterable, ctx)
    };
    exports.YAMLOMap = YAMLOMap;
    exports.omap = omap;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/bool.js
var require_bool2 = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/bool.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    function boolStringify({ value, source }, ctx) {
      const boolObj = value ? trueTag : falseTag;
      if (source && boolObj.test.test(source))
        return source;
      return value ? ctx.options.trueStr : ctx.options.falseStr;
    }
    var trueTag = {
      identify: (value) => value === true,
      default: true,
      tag: "tag:yaml.org,2002:bool",
      test: /^(?:Y|y|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON)$/,
      resolve: () => new Scalar.Scalar(true),
      stringify: boolStringify
    };
    var falseTag = {
      identify: (value) => value === false,
      default: true,
      tag: "tag:yaml.org,2002:bool",
      test: /^(?:N|n|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/,
      resolve: () => new Scalar.Scalar(false),
      stringify: boolStringify
    };
    exports.falseTag = falseTag;
    exports.trueTag = trueTag;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/float.js
var require_float2 = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/float.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var stringifyNumber = require_stringifyNumber();
    var floatNaN = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,
      resolve: (str) => str.slice(-3).toLowerCase() === "nan" ? NaN : str[0] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
      stringify: stringifyNumber.stringifyNumber
    };
    var floatExp = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      format: "EXP",
      test: /^[-+]?(?:[0-9][0-9_]*)?(?:\.[0-9_]*)?[eE][-+]?[0-9]+$/,
      resolve: (str) => parseFloat(str.replace(/_/g, "")),
      stringify(node) {
        const num = Number(node.value);
        return isFinite(num) ? num.toExponential() : stringifyNumber.stringifyNumber(node);
      }
    };
    var float = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      test: /^[-+]?(?:[0-9][0-9_]*)?\.[0-9_]*$/,
      resolve(str) {
        const node = new Scalar.Scalar(parseFloat(str.replace(/_/g, "")));
        const dot = str.indexOf(".");
        if (dot !== -1) {
          const f = str.substring(dot + 1).replace(/_/g, "");
          if (f[f.length - 1] === "0")
            node.minFractionDigits = f.length;
        }
        return node;
      },
      stringify: stringifyNumber.stringifyNumber
    };
    exports.float = float;
    exports.floatExp = floatExp;
    exports.floatNaN = floatNaN;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/int.js
var require_int2 = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/int.js"(exports) {
    "use strict";
    var stringifyNumber = require_stringifyNumber();
    var intIdentify = (value) => typeof value === "bigint" || Number.isInteger(value);
    function intResolve(str, offset, radix, { intAsBigInt }) {
      const sign = str[0];
      if (sign === "-" || sign === "+")
        offset += 1;
      str = str.substring(offset).replace(/_/g, "");
      if (intAsBigInt) {
        switch (radix) {
          case 2:
            str = `0b${str}`;
            break;
          case 8:
            str = `0o${str}`;
            break;
          case 16:
            str = `0x${str}`;
            break;
        }
        const n2 = BigInt(str);
        return sign === "-" ? BigInt(-1) * n2 : n2;
      }
      const n = parseInt(str, radix);
      return sign === "-" ? -1 * n : n;
    }
    function intStringify(node, radix, prefix) {
      const { value } = node;
      if (intIdentify(value)) {
        const str = value.toString(radix);
        return value < 0 ? "-" + prefix + str.substr(1) : prefix + str;
      }
      return stringifyNumber.stringifyNumber(node);
    }
    var intBin = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "BIN",
      test: /^[-+]?0b[0-1_]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 2, 2, opt),
      stringify: (node) => intStringify(node, 2, "0b")
    };
    var intOct = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "OCT",
      test: /^[-+]?0[0-7_]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 1, 8, opt),
      stringify: (node) => intStringify(node, 8, "0")
    };
    var int = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      test: /^[-+]?[0-9][0-9_]*$/,
      resolve: (str, _onError, opt) => intResolve(str, 0, 10, opt),
      stringify: stringifyNumber.stringifyNumber
    };
    var intHex = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "HEX",
      test: /^[-+]?0x[0-9a-fA-F_]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 2, 16, opt),
      stringify: (node) => intStringify(node, 16, "0x")
    };
    exports.int = int;
    exports.intBin = intBin;
    exports.intHex = intHex;
    exports.intOct = intOct;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/set.js
var require_set = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/set.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Pair = require_Pair();
    var YAMLMap = require_YAMLMap();
    var YAMLSet = class _YAMLSet extends YAMLMap.YAMLMap {
      constructor(schema) {
        super(schema);
        this.tag = _YAMLSet.tag;
      }
      add(key) {
        let pair;
        if (identity.isPair(key))
          pair = key;
        else if (key && typeof key === "object" && "key" in key && "value" in key && key.value === null)
          pair = new Pair.Pair(key.key, null);
        else
          pair = new Pair.Pair(key, null);
        const prev = YAMLMap.findPair(this.items, pair.key);
        if (!prev)
          this.items.push(pair);
      }
      /**
       * If `keepPair` is `true`, returns the Pair matching `key`.
       * Otherwise, returns the value of that Pair's key.
       */
      get(key, keepPair) {
        const pair = YAMLMap.findPair(this.items, key);
        return !keepPair && identity.isPair(pair) ? identity.isScalar(pair.key) ? pair.key.value : pair.key : pair;
      }
      set(key, value) {
        if (typeof value !== "boolean")
          throw new Error(`Expected boolean value for set(key, value) in a YAML set, not ${typeof value}`);
        const prev = YAMLMap.findPair(this.items, key);
        if (prev && !value) {
          this.items.splice(this.items.indexOf(prev), 1);
        } else if (!prev && value) {
          this.items.push(new Pair.Pair(key));
        }
      }
      toJSON(_, ctx) {
        return super.toJSON(_, ctx, Set);
      }
      toString(ctx, onComment, onChompKeep) {
        if (!ctx)
          return JSON.stringify(this);
        if (this.hasAllNullValues(true))
          return super.toString(Object.assign({}, ctx, { allNullValues: true }), onComment, onChompKeep);
        else
          throw new Error("Set items must all have null values");
      }
      static from(schema, iterable, ctx) {
        const { replacer } = ctx;
        const set2 = new this(schema);
        if (iterable && Symbol.iterator in Object(iterable))
          for (let value of iterable) {
            if (typeof replacer === "function")
              value = replacer.call(iterable, value, value);
            set2.items.push(Pair.createPair(value, null, ctx));
          }
        return set2;
      }
    };
    YAMLSet.tag = "tag:yaml.org,2002:set";
    var set = {
      collection: "map",
      identify: (value) => value instanceof Set,
      nodeClass: YAMLSet,
      default: false,
      tag: "tag:yaml.org,2002:set",
      createNode: (schema, iterable, ctx) => YAMLSet.from(schema, iterable, ctx),
      resolve(map, onError) {
        if (identity.isMap(map)) {
          if (map.hasAllNullValues(true))
            return Object.assign(new YAMLSet(), map);
          else
            onError("Set items must all have null values");
        } else
          onError("Expected a mapping for this tag");
        return map;
      }
    };
    exports.YAMLSet = YAMLSet;
    exports.set = set;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/timestamp.js
var require_timestamp = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/timestamp.js"(exports) {
    "use strict";
    var stringifyNumber = require_stringifyNumber();
    function parseSexagesimal(str, asBigInt) {
      const sign = str[0];
      const parts = sign === "-" || sign === "+" ? str.substring(1) : str;
      const num = (n) => asBigInt ? BigInt(n) : Number(n);
      const res = parts.replace(/_/g, "").split(":").reduce((res2, p) => res2 * num(60) + num(p), num(0));
      return sign === "-" ? num(-1) * res : res;
    }
    function stringifySexagesimal(node) {
      let { value } = node;
      let num = (n) => n;
      if (typeof value === "bigint")
        num = (n) => BigInt(n);
      else if (isNaN(value) || !isFinite(value))
        return stringifyNumber.stringifyNumber(node);
      let sign = "";
      if (value < 0) {
        sign = "-";
        value *= num(-1);
      }
      const _60 = num(60);
      const parts = [value % _60];
      if (value < 60) {
        parts.unshift(0);
      } else {
        value = (value - parts[0]) / _60;
        parts.unshift(value % _60);
        if (value >= 60) {
          value = (value - parts[0]) / _60;
          parts.unshift(value);
        }
      }
      return sign + parts.map((n) => String(n).padStart(2, "0")).join(":").replace(/000000\d*$/, "");
    }
    var intTime = {
      identify: (value) => typeof value === "bigint" || Number.isInteger(value),
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "TIME",
      test: /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+$/,
      resolve: (str, _onError, { intAsBigInt }) => parseSexagesimal(str, intAsBigInt),
      stringify: stringifySexagesimal
    };
    var floatTime = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      format: "TIME",
      test: /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/,
      resolve: (str) => parseSexagesimal(str, false),
      stringify: stringifySexagesimal
    };
    var timestamp = {
      identify: (value) => value instanceof Date,
      default: true,
      tag: "tag:yaml.org,2002:timestamp",
      // If the time zone is omitted, the timestamp is assumed to be specified in UTC. The time part
      // may be omitted altogether, resulting in a date format. In such a case, the time part is
      // assumed to be 00:00:00Z (start of day, UTC).
      test: RegExp("^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:t|T|[ \\t]+)([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2}(\\.[0-9]+)?)(?:[ \\t]*(Z|[-+][012]?[0-9](?::[0-9]{2})?))?)?$"),
      resolve(str) {
        const match = str.match(timestamp.test);
        if (!match)
          throw new Error("!!timestamp expects a date, starting with yyyy-mm-dd");
        const [, year, month, day, hour, minute, second] = match.map(Number);
        const millisec = match[7] ? Number((match[7] + "00").substr(1, 3)) : 0;
        let date = Date.UTC(year, month - 1, day, hour || 0, minute || 0, second || 0, millisec);
        const tz = match[8];
        if (tz && tz !== "Z") {
          let d = parseSexagesimal(tz, false);
          if (Math.abs(d) < 30)
            d *= 60;
          date -= 6e4 * d;
        }
        return new Date(date);
      },
      stringify: ({ value }) => value?.toISOString().replace(/(T00:00:00)?\.000Z$/, "") ?? ""
    };
    exports.floatTime = floatTime;
    exports.intTime = intTime;
    exports.timestamp = timestamp;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/schema.js
var require_schema3 = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/schema.js"(exports) {
    "use strict";
    var map = require_map();
    var _null = require_null();
    var seq = require_seq();
    var string = require_string();
    var binary = require_binary();
    var bool = require_bool2();
    var float = require_float2();
    var int = require_int2();
    var merge = require_merge();
    var omap = require_omap();
    var pairs = require_pairs();
    var set = require_set();
    var timestamp = require_timestamp();
    var schema = [
      map.map,
      seq.seq,
      string.string,
      _null.nullTag,
      bool.trueTag,
      bool.falseTag,
      int.intBin,
      int.intOct,
      int.int,
      int.intHex,
      float.floatNaN,
      float.floatExp,
      float.float,
      binary.binary,
      merge.merge,
      omap.omap,
      pairs.pairs,
      set.set,
      timestamp.intTime,
      timestamp.floatTime,
      timestamp.timestamp
    ];
    exports.schema = schema;
  }
});

// node_modules/yaml/dist/schema/tags.js
var require_tags = __commonJS({
  "node_modules/yaml/dist/schema/tags.js"(exports) {
    "use strict";
    var map = require_map();
    var _null = require_null();
    var seq = require_seq();
    var string = require_string();
    var bool = require_bool();
    var float = require_float();
    var int = require_int();
    var schema = require_schema();
    var schema$1 = require_schema2();
    var binary = require_binary();
    var merge = require_merge();
    var omap = require_omap();
    var pairs = require_pairs();
    var schema$2 = require_schema3();
    var set = require_set();
    var timestamp = require_timestamp();
    var schemas = /* @__PURE__ */ new Map([
      ["core", schema.schema],
      ["failsafe", [map.map, seq.seq, string.string]],
      ["json", schema$1.schema],
      ["yaml11", schema$2.schema],
      ["yaml-1.1", schema$2.schema]
    ]);
    var tagsByName = {
      binary: binary.binary,
      bool: bool.boolTag,
      float: float.float,
      floatExp: float.floatExp,
      floatNaN: float.floatNaN,
      floatTime: timestamp.floatTime,
      int: int.int,
      intHex: int.intHex,
      intOct: int.intOct,
      intTime: timestamp.intTime,
      map: map.map,
      merge: merge.merge,
      null: _null.nullTag,
      omap: omap.omap,
      pairs: pairs.pairs,
      seq: seq.seq,
      set: set.set,
      timestamp: timestamp.timestamp
    };
    var coreKnownTags = {
      "tag:yaml.org,2002:binary": binary.binary,
      "tag:yaml.org,2002:merge": merge.merge,
      "tag:yaml.org,2002:omap": omap.omap,
      "tag:yaml.org,2002:pairs": pairs.pairs,
      "tag:yaml.org,2002:set": set.set,
      "tag:yaml.org,2002:timestamp": timestamp.timestamp
    };
    function getTags(customTags, schemaName, addMergeTag) {
      const schemaTags = schemas.get(schemaName);
      if (schemaTags && !customTags) {
        return addMergeTag && !schemaTags.includes(merge.merge) ? schemaTags.concat(merge.merge) : schemaTags.slice();
      }
      let tags = schemaTags;
      if (!tags) {
        if (Array.isArray(customTags))
          tags = [];
        else {
          const keys = Array.from(schemas.keys()).filter((key) => key !== "yaml11").map((key) => JSON.stringify(key)).join(", ");
          throw new Error(`Unknown schema "${schemaName}"; use one of ${keys} or define customTags array`);
        }
      }
      if (Array.isArray(customTags)) {
        for (const tag of customTags)
          tags = tags.concat(tag);
      } else if (typeof customTags === "function") {
        tags = customTags(tags.slice());
      }
      if (addMergeTag)
        tags = tags.concat(merge.merge);
      return tags.reduce((tags2, tag) => {
        const tagObj = typeof tag === "string" ? tagsByName[tag] : tag;
        if (!tagObj) {
          const tagName = JSON.stringify(tag);
          const keys = Object.keys(tagsByName).map((key) => JSON.stringify(key)).join(", ");
          throw new Error(`Unknown custom tag ${tagName}; use one of ${keys}`);
        }
        if (!tags2.includes(tagObj))
          tags2.push(tagObj);
        return tags2;
      }, []);
    }
    exports.coreKnownTags = coreKnownTags;
    exports.getTags = getTags;
  }
});

// node_modules/yaml/dist/schema/Schema.js
var require_Schema = __commonJS({
  "node_modules/yaml/dist/schema/Schema.js"(exports) {
    "use strict";
    var identity = require_identity();
    var map = require_map();
    var seq = require_seq();
    var string = require_string();
    var tags = require_tags();
    var sortMapEntriesByKey = (a, b) => a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
    var Schema = class _Schema {
      constructor({ compat, customTags, merge, resolveKnownTags, schema, sortMapEntries, toStringDefaults }) {
        this.compat = Array.isArray(compat) ? tags.getTags(compat, "compat") : compat ? tags.getTags(null, compat) : null;
        this.name = typeof schema === "string" && schema || "core";
        this.knownTags = resolveKnownTags ? tags.coreKnownTags : {};
        this.tags = tags.getTags(customTags, this.name, merge);
        this.toStringOptions = toStringDefaults ?? null;
        Object.defineProperty(this, identity.MAP, { value: map.map });
        Object.defineProperty(this, identity.SCALAR, { value: string.string });
        Object.defineProperty(this, identity.SEQ, { value: seq.seq });
        this.sortMapEntries = typeof sortMapEntries === "function" ? sortMapEntries : sortMapEntries === true ? sortMapEntriesByKey : null;
      }
      clone() {
        const copy = Object.create(_Schema.prototype, Object.getOwnPropertyDescriptors(this));
        copy.tags = this.tags.slice();
        return copy;
      }
    };
    exports.Schema = Schema;
  }
});

// node_modules/yaml/dist/stringify/stringifyDocument.js
var require_stringifyDocument = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyDocument.js"(exports) {
    "use strict";
    var identity = require_identity();
    var stringify = require_stringify();
    var stringifyComment = require_stringifyComment();
    function stringifyDocument(doc, options) {
      const lines2 = [];
      let hasDirectives = options.directives === true;
      if (options.directives !== false && doc.directives) {
        const dir = doc.directives.toString(doc);
        if (dir) {
          lines2.push(dir);
          hasDirectives = true;
        } else if (doc.directives.docStart)
          hasDirectives = true;
      }
      if (hasDirectives)
        lines2.push("---");
      const ctx = stringify.createStringifyContext(doc, options);
      const { commentString } = ctx.options;
      if (doc.commentBefore) {
        if (lines2.length !== 1)
          lines2.unshift("");
        const cs = commentString(doc.commentBefore);
        lines2.unshift(stringifyComment.indentComment(cs, ""));
      }
      let chompKeep = false;
      let contentComment = null;
      if (doc.contents) {
        if (identity.isNode(doc.contents)) {
          if (doc.contents.spaceBefore && hasDirectives)
            lines2.push("");
          if (doc.contents.commentBefore) {
            const cs = commentString(doc.contents.commentBefore);
            lines2.push(stringifyComment.indentComment(cs, ""));
          }
          ctx.forceBlockIndent = !!doc.comment;
          contentComment = doc.contents.comment;
        }
        const onChompKeep = contentComment ? void 0 : () => chompKeep = true;
        let body = stringify.stringify(doc.contents, ctx, () => contentComment = null, onChompKeep);
        if (contentComment)
          body += stringifyComment.lineComment(body, "", commentString(contentComment));
        if ((body[0] === "|" || body[0] === ">") && lines2[lines2.length - 1] === "---") {
          lines2[lines2.length - 1] = `--- ${body}`;
        } else
          lines2.push(body);
      } else {
        lines2.push(stringify.stringify(doc.contents, ctx));
      }
      if (doc.directives?.docEnd) {
        if (doc.comment) {
          const cs = commentString(doc.comment);
          if (cs.includes("\n")) {
            lines2.push("...");
            lines2.push(stringifyComment.indentComment(cs, ""));
          } else {
            lines2.push(`... ${cs}`);
          }
        } else {
          lines2.push("...");
        }
      } else {
        let dc = doc.comment;
        if (dc && chompKeep)
          dc = dc.replace(/^\n+/, "");
        if (dc) {
          if ((!chompKeep || contentComment) && lines2[lines2.length - 1] !== "")
            lines2.push("");
          lines2.push(stringifyComment.indentComment(commentString(dc), ""));
        }
      }
      return lines2.join("\n") + "\n";
    }
    exports.stringifyDocument = stringifyDocument;
  }
});

// node_modules/yaml/dist/doc/Document.js
var require_Document = __commonJS({
  "node_modules/yaml/dist/doc/Document.js"(exports) {
    "use strict";
    var Alias = require_Alias();
    var Collection = require_Collection();
    var identity = require_identity();
    var Pair = require_Pair();
    var toJS = require_toJS();
    var Schema = require_Schema();
    var stringifyDocument = require_stringifyDocument();
    var anchors = require_anchors();
    var applyReviver = require_applyReviver();
    var createNode = require_createNode();
    var directives = require_directives();
    var Document = class _Document {
      constructor(value, replacer, options) {
        this.commentBefore = null;
        this.comment = null;
        this.errors = [];
        this.warnings = [];
        Object.defineProperty(this, identity.NODE_TYPE, { value: identity.DOC });
        let _replacer = null;
        if (typeof replacer === "function" || Array.isArray(replacer)) {
          _replacer = replacer;
        } else if (options === void 0 && replacer) {
          options = replacer;
          replacer = void 0;
        }
        const opt = Object.assign({
          intAsBigInt: false,
          keepSourceTokens: false,
          logLevel: "warn",
          prettyErrors: true,
          strict: true,
          stringKeys: false,
          uniqueKeys: true,
          version: "1.2"
        }, options);
        this.options = opt;
        let { version } = opt;
        if (options?._directives) {
          this.directives = options._directives.atDocument();
          if (this.directives.yaml.explicit)
            version = this.directives.yaml.version;
        } else
          this.directives = new directives.Directives({ version });
        this.setSchema(version, options);
        this.contents = value === void 0 ? null : this.createNode(value, _replacer, options);
      }
      /**
       * Create a deep copy of this Document and its contents.
       *
       * Custom Node values that inherit from `Object` still refer to their original instances.
       */
      clone() {
        const copy = Object.create(_Document.prototype, {
          [identity.NODE_TYPE]: { value: identity.DOC }
        });
        copy.commentBefore = this.commentBefore;
        copy.comment = this.comment;
        copy.errors = this.errors.slice();
        copy.warnings = this.warnings.slice();
        copy.options = Object.assign({}, this.options);
        if (this.directives)
          copy.directives = this.directives.clone();
        copy.schema = this.schema.clone();
        copy.contents = identity.isNode(this.contents) ? this.contents.clone(copy.schema) : this.contents;
        if (this.range)
          copy.range = this.range.slice();
        return copy;
      }
      /** Adds a value to the document. */
      add(value) {
        if (assertCollection(this.contents))
          this.contents.add(value);
      }
      /** Adds a value to the document. */
      addIn(path, value) {
        if (assertCollection(this.contents))
          this.contents.addIn(path, value);
      }
      /**
       * Create a new `Alias` node, ensuring that the target `node` has the required anchor.
       *
       * If `node` already has an anchor, `name` is ignored.
       * Otherwise, the `node.anchor` value will be set to `name`,
       * or if an anchor with that name is already present in the document,
       * `name` will be used as a prefix for a new unique anchor.
       * If `name` is undefined, the generated anchor will use 'a' as a prefix.
       */
      createAlias(node, name) {
        if (!node.anchor) {
          const prev = anchors.anchorNames(this);
          node.anchor = // eslint-disable-next-line @typescript-eslint/prefer-nullish-coalescing
          !name || prev.has(name) ? anchors.findNewAnchor(name || "a", prev) : name;
        }
        return new Alias.Alias(node.anchor);
      }
      createNode(value, replacer, options) {
        let _replacer = void 0;
        if (typeof replacer === "function") {
          value = replacer.call({ "": value }, "", value);
          _replacer = replacer;
        } else if (Array.isArray(replacer)) {
          const keyToStr = (v) => typeof v === "number" || v instanceof String || v instanceof Number;
          const asStr = replacer.filter(keyToStr).map(String);
          if (asStr.length > 0)
            replacer = replacer.concat(asStr);
          _replacer = replacer;
        } else if (options === void 0 && replacer) {
          options = replacer;
          replacer = void 0;
        }
        const { aliasDuplicateObjects, anchorPrefix, flow, keepUndefined, onTagObj, tag } = options ?? {};
        const { onAnchor, setAnchors, sourceObjects } = anchors.createNodeAnchors(
          this,
          // eslint-disable-next-line @typescript-eslint/prefer-nullish-coalescing
          anchorPrefix || "a"
        );
        const ctx = {
          aliasDuplicateObjects: aliasDuplicateObjects ?? true,
          keepUndefined: keepUndefined ?? false,
          onAnchor,
          onTagObj,
          replacer: _replacer,
          schema: this.schema,
          sourceObjects
        };
        const node = createNode.createNode(value, tag, ctx);
        if (flow && identity.isCollection(node))
          node.flow = true;
        setAnchors();
        return node;
      }
      /**
       * Convert a key and a value into a `Pair` using the current schema,
       * recursively wrapping all values as `Scalar` or `Collection` nodes.
       */
      createPair(key, value, options = {}) {
        const k = this.createNode(key, null, options);
        const v = this.createNode(value, null, options);
        return new Pair.Pair(k, v);
      }
      /**
       * Removes a value from the document.
       * @returns `true` if the item was found and removed.
       */
      delete(key) {
        return assertCollection(this.contents) ? this.contents.delete(key) : false;
      }
      /**
       * Removes a value from the document.
       * @returns `true` if the item was found and removed.
       */
      deleteIn(path) {
        if (Collection.isEmptyPath(path)) {
          if (this.contents == null)
            return false;
          this.contents = null;
          return true;
        }
        return assertCollection(this.contents) ? this.contents.deleteIn(path) : false;
      }
      /**
       * Returns item at `key`, or `undefined` if not found. By default unwraps
       * scalar values from their surrounding node; to disable set `keepScalar` to
       * `true` (collections are always returned intact).
       */
      get(key, keepScalar) {
        return identity.isCollection(this.contents) ? this.contents.get(key, keepScalar) : void 0;
      }
      /**
       * Returns item at `path`, or `undefined` if not found. By default unwraps
       * scalar values from their surrounding node; to disable set `keepScalar` to
       * `true` (collections are always returned intact).
       */
      getIn(path, keepScalar) {
        if (Collection.isEmptyPath(path))
          return !keepScalar && identity.isScalar(this.contents) ? this.contents.value : this.contents;
        return identity.isCollection(this.contents) ? this.contents.getIn(path, keepScalar) : void 0;
      }
      /**
       * Checks if the document includes a value with the key `key`.
       */
      has(key) {
        return identity.isCollection(this.contents) ? this.contents.has(key) : false;
      }
      /**
       * Checks if the document includes a value at `path`.
       */
      hasIn(path) {
        if (Collection.isEmptyPath(path))
          return this.contents !== void 0;
        return identity.isCollection(this.contents) ? this.contents.hasIn(path) : false;
      }
      /**
       * Sets a value in this document. For `!!set`, `value` needs to be a
       * boolean to add/remove the item from the set.
       */
      set(key, value) {
        if (this.contents == null) {
          this.contents = Collection.collectionFromPath(this.schema, [key], value);
        } else if (assertCollection(this.contents)) {
          this.contents.set(key, value);
        }
      }
      /**
       * Sets a value in this document. For `!!set`, `value` needs to be a
       * boolean to add/remove the item from the set.
       */
      setIn(path, value) {
        if (Collection.isEmptyPath(path)) {
          this.contents = value;
        } else if (this.contents == null) {
          this.contents = Collection.collectionFromPath(this.schema, Array.from(path), value);
        } else if (assertCollection(this.contents)) {
          this.contents.setIn(path, value);
        }
      }
      /**
       * Change the YAML version and schema used by the document.
       * A `null` version disables support for directives, explicit tags, anchors, and aliases.
       * It also requires the `schema` option to be given as a `Schema` instance value.
       *
       * Overrides all previously set schema options.
       */
      setSchema(version, options = {}) {
        if (typeof version === "number")
          version = String(version);
        let opt;
        switch (version) {
          case "1.1":
            if (this.directives)
              this.directives.yaml.version = "1.1";
            else
              this.directives = new directives.Directives({ version: "1.1" });
            opt = { resolveKnownTags: false, schema: "yaml-1.1" };
            break;
          case "1.2":
          case "next":
            if (this.directives)
              this.directives.yaml.version = version;
            else
              this.directives = new directives.Directives({ version });
            opt = { resolveKnownTags: true, schema: "core" };
            break;
          case null:
            if (this.directives)
              delete this.directives;
            opt = null;
            break;
          default: {
            const sv = JSON.stringify(version);
            throw new Error(`Expected '1.1', '1.2' or null as first argument, but found: ${sv}`);
          }
        }
        if (options.schema instanceof Object)
          this.schema = options.schema;
        else if (opt)
          this.schema = new Schema.Schema(Object.assign(opt, options));
        else
          throw new Error(`With a null YAML version, the { schema: Schema } option is required`);
      }
      // json & jsonArg are only used from toJSON()
      toJS({ json, jsonArg, mapAsMap, maxAliasCount, onAnchor, reviver } = {}) {
        const ctx = {
          anchors: /* @__PURE__ */ new Map(),
          doc: this,
          keep: !json,
          mapAsMap: mapAsMap === true,
          mapKeyWarned: false,
          maxAliasCount: typeof maxAliasCount === "number" ? maxAliasCount : 100
        };
        const res = toJS.toJS(this.contents, jsonArg ?? "", ctx);
        if (typeof onAnchor === "function")
          for (const { count, res: res2 } of ctx.anchors.values())
            onAnchor(res2, count);
        return typeof reviver === "function" ? applyReviver.applyReviver(reviver, { "": res }, "", res) : res;
      }
      /**
       * A JSON representation of the document `contents`.
       *
       * @param jsonArg Used by `JSON.stringify` to indicate the array index or
       *   property name.
       */
      toJSON(jsonArg, onAnchor) {
        return this.toJS({ json: true, jsonArg, mapAsMap: false, onAnchor });
      }
      /** A YAML representation of the document. */
      toString(options = {}) {
        if (this.errors.length > 0)
          throw new Error("Document with errors cannot be stringified");
        if ("indent" in options && (!Number.isInteger(options.indent) || Number(options.indent) <= 0)) {
          const s = JSON.stringify(options.indent);
          throw new Error(`"indent" option must be a positive integer, not ${s}`);
        }
        return stringifyDocument.stringifyDocument(this, options);
      }
    };
    function assertCollection(contents) {
      if (identity.isCollection(contents))
        return true;
      throw new Error("Expected a YAML collection as document contents");
    }
    exports.Document = Document;
  }
});

// node_modules/yaml/dist/errors.js
var require_errors = __commonJS({
  "node_modules/yaml/dist/errors.js"(exports) {
    "use strict";
    var YAMLError = class extends Error {
      constructor(name, pos, code, message) {
        super();
        this.name = name;
        this.code = code;
        this.message = message;
        this.pos = pos;
      }
    };
    var YAMLParseError = class extends YAMLError {
      constructor(pos, code, message) {
        super("YAMLParseError", pos, code, message);
      }
    };
    var YAMLWarning = class extends YAMLError {
      constructor(pos, code, message) {
        super("YAMLWarning", pos, code, message);
      }
    };
    var prettifyError = (src, lc) => (error) => {
      if (error.pos[0] === -1)
        return;
      error.linePos = error.pos.map((pos) => lc.linePos(pos));
      const { line, col } = error.linePos[0];
      error.message += ` at line ${line}, column ${col}`;
      let ci = col - 1;
      let lineStr = src.substring(lc.lineStarts[line - 1], lc.lineStarts[line]).replace(/[\n\r]+$/, "");
      if (ci >= 60 && lineStr.length > 80) {
        const trimStart = Math.min(ci - 39, lineStr.length - 79);
        lineStr = "\u2026" + lineStr.substring(trimStart);
        ci -= trimStart - 1;
      }
      if (lineStr.length > 80)
        lineStr = lineStr.substring(0, 79) + "\u2026";
      if (line > 1 && /^ *$/.test(lineStr.substring(0, ci))) {
        let prev = src.substring(lc.lineStarts[line - 2], lc.lineStarts[line - 1]);
        if (prev.length > 80)
          prev = prev.substring(0, 79) + "\u2026\n";
        lineStr = prev + lineStr;
      }
      if (/[^ ]/.test(lineStr)) {
        let count = 1;
        const end = error.linePos[1];
        if (end?.line === line && end.col > col) {
          count = Math.max(1, Math.min(end.col - col, 80 - ci));
        }
        const pointer = " ".repeat(ci) + "^".repeat(count);
        error.message += `:

${lineStr}
${pointer}
`;
      }
    };
    exports.YAMLError = YAMLError;
    exports.YAMLParseError = YAMLParseError;
    exports.YAMLWarning = YAMLWarning;
    exports.prettifyError = prettifyError;
  }
});

// node_modules/yaml/dist/compose/resolve-props.js
var require_resolve_props = __commonJS({
  "node_modules/yaml/dist/compose/resolve-props.js"(exports) {
    "use strict";
    function resolveProps(tokens, { flow, indicator, next, offset, onError, parentIndent, startOnNewline }) {
      let spaceBefore = false;
      let atNewline = startOnNewline;
      let hasSpace = startOnNewline;
      let comment = "";
      let commentSep = "";
      let hasNewline = false;
      let reqSpace = false;
      let tab = null;
      let anchor = null;
      let tag = null;
      let newlineAfterProp = null;
      let comma = null;
      let found2 = null;
      let start = null;
      for (const token of tokens) {
        if (reqSpace) {
          if (token.type !== "space" && token.type !== "newline" && token.type !== "comma")
            onError(token.offset, "MISSING_CHAR", "Tags and anchors must be separated from the next token by white space");
          reqSpace = false;
        }
        if (tab) {
          if (atNewline && token.type !== "comment" && token.type !== "newline") {
            onError(tab, "TAB_AS_INDENT", "Tabs are not allowed as indentation");
          }
          tab = null;
        }
        switch (token.type) {
          case "space":
            if (!flow && (indicator !== "doc-start" || next?.type !== "flow-collection") && token.source.includes("	")) {
              tab = token;
            }
            hasSpace = true;
            break;
          case "comment": {
            if (!hasSpace)
              onError(token, "MISSING_CHAR", "Comments must be separated from other tokens by white space characters");
            const cb = token.source.substring(1) || " ";
            if (!comment)
              comment = cb;
            else
              comment += commentSep + cb;
            commentSep = "";
            atNewline = false;
            break;
          }
          case "newline":
            if (atNewline) {
              if (comment)
                comment += token.source;
              else if (!found2 || indicator !== "seq-item-ind")
                spaceBefore = true;
            } else
              commentSep += token.source;
            atNewline = true;
            hasNewline = true;
            if (anchor || tag)
              newlineAfterProp = token;
            hasSpace = true;
            break;
          case "anchor":
            if (anchor)
              onError(token, "MULTIPLE_ANCHORS", "A node can have at most one anchor");
            if (token.source.endsWith(":"))
              onError(token.offset + token.source.length - 1, "BAD_ALIAS", "Anchor ending in : is ambiguous", true);
            anchor = token;
            start ?? (start = token.offset);
            atNewline = false;
            hasSpace = false;
            reqSpace = true;
            break;
          case "tag": {
            if (tag)
              onError(token, "MULTIPLE_TAGS", "A node can have at most one tag");
            tag = token;
            start ?? (start = token.offset);
            atNewline = false;
            hasSpace = false;
            reqSpace = true;
            break;
          }
          case indicator:
            if (anchor || tag)
              onError(token, "BAD_PROP_ORDER", `Anchors and tags must be after the ${token.source} indicator`);
            if (found2)
              onError(token, "UNEXPECTED_TOKEN", `Unexpected ${token.source} in ${flow ?? "collection"}`);
            found2 = token;
            atNewline = indicator === "seq-item-ind" || indicator === "explicit-key-ind";
            hasSpace = false;
            break;
          case "comma":
            if (flow) {
              if (comma)
                onError(token, "UNEXPECTED_TOKEN", `Unexpected , in ${flow}`);
              comma = token;
              atNewline = false;
              hasSpace = false;
              break;
            }
          // else fallthrough
          default:
            onError(token, "UNEXPECTED_TOKEN", `Unexpected ${token.type} token`);
            atNewline = false;
            hasSpace = false;
        }
      }
      const last = tokens[tokens.length - 1];
      const end = last ? last.offset + last.source.length : offset;
      if (reqSpace && next && next.type !== "space" && next.type !== "newline" && next.type !== "comma" && (next.type !== "scalar" || next.source !== "")) {
        onError(next.offset, "MISSING_CHAR", "Tags and anchors must be separated from the next token by white space");
      }
      if (tab && (atNewline && tab.indent <= parentIndent || next?.type === "block-map" || next?.type === "block-seq"))
        onError(tab, "TAB_AS_INDENT", "Tabs are not allowed as indentation");
      return {
        comma,
        found: found2,
        spaceBefore,
        comment,
        hasNewline,
        anchor,
        tag,
        newlineAfterProp,
        end,
        start: start ?? end
      };
    }
    exports.resolveProps = resolveProps;
  }
});

// node_modules/yaml/dist/compose/util-contains-newline.js
var require_util_contains_newline = __commonJS({
  "node_modules/yaml/dist/compose/util-contains-newline.js"(exports) {
    "use strict";
    function containsNewline(key) {
      if (!key)
        return null;
      switch (key.type) {
        case "alias":
        case "scalar":
        case "double-quoted-scalar":
        case "single-quoted-scalar":
          if (key.source.includes("\n"))
            return true;
          if (key.end) {
            for (const st of key.end)
              if (st.type === "newline")
                return true;
          }
          return false;
        case "flow-collection":
          for (const it of key.items) {
            for (const st of it.start)
              if (st.type === "newline")
                return true;
            if (it.sep) {
              for (const st of it.sep)
                if (st.type === "newline")
                  return true;
            }
            if (containsNewline(it.key) || containsNewline(it.value))
              return true;
          }
          return false;
        default:
          return true;
      }
    }
    exports.containsNewline = containsNewline;
  }
});

// node_modules/yaml/dist/compose/util-flow-indent-check.js
var require_util_flow_indent_check = __commonJS({
  "node_modules/yaml/dist/compose/util-flow-indent-check.js"(exports) {
    "use strict";
    var utilContainsNewline = require_util_contains_newline();
    function flowIndentCheck(indent, fc, onError) {
      if (fc?.type === "flow-collection") {
        const end = fc.end[0];
        if (end.indent === indent && (end.source === "]" || end.source === "}") && utilContainsNewline.containsNewline(fc)) {
          const msg = "Flow end indicator should be more indented than parent";
          onError(end, "BAD_INDENT", msg, true);
        }
      }
    }
    exports.flowIndentCheck = flowIndentCheck;
  }
});

// node_modules/yaml/dist/compose/util-map-includes.js
var require_util_map_includes = __commonJS({
  "node_modules/yaml/dist/compose/util-map-includes.js"(exports) {
    "use strict";
    var identity = require_identity();
    function mapIncludes(ctx, items2, search) {
      const { uniqueKeys } = ctx.options;
      if (uniqueKeys === false)
        return false;
      const isEqual = typeof uniqueKeys === "function" ? uniqueKeys : (a, b) => a === b || identity.isScalar(a) && identity.isScalar(b) && a.value === b.value;
      return items2.some((pair) => isEqual(pair.key, search));
    }
    exports.mapIncludes = mapIncludes;
  }
});

// node_modules/yaml/dist/compose/resolve-block-map.js
var require_resolve_block_map = __commonJS({
  "node_modules/yaml/dist/compose/resolve-block-map.js"(exports) {
    "use strict";
    var Pair = require_Pair();
    var YAMLMap = require_YAMLMap();
    var resolveProps = require_resolve_props();
    var utilContainsNewline = require_util_contains_newline();
    var utilFlowIndentCheck = require_util_flow_indent_check();
    var utilMapIncludes = require_util_map_includes();
    var startColMsg = "All mapping items must start at the same column";
    function resolveBlockMap({ composeNode, composeEmptyNode }, ctx, bm, onError, tag) {
      const NodeClass = tag?.nodeClass ?? YAMLMap.YAMLMap;
      const map = new NodeClass(ctx.schema);
      if (ctx.atRoot)
        ctx.atRoot = false;
      let offset = bm.offset;
      let commentEnd = null;
      for (const collItem of bm.items) {
        const { start, key, sep, value } = collItem;
        const keyProps = resolveProps.resolveProps(start, {
          indicator: "explicit-key-ind",
          next: key ?? sep?.[0],
          offset,
          onError,
          parentIndent: bm.indent,
          startOnNewline: true
        });
        const implicitKey = !keyProps.found;
        if (implicitKey) {
          if (key) {
            if (key.type === "block-seq")
              onError(offset, "BLOCK_AS_IMPLICIT_KEY", "A block sequence may not be used as an implicit map key");
            else if ("indent" in key && key.indent !== bm.indent)
              onError(offset, "BAD_INDENT", startColMsg);
          }
          if (!keyProps.anchor && !keyProps.tag && !sep) {
            commentEnd = keyProps.end;
            if (keyProps.comment) {
              if (map.comment)
                map.comment += "\n" + keyProps.comment;
              else
                map.comment = keyProps.comment;
            }
            continue;
          }
          if (keyProps.newlineAfterProp || utilContainsNewline.containsNewline(key)) {
            onError(key ?? start[start.length - 1], "MULTILINE_IMPLICIT_KEY", "Implicit keys need to be on a single line");
          }
        } else if (keyProps.found?.indent !== bm.indent) {
          onError(offset, "BAD_INDENT", startColMsg);
        }
        ctx.atKey = true;
        const keyStart = keyProps.end;
        const keyNode = key ? composeNode(ctx, key, keyProps, onError) : composeEmptyNode(ctx, keyStart, start, null, keyProps, onError);
        if (ctx.schema.compat)
          utilFlowIndentCheck.flowIndentCheck(bm.indent, key, onError);
        ctx.atKey = false;
        if (utilMapIncludes.mapIncludes(ctx, map.items, keyNode))
          onError(keyStart, "DUPLICATE_KEY", "Map keys must be unique");
        const valueProps = resolveProps.resolveProps(sep ?? [], {
          indicator: "map-value-ind",
          next: value,
          offset: keyNode.range[2],
          onError,
          parentIndent: bm.indent,
          startOnNewline: !key || key.type === "block-scalar"
        });
        offset = valueProps.end;
        if (valueProps.found) {
          if (implicitKey) {
            if (value?.type === "block-map" && !valueProps.hasNewline)
              onError(offset, "BLOCK_AS_IMPLICIT_KEY", "Nested mappings are not allowed in compact mappings");
            if (ctx.options.strict && keyProps.start < valueProps.found.offset - 1024)
              onError(keyNode.range, "KEY_OVER_1024_CHARS", "The : indicator must be at most 1024 chars after the start of an implicit block mapping key");
          }
          const valueNode = value ? composeNode(ctx, value, valueProps, onError) : composeEmptyNode(ctx, offset, sep, null, valueProps, onError);
          if (ctx.schema.compat)
            utilFlowIndentCheck.flowIndentCheck(bm.indent, value, onError);
          offset = valueNode.range[2];
          const pair = new Pair.Pair(keyNode, valueNode);
          if (ctx.options.keepSourceTokens)
            pair.srcToken = collItem;
          map.items.push(pair);
        } else {
          if (implicitKey)
            onError(keyNode.range, "MISSING_CHAR", "Implicit map keys need to be followed by map values");
          if (valueProps.comment) {
            if (keyNode.comment)
              keyNode.comment += "\n" + valueProps.comment;
            else
              keyNode.comment = valueProps.comment;
          }
          const pair = new Pair.Pair(keyNode);
          if (ctx.options.keepSourceTokens)
            pair.srcToken = collItem;
          map.items.push(pair);
        }
      }
      if (commentEnd && commentEnd < offset)
        onError(commentEnd, "IMPOSSIBLE", "Map comment with trailing content");
      map.range = [bm.offset, offset, commentEnd ?? offset];
      return map;
    }
    exports.resolveBlockMap = resolveBlockMap;
  }
});

// node_modules/yaml/dist/compose/resolve-block-seq.js
var require_resolve_block_seq = __commonJS({
  "node_modules/yaml/dist/compose/resolve-block-seq.js"(exports) {
    "use strict";
    var YAMLSeq = require_YAMLSeq();
    var resolveProps = require_resolve_props();
    var utilFlowIndentCheck = require_util_flow_indent_check();
    function resolveBlockSeq({ composeNode, composeEmptyNode }, ctx, bs, onError, tag) {
      const NodeClass = tag?.nodeClass ?? YAMLSeq.YAMLSeq;
      const seq = new NodeClass(ctx.schema);
      if (ctx.atRoot)
        ctx.atRoot = false;
      if (ctx.atKey)
        ctx.atKey = false;
      let offset = bs.offset;
      let commentEnd = null;
      for (const { start, value } of bs.items) {
        const props = resolveProps.resolveProps(start, {
          indicator: "seq-item-ind",
          next: value,
          offset,
          onError,
          parentIndent: bs.indent,
          startOnNewline: true
        });
        if (!props.found) {
          if (props.anchor || props.tag || value) {
            if (value?.type === "block-seq")
              onError(props.end, "BAD_INDENT", "All sequence items must start at the same column");
            else
              onError(offset, "MISSING_CHAR", "Sequence item without - indicator");
          } else {
            commentEnd = props.end;
            if (props.comment)
              seq.comment = props.comment;
            continue;
          }
        }
        const node = value ? composeNode(ctx, value, props, onError) : composeEmptyNode(ctx, props.end, start, null, props, onError);
        if (ctx.schema.compat)
          utilFlowIndentCheck.flowIndentCheck(bs.indent, value, onError);
        offset = node.range[2];
        seq.items.push(node);
      }
      seq.range = [bs.offset, offset, commentEnd ?? offset];
      return seq;
    }
    exports.resolveBlockSeq = resolveBlockSeq;
  }
});

// node_modules/yaml/dist/compose/resolve-end.js
var require_resolve_end = __commonJS({
  "node_modules/yaml/dist/compose/resolve-end.js"(exports) {
    "use strict";
    function resolveEnd(end, offset, reqSpace, onError) {
      let comment = "";
      if (end) {
        let hasSpace = false;
        let sep = "";
        for (const token of end) {
          const { source, type } = token;
          switch (type) {
            case "space":
              hasSpace = true;
              break;
            case "comment": {
              if (reqSpace && !hasSpace)
                onError(token, "MISSING_CHAR", "Comments must be separated from other tokens by white space characters");
              const cb = source.substring(1) || " ";
              if (!comment)
                comment = cb;
              else
                comment += sep + cb;
              sep = "";
              break;
            }
            case "newline":
              if (comment)
                sep += source;
              hasSpace = true;
              break;
            default:
              onError(token, "UNEXPECTED_TOKEN", `Unexpected ${type} at node end`);
          }
          offset += source.length;
        }
      }
      return { comment, offset };
    }
    exports.resolveEnd = resolveEnd;
  }
});

// node_modules/yaml/dist/compose/resolve-flow-collection.js
var require_resolve_flow_collection = __commonJS({
  "node_modules/yaml/dist/compose/resolve-flow-collection.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Pair = require_Pair();
    var YAMLMap = require_YAMLMap();
    var YAMLSeq = require_YAMLSeq();
    var resolveEnd = require_resolve_end();
    var resolveProps = require_resolve_props();
    var utilContainsNewline = require_util_contains_newline();
    var utilMapIncludes = require_util_map_includes();
    var blockMsg = "Block collections are not allowed within flow collections";
    var isBlock = (token) => token && (token.type === "block-map" || token.type === "block-seq");
    function resolveFlowCollection({ composeNode, composeEmptyNode }, ctx, fc, onError, tag) {
      const isMap3 = fc.start.source === "{";
      const fcName = isMap3 ? "flow map" : "flow sequence";
      const NodeClass = tag?.nodeClass ?? (isMap3 ? YAMLMap.YAMLMap : YAMLSeq.YAMLSeq);
      const coll = new NodeClass(ctx.schema);
      coll.flow = true;
      const atRoot = ctx.atRoot;
      if (atRoot)
        ctx.atRoot = false;
      if (ctx.atKey)
        ctx.atKey = false;
      let offset = fc.offset + fc.start.source.length;
      for (let i = 0; i < fc.items.length; ++i) {
        const collItem = fc.items[i];
        const { start, key, sep, value } = collItem;
        const props = resolveProps.resolveProps(start, {
          flow: fcName,
          indicator: "explicit-key-ind",
          next: key ?? sep?.[0],
          offset,
          onError,
          parentIndent: fc.indent,
          startOnNewline: false
        });
        if (!props.found) {
          if (!props.anchor && !props.tag && !sep && !value) {
            if (i === 0 && props.comma)
              onError(props.comma, "UNEXPECTED_TOKEN", `Unexpected , in ${fcName}`);
            else if (i < fc.items.length - 1)
              onError(props.start, "UNEXPECTED_TOKEN", `Unexpected empty item in ${fcName}`);
            if (props.comment) {
              if (coll.comment)
                coll.comment += "\n" + props.comment;
              else
                coll.comment = props.comment;
            }
            offset = props.end;
            continue;
          }
          if (!isMap3 && ctx.options.strict && utilContainsNewline.containsNewline(key))
            onError(
              key,
              // checked by containsNewline()
              "MULTILINE_IMPLICIT_KEY",
              "Implicit keys of flow sequence pairs need to be on a single line"
            );
        }
        if (i === 0) {
          if (props.comma)
            onError(props.comma, "UNEXPECTED_TOKEN", `Unexpected , in ${fcName}`);
        } else {
          if (!props.comma)
            onError(props.start, "MISSING_CHAR", `Missing , between ${fcName} items`);
          if (props.comment) {
            let prevItemComment = "";
            loop: for (const st of start) {
              switch (st.type) {
                case "comma":
                case "space":
                  break;
                case "comment":
                  prevItemComment = st.source.substring(1);
                  break loop;
                default:
                  break loop;
              }
            }
            if (prevItemComment) {
              let prev = coll.items[coll.items.length - 1];
              if (identity.isPair(prev))
                prev = prev.value ?? prev.key;
              if (prev.comment)
                prev.comment += "\n" + prevItemComment;
              else
                prev.comment = prevItemComment;
              props.comment = props.comment.substring(prevItemComment.length + 1);
            }
          }
        }
        if (!isMap3 && !sep && !props.found) {
          const valueNode = value ? composeNode(ctx, value, props, onError) : composeEmptyNode(ctx, props.end, sep, null, props, onError);
          coll.items.push(valueNode);
          offset = valueNode.range[2];
          if (isBlock(value))
            onError(valueNode.range, "BLOCK_IN_FLOW", blockMsg);
        } else {
          ctx.atKey = true;
          const keyStart = props.end;
          const keyNode = key ? composeNode(ctx, key, props, onError) : composeEmptyNode(ctx, keyStart, start, null, props, onError);
          if (isBlock(key))
            onError(keyNode.range, "BLOCK_IN_FLOW", blockMsg);
          ctx.atKey = false;
          const valueProps = resolveProps.resolveProps(sep ?? [], {
            flow: fcName,
            indicator: "map-value-ind",
            next: value,
            offset: keyNode.range[2],
            onError,
            parentIndent: fc.indent,
            startOnNewline: false
          });
          if (valueProps.found) {
            if (!isMap3 && !props.found && ctx.options.strict) {
              if (sep)
                for (const st of sep) {
                  if (st === valueProps.found)
                    break;
                  if (st.type === "newline") {
                    onError(st, "MULTILINE_IMPLICIT_KEY", "Implicit keys of flow sequence pairs need to be on a single line");
                    break;
                  }
                }
              if (props.start < valueProps.found.offset - 1024)
                onError(valueProps.found, "KEY_OVER_1024_CHARS", "The : indicator must be at most 1024 chars after the start of an implicit flow sequence key");
            }
          } else if (value) {
            if ("source" in value && value.source?.[0] === ":")
              onError(value, "MISSING_CHAR", `Missing space after : in ${fcName}`);
            else
              onError(valueProps.start, "MISSING_CHAR", `Missing , or : between ${fcName} items`);
          }
          const valueNode = value ? composeNode(ctx, value, valueProps, onError) : valueProps.found ? composeEmptyNode(ctx, valueProps.end, sep, null, valueProps, onError) : null;
          if (valueNode) {
            if (isBlock(value))
              onError(valueNode.range, "BLOCK_IN_FLOW", blockMsg);
          } else if (valueProps.comment) {
            if (keyNode.comment)
              keyNode.comment += "\n" + valueProps.comment;
            else
              keyNode.comment = valueProps.comment;
          }
          const pair = new Pair.Pair(keyNode, valueNode);
          if (ctx.options.keepSourceTokens)
            pair.srcToken = collItem;
          if (isMap3) {
            const map = coll;
            if (utilMapIncludes.mapIncludes(ctx, map.items, keyNode))
              onError(keyStart, "DUPLICATE_KEY", "Map keys must be unique");
            map.items.push(pair);
          } else {
            const map = new YAMLMap.YAMLMap(ctx.schema);
            map.flow = true;
            map.items.push(pair);
            const endRange = (valueNode ?? keyNode).range;
            map.range = [keyNode.range[0], endRange[1], endRange[2]];
            coll.items.push(map);
          }
          offset = valueNode ? valueNode.range[2] : valueProps.end;
        }
      }
      const expectedEnd = isMap3 ? "}" : "]";
      const [ce, ...ee] = fc.end;
      let cePos = offset;
      if (ce?.source === expectedEnd)
        cePos = ce.offset + ce.source.length;
      else {
        const name = fcName[0].toUpperCase() + fcName.substring(1);
        const msg = atRoot ? `${name} must end with a ${expectedEnd}` : `${name} in block collection must be sufficiently indented and end with a ${expectedEnd}`;
        onError(offset, atRoot ? "MISSING_CHAR" : "BAD_INDENT", msg);
        if (ce && ce.source.length !== 1)
          ee.unshift(ce);
      }
      if (ee.length > 0) {
        const end = resolveEnd.resolveEnd(ee, cePos, ctx.options.strict, onError);
        if (end.comment) {
          if (coll.comment)
            coll.comment += "\n" + end.comment;
          else
            coll.comment = end.comment;
        }
        coll.range = [fc.offset, cePos, end.offset];
      } else {
        coll.range = [fc.offset, cePos, cePos];
      }
      return coll;
    }
    exports.resolveFlowCollection = resolveFlowCollection;
  }
});

// node_modules/yaml/dist/compose/compose-collection.js
var require_compose_collection = __commonJS({
  "node_modules/yaml/dist/compose/compose-collection.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Scalar = require_Scalar();
    var YAMLMap = require_YAMLMap();
    var YAMLSeq = require_YAMLSeq();
    var resolveBlockMap = require_resolve_block_map();
    var resolveBlockSeq = require_resolve_block_seq();
    var resolveFlowCollection = require_resolve_flow_collection();
    function resolveCollection(CN, ctx, token, onError, tagName, tag) {
      const coll = token.type === "block-map" ? resolveBlockMap.resolveBlockMap(CN, ctx, token, onError, tag) : token.type === "block-seq" ? resolveBlockSeq.resolveBlockSeq(CN, ctx, token, onError, tag) : resolveFlowCollection.resolveFlowCollection(CN, ctx, token, onError, tag);
      const Coll = coll.constructor;
      if (tagName === "!" || tagName === Coll.tagName) {
        coll.tag = Coll.tagName;
        return coll;
      }
      if (tagName)
        coll.tag = tagName;
      return coll;
    }
    function composeCollection(CN, ctx, token, props, onError) {
      const tagToken = props.tag;
      const tagName = !tagToken ? null : ctx.directives.tagName(tagToken.source, (msg) => onError(tagToken, "TAG_RESOLVE_FAILED", msg));
      if (token.type === "block-seq") {
        const { anchor, newlineAfterProp: nl } = props;
        const lastProp = anchor && tagToken ? anchor.offset > tagToken.offset ? anchor : tagToken : anchor ?? tagToken;
        if (lastProp && (!nl || nl.offset < lastProp.offset)) {
          const message = "Missing newline after block sequence props";
          onError(lastProp, "MISSING_CHAR", message);
        }
      }
      const expType = token.type === "block-map" ? "map" : token.type === "block-seq" ? "seq" : token.start.source === "{" ? "map" : "seq";
      if (!tagToken || !tagName || tagName === "!" || tagName === YAMLMap.YAMLMap.tagName && expType === "map" || tagName === YAMLSeq.YAMLSeq.tagName && expType === "seq") {
        return resolveCollection(CN, ctx, token, onError, tagName);
      }
      let tag = ctx.schema.tags.find((t) => t.tag === tagName && t.collection === expType);
      if (!tag) {
        const kt = ctx.schema.knownTags[tagName];
        if (kt?.collection === expType) {
          ctx.schema.tags.push(Object.assign({}, kt, { default: false }));
          tag = kt;
        } else {
          if (kt) {
            onError(tagToken, "BAD_COLLECTION_TYPE", `${kt.tag} used for ${expType} collection, but expects ${kt.collection ?? "scalar"}`, true);
          } else {
            onError(tagToken, "TAG_RESOLVE_FAILED", `Unresolved tag: ${tagName}`, true);
          }
          return resolveCollection(CN, ctx, token, onError, tagName);
        }
      }
      const coll = resolveCollection(CN, ctx, token, onError, tagName, tag);
      const res = tag.resolve?.(coll, (msg) => onError(tagToken, "TAG_RESOLVE_FAILED", msg), ctx.options) ?? coll;
      const node = identity.isNode(res) ? res : new Scalar.Scalar(res);
      node.range = coll.range;
      node.tag = tagName;
      if (tag?.format)
        node.format = tag.format;
      return node;
    }
    exports.composeCollection = composeCollection;
  }
});

// node_modules/yaml/dist/compose/resolve-block-scalar.js
var require_resolve_block_scalar = __commonJS({
  "node_modules/yaml/dist/compose/resolve-block-scalar.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    function resolveBlockScalar(ctx, scalar, onError) {
      const start = scalar.offset;
      const header = parseBlockScalarHeader(scalar, ctx.options.strict, onError);
      if (!header)
        return { value: "", type: null, comment: "", range: [start, start, start] };
      const type = header.mode === ">" ? Scalar.Scalar.BLOCK_FOLDED : Scalar.Scalar.BLOCK_LITERAL;
      const lines2 = scalar.source ? splitLines(scalar.source) : [];
      let chompStart = lines2.length;
      for (let i = lines2.length - 1; i >= 0; --i) {
        const content = lines2[i][1];
        if (content === "" || content === "\r")
          chompStart = i;
        else
          break;
      }
      if (chompStart === 0) {
        const value2 = header.chomp === "+" && lines2.length > 0 ? "\n".repeat(Math.max(1, lines2.length - 1)) : "";
        let end2 = start + header.length;
        if (scalar.source)
          end2 += scalar.source.length;
        return { value: value2, type, comment: header.comment, range: [start, end2, end2] };
      }
      let trimIndent = scalar.indent + header.indent;
      let offset = scalar.offset + header.length;
      let contentStart = 0;
      for (let i = 0; i < chompStart; ++i) {
        const [indent, content] = lines2[i];
        if (content === "" || content === "\r") {
          if (header.indent === 0 && indent.length > trimIndent)
            trimIndent = indent.length;
        } else {
          if (indent.length < trimIndent) {
            const message = "Block scalars with more-indented leading empty lines must use an explicit indentation indicator";
            onError(offset + indent.length, "MISSING_CHAR", message);
          }
          if (header.indent === 0)
            trimIndent = indent.length;
          contentStart = i;
          if (trimIndent === 0 && !ctx.atRoot) {
            const message = "Block scalar values in collections must be indented";
            onError(offset, "BAD_INDENT", message);
          }
          break;
        }
        offset += indent.length + content.length + 1;
      }
      for (let i = lines2.length - 1; i >= chompStart; --i) {
        if (lines2[i][0].length > trimIndent)
          chompStart = i + 1;
      }
      let value = "";
      let sep = "";
      let prevMoreIndented = false;
      for (let i = 0; i < contentStart; ++i)
        value += lines2[i][0].slice(trimIndent) + "\n";
      for (let i = contentStart; i < chompStart; ++i) {
        let [indent, content] = lines2[i];
        offset += indent.length + content.length + 1;
        const crlf = content[content.length - 1] === "\r";
        if (crlf)
          content = content.slice(0, -1);
        if (content && indent.length < trimIndent) {
          const src = header.indent ? "explicit indentation indicator" : "first line";
          const message = `Block scalar lines must not be less indented than their ${src}`;
          onError(offset - content.length - (crlf ? 2 : 1), "BAD_INDENT", message);
          indent = "";
        }
        if (type === Scalar.Scalar.BLOCK_LITERAL) {
          value += sep + indent.slice(trimIndent) + content;
          sep = "\n";
        } else if (indent.length > trimIndent || content[0] === "	") {
          if (sep === " ")
            sep = "\n";
          else if (!prevMoreIndented && sep === "\n")
            sep = "\n\n";
          value += sep + indent.slice(trimIndent) + content;
          sep = "\n";
          prevMoreIndented = true;
        } else if (content === "") {
          if (sep === "\n")
            value += "\n";
          else
            sep = "\n";
        } else {
          value += sep + content;
          sep = " ";
          prevMoreIndented = false;
        }
      }
      switch (header.chomp) {
        case "-":
          break;
        case "+":
          for (let i = chompStart; i < lines2.length; ++i)
            value += "\n" + lines2[i][0].slice(trimIndent);
          if (value[value.length - 1] !== "\n")
            value += "\n";
          break;
        default:
          value += "\n";
      }
      const end = start + header.length + scalar.source.length;
      return { value, type, comment: header.comment, range: [start, end, end] };
    }
    function parseBlockScalarHeader({ offset, props }, strict, onError) {
      if (props[0].type !== "block-scalar-header") {
        onError(props[0], "IMPOSSIBLE", "Block scalar header not found");
        return null;
      }
      const { source } = props[0];
      const mode = source[0];
      let indent = 0;
      let chomp = "";
      let error = -1;
      for (let i = 1; i < source.length; ++i) {
        const ch = source[i];
        if (!chomp && (ch === "-" || ch === "+"))
          chomp = ch;
        else {
          const n = Number(ch);
          if (!indent && n)
            indent = n;
          else if (error === -1)
            error = offset + i;
        }
      }
      if (error !== -1)
        onError(error, "UNEXPECTED_TOKEN", `Block scalar header includes extra characters: ${source}`);
      let hasSpace = false;
      let comment = "";
      let length = source.length;
      for (let i = 1; i < props.length; ++i) {
        const token = props[i];
        switch (token.type) {
          case "space":
            hasSpace = true;
          // fallthrough
          case "newline":
            length += token.source.length;
            break;
          case "comment":
            if (strict && !hasSpace) {
              const message = "Comments must be separated from other tokens by white space characters";
              onError(token, "MISSING_CHAR", message);
            }
            length += token.source.length;
            comment = token.source.substring(1);
            break;
          case "error":
            onError(token, "UNEXPECTED_TOKEN", token.message);
            length += token.source.length;
            break;
          /* istanbul ignore next should not happen */
          default: {
            const message = `Unexpected token in block scalar header: ${token.type}`;
            onError(token, "UNEXPECTED_TOKEN", message);
            const ts = token.source;
            if (ts && typeof ts === "string")
              length += ts.length;
          }
        }
      }
      return { mode, indent, chomp, comment, length };
    }
    function splitLines(source) {
      const split = source.split(/\n( *)/);
      const first2 = split[0];
      const m = first2.match(/^( *)/);
      const line0 = m?.[1] ? [m[1], first2.slice(m[1].length)] : ["", first2];
      const lines2 = [line0];
      for (let i = 1; i < split.length; i += 2)
        lines2.push([split[i], split[i + 1]]);
      return lines2;
    }
    exports.resolveBlockScalar = resolveBlockScalar;
  }
});

// node_modules/yaml/dist/compose/resolve-flow-scalar.js
var require_resolve_flow_scalar = __commonJS({
  "node_modules/yaml/dist/compose/resolve-flow-scalar.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var resolveEnd = require_resolve_end();
    function resolveFlowScalar(scalar, strict, onError) {
      const { offset, type, source, end } = scalar;
      let _type;
      let value;
      const _onError = (rel, code, msg) => onError(offset + rel, code, msg);
      switch (type) {
        case "scalar":
          _type = Scalar.Scalar.PLAIN;
          value = plainValue(source, _onError);
          break;
        case "single-quoted-scalar":
          _type = Scalar.Scalar.QUOTE_SINGLE;
          value = singleQuotedValue(source, _onError);
          break;
        case "double-quoted-scalar":
          _type = Scalar.Scalar.QUOTE_DOUBLE;
          value = doubleQuotedValue(source, _onError);
          break;
        /* istanbul ignore next should not happen */
        default:
          onError(scalar, "UNEXPECTED_TOKEN", `Expected a flow scalar value, but found: ${type}`);
          return {
            value: "",
            type: null,
            comment: "",
            range: [offset, offset + source.length, offset + source.length]
          };
      }
      const valueEnd = offset + source.length;
      const re = resolveEnd.resolveEnd(end, valueEnd, strict, onError);
      return {
        value,
        type: _type,
        comment: re.comment,
        range: [offset, valueEnd, re.offset]
      };
    }
    function plainValue(source, onError) {
      let badChar = "";
      switch (source[0]) {
        /* istanbul ignore next should not happen */
        case "	":
          badChar = "a tab character";
          break;
        case ",":
          badChar = "flow indicator character ,";
          break;
        case "%":
          badChar = "directive indicator character %";
          break;
        case "|":
        case ">": {
          badChar = `block scalar indicator ${source[0]}`;
          break;
        }
        case "@":
        case "`": {
          badChar = `reserved character ${source[0]}`;
          break;
        }
      }
      if (badChar)
        onError(0, "BAD_SCALAR_START", `Plain value cannot start with ${badChar}`);
      return unfoldLines(source);
    }
    function singleQuotedValue(source, onError) {
      if (source[source.length - 1] !== "'" || source.length === 1)
        onError(source.length, "MISSING_CHAR", "Missing closing 'quote");
      return unfoldLines(source.slice(1, -1)).replace(/''/g, "'");
    }
    function unfoldLines(source) {
      const line = /(.*?)\r?\n/sy;
      let match = line.exec(source);
      if (!match)
        return source;
      let trimEnd, trimBoth;
      try {
        trimEnd = new RegExp("(?<![ 	])[ 	]+$");
        trimBoth = new RegExp("^[ 	]+|(?<![ 	])[ 	]+$", "g");
      } catch {
        trimEnd = /[ \t]+$/;
        trimBoth = /^[ \t]+|[ \t]+$/g;
      }
      let res = match[1].replace(trimEnd, "");
      let sep = " ";
      let pos = line.lastIndex;
      while (match = line.exec(source)) {
        const lm = match[1].replace(trimBoth, "");
        if (lm === "") {
          if (sep === "\n")
            res += sep;
          else
            sep = "\n";
        } else {
          res += sep + lm;
          sep = " ";
        }
        pos = line.lastIndex;
      }
      const last = /[ \t]*(.*)/sy;
      last.lastIndex = pos;
      match = last.exec(source);
      return res + sep + (match?.[1] ?? "");
    }
    function doubleQuotedValue(source, onError) {
      let res = "";
      for (let i = 1; i < source.length - 1; ++i) {
        const ch = source[i];
        if (ch === "\r" && source[i + 1] === "\n")
          continue;
        if (ch === "\n") {
          const { fold, offset } = foldNewline(source, i);
          res += fold;
          i = offset;
        } else if (ch === "\\") {
          let next = source[++i];
          const cc = escapeCodes[next];
          if (cc)
            res += cc;
          else if (next === "\n") {
            next = source[i + 1];
            while (next === " " || next === "	")
              next = source[++i + 1];
          } else if (next === "\r" && source[i + 1] === "\n") {
            next = source[++i + 1];
            while (next === " " || next === "	")
              next = source[++i + 1];
          } else if (next === "x" || next === "u" || next === "U") {
            const length = next === "x" ? 2 : next === "u" ? 4 : 8;
            res += parseCharCode(source, i + 1, length, onError);
            i += length;
          } else {
            const raw = source.substr(i - 1, 2);
            onError(i - 1, "BAD_DQ_ESCAPE", `Invalid escape sequence ${raw}`);
            res += raw;
          }
        } else if (ch === " " || ch === "	") {
          const wsStart = i;
          let next = source[i + 1];
          while (next === " " || next === "	")
            next = source[++i + 1];
          if (next !== "\n" && !(next === "\r" && source[i + 2] === "\n"))
            res += i > wsStart ? source.slice(wsStart, i + 1) : ch;
        } else {
          res += ch;
        }
      }
      if (source[source.length - 1] !== '"' || source.length === 1)
        onError(source.length, "MISSING_CHAR", 'Missing closing "quote');
      return res;
    }
    function foldNewline(source, offset) {
      let fold = "";
      let ch = source[offset + 1];
      while (ch === " " || ch === "	" || ch === "\n" || ch === "\r") {
        if (ch === "\r" && source[offset + 2] !== "\n")
          break;
        if (ch === "\n")
          fold += "\n";
        offset += 1;
        ch = source[offset + 1];
      }
      if (!fold)
        fold = " ";
      return { fold, offset };
    }
    var escapeCodes = {
      "0": "\0",
      // null character
      a: "\x07",
      // bell character
      b: "\b",
      // backspace
      e: "\x1B",
      // escape character
      f: "\f",
      // form feed
      n: "\n",
      // line feed
      r: "\r",
      // carriage return
      t: "	",
      // horizontal tab
      v: "\v",
      // vertical tab
      N: "\x85",
      // Unicode next line
      _: "\xA0",
      // Unicode non-breaking space
      L: "\u2028",
      // Unicode line separator
      P: "\u2029",
      // Unicode paragraph separator
      " ": " ",
      '"': '"',
      "/": "/",
      "\\": "\\",
      "	": "	"
    };
    function parseCharCode(source, offset, length, onError) {
      const cc = source.substr(offset, length);
      const ok = cc.length === length && /^[0-9a-fA-F]+$/.test(cc);
      const code = ok ? parseInt(cc, 16) : NaN;
      try {
        return String.fromCodePoint(code);
      } catch {
        const raw = source.substr(offset - 2, length + 2);
        onError(offset - 2, "BAD_DQ_ESCAPE", `Invalid escape sequence ${raw}`);
        return raw;
      }
    }
    exports.resolveFlowScalar = resolveFlowScalar;
  }
});

// node_modules/yaml/dist/compose/compose-scalar.js
var require_compose_scalar = __commonJS({
  "node_modules/yaml/dist/compose/compose-scalar.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Scalar = require_Scalar();
    var resolveBlockScalar = require_resolve_block_scalar();
    var resolveFlowScalar = require_resolve_flow_scalar();
    function composeScalar(ctx, token, tagToken, onError) {
      const { value, type, comment, range } = token.type === "block-scalar" ? resolveBlockScalar.resolveBlockScalar(ctx, token, onError) : resolveFlowScalar.resolveFlowScalar(token, ctx.options.strict, onError);
      const tagName = tagToken ? ctx.directives.tagName(tagToken.source, (msg) => onError(tagToken, "TAG_RESOLVE_FAILED", msg)) : null;
      let tag;
      if (ctx.options.stringKeys && ctx.atKey) {
        tag = ctx.schema[identity.SCALAR];
      } else if (tagName)
        tag = findScalarTagByName(ctx.schema, value, tagName, tagToken, onError);
      else if (token.type === "scalar")
        tag = findScalarTagByTest(ctx, value, token, onError);
      else
        tag = ctx.schema[identity.SCALAR];
      let scalar;
      try {
        const res = tag.resolve(value, (msg) => onError(tagToken ?? token, "TAG_RESOLVE_FAILED", msg), ctx.options);
        scalar = identity.isScalar(res) ? res : new Scalar.Scalar(res);
      } catch (error) {
        const msg = error instanceof Error ? error.message : String(error);
        onError(tagToken ?? token, "TAG_RESOLVE_FAILED", msg);
        scalar = new Scalar.Scalar(value);
      }
      scalar.range = range;
      scalar.source = value;
      if (type)
        scalar.type = type;
      if (tagName)
        scalar.tag = tagName;
      if (tag.format)
        scalar.format = tag.format;
      if (comment)
        scalar.comment = comment;
      return scalar;
    }
    function findScalarTagByName(schema, value, tagName, tagToken, onError) {
      if (tagName === "!")
        return schema[identity.SCALAR];
      const matchWithTest = [];
      for (const tag of schema.tags) {
        if (!tag.collection && tag.tag === tagName) {
          if (tag.default && tag.test)
            matchWithTest.push(tag);
          else
            return tag;
        }
      }
      for (const tag of matchWithTest)
        if (tag.test?.test(value))
          return tag;
      const kt = schema.knownTags[tagName];
      if (kt && !kt.collection) {
        schema.tags.push(Object.assign({}, kt, { default: false, test: void 0 }));
        return kt;
      }
      onError(tagToken, "TAG_RESOLVE_FAILED", `Unresolved tag: ${tagName}`, tagName !== "tag:yaml.org,2002:str");
      return schema[identity.SCALAR];
    }
    function findScalarTagByTest({ atKey, directives, schema }, value, token, onError) {
      const tag = schema.tags.find((tag2) => (tag2.default === true || atKey && tag2.default === "key") && tag2.test?.test(value)) || schema[identity.SCALAR];
      if (schema.compat) {
        const compat = schema.compat.find((tag2) => tag2.default && tag2.test?.test(value)) ?? schema[identity.SCALAR];
        if (tag.tag !== compat.tag) {
          const ts = directives.tagString(tag.tag);
          const cs = directives.tagString(compat.tag);
          const msg = `Value may be parsed as either ${ts} or ${cs}`;
          onError(token, "TAG_RESOLVE_FAILED", msg, true);
        }
      }
      return tag;
    }
    exports.composeScalar = composeScalar;
  }
});

// node_modules/yaml/dist/compose/util-empty-scalar-position.js
var require_util_empty_scalar_position = __commonJS({
  "node_modules/yaml/dist/compose/util-empty-scalar-position.js"(exports) {
    "use strict";
    function emptyScalarPosition(offset, before2, pos) {
      if (before2) {
        pos ?? (pos = before2.length);
        for (let i = pos - 1; i >= 0; --i) {
          let st = before2[i];
          switch (st.type) {
            case "space":
            case "comment":
            case "newline":
              offset -= st.source.length;
              continue;
          }
          st = before2[++i];
          while (st?.type === "space") {
            offset += st.source.length;
            st = before2[++i];
          }
          break;
        }
      }
      return offset;
    }
    exports.emptyScalarPosition = emptyScalarPosition;
  }
});

// node_modules/yaml/dist/compose/compose-node.js
var require_compose_node = __commonJS({
  "node_modules/yaml/dist/compose/compose-node.js"(exports) {
    "use strict";
    var Alias = require_Alias();
    var identity = require_identity();
    var composeCollection = require_compose_collection();
    var composeScalar = require_compose_scalar();
    var resolveEnd = require_resolve_end();
    var utilEmptyScalarPosition = require_util_empty_scalar_position();
    var CN = { composeNode, composeEmptyNode };
    function composeNode(ctx, token, props, onError) {
      const atKey = ctx.atKey;
      const { spaceBefore, comment, anchor, tag } = props;
      let node;
      let isSrcToken = true;
      switch (token.type) {
        case "alias":
          node = composeAlias(ctx, token, onError);
          if (anchor || tag)
            onError(token, "ALIAS_PROPS", "An alias node must not specify any properties");
          break;
        case "scalar":
        case "single-quoted-scalar":
        case "double-quoted-scalar":
        case "block-scalar":
          node = composeScalar.composeScalar(ctx, token, tag, onError);
          if (anchor)
            node.anchor = anchor.source.substring(1);
          break;
        case "block-map":
        case "block-seq":
        case "flow-collection":
          try {
            node = composeCollection.composeCollection(CN, ctx, token, props, onError);
            if (anchor)
              node.anchor = anchor.source.substring(1);
          } catch (error) {
            const message = error instanceof Error ? error.message : String(error);
            onError(token, "RESOURCE_EXHAUSTION", message);
          }
          break;
        default: {
          const message = token.type === "error" ? token.message : `Unsupported token (type: ${token.type})`;
          onError(token, "UNEXPECTED_TOKEN", message);
          isSrcToken = false;
        }
      }
      node ?? (node = composeEmptyNode(ctx, token.offset, void 0, null, props, onError));
      if (anchor && node.anchor === "")
        onError(anchor, "BAD_ALIAS", "Anchor cannot be an empty string");
      if (atKey && ctx.options.stringKeys && (!identity.isScalar(node) || typeof node.value !== "string" || node.tag && node.tag !== "tag:yaml.org,2002:str")) {
        const msg = "With stringKeys, all keys must be strings";
        onError(tag ?? token, "NON_STRING_KEY", msg);
      }
      if (spaceBefore)
        node.spaceBefore = true;
      if (comment) {
        if (token.type === "scalar" && token.source === "")
          node.comment = comment;
        else
          node.commentBefore = comment;
      }
      if (ctx.options.keepSourceTokens && isSrcToken)
        node.srcToken = token;
      return node;
    }
    function composeEmptyNode(ctx, offset, before2, pos, { spaceBefore, comment, anchor, tag, end }, onError) {
      const token = {
        type: "scalar",
        offset: utilEmptyScalarPosition.emptyScalarPosition(offset, before2, pos),
        indent: -1,
        source: ""
      };
      const node = composeScalar.composeScalar(ctx, token, tag, onError);
      if (anchor) {
        node.anchor = anchor.source.substring(1);
        if (node.anchor === "")
          onError(anchor, "BAD_ALIAS", "Anchor cannot be an empty string");
      }
      if (spaceBefore)
        node.spaceBefore = true;
      if (comment) {
        node.comment = comment;
        node.range[2] = end;
      }
      return node;
    }
    function composeAlias({ options }, { offset, source, end }, onError) {
      const alias = new Alias.Alias(source.substring(1));
      if (alias.source === "")
        onError(offset, "BAD_ALIAS", "Alias cannot be an empty string");
      if (alias.source.endsWith(":"))
        onError(offset + source.length - 1, "BAD_ALIAS", "Alias ending in : is ambiguous", true);
      const valueEnd = offset + source.length;
      const re = resolveEnd.resolveEnd(end, valueEnd, options.strict, onError);
      alias.range = [offset, valueEnd, re.offset];
      if (re.comment)
        alias.comment = re.comment;
      return alias;
    }
    exports.composeEmptyNode = composeEmptyNode;
    exports.composeNode = composeNode;
  }
});

// node_modules/yaml/dist/compose/compose-doc.js
var require_compose_doc = __commonJS({
  "node_modules/yaml/dist/compose/compose-doc.js"(exports) {
    "use strict";
    var Document = require_Document();
    var composeNode = require_compose_node();
    var resolveEnd = require_resolve_end();
    var resolveProps = require_resolve_props();
    function composeDoc(options, directives, { offset, start, value, end }, onError) {
      const opts = Object.assign({ _directives: directives }, options);
      const doc = new Document.Document(void 0, opts);
      const ctx = {
        atKey: false,
        atRoot: true,
        directives: doc.directives,
        options: doc.options,
        schema: doc.schema
      };
      const props = resolveProps.resolveProps(start, {
        indicator: "doc-start",
        next: value ?? end?.[0],
        offset,
        onError,
        parentIndent: 0,
        startOnNewline: true
      });
      if (props.found) {
        doc.directives.docStart = true;
        if (value && (value.type === "block-map" || value.type === "block-seq") && !props.hasNewline)
          onError(props.end, "MISSING_CHAR", "Block collection cannot start on same line with directives-end marker");
      }
      doc.contents = value ? composeNode.composeNode(ctx, value, props, onError) : composeNode.composeEmptyNode(ctx, props.end, start, null, props, onError);
      const contentEnd = doc.contents.range[2];
      const re = resolveEnd.resolveEnd(end, contentEnd, false, onError);
      if (re.comment)
        doc.comment = re.comment;
      doc.range = [offset, contentEnd, re.offset];
      return doc;
    }
    exports.composeDoc = composeDoc;
  }
});

// node_modules/yaml/dist/compose/composer.js
var require_composer = __commonJS({
  "node_modules/yaml/dist/compose/composer.js"(exports) {
    "use strict";
    var node_process = __require("process");
    var directives = require_directives();
    var Document = require_Document();
    var errors = require_errors();
    var identity = require_identity();
    var composeDoc = require_compose_doc();
    var resolveEnd = require_resolve_end();
    function getErrorPos(src) {
      if (typeof src === "number")
        return [src, src + 1];
      if (Array.isArray(src))
        return src.length === 2 ? src : [src[0], src[1]];
      const { offset, source } = src;
      return [offset, offset + (typeof source === "string" ? source.length : 1)];
    }
    function parsePrelude(prelude) {
      let comment = "";
      let atComment = false;
      let afterEmptyLine = false;
      for (let i = 0; i < prelude.length; ++i) {
        const source = prelude[i];
        switch (source[0]) {
          case "#":
            comment += (comment === "" ? "" : afterEmptyLine ? "\n\n" : "\n") + (source.substring(1) || " ");
            atComment = true;
            afterEmptyLine = false;
            break;
          case "%":
            if (prelude[i + 1]?.[0] !== "#")
              i += 1;
            atComment = false;
            break;
          default:
            if (!atComment)
              afterEmptyLine = true;
            atComment = false;
        }
      }
      return { comment, afterEmptyLine };
    }
    var Composer = class {
      constructor(options = {}) {
        this.doc = null;
        this.atDirectives = false;
        this.prelude = [];
        this.errors = [];
        this.warnings = [];
        this.onError = (source, code, message, warning) => {
          const pos = getErrorPos(source);
          if (warning)
            this.warnings.push(new errors.YAMLWarning(pos, code, message));
          else
            this.errors.push(new errors.YAMLParseError(pos, code, message));
        };
        this.directives = new directives.Directives({ version: options.version || "1.2" });
        this.options = options;
      }
      decorate(doc, afterDoc) {
        const { comment, afterEmptyLine } = parsePrelude(this.prelude);
        if (comment) {
          const dc = doc.contents;
          if (afterDoc) {
            doc.comment = doc.comment ? `${doc.comment}
${comment}` : comment;
          } else if (afterEmptyLine || doc.directives.docStart || !dc) {
            doc.commentBefore = comment;
          } else if (identity.isCollection(dc) && !dc.flow && dc.items.length > 0) {
            let it = dc.items[0];
            if (identity.isPair(it))
              it = it.key;
            const cb = it.commentBefore;
            it.commentBefore = cb ? `${comment}
${cb}` : comment;
          } else {
            const cb = dc.commentBefore;
            dc.commentBefore = cb ? `${comment}
${cb}` : comment;
          }
        }
        if (afterDoc) {
          for (let i = 0; i < this.errors.length; ++i)
            doc.errors.push(this.errors[i]);
          for (let i = 0; i < this.warnings.length; ++i)
            doc.warnings.push(this.warnings[i]);
        } else {
          doc.errors = this.errors;
          doc.warnings = this.warnings;
        }
        this.prelude = [];
        this.errors = [];
        this.warnings = [];
      }
      /**
       * Current stream status information.
       *
       * Mostly useful at the end of input for an empty stream.
       */
      streamInfo() {
        return {
          comment: parsePrelude(this.prelude).comment,
          directives: this.directives,
          errors: this.errors,
          warnings: this.warnings
        };
      }
      /**
       * Compose tokens into documents.
       *
       * @param forceDoc - If the stream contains no document, still emit a final document including any comments and directives that would be applied to a subsequent document.
       * @param endOffset - Should be set if `forceDoc` is also set, to set the document range end and to indicate errors correctly.
       */
      *compose(tokens, forceDoc = false, endOffset = -1) {
        for (const token of tokens)
          yield* this.next(token);
        yield* this.end(forceDoc, endOffset);
      }
      /** Advance the composer by one CST token. */
      *next(token) {
        if (node_process.env.LOG_STREAM)
          console.dir(token, { depth: null });
        switch (token.type) {
          case "directive":
            this.directives.add(token.source, (offset, message, warning) => {
              const pos = getErrorPos(token);
              pos[0] += offset;
              this.onError(pos, "BAD_DIRECTIVE", message, warning);
            });
            this.prelude.push(token.source);
            this.atDirectives = true;
            break;
          case "document": {
            const doc = composeDoc.composeDoc(this.options, this.directives, token, this.onError);
            if (this.atDirectives && !doc.directives.docStart)
              this.onError(token, "MISSING_CHAR", "Missing directives-end/doc-start indicator line");
            this.decorate(doc, false);
            if (this.doc)
              yield this.doc;
            this.doc = doc;
            this.atDirectives = false;
            break;
          }
          case "byte-order-mark":
          case "space":
            break;
          case "comment":
          case "newline":
            this.prelude.push(token.source);
            break;
          case "error": {
            const msg = token.source ? `${token.message}: ${JSON.stringify(token.source)}` : token.message;
            const error = new errors.YAMLParseError(getErrorPos(token), "UNEXPECTED_TOKEN", msg);
            if (this.atDirectives || !this.doc)
              this.errors.push(error);
            else
              this.doc.errors.push(error);
            break;
          }
          case "doc-end": {
            if (!this.doc) {
              const msg = "Unexpected doc-end without preceding document";
              this.errors.push(new errors.YAMLParseError(getErrorPos(token), "UNEXPECTED_TOKEN", msg));
              break;
            }
            this.doc.directives.docEnd = true;
            const end = resolveEnd.resolveEnd(token.end, token.offset + token.source.length, this.doc.options.strict, this.onError);
            this.decorate(this.doc, true);
            if (end.comment) {
              const dc = this.doc.comment;
              this.doc.comment = dc ? `${dc}
${end.comment}` : end.comment;
            }
            this.doc.range[2] = end.offset;
            break;
          }
          default:
            this.errors.push(new errors.YAMLParseError(getErrorPos(token), "UNEXPECTED_TOKEN", `Unsupported token ${token.type}`));
        }
      }
      /**
       * Call at end of input to yield any remaining document.
       *
       * @param forceDoc - If the stream contains no document, still emit a final document including any comments and directives that would be applied to a subsequent document.
       * @param endOffset - Should be set if `forceDoc` is also set, to set the document range end and to indicate errors correctly.
       */
      *end(forceDoc = false, endOffset = -1) {
        if (this.doc) {
          this.decorate(this.doc, true);
          yield this.doc;
          this.doc = null;
        } else if (forceDoc) {
          const opts = Object.assign({ _directives: this.directives }, this.options);
          const doc = new Document.Document(void 0, opts);
          if (this.atDirectives)
            this.onError(endOffset, "MISSING_CHAR", "Missing directives-end indicator line");
          doc.range = [0, endOffset, endOffset];
          this.decorate(doc, false);
          yield doc;
        }
      }
    };
    exports.Composer = Composer;
  }
});

// node_modules/yaml/dist/parse/cst-scalar.js
var require_cst_scalar = __commonJS({
  "node_modules/yaml/dist/parse/cst-scalar.js"(exports) {
    "use strict";
    var resolveBlockScalar = require_resolve_block_scalar();
    var resolveFlowScalar = require_resolve_flow_scalar();
    var errors = require_errors();
    var stringifyString = require_stringifyString();
    function resolveAsScalar(token, strict = true, onError) {
      if (token) {
        const _onError = (pos, code, message) => {
          const offset = typeof pos === "number" ? pos : Array.isArray(pos) ? pos[0] : pos.offset;
          if (onError)
            onError(offset, code, message);
          else
            throw new errors.YAMLParseError([offset, offset + 1], code, message);
        };
        switch (token.type) {
          case "scalar":
          case "single-quoted-scalar":
          case "double-quoted-scalar":
            return resolveFlowScalar.resolveFlowScalar(token, strict, _onError);
          case "block-scalar":
            return resolveBlockScalar.resolveBlockScalar({ options: { strict } }, token, _onError);
        }
      }
      return null;
    }
    function createScalarToken(value, context) {
      const { implicitKey = false, indent, inFlow = false, offset = -1, type = "PLAIN" } = context;
      const source = stringifyString.stringifyString({ type, value }, {
        implicitKey,
        indent: indent > 0 ? " ".repeat(indent) : "",
        inFlow,
        options: { blockQuote: true, lineWidth: -1 }
      });
      const end = context.end ?? [
        { type: "newline", offset: -1, indent, source: "\n" }
      ];
      switch (source[0]) {
        case "|":
        case ">": {
          const he = source.indexOf("\n");
          const head = source.substring(0, he);
          const body = source.substring(he + 1) + "\n";
          const props = [
            { type: "block-scalar-header", offset, indent, source: head }
          ];
          if (!addEndtoBlockProps(props, end))
            props.push({ type: "newline", offset: -1, indent, source: "\n" });
          return { type: "block-scalar", offset, indent, props, source: body };
        }
        case '"':
          return { type: "double-quoted-scalar", offset, indent, source, end };
        case "'":
          return { type: "single-quoted-scalar", offset, indent, source, end };
        default:
          return { type: "scalar", offset, indent, source, end };
      }
    }
    function setScalarValue(token, value, context = {}) {
      let { afterKey = false, implicitKey = false, inFlow = false, type } = context;
      let indent = "indent" in token ? token.indent : null;
      if (afterKey && typeof indent === "number")
        indent += 2;
      if (!type)
        switch (token.type) {
          case "single-quoted-scalar":
            type = "QUOTE_SINGLE";
            break;
          case "double-quoted-scalar":
            type = "QUOTE_DOUBLE";
            break;
          case "block-scalar": {
            const header = token.props[0];
            if (header.type !== "block-scalar-header")
              throw new Error("Invalid block scalar header");
            type = header.source[0] === ">" ? "BLOCK_FOLDED" : "BLOCK_LITERAL";
            break;
          }
          default:
            type = "PLAIN";
        }
      const source = stringifyString.stringifyString({ type, value }, {
        implicitKey: implicitKey || indent === null,
        indent: indent !== null && indent > 0 ? " ".repeat(indent) : "",
        inFlow,
        options: { blockQuote: true, lineWidth: -1 }
      });
      switch (source[0]) {
        case "|":
        case ">":
          setBlockScalarValue(token, source);
          break;
        case '"':
          setFlowScalarValue(token, source, "double-quoted-scalar");
          break;
        case "'":
          setFlowScalarValue(token, source, "single-quoted-scalar");
          break;
        default:
          setFlowScalarValue(token, source, "scalar");
      }
    }
    function setBlockScalarValue(token, source) {
      const he = source.indexOf("\n");
      const head = source.substring(0, he);
      const body = source.substring(he + 1) + "\n";
      if (token.type === "block-scalar") {
        const header = token.props[0];
        if (header.type !== "block-scalar-header")
          throw new Error("Invalid block scalar header");
        header.source = head;
        token.source = body;
      } else {
        const { offset } = token;
        const indent = "indent" in token ? token.indent : -1;
        const props = [
          { type: "block-scalar-header", offset, indent, source: head }
        ];
        if (!addEndtoBlockProps(props, "end" in token ? token.end : void 0))
          props.push({ type: "newline", offset: -1, indent, source: "\n" });
        for (const key of Object.keys(token))
          if (key !== "type" && key !== "offset")
            delete token[key];
        Object.assign(token, { type: "block-scalar", indent, props, source: body });
      }
    }
    function addEndtoBlockProps(props, end) {
      if (end)
        for (const st of end)
          switch (st.type) {
            case "space":
            case "comment":
              props.push(st);
              break;
            case "newline":
              props.push(st);
              return true;
          }
      return false;
    }
    function setFlowScalarValue(token, source, type) {
      switch (token.type) {
        case "scalar":
        case "double-quoted-scalar":
        case "single-quoted-scalar":
          token.type = type;
          token.source = source;
          break;
        case "block-scalar": {
          const end = token.props.slice(1);
          let oa = source.length;
          if (token.props[0].type === "block-scalar-header")
            oa -= token.props[0].source.length;
          for (const tok of end)
            tok.offset += oa;
          delete token.props;
          Object.assign(token, { type, source, end });
          break;
        }
        case "block-map":
        case "block-seq": {
          const offset = token.offset + source.length;
          const nl = { type: "newline", offset, indent: token.indent, source: "\n" };
          delete token.items;
          Object.assign(token, { type, source, end: [nl] });
          break;
        }
        default: {
          const indent = "indent" in token ? token.indent : -1;
          const end = "end" in token && Array.isArray(token.end) ? token.end.filter((st) => st.type === "space" || st.type === "comment" || st.type === "newline") : [];
          for (const key of Object.keys(token))
            if (key !== "type" && key !== "offset")
              delete token[key];
          Object.assign(token, { type, indent, source, end });
        }
      }
    }
    exports.createScalarToken = createScalarToken;
    exports.resolveAsScalar = resolveAsScalar;
    exports.setScalarValue = setScalarValue;
  }
});

// node_modules/yaml/dist/parse/cst-stringify.js
var require_cst_stringify = __commonJS({
  "node_modules/yaml/dist/parse/cst-stringify.js"(exports) {
    "use strict";
    var stringify = (cst) => "type" in cst ? stringifyToken(cst) : stringifyItem(cst);
    function stringifyToken(token) {
      switch (token.type) {
        case "block-scalar": {
          let res = "";
          for (const tok of token.props)
            res += stringifyToken(tok);
          return res + token.source;
        }
        case "block-map":
        case "block-seq": {
          let res = "";
          for (const item of token.items)
            res += stringifyItem(item);
          return res;
        }
        case "flow-collection": {
          let res = token.start.source;
          for (const item of token.items)
            res += stringifyItem(item);
          for (const st of token.end)
            res += st.source;
          return res;
        }
        case "document": {
          let res = stringifyItem(token);
          if (token.end)
            for (const st of token.end)
              res += st.source;
          return res;
        }
        default: {
          let res = token.source;
          if ("end" in token && token.end)
            for (const st of token.end)
              res += st.source;
          return res;
        }
      }
    }
    function stringifyItem({ start, key, sep, value }) {
      let res = "";
      for (const st of start)
        res += st.source;
      if (key)
        res += stringifyToken(key);
      if (sep)
        for (const st of sep)
          res += st.source;
      if (value)
        res += stringifyToken(value);
      return res;
    }
    exports.stringify = stringify;
  }
});

// node_modules/yaml/dist/parse/cst-visit.js
var require_cst_visit = __commonJS({
  "node_modules/yaml/dist/parse/cst-visit.js"(exports) {
    "use strict";
    var BREAK = /* @__PURE__ */ Symbol("break visit");
    var SKIP = /* @__PURE__ */ Symbol("skip children");
    var REMOVE = /* @__PURE__ */ Symbol("remove item");
    function visit(cst, visitor) {
      if ("type" in cst && cst.type === "document")
        cst = { start: cst.start, value: cst.value };
      _visit(Object.freeze([]), cst, visitor);
    }
    visit.BREAK = BREAK;
    visit.SKIP = SKIP;
    visit.REMOVE = REMOVE;
    visit.itemAtPath = (cst, path) => {
      let item = cst;
      for (const [field2, index] of path) {
        const tok = item?.[field2];
        if (tok && "items" in tok) {
          item = tok.items[index];
        } else
          return void 0;
      }
      return item;
    };
    visit.parentCollection = (cst, path) => {
      const parent = visit.itemAtPath(cst, path.slice(0, -1));
      const field2 = path[path.length - 1][0];
      const coll = parent?.[field2];
      if (coll && "items" in coll)
        return coll;
      throw new Error("Parent collection not found");
    };
    function _visit(path, item, visitor) {
      let ctrl = visitor(item, path);
      if (typeof ctrl === "symbol")
        return ctrl;
      for (const field2 of ["key", "value"]) {
        const token = item[field2];
        if (token && "items" in token) {
          for (let i = 0; i < token.items.length; ++i) {
            const ci = _visit(Object.freeze(path.concat([[field2, i]])), token.items[i], visitor);
            if (typeof ci === "number")
              i = ci - 1;
            else if (ci === BREAK)
              return BREAK;
            else if (ci === REMOVE) {
              token.items.splice(i, 1);
              i -= 1;
            }
          }
          if (typeof ctrl === "function" && field2 === "key")
            ctrl = ctrl(item, path);
        }
      }
      return typeof ctrl === "function" ? ctrl(item, path) : ctrl;
    }
    exports.visit = visit;
  }
});

// node_modules/yaml/dist/parse/cst.js
var require_cst = __commonJS({
  "node_modules/yaml/dist/parse/cst.js"(exports) {
    "use strict";
    var cstScalar = require_cst_scalar();
    var cstStringify = require_cst_stringify();
    var cstVisit = require_cst_visit();
    var BOM = "\uFEFF";
    var DOCUMENT = "";
    var FLOW_END = "";
    var SCALAR = "";
    var isCollection = (token) => !!token && "items" in token;
    var isScalar3 = (token) => !!token && (token.type === "scalar" || token.type === "single-quoted-scalar" || token.type === "double-quoted-scalar" || token.type === "block-scalar");
    function prettyToken(token) {
      switch (token) {
        case BOM:
          return "<BOM>";
        case DOCUMENT:
          return "<DOC>";
        case FLOW_END:
          return "<FLOW_END>";
        case SCALAR:
          return "<SCALAR>";
        default:
          return JSON.stringify(token);
      }
    }
    function tokenType(source) {
      switch (source) {
        case BOM:
          return "byte-order-mark";
        case DOCUMENT:
          return "doc-mode";
        case FLOW_END:
          return "flow-error-end";
        case SCALAR:
          return "scalar";
        case "---":
          return "doc-start";
        case "...":
          return "doc-end";
        case "":
        case "\n":
        case "\r\n":
          return "newline";
        case "-":
          return "seq-item-ind";
        case "?":
          return "explicit-key-ind";
        case ":":
          return "map-value-ind";
        case "{":
          return "flow-map-start";
        case "}":
          return "flow-map-end";
        case "[":
          return "flow-seq-start";
        case "]":
          return "flow-seq-end";
        case ",":
          return "comma";
      }
      switch (source[0]) {
        case " ":
        case "	":
          return "space";
        case "#":
          return "comment";
        case "%":
          return "directive-line";
        case "*":
          return "alias";
        case "&":
          return "anchor";
        case "!":
          return "tag";
        case "'":
          return "single-quoted-scalar";
        case '"':
          return "double-quoted-scalar";
        case "|":
        case ">":
          return "block-scalar-header";
      }
      return null;
    }
    exports.createScalarToken = cstScalar.createScalarToken;
    exports.resolveAsScalar = cstScalar.resolveAsScalar;
    exports.setScalarValue = cstScalar.setScalarValue;
    exports.stringify = cstStringify.stringify;
    exports.visit = cstVisit.visit;
    exports.BOM = BOM;
    exports.DOCUMENT = DOCUMENT;
    exports.FLOW_END = FLOW_END;
    exports.SCALAR = SCALAR;
    exports.isCollection = isCollection;
    exports.isScalar = isScalar3;
    exports.prettyToken = prettyToken;
    exports.tokenType = tokenType;
  }
});

// node_modules/yaml/dist/parse/lexer.js
var require_lexer = __commonJS({
  "node_modules/yaml/dist/parse/lexer.js"(exports) {
    "use strict";
    var cst = require_cst();
    function isEmpty(ch) {
      switch (ch) {
        case void 0:
        case " ":
        case "\n":
        case "\r":
        case "	":
          return true;
        default:
          return false;
      }
    }
    var hexDigits = new Set("0123456789ABCDEFabcdef");
    var tagChars = new Set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-#;/?:@&=+$_.!~*'()");
    var flowIndicatorChars = new Set(",[]{}");
    var invalidAnchorChars = new Set(" ,[]{}\n\r	");
    var isNotAnchorChar = (ch) => !ch || invalidAnchorChars.has(ch);
    var Lexer = class {
      constructor() {
        this.atEnd = false;
        this.blockScalarIndent = -1;
        this.blockScalarKeep = false;
        this.buffer = "";
        this.flowKey = false;
        this.flowLevel = 0;
        this.indentNext = 0;
        this.indentValue = 0;
        this.lineEndPos = null;
        this.next = null;
        this.pos = 0;
      }
      /**
       * Generate YAML tokens from the `source` string. If `incomplete`,
       * a part of the last line may be left as a buffer for the next call.
       *
       * @returns A generator of lexical tokens
       */
      *lex(source, incomplete = false) {
        if (source) {
          if (typeof source !== "string")
            throw TypeError("source is not a string");
          this.buffer = this.buffer ? this.buffer + source : source;
          this.lineEndPos = null;
        }
        this.atEnd = !incomplete;
        let next = this.next ?? "stream";
        while (next && (incomplete || this.hasChars(1)))
          next = yield* this.parseNext(next);
      }
      atLineEnd() {
        let i = this.pos;
        let ch = this.buffer[i];
        while (ch === " " || ch === "	")
          ch = this.buffer[++i];
        if (!ch || ch === "#" || ch === "\n")
          return true;
        if (ch === "\r")
          return this.buffer[i + 1] === "\n";
        return false;
      }
      charAt(n) {
        return this.buffer[this.pos + n];
      }
      continueScalar(offset) {
        let ch = this.buffer[offset];
        if (this.indentNext > 0) {
          let indent = 0;
          while (ch === " ")
            ch = this.buffer[++indent + offset];
          if (ch === "\r") {
            const next = this.buffer[indent + offset + 1];
            if (next === "\n" || !next && !this.atEnd)
              return offset + indent + 1;
          }
          return ch === "\n" || indent >= this.indentNext || !ch && !this.atEnd ? offset + indent : -1;
        }
        if (ch === "-" || ch === ".") {
          const dt = this.buffer.substr(offset, 3);
          if ((dt === "---" || dt === "...") && isEmpty(this.buffer[offset + 3]))
            return -1;
        }
        return offset;
      }
      getLine() {
        let end = this.lineEndPos;
        if (typeof end !== "number" || end !== -1 && end < this.pos) {
          end = this.buffer.indexOf("\n", this.pos);
          this.lineEndPos = end;
        }
        if (end === -1)
          return this.atEnd ? this.buffer.substring(this.pos) : null;
        if (this.buffer[end - 1] === "\r")
          end -= 1;
        return this.buffer.substring(this.pos, end);
      }
      hasChars(n) {
        return this.pos + n <= this.buffer.length;
      }
      setNext(state) {
        this.buffer = this.buffer.substring(this.pos);
        this.pos = 0;
        this.lineEndPos = null;
        this.next = state;
        return null;
      }
      peek(n) {
        return this.buffer.substr(this.pos, n);
      }
      *parseNext(next) {
        switch (next) {
          case "stream":
            return yield* this.parseStream();
          case "line-start":
            return yield* this.parseLineStart();
          case "block-start":
            return yield* this.parseBlockStart();
          case "doc":
            return yield* this.parseDocument();
          case "flow":
            return yield* this.parseFlowCollection();
          case "quoted-scalar":
            return yield* this.parseQuotedScalar();
          case "block-scalar":
            return yield* this.parseBlockScalar();
          case "plain-scalar":
            return yield* this.parsePlainScalar();
        }
      }
      *parseStream() {
        let line = this.getLine();
        if (line === null)
          return this.setNext("stream");
        if (line[0] === cst.BOM) {
          yield* this.pushCount(1);
          line = line.substring(1);
        }
        if (line[0] === "%") {
          let dirEnd = line.length;
          let cs = line.indexOf("#");
          while (cs !== -1) {
            const ch = line[cs - 1];
            if (ch === " " || ch === "	") {
              dirEnd = cs - 1;
              break;
            } else {
              cs = line.indexOf("#", cs + 1);
            }
          }
          while (true) {
            const ch = line[dirEnd - 1];
            if (ch === " " || ch === "	")
              dirEnd -= 1;
            else
              break;
          }
          const n = (yield* this.pushCount(dirEnd)) + (yield* this.pushSpaces(true));
          yield* this.pushCount(line.length - n);
          this.pushNewline();
          return "stream";
        }
        if (this.atLineEnd()) {
          const sp = yield* this.pushSpaces(true);
          yield* this.pushCount(line.length - sp);
          yield* this.pushNewline();
          return "stream";
        }
        yield cst.DOCUMENT;
        return yield* this.parseLineStart();
      }
      *parseLineStart() {
        const ch = this.charAt(0);
        if (!ch && !this.atEnd)
          return this.setNext("line-start");
        if (ch === "-" || ch === ".") {
          if (!this.atEnd && !this.hasChars(4))
            return this.setNext("line-start");
          const s = this.peek(3);
          if ((s === "---" || s === "...") && isEmpty(this.charAt(3))) {
            yield* this.pushCount(3);
            this.indentValue = 0;
            this.indentNext = 0;
            return s === "---" ? "doc" : "stream";
          }
        }
        this.indentValue = yield* this.pushSpaces(false);
        if (this.indentNext > this.indentValue && !isEmpty(this.charAt(1)))
          this.indentNext = this.indentValue;
        return yield* this.parseBlockStart();
      }
      *parseBlockStart() {
        const [ch0, ch1] = this.peek(2);
        if (!ch1 && !this.atEnd)
          return this.setNext("block-start");
        if ((ch0 === "-" || ch0 === "?" || ch0 === ":") && isEmpty(ch1)) {
          const n = (yield* this.pushCount(1)) + (yield* this.pushSpaces(true));
          this.indentNext = this.indentValue + 1;
          this.indentValue += n;
          return "block-start";
        }
        return "doc";
      }
      *parseDocument() {
        yield* this.pushSpaces(true);
        const line = this.getLine();
        if (line === null)
          return this.setNext("doc");
        let n = yield* this.pushIndicators();
        switch (line[n]) {
          case "#":
            yield* this.pushCount(line.length - n);
          // fallthrough
          case void 0:
            yield* this.pushNewline();
            return yield* this.parseLineStart();
          case "{":
          case "[":
            yield* this.pushCount(1);
            this.flowKey = false;
            this.flowLevel = 1;
            return "flow";
          case "}":
          case "]":
            yield* this.pushCount(1);
            return "doc";
          case "*":
            yield* this.pushUntil(isNotAnchorChar);
            return "doc";
          case '"':
          case "'":
            return yield* this.parseQuotedScalar();
          case "|":
          case ">":
            n += yield* this.parseBlockScalarHeader();
            n += yield* this.pushSpaces(true);
            yield* this.pushCount(line.length - n);
            yield* this.pushNewline();
            return yield* this.parseBlockScalar();
          default:
            return yield* this.parsePlainScalar();
        }
      }
      *parseFlowCollection() {
        let nl, sp;
        let indent = -1;
        do {
          nl = yield* this.pushNewline();
          if (nl > 0) {
            sp = yield* this.pushSpaces(false);
            this.indentValue = indent = sp;
          } else {
            sp = 0;
          }
          sp += yield* this.pushSpaces(true);
        } while (nl + sp > 0);
        const line = this.getLine();
        if (line === null)
          return this.setNext("flow");
        if (indent !== -1 && indent < this.indentNext && line[0] !== "#" || indent === 0 && (line.startsWith("---") || line.startsWith("...")) && isEmpty(line[3])) {
          const atFlowEndMarker = indent === this.indentNext - 1 && this.flowLevel === 1 && (line[0] === "]" || line[0] === "}");
          if (!atFlowEndMarker) {
            this.flowLevel = 0;
            yield cst.FLOW_END;
            return yield* this.parseLineStart();
          }
        }
        let n = 0;
        while (line[n] === ",") {
          n += yield* this.pushCount(1);
          n += yield* this.pushSpaces(true);
          this.flowKey = false;
        }
        n += yield* this.pushIndicators();
        switch (line[n]) {
          case void 0:
            return "flow";
          case "#":
            yield* this.pushCount(line.length - n);
            return "flow";
          case "{":
          case "[":
            yield* this.pushCount(1);
            this.flowKey = false;
            this.flowLevel += 1;
            return "flow";
          case "}":
          case "]":
            yield* this.pushCount(1);
            this.flowKey = true;
            this.flowLevel -= 1;
            return this.flowLevel ? "flow" : "doc";
          case "*":
            yield* this.pushUntil(isNotAnchorChar);
            return "flow";
          case '"':
          case "'":
            this.flowKey = true;
            return yield* this.parseQuotedScalar();
          case ":": {
            const next = this.charAt(1);
            if (this.flowKey || isEmpty(next) || next === ",") {
              this.flowKey = false;
              yield* this.pushCount(1);
              yield* this.pushSpaces(true);
              return "flow";
            }
          }
          // fallthrough
          default:
            this.flowKey = false;
            return yield* this.parsePlainScalar();
        }
      }
      *parseQuotedScalar() {
        const quote = this.charAt(0);
        let end = this.buffer.indexOf(quote, this.pos + 1);
        if (quote === "'") {
          while (end !== -1 && this.buffer[end + 1] === "'")
            end = this.buffer.indexOf("'", end + 2);
        } else {
          while (end !== -1) {
            let n = 0;
            while (this.buffer[end - 1 - n] === "\\")
              n += 1;
            if (n % 2 === 0)
              break;
            end = this.buffer.indexOf('"', end + 1);
          }
        }
        const qb = this.buffer.substring(0, end);
        let nl = qb.indexOf("\n", this.pos);
        if (nl !== -1) {
          while (nl !== -1) {
            const cs = this.continueScalar(nl + 1);
            if (cs === -1)
              break;
            nl = qb.indexOf("\n", cs);
          }
          if (nl !== -1) {
            end = nl - (qb[nl - 1] === "\r" ? 2 : 1);
          }
        }
        if (end === -1) {
          if (!this.atEnd)
            return this.setNext("quoted-scalar");
          end = this.buffer.length;
        }
        yield* this.pushToIndex(end + 1, false);
        return this.flowLevel ? "flow" : "doc";
      }
      *parseBlockScalarHeader() {
        this.blockScalarIndent = -1;
        this.blockScalarKeep = false;
        let i = this.pos;
        while (true) {
          const ch = this.buffer[++i];
          if (ch === "+")
            this.blockScalarKeep = true;
          else if (ch > "0" && ch <= "9")
            this.blockScalarIndent = Number(ch) - 1;
          else if (ch !== "-")
            break;
        }
        return yield* this.pushUntil((ch) => isEmpty(ch) || ch === "#");
      }
      *parseBlockScalar() {
        let nl = this.pos - 1;
        let indent = 0;
        let ch;
        loop: for (let i2 = this.pos; ch = this.buffer[i2]; ++i2) {
          switch (ch) {
            case " ":
              indent += 1;
              break;
            case "\n":
              nl = i2;
              indent = 0;
              break;
            case "\r": {
              const next = this.buffer[i2 + 1];
              if (!next && !this.atEnd)
                return this.setNext("block-scalar");
              if (next === "\n")
                break;
            }
            // fallthrough
            default:
              break loop;
          }
        }
        if (!ch && !this.atEnd)
          return this.setNext("block-scalar");
        if (indent >= this.indentNext) {
          if (this.blockScalarIndent === -1)
            this.indentNext = indent;
          else {
            this.indentNext = this.blockScalarIndent + (this.indentNext === 0 ? 1 : this.indentNext);
          }
          do {
            const cs = this.continueScalar(nl + 1);
            if (cs === -1)
              break;
            nl = this.buffer.indexOf("\n", cs);
          } while (nl !== -1);
          if (nl === -1) {
            if (!this.atEnd)
              return this.setNext("block-scalar");
            nl = this.buffer.length;
          }
        }
        let i = nl + 1;
        ch = this.buffer[i];
        while (ch === " ")
          ch = this.buffer[++i];
        if (ch === "	") {
          while (ch === "	" || ch === " " || ch === "\r" || ch === "\n")
            ch = this.buffer[++i];
          nl = i - 1;
        } else if (!this.blockScalarKeep) {
          do {
            let i2 = nl - 1;
            let ch2 = this.buffer[i2];
            if (ch2 === "\r")
              ch2 = this.buffer[--i2];
            const lastChar = i2;
            while (ch2 === " ")
              ch2 = this.buffer[--i2];
            if (ch2 === "\n" && i2 >= this.pos && i2 + 1 + indent > lastChar)
              nl = i2;
            else
              break;
          } while (true);
        }
        yield cst.SCALAR;
        yield* this.pushToIndex(nl + 1, true);
        return yield* this.parseLineStart();
      }
      *parsePlainScalar() {
        const inFlow = this.flowLevel > 0;
        let end = this.pos - 1;
        let i = this.pos - 1;
        let ch;
        while (ch = this.buffer[++i]) {
          if (ch === ":") {
            const next = this.buffer[i + 1];
            if (isEmpty(next) || inFlow && flowIndicatorChars.has(next))
              break;
            end = i;
          } else if (isEmpty(ch)) {
            let next = this.buffer[i + 1];
            if (ch === "\r") {
              if (next === "\n") {
                i += 1;
                ch = "\n";
                next = this.buffer[i + 1];
              } else
                end = i;
            }
            if (next === "#" || inFlow && flowIndicatorChars.has(next))
              break;
            if (ch === "\n") {
              const cs = this.continueScalar(i + 1);
              if (cs === -1)
                break;
              i = Math.max(i, cs - 2);
            }
          } else {
            if (inFlow && flowIndicatorChars.has(ch))
              break;
            end = i;
          }
        }
        if (!ch && !this.atEnd)
          return this.setNext("plain-scalar");
        yield cst.SCALAR;
        yield* this.pushToIndex(end + 1, true);
        return inFlow ? "flow" : "doc";
      }
      *pushCount(n) {
        if (n > 0) {
          yield this.buffer.substr(this.pos, n);
          this.pos += n;
          return n;
        }
        return 0;
      }
      *pushToIndex(i, allowEmpty) {
        const s = this.buffer.slice(this.pos, i);
        if (s) {
          yield s;
          this.pos += s.length;
          return s.length;
        } else if (allowEmpty)
          yield "";
        return 0;
      }
      *pushIndicators() {
        let n = 0;
        loop: while (true) {
          switch (this.charAt(0)) {
            case "!":
              n += yield* this.pushTag();
              n += yield* this.pushSpaces(true);
              continue loop;
            case "&":
              n += yield* this.pushUntil(isNotAnchorChar);
              n += yield* this.pushSpaces(true);
              continue loop;
            case "-":
            // this is an error
            case "?":
            // this is an error outside flow collections
            case ":": {
              const inFlow = this.flowLevel > 0;
              const ch1 = this.charAt(1);
              if (isEmpty(ch1) || inFlow && flowIndicatorChars.has(ch1)) {
                if (!inFlow)
                  this.indentNext = this.indentValue + 1;
                else if (this.flowKey)
                  this.flowKey = false;
                n += yield* this.pushCount(1);
                n += yield* this.pushSpaces(true);
                continue loop;
              }
            }
          }
          break loop;
        }
        return n;
      }
      *pushTag() {
        if (this.charAt(1) === "<") {
          let i = this.pos + 2;
          let ch = this.buffer[i];
          while (!isEmpty(ch) && ch !== ">")
            ch = this.buffer[++i];
          return yield* this.pushToIndex(ch === ">" ? i + 1 : i, false);
        } else {
          let i = this.pos + 1;
          let ch = this.buffer[i];
          while (ch) {
            if (tagChars.has(ch))
              ch = this.buffer[++i];
            else if (ch === "%" && hexDigits.has(this.buffer[i + 1]) && hexDigits.has(this.buffer[i + 2])) {
              ch = this.buffer[i += 3];
            } else
              break;
          }
          return yield* this.pushToIndex(i, false);
        }
      }
      *pushNewline() {
        const ch = this.buffer[this.pos];
        if (ch === "\n")
          return yield* this.pushCount(1);
        else if (ch === "\r" && this.charAt(1) === "\n")
          return yield* this.pushCount(2);
        else
          return 0;
      }
      *pushSpaces(allowTabs) {
        let i = this.pos - 1;
        let ch;
        do {
          ch = this.buffer[++i];
        } while (ch === " " || allowTabs && ch === "	");
        const n = i - this.pos;
        if (n > 0) {
          yield this.buffer.substr(this.pos, n);
          this.pos = i;
        }
        return n;
      }
      *pushUntil(test) {
        let i = this.pos;
        let ch = this.buffer[i];
        while (!test(ch))
          ch = this.buffer[++i];
        return yield* this.pushToIndex(i, false);
      }
    };
    exports.Lexer = Lexer;
  }
});

// node_modules/yaml/dist/parse/line-counter.js
var require_line_counter = __commonJS({
  "node_modules/yaml/dist/parse/line-counter.js"(exports) {
    "use strict";
    var LineCounter2 = class {
      constructor() {
        this.lineStarts = [];
        this.addNewLine = (offset) => this.lineStarts.push(offset);
        this.linePos = (offset) => {
          let low = 0;
          let high = this.lineStarts.length;
          while (low < high) {
            const mid = low + high >> 1;
            if (this.lineStarts[mid] < offset)
              low = mid + 1;
            else
              high = mid;
          }
          if (this.lineStarts[low] === offset)
            return { line: low + 1, col: 1 };
          if (low === 0)
            return { line: 0, col: offset };
          const start = this.lineStarts[low - 1];
          return { line: low, col: offset - start + 1 };
        };
      }
    };
    exports.LineCounter = LineCounter2;
  }
});

// node_modules/yaml/dist/parse/parser.js
var require_parser = __commonJS({
  "node_modules/yaml/dist/parse/parser.js"(exports) {
    "use strict";
    var node_process = __require("process");
    var cst = require_cst();
    var lexer = require_lexer();
    function includesToken(list, type) {
      for (let i = 0; i < list.length; ++i)
        if (list[i].type === type)
          return true;
      return false;
    }
    function findNonEmptyIndex(list) {
      for (let i = 0; i < list.length; ++i) {
        switch (list[i].type) {
          case "space":
          case "comment":
          case "newline":
            break;
          default:
            return i;
        }
      }
      return -1;
    }
    function isFlowToken(token) {
      switch (token?.type) {
        case "alias":
        case "scalar":
        case "single-quoted-scalar":
        case "double-quoted-scalar":
        case "flow-collection":
          return true;
        default:
          return false;
      }
    }
    function getPrevProps(parent) {
      switch (parent.type) {
        case "document":
          return parent.start;
        case "block-map": {
          const it = parent.items[parent.items.length - 1];
          return it.sep ?? it.start;
        }
        case "block-seq":
          return parent.items[parent.items.length - 1].start;
        /* istanbul ignore next should not happen */
        default:
          return [];
      }
    }
    function getFirstKeyStartProps(prev) {
      if (prev.length === 0)
        return [];
      let i = prev.length;
      loop: while (--i >= 0) {
        switch (prev[i].type) {
          case "doc-start":
          case "explicit-key-ind":
          case "map-value-ind":
          case "seq-item-ind":
          case "newline":
            break loop;
        }
      }
      while (prev[++i]?.type === "space") {
      }
      return prev.splice(i, prev.length);
    }
    function arrayPushArray(target, source) {
      if (source.length < 1e5)
        Array.prototype.push.apply(target, source);
      else
        for (let i = 0; i < source.length; ++i)
          target.push(source[i]);
    }
    function fixFlowSeqItems(fc) {
      if (fc.start.type === "flow-seq-start") {
        for (const it of fc.items) {
          if (it.sep && !it.value && !includesToken(it.start, "explicit-key-ind") && !includesToken(it.sep, "map-value-ind")) {
            if (it.key)
              it.value = it.key;
            delete it.key;
            if (isFlowToken(it.value)) {
              if (it.value.end)
                arrayPushArray(it.value.end, it.sep);
              else
                it.value.end = it.sep;
            } else
              arrayPushArray(it.start, it.sep);
            delete it.sep;
          }
        }
      }
    }
    var Parser = class {
      /**
       * @param onNewLine - If defined, called separately with the start position of
       *   each new line (in `parse()`, including the start of input).
       */
      constructor(onNewLine) {
        this.atNewLine = true;
        this.atScalar = false;
        this.indent = 0;
        this.offset = 0;
        this.onKeyLine = false;
        this.stack = [];
        this.source = "";
        this.type = "";
        this.lexer = new lexer.Lexer();
        this.onNewLine = onNewLine;
      }
      /**
       * Parse `source` as a YAML stream.
       * If `incomplete`, a part of the last line may be left as a buffer for the next call.
       *
       * Errors are not thrown, but yielded as `{ type: 'error', message }` tokens.
       *
       * @returns A generator of tokens representing each directive, document, and other structure.
       */
      *parse(source, incomplete = false) {
        if (this.onNewLine && this.offset === 0)
          this.onNewLine(0);
        for (const lexeme of this.lexer.lex(source, incomplete))
          yield* this.next(lexeme);
        if (!incomplete)
          yield* this.end();
      }
      /**
       * Advance the parser by the `source` of one lexical token.
       */
      *next(source) {
        this.source = source;
        if (node_process.env.LOG_TOKENS)
          console.log("|", cst.prettyToken(source));
        if (this.atScalar) {
          this.atScalar = false;
          yield* this.step();
          this.offset += source.length;
          return;
        }
        const type = cst.tokenType(source);
        if (!type) {
          const message = `Not a YAML token: ${source}`;
          yield* this.pop({ type: "error", offset: this.offset, message, source });
          this.offset += source.length;
        } else if (type === "scalar") {
          this.atNewLine = false;
          this.atScalar = true;
          this.type = "scalar";
        } else {
          this.type = type;
          yield* this.step();
          switch (type) {
            case "newline":
              this.atNewLine = true;
              this.indent = 0;
              if (this.onNewLine)
                this.onNewLine(this.offset + source.length);
              break;
            case "space":
              if (this.atNewLine && source[0] === " ")
                this.indent += source.length;
              break;
            case "explicit-key-ind":
            case "map-value-ind":
            case "seq-item-ind":
              if (this.atNewLine)
                this.indent += source.length;
              break;
            case "doc-mode":
            case "flow-error-end":
              return;
            default:
              this.atNewLine = false;
          }
          this.offset += source.length;
        }
      }
      /** Call at end of input to push out any remaining constructions */
      *end() {
        while (this.stack.length > 0)
          yield* this.pop();
      }
      get sourceToken() {
        const st = {
          type: this.type,
          offset: this.offset,
          indent: this.indent,
          source: this.source
        };
        return st;
      }
      *step() {
        const top = this.peek(1);
        if (this.type === "doc-end" && top?.type !== "doc-end") {
          while (this.stack.length > 0)
            yield* this.pop();
          this.stack.push({
            type: "doc-end",
            offset: this.offset,
            source: this.source
          });
          return;
        }
        if (!top)
          return yield* this.stream();
        switch (top.type) {
          case "document":
            return yield* this.document(top);
          case "alias":
          case "scalar":
          case "single-quoted-scalar":
          case "double-quoted-scalar":
            return yield* this.scalar(top);
          case "block-scalar":
            return yield* this.blockScalar(top);
          case "block-map":
            return yield* this.blockMap(top);
          case "block-seq":
            return yield* this.blockSequence(top);
          case "flow-collection":
            return yield* this.flowCollection(top);
          case "doc-end":
            return yield* this.documentEnd(top);
        }
        yield* this.pop();
      }
      peek(n) {
        return this.stack[this.stack.length - n];
      }
      *pop(error) {
        const token = error ?? this.stack.pop();
        if (!token) {
          const message = "Tried to pop an empty stack";
          yield { type: "error", offset: this.offset, source: "", message };
        } else if (this.stack.length === 0) {
          yield token;
        } else {
          const top = this.peek(1);
          if (token.type === "block-scalar") {
            token.indent = "indent" in top ? top.indent : 0;
          } else if (token.type === "flow-collection" && top.type === "document") {
            token.indent = 0;
          }
          if (token.type === "flow-collection")
            fixFlowSeqItems(token);
          switch (top.type) {
            case "document":
              top.value = token;
              break;
            case "block-scalar":
              top.props.push(token);
              break;
            case "block-map": {
              const it = top.items[top.items.length - 1];
              if (it.value) {
                top.items.push({ start: [], key: token, sep: [] });
                this.onKeyLine = true;
                return;
              } else if (it.sep) {
                it.value = token;
              } else {
                Object.assign(it, { key: token, sep: [] });
                this.onKeyLine = !it.explicitKey;
                return;
              }
              break;
            }
            case "block-seq": {
              const it = top.items[top.items.length - 1];
              if (it.value)
                top.items.push({ start: [], value: token });
              else
                it.value = token;
              break;
            }
            case "flow-collection": {
              const it = top.items[top.items.length - 1];
              if (!it || it.value)
                top.items.push({ start: [], key: token, sep: [] });
              else if (it.sep)
                it.value = token;
              else
                Object.assign(it, { key: token, sep: [] });
              return;
            }
            /* istanbul ignore next should not happen */
            default:
              yield* this.pop();
              yield* this.pop(token);
          }
          if ((top.type === "document" || top.type === "block-map" || top.type === "block-seq") && (token.type === "block-map" || token.type === "block-seq")) {
            const last = token.items[token.items.length - 1];
            if (last && !last.sep && !last.value && last.start.length > 0 && findNonEmptyIndex(last.start) === -1 && (token.indent === 0 || last.start.every((st) => st.type !== "comment" || st.indent < token.indent))) {
              if (top.type === "document")
                top.end = last.start;
              else
                top.items.push({ start: last.start });
              token.items.splice(-1, 1);
            }
          }
        }
      }
      *stream() {
        switch (this.type) {
          case "directive-line":
            yield { type: "directive", offset: this.offset, source: this.source };
            return;
          case "byte-order-mark":
          case "space":
          case "comment":
          case "newline":
            yield this.sourceToken;
            return;
          case "doc-mode":
          case "doc-start": {
            const doc = {
              type: "document",
              offset: this.offset,
              start: []
            };
            if (this.type === "doc-start")
              doc.start.push(this.sourceToken);
            this.stack.push(doc);
            return;
          }
        }
        yield {
          type: "error",
          offset: this.offset,
          message: `Unexpected ${this.type} token in YAML stream`,
          source: this.source
        };
      }
      *document(doc) {
        if (doc.value)
          return yield* this.lineEnd(doc);
        switch (this.type) {
          case "doc-start": {
            if (findNonEmptyIndex(doc.start) !== -1) {
              yield* this.pop();
              yield* this.step();
            } else
              doc.start.push(this.sourceToken);
            return;
          }
          case "anchor":
          case "tag":
          case "space":
          case "comment":
          case "newline":
            doc.start.push(this.sourceToken);
            return;
        }
        const bv = this.startBlockValue(doc);
        if (bv)
          this.stack.push(bv);
        else {
          yield {
            type: "error",
            offset: this.offset,
            message: `Unexpected ${this.type} token in YAML document`,
            source: this.source
          };
        }
      }
      *scalar(scalar) {
        if (this.type === "map-value-ind") {
          const prev = getPrevProps(this.peek(2));
          const start = getFirstKeyStartProps(prev);
          let sep;
          if (scalar.end) {
            sep = scalar.end;
            sep.push(this.sourceToken);
            delete scalar.end;
          } else
            sep = [this.sourceToken];
          const map = {
            type: "block-map",
            offset: scalar.offset,
            indent: scalar.indent,
            items: [{ start, key: scalar, sep }]
          };
          this.onKeyLine = true;
          this.stack[this.stack.length - 1] = map;
        } else
          yield* this.lineEnd(scalar);
      }
      *blockScalar(scalar) {
        switch (this.type) {
          case "space":
          case "comment":
          case "newline":
            scalar.props.push(this.sourceToken);
            return;
          case "scalar":
            scalar.source = this.source;
            this.atNewLine = true;
            this.indent = 0;
            if (this.onNewLine) {
              let nl = this.source.indexOf("\n") + 1;
              while (nl !== 0) {
                this.onNewLine(this.offset + nl);
                nl = this.source.indexOf("\n", nl) + 1;
              }
            }
            yield* this.pop();
            break;
          /* istanbul ignore next should not happen */
          default:
            yield* this.pop();
            yield* this.step();
        }
      }
      *blockMap(map) {
        const it = map.items[map.items.length - 1];
        switch (this.type) {
          case "newline":
            this.onKeyLine = false;
            if (it.value) {
              const end = "end" in it.value ? it.value.end : void 0;
              const last = Array.isArray(end) ? end[end.length - 1] : void 0;
              if (last?.type === "comment")
                end?.push(this.sourceToken);
              else
                map.items.push({ start: [this.sourceToken] });
            } else if (it.sep) {
              it.sep.push(this.sourceToken);
            } else {
              it.start.push(this.sourceToken);
            }
            return;
          case "space":
          case "comment":
            if (it.value) {
              map.items.push({ start: [this.sourceToken] });
            } else if (it.sep) {
              it.sep.push(this.sourceToken);
            } else {
              if (this.atIndentedComment(it.start, map.indent)) {
                const prev = map.items[map.items.length - 2];
                const end = prev?.value?.end;
                if (Array.isArray(end)) {
                  arrayPushArray(end, it.start);
                  end.push(this.sourceToken);
                  map.items.pop();
                  return;
                }
              }
              it.start.push(this.sourceToken);
            }
            return;
        }
        if (this.indent >= map.indent) {
          const atMapIndent = !this.onKeyLine && this.indent === map.indent;
          const atNextItem = atMapIndent && (it.sep || it.explicitKey) && this.type !== "seq-item-ind";
          let start = [];
          if (atNextItem && it.sep && !it.value) {
            const nl = [];
            for (let i = 0; i < it.sep.length; ++i) {
              const st = it.sep[i];
              switch (st.type) {
                case "newline":
                  nl.push(i);
                  break;
                case "space":
                  break;
                case "comment":
                  if (st.indent > map.indent)
                    nl.length = 0;
                  break;
                default:
                  nl.length = 0;
              }
            }
            if (nl.length >= 2)
              start = it.sep.splice(nl[1]);
          }
          switch (this.type) {
            case "anchor":
            case "tag":
              if (atNextItem || it.value) {
                start.push(this.sourceToken);
                map.items.push({ start });
                this.onKeyLine = true;
              } else if (it.sep) {
                it.sep.push(this.sourceToken);
              } else {
                it.start.push(this.sourceToken);
              }
              return;
            case "explicit-key-ind":
              if (!it.sep && !it.explicitKey) {
                it.start.push(this.sourceToken);
                it.explicitKey = true;
              } else if (atNextItem || it.value) {
                start.push(this.sourceToken);
                map.items.push({ start, explicitKey: true });
              } else {
                this.stack.push({
                  type: "block-map",
                  offset: this.offset,
                  indent: this.indent,
                  items: [{ start: [this.sourceToken], explicitKey: true }]
                });
              }
              this.onKeyLine = true;
              return;
            case "map-value-ind":
              if (it.explicitKey) {
                if (!it.sep) {
                  if (includesToken(it.start, "newline")) {
                    Object.assign(it, { key: null, sep: [this.sourceToken] });
                  } else {
                    const start2 = getFirstKeyStartProps(it.start);
                    this.stack.push({
                      type: "block-map",
                      offset: this.offset,
                      indent: this.indent,
                      items: [{ start: start2, key: null, sep: [this.sourceToken] }]
                    });
                  }
                } else if (it.value) {
                  map.items.push({ start: [], key: null, sep: [this.sourceToken] });
                } else if (includesToken(it.sep, "map-value-ind")) {
                  this.stack.push({
                    type: "block-map",
                    offset: this.offset,
                    indent: this.indent,
                    items: [{ start, key: null, sep: [this.sourceToken] }]
                  });
                } else if (isFlowToken(it.key) && !includesToken(it.sep, "newline")) {
                  const start2 = getFirstKeyStartProps(it.start);
                  const key = it.key;
                  const sep = it.sep;
                  sep.push(this.sourceToken);
                  delete it.key;
                  delete it.sep;
                  this.stack.push({
                    type: "block-map",
                    offset: this.offset,
                    indent: this.indent,
                    items: [{ start: start2, key, sep }]
                  });
                } else if (start.length > 0) {
                  it.sep = it.sep.concat(start, this.sourceToken);
                } else {
                  it.sep.push(this.sourceToken);
                }
              } else {
                if (!it.sep) {
                  Object.assign(it, { key: null, sep: [this.sourceToken] });
                } else if (it.value || atNextItem) {
                  map.items.push({ start, key: null, sep: [this.sourceToken] });
                } else if (includesToken(it.sep, "map-value-ind")) {
                  this.stack.push({
                    type: "block-map",
                    offset: this.offset,
                    indent: this.indent,
                    items: [{ start: [], key: null, sep: [this.sourceToken] }]
                  });
                } else {
                  it.sep.push(this.sourceToken);
                }
              }
              this.onKeyLine = true;
              return;
            case "alias":
            case "scalar":
            case "single-quoted-scalar":
            case "double-quoted-scalar": {
              const fs = this.flowScalar(this.type);
              if (atNextItem || it.value) {
                map.items.push({ start, key: fs, sep: [] });
                this.onKeyLine = true;
              } else if (it.sep) {
                this.stack.push(fs);
              } else {
                Object.assign(it, { key: fs, sep: [] });
                this.onKeyLine = true;
              }
              return;
            }
            default: {
              const bv = this.startBlockValue(map);
              if (bv) {
                if (bv.type === "block-seq") {
                  if (!it.explicitKey && it.sep && !includesToken(it.sep, "newline")) {
                    yield* this.pop({
                      type: "error",
                      offset: this.offset,
                      message: "Unexpected block-seq-ind on same line with key",
                      source: this.source
                    });
                    return;
                  }
                } else if (atMapIndent) {
                  map.items.push({ start });
                }
                this.stack.push(bv);
                return;
              }
            }
          }
        }
        yield* this.pop();
        yield* this.step();
      }
      *blockSequence(seq) {
        const it = seq.items[seq.items.length - 1];
        switch (this.type) {
          case "newline":
            if (it.value) {
              const end = "end" in it.value ? it.value.end : void 0;
              const last = Array.isArray(end) ? end[end.length - 1] : void 0;
              if (last?.type === "comment")
                end?.push(this.sourceToken);
              else
                seq.items.push({ start: [this.sourceToken] });
            } else
              it.start.push(this.sourceToken);
            return;
          case "space":
          case "comment":
            if (it.value)
              seq.items.push({ start: [this.sourceToken] });
            else {
              if (this.atIndentedComment(it.start, seq.indent)) {
                const prev = seq.items[seq.items.length - 2];
                const end = prev?.value?.end;
                if (Array.isArray(end)) {
                  arrayPushArray(end, it.start);
                  end.push(this.sourceToken);
                  seq.items.pop();
                  return;
                }
              }
              it.start.push(this.sourceToken);
            }
            return;
          case "anchor":
          case "tag":
            if (it.value || this.indent <= seq.indent)
              break;
            it.start.push(this.sourceToken);
            return;
          case "seq-item-ind":
            if (this.indent !== seq.indent)
              break;
            if (it.value || includesToken(it.start, "seq-item-ind"))
              seq.items.push({ start: [this.sourceToken] });
            else
              it.start.push(this.sourceToken);
            return;
        }
        if (this.indent > seq.indent) {
          const bv = this.startBlockValue(seq);
          if (bv) {
            this.stack.push(bv);
            return;
          }
        }
        yield* this.pop();
        yield* this.step();
      }
      *flowCollection(fc) {
        const it = fc.items[fc.items.length - 1];
        if (this.type === "flow-error-end") {
          let top;
          do {
            yield* this.pop();
            top = this.peek(1);
          } while (top?.type === "flow-collection");
        } else if (fc.end.length === 0) {
          switch (this.type) {
            case "comma":
            case "explicit-key-ind":
              if (!it || it.sep)
                fc.items.push({ start: [this.sourceToken] });
              else
                it.start.push(this.sourceToken);
              return;
            case "map-value-ind":
              if (!it || it.value)
                fc.items.push({ start: [], key: null, sep: [this.sourceToken] });
              else if (it.sep)
                it.sep.push(this.sourceToken);
              else
                Object.assign(it, { key: null, sep: [this.sourceToken] });
              return;
            case "space":
            case "comment":
            case "newline":
            case "anchor":
            case "tag":
              if (!it || it.value)
                fc.items.push({ start: [this.sourceToken] });
              else if (it.sep)
                it.sep.push(this.sourceToken);
              else
                it.start.push(this.sourceToken);
              return;
            case "alias":
            case "scalar":
            case "single-quoted-scalar":
            case "double-quoted-scalar": {
              const fs = this.flowScalar(this.type);
              if (!it || it.value)
                fc.items.push({ start: [], key: fs, sep: [] });
              else if (it.sep)
                this.stack.push(fs);
              else
                Object.assign(it, { key: fs, sep: [] });
              return;
            }
            case "flow-map-end":
            case "flow-seq-end":
              fc.end.push(this.sourceToken);
              return;
          }
          const bv = this.startBlockValue(fc);
          if (bv)
            this.stack.push(bv);
          else {
            yield* this.pop();
            yield* this.step();
          }
        } else {
          const parent = this.peek(2);
          if (parent.type === "block-map" && (this.type === "map-value-ind" && parent.indent === fc.indent || this.type === "newline" && !parent.items[parent.items.length - 1].sep)) {
            yield* this.pop();
            yield* this.step();
          } else if (this.type === "map-value-ind" && parent.type !== "flow-collection") {
            const prev = getPrevProps(parent);
            const start = getFirstKeyStartProps(prev);
            fixFlowSeqItems(fc);
            const sep = fc.end.splice(1, fc.end.length);
            sep.push(this.sourceToken);
            const map = {
              type: "block-map",
              offset: fc.offset,
              indent: fc.indent,
              items: [{ start, key: fc, sep }]
            };
            this.onKeyLine = true;
            this.stack[this.stack.length - 1] = map;
          } else {
            yield* this.lineEnd(fc);
          }
        }
      }
      flowScalar(type) {
        if (this.onNewLine) {
          let nl = this.source.indexOf("\n") + 1;
          while (nl !== 0) {
            this.onNewLine(this.offset + nl);
            nl = this.source.indexOf("\n", nl) + 1;
          }
        }
        return {
          type,
          offset: this.offset,
          indent: this.indent,
          source: this.source
        };
      }
      startBlockValue(parent) {
        switch (this.type) {
          case "alias":
          case "scalar":
          case "single-quoted-scalar":
          case "double-quoted-scalar":
            return this.flowScalar(this.type);
          case "block-scalar-header":
            return {
              type: "block-scalar",
              offset: this.offset,
              indent: this.indent,
              props: [this.sourceToken],
              source: ""
            };
          case "flow-map-start":
          case "flow-seq-start":
            return {
              type: "flow-collection",
              offset: this.offset,
              indent: this.indent,
              start: this.sourceToken,
              items: [],
              end: []
            };
          case "seq-item-ind":
            return {
              type: "block-seq",
              offset: this.offset,
              indent: this.indent,
              items: [{ start: [this.sourceToken] }]
            };
          case "explicit-key-ind": {
            this.onKeyLine = true;
            const prev = getPrevProps(parent);
            const start = getFirstKeyStartProps(prev);
            start.push(this.sourceToken);
            return {
              type: "block-map",
              offset: this.offset,
              indent: this.indent,
              items: [{ start, explicitKey: true }]
            };
          }
          case "map-value-ind": {
            this.onKeyLine = true;
            const prev = getPrevProps(parent);
            const start = getFirstKeyStartProps(prev);
            return {
              type: "block-map",
              offset: this.offset,
              indent: this.indent,
              items: [{ start, key: null, sep: [this.sourceToken] }]
            };
          }
        }
        return null;
      }
      atIndentedComment(start, indent) {
        if (this.type !== "comment")
          return false;
        if (this.indent <= indent)
          return false;
        return start.every((st) => st.type === "newline" || st.type === "space");
      }
      *documentEnd(docEnd) {
        if (this.type !== "doc-mode") {
          if (docEnd.end)
            docEnd.end.push(this.sourceToken);
          else
            docEnd.end = [this.sourceToken];
          if (this.type === "newline")
            yield* this.pop();
        }
      }
      *lineEnd(token) {
        switch (this.type) {
          case "comma":
          case "doc-start":
          case "doc-end":
          case "flow-seq-end":
          case "flow-map-end":
          case "map-value-ind":
            yield* this.pop();
            yield* this.step();
            break;
          case "newline":
            this.onKeyLine = false;
          // fallthrough
          case "space":
          case "comment":
          default:
            if (token.end)
              token.end.push(this.sourceToken);
            else
              token.end = [this.sourceToken];
            if (this.type === "newline")
              yield* this.pop();
        }
      }
    };
    exports.Parser = Parser;
  }
});

// node_modules/yaml/dist/public-api.js
var require_public_api = __commonJS({
  "node_modules/yaml/dist/public-api.js"(exports) {
    "use strict";
    var composer = require_composer();
    var Document = require_Document();
    var errors = require_errors();
    var log = require_log();
    var identity = require_identity();
    var lineCounter = require_line_counter();
    var parser = require_parser();
    function parseOptions(options) {
      const prettyErrors = options.prettyErrors !== false;
      const lineCounter$1 = options.lineCounter || prettyErrors && new lineCounter.LineCounter() || null;
      return { lineCounter: lineCounter$1, prettyErrors };
    }
    function parseAllDocuments(source, options = {}) {
      const { lineCounter: lineCounter2, prettyErrors } = parseOptions(options);
      const parser$1 = new parser.Parser(lineCounter2?.addNewLine);
      const composer$1 = new composer.Composer(options);
      const docs = Array.from(composer$1.compose(parser$1.parse(source)));
      if (prettyErrors && lineCounter2)
        for (const doc of docs) {
          doc.errors.forEach(errors.prettifyError(source, lineCounter2));
          doc.warnings.forEach(errors.prettifyError(source, lineCounter2));
        }
      if (docs.length > 0)
        return docs;
      return Object.assign([], { empty: true }, composer$1.streamInfo());
    }
    function parseDocument2(source, options = {}) {
      const { lineCounter: lineCounter2, prettyErrors } = parseOptions(options);
      const parser$1 = new parser.Parser(lineCounter2?.addNewLine);
      const composer$1 = new composer.Composer(options);
      let doc = null;
      for (const _doc of composer$1.compose(parser$1.parse(source), true, source.length)) {
        if (!doc)
          doc = _doc;
        else if (doc.options.logLevel !== "silent") {
          doc.errors.push(new errors.YAMLParseError(_doc.range.slice(0, 2), "MULTIPLE_DOCS", "Source contains multiple documents; please use YAML.parseAllDocuments()"));
          break;
        }
      }
      if (prettyErrors && lineCounter2) {
        doc.errors.forEach(errors.prettifyError(source, lineCounter2));
        doc.warnings.forEach(errors.prettifyError(source, lineCounter2));
      }
      return doc;
    }
    function parse2(src, reviver, options) {
      let _reviver = void 0;
      if (typeof reviver === "function") {
        _reviver = reviver;
      } else if (options === void 0 && reviver && typeof reviver === "object") {
        options = reviver;
      }
      const doc = parseDocument2(src, options);
      if (!doc)
        return null;
      doc.warnings.forEach((warning) => log.warn(doc.options.logLevel, warning));
      if (doc.errors.length > 0) {
        if (doc.options.logLevel !== "silent")
          throw doc.errors[0];
        else
          doc.errors = [];
      }
      return doc.toJS(Object.assign({ reviver: _reviver }, options));
    }
    function stringify(value, replacer, options) {
      let _replacer = null;
      if (typeof replacer === "function" || Array.isArray(replacer)) {
        _replacer = replacer;
      } else if (options === void 0 && replacer) {
        options = replacer;
      }
      if (typeof options === "string")
        options = options.length;
      if (typeof options === "number") {
        const indent = Math.round(options);
        options = indent < 1 ? void 0 : indent > 8 ? { indent: 8 } : { indent };
      }
      if (value === void 0) {
        const { keepUndefined } = options ?? replacer ?? {};
        if (!keepUndefined)
          return void 0;
      }
      if (identity.isDocument(value) && !_replacer)
        return value.toString(options);
      return new Document.Document(value, _replacer, options).toString(options);
    }
    exports.parse = parse2;
    exports.parseAllDocuments = parseAllDocuments;
    exports.parseDocument = parseDocument2;
    exports.stringify = stringify;
  }
});

// node_modules/yaml/dist/index.js
var require_dist = __commonJS({
  "node_modules/yaml/dist/index.js"(exports) {
    "use strict";
    var composer = require_composer();
    var Document = require_Document();
    var Schema = require_Schema();
    var errors = require_errors();
    var Alias = require_Alias();
    var identity = require_identity();
    var Pair = require_Pair();
    var Scalar = require_Scalar();
    var YAMLMap = require_YAMLMap();
    var YAMLSeq = require_YAMLSeq();
    var cst = require_cst();
    var lexer = require_lexer();
    var lineCounter = require_line_counter();
    var parser = require_parser();
    var publicApi = require_public_api();
    var visit = require_visit();
    exports.Composer = composer.Composer;
    exports.Document = Document.Document;
    exports.Schema = Schema.Schema;
    exports.YAMLError = errors.YAMLError;
    exports.YAMLParseError = errors.YAMLParseError;
    exports.YAMLWarning = errors.YAMLWarning;
    exports.Alias = Alias.Alias;
    exports.isAlias = identity.isAlias;
    exports.isCollection = identity.isCollection;
    exports.isDocument = identity.isDocument;
    exports.isMap = identity.isMap;
    exports.isNode = identity.isNode;
    exports.isPair = identity.isPair;
    exports.isScalar = identity.isScalar;
    exports.isSeq = identity.isSeq;
    exports.Pair = Pair.Pair;
    exports.Scalar = Scalar.Scalar;
    exports.YAMLMap = YAMLMap.YAMLMap;
    exports.YAMLSeq = YAMLSeq.YAMLSeq;
    exports.CST = cst;
    exports.Lexer = lexer.Lexer;
    exports.LineCounter = lineCounter.LineCounter;
    exports.Parser = parser.Parser;
    exports.parse = publicApi.parse;
    exports.parseAllDocuments = publicApi.parseAllDocuments;
    exports.parseDocument = publicApi.parseDocument;
    exports.stringify = publicApi.stringify;
    exports.visit = visit.visit;
    exports.visitAsync = visit.visitAsync;
  }
});

// src/checking/host/access.ts
var import_ssh2 = __toESM(require_lib(), 1);

// src/checking/finding.ts
function shell(where, text2) {
  return { language: "sh", where, text: text2 };
}
function workflow(text2) {
  return { language: "yaml", where: "workflow", text: text2 };
}

// src/checking/host/access.ts
function accessFinding(cause, inputs) {
  if (!(cause instanceof HostError)) return void 0;
  const { message, seen, remedy } = cause;
  switch (cause.reason) {
    case "host-key-unknown":
    case "host-key-mismatch":
      return hostKey(cause, cause.reason === "host-key-mismatch", inputs);
    case "authentication-failed":
      return login(message, inputs);
    case "forwarding-refused":
      return forwarding(message);
    case "cancelled":
      return void 0;
    default:
      return {
        severity: "problem",
        title: "The host cannot be reached",
        seen,
        why: "Everything is done over one SSH connection.",
        fix: {
          text: remedy ? remedySentence(remedy) : "See that the host is up, and that `host` names it.",
          blocks: []
        }
      };
  }
}
function hostKey({ message, remedy }, changed, { knownHosts }) {
  const line = remedy?.command ?? "";
  const kept = changed ? [] : knownHosts.split("\n").filter((each) => each.trim() !== "");
  const all = [...kept.map((each) => each.trim()), line];
  return {
    severity: "problem",
    title: changed ? "The host has another key than is known" : "The host is not known",
    seen: message,
    why: "Without a known key anybody between the runner and the host could pose as it, and would get all that a release hands over.",
    fix: {
      text: `Compare the fingerprint on the host itself${changed ? ", and find out why it changed" : ""}. Where it is the same, this is what \`known-hosts\` has to hold.`,
      blocks: line === "" || changed ? [] : [workflow(`known-hosts: |
${all.map((each) => `  ${each}`).join("\n")}`)]
    }
  };
}
function login(message, { host, privateKey }) {
  const key = privateKey === void 0 ? void 0 : publicKeyOf(privateKey);
  const { user: user2 } = host;
  const script2 = key === void 0 ? void 0 : lines(
    sh`(`,
    sh`set -eu`,
    sh`id ${user2} >/dev/null 2>&1 || useradd --create-home --password '*' --shell /bin/sh ${user2}`,
    sh`home=$(getent passwd ${user2} | cut -d : -f 6); group=$(id -gn ${user2})`,
    sh`install -d -m 0700 -o ${user2} -g "$group" "$home/.ssh"`,
    sh`file=$home/.ssh/authorized_keys`,
    sh`[ -e "$file" ] || install -m 0600 -o ${user2} -g "$group" /dev/null "$file"`,
    sh`grep -qF ${key} "$file" || printf '%s\\n' ${`${key} releases`} >>"$file"`,
    sh`)`
  );
  return {
    severity: "problem",
    title: `${user2} cannot log in`,
    seen: message,
    why: "Everything is done over one SSH connection, as this user.",
    fix: {
      text: script2 === void 0 ? "Give a key that the host accepts." : `Let the key of this run in as ${user2}; the user is made where there is none. Give the key to nothing else.`,
      blocks: script2 === void 0 ? [] : [shell("host as root", script2.text)]
    }
  };
}
function forwarding(message) {
  return {
    severity: "problem",
    title: "The SSH server does not allow forwarding",
    seen: message,
    why: "The application and Nginx are asked through the SSH connection, from where Nginx runs: nothing else proves that they answer there.",
    fix: {
      text: "Set `AllowTcpForwarding local` in sshd_config (for this user, in a `Match` block), take `DisableForwarding` out, and `no-port-forwarding` and `restrict` out of authorized_keys. Then: systemctl reload ssh",
      blocks: [
        {
          language: "sh",
          where: "host as root",
          text: 'sshd -T | grep -iE "allowtcpforwarding|disableforwarding|permitopen"'
        }
      ]
    }
  };
}
function publicKeyOf(privateKey) {
  const parsed2 = import_ssh2.default.utils.parseKey(privateKey);
  const [key] = Array.isArray(parsed2) ? parsed2 : [parsed2];
  if (key === void 0 || key instanceof Error) return void 0;
  return `${key.type} ${key.getPublicSSH().toString("base64")}`;
}

// src/runtimes/compose/check/context.ts
function missingColor({ services }) {
  return services.blue === void 0 ? "blue" : services.green === void 0 ? "green" : void 0;
}
function projectOf({ compose: compose3 }) {
  return said(compose3?.project);
}
function said(answer) {
  return answer?.kind === "said" ? answer.value : void 0;
}
function projectDirectory({
  inputs,
  compose: compose3,
  texts
}) {
  const { directory } = inputs.application;
  if (directory.startsWith("/")) return directory;
  const [seen] = compose3?.directories ?? [];
  return seen ?? texts[0]?.file.path.replace(/\/[^/]*$/, "") ?? directory;
}

// src/runtimes/compose/check/text.ts
var import_yaml2 = __toESM(require_dist(), 1);

// src/runtimes/compose/check/parts.ts
var import_yaml = __toESM(require_dist(), 1);
function readPart(body, key, text2, counter) {
  const pair = pairOf(body, key);
  if (pair === void 0 || !(0, import_yaml.isScalar)(pair.key) || !pair.key.range) return void 0;
  const from = counter.linePos(pair.key.range[0]).line;
  const { value } = pair;
  const end = (0, import_yaml.isSeq)(value) || (0, import_yaml.isMap)(value) ? value.range?.[1] : void 0;
  const to = end === void 0 ? from : text2.slice(0, end).trimEnd().split("\n").length;
  const names = namesIn(value);
  return { from, to, ...names && { names } };
}
function listOf(body, key, text2, counter) {
  const value = pairOf(body, key)?.value;
  if (!(0, import_yaml.isSeq)(value) || !value.range) return void 0;
  if (value.flow) {
    const { line: line2, col } = counter.linePos(value.range[0]);
    return { kind: "brackets", line: line2, column: col, empty: value.items.length === 0 };
  }
  const { line } = counter.linePos(value.range[0]);
  const indent = /^(\s*)-/.exec(text2.split("\n")[line - 1] ?? "")?.[1];
  return indent === void 0 ? void 0 : { kind: "lines", after: line - 1, indent };
}
function readTop(contents, key, text2, counter) {
  if (!(0, import_yaml.isMap)(contents) || contents.flow) return { kind: "other" };
  const pair = pairOf(contents, key);
  if (pair === void 0) return { kind: "absent", lines: text2.trimEnd().split("\n").length };
  const { value } = pair;
  const first2 = (0, import_yaml.isMap)(value) && !value.flow ? value.items[0]?.key : void 0;
  if (!(0, import_yaml.isScalar)(first2) || !first2.range || !(0, import_yaml.isScalar)(pair.key) || !pair.key.range) return { kind: "other" };
  const { col } = counter.linePos(first2.range[0]);
  return { kind: "lines", after: counter.linePos(pair.key.range[0]).line, indent: " ".repeat(col - 1) };
}
function pairOf(map, key) {
  return map.items.find((item) => (0, import_yaml.isScalar)(item.key) && item.key.value === key);
}
function namesIn(value) {
  if ((0, import_yaml.isSeq)(value)) {
    const names2 = value.items.map((item) => (0, import_yaml.isScalar)(item) ? String(item.value) : void 0);
    return names2.every((name) => name !== void 0) ? names2 : void 0;
  }
  if (!(0, import_yaml.isMap)(value)) return void 0;
  const names = value.items.map(({ key, value: each }) => {
    const nothing = each === null || (0, import_yaml.isScalar)(each) && each.value === null || (0, import_yaml.isMap)(each) && each.items.length === 0;
    return (0, import_yaml.isScalar)(key) && nothing ? String(key.value) : void 0;
  });
  return names.every((name) => name !== void 0) ? names : void 0;
}

// src/runtimes/compose/check/text.ts
function readComposeText(file) {
  const counter = new import_yaml2.LineCounter();
  const document = (0, import_yaml2.parseDocument)(file.text, { lineCounter: counter, merge: true, logLevel: "silent" });
  const services = document.errors.length > 0 ? void 0 : document.get("services", true);
  if (!(0, import_yaml2.isMap)(services)) return void 0;
  const place = placing(file, counter);
  const entries = services.items.flatMap((pair, i) => {
    const written2 = readService(pair, services.items[i + 1], services, place, { file, counter });
    return written2 === void 0 ? [] : [[written2.name.written.replace(/^["']|["']$/g, ""), written2]];
  });
  const plain = document.toJS({ maxAliasCount: 1e3 });
  const definitions = valueAt(plain, "services");
  return {
    file,
    services: new Map(entries),
    networks: readTop(document.contents, "networks", file.text, counter),
    imageOf: (name) => {
      const image2 = valueAt(valueAt(definitions, name), "image");
      return typeof image2 === "string" ? image2 : void 0;
    },
    callersOf: (name) => callersOf(definitions, name),
    mentions: (name) => ({
      tokens: services.items.flatMap((pair) => dependsOn(pair.value, name, place)),
      others: mentioning(definitions, name)
    })
  };
}
function replaceToken(token, text2, flow = false) {
  const quoted2 = token.quoted || flow;
  return {
    kind: "replace",
    line: token.line,
    column: token.column,
    old: token.written,
    text: quoted2 ? JSON.stringify(text2) : text2
  };
}
function unquoted({ written: written2, quoted: quoted2 }) {
  return quoted2 ? written2.slice(1, -1) : written2;
}
function placing(file, counter) {
  return (node) => {
    if (!(0, import_yaml2.isScalar)(node) || !node.range) return void 0;
    const [start, end] = node.range;
    const written2 = file.text.slice(start, end);
    if (written2 === "" || written2.includes("\n")) return void 0;
    const { line, col } = counter.linePos(start);
    return { line, column: col - 1, written: written2, quoted: /^["']/.test(written2) };
  };
}
function readService(pair, next, services, place, { file, counter }) {
  const name = place(pair.key);
  const body = pair.value;
  if (name === void 0 || !(0, import_yaml2.isMap)(body) || !body.range || services.flow) return void 0;
  const to = lastLine(file.text, body.range[1]);
  const following = place(next?.key);
  if (following !== void 0 && following.line <= to) return void 0;
  const first2 = body.items[0]?.key;
  const firstKey = place(first2);
  const bodyOf = (key) => body.items.find((item) => (0, import_yaml2.isScalar)(item.key) && item.key.value === key)?.value;
  const [image2, containerName] = [place(bodyOf("image")), place(bodyOf("container_name"))];
  const networks = readPart(body, "networks", file.text, counter);
  const volumes2 = listOf(body, "volumes", file.text, counter);
  const flow = body.flow === true;
  const column = firstKey?.column ?? name.column + 2;
  return {
    file,
    name,
    from: name.line,
    to,
    flow: flow || firstKey?.line === name.line,
    indent: " ".repeat(column),
    ...image2 && { image: image2 },
    ...containerName && { containerName },
    ...networks && { networks },
    ...volumes2 && { volumes: volumes2 },
    ports: portsOf(bodyOf("ports"), place),
    keys: body.items.flatMap((item) => (0, import_yaml2.isScalar)(item.key) ? [String(item.key.value)] : [])
  };
}
function portsOf(ports, place) {
  if (!(0, import_yaml2.isSeq)(ports)) return [];
  return ports.items.map((item) => {
    const short = place(item);
    if (short !== void 0) return { kind: "short", token: short };
    const pair = (0, import_yaml2.isMap)(item) ? item.items.find(({ key: key2 }) => (0, import_yaml2.isScalar)(key2) && key2.value === "published") : void 0;
    const [key, token] = [place(pair?.key), place(pair?.value)];
    const written2 = (0, import_yaml2.isMap)(item) ? item.get("host_ip", true) : void 0;
    const address = place(written2);
    if (!(0, import_yaml2.isMap)(item) || key === void 0 || token === void 0) return { kind: "unknown" };
    if (written2 !== void 0 && address === void 0) return { kind: "unknown" };
    return { kind: "published", token, key, flow: item.flow === true, ...address && { address } };
  });
}
function dependsOn(service, name, place) {
  const value = (0, import_yaml2.isMap)(service) ? service.get("depends_on", true) : void 0;
  const named3 = (0, import_yaml2.isSeq)(value) ? value.items : (0, import_yaml2.isMap)(value) ? value.items.map(({ key }) => key) : [];
  return named3.flatMap((node) => {
    const token = (0, import_yaml2.isScalar)(node) && node.value === name ? place(node) : void 0;
    return token === void 0 ? [] : [token];
  });
}
function mentioning(services, name) {
  if (typeof services !== "object" || services === null) return [];
  const entries = Object.entries(services);
  return entries.flatMap(([other, body]) => {
    if (other === name) return [];
    const { links, volumes_from: volumes2, extends: base, ...rest } = asRecord(body);
    const from = typeof base === "string" ? base : asRecord(base)["file"] === void 0 ? asRecord(base)["service"] : "";
    const names = (list) => Array.isArray(list) && list.some((each) => String(each).split(":")[0] === name);
    const keys = [
      ...names(links) ? ["links"] : [],
      ...names(volumes2) ? ["volumes_from"] : [],
      ...["network_mode", "pid", "ipc"].filter((key) => rest[key] === `service:${name}`),
      ...from === name ? ["extends"] : []
    ];
    return keys.map((by) => ({ service: other, by }));
  });
}
function callersOf(services, name) {
  const plain = name.replace(/[^A-Za-z0-9_-]/g, "\\$&");
  const host = new RegExp(`(?://|@)${plain}(?![A-Za-z0-9_.-])|(?:^|[\\s"'=,])${plain}:\\d`);
  return Object.entries(asRecord(services)).flatMap(([service, body]) => {
    if (service === name) return [];
    const found2 = ["command", "entrypoint", "healthcheck"].filter(
      (key) => host.test(JSON.stringify(valueAt(body, key)) ?? "")
    );
    return found2.map((by) => ({ service, by }));
  });
}
function asRecord(value) {
  return typeof value === "object" && value !== null ? value : {};
}
function valueAt(value, key) {
  return asRecord(value)[key];
}
function lastLine(text2, end) {
  return text2.slice(0, end).trimEnd().split("\n").length;
}

// src/runtimes/compose/check/trial.ts
import { randomUUID } from "node:crypto";

// src/checking/edits/file-text.ts
function editedText(text2, edits) {
  const all = linesOf(text2);
  const made = piecesOf(all.length, edits).map((piece) => {
    if (piece.kind === "text") return piece.text;
    const numbers = numbersOf(piece).filter((number) => !piece.without.includes(number));
    return numbers.map((number) => `${replaced(all[number - 1] ?? "", number, piece.replacements)}
`).join("");
  });
  const whole = made.join("");
  const cut = !text2.endsWith("\n") && piecesOf(all.length, edits).at(-1)?.kind === "lines" && all.length > 0;
  return cut ? whole.slice(0, -1) : whole;
}
function editingCommands(text2, edits) {
  const all = linesOf(text2);
  const pieces = piecesOf(all.length, edits);
  return lines(
    ...pieces.flatMap((piece, i) => {
      if (piece.kind === "text") return [hereDocument(piece.text)];
      const open = piece.to === all.length && !text2.endsWith("\n") && i < pieces.length - 1;
      return [printing(piece, all), ...open ? [sh`echo`] : []];
    })
  );
}
function linesOf(text2) {
  const all = text2.split("\n");
  return all.at(-1) === "" ? all.slice(0, -1) : all;
}
function piecesOf(count, edits) {
  const replacements = edits.filter((edit) => edit.kind === "replace");
  const without = edits.flatMap((edit) => edit.kind === "remove" ? [edit.line] : []);
  const placed = edits.flatMap((edit) => {
    if (edit.kind === "insert") return [{ after: edit.after, piece: { kind: "text", text: edit.text } }];
    return edit.kind === "copy" ? copied(edit).map((piece) => ({ after: edit.to, piece })) : [];
  });
  const cuts = [...new Set(placed.map(({ after }) => after))].sort((one, other) => one - other);
  const pieces = [];
  let from = 1;
  for (const cut of [...cuts, count]) {
    if (cut >= from) pieces.push({ kind: "lines", from, to: cut, replacements, without });
    from = Math.max(from, cut + 1);
    pieces.push(...placed.flatMap(({ after, piece }) => after === cut && cuts.includes(cut) ? [piece] : []));
    if (cut === count) break;
  }
  return pieces;
}
function copied({ from, to, second, replacements, without }) {
  const rest = { kind: "lines", replacements, without };
  if (second === "") return [{ ...rest, from, to }];
  const others = from < to ? [{ ...rest, from: from + 1, to }] : [];
  return [{ ...rest, from, to: from }, { kind: "text", text: second }, ...others];
}
function numbersOf({ from, to }) {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
function within(replacements, line) {
  return replacements.filter((each) => each.line === line).toSorted((one, other) => other.column - one.column);
}
function replaced(line, number, replacements) {
  return within(replacements, number).reduce(
    (text2, { column, old, text: next }) => text2.slice(0, column) + next + text2.slice(column + old.length),
    line
  );
}
function printing(piece, all) {
  const { from, to, replacements, without } = piece;
  const changes = numbersOf(piece).flatMap((number) => {
    let line = all[number - 1] ?? "";
    return within(replacements, number).map((each) => {
      const script2 = `${number}${substitution(line, each)}`;
      line = line.slice(0, each.column) + each.text + line.slice(each.column + each.old.length);
      return script2;
    });
  });
  const dropped = without.filter((number) => number >= from && number <= to).map((number) => `${number}d`);
  const scripts = [...changes, ...dropped, `${from},${to}p`].map((script2) => sh`-e ${script2}`);
  return sh`sed -n ${words(scripts)} "$1"`;
}
function substitution(line, { column, old, text: text2 }) {
  const mark = ["#", "|", "%", "~", ","].find((each) => !old.includes(each) && !text2.includes(each)) ?? "";
  const next = text2.replace(/[\\&\n]/g, "\\$&");
  const pattern = old.replace(/[\\.*^$[\]]/g, "\\$&");
  if (old !== "" && line.indexOf(old) === column) return `s${mark}${pattern}${mark}${next}${mark}`;
  const bytes = Buffer.byteLength(line.slice(0, column));
  const counts = [...Array(Math.floor(bytes / 255)).fill(255), bytes % 255];
  const before2 = counts.map((count) => `.\\{${count}\\}`).join("");
  return `s${mark}^\\(${before2}\\)${pattern}${mark}\\1${next}${mark}`;
}

// src/runtimes/compose/check/trial.ts
var MEMORY_AND_DISK = ["/dev/shm", "/tmp"];
function placeOf({ name }) {
  return sh`"$copies"/${name}`;
}
var IMAGES_AWK = String.raw`
/^  "[^"]+": \{/ { services = ($1 == "\"services\":") }
/^    "[^"]+": \{/ && services { service = $1; gsub(/[":]/, "", service) }
/^      "image": "/ && services { image = $2; gsub(/[",]/, "", image); print service, image }
`;
function trialOf(target, project, files, sets2) {
  const folder2 = `blue-green-check-${randomUUID()}`;
  const copies = sets2.map(
    (changes, i) => files.map((file, number) => {
      const edits = changes.flatMap((change) => change.file.path === file.path ? change.edits : []);
      return { name: `${folder2}/${i + 1}-${number + 1}.yaml`, of: file.path, text: editedText(file.text, edits) };
    })
  );
  const originals = files.map(({ path }) => sh`${path}`);
  const directory = files[0]?.path.replace(/\/[^/]*$/, "") || "/";
  const parts = [originals, ...copies.map((set) => set.map(placeOf))].flatMap((read, i) => {
    const environment = { COMPOSE_PATH_SEPARATOR: ":" };
    const config = (more) => compose(
      { ...target, files: [], projectName: project },
      ["--project-directory", directory, "--profile", "*", "config", "--format", "json"],
      { ...environment, ...more }
    );
    const reads = lines(
      sh`COMPOSE_FILE=`,
      ...read.map((path) => sh`COMPOSE_FILE=$COMPOSE_FILE\${COMPOSE_FILE:+:}${path}`),
      sh`export COMPOSE_FILE`,
      enter(target)
    );
    const words3 = sh`"$copies"/${`${folder2}/words`}`;
    const whole = lines(
      reads,
      ...(copies[i - 1] ?? []).map((copy) => sh`{\n${hereDocument(copy.text)}\n} >${placeOf(copy)}`),
      sh`if json=$(${config(sentinelEnvironment(target.variable))} 2>${words3}); then printf '%s\\n' "$json" | ${masking()}`,
      sh`else ${cutting()} <${words3} >&2; exit 1; fi`
    );
    const images = lines(
      reads,
      sh`json=$(${config({})} 2>/dev/null) && printf '%s\\n' "$json" | LC_ALL=C awk ${IMAGES_AWK}`
    );
    return [
      [`project${i}`, whole],
      [`images${i}`, images]
    ];
  });
  const asked = sections(
    Object.fromEntries(parts),
    lines(
      // Memory, so that a disk that is full or is compared is left alone.
      sh`if [ -d /dev/shm ] && [ -w /dev/shm ]; then copies=/dev/shm; else copies=/tmp; fi`,
      sh`umask 077; mkdir "$copies"/${folder2} || exit 1; trap ${`rm -rf "$copies/${folder2}"`} EXIT`
    )
  );
  return {
    shell: asked.shell,
    read(stdout) {
      const said2 = asked.read(stdout);
      const tried2 = (i) => triedOf(said2[`project${i}`], said2[`images${i}`], copies.flat());
      return { now: tried2(0), changed: sets2.map((_, i) => tried2(i + 1)) };
    }
  };
}
function triedOf(whole, plain, copies) {
  const words3 = copies.reduce(
    (told2, { name, of }) => MEMORY_AND_DISK.reduce((text2, root) => text2.replaceAll(`${root}/${name}`, of), told2),
    whole?.stderr ?? ""
  );
  const images = (plain?.stdout ?? "").split("\n").flatMap((line) => {
    const [service, image2] = line.split(" ");
    return service && image2 ? [[service, image2]] : [];
  });
  return {
    project: whole?.code === 0 ? { kind: "said", value: parseProject(whole.stdout) } : { kind: "failed", code: whole?.code ?? 1, words: words3 },
    images: new Map(images)
  };
}

// src/checking/edits/live-change.ts
var PATIENCE = 3;
function liveChange({
  files,
  change,
  undo,
  verify,
  load,
  unload,
  sites,
  patience = PATIENCE
}) {
  const asked = load === void 0 ? [] : sites;
  const numbered = files.map((file, i) => ({ ...file, at: variable(`file${i + 1}`), kept: variable(`kept${i + 1}`) }));
  const folders = [...new Set(files.map(({ kept }) => kept.replace(/\/[^/]*$/, "")))];
  return lines(
    ...files.flatMap(({ path, kept }, i) => [
      sh`${variable(`file${i + 1}`).itself}=${path}`,
      sh`${variable(`kept${i + 1}`).itself}=${kept}`
    ]),
    ...asked.length === 0 ? [] : [ASKING, askingAll(asked)],
    sh`work=$(mktemp -d); changed=; loaded=; why='That was refused'; now='Everything is as it was.'`,
    sh`finish() {`,
    sh`  code=$?; trap - EXIT; trap '' HUP INT TERM`,
    sh`  if [ -n "$changed" ]; then`,
    ...numbered.map(
      ({ at, kept }) => sh`    { cat ${kept.value} >${at.value} && touch -r ${kept.value} ${at.value}; } || now="${at.plain} could not be put back: it was ${kept.plain}."`
    ),
    ...undo === void 0 ? [] : [sh`    { ${undo}; } || now='Not all of it could be put back.'`],
    ...load === void 0 ? [] : [
      sh`    if [ -n "$loaded" ]; then`,
      sh`      { ${unload ?? load}; } || now='The files are as they were, but could not be loaded.'`,
      ...asked.length === 0 ? [] : [sh`      before=$why; settled || now="After that was put back, $why."; why=$before`],
      sh`    fi`
    ],
    sh`    echo "$why. $now" >&2; [ "$code" -ne 0 ] || code=1`,
    sh`  fi`,
    sh`  rm -rf "$work"; exit "$code"`,
    sh`}`,
    sh`trap finish EXIT; trap 'why="This was interrupted"; exit 130' HUP INT TERM`,
    ...asked.length === 0 ? [] : [settling(patience), BEFORE],
    ...folders.map((folder2) => sh`[ -d ${folder2} ] || mkdir -p ${folder2}`),
    ...numbered.map(({ at, kept }) => sh`cp -p ${at.value} ${kept.value}`),
    sh`changed=1`,
    ...change === void 0 ? [] : [change],
    ...verify === void 0 ? [] : [sh`{ ${verify}; } || exit 1`],
    ...load === void 0 ? [] : [sh`loaded=1`, sh`{ ${load}; } || exit 1`],
    ...asked.length === 0 ? [] : [sh`settled || exit 1`],
    sh`changed=`,
    ...files.length === 0 ? [] : [
      sh`echo "Done. As it was before: ${words(
        numbered.map(({ kept }) => kept.plain),
        ", "
      )}"`
    ]
  );
}
function variable(name) {
  const itself = userCommand(name);
  return { itself, plain: sh`$${itself}`, value: sh`"$${itself}"`, withNew: sh`"$${itself}.new"` };
}
var ASKING = lines(
  sh`if command -v curl >/dev/null; then`,
  sh`  ask() { curl --silent --include --insecure --http1.1 --path-as-is --globoff --noproxy '*' --max-time 10 --header "Host: $4" --connect-to "$6:$2:$1:$2" "$3://$6:$2$5"; }`,
  sh`elif command -v openssl >/dev/null && command -v bash >/dev/null && command -v timeout >/dev/null; then`,
  sh`  ask() {`,
  sh`    if [ "$3" = https ]; then { printf 'GET %s HTTP/1.0\\r\\nHost: %s\\r\\n\\r\\n' "$5" "$4"; sleep 3; } | timeout 10 openssl s_client -quiet -servername "$6" -connect "$1:$2" 2>/dev/null`,
  sh`    else timeout 10 bash -c ${'exec 3<>"/dev/tcp/$1/$2"; printf "GET %s HTTP/1.0\\r\\nHost: %s\\r\\n\\r\\n" "$3" "$4" >&3; cat <&3'} ask "$(printf '%s' "$1" | tr -d '[]')" "$2" "$5" "$4" 2>/dev/null`,
  sh`    fi`,
  sh`  }`,
  sh`else echo 'Install curl first: nothing here can ask the sites as their visitors do.' >&2; exit 1`,
  sh`fi`
);
function askingAll(sites) {
  const each = sites.map(({ address, port, tls, host, path }, i) => {
    const at = address.includes(":") ? `[${address}]` : address;
    const name = host.replace(/:\d+$/, "");
    return sh`  keep ${i + 1} "$1" ${at} ${port} ${tls ? "https" : "http"} ${host} ${path} ${name}`;
  });
  return lines(
    // A status, the headers by which visitors are sent about, then the body.
    sh`keep() { number=$1 name=$2; shift 2; ask "$@" </dev/null | head -c 65536 | awk ${SUMMARY_AWK} >"$work/$number.$name" || :; }`,
    sh`ask_all() {`,
    ...each,
    sh`}`,
    sh`title() { case $1 in`,
    ...sites.map(
      ({ tls, host, path }, i) => sh`  ${i + 1}) printf %s ${`${tls ? "https" : "http"}://${host}${path}`} ;;`
    ),
    sh`  esac; }`,
    sh`sites=${sites.map((_, i) => String(i + 1)).join(" ")}`
  );
}
var SUMMARY_AWK = String.raw`
{ sub(/\r$/, "") }
NR == 1 { print "status", $2; next }
!body && $0 == "" { body = 1; next }
!body { if (tolower($0) ~ /^(content-type|location|www-authenticate):/) print; next }
{ print "body", $0 }`;
var BEFORE = lines(
  sh`ask_all one; ask_all two`,
  sh`for number in $sites; do`,
  sh`  awk 'FILENAME == ARGV[1] { seen[$0]; next } $0 in seen' "$work/$number.one" "$work/$number.two" >"$work/$number.same"`,
  // An error of the server proves nothing.
  sh`  grep -q '^status [1-4]' "$work/$number.same" || : >"$work/$number.same"`,
  sh`done`
);
function settling(patience) {
  return lines(
    sh`differs() {`,
    sh`  for number in $sites; do`,
    sh`    awk 'FILENAME == ARGV[1] { seen[$0]; next } !($0 in seen) { lacks = 1 } END { exit !lacks }' "$work/$number.new" "$work/$number.same" || continue`,
    sh`    was=$(sed -n '1s/^status //p' "$work/$number.same") is=$(sed -n '1s/^status //p' "$work/$number.new")`,
    sh`    [ "$was" != "$is" ] || is="$is with another page"`,
    sh`    why="$(title "$number") answered $was before, and then \${is:-nothing}"; return 0`,
    sh`  done`,
    sh`  return 1`,
    sh`}`,
    sh`settled() {`,
    sh`  good=0 tries=0`,
    sh`  while [ "$good" -lt 3 ]; do`,
    sh`    sleep 1; ask_all new; tries=$((tries + 1))`,
    sh`    if ! differs; then good=$((good + 1)); elif [ "$tries" -lt ${patience} ]; then good=0; else return 1; fi`,
    sh`  done`,
    sh`}`
  );
}

// src/checking/edits/change-block.ts
function changeBlock(changes, { verify, load, unload, sites = [], originals }) {
  const files = changes.map(({ file, edits }, i) => ({
    path: file.path,
    kept: keptAs(file, originals),
    at: variable(`file${i + 1}`),
    keeping: variable(`kept${i + 1}`),
    was: sha256(file.text),
    is: sha256(editedText(file.text, edits)),
    making: editingCommands(file.text, edits)
  }));
  const all = (each, by) => words(files.map(each), by);
  const text2 = lines(
    sh`(`,
    sh`set -eu; LC_ALL=C; export LC_ALL; umask 077`,
    sh`sum() { sha256sum <"$1" | cut -c 1-64; }`,
    sh`if ${all(({ path, is }) => sh`[ "$(sum ${path})" = ${is} ]`, " && ")}; then`,
    sh`  echo 'This is done already.'; exit 0`,
    sh`elif ${all(({ path, was }) => sh`[ "$(sum ${path})" != ${was} ]`, " || ")}; then`,
    sh`  echo 'The file is not what was seen any more. Run the check again.' >&2; exit 1`,
    sh`fi`,
    liveChange({
      files,
      change: lines(
        ...files.flatMap(({ at, keeping, making }) => [
          sh`set -- ${at.value}`,
          sh`{`,
          making,
          sh`} >${keeping.withNew}`
        ]),
        ...files.map(({ at, keeping }) => sh`cat ${keeping.withNew} >${at.value}; rm ${keeping.withNew}`)
      ),
      verify,
      ...load !== void 0 && { load },
      ...unload !== void 0 && { unload },
      sites
    }),
    sh`)`
  ).text;
  return shell(originals === void 0 && changes.every(({ file }) => file.writable) ? "host" : "host as root", text2);
}
function keptAs({ path, text: text2 }, originals) {
  const place = originals === void 0 ? path : `${originals}/${path.slice(1).replaceAll("/", "__")}`;
  return `${place}.before-${sha256(text2).slice(0, 8)}`;
}

// src/checking/edits/change-sentences.ts
function changeSentences(changes) {
  const byPath = Map.groupBy(changes, ({ file }) => file.path);
  return [...byPath].flatMap(([path, same]) => {
    const lines2 = same[0]?.file.text.split("\n") ?? [];
    const told2 = same.flatMap(({ edits }) => edits.toSorted((one, other) => placeOf2(one) - placeOf2(other)));
    const parts = [...new Set(told2.map((edit) => sentence2(edit, lines2)))];
    return parts.length === 0 ? [] : [`In ${path}: ${parts.join("; ")}.`];
  });
}
function sentence2(edit, lines2) {
  switch (edit.kind) {
    case "replace":
      return `line ${edit.line}: ${replaced2(edit)}`;
    case "insert":
      return `after line ${edit.after}: ${quoted(edit.text)}`;
    case "remove":
      return `line ${edit.line}: ${quoted(lines2[edit.line - 1] ?? "")} is taken out`;
    case "copy":
      return copied2(edit, lines2);
  }
}
function copied2({ from, to, replacements, without, second }, lines2) {
  const changed = replacements.map(replaced2);
  const dropped = without.map((line) => `without ${quoted(lines2[line - 1] ?? "")}`);
  const added = second === "" ? [] : [`with ${quoted(second)}`];
  return `lines ${from} to ${to} once more (${[...changed, ...added, ...dropped].join(", ")})`;
}
function replaced2({ old, text: text2 }) {
  return old === "" ? `${quoted(text2)} is added` : `${quoted(old)} becomes ${quoted(text2)}`;
}
function quoted(text2) {
  return `\`${text2.trim().replace(/\s*\n\s*/g, " / ").replaceAll("`", "'")}\``;
}
function placeOf2(edit) {
  return "line" in edit ? edit.line : edit.kind === "insert" ? edit.after : edit.to;
}

// src/checking/edits/together.ts
var KINDS = ["compose", "nginx"];
function changedTogether(drafts, kind) {
  const changing = drafts.filter(({ changes = [] }) => changes.some(({ file }) => file.kind === kind));
  return changing.filter(({ severity }) => severity !== "problem" === (changing[0]?.severity !== "problem"));
}
function findingsOf(drafts, carrying) {
  const blocks = /* @__PURE__ */ new Map();
  const waiting = /* @__PURE__ */ new Set();
  const together = /* @__PURE__ */ new Set();
  for (const kind of KINDS) {
    const changing = drafts.filter(({ changes = [] }) => changes.some(({ file }) => file.kind === kind));
    const now = changedTogether(drafts, kind);
    const [first2] = now;
    if (first2 === void 0) continue;
    for (const each of changing) if (!now.includes(each)) waiting.add(each);
    for (const each of now.slice(1)) together.add(each);
    blocks.set(first2, changeBlock(merged(now.flatMap(({ changes = [] }) => changes)), carrying(kind)));
  }
  return drafts.map((draft) => {
    const { changes = [], tells: _, otherwise: __, afterwards = [], fix, ...finding } = draft;
    const lines2 = changeSentences(changes.filter(({ file }) => file.kind === "compose"));
    const block = blocks.get(draft);
    const later = waiting.has(draft) ? " The check prints the block for it once the file above is mended." : together.has(draft) ? " The block above that changes the same file does it." : "";
    return {
      ...finding,
      fix: {
        text: [fix.text, ...lines2].join(" ") + later,
        blocks: [...fix.blocks, ...block ? [block] : [], ...waiting.has(draft) ? [] : afterwards]
      }
    };
  });
}
function merged(changes) {
  const byPath = Map.groupBy(changes, ({ file }) => file.path);
  return [...byPath.values()].flatMap((same) => {
    const [first2] = same;
    return first2 === void 0 ? [] : [{ file: first2.file, edits: same.flatMap(({ edits }) => edits) }];
  });
}

// src/checking/edits/settling.ts
function setsToTry(drafts) {
  const all = changedTogether(drafts, "compose");
  return all.length < 2 ? all.map((draft) => [draft]) : [all, ...all.map((draft) => [draft])];
}
function composeChanges(drafts) {
  return drafts.flatMap(({ changes = [] }) => changes.filter(({ file }) => file.kind === "compose"));
}
function settled(drafts, sets2, verdicts) {
  if (verdicts[0]?.kind === "good") return drafts;
  const alone = new Map(sets2.flatMap((set, i) => set.length === 1 ? [[set[0], verdicts[i]]] : []));
  const first2 = drafts.find((draft) => alone.get(draft)?.kind === "good");
  return drafts.map((draft) => {
    const verdict = alone.get(draft);
    if (verdict === void 0 || draft === first2) return draft;
    const { changes: _, otherwise = [], ...rest } = draft;
    const { text: text2, blocks } = draft.fix;
    if (verdict.kind === "good") {
      return {
        ...rest,
        fix: { text: `${text2} The check prints the block for it once the file above is changed.`, blocks }
      };
    }
    return {
      ...rest,
      fix: {
        text: `${text2} It has to be written by hand, because ${verdict.why}.`,
        blocks: [...blocks, ...otherwise]
      }
    };
  });
}

// src/checking/telling.ts
function withCode(all, ...codes) {
  return all.filter(({ code }) => codes.some((each) => each === code));
}
function sentencesOf(all) {
  return all.map(sentence).join(" ");
}

// src/checking/host/health.ts
var TIMEOUT = 5e3;
async function wishForHost(inputs, facts, host, ask, signal) {
  const name = facts.router.route?.request.host;
  if (name === void 0) return void 0;
  for (const color of COLORS) {
    const question = colorQuestion({ inputs, facts, host }, color, void 0);
    if (inputs.health.host !== void 0 || question.request.host === name) return void 0;
    const answer = await answerOf(question, ask, TIMEOUT, signal);
    const why = typeof answer === "string" ? void 0 : fault(question.expect, answer);
    if (why === void 0) continue;
    const named3 = { ...question, request: { ...question.request, host: name } };
    const other = await answerOf(named3, ask, TIMEOUT, signal);
    if (typeof other !== "string" && fault(question.expect, other) === void 0)
      return { title: question.title, why, host: name };
  }
  return void 0;
}
function healthFindings(hostWish, { warnings, notes }) {
  if (hostWish === void 0) return [];
  const { title, why, host } = hostWish;
  return [
    {
      severity: "problem",
      title: "The application wants the name of its site",
      seen: `${title} ${why}; asked with \`Host: ${host}\` it is well.`,
      why: "A release asks the new version before anybody is sent to it, and would find it unhealthy.",
      fix: { text: "Name it in the workflow.", blocks: [workflow(`health-host: ${host}`)] },
      tells: withCode([...warnings, ...notes], "live-not-well")
    }
  ];
}

// src/routers/nginx/check/passes.ts
function reachingPasses(configuration, meaning = normalizeAddress) {
  const https = new Set(httpDirectives(configuration));
  const upstreams = findUpstreams(configuration);
  return passesOf(configuration).filter(({ server }) => https.has(server.directive)).map((pass) => {
    const all = statesOf(pass.server).flatMap((state) => destinations(configuration, pass, state));
    const found2 = [...new Set(all)].map((to) => upstreams.find(({ name }) => sameName(name, to)) ?? to);
    const addresses = found2.flatMap(
      (each) => typeof each === "string" ? [each] : each.servers.filter(({ down }) => !down).map(({ address }) => address)
    );
    const named3 = found2.find((each) => typeof each !== "string");
    return {
      pass,
      addresses: [...new Set(addresses.map(meaning))],
      ...typeof named3 === "object" && { upstream: named3.name }
    };
  });
}
function reachedBy({ nginx: nginx2, meaning }) {
  if (nginx2?.kind !== "read") return [];
  return reachingPasses(nginx2.configuration, meaning).flatMap(({ addresses }) => addresses);
}

// src/routers/nginx/check/sites.ts
var MOST = 24;
function sitesOf({ configuration, container }, paths, servers) {
  const ports = container === void 0 || container.hostNetwork ? void 0 : container.ports;
  const plain = [.../* @__PURE__ */ new Set(["/", ...paths.map((path) => path.replace(/[?#].*$/s, ""))])];
  const wanted2 = httpServers(configuration).filter(({ directive }) => servers?.includes(directive) ?? true);
  const all = plain.flatMap((path) => routesAt(configuration, wanted2, path, ports));
  return all.slice(0, MOST);
}
function routesAt(configuration, servers, healthPath, ports) {
  return servers.flatMap((server) => {
    const options = { healthPath, upstreams: [], ...ports && { publishedPorts: ports } };
    const { routes } = publicRoutes(configuration, [server], options);
    const hosts2 = hostsOf(configuration, server);
    return routes.flatMap(({ address, port, tls, path }) => hosts2.map((host) => ({ address, port, tls, host, path })));
  });
}

// src/routers/nginx/check/context.ts
function colorAt({ addresses, apart }, address) {
  const own = COLORS.find((color) => {
    const known = addresses[color];
    return known !== void 0 && normalizeAddress(known) === address;
  });
  const parsed2 = parseAddress(address);
  return own ?? (parsed2.kind === "unix" ? void 0 : COLORS.find((color) => apart?.hosts[color].includes(parsed2.host)));
}

// src/routers/nginx/check/switch-text.ts
function switchUpstreams({ upstream, addresses: { blue, green } }) {
  const names = pairNames(upstream);
  const backed = (own, other) => `{ server ${own} max_fails=5 fail_timeout=5s; server ${other} backup; }`;
  return [
    `upstream ${names.blue} { server ${blue}; }`,
    `upstream ${names.green} { server ${green}; }`,
    `upstream ${names.blueBacked} ${backed(blue, green)}`,
    `upstream ${names.greenBacked} ${backed(green, blue)}`
  ];
}
function switchChoice({ upstream, stateDirectory: stateDirectory2 }) {
  const name = variableOf(upstream);
  return [
    "open_file_cache off;",
    `set $${name}_color blue;`,
    `if (-f ${stateDirectory2}/green) { set $${name}_color green; }`,
    `set $${name}_upstream ${upstream}_$${name}_color;`,
    `if (-f ${stateDirectory2}/backed) { set $${name}_upstream ${upstream}_\${${name}_color}_backed; }`,
    `location = ${markerPath} { default_type text/plain; return 200 "$${name}_upstream\\n"; }`
  ];
}
function switchTarget({ upstream }) {
  return `$${variableOf(upstream)}_upstream`;
}
function switchFile(parts, listen, serverName) {
  return `${switchUpstreams(parts).join("\n")}
server {
    listen ${listen};
    server_name ${serverName};
${switchChoice(parts).map((line) => `    ${line}
`).join("")}    location / {
        proxy_pass http://${switchTarget(parts)};
        proxy_connect_timeout 1s;
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
    }
}
`;
}
function variableOf(upstream) {
  return upstream.replace(/[^A-Za-z0-9_]/g, "_");
}

// src/routers/nginx/check/switch-place.ts
function passesToColors(seen, colors) {
  const { nginx: nginx2, inputs } = seen;
  if (nginx2?.kind !== "read" || colors === void 0) return [];
  const names = Object.values(pairNames(inputs.nginx.upstream)).map((name) => name.toLowerCase());
  return reachingPasses(nginx2.configuration, seen.meaning).filter(
    ({ addresses, upstream }) => upstream !== void 0 && names.includes(upstream.toLowerCase()) || addresses.some((each) => colorAt(colors, each) !== void 0 || names.includes(each.replace(/:80$/, "")))
  );
}
function leadsToColors(context) {
  const { nginx: nginx2, colors } = context;
  const meaning = context.meaning;
  return (to) => {
    if (nginx2?.kind !== "read" || colors === void 0) return false;
    const servers = findUpstream(nginx2.configuration, to)?.servers.filter(({ down }) => !down);
    const addresses = servers?.map(({ address }) => address) ?? [to];
    return addresses.some((address) => colorAt(colors, meaning(address)) !== void 0);
  };
}
function switchParts(context) {
  const { blue, green } = context.colors?.addresses ?? {};
  if (blue === void 0 || green === void 0) return void 0;
  const { upstream } = context.inputs.nginx;
  return { upstream, addresses: { blue, green }, stateDirectory: seenStateDirectory(context) };
}
function seenStateDirectory({ inputs, nginx: nginx2 }) {
  const { stateDirectory: stateDirectory2 } = inputs.nginx;
  const container = nginx2?.kind === "read" ? nginx2.container : void 0;
  return (container && inContainer(container, stateDirectory2)) ?? stateDirectory2;
}
function liveNow(context, passes) {
  const { nginx: nginx2, colors, state, inputs } = context;
  if (nginx2?.kind !== "read" || colors === void 0) return void 0;
  const { configuration } = nginx2;
  const pair = readPair(configuration, inputs.nginx.upstream);
  const meaning = context.meaning;
  const folder2 = seenStateDirectory(context);
  const files = new Set(state.kind === "usable" ? [...state.files].map((name) => `${folder2}/${name}`) : []);
  const found2 = passes.flatMap(({ pass }) => {
    const present = new Set(filesAskedFor(pass.server).filter((file) => files.has(file)));
    return destinations(configuration, pass, present).flatMap((to) => {
      const own = colorOfName(pair, to);
      if (own !== void 0) return [own];
      const servers = findUpstream(configuration, to)?.servers.filter(({ down }) => !down);
      const addresses = servers?.map(({ address }) => meaning(address)) ?? [meaning(to)];
      return addresses.flatMap((address) => colorAt(colors, address) ?? []);
    });
  });
  const live = COLORS.filter((color) => found2.includes(color));
  return live.length === 1 ? live[0] : void 0;
}
function beforeInstalling(context) {
  const { inputs, state, hostFacts, colors } = context;
  const live = liveNow(context, passesToColors(context, colors));
  const { stateDirectory: stateDirectory2 } = inputs.nginx;
  const green = `${stateDirectory2}/green`;
  const user2 = state.user || hostFacts.user;
  if (live === "blue") return state.kind === "usable" && state.files.has("green") ? [sh`rm -f ${green}`] : [];
  if (live !== "green") return [];
  return [
    sh`{ [ -d ${stateDirectory2} ] || install -d -m 0711 -o ${user2} ${stateDirectory2}; }`,
    sh`{ [ -e ${green} ] || install -m 0600 -o ${user2} /dev/null ${green}; }`
  ];
}
function faultsBesideLoading(nginx2, place) {
  const loaded = { kind: "loaded", master: 0, touched: [] };
  return assessNginx({ ...nginx2, loaded }, place).refusals.map(({ notice }) => notice);
}
function byHand(parts, why) {
  const text2 = [
    ...switchUpstreams(parts),
    "server {",
    ...switchChoice(parts).map((line) => `    ${line}`),
    `    location / { proxy_pass http://${switchTarget(parts)}; proxy_connect_timeout 1s; }`,
    "}"
  ].join("\n");
  return {
    text: `${why} Put them in by hand; your server block keeps what else it has.`,
    blocks: [{ language: "nginx", where: "nginx", text: text2 }]
  };
}

// src/checking/pairing/meant-address.ts
function meaningOf(seen) {
  const { nginx: nginx2, hostFacts } = seen;
  const read = nginx2?.kind === "read" ? nginx2 : void 0;
  const host = read?.addresses ?? ANY_HOST;
  const apart = read?.container !== void 0 && !read.container.hostNetwork;
  const ofProject = projectOf(seen)?.services.flatMap(({ ports }) => ports) ?? [];
  const published = [
    ...ofProject.flatMap(
      ({ protocol, published: port, address }) => protocol === "tcp" && /^\d+$/.test(port) ? [{ address, port: Number(port) }] : []
    ),
    ...hostFacts.runs.flatMap(({ ports }) => ports.map((port) => ({ address: port.address, port: port.host })))
  ];
  return (written2) => {
    const found2 = apart ? void 0 : published.find((each) => endsAt(written2, each, host) === "there");
    if (found2 !== void 0) return writtenAddress(loopbackOf(found2));
    const parsed2 = parseAddress(written2);
    if (parsed2.kind === "unix" || written2.includes("$")) return normalizeAddress(written2);
    const [meant] = apart && parsed2.host !== "localhost" ? [] : meantBy(parsed2, host) ?? [];
    return meant === void 0 ? normalizeAddress(written2) : writtenAddress({ host: meant, port: parsed2.port });
  };
}

// src/checking/pairing/as-nginx.ts
function asNginx(context) {
  return { ...context, meaning: meaningOf(context), folder: projectDirectory(context) };
}
function reachedIn(seen) {
  return reachedBy({ ...seen, meaning: meaningOf(seen) });
}
function liveIn(context) {
  const own = asNginx(context);
  return liveNow(own, passesToColors(own, context.colors));
}
function siteOf(context) {
  const { nginx: nginx2 } = context;
  if (nginx2?.kind !== "read" || nginx2.container !== void 0) return void 0;
  const servers = passesToColors(asNginx(context), context.colors).map(({ pass }) => pass.server.directive);
  const sites = sitesOf(nginx2, [], servers).filter(({ address, host }) => address === "127.0.0.1" && host.includes("."));
  const site = sites.find(({ tls }) => !tls) ?? sites[0];
  if (site === void 0) return void 0;
  const usual = site.port === (site.tls ? 443 : 80) ? "" : `:${site.port}`;
  return { name: site.host, url: `${site.tls ? "https" : "http"}://${site.host}${usual}` };
}

// src/checking/pairing/subnet.ts
function freeSubnet(taken) {
  const ranges = taken.flatMap((each) => rangeOf(each) ?? []);
  for (let second = 201; second < 255; second++) {
    for (let third = 0; third < 256; third++) {
      const subnet = `10.${second}.${third}.0/24`;
      const wanted2 = rangeOf(subnet);
      if (wanted2 && ranges.every(({ from, to }) => to < wanted2.from || from > wanted2.to)) return subnet;
    }
  }
  return void 0;
}
function isInSubnet(address, subnet) {
  const [range, one] = [rangeOf(subnet), numberOf(address)];
  return range !== void 0 && one !== void 0 && one >= range.from && one <= range.to;
}
function rangeOf(subnet) {
  const [address = "", bits = "32"] = subnet.split("/");
  const number = numberOf(address);
  if (number === void 0 || !/^\d+$/.test(bits)) return void 0;
  const size = 2 ** (32 - Number(bits));
  const from = Math.floor(number / size) * size;
  return { from, to: from + size - 1 };
}
function numberOf(address) {
  const bytes = address.split(".").map(Number);
  if (bytes.length !== 4 || bytes.some((byte) => !Number.isInteger(byte) || byte < 0 || byte > 255)) return void 0;
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

// src/checking/pairing/apart.ts
var KEY = "blue_green";
function readApart(seen, { services, single, base, port }, reached) {
  const { nginx: nginx2, inputs, hostFacts } = seen;
  const project = projectOf(seen);
  if (nginx2?.kind !== "read" || nginx2.container === void 0 || nginx2.container.hostNetwork) return void 0;
  if (project === void 0) return void 0;
  const hostsOf2 = (color) => {
    const service = single === void 0 ? services[color] : color === "blue" ? single : void 0;
    return service === void 0 ? [] : hosts(seen, project, service);
  };
  const before2 = fromBefore(seen, project);
  const adopted = before2?.addresses.includes(fixedOf(services.green)) ? "green" : "blue";
  const beforeHosts = (color) => before2 === void 0 || color !== adopted ? [] : [before2.service, before2.name, ...before2.addresses];
  const known = {
    blue: distinct([...hostsOf2("blue"), ...beforeHosts("blue")]),
    green: distinct([...hostsOf2("green"), ...beforeHosts("green")])
  };
  const ports = reached.flatMap((each) => {
    const address2 = parseAddress(each);
    return address2.kind !== "unix" && COLORS.some((color) => known[color].includes(address2.host)) ? [address2.port] : [];
  });
  const inside2 = ports[0] ?? port ?? base.ports[0]?.target;
  const fixed = (color) => single === void 0 ? services[color]?.fixedAddresses[0] : void 0;
  const missing = COLORS.filter((color) => inputs.nginx.addresses[color] === void 0 && fixed(color) === void 0);
  const subnet = missing.length === 0 ? void 0 : freeSubnet([...hostFacts.subnets.map((each) => each.subnet), ...hostFacts.routes]);
  const address = (color) => {
    const given = inputs.nginx.addresses[color];
    if (given !== void 0 || inside2 === void 0) return given;
    const own = fixed(color);
    if (own !== void 0) return `${own}:${inside2}`;
    return subnet === void 0 ? void 0 : `${subnet.replace(/0\/24$/, color === "blue" ? "10" : "11")}:${inside2}`;
  };
  const [blue, green] = [address("blue"), address("green")];
  const network = subnet === void 0 ? void 0 : { key: freeKey(project), subnet, range: subnet.replace(/0\/24$/, "128/25") };
  return {
    hosts: known,
    addresses: { ...blue && { blue }, ...green && { green } },
    ...network && { network }
  };
}
function hosts(seen, project, service) {
  const running = (said(seen.compose?.containers) ?? []).filter(
    (each) => each.project === project.name && each.service === service.name && !each.oneOff && isRunning(each)
  );
  const { names } = colorService(service);
  const all = [...names, ...running.flatMap(({ name, addresses }) => [name, ...addresses])];
  return distinct(all);
}
function fromBefore({ inputs, compose: compose3 }, project) {
  const { service } = inputs.application;
  return (said(compose3?.containers) ?? []).find(
    (each) => each.project === project.name && each.service === service && !each.oneOff && isRunning(each)
  );
}
function fixedOf(service) {
  return service?.fixedAddresses[0] ?? "";
}
function distinct(all) {
  return [...new Set(all.map((each) => each.toLowerCase()).filter((each) => each !== ""))];
}
function freeKey({ networks }) {
  return networks.has(KEY) ? `${KEY}_release` : KEY;
}

// src/checking/pairing/colors.ts
function colorsOf(seen, reached) {
  const project = projectOf(seen);
  if (project === void 0) return void 0;
  const { service: name, services: named3 } = seen.inputs.application;
  const chosen = chooseColors(project, name, named3);
  const found2 = chosen.kind === "problem" ? halfOf(project, name, named3) : { services: chosen.services };
  if (found2 === void 0) return void 0;
  const single = "single" in found2 ? found2.single : void 0;
  const services = single === void 0 ? found2.services : { blue: single };
  const base = services.blue ?? services.green;
  if (base === void 0) return void 0;
  const names = namesFor(found2.services, single, name, named3);
  const free = freePorts(seen, project);
  const written2 = COLORS.find((color) => services[color] === void 0);
  const ports = /* @__PURE__ */ new Map();
  const known = written2 === void 0 ? void 0 : pairPort(seen, written2);
  if (written2 !== void 0 && known !== void 0 && base.ports.length === 1) {
    ports.set(base.ports[0]?.published ?? "", known);
  } else if (written2 !== void 0) {
    for (const { published } of base.ports) if (/^\d+$/.test(published)) ports.set(published, free(Number(published)));
  }
  const apart = readApart(seen, { services, single, base, port: portInside(seen, base) }, reached);
  const added = {};
  if (apart !== void 0) {
    const { addresses: addresses2, ...rest } = apart;
    return { names, addresses: addresses2, services, ports, published: added, apart: rest, ...single && { single } };
  }
  const addresses = {};
  for (const color of COLORS) {
    const address = seen.inputs.nginx.addresses[color] ?? addressOf(services[color] ?? base, reached, services[color] ? void 0 : ports);
    if (address !== void 0) {
      addresses[color] = address;
      continue;
    }
    const container = portInside(seen, services[color] ?? base);
    const own = services[color] ?? base;
    if (container === void 0 || own.networkMode === "host" || own.ports.length > 0) continue;
    added[color] = { host: free(color === "blue" ? 8079 : 8080), container };
    addresses[color] = `127.0.0.1:${added[color].host}`;
  }
  return { names, addresses, services, ports, published: added, ...single && { single } };
}
function halfOf(project, name, named3) {
  for (const color of COLORS) {
    for (const each of [named3[color], `${name}_${color}`, `${name}-${color}`]) {
      const service = each === void 0 ? void 0 : serviceNamed(project, each);
      if (service !== void 0) return { services: { [color]: service } };
    }
  }
  const single = serviceNamed(project, name);
  return single && { services: {}, single };
}
function namesFor(services, single, name, named3) {
  const there = single === void 0 ? services.blue ?? services.green : void 0;
  const joint = there?.name.startsWith(`${name}-`) ? "-" : "_";
  const nameOf = (color) => services[color]?.name ?? named3[color] ?? `${name}${joint}${color}`;
  return { blue: nameOf("blue"), green: nameOf("green") };
}
function addressOf(service, reached, moved) {
  const places = service.ports.filter(({ protocol, published }) => protocol === "tcp" && /^[1-9]\d*$/.test(published)).map(({ address, published }) => {
    const host = ["", "0.0.0.0", "::"].includes(address) ? "127.0.0.1" : address;
    return { now: writtenAddress({ host, port: Number(published) }), host, published };
  });
  const best = places.find(({ now }) => reached.includes(normalizeAddress(now))) ?? places[0];
  if (best === void 0) return void 0;
  return writtenAddress({ host: best.host, port: moved?.get(best.published) ?? Number(best.published) });
}
function portInside({ hostFacts, compose: compose3 }, service) {
  const exposed = service.exposed.flatMap(
    (written2) => /^\d+(\/tcp)?$/.test(written2) ? [Number.parseInt(written2, 10)] : []
  );
  const containers = compose3?.containers.kind === "said" ? compose3.containers.value : [];
  const image2 = containers.find((each) => each.service === service.name)?.image;
  const known = exposed.length > 0 ? exposed : hostFacts.images.get(image2 ?? "")?.ports ?? [];
  return known.length === 1 ? known[0] : void 0;
}
function pairPort({ nginx: nginx2, inputs }, color) {
  if (nginx2?.kind !== "read") return void 0;
  const [address, ...others] = readPair(nginx2.configuration, inputs.nginx.upstream).addresses[color];
  const [, port] = /^127\.0\.0\.1:(\d+)$/.exec(address ?? "") ?? [];
  return port === void 0 || others.length > 0 ? void 0 : Number(port);
}
function freePorts({ hostFacts }, project) {
  const wanted2 = project.services.flatMap(({ ports }) => ports.flatMap(({ published }) => rangeOf2(published)));
  const taken = /* @__PURE__ */ new Set([...hostFacts.listening, ...wanted2]);
  return (above) => {
    let port = above + 1;
    while (taken.has(port)) port++;
    taken.add(port);
    return port;
  };
}
function rangeOf2(published) {
  const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(published) ?? [];
  if (from === void 0) return [];
  return Array.from({ length: Number(to ?? from) - Number(from) + 1 }, (_, i) => Number(from) + i);
}

// src/routers/nginx/check/call.ts
function nginxCall({ inputs, folder: folder2 }, args) {
  const { nginx: nginx2 } = inputs;
  if (nginx2.command === void 0) return sh`nginx ${args}`;
  return sh`( cd ${fromHome(folder2)} && ${userCommand(nginx2.command)} ${args} </dev/null )`;
}

// src/routers/nginx/check/confinement.ts
function confinementFindings(context) {
  return [...securityModule(context), ...privateFolders(context)];
}
function securityModule({ hostFacts, inputs, nginx: nginx2 }) {
  const { enforcing, network, label } = hostFacts.security;
  if (!enforcing || nginx2?.kind === "read" && nginx2.container !== void 0) return [];
  const { stateDirectory: directory } = inputs.nginx;
  const readable = /:(httpd_sys_content_t|httpd_sys_rw_content_t|httpd_var_lib_t|public_content_t)(:|$)/.test(label);
  const needs = [
    ...network === false ? [sh`setsebool -P httpd_can_network_connect on`] : [],
    ...readable ? [] : [
      sh`command -v semanage >/dev/null || dnf install -y policycoreutils-python-utils`,
      sh`semanage fcontext -a -t httpd_sys_content_t ${`${directory}(/.*)?`} || semanage fcontext -m -t httpd_sys_content_t ${`${directory}(/.*)?`}`,
      sh`restorecon -R ${directory}`
    ]
  ];
  if (needs.length === 0) return [];
  return [
    {
      severity: "warning",
      title: "SELinux may keep Nginx from the colors and from the switch",
      seen: `SELinux is enforcing; ${[...network === false ? ["`httpd_can_network_connect` is off"] : [], ...readable ? [] : [`the label of ${directory} is ${label || "not known"}`]].join(", and ")}.`,
      why: "Nginx could then not connect to the port of a color, or not see the switch file: a flip that it cannot see means blue.",
      fix: {
        text: "Allow both; the label survives what is made there later.",
        blocks: [shell("host as root", lines(...needs).text)]
      }
    }
  ];
}
function privateFolders({ hostFacts, inputs }) {
  const { stateDirectory: directory } = inputs.nginx;
  const { PrivateTmp: temporary = "no", ProtectHome: home = "no", RootDirectory: root = "" } = hostFacts.unit;
  const hidden = temporary === "yes" && /^\/(var\/)?tmp\//.test(directory) && "PrivateTmp=yes" || /^(yes|tmpfs)$/.test(home) && /^\/(home|root|run\/user)\//.test(directory) && `ProtectHome=${home}` || root !== "" && root !== "/" && `RootDirectory=${root}`;
  if (hidden === false) return [];
  return [
    {
      severity: "warning",
      title: "Nginx cannot see the state directory",
      seen: `The unit nginx.service has \`${hidden}\`, and the state directory is ${directory}.`,
      why: "Nginx looks for the switch file in a folder of its own, and never finds it: that means blue, whatever is flipped.",
      fix: {
        text: "Take the default state directory, `/var/lib/blue-green/\u2026`: leave `state-directory` out of the workflow, and name it in the Nginx configuration.",
        blocks: []
      }
    }
  ];
}

// src/routers/nginx/check/pass-target.ts
function targetOf(configuration, pass) {
  const tables = tablesOf(configuration);
  const values = statesOf(pass.server).map((present) => {
    const scopes = scopesAfter(pass.deciding, present, tables);
    return [...new Set(scopes.flatMap((scope) => valuesOf(pass.directive.args[0] ?? "", scope, tables)))];
  });
  if (values.some((each) => each.length !== 1)) return void 0;
  const parsed2 = [...new Set(values.flat())].map((value) => /^([a-z]+:\/\/)?([^/$]*)(.*)$/i.exec(value));
  const all = (part) => new Set(parsed2.map((each) => each?.[part] ?? ""));
  const [schemes, authorities, uris] = [all(1), all(2), all(3)];
  const [scheme = "", authority = "", uri = ""] = [schemes, authorities, uris].map((each) => [...each][0]);
  if (schemes.size !== 1 || uris.size !== 1 || authorities.has("")) return void 0;
  return { scheme, uri, ...authorities.size === 1 && { authority } };
}

// src/routers/nginx/check/new-server.ts
function newServer(context, nginx2, parts, about, place) {
  if (findUpstream(nginx2.configuration, parts.upstream) !== void 0) return [];
  const name = context.inputs.route.url?.hostname ?? context.inputs.host.host;
  const text2 = switchFile(parts, "80", name);
  const byHand3 = [{ language: "nginx", where: "nginx", text: text2 }];
  const draft = {
    ...about,
    severity: "problem",
    title: "Nginx knows nothing of the application",
    seen: `No server block sends requests to ${parts.addresses.blue} or ${parts.addresses.green}.`
  };
  const mayLead = mayLeadThere(nginx2, parts, place);
  if (mayLead.length > 0) {
    return [
      {
        ...draft,
        title: "Where requests go cannot be told",
        seen: mayLead.map(
          ({ pass: { directive }, position, address }) => `\`${directive.name} ${directive.args[0] ?? ""}\` in ${position} sends requests to ${address}: the port is the application's, and where that leads is not known on this host.`
        ).join(" "),
        why: "If that is the application, a site of its own would leave these visitors on the old version for good.",
        fix: {
          text: "Write the IP address that is meant there (127.0.0.1 for this host), reload Nginx, and run the check again.",
          blocks: []
        }
      }
    ];
  }
  const unknown = unknownPasses(nginx2);
  if (unknown.length > 0) {
    return [
      {
        ...draft,
        title: "Where requests go only a request knows",
        seen: `${draft.seen} ${unknown.join(", ")}: what the variable holds is not said by \`set\` alone.`,
        why: "What Nginx sends to the application cannot be told, and so neither which color is live, nor whether a flip reaches all of it.",
        fix: {
          text: "Where that is the application, write its address there in place of the variable, and run the check again: it puts the switch in. Where it is not, add this to `http`, with the name of your site.",
          blocks: byHand3
        }
      }
    ];
  }
  const folder2 = siteFolder(nginx2);
  const spot = folder2 !== void 0 && nginx2.container !== void 0 ? onHost(nginx2.container, folder2) : folder2;
  if (spot === void 0) {
    const baked = folder2 === void 0 || nginx2.container === void 0 ? "" : ` ${folder2} of the container ${nginx2.container.name} is not mounted from the host: mount a folder there (\`volumes: ["./nginx:${folder2}:ro"]\`), with this as a file of it.`;
    return [{ ...draft, fix: { text: `Add this to \`http\`, with the name of your site.${baked}`, blocks: byHand3 } }];
  }
  const file = `${spot}/${parts.upstream}.conf`;
  return [
    {
      ...draft,
      fix: {
        text: `Make a server block for it, with the switch. Where your site has another name than ${name}, or TLS, change that in ${file} afterwards.`,
        blocks: [shell("host as root", installed(context, nginx2, file, text2).text)]
      }
    }
  ];
}
function siteFolder({ configuration }) {
  const main = configuration.files[0];
  const [, folder2] = /^\s*include\s+(\S+\/(?:conf\.d|http\.d|sites-enabled))\/\*(?:\.conf)?;/m.exec(main?.text ?? "") ?? [];
  const root = main?.path.replace(/\/[^/]*$/, "") ?? "/etc/nginx";
  return folder2 === void 0 || folder2.startsWith("/") ? folder2 : `${root}/${folder2}`;
}
function installed(context, nginx2, file, text2) {
  return lines(
    sh`(`,
    sh`set -eu`,
    sh`if [ -e ${file} ]; then`,
    sh`  [ "$(sha256sum <${file} | cut -c 1-64)" = ${sha256(text2)} ] || { echo ${`${file} is there, and another.`} >&2; exit 1; }`,
    sh`  echo 'This is done already.'; exit 0`,
    sh`fi`,
    liveChange({
      files: [],
      change: hereDocument(text2, file),
      undo: sh`rm ${file}`,
      verify: nginxCall(context, sh`-t`),
      load: nginxCall(context, sh`-s reload`),
      sites: sitesOf(nginx2, [context.inputs.health.path])
    }),
    sh`)`
  );
}
function mayLeadThere(nginx2, { addresses }, place) {
  if (place === void 0) return [];
  const apart = nginx2.container !== void 0 && !nginx2.container.hostNetwork;
  const colored = { services: place.services, addresses, host: nginx2.addresses ?? ANY_HOST, apart };
  return strangers(nginx2.configuration, colored, () => false);
}
function unknownPasses({ configuration }) {
  return reachingPasses(configuration).flatMap(({ pass }) => {
    const [target = ""] = pass.directive.args;
    if (!target.includes("$") || targetOf(configuration, pass) !== void 0) return [];
    return [`\`${pass.directive.name} ${target}\` in ${positionOf(configuration, pass.directive)}`];
  });
}

// src/routers/nginx/check/closed.ts
var FIRST_PORT = 8090;
function closedFindings(context, nginx2) {
  const { refusals, colors, inputs } = context;
  const tells = withCode(refusals, "route-refuses", "route-closed");
  if (tells.length === 0 || inputs.route.url !== void 0) return [];
  const { configuration } = nginx2;
  const passes = passesToColors(context, colors);
  const closing = [...new Set(passes.flatMap(({ pass }) => closedBy(configuration, pass.server, pass.directive)))];
  const [server] = passes.map(({ pass }) => pass.server);
  if (closing.length === 0 || server === void 0) return [];
  const told2 = closing.map(
    (directive) => `\`${[directive.name, ...directive.args].join(" ")}\` in ${positionOf(configuration, directive)}`
  );
  const about = {
    severity: "problem",
    title: "The site is closed to its own host",
    seen: `${told2.join(", ")}. ${sentencesOf(tells)}`,
    why: "Each flip is proven through Nginx, as visitors go; asked from its own host, this site refuses.",
    tells
  };
  const port = freePort(context);
  const text2 = loopbackServer(context, nginx2, server, port);
  if (text2 === void 0) return [];
  const inContainer2 = nginx2.container !== void 0 && !nginx2.container.hostNetwork;
  const folder2 = siteFolder(nginx2);
  const written2 = folder2 === void 0 || inContainer2 ? [{ language: "nginx", where: "nginx", text: text2 }] : [
    shell(
      "host as root",
      installed(context, nginx2, `${folder2}/${inputs.nginx.upstream}-loopback.conf`, text2).text
    )
  ];
  const publish = inContainer2 ? ` Listen on ${port} without the address there, and publish it: \`ports: ["127.0.0.1:${port}:${port}"]\`.` : "";
  return [
    {
      ...about,
      fix: {
        text: `Let Nginx listen on the loopback too, with the same choice of a color: nobody outside reaches that, and the site stays as closed as it is. Then name it in the workflow.${publish}`,
        blocks: [...written2, workflow(`verify-url: http://127.0.0.1:${port}${inputs.health.path}`)]
      }
    }
  ];
}
function closedBy(configuration, server, pass) {
  const placed = [...walkInside(server)].find(({ directive }) => directive === pass);
  const around = [...placed?.ancestors ?? [server.directive]].reverse().map(({ block = [] }) => block);
  const blocks = [...around, configuration.main];
  const nearest = (fits) => {
    const names = blocks.find((block) => block.some(fits)) ?? [];
    return names.filter(fits);
  };
  const refusing = nearest(({ name }) => name === "allow" || name === "deny").filter(({ name }) => name === "deny");
  const asking = ["auth_basic", "auth_request", "auth_jwt", "ssl_verify_client"].flatMap(
    (wanted2) => nearest(({ name }) => name === wanted2).filter(({ args }) => args[0] !== "off")
  );
  const conditions = around.flatMap((block) => block.filter(({ name }) => name === "if")).filter(turnsAway);
  return [...refusing, ...asking, ...conditions];
}
function turnsAway({ block = [] }) {
  return block.some(({ name, args }) => name === "return" && /^4\d\d$/.test(args[0] ?? ""));
}
function loopbackServer(context, nginx2, server, port) {
  const { configuration } = nginx2;
  const { upstream } = context.inputs.nginx;
  const parts = switchParts(context);
  const found2 = findSwitch(configuration, upstream);
  const folder2 = found2.kind === "switch" ? found2.green.replace(/\/[^/]*$/, "") : void 0;
  if (found2.kind === "incomplete" || folder2 !== void 0 && parts === void 0) return void 0;
  const chosen = folder2 === void 0 || parts === void 0 ? void 0 : { ...parts, stateDirectory: folder2 };
  const upstreams = [upstream, ...Object.values(pairNames(upstream))];
  const { scheme } = sentHeaders(configuration, [server], { healthPath: context.inputs.health.path, upstreams });
  const [host = "localhost"] = hostsOf(configuration, server);
  return [
    "server {",
    `    listen 127.0.0.1:${port};`,
    `    server_name ${host};`,
    ...(chosen === void 0 ? [] : switchChoice(chosen)).map((line) => `    ${line}`),
    "    location / {",
    `        proxy_pass http://${chosen === void 0 ? upstream : switchTarget(chosen)};`,
    "        proxy_connect_timeout 1s;",
    `        proxy_set_header Host ${host};`,
    ...scheme === void 0 ? [] : [`        proxy_set_header X-Forwarded-Proto ${scheme};`],
    "    }",
    "}",
    ""
  ].join("\n");
}
function freePort({ hostFacts }) {
  let port = FIRST_PORT;
  while (hostFacts.listening.has(port)) port++;
  return port;
}

// src/routers/nginx/check/spots.ts
var Impossible = class extends Error {
};
function seenFile({ configuration, files, container }, path) {
  const place = files.get(path)?.path ?? (container && onHost(container, path));
  const text2 = configuration.files.find((file) => file.path === path)?.text ?? "";
  if (place === void 0) {
    throw new Impossible(
      container === void 0 ? `${path} is not on the host` : `${path} is in the container ${container.name} itself, and is not mounted from the host. Copy it out (\`docker cp ${container.name}:${path.replace(/\/[^/]*$/, "")} .\`), and mount that folder there`
    );
  }
  if (text2.includes("\uFFFD")) throw new Impossible(`${path} holds bytes that are no UTF-8`);
  return { path: place, text: text2, kind: "nginx", writable: false };
}
function spotOf(file, offset) {
  const before2 = file.text.slice(0, offset);
  const line = before2.split("\n").length;
  return { file, line, column: offset - (before2.lastIndexOf("\n") + 1) };
}
function before({ file, line, column }, statements) {
  const indent = lineOf(file, line).slice(0, column);
  if (/^\s*$/.test(indent)) {
    return { kind: "insert", after: line - 1, text: statements.map((each) => `${indent}${each}
`).join("") };
  }
  return { kind: "replace", line, column, old: "", text: `${statements.join(" ")} ` };
}
function inside(file, server, statements) {
  const { directive } = server;
  const name = directive.words.at(-1)?.end ?? directive.range.start;
  const [skipped = ""] = /^(?:\s+|#[^\n]*)*\{/.exec(file.text.slice(name)) ?? [];
  if (skipped === "") throw new Impossible(`the beginning of a server block in ${file.path} cannot be found`);
  const { line, column } = spotOf(file, name + skipped.length);
  const rest = lineOf(file, line).slice(column);
  if (!/^\s*(#.*)?$/.test(rest)) return { kind: "replace", line, column, old: "", text: ` ${statements.join(" ")}` };
  const indent = /^\s*/.exec(lineOf(file, spotOf(file, directive.range.start).line))?.[0] ?? "";
  return { kind: "insert", after: line, text: statements.map((each) => `${indent}    ${each}
`).join("") };
}
function lineOf(file, line) {
  return file.text.split("\n")[line - 1] ?? "";
}
function erase(file, { start, end }) {
  const [from, to] = [spotOf(file, start), spotOf(file, end)];
  return Array.from({ length: to.line - from.line + 1 }, (_, i) => {
    const line = from.line + i;
    const text2 = lineOf(file, line);
    const column = line === from.line ? from.column : 0;
    const old = text2.slice(column, line === to.line ? to.column : text2.length);
    const rest = text2.slice(0, column) + text2.slice(column + old.length);
    return /^\s*$/.test(rest) ? { kind: "remove", line } : { kind: "replace", line, column, old, text: "" };
  });
}

// src/routers/nginx/check/hidden.ts
function openHidden(configuration, passes, { fileOf, add }) {
  const all = [...new Map(passes.map(({ pass }) => [pass.server.directive, pass.server])).values()];
  const dead = /* @__PURE__ */ new Map();
  for (const server of all) {
    const hidden = hiddenBy(server, markerPath);
    if (hidden?.name === "return") dead.set(server.directive, hidden);
    if (hidden?.name !== "rewrite") continue;
    const file = fileOf(server.directive.file);
    for (const rewrite of (server.directive.block ?? []).filter(({ name }) => name === "rewrite")) {
      if (rewrite.file !== server.directive.file) throw new Impossible(hiddenSentence(configuration, hidden));
      const [from, to] = [spotOf(file, rewrite.range.start), spotOf(file, rewrite.range.end)];
      add(
        file,
        { kind: "replace", line: from.line, column: from.column, old: "", text: `if ($uri != ${markerPath}) { ` },
        { kind: "replace", line: to.line, column: to.column, old: "", text: " }" }
      );
    }
  }
  const servers = all.filter(({ directive }) => !dead.has(directive));
  const [first2] = dead.values();
  if (servers.length === 0 && first2 !== void 0) throw new Impossible(hiddenSentence(configuration, first2));
  const gone = /* @__PURE__ */ new Set();
  const place = ({ file, range }) => `${file}:${range.start}`;
  const alive = new Set(passes.flatMap(({ pass }) => dead.has(pass.server.directive) ? [] : [place(pass.directive)]));
  for (const { pass } of passes) {
    const hidden = dead.get(pass.server.directive);
    if (hidden === void 0 || alive.has(place(pass.directive))) continue;
    const location = locationAround(pass.server.directive, pass.directive);
    if (location === void 0) throw new Impossible(hiddenSentence(configuration, hidden));
    if (!gone.has(place(location))) add(fileOf(location.file), ...erase(fileOf(location.file), location.range));
    gone.add(place(location));
  }
  return {
    servers,
    passes: passes.filter(({ pass }) => !dead.has(pass.server.directive)),
    remarks: [...dead.values()].map(
      (hidden) => `The locations below \`${writtenAs(hidden)}\` in ${positionOf(configuration, hidden)} are taken out: no request reaches them.`
    )
  };
}
function hiddenSentence(configuration, hidden) {
  return `\`${writtenAs(hidden)}\` in ${positionOf(configuration, hidden)} answers before any location does: put it into a location (\`location / { ${writtenAs(hidden)}; }\`), or take it out`;
}
function writtenAs({ name, args }) {
  return [name, ...args].join(" ");
}
function locationAround(server, inner) {
  return (server.block ?? []).find(
    ({ name, file, range }) => name === "location" && file === inner.file && range.start < inner.range.start && inner.range.end <= range.end
  );
}

// src/routers/nginx/check/pass-table.ts
function tableOf(configuration, { directive }) {
  const [, name] = /^(?:[a-z]+:\/\/)?\$\{?(\w+)\}?$/i.exec(directive.args[0] ?? "") ?? [];
  const table = name === void 0 ? void 0 : tablesOf(configuration).get(name);
  return table?.name === "map" ? table : void 0;
}
function tableValues(configuration, pass, parts, leads) {
  const table = tableOf(configuration, pass);
  if (table === void 0) return void 0;
  const target = switchTarget(parts);
  return (table.block ?? []).flatMap((entry) => {
    const [value = ""] = entry.args;
    const word = entry.words[1];
    const [, scheme = "", authority = "", uri = ""] = /^([a-z]+:\/\/)?([^/]*)(.*)$/i.exec(value) ?? [];
    if (word === void 0 || value === target || !leads(authority)) return [];
    const position = positionOf(configuration, entry);
    if (value.includes("$") || uri !== "")
      throw new Impossible(`the value \`${value}\` in ${position} says more than where the application is`);
    const text2 = configuration.files.find(({ path }) => path === entry.file)?.text.slice(word.start, word.end) ?? "";
    return [{ path: entry.file, offset: word.start, old: text2, text: `${scheme}${target}` }];
  });
}

// src/routers/nginx/check/switch-edit.ts
function collecting(seen, work) {
  const edits = /* @__PURE__ */ new Map();
  const files = /* @__PURE__ */ new Map();
  const fileOf = (path) => {
    const file = files.get(path) ?? seenFile(seen, path);
    files.set(path, file);
    return file;
  };
  const add = (file, ...more) => {
    const all = [...edits.get(file) ?? [], ...more];
    edits.set(file, [...new Map(all.map((edit) => [JSON.stringify(edit), edit])).values()]);
  };
  try {
    const remarks = work({ fileOf, add });
    const changes = [...edits].map(([file, list]) => ({ file, edits: list }));
    return { kind: "changes", changes, remarks: [...new Set(remarks)] };
  } catch (cause) {
    if (cause instanceof Impossible) return { kind: "impossible", why: cause.message };
    throw cause;
  }
}
function switchEdit(seen, all, parts, leads = (to) => Object.values(parts.addresses).includes(to)) {
  return collecting(seen, ({ fileOf, add }) => {
    const { configuration } = seen;
    const opened = openHidden(configuration, all, { fileOf, add });
    const { servers, passes } = opened;
    servers.forEach((server, i) => {
      const file = fileOf(server.directive.file);
      if (i === 0) add(file, before(spotOf(file, server.directive.range.start), switchUpstreams(parts)));
      add(file, inside(file, server, switchChoice(parts)));
    });
    addPasses(seen, passes, parts, leads, { fileOf, add });
    for (const { file, range } of deserted(configuration, all)) add(fileOf(file), ...erase(fileOf(file), range));
    return opened.remarks;
  });
}
function deserted(configuration, all) {
  const passes = all.filter(({ pass }) => tableOf(configuration, pass) === void 0);
  const changed = passes.map(({ pass }) => pass.directive);
  const others = reachingPasses(configuration).filter(({ pass }) => !changed.includes(pass.directive));
  return findUpstreams(configuration).filter(
    ({ name, servers }) => passes.some(({ upstream }) => upstream === name) && others.every(({ upstream }) => upstream !== name) && servers.some(({ kind, address, resolve }) => kind === "name" && !resolve && !/^localhost(:|$)/i.test(address))
  );
}
function addPasses({ configuration }, passes, parts, leads, { fileOf, add }) {
  for (const [, same] of Map.groupBy(passes, ({ pass }) => placeOf3(pass.directive))) {
    const [first2] = same;
    if (first2 === void 0) continue;
    const { directive } = first2.pass;
    const file = fileOf(directive.file);
    const tables = tableValues(configuration, first2.pass, parts, leads);
    if (tables !== void 0) {
      if (headersOf(configuration, placedAt(first2.pass)).every(({ args }) => args[0]?.toLowerCase() !== "host"))
        throw new Impossible(
          `no \`proxy_set_header Host\` holds at \`${directive.name}\` in ${positionOf(configuration, directive)}, and each site of the \`map\` would need another one`
        );
      for (const { path, offset, old, text: text2 } of tables) {
        const place = fileOf(path);
        const { line, column } = spotOf(place, offset);
        add(place, { kind: "replace", line, column, old, text: text2 });
      }
      continue;
    }
    const timed = same.some(
      ({ pass }) => effective(configuration, placedAt(pass), "proxy_connect_timeout") !== void 0
    );
    const wanted2 = same.map((reaching) => passEdits(configuration, file, reaching, parts, timed));
    if (new Set(wanted2.map((each) => JSON.stringify(each))).size > 1)
      throw new Impossible(
        `the server blocks that include \`${directive.name}\` in ${positionOf(configuration, directive)} differ in what holds there`
      );
    add(file, ...wanted2[0] ?? []);
  }
}
function placeOf3({ file, range }) {
  return `${file}:${range.start}`;
}
function passEdits(configuration, file, { pass }, parts, timed) {
  const { directive } = pass;
  const position = positionOf(configuration, directive);
  const target = directive.args[0] ?? "";
  const word = directive.words[1];
  const found2 = targetOf(configuration, pass);
  if (word === void 0 || found2 === void 0)
    throw new Impossible(
      `\`${directive.name} ${target}\` in ${position} has a variable of which only the request knows the value`
    );
  const written2 = file.text.slice(word.start, word.end);
  if (written2.includes("\n")) throw new Impossible(`\`${directive.name}\` in ${position} goes over several lines`);
  const { line, column } = spotOf(file, word.start);
  const scheme = found2.scheme || (directive.name === "proxy_pass" ? "http://" : "");
  const kept = target.includes("$") ? found2.uri : "";
  const next = `${scheme}${switchTarget(parts)}${kept}`;
  const statements = statementsFor(configuration, pass, found2.authority, position, timed);
  return [
    ...statements.length > 0 ? [before(spotOf(file, directive.range.start), statements)] : [],
    ...next === written2 ? [] : [{ kind: "replace", line, column, old: written2, text: next }]
  ];
}
function placedAt(pass) {
  const around = pass.deciding.at(-1);
  return around === void 0 || around === pass.server.directive ? pass.server : { directive: around, ancestors: [...pass.server.ancestors, pass.server.directive] };
}
function statementsFor(configuration, pass, authority, position, timed) {
  if (pass.directive.name !== "proxy_pass") return [];
  const statements = [];
  const around = pass.deciding.at(-1);
  const placed = placedAt(pass);
  const prefix = /^(?:\^~ ?|= ?)?(\/.*)$/.exec(pass.location)?.[1];
  const target = pass.directive.args[0] ?? "";
  const plain = !target.includes("$");
  const { uri } = pass;
  if (plain && uri !== void 0) {
    if (prefix === void 0 || /["'\s{};]/.test(prefix + uri))
      throw new Impossible(`the URI part of \`proxy_pass ${target}\` in ${position} cannot be put another way`);
    statements.push(`rewrite ^${prefix.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(.*)$ ${uri}$1 break;`);
  }
  if (!timed) statements.push("proxy_connect_timeout 1s;");
  const own = (around?.block ?? []).some(({ name }) => name === "proxy_set_header");
  const headers = headersOf(configuration, placed);
  const host = headers.some(({ args }) => args[0]?.toLowerCase() === "host");
  if (host || authority === void 0) return statements;
  if (!own) statements.push(...headers.map((header) => writtenAs2(configuration, header)));
  statements.push(`proxy_set_header Host ${authority};`);
  if (plain && effective(configuration, placed, "proxy_redirect") === void 0)
    statements.push(
      `proxy_redirect ${target.replace(/(:\/\/[^/]+)$/, "$1/")} ${uri === void 0 ? "/" : prefix ?? "/"};`
    );
  return statements;
}
function writtenAs2({ files }, { file, range, name, args }) {
  const text2 = files.find(({ path }) => path === file)?.text.slice(range.start, range.end);
  return text2 === void 0 || text2.includes("\n") ? `${[name, ...args].join(" ")};` : text2;
}
function headersOf(configuration, placed) {
  const blocks = [placed.directive, ...placed.ancestors.toReversed()];
  const nearest = blocks.find((block) => block.block?.some(({ name }) => name === "proxy_set_header"));
  const directives = nearest?.block ?? configuration.main;
  return directives.filter(({ name }) => name === "proxy_set_header");
}

// src/routers/nginx/check/switch-completion.ts
function completeSwitch(seen, all, parts, leads = (to) => Object.values(parts.addresses).includes(to)) {
  return collecting(seen, ({ fileOf, add }) => {
    const { configuration } = seen;
    const names = pairNames(parts.upstream);
    const { servers, passes, remarks: opened } = openHidden(configuration, all, { fileOf, add });
    const [first2] = servers;
    if (first2 === void 0) throw new Impossible("no server block sends requests to the application");
    const own = (server) => passes.filter(({ pass }) => pass.server.directive === server.directive);
    const halves = servers.filter((server) => !isWhole(configuration, server, own(server), parts));
    const half = halves.length === 0 ? [] : servers.filter((each) => halves.includes(each) || !isBacked(configuration, each, parts));
    const lines2 = switchUpstreams(parts);
    const wrong = namesOf(names).flatMap((name, i) => {
      const needed = i < COLORS.length || half.length > 0 || findUpstream(configuration, name) !== void 0;
      return !needed || isRight(configuration, parts, name) ? [] : [{ name, line: lines2[i] ?? "" }];
    });
    for (const { name } of wrong) {
      const block = findUpstream(configuration, name);
      if (block) add(fileOf(block.file), ...erase(fileOf(block.file), block.range));
    }
    const top = fileOf(first2.directive.file);
    if (wrong.length > 0)
      add(
        top,
        before(
          spotOf(top, first2.directive.range.start),
          wrong.map(({ line }) => line)
        )
      );
    for (const server of half) {
      const file = fileOf(server.directive.file);
      for (const old of remainsOf(server, parts)) add(fileOf(old.file), ...erase(fileOf(old.file), old.range));
      add(file, inside(file, server, switchChoice(parts)));
    }
    addPasses(seen, half.flatMap(own), parts, leads, { fileOf, add });
    return opened;
  });
}
function readAfter(seen, changes) {
  const edits = new Map(changes.map(({ file, edits: edits2 }) => [file.path, edits2]));
  const files = seen.configuration.files.map(({ path, text: text2 }) => {
    const place = seen.files.get(path)?.path ?? path;
    const change = changes.find(({ file }) => file.path === place || file.text === text2 && edits.has(file.path));
    return { path, text: change === void 0 ? text2 : editedText(text2, change.edits) };
  });
  return { ...seen, configuration: parseConfiguration(files), loaded: { kind: "loaded", master: 0, touched: [] } };
}
function namesOf({ blue, green, blueBacked, greenBacked }) {
  return [blue, green, blueBacked, greenBacked];
}
function isRight(configuration, { upstream, addresses }, name) {
  const servers = (findUpstream(configuration, name)?.servers ?? []).filter(({ down }) => !down);
  const has = servers.map(({ address, backup }) => `${normalizeAddress(address)}${backup ? " backup" : ""}`).sort();
  const names = pairNames(upstream);
  return COLORS.some((color) => {
    const own = normalizeAddress(addresses[color]);
    const backed = [own, `${normalizeAddress(addresses[otherThan(color)])} backup`].sort();
    return name === names[color] && has.join() === own || name === names[`${color}Backed`] && has.join() === backed.join();
  });
}
function isWhole(configuration, server, own, { upstream, stateDirectory: stateDirectory2 }) {
  const read = readSwitchServer(configuration, readPair(configuration, upstream), server);
  if (read.kind !== "switch") return false;
  const { green, backed, marker, hiddenBy: hidden, openFileCache, passes } = read.server;
  const all = own.every(({ pass }) => passes.some(({ directive }) => directive === pass.directive));
  const files = green === `${stateDirectory2}/green` && (backed === void 0 || backed === `${stateDirectory2}/backed`);
  return all && files && marker.kind === "right" && hidden === void 0 && openFileCache === void 0;
}
function isBacked(configuration, server, { upstream }) {
  const read = readSwitchServer(configuration, readPair(configuration, upstream), server);
  return read.kind === "switch" && read.server.backed !== void 0;
}
function remainsOf({ directive }, { upstream }) {
  const name = variableOf(upstream);
  const own = [`$${name}_color`, `$${name}_upstream`];
  const children = directive.block ?? [];
  const locations = children.filter(({ name: name2, args }) => name2 === "location" && args.join(" ") !== marked);
  const inner = locations.flatMap(({ block = [] }) => block.filter((child) => sets(child, own)));
  return [...children.filter((child) => sets(child, own) || isPart(child)), ...inner];
}
var marked = `= ${markerPath}`;
function sets({ name, args }, variables) {
  return name === "set" && variables.includes(args[0] ?? "");
}
function isPart(directive) {
  const { name, args, block = [] } = directive;
  if (name === "open_file_cache") return true;
  if (name === "location") return args.join(" ") === marked;
  if (name !== "if") return false;
  const [test = "", path = ""] = conditionOf(directive);
  const asks = /^!?-[fe]$/.test(test) && /\/(green|blue|backed)$/.test(path);
  return asks && block.every((child) => child.name === "set");
}

// src/routers/nginx/check/half-switch.ts
function halfSwitch(context, nginx2, place, ready) {
  const { inputs, colors } = context;
  const found2 = findSwitch(nginx2.configuration, inputs.nginx.upstream);
  const parts = switchParts(context);
  if (found2.kind === "none" || colors === void 0 || parts === void 0 || place === void 0) return [];
  const asked = found2.kind === "switch" ? found2.green.replace(/\/[^/]*$/, "") : void 0;
  const folder2 = asked ?? parts.stateDirectory;
  const faults = faultsBesideLoading(nginx2, place);
  const other = nginx2.container === void 0 && asked !== void 0 && asked !== seenStateDirectory(context);
  const drafts = other ? [otherDirectory(asked, inputs.nginx.stateDirectory, faults)] : [];
  const told2 = drafts.flatMap(({ tells = [] }) => tells);
  const passes = passesToColors(context, colors);
  const edit = liveNow(context, passes) === void 0 && passes.length > 0 ? { kind: "impossible", why: "a part of the requests goes to blue and a part to green" } : completeSwitch(nginx2, passes, { ...parts, stateDirectory: folder2 }, leadsToColors(context));
  const after = edit.kind === "changes" ? remaining(nginx2, edit, place) : void 0;
  const stays = [...told2, ...after ?? []];
  const fixed = faults.filter((fault2) => !stays.some((each) => isSame(each, fault2)));
  const missing = found2.kind === "incomplete" ? found2.missing.map((part) => missingPart(part).notice) : [];
  const seen = fixed.length > 0 ? fixed : missing;
  if (seen.length === 0 || edit.kind === "changes" && edit.changes.length === 0) return drafts;
  const about = {
    severity: fixed.length > 0 ? "problem" : "advice",
    title: "The switch is not complete",
    seen: sentencesOf(seen),
    why: "A flip would have no effect, or only on a part of the traffic.",
    tells: fixed
  };
  if (edit.kind === "impossible" || after === void 0) {
    const why = edit.kind === "impossible" ? edit.why : "the result would be no switch";
    return [
      ...drafts,
      { ...about, fix: byHand(parts, `The rest cannot be put in for you, because ${why}. Here is the whole of it.`) }
    ];
  }
  if (!ready) {
    const text2 = "It is completed once the colors have the addresses that it names. Do what is said above first, and run the check again.";
    return [...drafts, { ...about, fix: { text: text2, blocks: [] } }];
  }
  return [
    ...drafts,
    {
      ...about,
      fix: {
        text: [
          "Complete it: what is right stays as it is. It ends with the one reload that installs it: do it at a quiet time.",
          ...edit.remarks
        ].join(" "),
        blocks: []
      },
      changes: edit.changes
    }
  ];
}
function remaining(nginx2, { changes }, place) {
  try {
    return faultsBesideLoading(readAfter(nginx2, changes), place);
  } catch {
    return void 0;
  }
}
function otherDirectory(asked, directory, faults) {
  return {
    severity: "problem",
    title: "Nginx looks for the switch in another folder",
    seen: `The configuration asks for ${asked}/green, and \`state-directory\` is ${directory}.`,
    why: "A flip would have no effect.",
    fix: { text: "Name that folder in the workflow.", blocks: [workflow(`state-directory: ${asked}`)] },
    tells: withCode(faults, "switch-folder-differs", "switch-folder-unmounted")
  };
}

// src/routers/nginx/check/switch-wanted.ts
function recommendSwitch(context, nginx2, place, ready) {
  const { colors, notes } = context;
  const { configuration } = nginx2;
  const parts = switchParts(context);
  if (colors === void 0 || parts === void 0) return [];
  const faults = place === void 0 ? [] : faultsBesideLoading(nginx2, place);
  const tells = [...faults, ...withCode(notes, "reload-loses-requests", "reload-loses-late-requests")];
  const needed = faults.length > 0;
  const about = {
    severity: needed ? "problem" : "advice",
    why: "A switch flips by one rename: no reload, no lost request, and `/.blue-green` proves each flip. A reload closes idle keep-alive connections while clients send on them.",
    tells
  };
  const passes = passesToColors(context, colors);
  if (passes.length === 0) return newServer(context, nginx2, parts, about, place);
  const literal = passes.filter(({ pass }) => tableOf(configuration, pass) === void 0);
  const foreign = literal.flatMap(({ addresses }) => addresses.filter((each) => colorAt(colors, each) === void 0));
  const live = liveNow(context, passes);
  const shown = passes.map(
    ({ pass }) => `\`${pass.directive.name} ${pass.directive.args[0] ?? ""}\` in ${positionOf(configuration, pass.directive)}`
  );
  const seen = `${shown.join(", ")} ${passes.length === 1 ? "sends" : "send"} requests to ${passes[0]?.addresses.join(", ")}, and no file chooses between the colors.`;
  const edit = foreign.length > 0 ? { kind: "impossible", why: `they send requests to ${foreign.join(", ")} as well` } : live === void 0 ? { kind: "impossible", why: "they send requests to both colors" } : switchEdit(nginx2, passes, parts, leadsToColors(context));
  const title = needed ? "Nginx has no switch between the colors" : "A switch would flip without a reload";
  if (edit.kind === "impossible") {
    return [{ ...about, title, seen, fix: byHand(parts, `These lines cannot be put in for you, because ${edit.why}.`) }];
  }
  if (!ready) {
    const text2 = "It is written once the colors have the addresses that it would name: until then it would send everybody to where nothing is. Do what is said above first, and run the check again.";
    return [{ ...about, title, seen, fix: { text: text2, blocks: [] } }];
  }
  const dropped = droppedSettings(configuration, passes);
  return [
    {
      ...about,
      title,
      seen,
      fix: {
        text: [
          "Put the switch in: the names of both colors, the choice in each server block that uses them, and its files in the state directory. It ends with the one reload that installs it: do it at a quiet time.",
          ...dropped,
          ...edit.remarks,
          ...live === "green" ? [`${colors.names.green} is live, so the switch file is made first.`] : []
        ].join(" "),
        blocks: []
      },
      changes: edit.changes
    }
  ];
}
function droppedSettings(configuration, passes) {
  const names = [...new Set(passes.flatMap(({ upstream }) => upstream ?? []))];
  const gone = deserted(configuration, passes).map(({ name }) => name);
  return names.flatMap((name) => {
    const others = findUpstream(configuration, name)?.others ?? [];
    const told2 = others.map(({ name: each, args }) => `\`${[each, ...args].join(" ")}\``);
    if (gone.includes(name))
      return [`The block \`${name}\` is taken out: Nginx would not start while the container that it names is stopped.`];
    return told2.length > 0 ? [`The block \`${name}\` stays, unused; what it sets (${told2.join(", ")}) is not taken over.`] : [];
  });
}
function switchWarnings(configuration, { servers }) {
  return servers.flatMap(
    ({ passes }) => passes.filter(({ uri }) => uri !== void 0 && !uri.includes("$")).map(({ directive, location, uri = "" }) => {
      const line = `rewrite ^${location.replace(/^\S+ (?=\/)/, "")}(.*)$ ${uri}$1 break;`;
      return {
        severity: "warning",
        title: "`proxy_pass` has a variable and a URI part",
        seen: `\`${directive.name} ${directive.args[0] ?? ""}\` in ${positionOf(configuration, directive)} has the URI part \`${uri}\`.`,
        why: "With a variable the URI part takes the place of the whole URI, not only of the prefix of the location: every request asks for the same page.",
        fix: {
          text: `Take it out, and rewrite before: \`${line}\`. Nginx does not put \`Location\` headers right there either (\`proxy_redirect\`).`,
          blocks: []
        }
      };
    })
  );
}

// src/routers/nginx/check/findings.ts
function nginxFindings(context, place, ready) {
  const { nginx: nginx2 } = context;
  if (nginx2 === void 0) return [];
  if (nginx2.kind === "unavailable") return unavailable(context, nginx2.why);
  if (nginx2.kind === "stopped") return [stopped(context)];
  if (nginx2.kind === "refused") return [];
  const found2 = findSwitch(nginx2.configuration, context.inputs.nginx.upstream);
  return [
    ...behindMount(context, nginx2),
    ...notLoaded(context, nginx2),
    ...found2.kind === "none" ? recommendSwitch(context, nginx2, place, ready) : halfSwitch(context, nginx2, place, ready),
    ...found2.kind === "switch" ? switchWarnings(nginx2.configuration, found2) : [],
    ...closedFindings(context, nginx2),
    ...shutdownTimeout(context, nginx2, found2.kind === "switch"),
    ...mountedAlone(context, nginx2)
  ];
}
function unavailable(context, why) {
  const { hostFacts, inputs, refusals } = context;
  const tells = withCode(refusals, "nginx-unreadable");
  if (inputs.nginx.command !== void 0) return [];
  if (hostFacts.nginx === void 0) {
    return [
      {
        severity: "problem",
        title: "Nginx is missing on the host",
        seen: `There is no command \`nginx\` for ${hostFacts.user}, in /usr/sbin neither.`,
        why: "The flip is a change that Nginx acts on.",
        fix: {
          text: "Install it; or, where it runs in a container, name the command that runs it by the input `nginx`, such as `docker compose exec -T proxy nginx`.",
          blocks: []
        },
        tells
      }
    ];
  }
  const terminal = /must have a tty/.test(why) ? " sudo wants a terminal (`requiretty`), which a release does not have: the block lifts that for this user." : "";
  return [
    {
      severity: "problem",
      title: `${hostFacts.user} may not run Nginx`,
      seen: `\`nginx -T\` does not work for ${hostFacts.user}: ${why}.`,
      why: "What Nginx has loaded is the truth of every release: which color is live is read from there, and proven there.",
      fix: {
        text: `Allow exactly three calls by sudo, and no others: with an argument of its own \`nginx\` would be root.${terminal} The block tries it as a release does; if that does not work it says what sudo said, and takes it back.`,
        blocks: [shell("host as root", sudoRule(hostFacts.user, hostFacts.nginx.path).text)]
      },
      tells
    }
  ];
}
function sudoRule(user2, nginx2) {
  const file = `/etc/sudoers.d/zz-blue-green-${user2.replace(/[^A-Za-z0-9_-]/g, "-")}`;
  const [made, kept] = [`${file}.new`, `${file}.before`];
  const rules = [
    `Defaults:${user2} !requiretty`,
    `${user2} ALL=(root) NOPASSWD: ${[`${nginx2} -T`, `${nginx2} -t`, `${nginx2} -s reload`].join(", ")}`
  ];
  const asReleased = lines(nginxFunction(".", void 0), sh`run_nginx -T >/dev/null && run_nginx -t`);
  return lines(
    sh`(`,
    sh`set -eu; umask 077`,
    sh`command -v visudo >/dev/null || { echo 'Install the package sudo first.' >&2; exit 1; }`,
    sh`printf '%s\n' ${rules} >${made}`,
    sh`visudo -cqf ${made} || { rm -f ${made}; exit 1; }`,
    sh`[ ! -e ${file} ] || cp -p ${file} ${kept}`,
    sh`chmod 0440 ${made}; mv ${made} ${file}`,
    sh`if ! said=$(cd / && setsid runuser -u ${user2} -- sh -c ${asReleased.text} </dev/null 2>&1); then`,
    sh`  if [ -e ${kept} ]; then mv ${kept} ${file}; else rm -f ${file}; fi`,
    sh`  printf 'It does not work like that, and everything is as it was: %s\n' "$said" >&2; exit 1`,
    sh`fi`,
    sh`rm -f ${kept}`,
    sh`)`
  );
}
function notLoaded(context, { loaded }) {
  const { refusals } = context;
  if (loaded.kind === "not-running") return [stopped(context)];
  const tells = withCode(refusals, "not-loaded", "not-loaded-and-elsewhere");
  if (loaded.kind !== "changed-since" && tells.length === 0) return [];
  const files = loaded.kind === "changed-since" && loaded.files.length > 0 ? loaded.files.join(", ") : "Something in it";
  const elsewhere = withCode(tells, "not-loaded-and-elsewhere").length > 0;
  return [
    {
      severity: tells.length > 0 ? "problem" : "warning",
      title: "Nginx has not loaded what is on the disk",
      seen: tells[0] ? sentence(tells[0]) : `${files} changed after the workers were started.`,
      why: "What `nginx -T` shows is then not what runs, and the next reload would load what somebody else left there.",
      fix: {
        text: elsewhere ? "Put the file back." : "Load it at a quiet time, or put the file back.",
        blocks: elsewhere ? [] : [shell("host as root", sh`${nginxCall(context, sh`-t`)} && ${nginxCall(context, sh`-s reload`)}`.text)]
      },
      tells
    }
  ];
}
function stopped({ hostFacts, refusals }) {
  const start = sh`if [ -d /run/systemd/system ]; then systemctl enable --now nginx; else nginx; fi`;
  return {
    severity: "problem",
    title: hostFacts.nginx === void 0 ? "There is no Nginx on the host" : "Nginx does not run",
    seen: hostFacts.nginx === void 0 ? "There is neither a process of it nor a command." : "There is no master process.",
    why: "Nobody is served, and no flip could be proven.",
    fix: {
      text: hostFacts.nginx === void 0 ? "Install it. Where it runs in a container, name the command that runs it by the input `nginx`, such as `docker compose exec -T proxy nginx`." : "Start it; then run the check again: its configuration is read from what runs.",
      blocks: hostFacts.nginx === void 0 ? [] : [shell("host as root", start.text)]
    },
    tells: withCode(refusals, "nginx-stopped")
  };
}
function shutdownTimeout({ inputs }, nginx2, switched) {
  const { configuration, container } = nginx2;
  if (workerShutdownTimeout(configuration) !== void 0) return [];
  const line = "worker_shutdown_timeout 60s;";
  const path = configuration.files[0]?.path ?? "nginx.conf";
  const edit = collecting(nginx2, ({ fileOf, add }) => {
    add(fileOf(path), { kind: "insert", after: 0, text: `${line}
` });
    return [];
  });
  const where = container === void 0 ? path : `${path} of the container ${container.name}`;
  return [
    {
      severity: switched || inputs.nginx.flip === "switch" ? "advice" : "warning",
      title: "Old workers of Nginx may live for ever",
      seen: "`worker_shutdown_timeout` is not set.",
      why: "After a reload an old worker lives until its last connection ends. With WebSockets or long downloads it keeps sending requests to the color that was live before.",
      fix: {
        text: `Set \`${line}\` at the top of ${where}, with the longest time that a connection may go on.`,
        blocks: edit.kind === "changes" ? [] : [{ language: "nginx", where: "nginx", text: line }]
      },
      ...edit.kind === "changes" && { changes: edit.changes }
    }
  ];
}
function behindMount({ refusals }, { container, configuration, files }) {
  if (container === void 0) return [];
  const stale = configuration.files.flatMap(({ path, text: text2 }) => {
    const file = files.get(path);
    return file?.sum === void 0 || file.sum === sha256(text2) ? [] : [file.path];
  });
  if (stale.length === 0) return [];
  return [
    {
      severity: "problem",
      title: "The container has an older file than the host",
      seen: `${stale.join(", ")} was replaced on the host, and ${container.name} still has what was there before.`,
      why: "A file that is mounted by itself stays the old one when it is replaced, through reloads too: what is changed on the host has no effect.",
      fix: {
        text: "Start that container again, at a quiet time: then it has what the host has.",
        blocks: [shell("host as root", sh`docker restart ${container.name}`.text)]
      },
      tells: withCode(refusals, "file-behind-mount")
    }
  ];
}
function mountedAlone({ inputs }, { container, configuration }) {
  const alone = (container?.mounts ?? []).filter(
    ({ destination }) => configuration.files.some(({ path }) => path === destination)
  );
  if (container === void 0 || alone.length === 0) return [];
  const folder2 = alone[0]?.destination.replace(/\/[^/]*$/, "") ?? "";
  return [
    {
      severity: inputs.nginx.flip === "switch" ? "advice" : "warning",
      title: "A file of the Nginx configuration is mounted by itself",
      seen: `${alone.map(({ source, destination }) => `${source} is mounted as ${destination}`).join(", ")} in the container ${container.name}.`,
      why: "An editor, `sed -i` or `git pull` replaces the file by another; the container keeps the old one, through reloads too. A release writes it in place, and others will not.",
      fix: {
        text: `Move ${alone.length === 1 ? "it" : "them"} into a folder that holds nothing else, and mount that: \`./nginx:${folder2}:ro\`.`,
        blocks: []
      }
    }
  ];
}

// src/runtimes/compose/check/call.ts
function composeCall(seen, args) {
  const { application } = seen.inputs;
  const project = application.projectName === void 0 ? [] : ["--project-name", application.projectName];
  const files = application.composeFiles.flatMap((file) => ["--file", file]);
  return sh`( cd ${fromHome(projectDirectory(seen))} && docker compose ${words2([...project, ...files])}${args} </dev/null )`;
}
function words2(all) {
  return all.length === 0 ? sh`` : sh`${all} `;
}

// src/runtimes/compose/check/image-of-color.ts
function imageOfColor(image2, variable2, color) {
  const pieces = interpolations(image2);
  const [own, other] = [variableName(variable2, color), variableName(variable2, color === "blue" ? "green" : "blue")];
  if (pieces === void 0) return impossible(`\`${image2}\` is not an image reference that compose can read`);
  if (image2.includes("@")) return impossible(`\`${image2}\` is pinned by a digest, and a version is a tag`);
  if (choosesWhole(pieces, variable2)) {
    return impossible(`\`${image2}\` takes the whole reference from ${variable2}, and a version is no more than its tag`);
  }
  if (mentions(pieces, own)) return { kind: "image", image: image2 };
  if (mentions(pieces, other)) return { kind: "image", image: written(renamed(pieces, other, own)) };
  if (mentions(pieces, variable2)) return { kind: "image", image: written(within2(pieces, variable2, own)) };
  const made = withTag(pieces, variable2, own);
  if (made !== void 0) return { kind: "image", image: written(made) };
  return impossible(
    pieces.length === 1 ? `\`${image2}\` takes the whole reference from a variable, and a version is no more than its tag` : `\`${image2}\` ends in a variable, which may hold a tag or none`
  );
}
function ownImage(image2, variable2, color) {
  const own = imageOfColor(image2, variable2, color);
  return own.kind === "image" ? own.image : void 0;
}
function tagVariable(image2) {
  const pieces = interpolations(image2);
  const found2 = pieces && splitTag(pieces)?.tag;
  const [only, ...others] = found2 ?? [];
  if (only === void 0 || typeof only === "string" || others.length > 0) return void 0;
  if (only.value.some((piece) => typeof piece !== "string") || only.operator.includes("+")) return void 0;
  return only.name.replace(/_(BLUE|GREEN)$/, "");
}
function impossible(why) {
  return { kind: "impossible", why };
}
function choosesWhole(pieces, variable2) {
  const [only, ...others] = pieces;
  if (only === void 0 || typeof only === "string" || others.length > 0) return false;
  return [variable2, `${variable2}_BLUE`, `${variable2}_GREEN`].includes(only.name);
}
function mentions(pieces, name) {
  return pieces.some((piece) => typeof piece !== "string" && (piece.name === name || mentions(piece.value, name)));
}
function renamed(pieces, from, to) {
  return pieces.map((piece) => {
    if (typeof piece === "string") return piece;
    return { ...piece, name: piece.name === from ? to : piece.name, value: renamed(piece.value, from, to) };
  });
}
function within2(pieces, variable2, own) {
  return pieces.map((piece) => {
    if (typeof piece === "string") return piece;
    if (piece.name === variable2) return { name: own, operator: ":-", value: [piece] };
    return { ...piece, value: within2(piece.value, variable2, own) };
  });
}
function withTag(pieces, variable2, own) {
  const found2 = splitTag(pieces);
  if (found2 !== void 0) {
    const shared = found2.tag.every((piece) => typeof piece === "string") ? [{ name: variable2, operator: ":-", value: found2.tag }] : found2.tag;
    return [...found2.repository, ":", { name: own, operator: ":-", value: shared }];
  }
  const last = pieces.at(-1);
  if (last === void 0) return void 0;
  const latest = { name: variable2, operator: ":-", value: ["latest"] };
  if (typeof last === "string") {
    return last.endsWith("/") ? void 0 : [...pieces, ":", { name: own, operator: ":-", value: [latest] }];
  }
  const value = last.operator.endsWith("-") ? withTag(last.value, variable2, own) : void 0;
  return value && [...pieces.slice(0, -1), { ...last, value }];
}
function splitTag(pieces) {
  for (const [i, piece] of [...pieces.entries()].toReversed()) {
    if (typeof piece !== "string") continue;
    const at = Math.max(piece.lastIndexOf(":"), piece.lastIndexOf("/"));
    if (at < 0) continue;
    if (piece[at] === "/") return void 0;
    const [before2, after] = [piece.slice(0, at), piece.slice(at + 1)];
    const tag = [...after === "" ? [] : [after], ...pieces.slice(i + 1)];
    const repository = [...pieces.slice(0, i), ...before2 === "" ? [] : [before2]];
    return tag.length === 0 || repository.length === 0 ? void 0 : { repository, tag };
  }
  return void 0;
}

// src/runtimes/compose/check/edit.ts
function changeService(written2, wish) {
  const changed = changesOf(written2, wish);
  if (changed === void 0) return void 0;
  const { replacements, without, second } = changed;
  const volume = wish.volume === void 0 ? [] : volumeEdit(written2, wish.volume);
  if (volume === void 0) return void 0;
  return [
    ...replacements,
    ...volume,
    ...without.map((line) => ({ kind: "remove", line })),
    ...second === "" ? [] : [{ kind: "insert", after: written2.from, text: second }]
  ];
}
function copyService(written2, wish) {
  const changed = changesOf(written2, wish);
  return changed && { kind: "copy", from: written2.from, to: written2.to, ...changed };
}
function changesOf(written2, wish) {
  const replacements = [];
  const without = [];
  const second = [...wish.added ?? []];
  if (wish.name !== void 0) replacements.push(replaceToken(written2.name, wish.name));
  if (wish.image !== void 0) {
    if (written2.image === void 0) second.unshift(`image: ${wish.image}`);
    else if (unquoted(written2.image) !== wish.image)
      replacements.push(replaceToken(written2.image, wish.image, written2.flow));
  }
  if (wish.addedPort !== void 0) second.push(`ports: ["${wish.addedPort}"]`);
  for (const port of portChanges(written2, wish.ports ?? [], second) ?? [void 0]) {
    if (port === void 0) return void 0;
    replacements.push(port);
  }
  if (wish.withoutContainerName && written2.containerName !== void 0) {
    if (written2.flow) return void 0;
    without.push(written2.containerName.line);
  }
  if (wish.network !== void 0) {
    const line = networksLine(written2, wish.network);
    if (line === void 0) return void 0;
    second.push(line);
    const { from, to } = written2.networks ?? { from: 0, to: -1 };
    for (let each = from; each <= to; each++) without.push(each);
  }
  if (wish.withoutAliases !== void 0 && wish.network === void 0 && written2.networks !== void 0) {
    const { from, to } = written2.networks;
    for (let each = from; each <= to; each++) without.push(each);
    second.push(`networks: [${wish.withoutAliases.map((key) => JSON.stringify(key)).join(", ")}]`);
  }
  if (second.length > 0 && written2.flow) return void 0;
  return { replacements, without, second: second.map((line) => `${written2.indent}${line}
`).join("") };
}
function networksLine({ networks, keys }, { key, address, beside }) {
  const taken = keys.includes("<<") || keys.includes("extends");
  const names = networks === void 0 ? beside : networks.names;
  if (names === void 0 || keys.includes("network_mode")) return void 0;
  if (networks === void 0 && taken && beside.some((name) => name !== "default")) return void 0;
  const own = `${key}: {${address === void 0 ? "" : ` ipv4_address: ${address} `}}`;
  return `networks: { ${[...names.filter((name) => name !== key).map((name) => `${JSON.stringify(name)}: {}`), own].join(", ")} }`;
}
function volumeEdit({ volumes: volumes2, keys, from, indent, flow }, item) {
  const quoted2 = JSON.stringify(item);
  if (volumes2?.kind === "lines")
    return [{ kind: "insert", after: volumes2.after, text: `${volumes2.indent}- ${quoted2}
` }];
  if (volumes2?.kind === "brackets") {
    const { line, column, empty } = volumes2;
    return [{ kind: "replace", line, column, old: "", text: empty ? quoted2 : `${quoted2}, ` }];
  }
  if (keys.includes("volumes") || keys.includes("extends") || keys.includes("<<") || flow) return void 0;
  return [{ kind: "insert", after: from, text: `${indent}volumes: [${quoted2}]
` }];
}
function portChanges(written2, ports, second) {
  if (ports.length === 0) return [];
  if (!written2.keys.includes("ports") && !written2.keys.includes("extends")) {
    second.push(`ports: [${ports.map((port) => JSON.stringify(shortPort(port))).join(", ")}]`);
    return [];
  }
  if (written2.ports.length !== ports.length) return void 0;
  const changes = ports.map((port, i) => {
    const item = written2.ports[i];
    if (item === void 0 || item.kind === "unknown") return void 0;
    if (item.kind === "short") return [replaceToken({ ...item.token, quoted: true }, shortPort(port))];
    return [replaceToken({ ...item.token, quoted: true }, String(port.host)), ...addressChange(item, port)];
  });
  return changes.every((change) => change !== void 0) ? changes.flat() : void 0;
}
function addressChange({ key, flow, address }, { port }) {
  const at = wishedAddress(port);
  if (address !== void 0) return unquoted(address) === at ? [] : [replaceToken({ ...address, quoted: true }, at)];
  const { line, column } = key;
  const after = flow ? ", " : `
${" ".repeat(column)}`;
  return [{ kind: "replace", line, column, old: "", text: `host_ip: ${JSON.stringify(at)}${after}` }];
}
function wishedAddress({ address }) {
  return ["", "0.0.0.0", "::"].includes(address) ? "127.0.0.1" : address;
}
function shortPort({ port, host }) {
  const { target, protocol } = port;
  const at = wishedAddress(port);
  const place = at.includes(":") ? `[${at}]` : at;
  return `${place}:${host}:${target}${protocol === "tcp" ? "" : `/${protocol}`}`;
}
function portsAt(service, moved) {
  const ports = service.ports.map((port) => ({ port, host: moved.get(port.published) ?? Number(port.published) }));
  return ports.every(({ host }) => host > 0) ? ports : void 0;
}

// src/runtimes/compose/check/service-parts.ts
function partsOf(texts, name) {
  return texts.flatMap((text2) => {
    const written2 = text2.services.get(name);
    return written2 === void 0 ? [] : [{ text: text2, written: written2 }];
  });
}
function changeParts(parts, wish) {
  return inEach(parts, wish, changeService);
}
function copyParts(parts, wish) {
  return inEach(parts, wish, (written2, own) => {
    const copy = copyService(written2, own);
    return copy && [copy];
  });
}
function imageOfParts(parts, name) {
  return parts.map(({ text: text2 }) => text2.imageOf(name)).findLast((image2) => image2 !== void 0);
}
function keysOf(parts) {
  return parts.flatMap(({ written: written2 }) => written2.keys);
}
function inEach(parts, wish, make) {
  const wishes = spread(parts, wish);
  if (wishes === void 0 || parts.length === 0) return void 0;
  const changes = parts.map(({ text: text2, written: written2 }, i) => {
    const edits = make(written2, wishes[i] ?? {});
    return edits && { file: text2.file, edits };
  });
  return changes.every((change) => change !== void 0) ? changes.filter(({ edits }) => edits.length > 0) : void 0;
}
function spread(parts, wish) {
  if (parts.length < 2) return [wish];
  const has = (key) => (i) => parts[i]?.written.keys.includes(key) === true;
  const all = parts.map((_, i) => i);
  const first2 = all.find((i) => parts[i]?.written.flow === false) ?? 0;
  const [image2, volumes2] = [all.findLast(has("image")) ?? first2, all.findLast(has("volumes")) ?? first2];
  const networked = all.filter(has("networks"));
  const ports = portsOfEach(parts, wish.ports ?? [], first2);
  if (ports === void 0 || wish.network !== void 0 && networked.length > 1) return void 0;
  return all.map((i) => {
    const own = ports[i] ?? [];
    return {
      ...wish.name !== void 0 && { name: wish.name },
      ...wish.image !== void 0 && i === image2 && { image: wish.image },
      ...own.length > 0 && { ports: own },
      ...wish.addedPort !== void 0 && i === first2 && { addedPort: wish.addedPort },
      ...wish.withoutContainerName && { withoutContainerName: true },
      ...wish.withoutAliases && has("networks")(i) && { withoutAliases: wish.withoutAliases },
      ...wish.network !== void 0 && i === (networked[0] ?? first2) && { network: wish.network },
      ...wish.volume !== void 0 && i === volumes2 && { volume: wish.volume },
      ...wish.added !== void 0 && i === first2 && { added: wish.added }
    };
  });
}
function portsOfEach(parts, ports, first2) {
  const counts = parts.map(({ written: written2 }) => written2.ports.length);
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all === 0) return parts.map((_, i) => i === first2 ? ports : []);
  if (ports.length > 0 && all !== ports.length) return void 0;
  return counts.map((count, i) => {
    const before2 = counts.slice(0, i).reduce((sum, each) => sum + each, 0);
    return ports.slice(before2, before2 + count);
  });
}
function writtenService(texts, name) {
  const found2 = partsOf(texts, name);
  return found2.length === 1 ? found2[0] : void 0;
}
function imageAsWritten({ texts, compose: compose3 }, service) {
  return imageOfParts(partsOf(texts, service), service) ?? compose3?.writtenImages?.get(service);
}

// src/runtimes/compose/check/second-color.ts
function secondColor(context, colors) {
  const { single, names, addresses, services } = colors;
  const base = services.blue ?? services.green;
  const color = missingColor(colors);
  if (base === void 0 || color === void 0) return [];
  const has = color === "blue" ? "green" : "blue";
  const parts = partsOf(context.texts, base.name);
  const changes = secondColorChanges(context, colors, base, { has, color }, parts);
  const [here, there] = [addresses[has], addresses[color]];
  const places = here === void 0 || there === void 0 ? "" : ` ${names[has]} is reached at ${here}, ${names[color]} at ${there}, on which nothing listens.`;
  const serving = said(context.compose?.containers)?.find((each) => each.service === single?.name && isRunning(each));
  const later = single === void 0 || serving === void 0 ? "" : ` Nothing that runs is touched: ${serving.name} serves until the first release, whose report says how to remove it.`;
  const unnamed = base.containerName === void 0 ? "" : ` \`container_name: ${base.containerName}\` is taken out, since two containers cannot have one name: what uses that name has to use the names of the colors.`;
  const dependents = projectOf(context)?.services.filter(
    ({ dependsOn: dependsOn2 }) => dependsOn2.some(({ service }) => service === base.name)
  );
  const followed = names[has] === base.name || dependents === void 0 || dependents.length === 0 ? "" : ` \`depends_on\` of ${dependents.map(({ name }) => `\`${name}\``).join(", ")} names \`${names[has]}\` from then on.`;
  const text2 = `${single === void 0 ? `Write \`${names[color]}\` from \`${base.name}\`` : `Make \`${names.blue}\` and \`${names.green}\` from \`${single.name}\``}, with ${context.colors?.apart === void 0 ? "a port" : "an address"} and a version of its own.${places}${later}${unnamed}${followed}`;
  return [
    {
      severity: "problem",
      title: single === void 0 ? `The color ${color} is missing in the compose file` : "The application is one service, and needs two",
      seen: single === void 0 ? `There is \`${base.name}\`, and no \`${names[color]}\`.` : `There is \`${single.name}\`, and neither \`${names.blue}\` nor \`${names.green}\`.`,
      why: "A release starts the new version next to the old one, and flips the traffic once it is healthy: that takes two services.",
      fix: {
        text: changes === void 0 ? `${text2} It has to be written by hand: ${handicapOf(context, base, parts)}.` : text2,
        blocks: changes === void 0 ? [secondColorYaml(context, colors, base)] : []
      },
      ...changes && { changes, otherwise: [secondColorYaml(context, colors, base)] },
      tells: withCode(context.refusals, "colors-missing")
    }
  ];
}
function handicapOf({ texts }, { name }, parts) {
  if (parts.length === 0) return `\`${name}\` stands in a file that is included, or that cannot be read`;
  const ties = texts.flatMap((text2) => text2.mentions(name).others);
  if (ties.length > 0) return ties.map(({ service, by }) => `\`${service}\` names it by \`${by}\``).join(", ");
  return `what \`${name}\` has comes from elsewhere, or stands in one line`;
}
function secondColorChanges(context, colors, base, { has, color }, parts) {
  const { names, single } = colors;
  const image2 = imageOfParts(parts, base.name) ?? context.compose?.writtenImages?.get(base.name);
  const { versionVariable: variable2 } = context.inputs.application;
  const mentions2 = context.texts.map((text2) => ({ text: text2, ...text2.mentions(base.name) }));
  const renamed2 = names[has] !== base.name;
  if (image2 === void 0 || renamed2 && mentions2.some(({ others }) => others.length > 0)) return void 0;
  const wishFor = (which, moved) => {
    const own = ownImage(image2, variable2, which);
    const ports = portsAt(base, moved);
    if (own === void 0 || ports === void 0) return void 0;
    const added = colors.published[which];
    const network = networkWish(colors, which, base);
    return {
      ...names[which] !== base.name && { name: names[which] },
      image: own,
      ...ports.length > 0 && { ports },
      ...added && { addedPort: `127.0.0.1:${added.host}:${added.container}` },
      ...network && { network },
      withoutContainerName: base.containerName !== void 0,
      ...base.aliases.length > 0 && base.fixedAddresses.length === 0 && { withoutAliases: [...base.networks.keys()] },
      added: addedLines(context, base, keysOf(parts))
    };
  };
  const [first2, second] = [wishFor(has, /* @__PURE__ */ new Map()), wishFor(color, colors.ports)];
  const kept = single === void 0 && first2 ? {
    image: first2.image ?? image2,
    ...first2.addedPort && { addedPort: first2.addedPort },
    ...first2.network && { network: first2.network },
    withoutContainerName: first2.withoutContainerName ?? false,
    ...first2.withoutAliases && { withoutAliases: first2.withoutAliases }
  } : first2;
  if (kept === void 0 || second === void 0) return void 0;
  const [changed, copies] = [changeParts(parts, kept), copyParts(parts, second)];
  if (changed === void 0 || copies === void 0) return void 0;
  const dependents = renamed2 ? mentions2.flatMap(
    ({ text: text2, tokens }) => tokens.length === 0 ? [] : [{ file: text2.file, edits: tokens.map((token) => replaceToken(token, names[has])) }]
  ) : [];
  return [...changed, ...dependents, ...copies];
}
function networkWish({ apart, addresses }, color, base) {
  const address = addresses[color];
  if (apart?.network === void 0 || address === void 0) return void 0;
  const beside = base.networks.size === 0 ? ["default"] : [...base.networks.keys()];
  return { key: apart.network.key, address: address.replace(/:\d+$/, ""), beside };
}
function addedLines({ inputs }, base, keys) {
  const { drain, previous } = inputs.after;
  const short = previous !== "keep" && base.stopGracePeriod < drain && !keys.includes("stop_grace_period");
  return [
    ...base.restart === "no" && !keys.includes("restart") ? ["restart: unless-stopped"] : [],
    ...short ? [`stop_grace_period: ${drain / 1e3}s`] : []
  ];
}
function secondColorYaml(context, colors, base) {
  const { versionVariable: variable2 } = context.inputs.application;
  const image2 = imageAsWritten(context, base.name) ?? "<image>";
  const services = COLORS.flatMap((color) => {
    const own = ownImage(image2, variable2, color) ?? `<image>:\${${variableName(variable2, color)}}`;
    const port = colors.addresses[color];
    const target = base.ports[0]?.target;
    return [
      `  ${colors.names[color]}: # and all else that \`${base.name}\` has`,
      `    image: ${own}`,
      ...port === void 0 || target === void 0 ? [] : [`    ports: ["${port}:${target}"]`]
    ];
  });
  return { language: "yaml", where: "compose file", text: ["services:", ...services].join("\n") };
}

// src/runtimes/compose/check/shape.ts
function shapeFindings(context, colors) {
  return [...built(context, colors), ...withoutNetwork(context, colors), ...replicated(context, colors)];
}
function tiedFindings({ texts }, colors) {
  const tied = servicesOf(colors).flatMap(
    ({ name }) => texts.flatMap((text2) => text2.mentions(name).others.map(({ service, by }) => ({ service, by, name })))
  );
  const found2 = tied.filter(({ by }) => by !== "extends");
  if (found2.length === 0) return [];
  const told2 = found2.map(({ service, by, name }) => `\`${service}\` has \`${by}\` to \`${name}\``);
  const links = found2.some(({ by }) => by === "links");
  const shares = found2.some(({ by }) => by !== "links");
  return [
    {
      severity: "warning",
      title: "Other services are tied to a color",
      seen: `${told2.join(", ")}.`,
      why: "Each release recreates the container of a color: what is tied to the old one goes on with what is gone, and knows one color, whichever is live.",
      fix: {
        text: [
          ...links ? [
            "Take `links` out: services of one network know each other by name. Let it call the application through Nginx."
          ] : [],
          ...shares ? [
            "What shares the network or the volumes of the application belongs to each color: write one for blue and one for green, or give it a network and volumes of its own."
          ] : []
        ].join(" "),
        blocks: []
      }
    }
  ];
}
function replicated({ refusals }, colors) {
  const several = servicesOf(colors).filter((service) => unfitness(service) !== void 0);
  const ranged = servicesOf(colors).filter(({ ports }) => ports.some(({ published }) => published.includes("-")));
  const found2 = [.../* @__PURE__ */ new Set([...several, ...ranged])];
  const [first2] = found2;
  if (first2 === void 0) return [];
  const seen = [
    ...several.map(({ name, replicas }) => `\`${name}\` has ${replicas} replicas.`),
    ...ranged.map(({ name, ports }) => {
      const ranges = ports.map(({ published }) => published).filter((published) => published.includes("-"));
      return `\`${name}\` publishes a range of ports (${ranges.join(", ")}).`;
    })
  ];
  const lines2 = found2.flatMap(({ name, ports }) => [
    `  ${name}: # without \`replicas\` or \`scale\``,
    ...ports.slice(0, 1).map(({ published, target }) => {
      return `    ports: ["127.0.0.1:${published.replace(/-.*$/, "")}:${target}"]`;
    })
  ]);
  return [
    {
      severity: "problem",
      title: "The application has several containers",
      seen: seen.join(" "),
      why: "A release starts one container of the new version, asks it at its own address, and flips the traffic to it: more than one per color is not supported yet.",
      fix: {
        text: "Run one container of it, at one port, and let Nginx reach it there alone. Then run the check again: it writes the rest.",
        blocks: [{ language: "yaml", where: "compose file", text: ["services:", ...lines2].join("\n") }]
      },
      tells: withCode(refusals, "color-replicated", "colors-missing")
    }
  ];
}
function built({ inputs, refusals, texts }, colors) {
  const found2 = servicesOf(colors).filter(({ name, image: image2, build }) => {
    return build && image2 === void 0 && texts.every((text2) => text2.imageOf(name) === void 0);
  });
  if (found2.length === 0) return [];
  const { versionVariable } = inputs.application;
  const lines2 = found2.flatMap((service) => {
    const color = colors.single === void 0 ? COLORS.find((each) => colors.services[each] === service) : void 0;
    const any = `\${${versionVariable}:-latest}`;
    const tag = color === void 0 ? any : `\${${variableName(versionVariable, color)}:-${any}}`;
    return [`  ${service.name}:`, `    image: ghcr.io/<owner>/<name>:${tag} # in place of \`build\``];
  });
  return [
    {
      severity: "problem",
      title: "The application is built on the host",
      seen: `${named(found2)} ${found2.length === 1 ? "has" : "have"} \`build\`, and no \`image\`.`,
      why: "A release starts a version by the tag of its image, and goes back to it by that: what is built in place has neither.",
      fix: {
        text: "Let the workflow build the image, and push it to a registry (docs/examples has one that builds, pushes and releases); name it here. Then run the check again: it writes the rest.",
        blocks: [{ language: "yaml", where: "compose file", text: ["services:", ...lines2].join("\n") }]
      },
      tells: withCode(refusals, "image-missing", "colors-missing")
    }
  ];
}
function withoutNetwork({ inputs, refusals }, colors) {
  const { blue, green } = inputs.nginx.addresses;
  if (blue !== void 0 && green !== void 0 && colors.single === void 0) return [];
  const found2 = servicesOf(colors).filter(({ networkMode }) => /^(host$|service:|container:)/.test(networkMode));
  if (found2.length === 0) return [];
  const lines2 = found2.flatMap(({ name, networkMode }, i) => [
    `  ${name}: # without \`network_mode: ${networkMode}\``,
    `    ports: ["127.0.0.1:${8080 + i}:<port of the application>"]`
  ]);
  return [
    {
      severity: "problem",
      title: "The application has no network of its own",
      seen: found2.map(({ name, networkMode }) => `\`${name}\` has \`network_mode: ${networkMode}\`.`).join(" "),
      why: "During a release two versions run: in one network both would listen at the same port, and the second would not start.",
      fix: {
        text: 'Take `network_mode` out, and publish the port on 127.0.0.1; what it called at `localhost` is then `host.docker.internal` (`extra_hosts: ["host.docker.internal:host-gateway"]`). Where each color listens at a port of its own, keep it, and name both by `blue-address` and `green-address`. Then run the check again: it writes the rest.',
        blocks: [{ language: "yaml", where: "compose file", text: ["services:", ...lines2].join("\n") }]
      },
      tells: withCode(
        refusals,
        "color-nowhere",
        "color-nowhere-in-container",
        "colors-missing"
      )
    }
  ];
}
function servicesOf({ services }) {
  return [...new Set(COLORS.flatMap((color) => services[color] ?? []))];
}
function named(services) {
  return services.map(({ name }) => `\`${name}\``).join(" and ");
}

// src/runtimes/compose/check/colors-wanted.ts
function colorFindings(context) {
  const { colors, inputs } = context;
  if (colors === void 0) return [];
  const shapes = shapeFindings(context, colors);
  if (shapes.length > 0) return shapes;
  const { versionVariable: variable2, image: given } = inputs.application;
  if (given !== void 0) return missingColor(colors) === void 0 ? [] : secondColor(context, colors);
  const base = colors.services.blue ?? colors.services.green;
  const image2 = base && imageAsWritten(context, base.name);
  const other = image2 === void 0 ? void 0 : tagVariable(image2);
  if (other !== void 0 && other !== variable2 && usesNoVariable(base))
    return [otherVariable(context, base, image2 ?? "", other)];
  const whole = wholeImages(context, colors);
  if (whole.length > 0) return whole;
  return missingColor(colors) === void 0 ? ownImages(context, colors) : secondColor(context, colors);
}
function wholeImages(context, colors) {
  const { versionVariable: variable2 } = context.inputs.application;
  const found2 = COLORS.flatMap((color) => {
    const service = colors.services[color];
    const image2 = service && imageAsWritten(context, service.name);
    const own = image2 === void 0 ? void 0 : imageOfColor(image2, variable2, color);
    return service && own?.kind === "impossible" ? [{ service, color, why: own.why }] : [];
  });
  if (found2.length === 0) return [];
  const lines2 = found2.flatMap(({ service, color }) => {
    const { repository, tag } = plainImage(service.image ?? "");
    const shared = `\${${variable2}:-${tag}}`;
    const own = colors.single === void 0 ? `\${${variableName(variable2, color)}:-${shared}}` : shared;
    return [`  ${service.name}:`, `    image: ${repository}:${own}`];
  });
  return [
    {
      severity: "problem",
      title: "No version can be chosen",
      seen: found2.map(({ service, why }) => `The image of \`${service.name}\`: ${why}.`).join(" "),
      why: "A release starts the idle color with another tag of the same image: only the tag may come from a variable.",
      fix: {
        text: "Write the name of the image in the compose file, and the version as its tag. Then run the check again: it writes the rest.",
        blocks: [{ language: "yaml", where: "compose file", text: ["services:", ...lines2].join("\n") }]
      },
      tells: withCode(
        context.refusals,
        "image-all-variable",
        "image-missing",
        "image-without-variable",
        "colors-missing"
      )
    }
  ];
}
function plainImage(image2) {
  const plain = image2.replace(/@.*$/, "");
  const [, repository = plain, tag = "latest"] = /^(.*):([^/:]*)$/.exec(plain) ?? [];
  return namesWhole(plain) || plain === "" ? { repository: "<name>", tag: "latest" } : { repository, tag };
}
function usesNoVariable(service) {
  return (service?.uses ?? []).length === 0;
}
function otherVariable(context, service, image2, variable2) {
  return {
    severity: "problem",
    title: "The version variable has another name",
    seen: `The image of \`${service?.name}\` is written as \`${image2}\`, and \`version-variable\` is ${context.inputs.application.versionVariable}.`,
    why: "The version is handed to compose in that variable: another one changes nothing, and the same image would start again.",
    fix: { text: "Name it in the workflow.", blocks: [workflow(`version-variable: ${variable2}`)] },
    tells: withCode(context.refusals, "image-missing", "image-without-variable")
  };
}
function ownImages(context, colors) {
  const { inputs, refusals } = context;
  const { versionVariable: variable2 } = inputs.application;
  const chosen = withCode(refusals, "image-missing", "image-without-variable").length === 0;
  const wanting = COLORS.filter((color) => {
    const uses = colors.services[color]?.uses ?? [];
    if (uses.length === 0 && chosen) return false;
    return !uses.includes(color) || uses.some((each) => each !== color);
  });
  const changes = wanting.map((color) => imageChanges(context, colors, color));
  const unchangeable = withCode(
    refusals,
    "image-missing",
    "image-without-variable",
    "image-of-other-color"
  );
  const own = COLORS.map((color) => variableName(variable2, color)).join(" and ");
  const shown = wanting.map(
    (color) => `the image of \`${colors.names[color]}\` is \`${imageAsWritten(context, colors.names[color]) ?? "not written there"}\``
  );
  if (wanting.length === 0 || changes.some((change) => change === void 0)) return [];
  return [
    {
      severity: unchangeable.length > 0 ? "problem" : "warning",
      title: unchangeable.length > 0 ? "No version can be chosen" : "Both colors share one version variable",
      seen: `In the compose file ${shown.join(", and ")}.`,
      why: unchangeable.length > 0 ? "A release starts the idle color with another tag: the image has to have a variable for it." : "A `docker compose up -d` by hand would recreate a color with the version of the other; `.env` cannot be kept true.",
      fix: {
        text: `Give each color its own (${own}), with the shared one as what holds where that is not set.`,
        blocks: []
      },
      changes: changes.flatMap((change) => change ?? []),
      tells: unchangeable
    }
  ];
}
function imageChanges(context, colors, color) {
  const name = colors.names[color];
  const image2 = imageAsWritten(context, name);
  const own = image2 === void 0 ? void 0 : ownImage(image2, context.inputs.application.versionVariable, color);
  if (own === void 0 || own === image2) return void 0;
  return changeParts(partsOf(context.texts, name), { image: own });
}

// src/runtimes/compose/check/plain-run.ts
function runFindings(context, tells, reached) {
  const run = applicationOf(context, reached);
  if (run === void 0) return [];
  const { inputs } = context;
  const { service, versionVariable } = inputs.application;
  const about = {
    severity: "problem",
    title: "The application runs by `docker run`, and has no compose file",
    seen: `There is no compose file in ${folderOf(context)}, and the container ${run.name} (${run.image}) serves, which none has made.`,
    why: "A release starts the new version next to the old one, and flips the traffic once it is healthy: both are services of a compose file.",
    tells
  };
  const blue = imageOfColor(run.image, versionVariable, "blue");
  const hindrance = hindranceOf(run, blue.kind === "image");
  if (hindrance !== void 0) return [{ ...about, fix: { text: hindrance, blocks: [] } }];
  const folder2 = folderOf(context);
  const renamed2 = run.name === service ? "" : ` It is called \`${service}\` from now on, so that it is known as what serves.`;
  const open = run.ports.some(({ address }) => isEverywhere(address)) ? " Its ports are published on 127.0.0.1 only: from outside it is reached through Nginx." : "";
  return [
    {
      ...about,
      fix: {
        text: `Make the compose file from it, with a service for each color, in ${folder2}. Its environment goes straight from Docker into ${service}.env there, which only ${user(context)} can read; its command and what else it was given are taken over on the host too. Nothing that runs is touched: it serves until the first release, whose report says how to remove it.${renamed2}${open} Not taken over: labels, logging, devices, limits beside memory, and a health check of its own; look at \`docker inspect ${run.name}\` where you have set one.`,
        blocks: [shell("host as root", script(context, run, folder2).text)]
      }
    }
  ];
}
function applicationOf({ hostFacts, inputs }, reached) {
  const serving = hostFacts.runs.filter(
    ({ ports }) => ports.some(({ address, host }) => reached.includes(`${isEverywhere(address) ? "127.0.0.1" : address}:${host}`))
  );
  const named3 = hostFacts.runs.find(({ name }) => name === inputs.application.service);
  return serving.length === 1 ? serving[0] : named3;
}
function hindranceOf({ image: image2, networkMode, name, ports }, named3) {
  if (!named3 || /^(sha256:)?[0-9a-f]{12,64}$/.test(image2))
    return `Its image has no name with a tag (${image2}), so that no version could be chosen. Push it to a registry as \`<registry>/<name>:<version>\`, and start it once more from there.`;
  if (networkMode === "host" || networkMode.startsWith("container:"))
    return `It has no network of its own (\`--network ${networkMode}\`): two versions would listen at one port. Start it once more with \`-p 127.0.0.1:<port>:<port of the application>\`, let Nginx reach it there, and run the check again.`;
  if (!ports.some(({ protocol }) => protocol === "tcp"))
    return `It publishes no port: start it once more with \`-p 127.0.0.1:8080:<port of the application>\`, let Nginx reach it there, and run the check again. \`docker inspect ${name}\` shows how it was started.`;
  return void 0;
}
function script(context, run, folder2) {
  const { service } = context.inputs.application;
  const owner = user(context);
  const file = `${folder2}/compose.yaml`;
  const environment = `${folder2}/${service}.env`;
  return lines(
    sh`(`,
    sh`set -eu; umask 077`,
    sh`id=${run.id}`,
    sh`[ -d ${folder2} ] || install -d -m 0755 -o ${owner} ${folder2}`,
    sh`if [ -e ${file} ]; then echo 'There is a compose file already.'; exit 0; fi`,
    sh`work=$(mktemp -d); trap 'rm -rf "$work"' EXIT`,
    sh`image=$(docker inspect --type container --format '{{.Image}}' "$id")`,
    // What the image brings stays the image's own: a new version may bring something else.
    sh`docker image inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$image" >"$work/image"`,
    sh`docker inspect --type container --format '{{range .Config.Env}}{{println .}}{{end}}' "$id" | grep -vxF -f "$work/image" | grep . >"$work/given" || :`,
    sh`awk -v quote="'" ${ENVIRONMENT_AWK} <"$work/given" >"$work/env" || {`,
    sh`  echo 'These variables cannot be written into a file as they are (quotes, or several lines).' >&2; exit 1`,
    sh`}`,
    sh`given() {`,
    sh`  value=$(docker inspect --type container --format "{{json $2}}" "$id")`,
    sh`  case $value in null | '""' | '[]' | '{}' | false | 0 | '"/"') return ;; esac`,
    sh`  [ "$value" = "$(docker image inspect --format "{{json $2}}" "$image" 2>/dev/null)" ] || printf '    %s: %s\\n' "$1" "$value" | sed 's/[$]/$$/g'`,
    sh`}`,
    sh`{`,
    ...KEPT.map(([key, place]) => sh`  given ${key} ${place}`),
    sh`} >"$work/more"`,
    sh`{`,
    sh`echo services:`,
    ...COLORS.flatMap((color) => [hereDocument(serviceText(context, run, color)), sh`cat "$work/more"`]),
    ...tail(run).map((text2) => hereDocument(text2)),
    sh`} >"$work/compose.yaml"`,
    sh`install -m 0600 -o ${owner} "$work/env" ${environment}`,
    sh`install -m 0644 -o ${owner} "$work/compose.yaml" ${file}`,
    sh`( cd ${folder2} && docker compose config --quiet </dev/null ) || { rm ${file}; exit 1; }`,
    ...run.name === service ? [] : [sh`docker rename "$id" ${service}`],
    sh`echo ${`Done: ${file} and ${environment}`}`,
    sh`)`
  );
}
var KEPT = [
  ["command", ".Config.Cmd"],
  ["entrypoint", ".Config.Entrypoint"],
  ["user", ".Config.User"],
  ["working_dir", ".Config.WorkingDir"],
  ["extra_hosts", ".HostConfig.ExtraHosts"],
  ["dns", ".HostConfig.Dns"],
  ["mem_limit", ".HostConfig.Memory"],
  ["cap_add", ".HostConfig.CapAdd"],
  ["privileged", ".HostConfig.Privileged"],
  ["read_only", ".HostConfig.ReadonlyRootfs"],
  ["init", ".HostConfig.Init"]
];
var ENVIRONMENT_AWK = `
{
  at = index($0, "="); key = substr($0, 1, at - 1); value = substr($0, at + 1)
  if (key !~ /^[A-Za-z_][A-Za-z0-9_.-]*$/) { bad = 1; next }
  if (index(value, quote) == 0) print key "=" quote value quote
  else if (value !~ /["$\\\\\`]/) print key "=\\"" value "\\""
  else { bad = 1; print key >"/dev/stderr" }
}
END { exit bad }`;
function serviceText(context, run, color) {
  const { inputs } = context;
  const { service, versionVariable, services } = inputs.application;
  const { drain, previous } = inputs.after;
  const image2 = imageOfColor(run.image, versionVariable, color);
  const ports = portsOf2(context, run, color).map((port) => JSON.stringify(port));
  const volumes2 = run.mounts.map((mount) => JSON.stringify(volumeOf(mount)));
  return [
    `  ${services[color] ?? `${service}_${color}`}:`,
    `    image: ${image2.kind === "image" ? image2.image : run.image}`,
    `    restart: ${run.restart === "no" ? "unless-stopped" : run.restart}`,
    ...previous === "keep" ? [] : [`    stop_grace_period: ${Math.max(drain / 1e3, 10)}s`],
    `    ports: [${ports.join(", ")}]`,
    ...volumes2.length === 0 ? [] : [`    volumes: [${volumes2.join(", ")}]`],
    ...isBridge(run.networkMode) ? ["    network_mode: bridge"] : [],
    `    env_file: [${JSON.stringify(`${service}.env`)}]`
  ].join("\n");
}
function tail({ mounts: mounts2, networkMode }) {
  const volumes2 = [...new Set(mounts2.flatMap(({ type, source }) => type === "volume" ? [source] : []))];
  const external = volumes2.map((name) => `  ${JSON.stringify(name)}: { external: true }`);
  return [
    ...volumes2.length === 0 ? [] : [["volumes:", ...external].join("\n")],
    ...isBridge(networkMode) ? [] : [`networks: { default: { name: ${JSON.stringify(networkMode)}, external: true } }`]
  ];
}
function volumeOf({ source, destination, writable }) {
  return `${source}:${destination}${writable ? "" : ":ro"}`.replaceAll("$", "$$$$");
}
function portsOf2({ hostFacts }, { ports }, color) {
  const taken = /* @__PURE__ */ new Set([...hostFacts.listening, ...ports.map(({ host }) => host)]);
  return ports.map(({ address, host, container, protocol }) => {
    let port = host;
    if (color === "green") while (taken.has(port)) port++;
    taken.add(port);
    const at = isEverywhere(address) ? "127.0.0.1" : address;
    return `${at.includes(":") ? `[${at}]` : at}:${port}:${container}${protocol === "tcp" ? "" : `/${protocol}`}`;
  });
}
function isEverywhere(address) {
  return ["", "0.0.0.0", "::"].includes(address);
}
function isBridge(networkMode) {
  return ["", "default", "bridge"].includes(networkMode);
}
function folderOf({ inputs, hostFacts }) {
  const { directory } = inputs.application;
  if (directory.startsWith("/")) return directory;
  const home = hostFacts.home || `/home/${hostFacts.user}`;
  return directory === "." ? home : `${home}/${directory.replace(/^(~|\.)\//, "")}`;
}
function user({ state, hostFacts }) {
  return state.user || hostFacts.user;
}

// src/runtimes/compose/check/docker.ts
function dockerFindings(context, reached) {
  return [
    ...docker(context),
    ...folder(context, reached),
    ...closedFolder(context),
    ...closedFiles(context),
    ...composeMissing(context)
  ];
}
function folder(context, reached) {
  const { hostFacts, inputs, refusals } = context;
  const tells = withCode(
    refusals,
    "directory-closed",
    "compose-file-missing",
    "upload-without-folder"
  );
  if (tells.length === 0 || hostFacts.engine !== "") return [];
  const runs = runFindings(context, tells, reached);
  if (runs.length > 0) return runs;
  const { service, directory } = inputs.application;
  const folders = [
    ...new Set(
      hostFacts.projects.flatMap(
        (each) => [service, `${service}_blue`, `${service}_green`, `${service}-blue`, `${service}-green`].includes(each.service) ? [each.folder] : []
      )
    )
  ];
  const [only, ...others] = folders;
  return [
    {
      severity: "problem",
      title: "There is no compose file where it is looked for",
      // The shell's own complaint stands before it.
      seen: tells.map((told2) => sentence(told2).split("\n").at(-1)).join(" "),
      why: `The compose file of \`${service}\` is read in \`directory\`, which is ${directory}.`,
      fix: {
        text: only === void 0 ? "Name the folder on the host in which `docker compose up -d` works, or put the compose file there by `upload`." : `Compose has started \`${service}\` from ${folders.join(", ")}.`,
        blocks: only === void 0 || others.length > 0 ? [] : [workflow(`directory: ${only}`)]
      },
      tells
    }
  ];
}
function closedFolder({ hostFacts }) {
  const { closed, user: user2 } = hostFacts;
  if (closed === void 0) return [];
  return [
    {
      severity: "problem",
      title: `${user2} may not write next to the compose file`,
      seen: `${closed} is somebody else\u2019s, and ${user2} may not write there.`,
      why: "A release keeps in `.blue-green` there what it needs to undo its changes, and in `.env` which version each color has.",
      fix: {
        text: `Give the folder to ${user2}; the files in it stay whose they are.`,
        blocks: [shell("host as root", sh`chown ${user2} ${closed}`.text)]
      }
    }
  ];
}
function closedFiles({ hostFacts, refusals, compose: compose3 }) {
  const words3 = compose3?.project.kind === "failed" ? compose3.project.words : "";
  const named3 = closedFile(words3);
  if (named3 === void 0) return [];
  const found2 = hostFacts.unreadable.length > 0 ? hostFacts.unreadable : [named3];
  return [
    {
      severity: "problem",
      title: `${hostFacts.user} may not read ${found2.length === 1 ? "a file" : "files"} of the project`,
      seen: `Compose cannot read ${named3}. Not readable for ${hostFacts.user}: ${found2.join(", ")}.`,
      why: "Every command of compose reads what the compose file names, as the user who logs in.",
      fix: {
        text: `Give ${found2.length === 1 ? "it" : "them"} to ${hostFacts.user}; the mode stays, so that nobody else can read more than before.`,
        blocks: [shell("host as root", lines(...found2.map((file) => sh`chown ${hostFacts.user} ${file}`)).text)]
      },
      tells: withCode(refusals, "compose-file-missing", "compose-file-unread")
    }
  ];
}
function docker({ hostFacts, refusals, compose: compose3 }) {
  const told2 = compose3?.engine.kind === "failed" ? compose3.engine.words : hostFacts.engine;
  const tells = withCode(refusals, "docker-silent", "containers-unlisted");
  if (tells.length === 0 && (compose3 !== void 0 || hostFacts.engine === "")) return [];
  const seen = sentencesOf(tells) || `Docker does not answer: ${hostFacts.engine}`;
  const why = "Images are pulled, and containers started, by docker.";
  const about = { severity: "problem", seen, why, tells };
  const fault2 = dockerFault(told2);
  switch (fault2.kind) {
    case "not allowed":
      return [
        {
          ...about,
          title: `${hostFacts.user} may not use Docker`,
          fix: {
            text: `Add ${hostFacts.user} to the group docker. Whoever is in it can become root on this host: give that user a key that is used for releases only.`,
            blocks: [shell("host as root", sh`usermod -aG docker ${hostFacts.user}`.text)]
          }
        }
      ];
    case "missing":
      return [
        {
          ...about,
          title: "Docker is missing on the host",
          fix: {
            text: `${hostFacts.user} has no \`docker\` on its search path, not even in a login shell, nor in /usr/local/bin, /snap/bin, ~/bin and the like; only folders count to which nobody but root and ${hostFacts.user} may write. Install Docker Engine and its Compose plugin: https://docs.docker.com/engine/install/`,
            blocks: []
          }
        }
      ];
    case "elsewhere":
      return [
        {
          ...about,
          title: "Docker points to another engine, which does not answer",
          fix: {
            text: `${hostFacts.user} uses the engine at ${fault2.endpoint}: see that it runs. If the engine of this host is meant, remove \`DOCKER_HOST\` from the start-up files of the shell of ${hostFacts.user}, and choose the default context.`,
            blocks: [shell("host", "docker context use default")]
          }
        }
      ];
    case "no context":
      return [
        {
          ...about,
          title: "Docker has no such context",
          fix: {
            text: `The chosen context is \`${fault2.context}\`, which does not exist. Choose the engine of this host.`,
            blocks: [shell("host", "docker context use default")]
          }
        }
      ];
    case "stopped":
      return [
        {
          ...about,
          title: "Docker does not answer",
          fix: {
            text: "Start it, now and whenever the host starts.",
            blocks: [shell("host as root", "systemctl enable --now docker")]
          }
        }
      ];
    case "unknown":
      return [
        {
          ...about,
          title: "Docker does not answer",
          fix: { text: `See why \`docker version\` fails for ${hostFacts.user} on the host.`, blocks: [] }
        }
      ];
  }
}
function composeMissing({ refusals, hostFacts }) {
  const tells = withCode(refusals, "compose-missing");
  if (tells.length === 0) return [];
  const script2 = lines(
    sh`apt-get update && { apt-get install -y docker-compose-plugin || apt-get install -y docker-compose-v2 || apt-get install -y docker-compose; }`,
    sh`docker compose version`
  );
  return [
    {
      severity: "problem",
      title: "Compose v2 is missing",
      seen: sentencesOf(tells),
      why: "What is released is described to `docker compose`; the older `docker-compose` (v1) is no longer maintained, and knows not all that is needed.",
      fix: {
        text: `Install the plugin for ${hostFacts.user}; on other systems than Debian and Ubuntu: https://docs.docker.com/compose/install/linux/`,
        blocks: [shell("host as root", script2.text)]
      },
      tells
    }
  ];
}

// src/runtimes/compose/check/aliases.ts
var import_yaml3 = __toESM(require_dist(), 1);
var SAYING = ["command", "entrypoint", "environment", "healthcheck", "labels", "links", "external_links"];
function aliasFindings({ texts }, colors, site) {
  const services = [...new Set(COLORS.flatMap((color) => colors.services[color] ?? []))];
  const names = [...new Set(services.flatMap(({ aliases }) => aliases))];
  if (names.length === 0) return [];
  const own = [...Object.values(colors.names), ...services.map(({ name }) => name)];
  const callers2 = names.flatMap(
    (name) => callersOf2(texts, name).filter(({ service }) => !own.includes(service)).map((caller) => ({ ...caller, name }))
  );
  const told2 = callers2.map(({ service, key, name }) => `\`${service}\` calls \`${name}\` (\`${key}\`)`);
  return [
    {
      severity: "warning",
      title: "The application is called by an alias",
      seen: `${services.map(({ name }) => `\`${name}\``).join(" and ")} ${services.length === 1 ? "has" : "have"} the network alias ${names.map((name) => `\`${name}\``).join(", ")}${told2.length === 0 ? "" : `; ${told2.join(", ")}`}.`,
      why: "An alias of both colors sends calls to a version that has proven nothing; one of a single color leads to the old version after a flip, and to nothing once that is stopped.",
      fix: {
        text: `The colors written above do not have it; the container that runs now keeps it until it is removed. Send callers through Nginx, which leads to what is live${site === void 0 ? "" : `: to ${site.url} instead, as below`}. Do it before you remove that container.`,
        blocks: site === void 0 ? [] : callerBlocks(callers2, site)
      }
    }
  ];
}
function callersOf2(texts, name) {
  const plain = name.replace(/[^A-Za-z0-9_-]/g, "\\$&");
  const host = new RegExp(`(?://|@)${plain}(?![A-Za-z0-9_.-])|(?:^|[^A-Za-z0-9_.-])${plain}:\\d|^\\s*${plain}\\s*$`);
  const all = texts.flatMap(({ file }) => {
    const services = fields(field((0, import_yaml3.parse)(file.text, { merge: true }), "services"));
    return Object.entries(services).flatMap(
      ([service, body]) => SAYING.filter((key) => wordsOf(field(body, key)).some((word) => host.test(word))).map((key) => ({
        service,
        key
      }))
    );
  });
  return [...new Map(all.map((caller) => [JSON.stringify(caller), caller])).values()];
}
function wordsOf(value) {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(wordsOf) : [];
}
function callerBlocks(callers2, { name, url }) {
  const lines2 = [...new Set(callers2.map(({ service }) => service))].flatMap((service) => {
    const called = [...new Set(callers2.filter((each) => each.service === service).map((each) => each.name))];
    return [
      `  ${service}: # and ${url} in place of ${called.map((each) => `http://${each}:\u2026`).join(", ")}`,
      `    extra_hosts: ["${name}:host-gateway"]`
    ];
  });
  return lines2.length === 0 ? [] : [{ language: "yaml", where: "compose file", text: ["services:", ...lines2].join("\n") }];
}

// src/runtimes/compose/check/findings.ts
function composeFindings(context, site) {
  const { colors } = context;
  if (colors === void 0 || shapeFindings(context, colors).length > 0) return [];
  const services = [...new Set(COLORS.flatMap((color) => colors.services[color] ?? []))];
  const [blue, green] = [colors.services.blue ?? colors.single, colors.services.green ?? colors.single];
  return [
    ...withoutPorts(context, colors, services),
    ...publicPorts(context, colors, services),
    ...restartPolicy(context, colors, services),
    ...gracePeriod(context, colors, services),
    ...blue === void 0 ? [] : volumes(colors, blue, green ?? blue),
    ...tiedFindings(context, colors),
    ...callers(context, colors),
    ...aliasFindings(context, colors, site),
    ...unsafeEnv(context)
  ];
}
function wishing({ texts }, wishes) {
  const text2 = ["services:", ...wishes.flatMap(({ service, line }) => [`  ${service.name}:`, `    ${line}`])].join("\n");
  const byHand3 = [{ language: "yaml", where: "compose file", text: text2 }];
  const changes = wishes.map(({ service, wish }) => changeParts(partsOf(texts, service.name), wish));
  if (changes.some((change) => change === void 0)) return { blocks: byHand3 };
  return { blocks: [], changes: changes.flatMap((change) => change ?? []), otherwise: byHand3 };
}
function named2(services) {
  return services.map(({ name }) => `\`${name}\``).join(" and ");
}
function withoutPorts(context, colors, services) {
  if (missingColor(colors) !== void 0) return [];
  const wishes = services.flatMap((service) => {
    const color = COLORS.find((each) => colors.services[each] === service);
    const port = color === void 0 ? void 0 : colors.published[color];
    if (port === void 0) return [];
    const addedPort = `127.0.0.1:${port.host}:${port.container}`;
    return [{ service, wish: { addedPort }, line: `ports: ["${addedPort}"]` }];
  });
  if (wishes.length === 0 || context.inputs.nginx.command !== void 0) return [];
  const { blocks, ...edit } = wishing(context, wishes);
  return [
    {
      severity: "problem",
      title: "A color has no address of its own",
      seen: `${named2(wishes.map(({ service }) => service))} ${wishes.length === 1 ? "publishes" : "publish"} no port.`,
      why: "Nginx on the host reaches a color at a port of the host; the address of a container changes with each start.",
      fix: { text: "Publish its port on 127.0.0.1.", blocks },
      ...edit,
      tells: withCode(context.refusals, "color-nowhere")
    }
  ];
}
function publicPorts(context, colors, services) {
  const open = services.filter((service) => publicWarnings(service).length > 0);
  if (open.length === 0) return [];
  const tells = open.flatMap(publicWarnings);
  const wishes = open.flatMap((service) => {
    const ports = portsAt(service, /* @__PURE__ */ new Map());
    const first2 = ports?.[0];
    return ports && first2 ? [{ service, wish: { ports }, line: `ports: ["127.0.0.1:${first2.host}:${first2.port.target}"]` }] : [];
  });
  const told2 = {
    severity: "warning",
    title: "A color is open to everybody",
    seen: `${named2(open)} ${open.length === 1 ? "publishes its port" : "publish their ports"} on every interface (0.0.0.0).`,
    why: "Docker opens such a port past most firewalls, ufw among them: a new version is public before it has proven itself, and both go round Nginx.",
    tells
  };
  if (missingColor(colors) !== void 0)
    return [{ ...told2, fix: { text: "What is written above is published on 127.0.0.1.", blocks: [] } }];
  const { blocks, ...edit } = wishing(context, wishes);
  return [
    {
      ...told2,
      fix: { text: "Publish on 127.0.0.1, where only this host reaches it.", blocks },
      ...edit
    }
  ];
}
function restartPolicy(context, colors, services) {
  const without = services.filter(({ restart }) => restart === "no");
  if (without.length === 0) return [];
  const told2 = {
    severity: "warning",
    title: "Nothing restarts the application",
    seen: `${named2(without)} ${without.length === 1 ? "has" : "have"} no restart policy.`,
    why: "After a crash, or when the host starts again, the live color stays down until somebody comes."
  };
  if (colors.single !== void 0) return [{ ...told2, fix: { text: "What is written above has one.", blocks: [] } }];
  const line = "restart: unless-stopped";
  const wishes = without.map((service) => ({ service, wish: { added: [line] }, line }));
  const { blocks, ...edit } = wishing(context, wishes);
  return [
    {
      ...told2,
      fix: { text: `Add \`${line}\`. A color that was stopped after a release stays stopped.`, blocks },
      ...edit
    }
  ];
}
function gracePeriod(context, colors, services) {
  const { after } = context.inputs;
  const short = services.filter((service) => service.stopGracePeriod < after.drain);
  if (after.previous === "keep" || short.length === 0) return [];
  const [grace, drain] = [(short[0]?.stopGracePeriod ?? 0) / 1e3, after.drain / 1e3];
  const line = `stop_grace_period: ${drain}s`;
  const wishes = short.map((service) => ({ service, wish: { added: [line] }, line }));
  const written2 = short.some(({ name }) => keysOf(partsOf(context.texts, name)).includes("stop_grace_period"));
  const late = missingColor(colors) !== void 0 || written2;
  const { blocks, ...edit } = late ? { blocks: [] } : wishing(context, wishes);
  return [
    {
      severity: "warning",
      title: "What is in flight is cut",
      seen: `${named2(short)} ${short.length === 1 ? "is" : "are"} killed ${grace} s after the request to stop, and \`drain-timeout\` is ${drain} s.`,
      why: "A request that takes longer than both is cut when the previous color is stopped.",
      fix: {
        text: missingColor(colors) === void 0 ? `Write \`${line}\` in the compose file, or a \`drain-timeout\` that is no longer.` : `What is written above has \`${line}\`.`,
        blocks
      },
      ...edit,
      tells: withCode(context.notes, "grace-short")
    }
  ];
}
function volumes(colors, blue, green) {
  const shared = sharedWrites(blue, green);
  if (shared.length === 0) return [];
  const both = colors.single === void 0 ? `${named2([blue])} and ${named2([green])} both` : `Both colors of ${named2([blue])} will`;
  return [
    {
      severity: "warning",
      title: "Both colors write to the same volumes",
      seen: `${both} write to ${shared.map((source) => `\`${source}\``).join(", ")}.`,
      why: "During a release two versions run, and write there at once. A database file, a lock or a cache in it may be damaged.",
      fix: {
        text: "Keep there only what two versions may share (uploads, say), or give each color its own; where only one writes, mount it with `:ro` in the other.",
        blocks: []
      }
    }
  ];
}
function callers({ hostFacts, inputs, texts }, colors) {
  const own = [colors.names.blue, colors.names.green, inputs.application.service];
  const names = COLORS.flatMap((color) => colors.services[color]?.name ?? []);
  const commands = texts.flatMap(
    (text2) => [...new Set(names)].flatMap(
      (callee) => text2.callersOf(callee).map(({ service, by }) => ({ service, callee, variable: by }))
    )
  );
  const found2 = [...hostFacts.callers, ...commands].filter(({ service }) => !own.includes(service));
  if (found2.length === 0) return [];
  const told2 = found2.map(({ service, callee, variable: variable2 }) => `\`${service}\` (${variable2}: \`${callee}\`)`);
  return [
    {
      severity: "warning",
      title: "Other services call a color by its name",
      seen: `${[...new Set(told2)].join(", ")}.`,
      why: "That name means one color, whichever is live: after a release they call the previous version, or nothing once it is stopped.",
      fix: {
        text: 'Let them call through Nginx: `extra_hosts: ["host.docker.internal:host-gateway"]`, and the address of the site there.',
        blocks: []
      }
    }
  ];
}
function unsafeEnv({ facts, inputs, notes, hostFacts }) {
  if (facts === void 0 || facts.versionOnHost.kind === "kept in .env") return [];
  const { versionVariable: variable2 } = inputs.application;
  const reasons = facts.versionOnHost.reasons.map((reason) => unsafeSentence(reason, variable2));
  const commands = facts.versionOnHost.reasons.flatMap((reason) => reason.kind === "read-only" ? reason.command ?? [] : []).filter((command) => hostFacts.closed === void 0 || !command.endsWith(` ${hostFacts.closed}`));
  const names = ["any", "blue", "green"].map((which) => variableName(variable2, which));
  return [
    {
      severity: "warning",
      title: "`.env` is not kept true",
      seen: reasons.join(" "),
      why: `The host does not remember what was released (${names.join(", ")}): a \`docker compose up -d\` by hand would start other versions.`,
      fix: {
        text: "Each of these is mended as it says.",
        blocks: commands.map((command) => ({
          language: "sh",
          where: "host as root",
          text: command.replace(/^sudo /, "")
        }))
      },
      tells: withCode(notes, "env-left-alone")
    }
  ];
}

// src/runtimes/compose/check/room.ts
function roomFindings(context) {
  return [...memory(context), ...disk(context)];
}
function memory(context) {
  const { hostFacts, compose: compose3, colors } = context;
  const containers = said(compose3?.containers) ?? [];
  const own = COLORS.flatMap((color) => colors?.services[color]?.name ?? []);
  const running = containers.filter(({ service, state }) => own.includes(service) && state.status === "running");
  const used = Math.max(0, ...running.map(({ name }) => hostFacts.memory.uses.get(name) ?? 0));
  const { available } = hostFacts.memory;
  if (available === void 0 || running.length > 1 || used === 0 || available >= used * 1.2) return [];
  return [
    {
      severity: "warning",
      title: "There may be too little memory for two colors",
      seen: `${running[0]?.name} uses ${megabytes(used)}, and ${megabytes(available)} are free.`,
      why: "During a release both colors run. Where memory runs out the kernel ends one of them, and not always the new one.",
      fix: { text: "Free memory, or give the host more; swap helps over the minute in which both run.", blocks: [] }
    }
  ];
}
function disk({ hostFacts, compose: compose3, colors, facts }) {
  if (hostFacts.disk === void 0) return [];
  const own = COLORS.flatMap((color) => colors?.services[color]?.name ?? []);
  const containers = (said(compose3?.containers) ?? []).filter(({ service }) => own.includes(service));
  const size = Math.max(0, ...containers.map(({ image: image3 }) => hostFacts.images.get(image3)?.size ?? 0));
  const { free, folder: folder2 } = hostFacts.disk;
  if (size === 0 || free >= size * 2) return [];
  const image2 = imageFor(facts?.services.blue.image ?? "", "\u2026");
  return [
    {
      severity: "warning",
      title: "There may be too little disk for another image",
      seen: `The image ${image2} takes ${megabytes(size)}, and ${megabytes(free)} are free in ${folder2}.`,
      why: "A pull writes the layers, and then unpacks them: on a full disk a release fails, and so may what else writes there.",
      fix: {
        text: "Remove what no container uses (`docker image prune`, `docker builder prune`), or lower `keep-images`.",
        blocks: []
      }
    }
  ];
}
function megabytes(bytes) {
  return `${Math.round(bytes / 1024 / 1024)} MB`;
}

// src/checking/host/state.ts
function stateFindings(context) {
  return [...stateDirectory(context), ...custody(context)];
}
function stateDirectory({ state, inputs, refusals, hostFacts }) {
  const { stateDirectory: directory } = inputs.nginx;
  const user2 = state.user || hostFacts.user;
  const tells = withCode(
    refusals,
    "state-missing",
    "state-closed",
    "state-unsafe",
    "state-not-ours",
    "ledger-closed",
    "state-of-other-target"
  );
  const why = "The switch files, the lease, the journal and the record of releases are kept there, for all who release to this target.";
  switch (state.kind) {
    case "usable": {
      if (tells.length === 0) return [];
      return [
        {
          severity: "problem",
          title: "The state directory is of another target",
          seen: sentencesOf(tells),
          why,
          fix: { text: "Give each target its own.", blocks: [] },
          tells
        }
      ];
    }
    case "missing":
    case "not-ours": {
      if (state.kind === "missing" && state.creatable) return [];
      const seen = state.kind === "missing" ? `${directory} is not there, and ${user2} may not make it.` : `${directory} belongs to ${state.owner}, and ${user2} may not write there.`;
      return [
        {
          severity: "problem",
          title: state.kind === "missing" ? "The state directory is missing" : "The state directory is somebody else\u2019s",
          seen,
          why,
          fix: {
            text: `Make it for ${user2}. Others may pass through it, as the workers of Nginx must to see the switch file, and see nothing of what is private.`,
            blocks: [shell("host as root", stateDirectoryFix(directory, user2).replace(/^sudo /, ""))]
          },
          tells
        }
      ];
    }
    case "unsafe":
      return [
        {
          severity: "problem",
          title: "The state directory is not private",
          seen: `${faultSentence(state.fault)}.`,
          why: "What lies there is believed, and some of it is run: whoever can write there could run anything as this user.",
          fix: {
            text: `See who made it so. Then give it back to ${user2}.`,
            blocks: [shell("host as root", faultFix(state.fault, directory).text.replaceAll("sudo ", ""))]
          },
          tells
        }
      ];
    case "ledger-closed":
      return [
        {
          severity: "problem",
          title: "The record of releases is somebody else\u2019s",
          seen: `${directory}/ledger.jsonl belongs to ${state.owner}, and ${user2} may not read it.`,
          why,
          fix: {
            text: "Release as one user, and give it the file.",
            blocks: [shell("host as root", sh`chown ${user2} ${`${directory}/ledger.jsonl`}`.text)]
          },
          tells
        }
      ];
    case "closed":
      return [
        {
          severity: "problem",
          title: "The way to the state directory is closed",
          seen: `${user2} cannot pass through ${state.folder}, on the way to ${directory}.`,
          why,
          fix: {
            text: "Let others pass through, without letting them read it.",
            blocks: [shell("host as root", sh`chmod o+x ${state.folder}`.text)]
          },
          tells
        }
      ];
  }
}
function custody({ hostFacts, inputs, state }) {
  const { stateDirectory: directory } = inputs.nginx;
  const held = hostFacts.holder === void 0 ? [] : [
    {
      severity: "problem",
      title: "Another run holds the target",
      seen: `It is ${holderSentence(hostFacts.holder)}, and its heart beats.`,
      why: "One run at a time changes a target: a deploy would wait for `lock-timeout`, and then be refused.",
      fix: { text: "Wait until it has ended; `command: unlock` ends it by hand.", blocks: [] }
    }
  ];
  if (hostFacts.unwritable.length === 0) return held;
  const user2 = state.user || hostFacts.user;
  return [
    ...held,
    {
      severity: "problem",
      title: "Files of the state directory are somebody else\u2019s",
      seen: `${user2} may not write ${hostFacts.unwritable.join(", ")}.`,
      why: "The lease and the record of releases are written there by each release.",
      fix: { text: `Give them to ${user2}.`, blocks: [shell("host as root", sh`chown -R ${user2} ${directory}`.text)] }
    }
  ];
}

// src/checking/host/system.ts
function logoutFindings({ hostFacts }) {
  const { KillUserProcesses: kills = "no", KillExcludeUsers: excluded = "root" } = hostFacts.login;
  if (!/^(yes|true|1|on)$/i.test(kills) || excluded.split(/\s+/).includes(hostFacts.user)) return [];
  const file = "/etc/systemd/logind.conf.d/blue-green.conf";
  return [
    {
      severity: "warning",
      title: "The host ends what a user leaves running",
      seen: "`KillUserProcesses=yes` in the configuration of systemd-logind.",
      why: "The guard, which puts traffic back when the runner vanishes, is ended together with the connection that it is to outlive.",
      fix: {
        text: `Exempt ${hostFacts.user}.`,
        blocks: [
          shell(
            "host as root",
            lines(
              sh`mkdir -p /etc/systemd/logind.conf.d`,
              sh`printf '%s\\n' '[Login]' ${`KillExcludeUsers=${[.../* @__PURE__ */ new Set([...excluded.split(/\s+/).filter(Boolean), "root", hostFacts.user])].join(" ")}`} >${file}`,
              sh`systemctl kill --signal=HUP systemd-logind`
            ).text
          )
        ]
      }
    }
  ];
}

// src/checking/host/tools.ts
function toolFindings({ hostFacts }) {
  if (hostFacts.missingTools.length === 0) return [];
  const packages = { flock: "util-linux", setsid: "util-linux" };
  const wanted2 = [...new Set(hostFacts.missingTools.map((tool) => packages[tool] ?? "coreutils"))];
  return [
    {
      severity: "problem",
      title: "Commands are missing on the host",
      seen: `${hostFacts.missingTools.map((tool) => `\`${tool}\``).join(", ")} cannot be found by ${hostFacts.user}.`,
      why: "Two runs are kept apart by a lock (`flock`), and files are changed and compared by the others.",
      fix: {
        text: "busybox has no `flock` on Debian; the package util-linux has, and Alpine's is called flock.",
        blocks: [
          shell(
            "host as root",
            sh`if command -v apk >/dev/null; then apk add ${[...hostFacts.missingTools.includes("flock") ? ["flock"] : [], ...wanted2]}; else apt-get install -y ${wanted2}; fi`.text
          )
        ]
      }
    }
  ];
}

// src/checking/judge.ts
var ORDER = { problem: 0, warning: 1, advice: 2 };
function judged(found2, { inputs, refusals, warnings, notes }) {
  const told2 = found2.flatMap(({ tells = [] }) => tells);
  const untold = (all) => all.filter((each) => !told2.some((other) => isSame(each, other)));
  return [
    ...found2,
    ...untold(refusals).map((refusal) => refused(refusal, inputs)),
    ...untold(warnings).map((notice) => noted("warning", notice)),
    ...untold(notes).map((notice) => noted("advice", notice))
  ].toSorted((one, other) => ORDER[one.severity] - ORDER[other.severity]);
}
var UNKNOWN = "No command is known that fixes this: change what was seen, and run the check again.";
function refused({ reason, message, remedy, cause }, inputs) {
  const access = cause instanceof HostError ? accessFinding(cause, inputs) : void 0;
  if (access !== void 0) return access;
  const meaning = reason in REASONS ? REASONS[reason] : "A deploy would be refused.";
  return {
    severity: "problem",
    title: meaning.replace(/\.$/, ""),
    seen: message,
    why: "A deploy would be refused for this.",
    fix: { text: remedy ? remedySentence(remedy) : UNKNOWN, blocks: remedy?.command ? blockOf(remedy.command) : [] }
  };
}
function blockOf(command) {
  return [command.startsWith("sudo ") ? shell("host as root", command.slice("sudo ".length)) : shell("host", command)];
}
function noted(severity, { message, remedy, unproven }) {
  return {
    severity,
    title: unproven ? "What could not be proven" : "Good to know before a deploy",
    seen: message,
    why: "A deploy would say so in its report, and release all the same.",
    fix: {
      text: remedy ? `${remedySentence(remedy)} A deploy does not wait for it.` : "Nothing has to be done.",
      blocks: []
    }
  };
}

// src/checking/pairing/proxy-missing.ts
function missingOf(context, nginx2, colors) {
  const { inputs, compose: compose3, hostFacts } = context;
  const { container, configuration } = nginx2;
  const { stateDirectory: stateDirectory2, upstream } = inputs.nginx;
  const found2 = findSwitch(configuration, upstream);
  const wanted2 = found2.kind === "switch" ? found2.green.replace(/\/[^/]*$/, "") : void 0;
  const mounted = container && inContainer(container, stateDirectory2);
  const mount = mounted === void 0 || wanted2 !== void 0 && wanted2 !== mounted ? wanted2 ?? stateDirectory2 : void 0;
  const { apart } = colors;
  const containers = said(compose3?.containers) ?? [];
  const proxy = containers.find(({ name }) => name === container?.name);
  const hosts2 = COLORS.flatMap((color) => colors.addresses[color]?.replace(/:\d+$/, "") ?? []);
  const subnets = hostFacts.subnets.filter(({ subnet }) => hosts2.some((host2) => isInSubnet(host2, subnet)));
  const within3 = subnets.some(({ subnet }) => proxy?.addresses.some((address) => isInSubnet(address, subnet)));
  const live = liveIn(context);
  const host = live && colors.addresses[live]?.replace(/:\d+$/, "");
  const serving = containers.filter(isRunning).find(({ service, name, addresses }) => {
    const own = [inputs.application.service, live && colors.services[live]?.name, colors.single?.name];
    if (live === void 0 || !own.includes(service)) return false;
    return name !== proxy?.name && host !== void 0 && !addresses.includes(host);
  });
  return {
    ...mount !== void 0 && { mount },
    addresses: apart?.network !== void 0,
    network: apart !== void 0 && hosts2.length > 0 && !within3,
    ...apart && serving && host && { serving: { container: serving.name, address: host } }
  };
}
function missingSentences({ inputs }, { container }, missing) {
  const name = container?.name ?? "";
  return [
    ...missing.mount === void 0 ? [] : [`The state directory ${inputs.nginx.stateDirectory} is not mounted in ${name}.`],
    ...missing.addresses ? ["The colors have no fixed addresses by which it could reach them."] : [],
    ...!missing.addresses && missing.network ? [`${name} is not in the network in which the colors have their addresses.`] : [],
    ...!missing.addresses && missing.serving ? [`${missing.serving.container} serves, and is not at the address ${missing.serving.address} yet.`] : []
  ];
}

// src/checking/pairing/proxy.ts
function proxyFindings(context, place) {
  const { nginx: nginx2, colors, inputs } = context;
  if (nginx2?.kind !== "read" || nginx2.container === void 0 || colors === void 0) return [];
  if (inputs.nginx.flip === "reload" || shapeFindings(context, colors).length > 0) return [];
  const missing = missingOf(context, nginx2, colors);
  const seen = missingSentences(context, nginx2, missing);
  if (seen.length === 0) return [];
  const { configuration } = nginx2;
  const found2 = findSwitch(configuration, inputs.nginx.upstream).kind;
  const needed = found2 !== "none" || place !== void 0 && faultsBesideLoading(nginx2, place).length > 0;
  return [
    {
      severity: needed ? "problem" : "advice",
      title: "Nginx in its container is not ready for a switch",
      seen: seen.join(" "),
      why: "A switch is a file that Nginx has to see. A container sees of the host only what is mounted; and a name of a container is resolved only when Nginx loads, so that after a new start somebody else may sit at the old address.",
      ...fixOf(context, nginx2, colors, missing),
      tells: withCode(context.refusals, "switch-folder-unmounted")
    }
  ];
}
function fixOf(context, nginx2, colors, missing) {
  const { container } = nginx2;
  const name = container?.name ?? "";
  const project = projectOf(context);
  const known = said(context.compose?.containers)?.find((each) => each.name === name);
  const service = project?.services.find((each) => each.name === known?.service && known.project === project.name);
  const made = service && changesFor(context, colors, missing, service);
  if (service === void 0 || made === void 0) return byHand2(context, missing, colors, name);
  const { layer } = context.hostFacts;
  if (layer.length > 0) {
    const folder2 = layer[0]?.replace(/\/[^/]*$/, "") ?? "";
    return {
      fix: {
        text: `${wanted(context, missing)} That takes a new container, and ${name} has files in its own layer that would be lost with it: ${layer.slice(0, 5).join(", ")}. Copy them to the host (docker cp ${name}:${folder2} .), mount them from there, and recreate it yourself; then run the check again.`,
        blocks: []
      }
    };
  }
  const serving = missing.serving && ` ${missing.serving.container} goes on serving, and gets the address ${missing.serving.address} next to its own.`;
  const own = made.find(({ file }) => file.path === writtenService(context.texts, service.name)?.text.file.path);
  const told2 = `${wanted(context, missing)} Then \`${service.name}\` is recreated once: for a second or two nobody is served, so do it at a quiet time. If a site then answers differently, all of it is put back.${serving ?? ""}`;
  if (own === void 0) {
    return {
      fix: {
        text: `${wanted(context, missing)} The compose file says so already, and ${name} is older. Recreate it at a quiet time: docker compose up -d --no-deps ${service.name}`,
        blocks: []
      }
    };
  }
  return {
    fix: { text: told2, blocks: [] },
    changes: made,
    afterwards: [readyBlock(context, nginx2, colors, missing, service, own.file)]
  };
}
function wanted({ inputs }, { mount, addresses, network }) {
  const parts = [
    ...mount === void 0 ? [] : [`mount ${inputs.nginx.stateDirectory} into it`],
    ...addresses ? ["give both colors a fixed address in a network that it shares with them"] : [],
    ...!addresses && network ? ["let it into the network of the colors"] : []
  ];
  const text2 = parts.join(", and ");
  return text2 === "" ? "Give what serves its address." : `${text2.charAt(0).toUpperCase()}${text2.slice(1)}.`;
}
function changesFor(context, colors, missing, service) {
  const { texts, inputs } = context;
  const found2 = writtenService(texts, service.name);
  if (found2 === void 0) return void 0;
  const { key } = colors.apart?.network ?? networkOf(colors) ?? {};
  const joins = (missing.addresses || missing.network) && key !== void 0 && !service.networks.has(key);
  const beside = service.networks.size === 0 ? ["default"] : [...service.networks.keys()];
  const own = changeService(found2.written, {
    ...missing.mount !== void 0 && !mounts(service, missing.mount) && { volume: `${inputs.nginx.stateDirectory}:${missing.mount}:ro` },
    ...joins && { network: { key, beside } }
  });
  const network = colors.apart?.network && networkEdits(found2.text, colors.apart.network);
  if (own === void 0 || missing.addresses && network === void 0) return void 0;
  const ofColors = missingColor(colors) === void 0 && missing.addresses ? colorChanges(context, colors) : [];
  if (ofColors === void 0) return void 0;
  const edits = [...own, ...network ?? []];
  return [...edits.length > 0 ? [{ file: found2.text.file, edits }] : [], ...ofColors];
}
function mounts({ mounted }, target) {
  return mounted.includes(target);
}
function colorChanges({ texts }, colors) {
  const changes = COLORS.map((color) => {
    const service = colors.services[color];
    const network = service && networkWish(colors, color, service);
    const found2 = service && writtenService(texts, service.name);
    const edits = found2 && changeService(found2.written, { network });
    return found2 && edits && { file: found2.text.file, edits };
  });
  return changes.every((change) => change !== void 0) ? changes : void 0;
}
function networkEdits({ networks }, network) {
  const { key, subnet, range } = network;
  const entry = `${key}: { ipam: { config: [{ subnet: ${subnet}, ip_range: ${range} }] } }`;
  switch (networks.kind) {
    case "absent":
      return [{ kind: "insert", after: networks.lines, text: `networks:
  ${entry}
` }];
    case "lines":
      return [{ kind: "insert", after: networks.after, text: `${networks.indent}${entry}
` }];
    case "other":
      return void 0;
  }
}
function networkOf(colors) {
  for (const color of COLORS) {
    const host = colors.addresses[color]?.replace(/:\d+$/, "");
    const found2 = [...colors.services[color]?.networks ?? []].find(
      ([, address]) => address !== "" && address === host
    );
    if (found2 !== void 0) return { key: found2[0] };
  }
  return void 0;
}
function networkName(context, colors) {
  const project = projectOf(context);
  const key = (colors.apart?.network ?? networkOf(colors))?.key ?? "default";
  return project?.networks.get(key) ?? `${project?.name}_${key}`;
}
function readyBlock(context, nginx2, colors, { serving }, service, file) {
  const { stateDirectory: stateDirectory2 } = context.inputs.nginx;
  const user2 = context.state.user || context.hostFacts.user;
  const network = networkName(context, colors);
  const format = `{{with index .NetworkSettings.Networks ${JSON.stringify(network)}}}there{{end}}`;
  const joined = (container) => sh`[ -n "$(docker inspect --format ${format} ${container})" ]`;
  const recreate = composeCall(context, sh`up -d --no-deps ${service.name}`);
  const kept = keptAs(file, void 0);
  return shell(
    "host as root",
    lines(
      sh`(`,
      sh`set -eu`,
      // Docker would make it, for root.
      sh`[ -d ${stateDirectory2} ] || install -d -m 0711 -o ${user2} ${stateDirectory2}`,
      liveChange({
        files: [],
        load: words(
          [
            recreate,
            ...serving === void 0 ? [] : [
              sh`{ ${joined(serving.container)} || { docker network connect --ip ${serving.address} ${network} ${serving.container} && connected=1; }; }`
            ]
          ],
          " && "
        ),
        unload: lines(
          ...serving === void 0 ? [] : [sh`[ -z "\${connected:-}" ] || docker network disconnect ${network} ${serving.container} || :`],
          sh`cat ${kept} >${file.path} && touch -r ${kept} ${file.path} && ${recreate}`
        ),
        sites: sitesOf(nginx2, [context.inputs.health.path]),
        patience: 15
      }),
      sh`)`
    ).text
  );
}
function byHand2(context, missing, colors, name) {
  const { stateDirectory: stateDirectory2 } = context.inputs.nginx;
  const known = said(context.compose?.containers)?.find((each) => each.name === name);
  const network = networkName(context, colors);
  const { subnet } = colors.apart?.network ?? {};
  const flags = [
    ...missing.mount === void 0 ? [] : [`--volume ${stateDirectory2}:${missing.mount}:ro`],
    ...missing.network ? [`--network ${network}`] : []
  ].join(" ");
  const first2 = `${name} is not made by this compose file, and what it sees cannot be changed while it runs. ${wanted(context, missing)}`;
  const colorsToo = subnet === void 0 ? "" : ` The colors get \`networks: { ${colors.apart?.network?.key}: { ipv4_address: \u2026 } }\`: ${COLORS.map((color) => `${colors.names[color]} ${colors.addresses[color]?.replace(/:\d+$/, "")}`).join(", ")}; the network is made by: docker network create --subnet ${subnet} ${network}`;
  if (known === void 0 || known.project === "")
    return {
      fix: { text: `${first2} Add \`${flags}\` to its \`docker run\`, and recreate it.${colorsToo}`, blocks: [] }
    };
  const text2 = [
    "services:",
    `  ${known.service}:`,
    ...missing.mount === void 0 ? [] : [`    volumes: ["${stateDirectory2}:${missing.mount}:ro"] # next to its own`],
    ...missing.network ? [`    networks: { default: {}, ${network}: {} }`, "networks:", `  ${network}: { external: true }`] : []
  ].join("\n");
  return {
    fix: {
      text: `${first2} Add this to the compose file in ${known.workingDirectory}, and run there: docker compose up -d --no-deps ${known.service}.${colorsToo}`,
      blocks: [{ language: "yaml", where: "compose file", text: text2 }]
    }
  };
}

// src/checking/pairing/addresses-ready.ts
function addressesReady(context, place) {
  const { colors, compose: compose3 } = context;
  if (colors?.apart === void 0) return true;
  if (proxyFindings(context, place).some(({ afterwards = [] }) => afterwards.length > 0)) return true;
  const live = liveIn(context);
  const host = live && colors.addresses[live]?.replace(/:\d+$/, "");
  if (host === void 0) return false;
  const running = (said(compose3?.containers) ?? []).filter(isRunning);
  return running.some(({ addresses }) => addresses.includes(host));
}

// src/checking/pairing/drafts.ts
var ORIGINALS = "/var/backups/blue-green";
function draftsOf(context, place) {
  const first2 = [...dockerFindings(context, reachedIn(context)), ...toolFindings(context), ...stateFindings(context)];
  if (isBlind(context) && first2.some(({ severity }) => severity === "problem")) return onlyFirst(first2, context);
  const found2 = [
    ...first2,
    ...colorFindings(context),
    ...proxyFindings(context, place),
    ...composeFindings(context, siteOf(context)),
    ...nginxFindings(asNginx(context), place, addressesReady(context, place)),
    ...healthFindings(context.hostWish, context),
    ...logoutFindings(context),
    ...confinementFindings(asNginx(context)),
    ...roomFindings(context)
  ];
  return judged(found2, context);
}
function isBlind({ compose: compose3, inputs, nginx: nginx2 }) {
  return said(compose3?.containers) === void 0 || inputs.nginx.command !== void 0 && nginx2?.kind !== "read";
}
function onlyFirst(drafts, context) {
  const own = context.inputs.nginx.command === void 0 && context.nginx?.kind !== "read";
  const nginx2 = own ? nginxFindings(asNginx(context), void 0, false) : [];
  const needed = [...drafts, ...nginx2.filter(({ severity }) => severity === "problem")];
  const last = needed.at(-1);
  return needed.map((draft) => {
    if (draft !== last) return draft;
    return {
      ...draft,
      fix: { ...draft.fix, text: `${draft.fix.text} Then run the check again: it sees the rest only with this.` }
    };
  });
}
function carryingOn(context) {
  return (kind) => {
    if (kind === "compose") return { verify: composeCall(context, sh`config --quiet`) };
    const own = asNginx(context);
    return {
      verify: nginxCall(own, sh`-t`),
      load: words([...beforeInstalling(own), nginxCall(own, sh`-s reload`)], " && "),
      unload: nginxCall(own, sh`-s reload`),
      sites: context.nginx?.kind === "read" ? sitesOf(context.nginx, [context.inputs.health.path]) : [],
      originals: ORIGINALS
    };
  };
}

// src/checking/host/answers.ts
function answers(said2) {
  const linesOf2 = (name) => (said2[name]?.stdout ?? "").split("\n").filter((line) => line !== "");
  const words3 = (name, key) => linesOf2(name).flatMap((line) => line.startsWith(`${key} `) ? [line.slice(key.length + 1)] : []);
  return { linesOf: linesOf2, words: words3 };
}
function settings(lines2) {
  return Object.fromEntries(
    lines2.flatMap((line) => {
      const [, name, value] = /^\s*(\w+)=(.*)$/.exec(line) ?? [];
      return name === void 0 || value === void 0 ? [] : [[name, value.trim()]];
    })
  );
}

// src/routers/nginx/check/facts.ts
function nginxFactsQuestions(inputs) {
  return {
    nginx: lines(
      sh`PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin`,
      sh`command -v nginx || exit 0`,
      sh`nginx -v 2>&1 | sed -n 's,^nginx version: [^/]*/,version ,p'`
    ),
    unit: sh`command -v systemctl >/dev/null && systemctl show nginx.service --property=PrivateTmp --property=ProtectHome --property=RootDirectory`,
    layer: layerQuestion(inputs)
  };
}
function readNginxFacts(said2) {
  const { linesOf: linesOf2, words: words3 } = answers(said2);
  const [path, version] = [linesOf2("nginx")[0], words3("nginx", "version")[0]];
  return {
    ...path?.startsWith("/") && { nginx: { path, version: version?.split(" ")[0] ?? "" } },
    unit: settings(linesOf2("unit")),
    layer: linesOf2("layer")
  };
}
var LEFT_BY_ITSELF = "^/(run|tmp|proc|sys|dev|root|var/(run|cache|log|tmp|lib/nginx))(/|$)";
var LAYER_AWK = String.raw`
FILENAME == ARGV[1] { if (FNR > 1) { path = $1; while (path != "") { skip[path]; sub(/\/[^\/]*$/, "", path) } } next }
{ path = substr($0, 3); all[++count] = path; while (sub(/\/[^\/]*$/, "", path) && path != "") skip[path] }
END { for (i = 1; i <= count; i++) if (!(all[i] in skip)) print all[i] }`;
function layerQuestion({ nginx: nginx2, application }) {
  const where = whereabouts(nginx2.command);
  if (where.kind !== "container") return sh`:`;
  return lines(
    sh`cd -- ${application.directory} 2>/dev/null || exit 0`,
    sh`work=$(mktemp -d) || exit 0; trap 'rm -rf "$work"' EXIT`,
    sh`{`,
    where.query,
    sh`} >"$work/container" 2>/dev/null </dev/null`,
    sh`name=$(sed -n '1s,^{"name":"/*\\([^"]*\\)".*,\\1,p' "$work/container"); [ -n "$name" ] || exit 0`,
    sh`docker diff "$name" 2>/dev/null | grep -v '^D' >"$work/diff" || exit 0`,
    sh`awk -F '\\t' ${LAYER_AWK} "$work/container" "$work/diff" | grep -vE ${LEFT_BY_ITSELF} | head -n 20`
  );
}

// src/runtimes/compose/check/files.ts
var NAMES = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
var OVERRIDES = [
  "compose.override.yml",
  "compose.override.yaml",
  "docker-compose.override.yml",
  "docker-compose.override.yaml"
];
var MOST_FILES = 12;
function composeFilesQuestion(target) {
  const known = showEnvFile(".env", ["COMPOSE_FILE", "COMPOSE_PATH_SEPARATOR"], "env");
  const found2 = target.files.length > 0 ? sh`printf '%s\\n' ${target.files}` : lines(
    sh`set=$(${known})`,
    sh`list=\${COMPOSE_FILE:-$(printf '%s\\n' "$set" | sed -n 's/^env COMPOSE_FILE //p')}`,
    sh`by=\${COMPOSE_PATH_SEPARATOR:-$(printf '%s\\n' "$set" | sed -n 's/^env COMPOSE_PATH_SEPARATOR //p')}`,
    sh`first() { for name; do if [ -f "$name" ]; then printf '%s\\n' "$name"; return; fi; done; }`,
    sh`if [ -n "$list" ]; then printf '%s\\n' "$list" | tr "\${by:-:}" '\\n'`,
    sh`else first ${NAMES}; first ${OVERRIDES}; fi`
  );
  return lines(
    sh`( ${enter(target)} ) 2>/dev/null || exit 0`,
    enter(target),
    sh`{`,
    found2,
    sh`} | head -n ${MOST_FILES} | while IFS= read -r file; do`,
    sh`  [ -f "$file" ] && [ -r "$file" ] || continue`,
    sh`  path=$(cd -- "$(dirname -- "$file")" && pwd)/$(basename -- "$file"); how=read-only`,
    sh`  [ ! -w "$file" ] || [ ! -w "$(dirname -- "$file")" ] || how=writable`,
    sh`  printf 'file %s %s\\n' "$how" "$path"; { cat "$file"; echo x; } | sed 's/^/| /'`,
    sh`done`
  );
}
function unreadableQuestion(target) {
  return lines(
    sh`( ${enter(target)} ) 2>/dev/null || exit 0`,
    enter(target),
    sh`{ printf '%s\n' .env .env.* *.env *.yaml *.yml; cat -- *.yaml *.yml 2>/dev/null | head -c 200000 | tr -cs 'A-Za-z0-9_./~+-' '\n' | grep '[./]'; } | sort -u | while IFS= read -r file; do`,
    sh`  [ ! -f "$file" ] || [ -r "$file" ] || readlink -f -- "$file"`,
    sh`done | sort -u | head -n 20`
  );
}
function readComposeFiles(printed) {
  const files = [];
  for (const each of printed.split(/^(?=file (?:writable|read-only) \/)/m)) {
    const [, how, path = ""] = /^file (writable|read-only) (\/.*)\n/.exec(each) ?? [];
    if (how === void 0) continue;
    files.push({ path, text: contentOf(each), kind: "compose", writable: how === "writable" });
  }
  return files;
}
function contentOf(printed) {
  const lines2 = printed.split("\n").flatMap((line) => line.startsWith("| ") ? [line.slice(2)] : []);
  return lines2.join("\n").replace(/x$/, "");
}

// src/runtimes/compose/check/runs.ts
var FORMAT = [
  '{{if not (index .Config.Labels "com.docker.compose.project")}}{"id":{{json .Id}},"name":{{json .Name}},"image":{{json .Config.Image}}',
  ',"network":{{json .HostConfig.NetworkMode}},"restart":{{json .HostConfig.RestartPolicy}}',
  ',"ports":{{json .NetworkSettings.Ports}},"mounts":{{json .Mounts}}}{{end}}'
].join("");
function runsQuestion() {
  return sh`ids=$(docker ps --quiet --no-trunc 2>/dev/null) && [ -n "$ids" ] && docker inspect --type container --format ${FORMAT} $ids 2>/dev/null | grep .`;
}
function readRuns(lines2) {
  return lines2.map((line) => {
    const found2 = parseJson(line, "What `docker inspect` printed");
    const policy = field(found2, "restart");
    const retries = field(policy, "MaximumRetryCount");
    const name = text(field(policy, "Name")) || "no";
    return {
      id: text(field(found2, "id")),
      name: text(field(found2, "name")).replace(/^\//, ""),
      image: text(field(found2, "image")),
      networkMode: text(field(found2, "network")),
      restart: typeof retries === "number" && retries > 0 ? `${name}:${retries}` : name,
      ports: Object.entries(fields(field(found2, "ports"))).flatMap(([port, bindings]) => portsOf3(port, bindings)),
      mounts: items(field(found2, "mounts")).map((mount) => {
        const type = text(field(mount, "Type"));
        return {
          type,
          source: text(field(mount, type === "volume" ? "Name" : "Source")),
          destination: text(field(mount, "Destination")),
          writable: field(mount, "RW") === true
        };
      })
    };
  });
}
function portsOf3(port, bindings) {
  const [container = "", protocol = "tcp"] = port.split("/");
  const all = items(bindings).map((binding) => ({
    address: text(field(binding, "HostIp")),
    host: Number(text(field(binding, "HostPort"))),
    container: Number(container),
    protocol
  }));
  return all.filter(({ host }, i) => all.findIndex((each) => each.host === host) === i);
}

// src/runtimes/compose/check/facts.ts
var CALLERS_AWK = String.raw`
/^    "[^"]+": \{/ && services { service = $1; gsub(/[":]/, "", service) }
/^  "[^"]+": \{/ { services = ($1 == "\"services\":") }
/^      "[^"]+": [\[{]/ && services { part = $1; gsub(/[":]/, "", part) }
services && part == "environment" && /^        "/ {
  key = $1; gsub(/[":]/, "", key)
  rest = substr($0, index($0, ": ") + 2)
  count = split(names, each, " ")
  for (i = 1; i <= count; i++)
    if (service != each[i] && match(rest, "(//|@|\")" each[i] "(:[0-9]+|/)")) print service, each[i], key
}
`;
function composeFactsQuestions(target, callees2) {
  return {
    memory: lines(
      sh`sed -n 's/^MemAvailable: *\\([0-9]*\\) kB/available \\1/p; s/^SwapFree: *\\([0-9]*\\) kB/swap \\1/p' /proc/meminfo`,
      sh`docker stats --no-stream --format 'uses {{.Name}} {{.MemUsage}}' 2>/dev/null`
    ),
    disk: lines(
      sh`root=$(docker info --format '{{.DockerRootDir}}' 2>/dev/null) && [ -n "$root" ] || exit 0`,
      sh`while [ ! -e "$root" ]; do root=$(dirname "$root"); done`,
      sh`df -Pk "$root" | awk -v root="$root" 'NR == 2 { print "free", $4, root }'`
    ),
    images: lines(
      sh`ids=$(docker ps --all --quiet --no-trunc 2>/dev/null) && [ -n "$ids" ] || exit 0`,
      sh`images=$(docker inspect --format '{{.Image}}' $ids 2>/dev/null | sort -u)`,
      sh`docker image inspect --format '{{.Id}} {{.Size}}{{range $port, $_ := .Config.ExposedPorts}} {{$port}}{{end}}' $images 2>/dev/null`
    ),
    projects: sh`docker ps --all --format '{{.Label "com.docker.compose.service"}} {{.Label "com.docker.compose.project.working_dir"}}' 2>/dev/null | sort -u`,
    engine: sh`docker version --format '{{.Server.Version}}' 2>&1 >/dev/null`,
    runs: runsQuestion(),
    folder: sh`cd -- ${fromHome(target.directory)} 2>/dev/null && { [ -w . ] || [ -w .blue-green ] || pwd; }`,
    subnets: lines(
      sh`docker network ls --quiet 2>/dev/null | xargs -r docker network inspect --format '{{$name := .Name}}{{range .IPAM.Config}}{{printf "subnet %s %s\\n" .Subnet $name}}{{end}}' 2>/dev/null`,
      // Destination and mask of each route, in hexadecimal, the first byte last.
      sh`awk 'NR > 1 { print "route", $2, $8 }' /proc/net/route 2>/dev/null`
    ),
    callers: lines(
      enter(target),
      sh`${compose(target, ["--profile", "*", "config", "--format", "json"])} 2>/dev/null | LC_ALL=C awk -v ${`names=${callees2.join(" ")}`} ${CALLERS_AWK}`
    ),
    files: composeFilesQuestion(target),
    unreadable: unreadableQuestion(target)
  };
}
function readComposeFacts(said2) {
  const { linesOf: linesOf2, words: words3 } = answers(said2);
  const available = words3("memory", "available")[0];
  const closed = linesOf2("folder")[0];
  const [free, ...folder2] = words3("disk", "free")[0]?.split(" ") ?? [];
  return {
    memory: {
      ...available && { available: Number(available) * 1024 },
      uses: new Map(words3("memory", "uses").flatMap(usage))
    },
    ...free && { disk: { free: Number(free) * 1024, folder: folder2.join(" ") } },
    images: new Map(linesOf2("images").flatMap(image)),
    projects: linesOf2("projects").flatMap((line) => {
      const [service = "", ...rest] = line.split(" ");
      return service !== "" && rest.length > 0 ? [{ service, folder: rest.join(" ") }] : [];
    }),
    callers: linesOf2("callers").flatMap((line) => {
      const [service = "", callee = "", variable2 = ""] = line.split(" ");
      return variable2 === "" ? [] : [{ service, callee, variable: variable2 }];
    }),
    subnets: words3("subnets", "subnet").flatMap((line) => {
      const [subnet = "", network = ""] = line.split(" ");
      return subnet.includes(".") ? [{ subnet, network }] : [];
    }),
    routes: words3("subnets", "route").flatMap(route),
    engine: said2.engine === void 0 || said2.engine.code === 0 ? "" : linesOf2("engine").join(" "),
    ...closed && { closed },
    runs: readRuns(linesOf2("runs")),
    unreadable: linesOf2("unreadable"),
    composeFiles: readComposeFiles(said2.files?.stdout ?? "")
  };
}
function usage(line) {
  const [, name, number, unit = ""] = /^(\S+) ([\d.]+)\s*([kKMGT]?i?B) \//.exec(line) ?? [];
  if (name === void 0) return [];
  const powers = { K: 1, M: 2, G: 3, T: 4 };
  const power = powers[unit.charAt(0).toUpperCase()] ?? 0;
  return [[name, Number(number) * (unit.includes("i") ? 1024 : 1e3) ** power]];
}
function image(line) {
  const [id = "", size = "", ...ports] = line.split(" ");
  if (!/^\d+$/.test(size)) return [];
  const tcp = ports.flatMap((port) => /^\d+(\/tcp)?$/.test(port) ? [Number.parseInt(port, 10)] : []);
  return [[id, { size: Number(size), ports: tcp }]];
}
function route(line) {
  const [destination, mask] = line.split(" ").map((hex) => [...hex.matchAll(/../g)].reverse().map(([byte]) => Number.parseInt(byte, 16)));
  if (destination?.length !== 4 || mask?.length !== 4 || mask.every((byte) => byte === 0)) return [];
  const bits = mask.map((byte) => byte.toString(2).replaceAll("0", "").length).reduce((sum, ones) => sum + ones, 0);
  return [`${destination.join(".")}/${bits}`];
}

// src/checking/host/facts.ts
var TOOLS = ["flock", "awk", "sed", "stat", "sha256sum", "timeout", "setsid", "id", "mktemp", "readlink", "dd"];
function factsQuestions({ nginx: nginx2 }) {
  return {
    user: sh`printf 'name %s\\nhome %s\\n' "$(id -un)" "$HOME"; for group in $(id -Gn); do printf 'group %s\\n' "$group"; done`,
    tools: sh`for tool in ${TOOLS}; do command -v "$tool" >/dev/null || printf '%s\\n' "$tool"; done`,
    // State 0A is LISTEN, or bound for UDP.
    ports: sh`cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk '$4 == "0A" { sub(/.*:/, "", $2); print $2 }' | sort -u`,
    security: lines(
      sh`printf 'enforcing %s\\n' "$(cat /sys/fs/selinux/enforce 2>/dev/null || echo 0)"`,
      sh`printf 'network %s\\n' "$(getsebool httpd_can_network_connect 2>/dev/null | sed 's/.*> //')"`,
      sh`up=${nginx2.stateDirectory}; while [ ! -e "$up" ]; do up=$(dirname "$up"); done`,
      sh`printf 'label %s %s\\n' "$(stat -c %C "$up" 2>/dev/null)" "$up"`
    ),
    login: sh`cat /usr/lib/systemd/logind.conf.d/*.conf /etc/systemd/logind.conf /etc/systemd/logind.conf.d/*.conf 2>/dev/null | grep -E '^[[:space:]]*Kill(UserProcesses|ExcludeUsers|OnlyUsers)='`,
    lease: lines(
      judgedState(nginx2.stateDirectory, 0, sh`exit 0`),
      sh`for name in lock lease ended ledger.jsonl; do file=$state/$name; [ ! -e "$file" ] || [ -w "$file" ] || printf 'unwritable %s\\n' "$file"; done`,
      sh`owner=-; { read -r number owner length _ <"$state/lease"; } 2>/dev/null; [ "$owner" != - ] || exit 0`,
      sh`now; { read -r beat beaten <"$state/journal-$number/heartbeat"; } 2>/dev/null`,
      sh`[ "$beaten" != "$boot" ] || [ "$((up - \${beat:-0}))" -gt "$length" ] || printf 'held %s\\n' "$(cat "$state/lease")"`
    )
  };
}
function readFacts(said2) {
  const { linesOf: linesOf2, words: words3 } = answers(said2);
  const network = words3("security", "network")[0];
  const { holder } = readLease(words3("lease", "held")[0] ?? "") ?? {};
  return {
    user: words3("user", "name")[0] ?? "",
    groups: words3("user", "group"),
    home: words3("user", "home")[0] ?? "",
    missingTools: said2.tools === void 0 ? [] : linesOf2("tools"),
    listening: new Set(linesOf2("ports").map((port) => Number.parseInt(port, 16))),
    security: {
      enforcing: words3("security", "enforcing")[0] === "1",
      ...network && { network: network === "on" },
      label: words3("security", "label")[0]?.split(" ")[0] ?? ""
    },
    login: settings(linesOf2("login")),
    ...holder && { holder },
    unwritable: words3("lease", "unwritable")
  };
}

// src/checking/pairing/facts.ts
function allFactsQuestion(inputs, target, callees2) {
  return sections({
    ...factsQuestions(inputs),
    ...nginxFactsQuestions(inputs),
    ...composeFactsQuestions(target, callees2)
  });
}
function readAllFacts(said2) {
  return { ...readFacts(said2), ...readNginxFacts(said2), ...readComposeFacts(said2) };
}

// src/checking/pairing/verdict.ts
function verdictOf(context, drafts, now, changed) {
  const changes = composeChanges(drafts);
  if (changed.project.kind === "failed") {
    return bad(`compose refuses what it would become: ${lastLine2(changed.project.words)}`);
  }
  if (changes.every((change) => editedOf(change, changes) === change.file.text)) return bad("nothing would change");
  const other = otherImage(context, now.images, changed.images);
  if (other !== void 0) return bad(other);
  const after = contextAfter(context, changes, changed);
  const left = [...colorFindings(after), ...composeFindings(after, void 0)].map(({ title }) => title);
  const remains = drafts.find(({ title }) => left.includes(title));
  return remains === void 0 ? { kind: "good" } : bad("the finding would remain");
}
function bad(why) {
  return { kind: "bad", why };
}
function lastLine2(words3) {
  return words3.trim().split("\n").at(-1)?.replace(/\.$/, "") || "without a word";
}
function editedOf({ file }, changes) {
  return editedText(
    file.text,
    changes.flatMap((each) => each.file.path === file.path ? each.edits : [])
  );
}
function otherImage({ colors }, before2, after) {
  if (colors === void 0 || before2.size === 0) return void 0;
  const base = (colors.single ?? colors.services.blue ?? colors.services.green)?.name ?? "";
  for (const [name, image2] of before2) {
    if (!after.has(name) && name === base) continue;
    if (after.get(name) !== image2)
      return `by hand \`${name}\` would start ${after.get(name) ?? "nothing"} instead of ${image2}`;
  }
  for (const name of Object.values(colors.names)) {
    const [was, is] = [before2.get(name) ?? before2.get(base), after.get(name)];
    if (is !== void 0 && is !== was)
      return `by hand \`${name}\` would start ${is} instead of ${was ?? "what it starts now"}`;
  }
  return void 0;
}
function contextAfter(context, changes, { project }) {
  const { compose: compose3, nginx: nginx2, inputs, host, colors: _, facts: __, ...rest } = context;
  const texts = context.hostFacts.composeFiles.flatMap((file) => {
    const own = changes.find((change) => change.file.path === file.path);
    const edited = { ...file, text: own === void 0 ? file.text : editedOf(own, changes) };
    return readComposeText(edited) ?? [];
  });
  const { writtenImages: ___, ...known } = compose3 ?? {};
  const seen = {
    ...rest,
    inputs,
    host,
    texts,
    ...nginx2 && { nginx: nginx2 },
    ...compose3 && { compose: { ...compose3, ...known, project } }
  };
  const found2 = colorsOf(seen, reachedIn(seen));
  const facts = seen.compose && said(project) && assessCompose(seen.compose, inputs.application, host);
  const refusals = (facts?.refusals ?? []).map(({ reason, notice }) => ({ ...notice, reason }));
  return {
    ...seen,
    refusals,
    warnings: [],
    notes: [],
    ...found2 && { colors: found2 },
    ...facts?.value && { facts: facts.value }
  };
}

// src/checking/pairing/examine.ts
var ADAPTERS = { router: nginx, runtime: compose2 };
var DEADLINE = 6e4;
async function examine({ host, ask, inputs: given, workspace, signal, older }) {
  const inputs = { ...given, command: "deploy" };
  const { seen, refusals } = await see(host, inputs, signal);
  const { uploads, directory } = inputs.application;
  const missing = await uploadFaults(uploads.length === 0 || planUpload(uploads, workspace, directory, host, signal));
  const colors = colorsOf(seen, reachedIn(seen));
  const place = colors && placeOf4(seen, colors);
  const judged2 = await judgeAsDeploy(seen, place, { ask, count: countOn(host, signal), signal, older });
  const { plan, facts } = judged2;
  const context = {
    ...seen,
    refusals: distinct2([...missing, ...refusals, ...judged2.refusals]),
    warnings: judged2.warnings,
    notes: judged2.notes,
    ...colors && { colors },
    ...facts && { facts },
    ...judged2.hostWish && { hostWish: judged2.hostWish }
  };
  const drafts = await tried(draftsOf(context, place), context, host, signal);
  return { findings: findingsOf(drafts, carryingOn(context)), ...plan && { plan } };
}
async function tried(drafts, context, host, signal) {
  const sets2 = setsToTry(drafts);
  const project = projectOf(context);
  if (sets2.length === 0 || project === void 0) return drafts;
  const trial = trialOf(
    composeTarget(context.inputs),
    project.name,
    context.hostFacts.composeFiles,
    sets2.map((set) => composeChanges(set))
  );
  const ran = await host.run({ shell: trial.shell, deadline: DEADLINE }, { signal });
  const { now, changed } = trial.read(ran.stdout);
  return settled(
    drafts,
    sets2,
    changed.map((each, i) => verdictOf(context, sets2[i] ?? [], now, each))
  );
}
async function uploadFaults(planning) {
  try {
    await planning;
    return [];
  } catch (cause) {
    return [refusedBy(cause, "upload-failed")];
  }
}
async function see(host, inputs, signal) {
  const questions = allFactsQuestion(inputs, composeTarget(inputs), callees(inputs));
  const [said2, ran] = await Promise.all([
    askHost(host, inputs, ADAPTERS, signal),
    host.run({ shell: questions.shell, deadline: DEADLINE }, { signal })
  ]);
  const others = readOwn(said2);
  const refusals = [];
  const reading = (reason, read) => {
    try {
      return read();
    } catch (cause) {
      refusals.push(refusedBy(cause, reason));
      return void 0;
    }
  };
  const compose3 = reading("compose-invalid", () => readCompose(said2, inputs, host.name));
  const nginx2 = reading("nginx-refused", () => readNginx(said2, loadedBefore(others.state)));
  const facts = readAllFacts(questions.read(ran.stdout));
  const seen = {
    inputs,
    host: host.name,
    state: others.state,
    ledger: others.ledger,
    custody: others.custody,
    images: readImages(said2["images"]),
    hostFacts: facts,
    texts: facts.composeFiles.flatMap((file) => readComposeText(file) ?? []),
    ...compose3 && { compose: compose3 },
    ...nginx2 && { nginx: nginx2 }
  };
  return { seen, refusals };
}
function callees({ application: { service, services } }) {
  const derived = COLORS.flatMap((color) => [`${service}_${color}`, `${service}-${color}`]);
  return [.../* @__PURE__ */ new Set([service, ...derived, ...COLORS.flatMap((color) => services[color] ?? [])])];
}
function placeOf4(seen, colors) {
  const project = projectOf(seen);
  if (project === void 0) return void 0;
  const service = (color) => {
    const name = colors.names[color];
    const address = colors.addresses[color];
    const known = colors.single === void 0 ? colors.services[color]?.fixedAddresses ?? [] : [];
    const fixed = colors.apart !== void 0 && address !== void 0 ? [parsed(address).host] : known;
    const written2 = colors.services[color];
    return {
      container: { project: project.name, service: name },
      ...written2 && { published: publishedBy(written2) },
      places: address === void 0 ? [] : [parsed(address)],
      fixedAddresses: fixed,
      names: [name]
    };
  };
  const services = { blue: service("blue"), green: service("green") };
  return nginxPlace({ host: seen.host, inputs: seen.inputs, state: seen.state, services });
}
function parsed(address) {
  const at = parseAddress(address);
  return at.kind === "unix" ? { host: at.path, port: 0 } : { host: at.host, port: at.port };
}
async function judgeAsDeploy(seen, place, { ask, count, signal, older }) {
  const { inputs, host, compose: compose3, nginx: nginx2, state } = seen;
  const composed = compose3 && assessCompose(compose3, inputs.application, host);
  const base = { warnings: [], notes: [], ...composed?.value && { facts: composed.value } };
  if (compose3 === void 0 || nginx2 === void 0 || composed?.value === void 0) {
    const ofNginx = nginx2 && place ? assessNginx(nginx2, place).refusals : unreadable(seen);
    const all = [...composed?.refusals ?? [], ...ofNginx, ...stateFaults(state, inputs)];
    return { ...base, refusals: all.map(refusalOf) };
  }
  const survey = {
    ...{ state, ledger: seen.ledger, custody: seen.custody },
    runtime: composeSeen(compose3, seen.images, inputs),
    router: nginxSeen(nginx2)
  };
  const facts = assessFacts(survey, inputs, host);
  if (facts.value === void 0) return { ...base, refusals: facts.refusals.map(refusalOf) };
  const hostWish = await wishForHost(inputs, facts.value, host, ask, signal);
  try {
    const planned = await planRelease({ inputs, survey, facts: facts.value, host, ask, count, signal });
    const notes = [...facts.notes, ...planned.notes];
    const superseded = await older(planned.commits.live);
    const refusals = superseded === void 0 ? [] : [refusalOf(superseded)];
    return { ...base, ...hostWish && { hostWish }, refusals, notes, warnings: planned.warnings, plan: planned.plan };
  } catch (cause) {
    signal.throwIfAborted();
    const causes = cause instanceof AggregateError ? cause.errors : [cause];
    return {
      ...base,
      ...hostWish && { hostWish },
      notes: facts.notes,
      refusals: causes.map((each) => refusedBy(each, "internal-error"))
    };
  }
}
function unreadable({ nginx: nginx2, inputs, host, state }) {
  if (nginx2 === void 0 || nginx2.kind === "read") return [];
  const none = { container: { project: "", service: "" }, places: [], fixedAddresses: [], names: [] };
  return assessNginx(nginx2, nginxPlace({ host, inputs, state, services: { blue: none, green: none } })).refusals;
}
function refusalOf(failure) {
  return { ...failure.notice, reason: failure.reason, cause: failure };
}
function refusedBy(cause, otherwise) {
  if (cause instanceof Failure) return refusalOf(cause);
  if (!(cause instanceof HostError)) {
    const message = sentenceOf(cause);
    return { reason: otherwise, code: otherwise, about: [message], message, cause };
  }
  const { reason, seen, remedy } = cause;
  return { reason, code: reason, about: [seen], message: seen, ...remedy && { remedy }, cause };
}
function distinct2(refusals) {
  return refusals.filter((refusal, i) => refusals.findIndex((each) => isSame(each, refusal)) === i);
}

// src/commands/check.ts
function check(run) {
  return connected(run, look, (cause) => {
    const finding = accessFinding(cause, run.inputs);
    return finding && told(run, { findings: [finding] });
  });
}
async function look(connections, run) {
  const { fleet, ask, adapters } = connections;
  const { inputs, log, begun, signal, workspace } = run;
  const known = adapters.router.name === "nginx" && adapters.runtime.name === "compose";
  const { composeFiles, projectName = "" } = inputs.application;
  if (!known || [...composeFiles, projectName].some(isForColor)) return planOnly(connections, run);
  const host = first(fleet.apps);
  const looking = "Look at the host, and plan a deploy";
  const examined = await attempt(
    log.step(looking, () => examine({ host, ask, inputs, workspace, signal, older: (live) => refuseOlder(run, live) })),
    (cause) => early("check", begun.soFar(), looking, [cause])
  );
  return told(run, examined);
}
async function planOnly(connections, run) {
  const { inputs, log } = run;
  const asDeploy = { ...run, inputs: { ...inputs, command: "deploy" } };
  const planned = await attempt(
    log.step(SEEING, () => planFor(connections, asDeploy)),
    (cause) => ({ conclusion: found(SEEING, [cause]), notes: [] })
  );
  const { plan, notes, warnings } = planned;
  log.note(planSentence(plan));
  for (const warning of warnings) log.warning(sentence(warning));
  const older = await refuseOlder(run, planned.commits.live);
  const live = { ...plan.previous && { color: plan.from, ...plan.previous } };
  return { conclusion: found(SEEING, older === void 0 ? [] : [older], live), notes: notes.map(sentence) };
}
function told({ log }, { findings, plan }) {
  if (plan !== void 0) log.note(planSentence(plan));
  for (const finding of findings) log.note(findingForLog(finding));
  const problems = findings.filter(({ severity }) => severity === "problem");
  const { from, previous } = plan ?? {};
  return {
    conclusion: {
      result: problems.length > 0 ? "problems" : "ok",
      sentences: problems.map(({ title, seen }) => `${title}: ${seen}`),
      evidence: [],
      live: { ...previous && from && { color: from }, ...previous?.version && { version: previous.version } },
      previous: {}
    },
    notes: [],
    findings
  };
}
export {
  check
};
