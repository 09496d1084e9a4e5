import { describe, expect, test } from "vitest";
import { importIgnores } from "../../src/policy/ignore-file.ts";
import { waiversFrom } from "../../src/policy/import-waivers.ts";
import { compileGlobs } from "../../src/policy/path-glob.ts";
import { costsFarMore, fill } from "../leak/cost.ts";
import { finding } from "./sample.ts";

const commit = "0123456789".repeat(4);

describe("reading", () => {
  test.each([".gitleaksignore", "sub/.betterleaksignore"])("%s: fingerprints with and without commit", (file) => {
    const { entries, notCarried } = importIgnores(
      file,
      `# ours\n\n${commit}:src/a.ts:generic-api-key:12\r\n./b:c.txt:aws:7\nnonsense\na:b:c\n`,
    );
    const base = file.slice(file.lastIndexOf("/") + 1);
    expect(entries).toEqual([
      { path: "src/a.ts", line: 12, rule: "generic-api-key", family: "leak", provenance: `${base} line 3` },
      { path: "b:c.txt", line: 7, rule: "aws", family: "leak", provenance: `${base} line 4` },
    ]);
    expect(notCarried.map(({ provenance }) => provenance)).toEqual([`${base} line 5`, `${base} line 6`]);
  });

  test("a detect-secrets baseline; only an audit makes it a false positive", () => {
    const text = JSON.stringify({
      version: "1.5.0",
      results: {
        "a.py": [
          { type: "Secret Keyword", hashed_secret: "00", line_number: 3, is_secret: false },
          { type: "T", line_number: 4, is_secret: true },
          { type: "T", line_number: 5 },
          { type: "T" },
        ],
      },
    });
    const { entries, notCarried } = importIgnores(".secrets.baseline", text);
    expect(entries.map(({ line, reason }) => [line, reason])).toEqual([
      [3, "false-positive"],
      [4, "fix-later"],
      [5, undefined],
    ]);
    expect(notCarried).toEqual([{ provenance: ".secrets.baseline (a.py, secret 4)", why: "it has no line_number" }]);
  });

  test("a gitleaks report", () => {
    const { entries, notCarried } = importIgnores(
      "gitleaks-baseline.json",
      JSON.stringify([{ RuleID: "aws", File: "a.sh", StartLine: 2, Secret: "x" }, { RuleID: "aws" }]),
    );
    expect(entries).toEqual([
      { path: "a.sh", line: 2, rule: "aws", family: "leak", provenance: "gitleaks-baseline.json finding 1" },
    ]);
    expect(notCarried).toHaveLength(1);
  });

  test("what cannot be read at all is said", () => {
    for (const [file, text] of [
      ["x.json", "{"],
      ["x.json", "{}"],
      [".secrets.baseline", "[]"],
      [".secrets.baseline", "nope"],
    ] as const) {
      expect(importIgnores(file, text)).toMatchObject({ entries: [], notCarried: [{ provenance: file }] });
    }
  });

  test("comments in a workflow", () => {
    const text =
      "on: push\njobs:\n  a:\n    secrets: inherit # zizmor: ignore[secrets-inherit, unpinned-uses] because\n    run: echo 'zizmor: ignore[no]'\n    key: x # gitleaks:allow\n";
    expect(importIgnores(".github/workflows/x.yml", text).entries).toMatchObject([
      { line: 4, rule: "secrets-inherit", family: "workflow", provenance: ".github/workflows/x.yml line 4" },
      { line: 4, rule: "unpinned-uses", family: "workflow" },
      { line: 6, family: "leak" },
    ]);
  });
});

