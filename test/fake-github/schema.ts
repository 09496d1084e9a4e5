/** Holds values against the schemas of an OpenAPI 3.0 description. */
import { Ajv, type Options, type ValidateFunction } from "ajv";

export type Schema = { [key: string]: unknown };
export type Components = Record<string, Record<string, unknown>>;

/** In: a name for the schema, by which it is compiled once; the schema; the value; what it is called. Out: everything that is wrong with it. */
export type Judge = (key: string, schema: Schema, value: unknown, where: string) => string[];

const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
const formats = {
  "date-time": (text: string) => moment.test(text) && !Number.isNaN(Date.parse(text)),
  uri: (text: string) => URL.canParse(text),
  email: /^[^\s@]+@[^\s@]+$/,
  int32: true,
  int64: true,
  binary: true,
  timestamp: true,
  "repo.nwo": true,
  hostname: true,
  ipv4: true,
  "ipv4/cidr": true,
  date: true,
  byte: true,
  float: true,
  password: true,
  uuid: true,
  "uri-template": true,
} as const;

/** In: a description with its components; how strictly Ajv takes types. */
export function judge(document: { components: Components }, options: Options = {}): Judge {
  const parts = new Set<string>();
  collectParts(document, parts);
  const root = { $id: "github", components: { schemas: schemasOf(document.components.schemas!, parts) } };
  const ajv = new Ajv({ strict: false, allErrors: false, formats, ...options }).addSchema(root);
  const compiled = new Map<string, ValidateFunction>();
  return (key, schema, value, where) => {
    let validate = compiled.get(key);
    if (validate === undefined) {
      validate = ajv.compile(normalised(schema) as Schema);
      compiled.set(key, validate);
    }
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message, params }) => {
      const detail = Object.values(params).filter((one) => typeof one === "string" || Array.isArray(one));
      return `${where}${instancePath}: ${message}${detail.length === 0 ? "" : ` (${detail.flat().join(", ")})`}`;
    });
  };
}

function schemasOf(schemas: Record<string, unknown>, parts: ReadonlySet<string>) {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      name,
      normalised(schema, parts.has(`#/components/schemas/${name}`)),
    ]),
  );
}

/** Schemas that are parts of others: they must not refuse what the other part describes. */
function collectParts(value: unknown, parts: Set<string>): void {
  if (value === null || typeof value !== "object") return;
  for (const [key, one] of Object.entries(value)) {
    if (key === "allOf") for (const part of one as Schema[]) if (typeof part.$ref === "string") parts.add(part.$ref);
    collectParts(one, parts);
  }
}

/**
 * OpenAPI 3.0 as JSON Schema: `nullable` becomes a type of its own, references point into the document. Objects that name their
 * properties take no others, so that neither side can use a field that GitHub does not have.
 */
function normalised(value: unknown, isPart = false): unknown {
  if (Array.isArray(value)) return value.map((one) => normalised(one, isPart));
  if (value === null || typeof value !== "object") return value;
  const { nullable, ...schema } = value as Schema;
  if (typeof schema.$ref === "string") return { $ref: `github${schema.$ref}` };
  const out: Schema = {};
  for (const [key, one] of Object.entries(schema)) {
    if (key === "enum" || key === "default" || key === "required") out[key] = one;
    else if (key === "properties")
      out[key] = Object.fromEntries(Object.entries(one as Schema).map(([name, inner]) => [name, normalised(inner)]));
    // The description says `oneOf` of schemas that both fit, like a number in a path and the text of it.
    else out[key === "oneOf" && !("anyOf" in schema) ? "anyOf" : key] = normalised(one, key === "allOf");
  }
  const named = out.properties as Schema | undefined;
  const combined = "allOf" in out || "anyOf" in out || "oneOf" in out;
  if (named !== undefined && Object.keys(named).length > 0 && !("additionalProperties" in out) && !combined && !isPart)
    out.additionalProperties = false;
  if (nullable !== true) return out;
  if (Array.isArray(out.enum) && !out.enum.includes(null)) out.enum = [...out.enum, null];
  return { anyOf: [out, { type: "null" }] };
}
