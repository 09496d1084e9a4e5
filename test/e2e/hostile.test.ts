import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formats } from "../../src/report/format-name.ts";
import { commit, git, initialise, temporaryFolder, write } from "../git/temporary-repository.ts";
import { bundlePath, leasehold, scanJson, spawned, tokenOf } from "./leasehold.ts";

const pat = (seed: number) => tokenOf("github-pat", seed);

describe("contents", () => {
  it("of 200 MB are scanned to their end with bounded memory", async () => {
    const folder = temporaryFolder();
    sparseFile(join(folder, "big.bin"), 200_000_000, `\nkey ${pat(1)}\n`);
    const answer = await spawned(folder, ["scan", "--no-git", "-f", "json"], {
      env: { NODE_OPTIONS: "--max-old-space-size=200" },
    });
    expect([answer.code, answer.stderr]).toEqual([1, ""]);
    const report = JSON.parse(answer.stdout);
    expect(
      report.findings.map(({ place }: { place: { start: number; line: number } }) => [place.start, place.line]),
    ).toEqual([[200_000_005, 2]]);
    expect(report.coverage).toMatchObject({ complete: true, files: 1 });
  });

  it("on one line of 10 MB are found, and the report stays small", async () => {
    const folder = temporaryFolder();
    const half = "lorem ipsum dolor ".repeat(300_000);
    write(folder, "line.txt", `${half}${pat(2)} ${half}`);
    const { code, stdout } = await leasehold(folder, ["scan"]);
    expect(code).toBe(1);
    expect(stdout.length).toBeLessThan(2_000);
    expect(stdout).toContain("line.txt:1:5400001");
  });

  it("with NUL bytes and invalid UTF-8 are read all the same", async () => {
    const folder = temporaryFolder();
    const odd = Buffer.from([0, 0xff, 0xfe, 0xc3, 0x28, 0, 0x80, 10]);
    write(folder, "odd.bin", Buffer.concat([odd, Buffer.from(`key ${pat(3)}`), odd, Buffer.from([0xf0, 0x9f])]));
    const { code, report } = await scanJson(folder);
    expect(code).toBe(1);
    expect(report.findings.map(({ place }) => [place.line, place.start])).toEqual([[2, 12]]);
  });
});

describe("a path", () => {
  it("with a line break, terminal codes, Markdown or a workflow command is inert in every format", async () => {
    const folder = initialise();
    const names = [
      "new\nline::error::x",
      "::error file=x::boom",
      "esc\x1b[2J\x1b]0;title\x07",
      "[a](http://x.example)|<img src=x>",
      "##[add-mask]x",
      "=cmd()",
    ];
    for (const [at, name] of names.entries()) write(folder, `${name}.txt`, `${pat(10 + at)}\n`);
    git(folder, ["add", "-A"]);
    for (const format of formats) {
      const { code, stdout, stderr } = await leasehold(folder, ["scan", "-f", format]);
      expect([format, code, stderr]).toEqual([format, 1, ""]);
      expect(stdout).not.toMatch(/[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]/);
      const lines = stdout.split("\n");
      const commands = lines.filter((line) => /^\s*::/.test(line));
      if (format === "github")
        expect(commands.every((line) => /^::(?:error|warning|notice) file=/.test(line))).toBe(true);
      else expect(commands).toEqual([]);
      expect(stdout).not.toContain("##[");
      if (format === "html") expect(stdout).not.toContain("<img");
    }
    expect((await scanJson(folder, ["--staged"])).report.findings).toHaveLength(names.length);
  });
});

