/** Whose a fine-grained GitHub token is. */
import { base32, decodeBase32 } from "./base32.ts";
import type { Proof, ProofResult } from "./proof.ts";
import { unproved } from "./result.ts";

const prefix = "github_pat_11";

/**
 * After `11` the id of the owner stands as base32 of four bytes, most significant first, with a 0 in the place of the
 * padding. GitHub does not document it, so what does not read that way says nothing against the token.
 */
function verify(token: string): ProofResult {
  const text = token.slice(prefix.length, prefix.length + 7);
  const id = token.startsWith(prefix) && token[prefix.length + 7] === "0" ? decodeBase32(text) : undefined;
  if (id === undefined || id.length !== 4 || base32(id) !== text)
    return unproved("no owner can be read from the token");
  return unproved("the owner's id stands in the token", { owner: String(id.readUInt32BE()) });
}

/** Fine-grained personal access tokens. Never disproves; facts: `owner`, the account's numeric id. */
export const githubPatOwner: Proof = { verify };
