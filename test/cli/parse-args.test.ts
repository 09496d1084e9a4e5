import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCommandLine } from "../../src/cli/parse-args.ts";
import { LeaseholdError } from "../../src/error.ts";
import { parseThreshold } from "../../src/threshold.ts";
import { fakeCommand, fakeFlags } from "./fake-io.ts";

const spec = fakeCommand(async () => 0);

function message(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof LeaseholdError && error.code === "usage") return error.message;
    throw error;
  }
  return "";
}

describe("parseCommandLine", () => {
  it("takes the last of a repeated flag, short and long forms, and = or a space", () => {
    const { args } = parseCommandLine(["-f", "text", "--format=json", "-oout.txt", "x"], spec);
    expect(args).toMatchObject({ flags: { format: "json", output: "out.txt" }, positionals: ["x"] });
  });

  it("takes what follows -- as words", () => {
    expect(parseCommandLine(["--", "--format", "-x"], spec).args.positionals).toEqual(["--format", "-x"]);
  });

  it("takes a lone hyphen as a word and as a value", () => {
    expect(parseCommandLine(["-", "-o", "-"], spec).args).toMatchObject({ flags: { output: "-" }, positionals: ["-"] });
  });

  it.each([
    [["--jobs", "0"], '--jobs: expected a whole number from 1, found "0"'],
    [["--jobs", "two"], '--jobs: expected a whole number from 1, found "two"'],
    [["--no-config=yes"], "--no-config takes no value"],
    [["--output", "--format"], "--output needs a value: FILE (write --output=--format if it begins with a hyphen)"],
    [["--output="], "--output needs a value: FILE"],
    [["--level", "high,hgih"], '--level: expected one of high, low; found "hgih"; did you mean "high"?'],
    [["-z"], "scan has no flag -z"],
    [["--directory", "x"], "scan has no flag --directory"],
  ])("%j", (words, sentence) => {
    expect(message(() => parseCommandLine(words, spec))).toBe(sentence);
  });

  it("checks the words of a command that has names for them", () => {
    const named = { ...spec, name: "policy", positionals: { min: 1, max: 1, choices: ["show", "check"] } };
    expect(parseCommandLine(["show"], named).args.positionals).toEqual(["show"]);
    expect(message(() => parseCommandLine([], named))).toBe("policy needs show or check");
    expect(message(() => parseCommandLine(["shwo"], named))).toBe(
      'policy: expected show or check; found "shwo"; did you mean "show"?',
    );
  });

  it("either reads any words or says what is wrong with them", () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom(
        "--",
        "-",
        "-f",
        "--format",
        "json",
        "--jobs=1",
        "--no-config",
        "-C",
        "--__proto__",
        "--constructor",
      ),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 5 }), (words) => {
        const sentence = message(() => {
          const { args } = parseCommandLine(words, spec);
          expect(Object.keys(args.flags)).toEqual(Object.keys(fakeFlags));
        });
        expect(typeof sentence).toBe("string");
      }),
    );
  });
});

describe("parseThreshold", () => {
  it("reads a severity, and one with a confidence", () => {
    expect(parseThreshold("high")).toEqual({ severity: "high" });
    expect(parseThreshold("low/certain")).toEqual({ severity: "low", confidence: "certain" });
  });

  it.each([
    ["hihg", 'found "hihg"; did you mean "high"?'],
    ["high/likly", 'found "high/likly"; did you mean "likely"?'],
    ["high/likely/x", 'found "high/likely/x"'],
    ["", 'found ""'],
  ])("%j", (text, sentence) => {
    expect(message(() => parseThreshold(text))).toContain(sentence);
  });
});