describe("a repository's own configuration", () => {
  it("starts no program: fsmonitor, hooks, external diff, text conversion, a promisor's ssh", async () => {
    const folder = initialise();
    const trap = join(folder, ".git/trap.sh");
    const sprung = join(folder, "..", `${folder.split("/").at(-1)}.sprung`);
    writeFileSync(trap, `#!/bin/sh\ntouch '${sprung}'\n`);
    chmodSync(trap, 0o755);
    commit(folder, { ".gitattributes": "* diff=trap filter=trap\n", "a.txt": "a\n" });
    commit(folder, { "a.txt": `${pat(20)}\n`, "b.txt": "missing\n" });
    const missing = git(folder, ["rev-parse", "HEAD:b.txt"]);
    const settings = {
      "core.fsmonitor": trap,
      "core.hooksPath": join(folder, ".git"),
      "core.sshCommand": trap,
      "core.pager": trap,
      "diff.external": trap,
      "diff.trap.textconv": trap,
      "filter.trap.clean": trap,
      "filter.trap.smudge": trap,
      "credential.helper": trap,
      "extensions.partialClone": "origin",
      "remote.origin.promisor": "true",
      "remote.origin.url": "ssh://example.invalid/x.git",
    };
    for (const [key, value] of Object.entries(settings))
      git(folder, ["-c", "core.fsmonitor=false", "config", key, value]);
    truncateLooseObject(folder, missing);
    for (const words of [[], ["--staged"], ["--history"], ["HEAD~1..HEAD"]]) {
      const { code, report } = await scanJson(folder, words);
      expect([words, code >= 0 && report.findings.length]).toEqual([words, words[0] === "--staged" ? 0 : 1]);
      if (words.length === 1 && words[0] !== "--staged") expect(report.coverage.complete).toBe(false);
    }
    expect(existsSync(sprung)).toBe(false);
  });
});

describe("damage", () => {
  it("of a pack is named and makes the answer incomplete", async () => {
    const folder = initialise();
    for (let at = 0; at < 5; at++) commit(folder, { [`${at}.txt`]: `${at} ${"x".repeat(3000)}${Math.sin(at)}\n` });
    git(folder, ["gc", "-q", "--aggressive"]);
    const packs = join(folder, ".git/objects/pack");
    const pack = join(packs, readdirSync(packs).find((name) => name.endsWith(".pack"))!);
    chmodSync(pack, 0o644);
    truncateSync(pack, Math.floor(readFileSync(pack).length / 2));
    const { code, stdout } = await leasehold(folder, ["scan", "--history"]);
    expect(code).toBe(4);
    expect(stdout).toMatch(/! not scanned: .*git fsck/);
    // Where even the commit is gone, its name matches nothing.
    expect((await leasehold(folder, ["scan", "HEAD~3..HEAD"])).code).toBeGreaterThanOrEqual(3);
  });
});

describe("a policy", () => {
  it.each([
    ["a bomb of aliases", `a: &a [x]\nb: &b [*a,*a]\nc: [*b,*b]\n`, "not allowed here"],
    ["a deep nest", `paths: ${"[".repeat(5_000)}`, "nested too deeply"],
    ["2 MB", `# ${"x".repeat(2_000_000)}\n`, "larger than 1 MB"],
    ["no YAML", "version: [1\nmode: {", "not valid YAML"],
    ["binary", "\x00\x01\xff", ""],
  ])("that is %s is an error", async (_what, text, sentence) => {
    const folder = temporaryFolder();
    write(folder, ".github/leasehold.yml", text);
    const { code, stdout, stderr } = await leasehold(folder, ["scan"]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^leasehold: \.github\/leasehold\.yml:\d+:\d+: /);
    expect(stderr).toContain(sentence);
  });
});

it("an interrupted scan gives 130 and leaves the old report as it was", async () => {
  const folder = temporaryFolder();
  write(folder, "out.txt", "old\n");
  const child = spawn(process.execPath, [bundlePath(), "scan", "-", "-o", "out.txt"], {
    cwd: folder,
    stdio: ["pipe", "pipe", "pipe"],
  });
  try {
    child.stdin.write(`${pat(30)}\n`);
    // The program is there once it has read its input; what it says on a signal before that is the shell's affair.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    child.kill("SIGINT");
    expect((await once(child, "exit"))[0]).toBe(130);
    expect(readdirSync(folder)).toEqual(["out.txt"]);
    expect(readFileSync(join(folder, "out.txt"), "utf8")).toBe("old\n");
  } finally {
    child.kill("SIGKILL");
  }
});

function sparseFile(path: string, size: number, end: string): void {
  const descriptor = openSync(path, "w");
  writeSync(descriptor, end, size);
  closeSync(descriptor);
}

/** As if a partial clone had left it out. */
function truncateLooseObject(folder: string, oid: string): void {
  const file = join(folder, ".git/objects", oid.slice(0, 2), oid.slice(2));
  chmodSync(file, 0o644);
  writeFileSync(file, "");
}
