/**
 * Rules compiled for scanning: one search for every keyword, one for the names of rules without a literal of their own.
 * What takes long, the tables of these searches, is plain data that can be made ahead; a rule's own shape is compiled when a keyword of it is met.
 */
import { LeaseholdError } from "../error.ts";
import { bytesOf, namedClasses } from "./alphabet.ts";
import { type Automaton, buildAutomaton } from "./automaton.ts";
import type { Format } from "./format/format.ts";
import { genericRule, keyKind, keyWords } from "./key-name.ts";
import { buildKeywordIndex, type KeywordIndex, shortestKeyword } from "./keyword-index.ts";
import { type Branch, compileShape } from "./matcher.ts";
import { createMemo, type Memo } from "./memo.ts";
import { normaliseName } from "./nearby.ts";
import type { Proof } from "./proof/proof.ts";
import { proofs } from "./proof/registry.ts";
import type { LeakRule } from "./rule.ts";
import { holdsDrawnRun, type RunHeads, runHeads } from "./runs.ts";
import { parseShape, ShapeError } from "./shape.ts";
import { type UserPattern, userPattern } from "./user-pattern.ts";

/** A rule ready to match. */
export type CompiledRule = {
  rule: LeakRule;
  /** Compiled when first asked for. */
  readonly branches: readonly Branch[];
  proof: Proof | undefined;
  pattern: UserPattern | undefined;
  /** Longest literal of the shape in bytes: the measure of how specific a rule is. */
  literal: number;
  /** True for rules of the long-tail table and others that rest on a name nearby. */
  near: boolean;
};

/** What a keyword stands for; `branch`: index among the rule's branches. */
export type KeywordOwner =
  | { kind: "shape"; rule: number; branch: number }
  | { kind: "pattern"; rule: number }
  | { kind: "format"; format: number }
  | { kind: "word" }
  | { kind: "mention"; what: string };

/** The tables of a rule set's searches: plain data, the same for the same rules, formats and mentions. */
export type SearchTables = {
  keywords: KeywordIndex;
  owners: KeywordOwner[][];
  /** Literals of tokens that hold a long run of drawn characters; looked for beside such runs only, which is a twentieth of all bytes. */
  runLiterals: Automaton;
  runOwners: KeywordOwner[][];
  heads: RunHeads;
  /** Rules without a literal, and the automaton over their names. */
  names: Automaton;
  nameTexts: string[];
  namedRules: number[][];
  /** Names of the providers whose shapes are known: a value under such a name that has none of their shapes is doubtful. */
  providers: Automaton;
  /** Of each rule, the length of its longest literal. */
  literals: Uint16Array;
};

/** Everything a scan needs, made once a process. */
export type RuleSet = Omit<SearchTables, "literals"> & {
  rules: CompiledRule[];
  bySlug: ReadonlyMap<string, number>;
  formats: readonly Format[];
  /** Formats that no keyword leads to: the path or the first bytes say it. */
  sniffedFormats: number[];
  /** Index of the rule of the generic tier. */
  generic: number;
  /** What this thread has already judged to hold nothing. Changes speed, never a result. */
  memo: Memo;
};

/** Where a rule stands, for messages; `offset`: into its shape. */
export type RuleSource = (rule: LeakRule, offset: number) => { file: string; line?: number; column?: number };

/** What to watch for beside tokens: literals (four bytes or more) by the name of what they hint at. */
export type Mentions = Readonly<Record<string, readonly string[]>>;

/**
 * Compile rules.
 * In: the rules (ids unique), the document formats. Out: the set. Throws LeaseholdError("config") for a rule whose shape, proof or format is wrong;
 * `sourceOf` tells where a rule stands, for the message. A scan says which of the `mentions` were seen.
 */
export function compileRules(
  leakRules: readonly LeakRule[],
  formats: readonly Format[],
  sourceOf: RuleSource = (rule) => ({ file: rule.id }),
  mentions: Mentions = { allow: ["leasehold:allow"] },
): RuleSet {
  return ruleSetWith(searchTables(leakRules, formats, sourceOf, mentions), leakRules, formats, sourceOf);
}

