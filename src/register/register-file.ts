/** The form of the register's files. */
import { z } from "zod";
import { dateField, daysField, listField, loginField, sentenceField } from "../field.ts";
import { holdsSecrets, stores } from "./asset.ts";
import { tiers } from "./limits.ts";

const ownerMessage = 'expected a login or team like "@carol" or "@acme/platform"';

/**
 * An owner. An e-mail address and an App's bot account are let through, because what is wrong with them is a finding with
 * advice and not a fault of the file.
 */
const ownerField = z
  .string({ error: ownerMessage })
  .regex(
    /^(?:@[A-Za-z0-9][A-Za-z0-9_-]{0,38}(?:\/[A-Za-z0-9._-]{1,100}|\[bot\])?|[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,253})$/,
    { error: ownerMessage },
  );

const nameMessage = "expected the name of a secret: letters, digits and _, not a digit first";

const entryKeys = {
  name: z
    .string({ error: nameMessage })
    .min(1, { error: nameMessage })
    .max(256, { error: "expected at most 256 characters" })
    .regex(/^[^\p{Cc}\p{Cf}]*$/u, { error: "expected a name without control characters" })
    .describe("Name of the secret, or title of the key, token or webhook. Never its value."),
  store: z.enum(stores).optional().describe("Where it lies. Without the key: actions."),
  scope: z
    .strictObject({
      org: z.literal(true).optional().describe("It belongs to the organisation."),
      repository: z
        .string()
        .regex(/^[A-Za-z0-9-]{1,39}\/[A-Za-z0-9._-]{1,100}$/, { error: "expected a repository like acme/shop" })
        .optional()
        .describe("Repository, owner/name; without the key the one this file lies in."),
      environment: z
        .string({ error: "expected an environment like production" })
        .min(1, { error: "expected an environment like production" })
        .max(255, { error: "expected at most 255 characters" })
        .optional()
        .describe("Environment of the repository."),
    })
    .refine((scope) => scope.org === undefined || (scope.repository === undefined && scope.environment === undefined), {
      error: "expected either org: true, or a repository or environment",
    })
    .optional()
    .describe("Whose it is. Without the key: the repository's."),
  kind: z
    .enum(["static", "federated", "token", "key"])
    .optional()
    .describe("What it is. A federated one needs no rotation. Without the key: static."),
  owner: ownerField.nullish().describe("Login or team that answers for it."),
  backup: ownerField.nullish().describe("Login or team that answers when the owner cannot."),
  purpose: z
    .string({ error: "expected a text like: Push images until the ECR role exists" })
    .max(1000, { error: "expected at most 1000 characters" })
    .nullish()
    .describe("What it is for, in a sentence."),
  expires: dateField.nullish().describe("Last day, in UTC, on which it may be used."),
  rotate: z
    .strictObject({
      every: daysField.describe("How often it must be replaced, like 90d."),
      runbook: sentenceField("docs/rotate.md").optional().describe("Where the steps are written down."),
    })
    .optional()
    .describe("When and how it is replaced."),
  review: z
    .strictObject({
      last: dateField.describe("Day on which somebody last confirmed need, scope and owner."),
      by: loginField.optional().describe("Who confirmed it; not the owner alone."),
    })
    .optional()
    .describe("The last confirmation that it is still needed."),
  revoke: z
    .strictObject({
      how: sentenceField("aws iam delete-access-key").describe("How it is made worthless."),
      contact: ownerField.optional().describe("Who can do it."),
      "last-drill": dateField.optional().describe("Day on which revoking was last tried."),
      minutes: z
        .int({ error: "expected whole minutes" })
        .min(0, { error: "expected whole minutes" })
        .max(100_000, { error: "expected at most 100000 minutes" })
        .optional()
        .describe("Minutes that the last drill took."),
    })
    .optional()
    .describe("How it ends in an emergency."),
  plan: z.enum(["keyless", "rotate", "remove", "keep"]).optional().describe("What is to become of it."),
  tier: z.enum(tiers).optional().describe("Stricter tier than the facts give; a laxer one needs tier-approved-by."),
  "tier-approved-by": loginField.optional().describe("Who approved a laxer tier; not the owner."),
  shared: sentenceField("One signing key for all mobile apps")
    .optional()
    .describe("Why several repositories or environments hold it."),
  "token-id": z
    .int({ error: "expected the id of a fine-grained token" })
    .min(1, { error: "expected the id of a fine-grained token" })
    .optional()
    .describe("Id of a fine-grained personal access token, which tells its expiry."),
  approval: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,60}$/, { error: "expected an id like APR-2026-0192" })
    .optional()
    .describe("Id of the approval under which it was issued."),
  "third-parties": listField(
    z.string().regex(/^[A-Za-z0-9-]{1,39}\/[A-Za-z0-9._/-]{1,200}$/, { error: "expected an action like acme/deploy" }),
  ).describe("Actions and reusable workflows of others that may receive it, without their version."),
  "not-a-secret": z.literal(true).optional().describe("It lies in a store of secrets without being one."),
};

const plainEntry = z.strictObject(entryKeys);

/** Rules that need two keys at once. */
function checkEntry(entry: z.output<typeof plainEntry>, context: z.RefinementCtx): void {
  const store = entry.store ?? "actions";
  const fault = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
  if (holdsSecrets(store)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(entry.name)) fault(["name"], nameMessage);
    else if (/^github_/i.test(entry.name))
      fault(["name"], "expected a name that does not begin with GITHUB_, which GitHub keeps for itself");
  }
  if (entry.scope?.environment !== undefined && store !== "actions")
    fault(
      ["scope", "environment"],
      `only secrets of the store actions can lie in an environment, not those of ${store}`,
    );
  if (store === "deploy-key" && entry.scope?.org === true)
    fault(["scope", "org"], "a deploy key belongs to one repository");
  if (entry["tier-approved-by"] !== undefined && entry.tier === undefined)
    fault(["tier-approved-by"], "only goes with tier, whose laxer value it approves");
}

const entrySchema = plainEntry.superRefine(checkEntry);
const versionField = z.literal(1).describe("Version of this format.");

/** One entry as it is written. */
export type EntryFile = z.output<typeof entrySchema>;
/** One entry as it is to be written. */
export type NewEntry = z.input<typeof entrySchema>;

/** Schema of `.github/secrets.yml`. */
export const registerFileSchema = z
  .strictObject({
    version: versionField,
    secrets: listField(entrySchema).describe("One block per credential, in any order."),
  })
  .meta({
    title: "Leasehold register",
    description: "The register of secrets: .github/secrets.yml. Names, never values.",
  });

/** Schema of a file that holds one secret. */
export const secretFileSchema = z
  .strictObject({ version: versionField, ...entryKeys })
  .superRefine(checkEntry)
  .meta({
    title: "Leasehold register, one secret",
    description: "One file per secret in an organisation's register repository.",
  });
