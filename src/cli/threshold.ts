/** `--fail-on high` and `--fail-on high/likely`. */
import { LeaseholdError } from "../error.ts";
import { type Confidence, confidences, type Severity, severities } from "../finding.ts";
import { didYouMean } from "./parse-args.ts";

/**
 * In: what was written after `--fail-on`. Out: the severity and, when it was written, the confidence.
 * Throws LeaseholdError("usage") that says what was expected.
 */
export function parseThreshold(text: string): { severity: Severity; confidence?: Confidence } {
  const [first, second, ...rest] = text.split("/");
  const severity = severities.find((name) => name === first);
  const confidence = confidences.find((name) => name === second);
  if (severity === undefined || rest.length > 0 || (second !== undefined && confidence === undefined)) {
    const hint = severity === undefined ? didYouMean(first ?? "", severities) : didYouMean(second ?? "", confidences);
    throw new LeaseholdError(
      "usage",
      `--fail-on: expected a severity (${severities.join(", ")}), or one with a confidence (high/likely); found ${JSON.stringify(text)}${hint}`,
    );
  }
  return confidence === undefined ? { severity } : { severity, confidence };
}
