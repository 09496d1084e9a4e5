/** Values that a run step writes to `GITHUB_ENV` or `GITHUB_OUTPUT`, and under which name. */

export type FileWrite = { file: "GITHUB_ENV" | "GITHUB_OUTPUT"; name: string };

/** How far to each side of a value a line is looked at, in characters. */
const reach = 2_000;

/**
 * The write that carries what stands at an offset of a run text, if one does: `echo "NAME=…" >> $GITHUB_ENV`, the same in PowerShell and cmd,
 * and lines of a group `{ …; } >> "$GITHUB_OUTPUT"` or a here-document to one of the files.
 */
export function fileWriteAt(content: string, at: number): FileWrite | undefined {
  // A window, so that a script in one endless line costs no more than one in many.
  const from = Math.max(0, at - reach);
  const lineStart = Math.max(from, content.slice(from, at).lastIndexOf("\n") + 1 + from);
  const newline = content.slice(at, at + reach).indexOf("\n");
  const lineEnd = newline < 0 ? Math.min(content.length, at + reach) : at + newline;
  const line = content.slice(lineStart, lineEnd);
  const name = nameBefore(content.slice(lineStart, at));
  if (name === undefined) return undefined;
  const file = fileOn(line) ?? fileOfGroup(content, lineStart, lineEnd);
  return file && { file, name };
}

function fileOn(line: string): FileWrite["file"] | undefined {
  const match = /GITHUB_(ENV|OUTPUT)\b/.exec(line);
  return match === null ? undefined : match[1] === "ENV" ? "GITHUB_ENV" : "GITHUB_OUTPUT";
}

/** The last `NAME=` on the line before the value. */
function nameBefore(text: string): string | undefined {
  const equals = text.lastIndexOf("=");
  return equals < 0 ? undefined : /([A-Za-z_][\w-]*)$/.exec(text.slice(Math.max(0, equals - 200), equals))?.[1];
}

/** A group that is closed by a redirection further down, or a here-document that is opened further up, without a blank-line search beyond 40 lines. */
function fileOfGroup(content: string, lineStart: number, lineEnd: number): FileWrite["file"] | undefined {
  const below = content.slice(lineEnd, lineEnd + 4_000).split("\n", 40);
  const close = below.find((line) => /^\s*\}/.test(line));
  if (close !== undefined) {
    const file = fileOn(close);
    if (file !== undefined) return file;
  }
  const above = content
    .slice(Math.max(0, lineStart - 4_000), lineStart)
    .split("\n")
    .slice(-40)
    .reverse();
  const open = above.find((line) => line.includes("<<"));
  if (open === undefined) return undefined;
  const mark = /<<-?\s*["']?(\w+)/.exec(open)?.[1];
  return mark !== undefined && below.some((line) => line.trim() === mark) ? fileOn(open) : undefined;
}
