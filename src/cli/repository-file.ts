/** Folders for the files that Leasehold writes into a repository. */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { LeaseholdError } from "../error.ts";
import { systemCode } from "../git/file.ts";

/** Make the folder of a file. In: the file's absolute path. Throws LeaseholdError("usage") when that cannot be done. */
export function makeFolder(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    throw new LeaseholdError("usage", `the folder cannot be made (${code})`, { file });
  }
}
