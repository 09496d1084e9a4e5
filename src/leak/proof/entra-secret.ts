/** Client secrets of Microsoft Entra applications. */
import { marvin32 } from "./marvin.ts";
import type { Proof, ProofResult } from "./proof.ts";
import { disproved, proved, unproved } from "./result.ts";

const digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~";
const coveredLength = 37;

/** The first three of six digits in base 66, most significant first. Source: Microsoft's security-utilities. */
function checkOf(token: string): string {
  let text = "";
  let rest = marvin32(Buffer.from(token.slice(0, coveredLength), "latin1"), "AadPwd00");
  for (; text.length < 6; rest = Math.floor(rest / digits.length)) text = digits.charAt(rest % digits.length) + text;
  return text.slice(0, 3);
}

function verify(token: string): ProofResult {
  const marker = token.slice(3, 6);
  if (!/^\dQ~$/.test(marker)) return disproved("not the form of a client secret");
  if (marker !== "8Q~") return unproved("this form has no known checksum");
  if (token.length !== coveredLength + 3) return disproved("not the length of a client secret");
  return token.slice(coveredLength) === checkOf(token) ? proved("Marvin32 holds") : disproved("Marvin32 does not hold");
}

function sign(token: string): string {
  if (token.slice(3, 6) !== "8Q~" || token.length < coveredLength) return token;
  return token.slice(0, coveredLength) + checkOf(token);
}

/** Entra client secrets of every generation; only `8Q~` carries a checksum. */
export const entraSecret: Proof = { verify, sign };
