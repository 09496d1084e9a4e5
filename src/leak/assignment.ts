/** Reads what a value is assigned under, in any of the ways that languages and files write it. All on one char a byte. */

/** A name and the value that is given to it. Offsets are into the text that was read. */
export type Assignment = {
  name: string;
  /** How it is written: `=`, `:`, a call, an XML element or attribute, a command-line flag, a header. */
  by: "operator" | "call" | "element" | "attribute" | "flag" | "scheme";
  quoted: boolean;
};

/** How far back a name is looked for. */
const reach = 200;

/** Names that say nothing: the real one stands before them. */
const emptyNames = /^(?:value|val|default|defaultvalue|content|data|string|text|stringvalue|simple)$/i;
const schemes = new Set(["bearer", "basic", "token", "apikey", "bot", "digest", "key"]);
const declarations = new Set(["env", "arg", "set", "setx", "export", "setenv"]);

/**
 * What the value that begins at `at` is assigned under, read backwards.
 * In: text of one char a byte and the offset of the value's first character, after its opening quote if it has one.
 * Out: the nearest assignment on the same line, or on the line before when nothing else stands on the value's own, or undefined.
 */
export function assignmentBefore(text: string, at: number): Assignment | undefined {
  const from = Math.max(0, at - reach);
  let i = at;
  let quoted = false;
  if (i > from && isQuote(text.charCodeAt(i - 1))) {
    quoted = true;
    i--;
    while (i > from && (isQuote(text.charCodeAt(i - 1)) || text[i - 1] === "\\")) i--;
    // b"…", f'…', @"…"
    if (i > from + 1 && "brufLN@".includes(text[i - 1]!) && !isNameCode(text.charCodeAt(i - 2))) i--;
  }
  i = skipBack(text, i, from, true);
  if (!quoted && i < at && isQuote(text.charCodeAt(i - 1))) {
    // Blanks inside the quotes.
    quoted = true;
    i = skipBack(text, i - 1, from, false);
  }
  // Authorization: Bearer VALUE
  const word = wordBack(text, i, from);
  if (schemes.has(word.toLowerCase()) && (i < at || text[i - 1] === ":")) {
    let head = i - word.length;
    while (head > from && (isQuote(text.charCodeAt(head - 1)) || text[head - 1] === "\\" || text[head - 1] === " "))
      head--;
    const named = nameBefore(text, head, from, quoted);
    return { name: named?.name ?? word, by: "scheme", quoted };
  }
  const found = nameBefore(text, i, from, quoted, i < at) ?? elementAround(text, at, from);
  if (found === undefined) return undefined;
  if (emptyNames.test(found.name)) {
    const outer =
      /(?:name|key|id)["']?\s{0,3}[=:]\s{0,3}["']?([\w.-]{2,80})["']?[\s,;>}]{1,40}[-\w"'<:= ]{0,30}$/i.exec(
        text.slice(from, i - 1),
      );
    if (outer !== null) return { name: outer[1]!, by: "attribute", quoted };
  }
  return { ...found, quoted };
}

/** The name whose operator ends at `end`. `spaced`: spaces stood between the operator and the value. */
function nameBefore(
  text: string,
  end: number,
  from: number,
  quoted: boolean,
  spaced = false,
): { name: string; by: Assignment["by"] } | undefined {
  let i = end;
  const last = text.charCodeAt(i - 1);
  if (i <= from) return undefined;
  if (last === 0x3e && text[i - 2] !== "=" && text[i - 2] !== "-") {
    // Never beyond the reach: a text may have no other `<` for megabytes.
    const near = text.slice(from, i);
    const open = near.lastIndexOf("<", near.length - 2);
    if (open < 0 || near.includes("\n", open)) return undefined;
    const name = /^<([\w:.-]{1,60})/.exec(near.slice(open))?.[1];
    return name === undefined ? undefined : { name, by: "element" };
  }
  if (last === 0x2c) {
    i = skipBack(text, i - 1, from, false);
    if (!isQuote(text.charCodeAt(i - 1))) return undefined;
    const name = nameBack(text, i - 1, from);
    return name === "" ? undefined : { name, by: "call" };
  }
  if (last === 0x28 || (last === 0x5b && quoted)) {
    const name = nameBack(text, i - 1, from);
    // `password = decode("…")`: the name before the operator counts, not the function's.
    const outer = skipBack(text, i - 1 - name.length, from, false);
    const assigned = quoted ? operatorName(text, outer, from) : undefined;
    if (assigned !== undefined) return assigned;
    return name === "" || last === 0x5b ? undefined : { name, by: "call" };
  }
  const assigned = operatorName(text, i, from);
  if (assigned !== undefined) return assigned;
  if (!spaced) return undefined;
  const name = nameBack(text, i, from);
  if (name.startsWith("-")) return { name, by: "flag" };
  const before = wordBack(text, skipBack(text, i - name.length, from, false), from).toLowerCase();
  return name !== "" && declarations.has(before) ? { name, by: "operator" } : undefined;
}

