/** Fetching over HTTP from a server that wants a token: only what is needed comes, and the token is nowhere. */
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openGitCache } from "../../src/git/cache.ts";
import { gitEnvironment } from "../../src/git/command.ts";
import {
  fetchCommits,
  fetchTrees,
  noteWhole,
  prepareRepository,
  RemoteMissing,
  remoteBranches,
} from "../../src/git/fetch.ts";
import { commitFiles } from "../fake-github/commit.ts";
import { addOrganisation, addRepository } from "../fake-github/seed.ts";
import { addClassicToken } from "../fake-github/seed-app.ts";
import { startFakeGitHub } from "../fake-github/server.ts";
import { git, temporaryFolder } from "./temporary-repository.ts";

async function served() {
  const github = await startFakeGitHub();
  onTestFinished(() => github.close());
  const { state } = github;
  addOrganisation(state, "acme", { alice: "admin" });
  const shop = addRepository(state, "acme/shop");
  const token = addClassicToken(state, "alice", ["repo"]);
  const authorization = `Basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`;
  const folder = temporaryFolder();
  const remote = { url: `${github.url}/acme/shop.git`, authorization };
  const target = await prepareRepository(folder, remote.url);
  return {
    github,
    state,
    shop,
    token,
    authorization,
    folder,
    target,
    source: { remote, signal: AbortSignal.timeout(60_000) },
  };
}

const objects = (folder: string) =>
  git(folder, ["cat-file", "--batch-all-objects", "--batch-check=%(objecttype)"]).split("\n");

describe("a fetch", () => {
  it("brings the commits, and of their files only those that are asked for", async () => {
    const { state, shop, folder, target, source } = await served();
    for (let at = 0; at < 5; at++) await commitFiles(state, shop, { files: { "a/b.txt": `${at}\n` } });
    const tip = await commitFiles(state, shop, { files: { "c.txt": "c\n" } });
    const { defaultBranch, tips } = await remoteBranches(target, source, ["none"]);
    expect([defaultBranch, tips.get("main")]).toEqual(["main", tip]);
    expect(await fetchCommits(target, source, [tip, "1".repeat(40)])).toEqual({ gone: ["1".repeat(40)] });
    expect(new Set(objects(folder))).toEqual(new Set(["commit"]));
    await fetchTrees(target, source, [tip]);
    expect(objects(folder).filter((type) => type === "blob")).toHaveLength(2);
    await noteWhole(target, [tip]);
    const next = await commitFiles(state, shop, { files: { "d.txt": "d\n" } });
    await fetchCommits(target, source, [next]);
    // The difference to what is whole came at once.
    expect(objects(folder).filter((type) => type === "blob")).toHaveLength(3);
  });

  it("leaves no token in a file, and takes no plain address but its own", async () => {
    const { state, shop, token, authorization, folder, target, source } = await served();
    const tip = await commitFiles(state, shop, { files: { "a.txt": "a\n" } });
    await fetchCommits(target, source, [tip]);
    await fetchTrees(target, source, [tip]);
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const text = readFileSync(join(entry.parentPath, entry.name), "latin1");
      expect(text.includes(token) || text.includes(authorization.slice(6)), entry.name).toBe(false);
    }
    const elsewhere = { url: "http://github.example/acme/shop.git", authorization };
    expect(() => gitEnvironment(target, process.env, elsewhere)).toThrow("in the clear");
    expect(gitEnvironment(target).GIT_ALLOW_PROTOCOL).toBe("");
  });

  it("tells a repository that may not be seen from a server in trouble", async () => {
    const { github, target, source } = await served();
    const wrong = { ...source, remote: { ...source.remote, url: `${github.url}/acme/other.git` } };
    await prepareRepository(target.gitDir, wrong.remote.url);
    await expect(remoteBranches(target, wrong, [])).rejects.toBeInstanceOf(RemoteMissing);
    github.fail({ operation: "git/fetch", status: 503 });
    await prepareRepository(target.gitDir, source.remote.url);
    await expect(remoteBranches(target, source, [])).rejects.toThrow("the answer was 503");
  });
});

describe("the cache", () => {
  it("is private, one at a time of a name, bounded, and empties itself", async () => {
    const root = join(temporaryFolder(), "cache");
    let now = 0;
    const cache = openGitCache(root, { most: 10, now: () => now });
    const order: string[] = [];
    const slow = cache.use("a", async (folder) => {
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      await new Promise((done) => setTimeout(done, 30));
      order.push("first");
    });
    await Promise.all([slow, cache.use("a", async () => void order.push("second"))]);
    expect(order).toEqual(["first", "second"]);
    expect(statSync(root).mode & 0o777).toBe(0o700);
    await cache.use("a", async (folder) => writeFileSync(join(folder, "x"), "12345678"));
    now = 5;
    await cache.use("b", async (folder) => writeFileSync(join(folder, "x"), "12345678"));
    const names = () => readdirSync(join(root, String(process.pid)));
    expect(names()).toEqual(["b"]);
    expect(await cache.removeOlder(6)).toBe(1);
    expect(names()).toEqual([]);
    cache.close();
    expect(readdirSync(root)).toEqual([]);
  });
});
