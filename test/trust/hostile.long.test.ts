// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform and code have templates of their own
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { auditTrust, trustSizeLimit } from "../../src/trust/audit.ts";
import { isTrustCandidate } from "../../src/trust/trust-file.ts";
import { hasTrustKeyword, trustKeywords } from "../../src/trust/trust-keyword.ts";
import { costsFarMore, fill, growsTooFast } from "../leak/cost.ts";
import { credential, examples, iam, provider } from "./rule-examples.ts";

const host = "token.actions.githubusercontent.com";
const names = [
  "a.json",
  "a.yaml",
  "main.tf",
  "a.bicep",
  "a.ts",
  "a.py",
  "a.sh",
  "a.sql",
  ".github/chainguard/a.sts.yaml",
  "t.template",
];

function audit(path: string, text: string) {
  return auditTrust([{ path, bytes: Buffer.from(text) }], { salt: "test" });
}

/** Why a file costs far more than one of the same size whose text is that of settings. */
function cost(path: string, text: string): string | undefined {
  const usual = `${host} AssumeRoleWithWebIdentity subject_pattern\n${fill('name = "value" # of a setting\n', text.length)}`;
  return costsFarMore(
    () => audit(path, text),
    () => audit(path, usual),
  );
}

describe("hostile files", () => {
  const size = 40_000;
  const pieces = [
    "{",
    "[",
    "(",
    '{"a":',
    "[[",
    '"${',
    "'${",
    "`${",
    "<<E\n",
    "<<-E\n  x\n",
    "a {\n",
    "a = {\n",
    "- ",
    "? ",
    "a:\n ",
    "f'{",
    "!",
    "x.",
    "x[",
    "lambda: ",
    "=> ",
    "/*",
    "#",
    "\\",
    "'''",
    "((",
    "${",
    "x = [for a in [for ",
    'locals {\n a = "${local.a}${local.a}"\n}\n',
    "\u0000",
    "&a [*a,",
    "$(",
    "`",
    "<<E <<F\n",
  ];
  test.each(names)(
    "%s of 40 kilobytes of each piece ends quickly and never throws",
    (path) => {
      const usual = `${host} AssumeRoleWithWebIdentity subject_pattern\n${fill('name = "value" # of a setting\n', size)}`;
      const ordinary = () => audit(path, usual);
      for (const piece of pieces) {
        const text = `${host} AssumeRoleWithWebIdentity subject_pattern\n${piece.repeat(Math.floor((size - 100) / piece.length))}`;
        expect([piece, costsFarMore(() => audit(path, text), ordinary)]).toEqual([piece, undefined]);
      }
    },
    120_000,
  );

  test("a file above the limit is unknown", () => {
    const { unknown } = audit("a.json", `"${host}"${" ".repeat(trustSizeLimit)}`);
    expect(unknown).toHaveLength(1);
    expect(unknown[0]!.place.line).toBe(1);
  });

  test("names that double themselves do not grow", () => {
    const locals = Array.from(
      { length: 60 },
      (_, index) => `  a${index + 1} = "\${local.a${index}}\${local.a${index}}"`,
    ).join("\n");
    const text = `locals {\n  a0 = "xxxxxxxxxx"\n${locals}\n}\nresource "aws_iam_role" "r" {\n  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = { Federated = "arn:aws:iam::1:oidc-provider/${host}" }, Action = "sts:AssumeRoleWithWebIdentity", Condition = { StringEquals = { "${host}:sub" = local.a60 } } }] })\n}`;
    expect(cost("main.tf", text)).toBeUndefined();
    expect(audit("main.tf", text).policies).toHaveLength(1);
  });

  test("one megabyte of open brackets", () => {
    for (const path of ["a.json", "a.yaml", "main.tf", "a.ts", "a.py"])
      expect(cost(path, `${host} AssumeRoleWithWebIdentity\n${"{".repeat(990_000)}`)).toBeUndefined();
  });

  test("aliases that multiply do not grow", () => {
    const lines = Array.from(
      { length: 12 },
      (_, index) => `a${index + 1}: &a${index + 1} [${`*a${index},`.repeat(9)}*a${index}]`,
    ).join("\n");
    expect(cost("a.yaml", `# ${host}\na0: &a0 [x]\n${lines}\n`)).toBeUndefined();
  });

  test("patterns made to be slow are not", () => {
    const slow = [`repo:${"*a".repeat(800)}b`, `repo:${"a*".repeat(800)}`, "*".repeat(3000), "?*".repeat(1000)];
    for (const pattern of slow)
      expect(cost("a.json", iam({ StringLike: { [`${host}:sub`]: pattern } }))).toBeUndefined();
    for (const pattern of ["(a+)+$", "(a|a)*b", "((a*)*)*c", "a{1,1000}b{1,1000}"]) {
      expect(
        cost(
          ".github/chainguard/x.sts.yaml",
          `issuer: https://${host}\nsubject_pattern: "repo:octo-org/(${pattern}|.*)"\n`,
        ),
      ).toBeUndefined();
    }
  });

  test("many values cost as many times as much, not more", () => {
    const many = (count: number) =>
      iam({
        StringLike: { [`${host}:sub`]: Array.from({ length: count }, (_, index) => `repo:octo-org/repo-${index}:*`) },
      });
    // Each value is judged by a statement with that value alone, whose cost does not depend on the others.
    const auditing = (count: number) => {
      const text = many(count);
      return () => audit("a.json", text);
    };
    expect(growsTooFast(auditing(100), auditing(200))).toBeUndefined();
  });
});

