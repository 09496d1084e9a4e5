/** Bundles the CLI with its rules into dist/cli.js. `--check` builds twice into memory and compares. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { LeaseholdError, placePrefix } from "../src/error.ts";
import { readKeylessFolder, readRuleFolder } from "../src/scan/load-rules.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Puts the validated rules into the bundle as JSON texts, and the controls and pins as they are, in place of the empty modules of the sources. */
function embedRules(): Plugin {
  const keyless = readKeylessFolder(`${root}rules`);
  const contents = [
    `export const embeddedRules = ${textOf(readRuleFolder(`${root}rules`))};`,
    `export const embeddedKeyless = ${textOf(keyless)};`,
    `export const embeddedKeylessIds = ${JSON.stringify(keyless.map(({ id }) => id))};`,
  ].join("\n");
  const controls = `export const embeddedControls = ${JSON.stringify(readFileSync(`${root}rules/controls.yml`, "utf8"))};`;
  const pins = `export const embeddedPins = ${JSON.stringify(readFileSync(`${root}rules/actions.yml`, "utf8"))};`;
  return {
    name: "embed-rules",
    setup(api) {
      api.onLoad({ filter: /src\/scan\/embedded-rules\.ts$/ }, () => ({ contents, loader: "js" }));
      api.onLoad({ filter: /src\/cli\/embedded-controls\.ts$/ }, () => ({ contents: controls, loader: "js" }));
      api.onLoad({ filter: /src\/cli\/embedded-pins\.ts$/ }, () => ({ contents: pins, loader: "js" }));
    },
  };
}

/** Leaves out zod's messages in fifty languages: a tenth of the bundle, read at every start and never shown. */
const englishOnly: Plugin = {
  name: "english-only",
  setup(api) {
    api.onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: 'export { default as en } from "./en.js";',
      loader: "js",
    }));
  },
};

/** A value as a literal of its JSON, which Node reads faster than an object literal, and only when it is asked for. */
function textOf(value: unknown): string {
  return JSON.stringify(JSON.stringify(value));
}

/** The licences of the packages that went into a bundle, as a comment: they ask to be kept with every copy. */
function notices(inputs: readonly string[]): string {
  const packages = new Set(inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []));
  const texts = [...packages].sort().map((name) => {
    const folder = `${root}node_modules/${name}/`;
    const file = readdirSync(folder).find((entry) => /^licen[cs]e(?:\.md|\.txt)?$/i.test(entry));
    if (file === undefined) throw new Error(`${name} is bundled and has no licence file`);
    return `${name}\n\n${readFileSync(folder + file, "utf8").trim()}`;
  });
  return `/*!\nThis file contains the following packages.\n\n${texts.join("\n\n----\n\n").replaceAll("*/", "* /")}\n*/\n`;
}

async function bundleCli(): Promise<string> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: ["src/cli/main.ts"],
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "esm",
    target: "node22",
    minify: true,
    legalComments: "none",
    charset: "utf8",
    banner: {
      js: "#!/usr/bin/env node\nimport{createRequire as leaseholdRequire}from'node:module';const require=leaseholdRequire(import.meta.url);",
    },
    plugins: [embedRules(), englishOnly],
    logLevel: "warning",
  });
  return result.outputFiles[0]!.text + notices(Object.keys(result.metafile.inputs));
}

/** Write the bundle in one step, dated when its sources were read, so that one edited meanwhile counts as newer. */
function writeBundle(text: string, started: Date): void {
  const fresh = `${root}dist/cli.js.${process.pid}`;
  mkdirSync(`${root}dist`, { recursive: true });
  writeFileSync(fresh, text);
  chmodSync(fresh, 0o755);
  utimesSync(fresh, started, started);
  renameSync(fresh, `${root}dist/cli.js`);
}

/** Do what was asked for. Out: what is wrong, if anything. */
async function run(check: boolean): Promise<string | undefined> {
  const started = new Date();
  const text = await bundleCli();
  if (!check) writeBundle(text, started);
  else if ((await bundleCli()) !== text) return "two builds of the same sources differ";
  else if (text.includes(root)) return `the bundle names the folder it was built in: ${root}`;
  return undefined;
}

try {
  const wrong = await run(process.argv.includes("--check"));
  if (wrong !== undefined) throw new Error(wrong);
} catch (error) {
  // esbuild has told its own errors already.
  const told = error instanceof Error && "errors" in error;
  if (error instanceof LeaseholdError) console.error(placePrefix(error.place) + error.message);
  else if (!told) console.error(error);
  process.exitCode = 1;
}
