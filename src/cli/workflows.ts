/** `leasehold workflows`: the table of secret uses. Exit code 4 when a file could not be read: the table is then not the whole truth. */

import { exitCodes } from "../exit-code.ts";
import { defineCommand } from "./command.ts";
import { writeReport } from "./output.ts";
import { workflowsSpec } from "./workflows-spec.ts";

export const workflowsCommand = defineCommand(workflowsSpec, async ({ flags, positionals }, io) => {
  const [{ secretUsesIn }, { secretUsesJson, secretUsesText }] = await Promise.all([
    import("../scan/secret-uses.ts"),
    import("../report/secret-uses.ts"),
  ]);
  const table = await secretUsesIn(io.cwd, positionals[0] ?? ".", !flags["no-git"]);
  const text = flags.json ? secretUsesJson(table) : secretUsesText(table);
  writeReport(io, [text], flags.output);
  return table.unread.length > 0 ? exitCodes.incomplete : exitCodes.clean;
});
