/** The words of one shell command, with offsets: quotes, backslashes and continued lines as POSIX sh reads them. */

/** `start` and `end` bound the word without the quotes that enclose all of it; `text` is what the shell would pass on, variables unexpanded. */
export type ShellWord = { text: string; start: number; end: number };

/** Longest command that is read. */
const longestCommand = 4096;
const mostWords = 200;

/**
 * The words from `at` up to the end of the command: a line ending that is not escaped, `;`, `|`, `&`, a comment, or the quote
 * that encloses the command in its host language.
 * In: the text, where the command's name begins, and how far it may reach.
 */
export function shellWords(text: string, at: number, limit = text.length): ShellWord[] {
  const to = Math.min(limit, at + longestCommand);
  const before = text[at - 1];
  const enclosing = before === '"' || before === "'" || before === "`" ? before : undefined;
  const words: ShellWord[] = [];
  let i = at;
  while (i < to && words.length < mostWords) {
    const c = text[i];
    const option = c === "\n" || c === "\r" ? nextLineOption(text, i) : -1;
    if (c === " " || c === "\t") i++;
    else if (option !== -1) i = option;
    else if (c === "\\" && (text[i + 1] === "\n" || text[i + 1] === "\r"))
      i += text[i + 1] === "\r" && text[i + 2] === "\n" ? 3 : 2;
    else if (
      c === "\n" ||
      c === "\r" ||
      c === ";" ||
      c === "|" ||
      c === "&" ||
      c === ")" ||
      c === "<" ||
      c === ">" ||
      c === "`" ||
      c === enclosing
    )
      break;
    else {
      const word = readWord(text, i, to, enclosing);
      words.push(word.word);
      if (word.stop) break;
      i = word.next;
    }
  }
  return words;
}

/** Where an option begins the next line, as documents write long commands without a backslash, and folded YAML does; -1 elsewhere. */
function nextLineOption(text: string, at: number): number {
  const match = /^\r?\n[ \t]{0,40}(?=--?[A-Za-z])/.exec(text.slice(at, at + 48));
  return match === null ? -1 : at + match[0].length;
}

function readWord(
  text: string,
  from: number,
  to: number,
  enclosing: string | undefined,
): { word: ShellWord; next: number; stop: boolean } {
  let value = "";
  let i = from;
  let quoted = 0;
  while (i < to) {
    const c = text[i] ?? "";
    if (/[\s;|&)`]/.test(c) || c === enclosing) break;
    if (c === '"' || c === "'") {
      // Behind a value without quotes it closes the string of the host language that holds the command.
      const joins = i === from || /[=:]$|^-[A-Za-z]$/.test(text.slice(Math.max(from, i - 80), i)) || quoted > 0;
      if (!joins) return { word: { text: value, start: from, end: i }, next: i, stop: true };
      const close = closingQuote(text, i, to);
      if (close === -1) return { word: { text: value, start: from, end: i }, next: i, stop: true };
      value += text.slice(i + 1, close);
      if (i === from) quoted = close + 1;
      i = close + 1;
    } else if (c === "$" && (text[i + 1] === "(" || text[i + 1] === "{")) {
      const close = text.slice(i, to).indexOf(text[i + 1] === "(" ? ")" : "}");
      if (close === -1) return { word: { text: value, start: from, end: i }, next: i, stop: true };
      value += text.slice(i, i + close + 1);
      i += close + 1;
    } else if (c === "\\") {
      if (text[i + 1] === enclosing || text[i + 1] === '"') {
        const close = text.slice(i + 2, to).indexOf(`\\${text[i + 1]}`);
        const line = text.slice(i + 2, i + 2 + Math.max(0, close));
        if (close > 0 && i === from && !line.includes("\n")) {
          const end = i + 2 + close;
          return { word: { text: line, start: i + 2, end }, next: end + 2, stop: false };
        }
      }
      if (text[i + 1] === "\n" || text[i + 1] === "\r" || text[i + 1] === "n") break;
      value += text[i + 1] ?? "";
      i += 2;
    } else {
      value += c;
      i++;
    }
  }
  if (i === from) return { word: { text: "", start: from, end: from }, next: from + 1, stop: true };
  const whole = quoted === i;
  return { word: { text: value, start: whole ? from + 1 : from, end: whole ? i - 1 : i }, next: i, stop: false };
}

/** The quote that closes the one at `at`, on the same logical line; -1 when there is none. */
function closingQuote(text: string, at: number, to: number): number {
  const quote = text[at];
  for (let i = at + 1; i < to; i++) {
    const c = text[i];
    if (c === quote) return i;
    if (c === "\\" && quote === '"') i++;
    else if (c === "\n" && text[i - 1] !== "\\" && i - at > 2000) return -1;
  }
  return -1;
}
