/** Globs over whole texts: `*` any characters, `?` one. Letter case does not matter. Time is at most length times length, without backtracking over more than the last `*`. */

/** Whether `text` as a whole fits `glob`. */
export function matchesGlob(glob: string, text: string): boolean {
  const pattern = glob.toLowerCase();
  const subject = text.toLowerCase();
  let at = 0;
  let to = 0;
  let star = -1;
  let retry = 0;
  while (to < subject.length) {
    const want = pattern[at];
    if (want === "*") {
      star = at++;
      retry = to;
    } else if (want !== undefined && (want === "?" || want === subject[to])) {
      at++;
      to++;
    } else if (star >= 0) {
      at = star + 1;
      to = ++retry;
    } else return false;
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}

/**
 * Whether `text` fits a list: none of those that begin with `!` may match; of the others, if there are any, one must.
 * The glob "" is an empty text.
 */
export function matchesGlobs(globs: readonly string[], text: string): boolean {
  let positive = 0;
  let fits = false;
  for (const glob of globs) {
    if (glob.startsWith("!")) {
      if (matchesGlob(glob.slice(1), text)) return false;
    } else {
      positive++;
      fits ||= matchesGlob(glob, text);
    }
  }
  return fits || positive === 0;
}

/** Things filed by globs, in the order of filing: those without a wildcard are found without looking at the others. */
export type GlobIndex<T> = {
  exact: Map<string, { filed: T; order: number }[]>;
  open: { glob: string; filed: T; order: number }[];
};

export function globIndex<T>(entries: readonly (readonly [glob: string, filed: T])[]): GlobIndex<T> {
  const index: GlobIndex<T> = { exact: new Map(), open: [] };
  entries.forEach(([glob, filed], order) => {
    const key = glob.toLowerCase();
    if (/[*?]/.test(glob)) index.open.push({ glob: key, filed, order });
    else index.exact.set(key, [...(index.exact.get(key) ?? []), { filed, order }]);
  });
  return index;
}

/** Everything filed under a glob that the text fits, in the order of filing. */
export function filedUnder<T>(index: GlobIndex<T>, text: string): T[] {
  return [...(index.exact.get(text.toLowerCase()) ?? []), ...index.open.filter(({ glob }) => matchesGlob(glob, text))]
    .sort((a, b) => a.order - b.order)
    .map(({ filed }) => filed);
}
