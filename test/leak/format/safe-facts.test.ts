import { describe, expect, it } from "vitest";
import { generator } from "./generator.ts";
import { hitText, scanFormats } from "./scan-formats.ts";

describe("nothing of a secret in facts, names and reasons", () => {
  const g = generator(11);
  const token = g.text(40);
  const password = g.password();

  it("a token in the user's place is the secret", () => {
    const text = `git clone https://${token}:x-oauth-basic@git.corp.dev/a.git`;
    const hits = scanFormats(text);
    expect(hits.map((hit) => hitText(text, hit))).toEqual([token]);
    expect(JSON.stringify(hits)).not.toContain(token);
  });

  it.each([
    ["a token as user of a URL", `https://${token}:${password}@git.corp.dev/`],
    ["a token as user of curl", `curl -u ${token}:${password} https://api.corp.dev`],
    ["a token as user of curl without a password", `curl -u ${token}: https://api.corp.dev`],
    ["a token as user of Basic", `Authorization: Basic ${Buffer.from(`${token}:${password}`).toString("base64")}`],
    ["a user who is the password", `postgres://${password}:${password}@db.corp.dev/x`],
    ["a glued option", `curl -uanna:${password} https://api.corp.dev`],
    ["a glued password", `mysql -u app -p${password}`],
  ])("%s", (_, text) => {
    const hits = scanFormats(text);
    expect(hits.length).toBeGreaterThan(0);
    const printed = JSON.stringify(hits);
    for (const secret of [token, password]) expect(printed).not.toContain(secret.slice(0, 8));
  });
});
