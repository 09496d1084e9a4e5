/** Draws the output of a program, colours and all, as an SVG that looks like a terminal. */

/** One stretch of a line in one style. */
type Stretch = { text: string; style: string };

const charWidth = 8.4;
const lineHeight = 19;
const fontSize = 14;
const margin = 18;
const barHeight = 34;

const fonts = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

/** SGR codes that are drawn, as classes of the style sheet. */
const classes: Record<string, string> = {
  "1": "b",
  "2": "d",
  "31": "red",
  "32": "green",
  "33": "yellow",
  "36": "cyan",
};

const styleSheet = `
text{fill:#d7dae0;white-space:pre}
.b{font-weight:bold}.d{fill:#8b929e}.red{fill:#ff7b72}.green{fill:#7ee787}.yellow{fill:#e3b341}.cyan{fill:#79c0ff}`;

/**
 * In: text with SGR escape sequences, the terminal's columns, what the picture shows (for those who cannot see it).
 * Out: the SVG. Throws for an escape sequence that it would have to guess at.
 */
export function terminalSvg(text: string, columns: number, title: string): string {
  const lines = text.split("\n").flatMap((line) => wrap(stretchesOf(line), columns));
  const width = Math.ceil(columns * charWidth + margin * 2);
  const height = Math.ceil(lines.length * lineHeight + barHeight + margin * 1.5);
  const rows = lines.flatMap((line, row) => lineSvg(line, barHeight + margin + row * lineHeight));
  const dots = ["#ff5f57", "#febc2e", "#28c840"].map(
    (fill, at) => `<circle cx="${margin + 4 + at * 20}" cy="${barHeight / 2}" r="6" fill="${fill}"/>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="${fonts}" font-size="${fontSize}">`,
    `<title>${escapeXml(title)}</title>`,
    `<style>${styleSheet}\n</style>`,
    `<rect width="${width}" height="${height}" rx="9" fill="#161b22"/>`,
    ...dots,
    ...rows,
    "</svg>\n",
  ].join("\n");
}

function stretchesOf(line: string): Stretch[] {
  const stretches: Stretch[] = [];
  let style = "";
  for (const part of line.split(/(\x1b\[[\d;]*m)/)) {
    if (!part.startsWith("\x1b")) {
      if (part.includes("\x1b")) throw new Error("an escape sequence that is not a colour");
      if (part !== "") stretches.push({ text: part, style });
      continue;
    }
    const codes = part.slice(2, -1).split(";");
    if (codes.includes("0") || codes.includes("")) style = "";
    else style = codes.map((code) => classes[code] ?? unknownCode(code)).join(" ");
  }
  return stretches;
}

function unknownCode(code: string): never {
  throw new Error(`no class for the SGR code ${code}`);
}

/** A line as a terminal of so many columns shows it. */
function wrap(line: readonly Stretch[], columns: number): Stretch[][] {
  const rows: Stretch[][] = [[]];
  let free = columns;
  for (const { text, style } of line) {
    let rest = [...text];
    while (rest.length > 0) {
      if (free === 0) {
        rows.push([]);
        free = columns;
      }
      const part = rest.slice(0, free);
      rows.at(-1)!.push({ text: part.join(""), style });
      rest = rest.slice(part.length);
      free -= part.length;
    }
  }
  return rows;
}

/** Each stretch stands at its own column, so that a font of another width does not shift the next one. */
function lineSvg(line: readonly Stretch[], y: number): string[] {
  const out: string[] = [];
  let column = 0;
  for (const { text, style } of line) {
    const length = [...text].length;
    const x = (margin + (column + /^ */.exec(text)![0].length) * charWidth).toFixed(1);
    const shown = text.trim();
    column += length;
    if (shown === "") continue;
    const span = ([...shown].length * charWidth).toFixed(1);
    const as = style === "" ? "" : ` class="${style}"`;
    out.push(
      `<text x="${x}" y="${y}"${as} textLength="${span}" lengthAdjust="spacingAndGlyphs" xml:space="preserve">${escapeXml(shown)}</text>`,
    );
  }
  return out;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
