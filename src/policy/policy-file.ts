/** The form of `.github/leasehold.yml` and of the organisation's `leasehold.yml`, and reading them. */
import { z } from "zod";
import { LeaseholdError, nearestName } from "../error.ts";
import { dateField, daysField, listField, pathPatternField, rulePatternField } from "../field.ts";
import { confidences, severities } from "../finding.ts";
import { requirableFields } from "../register/limits.ts";
import { readYaml, type YamlFile } from "../yaml-file.ts";
import { detectorField } from "./detector.ts";

const severityField = z.enum(severities);
const confidenceField = z.enum(confidences);

const ruleField = z.union([
  z.enum(["off", "on"]),
  z.strictObject({
    severity: severityField.optional().describe("Severity of this rule's findings instead of the rule's own."),
    confidence: confidenceField
      .optional()
      .describe("Confidence that this rule's findings count with. `weak` keeps them from blocking."),
  }),
]);

const tierField = z.strictObject({
  "max-age": daysField.optional().describe("Longest life of a credential of this tier, like 90d."),
  review: daysField.optional().describe("How often an owner must confirm a credential of this tier, like 90d."),
  waiver: daysField.optional().describe("Longest waiver for a finding of this tier, like 30d."),
});

/** What can be set by a repository, and by an organisation under `enforced` and `defaults`. */
const policyKeys = {
  mode: z
    .enum(["observe", "enforce"])
    .optional()
    .describe("observe: report, never fail. enforce: blocking findings fail the check. Without the key: enforce."),
  "enforce-after": dateField
    .optional()
    .describe("With `mode: observe`: the last day of observing. From the day after, the mode is enforce."),
  "fail-on": z
    .strictObject({
      severity: severityField.optional().describe("Findings of this severity or worse block. Without the key: high."),
      confidence: confidenceField
        .optional()
        .describe(
          "Findings of this confidence or surer block. Without the key: likely. Only `weak` lets weak findings block.",
        ),
    })
    .optional()
    .describe("From which severity and confidence on a finding blocks."),
  paths: z
    .strictObject({
      ignore: listField(pathPatternField).describe(
        "Glob patterns of paths whose findings are left out, from the repository's root.",
      ),
    })
    .optional()
    .describe("Which paths are looked at."),
  rules: z
    .record(rulePatternField, ruleField)
    .nullish()
    .transform((rules) => rules ?? undefined)
    .describe("Per rule id (or family/*): off, on, or another severity or confidence."),
  keyless: z
    .strictObject({
      require: listField(
        z.string().regex(/^[a-z0-9-]{1,40}$/, { error: "expected a provider's name like aws" }),
      ).describe("Providers for which a static key in a workflow is not acceptable, because a keyless route exists."),
      "exit-by": dateField.optional().describe("Day until which static keys of these providers must be replaced."),
    })
    .optional()
    .describe("Replacing static keys by OIDC."),
  register: z
    .strictObject({
      require: listField(z.enum(requirableFields)).describe("Fields that every entry of the register must have."),
      warn: listField(daysField).describe("How long before an end date the owner is told, like [30d, 7d]."),
      tiers: z
        .strictObject({
          T0: tierField.optional().describe("Limits of the most dangerous credentials."),
          T1: tierField.optional().describe("Limits of tier 1."),
          T2: tierField.optional().describe("Limits of tier 2."),
          T3: tierField.optional().describe("Limits of the least dangerous credentials."),
        })
        .optional()
        .describe("Limits per tier of blast radius."),
    })
    .optional()
    .describe("What the register of secrets must say."),
  waivers: z
    .strictObject({ max: daysField.optional().describe("Longest time a waiver may run, like 180d.") })
    .optional()
    .describe("Limits of waivers."),
  detectors: listField(detectorField).describe("Own leak rules, in the format of rules/leak/*.yml."),
  issues: z
    .strictObject({
      repo: z
        .string()
        .regex(/^(?:self|[A-Za-z0-9-]{1,39}\/[A-Za-z0-9._-]{1,100})$/, {
          error: "expected self or a repository like acme/security",
        })
        .optional()
        .describe("Where issues are opened: self, or owner/name."),
      "public-leaks": z
        .enum(["private-feed"])
        .optional()
        .describe("Where a leak in a public repository is reported: only the private feed."),
      "max-new-per-day": z
        .int({ error: "expected a whole number from 0 to 1000" })
        .min(0, { error: "expected a whole number from 0 to 1000" })
        .max(1000, { error: "expected a whole number from 0 to 1000" })
        .optional()
        .describe("How many issues may be opened in one day."),
    })
    .optional()
    .describe("Issues that the GitHub App opens."),
  salt: z
    .string({ error: "expected a text of 1 to 64 letters, digits, - and _ (in quotes when it is all digits)" })
    .regex(/^[A-Za-z0-9_-]{1,64}$/, { error: "expected a text of 1 to 64 letters, digits, - and _" })
    .optional()
    .describe("Public salt of the finding ids of this repository. A new one gives every finding a new id."),
};

