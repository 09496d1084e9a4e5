/** The entry to this folder: bytes of one file in; what it is, which secrets it uses, and what is wrong with it out. */
import type { Finding, Gap } from "../finding.ts";
import { hasWorkflowKeys, isWorkflowTree, kindOfPath, looksLikeWorkflow } from "./file-kind.ts";
import { secretUses } from "./flow.ts";
import { jobProblems } from "./job-check.ts";
import { jobFacts } from "./job-facts.ts";
import type { Model } from "./model.ts";
import { readModel } from "./read-file.ts";
import { workflowRules } from "./rule/list.ts";
import type { WorkflowContext } from "./rule/rule.ts";
import { expressionDrafts, mergeKey, mergeKeyDrafts, schemaDrafts, syntaxDrafts, syntaxError } from "./rule/syntax.ts";
import { schemaProblems } from "./schema-check.ts";
import { sourceOf } from "./source.ts";
import { checkTree } from "./tree-check.ts";
import type { JobFacts, SecretUse } from "./use.ts";
import { addFindings, collectorOf } from "./workflow-finding.ts";
import { readYaml } from "./yaml-tree.ts";

export type WorkflowScan = {
  /** What the path or the content says the file is; undefined when it is none of the three. */
  kind: Model["kind"] | undefined;
  /** Undefined when the file is none of the three or cannot be read. */
  model?: Model;
  uses: SecretUse[];
  facts: JobFacts[];
  findings: Finding[];
  /** Set when the file was not looked at, wholly or in part. */
  gap?: Gap;
};

/** Far more than people write; the full parser is not linear on everything that a larger file could hold. */
const largest = 1024 * 1024;

/** Whether a file is worth handing to `scanWorkflow`: by its path, or, for other YAML, by keys at the beginning of its lines. Cheap. */
export function mayBeWorkflow(path: string, bytes: Uint8Array): boolean {
  return kindOfPath(path) !== undefined || looksLikeWorkflow(path, bytes);
}

/**
 * Reads one file and checks it.
 * In: its path from the root of the repository with forward slashes, its bytes, the repository's salt, and what is known beside the file.
 * Out: see `WorkflowScan`. Findings are in the order of the rules. Never throws: a broken file is a finding, one that is too large a gap.
 */
export function scanWorkflow(
  path: string,
  bytes: Uint8Array,
  salt: string,
  context: WorkflowContext = {},
): WorkflowScan {
  const none: WorkflowScan = { kind: undefined, uses: [], facts: [], findings: [] };
  const named = kindOfPath(path);
  const looks = context.unnamed === true ? hasWorkflowKeys(bytes) : looksLikeWorkflow(path, bytes);
  if (named === undefined && !looks) return none;
  if (bytes.length > largest) {
    return {
      ...none,
      kind: named ?? "workflow",
      gap: {
        subject: path,
        kind: "too-large",
        detail: "an Actions file of more than 1 MB was not read; split it, or check it by hand",
      },
    };
  }
  const source = sourceOf(path, bytes);
  const tree = readYaml(source);
  const { root } = tree;
  if (named === undefined && (root?.kind !== "map" || tree.problems.length > 0 || !isWorkflowTree(root))) return none;
  const kind = named ?? "workflow";
  const check = root === undefined ? { mergeKeys: [], duplicates: [] } : checkTree(root);
  // What is not YAML has no uses. What GitHub refuses for another reason is read all the same: a small fix makes it run.
  const problems = [...tree.problems, ...check.duplicates];
  const empty = root === undefined || (root.kind === "scalar" && root.style === "empty");
  if (problems.length === 0 && root?.kind !== "map" && !empty)
    problems.push({ message: "the file is no mapping", span: { start: 0, end: bytes.length } });
  if (tree.problems.length > 0 || root?.kind !== "map") {
    const collector = collectorOf(source, salt, undefined);
    addFindings(collector, syntaxError.id, syntaxDrafts(problems));
    return { ...none, kind, findings: collector.findings };
  }
  const model = readModel(source, kind, root);
  const uses = secretUses(model);
  const facts = model.kind === "workflow" ? jobFacts(model) : [];
  const collector = collectorOf(source, salt, model);
  addFindings(collector, syntaxError.id, [...syntaxDrafts(problems), ...expressionDrafts(model)]);
  if (model.kind === "workflow" && (named !== undefined || context.unnamed === true))
    addFindings(collector, syntaxError.id, schemaDrafts([...schemaProblems(root), ...jobProblems(model)]));
  addFindings(collector, mergeKey.id, mergeKeyDrafts(check.mergeKeys));
  for (const rule of workflowRules) addFindings(collector, rule.id, rule.check({ model, uses, facts, context }));
  const gap: Gap = {
    subject: path,
    kind: "parse-cap",
    detail: "more steps or uses of secrets than are followed in one file; the rest was not checked",
  };
  return { kind, model, uses, facts, findings: collector.findings, ...(source.cut && { gap }) };
}
