/** Writes schema/*.json from the zod schemas; with --check it compares, and exits 1 where they differ. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileSchemas, jsonSchemaText } from "../src/policy/json-schema.ts";
import { registerSchemas } from "../src/register/json-schema.ts";
import { reportSchema } from "../src/report/json-schema.ts";
import { secretUsesSchema } from "../src/report/secret-uses-schema.ts";

const folder = new URL("../schema/", import.meta.url);
const check = process.argv.includes("--check");
mkdirSync(folder, { recursive: true });
const present = new Set(readdirSync(folder));
const stale: string[] = [];

const schemas = { ...fileSchemas, ...registerSchemas, report: reportSchema, workflows: secretUsesSchema };

for (const [name, schema] of Object.entries(schemas)) {
  const file = `${name}.json`;
  const text = jsonSchemaText(name, schema);
  const before = present.has(file) ? readFileSync(new URL(file, folder), "utf8") : undefined;
  if (before === text) continue;
  if (check) stale.push(`schema/${file}`);
  else writeFileSync(new URL(file, folder), text);
}

if (stale.length > 0) {
  console.error(`${stale.join(", ")} ${stale.length === 1 ? "is" : "are"} not up to date; run: node script/schema.ts`);
  process.exitCode = 1;
}
