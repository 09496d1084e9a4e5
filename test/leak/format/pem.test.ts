import { describe, expect, it } from "vitest";
import { generator } from "./generator.ts";
import { der, opensshPem, pem, pgpBlock, publicPem, puttyFile } from "./private-keys.ts";
import { hitText, scanFormats } from "./scan-formats.ts";

const crlf = (text: string): string => text.replaceAll("\n", "\r\n");

describe("what a block says of itself", () => {
  it.each([
    ["pem-private-key", pem.rsaPkcs1, { key: "RSA", bits: "1024", encrypted: "no" }],
    ["pem-private-key", pem.rsaPkcs8, { key: "RSA", bits: "1024", encrypted: "no" }],
    ["pem-private-key", pem.ecSec1, { key: "EC P-256", encrypted: "no" }],
    ["pem-private-key", pem.ecPkcs8, { key: "EC P-256", encrypted: "no" }],
    ["pem-private-key", pem.ed25519, { key: "Ed25519", encrypted: "no" }],
    ["pem-private-key", pem.dsaPkcs8, { key: "DSA", encrypted: "no" }],
    ["encrypted-private-key", pem.encryptedPkcs8, { encrypted: "yes" }],
    ["openssh-private-key", opensshPem("none", 1), { key: "ssh-ed25519", cipher: "none", encrypted: "no" }],
    [
      "openssh-private-key",
      opensshPem("aes256-ctr", 1),
      { key: "ssh-ed25519", cipher: "aes256-ctr", encrypted: "yes" },
    ],
    ["pgp-private-key", pgpBlock(0, 1), { key: "EdDSA", encrypted: "no" }],
    ["pgp-private-key", pgpBlock(254, 1), { key: "EdDSA", encrypted: "yes" }],
  ])("%s %#", (rule, block, facts) => {
    for (const text of [`a\n${block}\nb`, crlf(`a\n${block}\nb`), block]) {
      const hits = scanFormats(text, "x.txt");
      expect(hits).toHaveLength(1);
      expect(hits[0]).toMatchObject({ rule, confidence: "certain", facts });
      expect(hits[0]?.severity).toBe(facts.encrypted === "yes" ? "medium" : undefined);
      expect(hitText(text, hits[0]!)).toBe(text.includes("\r") ? crlf(block) : block);
    }
  });

  it("reads the headers of RFC 1421", () => {
    const [hit, ...rest] = scanFormats(pem.encryptedPkcs1);
    expect(rest).toEqual([]);
    expect(hit).toMatchObject({
      rule: "encrypted-private-key",
      confidence: "likely",
      severity: "medium",
      facts: { key: "RSA", encrypted: "yes", cipher: "AES-128-CBC" },
    });
  });

  it("knows the key of a GitHub App by its file", () => {
    expect(scanFormats(pem.rsaPkcs1, "bot.2024-01-01.private-key.pem")[0]?.rule).toBe("github-app-private-key");
    expect(scanFormats(`github_app_id: 1\nkey: |\n${pem.rsaPkcs1}`, "a.yml")[0]?.rule).toBe("github-app-private-key");
  });
});