describe(".gitleaks.toml", () => {
  test("plain paths of the global allowlists become patterns; the rest is listed with the reason", () => {
    const { ignorePaths, notCarried } = importIgnores(
      ".gitleaks.toml",
      `title = "ours" # a comment
[extend]
useDefault = true
[[rules]]
id = "own"
regex = '''own_[a-z]{20}'''
[rules.allowlist]
paths = ['''rule-only''']
[allowlist]
description = "all"
paths = [
  '''^test/fixtures/''', # fixtures
  '''(^|/)package-lock\\.json$''',
  "go\\\\.sum$",
  '''(.*?)(jpg|gif)$''',
]
regexes = ['''abc''', 'def']
stopwords = ["x"]
commits = ["${commit}"]
date = 2026-01-01
[[allowlists]]
condition = "AND"
paths = ['''both''']
regexes = ['''x''']
[[allowlists]]
targetRules = ["aws"]
paths = ['''some''']
`,
    );
    expect(ignorePaths).toEqual(["test/fixtures/**", "**/package-lock.json", "**/*go.sum"]);
    const lines = notCarried.map(({ provenance, why }) => `${provenance}: ${why}`);
    expect(lines).toEqual(
      expect.arrayContaining([
        ".gitleaks.toml line 4: an own rule: write it under `detectors:` in the policy",
        '.gitleaks.toml line 8: paths "rule-only": it holds for one rule only; waive by rule and target',
        '.gitleaks.toml line 11: paths "(.*?)(jpg|gif)$": not a plain path: write a pattern under paths.ignore',
        ".gitleaks.toml line 17: 2 regexes: Leasehold goes by finding, not by text; waive the findings",
        ".gitleaks.toml line 18: 1 stopwords: Leasehold goes by finding, not by text; waive the findings",
        ".gitleaks.toml line 19: 1 commits: a finding's id does not depend on the commit; waive the finding",
        ".gitleaks.toml line 20: this value is not read",
        '.gitleaks.toml line 23: paths "both": it holds only together with other conditions',
        '.gitleaks.toml line 27: paths "some": it holds for some rules only; waive by rule and target',
      ]),
    );
    expect(lines.join("\n")).not.toContain("abc");
  });

  test.each([
    "vendor",
    "vendor/",
    "/vendor/",
    "^vendor/",
    "(^|/)vendor/",
    "a/b\\.txt$",
    "^a$",
    ".*\\.lock$",
    "^docs/.*",
    "(?:^|/)x$",
    "\\.env",
  ])("%s means the same paths as pattern", (expression) => {
    const { ignorePaths } = importIgnores("gitleaks.toml", `[allowlist]\npaths = ['''${expression}''']\n`);
    const matches = compileGlobs(ignorePaths);
    const parts = ["a", "vendor", "xvendor", "vendory", "b.txt", "docs", "x", "y.lock", ".env", "z.env2"];
    for (const one of parts) {
      for (const path of [
        one,
        ...parts.flatMap((other) => [`${one}/${other}`, `${one}/q/${other}`, `q/${one}/${other}`]),
      ]) {
        expect([path, matches(path)]).toEqual([path, new RegExp(expression).test(path)]);
      }
    }
  });

  test.each(["a.*b$", "a|b", "[ab]", "a+", "^/x", "\\d", "", "a\\*b"])("%s is not carried over", (expression) => {
    const { ignorePaths, notCarried } = importIgnores("gitleaks.toml", `[allowlist]\npaths = ['''${expression}''']\n`);
    expect(ignorePaths).toEqual([]);
    expect(notCarried).toHaveLength(1);
  });

  test.each([
    ["blanks", " ".repeat(1_000_000)],
    ["a long list", `a = [${"'x',".repeat(200_000)}]`],
    ["open strings", 'a = """\n'.repeat(50_000)],
    ["escapes", `a = "${"\\".repeat(500_000)}`],
    ["brackets", `a = ${"[".repeat(100_000)}`],
  ])("%s: soon", (_name, text) => {
    const usual = `[allowlist]\npaths = [${fill("'a/b.txt',\n", text.length)}]\n`;
    const cost = costsFarMore(
      () => importIgnores(".gitleaks.toml", text),
      () => importIgnores(".gitleaks.toml", usual),
    );
    expect(cost).toBeUndefined();
  });
});

describe("waivers", () => {
  const until = "2027-05-24";
  const found = [
    finding("LH-BBBBBB", { path: "src/a.ts", line: 12 }),
    finding("LH-AAAAAA", { path: "src/a.ts", line: 12 }),
    finding("LH-CCCCCC", { path: "src/a.ts", line: 13 }),
    finding("LH-DDDDDD", { path: "src/a.ts", line: 12, rule: "workflow/secrets-inherit" }),
  ];
  test("for the leaks at path and line, sorted, saying where they come from, approved by nobody", () => {
    const { entries } = importIgnores(".gitleaksignore", "src/a.ts:aws:12\nsrc/a.ts:aws:99\nsrc/b.ts:aws:1\n");
    const { waivers, unmatched } = waiversFrom(entries, found, until);
    expect(waivers).toEqual(
      ["LH-AAAAAA", "LH-BBBBBB"].map((id) => ({
        id,
        reason: "accepted-risk",
        why: "imported from .gitleaksignore line 1",
        until,
      })),
    );
    expect(unmatched.map(({ provenance }) => provenance)).toEqual([".gitleaksignore line 2", ".gitleaksignore line 3"]);
  });

  test("a workflow comment fits only the rule of the same name", () => {
    const entry = { path: "src/a.ts", line: 12, family: "workflow" as const, provenance: "p" };
    expect(waiversFrom([{ ...entry, rule: "secrets-inherit" }], found, until).waivers.map(({ id }) => id)).toEqual([
      "LH-DDDDDD",
    ]);
    expect(waiversFrom([{ ...entry, rule: "unpinned-uses" }], found, until).waivers).toEqual([]);
  });

  test("inside a finding of several lines, and with the source's reason", () => {
    const pem = finding("LH-AAAAAA", { path: "k.pem" });
    const long = { ...pem, place: { ...pem.place, line: 1, endLine: 20 } };
    expect(
      waiversFrom(
        [{ path: "k.pem", line: 5, family: "leak", provenance: "p", reason: "false-positive" }],
        [long],
        until,
      ).waivers,
    ).toMatchObject([{ reason: "false-positive" }]);
  });
});
