/**
 * The one encoder for untrusted text: paths, names, messages, excerpts, whatever a repository's author can choose.
 * Every output format passes such text through the function named for the place where it will stand.
 */

/**
 * What a reader cannot see or what moves a cursor: controls (C0, DEL, C1), format characters (bidirectional controls, zero width
 * characters, tags, byte order marks), line and paragraph separators, lone surrogates, private use, and Unicode's list of
 * characters that are drawn as nothing (UAX #44, Default_Ignorable_Code_Point).
 */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * The older form of a workflow command, `##[add-mask]…`, which GitHub's runner obeys anywhere in a line of a log
 * (actions/runner, `ActionCommand.TryParse`), unlike `::…`, which must begin it.
 */
const oldCommand = /##(?=\[)/g;

/** Where a cap is not said. A path on Linux ends at 4,096 bytes, far more than a reader can use. */
const defaultCap = 240;

/**
 * Cut the middle out of a text that is too long.
 * In: text, and how many code points may stay. Out: the text itself, or its beginning, `…` and its end, never half a character.
 */
export function cap(text: string, most: number): string {
  if (text.length <= most) return text;
  const points = Array.from(text);
  if (points.length <= most) return text;
  if (most <= 1) return most === 1 ? "…" : "";
  const head = Math.ceil((most - 1) / 2);
  const tail = most - 1 - head;
  return `${points.slice(0, head).join("")}…${tail === 0 ? "" : points.slice(-tail).join("")}`;
}

/**
 * Make hidden characters visible: `\x1b`, `\u{202e}`. Also breaks `##[`, so that text which is printed in a job's log gives no command.
 * In: any text. Out: one line without a control, format or separator character.
 */
export function visible(text: string): string {
  return text.replace(hidden, escapeOf).replace(oldCommand, "#\\x23");
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
}

/** For a terminal or a log: one line, nothing hidden, no workflow command. In: text, most code points. */
export function terminalText(text: string, most: number = defaultCap): string {
  return cap(visible(text), most).replace(/^(\s*):(?=:)/, "$1\\x3a");
}

/**
 * For running text in Markdown as GitHub renders it: shown as it is, and nothing in it acts. Markup is written as entities, which cannot
 * start a structure (CommonMark, "Entity and numeric character references"). GitHub looks for mentions, references and addresses
 * after that, in the rendered text, so those are broken by a zero width space, also written as an entity.
 * In: text, most code points before encoding. Out: one line; safe in a table cell too.
 */
export function markdownText(text: string, most: number = defaultCap): string {
  return cap(visible(text), most)
    .trim()
    .replace(/[\\`*_[\]<>|&~]|[@#$]|:(?=\/\/)|www(?=\.)|\b(?:GH|GHSA|CVE)(?=-)|^[-+=>]|^\d+(?=[.)])/gi, (found) => {
      if (/^[@#$]$/.test(found)) return `&#${found.charCodeAt(0)};&#8203;`;
      if (/^[:\da-z]/i.test(found)) return `${found}&#8203;`;
      return `&#${found.charCodeAt(0)};`;
    });
}

/**
 * For a code span in Markdown, where GitHub links and mentions nothing. In: text, most code points. Out: the span with a fence longer than any run
 * of backquotes in the text; empty for an empty text. A pipe is written `\x7c`, since no way to write one holds both in and out of a table.
 */
export function markdownCode(text: string, most: number = defaultCap): string {
  const shown = cap(visible(text), most).replaceAll("|", "\\x7c");
  if (shown.trim() === "") return "";
  const fence = "`".repeat(longestRun(shown) + 1);
  const pad = /^`|`$|^ .* $/.test(shown) ? " " : "";
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** For a fenced block in Markdown. In: lines, most code points of each. Out: the block, with a fence that no line can close, without a last line feed. */
export function markdownFence(lines: readonly string[], most: number = defaultCap): string {
  const shown = lines.map((line) => cap(visible(line), most));
  const fence = "`".repeat(Math.max(3, ...shown.map((line) => longestRun(line) + 1)));
  return [`${fence}text`, ...shown, fence].join("\n");
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}

/** For the text of an HTML element and for an attribute in double or single quotes. In: text, most code points before encoding. */
export function htmlText(text: string, most: number = defaultCap): string {
  return cap(visible(text), most).replace(/[&<>"'`]/g, (found) => `&#${found.charCodeAt(0)};`);
}

/** For the message of a workflow command (`::error::message`). In: text, most code points. Source: `escapeData` in actions/toolkit. */
export function commandData(text: string, most: number = defaultCap): string {
  return escapeData(cap(visible(text), most));
}

/** For a property of a workflow command (`file=…`). In: text, most code points. Source: `escapeProperty` in actions/toolkit. */
export function commandProperty(text: string, most: number = defaultCap): string {
  return escapeData(cap(visible(text), most))
    .replaceAll(":", "%3A")
    .replaceAll(",", "%2C");
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/**
 * For a cell of a CSV file (RFC 4180), always in quotes. A cell that a spreadsheet would take for a formula begins with an apostrophe.
 * In: text, most code points. Source: OWASP, "CSV Injection", with the full-width forms that some spreadsheets fold.
 */
export function csvCell(text: string, most: number = 2_000): string {
  const shown = cap(visible(text), most);
  const safe = /^\s*[=+\-@|%＝＋－＠]/.test(shown) ? `'${shown}` : shown;
  return `"${safe.replaceAll('"', '""')}"`;
}

/**
 * A value as JSON that any parser reads and any terminal can show: lone surrogates become U+FFFD, hidden characters (U+2028 among them)
 * and `##[` are written as `\u` escapes, so a reader of the JSON still gets the exact text.
 * In: a JSON value; spaces of indentation. Out: its text, without a last line feed.
 */
export function jsonText(value: unknown, indent?: number): string {
  const text = JSON.stringify(
    value,
    (_key, part: unknown) => (typeof part === "string" ? part.toWellFormed() : part),
    indent,
  );
  const escaped = (found: string): string => (found === "\n" ? found : unitEscapes(found));
  return text.replace(hidden, escaped).replace(oldCommand, "#\\u0023");
}

function unitEscapes(text: string): string {
  return Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, "0")}`).join(
    "",
  );
}

/**
 * A path as a relative URI reference (RFC 3986), for SARIF. In: a path with forward slashes. Out: each segment percent-encoded; a lone surrogate
 * becomes U+FFFD.
 */
export function uriPath(path: string): string {
  return path.toWellFormed().split("/").map(encodeURIComponent).join("/");
}
