/** String literals of the dialects, cut into what stands as it is and what is computed. Positions stay those of the file. */
import type { Dialect } from "./expression.ts";
import { hole, type Origin, textBuilder } from "./value.ts";

/** A piece of a literal: text with its origins, an expression to be parsed between two offsets, or something not known. */
export type RawPart = { kind: "text"; text: string; origins: Origin[] } | { kind: "range"; start: number; end: number };

export type RawString = { parts: RawPart[]; end: number };

/** Failed looks for the end of an interpolation that one file may cost. */
export type ScanBudget = { failures: number };

const escapes: Record<string, string> = { n: "\n", t: "\t", r: "\r", "0": "\0", b: "\b", f: "\f", v: "\v" };

/** How the literal that begins at an offset is written. */
type Style = {
  quote: string;
  open: string | undefined;
  escape: "backslash" | "double" | "none";
  lines: boolean;
  braces: "dollar" | "python" | undefined;
};

/** Reads the literal at `at`; undefined where none begins there. An unclosed one ends at the end of its line. */
export function readString(
  text: string,
  at: number,
  end: number,
  dialect: Dialect,
  budget: ScanBudget,
): RawString | undefined {
  const style = styleAt(text, at, dialect);
  return style === undefined ? undefined : readBody(text, at + (style.open?.length ?? 0), end, style, dialect, budget);
}

