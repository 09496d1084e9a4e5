import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { completionScript } from "../../src/cli/completion-script.ts";
import { policySpec } from "../../src/cli/policy-spec.ts";
import { scanSpec } from "../../src/cli/scan-spec.ts";

const specs = [scanSpec, policySpec];
const bash = completionScript("bash", specs);

/** What bash offers for the last word of a line. */
function offered(...words: string[]): string[] {
  const call = `${bash}\nCOMP_WORDS=(leasehold ${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}; _leasehold; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync("bash", ["--norc", "-c", call], { encoding: "utf8", cwd: "/" });
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  return stdout.split("\n").filter((line) => line !== "");
}

describe("bash", () => {
  it("offers commands, flags, values of flags and words", () => {
    expect(offered("s")).toEqual(["scan"]);
    expect(offered("scan", "--his")).toEqual(["--history"]);
    expect(offered("scan", "--format", "s")).toEqual(["sarif"]);
    expect(offered("scan", "-f", "ht")).toEqual(["html"]);
    expect(offered("policy", "sh")).toEqual(["show"]);
    expect(offered("scan", "--jobs", "")).toEqual([]);
    expect(offered("scan", "-C", "/us")).toContain("/usr");
  });
});

/** Whether a shell reads the script, where there is that shell. */
function readBy(shell: string, script: string): boolean {
  const { status, error } = spawnSync(shell, ["-n"], { input: script });
  return error !== undefined || status === 0;
}

it.each(["bash", "zsh", "fish"] as const)("%s reads its script, and every command and flag is in it", (shell) => {
  const script = completionScript(shell, specs);
  expect(readBy(shell, script)).toBe(true);
  for (const spec of specs) {
    expect(script).toContain(spec.name);
    for (const flag of Object.keys(spec.flags)) expect(script).toContain(shell === "fish" ? `-l ${flag}` : `--${flag}`);
  }
});

it("quotes an apostrophe in a summary", () => {
  const spec = { ...policySpec, flags: {}, summary: "It's [one]: two" };
  expect(completionScript("fish", [spec])).toContain("'It'\\''s [one]: two'");
  expect(readBy("zsh", completionScript("zsh", [spec]))).toBe(true);
});
