/**
 * Writes test/fake-github/openapi.json and openapi-webhooks.json: the operations and webhooks that the fake GitHub knows, out of GitHub's
 * own description of its REST API, with everything they refer to and without prose. The description comes from the package
 * @octokit/openapi (MIT), which is fetched into a scratch folder and never installed: it is 29 MB packed. Run it after adding an
 * operation or a webhook: node script/openapi-subset.ts [VERSION]
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { operations } from "../test/fake-github/operations.ts";
import { webhookName, webhooks } from "../test/fake-github/webhook.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Schema = { [key: string]: Json };
type Paths = Record<string, Record<string, Schema>>;
type Description = { paths: Paths; "x-webhooks": Paths; components: Record<string, Record<string, Schema>> };

const packageName = "@octokit/openapi";
const version = process.argv[2] ?? "23.0.2";

/** Operations are looked for in these, in this order: some are described for Enterprise Cloud alone. */
const sources = ["api.github.com", "ghec"] as const;

/** Says nothing about what is valid. */
const prose = new Set([
  "description",
  "summary",
  "example",
  "examples",
  "tags",
  "externalDocs",
  "deprecated",
  "headers",
  "title",
]);

const scratch = mkdtempSync(join(tmpdir(), "leasehold-openapi-"));
try {
  const descriptions = fetchDescriptions();
  const events = Object.entries(webhooks).flatMap(([event, actions]) =>
    actions.length === 0 ? [webhookName(event, undefined)] : actions.map((action) => webhookName(event, action)),
  );
  write("openapi.json", "paths", Object.keys(operations), descriptions);
  write("openapi-webhooks.json", "x-webhooks", events, descriptions);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function fetchDescriptions(): Map<string, Description> {
  execFileSync("npm", ["pack", "--silent", `${packageName}@${version}`], {
    cwd: scratch,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [archive] = readdirSync(scratch);
  const files = sources.map((source) => `package/generated/${source}.json`);
  execFileSync("tar", ["xzf", archive!, ...files], { cwd: scratch });
  return new Map(sources.map((source, at) => [source, JSON.parse(readFileSync(join(scratch, files[at]!), "utf8"))]));
}

function write(
  file: string,
  section: "paths" | "x-webhooks",
  wanted: readonly string[],
  descriptions: ReadonlyMap<string, Description>,
): void {
  const target = fileURLToPath(new URL(`../test/fake-github/${file}`, import.meta.url));
  writeFileSync(target, linesOf(subsetOf(descriptions, section, wanted)));
  process.stdout.write(`${target}: ${wanted.length}, ${Math.round(readFileSync(target).length / 1024)} KB\n`);
}

/** Operations by their id; webhooks by their name, of which the body alone is kept. */
function subsetOf(
  descriptions: ReadonlyMap<string, Description>,
  section: "paths" | "x-webhooks",
  wanted: readonly string[],
) {
  const paths: Record<string, Record<string, Json>> = {};
  const components: Record<string, Record<string, Json>> = {};
  const missing = new Set(wanted);
  for (const [source, description] of descriptions) {
    /** Components of another description may differ under the same name. */
    const prefix = source === sources[0] ? "" : `${source}-`;
    const seen = new Set<string>();
    const keep = (value: Json): Json => stripped(value, (reference) => follow(reference));
    const follow = (reference: string): string => {
      const [, , kind, name] = reference.split("/") as [string, string, string, string];
      if (!seen.has(reference)) {
        seen.add(reference);
        const kept = keep(description.components[kind]![name]!);
        components[kind] ??= {};
        components[kind][`${prefix}${name}`] = kept;
      }
      return `#/components/${kind}/${prefix}${name}`;
    };
    for (const [path, methods] of Object.entries(description[section] ?? {}))
      for (const [method, operation] of Object.entries(methods)) {
        if (!missing.delete(section === "paths" ? (operation.operationId as string) : path)) continue;
        paths[path] ??= {};
        paths[path][method] = keep(section === "paths" ? operation : { requestBody: operation.requestBody! });
      }
  }
  if (missing.size > 0) throw new Error(`${packageName} ${version} describes no ${[...missing].join(", ")}`);
  return {
    openapi: "3.0.3",
    info: {
      title: "GitHub's REST API and webhooks: the part that the fake GitHub knows, without prose",
      version,
      source: `${packageName} ${version}, generated/${sources.join(".json and generated/")}.json`,
      licence: "MIT",
      madeBy: "script/openapi-subset.ts",
    },
    paths,
    components,
  };
}

/** One line for each method of a path and each component, so that a change can be read. */
function linesOf({ paths, components, ...head }: ReturnType<typeof subsetOf>): string {
  const sections = (all: Record<string, Record<string, Json>>) =>
    Object.entries(all)
      .map(([name, parts]) => {
        const lines = Object.entries(parts).map(([key, one]) => `${JSON.stringify(key)}:${JSON.stringify(one)}`);
        return `${JSON.stringify(name)}:{\n${lines.join(",\n")}\n}`;
      })
      .join(",\n");
  const [first] = JSON.stringify(head).split(/}$/);
  return `${first},\n"paths":{\n${sections(paths)}\n},\n"components":{\n${sections(components)}\n}}\n`;
}

/** A value without prose, its references followed. A property may be called like a piece of prose, so under `properties` nothing is dropped. */
function stripped(value: Json, follow: (reference: string) => string, names = false): Json {
  if (Array.isArray(value)) return value.map((one) => stripped(one, follow));
  if (value === null || typeof value !== "object") return value;
  if (!names && typeof value.$ref === "string") return { $ref: follow(value.$ref) };
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => names || !(prose.has(key) || (key.startsWith("x-") && key !== "x-multi-segment")))
      .map(([key, one]) => [
        key,
        key === "enum" || key === "default" ? one : stripped(one, follow, key === "properties" && !names),
      ]),
  );
}
