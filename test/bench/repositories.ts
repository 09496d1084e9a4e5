/** The repositories that the benches run on. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { syntheticRepository } from "./synthetic.ts";

/** A repository with a work tree. `real`: given by the caller, so that the project's goals hold for it. */
export type BenchRepository = { name: string; folder: string; real: boolean };

/**
 * Repositories of a folder: bundles (`*.bundle`) are cloned into `scratch`, clones are used as they are; without a folder one is made.
 * Throws when the folder holds neither.
 */
export async function benchRepositories(given: string | undefined, scratch: string): Promise<BenchRepository[]> {
  if (given === undefined || given === "") {
    const folder = join(scratch, "synthetic");
    await syntheticRepository(folder, 96_000_000, 1);
    return [{ name: "synthetic", folder, real: false }];
  }
  const found: BenchRepository[] = [];
  for (const entry of readdirSync(given).sort()) {
    const path = join(given, entry);
    if (entry.endsWith(".bundle")) {
      const name = basename(entry, ".bundle");
      const folder = join(scratch, name);
      execFileSync("git", ["clone", "-q", path, folder], { stdio: ["ignore", "ignore", "inherit"] });
      found.push({ name, folder, real: true });
    } else if (statSync(path).isDirectory() && existsSync(join(path, ".git"))) {
      // gitleaks reads nothing, and says nothing, when the folder it is given is a link.
      found.push({ name: entry, folder: realpathSync(path), real: true });
    }
  }
  if (found.length === 0) throw new Error(`${given} holds no bundle and no clone`);
  return found;
}
