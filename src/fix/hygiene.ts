/** Fixes that replace nothing, but hand out less: a secret to one step instead of all, named secrets instead of all, a pinned action, a token that does not stay. */
import type { Finding } from "../finding.ts";
import { secretUses } from "../workflow/flow.ts";
import type { Job, Model, Step, Uses, Workflow, YamlEntry } from "../workflow/model.ts";
import { asMap, entryOf } from "../workflow/node.ts";
import type { SecretUse } from "../workflow/use.ts";
import { addEntry, type Changes, removeEntry, setValue } from "./change.ts";
import { grant } from "./permission.ts";
import { type Pins, pinCommand, pinsUnder } from "./pin.ts";
import { refuse } from "./refusal.ts";
import { type Scopes, tokenUse } from "./token-scopes.ts";
import { setPin } from "./uses-edit.ts";
import type { NewEntry } from "./yaml-write.ts";

export type Hygiene = {
  changes: Changes;
  workflow: Workflow;
  finding: Finding;
  uses: readonly SecretUse[];
  pins: readonly Pins[];
  tree: readonly Model[];
  checklist: Set<string>;
};

/** `shows`: the text it writes names secrets that the file read before without naming them there, so their findings come to stand in it. */
type Fixer = { title: string; apply: (fix: Hygiene) => void; shows?: true };

/** The rules whose findings can be fixed, each with its fix. */
export const hygieneFixes: ReadonlyMap<string, Fixer> = new Map<string, Fixer>([
  ["workflow/secret-in-wide-env", { title: "Bind the secret where it is read", apply: narrowEnv, shows: true }],
  [
    "workflow/secrets-inherit",
    { title: "Name the secrets that the called workflow declares", apply: nameSecrets, shows: true },
  ],
  ["workflow/unpinned-action-secret", { title: "Pin the action to the commit of its tag", apply: pinAction }],
  ["workflow/persisted-credentials", { title: "Leave no token behind the checkout", apply: dropCredentials }],
  ["workflow/permissions-missing", { title: "Name the permissions that are used", apply: leastPermissions }],
  ["workflow/id-token-missing", { title: "Let the job ask for an OIDC token", apply: allowIdToken }],
]);

function narrowEnv({ changes, workflow, finding, uses }: Hygiene): void {
  const rows = uses.filter((use) => use.role === "value" && use.binding.entry?.span.start === finding.place.start);
  const [first] = rows;
  const { variable, env } = first?.binding ?? {};
  const map = asMap(env?.entry.value);
  if (first === undefined || variable === undefined || map === undefined) refuse("the variable is not found");
  if (rows.some((row) => row.step === undefined || row.flow.some((hop) => hop.kind !== "env" && hop.kind !== "shell")))
    refuse("it is read through an expression or a file, where the env of one step does not reach");
  if (variable.value.node.style === "literal" || variable.value.node.style === "folded")
    refuse("its value is written over several lines");
  const entry: NewEntry = { key: variable.name, value: variable.value.value };
  const steps = new Set(rows.map((row) => row.step?.step));
  const [step] = steps;
  const job = workflow.jobs.find((one) => one.id === first.job);
  if (job === undefined || step === undefined) refuse("the job that reads it is not known");
  if (steps.size === 1) addToEnv(changes, step, entry);
  else addToEnv(changes, job, entry, entryOf(job.map, "steps"));
  removeEntry(changes, map, variable.entry);
}

function addToEnv(changes: Changes, holder: Step | Job, entry: NewEntry, above?: YamlEntry): void {
  const map = asMap(holder.env?.entry.value);
  if (map) {
    if (entryOf(map, entry.key)) refuse(`${entry.key} is already bound there`);
    addEntry(changes, map, entry);
  } else if (holder.env) refuse("the env there comes from an expression");
  else addEntry(changes, holder.map, { key: "env", value: [entry] }, above);
}

function jobOf({ workflow, finding }: Hygiene): Job {
  return workflow.jobs.find((job) => job.id === finding.facts.job) ?? refuse("the job of the finding is not known");
}

