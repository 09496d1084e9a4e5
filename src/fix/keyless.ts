/** The keyless fix of one finding: every way of the secret to a consumer is rewritten, or nothing is. */
import type { Finding } from "../finding.ts";
import type { KeylessRule } from "../workflow/keyless-rule.ts";
import type { Model, Workflow, YamlEntry } from "../workflow/model.ts";
import { asMap, entryOf } from "../workflow/node.ts";
import type { SecretUse } from "../workflow/use.ts";
import { type Changes, removeEntry } from "./change.ts";
import { applicationsOf } from "./choose.ts";
import type { Done, FixContext } from "./context.ts";
import { onlySecrets } from "./expression-edit.ts";
import { findGone, removeDead } from "./gone.ts";
import { isGuarded, removeGuard } from "./guard.ts";
import { requireOwnRepository } from "./own-token.ts";
import { refuse } from "./refusal.ts";
import { applyRewrite } from "./rewrite.ts";
import type { Target } from "./target.ts";

/** Plans it. Throws Refused. */
export function planKeyless(
  changes: Changes,
  model: Model,
  uses: readonly SecretUse[],
  finding: Finding,
  rule: KeylessRule,
  context: FixContext,
): Done {
  const workflow = requireWorkflow(model);
  const { place } = finding;
  const rows = uses.filter(
    (use) => place.start <= use.place.start && use.place.end <= place.end && use.form !== "token",
  );
  const [first] = rows;
  if (first === undefined) refuse("the secret of this finding is not found in the file");
  if (rows.some((row) => row.form === "dynamic"))
    refuse("which secret is read is computed at run time, often by the matrix");
  if (rows.some((row) => row.form !== "named"))
    refuse("all secrets are handed on at once; name the ones that are needed first");
  if (rule.rewrites.length === 0)
    refuse(`for ${rule.service} the change depends on the project: ${rule.keyless.replacement}`);
  const target: Target = {
    changes,
    workflow,
    rule,
    rows,
    uses,
    pins: context.pins,
    tree: context.tree,
    checklist: new Set(),
    jobs: new Set(),
    handled: new Set(),
    gone: { secrets: new Set(), variables: new Set() },
  };
  // An entry is removed as a whole: what it might hold beside the secret must not be lost with it.
  const { variable, entry } = first.binding;
  const applications = rows
    .filter((row) => row.role === "value" && row.consumer.kind !== "condition")
    .flatMap((row) => applicationsOf(target, row));
  if (applications.length === 0) refuse("the secret only decides here; no step uses its value");
  if (rule.id === "github-pat") for (const one of applications) requireOwnRepository(one);
  for (const one of applications) target.handled.add(one.step);
  findGone(target, applications);
  for (const one of applications) applyRewrite(target, one);
  removeDead(target, applications);
  removeGuards(target);
  if (variable && entry && isEntryRemoved(changes, entry) && !onlySecrets(variable.value))
    refuse("the value may also come from somewhere else than a secret");
  const names = [...new Set(rows.map((row) => row.name))];
  removeDeclarations(target, names);
  return {
    title: rule.keyless.replacement,
    class: rule.fix,
    checklist: [...target.checklist, ...callersNote(workflow, rule, context.tree)],
    secrets: names.map((name) => ({ name, service: rule.service })),
    logins: [...target.jobs].map((job) => ({
      rule,
      job: job.id,
      ...(job.environment && { environment: job.environment.name.value }),
    })),
  };
}

function requireWorkflow(model: Model): Workflow {
  if (model.kind === "workflow") return model;
  if (model.kind === "action")
    return refuse(
      "a composite action cannot declare permissions: every job that uses it needs id-token: write, so action and jobs have to change together",
    );
  return refuse("Dependabot reads this file; its OIDC settings are written by hand");
}

/** Takes away the conditions that ask for a replaced secret: of the steps of this fix, and of those that asked through a variable that goes. */
function removeGuards(target: Target): void {
  const { changes, gone, handled, uses, workflow } = target;
  for (const job of workflow.jobs)
    for (const step of job.steps) if (handled.has(step) && isGuarded(target, step)) removeGuard(target, step);
  for (const { consumer, name, step, binding } of uses) {
    const asks =
      consumer.kind === "condition" &&
      gone.secrets.has(name) &&
      binding.entry !== undefined &&
      isEntryRemoved(changes, binding.entry);
    if (!asks || (step !== undefined && handled.has(step.step))) continue;
    if (step === undefined || !isGuarded(target, step.step))
      refuse("a condition outside a step's if depends on the secret");
    removeGuard(target, step.step);
  }
}

function isEntryRemoved(changes: Changes, entry: YamlEntry): boolean {
  return [...changes.maps.values()].some((change) => change.remove.has(entry));
}

/** Declarations under workflow_call.secrets that nothing in this file reads any more, and no caller in the repository passes. */
function removeDeclarations(target: Target, names: readonly string[]): void {
  const { changes, workflow, tree } = target;
  for (const name of names) {
    const declared = workflow.call?.secrets.find((secret) => secret.name.toUpperCase() === name);
    if (declared === undefined) continue;
    const left = target.uses.some(
      (use) =>
        use.form === "named" &&
        use.name === name &&
        !target.rows.some((row) => row.place.start === use.place.start) &&
        use.consumer.kind !== "condition",
    );
    if (left) continue;
    const caller = tree.find(
      (model) =>
        model.kind === "workflow" &&
        model.jobs.some(
          (job) =>
            calls(job.uses?.path, workflow) && job.secrets?.variables.some((one) => one.name.toUpperCase() === name),
        ),
    );
    if (caller !== undefined) {
      target.checklist.add(
        `${caller.source.path} still passes ${declared.name}; take it away there and then from workflow_call.secrets`,
      );
      continue;
    }
    const call = asMap(entryOf(asMap(workflow.onEntry?.value), "workflow_call")?.value);
    const map = asMap(entryOf(call, "secrets")?.value);
    if (map) removeEntry(changes, map, declared.entry);
  }
}

function calls(path: string | undefined, workflow: Workflow): boolean {
  return path !== undefined && path.replace(/^[.$]\//, "") === workflow.source.path;
}

/** A called workflow may not ask for more than its caller allows; the run then fails before it begins. */
function callersNote(workflow: Workflow, rule: KeylessRule, tree: readonly Model[]): string[] {
  if (workflow.call === undefined || rule.keyless.permissions["id-token"] !== "write") return [];
  const callers = tree.flatMap((model) =>
    model.kind === "workflow"
      ? model.jobs
          .filter((job) => calls(job.uses?.path, workflow))
          .map((job) => ({ model, permissions: job.permissions ?? model.permissions }))
      : [],
  );
  const short = callers.find(
    ({ permissions }) =>
      permissions?.all !== "write" &&
      permissions?.scopes.some((scope) => scope.name === "id-token" && scope.level === "write") !== true,
  );
  if (callers.length > 0 && short === undefined) return [];
  // A change that promises to need nothing else must not break the callers.
  if (rule.fix === "AUTO")
    refuse(
      `this workflow is called by others, and ${short === undefined ? "who calls it is not known" : `the call in ${short.model.source.path} does not allow id-token: write`}; allow it there first`,
    );
  return [
    "This workflow can be called: every job that calls it must allow id-token: write, or the run fails at its start.",
  ];
}
