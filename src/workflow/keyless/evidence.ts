/** Which service a stored credential belongs to: what receives it counts most, then the names it goes under, then the name of the secret, then its company. */

import type { Condition, KeylessRule } from "../keyless-rule.ts";
import type { Step } from "../model.ts";
import type { CommandPlace } from "./command-place.ts";
import { companyOf, keepsCompany } from "./company.ts";
import { isGeneral, isIdentifier } from "./credential-name.ts";
import { matchesGlob, matchesGlobs } from "./glob.ts";
import { hitsOf, type NameHit, type NameIndex, nameIndex } from "./name-pattern.ts";
import { type CommandEntry, formsOf, type KeylessRules, type NameRole } from "./rule-index.ts";
import type { ModelView } from "./scope-value.ts";
import { type Command, indexOfProgram, operandOf, programsOf, wordAt } from "./shell-command.ts";
import type { Surroundings } from "./surroundings.ts";
import { inRange } from "./version-range.ts";

/** How it was recognised. */
export type Ground = "action" | "command" | "text" | "name" | "secret" | "context";

export type Evidence = {
  rule: KeylessRule;
  ground: Ground;
  score: number;
  /** The value is the half that only identifies. */
  half: boolean;
  /** What was recognised, for `explain`. */
  gate: string;
};

/** Weights of the grounds. The distance between two is larger than what a longer pattern (at most 40) and company (at most 50) add. */
const weight = {
  nested: 950,
  action: 1100,
  command: 900,
  anyAction: 840,
  text: 780,
  name: 680,
  secret: 500,
  general: 300,
  context: 100,
  generic: 450,
};

/** The best explanation of a use; undefined when no rule knows it, `silent` when the rule that does says that this use is no finding. */
export function evidenceOf(
  rules: KeylessRules,
  view: ModelView,
  around: Surroundings,
): Evidence | "silent" | undefined {
  let silent = false;
  const { use, keys } = around;
  const secret = use.form === "named" ? use.name : "";
  const keyHits = keys.map((key) => ({ key, hits: hitsOf(rules.names, key) }));
  const secretHits = secret === "" ? [] : hitsOf(rules.names, secret);
  const excluded = new Set<KeylessRule>();
  for (const { filed } of [...keyHits.flatMap(({ hits }) => hits), ...secretHits])
    if (filed.role === "not") excluded.add(filed.rule);
  const found = new Map<KeylessRule, Evidence>();
  const offer = (rule: KeylessRule, ground: Ground, given: number, gate: string, half = false): void => {
    if (excluded.has(rule)) return;
    const before = found.get(rule);
    const score = rule.generic === true ? given - weight.generic : given;
    if (before === undefined || before.score < score)
      found.set(rule, { rule, ground, score, half: half || (before?.half ?? false), gate });
    else if (half && !before.half) before.half = true;
  };

  const forms = formsOf(rules, around.action);
  keyHits.forEach(({ key, hits }) => {
    for (const hit of hits) offerKey(hit, key, around, forms, offer);
  });
  for (const hit of secretHits) offerSecret(hit, secret, offer);
  if (!isIdentifier(secret)) {
    for (const place of around.commands) offerCommands(rules, place, offer);
    const identifies = around.commands.length === 0 && keys[0] !== undefined && isIdentifier(keys[0]);
    if (around.beside !== "" && !identifies) {
      for (const { rule, text } of rules.texts)
        if (around.beside.includes(text)) offer(rule, "text", weight.text + text.length, `text "${text}"`);
    }
  }
  const step = use.step?.step;
  if (found.size === 0 && step !== undefined && (secret === "" || isGeneral(secret)) && keys.every(isGeneral)) {
    for (const [rule, gate] of companyOf(rules, view, step, around.job)) offer(rule, "context", weight.context, gate);
  }
  const kept: Evidence[] = [];
  for (const evidence of found.values()) {
    const exception = evidence.rule.not.conditions.find((condition) => holds(condition, around, true));
    if (exception === undefined) kept.push(evidence);
    else if (exception.silent === true) silent = true;
  }
  return best(kept, rules, view, around) ?? (silent ? "silent" : undefined);
}

type Offer = (rule: KeylessRule, ground: Ground, score: number, gate: string, half?: boolean) => void;

