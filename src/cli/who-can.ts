/** `leasehold who-can LOGIN`: everything that ties a person to credentials, and what could not be looked at. */

import { exitCodes } from "../exit-code.ts";
import { defineCommand } from "./command.ts";
import { writeReport } from "./output.ts";
import { whoCanSpec } from "./who-can-spec.ts";

export const whoCanCommand = defineCommand(whoCanSpec, async (args, io) => {
  const { flags, positionals } = args;
  const [{ registerHere }, { reachOf }, { encodeLines, table }, { jsonText }] = await Promise.all([
    import("./register-here.ts"),
    import("../register/leavers.ts"),
    import("./register-show.ts"),
    import("../report/encode.ts"),
  ]);
  const here = await registerHere(io, flags);
  const login = `@${positionals[0]!.replace(/^@/, "")}`;
  const { ties, unknown } = reachOf(login, here.register, here.inventory, here.exceptions);
  const rows = ties.map(({ relation, target, what, place }) => [
    relation,
    target === what ? target : `${target}  ${what}`,
    place === undefined ? "" : `${place.path}:${place.line}`,
  ]);
  const text = flags.json
    ? `${jsonText({ version: 1, login, ties, unknown }, 2)}\n`
    : [
        ties.length === 0
          ? encodeLines(`nothing that could be looked at ties ${login} to a credential\n`)
          : table(["relation", "what", "where"], rows),
        encodeLines(`\nnot known:\n${unknown.map((line) => `  ${line}\n`).join("")}`),
      ].join("");
  writeReport(io, [text], flags.output);
  return flags["expect-none"] && ties.length > 0 ? exitCodes.blocking : exitCodes.clean;
});
