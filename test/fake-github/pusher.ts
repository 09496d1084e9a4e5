/** Who changes a repository's content, and whether they may change its workflows. */
import { accountOfActor, holds } from "./access.ts";
import { type Call, Refusal } from "./call.ts";
import type { Account, App } from "./state.ts";

/** The account that did it. Throws a Refusal where nobody did. */
export function authorOf({ state, actor }: Pick<Call, "state" | "actor">): Account {
  const account = accountOfActor(state, actor);
  if (account === undefined) throw new Refusal(401, "Requires authentication");
  return account;
}

export function loginOf(call: Pick<Call, "state" | "actor">): string {
  return authorOf(call).login;
}

/** The App that did it. */
export function appOf({ actor }: Pick<Call, "actor">): App | undefined {
  return actor.kind === "installation" ? actor.installation.app : undefined;
}

/** Throws a Refusal where workflow files change and the token may not (GitHub Docs, "Permissions required for GitHub Apps"). */
export function touchesWorkflows(call: Pick<Call, "actor">, paths: readonly string[]): void {
  const path = paths.find((one) => one.startsWith(".github/workflows/"));
  if (path === undefined || mayChangeWorkflows(call)) return;
  throw new Refusal(
    403,
    "Resource not accessible by integration",
    {},
    { "x-accepted-github-permissions": "contents=write,workflows=write" },
  );
}

export function mayChangeWorkflows({ actor }: Pick<Call, "actor">): boolean {
  if (actor.kind === "classic") return actor.scopes.includes("workflow");
  return (
    (actor.kind === "installation" || actor.kind === "fine-grained") && holds(actor.permissions, "workflows:write")
  );
}
