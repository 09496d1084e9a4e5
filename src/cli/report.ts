/** `leasehold report`: what is left of standing credentials, for people who open no single finding. */
import { resolve } from "node:path";
import { LeaseholdError } from "../error.ts";
import { exitCodes } from "../exit-code.ts";
import { defineCommand } from "./command.ts";
import type { Io } from "./io.ts";
import { writeReport } from "./output.ts";
import { reportSpec } from "./report-spec.ts";

export const reportCommand = defineCommand(reportSpec, async ({ flags }, io) => {
  const [{ registerAtCommit, registerHere }, { isPlainDate }, { summaryOf }, { registerHtml, registerMarkdown }] =
    await Promise.all([
      import("./register-here.ts"),
      import("../plain-date.ts"),
      import("../register/summary.ts"),
      import("../report/register-report.ts"),
    ]);
  // What looks like a day is one, so that a mistyped day is not looked up as a commit.
  const day = flags.at === undefined || isPlainDate(flags.at) || /^\d{4}-\d/.test(flags.at);
  if (!day && flags["no-git"]) throw new LeaseholdError("usage", "--at COMMIT and --no-git do not go together");
  const here = day ? await registerHere(io, flags) : await registerAtCommit(io, flags, flags.at ?? "");
  const report = {
    today: here.today,
    takenAt: here.inventory?.takenAt,
    commit: "commit" in here && typeof here.commit === "string" ? here.commit : undefined,
    summary: summaryOf(here.context),
    jobs: here.jobs,
    files: here.files,
    unread: here.unread,
    ...(flags.evidence === undefined ? { trend: undefined, daysToClose: [] } : await trendIn(flags.evidence, io)),
  };
  writeReport(io, [flags.format === "html" ? registerHtml(report) : registerMarkdown(report)], flags.output);
  return exitCodes.clean;
});

async function trendIn(file: string, io: Io) {
  const [{ readOnDisk }, { parseRecord, verifyEvidence }, { daysToClose, trendOf }] = await Promise.all([
    import("../scan/steering-files.ts"),
    import("../register/evidence.ts"),
    import("../register/trend.ts"),
  ]);
  const lines = readOnDisk("/", resolve(io.cwd, file), file).split("\n");
  const { broken } = verifyEvidence(lines);
  if (broken !== undefined)
    throw new LeaseholdError("config", `the log is not whole: ${broken.reason}; a trend from it would say nothing`, {
      file,
      line: broken.line,
    });
  const records = lines.map(parseRecord).filter((record) => record !== undefined);
  return { trend: trendOf(records), daysToClose: daysToClose(records) };
}
