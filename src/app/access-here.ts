/** Makes what the jobs work with, from the configuration. */
import { setTimeout as waitFor } from "node:timers/promises";
import { openGitCache } from "../git/cache.ts";
import { gitHubApp } from "../github/app.ts";
import { version } from "../scan/version.ts";
import type { Store } from "../store/open.ts";
import type { AppAccess } from "./access.ts";
import type { AppConfig, Credentials } from "./config.ts";
import type { Log } from "./log.ts";

/** Bytes of git objects that may lie in the cache when nobody works. */
const mostCached = 10 * 1024 ** 3;
/** Milliseconds. GitHub Docs, "Best practices for using the REST API": a second between writes. */
const usualGap = 1_000;

/** In: configuration with credentials, the open store, the cache's folder. Out: the access, and what ends its requests and empties the cache. */
export function accessHere(
  config: AppConfig & { credentials: Credentials },
  { store, log, cacheFolder, writeGap = usualGap }: { store: Store; log: Log; cacheFolder: string; writeGap?: number },
): { access: AppAccess; close(): void } {
  const ending = new AbortController();
  const cache = openGitCache(cacheFolder, { most: mostCached, now: Date.now });
  const { appId, privateKey } = config.credentials;
  const github = gitHubApp({
    ...{ url: config.apiUrl, appId: String(appId), privateKey, userAgent: `leasehold/${version}`, writeGap },
    ...{ signal: ending.signal, now: Date.now },
    wait: async (milliseconds) => {
      await waitFor(milliseconds, undefined, { signal: ending.signal }).catch(() => {});
    },
  });
  return {
    access: { store, github, cache, appId, webUrl: config.webUrl, now: () => new Date(), log },
    close() {
      ending.abort();
      cache.close();
    },
  };
}
