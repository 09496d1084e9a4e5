/** Reads keyless rule files: YAML text to a rule, with errors at file, line and column. */
import { z } from "zod";
import { severities } from "../finding.ts";
import { readYaml } from "../yaml-file.ts";
import { fixClasses, type KeylessRule, routes } from "./keyless-rule.ts";

const text = z.string({ error: "expected a text" }).min(1, { error: "expected a text" }).max(4000);
const slug = z.string({ error: "expected a slug like aws-ecr" }).regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, {
  error: "expected a slug like aws-ecr (small letters, digits, single hyphens)",
});
/** Words joined by _ or -; `*` alone is any number of words, at an end of a word any characters. */
const namePattern = z
  .string({ error: "expected a name like NPM_TOKEN" })
  .regex(/^(?:\*|\*?[A-Za-z0-9]+\*?)(?:[_-]{1,2}(?:\*|\*?[A-Za-z0-9]+\*?))*$/, {
    error: "expected words joined by _ or -, with * for any number of words, like *_NPM_TOKEN",
  });
const names = z.array(namePattern);
const texts = z.array(text);
const pairs = z.record(text, z.string());
const version = z.string().regex(/^v?\d+(?:\.\d+){0,3}$/, { error: "expected a version like v1.6.0" });
const range = z.string().regex(/^(?:<|<=|>|>=|=)v?\d+(?:\.\d+){0,3}(?: (?:<|<=|>|>=|=)v?\d+(?:\.\d+){0,3}){0,3}$/, {
  error: 'expected comparisons joined by a space, like ">=1.2 <3"',
});
const condition = z.strictObject({
  with: z.record(text, z.array(z.string())).optional(),
  text: texts.optional(),
  secret: names.optional(),
});
const step = z.strictObject({
  name: text.optional(),
  id: text.optional(),
  uses: text,
  version,
  with: pairs.optional(),
});
const example = z
  .strictObject({ steps: text.optional(), workflow: text.optional(), secret: text.optional() })
  .refine((value) => (value.steps === undefined) !== (value.workflow === undefined), {
    error: 'expected either "steps" or "workflow"',
  });

const ruleFile = z
  .strictObject({
    id: slug,
    service: text,
    route: z.enum(routes),
    fix: z.enum(fixClasses),
    severity: z.enum(severities),
    lifetime: z.enum(["long", "long-expiring", "short"]),
    grade: z.enum(["A", "B"]),
    generic: z.boolean().optional(),
    why: text,
    static: z.strictObject({
      actions: z
        .array(
          z.strictObject({
            uses: text,
            inputs: names.min(1, { error: "expected at least one input" }),
            versions: range.optional(),
            when: condition.optional(),
            unless: condition.optional(),
            half: z.boolean().optional(),
          }),
        )
        .default([]),
      names: names.default([]),
      secrets: names.default([]),
      commands: z
        .array(
          z.strictObject({
            run: text,
            has: texts.optional(),
            operand: z.array(z.string()).optional(),
            flags: texts.optional(),
          }),
        )
        .default([]),
      texts: texts.default([]),
      context: z
        .strictObject({ uses: texts.default([]), commands: texts.default([]) })
        .default({ uses: [], commands: [] }),
      halves: names.default([]),
    }),
    not: z
      .strictObject({
        names: names.default([]),
        conditions: z.array(condition.extend({ why: text, silent: z.boolean().optional() })).default([]),
      })
      .default({ names: [], conditions: [] }),
    keyless: z.strictObject({
      replacement: text,
      minimum: z.record(text, version).default({}),
      permissions: z.record(text, z.enum(["read", "write"])).default({}),
      audience: text.optional(),
      environment: text.optional(),
      limits: texts.default([]),
    }),
    values: z
      .array(
        z.strictObject({
          name: z.string().regex(/^[A-Z][A-Z0-9_]*$/, { error: "expected a name like AWS_ROLE_ARN" }),
          what: text,
          example: text.optional(),
        }),
      )
      .default([]),
    rewrites: z
      .array(
        z.strictObject({
          at: z.enum(["action", "env", "command"]),
          uses: text.optional(),
          commands: texts.optional(),
          minimum: version.optional(),
          version: version.optional(),
          replaceUses: step.optional(),
          removeInputs: names.optional(),
          addInputs: pairs.optional(),
          setInputs: pairs.optional(),
          renameInputs: pairs.optional(),
          removeEnv: names.optional(),
          setEnv: pairs.optional(),
          replaceValue: text.optional(),
          removeFlags: texts.optional(),
          addFlags: texts.optional(),
          removeStep: z.boolean().optional(),
          removeLines: texts.optional(),
          insert: step.extend({ afterCheckout: z.boolean().optional() }).optional(),
          note: text.optional(),
        }),
      )
      .default([]),
    setup: z
      .strictObject({
        steps: texts.min(1, { error: "expected at least one step" }),
        json: text.optional(),
        terraform: text.optional(),
        cli: text.optional(),
        test: text.optional(),
        rollback: text.optional(),
      })
      .optional(),
    after: texts.default([]),
    links: z
      .array(z.string().regex(/^https:\/\/\S+$/, { error: "expected an address that begins with https://" }))
      .default([]),
    examples: z.strictObject({
      bad: z.array(example).min(1, { error: "expected at least one bad example" }),
      good: z.array(example).min(1, { error: "expected at least one good example" }),
    }),
  })
  .superRefine((rule, context) => {
    const forms = rule.static;
    if (
      forms.actions.length + forms.names.length + forms.secrets.length + forms.commands.length + forms.texts.length ===
      0
    )
      context.addIssue({
        code: "custom",
        path: ["static"],
        message: "expected at least one action, name, secret, command or text",
      });
    if ((rule.route === "no") !== (rule.fix === "REDUCE"))
      context.addIssue({
        code: "custom",
        path: ["fix"],
        message: "REDUCE goes with route: no, and every other class with yes or partial",
      });
    if (rule.route === "no" && rule.rewrites.length > 0)
      context.addIssue({ code: "custom", path: ["rewrites"], message: "a rule without a route cannot have rewrites" });
    const known = new Set(rule.values.map((value) => value.name));
    for (const name of varsIn(rule.rewrites)) {
      if (!known.has(name))
        context.addIssue({
          code: "custom",
          path: ["rewrites"],
          message: `vars.${name} is written but not listed under "values"`,
        });
    }
  });

/** Names `X` of every `vars.X` in the texts of a value. */
function varsIn(value: unknown): Set<string> {
  return new Set(
    [...JSON.stringify(value).matchAll(/\bvars\.([A-Z][A-Z0-9_]{0,60})/g)].map((match) => match[1] as string),
  );
}

/**
 * Read one keyless rule file.
 * In: the text and the file's name for messages. Out: the rule with defaults filled in. Throws LeaseholdError("config") with file, line and column.
 */
export function readKeylessRule(source: string, file: string): KeylessRule {
  return readYaml(source, file, ruleFile as unknown as z.ZodType<KeylessRule>).value;
}
