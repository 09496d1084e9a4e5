/** What the jobs of the App work with. */
import type { GitCache } from "../git/cache.ts";
import type { GitHubApp } from "../github/app.ts";
import type { Store } from "../store/open.ts";
import type { Permissions } from "../store/schema.ts";
import type { Log } from "./log.ts";

export type AppAccess = {
  store: Store;
  github: GitHubApp;
  cache: GitCache;
  /** The App's number, by which its own check runs are told from others'. */
  appId: number;
  /** Where people look and git fetches: https://github.com. */
  webUrl: string;
  now(): Date;
  log: Log;
};

/** Whether an installation has granted something: `can(permissions, "checks:write")`. */
export function can(permissions: Permissions, wanted: `${string}:${"read" | "write"}`): boolean {
  const [name = "", level] = wanted.split(":");
  const held = permissions[name];
  return held !== undefined && (level === "read" || held !== "read");
}
