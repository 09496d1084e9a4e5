import { afterEach, describe, expect, test } from "vitest";
import { takeInventory } from "../../src/github/inventory.ts";
import { type GitHubOptions, octokitPort } from "../../src/github/octokit.ts";
import { acme, hidden, secret, shop } from "./sample.ts";
import { type FakeGitHub, type Reply, startGitHub } from "./server.ts";

const token = ["fake", "token", "of", "the", "test"].join("_");
let server: FakeGitHub;
afterEach(async () => await server.close());

async function start(
  changes: Record<string, Reply | ((count: number) => Reply)> = {},
  options: Partial<GitHubOptions> = {},
) {
  server = await startGitHub({ ...acme(), ...changes }, token);
  return octokitPort({
    ...{ url: server.url, token, userAgent: "leasehold/test", signal: new AbortController().signal, patience: 60 },
    wait: async () => {},
    now: () => Date.parse("2026-11-21T06:00:00Z"),
    ...options,
  });
}

const options = { ownerProperty: "owner", takenAt: "2026-11-21T06:00:00Z" };
const ofShop = { repository: "acme/shop" };

describe("a repository and its organisation", () => {
  test("every store is listed, or says why not", async () => {
    const { repositories, organisation, account } = await takeInventory(await start(), ofShop, options);
    expect(account).toEqual({ login: "acme", kind: "organisation" });
    const [own] = repositories;
    expect(own).toMatchObject({
      ...{ name: "acme/shop", visibility: "private", archived: false, defaultBranch: "main", owner: "platform" },
      actions: { status: "listed", items: [{ name: "DEPLOY_KEY" }, { name: "NPM_KEY" }] },
      organisationSecrets: { status: "listed", items: ["SHARED"] },
      dependabot: { status: "listed", items: [{ name: "REGISTRY_KEY" }] },
      codespaces: { status: "not permitted" },
      agents: { status: "not available here" },
      deployKeys: { items: [{ id: 5, title: "ci", readOnly: false, lastUsed: null, addedBy: "bob" }] },
      webhooks: { items: [{ id: 9, host: "hooks.example:8443", hasSecret: true, insecureTls: true }] },
      lastRuns: { items: [{ workflow: ".github/workflows/ci.yml", lastRunAt: "2026-11-20T10:00:00Z" }] },
    });
    expect(own?.variables).toMatchObject({ status: "listed" });
    expect(own?.variables.status === "listed" && own.variables.items).toHaveLength(65);
    expect(own?.environments).toEqual({
      status: "listed",
      items: [
        {
          ...{ name: "production/eu", reviewers: ["alice", "acme/platform"], preventSelfReview: true, waitMinutes: 30 },
          ...{ branches: "protected", apps: ["gatekeeper"], variables: { status: "listed", items: [] } },
          secrets: {
            status: "listed",
            items: [{ name: "PAYMENT_KEY", createdAt: "2026-11-01T08:00:00Z", updatedAt: "2026-11-01T08:00:00Z" }],
          },
        },
        {
          ...{ name: "preview", reviewers: [], preventSelfReview: false, waitMinutes: 0, branches: "all", apps: [] },
          ...{ secrets: { status: "listed", items: [] }, variables: { status: "not permitted" } },
        },
      ],
    });
    expect(organisation).toMatchObject({
      actions: {
        items: [
          { name: "SHARED", visibility: "selected", repositories: ["acme/shop"] },
          { name: "OPEN", visibility: "all" },
        ],
      },
      codespaces: { status: "not permitted" },
      agents: { status: "not available here" },
      ssoCredentials: { status: "not available here" },
      registries: {
        items: [
          { name: "MAVEN", auth: "static" },
          { name: "CLOUD", auth: "oidc" },
        ],
      },
      personalTokens: { items: [{ tokenId: 33, owner: "bob", grantedAt: "2026-10-01T08:00:00Z", expiresAt: null }] },
      installations: { items: [{ app: "renovate", permissions: { contents: "write" }, suspended: false }] },
      members: {
        items: [
          { login: "alice", role: "admin", kind: "user" },
          { login: "alice", role: "member" },
          { login: "eve", role: "outside collaborator" },
        ],
      },
      teams: { items: [{ slug: "platform", members: ["alice", "build"] }] },
    });
  });

  test("values of variables and paths of webhooks are nowhere in it", async () => {
    const text = JSON.stringify(await takeInventory(await start(), ofShop, options));
    expect(text).not.toContain(hidden);
    expect(text).not.toContain(token);
  });

  test("an organisation gives the same repository", async () => {
    const port = await start();
    const one = await takeInventory(port, ofShop, options);
    const all = await takeInventory(port, { organisation: "acme" }, options);
    expect(all).toEqual(one);
  });

  test("many repositories come in GitHub's order, over several pages", async () => {
    const repos = Array.from({ length: 101 }, (_, at) => ({ ...shop, full_name: `acme/r${at}` }));
    const { repositories } = await takeInventory(
      await start({ "/orgs/acme/repos": { items: repos } }),
      { organisation: "acme" },
      options,
    );
    expect(repositories.map(({ name }) => name)).toEqual(repos.map(({ full_name }) => full_name));
    expect(server.log.filter((line) => line.startsWith("/orgs/acme/repos"))).toHaveLength(2);
  });

  test("a person's account has no organisation", async () => {
    const own = { ...shop, full_name: "bob/shop", owner: { login: "bob", type: "User" } };
    const inventory = await takeInventory(
      await start({ "/repos/bob/shop": { record: own } }),
      { repository: "bob/shop" },
      options,
    );
    expect(inventory.account).toEqual({ login: "bob", kind: "user" });
    expect(inventory.organisation).toBeUndefined();
    expect(inventory.repositories[0]?.organisationSecrets).toEqual({ status: "not available here" });
    expect(server.log.some((line) => line.startsWith("/orgs/"))).toBe(false);
  });
});

