/** The generic tier: judges a value by its name and its looks alone. At most `likely`. */
import type { Confidence } from "../finding.ts";
import { type KeyKind, keyKind } from "./key-name.ts";
import { countsInTurn, placeholderReason, templateReason } from "./placeholder.ts";
import { characterCounts, letterPairCost, looksRandom, sequenceShare, shannonEntropy } from "./randomness.ts";
import { harmlessReason } from "./structure.ts";

/** What the generic tier says of an assigned value. */
export type GenericJudgement = { confidence: Confidence; kind: KeyKind; gates: string[] };

/** A value with what stands round it, one char a byte. */
export type AssignedValue = {
  name: string;
  value: string;
  before: string;
  after: string;
  quoted: boolean;
  by: string;
  path: string | undefined;
};

/**
 * Judge an assigned value.
 * Out: confidence and the gates it passed, or undefined when it is no secret: the name promises none, or the value is a template, a stand-in, a hash, a word of code.
 */
export function judgeAssigned({
  name,
  value,
  before,
  after,
  quoted,
  by,
  path,
}: AssignedValue): GenericJudgement | undefined {
  const kind = keyKind(name);
  if (kind === undefined || value.length < 4 || value.length > 400) return undefined;
  if (templateReason(value) !== undefined || harmlessReason(value, before, after, name) !== undefined) return undefined;
  if (/[\s\x00-\x1f]/.test(value)) return undefined; // A sentence.
  if (placeholderReason(value) !== undefined || isExpression(value, before, after, quoted, by, path)) return undefined;
  const gates = [`assigned under the key-like name (${kind})`];
  if (kind !== "password" && /^[\d.,:+-]+$/.test(value)) return undefined; // A number.
  const random = looksRandom(value);
  const typed = countsInTurn(value);
  if (typed) gates.push("letters and digits count up in turn");
  const guessable = kind === "password" && isWordWithDigits(value);
  if (guessable) gates.push("a word with digits or signs behind it");
  const counts = characterCounts(value);
  if (
    /(?:^|\/)(?:i18n|locales?|lang|languages?|translations?|l10n|messages)(?:\/|[._-])/i.test(path ?? "") &&
    !(random && value.length >= 16)
  )
    return undefined;
  if (by === "call" && kind === "credential") return undefined;
  if (counts.lower + counts.upper + counts.digit === 0) return undefined; // Signs only: a set of characters.
  if (kind === "password" || kind === "secret" || kind === "credential") {
    if (random && !guessable && value.length >= 8)
      return { confidence: typed ? "weak" : "likely", kind, gates: [...gates, "the value looks drawn, not written"] };
    const mixed =
      (counts.lower > 0 ? 1 : 0) + (counts.upper > 0 ? 1 : 0) + (counts.digit > 0 ? 1 : 0) + (counts.other > 0 ? 1 : 0);
    if (value.length >= 8 && mixed >= 3 && kind === "password" && counts.digit > 0 && !guessable)
      return { confidence: "likely", kind, gates: [...gates, `${mixed} kinds of characters`] };
    if (kind === "password" || (mixed >= 2 && counts.digit > 0 && value.length >= 8))
      return { confidence: "weak", kind, gates: [...gates, "a short or guessable value"] };
    return undefined;
  }
  // Issued keys and tokens keep to few signs; passwords may have any.
  if (/[^A-Za-z0-9_\-+/=.:~]/.test(value)) return undefined;
  // `key` alone is the key of a map, a cache or a table far more often than a secret.
  if (
    kind === "key" &&
    /^(?:.*[^A-Za-z])?key\d*$/i.test(name) &&
    !/(?:api|app|access|secret|private|auth|account|service|client|signing|encryption|master|license|licence|deploy|storage|shared|session|admin|consumer|root|token|license|subscription|write|read|integration|project)[-_. ]?key\d*$/i.test(
      name,
    )
  )
    return undefined;
  if (isUuid(value)) return kind === "token" ? { confidence: "weak", kind, gates: [...gates, "a UUID"] } : undefined;
  if (value.length < 16) {
    const drawn =
      value.length >= 13 &&
      counts.digit >= 2 &&
      counts.lower + counts.upper >= 2 &&
      (counts.changes >= 4 || random) &&
      !/^0x/i.test(value);
    return drawn ? { confidence: "weak", kind, gates: [...gates, "short, but looks drawn"] } : undefined;
  }
  if (!random || shannonEntropy(value) < 3 || sequenceShare(value) > 0.3) return undefined;
  const strong = letterPairCost(value) >= 4.5 || counts.digit / value.length >= 0.15;
  return {
    confidence: strong && !typed ? "likely" : "weak",
    kind,
    gates: [...gates, "the value looks drawn, not written"],
  };
}

const sourceFile =
  /\.(?:[cm]?[jt]sx?|py|rb|go|java|kt|cs|cpp|cc|c|h|hpp|rs|php|swift|scala|m|mm|pl|pm|lua|dart|vue|svelte|groovy|gradle)$/i;

/** Whether a value without quotes is code that gives a value rather than the value itself. */
function isExpression(
  value: string,
  before: string,
  after: string,
  quoted: boolean,
  by: string,
  path: string | undefined,
): boolean {
  if (by === "flag" && (value.startsWith("-") || (!quoted && !/(?:^|\s)--?[\w-]*\s$/.test(before)))) return true; // Another flag; a word after a word.
  if (by === "call" && /^\\{0,3}["'`]\s{0,3},/.test(after)) return true; // The first of several arguments, or an element of a list.
  if (/(["'`])[\w.-]{1,40}[:=]\s?\1$/.test(before)) return true; // The quote that ends a text: "pass:" + x
  if (/^(?:\\x[0-9a-f]{2})+$/i.test(value)) return true;
  if (/["'`]\s?[.+&]|[.+&]\s?["'`]|^[.+&][ $]/.test(value)) return true; // A text put together: 'a' . b
  if (/\$\{[^}]{0,80}$/.test(before)) return true; // Inside ${A:-…}
  if (quoted) return false;
  if (/[*\\]/.test(value)) return true; // Wildcards and escapes.
  if (/^[([]/.test(after)) return true; // A call or an index.
  const code = by !== "element" && path !== undefined && sourceFile.test(path);
  const plain = /^[A-Za-z0-9+/=_-]{16,}$/.test(value) && looksRandom(value);
  if (code && !plain) return true;
  if (/^[A-Za-z_$@][\w$]*(?:(?:\.|::|->)[A-Za-z_$][\w$]*)+$/.test(value) && !plain) return true; // a.b.c
  return /^(?:\.{0,2}\/|~\/|[A-Za-z]:\\)/.test(value) && !looksRandom(value.replace(/[^A-Za-z0-9]/g, "")); // A path.
}

/** A word with a few digits or a sign behind it, also with digits for letters in it: what people write to satisfy a rule for passwords. */
function isWordWithDigits(value: string): boolean {
  const stem = value.replace(/[\d!@#$.?*]{1,6}$/, "");
  const word = stem.replace(/[0134578@$]/g, (sign) => leet[sign]!);
  return /^[A-Za-z]{3,}$/.test(word) && (letterPairCost(word) < 4.6 || (word === stem && value.length <= 12));
}

const leet: Readonly<Record<string, string>> = {
  0: "o",
  1: "l",
  3: "e",
  4: "a",
  5: "s",
  7: "t",
  8: "b",
  "@": "a",
  $: "s",
};

function isUuid(value: string): boolean {
  return /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(value);
}
