import type { Gap } from "../finding.ts";

/** A list of gaps that does not grow with the damage: after `limit` of one kind it counts, and says how many more there were. */
export type GapList = { add(gap: Gap): void; list(): Gap[] };

/** In: how many gaps of one kind are named one by one. Out: an empty list. */
export function gapList(limit = 100): GapList {
  const named: Gap[] = [];
  const counts = new Map<Gap["kind"], number>();
  return {
    add(gap) {
      const count = (counts.get(gap.kind) ?? 0) + 1;
      counts.set(gap.kind, count);
      if (count <= limit) named.push(gap);
    },
    list() {
      const more: Gap[] = [];
      for (const [kind, count] of counts) {
        if (count > limit) {
          more.push({
            subject: `${count - limit} more`,
            kind,
            detail: `${count} in all; the first ${limit} are named`,
          });
        }
      }
      return [...named, ...more];
    },
  };
}
