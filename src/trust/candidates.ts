/** The runs that a policy is asked about: a fixed table of who might try, and runs made to fit the policy's own patterns. */
import type { Home } from "./home.ts";
import { isLiteral, literalText, type Mention, type Shape, shapesOf } from "./mention.ts";
import {
  isOwnerName,
  isRefName,
  isRepositoryName,
  type NamedRepository,
  parseSubject,
  type SubjectContext,
  type SubjectForm,
  subjectForms,
  subjectOf,
} from "./subject.ts";
import { freeClaims, type Run } from "./token.ts";

/** Ids of accounts and repositories that are not the home's. */
export const strangerOwnerId = "999001";
export const strangerRepoId = "999002";

/** The stranger of every example. */
export const stranger = { owner: "evil-org", repo: "evil-repo", ownerId: strangerOwnerId, repoId: strangerRepoId };

/** What each kind of run is asked as, under both forms of subject. */
export function tableRuns(home: Home, forms: readonly SubjectForm[] = subjectForms): Run[] {
  const { named } = home;
  const main: SubjectContext = { kind: "branch", name: home.branch };
  const contexts: SubjectContext[] = [
    main,
    { kind: "branch", name: "feature" },
    { kind: "tag", name: "v1" },
    { kind: "environment", name: home.environment },
    { kind: "environment", name: "made-up" },
    { kind: "pull-request" },
  ];
  const same = (change: Partial<Run["named"]>): Run["named"] => ({ ...named, ...change });
  const others: [Run["named"], SubjectContext[]][] = [
    [same({ repo: "other-repo", repoId: "456790" }), contexts],
    [same({ repo: `${named.repo}-fork`, repoId: "456791" }), contexts],
    [same({ repoId: "456792" }), contexts],
    [same({ ownerId: strangerOwnerId, repoId: strangerRepoId }), contexts],
    [same({ owner: prefixOwner(named.owner), ownerId: "999003", repoId: "999004" }), contexts],
    [{ ...stranger, repo: named.repo }, contexts],
    [stranger, contexts],
  ];
  const runs: Run[] = [];
  for (const form of forms) {
    for (const context of contexts) runs.push({ named, context, form });
    for (const [who, where] of others) for (const context of where) runs.push({ named: who, context, form });
  }
  return runs;
}

/** An account name that begins like the home's; names end after 39 characters. */
function prefixOwner(owner: string): string {
  return `${owner.slice(0, 34)}-evil`;
}

/** What a free run of characters in a subject may stand for. */
const subjectFills = [
  "",
  "x",
  "-evil",
  "evil",
  "evil-org",
  strangerOwnerId,
  "other-repo",
  "-fork",
  "feature",
  "pull_request",
  ":pull_request",
  "environment:made-up",
  "ref:refs/heads/feature",
  "ref:refs/tags/v1",
  ":ref:refs/heads/feature",
  "evil-org/evil-repo",
  "-evil/evil-repo",
  "-evil/evil-repo:ref:refs/heads/main",
  "/evil-repo:ref:refs/heads/main",
  "/other-repo",
  "/other-repo:ref:refs/heads/main",
  "evil-org/evil-repo:ref:refs/heads/main",
  `evil-org@${strangerOwnerId}/evil-repo@${strangerRepoId}:ref:refs/heads/main`,
  `${strangerOwnerId}/evil-repo@${strangerRepoId}:ref:refs/heads/main`,
  `-evil@${strangerOwnerId}/evil-repo@${strangerRepoId}:ref:refs/heads/main`,
  `@${strangerOwnerId}/evil-repo@${strangerRepoId}:ref:refs/heads/main`,
  `other-repo@${strangerRepoId}:ref:refs/heads/main`,
  "other-repo:ref:refs/heads/main",
  "-fork:ref:refs/heads/main",
  `-fork@${strangerRepoId}:ref:refs/heads/main`,
  `${strangerRepoId}:ref:refs/heads/main`,
  "repo:evil-org/evil-repo:ref:refs/heads/",
  "repo:evil-org/evil-repo:environment:",
  `repo:evil-org@${strangerOwnerId}/evil-repo@${strangerRepoId}:environment:`,
  "repo:evil-org/evil-repo:ref:refs/heads/main",
];
/** For the second free run and later ones. */
const laterFills = [
  "",
  "x",
  "-evil",
  "evil-repo",
  strangerRepoId,
  "feature",
  "pull_request",
  "environment:made-up",
  ":ref:refs/heads/main",
  "ref:refs/heads/main",
  "ref:refs/tags/v1",
];
const oneFills = ["x", "-", "1"];
const valueFills = [
  "",
  "x",
  "-evil",
  "evil-org",
  "evil-org/evil-repo",
  "-evil/evil-repo",
  "other-repo",
  "-fork",
  "/evil-repo",
  "refs/heads/feature",
  "1",
];

