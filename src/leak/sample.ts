/** Test tokens from shapes: valid ones, and near-misses. The caller brings the randomness, so that this stays pure. */
import { type ByteClass, bytesOf } from "./alphabet.ts";
import type { Branch } from "./matcher.ts";
import { checksums } from "./proof/checksum.ts";

/** A number in [0, below), drawn by the caller's generator. */
export type Draw = (below: number) => number;

/** How far a range without a fixed count is stretched in samples: real tokens are seldom longer than this past their minimum. */
const stretch = 24;

/** A token that fits the branch, its checksums right. `valueStart`/`valueEnd` are offsets of the secret part in it. */
export function sampleToken(branch: Branch, draw: Draw): { token: string; valueStart: number; valueEnd: number } {
  const out: number[] = [];
  let coverStart = 0;
  let coverEnd = 0;
  let valueStart = 0;
  let valueEnd = -1;
  for (const step of branch.steps) {
    if (step.kind === "literal") {
      out.push(...step.bytes);
    } else if (step.kind === "class") {
      const length = step.min + draw(Math.min(step.max - step.min, stretch) + 1);
      out.push(...pick(step.table, length, draw));
    } else if (step.kind === "checksum") {
      out.push(
        ...Buffer.from(checksums[step.algorithm]!.compute(Uint8Array.from(out.slice(coverStart, coverEnd))), "latin1"),
      );
    } else if (step.mark === "cover-start") {
      coverStart = out.length;
    } else if (step.mark === "cover-end") {
      coverEnd = out.length;
    } else if (step.mark === "value-start") {
      valueStart = out.length;
    } else {
      valueEnd = out.length;
    }
  }
  return { token: Buffer.from(out).toString("latin1"), valueStart, valueEnd: valueEnd < 0 ? out.length : valueEnd };
}

function pick(table: ByteClass, length: number, draw: Draw): number[] {
  const bytes = bytesOf(table);
  return Array.from({ length }, () => bytes[draw(bytes.length)]!);
}

/** Ways to spoil a token. */
export type NearMiss = "too-short" | "too-long" | "foreign-byte" | "wrong-literal";

/** A token of the branch spoilt in one way, or undefined when that way leaves a token of the same shape. */
export function nearMiss(branch: Branch, way: NearMiss, draw: Draw): string | undefined {
  const { token } = sampleToken(branch, draw);
  const last = branch.steps.filter((s) => s.kind !== "mark").at(-1)!;
  switch (way) {
    case "too-short":
      return branch.minLength === branch.maxLength && branch.minLength > 4 ? token.slice(0, -3) : undefined;
    case "too-long": {
      if (branch.minLength !== branch.maxLength || last.kind === "literal") return undefined;
      return token + Buffer.from(pick(last.table, 3, draw)).toString("latin1");
    }
    case "foreign-byte": {
      // A space right in the middle of the longest class.
      let at = 0;
      let best = -1;
      let bestLength = 7;
      for (const step of branch.steps) {
        const length =
          step.kind === "literal"
            ? step.bytes.length
            : step.kind === "class"
              ? step.min
              : step.kind === "checksum"
                ? step.length
                : 0;
        if (step.kind === "class" && step.min > bestLength && step.min === step.max) {
          best = at + (length >> 1);
          bestLength = length;
        }
        if (step.kind === "class" && step.min !== step.max) break;
        at += length;
      }
      return best < 0 ? undefined : `${token.slice(0, best)} ${token.slice(best + 1)}`;
    }
    case "wrong-literal": {
      const keyword = branch.keyword;
      if (keyword === undefined) return undefined;
      const text = Buffer.from(keyword.bytes).toString("latin1");
      return token.replace(text, `${text.slice(0, -1)}\u00a7`);
    }
  }
}
