import { describe, expect, test } from "vitest";
import { client, jwtOf } from "./client.ts";
import { type Sample, sample } from "./sample.ts";
import { addRepository, addSecret } from "./seed.ts";
import {
  addApp,
  addClassicToken,
  addFineGrainedToken,
  addInstallation,
  addInstallationToken,
  addWorkflowToken,
} from "./seed-app.ts";

const repo = "/repos/acme/shop";
const secrets = `${repo}/actions/secrets`;

async function mint({ asJwt, installation }: Sample, wanted: object) {
  const reply = await asJwt("POST", `/app/installations/${installation.id}/access_tokens`, wanted);
  return { status: reply.status, body: reply.body as { token: string; expires_at: string; permissions: object } };
}

describe("installation tokens", () => {
  test("hold the permissions and repositories they were asked for, and no more", async () => {
    const given = await sample({ visibility: "private" });
    const { github } = given;
    addRepository(github.state, "acme/other");
    const { body } = await mint(given, { repositories: ["shop"], permissions: { issues: "write", contents: "read" } });
    expect(body).toMatchObject({ permissions: { issues: "write", contents: "read", metadata: "read" } });
    const ask = client(github, body.token);
    expect((await ask("POST", `${repo}/issues`, { title: "x" })).status).toBe(201);
    const refused = await ask("GET", secrets);
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({ message: "Resource not accessible by integration" });
    expect(refused.headers.get("x-accepted-github-permissions")).toBe("secrets=read");
    const put = { message: "m", content: "" };
    expect((await ask("PUT", `${repo}/contents/a`, put)).status).toBe(403);
    expect((await ask("GET", "/repos/acme/other")).status).toBe(404);
    expect((await ask("GET", "/installation/repositories")).body).toMatchObject({ total_count: 1 });
  });

  test.each([
    ["a permission that was not granted", { permissions: { packages: "write" } }],
    ["a repository that is not there", { repositories: ["nowhere"] }],
  ])("%s is refused", async (_, wanted) => {
    expect((await mint(await sample(), wanted)).status).toBe(422);
  });

  test("end after an hour, with their revocation, and with the installation's suspension", async () => {
    let now = Date.parse("2026-11-21T06:00:00Z");
    const given = await sample({ now: () => now });
    const { github, installation } = given;
    const fresh = async () => client(github, (await mint(given, {})).body.token);
    const revoked = await fresh();
    expect((await revoked("DELETE", "/installation/token")).status).toBe(204);
    expect((await revoked("GET", repo)).status).toBe(401);
    const old = await fresh();
    installation.suspendedAt = "2026-11-21T06:00:00Z";
    expect((await old("GET", repo)).status).toBe(403);
    installation.suspendedAt = null;
    expect((await old("GET", repo)).status).toBe(200);
    now += 3_600_000;
    expect((await old("GET", repo)).status).toBe(401);
  });

  test("workflow files need the permission for workflows beside the one for contents", async () => {
    const { github, installation, first } = await sample();
    const token = addInstallationToken(github.state, installation, { permissions: { contents: "write" } });
    const ask = client(github, token);
    const put = { message: "m", content: Buffer.from("on: push\n").toString("base64") };
    expect((await ask("PUT", `${repo}/contents/.github/workflows/new.yml`, put)).status).toBe(403);
    expect((await ask("PUT", `${repo}/contents/src/new.yml`, put)).status).toBe(201);
    const tree = [{ path: ".github/workflows/new.yml", mode: "100644", type: "blob", content: "on: push\n" }];
    const made = (await ask("POST", `${repo}/git/trees`, { base_tree: first, tree })).body as { sha: string };
    const commit = (await ask("POST", `${repo}/git/commits`, { message: "m", tree: made.sha, parents: [first] }))
      .body as { sha: string };
    expect((await ask("POST", `${repo}/git/refs`, { ref: "refs/heads/sly", sha: commit.sha })).status).toBe(403);
  });
});

