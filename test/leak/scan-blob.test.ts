import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isFindingId } from "../../src/finding-id.ts";
import { compileRules } from "../../src/leak/rule-set.ts";
import { type BlobScan, scanBlob } from "../../src/leak/scan-blob.ts";
import { base62, drawText, hexDigits, seededDraw } from "./draw.ts";
import { ruleOf } from "./rule-samples.ts";

const set = compileRules(
  [
    ruleOf({ id: "acme-token", shape: '"acme_" base62{32}' }),
    ruleOf({ id: "acme-signed", shape: '"acms_" <base62{24}> crc32-base62{6}' }),
    ruleOf({ id: "acme-key", shape: "hex{32}", near: ["acme"] }),
    ruleOf({ id: "acme-url", shape: '"https://hooks.acme.test/" digit{6} "/" $(base62{24})' }),
    ruleOf({ id: "acme-pattern", pattern: "acme-[a-z]+-([0-9]{12})", keyword: ["acme-"] }),
  ],
  [],
);

function scan(text: string | Uint8Array, path: string | undefined = "src/a.txt", salt = "salt"): BlobScan {
  return scanBlob(set, path, typeof text === "string" ? Buffer.from(text) : text, salt);
}

const token = (seed: number): string => `acme_${drawText(seededDraw(seed), base62, 32)}`;
const key = (seed: number): string => drawText(seededDraw(seed), hexDigits, 32);
const password = (seed: number): string => `Zq8#${drawText(seededDraw(seed), base62, 5)}`;

describe("a finding", () => {
  it("has its rule, its place in bytes, lines and columns, and what it passed", () => {
    const value = token(1);
    const text = `\u00e9 first\n\t\u20ac call("${value}")\n`;
    const { findings, gaps, digests, related } = scan(text);
    expect(findings).toHaveLength(1);
    const at = Buffer.from(text).indexOf(value);
    expect(findings[0]).toMatchObject({
      rule: "leak/acme-token",
      place: { path: "src/a.txt", start: at, end: at + 37, line: 2, column: 10, endLine: 2, endColumn: 47 },
      severity: "high",
      confidence: "likely",
      message: "Acme: Token",
      facts: {},
      fixes: [],
    });
    expect(findings[0]!.gates).toEqual(['holds "acme_"', "has the shape (37 bytes)"]);
    expect(findings[0]!.preview).toBe(`acme_${"\u2588".repeat(16)}`);
    expect(findings[0]!.excerpt).toBe(`\t\u20ac call("acme_${"\u2588".repeat(16)}")`);
    expect(isFindingId(findings[0]!.id)).toBe(true);
    expect([gaps, digests.length, related]).toEqual([[], 1, [0]]);
  });

  it("points at the secret part where the shape marks one", () => {
    const value = drawText(seededDraw(2), base62, 24);
    const text = `see https://hooks.acme.test/123456/${value} there`;
    const { findings } = scan(text);
    expect(findings.map((f) => [f.rule, f.place.start, f.place.end])).toEqual([
      ["leak/acme-url", text.indexOf(value), text.indexOf(value) + 24],
    ]);
  });

  it("of a user's pattern points at its group", () => {
    const { findings } = scan("a acme-live-493018275562 b");
    expect(findings.map((f) => [f.rule, f.place.start, f.place.end])).toEqual([["leak/acme-pattern", 12, 24]]);
  });

  it("comes in the order of places, whatever found it", () => {
    const text = `password = "${password(1)}"\nx = ${token(2)}\nacme_key = ${key(3)}\ny = ${token(4)}\n`;
    expect(scan(text).findings.map((f) => f.rule)).toEqual([
      "leak/generic-assigned-secret",
      "leak/acme-token",
      "leak/acme-key",
      "leak/acme-token",
    ]);
  });

  it("is one for each value, with as many digests and relations", () => {
    const result = scan(`a = ${token(1)}\nb = ${token(1)}\nc = ${token(2)}\n`);
    expect(result.findings).toHaveLength(3);
    expect(result.digests).toHaveLength(3);
    expect(result.related).toHaveLength(3);
    expect(result.digests[0]).toBe(result.digests[1]);
    expect(result.digests[0]).not.toBe(result.digests[2]);
  });

  it("is none in nothing, and none in plain text", () => {
    expect(scan("")).toEqual({ findings: [], digests: [], related: [], gaps: [], mentions: new Set() });
    expect(scan("Just a text about tokens, keys and passwords.\n").findings).toEqual([]);
  });

  it("tells whether an inline allow is mentioned, in any letter case", () => {
    expect(scan(`x # ${"leasehold:allow"} LH-000000`).mentions.has("allow")).toBe(true);
    expect(scan("x # Leasehold:Allow").mentions.has("allow")).toBe(true);
    expect(scan("x # leasehold allow").mentions.has("allow")).toBe(false);
  });

  it("is the same for the same input", () => {
    const text = `a = ${token(1)}\npassword=${password(1)}\n`;
    expect(scan(text)).toEqual(scan(text));
  });
});

