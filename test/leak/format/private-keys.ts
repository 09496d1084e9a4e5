/** Private keys made at run time, and the containers that Node cannot write. */
import { generateKeyPairSync } from "node:crypto";
import { crc24 } from "../../../src/leak/format/openpgp-key.ts";
import { generator } from "./generator.ts";

const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const ed25519 = generateKeyPairSync("ed25519").privateKey;
const dsa = generateKeyPairSync("dsa", { modulusLength: 1024, divisorLength: 160 }).privateKey;

function armour(label: string, body: string, headers = "", tail = ""): string {
  const lines = body.match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${headers}${lines.join("\n")}\n${tail}-----END ${label}-----`;
}

/** A string of the SSH wire format. */
function field(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** An OpenSSH key file of random content; its cipher says whether it is encrypted. */
export function opensshPem(cipher: string, seed: number): string {
  const g = generator(seed);
  const count = Buffer.from([0, 0, 0, 1]);
  const kdf = cipher === "none" ? [field("none"), field("")] : [field("bcrypt"), field(g.bytes(24))];
  const publicKey = Buffer.concat([field("ssh-ed25519"), field(g.bytes(32))]);
  const body = [Buffer.from("openssh-key-v1\0"), field(cipher), ...kdf, count, field(publicKey), field(g.bytes(144))];
  return armour(["OPENSSH", "PRIVATE", "KEY"].join(" "), Buffer.concat(body).toString("base64"));
}

/** An OpenPGP block with one version 4 EdDSA secret key; `usage` 0 is open, 254 encrypted. */
export function pgpBlock(usage: number, seed: number): string {
  const g = generator(seed);
  const curve = Buffer.from([9, 0x2b, 6, 1, 4, 1, 0xda, 0x47, 0x0f, 1]);
  const point = Buffer.concat([Buffer.from([1, 7, 0x40]), g.bytes(32)]);
  const secret = usage === 0 ? g.bytes(36) : Buffer.concat([Buffer.from([9, 3, 8]), g.bytes(60)]);
  const content = Buffer.concat([Buffer.from([4, 0x60, 0, 0, 0, 22]), curve, point, Buffer.from([usage]), secret]);
  const packet = Buffer.concat([Buffer.from([0xc5, content.length]), content]);
  const crc = crc24(packet);
  const sum = Buffer.from([crc >> 16, (crc >> 8) & 255, crc & 255]).toString("base64");
  return armour("PGP PRIVATE KEY BLOCK", packet.toString("base64"), "Version: 1\n\n", `=${sum}\n`);
}

/** A PuTTY file; `encryption` is `none` or a cipher. */
export function puttyFile(encryption: string, seed: number): { text: string; secret: string } {
  const g = generator(seed);
  const secret = [g.bytes(48).toString("base64"), g.bytes(48).toString("base64"), g.bytes(20).toString("base64")].join(
    "\n",
  );
  const text = `PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: ${encryption}\nComment: a b\nPublic-Lines: 1\n${g.bytes(48).toString("base64")}\nPrivate-Lines: 3\n${secret}\nPrivate-MAC: ${g.hex(64)}\n`;
  return { text, secret };
}

/** PEM of each kind by name. */
export const pem = {
  rsaPkcs1: String(rsa.export({ type: "pkcs1", format: "pem" })).trim(),
  rsaPkcs8: String(rsa.export({ type: "pkcs8", format: "pem" })).trim(),
  ecSec1: String(ec.export({ type: "sec1", format: "pem" })).trim(),
  ecPkcs8: String(ec.export({ type: "pkcs8", format: "pem" })).trim(),
  ed25519: String(ed25519.export({ type: "pkcs8", format: "pem" })).trim(),
  dsaPkcs8: String(dsa.export({ type: "pkcs8", format: "pem" })).trim(),
  encryptedPkcs8: String(
    rsa.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: generator(9).password() }),
  ).trim(),
  encryptedPkcs1: String(
    rsa.export({ type: "pkcs1", format: "pem", cipher: "aes-128-cbc", passphrase: generator(9).password() }),
  ).trim(),
};

export const der = {
  rsaPkcs8: rsa.export({ type: "pkcs8", format: "der" }),
  ecSec1: ec.export({ type: "sec1", format: "der" }),
};

const pair = generateKeyPairSync("rsa", { modulusLength: 1024 });

/** What must not be found. */
export const publicPem = {
  spki: String(pair.publicKey.export({ type: "spki", format: "pem" })),
  pkcs1: String(pair.publicKey.export({ type: "pkcs1", format: "pem" })),
};
