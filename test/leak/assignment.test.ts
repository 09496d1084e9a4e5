import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assignmentBefore, valueAfter } from "../../src/leak/assignment.ts";
import { base62, drawText, seededDraw } from "./draw.ts";

const value = drawText(seededDraw(21), base62, 24);

/** How a language writes an assignment: `@` is where the value stands. */
type Row = [language: string, written: string, name: string, by?: string];

const both: Row[] = [
  ["env", "DB_PASSWORD=@", "DB_PASSWORD"],
  ["env, quoted", 'DB_PASSWORD="@"', "DB_PASSWORD"],
  ["env, single quotes", "DB_PASSWORD='@'", "DB_PASSWORD"],
  ["env with spaces", "DB_PASSWORD = @", "DB_PASSWORD"],
  ["shell export", "export DB_PASSWORD=@", "DB_PASSWORD"],
  ["shell export, quoted", 'export DB_PASSWORD="@"', "DB_PASSWORD"],
  ["YAML", "  db_password: @", "db_password"],
  ["YAML, quoted", '  db_password: "@"', "db_password"],
  ["YAML, in a list", "- db-password: @", "db-password"],
  ["YAML, flow", "{ db_password: @, port: 1 }", "db_password"],
  ["YAML, quoted key", "  \"db_password\": '@'", "db_password"],
  ["JSON", '  "dbPassword": "@",', "dbPassword"],
  ["JSON without spaces", '{"dbPassword":"@"}', "dbPassword"],
  ["JSON inside a string", '"{\\"dbPassword\\": \\"@\\"}"', "dbPassword"],
  ["TOML", 'db_password = "@"', "db_password"],
  ["TOML, dotted", 'db.password = "@"', "db.password"],
  ["INI", "password=@", "password"],
  ["INI with colon", "password: @", "password"],
  ["properties", "spring.datasource.password=@", "spring.datasource.password"],
  ["XML element", "<dbPassword>@</dbPassword>", "dbPassword", "element"],
  ["XML element with a namespace", "<m:password>@</m:password>", "m:password", "element"],
  ["XML attribute", '<server dbPassword="@"/>', "dbPassword"],
  ["Python", "db_password = '@'", "db_password"],
  ["Python with a type", 'db_password: str = "@"', "db_password"],
  ["Python keyword argument", 'connect(db_password="@")', "db_password"],
  ["Python bytes", "db_password = b'@'", "db_password"],
  ["Python dict", "{'db_password': '@'}", "db_password"],
  ["Python subscript", "config['db_password'] = '@'", "db_password"],
  ["JavaScript", 'const dbPassword = "@";', "dbPassword"],
  ["JavaScript object", "{ dbPassword: '@' }", "dbPassword"],
  ["JavaScript template", "const dbPassword = `@`;", "dbPassword"],
  ["JavaScript member", 'config.dbPassword = "@"', "config.dbPassword"],
  ["JavaScript or", 'x = process.env.DB_PASSWORD || "@"', "process.env.DB_PASSWORD"],
  ["JavaScript nullish", 'x = process.env.DB_PASSWORD ?? "@"', "process.env.DB_PASSWORD"],
  ["JavaScript comparison", 'if (dbPassword === "@")', "dbPassword"],
  ["TypeScript", 'const dbPassword: string = "@";', "dbPassword"],
  ["Go", 'dbPassword := "@"', "dbPassword"],
  ["Go const", 'const dbPassword = "@"', "dbPassword"],
  ["Go struct", 'Config{DbPassword: "@"}', "DbPassword"],
  ["Go, raw", "dbPassword := `@`", "dbPassword"],
  ["Java", 'private static final String DB_PASSWORD = "@";', "DB_PASSWORD"],
  ["Java setter", 'props.setPassword("@");', "props.setPassword", "call"],
  ["Java put", 'props.put("db.password", "@");', "db.password", "call"],
  ["Kotlin", 'val dbPassword: String = "@"', "dbPassword"],
  ["C#", 'var dbPassword = "@";', "dbPassword"],
  ["C#, verbatim", 'var dbPassword = @"@";', "dbPassword"],
  ["C# index", 'config["DbPassword"] = "@";', "DbPassword"],
  ["PHP", "$dbPassword = '@';", "$dbPassword"],
  ["PHP array", "'db_password' => '@',", "db_password"],
  ["PHP define", "define('DB_PASSWORD', '@');", "DB_PASSWORD", "call"],
  ["Ruby", "db_password = '@'", "db_password"],
  ["Ruby hash rocket", ":db_password => '@'", "db_password"],
  ["Ruby symbol", "db_password: '@'", "db_password"],
  ["Ruby or", "ENV['DB_PASSWORD'] || '@'", "DB_PASSWORD"],
  ["Rust", 'let db_password = "@";', "db_password"],
  ["Rust with a type", 'const DB_PASSWORD: &str = "@";', "DB_PASSWORD"],
  ["Swift", 'let dbPassword = "@"', "dbPassword"],
  ["Objective-C", 'NSString *dbPassword = @"@";', "dbPassword"],
  ["R", 'db_password <- "@"', "db_password"],
  ["Lua", 'db_password = "@"', "db_password"],
  ["Dockerfile ENV", "ENV DB_PASSWORD=@", "DB_PASSWORD"],
  ["Dockerfile ARG", "ARG DB_PASSWORD=@", "DB_PASSWORD"],
  ["PowerShell", "$DbPassword = '@'", "$DbPassword"],
  ["PowerShell environment", '$env:DB_PASSWORD = "@"', "DB_PASSWORD"],
  ["Windows set", "set DB_PASSWORD=@", "DB_PASSWORD"],
  ["Makefile", "DB_PASSWORD := @", "DB_PASSWORD"],
  ["Makefile with default", "DB_PASSWORD ?= @", "DB_PASSWORD"],
  ["HCL", 'db_password = "@"', "db_password"],
  ["HCL, aligned", 'db_password         = "@"', "db_password"],
  ["SQL comparison", "WHERE password = '@'", "password"],
  ["SQL set", "SET PASSWORD = '@'", "PASSWORD"],
  ["URL query", "https://host.test/?api_key=@&x=1", "api_key"],
  ["header in a file", "X-Api-Key: @", "X-Api-Key"],
  ["header in code", "'X-Api-Key': '@'", "X-Api-Key"],
  ["flag with equals sign", "tool --db-password=@ run", "--db-password"],
  ["connection string", "Server=db;Password=@;Port=1", "Password"],
];

