/** Texts made to cost the engine as much as they can. */
import { bytesOf } from "../../src/leak/alphabet.ts";
import type { Branch } from "../../src/leak/matcher.ts";
import type { CompiledRule, RuleSet } from "../../src/leak/rule-set.ts";
import { sampleToken } from "../../src/leak/sample.ts";
import { fill } from "./cost.ts";
import { base62, drawText, seededDraw, seedOf } from "./draw.ts";
import { tokenRules } from "./rule-check.ts";
import { keyNameOf } from "./rule-samples.ts";

/** What a rule looks for: its literal, or the name that must stand near. */
function markOf(compiled: CompiledRule, branch: Branch): string {
  return branch.keyword === undefined
    ? `${keyNameOf(compiled)}="`
    : Buffer.from(branch.keyword.bytes).toString("latin1");
}

/** Inputs that make a pattern work: each is a piece that repeats. */
export const attacks: readonly [string, (compiled: CompiledRule, branch: Branch) => string][] = [
  ["its literal over and over", (compiled, branch) => markOf(compiled, branch)],
  [
    "its tokens without their end",
    (compiled, branch) => {
      const { token } = sampleToken(branch, seededDraw(seedOf(compiled.rule.id)));
      return `${branch.keyword === undefined ? markOf(compiled, branch) : ""}${token.slice(0, -1)}\u00ff`;
    },
  ],
  ["its tokens back to back", (compiled, branch) => sampleToken(branch, seededDraw(seedOf(compiled.rule.id))).token],
  [
    "a long run of its longest class behind its literal",
    (compiled, branch) => {
      let widest = bytesOf(Uint8Array.from({ length: 256 }, (_, byte) => (byte === 0x61 ? 1 : 0)));
      for (const step of branch.steps) if (step.kind === "class" && step.max > 8) widest = bytesOf(step.table);
      return (
        markOf(compiled, branch) + drawText(seededDraw(seedOf(compiled.rule.id)), String.fromCharCode(...widest), 700)
      );
    },
  ],
];

/**
 * One text that attacks every pattern in one way.
 * In: the rules, the way, the length. Out: a text of about that length, of which each pattern has an equal share.
 */
export function attackAll(
  set: RuleSet,
  piece: (compiled: CompiledRule, branch: Branch) => string,
  length: number,
): string {
  const all = tokenRules(set).flatMap((compiled) => compiled.branches.map((branch) => piece(compiled, branch)));
  return all.map((text) => fill(text, Math.ceil(length / all.length))).join("\n");
}

/** Inputs for the engine as a whole, by length. */
export const floods: readonly [string, (length: number) => string][] = [
  [
    "random bytes",
    (length) => drawText(seededDraw(1), String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i)), length),
  ],
  ["NUL bytes", (length) => fill("\0", length)],
  ["quotes", (length) => fill('"', length)],
  ["quotes of three kinds", (length) => fill("\"'`", length)],
  ["newlines", (length) => fill("\n", length)],
  ["spaces", (length) => fill(" ", length)],
  ["one letter", (length) => fill("a", length)],
  ["letters and digits in one run", (length) => drawText(seededDraw(2), base62, length)],
  ["short runs divided by slashes", (length) => fill(`a1/${"b2/".repeat(198)} `, length)],
  ["key=", (length) => fill("key=", length)],
  ["password=", (length) => fill("password=", length)],
  ["password=x in one line", (length) => fill("password=Zq8#kf91x ", length)],
  ["password=x, one a line", (length) => fill("password=Zq8#kf91x\n", length)],
  ["the word token", (length) => fill("token ", length)],
  ["names of providers", (length) => fill("datadog aws_secret twilio ", length)],
  ["://", (length) => fill("://", length)],
  ["http://a:b@", (length) => fill("http://a:b@", length)],
  ["drawn values in one line", (length) => pieces(length, (value) => `x="${value}" `)],
  ["tokens in one line", (length) => pieces(length, (value) => `token="${value}", `)],
  ["tokens, one a line", (length) => pieces(length, (value) => `token="${value}",\n`)],
  [
    "tokens deep in an outline",
    (length) => pieces(length, (value, i) => `${" ".repeat(80 - (i % 80))}token: ${value}\n`),
  ],
  [
    "key ids without their secrets",
    (length) =>
      pieces(
        length,
        (value) =>
          `AKIA${value
            .toUpperCase()
            .replace(/[0189]/g, "A")
            .slice(0, 16)}\n`,
      ),
  ],
  [
    "secret keys without their ids",
    (length) => pieces(length, (value) => `aws_secret_access_key=${value}${value.slice(0, 8)}\n`),
  ],
  ["eyJ", (length) => fill("eyJ", length)],
  ["%41", (length) => fill("%41", length)],
  ["\\u0041", (length) => fill("\\u0041", length)],
  ["&#65;", (length) => fill("&#65;", length)],
  ["<secret>", (length) => fill("<secret>", length)],
  ['{"a":', (length) => fill('{"a":', length)],
  ["beginnings of private keys", (length) => fill("-----BEGIN RSA PRIVATE KEY-----\n", length)],
  ["nested base64", (length) => nestedBase64(fill("password=Zq8#kf91x ", length >> 2), length)],
  [
    "nested base64 of drawn text",
    (length) =>
      nestedBase64(
        pieces(length >> 2, (value) => `token=${value}\n`),
        length,
      ),
  ],
];

/** Drawn values, each put into a text, up to a length. */
function pieces(length: number, put: (value: string, i: number) => string): string {
  const draw = seededDraw(9);
  const all: string[] = [];
  for (let used = 0; used < length; used += all.at(-1)!.length) all.push(put(drawText(draw, base62, 32), all.length));
  return all.join("").slice(0, length);
}

function nestedBase64(text: string, length: number): string {
  let encoded = text;
  for (let depth = 0; depth < 5; depth++) encoded = Buffer.from(encoded, "latin1").toString("base64");
  return encoded.slice(0, length);
}