describe("properties", () => {
  const seeds = [
    ...examples.map(({ path, text }) => ({ path, text })),
    { path: "main.tf", text: provider("true", ["*"]) },
    { path: "main.tf", text: credential("repo:a/b:pull_request") },
  ];

  test("a damaged policy never throws, and every place lies in the file", () => {
    const damage = fc.record({
      seed: fc.nat(seeds.length - 1),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.nat(30),
      insert: fc.oneof(
        fc.constantFrom(
          "{",
          "}",
          '"',
          "'",
          "${",
          "*",
          "\n",
          "\\",
          "(",
          "]",
          "<<E\n",
          "\uFDD0",
          "€",
          "\ud800",
          "||",
          "=> {",
        ),
        fc.string({ maxLength: 5 }),
      ),
    });
    fc.assert(
      fc.property(damage, ({ seed, at, cut, insert }) => {
        const { path, text } = seeds[seed]!;
        const from = Math.floor(at * text.length);
        const bytes = Buffer.from(text.slice(0, from) + insert + text.slice(from + cut));
        const { findings, policies, unknown } = auditTrust([{ path, bytes }], { salt: "test" });
        for (const { place } of [...findings, ...policies, ...unknown]) {
          expect(place.start).toBeGreaterThanOrEqual(0);
          expect(place.end).toBeGreaterThanOrEqual(place.start);
          expect(place.end).toBeLessThanOrEqual(bytes.length);
          expect(bytes.subarray(0, place.start).filter((byte) => byte === 10).length).toBe(place.line - 1);
        }
      }),
      { numRuns: 400 },
    );
  });

  test("any bytes under any name never throw", () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.uint8Array({ maxLength: 400 }), (path, tail) => {
        auditTrust([{ path, bytes: Buffer.concat([Buffer.from(`${host} bound_claims `), tail]) }], { salt: "test" });
      }),
      { numRuns: 400 },
    );
  });

  test("ids depend on the salt and not on where the policy stands in its file", () => {
    for (const { path, text } of seeds.slice(0, 40)) {
      const before = audit(path, text).findings.map(({ id }) => id);
      const moved = path.endsWith(".json")
        ? `\n\n  ${text}`
        : path.endsWith(".sql")
          ? `-- moved\n\n${text}`
          : `# moved\n\n${text}`;
      expect(audit(path, moved).findings.map(({ id }) => id)).toEqual(before);
      if (before.length > 0)
        expect(
          auditTrust([{ path, bytes: Buffer.from(text) }], { salt: "other" }).findings.map(({ id }) => id),
        ).not.toEqual(before);
      expect(new Set(before).size).toBe(before.length);
    }
  });
});

describe("the filter before reading", () => {
  test("no keyword is shorter than four bytes, and every example has one", () => {
    for (const keyword of trustKeywords) expect(Buffer.byteLength(keyword)).toBeGreaterThanOrEqual(4);
    for (const { text, path } of examples) expect([path, hasTrustKeyword(Buffer.from(text))]).toEqual([path, true]);
  });

  test("what is no candidate is not read", () => {
    expect(isTrustCandidate("README.md", Buffer.from(host))).toBe(false);
    expect(isTrustCandidate("a.json", Buffer.from("{}"))).toBe(false);
    expect(isTrustCandidate("variables.tf", Buffer.from(""))).toBe(true);
    expect(isTrustCandidate(".github/chainguard/x.sts.yaml", Buffer.from(""))).toBe(true);
  });
});
