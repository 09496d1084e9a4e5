import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { basicAuthUrl, connectionString } from "../../../src/leak/proof/connection-string.ts";

const password = ["Tr0ub", "4dor"].join("");

describe("connection-string", () => {
  it.each([
    [
      `postgres://app:${password}@db.acme.io:5432/shop?sslmode=require`,
      { host: "db.acme.io", user: "app", database: "shop" },
    ],
    [`mongodb+srv://app:${password}@c0.acme.io/shop`, { host: "c0.acme.io", user: "app", database: "shop" }],
    [
      `mongodb://app:${password}@a.acme.io:27017,b.acme.io:27017/shop`,
      { host: "a.acme.io", user: "app", database: "shop" },
    ],
    [`redis://:${password}@cache:6379/0`, { host: "cache", reach: "local", database: "0" }],
    [`postgres://app:p@${password}@db.acme.io/shop`, { host: "db.acme.io", user: "app", database: "shop" }],
    [`postgres://app:p/${password}@db.acme.io/shop`, { host: "db.acme.io", user: "app", database: "shop" }],
    [`postgres://app:p@a/${password}@db.acme.io/shop`, {}],
    [
      `jdbc:postgresql://db.acme.io/shop?user=app&password=${password}`,
      { host: "db.acme.io", user: "app", database: "shop" },
    ],
    [
      `jdbc:sqlserver://db.acme.io:1433;databaseName=shop;user=app;password=${password}@x`,
      { host: "db.acme.io", user: "app", database: "shop" },
    ],
    [
      `Server=tcp:db.acme.io,1433;Initial Catalog=shop;User ID=app;Password=${password};`,
      { host: "db.acme.io", user: "app", database: "shop" },
    ],
    [
      `Data Source=10.0.0.7\\SQL;Database=shop;Uid=app;Pwd=${password}`,
      { host: "10.0.0.7", reach: "private", user: "app", database: "shop" },
    ],
    [`Server=np-1.acme.io;Uid=app;Pwd=${password}`, { host: "np-1.acme.io", user: "app" }],
    [
      `Endpoint=sb://ns.servicebus.windows.net/;SharedAccessKeyName=send;SharedAccessKey=${password}=`,
      { host: "ns.servicebus.windows.net", user: "send" },
    ],
    [`DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=${password}==`, { user: "acme" }],
    [
      `host=localhost user=app password=${password} dbname=shop`,
      { host: "localhost", reach: "local", user: "app", database: "shop" },
    ],
    [`Password="a;host=${password}.io";Server=db.acme.io`, {}],
  ])("%s", (text, facts) => {
    const result = connectionString.verify(text);
    expect(result).toMatchObject({ holds: undefined });
    expect(result.facts).toEqual(facts);
  });

  it("shows no user or database that is the password as well", () => {
    const name = "postgres";
    expect(connectionString.verify(`postgres://${name}:${name}@db.acme.io/${name}`).facts).toEqual({
      host: "db.acme.io",
    });
  });

  it.each([
    ["localhost", "local"],
    ["127.0.0.1", "local"],
    ["[::1]", "local"],
    ["host.docker.internal", "local"],
    ["postgres", "local"],
    ["db.local", "local"],
    ["192.168.1.4", "private"],
    ["172.20.0.2", "private"],
    ["example.com", "example"],
    ["db.example.org", "example"],
    ["your-host.com", "example"],
    ["hostname", "example"],
    ["db.acme.io", undefined],
    ["172.33.0.2", undefined],
  ])("%s is %s", (host, reach) => {
    expect(connectionString.verify(`mysql://app:${password}@${host}/x`).facts.reach).toBe(reach);
  });

  it("never shows the password, whatever it is made of", () => {
    const anyPassword = fc.string({
      unit: fc.constantFrom(..."abcXYZ019@:/;?#&=%-_.!\"' "),
      minLength: 8,
      maxLength: 24,
    });
    fc.assert(
      fc.property(anyPassword, (text) => {
        for (const token of [
          `postgres://app:${text}@db.acme.io/shop`,
          `Server=db.acme.io;User Id=app;Password=${text};Database=shop`,
        ]) {
          for (const value of Object.values(connectionString.verify(token).facts)) {
            expect(value.length >= 4 && text.includes(value)).toBe(false);
          }
        }
      }),
      { numRuns: 1500 },
    );
  });
});

describe("basic-auth-url", () => {
  it("tells host and user, and not the path", () => {
    expect(basicAuthUrl.verify(`https://bot:${password}@git.acme.io/acme/app.git`).facts).toEqual({
      host: "git.acme.io",
      user: "bot",
    });
  });

  it("shows no user that is the token", () => {
    const token = ["abcd1234", "efgh5678", "ijkl9012"].join("");
    expect(basicAuthUrl.verify(`https://${token}@git.acme.io/x`).facts).toEqual({ host: "git.acme.io" });
    expect(basicAuthUrl.verify(`https://${token}:@git.acme.io/x`).facts).toEqual({ host: "git.acme.io" });
    expect(basicAuthUrl.verify(`https://${token}:x-oauth-basic@git.acme.io/x`).facts).toEqual({ host: "git.acme.io" });
    expect(basicAuthUrl.verify(`https://${token}:${password}@git.acme.io/x`).facts).toEqual({ host: "git.acme.io" });
  });
});
