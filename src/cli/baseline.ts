/** `leasehold baseline create|prune`: what was there before, so that only what is new blocks. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { LeaseholdError } from "../error.ts";
import { exitCodes } from "../exit-code.ts";
import type { Verdict } from "../verdict.ts";
import { baselineSpec } from "./baseline-spec.ts";
import { defineCommand } from "./command.ts";
import type { Io } from "./io.ts";
import { writeReport } from "./output.ts";
import { makeFolder } from "./repository-file.ts";
import { scanRequest, scanWithProgress } from "./scan-request.ts";

const usualPath = ".github/leasehold-baseline.txt";

export const baselineCommand = defineCommand(baselineSpec, async (args, io) => {
  const { flags, positionals } = args;
  const [{ formatBaseline, pruneBaseline }, { readOnDisk }, { rootHere }] = await Promise.all([
    import("../policy/baseline.ts"),
    import("../scan/steering-files.ts"),
    import("./steering-here.ts"),
  ]);
  const root = await rootHere(io.cwd, !flags["no-git"]);
  const named = flags.baseline === undefined ? undefined : resolve(io.cwd, flags.baseline);
  const file = named ?? join(root, usualPath);
  const shown = flags.baseline ?? usualPath;
  const target = flags.output ?? file;
  const create = positionals[0] === "create";
  if (!create && !existsSync(file))
    throw new LeaseholdError("nothing-matched", `there is no ${shown}; leasehold baseline create writes one`);
  // All of the repository, wherever in it one stands; what an older baseline lists is found all the same.
  const request = scanRequest({ ...flags, baseline: undefined }, [], { ...io, cwd: root });
  const { verdict, ids, mask } = await scanWithProgress(request, io);
  if (create) {
    const listed = verdict.judged.filter(
      ({ state, finding }) => (state === "open" || state === "baseline") && finding.rule.startsWith("leak/"),
    );
    const text = formatBaseline(listed.map(({ finding }) => finding));
    if (target === file) makeFolder(file);
    writeReport(io, [text], target);
    const count = new Set(listed.map(({ finding }) => finding.id)).size;
    say(
      io,
      mask,
      `${count} ${count === 1 ? "finding" : "findings"} written to ${target === file ? shown : target}; they are reported and no longer block`,
    );
    return ended(verdict, io);
  }
  if (verdict.coverage.gaps.length > 0) {
    say(io, mask, "nothing was taken out, because not everything could be scanned:");
    return ended(verdict, io);
  }
  const { text, removed } = pruneBaseline(readOnDisk("/", file, shown), shown, ids);
  if (removed.length > 0 || target !== file) writeReport(io, [text], target);
  say(io, mask, `${removed.length} ${removed.length === 1 ? "line" : "lines"} taken out of ${shown}`);
  return exitCodes.clean;
});

/** What was not scanned is named, and makes the answer incomplete. */
async function ended({ coverage }: Verdict, io: Io): Promise<number> {
  const { terminalText } = await import("../report/encode.ts");
  for (const { subject, detail } of coverage.gaps.slice(0, 20))
    io.stderr.write(`leasehold: not scanned: ${terminalText(subject)}  ${terminalText(detail)}\n`);
  return coverage.gaps.length > 0 ? exitCodes.incomplete : exitCodes.clean;
}

function say(io: Io, mask: (text: string) => string, sentence: string): void {
  io.stderr.write(`leasehold: ${mask(sentence)}\n`);
}
