import { expect, test } from "vitest";
import { repositoryInventory } from "../../src/github/inventory-repository.ts";
import { type StubAnswer, stubPort } from "./stub-port.ts";

const base = "/repos/acme/shop";
const shop = {
  ...{ full_name: "acme/shop", private: true, visibility: "private" as const, archived: false, default_branch: "main" },
  ...{ owner: { login: "acme", type: "Organization" }, permissions: { admin: true } },
};

/** The environment `production` as GitHub describes it, with what guards it. */
async function environment(described: object, more: Record<string, StubAnswer> = {}, admin = true) {
  const port = stubPort({ [`${base}/environments`]: { items: [{ name: "production", ...described }] }, ...more });
  const { environments } = await repositoryInventory(port, { ...shop, permissions: { admin } }, "owner");
  return environments.status === "listed" ? environments.items[0] : environments.status;
}

const guards = `${base}/environments/production/deployment_protection_rules`;

test("rules that GitHub does not tell are unknown, not none", async () => {
  const unknown = await environment({});
  for (const key of ["reviewers", "preventSelfReview", "waitMinutes", "branches"])
    expect(unknown).not.toHaveProperty(key);
  expect(await environment({ protection_rules: [], deployment_branch_policy: null })).toMatchObject({
    ...{ reviewers: [], preventSelfReview: false, waitMinutes: 0, branches: "all" },
  });
});

test("Apps that guard it: listed, not permitted, not available here", async () => {
  const app = (slug: string, enabled: boolean) => ({ enabled, app: { slug } });
  const seen = { [guards]: { items: [app("gatekeeper", true), app("asleep", false)] } };
  expect(await environment({}, seen)).toMatchObject({ apps: { status: "listed", items: ["gatekeeper"] } });
  const refused = { [guards]: { refused: "not permitted" as const } };
  expect(await environment({}, refused)).toMatchObject({ apps: { status: "not permitted" } });
  expect(await environment({})).toMatchObject({ apps: { status: "not available here" } });
  // Whoever does not see everything cannot tell a 404 for want of rights from one for want of a feature.
  expect(await environment({}, {}, false)).toMatchObject({ apps: { status: "not permitted" } });
});