function nameSecrets(fix: Hygiene): void {
  const job = jobOf(fix);
  const { secrets, uses } = job;
  if (secrets === undefined || !secrets.inherit || uses === undefined) refuse("the call is not found");
  if (!uses.local) refuse(`${uses.raw} is not in this repository, so the secrets it declares are not known`);
  const path = (uses.path ?? "").replace(/^[.$]\//, "");
  const callee = fix.tree.find((model) => model.source.path === path);
  if (callee?.kind !== "workflow" || callee.call === undefined)
    refuse(`${uses.raw} is not among the files that were read`);
  const declared = new Set(callee.call.secrets.map((secret) => secret.name.toUpperCase()));
  const read = secretUses(callee).filter((use) => use.form !== "token");
  const open = read.find((use) => use.form !== "named" || !declared.has(use.name));
  if (open !== undefined)
    refuse(
      `${path} reads ${open.form === "named" ? open.name : "secrets"} without declaring it under workflow_call.secrets`,
    );
  if (callee.jobs.some((one) => one.environment !== undefined))
    refuse(`a job of ${path} has an environment, and its secrets only arrive with inherit`);
  removeEntry(fix.changes, job.map, secrets.entry);
  if (callee.call.secrets.length === 0) return;
  const value = callee.call.secrets.map(({ name }) => ({ key: name, value: `\${{ secrets.${name} }}` }));
  addEntry(fix.changes, job.map, { key: "secrets", value }, nextEntry(job, secrets.entry));
}

/** The entry behind one, so that what replaces it stands in its place. */
function nextEntry(job: Job, entry: YamlEntry): YamlEntry | undefined {
  return job.map.entries[job.map.entries.indexOf(entry) + 1];
}

function usesAt({ workflow, finding }: Hygiene): Uses {
  const all = workflow.jobs.flatMap((job) => [job.uses, ...job.steps.map((step) => step.uses)]);
  return all.find((uses) => uses?.text.span.start === finding.place.start) ?? refuse("the action is not found");
}

function pinAction(fix: Hygiene): void {
  const uses = usesAt(fix);
  const action = `${uses.owner}/${uses.repo}`;
  if (uses.ref === undefined || uses.refKind !== "tag")
    refuse(`${uses.raw} names a branch; choose a release and pin it (${pinCommand(action, "v")})`);
  const pinned = pinsUnder(fix.pins, action, uses.ref);
  if (pinned === undefined)
    refuse(`the commit of ${uses.raw} is not known; name it with --pins (${pinCommand(action, uses.ref)})`);
  setPin(fix.changes, uses, pinned.commit, pinned.tag);
}

function dropCredentials(fix: Hygiene): void {
  const uses = usesAt(fix);
  const step = jobOf(fix).steps.find((one) => one.uses === uses);
  if (step === undefined) refuse("the step is not found");
  const present = step.with.find((variable) => variable.name === "persist-credentials");
  const map = asMap(step.withEntry?.value);
  const entry = { key: "persist-credentials", value: "false" };
  if (present) setValue(fix.changes, present.entry, "false", "false");
  else if (map) addEntry(fix.changes, map, entry);
  else if (step.withEntry) refuse("the inputs of the step come from an expression");
  else addEntry(fix.changes, step.map, { key: "with", value: [entry] });
}

function allowIdToken(fix: Hygiene): void {
  for (const line of grant(fix.changes, fix.workflow, jobOf(fix), { "id-token": "write" }, "OIDC login"))
    fix.checklist.add(line);
}

/** One block for the workflow with what every job needs, and one for each job that needs more. */
function leastPermissions({ changes, workflow }: Hygiene): void {
  const jobs = workflow.jobs.filter((job) => job.permissions === undefined);
  const needs = jobs.map((job): [Job, Scopes] => {
    const { scopes, unsure, silent } = tokenUse(job);
    const open = [...unsure, ...silent];
    if (open.length > 0)
      refuse(`what ${open.slice(0, 4).join(", ")} in job ${job.id} needs of the job's token is not known`);
    return [job, scopes];
  });
  const all = needs.every(([, scopes]) => JSON.stringify(scopes) === JSON.stringify(needs[0]?.[1]));
  const common: Scopes = all
    ? (needs[0]?.[1] ?? {})
    : needs.every(([, scopes]) => scopes.contents !== undefined)
      ? { contents: "read" }
      : {};
  const entries = (scopes: Scopes): NewEntry[] => Object.entries(scopes).map(([key, value]) => ({ key, value }));
  if (jobs.length === workflow.jobs.length)
    addEntry(changes, workflow.root, { key: "permissions", value: entries(common) }, entryOf(workflow.root, "jobs"));
  for (const [job, scopes] of needs) {
    if (jobs.length === workflow.jobs.length && JSON.stringify(scopes) === JSON.stringify(common)) continue;
    addEntry(changes, job.map, { key: "permissions", value: entries(scopes) }, job.map.entries[0]);
  }
}
