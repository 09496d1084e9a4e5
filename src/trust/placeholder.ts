/** Names that are not filled in yet: `repo:<OWNER>/…`, `repo:__ORG__/…`, and holes in the place of names. */
import { hole, type TextValue } from "./value.ts";

/** Characters that no owner or repository has, wildcards and the `@` of ids aside. */
const impossible = /[^A-Za-z0-9._*?@\uFDD0-]/;

/**
 * A subject with a hole for an owner or repository that cannot be one. A policy that is a template to be filled in is not known, where
 * the text as it stands would match nobody.
 */
export function withoutPlaceholders(value: TextValue): TextValue {
  const match = /^repo:([^/:]*)(?:\/([^:]*))?/.exec(value.text);
  if (match === null) return value;
  const [whole, owner, repo] = match;
  const ownerOut = impossible.test(owner!) || /_/.test(owner!) ? hole : owner!;
  const repoOut = repo === undefined ? "" : `/${impossible.test(repo.replaceAll("/", "")) ? hole : repo}`;
  const text = `repo:${ownerOut}${repoOut}${value.text.slice(whole.length)}`;
  return text === value.text ? value : { kind: "text", text, span: value.span, why: "a placeholder stands for a name" };
}

/**
 * A subject pattern with plain names in the place of holes for owner and repository: what it would mean if they are names.
 * Undefined where holes are elsewhere, or there are none.
 */
export function withAssumedNames(text: string, owner: string, repo: string): string | undefined {
  if (!text.startsWith("repo:") || !text.includes(hole)) return undefined;
  const rest = text.slice("repo:".length);
  const colon = rest.indexOf(":");
  const names = colon < 0 ? rest : rest.slice(0, colon);
  const context = colon < 0 ? "" : rest.slice(colon);
  if (context.includes(hole)) return undefined;
  if (!names.includes("/")) {
    // One hole for both: `repo:${var.repository}:*`.
    return names === hole && colon >= 0 ? `repo:${owner}/${repo}${context}` : undefined;
  }
  const slash = names.indexOf("/");
  const filled = (part: string, name: string): string =>
    part.replace(hole, () => (part === hole || part.startsWith(`${hole}@`) ? name : "x")).replaceAll(hole, "1");
  return `repo:${filled(names.slice(0, slash), owner)}/${filled(names.slice(slash + 1), repo)}${context}`;
}
