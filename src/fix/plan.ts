/**
 * From findings to edits: which of them can be fixed in the file they stand in, what the file is then, and what a person has to do beside it.
 * Every fix is tried on the file and scanned again before it counts; one that would leave its finding or bring a new one is refused.
 */
import type { Edit, Finding } from "../finding.ts";
import type { FixClass, KeylessRule } from "../workflow/keyless-rule.ts";
import type { Model } from "../workflow/model.ts";
import type { SecretUse } from "../workflow/use.ts";
import { type Changes, copyOf, noChanges } from "./change.ts";
import { type Check, checkResult, keyOf, survivors } from "./check.ts";
import type { Done, FixContext, JobLogin } from "./context.ts";
import { hygieneFixes } from "./hygiene.ts";
import { planKeyless } from "./keyless.ts";
import { tabInIndentation } from "./layout.ts";
import { isRefusal, orRefusal, refuse } from "./refusal.ts";
import { splicesOf } from "./render.ts";
import { splice } from "./splice.ts";
import { type Tree, treeOf } from "./tree.ts";

/** A finding that the edits end. `title` says how. */
export type Fixed = { finding: Finding; title: string; class: FixClass };

export type FilePlan = {
  path: string;
  /** Splices of the original bytes; empty when nothing is fixed. */
  edits: Edit[];
  /** The file with the edits made. */
  after: Uint8Array;
  fixed: Fixed[];
  refused: { finding: Finding; reason: string }[];
  /** What has to be done or looked at before merging. */
  checklist: string[];
  /** Names of secrets that the fixes replace, and whether something in this repository still reads them. */
  secrets: { name: string; service: string; stillRead: string[] }[];
  /** Services that jobs now log in to. */
  logins: JobLogin[];
};

/**
 * Plans the fixes of one file.
 * In: its model and uses as the scan gave them, the findings to fix (of any rule; those that have no fix are refused), and the context.
 * Out: the plan. Never throws for what stands in the file; the same input gives the same plan.
 */
export function planFile(
  model: Model,
  uses: readonly SecretUse[],
  findings: readonly Finding[],
  context: FixContext,
): FilePlan {
  const { source } = model;
  const tree = treeOf(model.root);
  const plan: FilePlan = {
    path: source.path,
    edits: [],
    after: source.bytes,
    fixed: [],
    refused: [],
    checklist: [],
    secrets: [],
    logins: [],
  };
  const before = context.scan(source.path, source.bytes).findings;
  const whole = wholeRefusal(model, tree);
  let changes = noChanges(source, tree);
  let check: Check = {
    path: source.path,
    bytes: source.bytes,
    before,
    targets: new Set(),
    shows: false,
    scan: context.scan,
  };
  for (const finding of findings) {
    // An earlier fix may have taken this finding along.
    if (
      plan.edits.length > 0 &&
      !survivors(before, context.scan(source.path, plan.after).findings, plan.edits).has(keyOf(finding))
    ) {
      plan.fixed.push({ finding, title: "Ended by another fix of this file", class: "AUTO" });
      check = { ...check, targets: new Set([...check.targets, finding]) };
      continue;
    }
    const tried = orRefusal(() => {
      if (whole !== undefined) refuse(whole);
      const attempt = copyOf(changes);
      const done = planOne(attempt, model, uses, finding, context);
      const edits = splicesOf(attempt);
      if (edits.length === 0) refuse("there is nothing to change");
      const targets = new Set([...check.targets, finding]);
      const shows = check.shows || hygieneFixes.get(finding.rule)?.shows === true;
      checkResult({ ...check, targets, shows }, edits);
      return { attempt, done, edits, targets, shows };
    });
    if (isRefusal(tried)) {
      plan.refused.push({ finding, reason: tried.refused });
      continue;
    }
    changes = tried.attempt;
    check = { ...check, targets: tried.targets, shows: tried.shows };
    plan.edits = tried.edits.map((edit) => ({ path: source.path, ...edit }));
    plan.after = splice(source.bytes, tried.edits);
    plan.fixed.push({ finding, title: tried.done.title, class: tried.done.class });
    for (const line of tried.done.checklist) if (!plan.checklist.includes(line)) plan.checklist.push(line);
    for (const secret of tried.done.secrets)
      if (!plan.secrets.some((one) => one.name === secret.name)) plan.secrets.push({ ...secret, stillRead: [] });
    for (const login of tried.done.logins)
      if (!plan.logins.some((one) => one.rule === login.rule && one.job === login.job)) plan.logins.push(login);
  }
  readersAfter(plan, uses, context);
  return plan;
}

/** Why nothing in a file can be edited. */
function wholeRefusal({ source, root }: Model, tree: Tree): string | undefined {
  if (tree.mergeKey) return "the file has a YAML merge key, which GitHub refuses";
  if (Buffer.byteLength(source.text) !== source.bytes.length) return "the file is not UTF-8";
  if (/\r(?!\n)/.test(source.text)) return "the file has line ends that are a carriage return alone";
  if (tabInIndentation(source, root) !== undefined)
    return "the file is indented with tabs, so its columns cannot be told";
  return undefined;
}

function planOne(
  changes: Changes,
  model: Model,
  uses: readonly SecretUse[],
  finding: Finding,
  context: FixContext,
): Done {
  if (finding.rule.startsWith("keyless/")) {
    const rule =
      context.rules.get(finding.rule.slice("keyless/".length)) ?? refuse("the rule of this finding is not known here");
    if (!context.classes.has(rule.fix)) refuse(classReason(rule));
    return planKeyless(changes, model, uses, finding, rule, context);
  }
  const fixer = hygieneFixes.get(finding.rule);
  if (fixer === undefined) refuse("there is no automatic fix for this rule");
  if (model.kind !== "workflow") refuse("only workflows are changed by this fix");
  const checklist = new Set<string>();
  fixer.apply({ changes, workflow: model, finding, uses, pins: context.pins, tree: context.tree, checklist });
  return { title: fixer.title, class: "AUTO", checklist: [...checklist], secrets: [], logins: [] };
}

function classReason(rule: KeylessRule): string {
  if (rule.fix === "REDUCE")
    return `there is no keyless route for ${rule.service}; give it an end date and an owner, and keep it in an environment`;
  if (rule.fix === "BROKER")
    return `${rule.service} takes no OIDC token by itself; the value can live in a vault that does`;
  return rule.fix === "ENROL"
    ? "the repository must be enrolled at the service first; --all includes such fixes, with a checklist"
    : "it needs values that the repository does not hold; --all includes such fixes, with a checklist";
}

/** Adds the secrets that went along (the other half of a pair, a name that only identifies), and for every one the files that still read it. */
function readersAfter(plan: FilePlan, uses: readonly SecretUse[], context: FixContext): void {
  if (plan.edits.length === 0) return;
  const own = context.scan(plan.path, plan.after).uses;
  const reads = (all: readonly SecretUse[], name: string): boolean =>
    all.some((use) => use.form === "named" && use.name === name);
  const service = plan.secrets[0]?.service ?? "";
  for (const { form, name } of uses) {
    if (form === "named" && !reads(own, name) && !plan.secrets.some((one) => one.name === name))
      plan.secrets.push({ name, service, stillRead: [] });
  }
  for (const secret of plan.secrets) {
    if (reads(own, secret.name)) secret.stillRead.push(plan.path);
    for (const model of context.tree) {
      if (
        model.source.path !== plan.path &&
        reads(context.scan(model.source.path, model.source.bytes).uses, secret.name)
      )
        secret.stillRead.push(model.source.path);
    }
  }
}
