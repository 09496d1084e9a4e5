/** Recognising password hashes by their text (crypt(5), PHP, Django, LDAP, MySQL and PostgreSQL formats). */

/** Kinds of hash; `weak` ones are broken by guessing at billions a second. */
export type HashKind = { kind: string; weak: boolean };

const kinds: readonly { kind: string; weak: boolean; form: RegExp }[] = [
  { kind: "bcrypt", weak: false, form: /^\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}$/ },
  {
    kind: "argon2",
    weak: false,
    form: /^\$argon2(?:i|d|id)\$(?:v=\d+\$)?m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/=]{8,}\$[A-Za-z0-9+/=]{16,}$/,
  },
  { kind: "yescrypt", weak: false, form: /^\$y\$[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{1,86}\$[./A-Za-z0-9]{43}$/ },
  { kind: "sha512-crypt", weak: false, form: /^\$6\$(?:rounds=\d{1,9}\$)?[^$:\s]{1,16}\$[./A-Za-z0-9]{86}$/ },
  { kind: "sha256-crypt", weak: false, form: /^\$5\$(?:rounds=\d{1,9}\$)?[^$:\s]{1,16}\$[./A-Za-z0-9]{43}$/ },
  { kind: "md5-crypt", weak: true, form: /^\$1\$[^$:\s]{0,8}\$[./A-Za-z0-9]{22}$/ },
  { kind: "apr1-md5", weak: true, form: /^\$apr1\$[^$:\s]{0,8}\$[./A-Za-z0-9]{22}$/ },
  { kind: "phpass", weak: true, form: /^\$[PH]\$[./A-Za-z0-9]{31}$/ },
  { kind: "wordpress bcrypt", weak: false, form: /^\$wp\$2y\$\d\d\$[./A-Za-z0-9]{53}$/ },
  { kind: "drupal", weak: false, form: /^\$S\$[./A-Za-z0-9]{52}$/ },
  {
    kind: "pbkdf2",
    weak: false,
    form: /^pbkdf2(?:_|:)?(?:sha\d{1,3}|sha\d{1,3})[$:]\d+[$:][^$:\s]{1,64}[$:][A-Za-z0-9+/=]{20,}$/,
  },
  {
    kind: "scram-sha-256",
    weak: false,
    form: /^SCRAM-SHA-256\$\d+:[A-Za-z0-9+/=]{8,}\$[A-Za-z0-9+/=]{40,}:[A-Za-z0-9+/=]{40,}$/,
  },
  { kind: "ldap sha", weak: true, form: /^\{S?SHA\}[A-Za-z0-9+/]{27,}={0,2}$/i },
  { kind: "ldap md5", weak: true, form: /^\{S?MD5\}[A-Za-z0-9+/]{22,}={0,2}$/i },
  { kind: "mysql native", weak: true, form: /^\*[0-9A-F]{40}$/i },
  { kind: "postgres md5", weak: true, form: /^md5[0-9a-f]{32}$/ },
];

/** Bare digests, which only a column named for passwords makes a password hash. */
const digests: Record<number, string> = {
  16: "mysql old or half md5",
  32: "md5",
  40: "sha-1",
  64: "sha-256",
  96: "sha-384",
  128: "sha-512",
};

/** The kind of hash a text is; undefined when it is none that says so itself. */
export function hashKind(text: string): HashKind | undefined {
  if (text.length > 512) return undefined;
  return kinds.find(({ form }) => form.test(text));
}

/** A bare digest in hex, by its length. */
export function digestKind(text: string): HashKind | undefined {
  const kind = digests[text.length];
  return kind !== undefined && /^(?:[0-9a-f]+|[0-9A-F]+)$/.test(text) && new Set(text).size > 4
    ? { kind, weak: true }
    : undefined;
}
