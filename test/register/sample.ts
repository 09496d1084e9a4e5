/** Inventories, uses and registers for tests: everything healthy unless said otherwise. */
import type { Finding, Place } from "../../src/finding.ts";
import { audit } from "../../src/register/audit.ts";
import { type Inventory, inventorySchema } from "../../src/register/inventory.ts";
import { builtInLimits, type RegisterLimits } from "../../src/register/limits.ts";
import { parseRegister, type Register } from "../../src/register/register.ts";
import type { SecretUse, SecretUses } from "../../src/register/use.ts";

export const today = "2026-11-21";

export function listed<T>(...items: T[]): { status: "listed"; items: T[] } {
  return { status: "listed", items };
}

export const notPermitted = { status: "not permitted" } as const;

export function secret(name: string, updated = "2026-11-01", created = updated) {
  return { name, createdAt: `${created}T08:00:00Z`, updatedAt: `${updated}T08:00:00Z` };
}

type Repository = Inventory["repositories"][number];
type Organisation = NonNullable<Inventory["organisation"]>;
type Member = Extract<Organisation["members"], { status: "listed" }>["items"][number];

export function repository(changes: Partial<Repository> = {}): Repository {
  return {
    ...{ name: "acme/shop", visibility: "private", archived: false, defaultBranch: "main" },
    ...{ actions: listed(), organisationSecrets: listed(), variables: listed(), environments: listed() },
    ...{ dependabot: listed(), codespaces: listed(), agents: listed() },
    ...{ deployKeys: listed(), webhooks: listed(), lastRuns: listed() },
    ...changes,
  };
}

export function environment(name: string, changes: Partial<Environment> = {}): Environment {
  return {
    ...{ name, reviewers: ["alice"], preventSelfReview: true, waitMinutes: 0, branches: "protected" },
    ...{ apps: listed(), secrets: listed(), variables: listed() },
    ...changes,
  };
}
type Environment = Extract<Repository["environments"], { status: "listed" }>["items"][number];

export function organisation(changes: Partial<Organisation> = {}): Organisation {
  return {
    ...{ actions: listed(), dependabot: listed(), codespaces: listed(), agents: listed(), variables: listed() },
    ...{ registries: listed(), personalTokens: listed(), ssoCredentials: listed(), installations: listed() },
    members: listed<Member>(
      ...["alice", "bob", "carol", "dave"].map((login): Member => ({ login, kind: "user", role: "member" })),
      { login: "renovate", kind: "bot", role: "member" },
    ),
    teams: listed({ slug: "platform", members: ["alice", "bob"] }, { slug: "ghosts", members: [] }),
    formerMembers: ["erin"],
    goneAccounts: ["vanished"],
    ...changes,
  };
}

/** A snapshot that its own schema accepts. */
export function inventory(repositories: Repository[] = [repository()], changes: Partial<Organisation> = {}): Inventory {
  return inventorySchema.parse({
    ...{ version: 1, takenAt: `${today}T06:00:00Z`, account: { login: "acme", kind: "organisation" } },
    ...{ organisation: organisation(changes), repositories },
  });
}

export function placeAt(path: string, line = 1): Place {
  return { path, start: line * 100, end: line * 100 + 9, line, column: 5, endLine: line, endColumn: 14 };
}

export function use(name: string, changes: Partial<SecretUse> = {}): SecretUse {
  return {
    place: placeAt(".github/workflows/ci.yml"),
    form: "named",
    name,
    triggers: ["push"],
    job: "build",
    ...changes,
  };
}

export function uses(...rows: SecretUse[]): SecretUses {
  return { rows, complete: "all" };
}

/** Fields of an entry that nothing is wrong with on `today`, for tier T0 too. */
export const sound = `owner: "@acme/platform", backup: "@carol", purpose: Push images until the ECR role exists, expires: 2026-11-30,
    rotate: { every: 30d }, review: { last: 2026-11-01, by: "@dave" }, revoke: { how: delete it, contact: "@alice" }`;

/** A register of entries in flow style: `name: A, owner: "@a"`. */
export function register(...entries: string[]): Register {
  return parseRegister(
    `version: 1\nsecrets:\n${entries.map((entry) => `  - { ${entry} }\n`).join("")}`,
    ".github/secrets.yml",
  );
}

export type Given = {
  register?: Register | undefined;
  inventory?: Inventory | undefined;
  uses?: SecretUses;
  limits?: Partial<RegisterLimits>;
  today?: string;
};

export function findings(given: Given): Finding[] {
  const limits = { ...builtInLimits, ...given.limits };
  return audit(given.register, given.inventory, given.uses ?? uses(), limits, given.today ?? today);
}

/** Slugs of the rules that fire, sorted; informational ones are left out. */
export function rules(given: Given): string[] {
  return findings(given)
    .filter(({ severity }) => severity !== "info")
    .map(({ rule }) => rule.slice("register/".length))
    .sort();
}

/** The finding of one rule, which must fire exactly once. */
export function only(rule: string, given: Given): Finding {
  const found = findings(given).filter((one) => one.rule === `register/${rule}`);
  if (found.length !== 1) throw new Error(`${rule} fired ${found.length} times`);
  return found[0]!;
}
