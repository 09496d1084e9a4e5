// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of workflows, not of JavaScript
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli } from "../../src/cli/dispatch.ts";
import { fixCommand } from "../../src/cli/fix.ts";
import { fakeIo, tableOf } from "./fake-io.ts";

const workflow = `name: release
on: push
permissions:
  contents: read
jobs:
  crate:
    runs-on: ubuntu-latest
    environment: release
    steps:
      - run: cargo publish
        env:
          CARGO_REGISTRY_TOKEN: \${{ secrets.CARGO_TOKEN }}
      - uses: codecov/codecov-action@v5
        with:
          token: \${{ secrets.CODECOV_TOKEN }}
`;

let folder: string;
let root: string;
const file = (): string => join(root, ".github/workflows/release.yml");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leasehold-fix-"));
  root = join(folder, "site");
  mkdirSync(join(root, ".github/workflows"), { recursive: true });
  writeFileSync(file(), workflow);
  execFileSync("git", ["init", "-q", root]);
  execFileSync("git", ["-C", root, "remote", "add", "origin", "git@github.com:acme/site.git"]);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const io = fakeIo({ cwd: root });
  const code = await runCli(["fix", ...words], io, tableOf(fixCommand));
  return { code, ...io.written };
}

function idOf(output: string, rule: string): string {
  return new RegExp(`(LH-\\w{6})  line \\d+  ${rule}`).exec(output)?.[1] ?? "";
}

test("explains without a flag and changes nothing", async () => {
  const { code, stdout } = await run();
  expect(code).toBe(0);
  expect(stdout).toContain("keyless/codecov  AUTO: ");
  expect(stdout).toContain("keyless/crates  not fixed: the repository must be enrolled");
  expect(stdout).toContain("Can fix");
  expect(readFileSync(file(), "utf8")).toBe(workflow);
});

test("--diff is a patch that git applies, and gives what --write writes", async () => {
  const { stdout } = await run("--all", "--diff");
  const { status, stderr } = spawnSync("git", ["-C", root, "apply", "-"], { input: stdout, encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const patched = readFileSync(file(), "utf8");
  writeFileSync(file(), workflow);
  expect((await run("--all", "--write")).stdout).toContain("Fixed 3 findings in 1 file.");
  expect(readFileSync(file(), "utf8")).toBe(patched);
  expect(patched).toContain("CARGO_REGISTRY_TOKEN: ${{ steps.crates-auth.outputs.token }}\n");
  expect((await run("--all", "--write")).stdout).toContain("Nothing to fix here.");
});

test("one finding by its id, of any class", async () => {
  const id = idOf((await run()).stdout, "keyless/crates");
  const { code, stdout } = await run(id, "--write");
  expect(code).toBe(0);
  expect(stdout).toContain("CARGO_TOKEN (Cargo registry)");
  expect(readFileSync(file(), "utf8")).toContain("token: ${{ secrets.CODECOV_TOKEN }}\n");
});

test("the provider's side goes to a folder outside the tree, with the repository's subject", async () => {
  expect((await run("--all", "-o", "oidc")).stderr).toContain("inside the repository");
  await run("--all", "-o", "../oidc");
  const names = readdirSync(join(folder, "oidc"));
  expect(names).toContain("crates-release-crate.md");
  expect(readFileSync(join(folder, "oidc/crates-release-crate.md"), "utf8")).toContain(
    "`repo:acme/site:environment:release`",
  );
  await run("--all", "-o", "../other", "--repo", "beta/shop");
  expect(readFileSync(join(folder, "other/crates-release-crate.md"), "utf8")).toContain(
    "`repo:beta/shop:environment:release`",
  );
});

test.each([
  [["LH-000000"], 3, "no finding of a workflow here has the id"],
  [["x"], 2, "is no finding id"],
  [["--diff", "--write"], 2, "exclude each other"],
  [["--all", "--repo", "x"], 2, "expected OWNER/REPO"],
  [["--pins", "none.yml"], 2, "ENOENT"],
])("%s exits with %i", async (words, code, message) => {
  const result = await run(...words);
  expect(result.code).toBe(code);
  expect(result.stderr).toContain(message);
});

test("a finding that cannot be fixed says why, and exits with 1", async () => {
  const script = workflow.replace("cargo publish", "npm publish").replace("CARGO_REGISTRY_TOKEN", "NODE_AUTH_TOKEN");
  writeFileSync(file(), script.replace("ubuntu-latest", "self-hosted"));
  const id = idOf((await run("--all")).stdout, "keyless/npm");
  const { code, stdout } = await run(id, "--diff");
  expect(code).toBe(1);
  expect(stdout).toContain("not fixed: the service takes OIDC tokens of GitHub-hosted runners only");
  expect(stdout).not.toContain("+++");
});