describe("JWTs of Apps", () => {
  const now = Date.parse("2026-11-21T06:00:00Z");
  test("say who the App is, where they are signed with its key and not too long", async () => {
    const { github, app, asJwt, asApp } = await sample();
    expect((await asJwt("GET", "/app")).body).toMatchObject({ slug: "leasehold" });
    const other = addApp(github.state, "other", {});
    const forged = { ...app, keys: other.keys };
    for (const [jwt, status] of [
      [jwtOf(forged, now), 401],
      [jwtOf(app, now, 3_600), 401],
      [jwtOf(app, now - 3_600_000), 401],
      [jwtOf(other, now), 200],
    ] as const)
      expect((await client(github, jwt)("GET", "/app")).status).toBe(status);
    expect((await asJwt("GET", repo)).status).toBe(403);
    expect((await asApp("GET", "/app")).status).toBe(401);
  });

  test("an App sees its own installations alone", async () => {
    const { github, installation } = await sample();
    const other = addApp(github.state, "other", {});
    const own = addInstallation(github.state, other, "acme", { repositories: ["acme/shop"] });
    const ask = client(github, jwtOf(other, now));
    expect((await ask("GET", `/app/installations/${installation.id}`)).status).toBe(404);
    expect((await ask("GET", `/app/installations/${own.id}`)).body).toMatchObject({ repository_selection: "selected" });
  });
});

describe("people's tokens", () => {
  test("scopes are told, and what they do not reach is hidden", async () => {
    const { github, shop } = await sample({ visibility: "private" });
    addSecret(github.state, shop, "actions", "KEY");
    const narrow = await client(github, addClassicToken(github.state, "alice", ["read:org"]))("GET", secrets);
    expect(narrow.status).toBe(404);
    expect(narrow.headers.get("x-oauth-scopes")).toBe("read:org");
    expect(narrow.headers.get("x-accepted-oauth-scopes")).toBe("repo");
    expect((await client(github, addClassicToken(github.state, "alice", ["repo"]))("GET", secrets)).status).toBe(200);
  });

  test("roles hold whatever the scopes are", async () => {
    const { github, shop } = await sample({ visibility: "private" });
    shop.collaborators.set("eve", "write");
    const scopes = ["repo", "admin:org", "admin:repo_hook"];
    const asEve = client(github, addClassicToken(github.state, "eve", scopes));
    expect((await asEve("GET", secrets)).status).toBe(200);
    expect((await asEve("GET", `${repo}/hooks`)).status).toBe(404);
    expect((await asEve("GET", "/orgs/acme/actions/secrets")).status).toBe(403);
    const asCarol = client(github, addClassicToken(github.state, "carol", scopes));
    expect((await asCarol("GET", repo)).body).toMatchObject({ permissions: { pull: true, push: false } });
    expect((await asCarol("GET", secrets)).status).toBe(403);
  });

  test("a fine-grained token has what it was given, within what its owner may", async () => {
    const { github } = await sample({ visibility: "private" });
    const ask = (login: string, permissions: Record<string, "read" | "write">) =>
      client(github, addFineGrainedToken(github.state, login, "acme", permissions, ["acme/shop"]))("GET", secrets);
    expect((await ask("alice", { secrets: "read" })).status).toBe(200);
    expect((await ask("alice", { contents: "read" })).status).toBe(403);
    expect((await ask("carol", { secrets: "read" })).status).toBe(403);
  });

  test("only Apps list fine-grained tokens, and make checks", async () => {
    const { asOwner, first } = await sample();
    expect((await asOwner("GET", "/orgs/acme/personal-access-tokens")).status).toBe(403);
    expect((await asOwner("POST", `${repo}/check-runs`, { name: "x", head_sha: first })).status).toBe(403);
  });
});

test("a workflow's token reaches one repository, and cannot list secrets", async () => {
  const { github } = await sample({ visibility: "private" });
  addRepository(github.state, "acme/other");
  const ask = client(
    github,
    addWorkflowToken(github.state, "acme/shop", { contents: "read", pull_requests: "write", checks: "write" }),
  );
  expect((await ask("GET", `${repo}/contents/README.md`)).status).toBe(200);
  expect((await ask("GET", secrets)).status).toBe(403);
  expect((await ask("GET", "/repos/acme/other")).status).toBe(404);
  const { headers } = await ask("GET", repo);
  expect(headers.get("x-ratelimit-limit")).toBe("1000");
});

test("leaked tokens are revoked without signing in, and not otherwise", async () => {
  const { github, asApp, asNobody } = await sample();
  const leaked = addClassicToken(github.state, "carol", ["repo"]);
  const body = { credentials: [leaked] };
  expect((await asApp("POST", "/credentials/revoke", body)).status).toBe(403);
  expect((await asNobody("POST", "/credentials/revoke", body)).status).toBe(202);
  expect((await client(github, leaked)("GET", "/user")).status).toBe(401);
});
