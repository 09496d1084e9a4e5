/** The package as users get it: packed, installed offline into an empty folder, and run, on this Node and on the oldest that it says it needs. */
import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { arch, homedir, platform, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32 } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { base62, drawText, seededDraw } from "../leak/draw.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const oldestMajor = 22;
const scratch = mkdtempSync(join(tmpdir(), "leasehold-pack-"));
const installed = join(scratch, "installed");
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** What an npm around this test hands down and an npm inside must not take for its own. */
const handedDown = /^npm_(?:package_|lifecycle_|command$|config_(?:local_|global_)?prefix$)/i;

function npm(args: string[], cwd: string): string {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !handedDown.test(name)));
  return execFileSync("npm", args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

type Packed = { filename: string; files: { path: string }[] };
let packed: Packed;

beforeAll(() => {
  packed = (JSON.parse(npm(["pack", "--json", "--pack-destination", scratch], root)) as Packed[])[0]!;
  mkdirSync(installed);
  writeFileSync(join(installed, "package.json"), "{}\n");
  npm(
    ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", join(scratch, packed.filename)],
    installed,
  );
});

/** Node 22: from the cache that script/node-env uses, or, in a run of everything, fetched into it once. */
function oldestNode(): string | undefined {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "leasehold");
  const folder = join(cache, `node-${oldestMajor}`);
  const node = join(folder, "node_modules/.bin/node");
  if (existsSync(node) || !process.env.LEASEHOLD_TEST_ALL) return existsSync(node) ? node : undefined;
  const fresh = join(scratch, "node");
  mkdirSync(fresh);
  npm(
    [
      "install",
      "--no-save",
      "--no-audit",
      "--no-fund",
      "--ignore-scripts",
      "--prefix",
      fresh,
      `node-${platform()}-${arch()}@${oldestMajor}`,
    ],
    fresh,
  );
  mkdirSync(cache, { recursive: true });
  execFileSync("cp", ["-R", fresh, `${folder}.${process.pid}`]);
  if (existsSync(node)) rmSync(`${folder}.${process.pid}`, { recursive: true });
  else renameSync(`${folder}.${process.pid}`, folder);
  return node;
}

/** A GitHub token as GitHub makes them, checksum and all; it opens nothing. */
function githubToken(): string {
  const body = drawText(seededDraw(22), base62, 30);
  let sum = crc32(body);
  let tail = "";
  for (let i = 0; i < 6; i++) {
    tail = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"[sum % 62]! + tail;
    sum = Math.floor(sum / 62);
  }
  return `ghp_${body}${tail}`;
}

describe("the package", () => {
  it("holds the bundle, the schemas, the README and the licence, and nothing else", () => {
    const others = packed.files.map(({ path }) => path).filter((path) => !/^schema\/[a-z-]+\.json$/.test(path));
    expect(others.sort()).toEqual(["LICENSE", "README.md", "dist/cli.js", "dist/program.js", "package.json"]);
  });

  it("brings no other package and no install script", () => {
    expect(readdirSync(join(installed, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(["leasehold"]);
    const { dependencies, optionalDependencies, peerDependencies, scripts } = JSON.parse(
      readFileSync(join(installed, "node_modules/leasehold/package.json"), "utf8"),
    ) as Record<string, Record<string, string> | undefined>;
    expect([dependencies, optionalDependencies, peerDependencies]).toEqual([undefined, undefined, undefined]);
    expect(Object.keys(scripts ?? {}).filter((name) => /install|prepare/.test(name))).toEqual([]);
  });

  it("gives npx a command called leasehold", () => {
    expect(npm(["exec", "--offline", "--", "leasehold", "--version"], installed)).toMatch(
      /^leasehold \d+\.\d+\.\d+\n$/,
    );
  });

  it("keeps the licences of what is bundled", () => {
    const bundle = readFileSync(join(installed, "node_modules/leasehold/dist/program.js"), "utf8");
    const notices = bundle.slice(bundle.lastIndexOf("\n/*!\n"));
    for (const name of ["yaml", "zod", "minimatch", "re2js"]) expect(notices).toContain(`\n${name}\n`);
    expect(bundle).not.toContain(root);
  });
});

const oldest = oldestNode();
const nodes: [string, string | undefined][] = [
  ["this Node", process.execPath],
  [`Node ${oldestMajor} (skipped when it is not cached; script/test --all fetches it)`, oldest],
];

describe.each(nodes)("installed, on %s", (_, node) => {
  const run = (args: string[], cwd: string) =>
    spawnSync(node!, [join(installed, "node_modules/.bin/leasehold"), ...args], { cwd, encoding: "utf8" });

  it.skipIf(node === undefined)("says its version", () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    const said = run(["--version"], installed);
    expect([said.stdout, said.stderr, said.status]).toEqual([`leasehold ${version}\n`, "", 0]);
  });

  it.skipIf(node === undefined)(
    "finds a token in files, in a history with threads, and nothing in an empty repository",
    () => {
      const folder = mkdtempSync(join(scratch, "scan-"));
      const git = (...args: string[]) =>
        execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args], { cwd: folder });
      git("init", "-q");
      const clean = run(["scan"], folder);
      expect([clean.status, clean.stderr]).toEqual([0, ""]);
      const token = githubToken();
      writeFileSync(join(folder, "client.ts"), `export const client = connect("${token}");\n`);
      git("add", "-A");
      git("commit", "-q", "-m", "Connect");
      for (const args of [
        ["scan", "--format", "json"],
        ["scan", "--history", "--jobs", "2", "--format", "json"],
      ]) {
        const found = run(args, folder);
        expect([found.status, found.stderr]).toEqual([1, ""]);
        expect(found.stdout).toContain('"leak/github-pat"');
        expect(found.stdout).not.toContain(token);
      }
    },
  );
});
