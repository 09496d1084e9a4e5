import { runGit } from "./command.ts";
import type { Repository } from "./repository.ts";

/** Whose repository this is, as its remote `origin` says. */
export type OriginName = { host: string; owner: string; repo: string };

// https://git-scm.com/docs/git-clone#_git_urls: a URL, or the scp-like short form.
const url =
  /^(?:https?|ssh|git):\/\/(?:[^@/]{1,200}@)?([\w.-]{1,200})(?::\d{1,5})?\/([\w.-]{1,100})\/([\w.-]{1,100}?)(?:\.git)?\/?$/;
const short = /^(?:[\w.-]{1,100}@)?([\w.-]{1,200}):([\w.-]{1,100})\/([\w.-]{1,100}?)(?:\.git)?\/?$/;

/** Host (in lower case), owner and name in the URL of the remote `origin`; undefined where there is none or it has another form. */
export async function originOf(repository: Repository): Promise<OriginName | undefined> {
  const { code, stdout } = await runGit(["config", "--get", "remote.origin.url"], repository);
  if (code !== 0) return undefined;
  const text = stdout.toString("utf8").trim();
  const [, host, owner, repo] = url.exec(text) ?? short.exec(text) ?? [];
  return host === undefined || owner === undefined || repo === undefined
    ? undefined
    : { host: host.toLowerCase(), owner, repo };
}
