/** Tokens of the rules that ship, drawn from their shapes. */
import { compileShape } from "../../src/leak/matcher.ts";
import { sampleToken } from "../../src/leak/sample.ts";
import { parseShape } from "../../src/leak/shape.ts";
import { shippedRules } from "../../src/scan/shipped-rules.ts";
import { seededDraw } from "./draw.ts";

/** A valid token. In: a rule's slug, a seed. */
export function drawnToken(slug: string, seed: number): string {
  const rule = shippedRules().find((one) => one.id === slug);
  if (rule?.shape === undefined) throw new Error(`${slug} is no rule with a shape`);
  return sampleToken(compileShape(parseShape(rule.shape))[0]!, seededDraw(seed)).token;
}
