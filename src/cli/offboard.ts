/** `leasehold offboard LOGIN --to @x`: writes the register so that somebody else answers, and says what no file can change. */
import { join } from "node:path";
import { LeaseholdError } from "../error.ts";
import { exitCodes } from "../exit-code.ts";
import { defineCommand } from "./command.ts";
import { offboardSpec } from "./offboard-spec.ts";
import { writeReport } from "./output.ts";

export const offboardCommand = defineCommand(offboardSpec, async (args, io) => {
  const { flags, positionals } = args;
  const login = `@${positionals[0]!.replace(/^@/, "")}`;
  const [
    { registerHere },
    { reachOf },
    { handedOver, handOverEdits },
    { applyEdits },
    { terminalText },
    { loginField },
    { readOnDisk },
  ] = await Promise.all([
    import("./register-here.ts"),
    import("../register/leavers.ts"),
    import("../register/register-edit.ts"),
    import("../yaml-splice.ts"),
    import("../report/encode.ts"),
    import("../field.ts"),
    import("../scan/steering-files.ts"),
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
  const { register } = here;
  if (register === undefined) throw new LeaseholdError("nothing-matched", "there is no register here");
  const edits = handOverEdits(register, login, to);
  const files = [...Map.groupBy(edits, ({ path }) => path)];
  if (flags.output !== undefined && here.text === undefined)
    throw new LeaseholdError(
      "usage",
      "--output: this register has a file for each secret, which are changed where they are",
    );
  const after = files.map(([path, own]) => ({ path, text: applyEdits(here.text ?? readOnDisk(here.root, path), own) }));
  if (flags.output !== undefined) writeReport(io, [after[0]?.text ?? here.text ?? ""], flags.output);
  else for (const { path, text } of after) writeReport(io, [text], join(here.root, path));
  const left = reachOf(login, handedOver(register, login, to), here.inventory, here.exceptions);
  const say = (line: string) => io.stderr.write(`leasehold: ${terminalText(line, 500)}\n`);
  say(`${edits.length} ${edits.length === 1 ? "value" : "values"} handed from ${login} to ${to}`);
  for (const { relation, what } of left.ties) say(`left: ${login} ${relation} ${what}`);
  for (const line of left.unknown) say(`not known: ${line}`);
  return exitCodes.clean;
});
