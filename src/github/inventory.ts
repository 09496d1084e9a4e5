/** Takes a snapshot of GitHub's credential stores. */
import { LeaseholdError } from "../error.ts";
import { type Inventory, inventorySchema, type RepositoryInventory } from "../register/inventory.ts";
import { organisationAnswer, type RepositoryAnswer, repositoryAnswer } from "./answer.ts";
import { organisationInventory } from "./inventory-organisation.ts";
import { repositoryInventory } from "./inventory-repository.ts";
import { goneAmong } from "./people.ts";
import type { GitHubPort } from "./port.ts";

/** What is looked at: one repository (`owner/name`) with its organisation, or an organisation with all its repositories. */
export type InventorySubject = { repository: string } | { organisation: string };

/** Repositories that are read at the same time; GitHub asks for few requests at once. */
const atOnce = 4;

/**
 * A snapshot.
 * In: the port; what is looked at; the custom property that names an owner; the moment (ISO, UTC); logins that a register names, which are looked up where
 * they are no members; who is told how far it is.
 * Throws LeaseholdError("network") where GitHub does not answer, or does not show the subject itself to this token.
 */
export async function takeInventory(
  port: GitHubPort,
  subject: InventorySubject,
  options: {
    ownerProperty: string;
    takenAt: string;
    named?: readonly string[];
    progress?: (done: number, of: number) => void;
  },
): Promise<Inventory> {
  const only = "repository" in subject ? await theRepository(port, subject.repository) : undefined;
  const isOrganisation = only === undefined || only.owner.type === "Organization";
  const login = only?.owner.login ?? ("organisation" in subject ? subject.organisation : "");
  const organisation = isOrganisation ? await theOrganisation(port, login, only !== undefined) : undefined;
  const all = only === undefined ? await repositoriesOf(port, login) : [only];
  const seen = organisation && (await organisationInventory(port, organisation.login, organisation.seesAll));
  const repositories = await readAll(port, all, options);
  const gone = seen && (await goneAmong(port, options.named ?? [], seen, repositories));
  const snapshot = {
    version: 1,
    takenAt: options.takenAt,
    account: { login: organisation?.login ?? login, kind: isOrganisation ? "organisation" : "user" },
    ...(seen !== undefined && { organisation: { ...seen, ...gone } }),
    repositories,
  };
  const checked = inventorySchema.safeParse(snapshot);
  if (!checked.success)
    throw new LeaseholdError(
      "network",
      `GitHub gave something that no snapshot can hold, at ${checked.error.issues[0]!.path.join(".")}`,
    );
  return checked.data;
}

async function readAll(
  port: GitHubPort,
  all: readonly RepositoryAnswer[],
  { ownerProperty, progress }: { ownerProperty: string; progress?: (done: number, of: number) => void },
): Promise<RepositoryInventory[]> {
  const read: RepositoryInventory[] = [];
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    while (next < all.length) {
      const at = next++;
      read[at] = await repositoryInventory(port, all[at]!, ownerProperty);
      progress?.(++done, all.length);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(atOnce, all.length) }, work));
  } finally {
    // Where one failed, the others stop too.
    next = all.length;
  }
  return read;
}

async function theRepository(port: GitHubPort, name: string): Promise<RepositoryAnswer> {
  const found = await port.find(`/repos/${name.split("/").map(encodeURIComponent).join("/")}`, repositoryAnswer);
  if (found.status === "found") return found.value;
  throw new LeaseholdError("network", `GitHub does not show ${name} to this token: the name or the token is wrong`);
}

async function theOrganisation(
  port: GitHubPort,
  login: string,
  beside: boolean,
): Promise<{ login: string; seesAll: boolean }> {
  const found = await port.find(`/orgs/${encodeURIComponent(login)}`, organisationAnswer);
  if (found.status === "found")
    return { login: found.value.login, seesAll: typeof found.value.two_factor_requirement_enabled === "boolean" };
  // The token of one repository need not see the organisation; its stores will say so themselves.
  if (beside) return { login, seesAll: false };
  throw new LeaseholdError(
    "network",
    `GitHub does not show the organisation ${login} to this token: the name or the token is wrong`,
  );
}

async function repositoriesOf(port: GitHubPort, login: string): Promise<RepositoryAnswer[]> {
  const listed = await port.list({
    path: `/orgs/${encodeURIComponent(login)}/repos`,
    query: { type: "all", sort: "full_name" },
    item: repositoryAnswer,
  });
  if (listed.status === "listed") return listed.items;
  throw new LeaseholdError("network", `GitHub does not list the repositories of ${login} to this token`);
}
