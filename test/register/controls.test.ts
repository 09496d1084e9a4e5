import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseControls } from "../../src/register/controls.ts";
import { registerRuleHelp } from "../../src/register/rule/help.ts";
import { registerRules } from "../../src/register/rule/list.ts";

const text = readFileSync(new URL("../../rules/controls.yml", import.meta.url), "utf8");
const controls = parseControls(text, "rules/controls.yml");

test("every rule of the register supports a control of its own, and its first is printed first", () => {
  for (const { id } of registerRules) {
    expect(text, id).toContain(id);
    expect(controls.of(id).length, id).toBeGreaterThan(0);
    expect(controls.tags(id).length).toBeLessThanOrEqual(10);
    expect(controls.tags(id)[0]).toBe(controls.of(id)[0]);
  }
  expect(controls.of("register/expired")[0]).toBe("owasp-nhi:NHI7:2025");
});

test("every rule of the register can be explained", () => {
  for (const { id } of registerRules) {
    const help = registerRuleHelp(id);
    expect(help?.why, id).not.toBe("");
    expect(help?.revoke, id).not.toBe("");
  }
  expect(registerRuleHelp("leak/github-pat")).toBeUndefined();
});

test("no rule named for the register is one that does not exist", () => {
  const named = [...text.matchAll(/register\/[a-z-]+/g)].map(([id]) => id);
  const known = new Set<string>(registerRules.map(({ id }) => id));
  expect(named.filter((id) => !known.has(id))).toEqual([]);
});

test("a rule's own family goes before that of all", () => {
  expect(controls.of("workflow/permissions-missing")[0]).toBe("owasp-nhi:NHI5:2025");
  expect(controls.of("workflow/secret-to-log")[0]).toBe("owasp-nhi:NHI2:2025");
  expect(controls.of("leak/github-pat")[0]).toBe("owasp-nhi:NHI2:2025");
  expect(controls.of("nothing/known")).toEqual([]);
});

test("the AI framework is named only for what an agent holds", () => {
  expect(controls.of("register/owner-missing").join()).not.toContain("nist-ai-rmf");
  expect(controls.of("register/owner-missing", true)).toContain("nist-ai-rmf:GOVERN 2.1");
});

describe("a file that is wrong says where", () => {
  const change = (from: string, to: string) => () => parseControls(text.replace(from, to), "c.yml");
  test.each([
    ["an id of CSF 1.1", "[PR.DS-01,", "[PR.AC-1,", "form of an id of nist-csf"],
    ["physical access", "[PR.DS-01,", "[PR.AA-06,", "form of an id of nist-csf"],
    ["an OWASP id with a zero", '"NHI2:2025"', '"NHI02:2025"', "form of an id of owasp-nhi"],
    ["a framework that is none", "  nist-csf: {", "  nist-cfs: {", "no framework"],
    ["a rule in two families", '["keyless/*"', '["leak/*"', "stands in two families"],
    ["a rule that cannot be", '["keyless/*"', '["keyles/*"', "expected a rule id"],
  ])("%s", (_what, from, to, sentence) => {
    expect(change(from, to)).toThrow(sentence);
  });
});