/**
 * Put rules and their tables together.
 * In: what `searchTables` gave for just these rules and formats. Out: the set. Throws LeaseholdError("config") for a pattern that is no expression.
 */
export function ruleSetWith(
  tables: SearchTables,
  leakRules: readonly LeakRule[],
  formats: readonly Format[],
  sourceOf: RuleSource = (rule) => ({ file: rule.id }),
): RuleSet {
  const { literals, ...searches } = tables;
  const rules = [...leakRules, genericRule].map((rule, index): CompiledRule => {
    let branches: readonly Branch[] | undefined;
    return {
      rule,
      get branches() {
        branches ??= rule.shape === undefined ? [] : compileShape(parseShape(rule.shape));
        return branches;
      },
      proof: rule.proof === undefined ? undefined : proofs.get(rule.proof),
      pattern: rule.pattern === undefined ? undefined : userPattern(rule, sourceOf),
      literal: literals[index]!,
      near: restsOnName(rule),
    };
  });
  return {
    ...searches,
    rules,
    bySlug: new Map(rules.map(({ rule }, index) => [rule.id, index])),
    formats,
    sniffedFormats: formats.flatMap((format, index) => (format.keywords.length === 0 ? [index] : [])),
    generic: rules.length - 1,
    memo: createMemo(),
  };
}

function restsOnName({ near }: LeakRule): boolean {
  return near !== undefined && near.length > 0;
}

