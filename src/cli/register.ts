/** `leasehold register`: check, add to, list, explain, compare and fill the register of secrets. */
import { LeaseholdError } from "../error.ts";
import { defineCommand } from "./command.ts";
import { registerSpec } from "./register-spec.ts";

export const registerCommand = defineCommand(registerSpec, async (args, io) => {
  const [action, ...words] = args.positionals;
  const wanted = { check: 0, add: 1, list: 0, explain: 1, diff: 2, import: 1 }[action as "check"];
  if (words.length !== wanted) {
    const usage = { check: "", add: " NAME", list: "", explain: " NAME", diff: " BEFORE AFTER", import: " FILE" }[
      action as "check"
    ];
    throw new LeaseholdError("usage", `expected leasehold register ${action}${usage}`);
  }
  switch (action) {
    case "check":
      return await (await import("./register-check.ts")).registerCheck(args, io);
    case "add":
      return await (await import("./register-add.ts")).registerAdd(words[0]!, args.flags, io);
    case "import":
      return await (await import("./register-add.ts")).registerImport(words[0]!, args.flags, io);
    case "diff":
      return await (await import("./register-show.ts")).registerDiff(words[0]!, words[1]!, args.flags, io);
    case "explain":
      return await (await import("./register-show.ts")).registerExplain(words[0]!, args.flags, io);
    default:
      return await (await import("./register-show.ts")).registerList(args.flags, io);
  }
});
