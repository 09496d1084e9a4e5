import { describe, expect, test } from "vitest";
import { z } from "zod";
import { LeaseholdError } from "../src/error.ts";
import { parsePolicy } from "../src/policy/policy-file.ts";
import { readYaml } from "../src/yaml-file.ts";
import { costsFarMore, fill } from "./leak/cost.ts";

/** A policy of about so many characters. */
const ordinary = (length: number): string =>
  `version: 1\npaths:\n  ignore:\n${fill('    - "src/generated/some-file.ts"\n', length)}`.replace(/.*$/, "");

/** The error of reading a policy, as the CLI prints it. */
function fault(text: string, knownRules?: string[]): string {
  try {
    parsePolicy(text, "p.yml", knownRules);
  } catch (error) {
    if (!(error instanceof LeaseholdError)) throw error;
    expect(error.code).toBe("config");
    return `${error.place?.line}:${error.place?.column} ${error.message}`;
  }
  return "none";
}

describe("what YAML allows and these files do not", () => {
  test.each([
    [
      "an alias",
      "version: 1\na: &x [1]\nb: *x\n",
      "2:7 an anchor (&) is not allowed here: write the value out\np.yml:3:4: an alias (*) is not allowed here: write the value out",
    ],
    [
      "a merge key",
      "version: 1\n<<: { mode: observe }\n",
      "2:1 a merge key (<<) is not allowed here: write the keys out",
    ],
    ["a custom tag", "version: !!js/function 1\n", "1:24 a tag (!) is not allowed here: write the plain value"],
    ["a standard tag", "version: !!int 1\n", "1:16 a tag (!) is not allowed here: write the plain value"],
    [
      "a duplicate key",
      "version: 1\nmode: observe\nmode: enforce\n",
      '3:1 the key "mode" stands twice in this mapping: keep one of the two',
    ],
    [
      "a tab",
      "version: 1\npaths:\n\tignore: []\n",
      "3:1 a tab stands where only spaces may stand: indent by two spaces",
    ],
    [
      "a second document",
      "version: 1\n---\nversion: 1\n",
      "2:1 a second YAML document begins here: keep one document, without ---",
    ],
    [
      "a directive",
      "%YAML 1.1\n---\nversion: 1\n",
      "1:1 a line that begins with % (a YAML directive) is not allowed here",
    ],
    ["__proto__", 'version: 1\n"__proto__": { mode: observe }\n', '2:1 unknown key "__proto__"'],
    [
      "an unquoted @",
      "version: 1\nsalt: @x\n",
      '2:7 a value cannot begin with this character: put it in quotes, like "@team"',
    ],
  ])("%s", (_name, text, expected) => {
    expect(fault(text)).toBe(expected);
  });

  test("a bomb of nested aliases is refused at once", () => {
    const levels = Array.from(
      { length: 9 },
      (_, level) =>
        `${"abcdefghi"[level]}: &${"abcdefghi"[level]} [${level === 0 ? "x" : Array(9).fill(`*${"abcdefghi"[level - 1]}`)}]`,
    );
    const bomb = `version: 1\n${levels.join("\n")}\n`;
    expect(fault(bomb)).toMatch(/^2:7 an anchor/);
    expect(
      costsFarMore(
        () => fault(bomb),
        () => fault(ordinary(bomb.length)),
      ),
    ).toBeUndefined();
  });

  test.each([
    ["brackets", "[".repeat(900_000)],
    ["braces", "{a: ".repeat(200_000)],
    ["sequences on one line", "- ".repeat(400_000)],
    ["complex keys", "? ".repeat(400_000)],
    ["many keys", Array.from({ length: 60_000 }, (_, index) => `k${index}: 1\n`).join("")],
  ])("%s: an error, soon", (_name, text) => {
    expect(fault(text)).not.toBe("none");
    expect(
      costsFarMore(
        () => fault(text),
        () => fault(ordinary(text.length)),
      ),
    ).toBeUndefined();
  });

  test("blocks nested by indentation end in an error, not in a crash", () => {
    const text = Array.from({ length: 1300 }, (_, depth) => `${" ".repeat(depth)}a:\n`).join("");
    expect(fault(text)).toMatch(/nested too deeply|unknown key "a"/);
  });

  test("more than 1 MB", () => {
    expect(fault(`version: 1 # ${"x".repeat(1_000_000)}\n`)).toBe("1:1 the file is larger than 1 MB");
  });
});

