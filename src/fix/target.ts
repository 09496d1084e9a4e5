/** What one keyless fix works on, and what it collects on the way. */
import type { KeylessRule, Rewrite } from "../workflow/keyless-rule.ts";
import type { Job, Model, Step, Workflow } from "../workflow/model.ts";
import type { SecretUse } from "../workflow/use.ts";
import type { Changes } from "./change.ts";
import type { Pins } from "./pin.ts";

export type Target = {
  changes: Changes;
  workflow: Workflow;
  rule: KeylessRule;
  /** Every way of the secret from its place; one finding may have several. */
  rows: readonly SecretUse[];
  /** Every use in the file, to see who else reads what is taken away. */
  uses: readonly SecretUse[];
  pins: readonly Pins[];
  /** Other files of the repository, as far as they are known. */
  tree: readonly Model[];
  /** What a person has to do or look at before merging. */
  checklist: Set<string>;
  /** Jobs that log in now. */
  jobs: Set<Job>;
  /** Steps whose need of the secret this fix ends. */
  handled: Set<Step>;
  /** What is replaced: names of secrets (the other half of a pair among them), and of the variables that hold nothing else. */
  gone: { secrets: Set<string>; variables: Set<string> };
};

/** A rewrite of the rule and the step it applies to. */
export type Application = { rewrite: Rewrite; job: Job; step: Step; row: SecretUse };
