/** Discord bot tokens: the first part is the bot's id, and the id says when the bot was made. */
import { decodeBase64, encodeInPlaceOf, roomIn } from "./base64.ts";
import type { Proof, ProofResult } from "./proof.ts";
import { disproved, factsOf, isoTime, proved } from "./result.ts";

/** Milliseconds from 1970 to the first second of 2015, from which Discord counts (its API reference, Snowflakes). */
const epoch = 1_420_070_400_000n;

function verify(token: string): ProofResult {
  const id = decodeBase64(token.split(".", 1)[0] ?? "")?.toString("latin1") ?? "";
  if (!/^[1-9]\d{16,18}$/.test(id)) return disproved("the first part does not decode to an id");
  const created = Number((BigInt(id) >> 22n) + epoch) / 1000;
  return proved("the first part decodes to an id", factsOf({ id, created: isoTime(created) }));
}

/** First digits whose base64 begins with the letter, so that a shape which asks for M, N or O still fits. */
const firstDigits: Record<string, string> = { M: "1", N: "4", O: "8" };

function sign(token: string): string {
  const [first = "", ...rest] = token.split(".");
  const size = Math.min(Math.max(roomIn(first), 17), 19);
  const bytes = decodeBase64(first) ?? Buffer.alloc(0);
  const digits = Array.from({ length: size - 1 }, (_, i) => String((bytes[i] ?? 0) % 10)).join("");
  const id = (firstDigits[first.charAt(0)] ?? "1") + digits;
  return [encodeInPlaceOf(first.slice(0, 26), Buffer.from(id)), ...rest].join(".");
}

/** Bot tokens. Facts: `id`, `created`. */
export const discordBot: Proof = { verify, sign };
