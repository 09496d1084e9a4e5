/** Private keys in PEM and OpenPGP armour: RFC 7468, RFC 1421 (encrypted headers), RFC 9580, and OpenSSH's own container. */
import { derLength, privateKeyInfo } from "./der.ts";
import type { Format, FormatHit } from "./format.ts";
import { crc24, pgpKey } from "./openpgp-key.ts";
import { opensshKey } from "./openssh-key.ts";
import { type PemBlock, pemBlock } from "./pem-block.ts";

/** Fewer characters of base64 hold no private key: Ed25519 in PKCS#8 takes 64. */
const shortestBody = 64;

/** The Static key V1 of OpenVPN: 256 bytes in hex. */
const staticKeyDigits = 512;

type Judged = Pick<FormatHit, "facts" | "confidence" | "reason"> & { rule: string };

/** The five kinds of block, each under the rule of its name; one parser serves all. */
export const pemFormats: readonly Format[] = [
  "pem-private-key",
  "encrypted-private-key",
  "openssh-private-key",
  "pgp-private-key",
  "openvpn-static-key",
].map((id) => ({
  id,
  keywords: ["-----begin"],
  parse: ({ text, path }, at) =>
    pemHits(text, at)
      .filter((hit) => hit.rule === id)
      .map((hit) => (isGithubApp(text, path, hit) ? { ...hit, rule: "github-app-private-key" } : hit)),
}));

/** GitHub names the key of an app `<app>.<date>.private-key.pem` and makes it RSA in PKCS#1; elsewhere an app's id stands near. */
function isGithubApp(text: string, path: string | undefined, hit: FormatHit): boolean {
  if (hit.rule !== "pem-private-key" || hit.facts.key !== "RSA") return false;
  if (path !== undefined && /\.private-key\.pem$/i.test(path)) return true;
  return /(?:github|gh)[_-]?app[_-]?(?:id|private|key|client)/i.test(
    text.slice(Math.max(0, hit.start - 300), hit.start),
  );
}

/** All private key blocks that begin at one of the offsets. */
export function pemHits(text: string, at: number[]): FormatHit[] {
  const hits: FormatHit[] = [];
  at.forEach((start, i) => {
    const head = text.slice(start, start + 80);
    if (!/PRIVATE KEY|Static key V1/i.test(head)) return;
    const block = pemBlock(text, start, at[i + 1] ?? text.length);
    const judged = block && judge(block);
    if (block === undefined || judged === undefined) return;
    const encrypted = judged.facts.encrypted === "yes";
    hits.push({
      ...judged,
      start: block.start,
      end: block.end,
      ...(encrypted ? { severity: "medium" as const } : {}),
    });
  });
  return hits;
}

/** What a block is; undefined when it holds no key material. */
function judge(block: PemBlock): Judged | undefined {
  const label = block.label.toUpperCase();
  if (label === "OPENVPN STATIC KEY V1") return judgeStaticKey(block);
  if (!/PRIVATE KEY(?: BLOCK)?$/.test(label)) return undefined;
  if (block.body.length < shortestBody || new Set(block.body).size < 16) return undefined;
  if (block.elided && block.complete) return undefined;
  const bytes = Buffer.from(block.body, "base64");
  if (label === "PGP PRIVATE KEY BLOCK") return judgePgp(block, bytes);
  const openssh = opensshKey(bytes);
  if (openssh !== undefined) {
    const facts = { key: openssh.type, encrypted: openssh.encrypted ? "yes" : "no", cipher: openssh.cipher };
    const reason = `an OpenSSH key container, ${openssh.encrypted ? "encrypted" : "not encrypted"}`;
    return { rule: "openssh-private-key", facts, confidence: block.complete ? "certain" : "weak", reason };
  }
  if (label === "OPENSSH PRIVATE KEY") {
    const facts = { encrypted: "unknown" };
    return {
      rule: "openssh-private-key",
      facts,
      confidence: "weak",
      reason: "labelled an OpenSSH key, but cut off or not one",
    };
  }
  return judgeDer(block, label, bytes);
}