/** The element that is open where the value stands: `<secret>{AQAA value}</secret>`. */
function elementAround(text: string, at: number, from: number): { name: string; by: Assignment["by"] } | undefined {
  const line = lineBefore(text, at, at - from);
  const close = line.lastIndexOf(">");
  const open = line.lastIndexOf("<", close);
  if (close < 0 || open < 0) return undefined;
  const name = /^<([A-Za-z][\w:.-]{0,59})[^<>]{0,80}>$/.exec(line.slice(open, close + 1))?.[1];
  return name === undefined || line[close - 1] === "/" ? undefined : { name, by: "element" };
}

const typeNames = new Set(["string", "str", "text", "char", "bytes", "byte", "const", "any"]);

/** The name before an operator that ends at `end`: `=`, `:=`, `=>`, `:`, `->`, `<-`, `||`, `??`, comparisons. */
function operatorName(text: string, end: number, from: number): { name: string; by: Assignment["by"] } | undefined {
  let i = end;
  while (i > from && end - i < 4 && isOperatorCode(text.charCodeAt(i - 1))) i--;
  if (i === end) return undefined;
  // `.=` of PHP and Perl.
  if (text[i - 1] === "." && text[i] === "=" && (text[i - 2] === " " || text[i - 2] === "\t")) i--;
  const operator = text.slice(i, end);
  if (
    operator === "-" ||
    operator === "?" ||
    operator === "!" ||
    operator === "+" ||
    operator === "|" ||
    operator === "<"
  )
    return undefined;
  i = closersBack(text, i, from);
  const name = nameBack(text, i, from);
  if (name === "") return undefined;
  if (operator === "=" && typeNames.has(name) && text[i - name.length - 1] === " ") {
    // `var token string = "…"`
    const declared = nameBack(text, skipBack(text, i - name.length, from, false), from);
    if (declared !== "" && !/^(?:var|let|const|static|final|public|private|readonly)$/.test(declared))
      return { name: declared, by: "operator" };
  }
  if (operator === "=") {
    // `password: string = "…"`
    let typed = i - name.length;
    while (typed > from && (text[typed - 1] === "&" || text[typed - 1] === "*")) typed--;
    const colon = skipBack(text, typed, from, false);
    if (text[colon - 1] === ":" && text[colon - 2] !== ":") {
      const declared = nameBack(text, closersBack(text, colon - 1, from), from);
      // `$env:NAME` of PowerShell is a scope, not a type.
      if (declared !== "" && !declared.startsWith("$")) return { name: declared, by: "operator" };
    }
  }
  return { name, by: "operator" };
}

/** Spaces and the closing quotes and brackets of a name. */
function closersBack(text: string, end: number, from: number): number {
  let i = skipBack(text, end, from, false);
  for (let closers = 0; i > from && closers < 4; closers++) {
    const c = text.charCodeAt(i - 1);
    if (!isQuote(c) && c !== 0x5d && c !== 0x7d && c !== 0x29 && c !== 0x5c) break;
    i--;
  }
  return skipBack(text, i, from, false);
}

/** Back over at most 40 spaces; over one line break too where asked. */
function skipBack(text: string, end: number, from: number, lines: boolean): number {
  let i = end;
  let breaks = 0;
  while (i > from && end - i < 60) {
    const c = text.charCodeAt(i - 1);
    if (c === 0x0a && lines && breaks++ === 0) i--;
    else if (c === 0x20 || c === 0x09 || (c === 0x0d && lines)) i--;
    else break;
  }
  return i;
}

function nameBack(text: string, end: number, from: number): string {
  let i = end;
  while (i > from && end - i < 80 && isNameCode(text.charCodeAt(i - 1))) i--;
  return text.slice(i, end);
}

