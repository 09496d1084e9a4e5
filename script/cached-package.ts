/** Packages that tests need and that are too heavy for every clone: fetched once into the cache that script/node-env uses for Node. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** What an npm around this program hands down and an npm inside must not take for its own. */
const handedDown = /^npm_(?:package_|lifecycle_|command$|config_(?:local_|global_)?prefix$)/i;

/** The folder that scripts keep fetched things in. It may be deleted at any time. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "leasehold");
}

/**
 * The folder of a package, fetched when it is not there yet. Its install scripts are not run.
 * Out: the folder, or in one line why there is none.
 */
export function cachedPackage(name: string, version: string): { folder: string } | { missing: string } {
  const place = join(cacheFolder(), `${name.replace(/^@/, "").replace("/", "-")}-${version}`);
  const folder = join(place, "node_modules", name);
  if (isWhole(folder, version)) return { folder };
  mkdirSync(cacheFolder(), { recursive: true });
  // Fetched beside its place and then moved: a fetch that breaks off leaves nothing that looks whole, and two at once do no harm.
  const fresh = mkdtempSync(join(cacheFolder(), "fetching."));
  try {
    const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !handedDown.test(key)));
    const flags = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
    execFileSync("npm", ["install", ...flags, "--prefix", fresh, `${name}@${version}`], {
      env,
      stdio: ["ignore", "ignore", "pipe"],
      timeout: 120_000,
    });
    if (!isWhole(folder, version)) {
      rmSync(place, { recursive: true, force: true });
      renameSync(fresh, place);
    }
    return { folder };
  } catch {
    return isWhole(folder, version) ? { folder } : { missing: `${name}@${version} could not be fetched` };
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function isWhole(folder: string, version: string): boolean {
  const manifest = join(folder, "package.json");
  return (
    existsSync(manifest) && (JSON.parse(readFileSync(manifest, "utf8")) as { version?: string }).version === version
  );
}
