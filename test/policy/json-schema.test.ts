import { execFileSync } from "node:child_process";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { draftPolicy } from "../../src/policy/init.ts";
import { fileSchemas, jsonSchemaText } from "../../src/policy/json-schema.ts";
import { parsePolicy } from "../../src/policy/policy-file.ts";
import { builtInPolicy, mergePolicies } from "../../src/policy/policy-merge.ts";

type Node = {
  properties?: Record<string, Node>;
  description?: string;
  anyOf?: Node[];
  items?: Node;
  additionalProperties?: Node | boolean;
};

/** Every property of a schema that has no description, by its path. */
function undescribed(node: Node, path = ""): string[] {
  const own = Object.entries(node.properties ?? {}).flatMap(([key, child]) => [
    ...(child.description ? [] : [`${path}/${key}`]),
    ...undescribed(child, `${path}/${key}`),
  ]);
  const inner = [
    ...(node.anyOf ?? []),
    ...(node.items ? [node.items] : []),
    ...(typeof node.additionalProperties === "object" ? [node.additionalProperties] : []),
  ];
  return [...own, ...inner.flatMap((child) => undescribed(child, path))];
}

test.each(Object.entries(fileSchemas))(
  "%s: draft-07, every key described, unknown keys refused, the same on every run",
  (name, written) => {
    const schema = JSON.parse(jsonSchemaText(name, written));
    expect(schema.$schema).toBe("http://json-schema.org/draft-07/schema#");
    expect(schema.$id).toMatch(new RegExp(`/schema/${name}\\.json$`));
    expect(schema.additionalProperties).toBe(false);
    expect(undescribed(schema)).toEqual([]);
    expect(jsonSchemaText(name, written)).toBe(jsonSchemaText(name, written));
  },
);

test("the committed schemas are up to date", () => {
  expect(() => execFileSync(process.execPath, ["script/schema.ts", "--check"], { stdio: "pipe" })).not.toThrow();
});

describe("an editor and the reader agree", () => {
  const validate = new Ajv({ strict: false }).compile(JSON.parse(jsonSchemaText("policy", fileSchemas.policy)));
  test.each([
    ["version: 1\n", true],
    ["version: 1\nrules: { leak/x: off, workflow/*: { severity: low } }\n", true],
    ["version: 1\ndetectors: []\npaths: { ignore: [a] }\nwaivers: { max: 30d }\n", true],
    ["version: 1\nrules:\n", true],
    ["version: 2\n", false],
    ["version: 1\nmod: observe\n", false],
    ["version: 1\nrules: { leak/x: { severty: low } }\n", false],
    ["version: 1\nwaivers: { max: 30 }\n", false],
  ])("%j", (text, valid) => {
    expect(validate(parse(text))).toBe(valid);
    if (valid) expect(() => parsePolicy(text, "p")).not.toThrow();
    else expect(() => parsePolicy(text, "p")).toThrow();
  });

  test.each(["observe", "enforce"] as const)(
    "the draft policy (%s) is valid for both, and is the built-in policy but for mode and salt",
    (mode) => {
      const text = draftPolicy({ salt: "5f3a-_x", mode });
      expect(text).toMatch(/^# yaml-language-server: \$schema=https:\/\/\S+\/schema\/policy\.json\n/);
      expect(validate(parse(text))).toBe(true);
      expect(mergePolicies(undefined, parsePolicy(text, "p").value)).toEqual({
        ...builtInPolicy,
        mode,
        salt: "5f3a-_x",
      });
    },
  );

  test("what the draft has commented out can be taken in", () => {
    const text = draftPolicy({ salt: "12345678", mode: "observe", ignorePaths: ['a "b"/**'] });
    const all = text.replace(/^# (?=[a-z-]+:(?: {2,}| *#| \d))/gm, "").replace(/^# {3}(?=\S| )/gm, "  ");
    const policy = mergePolicies(undefined, parsePolicy(all.replace("# yaml-language-server", "#"), "p").value);
    expect(policy).toMatchObject({
      mode: "observe",
      enforceAfter: "2027-01-31",
      ignorePaths: ['a "b"/**'],
      keyless: { require: ["aws", "gcp", "azure"] },
      waivers: { max: 180 },
      salt: "12345678",
    });
    expect(policy.rules).toEqual({ "leak/generic-api-key": { severity: "low" }, "workflow/secrets-inherit": "off" });
    expect(policy.detectors).toMatchObject([{ id: "acme-token" }]);
  });
});