/** Most texts that one shape is filled in to. */
const fillLimit = 420;

/** Texts that fit a shape. */
function fillShape(shape: Shape, first: readonly string[], later: readonly string[]): string[] {
  let texts = [""];
  let seen = 0;
  for (const piece of shape) {
    const choices =
      piece.kind === "literal"
        ? [piece.text]
        : piece.kind === "one"
          ? oneFills.slice(0, seen > 1 ? 1 : 3)
          : seen++ === 0
            ? first
            : later;
    if (choices.length === 1) texts = texts.map((text) => text + choices[0]);
    else texts = texts.flatMap((text) => choices.map((choice) => text + choice)).slice(0, fillLimit);
  }
  return texts;
}

/** Most runs that are made for one policy beside the table. */
const fittedLimit = 900;

/** Runs whose subject or repository is made to fit a pattern of the policy, the table aside. */
export function fittedRuns(mentions: readonly Mention[], home: Home): Run[] {
  const runs: Run[] = [];
  for (const mention of mentions) {
    const make = makers[mention.claim];
    if (make === undefined) continue;
    for (const shape of shapesOf(mention)) {
      const subject = mention.claim === "sub";
      const texts = fillShape(shape, subject ? subjectFills : valueFills, subject ? laterFills : valueFills);
      for (const text of texts) {
        for (const run of make(text, home)) runs.push(run);
        if (runs.length >= fittedLimit) return runs;
      }
    }
  }
  return runs;
}

const makers: Record<string, (text: string, home: Home) => Run[]> = {
  sub: (text, home) => {
    const run = runOfSubject(text, home);
    return run === undefined ? [] : [run];
  },
  repository: (text, home) => {
    const [owner, repo, more] = text.split("/");
    if (more !== undefined || repo === undefined || !isOwnerName(owner!) || !isRepositoryName(repo)) return [];
    return everyContext(withIds({ owner: owner!, repo }, home), home);
  },
  repository_owner: (text, home) =>
    isOwnerName(text) ? everyContext(withIds({ owner: text, repo: stranger.repo }, home), home) : [],
  repository_id: (text, home) =>
    /^[0-9]{1,18}$/.test(text) ? everyContext({ ...home.named, repoId: text }, home) : [],
  repository_owner_id: (text, home) =>
    /^[0-9]{1,18}$/.test(text) ? everyContext({ ...home.named, ownerId: text }, home) : [],
};

function everyContext(named: Run["named"], home: Home): Run[] {
  const contexts: SubjectContext[] = [
    { kind: "branch", name: home.branch },
    { kind: "environment", name: home.environment },
    { kind: "pull-request" },
  ];
  return contexts.map((context) => ({ named, context, form: "legacy" }));
}

/** A name with the ids that its owner has: the home's where the names are the home's. */
function withIds(names: NamedRepository, home: Home): Run["named"] {
  const ours = names.owner.toLowerCase() === home.named.owner.toLowerCase();
  const ourRepo = ours && names.repo.toLowerCase() === home.named.repo.toLowerCase();
  return {
    owner: names.owner,
    repo: names.repo,
    ownerId: names.ownerId ?? (ours ? home.named.ownerId : strangerOwnerId),
    repoId: names.repoId ?? (ourRepo ? home.named.repoId : strangerRepoId),
  };
}

