/** The bindings of a pool: which are meant, and the rules on them. */
import { whoIs, widestStranger } from "./classes.ts";
import { type Draft, raised } from "./draft.ts";
import type { GcpSetup } from "./gcp-audit.ts";
import type { GcpBinding, GcpMatcher, GcpMember, GcpProvider } from "./gcp-match.ts";
import type { Question, Reach } from "./reach.ts";
import type { Span } from "./source.ts";
import { hole } from "./value.ts";

export type Linked = { binding: GcpBinding; member: GcpMember };

function poolId(path: string): string {
  const at = path.lastIndexOf("workloadIdentityPools/");
  return at < 0 ? path : path.slice(at + "workloadIdentityPools/".length);
}

/** Whether two pools are the same by their ids; where one is not known, whether there is `only` one to mean. */
export function samePool(a: string, b: string, only: boolean): boolean {
  const first = poolId(a);
  const second = poolId(b);
  return first.includes(hole) || second.includes(hole) || first === "" || second === "" ? only : first === second;
}

export type Bound = Linked & { reach: Reach };

/** GCP-7, 8, 12 and 14. */
export function bindingDrafts(
  provider: GcpProvider,
  matcher: GcpMatcher,
  bound: (Bound & { question: Question })[],
  setup: GcpSetup,
): Draft[] {
  const drafts: Draft[] = [];
  const issuers = new Set(
    setup.providers
      .filter((other) => samePool(other.pool, provider.pool, false))
      .map((other) => other.issuer?.text ?? ""),
  );
  for (const { binding, member, reach, question } of bound) {
    const base = { span: binding.member.span as Span, subject: binding.name, preview: binding.member.text };
    const org = reach.yes.get("org-other-repository");
    const open = widestStranger(reach.yes) !== undefined;
    if (!open && (member.select.kind === "all" || org !== undefined)) {
      const example = org?.claims.get("sub") ?? "";
      drafts.push({
        ...base,
        rule: "gcp-7",
        severity: org === undefined && matcher.broken === undefined ? "medium" : "high",
        facts: example === "" ? {} : { example, "taken-by": "org-other-repository" },
        message:
          org === undefined
            ? "The member takes everything that gets into the pool: bind it to repository_id."
            : `The member can be used by ${whoIs("org-other-repository", question.home)} (example subject ${example}).`,
      });
    }
    if (
      member.select.kind === "attribute" &&
      matcher.mappingKnown &&
      !matcher.mapping.has(`attribute.${member.select.name}`)
    ) {
      drafts.push({
        ...base,
        rule: "gcp-8",
        severity: "low",
        facts: { unusable: "true", attribute: member.select.name },
        message: `The mapping does not define attribute.${member.select.name}: the member never matches.`,
      });
    }
    if (issuers.size > 1) {
      drafts.push({
        ...base,
        rule: "gcp-12",
        severity: "medium",
        message:
          "The pool takes tokens of several issuers, and the member does not say of which: keep one issuer in a pool.",
      });
    }
    const power = binding.account === "" ? undefined : setup.powerful.get(binding.account);
    if (power !== undefined) {
      drafts.push({
        ...base,
        rule: "gcp-14",
        severity: open || org !== undefined ? raised("medium") : "medium",
        facts: { role: power },
        message: `The service account that GitHub can use has ${power} on the project.`,
      });
    }
  }
  return drafts;
}
