/** The name and the neighbours that a value has inside a longer text: an assignment, a line of YAML or JSON in an input, an item of a list. */

/** The name that a value is given right behind: before `=` or `:`, with quotes between; undefined for none, and for the user part of an address. */
export function nameBefore(text: string, at: number): string | undefined {
  let to = at;
  const skip = (characters: string): void => {
    while (to > 0 && characters.includes(text.charAt(to - 1))) to--;
  };
  skip(" \t\"'");
  const sign = text.charAt(to - 1);
  if (sign !== "=" && sign !== ":") return undefined;
  to--;
  skip(" \t\"'");
  let from = to;
  while (from > 0 && to - from < 100 && /[\w.-]/.test(text.charAt(from - 1))) from--;
  if (from === to || text.charAt(from - 1) === "/") return undefined;
  return text.slice(from, to).replace(/^-+/, "") || undefined;
}

export type Item = { text: string; fields?: Map<string, string> };

/** Lines of an item before and behind the value that are looked at. */
const mostLines = 30;

/** The line of a text that an offset stands in; within a list (`- a: b`), the whole item and its fields. */
export function itemAt(text: string, at: number): Item {
  const line = lineFrom(text, text.lastIndexOf("\n", at - 1) + 1);
  if (line.end - line.start === text.length) return { text };
  const item = [line];
  while (!isItemStart(item[0]) && item.length < mostLines && item[0] !== undefined && item[0].start > 0)
    item.unshift(lineFrom(text, text.lastIndexOf("\n", item[0].start - 2) + 1));
  if (!isItemStart(item[0])) return { text: line.text };
  for (let next = line; next.end < text.length && item.length < 2 * mostLines; item.push(next)) {
    next = lineFrom(text, next.end + 1);
    if (isItemStart(next)) break;
  }
  const fields = new Map<string, string>();
  for (const { text: written } of item) {
    const colon = written.indexOf(":");
    const name = written.slice(0, colon).replace("-", "").trim().toLowerCase();
    const value = written.slice(colon + 1).trim();
    if (colon > 0 && name !== "") fields.set(name, value.replace(/^["']|["']$/g, ""));
  }
  return { text: item.map((one) => one.text).join("\n"), fields };
}

type Line = { text: string; start: number; end: number };

function lineFrom(text: string, start: number): Line {
  const close = text.indexOf("\n", start);
  const end = close < 0 ? text.length : close;
  return { text: text.slice(start, end), start, end };
}

function isItemStart(line: Line | undefined): boolean {
  return line?.text.trimStart().startsWith("- ") === true;
}
