/** `leasehold explain RULE|ID|NAME`: what a rule or a finding is and what to do about it, or the chain behind a credential. */
import { didYouMean, LeaseholdError } from "../error.ts";
import { exitCodes } from "../exit-code.ts";
import { defineCommand } from "./command.ts";
import { explainSpec } from "./explain-spec.ts";
import { writeReport } from "./output.ts";

export const explainCommand = defineCommand(explainSpec, async (args, io) => {
  const { flags, positionals } = args;
  const word = positionals[0]!;
  const [text, { findingById, typedId }, { steeringHere }, { ruleHelpFor }, { genericRule }] = await Promise.all([
    import("./explain-text.ts"),
    import("./finding-by-id.ts"),
    import("./steering-here.ts"),
    import("../scan/rule-help.ts"),
    import("../leak/key-name.ts"),
  ]);
  const { rules, known } = await steeringHere(io.cwd, !flags["no-git"], !flags["no-config"]);
  const help = ruleHelpFor(rules);
  const width = io.stdout.columns;
  const say = (report: string): number => {
    writeReport(io, [report], flags.output);
    return exitCodes.clean;
  };
  if (!/^lh-/i.test(word)) {
    const id = known.includes(word) ? word : `leak/${word}`;
    const leak = [...rules, genericRule].find((rule) => `leak/${rule.id}` === id);
    if (leak !== undefined) return say(text.explainRule(leak, help(id), width));
    const [{ catalogueRule }, { explainCatalogueRule }] = await Promise.all([
      import("../scan/rule-catalogue.ts"),
      import("./explain-catalogue.ts"),
    ]);
    const other = catalogueRule(word);
    if (other !== undefined) return say(explainCatalogueRule(word, other, width));
    const { chainsOf } = await import("./register-show.ts");
    const chains = await chainsOf(word, flags, io);
    if (chains !== undefined) return say(chains);
    throw new LeaseholdError(
      "nothing-matched",
      `there is no rule ${word}${didYouMean(word, known)}; leasehold rules lists them. Nor is a credential of that name known here; leasehold register list has those`,
    );
  }
  const places = await findingById(typedId(word), flags, io);
  return say(text.explainFinding(places, help(places[0]!.finding.rule), width));
});
