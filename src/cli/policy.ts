/** `leasehold policy show|check|diff`: the policy in force, whether its files are right, and what a change of it loosens. */
import { LeaseholdError, placePrefix } from "../error.ts";
import { exitCodes } from "../exit-code.ts";
import type { ExplainedKey } from "../policy/policy-merge.ts";
import type { SteeringSources } from "../scan/source.ts";
import type { SteeringSource } from "../scan/steering-files.ts";
import { defineCommand } from "./command.ts";
import type { Io } from "./io.ts";
import { writeReport } from "./output.ts";
import { policySpec } from "./policy-spec.ts";

export const policyCommand = defineCommand(policySpec, async (args, io) => {
  const { flags, positionals } = args;
  const [action, range, ...more] = positionals;
  if (range !== undefined && action !== "diff")
    throw new LeaseholdError("usage", `policy ${action} takes no other word`);
  if (more.length > 0) throw new LeaseholdError("usage", "policy diff takes one range");
  const git = !flags["no-git"];
  if (action === "check") return check(io, git, flags.output);
  const text = action === "diff" ? await diffText(io, range, git) : await showText(io, git, !flags["no-config"], flags);
  writeReport(io, [text], flags.output);
  return exitCodes.clean;
});

async function showText(
  io: Io,
  git: boolean,
  config: boolean,
  flags: { explain: boolean; json: boolean },
): Promise<string> {
  const [{ steeringHere }, { explainPolicy }, { terminalText, jsonText }, { padTo }] = await Promise.all([
    import("./steering-here.ts"),
    import("../policy/policy-merge.ts"),
    import("../report/encode.ts"),
    import("../report/columns.ts"),
  ]);
  const { steering, files } = await steeringHere(io.cwd, git, config);
  const keys = explainPolicy(undefined, steering.own);
  if (flags.json) return `${jsonText({ version: 1, file: files.policy?.path ?? null, keys }, 2)}\n`;
  const widest = (text: (key: ExplainedKey) => string) =>
    keys.reduce((most, key) => Math.max(most, text(key).length), 0);
  const keyColumns = widest(({ key }) => key);
  const valueColumns = Math.min(
    60,
    widest(({ value }) => value),
  );
  const source = (key: ExplainedKey) => (key.source === "repository" ? (files.policy?.path ?? key.source) : key.source);
  const lines = keys.map((key) => {
    const value = terminalText(key.value, 400);
    if (!flags.explain) return `${padTo(key.key, keyColumns)}  ${value}`;
    const overruled = key.overruled === undefined ? "" : ` (overrules ${terminalText(key.overruled)})`;
    return `${padTo(key.key, keyColumns)}  ${padTo(value, valueColumns)}  ${source(key)}${overruled}`;
  });
  return `${lines.join("\n")}\n`;
}

/** Each file on its own, so that one mistake does not hide another. */
async function check(io: Io, git: boolean, output: string | undefined): Promise<number> {
  const [{ rootHere }, { readSteeringFiles }, { readSteering }, { terminalText }] = await Promise.all([
    import("./steering-here.ts"),
    import("../scan/steering-files.ts"),
    import("../scan/steering.ts"),
    import("../report/encode.ts"),
  ]);
  const files = await readSteeringFiles({ kind: "folder", root: await rootHere(io.cwd, git) });
  const lines: string[] = [];
  let wrong = 0;
  for (const kind of ["policy", "waivers", "baseline"] as const) {
    const file = files[kind];
    if (file === undefined) continue;
    try {
      readSteering({ [kind]: file });
      lines.push(`ok     ${terminalText(file.path)}`);
    } catch (error) {
      if (!(error instanceof LeaseholdError)) throw error;
      wrong++;
      const [first, ...rest] = `${placePrefix(error.place)}${error.message}`.split("\n");
      lines.push(`wrong  ${terminalText(first!, 1_000)}`, ...rest.map((line) => `       ${terminalText(line, 1_000)}`));
    }
  }
  if (lines.length === 0) lines.push("no policy, waivers or baseline here: the built-in policy counts");
  const { maskText } = await import("../scan/mask-text.ts");
  const { shippedRuleSet } = await import("../scan/shipped-rules.ts");
  const text = `${lines.join("\n")}\n`;
  writeReport(io, [wrong === 0 ? text : maskText(shippedRuleSet(), text)], output);
  return wrong === 0 ? exitCodes.clean : exitCodes.usage;
}

/** A range compares its two ends, nothing the work tree with HEAD. */
async function diffText(io: Io, range: string | undefined, git: boolean): Promise<string> {
  const [
    { lookUpSource, steeringSources },
    { readSteeringFiles },
    { readSteering, severityLookup },

    { explainPolicy },
    { weakenings },
    { terminalText },
    { openRepository },
  ] = await Promise.all([
    import("../scan/source.ts"),
    import("../scan/steering-files.ts"),
    import("../scan/steering.ts"),
    import("../policy/policy-merge.ts"),
    import("../policy/weakening.ts"),
    import("../report/encode.ts"),
    import("../git/repository.ts"),
  ]);
  const repository = git ? await openRepository(io.cwd) : undefined;
  if (repository?.root === undefined)
    throw new LeaseholdError("usage", "policy diff needs a git repository with a work tree");
  const source = range === undefined ? undefined : await lookUpSource({ kind: "words", words: [range] }, io.cwd, git);
  if (source !== undefined && source.kind !== "range")
    throw new LeaseholdError(
      "usage",
      `policy diff: expected a range of commits like main..HEAD, found ${JSON.stringify(range)}`,
    );
  const head: SteeringSource =
    repository.head === undefined ? { kind: "none" } : { kind: "commit", repository, commit: repository.head };
  const { trusted, underTest }: Pick<SteeringSources, "trusted" | "underTest"> =
    source === undefined
      ? { trusted: head, underTest: { kind: "folder", root: repository.root } }
      : await steeringSources(source);
  const [was, is] = await Promise.all(
    [trusted, underTest ?? trusted].map(async (one) => readSteering(await readSteeringFiles(one))),
  );
  const before = new Map(explainPolicy(undefined, was!.own).map(({ key, value }) => [key, value]));
  const now = new Map(explainPolicy(undefined, is!.own).map(({ key, value }) => [key, value]));
  const changed = [...new Set([...before.keys(), ...now.keys()])].filter((key) => before.get(key) !== now.get(key));
  const lines = changed.map(
    (key) =>
      `${key}: ${terminalText(before.get(key) ?? "not set", 400)} -> ${terminalText(now.get(key) ?? "not set", 400)}`,
  );
  const weaker = weakenings(was!.policy, is!.policy, severityLookup());
  if (lines.length === 0) lines.push("the policy in force does not change");
  for (const sentence of weaker) lines.push(`weakens: ${terminalText(sentence, 400)}`);
  return `${lines.join("\n")}\n`;
}
