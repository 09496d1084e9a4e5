/** Random strings in the shape of each proof's tokens, for the properties that hold for all of them. */
import fc from "fast-check";

const upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const lower = "abcdefghijklmnopqrstuvwxyz";
const digit = "0123456789";
const base62 = upper + lower + digit;
const base64 = `${base62}+/`;
const base64url = `${base62}-_`;

/** Text of one alphabet, of a length or a range of lengths. */
export function run(alphabet: string, length: number, longest = length): fc.Arbitrary<string> {
  return fc.string({
    unit: fc.constantFrom(...alphabet),
    minLength: length,
    maxLength: longest,
  });
}

function join(...parts: (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> {
  return fc
    .tuple(...parts.map((part) => (typeof part === "string" ? fc.constant(part) : part)))
    .map((texts) => texts.join(""));
}

function his(length: 44 | 52 | 56 | 88, ...signatures: string[]): fc.Arbitrary<string> {
  const [before, first, padding] = {
    44: [33, "ABCD", "="],
    52: [42, "ABCD", ""],
    56: [44, base62, "=="],
    88: [76, base62, "=="],
  }[length] as [number, string, string];
  const last = padding === "==" ? "AQgw" : "AEIM";
  return join(
    run(base62, before),
    fc.constantFrom(...signatures),
    run(first, 1),
    run(base62, 4),
    run(last, 1),
    padding,
  );
}

function cask(tail: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return join(
    run(base62, 52),
    "JQQJ9",
    run("9DH", 1),
    run(upper, 1),
    run("ABCDEFGHIJKL", 1),
    run(base62, 16),
    fc.constantFrom("AZDO", "AZEG", "ACOG", "ZZZZ"),
    tail,
  );
}

/** Version, and a location of thirteen bytes; the last character holds four bits of the identifier's type. */
const macaroonHead = Buffer.from("\x02\x01\x0dindex.example\x02", "latin1").toString("base64url").slice(0, 22);

/** By proof: tokens that fit the shape, with a checksum or payload that is wrong nearly always. */
export const shapes: Record<string, fc.Arbitrary<string>> = {
  "atlassian-datacenter": join(run("MNO", 1), run(base64, 43)),
  "azure-cask": fc.oneof(cask(run(base62, 4)), cask(join(run(base62, 5), run("AQgw", 1), "=="))),
  "azure-devops-pat": run(`${lower}234567`, 52),
  "azure-his": fc.oneof(
    his(88, "+ASt", "+ABa", "ACDb", "+AMC", "APIM"),
    his(56, "AzFu"),
    his(52, "AzSe", "+ACR"),
    his(44, "AzCa", "+ASb", "+AEh", "+ARm", "AIoT", "AZEG", "+SQL"),
  ),
  bech32: fc.oneof(
    join("AGE-SECRET-", "KEY-1", run("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58)),
    join("nse", "c1", run("qpzry9x8gf2tvdw0s3jn54khce6mua7l", 58)),
  ),
  bedrock: fc.oneof(
    join("ABS", "K", run(base64, 91, 251), fc.constantFrom("", "=", "==")),
    join("bedrock-api-", "key-", run(base64, 120, 400)),
  ),
  bip39: fc
    .constantFrom(12, 15, 18, 21, 24)
    .chain((count) => fc.array(run(lower, 3, 8), { minLength: count, maxLength: count }))
    .map((words) => words.join(" ")),
  "bitbucket-datacenter": join("BBD", "C-", run("MNO", 1), run(base64, 39, 51), fc.constantFrom("", "=")),
  "cloudflare-tunnel": join("ey", "JhIjoi", run(base64, 150, 220)),
  "discord-bot": join(run("MNO", 1), run(base62, 23, 27), ".", run(base64url, 6), ".", run(base64url, 27, 38)),
  "entra-secret": join(run(`${base62}.-_~`, 3), "8Q", "~", run(`${base62}.-_~`, 34)),
  "fly-macaroon": join(fc.constantFrom("fm2", "FlyV1 fm2", "fm1r"), "_", run(base64, 100, 300)),
  "gitlab-routable": join(
    fc.constantFrom("glpat-", "gldt-", "glrt-t1_"),
    run(base64url, 27, 200),
    fc.constantFrom(".01.", "."),
    run(lower + digit, 9),
  ),
  "grafana-cloud": join("gl", "c_", run(base64, 100, 200)),
  "grafana-legacy": join("ey", "JrIjoi", run(base64, 70, 120)),
  "jfrog-access": fc.oneof(
    join("AK", "Cp", run(base62, 69)),
    join(
      "ey",
      "J2ZXIiOiIyIiwidHlwIjoiSldUI",
      run(base64url, 20, 60),
      ".ey",
      "J",
      run(base64url, 40, 90),
      ".",
      run(base64url, 64),
    ),
  ),
  "jfrog-reference": join("cmVm", "dGtu", run(base62, 56)),
  jwt: join("ey", "J", run(base64url, 8, 80), ".ey", "J", run(base64url, 8, 200), ".", run(base64url, 16, 86)),
  nkey: join("S", run("UAONCX", 1), run(`${upper}234567`, 56)),
  "onepassword-service-account": join("ops", "_eyJ", run(base64url, 250, 400)),
  "pgp-armour": join(
    "-----BEGIN PGP ",
    "PRIVATE KEY BLOCK-----\n\n",
    run(base64, 64),
    "\n",
    run(base64, 32),
    "\n=",
    run(base64, 4),
    "\n-----END PGP ",
    "PRIVATE KEY BLOCK-----",
  ),
  "pypi-macaroon": join("pyp", "i-", macaroonHead, run(base64url, 85, 260)),
  "sas-url": join("sv=2022-11-02&sp=rl&se=2030-01-01T00%3A00%3A00Z&sr=c&sig=", run(base62, 43, 60)),
  "sentry-org": join("sntry", "s_", run(base64, 120, 200), fc.constantFrom("", "="), "_", run(base64, 43)),
  "stellar-seed": join("S", run(`${upper}234567`, 55)),
};
