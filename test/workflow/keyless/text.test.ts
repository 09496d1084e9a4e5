// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of workflows stand in plain strings here.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isCredential, isGeneral, isIdentifier } from "../../../src/workflow/keyless/credential-name.ts";
import { matchesGlob, matchesGlobs } from "../../../src/workflow/keyless/glob.ts";
import { hitsOf, nameIndex, wordsFit, wordsOf } from "../../../src/workflow/keyless/name-pattern.ts";
import { indexOfProgram, operandOf, pipelinesOf } from "../../../src/workflow/keyless/shell-command.ts";
import { compareVersions, inRange } from "../../../src/workflow/keyless/version-range.ts";
import { costsFarMore } from "../../leak/cost.ts";

describe("names", () => {
  test.each([
    ["NPM_TOKEN", "npm token"],
    ["npm-token", "npm token"],
    ["npmToken", "npm token"],
    ["serviceAccountJsonPlainText", "service account json plain text"],
    ["ORG_GRADLE_PROJECT_signingKey", "org gradle project signing key"],
    ["APIKey", "api key"],
  ])("%s is %s", (name, words) => expect(wordsOf(name).join(" ")).toBe(words));

  test.each([
    ["NPM_TOKEN", "NPM_TOKEN", true],
    ["NPM_TOKEN", "NPM_TOKEN_2", true],
    ["NPM_TOKEN", "NPM_TOKEN2", true],
    ["NPM_TOKEN", "NPM_TOKEN_OLD", false],
    ["*_NPM_TOKEN", "ORG_BOT_NPM_TOKEN", true],
    ["*_NPM_TOKEN", "NPM_TOKEN", true],
    ["NPM_*_TOKEN", "NPM_TOKEN", true],
    ["NPM_*_TOKEN", "NPM_X_Y_TOKEN", true],
    ["*BOT_TOKEN", "MYBOT_TOKEN", true],
    ["*BOT_TOKEN", "MYBOTS_TOKEN", false],
    ["TOKEN", "TOKENS", false],
  ])("%s on %s: %s", (pattern, name, fits) => expect(wordsFit(wordsOf(pattern), wordsOf(name))).toBe(fits));

  test("the index finds what a scan of all patterns finds", () => {
    const word = fc.constantFrom("NPM", "TOKEN", "KEY", "A", "BOT", "*", "*BOT", "KEY2");
    const pattern = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join("_"));
    const name = fc
      .array(fc.constantFrom("NPM", "TOKEN", "KEY", "A", "MYBOT", "KEY2", "2"), { minLength: 1, maxLength: 5 })
      .map((words) => words.join("_"));
    fc.assert(
      fc.property(fc.uniqueArray(pattern, { maxLength: 8 }), name, (patterns, text) => {
        const found = hitsOf(nameIndex(patterns.map((one) => [one, one] as const)), text).map(({ filed }) => filed);
        expect([...found].sort()).toEqual(patterns.filter((one) => wordsFit(wordsOf(one), wordsOf(text))).sort());
      }),
    );
  });

  test.each([
    ["NPM_TOKEN", true, false],
    ["SLACK_WEBHOOK_URL", true, false],
    ["AWS_ACCOUNT_ID", false, true],
    ["SSH_PUBLIC_KEY", false, true],
    ["SONAR_PROJECT_KEY", false, true],
    ["DB_HOST", false, true],
    ["FLAVOUR", false, false],
  ])("%s: credential %s, identifier %s", (name, credential, identifier) => {
    expect(isCredential(name)).toBe(credential);
    expect(isIdentifier(name)).toBe(identifier);
  });

  test("general names say nothing of a service", () => {
    expect(isGeneral("API_TOKEN")).toBe(true);
    expect(isGeneral("ACME_TOKEN")).toBe(false);
  });
});

