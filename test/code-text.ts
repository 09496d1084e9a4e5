/** The code of a TypeScript source without what only looks like code: comments, strings and regular expressions. */

/** Tokens after which a slash begins a regular expression and not a division. */
const beforeRegExp =
  /(?:^|[([{,;:=!&|?+\-*%~^<>}]|\b(?:return|typeof|case|in|of|do|else|void|yield|await|new|delete|throw))\s*$/;

/**
 * Blanks comments, the insides of strings and templates, and regular expressions; what is put into a template stays.
 * In: a source. Out: a text of the same length with the same lines.
 */
export function codeText(source: string): string {
  const out = [...source];
  let at = 0;
  const blank = (from: number, to: number): void => {
    for (let i = from; i < to && i < out.length; i++) if (out[i] !== "\n") out[i] = " ";
  };
  const quoted = (quote: string): void => {
    const start = ++at;
    while (at < source.length && source[at] !== quote && source[at] !== "\n") at += source[at] === "\\" ? 2 : 1;
    blank(start, at++);
  };
  const template = (): void => {
    let start = ++at;
    while (at < source.length && source[at] !== "`") {
      if (source[at] === "\\") at += 2;
      else if (source.startsWith("${", at)) {
        blank(start, at);
        at += 2;
        code("}");
        start = ++at;
      } else at++;
    }
    blank(start, at++);
  };
  const regExp = (): void => {
    const start = at++;
    for (let inSet = false; at < source.length && source[at] !== "\n" && (inSet || source[at] !== "/"); at++) {
      if (source[at] === "\\") at++;
      else if (source[at] === "[") inSet = true;
      else if (source[at] === "]") inSet = false;
    }
    blank(start, ++at);
    // A text stands where it stood, so that what follows is read as following a value.
    out[start] = "0";
  };
  function code(closer: string): void {
    for (let depth = 0; at < source.length; ) {
      const c = source[at]!;
      if (source.startsWith("//", at)) {
        const end = source.indexOf("\n", at);
        blank(at, end < 0 ? source.length : end);
        at = end < 0 ? source.length : end;
      } else if (source.startsWith("/*", at)) {
        const end = source.indexOf("*/", at + 2);
        blank(at, end < 0 ? source.length : end + 2);
        at = end < 0 ? source.length : end + 2;
      } else if (c === '"' || c === "'") quoted(c);
      else if (c === "`") template();
      else if (c === "/" && beforeRegExp.test(out.slice(Math.max(0, at - 40), at).join(""))) regExp();
      else if (c === closer && depth === 0) return;
      else {
        if (c === "{") depth++;
        else if (c === "}") depth--;
        at++;
      }
    }
  }
  code("");
  return out.join("");
}

/** One module that a source imports or re-exports, with the names it takes. */
export type ImportedModule = { from: string; names: string[] };

/** The modules that a source imports, in any way: also as types, on demand, or as the file of a worker. */
export function importsOf(source: string): ImportedModule[] {
  const code = codeText(source);
  const found: ImportedModule[] = [];
  const statement =
    /^(?:import|export)\b([^"';]*?)\bfrom\s*"|^import\s*"|\bimport\s*\(\s*"|\bnew URL\(\s*"|\brequire\(\s*"/gm;
  for (let match = statement.exec(code); match !== null; match = statement.exec(code)) {
    const start = match.index + match[0].length;
    const from = source.slice(start, source.indexOf('"', start));
    if (match[0].startsWith("new URL") && !from.endsWith(".ts")) continue;
    const names = [...(match[1] ?? "").replace(/\btype\b/g, "").matchAll(/([\w$*]+)(?:\s+as\s+[\w$]+)?/g)].map(
      (name) => name[1]!,
    );
    found.push({ from, names });
  }
  return found;
}
