import { describe, expect, test } from "vitest";
import { LeaseholdError } from "../../src/error.ts";
import { assetLabel, targetOf } from "../../src/register/asset.ts";
import { mergeRegisters, parseRegister, parseSecretFile, registerPath } from "../../src/register/register.ts";
import { growsTooFast } from "../leak/cost.ts";

const head = "version: 1\nsecrets:\n";

function errorOf(run: () => unknown): LeaseholdError {
  try {
    run();
  } catch (error) {
    if (error instanceof LeaseholdError) return error;
    throw error;
  }
  throw new Error("expected an error");
}

const full = `version: 1
secrets:
  - name: AWS_DEPLOY_KEY
    store: actions
    scope: { environment: production }
    kind: static
    owner: "@acme/platform"
    backup: "@alice"
    purpose: Push images until the ECR role exists
    expires: 2026-12-31
    rotate: { every: 90d, runbook: docs/rotate.md }
    review: { last: 2026-10-01, by: "@bob" }
    revoke: { how: "aws iam delete-access-key", contact: "@acme/platform", last-drill: 2026-09-02, minutes: 12 }
    plan: keyless
    tier: T1
    tier-approved-by: "@carol"
    shared: One role for both regions
    approval: APR-2026-0192
  - name: BUILD_FLAVOUR
    not-a-secret: true
  - name: ci reader
    store: pat
    scope: { org: true }
    token-id: 4711
`;

test("reads every key", () => {
  const [key, flavour, pat] = parseRegister(full, "secrets.yml").entries;
  expect(key).toMatchObject({
    name: "AWS_DEPLOY_KEY",
    store: "actions",
    scope: { level: "environment", environment: "production" },
    kind: "static",
    owner: "@acme/platform",
    backup: "@alice",
    purpose: "Push images until the ECR role exists",
    expires: "2026-12-31",
    rotate: { every: 90, runbook: "docs/rotate.md" },
    review: { last: "2026-10-01", by: "@bob" },
    revoke: { how: "aws iam delete-access-key", contact: "@acme/platform", lastDrill: "2026-09-02", minutes: 12 },
    plan: "keyless",
    tier: "T1",
    tierApprovedBy: "@carol",
    shared: "One role for both regions",
    approval: "APR-2026-0192",
    notASecret: false,
  });
  expect(targetOf(key!)).toBe("actions/production/AWS_DEPLOY_KEY");
  expect(assetLabel(key!)).toBe("AWS_DEPLOY_KEY (environment production)");
  expect(key!.placeOf("owner")).toMatchObject({ line: 7, column: 12 });
  expect(flavour).toMatchObject({ name: "BUILD_FLAVOUR", notASecret: true });
  expect(targetOf(pat!)).toBe("org:pat/ci reader");
  expect(pat).toMatchObject({ tokenId: 4711 });
});

test("an owner or purpose that is missing or empty is no fault of the file", () => {
  const { entries } = parseRegister(`${head}  - name: A\n    owner:\n    purpose: ""\n  - name: B\n`, "f");
  expect(entries.map(({ owner, purpose }) => [owner, purpose])).toEqual([
    [undefined, ""],
    [undefined, undefined],
  ]);
});

test("names are kept in upper case, as GitHub does, and other stores keep theirs", () => {
  const { entries } = parseRegister(`${head}  - name: aws_key\n  - { name: My Key, store: deploy-key }\n`, "f");
  expect(entries.map(({ name }) => name)).toEqual(["AWS_KEY", "My Key"]);
});

describe("a fault has its line, its column and what was expected", () => {
  test.each([
    ["an unknown key", `${head}  - name: A\n    ownr: "@a"\n`, 4, 5, 'unknown key "ownr"; did you mean "owner"?'],
    ["a value", `${head}  - name: A\n    value: x\n`, 4, 5, "unknown key"],
    ["no version", "secrets: []\n", 1, 1, 'the key "version" is missing'],
    ["another version", "version: 2\n", 1, 10, "expected 1, found 2"],
    ["no name", `${head}  - owner: "@a"\n`, 3, 5, 'the key "name" is missing'],
    ["a day that does not exist", `${head}  - name: A\n    expires: 2026-02-30\n`, 4, 14, "exists in the calendar"],
    ["29 February of a common year", `${head}  - name: A\n    expires: 2100-02-29\n`, 4, 14, "exists in the calendar"],
    ["a moment for a day", `${head}  - name: A\n    expires: 2026-02-03T10:00Z\n`, 4, 14, "a date like 2026-12-31"],
    ["an owner without @", `${head}  - name: A\n    owner: acme/platform\n`, 4, 12, "login or team"],
    ["an owner with a space", `${head}  - name: A\n    owner: "@acme platform"\n`, 4, 12, "login or team"],
    ["an owner without quotes", `${head}  - name: A\n    owner: @acme\n`, 4, 12, "put it in quotes"],
    ["a backup of two teams", `${head}  - name: A\n    backup: "@a/b/c"\n`, 4, 13, "login or team"],
    ["a tab", `${head}\t- name: A\n`, 3, 1, "a tab stands"],
    ["an alias", `${head}  - &a\n    name: A\n  - *a\n`, 4, 5, "anchor"],
    ["a merge key", `${head}  - name: A\n    <<: { owner: "@a" }\n`, 4, 5, "merge key"],
    ["a key twice", `${head}  - name: A\n    name: B\n`, 4, 5, "stands twice"],
    ["two documents", `${head}  - name: A\n---\nversion: 1\n`, 4, 1, "second YAML document"],
    ["a name with a hyphen", `${head}  - name: AWS-KEY\n`, 3, 11, "letters, digits and _"],
    ["a name that begins with a digit", `${head}  - name: 1A\n`, 3, 11, "letters, digits and _"],
    ["a name of GitHub's own", `${head}  - name: github_token\n`, 3, 11, "GITHUB_"],
    ["a number as name", `${head}  - name: 7\n`, 3, 11, "found 7"],
    ["a store that is none", `${head}  - { name: A, store: action }\n`, 3, 23, 'did you mean "actions"?'],
    [
      "an environment of Dependabot",
      `${head}  - { name: A, store: dependabot, scope: { environment: p } }\n`,
      3,
      57,
      "store actions",
    ],
    ["two scopes", `${head}  - { name: A, scope: { org: true, environment: p } }\n`, 3, 23, "either org: true"],
    ["days without d", `${head}  - { name: A, rotate: { every: 90 } }\n`, 3, 33, "days like 90d"],
    ["a list for a mapping", "version: 1\nsecrets: { name: A }\n", 2, 10, "expected a list"],
  ])("%s", (_what, text, line, column, sentence) => {
    const error = errorOf(() => parseRegister(text, "secrets.yml"));
    expect(error.code).toBe("config");
    expect(error.message).toContain(sentence);
    expect(error.place).toEqual({ file: "secrets.yml", line, column });
  });
});

