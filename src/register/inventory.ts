/**
 * What GitHub's stores of credentials hold, as one snapshot: names, dates and who may reach them. Never a value.
 * Which endpoint gives what, and that none gives an owner, an expiry or a last use of a secret: GitHub's REST API description.
 */
import { z } from "zod";
import { LeaseholdError } from "../error.ts";
import { dateField } from "../field.ts";

const momentMessage = "expected a moment in UTC like 2026-11-21T09:00:00Z";
const moment = z
  .string({ error: momentMessage })
  .regex(/^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?Z$/, {
    error: momentMessage,
    abort: true,
  })
  .refine((text) => dateField.safeParse(text.slice(0, 10)).success, {
    error: "expected a day that exists in the calendar",
  });
const text = z.string().max(1000);
const login = z.string().min(1).max(100);
const repositoryName = z.string().regex(/^[^/\s]{1,100}\/[^/\s]{1,100}$/, { error: "expected owner/name" });

/**
 * A store as it was seen. `listed` has everything there is; the two others say why nothing is known, so that a store that could
 * not be read never looks empty.
 */
function seen<T extends z.ZodType>(item: T) {
  return z.discriminatedUnion("status", [
    z.strictObject({ status: z.literal("listed"), items: z.array(item) }),
    z.strictObject({ status: z.literal("not permitted").describe("The token may not list it.") }),
    z.strictObject({ status: z.literal("not available here").describe("This host or plan has no such store.") }),
  ]);
}

const stored = { name: text.describe("Name as GitHub stores it."), createdAt: moment, updatedAt: moment };
const secret = z.strictObject(stored);
/** A secret of the organisation, and which repositories may read it. */
const sharedSecret = z.strictObject({
  ...stored,
  visibility: z.enum(["all", "private", "selected"]),
  repositories: z.array(repositoryName).optional().describe("With visibility selected: which."),
});
const variable = z.strictObject({ name: text, updatedAt: moment });

const deployKey = z.strictObject({
  id: z.int(),
  title: text,
  readOnly: z.boolean(),
  createdAt: moment,
  lastUsed: moment.nullable().describe("Null when GitHub has no record of a use."),
  addedBy: login.nullable(),
});

const webhook = z.strictObject({
  id: z.int(),
  host: text.describe("Host alone: the path of a webhook can be a credential itself."),
  active: z.boolean(),
  hasSecret: z.boolean(),
  insecureTls: z.boolean(),
  updatedAt: moment,
});

const environment = z.strictObject({
  name: text,
  reviewers: z.array(login).optional().describe("Logins, and teams as org/slug; left out where GitHub tells no rules."),
  preventSelfReview: z.boolean().optional(),
  waitMinutes: z.int().min(0).optional(),
  branches: z
    .enum(["all", "protected", "selected"])
    .optional()
    .describe("Which branches may deploy to it; left out where GitHub does not tell."),
  apps: seen(text).describe("Apps that guard it by a protection rule of their own."),
  secrets: seen(secret),
  variables: seen(variable),
});

const run = z.strictObject({
  workflow: text.describe("Path of the workflow file."),
  lastRunAt: moment,
});

const repository = z.strictObject({
  name: repositoryName,
  visibility: z.enum(["public", "private", "internal"]),
  archived: z.boolean(),
  defaultBranch: text,
  owner: login.optional().describe("Owner that a custom property names."),
  actions: seen(secret),
  organisationSecrets: seen(z.string().max(1000)).describe("Names of the organisation's secrets that it may read."),
  variables: seen(variable),
  environments: seen(environment),
  dependabot: seen(secret),
  codespaces: seen(secret),
  agents: seen(secret),
  deployKeys: seen(deployKey),
  webhooks: seen(webhook),
  lastRuns: seen(run),
});

const privateRegistry = z.strictObject({
  name: text,
  auth: z.enum(["static", "oidc"]).describe("Whether a stored credential or OIDC opens it."),
  visibility: z.enum(["all", "private", "selected"]),
  updatedAt: moment,
});

const personalToken = z.strictObject({
  id: z.int(),
  tokenId: z.int(),
  name: text,
  owner: login,
  repositories: z.enum(["none", "all", "subset"]),
  grantedAt: moment,
  expiresAt: moment.nullable(),
  expired: z.boolean(),
  lastUsedAt: moment.nullable(),
});

const ssoCredential = z.strictObject({
  login,
  kind: z.enum(["classic token", "fine-grained token", "ssh key", "oauth token"]),
  id: z.int(),
  authorisedAt: moment,
  accessedAt: moment.nullable(),
  expiresAt: moment.nullable(),
});

const installation = z.strictObject({
  id: z.int(),
  app: text,
  repositories: z.enum(["all", "selected"]),
  permissions: z.record(z.string().max(100), z.enum(["read", "write", "admin"])),
  suspended: z.boolean(),
});

const member = z.strictObject({
  login,
  kind: z.enum(["user", "bot"]),
  role: z.enum(["member", "admin", "outside collaborator"]),
});
const team = z.strictObject({ slug: text, members: z.array(login) });

const organisation = z.strictObject({
  actions: seen(sharedSecret),
  dependabot: seen(sharedSecret),
  codespaces: seen(sharedSecret),
  agents: seen(sharedSecret),
  variables: seen(variable),
  registries: seen(privateRegistry),
  personalTokens: seen(personalToken),
  ssoCredentials: seen(ssoCredential),
  installations: seen(installation),
  members: seen(member),
  teams: seen(team),
  formerMembers: z
    .array(login)
    .optional()
    .describe("Logins that had access once and have none now, as far as that is known."),
  goneAccounts: z.array(login).optional().describe("Logins that keys or the register name and GitHub does not know."),
});

/** Schema of a snapshot. */
export const inventorySchema = z
  .strictObject({
    version: z.literal(1),
    takenAt: moment,
    account: z.strictObject({ login, kind: z.enum(["organisation", "user"]) }),
    organisation: organisation.optional().describe("Left out for the account of a person."),
    repositories: z.array(repository),
  })
  .meta({
    title: "Leasehold inventory",
    description:
      "A snapshot of GitHub's credential stores, so that a check can run offline and be replayed. No values.",
  });

export type Inventory = z.output<typeof inventorySchema>;
export type RepositoryInventory = Inventory["repositories"][number];
export type OrganisationInventory = NonNullable<Inventory["organisation"]>;
export type EnvironmentInventory = z.output<typeof environment>;
export type DeployKey = z.output<typeof deployKey>;
export type Seen<T> = { status: "listed"; items: T[] } | { status: "not permitted" } | { status: "not available here" };

/** The items of a store, or undefined where it could not be read: unknown, not empty. */
export function itemsOf<T>(store: Seen<T> | undefined): readonly T[] | undefined {
  return store?.status === "listed" ? store.items : undefined;
}

/**
 * Reads a snapshot.
 * In: JSON text, the file's name for messages. Throws LeaseholdError("config") at the first value that does not fit; no value of
 * the file is quoted.
 */
export function parseInventory(json: string, file: string): Inventory {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new LeaseholdError("config", "this is not JSON; `leasehold inventory` writes snapshots", { file });
  }
  const checked = inventorySchema.safeParse(value);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0]!;
  const keys = issue.code === "unrecognized_keys" ? `unknown key ${JSON.stringify(issue.keys[0])}` : issue.message;
  const at = issue.path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");
  throw new LeaseholdError(
    "config",
    `this is no snapshot of an inventory: at ${at.replace(/^\./, "") || "the root"}: ${keys}`,
    {
      file,
    },
  );
}
