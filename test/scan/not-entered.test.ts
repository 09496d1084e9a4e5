import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { leasehold, scanJson, tokenOf } from "../e2e/leasehold.ts";
import { commit, git, initialise, temporaryFolder, write } from "../git/temporary-repository.ts";

const token = tokenOf("github-pat", 1);
const packed = gzipSync(`T=${token}\n`);
/** A gzip file is told by its first bytes; what follows stands in it as it is. */
const stored = Buffer.concat([gzipSync(""), Buffer.from(`\nT=${token}\n`)]);
const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 12345\n`;

type Skips = Awaited<ReturnType<typeof scanJson>>;
const told = ({ code, report }: Skips) => ({
  code,
  complete: report.coverage.complete,
  skipped: report.coverage.skipped.map(({ subject, kind }) => `${kind} ${subject}`),
});

describe("what is not looked into is said", () => {
  it("of files, which stay clean and covered", async () => {
    const folder = temporaryFolder();
    write(folder, "b.txt", pointer);
    write(folder, "lib/a.jar", packed);
    const answer = await scanJson(folder);
    const both = ["lfs-pointer b.txt", "archive lib/a.jar"];
    expect(told(answer)).toEqual({ code: 0, complete: true, skipped: both });
    expect(answer.report.coverage.skipped[1]!.detail).toContain("what is packed inside was not looked at");
    const { stdout } = await leasehold(folder, ["scan"]);
    expect(stdout).toContain("left out on purpose: 1 LFS pointer, 1 archive: b.txt, lib/a.jar");
    expect((await leasehold(folder, ["scan", "-f", "markdown"])).stdout).toContain("1 archive");
  });

  it("and what stands in them as it is, is found all the same", async () => {
    const folder = temporaryFolder();
    write(folder, "a.gz", stored);
    const answer = await scanJson(folder);
    expect(told(answer)).toEqual({ code: 1, complete: true, skipped: ["archive a.gz"] });
    expect(answer.report.findings.map(({ rule }) => rule)).toEqual(["leak/github-pat"]);
  });

  it("of a range, of the index and of a history, once and by path", async () => {
    const folder = initialise();
    const base = commit(folder, { "a.txt": "a\n" });
    commit(folder, { "deep/b.zip": packed, "c.bin": pointer });
    const both = ["archive deep/b.zip", "lfs-pointer c.bin"];
    const sorted = async (words: string[]) => {
      const answer = told(await scanJson(folder, words));
      return { ...answer, skipped: answer.skipped.sort() };
    };
    const clean = { code: 0, complete: true, skipped: both };
    expect(await sorted([`${base}..HEAD`])).toEqual(clean);
    expect(await sorted(["--history"])).toEqual(clean);
    expect(await sorted(["--history", "--since", base])).toEqual(clean);
    write(folder, "d.gz", stored);
    git(folder, ["add", "d.gz"]);
    expect(await sorted(["--staged"])).toEqual({ code: 1, complete: true, skipped: ["archive d.gz"] });
    git(folder, ["commit", "-q", "-m", "one more"]);
    // The one with a finding is read twice: without its path, then with it.
    expect((await sorted(["--history"])).skipped).toEqual(["archive d.gz", ...both].sort());
  });

  it("of standard input", async () => {
    const { stdout, code } = await leasehold(temporaryFolder(), ["scan", "-", "-f", "json"], stored);
    expect(code).toBe(1);
    expect(JSON.parse(stdout).coverage.skipped).toMatchObject([{ subject: "stdin", kind: "archive" }]);
  });
});
