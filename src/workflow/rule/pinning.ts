/** Secrets in the hands of code that can change under the same name. */

import type { SecretUse } from "../use.ts";
import { isUnpinnedThirdParty, listed, secretName, severityOf, storedUses } from "./reach.ts";
import type { Draft, RuleInput, WorkflowRule } from "./rule.ts";

export const unpinnedActionSecret: WorkflowRule = {
  id: "workflow/unpinned-action-secret",
  title: "Secret reaches a third-party action that is not pinned",
  why: "A tag or branch can be moved by whoever controls the action's repository, or takes it over. The next run then hands the secret to other code than was reviewed.",
  silent:
    "Pinned by a full commit id, a digest or the workflow lockfile; actions of GitHub and of the repository's own owner; the job's own GITHUB_TOKEN, which dies with the job.",
  bad: `on: push
jobs:
  release:
    runs-on: ubuntu-latest
    steps:
      - uses: acme-tools/publish@v3
        with:
          api-key: \${{ secrets.PUBLISH_KEY }}
`,
  good: `on: push
jobs:
  release:
    runs-on: ubuntu-latest
    steps:
      - uses: acme-tools/publish@0123456789abcdef0123456789abcdef01234567 # v3.1.0
        with:
          api-key: \${{ secrets.PUBLISH_KEY }}
`,
  check: checkUnpinned,
};

/** One finding per step or call, however many secrets it gets: one pin ends them all. */
function checkUnpinned(input: RuleInput): Draft[] {
  const groups = new Map<number, SecretUse[]>();
  for (const use of storedUses(input.uses)) {
    if (use.consumer.kind !== "action" && use.consumer.kind !== "workflow") continue;
    if (!isUnpinnedThirdParty(use.consumer.uses, input)) continue;
    const start = use.consumer.uses.text.span.start;
    groups.set(start, [...(groups.get(start) ?? []), use]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || (first.consumer.kind !== "action" && first.consumer.kind !== "workflow")) return [];
    const { uses } = first.consumer;
    const branch = uses.refKind === "branch" || uses.refKind === "none";
    return [
      {
        span: uses.text.span,
        ...(first.job !== undefined && { job: first.job }),
        ...(first.step && { step: first.step.step }),
        name: first.step ? "" : "call",
        severity: branch ? severityOf("stored", "outsider") : severityOf("stored", "third-party"),
        confidence: "certain",
        message: `${uses.raw} receives ${listed(group.map(secretName))}, and its ${branch ? "branch" : "tag"} can be moved to other code; pin it to a full commit id.`,
        preview: uses.raw,
        facts: { secrets: [...new Set(group.map((use) => use.name))].join(" "), uses: uses.raw, ref: uses.refKind },
      } satisfies Draft,
    ];
  });
}
