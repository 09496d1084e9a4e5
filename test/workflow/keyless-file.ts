/** The rule files and their examples, as the tests read them. */
import { readdirSync, readFileSync } from "node:fs";
import type { Finding } from "../../src/finding.ts";
import { type KeylessRules, keylessRules } from "../../src/workflow/keyless/rule-index.ts";
import { findStaticCredentials } from "../../src/workflow/keyless.ts";
import type { KeylessExample, KeylessRule } from "../../src/workflow/keyless-rule.ts";
import { readKeylessRule } from "../../src/workflow/keyless-rule-file.ts";
import { scanWorkflow } from "../../src/workflow/scan-workflow.ts";

const folder = new URL("../../rules/keyless/", import.meta.url);

export const rules: readonly KeylessRule[] = readdirSync(folder)
  .filter((name) => name.endsWith(".yml"))
  .sort()
  .map((name) => readKeylessRule(readFileSync(new URL(name, folder), "utf8"), `rules/keyless/${name}`));

export const ready: KeylessRules = keylessRules(rules);

/** A whole workflow from an example. */
export function workflowText(example: KeylessExample): string {
  if (example.workflow !== undefined) return example.workflow;
  const steps = (example.steps ?? "").trimEnd().replace(/^/gm, "      ");
  return `on: push\njobs:\n  job:\n    runs-on: ubuntu-latest\n    steps:\n${steps}\n`;
}

/** Findings of stored credentials in a workflow's text. */
export function findIn(text: string, path = ".github/workflows/ci.yml"): Finding[] {
  const scan = scanWorkflow(path, Buffer.from(text), "leasehold");
  if (scan.model === undefined)
    throw new Error(`not a workflow: ${scan.findings.map(({ message }) => message).join(" ")}\n${text}`);
  return findStaticCredentials(scan.model, scan.uses, ready, "leasehold");
}
