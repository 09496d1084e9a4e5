import { describe, expect, it } from "vitest";
import { flyMacaroon } from "../../../src/leak/proof/fly-macaroon.ts";
import { pypiMacaroon } from "../../../src/leak/proof/macaroon.ts";

function field(type: number, value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  const size = bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7];
  return Buffer.concat([Buffer.from([type, ...size]), bytes]);
}

const end = Buffer.from([0]);
const signature = Buffer.alloc(32, 0xee);

function pypi(caveats: string[], tail = signature): string {
  const body = Buffer.concat([
    Buffer.from([2]),
    field(1, "index.example"),
    field(2, "0b0e9b5e-5a7f-4c3a-9d7e-0123456789ab"),
    end,
    ...caveats.flatMap((caveat) => [field(2, caveat), end]),
    end,
    field(6, tail),
  ]);
  return `pyp${"i-"}${body.toString("base64url")}`;
}

describe("pypi-macaroon", () => {
  it.each([
    [[], { scope: "user" }],
    [['[3, "u-1"]'], { scope: "user", user: "u-1" }],
    [['[1, ["sampleproject", "other"]]'], { scope: "project", project: "sampleproject, other" }],
    [
      ['[2, ["p-1"]]', "[0, 1900000000, 1700000000]"],
      { scope: "project", projectid: "p-1", expires: "2030-03-17T17:46:40Z" },
    ],
    [['{"version": 1, "permissions": "user"}'], { scope: "user" }],
    [
      ['{"version": 1, "permissions": {"projects": ["sampleproject"]}}'],
      { scope: "project", project: "sampleproject" },
    ],
    [['{"project_ids": ["p-2"]}'], { scope: "project", projectid: "p-2" }],
    [['{"nbf": 1, "exp": 1900000000}'], { scope: "user", expires: "2030-03-17T17:46:40Z" }],
    [['[4, "x", {"ref": "r"}]'], { scope: "trusted publisher" }],
    [["not json", "[99]"], { scope: "user" }],
  ])("with the caveats %j", (caveats, facts) => {
    expect(pypiMacaroon.verify(pypi(caveats))).toEqual({
      holds: true,
      facts: { host: "index.example", ...facts },
      reason: "the decoded body is a macaroon that ends in a signature",
    });
  });

  it("reads a caveat longer than 127 bytes", () => {
    const project = "p".repeat(150);
    expect(pypiMacaroon.verify(pypi([`[1, ["${project}"]]`])).facts.project).toBe(project);
  });

  it("refuses a short signature, and bytes after it", () => {
    expect(pypiMacaroon.verify(pypi([], Buffer.alloc(31))).holds).toBe(false);
    expect(pypiMacaroon.verify(`${pypi([])}AAAA`).holds).toBe(false);
    expect(pypiMacaroon.verify(pypi([]).slice(0, -8)).holds).toBe(false);
  });
});

describe("fly-macaroon", () => {
  function bin(bytes: Buffer): Buffer {
    return Buffer.concat([Buffer.from([0xc4, bytes.length]), bytes]);
  }
  function time(seconds: number): Buffer {
    const bytes = Buffer.alloc(5, 0xce);
    bytes.writeUInt32BE(seconds, 1);
    return bytes;
  }
  function macaroon(tail = signature): string {
    const location = "https://api.fly.example/v1";
    return Buffer.concat([
      Buffer.from([0x94, 0x93]),
      bin(Buffer.alloc(16, 1)),
      bin(Buffer.alloc(16, 2)),
      Buffer.from([0xc2, 0xa0 | location.length]),
      Buffer.from(location),
      Buffer.from([0x94, 0x00, 0x92, 0xcd, 0x30, 0x39, 0x1f, 0x04, 0x92]),
      time(1700000000),
      time(1900000000),
      bin(tail),
    ]).toString("base64");
  }

  it("tells host, organization and end, with and without the scheme", () => {
    const facts = {
      host: "api.fly.example",
      organization: "12345",
      issued: "2023-11-14T22:13:20Z",
      expires: "2030-03-17T17:46:40Z",
    };
    const token = `fm${"2_"}${macaroon()}`;
    expect(flyMacaroon.verify(token)).toMatchObject({ holds: true, facts });
    expect(flyMacaroon.verify(`Fly${"V1 "}${token},${token}`)).toMatchObject({ holds: true, facts });
  });

  it("refuses a short tail, and what is cut off", () => {
    expect(flyMacaroon.verify(`fm${"2_"}${macaroon(Buffer.alloc(8))}`).holds).toBe(false);
    expect(flyMacaroon.verify(`fm${"2_"}${macaroon().slice(0, -12)}`).holds).toBe(false);
  });
});
