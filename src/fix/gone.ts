/** What a fix makes useless besides the secret it is about: the other half of a pair, variables that hold nothing else. */
import type { Rewrite } from "../workflow/keyless-rule.ts";
import type { Text, Variable } from "../workflow/model.ts";
import { asMap } from "../workflow/node.ts";
import { removeEntry } from "./change.ts";
import { fitsAny } from "./pattern.ts";
import type { Application, Target } from "./target.ts";

/** Names of the stored secrets that a text reads. */
function secretsIn(text: Text): string[] {
  return text.expressions.flatMap((expression) =>
    expression.references.flatMap(({ context, path: [name] }) =>
      context === "secrets" && name !== undefined && name !== "*" ? [name.toUpperCase()] : [],
    ),
  );
}

function isTaken(rewrite: Rewrite, variable: Variable, kind: "input" | "env"): boolean {
  if (kind === "env") return fitsAny(rewrite.removeEnv, variable.name);
  return fitsAny(rewrite.removeInputs, variable.name) || rewrite.setInputs?.[variable.name] !== undefined;
}

/** Fills `gone` for the rewrites that are about to be made. */
export function findGone(target: Target, applications: readonly Application[]): void {
  const { gone, workflow, rows } = target;
  for (const row of rows) gone.secrets.add(row.name);
  for (const { rewrite, step, job } of applications) {
    for (const input of step.with)
      if (isTaken(rewrite, input, "input")) for (const name of secretsIn(input.value)) gone.secrets.add(name);
    for (const env of [step.env, job.env, workflow.env])
      for (const variable of env?.variables ?? [])
        if (isTaken(rewrite, variable, "env")) for (const name of secretsIn(variable.value)) gone.secrets.add(name);
  }
  for (const { step, job } of applications) {
    for (const variable of [workflow.env, job.env, step.env].flatMap((env) => env?.variables ?? [])) {
      const names = secretsIn(variable.value);
      if (names.length > 0 && names.every((name) => gone.secrets.has(name))) gone.variables.add(variable.name);
    }
  }
}

/** Takes out of the env of the fixed steps what only served conditions and inputs that are gone. A script that reads a variable by name keeps it. */
export function removeDead(target: Target, applications: readonly Application[]): void {
  const { gone, changes } = target;
  for (const { rewrite, step } of applications) {
    const map = asMap(step.env?.entry.value);
    if (map === undefined || step.uses === undefined || rewrite.replaceValue !== undefined) continue;
    for (const variable of step.env?.variables ?? []) {
      if (gone.variables.has(variable.name) && rewrite.setEnv?.[variable.name] === undefined)
        removeEntry(changes, map, variable.entry);
    }
  }
}
