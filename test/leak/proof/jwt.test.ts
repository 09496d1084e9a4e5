import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { completedJson } from "../../../src/leak/proof/json-sample.ts";
import { jwt } from "../../../src/leak/proof/jwt.ts";
import { seededDraw } from "../draw.ts";

function part(value: unknown): string {
  return Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
}

function token(header: unknown, claims: unknown, signature = "s".repeat(43)): string {
  return [part(header), part(claims), signature].join(".");
}

describe("jwt", () => {
  it("tells issuer, audience, subject's kind and times", () => {
    const claims = {
      iss: `https://${["user", "pw"].join(":")}@issuer.example/x?q=1`,
      aud: ["api", "other"],
      sub: "someone@acme.example",
      iat: 1600000000,
      exp: 1600003600,
    };
    expect(jwt.verify(token({ alg: "RS256", typ: "JWT" }, claims))).toEqual({
      holds: true,
      reason: "header and claims decode",
      facts: {
        alg: "RS256",
        issuer: "https://issuer.example/x",
        subject: "an e-mail address",
        audience: "api",
        issued: "2020-09-13T12:26:40Z",
        expires: "2020-09-13T13:26:40Z",
      },
    });
  });

  it.each([
    ["system:serviceaccount:prod:deployer", "service account prod/deployer"],
    ["repo:acme/app:ref:refs/heads/main", "workflow of acme/app"],
    ["0b0e9b5e-5a7f-4c3a-9d7e-0123456789ab", "a UUID"],
    ["1234", "a number"],
    [1234, "a number"],
    ["spiffe://acme/x", "a URL"],
    ["someone", "a name"],
  ])("a subject like %s is %s", (sub, kind) => {
    expect(jwt.verify(token({ alg: "HS256" }, { sub })).facts.subject).toBe(kind);
  });

  it("tells the role of a Supabase key, and that it never ends", () => {
    expect(jwt.verify(token({ alg: "HS256" }, { iss: "supabase", role: "service_role" })).facts).toEqual({
      alg: "HS256",
      issuer: "supabase",
      role: "service_role",
      expires: "never",
    });
  });

  it("notes alg none, and reads the header of an encrypted one", () => {
    const unsigned = jwt.verify(token({ alg: "none" }, { sub: "x" }, ""));
    expect(unsigned.facts.alg).toBe("none");
    expect(unsigned.reason).toContain("alg none");
    const encrypted = [part({ alg: "dir", enc: "A256GCM" }), "", "iv", "text", "tag"].join(".");
    expect(jwt.verify(encrypted)).toMatchObject({ holds: true, facts: { alg: "dir", enc: "A256GCM" } });
  });

  it.each([256, 384, 512])("says when jwt.io's sample secret for %i bits signed it, and no other's", (bits) => {
    const signed = (secret: string): string => {
      const text = [part({ alg: `HS${bits}` }), part({ sub: "1234567890" })].join(".");
      return `${text}.${createHmac(`sha${bits}`, secret).update(text).digest("base64url")}`;
    };
    for (const sample of [`your-${bits}-bit-secret`, `a-string-secret-at-least-${bits}-bits-long`])
      expect(jwt.verify(signed(sample))).toMatchObject({ holds: false, reason: expect.stringContaining("sample") });
    expect(jwt.verify(signed("of our own")).holds).toBe(true);
  });

  it("reads one behind a prefix", () => {
    expect(jwt.verify(`ghs_12_${token({ alg: "RS256" }, { iss: "x" })}`)).toMatchObject({
      holds: true,
      facts: { issuer: "x" },
    });
  });

  it("refuses a header or claims that are not JSON, and parts that lack", () => {
    expect(jwt.verify(token('{"alg":', {})).holds).toBe(false);
    expect(jwt.verify(token({ alg: "HS256" }, '{"iss"')).holds).toBe(false);
    expect(jwt.verify(token({ alg: "HS256" }, {}).split(".").slice(0, 2).join(".")).holds).toBe(false);
    expect(jwt.verify(`${token({ alg: "HS256" }, {})}.x`).holds).toBe(false);
  });
});

describe("samples of JSON", () => {
  it.each(['{"iss":"argocd"', '{"tid":', '{"ver":"2","typ":"JWT"', '{"aud":["https://kubernetes.default.svc', "{"])(
    "go on from %s and keep it",
    (literal) => {
      // The characters that are wholly of the literal, and so stand in a shape.
      const fixed = part(literal).slice(0, Math.floor((literal.length * 4) / 3));
      fc.assert(
        // Drawn bytes, as samples have: long runs of one byte are taken for literals.
        fc.property(fc.nat(), fc.integer({ min: 60, max: 200 }), (seed, length) => {
          const draw = seededDraw(seed);
          const text = fixed + Buffer.from(Array.from({ length }, () => draw(256))).toString("base64url");
          const completed = completedJson(text);
          expect(() => JSON.parse(Buffer.from(completed, "base64url").toString("latin1"))).not.toThrow();
          expect(completed.slice(0, fixed.length)).toBe(fixed);
          expect(completed).toHaveLength(text.length);
        }),
        { numRuns: 60 },
      );
    },
  );
});
