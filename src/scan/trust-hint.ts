/** Which contents may hold trust policies. */
import { isOctoStsPath } from "../trust/octo-sts-audit.ts";
import { kindOfPath } from "../trust/trust-file.ts";
import { kindOfPath as actionsKind } from "../workflow/file-kind.ts";

/**
 * `speaks`: it is of a kind that is read and mentions trust. `part`: it says nothing of trust itself, but may be needed to understand a file beside it
 * (Terraform).
 */
export type TrustHint = "speaks" | "part";

/** In: the path; whether the content mentions one of the trust keywords. Out: undefined for a content that holds no trust. */
export function trustHint(path: string, mentions: boolean): TrustHint | undefined {
  const kind = kindOfPath(path);
  if (kind === undefined || actionsKind(path) !== undefined) return undefined;
  if (mentions || isOctoStsPath(path)) return "speaks";
  return kind === "terraform" || kind === "tfvars" ? "part" : undefined;
}
