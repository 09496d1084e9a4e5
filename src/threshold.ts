/** From which severity on a scan fails: `high`, `high/likely`. */
import { didYouMean, LeaseholdError } from "./error.ts";
import { type Confidence, confidences, type Severity, severities } from "./finding.ts";

/**
 * In: what was written, and the flag or input it was written for. Out: the severity and, when it was written, the confidence.
 * Throws LeaseholdError("usage") that says what was expected.
 */
export function parseThreshold(text: string, name = "--fail-on"): { severity: Severity; confidence?: Confidence } {
  const [first, second, ...rest] = text.split("/");
  const severity = severities.find((name) => name === first);
  const confidence = confidences.find((name) => name === second);
  if (severity === undefined || rest.length > 0 || (second !== undefined && confidence === undefined)) {
    const hint = severity === undefined ? didYouMean(first ?? "", severities) : didYouMean(second ?? "", confidences);
    throw new LeaseholdError(
      "usage",
      `${name}: expected a severity (${severities.join(", ")}), or one with a confidence (high/likely); found ${JSON.stringify(text)}${hint}`,
    );
  }
  return confidence === undefined ? { severity } : { severity, confidence };
}
