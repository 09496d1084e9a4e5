/** Tokens that are a JSON object in base64: Sentry, Grafana, 1Password, Cloudflare Tunnel. */
import { encodeInPlaceOf, fillFrom, roomIn } from "./base64.ts";
import { asObject, decodeJsonObject, hostOf, type JsonObject } from "./json-object.ts";
import type { Proof } from "./proof.ts";
import { disproved, factsOf, isoTime, proved } from "./result.ts";

type JsonToken = {
  /** Literal before the JSON. */
  prefix: string;
  /** What follows the JSON in the token, from its offset in the part after the prefix. */
  end?: (body: string) => number;
  /** Fields that must be there, with their types. */
  fields: Record<string, "string" | "number">;
  facts: (json: JsonObject) => Record<string, string>;
  /** JSON text of a sample before and after its free part. */
  sample: readonly [before: string, after: string];
};

function jsonToken(format: JsonToken): Proof {
  function partsOf(token: string): [head: string, json: string, tail: string] {
    const from = token.startsWith(format.prefix) ? format.prefix.length : 0;
    const body = token.slice(from);
    const end = format.end?.(body) ?? body.length;
    return [token.slice(0, from), body.slice(0, end), body.slice(end)];
  }
  return {
    verify(token) {
      const json = decodeJsonObject(partsOf(token)[1]);
      if (json === undefined) return disproved("the decoded part is not JSON");
      const fits = Object.entries(format.fields).every(
        ([key, type]) => Object.hasOwn(json, key) && typeof json[key] === type,
      );
      return fits
        ? proved("the decoded part is JSON with the expected fields", format.facts(json))
        : disproved("the decoded JSON lacks an expected field");
    },
    sign(token) {
      const [head, text, tail] = partsOf(token);
      const [before, after] = format.sample;
      const room = roomIn(text) - before.length - after.length;
      const json = before + fillFrom(text.slice(8), Math.max(room, 8)) + after;
      return head + encodeInPlaceOf(text, Buffer.from(json), "base64url") + tail;
    },
  };
}

/** Sentry organization tokens. Facts: `organization`, `host`, `region`, `issued`. */
export const sentryOrg: Proof = jsonToken({
  prefix: "sntrys_",
  end: (body) => (body.lastIndexOf("_") < 0 ? body.length : body.lastIndexOf("_")),
  fields: { iat: "number", org: "string" },
  facts: (json) =>
    factsOf({
      organization: json.org,
      host: hostOf(json.url),
      region: hostOf(json.region_url),
      issued: isoTime(json.iat),
    }),
  sample: ['{"iat":1600000000.1,"url":"https://sentry.example","region_url":"","org":"', '"}'],
});

/** Grafana Cloud access-policy tokens. Facts: `organization`, `name`, `region`. */
export const grafanaCloud: Proof = jsonToken({
  prefix: "glc_",
  fields: { o: "string", n: "string", k: "string" },
  facts: (json) => factsOf({ organization: json.o, name: json.n, region: asObject(json.m).r }),
  sample: ['{"o":"1","n":"n","k":"', '","m":{"r":"us"}}'],
});

/** API keys of older Grafana servers. Facts: `name`, `organization`. */
export const grafanaLegacy: Proof = jsonToken({
  prefix: "",
  fields: { k: "string", n: "string", id: "number" },
  facts: (json) => factsOf({ name: json.n, organization: json.id }),
  sample: ['{"k":"', '","n":"n","id":1}'],
});

/** 1Password service-account tokens. Facts: `host`, `user` (the account's own address). */
export const onepasswordServiceAccount: Proof = jsonToken({
  prefix: "ops_",
  fields: { signInAddress: "string", email: "string", secretKey: "string" },
  facts: (json) => factsOf({ host: hostOf(json.signInAddress), user: json.email }),
  sample: ['{"signInAddress":"my.example","email":"a@b.example","secretKey":"', '"}'],
});

/** Cloudflare Tunnel tokens. Facts: `account`, `tunnel`. */
export const cloudflareTunnel: Proof = jsonToken({
  prefix: "",
  fields: { a: "string", t: "string", s: "string" },
  facts: (json) => factsOf({ account: json.a, tunnel: json.t }),
  sample: ['{"a":"0123456789abcdef0123456789abcdef","t":"00000000-0000-4000-8000-000000000000","s":"', '"}'],
});
