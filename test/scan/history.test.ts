import { describe, expect, it } from "vitest";
import { scanJson, tokenOf } from "../e2e/leasehold.ts";
import { commit, git, initialise } from "../git/temporary-repository.ts";

const pat = (seed: number) => tokenOf("github-pat", seed);

describe("a history", () => {
  it("gives each secret once a path, with who brought it first and whether it is still there", async () => {
    const folder = initialise();
    const first = commit(folder, { "a.env": `T=${pat(1)}\n` });
    commit(folder, { "a.env": `# moved\nT=${pat(1)}\n`, "b.env": `T=${pat(2)}\n` });
    commit(folder, { "b.env": "clean\n" });
    const { report, code } = await scanJson(folder, ["--history"]);
    expect(code).toBe(1);
    expect(report.findings.map(({ place, origin }) => [place.path, place.line, origin?.atHead])).toEqual([
      ["a.env", 2, true],
      ["b.env", 1, false],
    ]);
    expect(report.findings[0]!.origin!.commit).toBe(first);
    expect(report.coverage).toMatchObject({ commits: 3, complete: true });
  });

  it("reaches branches, tags on blobs, and messages of commits and tags; not what no ref reaches", async () => {
    const folder = initialise();
    const base = commit(folder, { "a.txt": "a\n" });
    git(folder, ["checkout", "-q", "-b", "side"]);
    commit(folder, { "side.env": `T=${pat(3)}\n` });
    git(folder, ["checkout", "-q", "--detach", base]);
    commit(folder, { "lost.env": `T=${pat(4)}\n` }, `lost ${pat(5)}`);
    git(folder, ["checkout", "-q", "main"]);
    const blob = git(folder, ["hash-object", "-w", "--stdin"], `T=${pat(6)}\n`);
    git(folder, ["hash-object", "-w", "--stdin"], `T=${pat(7)}\n`);
    git(folder, ["tag", "on-blob", blob]);
    git(folder, ["tag", "-a", "-m", `release ${pat(8)}`, "v1"]);
    const tag = git(folder, ["rev-parse", "v1"]);
    const { report } = await scanJson(folder, ["--history"]);
    expect(report.findings.map(({ place }) => place.path).sort()).toEqual(
      [blob, `message of ${tag.slice(0, 12)}`, "side.env"].sort(),
    );
  });

  it("since a commit leaves out what that commit has", async () => {
    const folder = initialise();
    const base = commit(folder, { "a.env": `T=${pat(9)}\n` }, `old ${pat(10)}`);
    commit(folder, { "b.env": `T=${pat(11)}\n` }, `new ${pat(12)}`);
    const { report } = await scanJson(folder, ["--history", "--since", base]);
    expect(report.findings.map(({ place }) => place.path)).toEqual(["b.env", expect.stringMatching(/^message of /)]);
    expect(report.coverage.commits).toBe(1);
  });

  it("takes the inline allows and the waivers of HEAD", async () => {
    const folder = initialise();
    const day = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    commit(folder, { "a.env": `T=${pat(13)}\n` });
    commit(folder, { "a.env": `# ${"leasehold:allow"} leak/github-pat until=${day} reason="docs"\nT=${pat(13)}\n` });
    const { report, code } = await scanJson(folder, ["--history"]);
    expect([code, report.findings.map(({ state }) => state)]).toEqual([0, ["waived"]]);
    commit(folder, { "a.env": "gone\n" });
    expect((await scanJson(folder, ["--history"])).code).toBe(1);
  });
});
