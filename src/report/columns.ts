/** Text laid out in terminal columns. Pure: the width comes in. */

/** Drawn over the character before: takes no column. */
const combining = /^\p{M}$/u;

/** East Asian wide and full-width blocks and emoji take two columns (UAX #11, in whole blocks). */
const wide =
  /^[\u1100-\u115f\u231a\u231b\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u;

/** Columns that one character takes. In: one code point that is not a control. */
function characterColumns(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  return combining.test(character) ? 0 : wide.test(character) ? 2 : 1;
}

/** Columns that a text takes. In: text without controls (`terminalText`). */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += characterColumns(character);
  return columns;
}

/** Fill up with spaces on the right. */
export function padTo(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - columnsOf(text)));
}

/** Cut at the end, with an ellipsis, to so many columns. */
export function fitTo(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let used = 1;
  let kept = "";
  for (const character of text) {
    used += characterColumns(character);
    if (used > columns) break;
    kept += character;
  }
  return columns > 0 ? `${kept.trimEnd()}…` : "";
}

/** Break into lines at spaces; a word longer than a line stays whole. In: text without controls, columns of a line. */
export function wrapTo(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && columnsOf(line) + 1 + columnsOf(word) > columns) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
