import { describe, expect, it } from "vitest";
import { placeholderReason, templateReason } from "../../src/leak/placeholder.ts";
import { base62, drawText, hexDigits, seededDraw } from "./draw.ts";

/** `${` without a template in this file. */
const open = "\u0024{";

describe("templates and references", () => {
  it.each([
    ["a shell variable", "$DB_PASSWORD"],
    ["a shell variable in braces", `${open}DB_PASSWORD}`],
    ["a shell variable with a default", `${open}DB_PASSWORD:-}`],
    ["a command", "$(cat /run/secrets/db)"],
    ["a workflow expression", `${open}{ secrets.DEPLOY_KEY }}`],
    ["Mustache and Jinja", "{{ vault_db_password }}"],
    ["a template of Helm", "{{ .Values.password | quote }}"],
    ["ERB", "<%= ENV['KEY'] %>"],
    ["Ruby", "#{secret}"],
    ["Terraform", `${open}var.db_password}`],
    ["Python's percent form", "%(password)s"],
    ["printf", "%s"],
    ["a Windows variable", "%API_KEY%"],
    ["a PowerShell variable", "$env:API_KEY"],
    ["Node's environment", "process.env.API_KEY"],
    ["Python's environment", "os.environ['API_KEY']"],
    ["Ruby's environment", "ENV['API_KEY']"],
    ["Java's environment", 'System.getenv("API_KEY")'],
    ["Terraform's variable", "var.db_password"],
    ["Terraform's resource", "data.aws_secret.value"],
    ["words in angle brackets", "<your api key>"],
    ["words in square brackets", "[YOUR TOKEN]"],
    ["a word in braces", "{token}"],
    ["an Autoconf name", "@API_KEY@"],
    ["a name with underscores round it", "__API_KEY__"],
    ["a symbol", ":api_key"],
    ["a path of Vault", "vault:secret/data/app#key"],
    ["a reference of 1Password", "op://vault/item/field"],
    ["a parameter store", "ssm:/prod/db/password"],
    ["an ARN", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x"],
    ["a file", "file:///run/secrets/db"],
  ])("%s is a template", (_, value) => {
    expect(templateReason(value)).toBeDefined();
  });

  it.each([
    ["a drawn token", drawText(seededDraw(1), base62, 32)],
    ["a password with a dollar sign at its end", "Zq8kf91x$"],
    ["a password with a percent sign", "Zq8%kf91x"],
    ["a hash of a password", `$2b$12$${drawText(seededDraw(2), `${base62}./`, 53)}`],
    ["a token with a dot", `v1.${drawText(seededDraw(3), base62, 24)}`],
    ["a password with an at sign", "p@ss@Zq8kf9"],
    ["a token behind the name of a scheme", `sk_${drawText(seededDraw(4), base62, 24)}`],
  ])("%s is none", (_, value) => {
    expect(templateReason(value)).toBeUndefined();
  });
});

describe("stand-ins", () => {
  it.each([
    "changeme",
    "CHANGE_ME",
    "please-change-me",
    "your-api-key-here",
    "YOUR_SECRET_TOKEN",
    "example-token-value",
    "sample_key_1",
    "<REDACTED>",
    "xxxxxxxxxxxxxxxx",
    "XXXX-XXXX-XXXX",
    "****************",
    "....................",
    "________________",
    "00000000000000000000000000000000",
    "11111111111111111111",
    "12345678901234567890",
    "abcdefghijklmnop",
    "aaaaaaaaaaaaaaaa",
    "abcabcabcabcabcabc",
    "deadbeefdeadbeef",
    "dummy-password",
    "fake_token",
    "not-real-secret",
    "insert-token-here",
    "TODO",
    "null",
    "None",
    "undefined",
    "true",
    "string",
    "optional",
    "password",
    "my-secret",
    "mySecretKey",
    "test",
    "test123",
    "admin-password",
    "secret123",
  ])("%s stands in", (value) => {
    expect(placeholderReason(value)).toBeDefined();
  });

  it("takes next to no drawn value for one", () => {
    const draw = seededDraw(8);
    let refused = 0;
    for (let i = 0; i < 2000; i++) {
      if (placeholderReason(drawText(draw, base62, 32)) !== undefined) refused++;
      if (placeholderReason(drawText(draw, hexDigits, 40)) !== undefined) refused++;
      if (placeholderReason(drawText(draw, base62.slice(0, 36), 20)) !== undefined) refused++;
    }
    expect(refused).toBeLessThanOrEqual(2);
  });

  it.each(["Zq8#kf91x", "hunter2-Winter", "S3cure!Pa55", "tr0ub4dor&3", "kX9-pL2-mQ7"])("%s is none", (value) => {
    expect(placeholderReason(value)).toBeUndefined();
  });

  it("says why without the value", () => {
    for (const value of ["changeme-9Xk2", "xxxxxxxx9Xk2", "abcabcabc9Xk29Xk2"]) {
      expect(placeholderReason(value) ?? "").not.toContain("9Xk2");
    }
  });
});
