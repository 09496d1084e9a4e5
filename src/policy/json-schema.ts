/** JSON Schemas of the files that users write, for editors and for `leasehold schema`. */
import { z } from "zod";
import { schemaUrl } from "./init.ts";
import { organisationFileSchema, policyFileSchema } from "./policy-file.ts";
import { waiversFileSchema } from "./waiver.ts";

/** Schema by name of its file: `schema/<name>.json`. */
export const fileSchemas: Readonly<Record<"policy" | "organisation" | "waivers", z.ZodType>> = {
  policy: policyFileSchema,
  organisation: organisationFileSchema,
  waivers: waiversFileSchema,
};

/** The JSON Schema (draft-07) of what goes in, as text that is the same on every run. In: the name of its file, and the schema. */
export function jsonSchemaText(name: string, schema: z.ZodType): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: "input", target: "draft-7", reused: "inline" });
  return `${JSON.stringify({ $schema, $id: `${schemaUrl}/${name}.json`, ...rest }, null, 2)}\n`;
}
