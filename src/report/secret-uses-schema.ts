/** The form of `leasehold workflows --json` in zod, from which `schema/workflows.json` is generated. */
import { z } from "zod";

const receiver = z
  .strictObject({
    kind: z.enum([
      "action",
      "run",
      "workflow",
      "container",
      "service",
      "env",
      "condition",
      "output",
      "registry",
      "other",
    ]),
    name: z.string().optional().describe("Action or called workflow as written, image, or registry"),
    input: z.string().optional().describe("Input, secret, field or key that takes it"),
    variable: z.string().optional().describe("Variable under which a program reads it"),
  })
  .describe("What receives the secret in the end");

const point = z.strictObject({ path: z.string(), line: z.int().min(1), column: z.int().min(1) });

const use = z.strictObject({
  form: z
    .enum(["named", "token", "all", "inherit", "dynamic"])
    .describe("named: one; token: the job's own; all and inherit: every one; dynamic: the name is computed"),
  secret: z.string().describe("Upper case; * for every one; the source text where it is computed"),
  role: z.enum(["value", "condition"]).describe("condition: only a decision depends on it"),
  place: point,
  job: z.string().optional(),
  step: z.strictObject({ index: z.int().min(0), id: z.string().optional(), name: z.string().optional() }).optional(),
  receiver,
  triggers: z.array(z.string()).describe("Events that start the workflow"),
  environment: z.string().optional().describe("Of the job, as written: it may be an expression"),
  runner: z.array(z.string()).describe("Labels of runs-on, as written"),
  flow: z.array(z.string()).describe("How it gets there, in order"),
  through: z
    .array(point)
    .optional()
    .describe(
      "Of a way that goes on in a called workflow or action: the calls, the first in the file that names the secret",
    ),
  rule: z.string().optional().describe("Rule of the keyless route that takes its place, or workflow/stored-credential"),
});

/** The document of `leasehold workflows --json`. */
export const secretUsesSchema = z
  .strictObject({
    version: z.literal(1),
    files: z.int().min(0).describe("Actions files that were read"),
    uses: z.array(use).describe("One way of one secret to one receiver each, by file and place"),
    unread: z
      .array(z.strictObject({ path: z.string(), detail: z.string() }))
      .describe("Files that were not read, wholly or in part"),
  })
  .meta({
    title: "Leasehold secret uses",
    description:
      "What `leasehold workflows --json` writes. Text in it is exact and untrusted: encode it where it is shown.",
  });
