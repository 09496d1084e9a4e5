/** Values that a rule asks for and the file already holds. */
import { isCredential, isIdentifier } from "../workflow/keyless/credential-name.ts";
import type { Env, Job, Step, Workflow } from "../workflow/model.ts";
import { insideOf } from "./expression-edit.ts";

/** Where a value is looked for. `removed`: names that the same fix takes out of the step's env. */
export type Scope = { workflow: Workflow; job: Job; step: Step; removed: (name: string) => boolean };

/**
 * A value of the template, or what the file already says: `${{ vars.AWS_REGION }}` is the region that an env variable AWS_REGION in scope holds.
 * A variable of the step itself is copied only when the fix removes it there or when it holds no credential, so that none is read twice.
 */
export function knownValue(scope: Scope, value: string): string {
  const name = /^vars\.([A-Z][A-Z0-9_]*)$/.exec(insideOf(value))?.[1];
  if (name === undefined) return value;
  const own = valueIn(scope.step.env, name);
  if (own !== undefined && (scope.removed(name) || readsNoCredential(own))) return own;
  const wide = valueIn(scope.job.env, name) ?? valueIn(scope.workflow.env, name);
  return wide !== undefined && !/\bsecrets\b/i.test(wide) ? `\${{ env.${name} }}` : value;
}

/** Whether a value comes from no secret, or from secrets whose names say that they only identify. */
function readsNoCredential(value: string): boolean {
  const names = [...value.matchAll(/\bsecrets\.([A-Za-z0-9_]{1,100})/gi)].map((match) => match[1] ?? "");
  return (
    names.length === (value.match(/\bsecrets\b/gi)?.length ?? 0) &&
    names.every((name) => isIdentifier(name) && !isCredential(name))
  );
}

function valueIn(env: Env | undefined, name: string): string | undefined {
  const value = env?.variables.find((variable) => variable.name === name)?.value.value;
  return value === undefined || value === "" || /[\r\n]/.test(value) ? undefined : value;
}