describe("globs", () => {
  test.each([
    ["*.azurecr.io*", "acme.azurecr.io", true],
    ["ghcr.io*", "GHCR.IO/acme", true],
    ["?*", "", false],
    ["", "", true],
    ["a*b*c", "axxbyyc", true],
    ["a*b*c", "axxbyy", false],
  ])("%s on %s: %s", (glob, text, fits) => expect(matchesGlob(glob, text)).toBe(fits));

  test("one that begins with ! refuses", () => {
    expect(matchesGlobs(["?*", "!*cloud*"], "https://own")).toBe(true);
    expect(matchesGlobs(["?*", "!*cloud*"], "https://cloud")).toBe(false);
  });

  test("time stays in bounds on hostile text", () => {
    const text = "a".repeat(20_000);
    const hostile = () => matchesGlob(`${"*a".repeat(20)}b`, text);
    expect(hostile()).toBe(false);
    expect(costsFarMore(hostile, () => matchesGlob(`*${"a".repeat(39)}b`, text))).toBeUndefined();
  });
});

describe("commands", () => {
  const same = (text: string): string => text;
  const shown = (script: string): string =>
    pipelinesOf(script, same)
      .map(({ commands }) => commands.map(({ words }) => words.map(({ text }) => text).join(" ")).join(" | "))
      .join("\n");

  test.each([
    ["echo a && echo b; echo c", "echo a\necho b\necho c"],
    ['echo "$T" |\n  docker login -u x', "echo $T | docker login -u x"],
    ["a \\\n  b \\\r\n  c", "a b c"],
    ["a 'x y' \"z | w\"", "a x y z | w"],
    ["a # it's a remark\nb", "a\nb"],
    ["push -k ${{ secrets.A || 'x' }} -s", "push -k ${{ secrets.A || 'x' }} -s"],
    ["T=$(curl -H x)", "T=$ curl -H x"],
  ])("%j", (script, expected) => expect(shown(script)).toBe(expected));

  test("words stand where they say, in order, whatever the script", () => {
    const part = fc.constantFrom(
      "a",
      " ",
      '"',
      "'",
      "|",
      "&&",
      ";",
      "\n",
      "\\\n",
      "#",
      "${{ x }}",
      "$V",
      "${",
      "`",
      "(",
      ")",
      ">",
      "ü",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        const script = parts.join("");
        let last = 0;
        for (const { commands } of pipelinesOf(script, same)) {
          for (const { words } of commands) {
            for (const word of words) {
              expect(word.start).toBeGreaterThanOrEqual(last);
              expect(word.end).toBeGreaterThan(word.start);
              expect(word.end).toBeLessThanOrEqual(script.length);
              last = word.end;
            }
          }
        }
      }),
    );
  });

  test("a program is found behind what starts it, by path, and with a version", () => {
    const first = (script: string, ...words: string[]): number => {
      const command = pipelinesOf(script, same)[0]?.commands[0];
      return command === undefined ? -2 : indexOfProgram(command, words);
    };
    expect(first("sudo /usr/bin/vercel deploy", "vercel")).toBe(1);
    expect(first("npx vercel@latest deploy", "vercel")).toBe(1);
    expect(first("A=1 B=2 oc.exe login", "oc", "login")).toBe(2);
    expect(first("git push vercel", "vercel")).toBe(-1);
    expect(first("find . -exec dotnet nuget push {} +", "dotnet", "nuget", "push")).toBe(3);
  });

  test.each([
    ["docker login -u a -p b", ""],
    ["docker login -u a --password-stdin quay.io", "quay.io"],
    ["docker login --username=a quay.io", "quay.io"],
    ["docker login ghcr.io -u a", "ghcr.io"],
  ])("the operand of %s is %j", (script, operand) => {
    const command = pipelinesOf(script, same)[0]?.commands[0];
    expect(command && operandOf(command, 2)).toBe(operand);
  });
});

describe("versions", () => {
  test("are compared by number", () => {
    expect(compareVersions("v4.10", "4.9.9")).toBeGreaterThan(0);
    expect(inRange("0.6", "<1")).toBe(true);
    expect(inRange("2", ">=1.2 <3")).toBe(true);
    expect(inRange("3.0.1", ">=1.2 <3")).toBe(false);
  });
});
