import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { proofs } from "../../../src/leak/proof/registry.ts";
import { costsFarMore, fill } from "../cost.ts";
import { shapes } from "./shapes.ts";

/** Proofs whose checksum covers the whole token, so that a flipped character cannot pass but by chance. */
const checksummed = [
  "azure-cask",
  "azure-devops-pat",
  "azure-his",
  "bech32",
  "entra-secret",
  "gitlab-routable",
  "nkey",
  "stellar-seed",
];

/** An id can be shorter than its place, words differ, and a signature and the shortest JSON can be longer than theirs. */
const changesLength = ["discord-bot", "bip39", "sas-url", "jwt", "jfrog-access"];

/** Structures in which a token with letters changed cannot be told from another token; the rest must notice some. */
const neverDisproving = ["aws-key-id", "basic-auth-url", "connection-string", "github-pat-owner"];

const hostile: [string, string][] = [
  ["nothing", ""],
  ["100 KB of A", "A".repeat(100_000)],
  ["100 KB of =", "=".repeat(100_000)],
  ["100 KB of dots", ".".repeat(100_000)],
  ["100 KB of @ and /", "@/".repeat(50_000)],
  ["100 KB of ; and =", ";user=".repeat(16_000)],
  ["100 KB of brackets in base64", Buffer.from(`{"a":${"[".repeat(75_000)}`).toString("base64")],
  ["a URL with 100 KB of user", `https://${"a:b".repeat(33_000)}@`],
  ["a JWT of brackets", `${Buffer.from(`{"a":${"{".repeat(40_000)}`).toString("base64url")}.x.y`],
  ["100 KB of words", "abandon ".repeat(12_500)],
  ["100 KB of macaroon", Buffer.from([2, 2, 1, 65, 0, ...Array(70_000).fill(1)]).toString("base64url")],
  ["100 KB of MsgPack arrays", `fm2_${Buffer.alloc(75_000, 0x91).toString("base64")}`],
  ["a MsgPack array with a false length", `fm2_${Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff, 1]).toString("base64")}`],
  ["no ASCII", "\u00e9\u00ff\u0000\u0080".repeat(500)],
  ["no Latin-1", "\u20ac\ud83d\ude00\ud800".repeat(500)],
  ["newlines", "-----BEGIN PGP X-----\n".repeat(4_000)],
  ["names of an object's own", "constructor=1;__proto__=2;toString=3;Server=a"],
];

describe("every proof", () => {
  it("that can say false can sign, and the others cannot", () => {
    const withoutSign = [...proofs].filter(([, proof]) => proof.sign === undefined).map(([name]) => name);
    expect(withoutSign.sort()).toEqual(neverDisproving);
    expect(Object.keys(shapes).sort()).toEqual([...proofs.keys()].filter((name) => !withoutSign.includes(name)).sort());
  });

  it.each(Object.keys(shapes))("%s accepts what it signed", (name) => {
    const proof = proofs.get(name)!;
    fc.assert(
      fc.property(shapes[name]!, (token) => {
        const signed = proof.sign!(token);
        const result = proof.verify(signed);
        expect(result.holds, result.reason).not.toBe(false);
        if (name !== "jfrog-access") expect(result.holds, result.reason).toBe(true);
        if (!changesLength.includes(name)) expect(signed).toHaveLength(token.length);
      }),
      { numRuns: 60 },
    );
  });

  it.each(Object.keys(shapes).filter((name) => !["jfrog-access"].includes(name)))(
    "%s does not accept most random strings of its shape",
    (name) => {
      const tokens = fc.sample(shapes[name]!, { numRuns: 40, seed: 7 });
      const accepted = tokens.filter((token) => proofs.get(name)!.verify(token).holds === true);
      // BIP-39 of twelve words has four bits of checksum, and two in three random SAS signatures have no 32 bytes.
      expect(accepted.length).toBeLessThanOrEqual(name === "sas-url" ? 12 : 2);
    },
  );

  it.each(checksummed)("%s does not accept one flipped character", (name) => {
    const proof = proofs.get(name)!;
    fc.assert(
      fc.property(shapes[name]!, fc.nat(), (token, at) => {
        const signed = proof.sign!(token);
        const place = at % signed.length;
        const flipped = signed.slice(0, place) + (signed[place] === "b" ? "c" : "b") + signed.slice(place + 1);
        expect(proof.verify(flipped).holds).not.toBe(true);
      }),
      // A fixed seed, because three characters of a checksum are right by chance once in 17,000.
      { numRuns: 60, seed: 11 },
    );
  });

  it.each(hostile)("answers to %s, in time and without the token in its facts", (_what, token) => {
    for (const [name, proof] of proofs) {
      const [result, signed] = [proof.verify(token), proof.sign?.(token)];
      const both = (of: string) => () => [proof.verify(of), proof.sign?.(of)];
      expect(costsFarMore(both(token), both(fill("aB3x", token.length))), name).toBeUndefined();
      expect(typeof result.reason, name).toBe("string");
      expect([true, false, undefined]).toContain(result.holds);
      expect(["string", "undefined"]).toContain(typeof signed);
      for (const fact of Object.values(result.facts)) expect(fact.length, name).toBeLessThanOrEqual(200);
    }
  });

  it("never throws on random text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 200 }), fc.string({ unit: "binary", maxLength: 200 })), (token) => {
        for (const proof of proofs.values()) {
          proof.verify(token);
          proof.sign?.(token);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("never throws on a signed token with a piece cut out or doubled", () => {
    for (const [name, shape] of Object.entries(shapes)) {
      const proof = proofs.get(name)!;
      fc.assert(
        fc.property(shape, fc.nat(), fc.nat(40), (token, from, size) => {
          const signed = proof.sign!(token);
          const at = from % signed.length;
          proof.verify(signed.slice(0, at) + signed.slice(at + size));
          proof.verify(signed.slice(0, at + size) + signed.slice(at));
        }),
        { numRuns: 25 },
      );
    }
  });
});
