/** Rules on what is declared, held and used without one another. */
import { assetLabel, holdsSecrets } from "../asset.ts";
import { type AuditContext, credentials, type Draft } from "../draft.ts";
import { itemsOf, type RepositoryInventory } from "../inventory.ts";
import { entryBlock, writtenScope } from "../register-edit.ts";
import { mayRead, repositoryOf, type Subject } from "../subject.ts";

/** A workflow gets the first hundred organisation secrets of those its repository may read, in the order of the alphabet (GitHub Docs, "Secrets reference"). */
const mostOrganisationSecrets = 100;

/** Without a register there is one thing to say, and not one for each secret. */
export function* absent({ register, subjects }: AuditContext): Generator<Draft> {
  if (register !== undefined) return;
  const known = subjects.all.filter(({ held, uses }) => held.length > 0 || uses.length > 0).length;
  const what =
    known === 0
      ? ""
      : ` ${known} ${known === 1 ? "credential is" : "credentials are"} known and none has an owner on record.`;
  yield {
    rule: "absent",
    key: "absent",
    standing: "declared",
    message: `There is no register of secrets.${what} \`leasehold register add\` starts one.`,
  };
}

/** Held or used, and not declared. */
export function* undeclared(context: AuditContext): Generator<Draft> {
  if (context.register === undefined) return;
  for (const subject of context.subjects.all) {
    if (subject.entry !== undefined) continue;
    const { uses, asset } = subject;
    const label = assetLabel(asset);
    const used = uses.length > 0;
    yield {
      rule: "undeclared",
      subject,
      standing: "observed",
      severity: used ? "high" : asset.store === "webhook" ? "info" : asset.store === "pat" ? "low" : "medium",
      message: used
        ? `${label} is used here and the register has no entry for it: paste the block into ${context.register.file}, and give it an owner, a purpose and an end date.`
        : `${label} lies in a store and the register has no entry for it.`,
      ...(used && { facts: { entry: blockToPaste(subject), register: context.register.file } }),
    };
  }
}

/** The block to paste: what is known is filled in, the rest is asked for in comments. */
export function blockToPaste({ asset, held }: Pick<Subject, "asset" | "held">): string {
  const scope = writtenScope(asset.scope);
  const token = held.find(({ tokenId }) => tokenId !== undefined);
  const known = entryBlock({
    name: asset.name,
    store: asset.store,
    ...(scope !== undefined && { scope }),
    ...(token?.person !== undefined && { owner: `@${token.person}` }),
    ...(token?.tokenId !== undefined && { "token-id": token.tokenId }),
  });
  const owner = token?.person === undefined ? '    owner: # "@login" or "@org/team"\n' : "";
  return `${known}${owner}    purpose: # what would stop without it\n    expires: # last day, like 2026-12-31\n`;
}

/** Declared or used, and in no store. */
export function* missing({ subjects }: AuditContext): Generator<Draft> {
  for (const subject of subjects.all) {
    if (subject.presence !== "absent") continue;
    const { entry, uses, asset } = subject;
    const label = assetLabel(asset);
    const common = { rule: "missing", subject, standing: "observed" } as const;
    if (uses.length > 0) {
      const place = uses[0]!.place;
      yield {
        ...common,
        place,
        severity: "medium",
        message: `${label} is used here and no store that this workflow reads holds it: the expression is empty when the job runs.`,
      };
    } else if (entry !== undefined) {
      const done = entry.plan === "remove" || entry.plan === "keyless";
      yield {
        ...common,
        severity: done ? "info" : "low",
        message: done
          ? `${label} is gone from its store, as planned: take its entry out of the register.`
          : `${label} is declared and lies in no store: correct the name and scope, or take the entry out.`,
      };
    }
  }
}

/** Hidden by a secret of the same name that is nearer to the job. */
export function* shadowed({ subjects }: AuditContext): Generator<Draft> {
  const hiders = new Map<Subject, string[]>();
  const hide = (hidden: Subject | undefined, by: string): void => {
    if (hidden === undefined || hidden.held.length === 0) return;
    const list = hiders.get(hidden);
    if (list === undefined) hiders.set(hidden, [by]);
    else list.push(by);
  };
  const ownByName = new Map<string, Subject>();
  const orgByName = new Map<string, Subject>();
  for (const subject of subjects.all) {
    const { asset } = subject;
    if (!holdsSecrets(asset.store)) continue;
    if (asset.scope.level === "org") orgByName.set(`${asset.store} ${asset.name}`, subject);
    else if (asset.scope.level === "repository")
      ownByName.set(`${homeOf(subject, subjects.home)} ${asset.store} ${asset.name}`, subject);
  }
  for (const subject of subjects.all) {
    const { asset, held } = subject;
    if (held.length === 0 || !holdsSecrets(asset.store) || asset.scope.level === "org") continue;
    const home = homeOf(subject, subjects.home);
    const shared = orgByName.get(`${asset.store} ${asset.name}`);
    const repository = repositoryOf(asset, subjects);
    if (asset.scope.level === "environment")
      hide(ownByName.get(`${home} ${asset.store} ${asset.name}`), `environment ${asset.scope.environment}`);
    else if (repository !== undefined && shared?.held.some((one) => mayRead(one, repository) !== false))
      hide(shared, repository.name);
  }
  for (const [subject, by] of hiders) {
    const names = by.sort().slice(0, 3).join(", ");
    const more = by.length > 3 ? ` and ${by.length - 3} more` : "";
    yield {
      rule: "shadowed",
      subject,
      standing: "observed",
      message: `${assetLabel(subject.asset)} is hidden by a secret of the same name in ${names}${more}: jobs there never see this one.`,
      facts: { hiddenIn: String(by.length) },
    };
  }
}

