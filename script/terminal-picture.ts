/**
 * Writes docs/images/scan.svg: what a terminal shows after a real run of dist/cli.js.
 * The repository it scans is made in a temporary folder; its credentials are drawn there from the shapes of the rules and open nothing.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { sampleToken } from "../src/leak/sample.ts";
import { shippedRuleSet } from "../src/scan/shipped-rules.ts";
import { seededDraw } from "../test/leak/draw.ts";
import { terminalSvg } from "./terminal-svg.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const columns = 110;
const set = shippedRuleSet();
const draw = seededDraw(20261125);

/** A token of a shipped rule, as its provider would give out. */
function token(slug: string): string {
  const rule = set.rules[set.bySlug.get(slug)!]!;
  const drawn = sampleToken(rule.branches[0]!, draw).token;
  return rule.proof?.sign === undefined ? drawn : rule.proof.sign(drawn);
}

/** The files of the little project that is scanned. */
function demoFiles(): Record<string, string> {
  return {
    "README.md": "# Shop\n\nAn example.\n",
    "deploy.sh": [
      "#!/bin/sh",
      "set -eu",
      `export AWS_ACCESS_KEY_ID=${token("aws-access-key-id")}`,
      `export AWS_SECRET_ACCESS_KEY=${token("aws-secret-access-key")}`,
      "aws s3 sync dist s3://shop-web\n",
    ].join("\n"),
    ".npmrc": `//packages.shop.example/:_authToken=${token("npm-access-token")}\n`,
    "src/client.ts": `const api = "https://api.shop.example";\nexport const githubToken = "${token("github-pat")}";\n`,
  };
}

const folder = mkdtempSync(join(tmpdir(), "leasehold-picture-"));
try {
  for (const [path, text] of Object.entries(demoFiles())) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  execFileSync("git", ["init", "-q", folder]);
  const run = spawnSync(process.execPath, [join(root, "dist/cli.js"), "scan"], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: process.env.PATH, FORCE_COLOR: "1", COLUMNS: String(columns) },
  });
  if (run.status !== 1) throw new Error(`the scan ended with ${run.status}: ${run.stderr}`);
  const screen = `\x1b[2m$\x1b[0m leasehold scan\n${run.stdout.trimEnd()}\n\x1b[2m$ echo $?\x1b[0m\n${run.status}`;
  const file = join(root, "docs/images/scan.svg");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    terminalSvg(screen, columns, "A terminal: leasehold scan finds three credentials and exits with 1"),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
