/** Each store that a snapshot has: what lies in it, and the two ways in which it can be out of sight. */
import { afterEach, describe, expect, test } from "vitest";
import { takeInventory } from "../../src/github/inventory.ts";
import { octokitPort } from "../../src/github/octokit.ts";
import type { Inventory } from "../../src/register/inventory.ts";
import { addSecret } from "../fake-github/seed.ts";
import { addApp, addClassicToken, addInstallation, addInstallationToken } from "../fake-github/seed-app.ts";
import { type Acme, reading, startAcme } from "./sample.ts";

let server: Acme;
afterEach(async () => await server.close());

/** Everything there is, and an App that may see all of it. */
async function startWhole(): Promise<string> {
  server = await startAcme((state, acme, shop) => {
    for (const [at, holder] of [acme, shop].entries())
      for (const store of ["codespaces", "agents", "dependabot"] as const)
        addSecret(state, holder, store, `${store}_${at}`, { visibility: "all" });
    acme.ssoCredentials = [
      {
        ...{ id: 8, login: "carol", type: "personal access token", scopes: ["repo"] },
        ...{ authorisedAt: "2026-10-01T10:00:00Z", accessedAt: null, expiresAt: "2027-01-01T00:00:00Z" },
      },
    ];
  });
  server.heal();
  const { state } = server;
  const app = addApp(state, "auditor", {
    ...reading,
    ...{ codespaces_secrets: "read", organization_codespaces_secrets: "read" },
  });
  return addInstallationToken(state, addInstallation(state, app, "acme"));
}

async function snapshot(token: string): Promise<Inventory> {
  const port = octokitPort({
    ...{ url: server.url, token, userAgent: "leasehold/test", signal: new AbortController().signal, patience: 60 },
    wait: async () => {},
    now: () => Date.parse("2026-11-21T06:00:00Z"),
  });
  return takeInventory(port, { repository: "acme/shop" }, { ownerProperty: "owner", takenAt: "2026-11-21T06:00:00Z" });
}

type Store = { status: string; items?: readonly unknown[] };
type Case = [name: string, path: string, pick: (inventory: Inventory) => Store];

const repo = "/repos/acme/shop";
const environment = `${repo}/environments/production%2Feu`;
const ofRepository = (key: keyof Inventory["repositories"][number]) => (inventory: Inventory) =>
  inventory.repositories[0]![key] as Store;
const ofOrganisation = (key: keyof NonNullable<Inventory["organisation"]>) => (inventory: Inventory) =>
  inventory.organisation![key] as Store;
const ofEnvironment = (key: "secrets" | "variables" | "apps") => (inventory: Inventory) => {
  const { environments } = inventory.repositories[0]!;
  if (environments.status !== "listed") throw new Error("the environments were not listed");
  return environments.items[0]![key] as Store;
};

const cases: Case[] = [
  ["secrets of a repository", `${repo}/actions/secrets`, ofRepository("actions")],
  [
    "organisation secrets that it may read",
    `${repo}/actions/organization-secrets`,
    ofRepository("organisationSecrets"),
  ],
  ["variables of a repository", `${repo}/actions/variables`, ofRepository("variables")],
  ["environments", `${repo}/environments`, ofRepository("environments")],
  ["secrets of an environment", `${environment}/secrets`, ofEnvironment("secrets")],
  ["variables of an environment", `${environment}/variables`, ofEnvironment("variables")],
  ["Apps that guard an environment", `${environment}/deployment_protection_rules`, ofEnvironment("apps")],
  ["Dependabot secrets of a repository", `${repo}/dependabot/secrets`, ofRepository("dependabot")],
  ["Codespaces secrets of a repository", `${repo}/codespaces/secrets`, ofRepository("codespaces")],
  ["agent secrets of a repository", `${repo}/agents/secrets`, ofRepository("agents")],
  ["deploy keys", `${repo}/keys`, ofRepository("deployKeys")],
  ["webhooks", `${repo}/hooks`, ofRepository("webhooks")],
  ["last runs", `${repo}/actions/workflows`, ofRepository("lastRuns")],
  ["secrets of an organisation", "/orgs/acme/actions/secrets", ofOrganisation("actions")],
  ["Dependabot secrets of an organisation", "/orgs/acme/dependabot/secrets", ofOrganisation("dependabot")],
  ["Codespaces secrets of an organisation", "/orgs/acme/codespaces/secrets", ofOrganisation("codespaces")],
  ["agent secrets of an organisation", "/orgs/acme/agents/secrets", ofOrganisation("agents")],
  ["variables of an organisation", "/orgs/acme/actions/variables", ofOrganisation("variables")],
  ["private registries", "/orgs/acme/private-registries", ofOrganisation("registries")],
  ["fine-grained tokens", "/orgs/acme/personal-access-tokens", ofOrganisation("personalTokens")],
  ["single sign-on credentials", "/orgs/acme/credential-authorizations", ofOrganisation("ssoCredentials")],
  ["installations", "/orgs/acme/installations", ofOrganisation("installations")],
  ["teams", "/orgs/acme/teams", ofOrganisation("teams")],
  ["members", "/orgs/acme/members", ofOrganisation("members")],
];

/** Stores of the sample that are empty all the same. */
const empty = new Set(["variables of an environment", "variables of an organisation"]);

describe("G17 every store of GitHub's", () => {
  test("is listed where the token may see it", async () => {
    const inventory = await snapshot(await startWhole());
    for (const [name, , pick] of cases) {
      const { status, items } = pick(inventory);
      expect([name, status, items!.length > 0]).toEqual([name, "listed", !empty.has(name)]);
    }
    expect(inventory.organisation?.ssoCredentials).toEqual({
      status: "listed",
      items: [
        {
          ...{ login: "carol", kind: "classic token", id: 8, authorisedAt: "2026-10-01T10:00:00Z", accessedAt: null },
          expiresAt: "2027-01-01T00:00:00Z",
        },
      ],
    });
  });

  test.each([
    [403, "not permitted"],
    // To an App that may see everything there is.
    [404, "not available here"],
  ] as const)("answered with %i it is %s", async (answer, status) => {
    const token = await startWhole();
    // What hides others besides itself is tried alone.
    const alone = ["environments", "teams", "members"];
    const groups = [
      cases.filter(([name]) => !alone.includes(name)),
      ...cases.filter(([name]) => alone.includes(name)).map((one) => [one]),
    ];
    for (const group of groups) {
      server.heal();
      for (const [, path] of group) server.fail({ path, status: answer });
      const inventory = await snapshot(token);
      for (const [name, , pick] of group) expect([name, pick(inventory)]).toEqual([name, { status }]);
    }
  });

  test("to a person who may only push, what the owners see is not permitted, and nothing of it looks empty", async () => {
    await startWhole();
    server.shop.collaborators.set("eve", "write");
    const inventory = await snapshot(addClassicToken(server.state, "eve", ["repo", "read:org"]));
    for (const [name, , pick] of cases) {
      if (name.includes("environment") && inventory.repositories[0]!.environments.status !== "listed") continue;
      const { status, items } = pick(inventory);
      expect([name, status]).toEqual([name, expect.stringMatching(/^(?:listed|not permitted)$/)]);
      if (status === "listed") expect([name, items!.length > 0]).toEqual([name, !empty.has(name)]);
    }
  });
});