test("names that differ only in case are one secret", () => {
  const error = errorOf(() => parseRegister(`${head}  - name: Aws_Key\n  - name: B\n  - name: AWS_KEY\n`, "s.yml"));
  expect(error.place).toEqual({ file: "s.yml", line: 5, column: 11 });
  expect(error.message).toContain("AWS_KEY is declared twice, first at s.yml:3");
  const environments = `  - { name: A, scope: { environment: Prod } }\n  - { name: A, scope: { environment: prod } }\n`;
  expect(() => parseRegister(head + environments, "f")).toThrow("declared twice");
});

test("one name in two stores, scopes or environments is no duplicate", () => {
  const text = `${head}  - name: A\n  - { name: A, store: dependabot }\n  - { name: A, scope: { org: true } }
  - { name: A, scope: { environment: p } }\n  - { name: A, scope: { environment: q } }\n  - { name: A, scope: { repository: acme/x } }\n`;
  expect(parseRegister(text, "f").entries).toHaveLength(6);
});

test("more than ten duplicates are counted, not listed", () => {
  const text = head + "  - name: A\n".repeat(20);
  const lines = errorOf(() => parseRegister(text, "f")).message.split("\n");
  expect(lines).toHaveLength(11);
  expect(lines.at(-1)).toBe("and 9 more");
});

test("two registers in one repository are an error that names both", () => {
  expect(registerPath(["README.md"])).toBeUndefined();
  expect(registerPath([".github/secrets.yaml"])).toBe(".github/secrets.yaml");
  const error = errorOf(() => registerPath([".github/secrets.yaml", ".github/secrets.yml"]));
  expect(error.message).toContain(".github/secrets.yml and .github/secrets.yaml are both there");
});

test("one file per secret, and the same secret in two files", () => {
  const one = (name: string, file: string) =>
    parseSecretFile(`version: 1\nname: ${name}\nscope: { org: true }\nowner: "@a"\n`, file);
  const merged = mergeRegisters([one("A", "secrets/a.yml"), one("B", "secrets/b.yml")]);
  expect(merged.entries.map(({ name, owner }) => [name, owner])).toEqual([
    ["A", "@a"],
    ["B", "@a"],
  ]);
  const error = errorOf(() => mergeRegisters([one("A", "secrets/a.yml"), one("a", "secrets/b.yml")]));
  expect(error.place).toEqual({ file: "secrets/b.yml", line: 2, column: 7 });
  expect(error.message).toContain("first at secrets/a.yml:2");
  expect(() => parseSecretFile("version: 1\nsecrets: []\n", "f")).toThrow("unknown key");
});

test("registers of several repositories can stand side by side", () => {
  const text = `${head}  - name: A\n`;
  const merged = mergeRegisters([parseRegister(text, "a.yml", "acme/shop"), parseRegister(text, "b.yml", "acme/web")]);
  expect(merged.entries.map(targetOf)).toEqual(["acme/shop:actions/A", "acme/web:actions/A"]);
  expect(() => mergeRegisters([parseRegister(text, "a", "acme/shop"), parseRegister(text, "b", "Acme/Shop")])).toThrow(
    "declared twice",
  );
});

test("reading entries costs what they are, and among 6,000 one twice is still found", { timeout: 60_000 }, () => {
  const entry = (index: number) =>
    `  - { name: SECRET_${index}, owner: "@acme/team-${index % 9}", expires: 2026-12-31 }\n`;
  const reading = (count: number) => {
    const entries = Array.from({ length: count }, (_, index) => entry(index)).join("");
    return () => errorOf(() => parseRegister(`${head}${entries}  - name: secret_7\n`, "f"));
  };
  expect(growsTooFast(reading(3000), reading(6000))).toBeUndefined();
  const error = reading(6000)();
  expect(error.place?.line).toBe(6_003);
  expect(error.message).toContain("first at f:10");
});

test("a register larger than 1 MB is an error that says so", () => {
  const error = errorOf(() => parseRegister(`${head}  - name: A\n    purpose: ${"x".repeat(1_000_000)}\n`, "f"));
  expect(error.message).toContain("larger than 1 MB");
});

test("a byte order mark and CRLF change nothing", () => {
  const read = (text: string) => parseRegister(text, "f").entries.map(({ placeOf: _place, ...entry }) => entry);
  expect(read(`\uFEFF${full.replaceAll("\n", "\r\n")}`)).toEqual(read(full));
});