describe("a checksum", () => {
  const signed = (seed: number): string => {
    const body = drawText(seededDraw(seed), base62, 24);
    return `acms_${body}${crcBase62(body)}`;
  };

  it("that holds makes it certain, one that does not makes it weak and says so", () => {
    const value = signed(1);
    expect(scan(`x = "${value}"`).findings.map((f) => f.confidence)).toEqual(["certain"]);
    const last = value.at(-1) === "a" ? "b" : "a";
    const spoilt = scan(`x = "${value.slice(0, -1)}${last}"`).findings;
    expect(spoilt.map((f) => [f.confidence, f.message])).toEqual([["weak", "Acme: Token, unproved"]]);
    expect(spoilt[0]!.gates).toContain("its checksum does not hold");
  });
});

describe("ids", () => {
  const idOf = (text: string, path?: string, salt?: string): string => scan(text, path, salt).findings[0]!.id;
  const value = token(7);

  it.each<[string, string, string]>([
    ["another file", `x = "${value}"`, "lib/b.js"],
    ["another indent", `        x = "${value}"`, "src/a.txt"],
    ["another line", `\n\n\n# note\nx = "${value}"`, "src/a.txt"],
    ["another name", `somewhere_else: ${value}`, "src/a.txt"],
    ["CR LF", `a\r\nx = "${value}"\r\n`, "src/a.txt"],
    ["another value in front", `y = "${token(8)}"; x = "${value}"`, "src/a.txt"],
  ])("of a strong value do not change with %s", (_, text, path) => {
    const found = scan(text, path).findings.map((f) => f.id);
    expect(found).toContain(idOf(`x = "${value}"`));
  });

  it("differ for a swapped value on the same line, and between repositories", () => {
    expect(idOf(`x = "${token(9)}"`)).not.toBe(idOf(`x = "${value}"`));
    expect(idOf(`x = "${value}"`, "src/a.txt", "other")).not.toBe(idOf(`x = "${value}"`));
  });

  it("of a guessable value hold its path and name, not the value, so that they tell nothing", () => {
    const weak = (text: string, path = "src/a.txt"): string => scan(text, path).findings[0]!.id;
    expect(weak('db_password = "winter2024"')).toBe(weak('db_password = "summer2025"'));
    expect(weak('    db_password = "winter2024"')).toBe(weak('db_password = "winter2024"'));
    expect(weak('# moved down\n\ndb_password = "winter2024"')).toBe(weak('db_password = "winter2024"'));
    expect(weak('db_password = "winter2024"', "src/b.txt")).not.toBe(weak('db_password = "winter2024"'));
    expect(weak('app_password = "winter2024"')).not.toBe(weak('db_password = "winter2024"'));
  });

  it("of two guessable values under one name differ by their order", () => {
    const [first, second] = scan('password = "winter2024"\npassword = "summer2025"\n').findings;
    expect(first!.id).not.toBe(second!.id);
  });

  it("of strong values are the same wherever the line is put", () => {
    const line = fc.constantFrom("", "# note", "port = 8080", "name: acme service", "\u00e9\u20ac");
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 6 }),
        fc.array(line, { maxLength: 6 }),
        fc.constantFrom("", "  ", "\t\t"),
        fc.constantFrom("a.txt", "deep/er/b.yml", undefined),
        fc.nat(1000),
        (above, below, indent, path, seed) => {
          const text = [...above, `${indent}acme_setting: "${token(seed)}"`, ...below].join("\n");
          expect(scan(text, path).findings.map((f) => f.id)).toEqual([idOf(`acme_setting: "${token(seed)}"`)]);
        },
      ),
    );
  });
});

describe("no field of a finding holds the value", () => {
  const host = fc.constantFrom(
    "# \u0000",
    'x = "@"',
    "password=@",
    "@ @",
    "acme_key: @ # @",
    "<password>@</password>",
    "https://user:@@host.test/@",
    '{"token":"@","again":"@"}',
    "curl -H 'Authorization: Bearer @' https://host.test",
    "@\\n@\\t@",
    "-----\n@\n-----",
    "name @ @ @ end",
    "secret='@'; copy = '@'",
    "a=@&b=@&token=@",
  );
  const secret = fc.oneof(
    fc.nat(5000).map(token),
    fc.nat(5000).map(key),
    fc.nat(5000).map(password),
    fc.nat(5000).map((seed) => drawText(seededDraw(seed), `${base62}+/`, 44)),
  );
  const encode = fc.constantFrom<(text: string) => string | Buffer>(
    (text) => text,
    (text) => Buffer.from(text).toString("base64"),
    (text) => encodeURIComponent(text),
    (text) => Buffer.from(text, "utf16le"),
  );

  it("whatever the line, the encoding and the other values on it", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(host, secret), { minLength: 1, maxLength: 4 }), encode, (parts, encoded) => {
        const text = parts.map(([line, value]) => line.replaceAll("@", value)).join("\n");
        const content = encoded(text);
        const { findings, gaps } = scan(typeof content === "string" ? content : Uint8Array.from(content));
        const shown = JSON.stringify([findings, gaps]);
        for (const { place } of findings) {
          const bytes = Buffer.from(content as string);
          const span = bytes.subarray(place.start, place.end).toString("latin1");
          if (typeof content === "string" && span.length >= 8)
            expect(shown).not.toContain(JSON.stringify(span).slice(1, -1));
        }
        for (const [, value] of parts) {
          const claimed = findings.length > 0;
          if (claimed && value.length >= 16) expect(shown).not.toContain(value);
        }
      }),
      { numRuns: 400 },
    );
  });

  it("also not of a value that another finding's excerpt shows the line of", () => {
    const text = `login("${token(1)}", "${password(2)}", password="${password(3)}", acme="${key(4)}")`;
    const { findings } = scan(text);
    expect(findings.length).toBeGreaterThanOrEqual(3);
    for (const value of [token(1), password(3), key(4)]) expect(JSON.stringify(findings)).not.toContain(value);
  });
});

