/** What is shown of an error: never a secret, never what acts on a terminal or in a job's log. */
import { LeaseholdError, placePrefix } from "../error.ts";
import { terminalText } from "../report/encode.ts";

/**
 * In: anything that was thrown. Out: lines for a terminal or a log. What a user can mend is said in its own sentence; of anything else the place is shown
 * and not the message, which may quote scanned text.
 */
export async function errorLines(error: unknown): Promise<string[]> {
  const shown = (line: string): string => terminalText(line, 2_000);
  if (error instanceof LeaseholdError) {
    const text = await withoutSecrets(`${placePrefix(error.place)}${error.message}`);
    return text.split("\n").map((line, at) => shown(at === 0 ? `leasehold: ${line}` : `  ${line}`));
  }
  return [
    `leasehold: internal error (${error instanceof Error ? error.name : typeof error}); please report it with the lines below`,
    "leasehold: its message is left out, since it could quote what was scanned",
    ...framesOf(error),
  ].map(shown);
}

/** A path, a branch or a value in a policy file may be a secret; what the message quotes of it is masked. */
async function withoutSecrets(text: string): Promise<string> {
  // The rules are loaded only where a word could be a token: a mistyped flag is answered at once.
  if (!/[^\s"'`/]{12}/.test(text)) return text;
  const [{ maskText }, { shippedRuleSet }] = await Promise.all([
    import("./mask-text.ts"),
    import("./shipped-rules.ts"),
  ]);
  try {
    return maskText(shippedRuleSet(), text);
  } catch (error) {
    // Only a checkout can have a wrong rule file, and then that is what the message is about.
    if (error instanceof LeaseholdError) return text;
    throw error;
  }
}

/** The lines of the stack that name a place in a file, without the message, which may span lines. */
function framesOf(error: unknown): string[] {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  return stack
    .split("\n")
    .filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line))
    .slice(0, 12);
}
