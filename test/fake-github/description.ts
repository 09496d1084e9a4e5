/**
 * GitHub's own description of its REST API (test/fake-github/openapi.json): which operation a request means, and whether the request
 * and its answer are what the description says.
 */
import { readFileSync } from "node:fs";
import { correct } from "./correction.ts";
import { type Components, judge, type Schema } from "./schema.ts";

type Parameter = {
  name: string;
  in: "path" | "query" | "header";
  required?: boolean;
  schema?: Schema;
  "x-multi-segment"?: boolean;
};
type Content = Record<string, { schema?: Schema }>;
type Described = {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Content };
  responses: Record<string, { content?: Content }>;
};

export type Operation = {
  id: string;
  method: string;
  /** Path template, `/repos/{owner}/{repo}`. */
  path: string;
  described: Described;
};

type Route = Operation & { pattern: RegExp; names: string[]; weight: string };

const document = JSON.parse(readFileSync(new URL("openapi.json", import.meta.url), "utf8")) as {
  paths: Record<string, Record<string, Described>>;
  components: Components;
};

correct(document);

const strict = judge(document);
/** Path and query are text: "30" is a number there. */
const coercing = judge(document, { coerceTypes: true, useDefaults: true });

const routes: Route[] = Object.entries(document.paths)
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => {
      const own = { ...described, parameters: (described.parameters ?? []).map(resolved) as Parameter[] };
      return {
        id: described.operationId,
        method: method.toUpperCase(),
        path,
        described: own,
        ...patternOf(path, own.parameters),
      };
    }),
  )
  .sort((a, b) => (a.weight < b.weight ? -1 : 1));

/** First words of all paths: `repos`, `orgs`, … Anything else is a page or a git repository. */
export const roots: ReadonlySet<string> = new Set(routes.map(({ path }) => path.split("/")[1]!));

/** The operation of a request. In: method; path without query, percent-encoded. Out: it with its path parameters, decoded. */
export function findOperation(
  method: string,
  path: string,
): { operation: Operation; params: Record<string, string> } | undefined {
  for (const route of routes) {
    if (route.method !== method) continue;
    const found = route.pattern.exec(path);
    if (found === null) continue;
    const params = Object.fromEntries(route.names.map((name, at) => [name, decodeURIComponent(found[at + 1]!)]));
    return { operation: route, params };
  }
  return undefined;
}

/** Everything that is wrong with a request. `query` is changed: texts become numbers where the description says so, defaults are filled in. */
export function requestFaults(
  { id, described }: Operation,
  request: {
    params: Record<string, string>;
    query: Record<string, unknown>;
    body: unknown;
    contentType: string | undefined;
  },
): string[] {
  const faults: string[] = [];
  const inPath = objectOf(described.parameters!, "path");
  faults.push(...coercing(`${id} path`, inPath, { ...request.params }, "path"));
  faults.push(...coercing(`${id} query`, objectOf(described.parameters!, "query"), request.query, "query"));
  const content = described.requestBody?.content;
  if (content === undefined) {
    if (request.body !== undefined) faults.push("a body, where the description has none");
    return faults;
  }
  if (request.body === undefined) {
    if (described.requestBody!.required === true) faults.push("no body, where the description asks for one");
    return faults;
  }
  const schema = content["application/json"]?.schema;
  if (schema === undefined) return faults;
  if (!/^application\/json\b/.test(request.contentType ?? "")) faults.push(`a body of type ${request.contentType}`);
  faults.push(...strict(`${id} body`, schema, request.body, "body"));
  return faults;
}

/** Everything that is wrong with an answer. In: its body, undefined where there is none. */
export function responseFaults({ id, described }: Operation, status: number, body: unknown): string[] {
  if (status === 304) return [];
  const response = resolved(described.responses[String(status)] ?? {}) as { content?: Content };
  if (!(String(status) in described.responses)) {
    // The description leaves out most refusals; these take GitHub's common form.
    if (![301, 400, 401, 403, 404, 409, 415, 422, 429, 500, 502, 503].includes(status))
      return [`an answer ${status}, which is not described`];
    return strict("basic error", { $ref: "#/components/schemas/basic-error" }, body, "answer");
  }
  const schema = response.content?.["application/json"]?.schema;
  if (schema === undefined)
    return body === undefined ? [] : [`an answer ${status} with a body, where the description has none`];
  if (body === undefined) return [`an answer ${status} without a body`];
  return strict(`${id} ${status}`, schema, body, "answer");
}

function objectOf(parameters: readonly Parameter[], place: string): Schema {
  const own = parameters.filter((one) => one.in === place);
  return {
    type: "object",
    additionalProperties: false,
    required: own.filter(({ required }) => required === true).map(({ name }) => name),
    properties: Object.fromEntries(own.map(({ name, schema = {} }) => [name, schema])),
  };
}

/** Literal segments come before parameters, and these before those that take several segments. */
function patternOf(path: string, parameters: readonly Parameter[]): Pick<Route, "pattern" | "names" | "weight"> {
  const several = new Set(parameters.filter((one) => one["x-multi-segment"] === true).map(({ name }) => name));
  const names: string[] = [];
  const segments = path
    .split("/")
    .slice(1)
    .map((segment) => {
      const name = /^\{(.+)\}$/.exec(segment)?.[1];
      if (name === undefined) return { source: segment.replaceAll(".", "\\."), weight: "0" };
      names.push(name);
      return several.has(name) ? { source: "(.+)", weight: "2" } : { source: "([^/]+)", weight: "1" };
    });
  return {
    pattern: new RegExp(`^/${segments.map(({ source }) => source).join("/")}$`),
    names,
    // The longer path comes first where one begins like the other.
    weight: `${segments.map(({ weight }) => weight).join("")}3`,
  };
}

function resolved(value: object): unknown {
  const reference = (value as Schema).$ref;
  if (typeof reference !== "string") return value;
  const [, , kind, name] = reference.split("/");
  return document.components[kind!]![name!];
}