describe("encodings", () => {
  const value = token(11);
  const plain = `setting = "${value}"`;
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  const found = (text: string | Uint8Array) => scan(text).findings.filter((f) => f.rule === "leak/acme-token");

  it.each<[string, string, string]>([
    ["base64", base64(plain), "base64"],
    ["base64, one byte further", base64(` ${plain}`), "base64"],
    ["base64, two bytes further", base64(`  ${plain}`), "base64"],
    ["base64url", Buffer.from(`${plain}???>>>`).toString("base64url"), "base64url"],
    ["hex", Buffer.from(plain).toString("hex"), "hex"],
    ["percent escapes", [...Buffer.from(plain)].map((b) => `%${b.toString(16).padStart(2, "0")}`).join(""), "percent"],
    [
      "unicode escapes",
      [...plain].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
      "unicode-escape",
    ],
    ["HTML entities", [...plain].map((c) => `&#${c.charCodeAt(0)};`).join(""), "html"],
  ])("%s", (_, encoded, name) => {
    const findings = found(`data: ${encoded}\n`);
    expect(findings).toHaveLength(1);
    expect(findings[0]!.facts.encoding).toMatch(new RegExp(`^(?:${name}|json-escape)$|${name}`));
    expect(findings[0]!.gates[0]).toMatch(/^decoded from /);
    const { start, end } = findings[0]!.place;
    expect(start).toBeGreaterThanOrEqual("data: ".length);
    expect(end).toBeLessThanOrEqual("data: ".length + encoded.length);
    expect(JSON.stringify(findings)).not.toContain(value);
  });

  it("have the id of the plain value", () => {
    expect(found(base64(plain))[0]!.id).toBe(found(plain)[0]!.id);
  });

  it("nest to depth three, and no further", () => {
    let text = plain;
    const depths: number[] = [];
    for (let depth = 1; depth <= 4; depth++) {
      text = base64(text);
      depths.push(found(`x: ${text}`).length);
    }
    expect(depths).toEqual([1, 1, 1, 0]);
    expect(found(`x: ${base64(base64(base64(plain)))}`)[0]!.facts.encoding).toBe("base64, base64, base64");
  });

  it.each<[string, (text: string) => Uint8Array]>([
    [
      "UTF-16, little end first, with a mark",
      (text) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]),
    ],
    ["UTF-16, little end first, without a mark", (text) => Buffer.from(text, "utf16le")],
    [
      "UTF-16, big end first, with a mark",
      (text) => Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, "utf16le").swap16()]),
    ],
    ["UTF-16, big end first, without a mark", (text) => Buffer.from(text, "utf16le").swap16()],
    [
      "UTF-32, little end first, with a mark",
      (text) =>
        Buffer.concat([
          Buffer.from([0xff, 0xfe, 0, 0]),
          ...[...text].map((c) => Buffer.from([c.charCodeAt(0), 0, 0, 0])),
        ]),
    ],
    ["UTF-8 with a mark", (text) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)])],
  ])("%s: the place is that in the file", (_, encode) => {
    const text = `first line\n${plain}\nlast line\n`;
    const bytes = encode(text);
    const findings = found(bytes);
    expect(findings).toHaveLength(1);
    const { place } = findings[0]!;
    const width = bytes.length > 3 * text.length ? 4 : bytes.length > text.length + 3 ? 2 : 1;
    const mark = bytes.length - text.length * width;
    const at = text.indexOf(value);
    expect([place.start, place.end]).toEqual([mark + at * width, mark + (at + value.length) * width]);
    expect([place.line, place.column]).toEqual([2, 12]);
    expect(findings[0]!.id).toBe(found(plain)[0]!.id);
  });
});

/** CRC-32 in base62, six digits, from the definition: bit by bit, and by division. */
function crcBase62(text: string): string {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  let rest = (crc ^ 0xffffffff) >>> 0;
  const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  let out = "";
  while (out.length < 6) {
    out = digits[rest % 62]! + out;
    rest = Math.floor(rest / 62);
  }
  return out;
}
