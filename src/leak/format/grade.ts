/** What a value that stands in a secret's place is worth, by its syntax alone. */
import type { Confidence } from "../../finding.ts";

/** Longest value a parser reports that is not a document of its own. */
const longest = 8192;

/** A value that names where the secret comes from instead of holding it: templates, variables, calls, ciphertext. */
const references: readonly RegExp[] = [
  /\$\{|\{\{|<%|\$\(|#\{|%\{|\{%|\$\[|\(\(/, // ${x} {{x}} <%x%> $(x) #{x} %{x} {%x%} $[x] ((x))
  /^\\{1,7}["'`]\$/, // \"$NAME, in a command that stands in a text
  /^\$[A-Za-z_][A-Za-z0-9_]*$|^\$env:|^\$[0-9@*]$/i, // $NAME, PowerShell, positional
  /^%[A-Za-z_][A-Za-z0-9_]{0,60}%$|%[svq]|%d(?![0-9a-f])|%\([A-Za-z_]{1,60}\)s|^%@$/, // %NAME% %s %(name)s
  /^<[^>]{0,200}>$|^\[[^\]]{0,200}\]$|^\{[^}]{0,200}\}$|^__[A-Za-z0-9_]{1,60}__$|^@[A-Za-z_.-]{1,60}@$/, // <x> [x] {x} __X__ @X@
  /^!(?:vault|ref|sub|getatt|env|secret|encrypted|reference)/i, // YAML tags
  /\{[A-Za-z_][A-Za-z0-9_.]{0,60}\}|\{[0-9]?\}/, // f"{name}" "{0}"
  /^:[A-Za-z_]{1,60}$|^\?$|^@[A-Za-z_]{1,60}$/, // SQL parameters
  /^["'`]\s{0,8}[+.,&|]|[+.,&|]\s{0,8}["'`]$|["'`] [+.&] \w/, // the middle of a concatenation
  /^[A-Z]{2,}(?:[_-][A-Z]{2,}){1,8}$|^[A-Za-z]{1,20}(?: [A-Za-z]{1,20}){1,8}$|^[^\x21-\x7e]+$/, // A_NAME, prose
  /process\.env|os\.environ|getenv|System\.get|ENV\[|secrets\./i,
  /^(?:ENC\[|ENC\(|\$ANSIBLE_VAULT|vault:v[0-9]|age1|\{cipher\}|\{aes|arn:aws:)/i, // ciphertext and names of stores
];

/** Left blank on purpose: `***`, `xxxxxx`, `...`, `changeit` is not one of these. */
const blanked = /^([*x.#?_0=-])\1*$|\.\.\.|\u00e2\u0080\u00a6|\*{3}|^x{4,}|x{6,}$/i;

/** What asks to be replaced. */
const placeholder =
  /^(?:your|insert|enter|put|replace|add)[_ -]|placeholder|replace[_-]?(?:me|with|this)|[_-]here$|^to[_-]?do$|\byour[_ -]/;

/** Words that stand for no secret at all. */
const nothing = new Set([
  "null",
  "nil",
  "none",
  "undefined",
  "true",
  "false",
  "redacted",
  "removed",
  "hidden",
  "masked",
  "omitted",
  "empty",
  "n/a",
  "prompt",
  "ask",
  "stdin",
  "-",
]);

/** The passwords that tests, tutorials and local set-ups use. */
const weakWords = new Set(
  (
    "password passwd passw0rd p@ssw0rd p4ssw0rd pass pwd pw secret changeme changeit change_me admin administrator root toor test tests testing tester user username guest demo dev " +
    "example sample default postgres postgresql mysql mariadb mongo mongodb redis rabbitmq oracle sa ftp foo bar baz foobar qwerty abc abcd abc123 letmein welcome dummy fake " +
    "temp local localhost hunter2 mypassword my_password my-password yourpassword your_password your-password userpass foopass token key apikey api_key"
  ).split(" "),
);

/**
 * Grade a value.
 * In: the value's text. Out: undefined when it is no secret (empty, template, variable, ciphertext, blanked out), `weak` for
 * what a test or local set-up uses or what is too short to be sure of, else `likely`.
 */
export function gradeValue(value: string): Confidence | undefined {
  if (value.length < 3 || value.length > longest) return undefined;
  const head = value.length > 400 ? value.slice(0, 400) : value;
  if (references.some((reference) => reference.test(head)) || blanked.test(head)) return undefined;
  const lower = head.toLowerCase();
  if (nothing.has(lower) || placeholder.test(lower)) return undefined;
  return isWeakPassword(lower, head) ? "weak" : "likely";
}

/** A known test password, one with digits behind it, digits only, one repeated character, or one or a few short lower-case words. */
function isWeakPassword(lower: string, value: string): boolean {
  if (value.length < 6 || weakWords.has(lower) || weakWords.has(lower.replace(/[0-9!@#$.]{1,8}$/, ""))) return true;
  if (/^[0-9]+$/.test(value) && value.length < 16) return true;
  if (/^[a-z]+$|^[A-Z]+$/.test(value) && value.length < 12) return true;
  if (/^[a-z]+(?:[-_.:][a-z]+){1,2}$/.test(value) && value.length < 16) return true;
  if (/pass|example|sample|dummy|changeme/.test(lower)) return true;
  return new Set(value).size < 4;
}

/** A host that only this machine, a test or a document knows (RFC 2606 and 6761 names, loopback and link-local addresses). */
export function isLocalHost(host: string): boolean {
  const name = host.toLowerCase().replace(/:\d+$/, "");
  return (
    name === "" ||
    /^(?:127\.|0\.0\.0\.0$|\[?::1\]?$|169\.254\.)/.test(name) ||
    /^(?:localhost|host\.docker\.internal|hostname|host|server|servername|db|database|postgres|mysql|mariadb|redis|mongo|mongodb|rabbitmq)$/.test(
      name,
    ) ||
    /(?:^|\.)(?:example|test|invalid|localhost|local)(?:\.[a-z]{2,3})?$/.test(name)
  );
}

/** The weaker of two grades. */
export function weaker(a: Confidence, b: Confidence): Confidence {
  return a === "weak" || b === "weak" ? "weak" : a === "likely" || b === "likely" ? "likely" : "certain";
}