function offerKey(
  hit: NameHit<NameRole>,
  key: string,
  around: Surroundings,
  forms: ReadonlySet<unknown>,
  offer: Offer,
): void {
  const { filed } = hit;
  const length = Math.min(hit.weight, 40);
  if (filed.role === "input") {
    const { form, rule } = filed;
    // An input of that name, or an env variable of the action's own step; anything handed to a called workflow.
    if (!forms.has(form)) return;
    if (form.versions !== undefined && around.version !== undefined && !inRange(around.version, form.versions)) return;
    if (form.when !== undefined && !holds(form.when, around)) return;
    if (form.unless !== undefined && holds(form.unless, around)) return;
    const conditions = form.when?.with === undefined ? 0 : 30;
    offer(
      rule,
      "action",
      (form.uses === "*" ? weight.anyAction : weight.action) + conditions + length,
      form.uses === "*" ? `input "${key}"` : `input "${key}" of ${form.uses}`,
      form.half,
    );
  } else if (filed.role === "secret") {
    // Many bind a variable under the name that the stored secret usually has.
    if (!isGeneral(key) && !(hit.open && isIdentifier(key)))
      offer(filed.rule, "name", weight.secret + length, `name "${key}"`);
  } else if (filed.role === "name" || filed.role === "half") {
    if (hit.open && isIdentifier(key)) return;
    const nested = key === around.nested && around.commands.length > 0;
    offer(filed.rule, "name", (nested ? weight.nested : weight.name) + length, `name "${key}"`, filed.role === "half");
  }
}

function offerSecret(hit: NameHit<NameRole>, secret: string, offer: Offer): void {
  const { filed } = hit;
  if (filed.role === "input" || filed.role === "not") return;
  if (hit.open && isIdentifier(secret)) return;
  const base = isGeneral(secret) ? weight.general : weight.secret;
  offer(filed.rule, "secret", base + Math.min(hit.weight, 40), `name of the secret "${secret}"`, filed.role === "half");
}

function offerCommands(rules: KeylessRules, place: CommandPlace, offer: Offer): void {
  const { commands } = place.pipeline;
  const { offset } = place;
  const own = offset === undefined ? -1 : commands.findIndex((one) => one.start <= offset && offset <= one.end);
  commands.forEach((command, at) => {
    // The value stands in the command itself, or is piped into a later one.
    if (at < own) return;
    for (const program of programsOf(command)) {
      for (const entry of rules.commands.get(program) ?? []) {
        const { rule, form } = entry;
        if (!takes(entry, command, at === own ? offset : undefined)) continue;
        const score = weight.command + Math.min(form.run.length, 40) + (form.has ? 20 : 0);
        offer(rule, "command", score, `command "${form.run}"`);
      }
    }
  });
}

/** Whether a command form takes the value that stands at `offset`; undefined for a value that is piped in. */
function takes({ words, form }: CommandEntry, command: Command, offset: number | undefined): boolean {
  const from = indexOfProgram(command, words);
  if (from < 0) return false;
  if (form.has?.every((glob) => !command.words.some((word) => matchesGlob(glob, word.text)))) return false;
  if (form.operand !== undefined && !matchesGlobs(form.operand, operandOf(command, from + words.length))) return false;
  if (offset === undefined) return form.flags === undefined;
  const at = wordAt(command, offset);
  const word = (command.words[at]?.text ?? "").toLowerCase();
  const before = (command.words[at - 1]?.text ?? "").toLowerCase();
  const behind = (flag: string): boolean => before === flag.toLowerCase() || word.startsWith(`${flag.toLowerCase()}=`);
  if (form.flags !== undefined) return form.flags.some(behind);
  return !identifyingFlags.some(behind);
}

/** Flags whose value says who or where, in every program of the rules. */
const identifyingFlags =
  "-u --username --user --client-id --tenant --tenant-id --app-id --server --host --registry --url --account --project --region".split(
    " ",
  );

/** Whether a condition holds round a use. `always`: whatever the expressions of the step choose, which is what an exception needs. */
export function holds(condition: Condition, around: Surroundings, always = false): boolean {
  for (const name in condition.with)
    if (!matchesGlobs(condition.with[name] ?? [], around.valueOf(name).trim())) return false;
  if (condition.text?.every((part) => !around.says(part.toLowerCase(), always))) return false;
  if (condition.secret === undefined) return true;
  let index = secretIndexes.get(condition);
  if (index === undefined) {
    index = nameIndex(condition.secret.map((pattern) => [pattern, true] as const));
    secretIndexes.set(condition, index);
  }
  return hitsOf(index, around.use.name).length > 0;
}

const secretIndexes = new WeakMap<Condition, NameIndex<true>>();

/** The rule with the highest score; company in the step or job decides between near ones. */
function best(found: Evidence[], rules: KeylessRules, view: ModelView, around: Surroundings): Evidence | undefined {
  if (found.length > 1) {
    const top = Math.max(...found.map(({ score }) => score));
    const near = found.filter(({ score }) => top - score <= 60);
    if (near.length > 1) {
      const step = around.use.step?.step;
      const keeps = (one: Step, { rule }: Evidence): boolean => keepsCompany(rules, view, one, around.job, rule);
      const others = around.job?.steps ?? [];
      for (const evidence of near) {
        if (step !== undefined && keeps(step, evidence)) evidence.score += 50;
        else if (others.some((one) => keeps(one, evidence))) evidence.score += 20;
      }
    }
  }
  return found.sort((a, b) => b.score - a.score || (a.rule.id < b.rule.id ? -1 : 1))[0];
}
