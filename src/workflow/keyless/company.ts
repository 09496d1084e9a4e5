/** Rules whose actions or commands stand in a step: the company a credential keeps. */

import type { KeylessRule } from "../keyless-rule.ts";
import type { Job, Step } from "../model.ts";
import { actionName } from "../rule/reach.ts";
import { scriptPipelines } from "./command-place.ts";
import { filedUnder } from "./glob.ts";
import type { KeylessRules } from "./rule-index.ts";
import type { ModelView } from "./scope-value.ts";
import { indexOfProgram, programsOf } from "./shell-command.ts";

/** The rules, each with what gave it away. Worked out once per step. */
export function companyOf(
  rules: KeylessRules,
  view: ModelView,
  step: Step,
  job: Job | undefined,
): ReadonlyMap<KeylessRule, string> {
  let found = view.company.get(step);
  if (found === undefined) {
    found = new Map();
    const action = actionName(step.uses);
    if (action !== "") {
      for (const rule of filedUnder(rules.contextUses, action)) found.set(rule, `beside ${action}`);
    }
    for (const { commands } of scriptPipelines(view, step, job)) {
      for (const command of commands) {
        for (const program of programsOf(command)) {
          for (const { rule, words } of rules.contextCommands.get(program) ?? []) {
            if (!found.has(rule) && indexOfProgram(command, words) >= 0)
              found.set(rule, `beside command "${words.join(" ")}"`);
          }
        }
      }
    }
    view.company.set(step, found);
  }
  return found;
}
