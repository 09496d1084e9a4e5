/** Documents that are read as what they are: which formats a blob may have, and what they say of it. */
import { type BlobSearch, textOf } from "./blob-search.ts";
import type { Format } from "./format/format.ts";
import { latin1 } from "./matcher.ts";
import { placeholderReason, templateReason } from "./placeholder.ts";

/** How many first bytes tell a format that no keyword leads to. */
const headBytes = 256;

/** Parse a blob as each format that its path, its first bytes or a keyword speak for. To be called when all keywords have been followed. */
export function readFormats(search: BlobSearch): void {
  const { set, formatHits } = search;
  const path = search.path?.toLowerCase();
  let head: string | undefined;
  for (const index of set.sniffedFormats) {
    const format = set.formats[index]!;
    const fits = pathFits(format, path);
    if (fits === false) continue;
    head ??= latin1(search.bytes, 0, Math.min(headBytes, search.bytes.length));
    const sniffed = format.sniff?.(head);
    if (fits === undefined ? sniffed === true : sniffed !== false) parseFormat(search, format, []);
  }
  for (const [index, at] of formatHits) {
    const format = set.formats[index]!;
    if (pathFits(format, path) !== false)
      parseFormat(
        search,
        format,
        at.sort((a, b) => a - b),
      );
  }
}

/** Whether a path, in lower case, is one that a format is meant for; undefined when it is not known or any will do. */
function pathFits(format: Format, path: string | undefined): boolean | undefined {
  return format.path === undefined || path === undefined ? undefined : format.path.test(path);
}

function parseFormat(search: BlobSearch, format: Format, at: number[]): void {
  const { set, path, bytes, hits } = search;
  const text = textOf(search);
  for (const found of format.parse({ path, bytes, text }, at)) {
    const rule = set.bySlug.get(found.rule);
    if (rule === undefined)
      throw new Error(`format ${format.id} reports the rule ${found.rule}, which no rule file has`);
    const { start, end, confidence, facts, name } = found;
    const value = text.slice(start, end);
    if (templateReason(value) !== undefined || (end - start < 4 && confidence !== "certain")) continue;
    if (confidence !== "certain" && placeholderReason(value) !== undefined) continue;
    hits.push({
      rule,
      start,
      end,
      tier: "format",
      confidence,
      severity: found.severity ?? set.rules[rule]!.rule.severity,
      facts,
      gates: [found.reason],
      ...(name !== undefined && { name }),
    });
  }
}
