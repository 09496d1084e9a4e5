/** Whether a Markdown report acts on GitHub in any way that its own template does not. */
import { expect } from "vitest";

/** In: a report in Markdown. Fails where untrusted text gives a link, image, mention, reference, address, HTML or emphasis. */
export function expectInert(markdown: string): void {
  const running = runningText(markdown)
    .replace(/^## /, "")
    .replaceAll("**Not scanned**", "")
    .replaceAll("&#8203;", "\0");
  expect(running.replace(/&#\d+;/g, "")).not.toMatch(/[<>[\]*_~#$\\`]|@(?! code)|:\/\/|www\./i);
  const rendered = running.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
  expect(rendered).not.toMatch(/@[\w-]|#\d|\bgh-\d|https?:\/\/|www\.|\bghsa-\w/i);
}

/** What is left of Markdown when fenced blocks, code spans and the report's own tags and marks are taken out. */
function runningText(markdown: string): string {
  const lines: string[] = [];
  let fence: string | undefined;
  for (const line of markdown.split("\n")) {
    const ticks = /^`{3,}/.exec(line)?.[0];
    if (fence !== undefined) {
      if (ticks !== undefined && ticks.length >= fence.length && line === ticks) fence = undefined;
    } else if (ticks !== undefined && line === `${ticks}text`) fence = ticks;
    else lines.push(line);
  }
  expect(fence).toBeUndefined();
  return lines
    .map(withoutSpans)
    .join("\n")
    .replace(/<\/?details>|<\/?summary>/g, "");
}

/** Code spans as CommonMark reads them: a run of backquotes up to the next run of the same length. */
function withoutSpans(line: string): string {
  let left = "";
  for (let at = 0; at < line.length; ) {
    const open = /^`+/.exec(line.slice(at))?.[0];
    if (open === undefined) {
      left += line[at++];
      continue;
    }
    const close = [...line.slice(at + open.length).matchAll(/`+/g)].find(([run]) => run === open);
    expect(close).toBeDefined();
    left += "code";
    at += open.length * 2 + close!.index;
  }
  return left;
}
