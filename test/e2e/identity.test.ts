import { renameSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commit, git, initialise, temporaryFolder, write } from "../git/temporary-repository.ts";
import { draws, scanJson, standaloneSlugs, tokenOf } from "./leasehold.ts";

const slugs = standaloneSlugs();
const token = fc
  .nat(10_000_000)
  .map((seed) => tokenOf(slugs[draws(seed)(slugs.length)]!, seed))
  .filter((text) => /^[A-Za-z0-9_.~-]+$/.test(text));
const filler = fc.array(fc.constantFrom("", "# note", "x = 1", "\tdone();", "}"), { maxLength: 12 });
const name = fc.constantFrom("a.env", "src/deep/b.yml", "conf/c.ini", "d.sh", "e.txt");
const indent = fc.constantFrom("", "  ", "\t", "        ");

async function idsIn(folder: string, ...words: string[]): Promise<string[]> {
  const { report } = await scanJson(folder, [...words, "--min-confidence", "weak"]);
  return [...new Set(report.findings.map(({ id }) => id))].sort();
}

describe("a finding's id", () => {
  it("stays when the secret moves to another line, indentation or file", async () => {
    await fc.assert(
      fc.asyncProperty(token, filler, filler, indent, name, name, async (secret, before, after, space, one, two) => {
        const first = temporaryFolder();
        write(first, one, `token = ${secret}\n`);
        const second = temporaryFolder();
        write(second, two, `${[...before, `${space}token = ${secret}`, ...after].join("\n")}\n`);
        const ids = await idsIn(first, "--no-git");
        expect(ids).toHaveLength(1);
        expect(await idsIn(second, "--no-git")).toEqual(ids);
      }),
      { numRuns: 25, seed: 11 },
    );
  });

  it("differs when the secret on the line is swapped for another of the same kind", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(10_000_000), async (seed) => {
        const slug = slugs[draws(seed)(slugs.length)]!;
        const [one, two] = [tokenOf(slug, seed), tokenOf(slug, seed + 1)];
        if (one === two) return;
        const folder = temporaryFolder();
        write(folder, "a.env", `TOKEN=${one}\n`);
        const before = await idsIn(folder, "--no-git");
        write(folder, "a.env", `TOKEN=${two}\n`);
        const after = await idsIn(folder, "--no-git");
        expect(before.filter((id) => after.includes(id))).toEqual([]);
      }),
      { numRuns: 25, seed: 12 },
    );
  });

  it("stays through a rename, a rebase and an amended message, in the range and in the history", async () => {
    const folder = initialise();
    const base = commit(folder, { "readme.md": "one\n" });
    git(folder, ["checkout", "-q", "-b", "topic"]);
    commit(folder, { "a.env": `TOKEN=${tokenOf("github-pat", 77)}\n` });
    const ids = await idsIn(folder, `${base}..HEAD`);
    expect(ids).toHaveLength(1);
    git(folder, ["checkout", "-q", "main"]);
    const moved = commit(folder, { "readme.md": "two\n" });
    git(folder, ["checkout", "-q", "topic"]);
    git(folder, ["rebase", "-q", "main"]);
    expect(await idsIn(folder, `${moved}..HEAD`)).toEqual(ids);
    renameSync(join(folder, "a.env"), join(folder, "b.yml"));
    git(folder, ["add", "-A"]);
    git(folder, ["commit", "-q", "--amend", "-m", "another message"]);
    expect(await idsIn(folder, `${moved}..HEAD`)).toEqual(ids);
    expect(await idsIn(folder, "--history")).toEqual(ids);
  });

  it("hangs on the repository's salt", async () => {
    const folder = temporaryFolder();
    write(folder, "a.env", `TOKEN=${tokenOf("github-pat", 78)}\n`);
    const [one] = await idsIn(folder, "--no-git", "a.env");
    write(folder, ".github/leasehold.yml", "version: 1\nsalt: other-salt\n");
    const [two] = await idsIn(folder, "--no-git", "a.env");
    expect(two).not.toBe(one);
  });
});
