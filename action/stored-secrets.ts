/** Which secrets GitHub holds that the register does not name, and the other way round, where the token may list them. */
import { setTimeout as wait } from "node:timers/promises";
import { LeaseholdError } from "../src/error.ts";
import type { Repository } from "../src/git/repository.ts";
import { nameAnswer } from "../src/github/answer.ts";
import { octokitPort } from "../src/github/octokit.ts";
import { counted } from "../src/report/run-info.ts";
import { githubFolderAt } from "../src/scan/github-folder.ts";
import { registerOf } from "../src/scan/register-files.ts";
import { version } from "../src/scan/version.ts";

const patience = 15_000;

/**
 * In: the repository, the commit whose register counts, the token. Out: sentences for the verdict's notes, which give numbers and no names, since a log
 * may be public; none without a register, or where the token may not list secrets, which a workflow's own never may.
 */
export async function storeNotes(repository: Repository, commit: string, token: string): Promise<string[]> {
  try {
    const found = registerOf(await githubFolderAt(repository, commit));
    const stored = found === undefined ? undefined : await storedNames(token);
    if (found === undefined || stored === undefined) return [];
    const own = found.register.entries.filter(
      ({ store, scope }) => store === "actions" && scope.level === "repository",
    );
    const declared = new Set(own.map(({ name }) => name.toUpperCase()));
    const undeclared = [...stored].filter((name) => !declared.has(name)).length;
    const missing = [...declared].filter((name) => !stored.has(name)).length;
    return [
      ...(undeclared > 0 ? [`${counted(undeclared, "stored secret")} without an entry in ${found.path}`] : []),
      ...(missing > 0 ? [`${counted(missing, "secret")} of ${found.path} not stored in the repository`] : []),
    ];
  } catch (error) {
    // The verdict rests on commits alone; whoever cannot be asked adds nothing to it.
    if (error instanceof LeaseholdError) return [];
    throw error;
  }
}

/** Names of the repository's own secrets; undefined where they may not be listed. */
async function storedNames(token: string): Promise<Set<string> | undefined> {
  const [owner = "", repo = ""] = (process.env.GITHUB_REPOSITORY ?? "").split("/");
  const port = octokitPort({
    url: process.env.GITHUB_API_URL || "https://api.github.com",
    token,
    userAgent: `leasehold/${version}`,
    signal: AbortSignal.timeout(patience),
    patience: 0,
    wait: (milliseconds) => wait(milliseconds),
    now: Date.now,
  });
  const path = `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(repo)}/actions/secrets`;
  const seen = await port.list({ path, key: "secrets", item: nameAnswer });
  return seen.status === "listed" ? new Set(seen.items.map(({ name }) => name.toUpperCase())) : undefined;
}
