import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { runCli } from "../../src/cli/dispatch.ts";
import type { Io } from "../../src/cli/io.ts";
import { type ErrorCode, LeaseholdError } from "../../src/error.ts";
import { fakeCommand, fakeIo, tableOf } from "./fake-io.ts";

async function run(words: string[], command = fakeCommand(async () => 0), io = fakeIo()) {
  const code = await runCli(
    words,
    io,
    tableOf(
      command,
      fakeCommand(async () => 0, "rules"),
    ),
  );
  return { code, ...io.written };
}

describe("runCli", () => {
  it("gives the version", async () => {
    expect(await run(["--version"])).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^leasehold \d+\.\d+\.\d+\n$/),
      stderr: "",
    });
  });

  it("prints help on stdout when it is asked for, and on stderr with exit code 2 when nothing is", async () => {
    expect(await run(["--help"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Usage: leasehold COMMAND"),
      stderr: "",
    });
    expect(await run([])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("Usage: leasehold COMMAND"),
    });
    for (const words of [
      ["scan", "--help"],
      ["--help", "scan"],
      ["scan", "-h", "a", "b", "c"],
    ]) {
      expect(await run(words)).toMatchObject({
        code: 0,
        stdout: expect.stringContaining("Usage: leasehold scan [PATH] [FLAGS]"),
        stderr: "",
      });
    }
  });

  it.each([
    [["scna"], 'there is no command "scna"; did you mean "scan"?'],
    [["src/a"], 'there is no command "src/a"; to scan it: leasehold scan src/a'],
    [["--versoin"], 'there is no flag --versoin; did you mean "--version"?'],
    [["scan", "--fromat", "json"], 'scan has no flag --fromat; did you mean "--format"?'],
    [["scan", "--format", "jsn"], '--format: expected one of text, json; found "jsn"; did you mean "json"?'],
    [["scan", "--format"], "--format needs a value: text, json"],
    [["scan", "a", "b", "c"], 'scan: "c" is one word too many'],
    [["scan", "-C", "/nowhere/at/all"], "-C /nowhere/at/all: there is no such directory"],
  ])("%j is a mistake with a hint", async (words, sentence) => {
    const { code, stdout, stderr } = await run(words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.split("\n")[0]).toBe(`leasehold: ${sentence}`);
    expect(stderr).toMatch(/leasehold: see leasehold (?:scan )?--help\n$/);
  });

  it("hands the command its flags, words and directory", async () => {
    const seen: unknown[] = [];
    const command = fakeCommand(async (args, io: Io) => {
      seen.push(args, io.cwd);
      return 1;
    });
    expect(
      (
        await run(
          ["-C", tmpdir(), "scan", "a", "-f", "json", "--no-config", "--jobs=3", "--only", "x,y", "--only", "z"],
          command,
        )
      ).code,
    ).toBe(1);
    expect(seen).toEqual([
      {
        flags: { format: "json", only: ["x", "y", "z"], level: [], jobs: 3, "no-config": true, output: undefined },
        positionals: ["a"],
        line: `leasehold scan -C ${tmpdir()} a -f json --no-config --jobs=3 --only x,y --only z`,
      },
      tmpdir(),
    ]);
  });

  it.each<[ErrorCode, number]>([
    ["usage", 2],
    ["config", 2],
    ["nothing-matched", 3],
    ["git", 4],
    ["network", 5],
    ["interrupted", 130],
  ])("an error of code %s is exit code %i", async (errorCode, code) => {
    const command = fakeCommand(async () => {
      throw new LeaseholdError(errorCode, "say\x1b[2J what\nand where", { file: "a\nb.yml", line: 3, column: 7 });
    });
    const result = await run(["scan"], command);
    expect(result.code).toBe(code);
    expect(result.stdout).toBe("");
    expect(result.stderr).toContain("b.yml:3:7: say\\x1b[2J what\n  and where\n");
  });

  it("keeps the message of an unexpected error to itself, since it may quote a secret", async () => {
    const secret = ["hunter", "2"].join("");
    const command = fakeCommand(async () => {
      throw new RangeError(`bad value ${secret}\n    at ${secret}`);
    });
    const result = await run(["scan"], command);
    expect(result.code).toBe(70);
    expect(result.stderr).toContain("internal error (RangeError)");
    expect(result.stderr).toContain("dispatch.test.ts");
    expect(result.stderr + result.stdout).not.toContain(secret);
  });

  it("gives 130 when it was interrupted, whatever the command threw then", async () => {
    const abort = new AbortController();
    const command = fakeCommand(async () => {
      abort.abort();
      throw new Error("killed");
    });
    expect(await run(["scan"], command, fakeIo({ signal: abort.signal }))).toEqual({
      code: 130,
      stdout: "",
      stderr: "",
    });
  });
});
