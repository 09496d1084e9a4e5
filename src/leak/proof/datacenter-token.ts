/** Access tokens of Bitbucket, Jira and Confluence Data Center: base64 of a number, a colon and twenty random bytes. */
import { decodeBase64, encodeInPlaceOf, roomIn } from "./base64.ts";
import type { Proof } from "./proof.ts";
import { disproved, proved } from "./result.ts";

const randomBytes = 20;

function dataCenterToken(prefix: string): Proof {
  function bodyOf(token: string): string {
    return token.startsWith(prefix) ? token.slice(prefix.length) : token;
  }
  return {
    verify(token) {
      const bytes = decodeBase64(bodyOf(token)) ?? Buffer.alloc(0);
      const id = bytes.toString("latin1", 0, Math.max(bytes.length - randomBytes, 0));
      return /^\d{1,20}:$/.test(id)
        ? proved("it decodes to an id and twenty bytes", { id: id.slice(0, -1) })
        : disproved("it does not decode to an id and twenty bytes");
    },
    sign(token) {
      const body = bodyOf(token);
      const random = decodeBase64(body) ?? Buffer.alloc(0);
      const digits = Math.min(Math.max(roomIn(body) - randomBytes - 1, 1), 20);
      // The first digit keeps the first letter: M for 0 to 3, N for 4 to 7, O for 8 and 9.
      const first = { N: "5", O: "8" }[body.charAt(0)] ?? "2";
      const rest = Array.from({ length: digits - 1 }, (_, i) => String((random[i] ?? 0) % 10)).join("");
      const bytes = Buffer.concat([Buffer.from(`${first}${rest}:`), Buffer.alloc(randomBytes, 1)]);
      random.copy(bytes, digits + 1, Math.min(digits + 1, random.length));
      return token.slice(0, token.length - body.length) + encodeInPlaceOf(body, bytes);
    },
  };
}

/** Bitbucket Data Center (`BBDC-…`). Facts: `id`, the token's own number. */
export const bitbucketDatacenter: Proof = dataCenterToken("BBDC-");

/** Jira and Confluence Data Center, without a prefix. Facts: `id`, the token's own number. */
export const atlassianDatacenter: Proof = dataCenterToken("");