describe("nothing looks empty that was not seen", () => {
  test("404 for a token that is no administrator's is not permitted, not absent", async () => {
    const weak = { ...shop, permissions: { admin: false } };
    const { repositories, organisation } = await takeInventory(
      await start({
        ...{ "/repos/acme/shop": { record: weak }, "/repos/acme/shop/hooks": { status: 404 } },
        ...{ "/repos/acme/shop/keys": { status: 404 }, "/repos/acme/shop/environments": { status: 404 } },
        "/orgs/acme": { record: { login: "acme" } },
      }),
      ofShop,
      options,
    );
    for (const store of ["hooks", "keys"]) expect(server.log).toContain(`/repos/acme/shop/${store}?per_page=100 404`);
    expect(repositories[0]).toMatchObject({
      ...{ webhooks: { status: "not permitted" }, deployKeys: { status: "not permitted" } },
      ...{ agents: { status: "not permitted" }, environments: { status: "not permitted" } },
    });
    expect(organisation?.ssoCredentials).toEqual({ status: "not permitted" });
  });

  test.each([
    ["no scope that would do", "repo, read:org", "admin:repo_hook, write:repo_hook", "not permitted"],
    ["a scope that would do", "repo, admin:repo_hook", "admin:repo_hook, write:repo_hook", "not available here"],
    ["an endpoint that asks for none", "repo", "", "not available here"],
  ])("404 with %s", async (_, held, accepted, status) => {
    const headers = { "x-oauth-scopes": held, "x-accepted-oauth-scopes": accepted };
    const { repositories } = await takeInventory(
      await start({ "/repos/acme/shop/hooks": { status: 404, headers } }),
      ofShop,
      options,
    );
    expect(repositories[0]?.webhooks).toEqual({ status });
  });

  test("without the teams the members are not believed, and one hidden team hides the teams", async () => {
    const hiddenTeam = await takeInventory(
      await start({ "/orgs/acme/teams/platform/members": { status: 403 } }),
      ofShop,
      options,
    );
    expect(hiddenTeam.organisation?.teams).toEqual({ status: "not permitted" });
    expect(hiddenTeam.organisation?.members).toEqual({ status: "not permitted" });
  });

  test("a list of which one page is refused is not half a list", async () => {
    const items = Array.from({ length: 150 }, (_, at) => secret(`S${at}`));
    const pages = (count: number): Reply => (count === 1 ? { key: "secrets", items } : { status: 403 });
    const { repositories } = await takeInventory(
      await start({ "/repos/acme/shop/actions/secrets": pages }),
      ofShop,
      options,
    );
    expect(repositories[0]?.actions).toEqual({ status: "not permitted" });
  });

  test("the repositories that a secret is shared with stay unknown where they are hidden", async () => {
    const { organisation } = await takeInventory(
      await start({ "/orgs/acme/actions/secrets/SHARED/repositories": { status: 403 } }),
      ofShop,
      options,
    );
    const secrets = organisation?.actions.status === "listed" ? organisation.actions.items : [];
    expect(secrets[0]).toMatchObject({ name: "SHARED", visibility: "selected" });
    expect(secrets[0]).not.toHaveProperty("repositories");
  });

  test.each([
    ["a repository", ofShop, "/repos/acme/shop"],
    ["an organisation", { organisation: "acme" }, "/orgs/acme"],
  ])("%s that is not shown is an error", async (_, subject, path) => {
    const port = await start({ [path]: { status: 404 } });
    await expect(takeInventory(port, subject, options)).rejects.toThrow(/does not show .*acme/);
  });
});
