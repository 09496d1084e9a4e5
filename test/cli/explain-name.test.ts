import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { leasehold } from "../e2e/leasehold.ts";
import { temporaryFolder, write } from "../git/temporary-repository.ts";
import { environment, inventory, listed, repository, secret } from "../register/sample.ts";

const workflow = `on: [push]
jobs:
  build:
    runs-on: ubuntu-latest
    environment: production
    steps:
      - run: make
        env: { KEY: "\${{ secrets.BOARD_KEY }}" }
`;

test("G12 explain NAME prints the five links of each credential of that name, and names the missing ones", async () => {
  const folder = temporaryFolder();
  write(folder, ".github/workflows/ci.yml", workflow);
  write(folder, ".github/secrets.yml", "version: 1\nsecrets:\n  - { name: BOARD_KEY, owner: '@mallory' }\n");
  const offline = await leasehold(folder, ["explain", "board_key"]);
  expect(offline.code).toBe(0);
  for (const link of [
    /\? identity +unknown \(declared\): @mallory, not looked up/,
    /x approval +missing: no approval in force and no review/,
    /\? issuance +unknown: no snapshot of its store/,
    /\+ use +present \(observed\): read by \.github\/workflows\/ci\.yml \(build\)/,
    /x revocation +missing: no end date; no way to revoke on record/,
    /missing links: approval, revocation; not seen: identity, issuance/,
  ])
    expect(offline.stdout).toMatch(link);

  const stores = inventory([
    repository({
      actions: listed(secret("BOARD_KEY")),
      environments: listed(environment("production", { secrets: listed(secret("BOARD_KEY")) })),
    }),
  ]);
  writeFileSync(join(folder, "shop.json"), JSON.stringify(stores));
  const seen = await leasehold(folder, ["explain", "BOARD_KEY", "--inventory", "shop.json"]);
  expect(seen.stdout).toContain("actions/BOARD_KEY");
  expect(seen.stdout).toContain("actions/production/BOARD_KEY");
  expect(seen.stdout).toMatch(/x identity +missing \(observed\): @mallory: unknown/);
  expect(seen.stdout).toMatch(/x identity +missing: no entry in the register/);
  const one = await leasehold(folder, ["explain", "actions/production/BOARD_KEY", "--inventory", "shop.json"]);
  expect(one.stdout).not.toMatch(/^BOARD_KEY {2}actions\/BOARD_KEY$/m);
});

test("a name that is no rule and no credential is an error that says where both are listed", async () => {
  const { code, stderr } = await leasehold(temporaryFolder(), ["explain", "NOBODYS_KEY"]);
  expect(code).toBe(3);
  expect(stderr).toContain("leasehold rules lists them");
  expect(stderr).toContain("leasehold register list");
});
