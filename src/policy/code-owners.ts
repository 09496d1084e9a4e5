/** Who owns a path by a CODEOWNERS file. The format is that of GitHub's documentation, "About code owners". */
import { compileGlobs } from "./path-glob.ts";

/** One line: its pattern, and who owns what it matches (nobody when empty). */
type OwnerLine = { matches: (path: string) => boolean; owners: string[] };

/**
 * A look-up of owners.
 * In: the text of a CODEOWNERS file. Out: for a path the owners of the last line that matches it, as written (`@acme/platform`, an address); empty when
 * none does. Lines with what GitHub does not take there (`!`, `[…]`) match nothing.
 */
export function codeOwners(text: string): (path: string) => string[] {
  const lines = text.split("\n").flatMap(ownerLine);
  return (path) => lines.findLast(({ matches }) => matches(path))?.owners ?? [];
}

function ownerLine(raw: string): OwnerLine[] {
  const [pattern, ...words] = raw.trim().split(/\s+/);
  if (pattern === undefined || pattern === "" || pattern.startsWith("#") || /^!|\[|\\/.test(pattern)) return [];
  const comment = words.findIndex((word) => word.startsWith("#"));
  const owners = comment === -1 ? words : words.slice(0, comment);
  return [{ matches: compileGlobs(globsOf(pattern)), owners }];
}

/** The patterns of gitignore, of which CODEOWNERS has a part: without a slash a name at any depth, with one from the root; a folder means all in it. */
function globsOf(pattern: string): string[] {
  const body = pattern.replace(/^\//, "").replace(/\/$/, "");
  const rooted = pattern.slice(0, -1).includes("/");
  const from = rooted ? body : `**/${body}`;
  if (pattern.endsWith("/")) return [`${from}/**`];
  // `docs/*` means the files in docs and not those below its folders.
  return pattern.endsWith("/*") ? [from] : [from, `${from}/**`];
}
