import { describe, expect, it } from "vitest";
import { awsAccountOf, awsKeyId } from "../../../src/leak/proof/aws-key-id.ts";
import { base32 } from "../../../src/leak/proof/base32.ts";
import { bedrock } from "../../../src/leak/proof/bedrock.ts";
import { atlassianDatacenter, bitbucketDatacenter } from "../../../src/leak/proof/datacenter-token.ts";
import { discordBot } from "../../../src/leak/proof/discord-bot.ts";
import { githubPatOwner } from "../../../src/leak/proof/github-pat-owner.ts";
import { gitlabRoutable } from "../../../src/leak/proof/gitlab-routable.ts";
import { jfrogAccess, jfrogReference } from "../../../src/leak/proof/jfrog.ts";
import {
  cloudflareTunnel,
  grafanaCloud,
  grafanaLegacy,
  onepasswordServiceAccount,
  sentryOrg,
} from "../../../src/leak/proof/json-token.ts";
import { sasUrl } from "../../../src/leak/proof/sas-url.ts";

function b64(text: string | Buffer): string {
  return Buffer.from(text).toString("base64");
}

const secret = "s3cr3t".repeat(6);

describe("aws-key-id", () => {
  it("decodes the account", () => {
    expect(awsAccountOf(["AKIA", "IOSFODNN7", "EXAMPLE"].join(""))).toBe("581039954779");
    const bytes = Buffer.alloc(10, 3);
    bytes.writeUIntBE(Number((123456789012n << 7n) | (1n << 47n)), 0, 6);
    const id = `ASIA${base32(bytes)}`;
    expect(awsKeyId.verify(id)).toEqual({
      holds: undefined,
      facts: { kind: "temporary key", account: "123456789012" },
      reason: "the account number decodes from the key id",
    });
  });

  it("gives no account for ids from before 2019, and names those of the documentation", () => {
    expect(awsKeyId.verify(["AKIA", "J", "2".repeat(15)].join("")).facts.account).toBeUndefined();
    expect(awsKeyId.verify(["AKIA", "IOSFODNN7", "EXAMPLE"].join("")).facts).toEqual({
      kind: "long-term key",
      example: "AWS documentation",
    });
  });
});

describe("github-pat-owner", () => {
  it("reads the id before the 0", () => {
    const id = Buffer.alloc(4);
    id.writeUInt32BE(583231);
    const token = ["github", "_pat_", "11", base32(id), "0", "x".repeat(12), "_", "y".repeat(59)].join("");
    expect(githubPatOwner.verify(token)).toMatchObject({ holds: undefined, facts: { owner: "583231" } });
    expect(githubPatOwner.verify(token.replace("0x", "xx")).facts).toEqual({});
  });
});

describe("gitlab-routable", () => {
  function token(routing: string, prefix = ["glp", "at-"].join(""), version = ".01"): string {
    const payload = Buffer.concat([Buffer.from(routing), Buffer.alloc(16, 0x61), Buffer.from([16])]);
    return gitlabRoutable.sign!(`${prefix}${payload.toString("base64url")}${version}.000000000`);
  }

  it("accepts the known vector", () => {
    expect(gitlabRoutable.verify(["glpat", "-", "A".repeat(40), ".01.14", "12lze65"].join("")).holds).toBe(true);
    expect(gitlabRoutable.verify(["glpat", "-", "A".repeat(40), ".01.14", "12lze66"].join("")).holds).toBe(false);
  });

  it("reads the ids, and takes no random byte for part of one", () => {
    expect(gitlabRoutable.verify(token("c:1\no:1\nu:2s"))).toMatchObject({
      holds: true,
      facts: { cell: "1", organization: "1", user: "100" },
    });
    expect(gitlabRoutable.verify(token("g:zz\no:1\np:10\nt:1")).facts).toEqual({
      group: "1295",
      organization: "1",
      project: "36",
      type: "1",
    });
  });

  it("reads tokens without a version, and of other kinds", () => {
    expect(gitlabRoutable.verify(token("o:1", undefined, "")).holds).toBe(true);
    expect(gitlabRoutable.verify(token("o:1", ["glr", "t-t1_"].join("")))).toMatchObject({
      holds: true,
      facts: { organization: "1" },
    });
  });
});

