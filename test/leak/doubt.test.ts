import { describe, expect, it } from "vitest";
import { countsInTurn } from "../../src/leak/placeholder.ts";
import { compileRules } from "../../src/leak/rule-set.ts";
import { scanBlob } from "../../src/leak/scan-blob.ts";
import { doubtReason } from "../../src/leak/structure.ts";
import { shippedRuleSet } from "../../src/scan/shipped-rules.ts";
import { base62, drawText, hexDigits, seededDraw } from "./draw.ts";
import { ruleOf } from "./rule-samples.ts";

const draw = seededDraw(17);
const drawn = (length: number): string => drawText(draw, base62, length);
const set = compileRules(
  [
    ruleOf({ id: "acme-token", shape: '"acme_" base62{38..46}' }),
    ruleOf({ id: "acme-key", shape: "base62{20}", near: ["acme"] }),
    ruleOf({ id: "acme-marked", shape: '"AC" wordash{22..60}', near: ["acme"] }),
    ruleOf({ id: "acme-emulator", shape: '"acmeemulator" base62{30}', confidence: "weak", lifetime: "none" }),
    ruleOf({ id: "acme-vague", shape: '"acmevague" base62{30}', confidence: "weak" }),
  ],
  [],
);

const confidences = (text: string, rules = set) =>
  scanBlob(rules, "a.txt", Buffer.from(text), "salt").findings.map(({ rule, confidence }) => `${rule} ${confidence}`);

describe("what a reader would doubt is weak, with the reason", () => {
  it("letters and digits that count up in turn", () => {
    const letters = "abcdefghijklmnopqrstuvwxyz";
    const pairs = [...letters].slice(0, 20).map((letter, at) => `${letter}${(at + 1) % 10}`);
    expect(countsInTurn(pairs.join(""))).toBe(true);
    expect(countsInTurn("ABC123DEF456GHI789JKL012")).toBe(true);
    for (let round = 0; round < 200; round++) {
      expect(countsInTurn(drawn(40))).toBe(false);
      expect(countsInTurn(drawText(draw, hexDigits, 32))).toBe(false);
    }
    expect(confidences(`x acme_${pairs.join("")}`)).toEqual(["leak/acme-token weak"]);
    expect(confidences(`x acme_${drawn(40)}`)).toEqual(["leak/acme-token likely"]);
    expect(confidences(`licence_key = "${pairs.join("")}"`)).toEqual(["leak/generic-assigned-secret weak"]);
  });

  it("a key that everyone has, under any name", () => {
    expect(confidences(`key=acmeemulator${drawn(30)}`)).toEqual(["leak/acme-emulator weak"]);
    expect(confidences(`api_key=acmevague${drawn(30)}`)).toEqual(["leak/acme-vague likely"]);
  });

  it("a value that goes to a host for examples, where it has no mark of its own", () => {
    const at = (host: string) => confidences(`get("https://${host}/acme/v1?api_key=${drawn(20)}")`);
    expect(at("api.example.com")).toEqual(["leak/acme-key weak"]);
    expect(at("api.invalid:8080")).toEqual(["leak/acme-key weak"]);
    expect(at("api.acme.dev")).toEqual(["leak/acme-key likely"]);
    expect(at("example.acme.dev")).toEqual(["leak/acme-key likely"]);
  });

  it("a value that is only the beginning of the quoted text, or holds a percent sign for nothing", () => {
    const value = drawn(18);
    expect(confidences(`acme = 'AC${drawn(30)}?b=${value}'`)).toContain("leak/acme-marked weak");
    expect(confidences(`acme = 'AC${drawn(30)}'`)).toEqual(["leak/acme-marked likely"]);
    expect(doubtReason("", "ab%2Fcd%3D", "")).toBeUndefined();
    expect(doubtReason("", "ab%zzcd", "")).toMatch(/percent/);
  });

  it("what an encoded text holds that was written over", () => {
    const json = Buffer.from(JSON.stringify({ at: "somewhere", api_token: `acme_${drawn(40)}` })).toString("base64url");
    expect(confidences(`see ${json} there`)).toEqual(["leak/acme-token likely"]);
    expect(confidences(`see DUMMY${json.slice(5)} there`)).toEqual([expect.stringMatching(/weak$/)]);
  });

  it("a value without its provider's shape in a section of that provider", () => {
    const rules = shippedRuleSet();
    const section = (name: string) => `${name}_credentials:\n  domain: x\n${"  a: 1\n".repeat(16)}  secret: ${value}\n`;
    const value = `${drawn(30)}^${drawn(30)}`;
    expect(confidences(section("acme"), rules)).toEqual(["leak/generic-assigned-secret likely"]);
    expect(confidences(section("auth0"), rules)).toEqual(["leak/generic-assigned-secret weak"]);
  });

  it("a Cosmos DB password that is no account key", () => {
    const rules = shippedRuleSet();
    const url = (password: string) => `mongodb://shop:${password}@shop.mongo.cosmos.azure.com:10255/?ssl=true`;
    expect(confidences(url(`${drawn(86)}==`), rules)).toEqual(["leak/database-url likely"]);
    expect(confidences(url(`${drawn(56)}==`), rules)).toEqual(["leak/database-url weak"]);
  });
});
