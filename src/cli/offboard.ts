/** `leasehold offboard LOGIN --to @x`: writes the register so that somebody else answers, and says what no file can change. */
import { join } from "node:path";
import { LeaseholdError } from "../error.ts";
import { defineCommand } from "./command.ts";
import { exitCodes } from "./exit-code.ts";
import { offboardSpec } from "./offboard-spec.ts";
import { writeReport } from "./output.ts";

export const offboardCommand = defineCommand(offboardSpec, async (args, io) => {
  const { flags, positionals } = args;
  const login = `@${positionals[0]!.replace(/^@/, "")}`;
  const [
    { registerHere },
    { reachOf },
    { handOverEdits },
    { parseRegister },
    { applyEdits },
    { terminalText },
    { loginField },
  ] = await Promise.all([
    import("./register-here.ts"),
    import("../register/leavers.ts"),
    import("../register/register-edit.ts"),
    import("../register/register.ts"),
    import("../yaml-splice.ts"),
    import("../report/encode.ts"),
    import("../field.ts"),
  ]);
  if (flags.to === undefined)
    throw new LeaseholdError("usage", `who takes over? leasehold offboard ${login} --to @login`);
  const to = flags.to.startsWith("@") ? flags.to : `@${flags.to}`;
  if (!loginField.safeParse(to).success)
    throw new LeaseholdError(
      "usage",
      `--to: expected a login or team like @carol or @acme/platform, found ${JSON.stringify(flags.to)}`,
    );
  if (to.toLowerCase() === login.toLowerCase())
    throw new LeaseholdError("usage", "--to: this is the person who leaves");
  const here = await registerHere(io, flags);
  if (here.register === undefined || here.text === undefined)
    throw new LeaseholdError("nothing-matched", "there is no register here");
  const edits = handOverEdits(here.register, login, to);
  const after = applyEdits(here.text, edits);
  const left = reachOf(login, parseRegister(after, here.path), here.inventory, here.exceptions);
  if (edits.length > 0 || flags.output !== undefined)
    writeReport(io, [after], flags.output ?? join(here.root, here.path));
  const say = (line: string) => io.stderr.write(`leasehold: ${terminalText(line, 500)}\n`);
  say(`${edits.length} ${edits.length === 1 ? "value" : "values"} handed from ${login} to ${to}`);
  for (const { relation, what } of left.ties) say(`left: ${login} ${relation} ${what}`);
  for (const line of left.unknown) say(`not known: ${line}`);
  return exitCodes.clean;
});
