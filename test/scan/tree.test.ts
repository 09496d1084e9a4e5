import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scanJson, spawned, tokenOf } from "../e2e/leasehold.ts";
import { commit, git, initialise, temporaryFolder, write } from "../git/temporary-repository.ts";

const pat = (seed: number) => tokenOf("github-pat", seed);

async function pathsIn(folder: string, ...words: string[]): Promise<string[]> {
  return (await scanJson(folder, words)).report.findings.map(({ place }) => place.path).sort();
}

describe("files", () => {
  it("of a work tree are the tracked ones and those that are not ignored; a named one is read all the same", async () => {
    const folder = initialise();
    commit(folder, { ".gitignore": "*.log\n", "a.txt": `${pat(1)}\n` });
    write(folder, "new.txt", `${pat(2)}\n`);
    write(folder, "out.log", `${pat(3)}\n`);
    expect(await pathsIn(folder)).toEqual(["a.txt", "new.txt"]);
    expect(await pathsIn(folder, "out.log", "a.txt")).toEqual(["a.txt", "out.log"]);
    expect(await pathsIn(folder, "--no-git")).toEqual(["a.txt", "new.txt", "out.log"]);
  });

  it("of repositories inside are read by those repositories' own rules, at any depth", async () => {
    const folder = temporaryFolder();
    for (const inner of ["outer", "outer/mid", "outer/mid/deep"]) {
      write(folder, `${inner}/a.txt`, `${pat(inner.length)}\n`);
      write(folder, `${inner}/b.log`, `${pat(inner.length + 1)}\n`);
      write(folder, `${inner}/.gitignore`, "*.log\n");
      git(join(folder, inner), ["init", "-q"]);
    }
    const all = ["outer/a.txt", "outer/mid/a.txt", "outer/mid/deep/a.txt"];
    expect(await pathsIn(folder)).toEqual(all);
    expect(await pathsIn(join(folder, "outer"))).toEqual(all.map((path) => path.slice(6)));
    expect(await pathsIn(folder, "--no-git")).toHaveLength(6);
  });

  it("have paths from the repository's root, wherever in it one stands", async () => {
    const folder = initialise();
    write(folder, "src/a.txt", `${pat(20)}\n`);
    write(folder, "b.txt", `${pat(21)}\n`);
    expect(await pathsIn(join(folder, "src"))).toEqual(["src/a.txt"]);
    expect(await pathsIn(folder, "-C", "src", "..")).toEqual(["b.txt", "src/a.txt"]);
  });

  it("give the same in threads as in one", async () => {
    const folder = temporaryFolder();
    for (let at = 0; at < 9; at++) write(folder, `${at}/x.txt`, `${pat(at)}\n${"filler line\n".repeat(500_000)}`);
    write(folder, "last.txt", `${pat(50)}\n`);
    const answers = await Promise.all(
      ["1", "2"].map((jobs) => spawned(folder, ["scan", "-f", "json", "--jobs", jobs])),
    );
    const [alone, together] = answers.map(({ stdout }) => JSON.parse(stdout));
    expect(together.findings).toHaveLength(10);
    expect(together.findings).toEqual(alone.findings);
    expect(together.coverage).toEqual(alone.coverage);
  });
});
