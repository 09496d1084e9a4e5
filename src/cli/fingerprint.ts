/** `leasehold fingerprint`: a keyed fingerprint of a value that a job already holds. The value is never printed or kept. */
import { LeaseholdError } from "../error.ts";
import { exitCodes } from "../exit-code.ts";
import type { FingerprintRefusal } from "../register/fingerprint.ts";
import { defineCommand } from "./command.ts";
import { fingerprintSpec } from "./fingerprint-spec.ts";
import type { Io } from "./io.ts";
import { writeReport } from "./output.ts";

const keyVariable = "LEASEHOLD_FINGERPRINT_KEY";
/** GitHub keeps no secret larger than 48 KB (GitHub Docs, "Secrets reference"). */
const largest = 64 * 1024;

const refusals: Record<FingerprintRefusal, string> = {
  "short key": `${keyVariable} is shorter than 32 bytes: make one with openssl rand -hex 32, and keep it as a secret of the organisation`,
  "weak key": `${keyVariable} is too regular to be a key: make one with openssl rand -hex 32`,
  "empty value": "there is no value to make a fingerprint of",
  "low entropy": "the value is so short or regular that it could be found by trying, so no fingerprint is made of it",
};

export const fingerprintCommand = defineCommand(fingerprintSpec, async (args, io) => {
  const { flags } = args;
  const { compareFingerprints, fingerprint } = await import("../register/fingerprint.ts");
  const key = io.env[keyVariable];
  if (key === undefined || key === "")
    throw new LeaseholdError("usage", `${keyVariable} is not set: the key of the organisation, 32 bytes or more`);
  const value = flags.env === undefined ? await standardInput(io) : variable(io, flags.env);
  const made = fingerprint(value, Buffer.from(key));
  if ("refused" in made) throw new LeaseholdError("usage", refusals[made.refused]);
  if (flags.compare === undefined) {
    writeReport(io, [`${made.text}\n`], flags.output);
    return exitCodes.clean;
  }
  const answer = compareFingerprints(made.text, flags.compare);
  if (answer === "not comparable")
    throw new LeaseholdError("usage", "--compare: this fingerprint was made with another key or by another version");
  writeReport(
    io,
    [`${made.text}\n${answer === "same" ? "the same value: saved again, not rotated" : "another value"}\n`],
    flags.output,
  );
  return answer === "same" ? exitCodes.blocking : exitCodes.clean;
});

function variable(io: Io, name: string): Uint8Array {
  if (name === keyVariable) throw new LeaseholdError("usage", "--env: this variable holds the key itself");
  const value = io.env[name];
  if (value === undefined) throw new LeaseholdError("usage", `--env: there is no variable ${JSON.stringify(name)}`);
  return Buffer.from(value);
}

async function standardInput(io: Io): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of io.stdin) {
    size += part.length;
    if (size > largest) throw new LeaseholdError("usage", "standard input is larger than any secret: 64 KB at most");
    parts.push(part);
  }
  return Buffer.concat(parts);
}
