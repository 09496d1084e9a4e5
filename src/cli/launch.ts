/**
 * What `leasehold` starts: turns on Node's cache of compiled code, then loads the program. Compiling the program is a third of a short run.
 * The cache lies in a folder of the user's own, never in a shared one: whoever can write there decides what runs here.
 */
import { mkdirSync, statSync } from "node:fs";
import nodeModule from "node:module";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

const folder = ownCacheFolder();
// Node 22.0 has no such cache; a folder that cannot be written only costs the time.
if (folder !== undefined && process.env.NODE_COMPILE_CACHE === undefined && "enableCompileCache" in nodeModule) {
  nodeModule.enableCompileCache(folder);
  // Threads read it from the environment.
  process.env.NODE_COMPILE_CACHE = folder;
}
await import("./main.ts");

/** The folder for compiled code, made when it is not there; undefined where it is not this user's alone. */
function ownCacheFolder(): string | undefined {
  const { XDG_CACHE_HOME: given = "" } = process.env;
  try {
    const cache = join(isAbsolute(given) ? given : join(homedir(), ".cache"), "leasehold", "compiled");
    mkdirSync(cache, { recursive: true, mode: 0o700 });
    const { uid, mode } = statSync(cache);
    return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0) ? cache : undefined;
  } catch {
    // No home, or one that cannot be written: then there is no cache.
    return undefined;
  }
}
