/** The runs of the truth table, made here by hand and not by the code under test. */

export type Run = { name: string; claims: Map<string, string> };

const main = "ref:refs/heads/main";
const contexts: Record<string, { sub: string; ref: string; event: string; environment?: string }> = {
  main: { sub: main, ref: "refs/heads/main", event: "push" },
  branch: { sub: "ref:refs/heads/feature", ref: "refs/heads/feature", event: "push" },
  tag: { sub: "ref:refs/tags/v1", ref: "refs/tags/v1", event: "push" },
  prod: { sub: "environment:prod", ref: "refs/heads/main", event: "push", environment: "prod" },
  other: { sub: "environment:made-up", ref: "refs/heads/main", event: "push", environment: "made-up" },
  pull: { sub: "pull_request", ref: "refs/pull/1/merge", event: "pull_request" },
};

/** Who: owner, repository and their ids. */
const people: Record<string, [owner: string, repo: string, ownerId: string, repoId: string]> = {
  own: ["octo-org", "octo-repo", "123456", "456789"],
  sibling: ["octo-org", "other-repo", "123456", "456790"],
  suffix: ["octo-org", "octo-repo-fork", "123456", "456791"],
  "new-repo": ["octo-org", "octo-repo", "123456", "456792"],
  "new-owner": ["octo-org", "octo-repo", "999001", "999002"],
  evil: ["octo-org-evil", "octo-repo", "999003", "999004"],
  fork: ["evil-org", "octo-repo", "999005", "999006"],
  stranger: ["evil-org", "evil-repo", "999005", "999007"],
};

function claimsOf(who: string, where: string, sub: string): Map<string, string> {
  const [owner, repo, ownerId, repoId] = people[who]!;
  const context = contexts[where]!;
  const claims = new Map([
    ["iss", "https://token.actions.githubusercontent.com"],
    ["aud", "sts.amazonaws.com"],
    ["sub", sub],
    ["repository", `${owner}/${repo}`],
    ["repository_id", repoId],
    ["repository_owner", owner],
    ["repository_owner_id", ownerId],
    ["repository_visibility", "public"],
    ["ref", context.ref],
    ["ref_type", context.ref.startsWith("refs/tags/") ? "tag" : "branch"],
    ["event_name", context.event],
    ["workflow", "Deploy"],
    ["job_workflow_ref", `${owner}/${repo}/.github/workflows/deploy.yml@${context.ref}`],
    ["actor", "octocat"],
    ["actor_id", "42"],
    ["runner_environment", "github-hosted"],
  ]);
  if (context.environment !== undefined) claims.set("environment", context.environment);
  return claims;
}

/** Every run: who, where, and in which form of subject; then those with custom templates. */
export const runs: Run[] = [];
for (const who of Object.keys(people)) {
  const [owner, repo, ownerId, repoId] = people[who]!;
  for (const where of Object.keys(contexts)) {
    const { sub } = contexts[where]!;
    runs.push({ name: `L:${who}/${where}`, claims: claimsOf(who, where, `repo:${owner}/${repo}:${sub}`) });
    runs.push({
      name: `I:${who}/${where}`,
      claims: claimsOf(who, where, `repo:${owner}@${ownerId}/${repo}@${repoId}:${sub}`),
    });
  }
}
const shared = "octo-org/shared/.github/workflows/d.yml@refs/heads/main";
const templates: [name: string, who: string, where: string, sub: string][] = [
  ["T:stranger/environment", "stranger", "prod", "environment:prod"],
  ["T:stranger/ref", "stranger", "main", main],
  ["T:stranger/workflow", "stranger", "main", "workflow:Deploy"],
  ["T:stranger/owner", "stranger", "prod", "repository_owner:evil-org:environment:prod"],
  ["T:stranger/repo-in-environment", "stranger", "prod", "environment:octo-org/octo-repo"],
  ["T:own/repository-id", "own", "prod", "repository_id:456789:environment:prod"],
  ["T:own/owner", "own", "prod", "repository_owner:octo-org:environment:prod"],
];
for (const [name, who, where, sub] of templates) runs.push({ name, claims: claimsOf(who, where, sub) });
const caller = claimsOf("stranger", "main", `job_workflow_ref:${shared}`);
caller.set("job_workflow_ref", shared);
runs.push({ name: "T:stranger/caller", claims: caller });

/**
 * Names of runs by a short text: words with `*`, a word with `!` in front takes away.
 * `own` is short for `L:own/* I:own/*`, and so for each of the people.
 */
export function named(text: string): Set<string> {
  const found = new Set<string>();
  for (const word of text.split(/\s+/)) {
    if (word === "") continue;
    const taking = word.startsWith("!");
    const body = taking ? word.slice(1) : word;
    const full = /^[LIT]:|^\*/.test(body) ? body : body.includes("/") ? `?:${body}` : `?:${body}/*`;
    const pattern = new RegExp(
      `^${full
        .replace(/[.+^${}()|[\]\\]/g, "\\$&")
        .replaceAll("*", ".*")
        .replace(/^\?/, "[LI]")}$`,
    );
    for (const { name } of runs) {
      if (!pattern.test(name)) continue;
      if (taking) found.delete(name);
      else found.add(name);
    }
  }
  return found;
}
