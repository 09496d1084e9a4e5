/** Stored credentials in a workflow: which service each belongs to, and whether a keyless route takes its place. */
import type { Confidence, Finding, RuleId } from "../finding.ts";
import { isCredential, isIdentifier } from "./keyless/credential-name.ts";
import { type Evidence, evidenceOf } from "./keyless/evidence.ts";
import type { KeylessRules } from "./keyless/rule-index.ts";
import { type ModelView, viewOf } from "./keyless/scope-value.ts";
import { type Surroundings, surroundingsOf } from "./keyless/surroundings.ts";
import type { FixClass, Route } from "./keyless-rule.ts";
import type { Model } from "./model.ts";
import { actionName } from "./rule/reach.ts";
import type { Draft } from "./rule/rule.ts";
import { storedCredential } from "./rule/stored-credential.ts";
import type { SecretUse } from "./use.ts";
import { addFindings, collectorOf } from "./workflow-finding.ts";

/** One stored credential and all the ways it takes from the place where it is written. */
export type StaticCredential = {
  /** The use that says most about it. */
  use: SecretUse;
  /** Every use with the same place. */
  uses: SecretUse[];
  /** Slug of the rule file that knows the service; undefined when none does. */
  service?: string;
  evidence?: Evidence;
  rule: RuleId;
};

/**
 * The stored credentials of a file, one per place where one is written.
 * In: the model, its table of uses, the rules. Out: in document order. The job's own token, values that only identify, conditions,
 * and whole-context references (`toJSON(secrets)`, `inherit`) are not among them.
 */
export function staticCredentials(model: Model, uses: readonly SecretUse[], rules: KeylessRules): StaticCredential[] {
  const view = viewOf(model);
  const places = new Map<number, SecretUse[]>();
  for (const use of uses) {
    if ((use.form !== "named" && use.form !== "dynamic") || use.role !== "value") continue;
    // A variable that only conditions read by name is still in the environment of every program.
    if (use.consumer.kind === "condition" && use.binding.kind !== "env") continue;
    const at = places.get(use.place.start);
    if (at === undefined) places.set(use.place.start, [use]);
    else at.push(use);
  }
  const found = [...places.values()].flatMap((at) => credentialAt(view, at, rules));
  return withoutHalves(found);
}

/**
 * Findings for the stored credentials of a file: `keyless/<service>` where a route exists in whole or in part, else `workflow/stored-credential`.
 * In: the model, its table of uses, the rules, the repository's public salt. Out: in document order, each on the reference to the secret.
 */
export function findStaticCredentials(
  model: Model,
  uses: readonly SecretUse[],
  rules: KeylessRules,
  salt: string,
): Finding[] {
  const collector = collectorOf(model.source, salt, model);
  for (const credential of staticCredentials(model, uses, rules)) {
    const before = collector.findings.length;
    addFindings(collector, credential.rule, [draftOf(credential)]);
    const finding = collector.findings[before];
    if (finding !== undefined && credential.evidence !== undefined) finding.gates = [credential.evidence.gate];
  }
  return collector.findings;
}

function credentialAt(view: ModelView, uses: readonly SecretUse[], rules: KeylessRules): StaticCredential[] {
  let best: { use: SecretUse; evidence: Evidence } | undefined;
  let plain: SecretUse | undefined;
  const seen = new Set<string>();
  for (const use of uses) {
    // Every read of one variable in one script has the same surroundings.
    const way = [use.job, use.step?.index, use.consumer.kind, ...use.flow.map((hop) => `${hop.kind} ${hop.name}`)].join(
      "\n",
    );
    if (use.consumer.kind === "run" && seen.has(way)) continue;
    seen.add(way);
    const around = surroundingsOf(view, use);
    if (around.commented) continue;
    const evidence = evidenceOf(rules, view, around);
    if (evidence === "silent") continue;
    if (evidence !== undefined && isShown(evidence, around)) {
      if (best === undefined || evidence.score > best.evidence.score) best = { use, evidence };
    } else if (plain === undefined && evidence === undefined && looksStored(around)) plain = use;
  }
  if (best !== undefined) {
    const { use, evidence } = best;
    // Dependabot's registries have no login step to put in place of the secret.
    const routed = evidence.rule.route !== "no" && use.consumer.kind !== "registry";
    return [
      {
        use,
        uses: [...uses],
        service: evidence.rule.id,
        evidence,
        rule: routed ? `keyless/${evidence.rule.id}` : storedCredential.id,
      },
    ];
  }
  return plain === undefined ? [] : [{ use: plain, uses: [...uses], rule: storedCredential.id }];
}

