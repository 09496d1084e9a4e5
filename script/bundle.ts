/** Bundles the CLI with its rules into dist/program.js, and what starts it into dist/cli.js. `--check` builds twice into memory and compares. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { LeaseholdError, placePrefix } from "../src/error.ts";
import { packTables } from "../src/scan/packed-tables.ts";
import { readKeylessFolder, readLeakFolder } from "../src/scan/rule-folder.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What a bundle holds beside code, each as a text, so that nothing of it is read before it is asked for. */
const data = embeddedData();

function embeddedData(): Record<string, string> {
  const { rules, tables } = readLeakFolder(`${root}rules`);
  const keyless = readKeylessFolder(`${root}rules`);
  return {
    rules: JSON.stringify(rules),
    tables: packTables(tables),
    keyless: JSON.stringify(keyless),
    keylessIds: JSON.stringify(keyless.map(({ id }) => id)),
    controls: readFileSync(`${root}rules/controls.yml`, "utf8"),
    pins: readFileSync(`${root}rules/actions.yml`, "utf8"),
  };
}

/** Puts the data at the front of a bundle: inside a module's function Node would read it twice. */
const dataBanner = `const leaseholdData=${JSON.stringify(data)};`;

/** Puts the validated rules, the controls and the pins in place of the modules that read them from the sources. */
const embedData: Plugin = {
  name: "embed-data",
  setup(api) {
    const replace = (filter: RegExp, contents: string) =>
      api.onLoad({ filter }, () => ({ contents, loader: "js", resolveDir: `${root}src/scan` }));
    replace(
      /src\/scan\/rule-source\.ts$/,
      `import { unpackTables } from "./packed-tables.ts";
      export const bundled = true;
      export const sourceLeakRules = () => ({ rules: JSON.parse(leaseholdData.rules), tables: () => unpackTables(leaseholdData.tables) });
      export const sourceKeylessRules = () => JSON.parse(leaseholdData.keyless);
      export const sourceKeylessIds = () => JSON.parse(leaseholdData.keylessIds);`,
    );
    replace(/src\/cli\/embedded-controls\.ts$/, "export const embeddedControls = leaseholdData.controls;");
    replace(/src\/cli\/embedded-pins\.ts$/, "export const embeddedPins = leaseholdData.pins;");
  },
};

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

const shared = {
  absWorkingDir: root,
  bundle: true,
  write: false,
  metafile: true,
  platform: "node",
  format: "esm",
  target: "node22",
  minify: true,
  legalComments: "none",
  charset: "utf8",
  logLevel: "warning",
} as const satisfies BuildOptions;

/** Leaves the program out of what starts it: the launcher loads it as a file of its own. */
const programApart: Plugin = {
  name: "program-apart",
  setup(api) {
    api.onResolve({ filter: /^\.\/main\.ts$/ }, () => ({ path: `./${program}`, external: true }));
  },
};

const program = "program.js";
const launcher = "cli.js";

/** The files of dist by name. */
async function bundleCli(): Promise<Map<string, string>> {
  const whole = await build({
    ...shared,
    entryPoints: ["src/cli/main.ts"],
    banner: {
      js: `import{createRequire as leaseholdRequire}from'node:module';const require=leaseholdRequire(import.meta.url);${dataBanner}`,
    },
    plugins: [embedData, englishOnly],
  });
  const start = await build({
    ...shared,
    entryPoints: ["src/cli/launch.ts"],
    banner: { js: "#!/usr/bin/env node" },
    plugins: [programApart],
  });
  return new Map([
    [program, whole.outputFiles[0]!.text + notices(Object.keys(whole.metafile.inputs))],
    [launcher, start.outputFiles[0]!.text],
  ]);
}

/** Write a file of dist in one step, dated when its sources were read, so that one edited meanwhile counts as newer. */
function writeBundle(name: string, text: string, started: Date): void {
  const fresh = `${root}dist/${name}.${process.pid}`;
  mkdirSync(`${root}dist`, { recursive: true });
  writeFileSync(fresh, text);
  chmodSync(fresh, 0o755);
  utimesSync(fresh, started, started);
  renameSync(fresh, `${root}dist/${name}`);
}

/** Do what was asked for. Out: what is wrong, if anything. */
async function run(check: boolean): Promise<string | undefined> {
  const started = new Date();
  const files = await bundleCli();
  const again = check ? await bundleCli() : undefined;
  for (const [name, text] of files) {
    // The launcher comes last: where it is, the program is.
    if (again === undefined) writeBundle(name, text, started);
    else if (again.get(name) !== text) return `two builds of the same sources differ in ${name}`;
    else if (text.includes(root)) return `${name} names the folder it was built in: ${root}`;
  }
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
