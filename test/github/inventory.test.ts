import { afterEach, describe, expect, test } from "vitest";
import { takeInventory } from "../../src/github/inventory.ts";
import { octokitPort } from "../../src/github/octokit.ts";
import { addRepository, addSecret } from "../fake-github/seed.ts";
import { addClassicToken } from "../fake-github/seed-app.ts";
import type { Organisation, Repository, State } from "../fake-github/state.ts";
import { type Acme, hidden, startAcme } from "./sample.ts";

let server: Acme;
afterEach(async () => await server.close());

async function start(
  more: (state: State, acme: Organisation, shop: Repository) => void = () => {},
  tokenOf: (github: Acme) => string = ({ token }) => token,
) {
  server = await startAcme(more);
  const token = tokenOf(server);
  return octokitPort({
    ...{ url: server.url, token, userAgent: "leasehold/test", signal: new AbortController().signal, patience: 60 },
    wait: async () => {},
    now: () => Date.parse("2026-11-21T06:00:00Z"),
  });
}

/** A classic token of a person: it gets roles and scopes, not permissions. */
const classic =
  (login: string, ...scopes: string[]) =>
  ({ state }: Acme) =>
    addClassicToken(state, login, scopes);

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
      organisationSecrets: { status: "listed", items: ["SHARED", "OPEN"] },
      dependabot: { status: "listed", items: [{ name: "REGISTRY_KEY" }] },
      codespaces: { status: "not permitted" },
      agents: { status: "not available here" },
      deployKeys: { items: [{ title: "ci", readOnly: false, lastUsed: null, addedBy: "bob" }] },
      webhooks: { items: [{ host: "hooks.example:8443", hasSecret: true, insecureTls: true }] },
      lastRuns: { items: [{ workflow: ".github/workflows/ci.yml", lastRunAt: "2026-11-20T10:00:00Z" }] },
    });
    expect(own?.variables).toMatchObject({ status: "listed" });
    expect(own?.variables.status === "listed" && own.variables.items).toHaveLength(65);
    expect(own?.environments).toEqual({
      status: "listed",
      items: [
        {
          ...{ name: "production/eu", reviewers: ["alice", "acme/platform"], preventSelfReview: true, waitMinutes: 30 },
          ...{
            branches: "protected",
            apps: { status: "listed", items: ["gatekeeper"] },
            variables: { status: "listed", items: [] },
          },
          secrets: {
            status: "listed",
            items: [{ name: "PAYMENT_KEY", createdAt: "2026-11-01T08:00:00Z", updatedAt: "2026-11-01T08:00:00Z" }],
          },
        },
        {
          ...{ name: "preview", reviewers: [], preventSelfReview: false, waitMinutes: 0, branches: "all" },
          apps: { status: "listed", items: [] },
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
      installations: {
        items: [{ app: "leasehold" }, { app: "renovate", permissions: { contents: "write" }, suspended: false }],
      },
      members: {
        items: [
          { login: "alice", role: "admin", kind: "user" },
          { login: "carol", role: "member", kind: "user" },
          { login: "eve", role: "outside collaborator" },
        ],
      },
      teams: { items: [{ slug: "platform", members: ["alice", "build"] }] },
      // Bob added a deploy key, and is no member; he has an account.
      ...{ formerMembers: ["bob"], goneAccounts: [] },
    });
  });

  test("values of variables and paths of webhooks are nowhere in it", async () => {
    const text = JSON.stringify(await takeInventory(await start(), ofShop, options));
    expect(text).not.toContain(hidden);
    expect(text).not.toContain(server.token);
  });

  test("an organisation gives the same repository", async () => {
    const port = await start();
    const one = await takeInventory(port, ofShop, options);
    const all = await takeInventory(port, { organisation: "acme" }, options);
    expect(all).toEqual(one);
  });

  test("many repositories come in GitHub's order, over several pages", async () => {
    const names = Array.from({ length: 100 }, (_, at) => `acme/r${String(at).padStart(2, "0")}`);
    const port = await start((state) => {
      for (const name of names) addRepository(state, name);
    });
    const { repositories } = await takeInventory(port, { organisation: "acme" }, options);
    expect(repositories.map(({ name }) => name)).toEqual([...names, "acme/shop"]);
    expect(server.log().filter((line) => line.startsWith("/orgs/acme/repos"))).toHaveLength(2);
  });

  test("a person's account has no organisation", async () => {
    const port = await start((state) => void addRepository(state, "bob/shop"), classic("bob", "repo"));
    const inventory = await takeInventory(port, { repository: "bob/shop" }, options);
    expect(inventory.account).toEqual({ login: "bob", kind: "user" });
    expect(inventory.organisation).toBeUndefined();
    expect(inventory.repositories[0]?.organisationSecrets).toEqual({ status: "not available here" });
    expect(server.log().some((line) => line.startsWith("/orgs/"))).toBe(false);
  });
});

