/** `leasehold register check`: reads the register, audits it, and judges what was found under the policy. */

import { exitCodeOfVerdict } from "../exit-code.ts";
import { judge } from "../policy/judge.ts";
import { audit } from "../register/audit.ts";
import { auditEvidence } from "../register/evidence-audit.ts";
import { auditExceptions } from "../register/exception-audit.ts";
import { registerRuleHelp } from "../register/rule/help.ts";
import { registerRules } from "../register/rule/list.ts";
import { renderParts } from "../report/format.ts";
import { version } from "../scan/version.ts";
import { parseThreshold } from "../threshold.ts";
import type { Args } from "./command.ts";
import { readEvidenceLog } from "./evidence-log.ts";
import type { Io } from "./io.ts";
import { writeReport } from "./output.ts";
import { momentOf, registerHere } from "./register-here.ts";
import type { registerSpec } from "./register-spec.ts";

/** In: the command line. Out: the exit code: 1 for findings that block, 0 otherwise. Throws LeaseholdError("config") for a register that is wrong. */
export async function registerCheck(args: Args<typeof registerSpec.flags>, io: Io): Promise<number> {
  const { flags } = args;
  const failOn = flags["fail-on"] === undefined ? undefined : parseThreshold(flags["fail-on"]);
  const started = io.now();
  const here = await registerHere(io, flags);
  const { limits } = here.context;
  const findings = [
    ...audit(here.register, here.inventory, here.uses, limits, here.today),
    ...auditExceptions(here.exceptions, here.context, momentOf(flags)),
    ...(flags.evidence === undefined
      ? []
      : auditEvidence(readEvidenceLog(io.cwd, flags.evidence), flags.evidence, limits.salt)),
  ];
  const verdict = judge(findings, {
    policy: here.policy,
    waivers: here.steering.waivers,
    baseline: here.steering.baseline,
    today: here.today,
    failOn,
    scope: "changes",
    coverage: {
      commits: 0,
      files: here.files + (here.register === undefined ? 0 : 1),
      bytes: 0,
      gaps: [],
      skipped: [],
    },
    notes: [
      ...here.unread.map((path) => `${path} could not be understood, so what it uses is not known.`),
      here.inventory === undefined
        ? "Without --inventory only what the register and the workflows say was looked at; what the stores hold is unknown."
        : `The stores are as they were at ${here.inventory.takenAt}.`,
    ],
  });
  const info = {
    command: args.line,
    range: undefined,
    ...{ commits: 0, files: verdict.coverage.files },
    seconds: Math.round(io.now() - started) / 1000,
    toolVersion: version,
    today: here.today,
    ruleCount: registerRules.length,
  };
  const toFile = flags.output !== undefined && flags.output !== "-";
  const looks = { ruleHelp: registerRuleHelp, color: io.stdout.color && !toFile, width: io.stdout.columns };
  writeReport(io, renderParts(flags.format ?? "text", verdict, info, looks), flags.output);
  return exitCodeOfVerdict(verdict.result, 0);
}
