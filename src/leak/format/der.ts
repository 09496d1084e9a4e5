/** What the DER of a private key says of itself: PKCS#1 (RFC 8017 A.1.2), SEC 1 (RFC 5915), PKCS#8 (RFC 5958), DSA as OpenSSL writes it. */

/** Type of key, and whether it is encrypted. */
export type KeyInfo = { type: string; encrypted: boolean; bits?: number };

type Element = { tag: number; start: number; end: number };

/** One DER element at `at`; undefined unless it lies within `limit` in full. */
function element(bytes: Uint8Array, at: number, limit: number): Element | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || at + 2 > limit) return undefined;
  let start = at + 2;
  let length = first;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4 || start + count > limit) return undefined;
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[start + i] ?? 0);
    start += count;
  }
  return start + length <= limit ? { tag, start, end: start + length } : undefined;
}

/** The elements of a constructed one, at most eight; undefined when they do not fill it exactly. */
function children(bytes: Uint8Array, parent: Element): Element[] | undefined {
  const found: Element[] = [];
  for (let at = parent.start; at < parent.end; ) {
    const child = element(bytes, at, parent.end);
    if (child === undefined || found.length === 16) return undefined;
    found.push(child);
    at = child.end;
  }
  return found;
}

/** Object identifiers of key types, in hex of their contents. */
const algorithms: Record<string, string> = {
  "2a864886f70d010101": "RSA",
  "2a864886f70d01010a": "RSA-PSS",
  "2a8648ce3d0201": "EC",
  "2a8648ce380401": "DSA",
  "2a864886f70d010301": "DH",
  "2b656e": "X25519",
  "2b656f": "X448",
  "2b6570": "Ed25519",
  "2b6571": "Ed448",
};

/** Object identifiers of the password-based encryption of PKCS#5 and PKCS#12 begin with one of these. */
const encryptionPrefixes = ["2a864886f70d0105", "2a864886f70d010c01"];

const curves: Record<string, string> = {
  "2a8648ce3d030107": "P-256",
  "2b81040022": "P-384",
  "2b81040023": "P-521",
  "2b8104000a": "secp256k1",
};

function hexOf(bytes: Uint8Array, of: Element): string {
  return Buffer.from(bytes.subarray(of.start, of.end)).toString("hex");
}

/** Bits of a positive INTEGER. */
function bitsOf(bytes: Uint8Array, of: Element): number {
  let start = of.start;
  while (start < of.end && bytes[start] === 0) start++;
  return start === of.end ? 0 : (of.end - start) * 8 - Math.clz32(bytes[start] ?? 0) + 24;
}

/** The length a DER value says it has, header included; undefined when it does not begin as a SEQUENCE. */
export function derLength(bytes: Uint8Array): number | undefined {
  if (bytes[0] !== 0x30 || bytes.length < 6) return undefined;
  const outer = element(bytes, 0, Number.MAX_SAFE_INTEGER);
  return outer?.end;
}

/**
 * Read the DER of a private key.
 * In: its bytes. Out: what kind of key it is, or undefined when the bytes are not the whole of one.
 */
export function privateKeyInfo(bytes: Uint8Array): KeyInfo | undefined {
  const outer = element(bytes, 0, bytes.length);
  if (outer === undefined || outer.tag !== 0x30) return undefined;
  const parts = children(bytes, outer);
  const [first, second, third] = parts ?? [];
  if (parts === undefined || first === undefined || second === undefined) return undefined;
  if (first.tag === 0x30 && second.tag === 0x04 && parts.length === 2) {
    const identifier = children(bytes, first)?.[0];
    const oid = identifier?.tag === 0x06 ? hexOf(bytes, identifier) : "";
    return encryptionPrefixes.some((prefix) => oid.startsWith(prefix))
      ? { type: "PKCS#8", encrypted: true }
      : undefined;
  }
  if (first.tag !== 0x02) return undefined;
  if (second.tag === 0x30 && third?.tag === 0x04) return pkcs8Info(bytes, second, third);
  if (second.tag === 0x04) {
    const parameters = parts.find((part) => part.tag === 0xa0);
    const named = parameters && children(bytes, parameters)?.[0];
    const curve = named?.tag === 0x06 ? curves[hexOf(bytes, named)] : undefined;
    return { type: curve === undefined ? "EC" : `EC ${curve}`, encrypted: false };
  }
  if (parts.some((part) => part.tag !== 0x02))
    return parts.length === 10 && parts[9]?.tag === 0x30 ? rsa(bytes, second) : undefined;
  if (parts.length === 9) return rsa(bytes, second);
  return parts.length === 6 ? { type: "DSA", encrypted: false, bits: bitsOf(bytes, second) } : undefined;
}

function rsa(bytes: Uint8Array, modulus: Element): KeyInfo {
  return { type: "RSA", encrypted: false, bits: bitsOf(bytes, modulus) };
}

function pkcs8Info(bytes: Uint8Array, algorithm: Element, key: Element): KeyInfo | undefined {
  const [identifier, parameters] = children(bytes, algorithm) ?? [];
  if (identifier?.tag !== 0x06) return undefined;
  const type = algorithms[hexOf(bytes, identifier)];
  if (type === undefined) return undefined;
  if (type === "RSA") {
    const inner = privateKeyInfo(bytes.subarray(key.start, key.end));
    return inner?.type === "RSA" ? inner : undefined;
  }
  const curve = type === "EC" && parameters?.tag === 0x06 ? curves[hexOf(bytes, parameters)] : undefined;
  return { type: curve === undefined ? type : `EC ${curve}`, encrypted: false };
}
