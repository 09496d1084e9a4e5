/** Glob patterns over paths, compiled once. */
import { Minimatch } from "minimatch";

/** Bounds what braces can multiply to: `{a,b}{c,d}…` doubles with every pair. */
const braceLimit = 64;

/**
 * A test for paths from a list of patterns as `paths.ignore` has them.
 * `**` crosses folders, a pattern that ends in `/` means everything below; names that begin with a dot match like others.
 * minimatch 11 matches without backtracking over regular expressions; extended globs are switched off.
 */
export function compileGlobs(patterns: readonly string[]): (path: string) => boolean {
  const compiled = patterns.map((pattern) => {
    const whole = pattern.endsWith("/") ? `${pattern}**` : pattern;
    return new Minimatch(whole.replace(/^\.?\//, ""), {
      dot: true,
      noext: true,
      nonegate: true,
      nocomment: true,
      platform: "linux",
      braceExpandMax: braceLimit,
    });
  });
  return (path) => compiled.some((glob) => glob.match(path));
}
