/** One pass over the bytes of a blob: every place where a rule may apply becomes a hit or is refused on the spot. */
import { type Assignment, assignmentBefore, lineBefore, valueAfter } from "./assignment.ts";
import { walk } from "./automaton.ts";
import type { Format, FormatInput } from "./format/format.ts";
import { judgeAssigned } from "./generic.ts";
import type { Hit } from "./hit.ts";
import { keyKind } from "./key-name.ts";
import { blockAt, eachKeyword } from "./keyword-index.ts";
import { type Branch, latin1, matchBranch, standsFree, startBefore } from "./matcher.ts";
import { entryOf, knows, longestStretch, remember } from "./memo.ts";
import { enclosingNames, type NearPlace, namesIn, nearBytes, normaliseName } from "./nearby.ts";
import { patternReason, placeholderReason, repeats, standInReason, templateReason } from "./placeholder.ts";
import { characterCounts, distinctCharacters, longestSequence, looksRandom } from "./randomness.ts";
import type { CompiledRule, KeywordOwner, RuleSet } from "./rule-set.ts";
import { eachRun, headReach, longestRun, runBytes, runReach } from "./runs.ts";
import { harmlessReason } from "./structure.ts";
import { patternReach } from "./user-pattern.ts";

/** What one pass found. */
export type Candidates = {
  hits: Hit[];
  /** Which of the things that the rule set was asked to watch for are mentioned. */
  mentions: ReadonlySet<string>;
  /** The long runs that may be drawn or encoded: start, end, start, end, … */
  runs: number[];
  /** True when the number of evaluations for this many bytes was spent before the end. */
  overBudget: boolean;
};

/** How a name stands near a value, and what makes the value a credential rather than any value; undefined when nothing does. */
type Nearness = { place: NearPlace; use: string | undefined };

/** `nexmoapikey`: a name may go on with a word for credentials. */
const keyWordFollows =
  /^(?:api|app|key|token|secret|id|auth|access|pass|client|account|oauth|user|admin|bot|personal|basic|service|license|cloud|sdk)/i;

/** Words that, between a provider's name and a value, call the value a credential. */
const credentialWord = /secret|token|key|access|private|passw|auth|credential/i;

/** The address that a value is the end or a part of. */
const addressBefore = /[a-z][a-z+.-]{1,15}:\/\/[^\s"'<>]{3,180}$/i;

const linkId = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f-]{36})$/i;

