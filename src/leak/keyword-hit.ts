/** What a keyword that was found leads to: a token's shape, a user's pattern, an assigned name, a document, a mention. */
import { tryAssignedTo } from "./assigned-value.ts";
import { assignmentBefore } from "./assignment.ts";
import { type BlobSearch, textOf } from "./blob-search.ts";
import { keyKind } from "./key-name.ts";
import { type Branch, latin1, matchBranch, standsFree, startBefore } from "./matcher.ts";
import { enclosingNames, nearBytes, normaliseName } from "./nearby.ts";
import { addProved } from "./proved-hit.ts";
import type { CompiledRule, KeywordOwner } from "./rule-set.ts";
import { patternReach } from "./user-pattern.ts";

/** Follow a keyword in bytes [at, at + length) for one of those it stands for. */
export function followKeyword(search: BlobSearch, owner: KeywordOwner, at: number, length: number): void {
  if (search.left < 0) return;
  if (owner.kind === "shape") {
    const branch = search.set.rules[owner.rule]!.branches[owner.branch]!;
    const start = startBefore(branch, search.bytes, at);
    if (start >= 0) tryShape(search, owner.rule, branch, start);
  } else if (owner.kind === "word") {
    tryAssignedTo(search, at, length);
  } else if (owner.kind === "format") {
    const list = search.formatHits.get(owner.format);
    if (list === undefined) search.formatHits.set(owner.format, [at]);
    else if (list.at(-1) !== at) list.push(at);
  } else if (owner.kind === "pattern") {
    tryPattern(search, owner.rule, at, length);
  } else {
    search.mentions.add(owner.what);
  }
}

function tryShape(search: BlobSearch, index: number, branch: Branch, start: number): void {
  if (search.left-- < 0) return;
  const { bytes } = search;
  const match = matchBranch(branch, bytes, start, bytes.length);
  if (match === undefined || !standsFree(branch, bytes, match.start, match.end)) {
    if (branch.keyword!.stepIndex === 0 && branch.keyword!.bytes.length >= 4) search.malformed.add(start);
    return;
  }
  const compiled = search.set.rules[index]!;
  const keyword = Buffer.from(branch.keyword!.bytes).toString("latin1");
  const gates = [`holds ${JSON.stringify(keyword)}`, `has the shape (${match.end - match.start} bytes)`];
  if (compiled.near) {
    const name = nearName(search, compiled, match.start);
    if (name === undefined) return;
    gates.push(`"${name}" stands near`);
  }
  let base = compiled.rule.confidence ?? "likely";
  // A key that is the same for everyone stays that under any name.
  if (base === "weak" && compiled.rule.lifetime !== "none") {
    // What cannot stand alone can stand under a name that promises a secret.
    const name = assignmentBefore(textOf(search), match.start)?.name;
    const kind = name === undefined ? undefined : keyKind(name);
    if (kind !== undefined) {
      base = "likely";
      gates.push(`assigned under a key-like name (${kind})`);
    }
  }
  addProved(search, {
    rule: index,
    tier: "shape",
    start: match.valueStart,
    end: match.valueEnd,
    token: latin1(bytes, match.start, match.end),
    value: latin1(bytes, match.valueStart, match.valueEnd),
    checksum: match.checksum,
    gates,
    base,
  });
}

/** The first of a rule's names that stands near, for shapes that have a literal of their own as well. */
function nearName(search: BlobSearch, { rule }: CompiledRule, start: number): string | undefined {
  search.contextRead = true;
  const text = textOf(search);
  const around = normaliseName(
    `${search.path ?? ""}\n${enclosingNames(text, start)}\n${text.slice(Math.max(0, start - nearBytes - 40), start)}`,
  );
  return rule.near!.find((name) => around.includes(normaliseName(name)));
}

function tryPattern(search: BlobSearch, index: number, at: number, length: number): void {
  const from = Math.max(0, at - patternReach);
  const { rule, pattern } = search.set.rules[index]!;
  const text = textOf(search);
  const found = pattern!(text.slice(from, at + length + patternReach));
  if (found === undefined || found.end === found.start) return;
  const [start, end] = [from + found.start, from + found.end];
  const value = text.slice(start, end);
  addProved(search, {
    rule: index,
    tier: "shape",
    start,
    end,
    token: value,
    value,
    checksum: undefined,
    gates: ["matches the pattern near its keyword"],
    base: rule.confidence ?? "likely",
  });
}
