/** Finding the text between `-----BEGIN x-----` and `-----END x-----`, however it is written into a file. */

/** A block as it stands in the file. `body` is its base64 without white space, escapes, quotes and headers. */
export type PemBlock = {
  label: string;
  start: number;
  end: number;
  headers: string[];
  body: string;
  /** RFC 9580 armour: the characters behind the `=` of the last line. */
  checksum: string | undefined;
  /** Whether the END line was found. */
  complete: boolean;
  /** Whether something stands in it that is neither base64 nor a header: an ellipsis, a template, prose. */
  elided: boolean;
};

/** A longer block is not a private key: an RSA key of 16384 bits takes 13 KB. */
const longestBlock = 32_768;

const begin = /-----BEGIN ([A-Z0-9][A-Za-z0-9 ]{0,48})-----/iy;

/** The block that begins at `at`, which may not reach beyond `limit`; undefined when no BEGIN line stands there. */
export function pemBlock(text: string, at: number, limit: number): PemBlock | undefined {
  begin.lastIndex = at;
  const opening = begin.exec(text);
  const label = opening?.[1];
  if (opening === null || label === undefined) return undefined;
  const from = at + opening[0].length;
  const window = text.slice(from, Math.min(limit, from + longestBlock));
  const closing = window.indexOf("-----END ");
  const body = readBody(closing === -1 ? window : window.slice(0, closing));
  if (closing === -1) return { label, start: at, end: from + body.used, complete: false, ...body };
  const rest = window.indexOf("-----", closing + 9);
  const end = rest === -1 || rest - closing > 80 ? closing + 9 : rest + 5;
  return { label, start: at, end: from + end, complete: true, ...body };
}

type Body = Pick<PemBlock, "headers" | "body" | "checksum" | "elided"> & { used: number };

/** Between two string literals that are joined: the operator, a line ending, a prefix of the next literal. */
const joint = /^[\s+.,&_()\\bfru@$]{0,200}$/i;

function readBody(window: string): Body {
  const headers: string[] = [];
  const parts: string[] = [];
  let checksum: string | undefined;
  let used = 0;
  for (const piece of pieces(window)) {
    const { text } = piece;
    if (text === "") continue;
    if (/^[A-Za-z-]{1,40}: /.test(text) || /^[A-Za-z-]{1,40}:$/.test(text)) headers.push(text);
    else if (/^=[A-Za-z0-9+/]{4}$/.test(text)) checksum = text.slice(1);
    else if (/^[A-Za-z0-9+/=]+$/.test(text)) parts.push(text);
    else if (/^(?:[A-Za-z0-9+/=]+ ){1,}[A-Za-z0-9+/=]+$/.test(text)) parts.push(...text.split(" "));
    else return { headers, body: parts.join(""), checksum, elided: true, used };
    used = piece.end;
  }
  return { headers, body: undiffed(parts).join(""), checksum, elided: false, used };
}

/** The parts without the `+` that a patch puts before each added line. */
function undiffed(parts: string[]): string[] {
  return parts.length > 2 && parts.every((part) => part[0] === "+") ? parts.map((part) => part.slice(1)) : parts;
}

/** The lines of a body: split at line endings, written-out `\n` and the borders of string literals. */
function* pieces(window: string): Generator<{ text: string; end: number }> {
  let line = "";
  let fresh = true;
  for (let i = 0; i < window.length; i++) {
    const c = window[i] ?? "";
    if (c === "\n" || c === "\r") {
      yield { text: line.trim(), end: i };
      line = "";
      fresh = true;
    } else if (c === "\\") {
      const decoded = escapeAt(window, i);
      if (decoded.text === "\n") {
        yield { text: line.trim(), end: i };
        line = "";
      } else line += decoded.text;
      i += decoded.length - 1;
    } else if (c === '"' || c === "'" || c === "`") {
      yield { text: line.trim(), end: i };
      line = "";
      const next = window.slice(i + 1, i + 202).search(/["'`]/);
      if (next === -1) {
        if (!joint.test(window.slice(i + 1, i + 202).trim())) return;
        i = window.length;
      } else if (joint.test(window.slice(i + 1, i + 1 + next))) i += 1 + next;
      else return;
    } else if (fresh && (c === " " || c === "\t")) {
    } else if (fresh && (c === "#" || c === "*" || c === ">" || c === "|" || c === ";" || c === "-")) {
    } else if (fresh && c === "/" && window[i + 1] === "/" && (window[i + 2] === " " || window[i + 2] === "\t")) {
      i += 2;
    } else {
      line += c;
      fresh = false;
    }
  }
  yield { text: line.trim(), end: window.length };
}

/** A backslash escape: of a line ending, a slash, a plus or an equals sign, or the backslash before a real line ending. */
function escapeAt(window: string, at: number): { text: string; length: number } {
  let slashes = 1;
  while (slashes < 8 && window[at + slashes] === "\\") slashes++;
  const c = window[at + slashes];
  if (c === "n" || c === "r" || c === "t") return { text: c === "t" ? "" : "\n", length: slashes + 1 };
  if (c === "/" || c === '"') return { text: c === "/" ? "/" : "", length: slashes + 1 };
  const hex = /^(?:u00|x)(2[bBfF]|3[dD]|0[aAdD])/.exec(window.slice(at + slashes, at + slashes + 5));
  if (hex !== null) {
    const character = String.fromCharCode(Number.parseInt(hex[1] ?? "", 16));
    return { text: character === "\r" ? "\n" : character, length: slashes + hex[0].length };
  }
  return { text: "", length: slashes };
}
