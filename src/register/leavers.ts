/** What a person still reaches, answers for or has granted: for the day they leave, and the day somebody asks. */
import { compareText, type Place } from "../finding.ts";
import { assetLabel, targetOf } from "./asset.ts";
import type { Exceptions } from "./exception.ts";
import { heldIn } from "./held.ts";
import { type Inventory, itemsOf, type Seen } from "./inventory.ts";
import { sameOwner } from "./owner.ts";
import type { Register } from "./register.ts";

/** How a person is tied to a thing. */
export type Relation =
  | "owns"
  | "backs"
  | "is the contact to revoke"
  | "last reviewed"
  | "approved the tier of"
  | "approved a waiver for"
  | "added a waiver for"
  | "approved emergency access to"
  | "opened emergency access to"
  | "asked for approval"
  | "gave approval"
  | "added deploy key"
  | "made token"
  | "authorised a credential"
  | "is the last member of the team that owns"
  | "belongs to the team that owns"
  | "guards environment";

export type Tie = {
  relation: Relation;
  /** What it is, as findings name it. */
  target: string;
  /** In words, for people. */
  what: string;
  standing: "declared" | "observed";
  /** Where it is written, when it is. */
  place?: Place;
};

export type Reach = {
  ties: readonly Tie[];
  /** What nobody could look at: a reader must not take it for nothing. */
  unknown: readonly string[];
};

/**
 * Everything that ties a person to credentials.
 * In: the login with or without `@`, the register, the inventory (undefined offline), the exceptions. Out: ties in a stable order.
 */
export function reachOf(
  login: string,
  register: Register | undefined,
  inventory: Inventory | undefined,
  exceptions: Exceptions,
): Reach {
  const person = `@${login.replace(/^@/, "")}`;
  const ties = [
    ...registerTies(person, register),
    ...teamTies(person, register, inventory),
    ...exceptionTies(person, exceptions),
    ...(inventory === undefined ? [] : inventoryTies(person, inventory)),
  ].sort(
    (a, b) =>
      compareText(a.relation, b.relation) ||
      compareText(a.target, b.target) ||
      (a.place?.start ?? 0) - (b.place?.start ?? 0),
  );
  return { ties, unknown: unknownOf(register, inventory) };
}

/** Logins that a register and its exceptions name, without `@`; teams and addresses are left out. In: what was read. */
export function peopleNamed(register: Register | undefined, exceptions: Exceptions): string[] {
  const all = [
    ...(register?.entries ?? []).flatMap((entry) => [
      ...[entry.owner, entry.backup, entry.revoke?.contact, entry.review?.by, entry.tierApprovedBy],
    ]),
    ...exceptions.waivers.flatMap(({ approvedBy, addedBy }) => [approvedBy, addedBy]),
    ...exceptions.breakGlass.flatMap(({ approvedBy, openedBy }) => [approvedBy, openedBy]),
    ...exceptions.approvals.flatMap(({ requestedBy, approvedBy }) => [requestedBy, ...approvedBy]),
  ];
  const logins = all.flatMap((who) => (who?.startsWith("@") && !who.includes("/") ? [who.slice(1)] : []));
  return [...new Map(logins.map((login) => [login.toLowerCase(), login])).values()].sort();
}

function registerTies(person: string, register: Register | undefined): Tie[] {
  return (register?.entries ?? []).flatMap((entry) => {
    const tie = (relation: Relation, who: string | undefined, key: string): Tie[] =>
      sameOwner(who, person)
        ? [
            {
              relation,
              target: targetOf(entry),
              what: assetLabel(entry),
              standing: "declared",
              place: entry.placeOf(key),
            },
          ]
        : [];
    return [
      ...tie("owns", entry.owner, "owner"),
      ...tie("backs", entry.backup, "backup"),
      ...tie("is the contact to revoke", entry.revoke?.contact, "revoke.contact"),
      ...tie("last reviewed", entry.review?.by, "review.by"),
      ...tie("approved the tier of", entry.tierApprovedBy, "tier-approved-by"),
    ];
  });
}

