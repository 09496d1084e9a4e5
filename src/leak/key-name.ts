/** Which names promise a secret: `dbPassword` does, `passwordField` does not. */
import type { LeakRule } from "./rule.ts";

/** The rule of the generic tier: a value under a key-like name that no provider's shape claims. */
export const genericRule: LeakRule = {
  id: "generic-assigned-secret",
  provider: "Generic",
  name: "Value assigned under a key-like name",
  severity: "high",
  lifetime: "long",
  revoke: { text: "Find the system that issued the value, issue a new one there, and make the old one stop working." },
  confidence: "likely",
  notes:
    "Silent for templates, variables, stand-ins, hashes, pins, public keys and ciphertext. Weak for short or guessable values.",
};

/** What a name promises; `undefined` when it promises nothing. */
export type KeyKind = "password" | "secret" | "token" | "key" | "credential";

/** Letters that the main search looks for; a name that holds none of them is not key-like. Four bytes or more each. */
export const keyWords = [
  "passw",
  "passphrase",
  "_pass",
  "dbpass",
  "userpass",
  "pass=",
  "pass:",
  'pass"',
  "pass'",
  "pwd=",
  "pwd:",
  'pwd"',
  "pwd'",
  "pwd ",
  "pwd>",
  "_pwd",
  "pwd]",
  "pass ",
  "pass]",
  "secret",
  "token",
  "credential",
  "apikey",
  "api_key",
  "api-key",
  "key=",
  "key:",
  'key"',
  "key'",
  "key ",
  "key]",
  "key>",
  "key\\",
  "auth",
  '"sig',
  "private_key",
];

const kinds: [RegExp, KeyKind][] = [
  [
    /^(?:password|passwd|passwords|pwd|passphrase|passcode|pass|passw|pword|psw|pswd|motdepasse|passwort|kennwort|contrasena|senha|userpass|dbpass|pw)$/,
    "password",
  ],
  [/^(?:secret|secrets|appsecret|clientsecret|secretkey|sharedsecret)$/, "secret"],
  [/^(?:token|tokens|bearer|jwt|pat|accesstoken|authtoken|apitoken|oauth|authorization)$/, "token"],
  [/^(?:credential|credentials|cred|creds|auth)$/, "credential"],
  [/^(?:apikey|key|keys|accesskey|secretkey|privatekey|appkey|authkey|cookie|salt|signature|sig)$/, "key"],
];

/** Last words that say nothing: the word before them counts. */
const neutralWords = new Set(
  "value val default prod production dev development staging stage test testing live qa local main primary old new current temp tmp base64 b64 raw plain text plaintext string str literal admin user root".split(
    " ",
  ),
);

/** Words that, anywhere in the name, say the value is public, about something else, or text for people. */
const elsewhereWords = new Set(
  (
    "public pub pubkey publishable foreign partition sort cache keyboard monkey hotkey shortcut csrf xsrf crumb authenticity antiforgery requestverification keyword next continuation page cursor tokenizer sha sha1 sha256 checksum integrity " +
    "fingerprint label lbl title msg message placeholder prompt hint error err invalid status i18n translation caption tooltip heading button " +
    "non nonmatching bad wrong fake mock dummy example sample expected"
  ).split(" "),
);

/** The words of a name: `dbPassword_1` gives `db password 1`. */
export function nameWords(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}

/** Run-together names: mysqlpassword, githubtoken, apisecret. */
const runTogether: [RegExp, KeyKind][] = [
  [/(?:password|passwd|passphrase)$/, "password"],
  [/secret$/, "secret"],
  [/token$/, "token"],
  [
    /(?:apikey|accesskey|secretkey|privatekey|authkey|licensekey|signingkey|encryptionkey|masterkey|appkey|servicekey)$/,
    "key",
  ],
];

/**
 * What kind of secret a name promises.
 * In: a name as written (`DB_PASSWORD`, `auth.token`, `clientSecret`). Out: the kind, or undefined for names of other things and of things about secrets:
 * the last word that says anything must be the secret's own (`password`, not `passwordField`).
 */
export function keyKind(name: string): KeyKind | undefined {
  const known = kindsKnown.get(name);
  if (known !== undefined || kindsKnown.has(name)) return known;
  const kind = kindOfName(name);
  if (kindsKnown.size >= 4096) kindsKnown.clear();
  kindsKnown.set(name, kind);
  return kind;
}

/** The same names come up again and again. */
const kindsKnown = new Map<string, KeyKind | undefined>();

function kindOfName(name: string): KeyKind | undefined {
  const words = nameWords(name.slice(-80));
  if (words.some((word) => elsewhereWords.has(word))) return undefined;
  for (let i = words.length - 1; i >= 0; i--) {
    const word = words[i]!.replace(/\d+$/, "");
    if (word === "" || word.length === 1) continue;
    for (const [pattern, kind] of kinds) if (pattern.test(word)) return kind;
    for (const [pattern, kind] of runTogether) if (pattern.test(word)) return kind;
    if (!neutralWords.has(word)) return undefined;
  }
  return undefined;
}
