/** A tolerant, linear reader of JSON and object literals that keeps offsets: comments, single quotes and bare keys are read too. */

/** A string, number or bare word in a document. `start` and `end` are the value without its quotes. */
export type JsonLeaf = {
  /** Names of the containers round it, outermost first; `[]` for one that stands in an array. Live: copy what is kept. */
  path: readonly string[];
  /** The name it stands under; `[]` in an array. */
  key: string;
  start: number;
  end: number;
  /** True for a quoted value. */
  quoted: boolean;
  /** Number of the object or array it stands in, in order of opening. */
  container: number;
  /** Number of the container round that one; -1 at the top. */
  parent: number;
};

/** Deeper nesting is not followed: no configuration is that deep, hostile input is. */
const maxDepth = 200;

/**
 * Visit every leaf of the value that begins at `from`.
 * In: the text, the offset of a `{` or `[` (or of blanks before it), a visitor. Out: the offset behind the value.
 */
export function walkJson(text: string, from: number, visit: (leaf: JsonLeaf) => void): number {
  const path: string[] = [];
  const containers: { id: number; array: boolean; key: string }[] = [];
  let ids = 0;
  let key = "";
  let at = from;
  while (at < text.length) {
    const c = text.charCodeAt(at);
    const top = containers.at(-1);
    const parent = containers.at(-2)?.id ?? -1;
    if (top === undefined && (c === 34 || c === 39 || isBare(c))) return at;
    if (c === 123 || c === 91) {
      if (containers.length >= maxDepth) return at;
      const name = top?.array ? "[]" : key;
      if (containers.length > 0) path.push(name);
      containers.push({ id: ids++, array: c === 91, key: name });
      key = "";
      at++;
    } else if (c === 125 || c === 93) {
      containers.pop();
      at++;
      if (containers.length === 0) return at;
      path.pop();
      key = "";
    } else if (c === 47 || c === 35) {
      at = skipComment(text, at);
    } else if (c === 34 || c === 39) {
      const end = endOfString(text, at, c);
      const next = skipSpace(text, end + 1);
      if (text.charCodeAt(next) === 58 && top?.array !== true) {
        key = text.slice(at + 1, end);
        at = next + 1;
      } else {
        if (top !== undefined) {
          visit({ path, key: top.array ? "[]" : key, start: at + 1, end, quoted: true, container: top.id, parent });
        }
        at = end + 1;
      }
    } else if (isBare(c)) {
      const start = at;
      while (at < text.length && isBare(text.charCodeAt(at))) at++;
      const next = skipSpace(text, at);
      if (text.charCodeAt(next) === 58 && top?.array !== true) {
        key = text.slice(start, at);
        at = next + 1;
      } else if (top !== undefined) {
        visit({ path, key: top.array ? "[]" : key, start, end: at, quoted: false, container: top.id, parent });
      }
    } else {
      at++;
    }
  }
  return at;
}

/** The quote that closes the string opened at `at`, or the end of the text. */
function endOfString(text: string, at: number, quote: number): number {
  let end = at + 1;
  while (end < text.length) {
    const c = text.charCodeAt(end);
    if (c === quote) return end;
    end += c === 92 ? 2 : 1;
  }
  return text.length;
}

function skipComment(text: string, at: number): number {
  if (text.startsWith("/*", at)) {
    const end = text.indexOf("*/", at + 2);
    return end === -1 ? text.length : end + 2;
  }
  if (text[at] === "#" || text.startsWith("//", at)) {
    const end = text.indexOf("\n", at);
    return end === -1 ? text.length : end;
  }
  return at + 1;
}

function skipSpace(text: string, at: number): number {
  let next = at;
  while (
    next < text.length &&
    (text.charCodeAt(next) === 32 || (text.charCodeAt(next) >= 9 && text.charCodeAt(next) <= 13))
  )
    next++;
  return next;
}

function isBare(c: number): boolean {
  return (
    (c >= 48 && c <= 57) ||
    (c >= 65 && c <= 90) ||
    (c >= 97 && c <= 122) ||
    c === 95 ||
    c === 45 ||
    c === 43 ||
    c === 46 ||
    c === 36
  );
}

/** One object of a document with its own leaves, by key. */
export type JsonObject = { start: number; end: number; leaves: Map<string, JsonLeaf> };

/** How far before a keyword its object may begin. */
const reach = 8192;

/**
 * The objects round the given offsets, each once: the innermost `{` that encloses an offset, and the leaves that stand
 * directly in it. Linear: what lies inside an object that was read is not read again, nor is text before a previous offset.
 */
export function objectsAround(text: string, at: number[]): JsonObject[] {
  const objects: JsonObject[] = [];
  let done = 0;
  for (const hit of at) {
    if (hit < done) continue;
    const start = openBefore(text, hit, Math.max(done, hit - reach));
    done = hit;
    if (start === undefined) continue;
    const leaves = new Map<string, JsonLeaf>();
    const end = walkJson(text, start, (leaf) => {
      if (leaf.container === 0 && leaf.key !== "[]" && !leaves.has(leaf.key))
        leaves.set(leaf.key, { ...leaf, path: [] });
    });
    objects.push({ start, end, leaves });
    done = Math.max(done, end);
  }
  return objects;
}

function openBefore(text: string, at: number, floor: number): number | undefined {
  let open = 0;
  for (let i = at - 1; i >= floor; i--) {
    const c = text.charCodeAt(i);
    if (c === 125) open++;
    else if (c === 123 && open-- === 0) return i;
  }
  return undefined;
}

/** The text of a leaf, escapes decoded; undefined for a missing leaf. */
export function leafText(text: string, leaf: JsonLeaf | undefined): string | undefined {
  if (leaf === undefined) return undefined;
  const raw = text.slice(leaf.start, leaf.end);
  return raw.includes("\\") ? unescapeJson(raw) : raw;
}

const simpleEscapes: Record<string, string> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

/** JSON escapes decoded; what is no escape stays. */
export function unescapeJson(raw: string): string {
  return raw.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, hex: string | undefined, c: string) =>
    hex === undefined ? (simpleEscapes[c] ?? c) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
