import { describe, expect, test } from "vitest";
import { LeaseholdError } from "../../src/error.ts";
import { readKeylessRule } from "../../src/workflow/keyless-rule-file.ts";
import { rules } from "./keyless-file.ts";

const good = `id: acme
service: Acme
route: yes
fix: VALUES
severity: high
lifetime: long
grade: B
why: It deploys.
static:
  names: [ACME_TOKEN, "*_ACME_TOKEN"]
keyless:
  replacement: acme/login exchanges the OIDC token.
values:
  - { name: ACME_ROLE, what: the role }
rewrites:
  - at: env
    removeEnv: [ACME_TOKEN]
    insert: { uses: acme/login, version: v1, with: { role: "\${{ vars.ACME_ROLE }}" } }
examples:
  bad: [{ steps: "- run: acme" }]
  good: [{ steps: "- run: true" }]
`;

function errorOf(text: string): LeaseholdError {
  try {
    readKeylessRule(text, "rules/keyless/acme.yml");
  } catch (error) {
    if (error instanceof LeaseholdError) return error;
    throw error;
  }
  throw new Error("no error");
}

describe("readKeylessRule", () => {
  test("fills in what may be left out", () => {
    const rule = readKeylessRule(good, "acme.yml");
    expect(rule.static.actions).toEqual([]);
    expect(rule.not).toEqual({ names: [], conditions: [] });
    expect(rule.keyless.permissions).toEqual({});
    expect(rule.after).toEqual([]);
  });

  test.each([
    ["a key that does not exist", good.replace("lifetime: long", "lifetime: long\ncolour: red"), 7, /colour/],
    ["a fix class that does not exist", good.replace("VALUES", "MAGIC"), 4, /AUTO/],
    ["REDUCE with a route", good.replace("VALUES", "REDUCE"), 4, /REDUCE goes with route: no/],
    [
      "a name that is a regular expression",
      good.replace("ACME_TOKEN,", '"ACME_(TOKEN|KEY)",'),
      10,
      /words joined by _/,
    ],
    ["nothing to find it by", good.replace(/ {2}names:.*\n/, "  texts: []\n"), 10, /at least one action/],
    [
      "a value that is not listed",
      good.replace("{ name: ACME_ROLE, what: the role }", "{ name: OTHER, what: x }"),
      16,
      /vars\.ACME_ROLE/,
    ],
    ["a version that is none", good.replace("version: v1", "version: main"), 18, /v1\.6\.0/],
    [
      "an example that is two",
      good.replace('steps: "- run: acme"', 'steps: x, workflow: "y"'),
      20,
      /either "steps" or "workflow"/,
    ],
    ["no good example", good.replace('good: [{ steps: "- run: true" }]', "good: []"), 21, /good example/],
    ["a link in the clear", `${good}links: ["http://example.org"]\n`, 22, /https:/],
  ])("%s is an error at its line", (_, text, line, message) => {
    const error = errorOf(text);
    expect(error.code).toBe("config");
    expect(error.message).toMatch(message);
    expect(error.place?.file).toBe("rules/keyless/acme.yml");
    expect(error.place?.line).toBe(line);
  });
});

describe("the files as a whole", () => {
  test("lists of sentences were not torn at their commas", () => {
    for (const { id, after, keyless } of rules) {
      for (const sentence of [...after, ...keyless.limits]) expect(sentence, id).toMatch(/[.]$/);
    }
  });

  test("a route comes with what a person must do, and every rewrite with something to write", () => {
    for (const rule of rules.filter(({ route }) => route !== "no")) {
      if (rule.fix !== "AUTO") expect(rule.setup?.steps.length, rule.id).toBeGreaterThan(0);
      for (const rewrite of rule.rewrites) expect(Object.keys(rewrite).length, rule.id).toBeGreaterThan(1);
    }
  });

  test("what signs in with OIDC asks for an id token", () => {
    for (const { id, rewrites, keyless } of rules) {
      const signsIn = rewrites.some((rewrite) => rewrite.insert !== undefined);
      if (signsIn) expect(keyless.permissions["id-token"], id).toBe("write");
    }
  });

  test("texts hold no placeholder that is not known", () => {
    const known = new Set(
      "owner repo owner_id repo_id subject immutable_subject issuer issuer_host audience environment branch workflow".split(
        " ",
      ),
    );
    for (const { id, setup } of rules) {
      for (const [, name] of JSON.stringify(setup ?? {}).matchAll(/(?<!\$)\{\{(\w+)\}\}/g))
        expect(known, id).toContain(name);
    }
  });

  test("step templates read only outputs of the step that they insert", () => {
    for (const { id, rewrites } of rules) {
      for (const rewrite of rewrites) {
        for (const [, step] of JSON.stringify(rewrite).matchAll(/steps\.([\w-]+)\./g))
          expect(rewrite.insert?.id, id).toBe(step);
      }
    }
  });
});
