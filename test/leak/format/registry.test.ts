import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { formats } from "../../../src/leak/format/registry.ts";
import { opensshPem, pem, pgpBlock, puttyFile } from "./private-keys.ts";
import { samples } from "./samples.ts";
import { scanFormats } from "./scan-formats.ts";

type RuleFile = { tokens?: { id: string; format?: string }[] };

const folder = new URL("../../../rules/leak/", import.meta.url);
const rules = readdirSync(folder)
  .filter((name) => name.endsWith(".yml"))
  .flatMap((name) => (parse(readFileSync(new URL(name, folder), "utf8")) as RuleFile | null)?.tokens ?? [])
  .filter((rule) => rule.format !== undefined);

describe("formats and the rules that name them", () => {
  it("every format has an id of its own and lower-case keywords of three bytes or more", () => {
    expect(new Set(formats.map(({ id }) => id)).size).toBe(formats.length);
    for (const { id, keywords, path, sniff } of formats) {
      expect(
        keywords.every((keyword) => keyword.length >= 3 && keyword === keyword.toLowerCase()),
        id,
      ).toBe(true);
      expect(keywords.length > 0 || (path !== undefined && sniff !== undefined), id).toBe(true);
    }
  });

  it("every format that a rule names exists, and every format has a rule", () => {
    const ids = formats.map(({ id }) => id);
    expect(rules.filter((rule) => !ids.includes(rule.format ?? ""))).toEqual([]);
    expect(ids.filter((id) => !rules.some((rule) => rule.format === id))).toEqual([]);
  });

  it("a parser reports only rules that name it", () => {
    const texts = [
      ...samples(5).map(({ text, path }) => [text, path] as const),
      ...[...Object.values(pem), opensshPem("none", 1), pgpBlock(0, 1), puttyFile("none", 1).text].map(
        (text) => [text, "bot.private-key.pem"] as const,
      ),
    ];
    for (const [text, path] of texts) {
      for (const { id } of formats) {
        for (const hit of scanFormats(text, path, id)) {
          expect(rules.filter((rule) => rule.id === hit.rule).map((rule) => rule.format)).toEqual([id]);
        }
      }
    }
  });
});
