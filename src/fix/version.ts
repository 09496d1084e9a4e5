/** Versions of actions and tools, as tags and rules write them. */

/** The numbers of a version, `v1.6.0` or `1.6`; undefined for what is no version (`main`, `release/v1`). */
export function versionParts(text: string): number[] | undefined {
  const match = /^v?(\d{1,9}(?:\.\d{1,9}){0,3})$/.exec(text.trim());
  return match?.[1]?.split(".").map(Number);
}

/** Order of two versions; parts that one does not name count as 0. */
export function compareVersions(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const order = (a[at] ?? 0) - (b[at] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}

/**
 * Whether what a tag names is at least a version. A tag of fewer parts moves with the releases it stands for, so `v1` is the newest 1.x.
 * Out: `unknown` for branches and other words.
 */
export function atLeast(tag: string, minimum: string): boolean | "unknown" {
  const has = versionParts(tag);
  const wants = versionParts(minimum);
  if (has === undefined || wants === undefined) return "unknown";
  return compareVersions(has, has.length < wants.length ? wants.slice(0, has.length) : wants) >= 0;
}
