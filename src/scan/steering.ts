/** What the steering files say, parsed: the policy in force with its own detectors, waivers and baseline. */
import { LeaseholdError } from "../error.ts";
import type { Severity } from "../finding.ts";
import { genericRule } from "../leak/key-name.ts";
import type { LeakRule } from "../leak/rule.ts";
import type { RuleSet } from "../leak/rule-set.ts";
import { type BaselineEntry, parseBaseline } from "../policy/baseline.ts";
import type { Policy } from "../policy/policy.ts";
import {
  type OrganisationPolicy,
  type PolicyPart,
  parseOrganisationPolicy,
  parsePolicy,
} from "../policy/policy-file.ts";
import { mergePolicies } from "../policy/policy-merge.ts";
import { parseWaivers, type Waiver } from "../policy/waiver.ts";
import type { YamlFile } from "../yaml-file.ts";
import { catalogueIds, catalogueSeverity } from "./rule-catalogue.ts";
import { shippedRuleSet, shippedRules } from "./shipped-rules.ts";
import type { SteeringFile, SteeringFiles } from "./steering-files.ts";

/** Everything beside the findings that bears on a verdict. */
export type Steering = {
  policy: Policy;
  /** What the repository's own file sets; undefined without a file. */
  own: PolicyPart | undefined;
  waivers: Waiver[];
  baseline: BaselineEntry[];
  /** Rules with the policy's own, compiled on first use. Throws LeaseholdError("config") at a detector that is wrong. */
  ruleSet(): RuleSet;
};

/** Parse an organisation's `leasehold.yml`. In: text and name for messages. Throws LeaseholdError("config") with line and column. */
export function readOrganisation({ text, name }: Pick<SteeringFile, "text" | "name">): OrganisationPolicy {
  const { value } = parseOrganisationPolicy(text, name, ruleIds());
  const { detectors } = mergePolicies(value, undefined);
  if (detectors.length > 0) shippedRuleSet(detectors, () => ({ file: name }));
  return value;
}

/**
 * Parse steering files.
 * In: the files; the organisation's policy, where it has one. Out: what they say together. Throws LeaseholdError("config") with file, line and column;
 * the policy's detectors are compiled for that.
 */
export function readSteering(files: SteeringFiles, organisation?: OrganisationPolicy): Steering {
  const read = files.policy === undefined ? undefined : parsePolicy(files.policy.text, files.policy.name, ruleIds());
  const policy = mergePolicies(organisation, read?.value);
  let set: RuleSet | undefined;
  const ruleSet = (): RuleSet => {
    if (policy.detectors.length === 0) return shippedRuleSet();
    set ??= shippedRuleSet(policy.detectors, detectorPlaces(read, files.policy));
    return set;
  };
  if (policy.detectors.length > 0) ruleSet();
  return {
    policy,
    own: read?.value,
    waivers: files.waivers === undefined ? [] : parseWaivers(files.waivers.text, files.waivers.name).waivers,
    baseline: files.baseline === undefined ? [] : parseBaseline(files.baseline.text, files.baseline.name),
    ruleSet,
  };
}

/** Ids of all rules that ship, of every family there is. */
export function ruleIds(): string[] {
  return [...shippedRules().map((rule) => `leak/${rule.id}`), `leak/${genericRule.id}`, ...catalogueIds()];
}

/** A rule's own severity, by id; undefined where it depends on the case. */
export function severityLookup(): (rule: string) => Severity | undefined {
  const leaks = new Map<string, Severity>(
    [...shippedRules(), genericRule].map((rule) => [`leak/${rule.id}`, rule.severity]),
  );
  return (rule) => leaks.get(rule) ?? catalogueSeverity(rule);
}

type SourceOf = (rule: LeakRule, offset: number) => { file: string; line?: number; column?: number };

/** Where a detector's shape or pattern stands in the policy file, for errors of the rule compiler. */
function detectorPlaces(read: YamlFile<PolicyPart> | undefined, file: SteeringFile | undefined): SourceOf {
  return (rule, offset) => {
    // The organisation's own stand before them, and were looked at when its file was read.
    const index = read?.value.detectors?.indexOf(rule) ?? -1;
    if (index === -1 || read === undefined || file === undefined) return { file: rule.id };
    const key = ["shape", "pattern", "id"].find((name) => name in rule) ?? "id";
    const place = read.placeAt(["detectors", index, key]);
    const quote = Buffer.from(file.text)
      .subarray(place.start, place.start + 1)
      .toString("latin1");
    const inside = /["']/.test(quote) ? 1 : 0;
    return { file: file.name, line: place.line, column: place.column + inside + offset };
  };
}

/** The rules that `--only` and `--skip` leave. Throws LeaseholdError("usage") for a name that is no rule. */
export function ruleFilter(
  only: readonly string[],
  skip: readonly string[],
  known: readonly string[],
  nearest: (word: string) => string,
): (rule: string) => boolean {
  const test = (flag: string, patterns: readonly string[]) => {
    const tests = patterns.map((pattern) => {
      const matches = wildcard(pattern);
      if (!known.some(matches))
        throw new LeaseholdError("usage", `${flag}: there is no rule ${pattern}${nearest(pattern)}`);
      return matches;
    });
    return (rule: string) => tests.some((matches) => matches(rule));
  };
  const wanted = test("--only", only);
  const unwanted = test("--skip", skip);
  return (rule) => (only.length === 0 || wanted(rule)) && !unwanted(rule);
}

/** `*` stands for any text. Greedy from the left, which is exact for this and needs no backtracking. */
function wildcard(pattern: string): (text: string) => boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return (text) => text === first;
  const last = rest.pop() ?? "";
  return (text) => {
    if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
    let at = first.length;
    for (const part of rest) {
      const found = text.indexOf(part, at);
      if (found === -1 || found + part.length > text.length - last.length) return false;
      at = found + part.length;
    }
    return true;
  };
}
