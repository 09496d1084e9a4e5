/** Whom a policy means to let in: read from the names and ids it spells out, completed from what is known of the repository. */
import { isLiteral, literalStart, literalText, type Mention, shapesOf } from "./mention.ts";
import { isOwnerName, isRepositoryName, type NamedRepository } from "./subject.ts";

/** What the caller knows of the repository that is scanned. */
export type TrustContext = {
  /** `owner/name`. */
  repository?: string | undefined;
  ownerId?: string | undefined;
  repoId?: string | undefined;
  /** Whether the repository emits immutable subjects (`use_immutable_subject`); undefined when not known. */
  immutable?: boolean | undefined;
  /** The public salt of finding ids. */
  salt: string;
};

/** The intended side of a policy. */
export type Home = {
  named: Required<NamedRepository>;
  /** Owners that the policy names, in lower case (GitHub's names have no case); empty when it names none. */
  owners: ReadonlySet<string>;
  /** `owner/repo` that it names, in lower case. */
  repositories: ReadonlySet<string>;
  ownerIds: ReadonlySet<string>;
  repoIds: ReadonlySet<string>;
  environment: string;
  branch: string;
};

/** Made-up ids for what is not known. They only have to differ from each other. */
const homeOwnerId = "123456";
const homeRepoId = "456789";

/** In: what the policy compares, and the scanned repository. */
export function homeOf(mentions: readonly Mention[], context: TrustContext): Home {
  const named: NamedRepository[] = [];
  const owners: string[] = [];
  const ownerIds: string[] = [];
  const repoIds: string[] = [];
  const environments: string[] = [];
  const branches: string[] = [];
  const prefixes: string[] = [];
  for (const mention of mentions) {
    for (const shape of shapesOf(mention)) {
      const start = literalStart(shape);
      const whole = isLiteral(shape) ? literalText(shape) : undefined;
      switch (mention.claim) {
        case "sub":
          readSubject(start, whole !== undefined, { named, owners, environments, branches, prefixes });
          break;
        case "repository":
          readRepository(start, whole !== undefined, named, owners);
          break;
        case "repository_owner":
          if (whole !== undefined && isOwnerName(whole)) owners.push(whole);
          break;
        case "repository_owner_id":
          if (whole !== undefined && /^[0-9]+$/.test(whole)) ownerIds.push(whole);
          break;
        case "repository_id":
          if (whole !== undefined && /^[0-9]+$/.test(whole)) repoIds.push(whole);
          break;
        case "environment":
          if (whole) environments.push(whole);
          break;
        case "ref":
          if (whole?.startsWith("refs/heads/")) branches.push(whole.slice("refs/heads/".length));
          break;
        case "job_workflow_ref":
        case "workflow_ref":
          readRepository(start.split("/").slice(0, 2).join("/"), start.split("/").length > 2, [], owners);
          break;
      }
    }
  }
  const [contextOwner, contextRepo] = (context.repository ?? "").split("/");
  const first = named[0];
  const owner = first?.owner ?? owners[0] ?? (contextOwner || prefixes[0] || "octo-org");
  const contextIsHome = contextOwner !== undefined && sameName(contextOwner, owner);
  const repo = first?.repo || (contextIsHome && contextRepo ? contextRepo : "octo-repo");
  const isScanned = contextIsHome && contextRepo !== undefined && sameName(contextRepo, repo);
  const repositories = new Set(
    named.filter((one) => one.repo !== "").map((one) => `${one.owner}/${one.repo}`.toLowerCase()),
  );
  return {
    named: {
      owner,
      repo,
      ownerId: first?.ownerId ?? ownerIds[0] ?? (contextIsHome ? context.ownerId : undefined) ?? homeOwnerId,
      repoId: first?.repoId ?? repoIds[0] ?? (isScanned ? context.repoId : undefined) ?? homeRepoId,
    },
    owners: new Set([...owners, ...named.map((one) => one.owner)].map((name) => name.toLowerCase())),
    repositories,
    ownerIds: new Set([...ownerIds, ...named.flatMap((one) => one.ownerId ?? [])]),
    repoIds: new Set([...repoIds, ...named.flatMap((one) => one.repoId ?? [])]),
    environment: environments[0] ?? "prod",
    branch: branches[0] ?? "main",
  };
}

/** Whether two names of accounts or repositories are the same to GitHub, which ignores letter case. */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

type Lists = {
  named: NamedRepository[];
  owners: string[];
  environments: string[];
  branches: string[];
  prefixes: string[];
};

/** The owner counts only where the pattern spells it out up to what ends it. */
function readSubject(start: string, whole: boolean, lists: Lists): void {
  const context = /:environment:([^:]+)$/.exec(start);
  if (context && whole) lists.environments.push(context[1]!);
  const branch = /:ref:refs\/heads\/([^:]+)$/.exec(start);
  if (branch && whole) lists.branches.push(branch[1]!);
  if (!start.startsWith("repo:")) {
    const pair = /(?:^|:)(repository|repository_owner):([^:]+)(:|$)/.exec(start);
    if (pair && (whole || pair[3] === ":")) {
      if (pair[1] === "repository") readRepository(pair[2]!, true, lists.named, lists.owners);
      else if (isOwnerName(pair[2]!)) lists.owners.push(pair[2]!);
    }
    return;
  }
  const text = start.slice("repo:".length);
  const slash = text.indexOf("/");
  const [owner, ownerId] = (slash < 0 ? text : text.slice(0, slash)).split("@");
  if (slash < 0 && ownerId === undefined) {
    const prefix = owner!.replace(/-+$/, "");
    if (isOwnerName(prefix)) lists.prefixes.push(prefix);
    return;
  }
  if (!isOwnerName(owner!)) return;
  const rest = slash < 0 ? "" : text.slice(slash + 1);
  const colon = rest.indexOf(":");
  const [repo, repoId] = (colon < 0 ? rest : rest.slice(0, colon)).split("@");
  // `repo:octo-org/octo-repo*`: the name is still what is meant.
  const repoName =
    repo !== undefined &&
    repo !== "" &&
    isRepositoryName(repo) &&
    (colon >= 0 || rest.includes("@") || !repo.endsWith("-"))
      ? repo
      : "";
  const complete = slash >= 0 && /^[0-9]+$/.test(ownerId ?? "");
  lists.named.push({
    owner: owner!,
    repo: repoName,
    ...(complete ? { ownerId: ownerId! } : {}),
    ...(colon >= 0 && /^[0-9]+$/.test(repoId ?? "") ? { repoId: repoId! } : {}),
  });
}

function readRepository(start: string, whole: boolean, named: NamedRepository[], owners: string[]): void {
  const [owner, repo] = start.split("/");
  if (repo === undefined || !isOwnerName(owner!)) return;
  if (whole && isRepositoryName(repo)) named.push({ owner: owner!, repo });
  else owners.push(owner!);
}
