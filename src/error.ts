/**
 * Errors a user can do something about. A closed union of codes; each code has one exit code of the CLI.
 * Anything else that is thrown is a bug (exit 70).
 */
export type ErrorCode =
  | "usage" // a flag, argument or command that does not exist or does not fit
  | "config" // a policy, register, waiver, baseline or rule file that cannot be read
  | "nothing-matched" // what was named matches nothing
  | "git" // git is missing, refused the repository or failed
  | "network" // a remote or its credentials
  | "interrupted";

/** Where in a file an error stands; lines and columns start at 1. */
export type ErrorPlace = { file: string; line?: number; column?: number };

/** An error with a sentence that says what was expected and what to do next. The message never holds a secret. */
export class LeaseholdError extends Error {
  readonly code: ErrorCode;
  readonly place: ErrorPlace | undefined;

  constructor(code: ErrorCode, message: string, place?: ErrorPlace) {
    super(message);
    this.name = "LeaseholdError";
    this.code = code;
    this.place = place;
  }
}

/** `file:line:column: ` as far as it is known. */
export function placePrefix(place: ErrorPlace | undefined): string {
  if (place === undefined) return "";
  return `${[place.file, place.line, place.column].filter((part) => part !== undefined).join(":")}: `;
}

/**
 * The name nearest to a mistyped one, for "did you mean".
 * In: the word as typed and the names that would have been right. Out: the nearest name, or undefined when none is near.
 */
export function nearestName(word: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const name of names) {
    const distance = editDistance(word.toLowerCase(), name.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** `; did you mean "scan"?`, or nothing when no name is near. */
export function didYouMean(word: string, names: Iterable<string>): string {
  const nearest = nearestName(word, names);
  return nearest === undefined ? "" : `; did you mean ${JSON.stringify(nearest)}?`;
}

/** Edit distance with neighbouring swaps (optimal string alignment), given up at `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let twoBack: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(current[j - 1]! + 1, previous[j]! + 1, previous[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, twoBack[j - 2]! + 1);
      current.push(cost);
    }
    twoBack = previous;
    previous = current;
  }
  return previous[b.length]!;
}
