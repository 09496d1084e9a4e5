/** `leasehold scan`: find committed credentials and judge them. */

import { exitCodeOfVerdict } from "../exit-code.ts";
import { parseThreshold } from "../threshold.ts";
import { defineCommand } from "./command.ts";
import { writeReport } from "./output.ts";
import { scanRequest, scanWithProgress } from "./scan-request.ts";
import { scanSpec } from "./scan-spec.ts";

export const scanCommand = defineCommand(scanSpec, async (args, io) => {
  const { flags, positionals } = args;
  const failOn = flags["fail-on"] === undefined ? undefined : parseThreshold(flags["fail-on"]);
  const started = io.now();
  const request = { ...scanRequest(flags, positionals, io), failOn };
  const run = await scanWithProgress(request, io);
  const [{ renderParts }, { runInfo }] = await Promise.all([
    import("../report/format.ts"),
    import("../scan/run-info.ts"),
  ]);
  const { verdict } = run;
  const info = runInfo(run, { command: args.line, milliseconds: io.now() - started, today: request.today });
  const toFile = flags.output !== undefined && flags.output !== "-";
  const looks = { ruleHelp: run.ruleHelp, color: io.stdout.color && !toFile, width: io.stdout.columns };
  writeReport(io, renderParts(flags.format ?? "text", verdict, info, looks), flags.output);
  return exitCodeOfVerdict(verdict.result, verdict.coverage.gaps.length);
});
