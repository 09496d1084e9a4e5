/** What a rule about workflows is: prose for people, two examples, and a pure check. */
import type { Confidence, RuleId, Severity } from "../../finding.ts";
import type { Lockfile } from "../lockfile.ts";
import type { Model, Span, Step } from "../model.ts";
import type { JobFacts, SecretUse } from "../use.ts";

/** What is known beside the file. All of it is optional: without it the rules take the careful side. */
export type WorkflowContext = {
  /** Owner of the repository: its own actions are not third-party. */
  owner?: string;
  lockfile?: Lockfile;
  /** The path is none (standard input): only the content can say that it is a workflow. */
  unnamed?: boolean;
};

export type RuleInput = {
  model: Model;
  uses: readonly SecretUse[];
  facts: readonly JobFacts[];
  context: WorkflowContext;
};

/** A finding before it has an identity. */
export type Draft = {
  span: Span;
  job?: string;
  step?: Step;
  /** Name of the secret, or another name that tells two findings of one step apart. */
  name?: string;
  severity: Severity;
  confidence: Confidence;
  message: string;
  preview?: string;
  facts?: Record<string, string>;
  /** Leaves the source line out of the finding: for lines that may hold a credential. */
  noExcerpt?: boolean;
};

export type WorkflowRule = {
  id: RuleId;
  title: string;
  why: string;
  /** Where it stays silent, and why. */
  silent: string;
  bad: string;
  good: string;
  check: (input: RuleInput) => Draft[];
};
