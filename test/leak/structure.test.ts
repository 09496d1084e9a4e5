import { describe, expect, it } from "vitest";
import { harmlessReason } from "../../src/leak/structure.ts";
import { base62, drawText, hexDigits, seededDraw } from "./draw.ts";

const draw = seededDraw(11);
const hex = (length: number): string => drawText(draw, hexDigits, length);
const base64 = (length: number): string => drawText(draw, `${base62}+/`, length);
const drawn = (length: number): string => drawText(draw, base62, length);

describe("values that only look like secrets", () => {
  it.each<[string, string, string, string, string | undefined]>([
    ["the pin of an action", "      - uses: actions/checkout@", hex(40), " # v4.1.7", undefined],
    ["the pin of a reusable workflow", "    uses: acme/ci/.github/workflows/build.yml@", hex(40), "", "uses"],
    ["a commit under its name", 'commit: "', hex(40), '"', "commit"],
    ["a revision in a lockfile", 'rev = "', hex(40), '"', "rev"],
    ["a commit in an address", "https://git.test/acme/app/commit/", hex(40), ")", undefined],
    ["a tree in an address", "https://git.test/acme/app/tree/", hex(40), "/src", undefined],
    ["the digest of an image", "FROM registry.test/app@sha256:", hex(64), "", undefined],
    ["a checksum under its name", "sha256: ", hex(64), "", "sha256"],
    ["an MD5 under its name", "md5=", hex(32), "", "md5"],
    ["an integrity hash of npm", '"integrity": "', `sha512-${base64(86)}==`, '"', "integrity"],
    ["what stands behind sha512-", '"integrity": "sha512-', `${base64(86)}==`, '"', "integrity"],
    ["a hash of go.sum", "golang.org/x/net v0.1.0 h1:", `${base64(43)}=`, "", undefined],
    ["a hash of a Python lockfile", "    --hash=sha256:", hex(64), " \\", "hash"],
    ["a publishable key", 'key: "', `pk_live_${drawn(24)}`, '"', "key"],
    ["a client secret of one payment", 'token: "', `pi_${drawn(24)}_secret_${drawn(25)}`, '"', "token"],
    ["a bcrypt hash", "password: ", `$2b$12$${drawText(draw, `${base62}./`, 53)}`, "", "password"],
    ["an argon2 hash", "password: ", `$argon2id$v=19$m=65536$${base64(22)}$${base64(43)}`, "", "password"],
    ["a public key of SSH", "", `AAAAB3NzaC1yc2EAAAA${base64(60)}`, " deploy@host", undefined],
    ["what stands behind ssh-ed25519", "ssh-ed25519 ", `AAAAC3NzaC1lZDI1NTE5${base64(48)}`, "", undefined],
    [
      "a value of SOPS",
      "password: ",
      `ENC[AES256_GCM,data:${base64(24)},iv:${base64(43)}=,tag:${base64(22)}==,type:str]`,
      "",
      "password",
    ],
    ["data inside a value of SOPS", "password: ENC[AES256_GCM,data:", base64(24), ",iv:", "password"],
    ["an age recipient", "age: ", `age1${drawText(draw, "qpzry9x8gf2tvdw0s3jn54khce6mua7l", 58)}`, "", "age"],
    ["a Fernet token", "token: ", `gAAAAAB${drawText(draw, `${base62}-_`, 90)}`, "", "token"],
    ["ciphertext of Vault's transit", "secret: ", `vault:v1:${base64(60)}`, "", "secret"],
    ["ciphertext of KMS", "secret: ", `AQICAH${base64(90)}`, "", "secret"],
    ["a value that Travis encrypted", '  - secure: "', `${base64(170)}=`, '"', "secure"],
    ["an image in an address", 'src="data:image/png;base64,', `iVBORw0KGgo${base64(60)}`, '"', "src"],
    ["an image in base64", "icon = '", `iVBORw0KGgo${base64(60)}`, "'", "icon"],
    ["a font", "font: ", `d09GMgABAAAAA${base64(60)}`, "", "font"],
    ["a PDF", "file: ", `JVBERi0xLjQK${base64(60)}`, "", "file"],
    ["a certificate", "cert: ", `MIIDdzCCAl+gAwIBAgIE${base64(80)}`, "", "cert"],
    ["an address", "url: ", `https://host.test/${drawn(24)}`, "", "url"],
    ["a date", "expires: ", "2026-03-04T05:06:07Z", "", "token_expires"],
    ["a host", "auth: ", "auth.internal.acme.com", "", "auth"],
    ["a file name", "key: ", "server-2024.key.json", "", "key"],
    ["a version", "token: ", "app-v1.22.333", "", "token"],
    ["a constant", "token = ", "0x1f2e3d4c", "", "token"],
  ])("%s", (_, before, value, after, name) => {
    expect(harmlessReason(value, before, after, name)).toBeDefined();
  });

  it.each<[string, string, string, string, string | undefined]>([
    ["forty hex digits under a token's name", "GITHUB_TOKEN=", hex(40), "", "GITHUB_TOKEN"],
    ["thirty-two hex digits under a key's name", 'api_key: "', hex(32), '"', "api_key"],
    ["a drawn value", 'secret = "', drawn(32), '"', "secret"],
    ["base64 under a secret's name", "client_secret=", `${base64(43)}=`, "", "client_secret"],
    ["a key in the query of an address", "url: ", `https://host.test/?api_key=${drawn(24)}`, "", "url"],
    ["an address with a user", "url: ", `https://user:${drawn(12)}@host.test/`, "", "url"],
    [
      "the beginning of a private key in DER under its name",
      "private_key: ",
      `MIIEpAIBAAKCAQEA${base64(60)}`,
      "",
      "private_key",
    ],
    ["a secret key that is not published", "key: ", `sk_live_${drawn(24)}`, "", "key"],
  ])("but not %s", (_, before, value, after, name) => {
    expect(harmlessReason(value, before, after, name)).toBeUndefined();
  });
});
