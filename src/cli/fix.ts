/** `leasehold fix`: write the keyless replacement into workflows, and the provider's side beside it. */
import { mkdirSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { LeaseholdError } from "../error.ts";
import { exitCodes } from "../exit-code.ts";
import type { Finding } from "../finding.ts";
import { isFindingId } from "../finding-id.ts";
import type { FixContext } from "../fix/context.ts";
import { unifiedDiff } from "../fix/diff.ts";
import { hygieneFixes } from "../fix/hygiene.ts";
import { pinsOf, readPins } from "../fix/pin.ts";
import { type FilePlan, planFile } from "../fix/plan.ts";
import { type Login, type ProviderFile, providerFiles } from "../fix/provider.ts";
import { joinPath } from "../git/path.ts";
import { defineCommand } from "./command.ts";
import type { FixRules } from "./fix-rules.ts";
import { type FixSource, fixSource, modelsOf, readNamed, scannerFor } from "./fix-source.ts";
import { fixSpec } from "./fix-spec.ts";
import { planLines, providerLines, summaryLine } from "./fix-text.ts";
import type { Io } from "./io.ts";
import { writeAtomic } from "./output.ts";

/** The command, with the function that gives the rules. Exit code 1 when the one finding that was named cannot be fixed. */
export function fixCommandWith(loadRules: () => Promise<FixRules>) {
  return defineCommand(fixSpec, async ({ flags, positionals }, io) => {
    const [id] = positionals;
    if (flags.diff && flags.write) throw new LeaseholdError("usage", "--diff and --write exclude each other");
    if (id !== undefined && flags.all) throw new LeaseholdError("usage", "name a finding or give --all, not both");
    if (id !== undefined && !isFindingId(id))
      throw new LeaseholdError("usage", `${id} is no finding id (LH- and six characters)`);
    const rules = await loadRules();
    const source = await fixSource(io.cwd, flags.repo, !flags["no-config"]);
    const out = flags.output === undefined ? undefined : outside(source.root, resolve(io.cwd, flags.output));
    const scan = scannerFor(source, rules.keyless);
    const tree = modelsOf(source, scan);
    const own = flags.pins === undefined ? [] : [readPins(readNamed(io.cwd, flags.pins), flags.pins)];
    const every = flags.all || id !== undefined;
    const context: FixContext = {
      rules: new Map(rules.keyless.map((rule) => [rule.id, rule])),
      pins: [rules.pins, pinsOf(tree), ...own],
      tree,
      classes: new Set(every ? ["AUTO", "ENROL", "VALUES"] : ["AUTO"]),
      scan,
    };
    const plans = plansOf(source, context, id);
    if (id !== undefined && plans.every((plan) => plan.fixed.length + plan.refused.length === 0))
      throw new LeaseholdError(
        "nothing-matched",
        `no finding of a workflow here has the id ${id}; leasehold fix lists them`,
      );
    const provider = providerFiles(loginsOf(plans, context), {
      ...(source.repository && { repository: source.repository }),
      issuer: source.issuer,
    });
    const mode = flags.write ? "write" : flags.diff ? "diff" : "explain";
    if (mode === "write") for (const plan of plans) if (plan.edits.length > 0) writePlan(source, plan, io);
    if (out !== undefined) writeProvider(out, provider, io);
    report(io, { source, plans, provider: out === undefined ? provider : [], mode });
    return id !== undefined && plans.every((plan) => plan.fixed.length === 0) ? exitCodes.blocking : exitCodes.clean;
  });
}

export const fixCommand = fixCommandWith(async () => {
  const { loadFixRules } = await import("./fix-rules.ts");
  return loadFixRules();
});

/** Findings that some fix is for. */
function isFixable(finding: Finding): boolean {
  return isKeyless(finding) || hygieneFixes.has(finding.rule);
}

function isKeyless({ rule }: Finding): boolean {
  return rule.startsWith("keyless/");
}

function plansOf(source: FixSource, context: FixContext, id: string | undefined): FilePlan[] {
  return source.files.flatMap(({ path, bytes }) => {
    const { findings, uses, model } = context.scan(path, bytes);
    const wanted = findings.filter((finding) => (id === undefined ? isFixable(finding) : finding.id === id));
    // A login without a secret ends what is said about the secret's way, so it comes first.
    const inOrder = [...wanted].sort(
      (a, b) => Number(isKeyless(b)) - Number(isKeyless(a)) || a.place.start - b.place.start,
    );
    return model === undefined || wanted.length === 0 ? [] : [planFile(model, uses, inOrder, context)];
  });
}

function loginsOf(plans: readonly FilePlan[], { tree }: FixContext): Login[] {
  return plans.flatMap((plan) => {
    const model = tree.find((one) => one.source.path === plan.path);
    const triggers = model?.kind === "workflow" ? model.on : [];
    return plan.logins.map((login) => ({ ...login, path: plan.path, triggers }));
  });
}

/** What the fix writes beside the edit is no part of the project: it must not land in it by mistake. */
function outside(root: string, folder: string): string {
  const inside = relative(root, folder);
  if (inside === "" || (!inside.startsWith("..") && !inside.startsWith(sep)))
    throw new LeaseholdError(
      "usage",
      "-o names a folder inside the repository; trust policies and checklists go beside it",
      { file: folder },
    );
  return folder;
}

function writePlan(source: FixSource, plan: FilePlan, io: Io): void {
  writeAtomic(joinPath(source.root, plan.path), [Buffer.from(plan.after).toString("utf8")], io.pending);
}

function writeProvider(folder: string, files: readonly ProviderFile[], io: Io): void {
  mkdirSync(folder, { recursive: true });
  for (const { name, text } of files) writeAtomic(join(folder, name), [text], io.pending);
}

type Report = {
  source: FixSource;
  plans: readonly FilePlan[];
  provider: readonly ProviderFile[];
  mode: "explain" | "diff" | "write";
};

/** In a diff everything else is behind `#`, which `git apply` and `patch` pass over. */
function report(io: Io, { source, plans, provider, mode }: Report): void {
  const mark = mode === "diff" ? "# " : "";
  if (mode === "diff") {
    for (const plan of plans) {
      const file = source.files.find((one) => one.path === plan.path);
      if (file !== undefined) io.stdout.write(unifiedDiff(plan.path, file.bytes, plan.edits));
    }
  }
  const lines = plans.flatMap((plan) => {
    const own = planLines(plan);
    return own.length === 0 ? [] : [...own, ""];
  });
  for (const line of [...lines, ...providerLines(provider), summaryLine(plans, mode)])
    io.stdout.write(`${(mark + line).trimEnd()}\n`);
}
