/** What `leasehold fix` says: what is fixed and how, what a person has to do, which secrets go, and why the rest stays. */
import type { FilePlan } from "../fix/plan.ts";
import type { ProviderFile } from "../fix/provider.ts";
import { terminalText } from "../report/encode.ts";

/** One file's part. */
export function planLines(plan: FilePlan): string[] {
  const lines: string[] = [];
  const say = (line: string): void => void lines.push(terminalText(line, 600));
  say(plan.path);
  for (const { finding, title, class: kind } of plan.fixed)
    say(`  ${finding.id}  line ${finding.place.line}  ${finding.rule}  ${kind}: ${title}`);
  for (const { finding, reason } of plan.refused)
    say(`  ${finding.id}  line ${finding.place.line}  ${finding.rule}  not fixed: ${reason}`);
  if (plan.checklist.length > 0) {
    say("  Before merging:");
    for (const line of plan.checklist) say(`    [ ] ${line}`);
  }
  if (plan.secrets.length > 0) {
    say("  Secrets to delete once a run has succeeded:");
    for (const { name, service, stillRead } of plan.secrets)
      say(
        `    ${name} (${service})${stillRead.length === 0 ? "" : `: not yet, ${stillRead.join(", ")} still reads it`}`,
      );
  }
  return lines;
}

/** The provider's side as text under headings. */
export function providerLines(files: readonly ProviderFile[]): string[] {
  return files.flatMap(({ name, text }) => [
    `==> ${name} <==`,
    ...text
      .trimEnd()
      .split("\n")
      .map((line) => terminalText(line, 2_000)),
    "",
  ]);
}

/** The last line: how much was done, and what to do next. */
export function summaryLine(plans: readonly FilePlan[], mode: "explain" | "diff" | "write"): string {
  const fixed = plans.reduce((sum, plan) => sum + plan.fixed.length, 0);
  const files = plans.filter((plan) => plan.edits.length > 0).length;
  if (fixed === 0) return "Nothing to fix here.";
  const what = `${fixed} ${fixed === 1 ? "finding" : "findings"} in ${files} ${files === 1 ? "file" : "files"}`;
  if (mode === "write") return `Fixed ${what}.`;
  return mode === "diff" ? `Would fix ${what}.` : `Can fix ${what}: --diff shows the change, --write makes it.`;
}