function wordBack(text: string, end: number, from: number): string {
  let i = end;
  while (i > from && end - i < 12 && isLetterCode(text.charCodeAt(i - 1))) i--;
  return text.slice(i, end);
}

function isQuote(c: number): boolean {
  return c === 0x22 || c === 0x27 || c === 0x60;
}

function isLetterCode(c: number): boolean {
  return (c >= 65 && c <= 90) || (c >= 97 && c <= 122);
}

function isNameCode(c: number): boolean {
  return isLetterCode(c) || (c >= 48 && c <= 57) || c === 0x5f || c === 0x2d || c === 0x2e || c === 0x24 || c === 0x40;
}

function isOperatorCode(c: number): boolean {
  return (
    c === 0x3d ||
    c === 0x3a ||
    c === 0x3e ||
    c === 0x3c ||
    c === 0x21 ||
    c === 0x2b ||
    c === 0x7c ||
    c === 0x3f ||
    c === 0x2d ||
    c === 0x7e
  );
}

/** A value read forwards from the end of a name. */
export type ValueSpan = { start: number; end: number; quoted: boolean; by: Assignment["by"] };

const afterName =
  /["'`\]}\\]{0,4}\)?[ \t]{0,40}(?::[ \t]{0,3}(?:const[ \t]+)?[\w<>[\]|.&*]{1,40}[ \t]{1,3}(?==[^=>]))?(?:=>|:{1,3}=|\?=|\|\|=|[.+]=|={1,3}|!={1,2}|:|->|<-|\|\||\?\?|,|>|\(|[ \t](?=\S))[ \t]{0,40}(?:\\?["'`]|[brufL@](?=["'`]))?/y;

/**
 * The value given to the name that ends at `at`.
 * In: text of one char a byte, the offset after the name. Out: the span of the value without its quotes, or undefined when nothing is assigned on this line.
 */
export function valueAfter(text: string, at: number): ValueSpan | undefined {
  afterName.lastIndex = at;
  const match = afterName.exec(text);
  if (match === null) return undefined;
  let start = at + match[0].length;
  let quote = /["'`]$/.exec(match[0])?.[0] ?? "";
  if (quote === "" && /["'`]/.test(text[start] ?? "")) quote = text[start++]!;
  const operator = match[0].replace(/[\s"'`\]})\\]/g, "");
  const by =
    operator.includes(">") && !/=>|->/.test(operator)
      ? "element"
      : operator === "(" || operator === ","
        ? "call"
        : operator === ""
          ? "flag"
          : "operator";
  // `f(config.secret, "x")` gives x to f, not to secret; `set("secret", "x")` does.
  if (by === "call" && (quote === "" || (operator === "," && !/^["'`\\]/.test(match[0])))) return undefined;
  if (quote !== "") {
    const escaped = text[start - 2] === "\\";
    let end = start;
    const limit = Math.min(text.length, start + 512);
    while (
      end < limit &&
      text[end] !== "\n" &&
      !(text[end] === quote && (escaped || text[end - 1] !== "\\" || end === start))
    )
      end++;
    if (end >= limit || text[end] === "\n" || end === start) return undefined;
    if (escaped && text[end - 1] === "\\") end--;
    return { start, end, quoted: true, by };
  }
  const limit = Math.min(text.length, start + 512);
  const least = by === "element" ? 2 : 1;
  let end = start;
  while (end < limit && bareEnds[text.charCodeAt(end)]! < least) end++;
  // What goes on that long is no value but a line of something else.
  return end === start || end === start + 512 ? undefined : { start, end, quoted: false, by };
}

/** 1 for characters that end a value without quotes, 2 for those that end the text of an element too. */
const bareEnds = new Uint8Array(256);
for (let c = 0; c <= 0x20; c++) bareEnds[c] = 1;
for (const c of "\"'`,;>(){}[]&\\") bareEnds[c.charCodeAt(0)] = 1;
bareEnds[0x0a] = 2;
bareEnds[0x3c] = 2;

/**
 * The text of a line before `at`, at most `reach` characters of it.
 * In: text of one char a byte. Linear in `reach`, however long the line is.
 */
export function lineBefore(text: string, at: number, reach: number): string {
  const from = Math.max(0, at - reach);
  let start = at;
  while (start > from && text.charCodeAt(start - 1) !== 0x0a) start--;
  return text.slice(start, at);
}
