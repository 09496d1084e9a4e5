import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { codeText, importsOf } from "./code-text.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Folders by layer, the lowest first. A file may import from its own folder and from lower layers, never from a sibling. */
const layers: readonly (readonly string[])[] = [
  ["src"],
  ["src/leak", "src/workflow", "src/trust", "src/register"],
  ["src/policy", "src/fix", "src/report"],
  ["src/git", "src/github", "src/store"],
  ["src/scan"],
  ["src/cli", "src/app", "src/web", "action"],
];

/** Layers whose files do nothing but compute. */
const pureLayers = 3;

/** What of Node's modules a pure file may take. */
const pureNames: Record<string, RegExp> = {
  "node:crypto": /^(?:createHash|createHmac|hash)$/,
  "node:zlib": /^(?:crc32|(?:inflate|inflateRaw|gunzip|unzip)(?:Sync)?)$/,
  "node:buffer": /^Buffer$/,
};

/** What a pure file must not use, as it stands in the code without texts and comments. */
const impure: [string, RegExp][] = [
  ["process", /(?<![.\w$])process\b(?!\s*[:(])/],
  ["the clock", /\bDate\.now\b|\bnew Date\s*(?:\(\s*\)|(?!\s*\())|(?<![.\w$]|new )Date\(\)|(?<![.\w$])performance\b/],
  ["randomness", /\bMath\.random\b|(?<![.\w$])crypto\./],
  ["the network", /(?<![.\w$])(?:fetch|WebSocket|XMLHttpRequest)\b(?=\s*\()/],
  ["a timer", /(?<![.\w$])(?:setTimeout|setInterval|setImmediate)\b/],
  ["the console", /(?<![.\w$])console\./],
  ["globalThis", /\bglobalThis\b/],
];

/** Packages that one folder alone may import. */
const packageHomes: [RegExp, string][] = [
  [/^(?:@octokit\/|octokit$)/, "src/github"],
  [/^(?:kysely|pg|@electric-sql\/pglite)(?:$|[-/])/, "src/store"],
  [/^node:child_process$/, "src/git"],
];

function folderOf(path: string): string {
  const parts = path.split("/");
  return parts[0] === "src" ? parts.slice(0, parts.length > 2 ? 2 : 1).join("/") : parts[0]!;
}

function layerOf(folder: string): number {
  return layers.findIndex((layer) => layer.includes(folder));
}

/** Everything that is wrong with the imports of some files. In: path from the root to source. */
function faults(files: ReadonlyMap<string, string>): string[] {
  const found: string[] = [];
  for (const [path, source] of files) {
    const folder = folderOf(path);
    const layer = layerOf(folder);
    if (layer < 0) {
      found.push(`${path}: the folder ${folder} stands in no layer`);
      continue;
    }
    const pure = layer < pureLayers;
    for (const { from, names } of importsOf(source)) {
      if (from.startsWith(".")) {
        const target = folderOf(posix.normalize(posix.join(posix.dirname(path), from)));
        const targetLayer = layerOf(target);
        if (target === folder || (!pure && from.endsWith(".json"))) continue;
        if (targetLayer < 0) found.push(`${path}: imports ${from}, which stands in no layer`);
        else if (targetLayer > layer) found.push(`${path}: imports ${from} from the layer above`);
        else if (targetLayer === layer) found.push(`${path}: imports ${from} from its sibling ${target}`);
        continue;
      }
      const home = packageHomes.find(([pattern]) => pattern.test(from))?.[1];
      if (home !== undefined && home !== folder) found.push(`${path}: imports ${from}, which only ${home} may`);
      if (!pure || !from.startsWith("node:")) continue;
      for (const name of names.length === 0 ? ["*"] : names) {
        if (pureNames[from]?.test(name) !== true) found.push(`${path}: is pure and imports ${name} of ${from}`);
      }
    }
    if (!pure) continue;
    const code = codeText(source);
    for (const [what, pattern] of impure) if (pattern.test(code)) found.push(`${path}: is pure and uses ${what}`);
  }
  return found;
}

function sourcesUnder(folder: string): [string, string][] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll("\\", "/"))
    .sort()
    .map((path) => [path, readFileSync(join(root, path), "utf8")]);
}

describe("architecture", () => {
  const files = new Map([...sourcesUnder("src"), ...sourcesUnder("action")]);

  it("is read from the sources", () => {
    expect(files.size).toBeGreaterThan(150);
    expect(importsOf(files.get("src/leak/scan-blob.ts")!).map(({ from }) => from)).toContain("./resolve.ts");
  });

  it("has imports in one direction, and pure folders that stay pure", () => {
    expect(faults(files)).toEqual([]);
  });
});

describe("this test", () => {
  const wrong = (path: string, source: string): string[] => faults(new Map([[path, source]]));

  it.each<[string, string, string, string]>([
    [
      "a pure folder that imports a sibling",
      "src/leak/a.ts",
      'import { x } from "../workflow/x.ts";',
      "from its sibling src/workflow",
    ],
    ["an import upwards", "src/policy/a.ts", 'import { x } from "../git/x.ts";', "from the layer above"],
    [
      "an import upwards of a type",
      "src/leak/a.ts",
      'import type { X } from "../policy/x.ts";',
      "from the layer above",
    ],
    [
      "an import upwards over several lines",
      "src/leak/a.ts",
      'import {\n  x,\n  y,\n} from "../scan/x.ts";',
      "from the layer above",
    ],
    ["an import upwards on demand", "src/git/a.ts", 'const x = await import("../cli/x.ts");', "from the layer above"],
    ["a re-export upwards", "src/git/a.ts", 'export { x } from "../scan/x.ts";', "from the layer above"],
    [
      "a worker upwards",
      "src/git/a.ts",
      'new Worker(new URL("../scan/worker.ts", import.meta.url));',
      "from the layer above",
    ],
    ["a surface that imports another", "src/web/a.ts", 'import { x } from "../cli/x.ts";', "from its sibling src/cli"],
    [
      "the Action importing the CLI",
      "action/main.ts",
      'import { x } from "../src/cli/x.ts";',
      "from its sibling src/cli",
    ],
    ["a shared file that imports a folder", "src/a.ts", 'import { x } from "./leak/x.ts";', "from the layer above"],
    ["a deep file", "src/leak/format/a.ts", 'import { x } from "../../report/x.ts";', "from the layer above"],
    ["a folder that nobody placed", "src/misc/a.ts", "", "stands in no layer"],
    [
      "an import of a folder that nobody placed",
      "src/cli/a.ts",
      'import { x } from "../misc/x.ts";',
      "stands in no layer",
    ],
    [
      "the file system in a pure folder",
      "src/trust/a.ts",
      'import { readFileSync } from "node:fs";',
      "imports readFileSync of node:fs",
    ],
    [
      "randomness of a module that is allowed",
      "src/leak/a.ts",
      'import { createHash, randomBytes } from "node:crypto";',
      "imports randomBytes of node:crypto",
    ],
    ["a whole module", "src/leak/a.ts", 'import * as crypto from "node:crypto";', "imports * of node:crypto"],
    ["a module for its effect", "src/leak/a.ts", 'import "node:net";', "imports * of node:net"],
    ["the environment", "src/fix/a.ts", "const x = process.env.X;", "uses process"],
    ["the clock", "src/register/a.ts", "const x = Date.now();", "uses the clock"],
    ["a date of now", "src/register/a.ts", "const x = new Date();", "uses the clock"],
    ["randomness", "src/report/a.ts", "const x = Math.random();", "uses randomness"],
    ["the network", "src/report/a.ts", "await fetch(url);", "uses the network"],
    ["a timer", "src/report/a.ts", "setTimeout(f, 1);", "uses a timer"],
    ["impure code inside a template", "src/report/a.ts", "const x = `a \u0024{process.pid} b`;", "uses process"],
    [
      "impure code behind a regular expression with a quote",
      "src/report/a.ts",
      'const x = /["/]/.test(y) && process.pid;',
      "uses process",
    ],
    [
      "Octokit outside its folder",
      "src/scan/a.ts",
      'import { Octokit } from "@octokit/core";',
      "which only src/github may",
    ],
    ["SQL outside its folder", "src/app/a.ts", 'import { Kysely } from "kysely";', "which only src/store may"],
    ["git spawned elsewhere", "src/cli/a.ts", 'import { spawn } from "node:child_process";', "which only src/git may"],
  ])("finds %s", (_, path, source, fault) => {
    const found = wrong(path, source);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(fault);
  });

  it.each<[string, string, string]>([
    ["an import of the layer below", "src/policy/a.ts", 'import { x } from "../leak/x.ts";'],
    ["an import of the same folder", "src/leak/format/a.ts", 'import { x } from "../proof/x.ts";'],
    ["an import of what all share", "src/leak/a.ts", 'import { x } from "../finding.ts";'],
    [
      "hashes and checksums",
      "src/leak/a.ts",
      'import { createHash, createHmac } from "node:crypto";\nimport { crc32, inflateSync } from "node:zlib";',
    ],
    ["a date from an argument", "src/register/a.ts", "const x = new Date(day); const y = new Date(Date.UTC(1, 2, 3));"],
    ["a word in a text", "src/leak/a.ts", "const x = \"process.env\"; const y = 'Date.now()'; const z = `fetch(x)`;"],
    [
      "a word in a regular expression",
      "src/leak/a.ts",
      "const x = /process\\.env|[/]setTimeout/; const y = a / process_ / b;",
    ],
    [
      "a word in a comment",
      "src/leak/a.ts",
      "// process.env\n/* Math.random() */ const x = 1; /** fetch(x)\n setTimeout */",
    ],
    ["a method of the same name", "src/leak/a.ts", "x.process(); x.fetch(y); const z = { process: 1 };"],
    [
      "the file system where it belongs",
      "src/git/a.ts",
      'import { readFileSync } from "node:fs";\nimport { spawn } from "node:child_process";',
    ],
    ["data outside the pure folders", "src/cli/a.ts", 'import x from "../../schema/x.json" with { type: "json" };'],
    ["an import in a text", "src/leak/a.ts", "const x = \"import { y } from '../scan/y.ts'\";"],
  ])("accepts %s", (_, path, source) => {
    expect(wrong(path, source)).toEqual([]);
  });
});
