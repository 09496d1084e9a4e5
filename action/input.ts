/** The inputs of the Action. None has a default in action.yml: what is not set is the policy file's to say. */
import { getInput, warning } from "@actions/core";
import { didYouMean, LeaseholdError } from "../src/error.ts";
import { type Confidence, confidences, type Severity } from "../src/finding.ts";
import { parseThreshold } from "../src/threshold.ts";

const choices = {
  range: ["auto", "diff", "full"],
  comment: ["on-findings", "never", "always"],
  sarif: ["auto", "on", "off"],
  summary: ["always", "on-findings", "never"],
  "on-error": ["fail", "warn"],
} as const;

/** As in action.yml. */
export const inputNames = [
  "range",
  "fail-on",
  "min-confidence",
  "config-file",
  "baseline",
  "comment",
  "sarif",
  "summary",
  "on-error",
  "token",
] as const;

export type Inputs = {
  range: "auto" | "diff" | "full";
  failOn: { severity: Severity; confidence?: Confidence } | undefined;
  minConfidence: Confidence | undefined;
  /** Paths from the root of the repository. */
  configFile: string | undefined;
  baseline: string | undefined;
  comment: "on-findings" | "never" | "always";
  sarif: "auto" | "on" | "off";
  summary: "always" | "on-findings" | "never";
  token: string;
};

/**
 * Read the inputs, which the runner hands over as `INPUT_NAME`. An input that there is not is told with the nearest name.
 * Throws LeaseholdError("usage") for a value that is none.
 */
export function readInputs(): Inputs {
  for (const name of unknownInputs(Object.keys(process.env)))
    warning(`there is no input ${JSON.stringify(name)}${didYouMean(name, inputNames)}`, { title: "Leasehold" });
  const failOn = getInput("fail-on");
  const minConfidence = getInput("min-confidence");
  return {
    range: chosen("range", choices.range),
    failOn: failOn === "" ? undefined : parseThreshold(failOn, "fail-on"),
    minConfidence: minConfidence === "" ? undefined : chosen("min-confidence", confidences),
    configFile: pathInput("config-file"),
    baseline: pathInput("baseline"),
    comment: chosen("comment", choices.comment),
    sarif: chosen("sarif", choices.sarif),
    summary: chosen("summary", choices.summary),
    token: getInput("token"),
  };
}

/** `warn`: a failure of the tool itself does not fail the step. Read apart, because it bears on what is wrong with the others. */
export function onError(): "fail" | "warn" {
  return chosen("on-error", choices["on-error"]);
}

/** Names of inputs that the runner was given and nobody knows. */
function unknownInputs(variables: readonly string[]): string[] {
  return variables
    .filter((name) => name.startsWith("INPUT_"))
    .map((name) => name.slice("INPUT_".length).toLowerCase())
    .filter((name) => !(inputNames as readonly string[]).includes(name));
}

/** The first choice is what counts where nothing is set. */
function chosen<T extends string>(name: string, among: readonly [T, ...T[]] | readonly T[]): T {
  const text = getInput(name);
  const found = text === "" ? among[0] : among.find((choice) => choice === text);
  if (found === undefined)
    throw new LeaseholdError(
      "usage",
      `${name}: expected one of ${among.join(", ")}; found ${JSON.stringify(text)}${didYouMean(text, among)}`,
    );
  return found;
}

/** A path that can be looked up in a commit. */
function pathInput(name: string): string | undefined {
  const text = getInput(name).replace(/^(?:\.\/)+/, "");
  if (text === "") return undefined;
  if (text.startsWith("/") || text.split("/").includes(".."))
    throw new LeaseholdError(
      "usage",
      `${name}: expected a path from the root of the repository, since the file is read from the target branch; found ${JSON.stringify(text)}`,
    );
  return text;
}