describe("how a block is written into a file", () => {
  const lines = pem.rsaPkcs1.split("\n");
  const ways: [string, string][] = [
    ["escaped on one line", `{"key": "${lines.join("\\n")}\\n"}`],
    ["escaped twice", `{"key": "${lines.join("\\\\n")}\\\\n"}`],
    ["escaped with CR", `key="${lines.join("\\r\\n")}"`],
    ["a YAML block", `key: |\n${lines.map((line) => `    ${line}`).join("\n")}\nnext: 1\n`],
    ["joined by +", `const key =\n${lines.map((line) => `  "${line}\\n"`).join(" +\n")};\n`],
    ["joined by .", `$key = ${lines.map((line) => `'${line}'`).join(' . "\\n" .\n  ')};\n`],
    ["side by side", `key = (${lines.map((line) => `b'${line}\\n'`).join("\n       ")})\n`],
    ["continued lines", `char *key = "${lines.join("\\n\\\n")}";\n`],
    ["an array", `[${lines.map((line) => `"${line}"`).join(",\n ")}]\n`],
    ["a comment", `${lines.map((line) => `# ${line}`).join("\n")}\n`],
    ["a quoted mail", `${lines.map((line) => `> ${line}`).join("\n")}\n`],
    ["a patch", `${lines.map((line) => `+${line}`).join("\n")}\n`],
    ["blanks for line endings", `KEY="${lines.join(" ")}"\n`],
    ["JSON with escaped slashes", `{"key": "${lines.join("\\n").replaceAll("/", "\\/")}"}`],
    ["without its end", `${lines.slice(0, -1).join("\n")}\n\nText that follows.\n`],
  ];
  it.each(ways)("%s", (way, text) => {
    const hits = scanFormats(text, "x.txt", "pem-private-key");
    expect(hits).toHaveLength(1);
    expect(hits[0]).toMatchObject({
      confidence: way === "without its end" ? "likely" : "certain",
      facts: { key: "RSA" },
    });
    const found = hitText(text, hits[0]!);
    expect(found.startsWith("-----BEGIN")).toBe(true);
    expect(found.endsWith(way === "without its end" ? lines.at(-2)! : "KEY-----")).toBe(true);
  });

  it("calls a truncated key weak", () => {
    const cut = [...lines.slice(0, 4), lines.at(-1)].join("\n");
    expect(scanFormats(cut)).toMatchObject([{ rule: "pem-private-key", confidence: "weak" }]);
  });

  it("finds two keys that follow each other", () => {
    const text = `${pem.ecSec1}\n${pem.rsaPkcs1}\n`;
    expect(scanFormats(text).map((hit) => hitText(text, hit))).toEqual([pem.ecSec1, pem.rsaPkcs1]);
  });
});

describe("what is no private key", () => {
  const [opening = "", first = "", ...rest] = pem.rsaPkcs1.split("\n");
  const closing = rest.at(-1) ?? "";
  it.each([
    ["the words alone", `if (text.includes("${opening}")) {`],
    ["an empty block", `${opening}\n${closing}`],
    ["an elided block", `${opening}\n${first}\n...\n${first}\n${closing}`],
    ["an elided line", `${opening}\n${first}…\n${closing}`],
    ["a placeholder", `${opening}\n<your key here>\n${closing}`],
    ["a template", `${opening}\n${"$"}{PRIVATE_KEY_BODY}\n${closing}`],
    ["a regular expression", `/${opening}[A-Za-z0-9+\\/=\\s]+${closing}/`],
    ["one letter over and over", `${opening}\n${"A".repeat(300)}\n${closing}`],
    ["a public key", publicPem.spki],
    ["a PKCS#1 public key", publicPem.pkcs1],
    ["a certificate", publicPem.spki.replaceAll("PUBLIC KEY", "CERTIFICATE")],
  ])("%s", (_, text) => {
    expect(scanFormats(text)).toEqual([]);
  });
});

describe("other containers of keys", () => {
  it.each(["none", "aes256-cbc"])("PuTTY, encryption %s", (encryption) => {
    const { text, secret } = puttyFile(encryption, 3);
    for (const file of [text, crlf(text)]) {
      const hits = scanFormats(file, "key.ppk");
      expect(hits).toHaveLength(1);
      expect(hitText(file, hits[0]!).replaceAll("\r", "")).toBe(secret);
      expect(hits[0]).toMatchObject({
        rule: "putty-private-key",
        confidence: "certain",
        facts: { key: "ssh-ed25519", encrypted: encryption === "none" ? "no" : "yes" },
      });
    }
    expect(scanFormats(text.split("\n").slice(0, 8).join("\n"), "key.ppk")[0]?.confidence).toBe("weak");
  });

  it("keys in DER, with and without a path", () => {
    for (const path of ["server.der", undefined]) {
      expect(scanFormats(der.rsaPkcs8, path)).toMatchObject([
        { rule: "der-private-key", start: 0, end: der.rsaPkcs8.length, facts: { key: "RSA" } },
      ]);
      expect(scanFormats(der.ecSec1, path)).toMatchObject([{ rule: "der-private-key", facts: { key: "EC P-256" } }]);
    }
    expect(scanFormats(der.rsaPkcs8.subarray(0, 100), "server.der")).toEqual([]);
  });

  it("key stores by their magic bytes, and no text file by its name", () => {
    const g = generator(5);
    const jks = Buffer.concat([Buffer.from([0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2]), g.bytes(200)]);
    const pfxHead = [0x30, 0x82, 1, 0, 2, 1, 3, 0x30, 0x82, 0, 0xf0, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
    const pfx = Buffer.concat([Buffer.from(pfxHead), g.bytes(238)]);
    const safe = Buffer.concat([Buffer.from([3, 0xd9, 0xa2, 0x9a, 0x67, 0xfb, 0x4b, 0xb5]), g.bytes(100)]);
    for (const [bytes, type] of [
      [jks, "JKS"],
      [pfx, "PKCS#12"],
      [safe, "KeePass"],
    ] as const) {
      for (const path of ["app.p12", undefined]) {
        expect(scanFormats(bytes, path)).toMatchObject([
          { rule: "keystore-file", start: 0, end: bytes.length, facts: { type } },
        ]);
      }
    }
    expect(scanFormats(jks, "truststore.jks")[0]?.confidence).toBe("weak");
    expect(scanFormats("storePassword=\n", "app.keystore")).toEqual([]);
  });

  it("a service account key, with the bounds of its PEM block", () => {
    const key = pem.rsaPkcs8.split("\n").join("\\n");
    const text = `{\n  "type": "service_account",\n  "project_id": "p-1",\n  "private_key_id": "${generator(1).hex(40)}",\n  "private_key": "${key}\\n",\n  "client_email": "a@p-1.iam.gserviceaccount.com"\n}\n`;
    const hit = scanFormats(text, "key.json").find(({ rule }) => rule === "gcp-service-account")!;
    expect(hitText(text, hit)).toBe(key);
    expect(hit).toMatchObject({
      confidence: "certain",
      facts: { account: "a@p-1.iam.gserviceaccount.com", project: "p-1" },
    });
    expect(scanFormats(text.replace("service_account", "external_account"), "key.json", "gcp-service-account")).toEqual(
      [],
    );
  });

  it("the client key of a kubeconfig", () => {
    const data = Buffer.from(pem.ecSec1).toString("base64");
    const text = `kind: Config\nusers:\n- name: admin\n  user:\n    client-certificate-data: ${Buffer.from(publicPem.spki).toString("base64")}\n    client-key-data: ${data}\n`;
    const hits = scanFormats(text, "config", "kubeconfig");
    expect(hits.map((hit) => hitText(text, hit))).toEqual([data]);
    expect(hits[0]).toMatchObject({ rule: "kubernetes-kubeconfig", confidence: "certain", facts: { user: "admin" } });
  });

  it("an OpenVPN static key", () => {
    const body = (generator(4).hex(512).match(/.{32}/g) ?? []).join("\n");
    const text = `<tls-auth>\n-----BEGIN OpenVPN Static key V1-----\n${body}\n-----END OpenVPN Static key V1-----\n</tls-auth>\n`;
    expect(scanFormats(text)).toMatchObject([
      { rule: "openvpn-static-key", confidence: "certain", facts: { bits: "2048" } },
    ]);
  });
});
