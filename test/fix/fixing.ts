/** What the tests of fixes share: the rules that ship, the scan, a plan for a text, and GitHub's own parser. */
import { FeatureFlags } from "@actions/expressions";
import { NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";
import { TemplateContext, TemplateValidationErrors } from "@actions/workflow-parser/templates/template-context";
import { getWorkflowSchema } from "@actions/workflow-parser/workflows/workflow-schema";
import { loadFixRules } from "../../src/cli/fix-rules.ts";
import type { Finding } from "../../src/finding.ts";
import type { FixContext } from "../../src/fix/context.ts";
import { pinsOf, readPins } from "../../src/fix/pin.ts";
import { type FilePlan, planFile } from "../../src/fix/plan.ts";
import { keylessRules } from "../../src/workflow/keyless/rule-index.ts";
import { findStaticCredentials } from "../../src/workflow/keyless.ts";
import type { Model } from "../../src/workflow/model.ts";
import { scanWorkflow } from "../../src/workflow/scan-workflow.ts";

const { keyless, pins } = loadFixRules();
const index = keylessRules(keyless);

export const path = ".github/workflows/w.yml";

const scanned = new Map<string, ReturnType<FixContext["scan"]>>();

/** The scan, remembered for the last texts: a property asks for the same ones often. */
export const scan: FixContext["scan"] = (file, bytes) => {
  const key = `${file}\n${Buffer.from(bytes).toString("latin1")}`;
  let known = scanned.get(key);
  if (known === undefined) {
    if (scanned.size > 100) scanned.clear();
    known = scanOnce(file, bytes);
    scanned.set(key, known);
  }
  return known;
};

const scanOnce: FixContext["scan"] = (file, bytes) => {
  const { findings, model, uses } = scanWorkflow(file, bytes, "leasehold");
  const stored = model === undefined ? [] : findStaticCredentials(model, uses, index, "leasehold");
  return { findings: [...findings, ...stored], uses, ...(model && { model }) };
};

export type Wanted = {
  /** Which findings are to be fixed. */
  only?: (finding: Finding) => boolean;
  /** Other files of the repository: path and text. */
  tree?: Record<string, string>;
  classes?: ("AUTO" | "ENROL" | "VALUES")[];
  /** Text of a `--pins` file. */
  pins?: string;
  path?: string;
};

export function isKeyless(finding: Finding): boolean {
  return finding.rule.startsWith("keyless/");
}

/** Findings of a text. */
export function findingsOf(text: string, file = path): Finding[] {
  return scan(file, Buffer.from(text)).findings;
}

/** The plan for a text's findings. Throws when it has no model. */
export function planOf(text: string | Buffer, wanted: Wanted = {}): FilePlan {
  const file = wanted.path ?? path;
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  const { findings, uses, model } = scan(file, bytes);
  if (model === undefined) throw new Error("the text cannot be read");
  const tree = [
    model,
    ...Object.entries(wanted.tree ?? {}).flatMap(([name, other]): Model[] => {
      const read = scan(name, Buffer.from(other)).model;
      return read === undefined ? [] : [read];
    }),
  ];
  return planFile(model, uses, findings.filter(wanted.only ?? isKeyless), {
    rules: new Map(keyless.map((rule) => [rule.id, rule])),
    pins: [pins, pinsOf(tree), ...(wanted.pins === undefined ? [] : [readPins(wanted.pins, "pins.yml")])],
    tree,
    classes: new Set(wanted.classes ?? ["AUTO", "ENROL", "VALUES"]),
    scan,
  });
}

export function textOf(plan: FilePlan): string {
  return Buffer.from(plan.after).toString("utf8");
}

/** The text after all fixes; throws with the reasons when one is refused. */
export function fixed(text: string, wanted: Wanted = {}): string {
  const plan = planOf(text, wanted);
  if (plan.refused.length > 0) throw new Error(plan.refused.map(({ reason }) => reason).join("\n"));
  return textOf(plan);
}

/** Why the fixes of a text are refused. */
export function refusalsOf(text: string | Buffer, wanted: Wanted = {}): string[] {
  return planOf(text, wanted).refused.map(({ reason }) => reason);
}

/** What GitHub's own parser says of a workflow. */
export function githubErrors(content: string): string[] {
  const context = new TemplateContext(
    new TemplateValidationErrors(),
    getWorkflowSchema(),
    new NoOperationTraceWriter(),
  );
  // Parallel steps and case() are behind flags in the parser, but not at GitHub.
  context.state.featureFlags = new FeatureFlags({ all: true });
  return parseWorkflow({ name: path, content }, context)
    .context.errors.getErrors()
    .map((error) => error.message);
}
