/** Rules without a literal of their own: those whose provider is named in a value's key, close before it, or round it are tried on it. */
import { type Assignment, lineBefore } from "./assignment.ts";
import { type BlobSearch, textOf } from "./blob-search.ts";
import { keyKind } from "./key-name.ts";
import { latin1, matchBranch, standsFree } from "./matcher.ts";
import { enclosingNames, type NearPlace, namesIn, nearBytes, normaliseName } from "./nearby.ts";
import { patternReason } from "./placeholder.ts";
import { addProved } from "./proved-hit.ts";
import { distinctCharacters, looksRandom } from "./randomness.ts";
import { harmlessReason } from "./structure.ts";

/** How a name stands near a value, and what makes the value a credential rather than any value; undefined when nothing does. */
type Nearness = { place: NearPlace; use: string | undefined };

/** `nexmoapikey`: a name may go on with a word for credentials. */
const keyWordFollows =
  /^(?:api|app|key|token|secret|id|auth|access|pass|client|account|oauth|user|admin|bot|personal|basic|service|license|cloud|sdk)/i;

/** Words that, between a provider's name and a value, call the value a credential. */
const credentialWord = /secret|token|key|access|private|passw|auth|credential/i;

/** The address that a value is the end or a part of. */
const addressBefore = /[a-z][a-z+.-]{1,15}:\/\/[^\s"'<>]{3,180}$/i;

/** What links to commits and items end with. */
const linkId = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f-]{36})$/i;

/** What stands before a value that is sent as a credential: a query parameter or a header. */
const sentBefore =
  /[?&][\w-]{0,20}(?:key|token|secret|auth|sig|pass)[\w-]{0,20}=$|(?:authorization|x-[\w-]{0,30}(?:key|token)|api-?key)["']?\s{0,5}[=:,]\s{0,5}["']?(?:\w{1,20}\s)?$/i;

/**
 * Try all rules whose provider is named near a value.
 * `start`: where the long run in it begins; `begin` and `end`: the whole value.
 */
export function tryNames(
  search: BlobSearch,
  start: number,
  begin: number,
  end: number,
  assignment: Assignment | undefined,
): void {
  const { set, path } = search;
  const all = textOf(search);
  const keyName = assignment?.name ?? "";
  const before = lineBefore(all, begin, 200);
  if (harmlessReason(all.slice(begin, end), before, all.slice(end, end + 40), assignment?.name) !== undefined) return;
  const kind = keyKind(keyName);
  const sent = assignment?.by === "scheme" || assignment?.by === "flag" || sentBefore.test(before);
  let address: string | undefined;
  const folded = normaliseName(keyName);
  const tried = new Map<number, Nearness>();
  const note = (name: number, place: NearPlace, use: string | undefined): void => {
    for (const index of set.namedRules[name]!) {
      const known = tried.get(index);
      if (known === undefined || (known.use === undefined && use !== undefined)) tried.set(index, { place, use });
    }
  };
  const use =
    kind !== undefined ? `assigned under a key-like name (${kind})` : sent ? "sent as a credential" : undefined;
  namesIn(set.names, keyName, (name) =>
    note(name, "key", use ?? (set.nameTexts[name] === folded ? "assigned under its provider's name" : undefined)),
  );
  const window = all.slice(Math.max(0, begin - 2 * nearBytes - keyName.length), begin);
  namesIn(set.names, window, (name, endsWord, nameEnd) => {
    if (
      window.length - nameEnd > Math.max(nearBytes, keyName.length + 8) ||
      !(endsWord || keyWordFollows.test(window.slice(nameEnd)))
    )
      return;
    const gap = window.slice(nameEnd);
    const between = credentialWord.test(gap)
      ? "called a credential between its provider's name and it"
      : /^[\s"'`:=-]{1,6}$/.test(gap)
        ? "stands right behind its provider's name"
        : undefined;
    address ??= normaliseName(addressBefore.exec(before)?.[0] ?? "");
    // Links to commits and items hold hashes and UUIDs that open nothing.
    const inAddress =
      address.includes(set.nameTexts[name]!) && !linkId.test(all.slice(begin, end))
        ? "part of an address of its provider"
        : undefined;
    note(name, "text", use ?? between ?? inAddress);
  });
  // The section and the path are worth reading only where the value is used as a credential.
  if (use !== undefined) {
    search.contextRead = true;
    namesIn(
      set.names,
      `${path ?? ""}\n${enclosingNames(all, begin)}`,
      (name, endsWord) => endsWord && note(name, "context", use),
    );
  }
  for (const [index, nearness] of tried) tryNear(search, index, nearness, start, begin, keyName);
}

function tryNear(
  search: BlobSearch,
  index: number,
  { place, use }: Nearness,
  start: number,
  begin: number,
  keyName: string,
): void {
  const { set, bytes } = search;
  const { rule, proof, branches } = set.rules[index]!;
  for (const branch of branches) {
    if (branch.keyword !== undefined) continue;
    const match =
      matchBranch(branch, bytes, start, bytes.length) ??
      (begin === start ? undefined : matchBranch(branch, bytes, begin, bytes.length));
    if (match === undefined || !standsFree(branch, bytes, match.start, match.end)) continue;
    const token = latin1(bytes, match.start, match.end);
    // A value that looks typed is doubtful, but under its provider's name and in its shape it is told.
    // An identifier need not look like anything, and a proof says more than looks do.
    const judgedByLooks = rule.part !== "identifier" && proof === undefined;
    const typed = judgedByLooks && (!looksRandom(token) || patternReason(token) !== undefined);
    if (
      typed &&
      (use === undefined ||
        token.length < 12 ||
        distinctCharacters(token) < 6 ||
        !/\d/.test(token) ||
        !/[A-Za-z]/.test(token))
    )
      continue;
    const gates = [
      `its provider's name stands in the ${place === "key" ? "key" : place === "context" ? "section or path" : "text before it"}`,
      `has the shape (${token.length} bytes)`,
      use ?? "under no key-like name",
    ];
    if (typed) gates.push("looks typed rather than drawn");
    addProved(search, {
      rule: index,
      tier: "near",
      start: match.valueStart,
      end: match.valueEnd,
      token,
      value: latin1(bytes, match.valueStart, match.valueEnd),
      checksum: match.checksum,
      gates,
      name: keyName === "" ? undefined : keyName,
      base: use === undefined || typed ? "weak" : (rule.confidence ?? "likely"),
    });
    return;
  }
}
