import { runGit } from "./command.ts";
import type { Repository } from "./repository.ts";

/** An address of GitHub's own that keeps the real one private: `1234+login@users.noreply.github.com` (GitHub Docs, "Setting your commit email address"). */
const privateAddress = /^(?:[0-9]{1,20}\+)?([A-Za-z0-9][A-Za-z0-9-]{0,38})@users\.noreply\.[A-Za-z0-9.-]{1,200}$/;

/**
 * The login of who last changed a file, as far as the commit tells it. Whoever commits writes the address, so this is a hint and no proof.
 * In: a path from the root. Out: undefined where the file is not committed or the address is no login's.
 */
export async function lastEditor(repository: Repository, path: string): Promise<string | undefined> {
  if (!path.isWellFormed()) return undefined;
  const { code, stdout } = await runGit(["log", "-1", "--format=%ae", "--", path], repository);
  return code === 0 ? privateAddress.exec(stdout.toString("utf8").trim())?.[1] : undefined;
}