describe("what is read", () => {
  test("a byte order mark and CRLF, with the right places", () => {
    const read = parsePolicy("\uFEFFversion: 1\r\nmode: observe\r\n", "p.yml");
    expect(read.value.mode).toBe("observe");
    expect(read.placeAt(["mode"])).toMatchObject({ line: 2, column: 7, start: 3 + 12 + 6, end: 3 + 12 + 13 });
    expect(fault("\uFEFFversion: 1\r\nmod: observe\r\n")).toBe('2:1 unknown key "mod"; did you mean "mode"?');
  });

  test("`off` and dates stay text", () => {
    const { value } = parsePolicy("version: 1\nrules: { leak/x: off }\nkeyless: { exit-by: 2027-03-31 }\n", "p.yml");
    expect(value.rules).toEqual({ "leak/x": "off" });
    expect(value.keyless?.["exit-by"]).toBe("2027-03-31");
  });

  test("offsets are bytes", () => {
    const { placeAt } = readYaml("ä: ü\nb: c\n", "f", z.record(z.string(), z.string()));
    expect(placeAt(["b"])).toMatchObject({ start: 10, end: 11, line: 2, column: 4 });
    expect(placeAt(["b"], "key")).toMatchObject({ start: 7, line: 2, column: 1 });
  });

  test("an empty file lacks its version", () => {
    expect(fault("")).toBe('1:1 the key "version" is missing');
    expect(fault("# nothing yet\n")).toBe('1:1 the key "version" is missing');
  });
});

