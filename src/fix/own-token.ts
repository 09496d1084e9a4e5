/** When the job's own token can take the place of a personal one without anything being lost. */
import { actionName } from "../workflow/rule/reach.ts";
import { refuse } from "./refusal.ts";
import type { Application } from "./target.ts";
import { tokenUse } from "./token-scopes.ts";

const reason =
  "whether GITHUB_TOKEN serves depends on what the token does: its pushes start no other workflow, and it reaches no other repository";

/** Actions that work with the issues and pull requests of their own repository alone. */
const within = new Set(["actions/labeler", "actions/stale", "actions/first-interaction"]);

/** Throws Refused unless the step only reads this repository or works with its issues. */
export function requireOwnRepository({ job, step }: Application): void {
  const action = actionName(step.uses);
  if (within.has(action)) return;
  const given = new Set(step.with.map((variable) => variable.name));
  const pushes = job.steps.some(
    (other) =>
      other !== step &&
      (other.run !== undefined
        ? /\bgit\b|\bgh\b|release|publish|\.\/|make|npm|yarn/.test(other.run.value)
        : !/^actions\//.test(actionName(other.uses))),
  );
  if (
    action !== "actions/checkout" ||
    given.has("repository") ||
    given.has("submodules") ||
    pushes ||
    tokenUse(job).scopes.contents === "write"
  )
    refuse(reason);
}
