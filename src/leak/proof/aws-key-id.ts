/** What an AWS access key id says of itself. */
import { decodeBase32 } from "./base32.ts";
import type { Proof, ProofResult } from "./proof.ts";
import { unproved } from "./result.ts";

const kinds: Record<string, string> = {
  AKIA: "long-term key",
  ASIA: "temporary key",
  ABIA: "bearer token",
  ACCA: "context-specific credential",
};

/**
 * The account number inside an access key id.
 * In: the whole id, four letters and sixteen characters of base32. Out: twelve digits, or `undefined` when it does not
 * decode. Only ids made since 2019 carry it; `isNewer` tells them.
 */
export function awsAccountOf(keyId: string): string | undefined {
  const bytes = decodeBase32(keyId.slice(4, 20));
  if (bytes === undefined || bytes.length < 6) return undefined;
  const account = (BigInt(bytes.readUIntBE(0, 6)) & 0x7fffffffff80n) >> 7n;
  return account < 1_000_000_000_000n ? String(account).padStart(12, "0") : undefined;
}

/** Whether an id is of the kind that carries the account: the first of its bits is set, so the fifth character is Q or later. */
function isNewer(keyId: string): boolean {
  return /^[Q-Z2-7]$/.test(keyId.charAt(4));
}

function verify(token: string): ProofResult {
  const facts: Record<string, string> = {};
  const kind = kinds[token.slice(0, 4)];
  if (kind !== undefined) facts.kind = kind;
  if (token.length === 20 && token.endsWith("EXAMPLE")) {
    return unproved("a key id of the documentation's examples", { ...facts, example: "AWS documentation" });
  }
  const account = token.length === 20 && isNewer(token) ? awsAccountOf(token) : undefined;
  if (account === undefined) return unproved("no account number decodes from this key id", facts);
  return unproved("the account number decodes from the key id", { ...facts, account });
}

/** AWS key ids. Never disproves; facts: `kind`, `account`, and `example` for the ids that AWS prints in its documentation. */
export const awsKeyId: Proof = { verify };
