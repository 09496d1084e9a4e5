/** Version ranges of rule files: comparisons joined by spaces, all of which must hold. */

/** Order of two versions of numbers; missing parts are 0. */
export function compareVersions(a: string, b: string): number {
  const left = parts(a);
  const right = parts(b);
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function parts(version: string): number[] {
  return version.replace(/^v/, "").split(".").map(Number);
}

/** Whether a version (`4`, `v1.2.3`) is within a range such as `>=1.2 <3`. */
export function inRange(version: string, range: string): boolean {
  return range.split(" ").every((comparison) => {
    const sign = /^[<>=]+/.exec(comparison)?.[0] ?? "=";
    const order = compareVersions(version, comparison.slice(sign.length));
    if (sign === "<") return order < 0;
    if (sign === "<=") return order <= 0;
    if (sign === ">") return order > 0;
    return sign === ">=" ? order >= 0 : order === 0;
  });
}
