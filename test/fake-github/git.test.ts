import { execFile } from "node:child_process";
import { describe, expect, test } from "vitest";
import { commit, git as run, temporaryFolder, write } from "../git/temporary-repository.ts";
import { client, hookOf } from "./client.ts";
import { type Sample, sample } from "./sample.ts";
import { addInstallationToken } from "./seed-app.ts";

const repo = "/repos/acme/shop";

/** The tests' own `git` waits without letting the server answer; this one lets it. */
async function git(folder: string, ...args: string[]): Promise<string> {
  const env = { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: "1", GIT_TERMINAL_PROMPT: "0" };
  return await new Promise((done, failed) =>
    execFile("git", args, { cwd: folder, env }, (error, stdout, stderr) =>
      error === null ? done(stdout.trim()) : failed(new Error(stderr)),
    ),
  );
}

/** The address with a token in it, as workflows and Apps write it. */
function remote({ github }: Sample, token: string): string {
  return `${github.url.replace("://", `://x-access-token:${token}@`)}/acme/shop.git`;
}

describe("over HTTP", () => {
  test("a clone has what was seeded, shallow and filtered ones too", async () => {
    const given = await sample({ visibility: "private" });
    const folder = temporaryFolder();
    await git(folder, "clone", "-q", remote(given, given.token), "all");
    expect(run(`${folder}/all`, ["rev-parse", "HEAD"])).toBe(given.first);
    await git(folder, "clone", "-q", "--depth=1", "--filter=blob:none", "--bare", remote(given, given.token), "less");
    expect(run(`${folder}/less`, ["rev-parse", "HEAD"])).toBe(given.first);
  });

  test("what is private asks for a token, and a token that may not read gets nothing", async () => {
    const given = await sample({ visibility: "private" });
    const folder = temporaryFolder();
    await expect(git(folder, "clone", "-q", `${given.github.url}/acme/shop.git`)).rejects.toThrow(
      /could not read Username|terminal prompts disabled/,
    );
    const token = addInstallationToken(given.github.state, given.installation, { permissions: { issues: "read" } });
    await expect(git(folder, "clone", "-q", remote(given, token))).rejects.toThrow(/403/);
    await expect(git(folder, "clone", "-q", remote(given, "nonsense"))).rejects.toThrow(/Authentication failed|401/i);
  });

  test("a push moves the branch, the pull request and its checks, and is told", async () => {
    const given = await sample();
    const { app, asApp, github, shop, token } = given;
    const folder = temporaryFolder();
    await git(folder, "clone", "-q", remote(given, token), "work");
    const work = `${folder}/work`;
    run(work, ["checkout", "-q", "-b", "topic"]);
    const one = commit(work, { "a.txt": "1\n" });
    await git(work, "push", "-q", "origin", "topic");
    const opened = await asApp("POST", `${repo}/pulls`, { title: "t", head: "topic", base: "main" });
    expect(opened.body).toMatchObject({ head: { sha: one }, changed_files: 1, commits: 1, mergeable: true });
    await github.settled();
    const hook = await hookOf(app);
    const two = commit(work, { "a.txt": "2\n", "b.txt": "2\n" });
    await git(work, "push", "-q", "origin", "topic");
    await github.settled();
    const told = hook.received.map(({ event, text }) => ({ event, ...JSON.parse(text) }));
    expect(told.map(({ event, action }) => [event, action]).sort()).toEqual([
      ["check_suite", "requested"],
      ["pull_request", "synchronize"],
      ["push", undefined],
    ]);
    const push = told.find(({ event }) => event === "push");
    expect(push).toMatchObject({
      ...{ ref: "refs/heads/topic", before: one, after: two, forced: false, created: false },
      commits: [{ id: two, added: ["b.txt"], modified: ["a.txt"] }],
    });
    expect(shop.issues.get(1)!.pull!.headSha).toBe(two);
    expect((await asApp("GET", `${repo}/git/ref/pull/1/head`)).body).toMatchObject({ object: { sha: two } });
  });

  test("a push of workflow files needs the permission, and an archived repository takes none", async () => {
    const given = await sample();
    const { github, installation, shop } = given;
    const token = addInstallationToken(github.state, installation, { permissions: { contents: "write" } });
    const folder = temporaryFolder();
    await git(folder, "clone", "-q", remote(given, token), "work");
    const work = `${folder}/work`;
    write(work, ".github/workflows/ci.yml", "on: pull_request\n");
    commit(work, {});
    await expect(git(work, "push", "-q", "origin", "HEAD:main")).rejects.toThrow(/without `workflows` permission/);
    await git(work, "push", "-q", remote(given, given.token), "HEAD:main");
    shop.archived = true;
    commit(work, { c: "1" });
    await expect(git(work, "push", "-q", remote(given, given.token), "HEAD:main")).rejects.toThrow(/403/);
  });
});

