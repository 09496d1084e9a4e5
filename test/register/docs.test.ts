import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { jsonSchemaText } from "../../src/policy/json-schema.ts";
import { registerSchemas } from "../../src/register/json-schema.ts";
import { builtInLimits } from "../../src/register/limits.ts";
import { parseRegister } from "../../src/register/register.ts";
import { registerRules } from "../../src/register/rule/list.ts";
import { findings, inventory, rules } from "./sample.ts";

const docs = readFileSync(new URL("../../docs/register.md", import.meta.url), "utf8");
const files = [...docs.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text!);

test("the docs begin with the smallest file that passes", () => {
  const smallest = parseRegister(files[0]!, "docs");
  expect(findings({ register: smallest })).toEqual([]);
  for (const line of files[0]!.trim().split("\n").slice(3)) {
    const without = parseRegister(files[0]!.replace(`${line}\n`, ""), "docs");
    expect(findings({ register: without }), line).not.toEqual([]);
  }
});

test("they end with a full one, which uses every key that there is", () => {
  const text = files.at(-1)!;
  const { entries } = parseRegister(text, "docs");
  expect(entries).toHaveLength(4);
  const known = JSON.parse(jsonSchemaText("register", registerSchemas.register)).properties.secrets;
  const item = (known.anyOf ?? [known]).find((one: { items?: object }) => one.items !== undefined).items;
  for (const key of Object.keys(item.properties)) expect(text, key).toContain(`${key}:`);
  expect(rules({ register: parseRegister(text, "docs"), inventory: inventory() })).not.toContain("tier-lowered");
});

test("they list every rule with its severity", () => {
  for (const { id, severity, name } of registerRules) expect(docs).toContain(`| \`${id}\` | ${severity} | ${name} |`);
});

test("the table of tiers is the built-in one", () => {
  for (const [tier, { maxAge, review, waiver }] of Object.entries(builtInLimits.tiers))
    expect(docs).toContain(`| ${tier} | ${maxAge} | ${review} days | ${waiver} days |`);
});

test("an editor and the reader agree", () => {
  const validate = new Ajv({ strict: false }).compile(JSON.parse(jsonSchemaText("register", registerSchemas.register)));
  const cases: [string, boolean][] = [
    ...files.map((text): [string, boolean] => [text, true]),
    ["version: 1\nsecrets:\n", true],
    ["version: 1\nsecrets: [{ name: A, owner: null }]\n", true],
    ["version: 2\n", false],
    ["version: 1\nsecrets: [{ name: A, ownr: x }]\n", false],
    ["version: 1\nsecrets: [{ name: A, owner: platform }]\n", false],
    ["version: 1\nsecrets: [{ owner: '@a' }]\n", false],
  ];
  for (const [text, valid] of cases) {
    expect(validate(parse(text)), text).toBe(valid);
    if (valid) expect(() => parseRegister(text, "f")).not.toThrow();
    else expect(() => parseRegister(text, "f")).toThrow();
  }
});

test("the committed schemas are up to date, and each describes itself", () => {
  expect(() => execFileSync(process.execPath, ["script/schema.ts", "--check"], { stdio: "pipe" })).not.toThrow();
  for (const [name, schema] of Object.entries(registerSchemas)) {
    const written = JSON.parse(jsonSchemaText(name, schema));
    expect(written.$id).toMatch(new RegExp(`/schema/${name}\\.json$`));
    expect(written.additionalProperties).toBe(false);
    expect(written.description).toBeTruthy();
  }
});
