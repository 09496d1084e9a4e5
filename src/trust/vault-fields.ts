/** The rules on single fields of a Vault role. */
import type { Draft } from "./draft.ts";
import { entryOf, itemsOf, textOf, valueAt } from "./value.ts";
import type { BoundClaim, VaultRole } from "./vault-audit.ts";

/** Longest life of a token that needs no word, in seconds. */
const longLife = 3600;

/** VA-2, 4, 6, 7 and 8. */
export function fieldDrafts(role: VaultRole, bounds: readonly BoundClaim[], glob: boolean | undefined): Draft[] {
  const { fields, name } = role;
  const drafts: Draft[] = [];
  const audiences = valueAt(fields, "bound_audiences");
  if (audiences === undefined || (audiences.kind !== "unknown" && itemsOf(audiences).length === 0)) {
    drafts.push({
      rule: "va-2",
      span: role.span,
      severity: "medium",
      subject: name,
      preview: "",
      message:
        "bound_audiences is missing: a token asked for another service passes, and recent Vault versions refuse the login.",
    });
  }
  if (glob === false) {
    for (const { claim, values } of bounds) {
      for (const { text, span } of values) {
        if (text.includes("*"))
          drafts.push({
            rule: "va-4",
            span,
            severity: "low",
            subject: name,
            preview: text,
            facts: { unusable: "true", claim },
            message: `bound_claims_type is string, so * in ${claim} is taken as itself and never matches.`,
          });
      }
    }
  }
  const user = entryOf(fields, "user_claim");
  if (textOf(user?.value) === "actor") {
    drafts.push({
      rule: "va-6",
      span: user!.value.span,
      severity: "low",
      subject: name,
      preview: "actor",
      message: "user_claim is actor: Vault's entities follow people instead of repositories; use repository_id.",
    });
  }
  if (role.openBackend !== undefined) {
    drafts.push({
      rule: "va-7",
      span: role.openBackend,
      severity: "high",
      subject: name,
      preview: "",
      message: "The backend has no bound_issuer: tokens of every issuer whose key it takes get to this role.",
    });
  }
  for (const field of ["token_ttl", "token_max_ttl", "ttl", "max_ttl"]) {
    const entry = entryOf(fields, field);
    const text = textOf(entry?.value);
    const seconds = text === undefined ? undefined : durationSeconds(text);
    if (entry !== undefined && seconds !== undefined && seconds > longLife) {
      drafts.push({
        rule: "va-8",
        span: entry.value.span,
        severity: "medium",
        subject: name,
        preview: text!,
        message: `${field} is ${text}: a token for one job needs minutes.`,
      });
    }
  }
  for (const policy of itemsOf(valueAt(fields, "token_policies") ?? valueAt(fields, "policies"))) {
    const text = textOf(policy);
    if (text !== undefined && /^(?:root|admin|administrator|superuser|sudo)$/i.test(text)) {
      drafts.push({
        rule: "va-8",
        span: policy.span,
        severity: "medium",
        subject: name,
        preview: text,
        message: `The role gives the policy ${text}, which can do everything.`,
      });
    }
  }
  return drafts;
}

const units: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** A duration as Vault writes it (`600`, `10m`, `1h30m`), in seconds; undefined for any other text. */
export function durationSeconds(text: string): number | undefined {
  if (/^[0-9]{1,12}$/.test(text)) return Number(text);
  if (!/^(?:[0-9]{1,9}[smhd]){1,4}$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(/([0-9]+)([smhd])/g)) seconds += Number(amount) * units[unit!]!;
  return seconds;
}
