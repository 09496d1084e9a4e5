/** Tells values that stand in for a secret, or point at one, from values that are one. */
import { sequenceShare } from "./randomness.ts";

/** Words that people write where a secret will go. Matched in the folded value. */
const standIns = [
  "example",
  "sample",
  "placeholder",
  "changeme",
  "change_me",
  "change-me",
  "changethis",
  "change_this",
  "replaceme",
  "replace_me",
  "replace-me",
  "replace_with",
  "replace-with",
  "redacted",
  "insert",
  "dummy",
  "yourkey",
  "yourtoken",
  "yoursecret",
  "yourpassword",
  "your_",
  "your-",
  "my_secret",
  "mysecretkey",
  "put_your",
  "enter_",
  "notreal",
  "not_real",
  "not-real",
  "fakekey",
  "fake_",
  "fake-",
  "todo",
  "fixme",
  "foobar",
  "<hidden>",
  "hidden>",
  "secret_here",
  "token_here",
  "key_here",
  "goes_here",
  "goes-here",
  "deadbeef",
  "invalid",
  "fakefake",
  "lorem",
  "ipsum",
];

/** Whole values that are no secret, folded. */
const emptyValues = new Set(
  "null nil none undefined true false yes no on off empty unset default string str text bool int integer number object array any unknown void n/a na tbd required optional disabled enabled".split(
    " ",
  ),
);

/**
 * Why a value is no secret but a reference or template that will be filled in (`${TOKEN}`, `{{ x }}`, `process.env.X`,
 * `<your token>`, `%s`), or undefined. Such values are never findings.
 */
export function templateReason(value: string): string | undefined {
  if (/^\$(?:y|apr1|argon2id?|scrypt|pbkdf2[\w-]*)\$/.test(value)) return undefined; // A password's hash.
  if (/^\$[A-Za-z_{(]|\$[A-Z_]{3,}|\$[a-z]+\[/.test(value) || value.includes("${") || value.includes("$("))
    return "a variable or command is put in";
  if (
    value.includes("{{") ||
    value.includes("}}") ||
    value.includes("<%") ||
    value.includes("#{") ||
    value.includes("%{") ||
    value.includes("%(")
  )
    return "a template is filled in";
  if (/^<[^<>]{0,80}>$/.test(value) || /^\[[A-Za-z _-]{2,60}\]$/.test(value) || /^\{[\w .:-]{0,60}\}$/.test(value))
    return "a stand-in in brackets";
  if (/^%[\w-]*%?$/.test(value) || /^@[\w.-]+@$/.test(value) || /^__[\w]+__$/.test(value) || /^:[a-z_]+$/.test(value))
    return "a stand-in";
  if (
    /^(?:process\.env|os\.environ|os\.getenv|env\.|ENV\[|System\.getenv|secrets\.|vars\.|var\.|local\.|data\.|module\.|config\.|settings\.|self\.|this\.|request\.|params\.|args\.|options\.)/.test(
      value,
    )
  )
    return "read from elsewhere";
  if (
    /^(?:vault|secretsmanager|ssm|arn|op|ref|file|env|sops|kms|gcpkms|awskms|keyvault|azurekeyvault|akv|bw|pass|keychain):\/{0,3}[\w{]/i.test(
      value,
    ) &&
    /[/:]/.test(value)
  )
    return "names the place where the secret is kept";
  if (/^![A-Za-z]\w*$/.test(value)) return "a YAML tag";
  return undefined;
}

/**
 * Why a value only stands in for a secret (`changeme`, `xxxxxxxx`, `12345678`, `your-token-here`), or undefined.
 */
export function placeholderReason(value: string): string | undefined {
  return standInReason(value) ?? patternReason(value);
}

/** As `placeholderReason`, without the tests for values that merely look typed. */
export function standInReason(value: string): string | undefined {
  const folded = value.toLowerCase();
  if (emptyValues.has(folded)) return "a word for a value, not a value";
  if (/^(?:test|demo|guest|foo|bar|user)\d{0,3}$|^[a-z]+@$/.test(folded)) return "a word for trying out";
  if (saysItsName(value)) return "made of words for secrets";
  for (const word of standIns) if (folded.includes(word)) return `holds "${word}"`;
  if (/x{4,}|X{4,}|\*{3,}|\.{3,}|_{4,}|-{4,}|\?{3,}|•{2,}|#{4,}|0{8,}/.test(value))
    return "filled up with one character";
  return /^(.)\1+$/.test(value) ? "one character over and over" : undefined;
}

/** Why a value looks typed rather than drawn: it counts up, or repeats itself (`abcd1234efgh5678`). */
export function patternReason(value: string): string | undefined {
  const folded = value.toLowerCase();
  if (value.length >= 8 && sequenceShare(value) >= 0.6) return "counts up or repeats";
  if (value.length >= 8 && new Set(folded).size <= Math.min(4, value.length / 4)) return "made of very few characters";
  if (value.length >= 12 && repeats(folded)) return "one piece over and over";
  return undefined;
}

/** Whether the letters go on from each other, and so do the digits between them: `a1b2c3d4`, `ABC123DEF456`. */
export function countsInTurn(value: string): boolean {
  const folded = value.toLowerCase();
  return value.length >= 16 && sequenceShare(folded.replace(/[^a-z]/g, "") + folded.replace(/\D/g, "")) >= 0.8;
}

/** Whether the value is one piece of at most a third of it, repeated. */
export function repeats(value: string): boolean {
  for (let period = 1; period <= value.length / 3; period++) {
    let same = true;
    for (let i = period; i < value.length && same; i++) same = value[i] === value[i - period];
    if (same) return true;
  }
  return false;
}

/** Values made of the words for secrets themselves: `randomSecretString`, `my-password`, `pass1`. */
function saysItsName(value: string): boolean {
  return (
    value.length <= 40 &&
    /^(?:(?:my|the|your|some|random|test|testing|app|db|user|admin|root|a|new|old|client|api|auth|access|super|very|top|kdf|not|real|good|bad|wrong|strong|login|this|is|one|two)[-_ .]?)*(?:pass(?:w(?:or)?d|wd|phrase|word)?|pwd|secret|token|key|credentials?|string|value|data|text|[-_ .])+(?:[12]|123|1234|12345|one|two)?$/i.test(
      value,
    )
  );
}
