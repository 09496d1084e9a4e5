/** API keys of Amazon Bedrock, long-term and short-term. */
import { awsAccountOf } from "./aws-key-id.ts";
import { decodeBase64, encodeInPlaceOf, fillFrom, roomIn } from "./base64.ts";
import type { Proof, ProofResult } from "./proof.ts";
import { disproved, factsOf, isoTime, proved } from "./result.ts";

const longTerm = "ABSK";
const shortTerm = "bedrock-api-key-";

/** Name of the credential, `-at-` and account, and the secret after a colon. */
function verifyLongTerm(text: string): ProofResult {
  const [, user = "", account] = /^([\x21-\x39\x3b-\x7e]{1,100}?)(?:-at-(\d{12}))?:[\x20-\x7e]+$/.exec(text) ?? [];
  if (user === "") return disproved("it does not decode to a name and a secret");
  return proved("it decodes to the name of a key and a secret", factsOf({ user, account }));
}

/** `YYYYMMDDTHHMMSSZ` of a signed URL, in seconds. */
function signingTime(text: string | null): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? "")?.slice(1);
  if (parts === undefined) return undefined;
  const [year = "", month = "", day = "", hour = "", minute = "", second = ""] = parts;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) / 1000;
}

/** A signed URL (AWS Signature Version 4 in the query) without its scheme. */
function verifyShortTerm(text: string): ProofResult {
  const [host = "", query = ""] = text.split("?", 2);
  const parameters = new URLSearchParams(query);
  if (!/^[a-z0-9.-]{1,100}\/?$/.test(host) || !parameters.has("X-Amz-Signature")) {
    return disproved("it does not decode to a signed URL");
  }
  const [keyId = "", , region] = (parameters.get("X-Amz-Credential") ?? "").split("/", 5);
  const signed = signingTime(parameters.get("X-Amz-Date"));
  const seconds = Number(parameters.get("X-Amz-Expires") ?? Number.NaN);
  return proved(
    "it decodes to a signed URL",
    factsOf({
      account: /^A[A-Z]{3}[Q-Z2-7][A-Z2-7]{15}$/.test(keyId) ? awsAccountOf(keyId) : undefined,
      region: /^[a-z0-9-]{1,30}$/.test(region ?? "") ? region : undefined,
      issued: isoTime(signed),
      expires: signed === undefined ? undefined : isoTime(signed + seconds),
    }),
  );
}

function verify(token: string): ProofResult {
  const isShortTerm = token.startsWith(shortTerm);
  const text = decodeBase64(token.slice(isShortTerm ? shortTerm.length : longTerm.length))?.toString("latin1") ?? "";
  return isShortTerm ? verifyShortTerm(text) : verifyLongTerm(text);
}

function sign(token: string): string {
  const prefix = token.startsWith(shortTerm) ? shortTerm : longTerm;
  const body = token.slice(prefix.length);
  const head =
    prefix === shortTerm
      ? "bedrock.amazonaws.com/?Action=CallWithBearerToken&X-Amz-Signature="
      : "BedrockAPIKey-abcd-at-123456789012:";
  const rest = fillFrom(body.slice(24), Math.max(roomIn(body) - head.length, 8));
  return prefix + encodeInPlaceOf(body, Buffer.from(head + rest));
}

/** Bedrock keys. Facts: `user` and `account`, or `account`, `region`, `issued` and `expires` of a short-term key. */
export const bedrock: Proof = { verify, sign };
