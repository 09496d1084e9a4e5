/** Valid tokens of the shipped rules, and the texts they are planted in. */
import { type ByteClass, bytesOf } from "../../src/leak/alphabet.ts";
import { keyKind } from "../../src/leak/key-name.ts";
import { type Branch, matchBranch, type Step } from "../../src/leak/matcher.ts";
import { placeholderReason, templateReason } from "../../src/leak/placeholder.ts";
import { characterCounts, looksRandom } from "../../src/leak/randomness.ts";
import type { LeakRule } from "../../src/leak/rule.ts";
import type { CompiledRule } from "../../src/leak/rule-set.ts";
import { type Draw, sampleToken } from "../../src/leak/sample.ts";
import { harmlessReason } from "../../src/leak/structure.ts";

/** A token that its rule must find. Offsets are those of the secret part in it. */
export type Sample = { token: string; valueStart: number; valueEnd: number };

/** How often a token may be drawn anew because the tests for stand-ins refuse it, as they should refuse some. */
const redraws = 40;

/**
 * A token of one branch of a rule, signed by the rule's proof where it can sign.
 * Throws when no token is accepted after some draws: such a rule would never find anything.
 */
export function drawSample(compiled: CompiledRule, branch: Branch, draw: Draw): Sample {
  let refusal = "";
  for (let tries = 0; tries < redraws; tries++) {
    const drawn = sampleToken(branch, draw).token;
    const token = compiled.proof?.sign === undefined ? drawn : compiled.proof.sign(drawn);
    const sample = boundsIn(compiled, token);
    if (sample === undefined) {
      refusal = "its signed token has not its shape any more";
      continue;
    }
    const reason = refusalOf(compiled, branch, sample);
    if (reason === undefined) return sample;
    refusal = reason;
  }
  throw new Error(`rule ${compiled.rule.id}: none of ${redraws} tokens is accepted: ${refusal}`);
}

/**
 * A token of the shape whose checksum, or the proof over it, is wrong; undefined when nothing about it can be wrong.
 * In: the rule, one of its branches, the draws.
 */
export function sampleWithoutProof(compiled: CompiledRule, branch: Branch, draw: Draw): Sample | undefined {
  const hasChecksum = branch.steps.some((step) => step.kind === "checksum");
  if (!hasChecksum && compiled.proof?.sign === undefined) return undefined;
  const steps = branch.steps.map(
    (step): Step =>
      step.kind === "checksum" ? { kind: "class", table: step.table, min: step.length, max: step.length } : step,
  );
  for (let tries = 0; tries < redraws; tries++) {
    const sample = boundsIn(compiled, sampleToken({ ...branch, steps }, draw).token);
    if (sample === undefined || refusalOf(compiled, branch, sample) !== undefined) continue;
    if (hasChecksum || compiled.proof!.verify(sample.token).holds === false) return sample;
  }
  return undefined;
}

/** The bounds of the secret part of a token that stands alone: those of the longest branch that takes all of it. */
export function boundsIn(compiled: CompiledRule, token: string): Sample | undefined {
  const bytes = Buffer.from(token, "latin1");
  for (const branch of compiled.branches) {
    const match = matchBranch(branch, bytes, 0, bytes.length);
    if (match?.end === bytes.length) return { token, valueStart: match.valueStart, valueEnd: match.valueEnd };
  }
  return undefined;
}

function refusalOf(
  compiled: CompiledRule,
  branch: Branch,
  { token, valueStart, valueEnd }: Sample,
): string | undefined {
  const value = token.slice(valueStart, valueEnd);
  const standIn = placeholderReason(value) ?? templateReason(value);
  if (standIn !== undefined) return standIn;
  if (compiled.literal > 0) return undefined;
  // A shape without a mark of its own has to look drawn as well, and not like something harmless.
  const harmless = harmlessReason(token, "", "", keyNameOf(compiled));
  // An identifier may look like anything, and a proof says more than looks do.
  if (compiled.rule.part === "identifier" || compiled.proof !== undefined) return placeholderReason(token) ?? harmless;
  if (!looksRandom(token)) return "it does not look drawn";
  // Values are looked for where several digits stand among letters, which chance can leave out of a short one.
  const { lower, upper, digit } = characterCounts(token);
  const both = branch.steps.some((step) => step.kind === "class" && step.table[0x30] === 1 && !isDigits(step.table));
  if (both && (digit < 3 || lower + upper < 3)) return "it has hardly any digits or letters";
  return placeholderReason(token) ?? harmless;
}

function isDigits(table: ByteClass): boolean {
  return bytesOf(table).every((byte) => byte >= 0x30 && byte <= 0x39);
}

/** A name to assign the token under: one of the rule's names with a word for a secret, or a name that says nothing. */
export function keyNameOf(compiled: CompiledRule): string {
  if (!compiled.near) return "setting_3";
  const name = compiled.rule.near![0]!.replace(/[-. ]/g, "_");
  return keyKind(name) === undefined ? `${name}_token` : name;
}

/** One way a token stands in a file. `text` is what stands before and after it. */
export type HostContext = { label: string; path: string; before: string; after: string };

/** The six host contexts, for a name and a token. */
export function hostContexts(name: string, token: string): HostContext[] {
  const kebab = name.replaceAll("_", "-");
  const camel = name.replace(/_([a-z0-9])/g, (_, c: string) => c.toUpperCase());
  // What a URL would have to escape is sent in a header.
  const plain = /^[\w.~-]+$/.test(token);
  return [
    { label: "env file", path: ".env", before: `MODE=fast\n${name.toUpperCase()}=`, after: "\nPORT=8080\n" },
    {
      label: "YAML",
      path: "deploy/app.yml",
      before: `service:\n  replicas: 2\n  ${kebab}: ${/^[\w.~+/=-]+$/.test(token) ? "" : "'"}`,
      after: `${/^[\w.~+/=-]+$/.test(token) ? "" : "'"}\n  port: 8080\n`,
    },
    {
      label: "JSON",
      path: "settings.json",
      before: `{\n  "mode": "fast",\n  "${camel}": "`,
      after: '",\n  "port": 8080\n}\n',
    },
    { label: "source", path: "src/client.ts", before: `const mode = 1;\nexport const ${camel} = "`, after: '";\n' },
    plain
      ? {
          label: "URL",
          path: "docs/call.md",
          before: `GET https://service.test/v1/list?${name}=`,
          after: "&page=2 HTTP/1.1\n",
        }
      : { label: "header", path: "docs/call.http", before: `GET /v1/list\nX-${kebab}: `, after: "\nAccept: */*\n" },
    {
      label: "log line",
      path: "service.log",
      before: `2026-03-04T05:06:07Z INFO retrying, ${name}=`,
      after: " attempt=2\n",
    },
  ];
}

/** The bytes of a token in a context, and where its secret part stands in them. */
export function plant(context: HostContext, sample: Sample): { bytes: Uint8Array; start: number; end: number } {
  const head = context.before.length;
  return {
    bytes: Buffer.from(context.before + sample.token + context.after, "latin1"),
    start: head + sample.valueStart,
    end: head + sample.valueEnd,
  };
}

/** A rule of a provider called Acme, for tests that need a rule of their own. */
export function ruleOf(rule: Partial<LeakRule> & { id: string }): LeakRule {
  return {
    provider: "Acme",
    name: "Token",
    severity: "high",
    lifetime: "long",
    revoke: { text: "Delete the token in the settings." },
    ...rule,
  };
}
