/** Who is gone. GitHub lists the members of today and, outside Enterprise's audit log, nobody of yesterday: so it is asked person by person. */
import { type Inventory, itemsOf, type OrganisationInventory } from "../register/inventory.ts";
import { loginAnswer } from "./answer.ts";
import type { GitHubPort } from "./port.ts";

/** What a snapshot says of people who are no members; without the keys nobody could be looked up. */
export type Gone = Pick<OrganisationInventory, "formerMembers" | "goneAccounts">;

/**
 * In: the port; logins that a register or its exceptions name (no teams); what was seen of the organisation and its repositories.
 * Out: as former members those who added a deploy key, which takes access to the repository, and have none now; as gone accounts the
 * logins among all of them that GitHub does not know. Of anybody else who is no member it cannot be said whether they ever were one.
 */
export async function goneAmong(
  port: GitHubPort,
  named: readonly string[],
  organisation: OrganisationInventory,
  repositories: Inventory["repositories"],
): Promise<Gone> {
  const members = itemsOf(organisation.members);
  if (members === undefined) return {};
  const present = new Set(members.map(({ login }) => login.toLowerCase()));
  const adders = repositories.flatMap(({ deployKeys }) =>
    (itemsOf(deployKeys) ?? []).flatMap(({ addedBy }) => (addedBy === null ? [] : [addedBy])),
  );
  const absent = (logins: readonly string[]) => [
    ...new Map(
      logins
        .filter((login) => isPerson(login) && !present.has(login.toLowerCase()))
        .map((login) => [login.toLowerCase(), login]),
    ).values(),
  ];
  const accounts = new Map<string, "person" | "other" | "gone" | "unseen">();
  for (const login of absent([...adders, ...named])) accounts.set(login.toLowerCase(), await accountOf(port, login));
  const of = (logins: readonly string[], ...kinds: readonly string[]) =>
    absent(logins)
      .filter((login) => kinds.includes(accounts.get(login.toLowerCase()) ?? ""))
      .sort();
  return {
    formerMembers: of(adders, "person", "gone"),
    goneAccounts: of([...adders, ...named], "gone"),
  };
}

/** GitHub's rules for logins; what an App or nobody did has another form. */
function isPerson(login: string): boolean {
  return /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98})$/.test(login);
}

async function accountOf(port: GitHubPort, login: string): Promise<"person" | "other" | "gone" | "unseen"> {
  const found = await port.find(`/users/${encodeURIComponent(login)}`, loginAnswer);
  if (found.status === "found") return found.value.type === "User" ? "person" : "other";
  return found.status === "not available here" ? "gone" : "unseen";
}