function styleAt(text: string, at: number, dialect: Dialect): (Style & { open: string }) | undefined {
  const unit = text[at];
  switch (dialect) {
    case "hcl":
      return unit === '"' ? { open: '"', quote: '"', escape: "backslash", lines: false, braces: "dollar" } : undefined;
    case "bicep":
      if (text.startsWith("'''", at))
        return { open: "'''", quote: "'''", escape: "none", lines: true, braces: undefined };
      return unit === "'" ? { open: "'", quote: "'", escape: "backslash", lines: false, braces: "dollar" } : undefined;
    case "arm":
      return unit === "'" ? { open: "'", quote: "'", escape: "double", lines: true, braces: undefined } : undefined;
    case "typescript":
      if (unit === "`") return { open: "`", quote: "`", escape: "backslash", lines: true, braces: "dollar" };
      return unit === '"' || unit === "'"
        ? { open: unit, quote: unit, escape: "backslash", lines: false, braces: undefined }
        : undefined;
    case "python": {
      const match = /^([rRbBuUfF]{0,2})("""|'''|"|')/.exec(text.slice(at, at + 5));
      if (match === null) return undefined;
      const prefix = match[1]!.toLowerCase();
      return {
        open: match[0],
        quote: match[2]!,
        escape: prefix.includes("r") ? "none" : "backslash",
        lines: match[2]!.length === 3,
        braces: prefix.includes("f") ? "python" : undefined,
      };
    }
  }
}

function readBody(
  text: string,
  from: number,
  end: number,
  style: Style,
  dialect: Dialect,
  budget: ScanBudget,
): RawString {
  const parts: RawPart[] = [];
  let builder = textBuilder(text);
  const flush = (): void => {
    if (builder.text() !== "") parts.push({ kind: "text", text: builder.text(), origins: builder.origins() });
    builder = textBuilder(text);
  };
  let at = from;
  let run = from;
  const copy = (): void => {
    if (at > run) builder.copy(run, at);
  };
  while (at < end) {
    const unit = text[at]!;
    if (unit === "\n" && !style.lines) break;
    if (unit === style.quote[0] && text.startsWith(style.quote, at)) {
      if (style.escape === "double" && text[at + 1] === style.quote) {
        copy();
        builder.put(style.quote, at);
        at += 2;
        run = at;
        continue;
      }
      copy();
      flush();
      return { parts, end: at + style.quote.length };
    }
    if (unit === "\\" && style.escape === "backslash") {
      copy();
      at = readEscape(text, at, builder.put);
      run = at;
      continue;
    }
    const computed =
      style.braces === undefined
        ? undefined
        : interpolationAt(text, at, end, style.braces, dialect, style.lines, budget);
    if (computed === undefined) {
      at++;
      continue;
    }
    copy();
    if (computed.literal !== undefined) builder.put(computed.literal, at);
    else {
      flush();
      parts.push({ kind: "range", start: computed.start, end: computed.close });
    }
    at = computed.end;
    run = at;
  }
  copy();
  flush();
  return { parts, end: Math.min(at, end) };
}

/** Reads an escape sequence and gives the offset after it. */
function readEscape(text: string, at: number, put: (text: string, from: number) => void): number {
  const unit = text[at + 1] ?? "";
  const code = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|U([0-9a-fA-F]{8}))/.exec(
    text.slice(at + 1, at + 11),
  );
  if (code) {
    const value = Number.parseInt(code[1] ?? code[2] ?? code[3] ?? code[4] ?? "0", 16);
    put(value <= 0x10ffff ? String.fromCodePoint(value) : hole, at);
    return at + 1 + code[0].length;
  }
  // A backslash at the end of a line joins the lines.
  if (unit === "\n") return at + 2;
  put(escapes[unit] ?? unit, at);
  return at + 2;
}

type Interpolation = { start: number; close: number; end: number; literal?: string };

function interpolationAt(
  text: string,
  at: number,
  end: number,
  braces: "dollar" | "python",
  dialect: Dialect,
  lines: boolean,
  budget: ScanBudget,
): Interpolation | undefined {
  if (braces === "python") {
    if (text[at] === "{" && text[at + 1] === "{") return { start: at, close: at, end: at + 2, literal: "{" };
    if (text[at] === "}" && text[at + 1] === "}") return { start: at, close: at, end: at + 2, literal: "}" };
    if (text[at] !== "{") return undefined;
    return closed(text, at + 1, end, dialect, lines, budget);
  }
  if (dialect === "hcl" && (text.startsWith("$${", at) || text.startsWith("%%{", at)))
    return { start: at, close: at, end: at + 3, literal: text.slice(at + 1, at + 3) };
  if (dialect === "hcl" && text.startsWith("%{", at)) {
    // A directive decides over what follows: the whole is not known.
    const found = closed(text, at + 2, end, dialect, lines, budget);
    return { ...found, start: found.start, close: found.start };
  }
  return text.startsWith("${", at) ? closed(text, at + 2, end, dialect, lines, budget) : undefined;
}

/** Longest interpolation, in UTF-16 units. */
const interpolationLimit = 4000;
const failureLimit = 100;

function closed(
  text: string,
  start: number,
  end: number,
  dialect: Dialect,
  lines: boolean,
  budget: ScanBudget,
): Interpolation {
  const close =
    budget.failures >= failureLimit
      ? -1
      : closingBrace(text, start, Math.min(end, start + interpolationLimit), dialect, lines, 0);
  if (close >= 0) return { start, close, end: close + 1 };
  budget.failures++;
  return { start, close: start, end: start };
}

/** Offset of the brace that closes an interpolation, over nested braces and strings; -1 where there is none. */
function closingBrace(
  text: string,
  from: number,
  end: number,
  dialect: Dialect,
  lines: boolean,
  depth: number,
): number {
  let open = 0;
  let at = from;
  if (depth > 12) return -1;
  while (at < end) {
    const unit = text[at]!;
    if (unit === "\n" && !lines) return -1;
    if (unit === "{") open++;
    else if (unit === "}") {
      if (open-- === 0) return at;
    } else if (unit === '"' || unit === "'" || unit === "`") {
      if (dialect === "hcl" && unit !== '"') {
        at++;
        continue;
      }
      const close = skipNested(text, at, end, dialect, lines, depth);
      if (close < 0) return -1;
      at = close;
      continue;
    }
    at++;
  }
  return -1;
}

function skipNested(text: string, from: number, end: number, dialect: Dialect, lines: boolean, depth: number): number {
  const quote = text[from]!;
  let at = from + 1;
  while (at < end) {
    const unit = text[at]!;
    if (unit === quote) return at + 1;
    if (unit === "\n" && !lines) return -1;
    if (unit === "\\") at += 2;
    else if (unit === "$" && text[at + 1] === "{" && dialect !== "python") {
      const close = closingBrace(text, at + 2, end, dialect, lines, depth + 1);
      if (close < 0) return -1;
      at = close + 1;
    } else at++;
  }
  return -1;
}

/** A heredoc of HCL at `<<`; undefined where none begins. `<<-` takes off the smallest indentation of its lines. */
export function readHeredoc(text: string, at: number, end: number, budget: ScanBudget): RawString | undefined {
  const head = /^<<(-?)([A-Za-z_][A-Za-z0-9_-]{0,60})[ \t]*\r?\n/.exec(text.slice(at, Math.min(end, at + 80)));
  if (head === null) return undefined;
  const lines: { start: number; end: number }[] = [];
  let line = at + head[0].length;
  let after = end;
  while (line < end) {
    const newline = text.indexOf("\n", line);
    const stop = newline < 0 || newline >= end ? end : newline;
    if (text.slice(line, stop).trim() === head[2]) {
      after = stop;
      break;
    }
    lines.push({ start: line, end: Math.min(stop + 1, end) });
    line = stop + 1;
  }
  const indent = head[1] === "-" ? smallestIndent(text, lines) : 0;
  const parts: RawPart[] = [];
  for (const { start, end: stop } of lines) {
    const style: Style = { quote: "\uFFFF", open: "", escape: "none", lines: true, braces: "dollar" };
    const raw = readBody(text, Math.min(start + indent, stop), stop, style, "hcl", budget);
    for (const part of raw.parts) parts.push(part);
  }
  return { parts, end: after };
}

function smallestIndent(text: string, lines: readonly { start: number; end: number }[]): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (const { start, end } of lines) {
    let at = start;
    while (at < end && (text[at] === " " || text[at] === "\t")) at++;
    if (at < end && text[at] !== "\n" && text[at] !== "\r") smallest = Math.min(smallest, at - start);
  }
  return Number.isFinite(smallest) ? smallest : 0;
}
