/** The allowlists of a gitleaks configuration: plain paths become patterns for `paths.ignore`, the rest is listed with the reason. */
import type { NotCarried } from "./ignore-file.ts";
import { readToml, type TomlTable } from "./toml-subset.ts";

/** Patterns for `paths.ignore` from the global allowlists, and what is not carried over. In: the file's name and text. */
export function readGitleaksToml(file: string, text: string): { ignorePaths: string[]; notCarried: NotCarried[] } {
  const ignorePaths: string[] = [];
  const notCarried: NotCarried[] = [];
  const { tables, unread } = readToml(text);
  for (const { line, why } of unread) notCarried.push({ provenance: `${file} line ${line}`, why });
  for (const table of tables) {
    if (table.name === "rules") {
      notCarried.push({
        provenance: `${file} line ${table.line}`,
        why: "an own rule: write it under `detectors:` in the policy",
      });
    }
    if (!/^(?:rules\.)?allowlists?$/.test(table.name)) continue;
    for (const [key, { value, line }] of table.keys) {
      const items = (Array.isArray(value) ? value : [value]).map(String);
      const refuse = (item: string | undefined, why: string) =>
        notCarried.push({
          provenance: `${file} line ${line}`,
          why: item === undefined ? why : `${key} ${JSON.stringify(item)}: ${why}`,
        });
      if (key === "paths") {
        for (const item of items) {
          const narrow = narrowed(table);
          const globs = narrow === undefined ? globsOf(item) : undefined;
          if (globs) ignorePaths.push(...globs);
          else refuse(item, narrow ?? "not a plain path: write a pattern under paths.ignore");
        }
      } else if (key === "commits") {
        refuse(undefined, `${items.length} commits: a finding's id does not depend on the commit; waive the finding`);
      } else if (key === "regexes" || key === "stopwords") {
        // The texts may be secrets themselves, so they are counted and not repeated.
        refuse(undefined, `${items.length} ${key}: Leasehold goes by finding, not by text; waive the findings`);
      }
    }
  }
  return { ignorePaths: [...new Set(ignorePaths)], notCarried };
}

/** Why an allowlist speaks for less than all findings at its paths, or undefined. */
function narrowed(table: TomlTable): string | undefined {
  if (table.name.startsWith("rules.")) return "it holds for one rule only; waive by rule and target";
  if (table.keys.has("targetRules")) return "it holds for some rules only; waive by rule and target";
  const condition = table.keys.get("condition")?.value;
  const others = ["commits", "regexes", "stopwords"].some((key) => table.keys.has(key));
  if (others && String(condition).toUpperCase() === "AND") return "it holds only together with other conditions";
  return undefined;
}

/** Patterns that match the same paths as a regular expression made of plain text, `^`, `$`, `(^|/)` and `.*` at its ends; else undefined. */
function globsOf(expression: string): string[] | undefined {
  let rest = expression;
  let front = "**/*";
  for (const [opening, glob] of [
    ["(^|/)", "**/"],
    ["(?:^|/)", "**/"],
    ["^", ""],
    [".*", "**/*"],
    ["(.*?)", "**/*"],
    ["(.*)", "**/*"],
  ] as const) {
    if (!rest.startsWith(opening)) continue;
    rest = rest.slice(opening.length);
    front = glob;
    break;
  }
  let open = true;
  if (rest.endsWith("$") && !rest.endsWith("\\$")) {
    rest = rest.slice(0, -1);
    open = false;
  }
  for (const closing of ["(.*?)", "(.*)", ".*"]) {
    if (!rest.endsWith(closing) || rest.endsWith(`\\${closing}`)) continue;
    rest = rest.slice(0, -closing.length);
    open = true;
    break;
  }
  const literal = literalOf(rest);
  if (literal === undefined) return undefined;
  if (literal.startsWith("/") && front !== "**/*") return undefined;
  // A slash in front asks for a folder above, which `**` alone would not.
  const whole = literal.startsWith("/") ? `*/**${literal}` : front + literal;
  if (!open) return [whole];
  return literal.endsWith("/") ? [`${whole}**`] : [`${whole}*`, `${whole}*/**`];
}

/** The text that an expression stands for when it has no operator in it; a bare dot is taken for the dot that was meant. */
function literalOf(expression: string): string | undefined {
  let literal = "";
  for (let at = 0; at < expression.length; at++) {
    const character = expression[at]!;
    if (character === "\\") {
      const escaped = expression[++at];
      if (escaped === undefined || /[A-Za-z0-9]/.test(escaped)) return undefined;
      literal += escaped;
    } else if (/[*+?()[\]{}|^$]/.test(character)) {
      return undefined;
    } else {
      literal += character;
    }
  }
  // What a glob would read as an operator is left to the reader.
  return literal === "" || /[*?[\]{}!\\]/.test(literal) ? undefined : literal;
}
