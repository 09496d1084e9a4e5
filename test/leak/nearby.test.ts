import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildAutomaton } from "../../src/leak/automaton.ts";
import { enclosingNames, namesIn, normaliseName } from "../../src/leak/nearby.ts";

function found(names: string[], text: string): string[] {
  const automaton = buildAutomaton(names.map((name) => Buffer.from(normaliseName(name), "latin1")));
  const hits: string[] = [];
  namesIn(automaton, text, (name, endsWord) => hits.push(names[name]! + (endsWord ? "" : "…")));
  return hits;
}

describe("names nearby", () => {
  it.each<[string, string, string[]]>([
    ["as written", "dd_api_key", ["dd_api_key"]],
    ["with hyphens", "dd-api-key", ["dd_api_key"]],
    ["with dots", "dd.api.key", ["dd_api_key"]],
    ["with spaces", "dd api key", ["dd_api_key"]],
    ["in camel case", "ddApiKey", ["dd_api_key"]],
    ["in capitals", "DD_API_KEY", ["dd_api_key"]],
    ["run together", "ddapikey", ["dd_api_key"]],
    ["at the beginning of a longer name", "dd_api_key_prod", ["dd_api_key"]],
    ["at the end of a longer name", "MY_DD_API_KEY", ["dd_api_key"]],
    ["in the middle of a camel-case name", "myDdApiKeyProd", ["dd_api_key"]],
    ["in quotes", '"ddApiKey": ', ["dd_api_key"]],
    ["twice", "ddApiKey ddApiKey", ["dd_api_key", "dd_api_key"]],
    ["inside a word", "addapikey", []],
    ["followed by more of a word", "ddapikeyring", ["dd_api_key…"]],
    ["followed by a digit", "ddapikey2", ["dd_api_key"]],
    ["interrupted by another sign", "dd/api/key", []],
    ["over a line break", "dd\napi_key", []],
  ])("%s", (_, text, expected) => {
    expect(found(["dd_api_key"], text)).toEqual(expected);
  });

  it("are found in any spelling, behind any text that ends a word", () => {
    const separator = fc.constantFrom("_", "-", ".", " ", "");
    const before = fc.constantFrom("", " ", "x_", "x-", "/", '"', "my.", "\n", "x: ");
    fc.assert(
      fc.property(
        before,
        fc.array(fc.constantFrom("acme", "cloud", "api"), { minLength: 2, maxLength: 4 }),
        separator,
        fc.boolean(),
        (head, parts, joint, upper) => {
          const name = parts.join("_");
          const text = head + (upper ? parts.join(joint).toUpperCase() : parts.join(joint));
          expect(found([name], text)).toContain(name);
        },
      ),
    );
  });
});

describe("names a value stands under", () => {
  const names = (before: string): string[] =>
    enclosingNames(`${before}VALUE`, before.length)
      .split("\n")
      .filter((name) => name !== "");

  it.each<[string, string, string[]]>([
    ["YAML", "services:\n  datadog:\n    enabled: true\n    key: ", ["datadog", "services"]],
    ["YAML with a list", "accounts:\n  - name: a\n    twilio:\n      sid: ", ["twilio", "name", "accounts"]],
    ["JSON", '{\n  "datadog": {\n    "key": "', ["datadog"]],
    ["JSON in one more level", '{\n  "a": {\n    "b": {\n      "key": "', ["b", "a"]],
    ["an INI section", "[aws]\nregion = x\n\n[twilio]\nsid = 1\ntoken = ", ["twilio"]],
    ["an INI section in quotes", '["twilio main"]\ntoken = ', ["twilio main"]],
    ["a TOML table", "[tool.twilio]\ntoken = ", ["tool.twilio"]],
    ["a TOML list of tables", "[[twilio.accounts]]\ntoken = ", ["twilio.accounts"]],
    ["a block of HCL", 'provider "datadog" {\n  api_key = "', ["datadog"]],
    ["an object of JavaScript", 'const twilio = {\n  token: "', ["twilio"]],
    ["a class", "class TwilioClient {\n  token = '", ["TwilioClient"]],
    ["a function", "function connectTwilio() {\n  return '", ["connectTwilio"]],
    ["lines with CR LF", "datadog:\r\n  key: ", ["datadog"]],
    ["nothing above", "key: ", []],
    ["only brothers above", "a: 1\nb: 2\nkey: ", []],
    ["a blank line in between", "datadog:\n\n  key: ", ["datadog"]],
  ])("%s", (_, before, expected) => {
    const found = names(before);
    for (const name of expected) expect(found.join("\n")).toContain(name);
    if (expected.length === 0) expect(found).toEqual([]);
  });

  it("does not take what stands under another key", () => {
    expect(names("datadog:\n  x: 1\ntwilio:\n  key: ")).toEqual(["twilio"]);
  });

  it("looks back 80 lines and 4 KB at most", () => {
    const filler = (count: number, width: number): string => `    ${"x".repeat(width)}: 1\n`.repeat(count);
    expect(names(`datadog:\n${filler(70, 3)}    key: `)).toEqual(["datadog"]);
    expect(names(`datadog:\n${filler(90, 3)}    key: `)).toEqual([]);
    expect(names(`datadog:\n${filler(50, 100)}    key: `)).toEqual([]);
  });

  it("never throws, whatever stands before", () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom("a", " ", "\t", "\n", "\r", "[", "]", "{", ":", "=", '"', "-"),
          maxLength: 80,
        }),
        (before) => {
          expect(enclosingNames(before, before.length)).toBeTypeOf("string");
        },
      ),
    );
  });
});
