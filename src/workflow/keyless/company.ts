/** Rules whose actions or commands stand in a step: the company a credential keeps. */

import type { KeylessRule } from "../keyless-rule.ts";
import type { Job, Step } from "../model.ts";
import { actionName } from "../rule/reach.ts";
import { scriptPipelines } from "./command-place.ts";
import { filedUnder } from "./glob.ts";
import type { KeylessRules } from "./rule-index.ts";
import { type ModelView, stepSays } from "./scope-value.ts";
import { indexOfProgram, programsOf } from "./shell-command.ts";

/** Whether the action or a command of one rule stands in a step. A script is taken apart only where it holds the name of a program at all. */
export function keepsCompany(
  rules: KeylessRules,
  view: ModelView,
  step: Step,
  job: Job | undefined,
  rule: KeylessRule,
): boolean {
  const may =
    step.run === undefined
      ? step.uses !== undefined
      : view.company.has(step) ||
        (rules.contextPrograms.get(rule) ?? []).some((program) => stepSays(view, program, step, job));
  return may && companyOf(rules, view, step, job).has(rule);
}

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