describe("tokens that are JSON", () => {
  it("Sentry: organization, region and date", () => {
    const json = {
      iat: 1700000000.5,
      url: "https://sentry.example",
      region_url: "https://us.sentry.example",
      org: "acme",
    };
    const token = ["sntry", "s_", b64(JSON.stringify(json)), "_", "t".repeat(43)].join("");
    expect(sentryOrg.verify(token)).toMatchObject({
      holds: true,
      facts: {
        organization: "acme",
        host: "sentry.example",
        region: "us.sentry.example",
        issued: "2023-11-14T22:13:20Z",
      },
    });
  });

  it("Grafana: name and organization, never the key", () => {
    const cloud = { o: "42", n: "ci", k: secret, m: { r: "prod-eu" } };
    expect(grafanaCloud.verify(`gl${"c_"}${b64(JSON.stringify(cloud))}`)).toMatchObject({
      holds: true,
      facts: { organization: "42", name: "ci", region: "prod-eu" },
    });
    const legacy = grafanaLegacy.verify(b64(JSON.stringify({ k: secret, n: "ci", id: 1 })));
    expect(legacy).toMatchObject({ holds: true, facts: { name: "ci", organization: "1" } });
    expect(JSON.stringify(legacy)).not.toContain(secret);
  });

  it("1Password and Cloudflare: whose it is, never the secrets", () => {
    const account = {
      signInAddress: "acme.1password.com",
      email: "a@b.example",
      secretKey: secret,
      muk: { k: secret },
    };
    const op = onepasswordServiceAccount.verify(
      `op${"s_"}${Buffer.from(JSON.stringify(account)).toString("base64url")}`,
    );
    expect(op).toMatchObject({ holds: true, facts: { host: "acme.1password.com", user: "a@b.example" } });
    const tunnel = cloudflareTunnel.verify(b64(JSON.stringify({ a: "acc", t: "tun", s: secret })));
    expect(tunnel).toMatchObject({ holds: true, facts: { account: "acc", tunnel: "tun" } });
    expect(JSON.stringify([op, tunnel])).not.toContain(secret);
  });

  it("refuses JSON without the fields, arrays, and what is no JSON", () => {
    expect(cloudflareTunnel.verify(b64('{"a":"x","t":"y"}')).holds).toBe(false);
    expect(cloudflareTunnel.verify(b64('{"a":"x","t":"y","s":1}')).holds).toBe(false);
    expect(cloudflareTunnel.verify(b64('["a"]')).holds).toBe(false);
    expect(cloudflareTunnel.verify(b64('{"a":"x"')).holds).toBe(false);
  });
});

describe("jfrog", () => {
  it("reads the end of a reference token", () => {
    const rest = "r".repeat(27);
    expect(jfrogReference.verify(b64(["reft", `kn:01:1700000000:${rest}`].join("")))).toMatchObject({
      holds: true,
      facts: { version: "01", expires: "2023-11-14T22:13:20Z" },
    });
    expect(jfrogReference.verify(b64(["reft", `kn:01:0:${rest}`].join(""))).facts.expires).toBe("never");
    expect(jfrogReference.verify(b64(["reft", `kn:01:never:${rest}`].join(""))).holds).toBe(false);
  });

  it("neither proves nor refuses an API key that is base58, and reads a JWT", () => {
    const key = ["AK", "Cp", "z".repeat(69)].join("");
    expect(jfrogAccess.verify(key).holds).toBeUndefined();
    expect(jfrogAccess.verify(key.replace("zz", "z0")).holds).toBe(false);
    expect(jfrogAccess.verify(key.slice(0, 60)).holds).toBe(false);
    const jwt = [{ alg: "RS256" }, { iss: "jfac@01" }].map((part) => b64(JSON.stringify(part)).replaceAll("=", ""));
    expect(jfrogAccess.verify(`${jwt.join(".")}.${"s".repeat(64)}`)).toMatchObject({
      holds: true,
      facts: { issuer: "jfac@01", expires: "never" },
    });
  });
});

