/** Who an owner is: resolved against the members and teams of an inventory. */
import { type Inventory, itemsOf } from "./inventory.ts";

/**
 * What is known of a login or team. `unknown`: no member by that name now, and no record that there ever was; `gone`: not even an account. `unseen`: members or
 * teams could not be read, so nothing is known; that is neither good nor bad.
 */
export type OwnerState =
  | "live"
  | "left"
  | "gone"
  | "unknown"
  | "empty team"
  | "bot"
  | "likely bot"
  | "e-mail"
  | "unseen";

/** Looks owners up; the index is built once per audit. */
export type OwnerLookup = (owner: string) => OwnerState;

/** Accounts of machines are often named so; GitHub's own mark of an App is `[bot]`. */
const machineName = /(?:^|-)(?:bot|ci|automation|service|svc|machine)$/i;

/** In: the inventory, or undefined. Out: a lookup for `@login`, `@org/team` and what else stands under owner. */
export function ownerLookup(inventory: Inventory | undefined): OwnerLookup {
  const organisation = inventory?.organisation;
  const members = itemsOf(organisation?.members);
  const kinds = members && new Map(members.map(({ login, kind }) => [login.toLowerCase(), kind]));
  const left = new Set((organisation?.formerMembers ?? []).map((login) => login.toLowerCase()));
  const gone = new Set((organisation?.goneAccounts ?? []).map((login) => login.toLowerCase()));
  const teams = itemsOf(organisation?.teams);
  const sizes = teams && new Map(teams.map(({ slug, members: inTeam }) => [slug.toLowerCase(), inTeam.length]));
  const account = inventory?.account;

  return (owner) => {
    if (!owner.startsWith("@")) return "e-mail";
    if (owner.endsWith("[bot]")) return "bot";
    const name = owner.slice(1).toLowerCase();
    const slash = name.indexOf("/");
    if (slash !== -1) {
      if (account === undefined) return "unseen";
      // A team of another organisation can own nothing here.
      if (name.slice(0, slash) !== account.login.toLowerCase()) return "unknown";
      if (sizes === undefined) return "unseen";
      const size = sizes.get(name.slice(slash + 1));
      return size === undefined ? "unknown" : size === 0 ? "empty team" : "live";
    }
    const kind = kinds?.get(name);
    if (kind === "bot") return "bot";
    if (machineName.test(name)) return "likely bot";
    if (kind !== undefined) return "live";
    if (left.has(name)) return "left";
    if (gone.has(name)) return "gone";
    if (account?.kind === "user" && name === account.login.toLowerCase()) return "live";
    return kinds === undefined ? "unseen" : "unknown";
  };
}

/** The people behind an owner: the login itself, or a team's members. Undefined where that is not known. In lower case, without `@`. */
export function peopleBehind(owner: string, inventory: Inventory | undefined): readonly string[] | undefined {
  const name = owner.replace(/^@/, "").toLowerCase();
  const slash = name.indexOf("/");
  if (slash === -1) return [name];
  const teams = itemsOf(inventory?.organisation?.teams);
  const team = teams?.find(({ slug }) => slug.toLowerCase() === name.slice(slash + 1));
  return team?.members.map((login) => login.toLowerCase());
}

/** Whether two mentions name the same account or team. */
export function sameOwner(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a.toLowerCase() === b.toLowerCase();
}
