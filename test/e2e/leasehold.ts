/** Runs the CLI in this process or as a program of its own, and draws tokens that no file of the project holds. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { commandTable } from "../../src/cli/command-table.ts";
import { runCli } from "../../src/cli/dispatch.ts";
import { compileShape } from "../../src/leak/matcher.ts";
import { sampleToken } from "../../src/leak/sample.ts";
import { parseShape } from "../../src/leak/shape.ts";
import type { JsonReport } from "../../src/report/json.ts";
import { shippedRules } from "../../src/scan/shipped-rules.ts";
import { fakeIo } from "../cli/fake-io.ts";

export type Answer = { code: number; stdout: string; stderr: string };

/** Run a command line in this process. In: the folder, the words, what stands on standard input. */
export async function leasehold(
  cwd: string,
  words: readonly string[],
  input: string | Uint8Array = "",
): Promise<Answer> {
  const io = fakeIo({
    cwd,
    stdin: (async function* () {
      yield typeof input === "string" ? Buffer.from(input) : input;
    })(),
  });
  const code = await runCli(words, io, commandTable);
  return { code, ...io.written };
}

/** As `leasehold`, with the report read. */
export async function scanJson(cwd: string, words: readonly string[] = []): Promise<Answer & { report: JsonReport }> {
  const answer = await leasehold(cwd, ["scan", "--format", "json", ...words]);
  if (answer.stdout === "") throw new Error(`no report: ${answer.stderr}`);
  return { ...answer, report: JSON.parse(answer.stdout) as JsonReport };
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const fresh = new Set<string>();

/** The bundle of the CLI, built again when a source is newer. */
export function bundlePath(): string {
  return freshBundle("dist/cli.js", ["src", "rules", "schema"]);
}

/** The bundle of the Action, built again when a source is newer. */
export function actionPath(): string {
  return freshBundle("action/dist/index.js", ["src", "rules", "schema", "action"]);
}

function freshBundle(file: string, folders: readonly string[]): string {
  const bundle = join(root, file);
  if (fresh.has(file)) return bundle;
  const built = existsSync(bundle) ? statSync(bundle).mtimeMs : 0;
  if (Math.max(...folders.map((folder) => newestIn(join(root, folder)))) > built) {
    const made = spawnSync(process.execPath, [join(root, "script/bundle.ts")], { encoding: "utf8" });
    if (made.status !== 0) throw new Error(`the bundle could not be built: ${made.stderr}`);
  }
  fresh.add(file);
  return bundle;
}

function newestIn(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.endsWith("/dist"))
    .reduce((newest, entry) => Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs), 0);
}

/** Run the bundle as a program. */
export function spawned(
  cwd: string,
  words: readonly string[],
  options: { input?: string; env?: Record<string, string> } = {},
): Promise<Answer & { signal: NodeJS.Signals | null }> {
  const child = spawn(process.execPath, [bundlePath(), ...words], {
    cwd,
    env: { PATH: process.env.PATH, HOME: cwd, GIT_CONFIG_NOSYSTEM: "1", ...options.env },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdin.on("error", () => {});
  child.stdin.end(options.input ?? "");
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code: code ?? -1, stdout, stderr, signal }));
  });
}

/** Numbers that are the same on every run (mulberry32). In: a seed. Out: a function that draws from [0, below). */
export function draws(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** A valid token of a rule that ships. In: its slug, a seed. */
export function tokenOf(slug: string, seed: number): string {
  const rule = shippedRules().find((one) => one.id === slug);
  if (rule?.shape === undefined) throw new Error(`${slug} is no rule with a shape`);
  return sampleToken(compileShape(parseShape(rule.shape))[0]!, draws(seed)).token;
}

/** Slugs of the rules whose tokens are found wherever they stand: they have a literal of their own and need no name nearby. */
export function standaloneSlugs(): string[] {
  return shippedRules()
    .filter(
      (rule) =>
        rule.shape !== undefined &&
        rule.near === undefined &&
        rule.part === undefined &&
        rule.confidence !== "weak" &&
        (rule.severity === "critical" || rule.severity === "high"),
    )
    .map((rule) => rule.id);
}
