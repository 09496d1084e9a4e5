/** From what a rule says to a finding: identity, place, and a source line that shows no secret. */

import type { Finding, RuleId } from "../finding.ts";
import { identityOf, withIdentity } from "../finding-id.ts";
import type { Model, Source, Step } from "./model.ts";
import { actionName } from "./rule/reach.ts";
import type { Draft } from "./rule/rule.ts";
import { placeOfSpan } from "./source.ts";

/** Turns drafts into findings. One collector serves one file: it numbers findings that would otherwise share an id. */
export type Collector = {
  source: Source;
  salt: string;
  model: Model | undefined;
  steps?: Map<Step, string>;
  used: Map<string, number>;
  findings: Finding[];
};

export function collectorOf(source: Source, salt: string, model: Model | undefined): Collector {
  return { source, salt, model, used: new Map(), findings: [] };
}

/**
 * Adds findings of one rule. Their identity is (rule, path, job, step, name): it outlives moves within the file, new lines and version bumps.
 * A second finding with the same parts gets its number as one more part.
 */
export function addFindings(collector: Collector, rule: RuleId, drafts: readonly Draft[]): void {
  for (const draft of drafts) {
    const parts = [
      rule,
      collector.source.path,
      draft.job ?? "",
      draft.step === undefined ? "" : stepKey(collector, draft.step),
      draft.name ?? "",
    ];
    const key = JSON.stringify(parts);
    const before = collector.used.get(key) ?? 0;
    collector.used.set(key, before + 1);
    const place = placeOfSpan(collector.source, draft.span);
    const identity = identityOf(collector.salt, before === 0 ? parts : [...parts, String(before)]);
    const finding: Finding = {
      rule,
      id: identity.id,
      place,
      severity: draft.severity,
      confidence: draft.confidence,
      message: draft.message,
      preview: draft.preview ?? "",
      excerpt: draft.noExcerpt === true ? "" : excerptOf(collector.source, draft),
      facts: {
        ...(draft.job !== undefined && { job: draft.job }),
        ...(draft.step && { step: stepLabel(draft.step) }),
        ...draft.facts,
      },
      gates: [],
      fixes: [],
    };
    collector.findings.push(withIdentity(finding, identity));
  }
}

function stepKey(collector: Collector, step: Step): string {
  collector.steps ??= stepKeys(collector.model);
  return collector.steps.get(step) ?? "";
}

/** Keys of all steps: the step's id, or what it uses (without version) and its number among the steps of the job that use the same; for scripts their number among the scripts. */
function stepKeys(model: Model | undefined): Map<Step, string> {
  const keys = new Map<Step, string>();
  const lists =
    model?.kind === "workflow" ? model.jobs.map((job) => job.steps) : model?.kind === "action" ? [model.steps] : [];
  for (const steps of lists) {
    const counts = new Map<string, number>();
    for (const step of steps) {
      const what = step.uses === undefined ? step.kind : actionName(step.uses) || step.uses.raw;
      const count = counts.get(what) ?? 0;
      counts.set(what, count + 1);
      keys.set(step, step.id === undefined ? `${what} ${count}` : `id ${step.id.value}`);
    }
  }
  return keys;
}

function stepLabel(step: Step): string {
  return step.id?.value ?? step.name?.value ?? step.uses?.raw ?? `step ${step.index + 1}`;
}

const longest = 200;

/** The first line of the place. Long runs of letters and digits are masked unless they are a commit id behind an `@`, since a workflow line may hold a committed credential. */
function excerptOf(source: Source, draft: Draft): string {
  const start = draft.span.start;
  const bytes = source.bytes;
  let from = start;
  while (from > 0 && bytes[from - 1] !== 10 && start - from < longest) from--;
  let to = start;
  while (to < bytes.length && bytes[to] !== 10 && to - from < 2 * longest) to++;
  const line = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from)
    .toString("utf8")
    .replace(/\r$/, "")
    .trim();
  return masked(line).slice(0, longest);
}

function masked(line: string): string {
  return line.replace(/[A-Za-z0-9+/_=-]{20,}/g, (run, at: number) => {
    if (/^[0-9a-f]{40}$|^[0-9a-f]{64}$/.test(run) && line.charAt(at - 1) === "@") return run;
    return /\d/.test(run) && /[A-Za-z]/.test(run) && !/[-_/]/.test(run.slice(1, 12)) ? "\u2588".repeat(8) : run;
  });
}
