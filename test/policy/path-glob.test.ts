import { expect, test } from "vitest";
import { compileGlobs } from "../../src/policy/path-glob.ts";
import { costsFarMore, fill } from "../leak/cost.ts";

test.each([
  ["test/fixtures/**", "test/fixtures/a/b", true],
  ["test/fixtures/**", "test/fixtures/.hidden", true],
  ["test/fixtures/**", "src/test/fixtures/a", false],
  ["vendor/", "vendor/a/b", true],
  ["/vendor/", "vendor/a", true],
  ["**/*.{lock,sum}", "a/go.sum", true],
  ["*.md", "docs/a.md", false],
  ["!a", "b", false],
  ["#x", "#x", true],
  ["a\\b", "ab", true],
  ["+(a|b)", "aa", false],
])("%s over %s: %s", (pattern, path, matches) => {
  expect(compileGlobs([pattern])(path)).toBe(matches);
});

test.each([
  ["stars", `${"*a".repeat(100)}b`, "a".repeat(4000)],
  ["globstars", "**/a/".repeat(40), "a/".repeat(2000)],
  ["braces", "{a,b}".repeat(50), "ab".repeat(50)],
  ["open brackets", "[".repeat(256), "[".repeat(4000)],
  ["open braces", "{".repeat(256), "{".repeat(4000)],
])("%s: soon", (_name, pattern, path) => {
  const matching = (one: string, other: string) => () => compileGlobs([one.slice(0, 256)])(other);
  const usual = matching(fill("src/lib/", 256), fill("src/lib/", path.length));
  expect(costsFarMore(matching(pattern, path), usual)).toBeUndefined();
});