/** What stands before a value that is sent as a credential: a query parameter or a header. */
const sentBefore =
  /[?&][\w-]{0,20}(?:key|token|secret|auth|sig|pass)[\w-]{0,20}=$|(?:authorization|x-[\w-]{0,30}(?:key|token)|api-?key)["']?\s{0,5}[=:,]\s{0,5}["']?(?:\w{1,20}\s)?$/i;

/** Evaluations allowed for a blob of this many bytes: far above what real files need, so that only hostile ones meet it. */
function evaluationBudget(length: number): number {
  return 20_000 + length / 4;
}

/**
 * Collect hits in bytes.
 * In: the rules, the path (undefined while a history is scanned and paths are not known), the bytes. Pure; never throws on any bytes.
 */
export function collectHits(set: RuleSet, path: string | undefined, bytes: Uint8Array): Candidates {
  const hits: Hit[] = [];
  const mentions = new Set<string>();
  let left = evaluationBudget(bytes.length);
  let whole: string | undefined;
  const text = (): string => (whole ??= latin1(bytes, 0, bytes.length));
  const formatHits = new Map<number, number[]>();
  /** Where a value begins with a known mark but does not go on in that shape: no token of that provider, and none of another. */
  const malformed = new Set<number>();
  /** Where values begin that the generic tier has judged: a word and a run may both lead to one. */
  const judged = new Set<number>();
  const runs: number[] = [];
  let folded: string | undefined;
  let head: string | undefined;
  /** Set when more than the surroundings of a run was read: then nothing may be remembered of it. */
  let contextRead = false;
  const { heads } = set;

  function onOwner(owner: KeywordOwner, at: number, keywordLength: number): void {
    if (left < 0) return;
    if (owner.kind === "shape") {
      const branch = set.rules[owner.rule]!.branches[owner.branch]!;
      const start = startBefore(branch, bytes, at);
      if (start >= 0) tryShape(owner.rule, branch, start);
    } else if (owner.kind === "word") {
      tryAssignedTo(at, keywordLength);
    } else if (owner.kind === "format") {
      const list = formatHits.get(owner.format);
      if (list === undefined) formatHits.set(owner.format, [at]);
      else if (list.at(-1) !== at) list.push(at);
    } else if (owner.kind === "pattern") {
      tryPattern(owner.rule, at, keywordLength);
    } else {
      mentions.add(owner.what);
    }
  }

  function tryShape(index: number, branch: Branch, start: number): void {
    if (left-- < 0) return;
    const match = matchBranch(branch, bytes, start, bytes.length);
    if (match === undefined || !standsFree(branch, bytes, match.start, match.end)) {
      if (branch.keyword!.stepIndex === 0 && branch.keyword!.bytes.length >= 4) malformed.add(start);
      return;
    }
    const compiled = set.rules[index]!;
    const token = latin1(bytes, match.start, match.end);
    const value = latin1(bytes, match.valueStart, match.valueEnd);
    const keyword = branch.keyword === undefined ? "" : Buffer.from(branch.keyword.bytes).toString("latin1");
    const gates = [`holds ${JSON.stringify(keyword)}`, `has the shape (${match.end - match.start} bytes)`];
    if (compiled.near) {
      const name = nearName(compiled, match.start);
      if (name === undefined) return;
      gates.push(`"${name}" stands near`);
    }
    let base = compiled.rule.confidence ?? "likely";
    if (base === "weak") {
      // What cannot stand alone can stand under a name that promises a secret.
      const name = assignmentBefore(text(), match.start)?.name;
      const kind = name === undefined ? undefined : keyKind(name);
      if (kind !== undefined) {
        base = "likely";
        gates.push(`assigned under a key-like name (${kind})`);
      }
    }
    pushProved(
      compiled,
      index,
      "shape",
      match.valueStart,
      match.valueEnd,
      token,
      value,
      match.checksum,
      gates,
      undefined,
      base,
    );
  }

  /** The first of a rule's names that stands near, for shapes that have a literal of their own as well. */
  function nearName(compiled: CompiledRule, start: number): string | undefined {
    contextRead = true;
    const around = normaliseName(
      `${path ?? ""}\n${enclosingNames(text(), start)}\n${text().slice(Math.max(0, start - nearBytes - 40), start)}`,
    );
    return compiled.rule.near!.find((name) => around.includes(normaliseName(name)));
  }

  function pushProved(
    compiled: CompiledRule,
    rule: number,
    tier: Hit["tier"],
    start: number,
    end: number,
    token: string,
    value: string,
    checksum: boolean | undefined,
    gates: string[],
    name: string | undefined,
    base: Hit["confidence"] = compiled.rule.confidence ?? "likely",
  ): void {
    let confidence = base;
    const facts: Record<string, string> = {};
    if (checksum !== undefined) {
      confidence = checksum ? "certain" : "weak";
      gates.push(checksum ? "its checksum holds" : "its checksum does not hold");
    }
    if (compiled.proof !== undefined) {
      const result = compiled.proof.verify(token);
      Object.assign(facts, result.facts);
      if (result.holds === false) confidence = "weak";
      else if (result.holds === true && checksum !== false) confidence = "certain";
      if (result.reason !== "") gates.push(result.reason);
    }
    if (confidence !== "certain" || checksum === undefined) {
      const standIn = standInReason(value) ?? templateReason(value);
      if (standIn !== undefined) return;
      if (tier === "shape" && patternReason(bodyOf(value)) !== undefined) {
        // Made up, but in the right shape: told, unless one piece or one row of characters takes it over.
        if (longestSequence(bodyOf(value)) > 0.5 || repeats(bodyOf(value)) || distinctCharacters(bodyOf(value)) < 6)
          return;
        confidence = "weak";
        gates.push("looks typed rather than drawn");
      }
    } else if (standInReason(value) !== undefined) {
      confidence = "weak";
      gates.push("but it reads like a stand-in");
    }
    hits.push({
      rule,
      start,
      end,
      tier,
      confidence,
      severity: compiled.rule.severity,
      facts,
      gates,
      ...(name === undefined ? {} : { name }),
    });
  }

  /** A key-like word was hit: if the name it belongs to is given a value, judge the value. */
  function tryAssignedTo(at: number, length: number): void {
    let nameStart = at;
    while (nameStart > 0 && at - nameStart < 60 && isNameByte(bytes[nameStart - 1]!)) nameStart--;
    let nameEnd = at + length;
    while (nameEnd > at && !isNameByte(bytes[nameEnd - 1]!)) nameEnd--;
    while (nameEnd < bytes.length && nameEnd - at < 60 && isNameByte(bytes[nameEnd]!)) nameEnd++;
    // Nearly all names in code are not assigned to: decide from the next bytes before anything is decoded.
    let next = nameEnd;
    while (next < bytes.length && next - nameEnd < 6 && isCloser(bytes[next]!)) next++;
    const operator = bytes[next];
    if (operator === undefined || !isOperator(operator)) return;
    const span = valueAfter(text(), nameEnd);
    if (span === undefined) return;
    const name = latin1(bytes, nameStart, nameEnd);
    judgeSpan(name, span.start, span.end, span.quoted, span.by);
    // Values that hold no long run, or begin with something else, are looked at here only.
    const size = span.end - span.start;
    if (size >= 3 && size <= 600 && (keyKind(name) !== undefined || mixesDigits(text().slice(span.start, span.end)))) {
      tryNames(span.start, span.start, span.end, { name, by: span.by, quoted: span.quoted });
    }
  }

  function judgeSpan(name: string, start: number, end: number, quoted: boolean, by: string): void {
    if (judged.has(start) || left-- < 0) return;
    judged.add(start);
    const value = text().slice(start, end);
    const before = lineBefore(text(), start, 200);
    const judgement = judgeAssigned({ name, value, before, after: text().slice(end, end + 40), quoted, by, path });
    if (judgement === undefined) return;
    let { confidence } = judgement;
    if (judgement.kind !== "password" && judgement.kind !== "credential") {
      // A provider's own shapes say what its credentials look like: under its name, what has none of them is a bad example of one.
      if (namesProvider(name)) return;
      if (namesProvider(text().slice(Math.max(0, start - 2 * nearBytes), start))) {
        confidence = "weak";
        judgement.gates.push("a provider is named whose credentials look different");
      }
    }
    hits.push({
      rule: set.generic,
      start,
      end,
      tier: "generic",
      confidence,
      severity: set.rules[set.generic]!.rule.severity,
      facts: {},
      gates: judgement.gates,
      name,
    });
  }

  /** Whether a provider with known shapes is named in a text. */
  function namesProvider(around: string): boolean {
    let named = false;
    namesIn(set.providers, around, (index, endsWord) => {
      if (endsWord || set.providers.lengths[index]! >= 6) named = true;
    });
    return named;
  }

  /** A long run of token characters with digits in it: a value that may need a name nearby to mean something. */
  function tryRun(runStart: number, runEnd: number): void {
    if (!mayBeDrawn(bytes, runStart, Math.min(runEnd, runStart + longestRun))) {
      // It may still be a token, if a known literal stands at its head, or after a `/`, `+` or `-` in it.
      if (runStart >= 3 && heads.before[blockAt(bytes, runStart - 3)] === 1)
        readLiterals(runStart - headReach, Math.min(runEnd, runStart + headReach));
      const kindOf = kinds;
      for (let i = runStart; i + 16 <= runEnd; i++) {
        if (i > runStart && (kindOf[bytes[i - 1]!] !== 0 || bytes[i - 1] === 0x5f)) continue;
        if (heads.first[blockAt(bytes, i)] === 1) readLiterals(i - 1, Math.min(runEnd, i + headReach));
      }
      return;
    }
    if (isIntegrityHash(bytes, runStart)) return;
    runs.push(runStart, runEnd);
    const from = Math.max(0, runStart - readBefore);
    const to = Math.min(bytes.length, runEnd + readAfter);
    const entry = to - from <= longestStretch ? entryOf(bytes, from, to) : -1;
    if (entry >= 0 && knows(set.memo, entry, bytes, from, to, runStart - from)) return;
    const before = hits.length + malformed.size;
    contextRead = false;
    judgeRun(runStart, runEnd);
    if (entry >= 0 && hits.length + malformed.size === before && !contextRead)
      remember(set.memo, entry, bytes, from, to, runStart - from);
  }

  /** Everything that this reads, unless it sets `contextRead`, lies within `readBefore` and `readAfter` of the run. */
  function judgeRun(runStart: number, runEnd: number): void {
    // What a run of embedded data holds beyond its beginning is no token.
    readLiterals(runStart - runReach, Math.min(bytes.length, runEnd + headReach, runStart + longestRun));
    if (runEnd - runStart > 600) return; // No credential without a literal is that long; embedded data is.
    tryValueAt(runStart, runEnd);
    // A path or an address holds several values: `/v1/key/abc`.
    let segment = bytes.indexOf(0x2f, runStart) + 1;
    while (segment > 0 && segment + 16 <= runEnd) {
      const slash = bytes.indexOf(0x2f, segment);
      if ((slash < 0 || slash > runEnd ? runEnd : slash) - segment >= 16 && mayBeDrawn(bytes, segment, runEnd))
        tryValueAt(segment, runEnd);
      segment = slash < 0 || slash >= runEnd ? 0 : slash + 1;
    }
  }

  /** Look for the literals of tokens in bytes [from, to). */
  function readLiterals(from: number, to: number): void {
    const start = Math.max(0, from);
    walk(set.runLiterals, bytes, start, to, (keyword, end) => {
      const length = set.runLiterals.lengths[keyword]!;
      for (const owner of set.runOwners[keyword]!) onOwner(owner, end - length, length);
    });
  }

  function tryValueAt(start: number, runEnd: number): void {
    if (left-- < 0) return;
    // The value may go on with characters that runs do not have: `=` padding, dots, colons.
    let end = runEnd;
    while (end < bytes.length && end - runEnd < 200 && (runBytes[bytes[end]!] === 1 || isValueByte(bytes[end]!))) end++;
    while (end > runEnd && isTrailing(bytes[end - 1]!)) end--;
    let begin = start;
    while (begin > 0 && start - begin < 80 && isLeadingByte(bytes[begin - 1]!)) begin--;
    const all = text();
    const value = all.slice(begin, end);
    const drawn = looksRandom(value) || looksRandom(all.slice(start, runEnd));
    if (!drawn && !mixesDigits(value)) return;
    const assignment = assignmentBefore(all, begin);
    const keyName = assignment?.name ?? "";
    if (assignment !== undefined && drawn) judgeSpan(keyName, begin, end, assignment.quoted, assignment.by);
    tryNames(start, begin, end, assignment);
  }

  /**
   * Rules without a literal: those whose provider is named in a value's key, close before it, or round it are tried.
   * `start`: where the long run begins; `begin` and `end`: the whole value.
   */
  function tryNames(start: number, begin: number, end: number, assignment: Assignment | undefined): void {
    const all = text();
    const keyName = assignment?.name ?? "";
    const before = lineBefore(all, begin, 200);
    if (harmlessReason(all.slice(begin, end), before, all.slice(end, end + 40), assignment?.name) !== undefined) return;
    const kind = keyKind(keyName);
    const sent = assignment?.by === "scheme" || assignment?.by === "flag" || sentBefore.test(before);
    let address: string | undefined;
    const folded = normaliseName(keyName);
    const tried = new Map<number, Nearness>();
    const note = (name: number, place: NearPlace, use: string | undefined): void => {
      for (const index of set.namedRules[name]!) {
        const known = tried.get(index);
        if (known === undefined || (known.use === undefined && use !== undefined)) tried.set(index, { place, use });
      }
    };
    const use =
      kind !== undefined ? `assigned under a key-like name (${kind})` : sent ? "sent as a credential" : undefined;
    namesIn(set.names, keyName, (name) =>
      note(name, "key", use ?? (set.nameTexts[name] === folded ? "assigned under its provider's name" : undefined)),
    );
    const window = all.slice(Math.max(0, begin - 2 * nearBytes - keyName.length), begin);
    namesIn(set.names, window, (name, endsWord, nameEnd) => {
      if (
        window.length - nameEnd > Math.max(nearBytes, keyName.length + 8) ||
        !(endsWord || keyWordFollows.test(window.slice(nameEnd)))
      )
        return;
      const gap = window.slice(nameEnd);
      const between = credentialWord.test(gap)
        ? "called a credential between its provider's name and it"
        : /^[\s"'`:=-]{1,6}$/.test(gap)
          ? "stands right behind its provider's name"
          : undefined;
      address ??= normaliseName(addressBefore.exec(before)?.[0] ?? "");
      // Links to commits and items hold hashes and UUIDs that open nothing.
      const inAddress =
        address.includes(set.nameTexts[name]!) && !linkId.test(all.slice(begin, end))
          ? "part of an address of its provider"
          : undefined;
      note(name, "text", use ?? between ?? inAddress);
    });
    // The section and the path are worth reading only where the value is used as a credential.
    if (use !== undefined) contextRead = true;
    if (use !== undefined)
      namesIn(
        set.names,
        `${path ?? ""}\n${enclosingNames(all, begin)}`,
        (name, endsWord) => endsWord && note(name, "context", use),
      );
    for (const [index, nearness] of tried) tryNear(index, nearness, start, begin, keyName);
  }

  function tryNear(index: number, { place, use }: Nearness, start: number, begin: number, keyName: string): void {
    const compiled = set.rules[index]!;
    for (const branch of compiled.branches) {
      if (branch.keyword !== undefined) continue;
      const match =
        matchBranch(branch, bytes, start, bytes.length) ??
        (begin === start ? undefined : matchBranch(branch, bytes, begin, bytes.length));
      if (match === undefined || !standsFree(branch, bytes, match.start, match.end)) continue;
      const token = latin1(bytes, match.start, match.end);
      // A value that looks typed is doubtful, but under its provider's name and in its shape it is told.
      // An identifier need not look like anything, and a proof says more than looks do.
      const judgedByLooks = compiled.rule.part !== "identifier" && compiled.proof === undefined;
      const typed = judgedByLooks && (!looksRandom(token) || patternReason(token) !== undefined);
      if (
        typed &&
        (use === undefined ||
          token.length < 12 ||
          distinctCharacters(token) < 6 ||
          !/\d/.test(token) ||
          !/[A-Za-z]/.test(token))
      )
        continue;
      const gates = [
        `its provider's name stands in the ${place === "key" ? "key" : place === "context" ? "section or path" : "text before it"}`,
        `has the shape (${token.length} bytes)`,
        use ?? "under no key-like name",
      ];
      if (typed) gates.push("looks typed rather than drawn");
      const base = use === undefined || typed ? "weak" : (compiled.rule.confidence ?? "likely");
      const value = latin1(bytes, match.valueStart, match.valueEnd);
      pushProved(
        compiled,
        index,
        "near",
        match.valueStart,
        match.valueEnd,
        token,
        value,
        match.checksum,
        gates,
        keyName === "" ? undefined : keyName,
        base,
      );
      return;
    }
  }

  function tryPattern(index: number, at: number, keywordLength: number): void {
    const from = Math.max(0, at - patternReach);
    const compiled = set.rules[index]!;
    const found = compiled.pattern!(text().slice(from, at + keywordLength + patternReach));
    if (found === undefined || found.end === found.start) return;
    const value = text().slice(from + found.start, from + found.end);
    pushProved(
      compiled,
      index,
      "shape",
      from + found.start,
      from + found.end,
      value,
      value,
      undefined,
      ["matches the pattern near its keyword"],
      undefined,
    );
  }

  eachKeyword(set.keywords, bytes, 0, bytes.length, (keyword, start) => {
    const length = set.keywords.lengths[keyword]!;
    for (const owner of set.owners[keyword]!) onOwner(owner, start, length);
  });
  eachRun(bytes, 0, bytes.length, tryRun);

  for (const index of set.sniffedFormats) if (isSniffed(set.formats[index]!)) parseFormat(index, []);
  for (const [index, at] of formatHits) if (pathFits(set.formats[index]!) !== false) parseFormat(index, at);

  /** Whether the path is one that a format is meant for; undefined when it is not known or any will do. */
  function pathFits(format: Format): boolean | undefined {
    if (format.path === undefined || path === undefined) return undefined;
    folded ??= path.toLowerCase();
    return format.path.test(folded);
  }

  function isSniffed(format: Format): boolean {
    const fits = pathFits(format);
    if (fits === false) return false;
    head ??= latin1(bytes, 0, Math.min(256, bytes.length));
    const sniffed = format.sniff?.(head);
    return fits === undefined ? sniffed === true : sniffed !== false;
  }

  function parseFormat(index: number, at: number[]): void {
    const format = set.formats[index]!;
    const input: FormatInput = { path, bytes, text: text() };
    for (const found of format.parse(
      input,
      at.sort((a, b) => a - b),
    )) {
      const rule = set.bySlug.get(found.rule);
      if (rule === undefined)
        throw new Error(`format ${format.id} reports the rule ${found.rule}, which no rule file has`);
      const value = text().slice(found.start, found.end);
      if (templateReason(value) !== undefined || (found.end - found.start < 4 && found.confidence !== "certain"))
        continue;
      if (found.confidence !== "certain" && placeholderReason(value) !== undefined) continue;
      hits.push({
        rule,
        start: found.start,
        end: found.end,
        tier: "format",
        confidence: found.confidence,
        severity: found.severity ?? set.rules[rule]!.rule.severity,
        facts: found.facts,
        gates: [found.reason],
        ...(found.name === undefined ? {} : { name: found.name }),
      });
    }
  }
  return {
    hits: hits.filter((hit) => hit.tier !== "generic" || !malformed.has(hit.start)),
    mentions,
    runs,
    overBudget: left < 0,
  };
}

/** Whether a run has what drawn text nearly always has: digits among letters, or letters that change case more often than words do. */
function mayBeDrawn(bytes: Uint8Array, start: number, end: number): boolean {
  const kindOf = kinds;
  let rises = 0;
  let mixes = 0;
  let previous = 0;
  for (let i = start; i < end; i++) {
    const kind = kindOf[bytes[i]!]!;
    if (kind !== previous) {
      if (kind === 3 ? previous !== 0 : previous === 3 && kind !== 0) {
        if (++mixes >= 2) return true;
      } else if (kind === 2 && previous === 1) rises++;
      previous = kind;
    }
  }
  return rises >= 4 && rises * 6 >= end - start;
}

/** 1 for small letters, 2 for capitals, 3 for digits, 0 for the rest. */
const kinds = Uint8Array.from({ length: 256 }, (_, c) =>
  c >= 97 && c <= 122 ? 1 : c >= 65 && c <= 90 ? 2 : c >= 48 && c <= 57 ? 3 : 0,
);

/** `sha512-…`: a lock file's integrity hashes are the most frequent drawn text there is. */
function isIntegrityHash(bytes: Uint8Array, start: number): boolean {
  return (
    bytes[start] === 0x73 &&
    bytes[start + 1] === 0x68 &&
    bytes[start + 2] === 0x61 &&
    kinds[bytes[start + 3]!] === 3 &&
    (bytes[start + 4] === 0x2d || bytes[start + 6] === 0x2d)
  );
}

/** How far before a run and after it what judges it reads: the value's own front, its line, its name; its end and what follows. */
const readBefore = 288;
const readAfter = 248;

/** A token without the mark of its type: `FakeFakeFake` of `hf_FakeFakeFake`. */
function bodyOf(value: string): string {
  const mark = /^[A-Za-z0-9]{2,12}[_-](?:[a-z]{2,8}[_-])?/.exec(value)?.[0] ?? "";
  return value.length - mark.length >= 16 ? value.slice(mark.length) : value;
}

/** Whether a value has both letters and digits, several of each. */
function mixesDigits(value: string): boolean {
  const { lower, upper, digit } = characterCounts(value);
  return digit >= 3 && lower + upper >= 3;
}

function isNameByte(c: number): boolean {
  return (
    (c >= 48 && c <= 57) ||
    (c >= 97 && c <= 122) ||
    (c >= 65 && c <= 90) ||
    c === 95 ||
    c === 45 ||
    c === 46 ||
    c === 36
  );
}

/** What may stand between a name and its operator: quotes, brackets, spaces. */
function isCloser(c: number): boolean {
  return c === 34 || c === 39 || c === 96 || c === 93 || c === 125 || c === 41 || c === 32 || c === 9 || c === 92;
}

function isOperator(c: number): boolean {
  return (
    c === 61 ||
    c === 58 ||
    c === 44 ||
    c === 62 ||
    c === 40 ||
    c === 45 ||
    c === 60 ||
    c === 124 ||
    c === 63 ||
    c === 33 ||
    c === 43
  );
}

/** Bytes that go on with a value past a run: `=` `.` `~` `%` `:` and the signs that passwords have. */
function isValueByte(c: number): boolean {
  return (
    c === 61 ||
    c === 46 ||
    c === 126 ||
    c === 37 ||
    c === 58 ||
    c === 33 ||
    c === 64 ||
    c === 35 ||
    c === 36 ||
    c === 94 ||
    c === 42 ||
    c === 63
  );
}

function isTrailing(c: number): boolean {
  return c === 46 || c === 58 || c === 33 || c === 63;
}

/** Bytes before a run that belong to the same value: part of a token with dots, or a sign at its front. */
function isLeadingByte(c: number): boolean {
  return (
    c === 46 ||
    c === 126 ||
    c === 33 ||
    c === 35 ||
    c === 94 ||
    c === 42 ||
    (c >= 48 && c <= 57) ||
    (c >= 65 && c <= 90) ||
    (c >= 97 && c <= 122)
  );
}
