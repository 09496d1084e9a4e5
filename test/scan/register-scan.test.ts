import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { leasehold, scanJson } from "../e2e/leasehold.ts";
import { commit, git, initialise, temporaryFolder, write } from "../git/temporary-repository.ts";

const file = ".github/secrets.yml";
const ci = ".github/workflows/ci.yml";

function workflow(...names: string[]): string {
  const lines = names.map((name, at) => `          V${at}: \${{ secrets.${name} }}\n`);
  return `on: [push]\npermissions: {}\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n        env:\n${lines.join("")}`;
}

function entry(name: string, more = ""): string {
  return `  - name: ${name}\n    owner: "@alice"\n    purpose: Posts build results to the board\n    expires: 2999-12-31\n${more}`;
}

const register = (...entries: string[]) => `version: 1\nsecrets:\n${entries.join("")}`;

type Report = {
  findings: { rule: string; blocking: boolean; facts: Record<string, string>; place: { path: string } }[];
};

function ofRegister(report: Report): string[] {
  return report.findings
    .filter(({ rule }) => rule.startsWith("register/") && rule !== "register/expiry-too-far")
    .map(({ rule, blocking, facts }) => `${rule.slice(9)} ${facts.target}${blocking ? " blocks" : ""}`)
    .sort();
}

/** A repository whose first commit has these files. */
function repository(files: Record<string, string>): string {
  const folder = initialise();
  for (const [path, text] of Object.entries(files)) write(folder, path, text);
  commit(folder, {});
  return folder;
}

/** A repository with one declared use, and a second use that is not. */
function withNewUse(): string {
  const folder = repository({ [file]: register(entry("STATUS_KEY")), [ci]: workflow("STATUS_KEY") });
  write(folder, ci, workflow("STATUS_KEY", "BOARD_KEY"));
  return folder;
}

describe("G03 a change that uses a secret without an entry", () => {
  test("fails when it is staged, and in a range; passes once it is declared in the same change", async () => {
    const folder = withNewUse();
    git(folder, ["add", "."]);
    const expected = ["undeclared actions/BOARD_KEY blocks"];
    expect(ofRegister((await scanJson(folder, ["--staged"])).report as Report)).toEqual(expected);
    commit(folder, {});
    const { report, code } = await scanJson(folder, ["HEAD~1..HEAD"]);
    expect(ofRegister(report as Report)).toEqual(expected);
    expect(code).toBe(1);
    write(folder, file, register(entry("STATUS_KEY"), entry("BOARD_KEY")));
    commit(folder, {});
    expect(ofRegister((await scanJson(folder, ["HEAD~2..HEAD"])).report as Report)).toEqual([]);
  });

  test("has the block to paste in every format that people read", async () => {
    const folder = withNewUse();
    commit(folder, {});
    for (const format of ["text", "markdown", "github", "html"]) {
      const { stdout, code } = await leasehold(folder, ["scan", "HEAD~1..HEAD", "--format", format]);
      expect(code).toBe(1);
      expect(stdout).toContain("- name: BOARD_KEY");
      expect(stdout).toContain("    purpose: # what would stop");
    }
  });
});

