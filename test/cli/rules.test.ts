import { describe, expect, it } from "vitest";
import { runCli } from "../../src/cli/dispatch.ts";
import { rulesCommandWith } from "../../src/cli/rules.ts";
import type { LeakRule } from "../../src/leak/rule.ts";
import { fakeIo, tableOf } from "./fake-io.ts";

const base = { provider: "Acme", severity: "high", lifetime: "long", revoke: { text: "Delete it." } } as const;
const rules: LeakRule[] = [
  { ...base, id: "acme-token", name: "Token\x1b[2J", shape: '<"acme_" base62{30}> crc32-base62{6}' },
  { ...base, id: "acme-id", name: "Client id", shape: '"acid_" base62{30}', part: "identifier" },
  { ...base, id: "acme-file", name: "Key file", format: "acme-json", severity: "critical" },
  { ...base, id: "acme-key", name: "Key", shape: "hex{32}", near: ["acme"], confidence: "weak" },
];

async function run(...words: string[]) {
  const io = fakeIo();
  const code = await runCli(["rules", ...words], io, tableOf(rulesCommandWith(async () => rules)));
  return { code, ...io.written };
}

describe("rules", () => {
  it("lists each rule with severity, tier and proof, sorted by id", async () => {
    const { code, stdout } = await run();
    expect(code).toBe(0);
    expect(stdout.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
      ["rule", "severity", "tier", "proof", "what"],
      ["leak/acme-file", "critical", "likely", "parsed as acme-json", "Acme: Key file"],
      ["leak/acme-id", "high", "pair", "-", "Acme: Client id"],
      ["leak/acme-key", "high", "weak", "-", "Acme: Key"],
      ["leak/acme-token", "high", "likely", "crc32-base62", "Acme: Token\\x1b[2J"],
      [""],
      ["4 rules"],
      [""],
    ]);
  });

  it("takes words that all must match, and gives 3 when none does", async () => {
    expect((await run("CLIENT", "acme")).stdout).toContain("1 rule\n");
    expect(await run("nothing", "such")).toMatchObject({
      code: 3,
      stdout: "",
      stderr: "leasehold: no rule holds nothing and such\n",
    });
  });

  it("gives JSON", async () => {
    const { version, rules: listed } = JSON.parse((await run("--json")).stdout);
    expect(version).toBe(1);
    expect(listed[3]).toMatchObject({
      id: "leak/acme-token",
      proof: "crc32-base62",
      name: "Token\x1b[2J",
      revoke: { text: "Delete it." },
    });
  });
});
