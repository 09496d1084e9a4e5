import { describe, expect, it } from "vitest";
import { nameFindings } from "../../src/scan/name-scan.ts";
import { shippedRuleSet } from "../../src/scan/shipped-rules.ts";
import { leasehold, scanJson, tokenOf } from "../e2e/leasehold.ts";
import { commit, git, initialise, temporaryFolder, write } from "../git/temporary-repository.ts";

const token = (seed: number) => tokenOf("github-pat", seed);
const told = ({ report }: Awaited<ReturnType<typeof scanJson>>) =>
  report.findings.map(({ rule, place, message }) => [rule, place.line, /in the name of the file$/.test(message)]);
const one = [["leak/github-pat", 0, true]];

describe("a secret in a name", () => {
  it.each([
    ["alone", (t: string) => t],
    ["before a suffix", (t: string) => `${t}.txt`],
    ["as a folder", (t: string) => `a/${t}/b.txt`],
    ["behind a suffix", (t: string) => `a/key.${t}.old`],
  ])("%s is found", (_, build) => {
    expect(nameFindings(shippedRuleSet(), build(token(1)), "salt").map(({ finding }) => finding.rule)).toEqual([
      "leak/github-pat",
    ]);
  });

  it("needs a mark of its own: a hash near a provider's name is none", () => {
    const hash = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
    for (const path of [
      `datadog/${hash}.json`,
      `secret/api_key=${hash}`,
      "docs/2026-11-25-some-long-title-of-a-page.md",
    ])
      expect(nameFindings(shippedRuleSet(), path, "salt"), path).toEqual([]);
  });

  it("is a finding at the file, without a line, and its value is shown nowhere", async () => {
    const folder = temporaryFolder();
    write(folder, `${token(2)}.txt`, "");
    expect(told(await scanJson(folder))).toEqual(one);
    for (const format of ["text", "json", "sarif", "github", "markdown", "csv", "html"]) {
      const { stdout, code } = await leasehold(folder, ["scan", "-f", format]);
      expect([code, stdout.includes(token(2)), stdout.includes("github-pat")], format).toEqual([1, false, true]);
    }
  });

  it("is found in a range, in the index and in a history, also where the file is gone or as empty as others", async () => {
    const folder = initialise();
    const base = commit(folder, { "a.txt": "", "b.txt": "b\n" });
    commit(folder, { [`deep/${token(3)}.txt`]: "some text\n" });
    expect(told(await scanJson(folder, [`${base}..HEAD`]))).toEqual(one);
    expect(told(await scanJson(folder, ["--history"]))).toEqual(one);
    expect(told(await scanJson(folder, ["--history", "--since", base]))).toEqual(one);
    git(folder, ["rm", "-q", "-r", "deep"]);
    git(folder, ["commit", "-q", "-m", "gone"]);
    const gone = await scanJson(folder, ["--history"]);
    expect(told(gone)).toEqual(one);
    expect(gone.report.findings[0]!.origin!.atHead).toBe(false);
    write(folder, token(4), "");
    git(folder, ["add", "."]);
    expect(told(await scanJson(folder, ["--staged"]))).toEqual(one);
    git(folder, ["commit", "-q", "-m", "empty"]);
    expect((await scanJson(folder, ["--history"])).report.findings).toHaveLength(2);
  });

  it("counts once with the same value inside", async () => {
    const folder = temporaryFolder();
    write(folder, `${token(5)}.txt`, `${token(5)}\n`);
    const { report } = await scanJson(folder);
    expect([...new Set(report.findings.map(({ id }) => id))]).toHaveLength(1);
    expect(report.findings.map(({ place }) => place.line).sort()).toEqual([0, 1]);
  });
});