describe("discord-bot", () => {
  it("dates the bot by its id", () => {
    // The id that Discord's API reference takes apart.
    const token = [b64("175928847299117063"), "abcdef", "x".repeat(27)].join(".");
    expect(discordBot.verify(token)).toMatchObject({
      holds: true,
      facts: { id: "175928847299117063", created: "2016-04-30T11:18:25Z" },
    });
    expect(discordBot.verify([b64("not-a-number-at-all"), "abcdef", "x".repeat(27)].join(".")).holds).toBe(false);
  });
});

describe("bedrock", () => {
  it("reads name and account of a long-term key", () => {
    const result = bedrock.verify(`AB${"SK"}${b64(`BedrockAPIKey-ab12-at-123456789012:${secret}`)}`);
    expect(result).toMatchObject({ holds: true, facts: { user: "BedrockAPIKey-ab12", account: "123456789012" } });
    expect(JSON.stringify(result)).not.toContain(secret);
  });

  it("reads times and region of a short-term key", () => {
    const query = [
      "Action=CallWithBearerToken",
      `X-Amz-Credential=${["ASIA", "Q".repeat(16)].join("")}%2F20250708%2Fus-east-1%2Fbedrock%2Faws4_request`,
      "X-Amz-Date=20250708T120000Z",
      "X-Amz-Expires=43200",
      `X-Amz-Signature=${secret}`,
    ].join("&");
    const result = bedrock.verify(`bedrock-api-${"key-"}${b64(`bedrock.amazonaws.com/?${query}`)}`);
    expect(result).toMatchObject({
      holds: true,
      facts: { region: "us-east-1", issued: "2025-07-08T12:00:00Z", expires: "2025-07-09T00:00:00Z" },
    });
    expect(result.facts.account).toMatch(/^\d{12}$/);
    expect(JSON.stringify(result)).not.toContain(secret);
  });
});

describe("Data Center tokens", () => {
  it("reads the id", () => {
    const bytes = Buffer.concat([Buffer.from("123456789012:"), Buffer.alloc(20, 0xfe)]);
    expect(atlassianDatacenter.verify(b64(bytes))).toMatchObject({ holds: true, facts: { id: "123456789012" } });
    expect(bitbucketDatacenter.verify(`BBD${"C-"}${b64(bytes)}`)).toMatchObject({
      holds: true,
      facts: { id: "123456789012" },
    });
    expect(atlassianDatacenter.verify(b64(Buffer.alloc(33, 0x31))).holds).toBe(false);
  });
});

describe("sas-url", () => {
  const signature = encodeURIComponent(b64(Buffer.alloc(32, 0xfb)));

  it("reads end, rights and resource", () => {
    const url = `https://acme.blob.core.windows.net/c?sv=2022-11-02&st=2025-01-01T00:00:00Z&se=2030-01-02T03%3A04%3A05Z&sr=c&sp=rl&sig=${signature}`;
    expect(sasUrl.verify(url)).toMatchObject({
      holds: true,
      facts: {
        host: "acme.blob.core.windows.net",
        starts: "2025-01-01T00:00:00Z",
        expires: "2030-01-02T03:04:05Z",
        rights: "read, list",
        resource: "container",
      },
    });
    expect(sasUrl.verify(url.replaceAll("&", "&amp;")).holds).toBe(true);
  });

  it("reads the form of the messaging services", () => {
    const token = `SharedAccessSignature sr=https%3A%2F%2Fns.servicebus.windows.net%2Fq&sig=${signature}&se=1900000000&skn=send`;
    expect(sasUrl.verify(token)).toMatchObject({
      holds: true,
      facts: { host: "ns.servicebus.windows.net", expires: "2030-03-17T17:46:40Z", key: "send" },
    });
  });

  it("refuses a signature that is none, and never shows it", () => {
    expect(sasUrl.verify("sv=2022-11-02&se=2030-01-01&sr=b&sp=r&sig=abc").holds).toBe(false);
    expect(sasUrl.verify("sv=2022-11-02&se=2030-01-01&sr=b&sp=r").holds).toBe(false);
    expect(JSON.stringify(sasUrl.verify(`se=2030-01-01&sp=r&sig=${signature}`))).not.toContain(signature);
  });
});
