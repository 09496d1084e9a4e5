/** Values that are long and random and yet no secret: pins, hashes, ids, public keys, ciphertext. */

const hex = /^[0-9a-f]+$/i;

/** A query to a host that is set aside for examples (RFC 2606, RFC 6761). */
const exampleAddress =
  /https?:\/\/(?:[\w.-]{1,100}\.)?(?:example(?:\.(?:com|net|org))?|invalid|test)(?:[:/?][^\s"'<>]{0,150})?$/i;

/**
 * Why a value in the shape that its provider's credentials have, and with no mark of its own, is doubtful all the same; or undefined.
 * In: the text before it on its line, the value, the text after it.
 */
export function doubtReason(before: string, value: string, after: string): string | undefined {
  if (exampleAddress.test(before)) return "sent to a host that is set aside for examples";
  if (/%(?![0-9a-f]{2})/i.test(value)) return "a percent sign in it encodes nothing";
  if (/["'`]$/.test(before) && /^[?^*#$~%][\w+/=-]/.test(after)) return "the quoted text goes on where the shape ends";
  return undefined;
}

/**
 * Why a value under no provider's shape is no credential although it looks random, or undefined.
 * In: the value, the text before it on its line (at most 200 characters), the text after it (at most 40), the name it is assigned under.
 */
export function harmlessReason(
  value: string,
  before: string,
  after: string,
  name: string | undefined,
): string | undefined {
  if (
    /(?:sha(?:1|224|256|384|512)|md5|blake2b|xxh64|h1)[-:=]$/i.test(before) ||
    /^(?:sha(?:1|256|384|512)|md5)[-:]/i.test(value)
  )
    return "an integrity hash";
  if (hex.test(value) && [32, 40, 56, 64, 96, 128].includes(value.length)) {
    if (
      /(?:[\w.-]+\/[\w./-]+@|\b(?:commit|sha|rev|revision|ref|hash|digest|checksum|md5|sha1|sha256|etag|tree|parent|blob|object|fingerprint|integrity|resolved|version|gitHead|build|image)\b["'\]]{0,2}\s{0,3}[=:]?[>]?\s{0,3}["'(]?)$/i.test(
        before,
      )
    )
      return "a hash or a pin";
    if (/\.(?:tgz|tar\.gz|zip|git)#$/.test(before)) return "a pin";
    if (/\/(?:commit|tree|blob|raw|compare|archive|commits)\/$/.test(before)) return "a commit in an address";
  }
  if (
    /^\$(?:2[abxy]|1|5|6|argon2id?|apr1|P|H|pbkdf2[\w-]*|scrypt)\$/.test(value) ||
    /^\{(?:SSHA|SHA|MD5|CRYPT)\w*\}/.test(value)
  )
    return "a password's hash";
  if (/^0x[0-9a-f]{1,8}$/i.test(value)) return "a constant";
  if (/^(?:pk|pub|public)[_-](?:live|test|prod)?/i.test(value)) return "a publishable key";
  if (
    /^(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2|AAAAB3NzaC1|AAAAC3NzaC1|AAAAE2VjZHNh)/.test(value) ||
    /(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-nistp\d+)\s$/.test(before)
  )
    return "a public key";
  if (
    /^(?:ENC\[|AES256:|age1|\$ANSIBLE_VAULT|AQICAH|vault:v\d|gAAAAAB)/.test(value) ||
    /(?:ENC\[[\w,]+data:|secure:\s{0,3}["']?|!vault\s)$/.test(before)
  )
    return "ciphertext";
  if (/^(?:data:|image\/|application\/|text\/)/.test(value) || /(?:;base64,|data:[\w/+-]+;base64,)$/.test(before))
    return "embedded data";
  if (/^(?:iVBORw0KGgo|R0lGOD|\/9j\/|UklGR|PHN2Zy|d09GM|T1RUT|AAEAAAA|JVBERi|UEsDB)/.test(value))
    return "an embedded file";
  if (/^MII[A-Za-z0-9+/]{30}/.test(value) && !/priv/i.test(name ?? "")) return "a certificate or public key";
  if (
    /^https?:\/\/[^@]*$/.test(value) &&
    !/[?&](?:key|token|secret|sig|password|pwd|access_token|api_key)=/i.test(value)
  )
    return "an address";
  // Stripe's client secrets: made for a browser, good for one payment (docs.stripe.com/api/payment_intents/object).
  if (/^(?:pi|seti)_\w{1,60}_secret_\w{1,60}$/.test(value)) return "a client secret of one payment";
  if (/^\d{4}-\d\d-\d\d/.test(value)) return "a date";
  if (
    /^(?:[\w-]+\.)+(?:com|org|net|io|dev|ru|de|js|ts|py|rb|go|java|json|ya?ml|xml|html?|css|md|txt|png|jpe?g|svg|php|sh|cs|c|h|cpp|rs)$/i.test(
      value,
    )
  )
    return "a host or file name";
  // A sealed secret: the length of its RSA part (0x0200) behind a version byte, then hundreds of bytes.
  if (value.length >= 300 && /^Ag[A-D]/.test(value)) return "ciphertext";
  if (/^["'`,;\s]{0,4}(?:\/\/|#|\/\*)[^\n]{0,20}(?:search[-_ ]?only|public|not (?:a )?secret)/i.test(after))
    return "said to be public beside it";
  if (/^[\w.-]+(?::|-)v?\d+\.\d+\.\d+$/.test(value)) return "a version";
  if (/^[#.][a-z][a-z-]*$/.test(value) || /^[a-z_]+(?:\/[a-z_]+)*#[a-z_]+$/.test(value)) return "a selector or route";
  if (
    /^[A-Za-z0-9+/]{16,}={0,2}$/.test(value) &&
    value.length % 4 === 0 &&
    /^[A-Za-z][a-z]*(?: [A-Za-z]+){2,}[.!?\n]?$/.test(Buffer.from(value, "base64").toString("latin1"))
  )
    return "encoded prose";
  if (/^\(/.test(after) && !/\d/.test(value)) return "a call";
  return undefined;
}
