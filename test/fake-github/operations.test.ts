import { expect, test } from "vitest";
import { hookOf } from "./client.ts";
import { commitFiles } from "./commit.ts";
import { operations } from "./operations.ts";
import { fillStores, sample } from "./sample.ts";
import { addRepository } from "./seed.ts";

type Body = { sha: string; id: number; number: number; tree: { sha: string }; token: string; object: { sha: string } };

test("every operation answers once, and as GitHub describes it", async () => {
  const now = Date.parse("2026-11-21T06:00:00Z");
  const given = await sample({ now: () => now });
  fillStores(given);
  const { github, shop, app, installation, asApp, asJwt, asOwner, asNobody, first } = given;
  const repo = "/repos/acme/shop";
  const ok = async (ask: typeof asApp, method: string, path: string, body?: unknown): Promise<Body> => {
    const reply = await ask(method, path, body);
    expect(`${method} ${path} ${reply.status}: ${reply.status >= 300 ? reply.text : ""}`).toMatch(/ 2\d\d: $/);
    return reply.body as Body;
  };
  const get = async (...paths: string[]) => {
    for (const path of paths) await ok(asApp, "GET", path);
  };

  await get(
    "/orgs/acme",
    "/orgs/acme/members?role=admin",
    "/orgs/acme/memberships/alice",
    "/orgs/acme/outside_collaborators",
  );
  await get("/orgs/acme/teams", "/orgs/acme/teams/platform/members", "/orgs/acme/repos", "/users/alice", "/rate_limit");
  await ok(asOwner, "GET", "/user");
  for (const store of ["actions", "dependabot", "codespaces", "agents"]) {
    await get(`${repo}/${store}/secrets`, `${repo}/${store}/secrets/key`, `/orgs/acme/${store}/secrets`);
    await get(`/orgs/acme/${store}/secrets/SHARED/repositories`);
    await ok(asApp, "DELETE", `${repo}/${store}/secrets/KEY`);
  }
  await get(`${repo}/actions/organization-secrets`, `${repo}/agents/organization-secrets`, `${repo}/actions/variables`);
  await get(
    `${repo}/actions/organization-variables`,
    `${repo}/agents/variables`,
    `${repo}/agents/organization-variables`,
  );
  await get("/orgs/acme/agents/variables", `${repo}/actions/permissions/workflow`);
  await get(`${repo}/secret-scanning/alerts?state=open&hide_secret=true`, `${repo}/secret-scanning/alerts/1`);
  await get("/orgs/acme/actions/variables", `${repo}/environments`, `${repo}/environments/production`);
  const production = `${repo}/environments/production`;
  await get(`${production}/secrets`, `${production}/variables`, `${production}/deployment_protection_rules`);
  await get(`${repo}/keys`, `${repo}/keys/77`, `${repo}/hooks`, "/orgs/acme/personal-access-tokens");
  await ok(asApp, "DELETE", `${repo}/keys/77`);
  await get("/orgs/acme/credential-authorizations", "/orgs/acme/private-registries", "/orgs/acme/installations");
  await get("/orgs/acme/properties/values", `${repo}/properties/values`, "/orgs/acme/actions/oidc/customization/sub");
  await get(repo, `${repo}/collaborators/alice/permission`, `${repo}/collaborators`);
  await get(
    `${repo}/actions/workflows`,
    `${repo}/actions/workflows/ci.yml/runs`,
    `${repo}/actions/runs`,
    `${repo}/actions/runs/88`,
  );
  await get(
    `${repo}/rules/branches/main`,
    `${repo}/rulesets`,
    `${repo}/rulesets/99`,
    `${repo}/actions/oidc/customization/sub`,
  );

  // Git: a branch by its objects, another by files.
  await get(`${repo}/git/ref/heads/main`, `${repo}/git/matching-refs/heads`, `${repo}/git/commits/${first}`);
  const { sha: blob } = await ok(asApp, "POST", `${repo}/git/blobs`, { content: "three\n", encoding: "utf-8" });
  await get(`${repo}/git/blobs/${blob}`, `${repo}/git/trees/main?recursive=1`);
  const entry = { path: "src/three.txt", mode: "100644", type: "blob", sha: blob };
  const { sha: tree } = await ok(asApp, "POST", `${repo}/git/trees`, { base_tree: first, tree: [entry] });
  const { sha: commit } = await ok(asApp, "POST", `${repo}/git/commits`, { message: "third", tree, parents: [first] });
  await ok(asApp, "POST", `${repo}/git/refs`, { ref: "refs/heads/topic/one", sha: first });
  await ok(asApp, "PATCH", `${repo}/git/refs/heads/topic/one`, { sha: commit });
  await ok(asApp, "POST", `${repo}/git/refs`, { ref: "refs/heads/gone", sha: first });
  await ok(asApp, "DELETE", `${repo}/git/refs/heads/gone`);
  const content = Buffer.from("new\n").toString("base64");
  await ok(asApp, "PUT", `${repo}/contents/new.txt`, { message: "new", content, branch: "topic/one" });
  const file = await ok(asApp, "GET", `${repo}/contents/new.txt?ref=topic/one`);
  await ok(asApp, "PUT", `${repo}/contents/new.txt`, { message: "again", content, sha: file.sha, branch: "topic/one" });
  await ok(asApp, "DELETE", `${repo}/contents/new.txt`, { message: "no", sha: file.sha, branch: "topic/one" });
  await get(
    `${repo}/contents/src`,
    `${repo}/contents/src/a%20b/%C3%BC.txt`,
    `${repo}/branches`,
    `${repo}/branches/topic/one`,
  );
  await get(
    `${repo}/commits?sha=topic/one&per_page=1`,
    `${repo}/commits/topic%2Fone`,
    `${repo}/compare/main...topic/one`,
  );

  // Pull requests, reviews, issues.
  const pull = await ok(asApp, "POST", `${repo}/pulls`, {
    title: "Third",
    head: "topic/one",
    base: "main",
    body: "why",
  });
  const at = `${repo}/pulls/${pull.number}`;
  await get(`${repo}/pulls?head=acme:topic/one`, at, `${at}/files`, `${at}/commits`, `${repo}/commits/${commit}/pulls`);
  await ok(asApp, "PATCH", at, { title: "Third, better" });
  await ok(asApp, "POST", `${at}/requested_reviewers`, { reviewers: ["alice"], team_reviewers: ["platform"] });
  const comments = [{ path: "src/three.txt", line: 1, body: "here" }];
  const review = await ok(asOwner, "POST", `${at}/reviews`, { event: "APPROVE", body: "fine", comments });
  await get(`${at}/reviews`, `${at}/reviews/${review.id}`, `${at}/comments`);
  const line = { path: "src/three.txt", line: 1, side: "RIGHT", commit_id: commit, body: "and here" };
  await ok(asApp, "POST", `${at}/comments`, line);
  const labels = ["leak", { name: "sev:high" }];
  const issue = await ok(asApp, "POST", `${repo}/issues`, {
    title: "A key",
    body: "there",
    labels,
    assignees: ["alice"],
  });
  const issueAt = `${repo}/issues/${issue.number}`;
  await get(`${repo}/issues?state=all&labels=leak`, issueAt);
  const comment = await ok(asApp, "POST", `${issueAt}/comments`, { body: "look" });
  const commentAt = `${repo}/issues/comments/${comment.id}`;
  await get(`${issueAt}/comments`, commentAt);
  await ok(asApp, "PATCH", commentAt, { body: "look again" });
  await ok(asApp, "POST", `${commentAt}/reactions`, { content: "eyes" });
  await ok(asApp, "POST", `${issueAt}/reactions`, { content: "eyes" });
  await ok(asApp, "DELETE", commentAt);
  await ok(asApp, "POST", `${issueAt}/labels`, { labels: ["a", "b"] });
  await ok(asApp, "DELETE", `${issueAt}/labels/a`);
  await ok(asApp, "PUT", `${issueAt}/labels`, { labels: ["c"] });
  await ok(asApp, "POST", `${repo}/labels`, { name: "d", color: "ff0000" });
  await get(`${repo}/labels`);
  await ok(asApp, "PATCH", issueAt, { state: "closed", state_reason: "not_planned" });

  // Checks and statuses.
  const output = { title: "1 blocking", summary: "a key", annotations: [annotation(1)] };
  const actions = [{ label: "Fix", description: "Opens a fix", identifier: "fix" }];
  const run = await ok(asApp, "POST", `${repo}/check-runs`, { name: "leasehold", head_sha: commit, output, actions });
  const runAt = `${repo}/check-runs/${run.id}`;
  await ok(asApp, "PATCH", runAt, {
    conclusion: "failure",
    output: { title: "2", summary: "s", annotations: [annotation(2)] },
  });
  await get(
    runAt,
    `${runAt}/annotations`,
    `${repo}/commits/${commit}/check-runs`,
    `${repo}/commits/topic%2Fone/check-suites`,
  );
  await get(`${repo}/check-suites/${shop.checkSuites.find(({ headSha }) => headSha === commit)!.id}/check-runs`);
  await ok(asApp, "POST", `${repo}/statuses/${commit}`, { state: "success", context: "ci", description: "fine" });
  await get(`${repo}/commits/${commit}/status`);
  await ok(asApp, "PUT", `${at}/merge`, {});

  await get(`${repo}/check-suites/${shop.checkSuites[0]!.id}`);
  await ok(asApp, "POST", `${repo}/check-suites`, { head_sha: first });
  await ok(asApp, "POST", `${runAt}/rerequest`);
  await ok(asApp, "POST", `${issueAt}/assignees`, { assignees: ["carol"] });

  // The App itself.
  await ok(asJwt, "GET", "/app/hook/config");
  await ok(asNobody, "GET", "/apps/leasehold");
  github.state.manifestCodes.set("once", app);
  await ok(asNobody, "POST", "/app-manifests/once/conversions");
  for (const path of ["/app", "/app/installations", "/orgs/acme/installation", `${repo}/installation`])
    await ok(asJwt, "GET", path);
  await ok(asJwt, "GET", "/users/acme/installation");
  await ok(asJwt, "GET", `/app/installations/${installation.id}`);
  const hook = await hookOf(app);
  hook.status = 500;
  const { id } = await github.deliver(app, "ping", { zen: "…" });
  await ok(asJwt, "GET", "/app/hook/deliveries?status=failure");
  await ok(asJwt, "GET", `/app/hook/deliveries/${id}`);
  await ok(asJwt, "POST", `/app/hook/deliveries/${id}/attempts`);
  await github.settled();
  await get("/installation/repositories");
  await ok(asJwt, "POST", `/app/installations/${installation.id}/access_tokens`, {
    repositories: ["shop"],
    permissions: { checks: "write" },
  });
  await ok(asApp, "DELETE", "/installation/token");
  await ok(asNobody, "POST", "/credentials/revoke", { credentials: ["x"] });
  await ok(asJwt, "PUT", `/app/installations/${installation.id}/suspended`);
  await ok(asJwt, "DELETE", `/app/installations/${installation.id}/suspended`);
  await ok(asJwt, "DELETE", `/app/installations/${installation.id}`);

  const answered = new Set(github.calls.filter(({ status }) => status < 300).map(({ operation }) => operation));
  expect(Object.keys(operations).filter((id) => !answered.has(id))).toEqual([]);
});

function annotation(line: number) {
  return { path: "src/three.txt", start_line: line, end_line: line, annotation_level: "failure", message: "a key" };
}

test("a repository without commits says so", async () => {
  const { github, asApp } = await sample();
  const empty = addRepository(github.state, "acme/empty");
  expect((await asApp("GET", "/repos/acme/empty/commits")).status).toBe(409);
  await commitFiles(github.state, empty, { files: { a: "1" } });
  expect((await asApp("GET", "/repos/acme/empty/commits")).body).toHaveLength(1);
});
