/** `.github/leasehold-baseline.txt`: what was there before Leasehold came; reported, not blocking. One line each: `ID rule path`. */
import { LeaseholdError } from "../error.ts";
import { compareText, type Finding, type FindingId, type RuleId } from "../finding.ts";
import { isFindingId } from "../finding-id.ts";

/** One line of a baseline. `line` counts from 1. */
export type BaselineEntry = { id: FindingId; rule: RuleId; path: string; line: number };

const header = [
  "# What was there before Leasehold: reported, not blocking. One finding a line: ID rule path",
  "# Written by `leasehold baseline create`; `leasehold baseline prune` takes out what is gone.",
];

/** Stands for the empty path; a percent sign of a path is always followed by digits. */
const noPath = "%";

/** Reads a baseline. Throws LeaseholdError("config") at the first line that is not `ID rule path`. */
export function parseBaseline(text: string, file: string): BaselineEntry[] {
  return linesOf(text).flatMap((line, index) => {
    const entry = parseLine(line, index + 1, file);
    return entry ? [entry] : [];
  });
}

/** A baseline of all these findings: sorted, one line per id, rule and path. */
export function formatBaseline(findings: readonly Finding[]): string {
  const lines = new Set(findings.map(({ id, rule, place }) => `${id} ${rule} ${encodePath(place.path)}`));
  return `${[...header, ...[...lines].sort(compareText)].join("\n")}\n`;
}

/**
 * The baseline without the lines whose id is not among the present findings; comments and order stay.
 * In: the text, the file's name for messages, the ids that were found. Out: the text and the entries taken out.
 */
export function pruneBaseline(
  text: string,
  file: string,
  present: ReadonlySet<string>,
): { text: string; removed: BaselineEntry[] } {
  const removed: BaselineEntry[] = [];
  const kept = linesOf(text).filter((line, index) => {
    const entry = parseLine(line, index + 1, file);
    if (!entry || present.has(entry.id)) return true;
    removed.push(entry);
    return false;
  });
  return { text: removed.length === 0 ? text : kept.join("\n"), removed };
}

function linesOf(text: string): string[] {
  return text.replace(/^\uFEFF/, "").split("\n");
}

function parseLine(raw: string, line: number, file: string): BaselineEntry | undefined {
  const text = raw.trim();
  if (text === "" || text.startsWith("#")) return undefined;
  const [id = "", rule = "", path, ...more] = text.split(/\s+/);
  const fail = (sentence: string) =>
    new LeaseholdError("config", sentence, { file, line, column: raw.indexOf(text) + 1 });
  if (!isFindingId(id))
    throw fail("expected a line like LH-7F3A9C leak/github-pat src/deploy.sh: it begins with no finding id");
  if (!/^[a-z]{1,20}\/[a-z0-9-]{1,80}$/.test(rule)) throw fail(`expected a rule like leak/github-pat after ${id}`);
  if (path === undefined || more.length > 0)
    throw fail(`expected one path after ${id} ${rule}, with spaces written as %20`);
  return { id, rule: rule as RuleId, path: decodePath(path), line };
}

/** A path as one word: percent signs, white space, control and direction characters are percent-encoded, the rest stays readable. */
export function encodePath(path: string): string {
  if (path === "") return noPath;
  return path.replace(/[%\s\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    const unit = character.charCodeAt(0);
    // Half of a surrogate pair has no bytes of its own in UTF-8.
    if (character.length === 1 && unit >= 0xd800 && unit <= 0xdfff) return `%u${unit.toString(16).toUpperCase()}`;
    return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
  });
}

/** The path of `encodePath`'s word. */
export function decodePath(word: string): string {
  if (word === noPath) return "";
  return word.replace(/(?:%[0-9A-F]{2})+|%u[0-9A-F]{4}/g, (run) =>
    run.startsWith("%u")
      ? String.fromCharCode(Number.parseInt(run.slice(2), 16))
      : Buffer.from(run.replaceAll("%", ""), "hex").toString("utf8"),
  );
}