/** The run that would get this subject; undefined where none can. */
export function runOfSubject(text: string, home: Home): Run | undefined {
  const subject = parseSubject(text);
  if (subject.kind === "none") return undefined;
  if (subject.kind === "repository") {
    const named = withIds(subject.named, home);
    const form: SubjectForm = subject.named.ownerId === undefined ? "legacy" : "immutable";
    const { context } = subject;
    if (context.kind === "other")
      return { named, context, form, subject: text, chosen: new Map(pairsIn(context.text)) };
    // A value with a colon is sent escaped: read back, it must give the same text.
    return subjectOf(named, context, form) === text ? { named, context, form } : undefined;
  }
  const pairs = new Map(subject.pairs);
  for (const key of ["job_workflow_ref", "workflow_ref"]) {
    const called = pairs.get(key);
    if (called !== undefined && !/^[^/]+\/[^/]+\/[^@]+@[^@]+$/.test(called)) return undefined;
  }
  const named: Run["named"] = { ...stranger };
  const repository =
    pairs.get("repository") ?? pairs.get("repo") ?? pairs.get("workflow_ref")?.split("/").slice(0, 2).join("/");
  if (repository !== undefined) {
    const [owner, repo] = repository.split("/");
    if (owner === undefined || repo === undefined || !isOwnerName(owner) || !isRepositoryName(repo)) return undefined;
    Object.assign(named, withIds({ owner, repo }, home));
  }
  const owner = pairs.get("repository_owner");
  if (owner !== undefined)
    Object.assign(named, withIds({ owner, repo: repository === undefined ? home.named.repo : named.repo }, home));
  const ownerId = pairs.get("repository_owner_id") ?? pairs.get("enterprise_id");
  if (ownerId !== undefined) Object.assign(named, { ...(ownerId === home.named.ownerId ? home.named : {}), ownerId });
  const repoId = pairs.get("repository_id");
  if (repoId !== undefined) Object.assign(named, { ...(repoId === home.named.repoId ? home.named : {}), repoId });
  return {
    named,
    context: contextOfPairs(pairs),
    form: "legacy",
    subject: text,
    chosen: new Map([...pairs].filter(([key]) => isChosen(key))),
  };
}

function pairsIn(text: string): [string, string][] {
  const subject = parseSubject(text.replace(/^pull_request:/, ""));
  return subject.kind === "pairs" ? subject.pairs.filter(([key]) => isChosen(key)) : [];
}

function isChosen(key: string): boolean {
  return freeClaims.has(key) || key === "actor" || key === "actor_id" || key === "job_workflow_ref";
}

function contextOfPairs(pairs: ReadonlyMap<string, string>): SubjectContext {
  const environment = pairs.get("environment");
  if (environment !== undefined) return { kind: "environment", name: environment };
  if (pairs.has("pull_request")) return { kind: "pull-request" };
  const ref = pairs.get("ref") ?? "";
  if (ref.startsWith("refs/heads/") && isRefName(ref.slice(11))) return { kind: "branch", name: ref.slice(11) };
  if (ref.startsWith("refs/tags/") && isRefName(ref.slice(10))) return { kind: "tag", name: ref.slice(10) };
  return { kind: "branch", name: "main" };
}

/** Values that a caller may pick for a claim: what the policy compares it with, filled in. */
export function choicesOf(claim: string, mentions: readonly Mention[]): string[] {
  const found: string[] = [];
  for (const mention of mentions) {
    if (mention.claim !== claim) continue;
    for (const shape of shapesOf(mention)) {
      if (isLiteral(shape)) found.push(literalText(shape));
      else found.push(...fillShape(shape, ["x"], ["x"]).slice(0, 1));
    }
  }
  return [...new Set(found)];
}