/** Beyond the hundred that a workflow gets. */
export function* unreachable({ subjects }: AuditContext): Generator<Draft> {
  const beyond = new Map<string, RepositoryInventory[]>();
  for (const repository of subjects.repositories.values()) {
    const names = itemsOf(repository.organisationSecrets);
    if (names === undefined || names.length <= mostOrganisationSecrets) continue;
    for (const name of names
      .map((one) => one.toUpperCase())
      .sort()
      .slice(mostOrganisationSecrets)) {
      const list = beyond.get(name);
      if (list === undefined) beyond.set(name, [repository]);
      else list.push(repository);
    }
  }
  if (beyond.size === 0) return;
  for (const subject of subjects.all) {
    const { asset, uses } = subject;
    if (asset.store !== "actions" || asset.scope.level !== "org") continue;
    const where = beyond.get(asset.name);
    if (where === undefined) continue;
    const names = new Set(where.map(({ name }) => name.toLowerCase()));
    const hit = uses.filter((use) => names.has((use.repository ?? subjects.home).toLowerCase()));
    yield {
      rule: "unreachable",
      subject,
      standing: "observed",
      severity: hit.length > 0 ? "high" : "low",
      ...(hit[0] !== undefined && { place: hit[0].place }),
      message: `${assetLabel(asset)} is beyond the first ${mostOrganisationSecrets} organisation secrets in ${where.length} ${where.length === 1 ? "repository" : "repositories"}: a workflow there does not get it. Narrow the visibility of others.`,
      facts: { repositories: String(where.length) },
    };
  }
}

/** Of some environments GitHub lists no rules at all, which is not the same as an empty list. */
const untold = "environment rules";

/** Stores that could not be read: said once per store, so that nothing looks empty that was not seen. */
export function* unseen({ inventory, subjects }: AuditContext): Generator<Draft> {
  if (inventory === undefined) return;
  const counts = new Map<string, number>();
  const note = (part: Record<string, unknown>, prefix: string): void => {
    for (const [name, store] of Object.entries(part))
      if (typeof store === "object" && store !== null && "status" in store && store.status === "not permitted")
        counts.set(`${prefix}${name}`, (counts.get(`${prefix}${name}`) ?? 0) + 1);
  };
  if (inventory.organisation !== undefined) note(inventory.organisation, "organisation ");
  for (const repository of inventory.repositories) {
    note(repository, "repository ");
    for (const environment of itemsOf(repository.environments) ?? []) {
      note(environment, "environment ");
      if (environment.reviewers === undefined || environment.branches === undefined)
        counts.set(untold, (counts.get(untold) ?? 0) + 1);
    }
  }
  const blind = subjects.all.filter(({ entry, unseen: why }) => entry !== undefined && why === "not permitted").length;
  for (const [store, count] of [...counts].sort()) {
    yield {
      rule: "unseen",
      key: store,
      standing: "observed",
      message: `${store}: ${store === untold ? "not told by GitHub" : "not permitted to be listed"}${count > 1 ? ` in ${count} places` : ""}. What lies there is unknown, which is not the same as nothing.`,
      facts: { places: String(count), entriesUnknown: String(blind) },
    };
  }
}

/** Archived repositories keep their secrets. */
export function* archived(context: AuditContext): Generator<Draft> {
  const counts = new Map<RepositoryInventory, Subject[]>();
  for (const subject of credentials(context)) {
    const repository = repositoryOf(subject.asset, context.subjects);
    if (repository?.archived !== true || subject.held.length === 0) continue;
    counts.set(repository, [...(counts.get(repository) ?? []), subject]);
  }
  for (const [repository, held] of counts) {
    yield {
      rule: "archived",
      key: repository.name.toLowerCase(),
      standing: "observed",
      message: `${repository.name} is archived and still holds ${held.length} ${held.length === 1 ? "credential" : "credentials"}: end them.`,
      facts: { repository: repository.name, credentials: String(held.length) },
    };
  }
}

function homeOf({ asset }: Subject, home: string): string {
  return asset.scope.level === "org" ? "" : (asset.scope.repository ?? home).toLowerCase();
}
