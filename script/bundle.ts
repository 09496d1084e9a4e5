/**
 * Bundles the CLI with its rules into dist/program.js, what starts it into dist/cli.js, and the Action into action/dist/index.js. `--check` builds twice
 * into memory and compares, and compares the Action with the file that is committed.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
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

/**
 * Leaves out what of @actions/core asks for OpenID tokens and describes the machine: neither is used, and the first brings an HTTP client with it that
 * takes longer to start than all the rest.
 */
const withoutOidc: Plugin = {
  name: "without-oidc",
  setup(api) {
    api.onLoad({ filter: /\/@actions\/core\/lib\/(?:oidc-utils|platform)\.js$/ }, () => ({
      contents: "export const OidcClient = {};",
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

const program = "./program.js";

/** Leaves the program out of what starts it: the launcher loads it as a file of its own. */
const programApart: Plugin = {
  name: "program-apart",
  setup(api) {
    api.onResolve({ filter: /^\.\/main\.ts$/ }, () => ({ path: program, external: true }));
  },
};

/** What is built: its file, the source of its entry, whether the rules are in it, and whether the file is committed. */
type Bundle = { file: string; entry: string; whole: boolean; committed: boolean };

const bundles: readonly Bundle[] = [
  { file: "dist/program.js", entry: "src/cli/main.ts", whole: true, committed: false },
  // After the program: where the launcher is, the program is.
  { file: "dist/cli.js", entry: "src/cli/launch.ts", whole: false, committed: false },
  { file: "action/dist/index.js", entry: "action/main.ts", whole: true, committed: true },
];

async function bundled({ entry, whole }: Bundle): Promise<string> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry],
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
      js: whole
        ? `import{createRequire as leaseholdRequire}from'node:module';const require=leaseholdRequire(import.meta.url);${dataBanner}`
        : "#!/usr/bin/env node",
    },
    plugins: whole ? [embedData, englishOnly, withoutOidc] : [programApart],
    logLevel: "warning",
  });
  return result.outputFiles[0]!.text + (whole ? notices(Object.keys(result.metafile.inputs)) : "");
}

/** Write a bundle in one step, dated when its sources were read, so that one edited meanwhile counts as newer. */
function writeBundle({ file }: Bundle, text: string, started: Date): void {
  const fresh = `${root}${file}.${process.pid}`;
  mkdirSync(dirname(fresh), { recursive: true });
  writeFileSync(fresh, text);
  chmodSync(fresh, 0o755);
  utimesSync(fresh, started, started);
  renameSync(fresh, root + file);
}

function written({ file }: Bundle): string | undefined {
  return existsSync(root + file) ? readFileSync(root + file, "utf8") : undefined;
}

/** Do what was asked for. Out: what is wrong, if anything. */
async function run(check: boolean): Promise<string | undefined> {
  for (const bundle of bundles) {
    const { file, committed } = bundle;
    const started = new Date();
    const text = await bundled(bundle);
    if (!check) writeBundle(bundle, text, started);
    else if ((await bundled(bundle)) !== text) return `two builds of ${file} differ`;
    else if (text.includes(root)) return `${file} names the folder it was built in: ${root}`;
    else if (committed && written(bundle) !== text)
      return `${file} is not what its sources give: run script/build and commit it`;
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
