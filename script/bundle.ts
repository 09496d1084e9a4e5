/** Bundles the CLI with its rules into dist/cli.js. `--check` builds twice into memory and compares. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { readRuleFolder } from "../src/scan/load-rules.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Puts the validated rules into the bundle as one JSON text, in place of the empty module of the sources. */
const embedRules: Plugin = {
  name: "embed-rules",
  setup(api) {
    api.onLoad({ filter: /src\/scan\/embedded-rules\.ts$/ }, () => ({
      contents: `export const embeddedRules = ${JSON.stringify(JSON.stringify(readRuleFolder(`${root}rules`)))};`,
      loader: "js",
    }));
  },
};

async function bundleCli(): Promise<string> {
  const { version } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as { version: string };
  const result = await build({
    absWorkingDir: root,
    entryPoints: ["src/cli/main.ts"],
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    target: "node22",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    charset: "utf8",
    define: { "process.env.LEASEHOLD_VERSION": JSON.stringify(version) },
    banner: {
      js: "#!/usr/bin/env node\nimport{createRequire as leaseholdRequire}from'node:module';const require=leaseholdRequire(import.meta.url);",
    },
    plugins: [embedRules],
    logLevel: "warning",
  });
  return result.outputFiles[0]!.text;
}

const text = await bundleCli();
if (process.argv.includes("--check")) {
  if ((await bundleCli()) !== text) {
    console.error("two builds of the same sources differ");
    process.exitCode = 1;
  }
} else {
  mkdirSync(`${root}dist`, { recursive: true });
  writeFileSync(`${root}dist/cli.js`, text);
  chmodSync(`${root}dist/cli.js`, 0o755);
}