function judgeDer(block: PemBlock, label: string, bytes: Buffer): Judged | undefined {
  const header = block.headers.find((line) => /^DEK-Info: /i.test(line));
  if (block.headers.some((line) => /^Proc-Type:.*ENCRYPTED/i.test(line)) || header !== undefined) {
    const cipher = /^DEK-Info: ([A-Za-z0-9-]{1,32})/i.exec(header ?? "")?.[1];
    const facts = { key: typeOfLabel(label), encrypted: "yes", ...(cipher === undefined ? {} : { cipher }) };
    const reason = "a PEM key encrypted as RFC 1421 says";
    return { rule: "encrypted-private-key", facts, confidence: block.complete ? "likely" : "weak", reason };
  }
  const info = privateKeyInfo(bytes);
  if (info !== undefined) {
    const facts: Record<string, string> = { key: info.type, encrypted: info.encrypted ? "yes" : "no" };
    if (info.bits !== undefined) facts.bits = String(info.bits);
    const rule = info.encrypted ? "encrypted-private-key" : "pem-private-key";
    return {
      rule,
      facts,
      confidence: block.complete ? "certain" : "likely",
      reason: `the DER is a private key, ${info.type}`,
    };
  }
  const encrypted = label.includes("ENCRYPTED");
  const declared = derLength(bytes);
  const reason =
    declared !== undefined && declared > bytes.length
      ? "a PEM key that is cut off: its DER says more bytes than stand there"
      : "labelled a private key, but its body is not the DER of one";
  const facts = { key: typeOfLabel(label), encrypted: encrypted ? "yes" : "no" };
  return { rule: encrypted ? "encrypted-private-key" : "pem-private-key", facts, confidence: "weak", reason };
}

/** `RSA PRIVATE KEY` → `RSA`; a bare `PRIVATE KEY` says nothing. */
function typeOfLabel(label: string): string {
  const type = label.replace(/ ?PRIVATE KEY(?: BLOCK)?$/, "").replace(/^ENCRYPTED$/, "");
  return type === "" ? "PKCS#8" : type;
}

function judgePgp(block: PemBlock, bytes: Buffer): Judged {
  const key = pgpKey(bytes);
  const crc = crc24(bytes);
  const sum = Buffer.from([crc >> 16, (crc >> 8) & 255, crc & 255]).toString("base64");
  const rule = "pgp-private-key";
  if (key === undefined) {
    const holds = block.checksum === sum;
    const reason = holds ? "the checksum of the armour holds" : "labelled a PGP private key, but its body is not one";
    return { rule, facts: { encrypted: "unknown" }, confidence: holds ? "likely" : "weak", reason };
  }
  const facts = { key: key.algorithm, created: key.created, encrypted: key.encrypted ? "yes" : "no" };
  if (key.stub)
    return {
      rule,
      facts: { ...facts, encrypted: "yes", stub: "yes" },
      confidence: "weak",
      reason: "only a reference to a key on a card",
    };
  const holds = block.checksum === undefined || block.checksum === sum;
  const confidence = block.complete && holds ? "certain" : block.complete ? "likely" : "weak";
  return { rule, facts, confidence, reason: `a secret-key packet, ${key.encrypted ? "encrypted" : "not encrypted"}` };
}

function judgeStaticKey(block: PemBlock): Judged | undefined {
  const digits = block.body.toLowerCase();
  if (!/^[0-9a-f]{64,}$/.test(digits) || new Set(digits).size < 10) return undefined;
  const whole = digits.length === staticKeyDigits && block.complete;
  const reason = whole ? "2048 bits of a static key in hex" : "a static key that is cut off";
  return {
    rule: "openvpn-static-key",
    facts: { bits: String(digits.length * 4), encrypted: "no" },
    confidence: whole ? "certain" : "weak",
    reason,
  };
}