/** Whether what was recognised is a credential: a receiver that takes nothing else says so; a name or company must not be an identifier's. */
function isShown(evidence: Evidence, around: Surroundings): boolean {
  if (evidence.half || evidence.ground === "action" || evidence.ground === "name") return true;
  const name = around.use.form === "named" ? around.use.name : "";
  if (evidence.ground === "context") return looksStored(around);
  if (evidence.ground === "secret") return around.keys.every((key) => !isIdentifier(key) || isCredential(name));
  return !isIdentifier(name);
}

/** Whether names alone say that the value is a credential. */
function looksStored({ use, keys }: Surroundings): boolean {
  const name = use.form === "named" ? use.name : "";
  if (isIdentifier(name)) return false;
  return isCredential(name) || keys.some(isCredential);
}

/** Leaves out the half that only identifies where its secret half stands in the same step, env block or list. */
function withoutHalves(found: readonly StaticCredential[]): StaticCredential[] {
  const wholes = new Set(found.filter(({ evidence }) => evidence?.half === false).map(scopeOf));
  return found.filter((one) => one.evidence?.half !== true || !wholes.has(scopeOf(one)));
}

function scopeOf({ use, service }: StaticCredential): string {
  const at =
    use.binding.kind === "env" && use.binding.level !== "step"
      ? `env ${use.binding.env?.entry.span.start}`
      : `step ${use.step?.index}`;
  return `${service}\n${use.job}\n${at}`;
}

function draftOf(credential: StaticCredential): Draft {
  const { use, evidence } = credential;
  const rule = evidence?.rule;
  const consumer = consumerText(use);
  const secret = use.form === "named" ? use.name : use.written;
  const routed = credential.rule !== storedCredential.id;
  const facts: Record<string, string> = {
    secret,
    consumer,
    service: rule?.service ?? "unknown",
    ...(rule !== undefined && { catalogue: rule.id }),
    route: rule?.route ?? ("no" satisfies Route),
    "fix-class": rule?.fix ?? ("REDUCE" satisfies FixClass),
    ...(rule !== undefined && { lifetime: rule.lifetime, replacement: rule.keyless.replacement }),
  };
  return {
    span: use.place,
    ...(use.job !== undefined && { job: use.job }),
    ...(use.step !== undefined && { step: use.step.step }),
    name: `${secret} ${use.binding.kind} ${use.binding.key}`,
    severity: routed && rule !== undefined ? rule.severity : "info",
    confidence: confidenceOf(evidence),
    message: messageOf(secret, consumer, credential),
    preview: use.written,
    facts,
  };
}

function confidenceOf(evidence: Evidence | undefined): Confidence {
  if (evidence === undefined || evidence.ground === "context") return "weak";
  if (evidence.ground === "action" || evidence.ground === "command") return "certain";
  return evidence.ground === "secret" && evidence.score < 300 ? "weak" : "likely";
}

function messageOf(secret: string, consumer: string, { rule, evidence }: StaticCredential): string {
  if (evidence === undefined)
    return `${secret} is a stored credential, handed to ${consumer}; no rule knows its service.`;
  const { service, keyless } = evidence.rule;
  const instead =
    rule === storedCredential.id ? "no keyless route is known" : `instead: ${keyless.replacement.replace(/\.$/, "")}`;
  return `${secret} is a stored credential for ${service}, handed to ${consumer}; ${instead}.`;
}

/** What receives the value, in words. */
function consumerText(use: SecretUse): string {
  const { consumer } = use;
  switch (consumer.kind) {
    case "action":
      return `${consumer.input === undefined ? `env ${consumer.env}` : `input ${consumer.input}`} of ${actionName(consumer.uses) || consumer.uses.raw}`;
    case "run":
      return consumer.variable === undefined ? "a script" : `a script as ${consumer.variable}`;
    case "workflow":
      return `${consumer.secret === undefined ? `input ${consumer.input}` : `secret ${consumer.secret}`} of the called workflow ${consumer.uses.raw}`;
    case "container":
    case "service":
      return `${consumer.field} of the ${consumer.kind}${consumer.name === undefined ? "" : ` ${consumer.name}`}`;
    case "env":
      return `env ${consumer.name}`;
    case "output":
      return `output ${consumer.name}`;
    case "registry":
      return `${consumer.field} of the registry ${consumer.name}`;
    case "condition":
      return `env ${use.binding.key}`;
    case "other":
      return consumer.key;
  }
}
