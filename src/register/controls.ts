/** `rules/controls.yml`: which controls of which framework a finding of a rule supports. */
import { z } from "zod";
import { LeaseholdError } from "../error.ts";
import { readYaml } from "../yaml-file.ts";

/** The form of each framework's ids. CSF 1.1 ids (`PR.AC-…`) and physical access (`PR.AA-06`) fit no rule of ours. */
const idForms: Readonly<Record<string, RegExp>> = {
  "owasp-nhi": /^NHI(?:[1-9]|10):2025$/,
  "nist-csf": /^(?!PR\.AC|PR\.AA-06)(?:GV|ID|PR|DE|RS|RC)\.[A-Z]{2}-\d{2}$/,
  "pci-dss": /^\d{1,2}(?:\.\d{1,2}){1,3}$/,
  cis: /^\d{1,2}\.\d{1,2}$/,
  soc2: /^CC\d\.\d$/,
  "iso-27001": /^A\.\d\.\d{1,2}$/,
  "nist-800-53": /^[A-Z]{2}-\d{1,2}(?:\(\d{1,2}\))?$/,
  "cicd-sec": /^CICD-SEC-(?:[1-9]|10)$/,
  osps: /^OSPS-[A-Z]{2}-\d{2}\.\d{2}$/,
  cwe: /^CWE-\d{1,4}$/,
  "nist-ai-rmf": /^GOVERN [1-6]\.[1-7]$/,
};

const rulePattern = z.string().regex(/^(?:leak|keyless|workflow|trust|register|policy)\/(?:[a-z0-9-]{1,80}|\*)$/, {
  error: "expected a rule id like leak/github-pat, or leak/*",
});

/** Schema of the file. */
export const controlsFileSchema = z.strictObject({
  version: z.literal(1),
  frameworks: z.record(z.string(), z.strictObject({ title: z.string().min(1), version: z.string().min(1) })),
  families: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-z-]{1,40}$/),
        rules: z.array(rulePattern).min(1),
        controls: z.record(z.string(), z.array(z.string()).min(1)),
        agents: z.array(z.string()).optional(),
      }),
    )
    .min(1),
});

export type Controls = {
  frameworks: Readonly<Record<string, { title: string; version: string }>>;
  /** Controls of a rule as `framework:id`, the one to print first; empty for a rule that supports none. `agents`: for a credential that an automated agent holds. */
  of(rule: string, agents?: boolean): readonly string[];
  /** The first ten of them, for SARIF. */
  tags(rule: string): readonly string[];
};

/** Of the tags of a rule, code scanning shows ten. */
const mostTags = 10;

/** Reads the file. Throws LeaseholdError("config") at an unknown framework, an id of another form, or a rule in two families. */
export function parseControls(text: string, file: string): Controls {
  const { value, placeAt } = readYaml(text, file, controlsFileSchema);
  const fail = (path: (string | number)[], sentence: string): LeaseholdError => {
    const { line, column } = placeAt(path);
    return new LeaseholdError("config", sentence, { file, line, column });
  };
  const byRule = new Map<string, { controls: string[]; agents: string[] }>();
  for (const [index, family] of value.families.entries()) {
    const controls: string[] = [];
    const add = (framework: string, ids: readonly string[], path: (string | number)[], to: string[]): void => {
      const form = idForms[framework];
      if (form === undefined || value.frameworks[framework] === undefined)
        throw fail(path, `"${framework}" is no framework of this file`);
      for (const [at, id] of ids.entries()) {
        if (!form.test(id)) throw fail([...path, at], `"${id}" has not the form of an id of ${framework}`);
        to.push(`${framework}:${id}`);
      }
    };
    for (const [framework, ids] of Object.entries(family.controls))
      add(framework, ids, ["families", index, "controls", framework], controls);
    const agents: string[] = [];
    add("nist-ai-rmf", family.agents ?? [], ["families", index, "agents"], agents);
    for (const [at, rule] of family.rules.entries()) {
      if (byRule.has(rule)) throw fail(["families", index, "rules", at], `${rule} stands in two families`);
      byRule.set(rule, { controls, agents });
    }
  }
  const of = (rule: string, agents = false): readonly string[] => {
    const found = byRule.get(rule) ?? byRule.get(`${rule.slice(0, rule.indexOf("/"))}/*`);
    if (found === undefined) return [];
    return agents ? [...found.controls, ...found.agents] : found.controls;
  };
  return { frameworks: value.frameworks, of, tags: (rule) => of(rule).slice(0, mostTags) };
}
