/** Key stores and password safes, known by their magic bytes, and private keys in DER. */
import { derLength, privateKeyInfo } from "./der.ts";
import type { Format, FormatHit } from "./format.ts";

/** Magic bytes as latin1: `JKS` and `JCEKS` of the JDK, KeePass 1 and 2, Password Safe 3. */
const magics: readonly { head: string; kind: string; encrypted: boolean }[] = [
  { head: "\xfe\xed\xfe\xed\x00\x00\x00", kind: "JKS", encrypted: true },
  { head: "\xce\xce\xce\xce\x00\x00\x00", kind: "JCEKS", encrypted: true },
  { head: "\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5", kind: "KeePass", encrypted: true },
  { head: "\x03\xd9\xa2\x9a\x65\xfb\x4b\xb5", kind: "KeePass", encrypted: true },
  { head: "PWS3", kind: "Password Safe", encrypted: true },
];

/** PFX ::= SEQUENCE { version 3, authSafe with OID pkcs7-data or pkcs7-signedData } (RFC 7292). */
const pfx =
  /^\x30(?:[\x00-\x7f]|\x80|\x81.|\x82.{2}|\x83.{3}|\x84.{4})\x02\x01\x03\x30(?:[\x00-\x7f]|\x80|\x81.|\x82.{2}|\x83.{3}|\x84.{4})\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07/s;

/** A DER SEQUENCE that begins with an INTEGER 0 or 1, as private keys do. */
const derHead = /^\x30(?:[\x20-\x7f]|\x81.|\x82.{2})\x02\x01[\x00\x01][\x02\x04\x30]/s;

function kindOf(head: string): { kind: string; encrypted: boolean } | undefined {
  return (
    magics.find((magic) => head.startsWith(magic.head)) ??
    (pfx.test(head) ? { kind: "PKCS#12", encrypted: true } : undefined)
  );
}

/** `.p12`, `.pfx`, `.jks`, `.kdbx`: the whole file is the secret, behind a passphrase. A head of text is not one, whatever the file's name. */
export const keystoreFile: Format = {
  id: "keystore-file",
  path: /\.(?:p12|pfx|jks|jceks|keystore|ks|truststore|kdbx?|psafe3)$/,
  keywords: [],
  sniff: (head) => kindOf(head) !== undefined,
  parse: ({ text, path }): FormatHit[] => {
    const kind = kindOf(text.slice(0, 64));
    if (kind === undefined) return [];
    const trust = path !== undefined && /trust|cacerts/i.test(path);
    const facts = { type: kind.kind, encrypted: "yes" };
    const reason = `the magic bytes of ${kind.kind}${trust ? ", but named a trust store, which holds certificates only" : ""}`;
    return [
      { rule: "keystore-file", start: 0, end: text.length, facts, confidence: trust ? "weak" : "likely", reason },
    ];
  },
};

/** A private key in DER: `.der`, `.key`, `.pk8`, `.p8`. */
export const derPrivateKey: Format = {
  id: "der-private-key",
  path: /\.(?:der|key|pk8|p8|priv|private|bin)$/,
  keywords: [],
  sniff: (head) => derHead.test(head),
  parse: ({ text, bytes }): FormatHit[] => {
    if (!derHead.test(text.slice(0, 16)) || bytes.length > 32_768) return [];
    const length = derLength(bytes);
    if (length === undefined || length > bytes.length || length < 40) return [];
    const info = privateKeyInfo(bytes.subarray(0, length));
    if (info === undefined) return [];
    const facts = { key: info.type, encrypted: info.encrypted ? "yes" : "no" };
    return [
      {
        rule: "der-private-key",
        start: 0,
        end: length,
        facts,
        confidence: "certain",
        reason: `the DER is a private key, ${info.type}`,
      },
    ];
  },
};