/** Teams matter most where the person is their last member. */
function teamTies(person: string, register: Register | undefined, inventory: Inventory | undefined): Tie[] {
  const account = inventory?.account.login.toLowerCase();
  const mine = new Map<string, number>();
  for (const { slug, members } of itemsOf(inventory?.organisation?.teams) ?? [])
    if (members.some((login) => sameOwner(`@${login}`, person)))
      mine.set(`@${account}/${slug.toLowerCase()}`, members.length);
  return (register?.entries ?? []).flatMap((entry) => {
    const size = entry.owner === undefined ? undefined : mine.get(entry.owner.toLowerCase());
    if (size === undefined) return [];
    return [
      {
        relation: size === 1 ? "is the last member of the team that owns" : "belongs to the team that owns",
        target: targetOf(entry),
        what: `${assetLabel(entry)}, ${entry.owner}`,
        standing: "observed",
        place: entry.placeOf("owner"),
      } satisfies Tie,
    ];
  });
}

function exceptionTies(person: string, exceptions: Exceptions): Tie[] {
  const ties: Tie[] = [];
  const add = (
    relation: Relation,
    who: string | undefined,
    target: string,
    what: string,
    place: Place | undefined,
  ): void => {
    if (sameOwner(who, person))
      ties.push({ relation, target, what, standing: "declared", ...(place !== undefined && { place }) });
  };
  for (const waiver of exceptions.waivers) {
    const target = waiver.id ?? `${waiver.rule} ${waiver.target}`;
    add("approved a waiver for", waiver.approvedBy, target, `${target} until ${waiver.until}`, waiver.place);
    add("added a waiver for", waiver.addedBy, target, `${target} until ${waiver.until}`, waiver.place);
  }
  for (const one of exceptions.breakGlass) {
    add("approved emergency access to", one.approvedBy, one.target, `${one.target} until ${one.to}`, one.place);
    add("opened emergency access to", one.openedBy, one.target, `${one.target} until ${one.to}`, one.place);
  }
  for (const approval of exceptions.approvals) {
    add("asked for approval", approval.requestedBy, approval.id, `${approval.id} until ${approval.to}`, approval.place);
    for (const by of approval.approvedBy)
      add("gave approval", by, approval.id, `${approval.id} until ${approval.to}`, approval.place);
  }
  return ties;
}

function inventoryTies(person: string, inventory: Inventory): Tie[] {
  const ties: Tie[] = [];
  for (const held of heldIn(inventory)) {
    if (held.person === undefined || !sameOwner(`@${held.person}`, person)) continue;
    ties.push({
      relation: held.store === "pat" ? "made token" : "added deploy key",
      target: targetOf(held),
      what: assetLabel(held),
      standing: "observed",
    });
  }
  for (const one of itemsOf(inventory.organisation?.ssoCredentials) ?? [])
    if (sameOwner(`@${one.login}`, person))
      ties.push({ relation: "authorised a credential", target: `sso/${one.id}`, what: one.kind, standing: "observed" });
  for (const repository of inventory.repositories)
    for (const environment of itemsOf(repository.environments) ?? [])
      if (environment.reviewers?.some((login) => sameOwner(`@${login}`, person)))
        ties.push({
          relation: "guards environment",
          target: `${repository.name}:environment/${environment.name}`,
          what:
            environment.reviewers.length === 1
              ? `${environment.name} of ${repository.name}, alone`
              : `${environment.name} of ${repository.name}`,
          standing: "observed",
        });
  return ties;
}

/** What could hide a tie. Who wrote a secret no endpoint tells (GitHub's REST API description). */
function unknownOf(register: Register | undefined, inventory: Inventory | undefined): string[] {
  const unknown = ["who last wrote each secret: GitHub does not tell"];
  if (register === undefined) unknown.push("owners: there is no register");
  if (inventory === undefined)
    return [...unknown, "deploy keys, tokens, teams and environments: no snapshot was given"];
  const note = (name: string, store: Seen<unknown> | undefined): void => {
    if (store !== undefined && store.status !== "listed") unknown.push(`${name}: ${store.status}`);
  };
  const { organisation } = inventory;
  if (organisation !== undefined && organisation.formerMembers === undefined)
    unknown.push("who has left the organisation: its members could not be listed");
  note("tokens of the organisation's members", organisation?.personalTokens);
  note("credentials authorised through single sign-on", organisation?.ssoCredentials);
  note("teams", organisation?.teams);
  for (const repository of inventory.repositories) {
    note(`deploy keys of ${repository.name}`, repository.deployKeys);
    note(`environments of ${repository.name}`, repository.environments);
    for (const { name, reviewers } of itemsOf(repository.environments) ?? [])
      if (reviewers === undefined) unknown.push(`who guards the environment ${name} of ${repository.name}`);
  }
  return unknown;
}
