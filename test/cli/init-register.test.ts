import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseRegister } from "../../src/register/register.ts";
import { leasehold } from "../e2e/leasehold.ts";
import { git, initialise, temporaryFolder, write } from "../git/temporary-repository.ts";
import { inventory, listed, repository, secret } from "../register/sample.ts";

const file = ".github/secrets.yml";

function workflow(...names: string[]): string {
  const lines = names.map((name, at) => `          V${at}: \${{ secrets.${name} }}\n`);
  return `on: [push]\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n        env:\n${lines.join("")}`;
}

function committedBy(folder: string, email: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) write(folder, path, text);
  git(folder, ["add", "-A"]);
  git(folder, ["commit", "-q", "--author", `Somebody <${email}>`, "-m", "change"]);
}

test("G35 a first register is drafted, and each guessed owner says where the guess comes from", async () => {
  const folder = initialise();
  committedBy(folder, "1234+frank@users.noreply.github.com", {
    ".github/workflows/ci.yml": workflow("BOARD_KEY", "GITHUB_TOKEN"),
    ".github/workflows/release.yml": workflow("STORE_KEY_R90"),
  });
  committedBy(folder, "grace@example.com", {
    ".github/workflows/mirror.yml": workflow("MIRROR_KEY"),
    ".github/CODEOWNERS": "/.github/workflows/release.yml @acme/release\n",
  });
  const { code, stderr } = await leasehold(folder, ["init"]);
  expect(code).toBe(0);
  expect(stderr).toContain(`wrote 3 entries to ${file}`);
  const text = readFileSync(join(folder, file), "utf8");
  expect(text).toContain("BOARD_KEY # owner: a guess, from last editor");
  expect(text).toContain("STORE_KEY_R90 # owner: a guess, from CODEOWNERS, against @frank (last editor)");
  const { entries } = parseRegister(text, file);
  // An address that is no login's gives no owner.
  expect(entries.map(({ name, owner, rotate }) => [name, owner, rotate?.every])).toEqual([
    ["BOARD_KEY", "@frank", undefined],
    ["MIRROR_KEY", undefined, undefined],
    ["STORE_KEY_R90", "@acme/release", 90],
  ]);
});

test("with a snapshot what the stores hold is drafted too, and its custom property goes before CODEOWNERS", async () => {
  const folder = temporaryFolder();
  write(folder, ".github/workflows/ci.yml", workflow("BOARD_KEY"));
  write(folder, ".github/CODEOWNERS", "* @acme/web\n");
  const stores = inventory([
    repository({ owner: "platform", actions: listed(secret("OLD_KEY"), secret("BOARD_KEY")) }),
  ]);
  writeFileSync(join(folder, "shop.json"), JSON.stringify(stores));
  expect((await leasehold(folder, ["init", "--inventory", "shop.json"])).code).toBe(0);
  const text = readFileSync(join(folder, file), "utf8");
  expect(text).toContain("owner: a guess, from custom property, against @acme/web (CODEOWNERS)");
  expect(parseRegister(text, file).entries.map(({ name, owner }) => [name, owner])).toEqual([
    ["BOARD_KEY", "@platform"],
    ["OLD_KEY", "@platform"],
  ]);
});

test("a register that is there stays as it is; without a use there is none; printing a policy writes none", async () => {
  const folder = temporaryFolder();
  expect((await leasehold(folder, ["init"])).code).toBe(0);
  expect(existsSync(join(folder, file))).toBe(false);

  const printed = temporaryFolder();
  write(printed, ".github/workflows/ci.yml", workflow("BOARD_KEY"));
  expect((await leasehold(printed, ["init", "-o", "-"])).code).toBe(0);
  expect(existsSync(join(printed, file))).toBe(false);

  const own = "version: 1\nsecrets: [] # ours\n";
  write(printed, file, own);
  expect((await leasehold(printed, ["init"])).code).toBe(0);
  expect(readFileSync(join(printed, file), "utf8")).toBe(own);
});