describe("createCommitOnBranch", () => {
  const query =
    "mutation ($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid url signature { isValid } } ref { name } } }";
  const input = (expectedHeadOid: string, more: object = {}) => ({
    branch: { repositoryNameWithOwner: "acme/shop", branchName: "main" },
    message: { headline: "Use OIDC", body: "why" },
    expectedHeadOid,
    fileChanges: {
      additions: [{ path: "docs/oidc.md", contents: Buffer.from("# OIDC\n").toString("base64") }],
      deletions: [{ path: "README.md" }],
    },
    ...more,
  });

  test("makes a commit that is really there, signed", async () => {
    const { asApp, first, shop } = await sample();
    const { body } = await asApp("POST", "/graphql", { query, variables: { input: input(first) } });
    const made = (body as { data: { createCommitOnBranch: { commit: { oid: string; url: string } } } }).data
      .createCommitOnBranch;
    expect(made).toMatchObject({ commit: { signature: { isValid: true } }, ref: { name: "main" } });
    expect(run(shop.folder!, ["cat-file", "-p", `${made.commit.oid}:docs/oidc.md`])).toBe("# OIDC");
    expect(run(shop.folder!, ["ls-tree", "--name-only", "main"]).split("\n")).toEqual([".github", "docs", "src"]);
    const shown = (await asApp("GET", `${repo}/commits/${made.commit.oid}`)).body;
    expect(shown).toMatchObject({
      commit: { verification: { verified: true }, message: "Use OIDC\n\nwhy" },
      author: { login: "leasehold[bot]" },
    });
  });

  test("of two at once on the same head one is made", async () => {
    const { asApp, first } = await sample();
    const ask = () => asApp("POST", "/graphql", { query, variables: { input: input(first) } });
    const types = (await Promise.all([ask(), ask(), ask()])).map(
      ({ body }) => (body as { errors?: { type: string }[] }).errors?.[0]?.type ?? "made",
    );
    expect(types.sort()).toEqual(["STALE_DATA", "STALE_DATA", "made"]);
  });

  test("is refused where the branch has moved, the token may not write, or workflows are touched", async () => {
    const { asApp, github, installation, first } = await sample();
    const moved = await asApp("POST", "/graphql", { query, variables: { input: input("1".repeat(40)) } });
    expect(moved).toMatchObject({ status: 200, body: { data: null, errors: [{ type: "STALE_DATA" }] } });
    const only = (permissions: Record<string, "read" | "write">) =>
      client(github, addInstallationToken(github.state, installation, { permissions }));
    const reading = await only({ contents: "read" })("POST", "/graphql", { query, variables: { input: input(first) } });
    expect(reading.body).toMatchObject({ errors: [{ type: "FORBIDDEN" }] });
    const fileChanges = { additions: [{ path: ".github/workflows/x.yml", contents: "" }] };
    const workflows = await only({ contents: "write" })("POST", "/graphql", {
      query,
      variables: { input: input(first, { fileChanges }) },
    });
    expect(workflows.body).toMatchObject({ errors: [{ type: "FORBIDDEN" }] });
  });

  test.each([
    ["a field of the input", query, { extra: 1 }, /extra/],
    [
      "a field of the answer",
      "mutation($input: X!) { createCommitOnBranch(input: $input) { commit { colour } } }",
      {},
      /colour/,
    ],
    [
      "a mutation",
      "mutation($input: X!) { deleteEverything(input: $input) { ok } }",
      {},
      /query that the fake does not know/,
    ],
    ["a document", "mutation {", {}, /cannot be read/],
  ])("%s that GitHub has not fails the test", async (_, document, more, expected) => {
    const { asApp, github, first } = await sample({ closes: false });
    await asApp("POST", "/graphql", { query: document, variables: { input: input(first, more) } });
    await expect(github.close()).rejects.toThrow(expected);
  });
});

test("content is git's own, whatever door it comes in by", async () => {
  const { asApp, shop } = await sample();
  const put = { message: "add", content: Buffer.from("ü\n").toString("base64"), branch: "main" };
  const { body } = await asApp("PUT", `${repo}/contents/docs/%C3%BC%20x.md`, put);
  expect(run(shop.folder!, ["show", "main:docs/ü x.md"])).toBe("ü");
  expect((await asApp("PUT", `${repo}/contents/docs/%C3%BC%20x.md`, put)).status).toBe(422);
  const { content } = body as { content: { sha: string; path: string } };
  expect(content.path).toBe("docs/ü x.md");
  expect((await asApp("PUT", `${repo}/contents/docs/%C3%BC%20x.md`, { ...put, sha: "0".repeat(40) })).status).toBe(409);
  const raw = await asApp("GET", `${repo}/contents/docs/%C3%BC%20x.md`, undefined, {
    accept: "application/vnd.github.raw+json",
  });
  expect(raw.text).toBe("ü\n");
});
