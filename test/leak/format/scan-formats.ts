/** Runs every format over an input as the engine does: path first, then keywords, then the parser. */
import type { FormatHit } from "../../../src/leak/format/format.ts";
import { formats } from "../../../src/leak/format/registry.ts";

/** Where any of the keywords stands, ascending, letter case ignored. */
export function keywordHits(text: string, keywords: string[]): number[] {
  const lower = text.toLowerCase();
  const at = new Set<number>();
  for (const keyword of keywords) {
    for (let i = lower.indexOf(keyword); i !== -1; i = lower.indexOf(keyword, i + 1)) at.add(i);
  }
  return [...at].sort((a, b) => a - b);
}

/** The hits of all formats, or of the one named, in the order they stand. */
export function scanFormats(input: string | Uint8Array, path?: string, only?: string): FormatHit[] {
  const bytes = typeof input === "string" ? Buffer.from(input, "utf8") : input;
  const text = Buffer.from(bytes).toString("latin1");
  return formats
    .filter((format) => only === undefined || format.id === only)
    .filter((format) => path === undefined || format.path === undefined || format.path.test(path.toLowerCase()))
    .flatMap((format) => {
      const at = keywordHits(text, format.keywords);
      if (format.keywords.length > 0 && at.length === 0) return [];
      if (format.keywords.length === 0 && path === undefined && !format.sniff?.(text.slice(0, 256))) return [];
      return format.parse({ path, bytes, text }, at);
    })
    .sort((a, b) => a.start - b.start || b.end - a.end);
}

/** The text of a hit. */
export function hitText(input: string | Uint8Array, hit: FormatHit): string {
  return Buffer.from(input).subarray(hit.start, hit.end).toString("utf8");
}
