import { describe, expect, it } from "vitest";
import type { Confidence } from "../../src/finding.ts";
import { compileRules } from "../../src/leak/rule-set.ts";
import { scanBlob } from "../../src/leak/scan-blob.ts";
import { base62, drawText, hexDigits, seededDraw } from "./draw.ts";

/** No rules: what is found here is found by the generic tier alone. */
const set = compileRules([], []);

const draw = seededDraw(31);
const drawn = (length: number): string => drawText(draw, base62, length);
const hex = (length: number): string => drawText(draw, hexDigits, length);
/** A name in small letters that nobody could guess, and no word. */
const uuid = `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;

function confidenceIn(text: string, path = "config/settings.txt"): Confidence | undefined {
  const { findings } = scanBlob(set, path, Buffer.from(text), "salt");
  for (const finding of findings) expect(finding.rule).toBe("leak/generic-assigned-secret");
  return findings[0]?.confidence;
}

describe("assigned values", () => {
  it.each<[string, string, Confidence]>([
    ["a drawn password", `DB_PASSWORD=${drawn(20)}`, "likely"],
    ["a drawn password in YAML", `password: ${drawn(16)}`, "likely"],
    ["a drawn password in code", `const password = "${drawn(16)}";`, "likely"],
    ["a password with signs", `password = "${["Zq8#", "kf91x!"].join("")}"`, "likely"],
    ["a client secret", `client_secret: "${drawn(40)}"`, "likely"],
    ["a token", `auth_token = '${drawn(40)}'`, "likely"],
    ["an API key", `"apiKey": "${drawn(32)}"`, "likely"],
    ["an API key in hex", `api_key=${hex(32)}`, "likely"],
    ["a token of forty hex digits under its name", `access_token: ${hex(40)}`, "likely"],
    ["a private key's name", `private_key = "${drawn(44)}"`, "likely"],
    ["a password in an element", `<password>${drawn(16)}</password>`, "likely"],
    ["a password that a person made", "db_password = winter2024", "weak"],
    ["a short password", 'password: "hunter2"', "weak"],
    ["a word with a capital and digits", `SA_PASSWORD: "${["Ocean", "12345"].join("")}"`, "weak"],
    ["words with digits and a sign behind them", `password: "${["GreenRiver", "Stone123!"].join("")}"`, "weak"],
    ["a UUID as a token", `token: ${uuid}`, "weak"],
  ])("%s is %s", (_, text, expected) => {
    expect(confidenceIn(text)).toBe(expected);
  });

  it.each<[string, string, string?]>([
    ["an empty value", 'password = ""'],
    ["a reference to the environment", "password = process.env.DB_PASSWORD"],
    ["a shell variable", 'password="$DB_PASSWORD"'],
    ["a workflow expression", "token: \u0024{{ secrets.DEPLOY_TOKEN }}"],
    ["a template", "password: {{ vault_password }}"],
    ["a stand-in", "api_key = your-api-key-here"],
    ["another stand-in", "password: changeme"],
    ["x over and over", `token = "${"x".repeat(32)}"`],
    ["a type", "password: string"],
    ["a type in code", "password: Optional[str] = None", "src/a.py"],
    ["a call", "password = getPassword(user)", "src/a.js"],
    ["a member", "password = config.database.password", "src/a.js"],
    ["another variable", "password = passwordFromUser", "src/a.js"],
    ["a sentence", 'password = "must be at least eight characters"'],
    ["a label", 'password_label = "Zq8kf91xW2"'],
    ["a placeholder's name", `password_placeholder = "${drawn(12)}"`],
    ["a name about passwords", 'password_reset_url = "https://host.test/reset"'],
    ["a field's name", `passwordField: "${drawn(16)}"`],
    ["a public key", `public_key = "${drawn(44)}"`],
    ["a publishable key", `stripe_publishable_key = "pk_live_${drawn(24)}"`],
    ["a cache key", 'cache_key = "user-profile-v2-settings"'],
    ["the key of a map", `key: "${drawn(8)}"`],
    ["a CSRF token's name", `csrf_token = "${drawn(32)}"`],
    ["the next page", `next_page_token = "${drawn(32)}"`],
    ["a hash of a password", `password_hash: "$2b$12$${drawText(draw, `${base62}./`, 53)}"`],
    ["a path", "private_key: /etc/ssl/private/server.key"],
    ["an address", "token_url = https://host.test/oauth/token"],
    ["a number", "token_lifetime = 86400"],
    ["a boolean", "use_password = true"],
    ["a comparison with nothing", 'if (password == "") return', "src/a.c"],
    ["a name that says nothing", `value = "${drawn(32)}"`],
    ["a drawn value alone", `"${drawn(32)}"`],
    ["the pin of an action", `uses: acme/token-action@${hex(40)}`],
    ["an integrity hash", `"integrity": "sha512-${drawText(draw, `${base62}+/`, 86)}=="`],
    ["a UUID under a key's name", `api_key: ${uuid}`],
    ["a value of SOPS", `password: ENC[AES256_GCM,data:${drawn(24)},iv:${drawn(43)}=,tag:${drawn(22)}==,type:str]`],
    ["a sealed secret", `encryptedData:\n  password: AgB${drawText(draw, `${base62}+/`, 300)}`],
    ["a password of Ansible Vault", `password: !vault |\n  $${"ANSIBLE_VAULT"};1.1;AES256\n  ${hex(80)}\n  ${hex(80)}`],
    ["a list of names, in a text", `const names = "[\\"PFX_PASSWORD\\",\\"${"PFX_BASE"}64\\",\\"PFX\\"]"`],
    ["the quote that ends a text", 'if (x.startsWith("pass:")&&c(y,1),t==="curl") z()'],
    ["translations", "password = Passwort2", "locales/de.properties"],
  ])("%s is nothing", (_, text, path) => {
    expect(confidenceIn(text, path)).toBeUndefined();
  });

  it("never says certain", () => {
    for (let i = 0; i < 50; i++) expect(confidenceIn(`password=${drawn(8 + (i % 40))}`)).not.toBe("certain");
  });

  it("says what it passed, without the value", () => {
    const value = drawn(24);
    const finding = scanBlob(set, "a.env", Buffer.from(`DB_PASSWORD=${value}`), "salt").findings[0]!;
    expect(finding.gates.length).toBeGreaterThan(1);
    expect(finding.gates.join()).not.toContain(value);
  });
});