/** Make the tables of the searches. In, throws: as `compileRules`, but for patterns. Pure. */
export function searchTables(
  leakRules: readonly LeakRule[],
  formats: readonly Format[],
  sourceOf: RuleSource,
  mentions: Mentions,
): SearchTables {
  const literals: number[] = [];
  const compiled: Branch[][] = [];
  const ids = new Set<string>();
  const keywords = new Map<string, { bytes: Uint8Array; ignoreCase: boolean; owners: KeywordOwner[] }>();
  const besideRuns = new Map<string, { bytes: Uint8Array; owners: KeywordOwner[] }>();
  const names = new Map<string, number[]>();

  function addKeyword(bytes: Uint8Array, ignoreCase: boolean, owner: KeywordOwner): void {
    const text = Buffer.from(bytes).toString("latin1");
    const key = ignoreCase ? `i${text.toLowerCase()}` : `=${text}`;
    const entry = keywords.get(key) ?? { bytes, ignoreCase, owners: [] };
    entry.owners.push(owner);
    keywords.set(key, entry);
  }

  /** Where a shape's literal is looked for: beside the long drawn run that the token holds, or, when it holds none, everywhere. */
  function addShapeKeyword(branch: Branch, owner: KeywordOwner): void {
    const { bytes, ignoreCase, stepIndex } = branch.keyword!;
    if (holdsDrawnRun(branch)) {
      const key = Buffer.from(bytes).toString("latin1").toLowerCase();
      const entry = besideRuns.get(key) ?? { bytes, owners: [] };
      entry.owners.push(owner);
      besideRuns.set(key, entry);
      return;
    }
    // A literal of three bytes is looked for together with each byte that may follow it.
    const next = branch.steps.slice(stepIndex + 1).find((step) => step.kind !== "mark");
    if (
      bytes.length >= shortestKeyword ||
      next === undefined ||
      next.kind === "literal" ||
      (next.kind === "class" && next.min === 0)
    ) {
      addKeyword(bytes, ignoreCase, owner);
      return;
    }
    for (const byte of bytesOf(next.table)) addKeyword(Uint8Array.from([...bytes, byte]), ignoreCase, owner);
  }

  for (const [index, rule] of [...leakRules, genericRule].entries()) {
    if (ids.has(rule.id))
      throw new LeaseholdError(
        "config",
        `the rule id "${rule.id}" is used twice; ids are unique over all files`,
        sourceOf(rule, 0),
      );
    ids.add(rule.id);
    let branches: Branch[] = [];
    if (rule.shape !== undefined) {
      try {
        branches = compileShape(parseShape(rule.shape));
      } catch (error) {
        if (!(error instanceof ShapeError)) throw error;
        throw new LeaseholdError("config", `rule ${rule.id}: shape: ${error.message}`, sourceOf(rule, error.at));
      }
    }
    if (rule.proof !== undefined && !proofs.has(rule.proof)) {
      throw new LeaseholdError("config", `rule ${rule.id}: there is no proof named "${rule.proof}"`, sourceOf(rule, 0));
    }
    let literal = 0;
    for (const [at, branch] of branches.entries()) {
      literal = Math.max(literal, branch.keyword?.bytes.length ?? 0);
      if (branch.keyword !== undefined) {
        addShapeKeyword(branch, { kind: "shape", rule: index, branch: at });
      } else if (!restsOnName(rule)) {
        throw new LeaseholdError(
          "config",
          `rule ${rule.id}: a shape without a literal of three characters or more needs "near"`,
          sourceOf(rule, 0),
        );
      }
    }
    for (const keyword of rule.pattern === undefined ? [] : (rule.keyword ?? []))
      addKeyword(Buffer.from(keyword, "latin1"), true, { kind: "pattern", rule: index });
    if (branches.some((b) => b.keyword === undefined)) {
      for (const name of rule.near ?? []) {
        const key = normaliseName(name);
        if (key === "") continue;
        const list = names.get(key) ?? [];
        list.push(index);
        names.set(key, list);
      }
    }
    literals.push(literal);
    compiled.push(branches);
  }
  formats.forEach((format, index) => {
    for (const keyword of format.keywords) {
      const bytes = Buffer.from(keyword, "latin1");
      if (bytes.length >= shortestKeyword) addKeyword(bytes, true, { kind: "format", format: index });
      else
        for (const byte of bytesOf(namedClasses.get("printable")!))
          addKeyword(Uint8Array.from([...bytes, byte]), true, { kind: "format", format: index });
    }
  });
  for (const word of keyWords) addKeyword(Buffer.from(word, "latin1"), true, { kind: "word" });
  for (const [what, literals] of Object.entries(mentions)) {
    for (const literal of literals) addKeyword(Buffer.from(literal, "latin1"), true, { kind: "mention", what });
  }

  const entries = [...keywords.values()].filter((entry) => entry.bytes.length >= shortestKeyword);
  // What is too short for the main search has a run beside it or is not found.
  const short = [
    ...[...keywords.values()].filter((entry) => entry.bytes.length < shortestKeyword),
    ...besideRuns.values(),
  ];
  const nameEntries = [...names.entries()];
  return {
    keywords: buildKeywordIndex(entries),
    owners: entries.map((entry) => entry.owners),
    runLiterals: buildAutomaton(short.map((entry) => entry.bytes)),
    runOwners: short.map((entry) => entry.owners),
    heads: runHeads(
      short.flatMap((entry) =>
        entry.owners.flatMap((owner) => (owner.kind === "shape" ? [compiled[owner.rule]![owner.branch]!] : [])),
      ),
    ),
    names: buildAutomaton(nameEntries.map(([name]) => Buffer.from(name, "latin1"))),
    nameTexts: nameEntries.map(([name]) => name),
    namedRules: nameEntries.map(([, list]) => list),
    providers: buildAutomaton(providerNames(leakRules).map((name) => Buffer.from(name, "latin1"))),
    literals: Uint16Array.from(literals),
  };
}

/** Providers and the names their rules look for, normalised; names that only say "key" or "token" are none. */
function providerNames(rules: readonly LeakRule[]): string[] {
  const names = new Set<string>();
  for (const rule of rules) {
    // "Mistral AI" is called mistral.
    for (const name of [rule.provider, rule.provider.split(/[ .]/, 1)[0]!, ...(rule.near ?? [])]) {
      const normal = normaliseName(name);
      // Auth0 and 1Password are names all the same.
      const isName = keyKind(name) === undefined || (name === rule.provider && /\d/.test(name));
      if (normal.length >= 3 && isName && rule.provider !== "Generic") names.add(normal);
    }
  }
  return [...names];
}
