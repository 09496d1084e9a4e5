/** Answers a button of a check: with what to do, in the check's own text. */
import { getCheckRun, updateCheckRun } from "../github/check-run.ts";
import { type AppAccess, can } from "./access.ts";
import { withCheck } from "./check.ts";
import type { Place } from "./content.ts";

const answers: Readonly<Record<string, (id: string) => string>> = {
  fix: (id) =>
    `### Mend ${id}\n\n\`leasehold fix ${id} --diff\` shows the change, \`--write\` makes it. What to revoke first stands in the row above.\n`,
  waive: (id) =>
    `### An exception for ${id}\n\n\`leasehold waive ${id}\` writes the block for \`.github/leasehold-waivers.yml\`. It needs a reason, somebody else who approves it, and a day on which it ends; it counts once it is on the target branch.\n`,
  "not-secret": (id) =>
    `### ${id} is no secret\n\n\`leasehold waive ${id} --reason false-positive\` writes the block that says so for \`.github/leasehold-waivers.yml\`. It counts once it is on the target branch.\n`,
};

/** In: where; the check run; the identifier of the button, `fix:LH-7F3A9C`. Does nothing for one that is not of our making. */
export async function answerButton(access: AppAccess, place: Place, id: number, identifier: string): Promise<void> {
  const [, kind = "", finding = ""] = /^([a-z-]+):(LH-[0-9A-Z]{6})$/.exec(identifier) ?? [];
  const text = Object.hasOwn(answers, kind) ? answers[kind]!(finding) : undefined;
  if (text === undefined || !can(place.installation.permissions, "checks:write")) return;
  await withCheck(access, place, async (port) => {
    const found = await getCheckRun(port, place.repository, id);
    if (found.status !== "found" || found.value.output.text === text) return;
    const { title, summary } = found.value.output;
    await updateCheckRun(port, place.repository, id, {
      output: { title: title ?? "Leasehold", summary: summary ?? "", text },
    });
  });
}
