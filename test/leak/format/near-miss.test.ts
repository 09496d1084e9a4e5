import { describe, expect, it } from "vitest";
import { generator } from "./generator.ts";
import { samples } from "./samples.ts";
import { scanFormats } from "./scan-formats.ts";

/** What stands in a secret's place without being one. Written in pieces so that no template of TypeScript reads them. */
const references = [
  "$" + "{DB_PASSWORD}",
  "{{ .Values.password }}",
  "$" + "{{ secrets.TOKEN }}",
  "<password>",
  "$" + "DB_PASSWORD",
  "%DB_PASSWORD%",
  "$(cat_token)",
  "<%= password %>",
  "********",
  "YOUR_PASSWORD_HERE",
  "@DB_PASSWORD@",
  '\\\\"$DB_PASSWORD\\\\"',
  "ENC[AES256_GCM,data:abcdefgh]",
];

describe("templates, variables, blanks and ciphertext in place of the secret", () => {
  // A hash, a base64 value or a key is recognised by its own form; everywhere else the value's syntax decides.
  const list = samples(3);
  it.each(references)("%s", (reference) => {
    for (const sample of list) {
      const text = sample.text.split(sample.secrets[0]!).join(reference);
      expect(
        scanFormats(text, sample.path).filter((hit) => hit.rule === sample.rule),
        `${sample.rule} in ${sample.path}`,
      ).toEqual([]);
    }
  });
});

describe("weak, not silent", () => {
  it.each([
    ["postgres://app:password@db.corp.dev/x", "database-url"],
    ["postgres://user:pass@localhost:5432/x", "database-url"],
    ["https://admin:admin@example.com/", "basic-auth-url"],
    ["curl -u test:test https://api.corp.dev", "curl-user"],
    ["Server=localhost;Database=a;User Id=sa;Password=Str0ngPassw0rd;", "connection-string"],
    ["CREATE USER app IDENTIFIED BY 'changeme';", "sql-user-password"],
    ["curl -u anna:otter:otter https://api.corp.dev", "curl-user"],
    ["machine localhost login a password b1c2d3e4f5", "netrc"],
  ])("%s", (text, rule) => {
    expect(scanFormats(text)).toMatchObject([{ rule, confidence: "weak" }]);
  });

  it("a strong password for a local host", () => {
    expect(scanFormats(`redis://:${generator(1).password()}@127.0.0.1:6379`)).toMatchObject([{ confidence: "weak" }]);
  });
});

describe("what only looks alike", () => {
  const g = generator(7);
  const secret = g.password();
  const data = Buffer.from(secret).toString("base64");
  it.each([
    ["a port and an address in a query", `http://host.corp.dev:8080/a?mail=x@y.dev`],
    ["a scope in a path", "https://registry.corp.dev:443/@scope/pkg"],
    ["an scp address", `git@git.corp.dev:org/repo.git`],
    ["a URL with a user only", `https://anna@git.corp.dev/x.git`],
    ["a list of URLs", `redis://a.corp.dev:6379,redis://b.corp.dev:6379`],
    ["the concatenation of a password", `db.exec("ALTER USER " + user + " PASSWORD '" + newPassword + "'")`],
    [
      "a SealedSecret",
      `apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nspec:\n  encryptedData:\n    token: Ag${g.text(80)}\n`,
    ],
    ["an ExternalSecret", `kind: ExternalSecret\nspec:\n  data:\n  - secretKey: ${secret}\n`],
    ["another manifest", `kind: ConfigMap\ndata:\n  token: ${data}\n`],
    ["a Secret's public parts", `kind: Secret\ndata:\n  username: ${data}\n  ca.crt: ${data}\n`],
    ["a Secret that SOPS encrypted", `kind: Secret\ndata:\n  token: ENC[AES256_GCM,data:${data},type:str]\n`],
    ["a Secret's annotation", `kind: Secret\nmetadata:\n  annotations:\n    token: ${data}\ntype: Opaque\n`],
    ["an INSERT into another table", `INSERT INTO posts (id, password) VALUES (1, '${secret}');`],
    ["other columns of a user table", `INSERT INTO users (id, name) VALUES (1, '${secret}');`],
    ["a SELECT", `SELECT password FROM users WHERE password = '${secret}'`],
    ["prose about machines", `Resetting the machine account password ${secret} is needed`],
    ["a public JWK", `{"kty": "EC", "crv": "P-256", "x": "${g.text(43)}", "y": "${g.text(43)}"}`],
    ["an encrypted Tink keyset", `{"encryptedKeyset": "${g.text(60)}", "keysetInfo": {"primaryKeyId": 1}}`],
    [
      "a public Tink key",
      `{"keyData": {"typeUrl": "type.googleapis.com/google.crypto.tink.EcdsaPublicKey", "value": "${g.text(40)}", "keyMaterialType": "ASYMMETRIC_PUBLIC"}}`,
    ],
    ["a password that Maven encrypted", `<server><id>a</id><password>{${data}}</password></server>`],
    [
      "a FileZilla password behind a master password",
      `<FileZilla3><Server><Host>a.corp.dev</Host><Pass encoding="crypt">${data}</Pass></Server></FileZilla3>`,
    ],
    ["a docker credential helper", `{"auths": {"hub.corp.dev": {}}, "credsStore": "desktop"}`],
    ["docker login from stdin", `echo x | docker login -u anna --password-stdin`],
    ["a prompt of mysql", `mysql -u root -p shop < dump.sql`],
    ["mysql's port", `mysql -P 3306 -u root`],
    ["curl with a netrc", `curl -n -u anna https://api.corp.dev`],
    ["a header built of parts", `headers["Authorization"] = "Bearer " + token`],
    ["a scheme alone", `WWW-Authenticate: Basic realm="${secret}"`],
    [
      "an output that is not sensitive",
      `{"terraform_version": "1.5.0", "outputs": {"a": {"value": "${secret}", "type": "string"}}, "resources": []}`,
    ],
    ["a DSN without a password", `Server=db.corp.dev;Database=x;Integrated Security=True`],
    ["a form's field", `<input name="password" type="password"> login?user=a&password=${"$"}{p}`],
  ])("%s", (_, text) => {
    expect(scanFormats(text)).toEqual([]);
  });

  it("WordPress's sample phrase and a locked account", () => {
    expect(scanFormats("define('AUTH_KEY', 'put your unique phrase here');", "wp-config.php")).toEqual([]);
    expect(scanFormats("daemon:*:18375:0:99999:7:::\nsync:!:18375::::::\n", "etc/shadow")).toEqual([]);
  });

  it("a user table's rows are read up to a cap", () => {
    const rows = Array.from({ length: 400 }, (_, i) => `(${i}, '${generator(i).password()}')`).join(",\n");
    expect(scanFormats(`INSERT INTO users (id, password) VALUES ${rows};`, "a.sql")).toHaveLength(50);
  });
});