const backwardsOnly: Row[] = [
  ["flag and value", "tool --db-password @ run", "--db-password", "flag"],
  ["Dockerfile ENV with a space", "ENV DB_PASSWORD @", "DB_PASSWORD"],
  ["setx", 'setx DB_PASSWORD "@"', "DB_PASSWORD"],
  ["header with a scheme", "Authorization: Bearer @", "Authorization", "scheme"],
  ["header with a scheme in code", '"Authorization": "Bearer @"', "Authorization", "scheme"],
  ["header of curl", "curl -H 'Authorization: token @'", "Authorization", "scheme"],
  ["a scheme alone", "Bearer @", "Bearer", "scheme"],
  ["a list of Kubernetes", "- name: DB_PASSWORD\n  value: @", "DB_PASSWORD", "attribute"],
  ["a list of Kubernetes, quoted", '- name: DB_PASSWORD\n  value: "@"', "DB_PASSWORD", "attribute"],
  ["a list of ECS", '{ "name": "DB_PASSWORD", "value": "@" }', "DB_PASSWORD", "attribute"],
  ["settings of .NET", '<add key="DbPassword" value="@" />', "DbPassword", "attribute"],
  ["a value on the next line", "db_password:\n    @", "db_password"],
  ["a value on the next line, quoted", 'const dbPassword =\n  "@";', "dbPassword"],
];

function planted(written: string): { text: string; at: number } {
  // The last `@` that stands where a value may: C# and Objective-C write one before the quote as well.
  const at = written.lastIndexOf("@");
  return {
    text: `first line\n${written.slice(0, at)}${value}${written.slice(at + 1)}\nlast line`,
    at: "first line\n".length + at,
  };
}