describe("a change is judged by what it brings", () => {
  test("what was wrong before is no news; what it makes wrong is", async () => {
    const folder = repository({
      [file]: register(entry("STATUS_KEY").replace(/ {4}owner.*\n/, "")),
      [ci]: workflow("STATUS_KEY", "OLD_KEY"),
    });
    write(folder, file, register(entry("STATUS_KEY").replace(/ {4}(owner|purpose).*\n/g, "")));
    commit(folder, {});
    expect(ofRegister((await scanJson(folder, ["HEAD~1..HEAD"])).report as Report)).toEqual([
      "purpose-missing actions/STATUS_KEY",
    ]);
    expect(ofRegister((await scanJson(folder)).report as Report)).toEqual([
      "owner-missing actions/STATUS_KEY",
      "purpose-missing actions/STATUS_KEY",
      "undeclared actions/OLD_KEY blocks",
    ]);
  });

  test("a first register does not fail for what was used before it; a use that comes with it does", async () => {
    const folder = repository({ [ci]: workflow("OLD_KEY") });
    write(folder, file, register(entry("STATUS_KEY")));
    write(folder, ci, workflow("OLD_KEY", "NEW_KEY"));
    commit(folder, {});
    expect(ofRegister((await scanJson(folder, ["HEAD~1..HEAD"])).report as Report)).toEqual([
      "undeclared actions/NEW_KEY blocks",
    ]);
  });

  test("a change that takes the register away leaves every use undeclared", async () => {
    const folder = repository({ [file]: register(entry("STATUS_KEY")), [ci]: workflow("STATUS_KEY") });
    rmSync(join(folder, file));
    commit(folder, {});
    expect(ofRegister((await scanJson(folder, ["HEAD~1..HEAD"])).report as Report)).toEqual([
      "undeclared actions/STATUS_KEY blocks",
    ]);
  });

  test("a register that is wrong is an error with its line; one that was wrong before can be mended", async () => {
    const folder = repository({ [file]: register(entry("STATUS_KEY")), [ci]: workflow("STATUS_KEY") });
    write(folder, file, register(entry("STATUS_KEY", "    expire: 2027-01-01\n")));
    commit(folder, {});
    const wrong = await leasehold(folder, ["scan", "HEAD~1..HEAD"]);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/secrets\.yml:7:5: .*did you mean "expires"/);
    write(folder, file, register(entry("STATUS_KEY")));
    commit(folder, {});
    expect(ofRegister((await scanJson(folder, ["HEAD~1..HEAD"])).report as Report)).toEqual([]);
  });
});

describe("a repository without a register is left alone", () => {
  test("in a tree, a range and a history", async () => {
    const folder = repository({ [ci]: workflow("STATUS_KEY") });
    write(folder, "a.txt", "a");
    commit(folder, {});
    for (const words of [[], ["HEAD~1..HEAD"], ["--history"]])
      expect(ofRegister((await scanJson(folder, words)).report as Report)).toEqual([]);
  });
});

test("a folder without git and a history tell the same as the tree; a part of a tree tells nothing", async () => {
  const folder = repository({ [file]: register(entry("STATUS_KEY")), [ci]: workflow("OTHER_KEY") });
  const expected = ["undeclared actions/OTHER_KEY blocks"];
  for (const words of [[], ["--no-git"], ["--history"]])
    expect(ofRegister((await scanJson(folder, words)).report as Report)).toEqual(expected);
  expect(ofRegister((await scanJson(folder, [".github/workflows"])).report as Report)).toEqual([]);
  expect(ofRegister((await scanJson(folder, ["--only", "leak/*"])).report as Report)).toEqual([]);
});

test("a workflow that cannot be understood is named, since it may use anything", async () => {
  const folder = repository({ [file]: register(entry("STATUS_KEY")), [ci]: "on: push\njobs: {a: *b}\n" });
  const { stdout } = await leasehold(folder, ["scan"]);
  expect(stdout).toContain(`${ci} could not be understood`);
});

describe("one file for each secret", () => {
  const one = (name: string) => entry(name).replace("  - name", "version: 1\nname").replaceAll(/^ {4}/gm, "");

  test("is a register like another", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, ".github/secrets"), { recursive: true });
    write(folder, ".github/secrets/status.yml", one("STATUS_KEY"));
    write(folder, ".github/secrets/board.yml", one("BOARD_KEY"));
    write(folder, ci, workflow("STATUS_KEY", "BOARD_KEY", "THIRD_KEY"));
    const { stdout, code } = await leasehold(folder, ["register", "check", "--no-git"]);
    expect(code).toBe(1);
    expect(stdout).toContain("1 blocking");
    expect(stdout).toContain("Write a file for each into .github/secrets/");
    const added = await leasehold(folder, ["register", "add", "X", "--no-git"]);
    expect(added.code).toBe(2);
    expect(added.stderr).toContain(".github/secrets/name-of-the-secret.yml");
    const left = await leasehold(folder, ["offboard", "alice", "--to", "@bob", "--no-git"]);
    expect(left.stderr).toContain("2 values handed from @alice to @bob");
    expect((await leasehold(folder, ["who-can", "alice", "--no-git"])).stdout).toContain(
      "nothing that could be looked at",
    );
  });

  test("beside one file is two registers", async () => {
    const folder = repository({ ".github/secrets/a.yml": one("A_KEY"), [file]: register() });
    const { code, stderr } = await leasehold(folder, ["scan"]);
    expect(code).toBe(2);
    expect(stderr).toContain(".github/secrets.yml and .github/secrets/ are both there");
  });
});