describe("schema faults name the place, what stood there, what was expected and the nearest name", () => {
  test.each([
    [
      "a misspelt key",
      "version: 1\nfail-om:\n  severity: high\n",
      '2:1 unknown key "fail-om"; did you mean "fail-on"?',
    ],
    [
      "a misspelt key further down",
      "version: 1\nfail-on:\n  severty: high\n",
      '3:3 unknown key "severty"; did you mean "severity"?',
    ],
    ["a key like no other", "version: 1\npaths: { zzz: 1 }\n", '2:10 unknown key "zzz"; expected ignore'],
    [
      "a misspelt value",
      "version: 1\nmode: enforced\n",
      '2:7 mode: expected observe or enforce, found "enforced"; did you mean "enforce"?',
    ],
    ["a wrong type", "version: 1\nmode: [observe]\n", "2:7 mode: expected observe or enforce, found a list"],
    ["a list as mapping", "version: 1\nfail-on: [high]\n", "2:10 fail-on: expected a mapping, found a list"],
    ["a mapping as list", "version: 1\ndetectors: { id: x }\n", "2:12 detectors: expected a list, found a mapping"],
    ["a missing detector key", "version: 1\ndetectors:\n  - id: x\n", '3:5 the key "severity" is missing'],
    ["another version", "version: 2\n", "1:10 version: expected 1, found 2"],
    [
      "a day that does not exist",
      "version: 1\nkeyless:\n  exit-by: 2026-02-30\n",
      '3:12 keyless.exit-by: expected a date that exists in the calendar, found "2026-02-30"',
    ],
    [
      "another form of date",
      "version: 1\nkeyless: { exit-by: 31.12.2026 }\n",
      '2:21 keyless.exit-by: expected a date like 2026-12-31, found "31.12.2026"',
    ],
    [
      "days without unit",
      "version: 1\nwaivers:\n  max: 90\n",
      "3:8 waivers.max: expected a number of days like 90d, found 90",
    ],
    [
      "another unit",
      "version: 1\nwaivers: { max: 3 months }\n",
      '2:17 waivers.max: expected a number of days like 90d, found "3 months"',
    ],
    [
      "no days",
      "version: 1\nwaivers: { max: 0d }\n",
      '2:17 waivers.max: expected a number of days like 90d, found "0d"',
    ],
    [
      "a rule's misspelt setting",
      "version: 1\nrules:\n  leak/x: of\n",
      '3:11 rules.leak/x: expected off, on or a mapping, found "of"; did you mean "off"?',
    ],
    [
      "a rule's misspelt key",
      "version: 1\nrules: { leak/x: { severty: low } }\n",
      '2:20 unknown key "severty"; did you mean "severity"?',
    ],
    [
      "a rule's misspelt severity",
      "version: 1\nrules: { leak/x: { severity: lo } }\n",
      '2:30 rules.leak/x.severity: expected critical, high, medium, low or info, found "lo"; did you mean "low"?',
    ],
    [
      "no rule id",
      "version: 1\nrules: { generic: off }\n",
      '2:10 expected a rule id like leak/github-pat, or leak/*, found "generic"',
    ],
    [
      "a date without observe",
      "version: 1\nmode: enforce\nenforce-after: 2027-01-31\n",
      "3:16 enforce-after: only goes with mode: observe, whose last day it sets",
    ],
    [
      "a number as salt",
      "version: 1\nsalt: 1234\n",
      "2:7 salt: expected a text of 1 to 64 letters, digits, - and _ (in quotes when it is all digits), found 1234",
    ],
    ["a key without value", "version: 1\nmode:\n", "2:1 mode: expected observe or enforce, found nothing"],
    [
      "a detector with both",
      "version: 1\ndetectors:\n  - { id: x, severity: low, shape: a, pattern: b, keyword: [abc] }\n",
      "3:5 detectors[0]: expected either a shape or a pattern",
    ],
    [
      "a pattern without keyword",
      "version: 1\ndetectors:\n  - { id: x, severity: low, pattern: b }\n",
      "3:5 detectors[0]: a pattern needs a keyword: literals of which one must stand in the text",
    ],
  ])("%s", (_name, text, expected) => {
    expect(fault(text)).toBe(expected);
  });

  test("a rule that does not exist, when the rules are known", () => {
    const text = "version: 1\nrules:\n  leak/github-pta: off\n  leak/*: on\n";
    expect(fault(text, ["leak/github-pat"])).toBe(
      '3:3 there is no rule "leak/github-pta"; did you mean "leak/github-pat"?',
    );
    expect(fault(text)).toBe("none");
    expect(
      fault('version: 1\nrules: { leak/own: off }\ndetectors: [{ id: own, severity: low, shape: "x" }]\n', []),
    ).toBe("none");
  });

  test("several faults in one error, in the order of the file", () => {
    expect(fault('version: 1\nmod: observe\nwaivers: { max: 5 }\nsalt: ""\n')).toBe(
      [
        '2:1 unknown key "mod"; did you mean "mode"?',
        "p.yml:3:17: waivers.max: expected a number of days like 90d, found 5",
        'p.yml:4:7: salt: expected a text of 1 to 64 letters, digits, - and _, found ""',
      ].join("\n"),
    );
    const many = fault(`version: 1\n${Array.from({ length: 14 }, (_, index) => `zz${index}: 1\n`).join("")}`);
    expect(many.split("\n")).toHaveLength(11);
    expect(many).toMatch(/and 4 more$/);
  });

  test("a pasted secret is measured, not repeated", () => {
    const secret = ["ghp", "0aB".repeat(12)].join("_");
    for (const text of [
      `version: 1\nmode: ${secret}\n`,
      `version: 1\n${secret}: 1\n`,
      `version: 1\nrules: { ${secret}: { severity: lo } }\n`,
    ]) {
      expect(fault(text)).not.toContain(secret.slice(4, 12));
      expect(fault(text)).toContain(`a text of ${secret.length} characters`);
    }
  });
});