describe("what a value is assigned under", () => {
  it.each([...both, ...backwardsOnly])("%s: %s", (_, written, name, by) => {
    const { text, at } = planted(written);
    const found = assignmentBefore(text, at);
    expect(found?.name.replace(/^-+/, "")).toBe(name.replace(/^-+/, ""));
    if (by !== undefined) expect(found?.by).toBe(by);
    expect(found?.quoted).toBe(/["'`]/.test(text[at - 1]!));
  });

  it.each([
    ["a word in a sentence", "the token is @ today"],
    ["the first thing on a line", "@"],
    ["the element of a list", '["@"]'],
    ["an argument without a name", "f(1, @)"],
    ["an address", "see https://host.test/@"],
  ])("nothing for %s", (_, written) => {
    const { text, at } = planted(written);
    const name = assignmentBefore(text, at)?.name;
    expect(name === undefined || !/token|pass|key/i.test(name)).toBe(true);
  });

  it("does not reach over two lines, nor over 200 characters", () => {
    expect(assignmentBefore(`password:\n\n\n  ${value}`, 14)).toBeUndefined();
    expect(assignmentBefore(`password = ${" ".repeat(300)}${value}`, 311)).toBeUndefined();
  });
});

describe("the value given to a name", () => {
  it.each(both.filter(([language]) => !/^(?:C#, verbatim|Ruby hash rocket|Java put|PHP define)$/.test(language)))(
    "%s: %s",
    (_, written, name) => {
      const { text, at } = planted(written);
      const bare = name.replace(/^[-$:]+/, "");
      const nameEnd = text.lastIndexOf(bare, at) + bare.length;
      expect(valueAfter(text, nameEnd)).toMatchObject({
        start: at,
        end: at + value.length,
        quoted: /["'`]/.test(text[at - 1]!),
      });
    },
  );

  it.each<[string, string]>([
    ["the end of the text", "password"],
    ["a word after it", "password_reset and more"],
    ["an empty value", 'password = ""'],
    ["a value on the next line", "password =\n  x"],
    ["a declaration", "password;"],
    ["an open quote", `password = "${"x".repeat(20)}\n`],
    ["a call of something else", 'password(user, "x")'],
  ])("none for %s", (_, text) => {
    expect(valueAfter(text, "password".length)).toBeUndefined();
  });

  it("ends at the quote that is not escaped", () => {
    const text = 'password = "ab\\"cd" + x';
    expect(valueAfter(text, 8)).toMatchObject({ start: 12, end: 18 });
  });

  it("without quotes ends at what ends a value in some language", () => {
    for (const end of [" ", ",", ";", ")", "}", "]", '"', "'", "<", "&", "\n"]) {
      expect(valueAfter(`password=Zq8kf91x${end}rest`, 8), end).toMatchObject({ start: 9, end: 17 });
    }
  });
});

describe("both readings", () => {
  const text = fc.string({
    unit: fc.constantFrom(
      "a",
      "Z",
      "_",
      "-",
      ".",
      "=",
      ":",
      ">",
      "<",
      '"',
      "'",
      "`",
      "\\",
      "(",
      ")",
      "[",
      "]",
      "{",
      "}",
      ",",
      ";",
      "|",
      "?",
      "@",
      "$",
      " ",
      "\t",
      "\n",
      "\r",
      "\u00ff",
    ),
    maxLength: 60,
  });

  it("never throw, and stay inside the text", () => {
    fc.assert(
      fc.property(text, fc.nat(60), (content, offset) => {
        const at = Math.min(offset, content.length);
        const before = assignmentBefore(content, at);
        if (before !== undefined) expect(content.slice(0, at)).toContain(before.name);
        const after = valueAfter(content, at);
        if (after !== undefined) {
          expect(after.start).toBeGreaterThanOrEqual(at);
          expect(after.end).toBeGreaterThan(after.start);
          expect(after.end).toBeLessThanOrEqual(content.length);
          expect(content.slice(after.start, after.end)).not.toContain("\n");
        }
      }),
      { numRuns: 2000 },
    );
  });
});
