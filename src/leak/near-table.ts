/** Reads the long-tail table: credentials known only by their provider's name nearby and their shape. */
import { LeaseholdError } from "../error.ts";
import type { LeakRule } from "./rule.ts";

/**
 * Rules from the table.
 * In: the text of `rules/leak-near.tsv` (header `provider part near shape`, `#` comments) and its name for messages. Out: one rule a row, ids `<provider>-<part>`,
 * numbered where a provider has several. Throws LeaseholdError("config") for a row without four columns.
 */
export function readNearTable(text: string, file: string): LeakRule[] {
  const rules: LeakRule[] = [];
  const byProvider = new Map<string, LeakRule[]>();
  const used = new Map<string, number>();
  text.split(/\r?\n/).forEach((line, i) => {
    if (line === "" || line.startsWith("#") || line.startsWith("provider\t")) return;
    const [provider, part, near, shape, ...rest] = line.split("\t");
    if (provider === undefined || part === undefined || near === undefined || shape === undefined || rest.length > 0) {
      throw new LeaseholdError(
        "config",
        `expected four columns separated by tabs: provider, part, near, shape; found ${line.split("\t").length}`,
        { file, line: i + 1 },
      );
    }
    const base = `${provider.toLowerCase().replace(/[^a-z0-9]+/g, "-")}-${part}`;
    const count = (used.get(base) ?? 0) + 1;
    used.set(base, count);
    const rule: LeakRule = {
      id: `near-${base}${count === 1 ? "" : `-${count}`}`,
      provider,
      name: part === "identifier" ? "Identifier" : `API ${part}`,
      severity: "high",
      lifetime: "long",
      revoke: {
        text: `Revoke the ${part} in the account settings of ${provider} and issue a new one only if something still needs it.`,
      },
      shape,
      near: near.split(","),
      ...(part === "identifier" ? { part: "identifier" as const } : {}),
    };
    rules.push(rule);
    byProvider.set(provider, [...(byProvider.get(provider) ?? []), rule]);
  });
  // An identifier says nothing alone; close to a value of the same provider it vouches for it.
  for (const family of byProvider.values()) {
    const secrets = family.filter((rule) => rule.part !== "identifier").map((rule) => rule.id);
    for (const rule of family) if (rule.part === "identifier" && secrets.length > 0) rule.pair = secrets;
  }
  return rules;
}
