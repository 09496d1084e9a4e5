/** `leasehold waive ID`: writes a waiver into the waivers file and says who must approve it. */
import { join } from "node:path";
import { LeaseholdError } from "../error.ts";
import { exitCodes } from "../exit-code.ts";
import type { FindingId } from "../finding.ts";
import { today } from "../scan/run-info.ts";
import { defineCommand } from "./command.ts";
import { writeReport } from "./output.ts";
import { makeFolder } from "./repository-file.ts";
import { waiveSpec } from "./waive-spec.ts";

const usualPath = ".github/leasehold-waivers.yml";
/** How long a waiver runs when no last day is given, in days, where the policy allows as much. */
const usualDays = 90;

export const waiveCommand = defineCommand(waiveSpec, async (args, io) => {
  const { flags, positionals } = args;
  const [
    { findingById, typedId },
    { steeringHere },
    { addWaiver },
    { addDays, isPlainDate },
    { codeOwners },
    { terminalText },
  ] = await Promise.all([
    import("./finding-by-id.ts"),
    import("./steering-here.ts"),
    import("../policy/waiver-edit.ts"),
    import("../plain-date.ts"),
    import("../policy/code-owners.ts"),
    import("../report/encode.ts"),
  ]);
  const id = typedId(positionals[0]!);
  const { reason, why } = flags;
  if (reason === undefined || why === undefined || why.trim() === "") {
    throw new LeaseholdError(
      "usage",
      `a waiver has a reason: leasehold waive ${id} --reason test-data|false-positive|accepted-risk|fix-later|migration --why "text, with a ticket"`,
    );
  }
  const { root, files, steering } = await steeringHere(io.cwd, !flags["no-git"], true);
  const { max } = steering.policy.waivers;
  const latest = addDays(today(), max);
  const until = flags.until ?? addDays(today(), Math.min(max, usualDays));
  if (!isPlainDate(until))
    throw new LeaseholdError("usage", `--until: expected a day like ${latest}, found ${JSON.stringify(until)}`);
  if (until < today() || until > latest)
    throw new LeaseholdError(
      "usage",
      `--until: the policy allows ${max} days, so the last day is from ${today()} to ${latest}`,
    );
  const approver = flags["approved-by"];
  const login = approver === undefined || approver.startsWith("@") ? approver : `@${approver}`;

  const places = await findingById(id, flags, io);
  const { finding } = places[0]!;
  const path = files.waivers?.path ?? usualPath;
  const waiver = { id: id as FindingId, reason, why, until, ...(login === undefined ? {} : { approvedBy: login }) };
  const text = addWaiver(files.waivers?.text, waiver, path);
  const file = join(root, path);
  if (flags.output === undefined) makeFolder(file);
  writeReport(io, [text], flags.output ?? file);

  const owners = files.codeOwners === undefined ? undefined : codeOwners(files.codeOwners.text);
  const say = (line: string) => io.stderr.write(`leasehold: ${terminalText(line, 500)}\n`);
  say(`waived until ${until}: ${id} ${finding.rule} at ${finding.place.path}:${finding.place.line}`);
  say(
    `it holds once it is on the target branch${login === undefined ? " and names who approved it under approved-by" : `, approved by ${login}, who must not be its author`}`,
  );
  const approvers = owners?.(path) ?? [];
  const nearby = owners?.(finding.place.path) ?? [];
  if (approvers.length > 0) say(`who must approve: ${approvers.join(" or ")} (owner of ${path})`);
  else if (nearby.length > 0)
    say(
      `who should approve: ${nearby.join(" or ")} (owner of ${finding.place.path}); nobody owns ${path} in CODEOWNERS`,
    );
  else say(`who must approve: anyone with write access but its author; CODEOWNERS names nobody for ${path}`);
  return exitCodes.clean;
});
