import { describe, expect, it } from "vitest";
import { scanBlob } from "../../src/leak/scan-blob.ts";
import { shippedRuleSet } from "../../src/scan/shipped-rules.ts";
import { seededDraw, seedOf } from "./draw.ts";
import {
  drawAll,
  notFound,
  strayHits,
  takenThoughSpoilt,
  tokenRules,
  wrongConfidence,
  wrongProofs,
} from "./rule-check.ts";
import { drawSample, keyNameOf } from "./rule-samples.ts";

const set = shippedRuleSet();
const { planted, failures } = drawAll(set, 1);

describe("every shipped rule", () => {
  it("can make a token that no test for stand-ins refuses", () => {
    expect(failures).toEqual([]);
    expect(planted.length).toBeGreaterThan(1500);
  });

  it("finds its tokens with exact bounds in six host contexts", () => {
    expect(notFound(set, planted, (compiled) => [keyNameOf(compiled)])).toEqual([]);
  });

  it("fires on no token of another rule unless one of the two says so", () => {
    expect(strayHits(set, planted)).toEqual([]);
  });

  it("does not take a token that is too short, too long, broken or of another literal for a sure finding", () => {
    expect(takenThoughSpoilt(set, 1)).toEqual([]);
  });

  it("lowers a token whose checksum or proof is wrong to weak, and does not drop it", () => {
    const wrong = wrongProofs(set, 1);
    expect(wrong.failures).toEqual([]);
    expect(wrong.tested).toBeGreaterThan(60);
  });

  it("is as sure as its proof and its file say", () => {
    const wrong = wrongConfidence(set, planted);
    expect(wrong.failures).toEqual([]);
    expect(wrong.tested).toBeGreaterThan(300);
  });

  it("names rules that exist in pair and overlaps, and not itself", () => {
    const unknown = set.rules.flatMap(({ rule }) =>
      [...(rule.pair ?? []), ...(rule.overlaps ?? [])]
        .filter((slug) => !set.bySlug.has(slug) || slug === rule.id)
        .map((slug) => `${rule.id}: ${slug}`),
    );
    expect(unknown).toEqual([]);
  });
});

describe("identifiers", () => {
  const identifiers = tokenRules(set).filter(({ rule }) => rule.part === "identifier");

  it("name their other half, without which they would never be reported", () => {
    expect(identifiers.filter(({ rule }) => (rule.pair ?? []).length === 0).map(({ rule }) => rule.id)).toEqual([]);
  });

  it("are reported as facts of the secret that stands by them, and not alone", () => {
    const wrong: string[] = [];
    for (const compiled of identifiers) {
      if (!planted.some((one) => one.compiled === compiled)) continue; // The first test tells.
      const draw = seededDraw(seedOf(compiled.rule.id));
      const id = `${keyNameOf(compiled)}=${drawSample(compiled, compiled.branches[0]!, draw).token}\n`;
      if (
        scanBlob(set, ".env", Buffer.from(id, "latin1"), "salt").findings.some(
          (f) => f.rule === `leak/${compiled.rule.id}`,
        )
      )
        wrong.push(`${compiled.rule.id} is reported alone`);
      for (const slug of compiled.rule.pair ?? []) {
        const other = set.rules[set.bySlug.get(slug)!]!;
        if (
          other.branches.length === 0 ||
          (!(other.rule.pair ?? []).includes(compiled.rule.id) && other.rule.part === "identifier")
        )
          continue;
        const secret = drawSample(other, other.branches[0]!, draw);
        const text = `${id}MODE=fast\n${keyNameOf(other)}=${secret.token}\n`;
        const findings = scanBlob(set, ".env", Buffer.from(text, "latin1"), "salt").findings;
        const start = text.indexOf(secret.token) + secret.valueStart;
        const joined = findings.find((f) => f.place.start === start && f.facts.pair?.endsWith("on line 1"));
        if (joined === undefined)
          wrong.push(`${compiled.rule.id} is not joined with ${slug}: ${findings.map((f) => f.rule).join(", ")}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