const versionField = z.literal(1).describe("Version of this format.");

function checkDates(
  part: { mode?: string | undefined; "enforce-after"?: string | undefined },
  context: z.RefinementCtx,
  path: string[],
): void {
  if (part["enforce-after"] !== undefined && part.mode !== "observe") {
    context.addIssue({
      code: "custom",
      path: [...path, "enforce-after"],
      message: "only goes with mode: observe, whose last day it sets",
    });
  }
}

const policyPart = z.strictObject(policyKeys);

/** Schema of `.github/leasehold.yml`. */
export const policyFileSchema = z
  .strictObject({ version: versionField, ...policyKeys })
  .superRefine((file, context) => checkDates(file, context, []))
  .meta({ title: "Leasehold policy", description: "A repository's policy: .github/leasehold.yml." });

/** Schema of `leasehold.yml` in an organisation's `.github` repository. */
export const organisationFileSchema = z
  .strictObject({
    version: versionField,
    enforced: policyPart.optional().describe("A floor: a repository can be stricter than this, never looser."),
    defaults: policyPart.optional().describe("Values that a repository can override."),
  })
  .superRefine((file, context) => {
    checkDates(file.enforced ?? {}, context, ["enforced"]);
    checkDates(file.defaults ?? {}, context, ["defaults"]);
  })
  .meta({
    title: "Leasehold policy of an organisation",
    description: "leasehold.yml in the organisation's .github repository.",
  });

/** What one file, or one half of an organisation's file, sets. */
export type PolicyPart = Partial<z.output<typeof policyPart>>;
/** An organisation's file. */
export type OrganisationPolicy = { enforced?: PolicyPart | undefined; defaults?: PolicyPart | undefined };
/** What a policy says of one rule. */
export type RuleSetting = z.output<typeof ruleField>;

/**
 * Reads a repository's policy.
 * In: the text, the file's name for messages, and the ids of all rules (built in and own) if misspelt ones are to be found.
 * Throws LeaseholdError("config") with the place of the first fault.
 */
export function parsePolicy(text: string, file: string, knownRules?: Iterable<string>): YamlFile<PolicyPart> {
  const read = readYaml(text, file, policyFileSchema);
  if (knownRules) checkRules(read.value, [], read, file, knownRules);
  return read;
}

/** Reads an organisation's policy; see `parsePolicy`. */
export function parseOrganisationPolicy(
  text: string,
  file: string,
  knownRules?: Iterable<string>,
): YamlFile<OrganisationPolicy> {
  const read = readYaml(text, file, organisationFileSchema);
  if (knownRules) {
    const known = [...knownRules];
    checkRules(read.value.enforced, ["enforced"], read, file, known);
    checkRules(read.value.defaults, ["defaults"], read, file, known);
  }
  return read;
}

function checkRules(
  part: PolicyPart | undefined,
  above: string[],
  read: YamlFile<unknown>,
  file: string,
  knownRules: Iterable<string>,
): void {
  const known = new Set(knownRules);
  for (const detector of part?.detectors ?? []) known.add(`leak/${detector.id}`);
  for (const rule of Object.keys(part?.rules ?? {})) {
    if (rule.endsWith("/*") || known.has(rule)) continue;
    const near = nearestName(rule, known);
    const { line, column } = read.placeAt([...above, "rules", rule], "key");
    const help = near ? `did you mean "${near}"?` : "`leasehold rules` lists them";
    throw new LeaseholdError("config", `there is no rule "${rule}"; ${help}`, { file, line, column });
  }
}
