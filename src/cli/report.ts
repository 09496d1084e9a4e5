/** `leasehold report`: what is left of standing credentials, for people who open no single finding. */
import { LeaseholdError } from "../error.ts";
import { exitCodes } from "../exit-code.ts";
import { defineCommand } from "./command.ts";
import type { Io } from "./io.ts";
import { writeReport } from "./output.ts";
import { reportSpec } from "./report-spec.ts";

export const reportCommand = defineCommand(reportSpec, async ({ flags }, io) => {
  const [
    { registerAtCommit, registerHere },
    { isPlainDate },
    { summaryOf },
    { slowestRevocations },
    { registerHtml, registerMarkdown },
  ] = await Promise.all([
    import("./register-here.ts"),
    import("../plain-date.ts"),
    import("../register/summary.ts"),
    import("../register/chain.ts"),
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
    slowest: slowestRevocations(here.context),
    jobs: here.jobs,
    files: here.files,
    unread: here.unread,
    ...(flags.evidence === undefined ? { trend: undefined, daysToClose: [] } : await trendIn(flags.evidence, io)),
  };
  writeReport(io, [flags.format === "html" ? registerHtml(report) : registerMarkdown(report)], flags.output);
  return exitCodes.clean;
});

async function trendIn(file: string, io: Io) {
  const [{ readEvidenceLog }, { daysToClose, trendOf }] = await Promise.all([
    import("./evidence-log.ts"),
    import("../register/trend.ts"),
  ]);
  const records = readEvidenceLog(io.cwd, file);
  return { trend: trendOf(records), daysToClose: daysToClose(records) };
}