describe("nothing looks empty that was not seen", () => {
  test("404 for a token that is no administrator's is not permitted, not absent", async () => {
    const port = await start(
      (_state, _acme, shop) => void shop.collaborators.set("eve", "write"),
      classic("eve", "repo", "admin:org"),
    );
    server.fail({ path: "/repos/acme/shop/environments", status: 404 });
    const { repositories, organisation } = await takeInventory(port, ofShop, options);
    for (const store of ["hooks", "keys"]) expect(server.log()).toContain(`/repos/acme/shop/${store}?per_page=100 404`);
    expect(repositories[0]).toMatchObject({
      ...{ webhooks: { status: "not permitted" }, deployKeys: { status: "not permitted" } },
      ...{ agents: { status: "not permitted" }, environments: { status: "not permitted" } },
      actions: { status: "listed" },
    });
    expect(organisation?.ssoCredentials).toEqual({ status: "not permitted" });
  });

  test("an owner's token sees the organisation, but for what only Apps may see", async () => {
    const port = await start(undefined, classic("alice", "repo", "admin:org"));
    const { repositories, organisation } = await takeInventory(port, ofShop, options);
    expect(repositories[0]).toMatchObject({ webhooks: { status: "listed" }, agents: { status: "not available here" } });
    expect(organisation).toMatchObject({
      ...{ personalTokens: { status: "not permitted" }, ssoCredentials: { status: "not available here" } },
      ...{ actions: { status: "listed" }, codespaces: { status: "listed" }, installations: { status: "listed" } },
    });
  });

  test("what a classic token's scopes do not reach is not permitted, though GitHub says that it is not there", async () => {
    const port = await start(undefined, classic("alice", "repo"));
    const { organisation } = await takeInventory(port, ofShop, options);
    expect(server.log()).toContain("/orgs/acme/actions/secrets?per_page=100 404");
    expect(organisation).toMatchObject({ actions: { status: "not permitted" }, teams: { status: "not permitted" } });
  });

  test.each([
    ["no scope that would do", "repo, read:org", "admin:repo_hook, write:repo_hook", "not permitted"],
    ["a scope that would do", "repo, admin:repo_hook", "admin:repo_hook, write:repo_hook", "not available here"],
    ["an endpoint that asks for none", "repo", "", "not available here"],
  ])("404 with %s", async (_, held, accepted, status) => {
    const headers = { "x-oauth-scopes": held, "x-accepted-oauth-scopes": accepted };
    const port = await start();
    server.fail({ path: "/repos/acme/shop/hooks", status: 404, headers });
    const { repositories } = await takeInventory(port, ofShop, options);
    expect(repositories[0]?.webhooks).toEqual({ status });
  });

  test("without the teams the members are not believed, and one hidden team hides the teams", async () => {
    const port = await start();
    server.fail({ path: "/orgs/acme/teams/platform/members", status: 403 });
    const hiddenTeam = await takeInventory(port, ofShop, options);
    expect(hiddenTeam.organisation?.teams).toEqual({ status: "not permitted" });
    expect(hiddenTeam.organisation?.members).toEqual({ status: "not permitted" });
  });

  test("a list of which one page is refused is not half a list", async () => {
    const port = await start((state, _, shop) => {
      for (let at = 0; at < 150; at++) addSecret(state, shop, "actions", `S${at}`);
    });
    server.fail({ path: "/repos/acme/shop/actions/secrets", after: 1, status: 403 });
    const { repositories } = await takeInventory(port, ofShop, options);
    expect(server.log().filter((line) => line.startsWith("/repos/acme/shop/actions/secrets?"))).toHaveLength(2);
    expect(repositories[0]?.actions).toEqual({ status: "not permitted" });
  });

  test("the repositories that a secret is shared with stay unknown where they are hidden", async () => {
    const port = await start();
    server.fail({ path: "/orgs/acme/actions/secrets/SHARED/repositories", status: 403 });
    const { organisation } = await takeInventory(port, ofShop, options);
    const secrets = organisation?.actions.status === "listed" ? organisation.actions.items : [];
    expect(secrets[0]).toMatchObject({ name: "SHARED", visibility: "selected" });
    expect(secrets[0]).not.toHaveProperty("repositories");
  });

  test.each([
    ["a repository", ofShop, "/repos/acme/shop"],
    ["an organisation", { organisation: "acme" }, "/orgs/acme"],
  ])("%s that is not shown is an error", async (_, subject, path) => {
    const port = await start();
    server.fail({ path, status: 404 });
    await expect(takeInventory(port, subject, options)).rejects.toThrow(/does not show .*acme/);
  });
});
