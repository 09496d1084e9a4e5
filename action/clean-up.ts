/** The post step: takes away what the run left in the runner's temporary folder. */
import { rmSync } from "node:fs";
import { basename } from "node:path";
import { getState } from "@actions/core";

/** Remove the folder of reports; does nothing where there is none, or where the state names another folder. */
export function cleanUp(): void {
  const folder = getState("folder");
  if (basename(folder).startsWith("leasehold-")) rmSync(folder, { recursive: true, force: true });
}
