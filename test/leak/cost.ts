/** Measures work as this thread's CPU time, which other programs on the machine disturb far less than the clock. */

/** CPU milliseconds that `run` takes, the least of `times` runs. */
export function cpuMilliseconds(run: () => unknown, times = 2): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < times; i++) {
    const before = process.threadCpuUsage();
    run();
    const { user, system } = process.threadCpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

/**
 * Why the cost of `run` grows faster than its input, or undefined.
 * In: something to run on an input of one size, and on one of twice the size; the milliseconds below which two measurements say nothing.
 * Linear work takes twice as long, quadratic four times.
 */
export function growsTooFast(once: () => void, twice: () => void, floor = 150): string | undefined {
  const large = cpuMilliseconds(twice, 1);
  if (large < floor || large < 3 * cpuMilliseconds(once, 1)) return undefined;
  // A collector or a compiler may have stood in between: what is quadratic is so again.
  const again = [cpuMilliseconds(once, 3), cpuMilliseconds(twice, 3)] as const;
  return again[1] < floor || again[1] < 3 * again[0]
    ? undefined
    : `${Math.round(again[0])} ms, twice the input ${Math.round(again[1])} ms`;
}

/** A text repeated up to a length. */
export function fill(piece: string, length: number): string {
  return piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
}

/** What the same ordinary work cost before. */
const known = new WeakMap<() => unknown, number>();

/** Below this much work, in CPU milliseconds, the clock says more of itself than of the work. */
const leastWork = 5;

/**
 * Why hostile input costs far more than ordinary input, or undefined.
 * In: the same work on an input of each kind, of the same size; how many times as much the hostile one may cost. What is quadratic costs thousands of times
 * as much on inputs of this size.
 */
export function costsFarMore(hostile: () => unknown, ordinary: () => unknown, times = 60): string | undefined {
  const usual = known.get(ordinary) ?? Math.max(leastWork, cpuMilliseconds(ordinary));
  known.set(ordinary, usual);
  if (cpuMilliseconds(hostile, 1) <= times * usual) return undefined;
  // A collector or a compiler may have stood in between.
  const again = [Math.max(leastWork, cpuMilliseconds(ordinary, 3)), cpuMilliseconds(hostile, 3)] as const;
  return again[1] <= times * again[0]
    ? undefined
    : `${Math.round(again[1])} ms, ordinary input of the size ${Math.round(again[0])} ms`;
}
