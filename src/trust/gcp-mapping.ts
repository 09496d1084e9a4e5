/** The rules on a provider's attribute mapping and audiences. */
import { claimOf } from "./cel-mention.ts";
import type { Draft } from "./draft.ts";
import type { GcpBinding, GcpMatcher, GcpMember, GcpProvider } from "./gcp-match.ts";
import { type Home, sameName } from "./home.ts";
import { subjectOf } from "./subject.ts";
import { entryOf, itemsOf, textOf } from "./value.ts";

/** Google's limit on `google.subject`, in bytes (Google Cloud, "Workload Identity Federation: attribute mappings"). */
const subjectLimit = 127;

/** Claims of which many runs of many repositories have the same value. */
const notUnique: ReadonlySet<string> = new Set([
  "repository",
  "repository_owner",
  "repository_owner_id",
  "actor",
  "actor_id",
  "ref",
  "workflow",
  "environment",
  "event_name",
]);

/** GCP-8 (an attribute named for one claim and taken from another), 9, 10 and 11. */
export function auditMapping(
  provider: GcpProvider,
  matcher: GcpMatcher,
  linked: { binding: GcpBinding; member: GcpMember }[],
  home: Home,
): Draft[] {
  const drafts: Draft[] = [];
  const subject = matcher.mapping.get("google.subject");
  const subjectEntry = entryOf(provider.mapping, "google.subject");
  if (subject !== undefined && subjectEntry !== undefined && (subject.kind === "member" || subject.kind === "index")) {
    const claim = claimOf(subject, matcher.mapping);
    const base = { span: subjectEntry.value.span, subject: provider.name, preview: textOf(subjectEntry.value) ?? "" };
    if (claim !== undefined && notUnique.has(claim)) {
      drafts.push({
        ...base,
        rule: "gcp-9",
        severity: "medium",
        facts: { claim },
        message: `google.subject is taken from ${claim}, which different runs share: audit logs and bindings cannot tell them apart.`,
      });
    }
    if (claim === "sub") {
      const longest = subjectOf(home.named, { kind: "environment", name: home.environment }, "immutable");
      const branch = subjectOf(home.named, { kind: "branch", name: home.branch }, "immutable");
      const example = longest.length > branch.length ? longest : branch;
      if (Buffer.byteLength(example) > subjectLimit) {
        drafts.push({
          ...base,
          rule: "gcp-10",
          severity: "low",
          facts: { example },
          message: `google.subject takes at most ${subjectLimit} bytes, and the subject ${example} has ${Buffer.byteLength(example)}: map repository_id or a shorter text.`,
        });
      }
    }
  }
  for (const { binding, member } of linked) {
    if (member.select.kind !== "attribute") continue;
    const { name } = member.select;
    const mapped = matcher.mapping.get(`attribute.${name}`);
    const claim = mapped === undefined ? undefined : claimOf(mapped, matcher.mapping);
    if (claim === undefined || claim === name || !confusable.has(name) || !confusable.has(claim)) continue;
    drafts.push({
      rule: "gcp-8",
      span: binding.member.span,
      severity: "low",
      subject: binding.name,
      preview: binding.member.text,
      facts: { claim, attribute: name },
      message: `attribute.${name} is mapped from ${claim}: the member compares another claim than it says.`,
    });
  }
  for (const audience of itemsOf(provider.audiences)) {
    const text = textOf(audience);
    const owner = text === undefined ? undefined : /^https:\/\/github\.com\/([^/]+)\/?$/.exec(text)?.[1];
    if (text === undefined || (owner === undefined && !text.includes("*"))) continue;
    const foreign = owner !== undefined && !sameName(owner, home.named.owner);
    drafts.push({
      rule: "gcp-11",
      span: audience.span,
      severity: "info",
      subject: provider.name,
      preview: text,
      message: foreign
        ? `The audience ${text} is another account's default.`
        : `The audience ${text} is ${owner === undefined ? "compared as it is written, wildcards included" : "what every token of the account has by default"}: leave allowed audiences empty, the provider's own URL is right.`,
    });
  }
  return drafts;
}

const confusable: ReadonlySet<string> = new Set([
  "repository",
  "repository_id",
  "repository_owner",
  "repository_owner_id",
  "environment",
  "ref",
  "actor",
  "workflow",
  "sub",
  "aud",
]);
