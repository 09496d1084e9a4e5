/** Blocks that a finding asks to be pasted somewhere: entries of the register for what is used and not declared. */
import type { Verdict } from "../verdict.ts";
import { markdownFence, terminalText } from "./encode.ts";

/** More blocks than anybody pastes by hand. */
const mostBlocks = 20;

/** Facts that are a text of their own, and no word about the finding. */
export const blockFacts: ReadonlySet<string> = new Set(["entry", "register"]);

export type Paste = {
  /** File or folder (with a slash behind it) that they go to. */
  file: string;
  /** Lines of YAML. */
  lines: readonly string[];
  /** How many blocks are not among them. */
  more: number;
};

/** In: a verdict. Out: the blocks of its open findings, undefined without any. */
export function pasteOf({ judged }: Verdict): Paste | undefined {
  const blocks = judged.flatMap(({ finding: { facts }, state }) =>
    state === "open" && facts.entry !== undefined ? [{ file: facts.register ?? "", entry: facts.entry }] : [],
  );
  const [first] = blocks;
  if (first === undefined) return undefined;
  return {
    file: first.file,
    lines: blocks.slice(0, mostBlocks).flatMap(({ entry }) => entry.trimEnd().split("\n")),
    more: Math.max(0, blocks.length - mostBlocks),
  };
}

/** What to do with the blocks, in words. */
export function pasteLead({ file }: Paste): string {
  return file.endsWith("/")
    ? `Write a file for each into ${file}, with version: 1 and these fields, and fill in what is empty:`
    : `Paste under secrets: in ${file}, and fill in what is empty:`;
}

/** As lines for a terminal, with a line feed behind each. */
export function pasteText(paste: Paste): string {
  const more = paste.more > 0 ? [`# and ${paste.more} more: leasehold register import`] : [];
  return [pasteLead(paste), "", ...[...paste.lines, ...more].map((line) => terminalText(line, 400)), ""].join("\n");
}

/** As Markdown: a sentence and a fence. */
export function pasteMarkdown(paste: Paste): string {
  const more = paste.more > 0 ? [`# and ${paste.more} more: leasehold register import`] : [];
  return `${pasteLead(paste)}\n\n${markdownFence([...paste.lines, ...more])}`;
}
