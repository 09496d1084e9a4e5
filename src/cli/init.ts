/** `leasehold init`: writes a first policy, a draft of the register, and waivers for what another scanner was told to ignore. */
import { randomBytes } from "node:crypto";
import { join, relative, resolve } from "node:path";
import { LeaseholdError } from "../error.ts";
import { exitCodes } from "../exit-code.ts";
import type { Waiver } from "../policy/waiver.ts";
import { today } from "../scan/run-info.ts";
import { defineCommand } from "./command.ts";
import { initSpec } from "./init-spec.ts";
import type { Io } from "./io.ts";
import { writeReport } from "./output.ts";
import { makeFolder } from "./repository-file.ts";
import { scanRequest, scanWithProgress } from "./scan-request.ts";

const policyPath = ".github/leasehold.yml";
const waiversPath = ".github/leasehold-waivers.yml";

export const initCommand = defineCommand(initSpec, async (args, io) => {
  const { flags } = args;
  const [{ draftPolicy }, { readSteeringFiles }, { rootHere }, { readSteering }] = await Promise.all([
    import("../policy/init.ts"),
    import("../scan/steering-files.ts"),
    import("./steering-here.ts"),
    import("../scan/steering.ts"),
  ]);
  const root = await rootHere(io.cwd);
  const files = await readSteeringFiles({ kind: "folder", root });
  const toFile = flags.output === undefined;
  if (files.policy !== undefined && toFile)
    throw new LeaseholdError(
      "usage",
      "there is a policy already; leasehold policy check reads it, -o - prints a new one",
      { file: files.policy.path },
    );

  const imported = await importAll(flags.from, root, io);
  const salt = randomBytes(12).toString("base64url");
  const text = draftPolicy({ salt, mode: "enforce", ignorePaths: imported.ignorePaths });
  const policy = readSteering({ policy: { path: policyPath, name: policyPath, text } }).policy;
  const { waivers, lines } =
    imported.entries.length === 0 ? { waivers: [], lines: [] } : await waiversFor(imported, policy, root, io);

  let waiversText = files.waivers?.text;
  if (waivers.length > 0) {
    const { addWaiver } = await import("../policy/waiver-edit.ts");
    for (const waiver of waivers) waiversText = addWaiver(waiversText, waiver, files.waivers?.path ?? waiversPath);
  }
  const register = toFile ? await draftRegister(flags.inventory, io) : undefined;
  if (toFile) makeFolder(join(root, policyPath));
  writeReport(io, [text], flags.output ?? join(root, policyPath));
  if (waivers.length > 0) {
    if (toFile) writeReport(io, [waiversText ?? ""], join(root, files.waivers?.path ?? waiversPath));
    else lines.unshift(`${waivers.length} waivers are not printed; without -o they go to ${waiversPath}`);
  }
  if (register !== undefined) writeReport(io, [register.text], join(root, register.path));
  const { terminalText } = await import("../report/encode.ts");
  const say = (line: string) => io.stderr.write(`leasehold: ${terminalText(line, 500)}\n`);
  if (toFile) say(`wrote ${policyPath}; its rules count once it is on the target branch`);
  if (waivers.length > 0 && toFile)
    say(
      `wrote ${waivers.length} ${waivers.length === 1 ? "waiver" : "waivers"}; each is only requested until it names who approved it`,
    );
  if (register !== undefined)
    say(
      `wrote ${register.added} ${register.added === 1 ? "entry" : "entries"} to ${register.path}: owners are guesses that say where they come from; purpose and end date are yours to fill in`,
    );
  for (const line of [...lines, ...imported.notCarried]) say(line);
  return exitCodes.clean;
});

/** A first register from what workflows use and, with a snapshot, the stores hold. Undefined where there is one already, or nothing to declare. */
async function draftRegister(
  inventory: string | undefined,
  io: Io,
): Promise<{ path: string; text: string; added: number } | undefined> {
  const [{ registerHere }, { draftsFromStores }, { addEntries }, { ownerHints }] = await Promise.all([
    import("./register-here.ts"),
    import("../register/register-import.ts"),
    import("../register/register-edit.ts"),
    import("./owner-hints.ts"),
  ]);
  const here = await registerHere(io, { inventory });
  if (here.register !== undefined) return undefined;
  const drafts = draftsFromStores(here.context, await ownerHints(here, here.context, true));
  const { text, added } = addEntries(undefined, drafts, here.path);
  return text === undefined || added === 0 ? undefined : { path: here.path, text, added };
}

type Imported = {
  entries: import("../policy/ignore-file.ts").IgnoreEntry[];
  ignorePaths: string[];
  notCarried: string[];
};

async function importAll(from: readonly string[], root: string, io: Io): Promise<Imported> {
  const all: Imported = { entries: [], ignorePaths: [], notCarried: [] };
  if (from.length === 0) return all;
  const [{ importIgnores }, { readOnDisk }] = await Promise.all([
    import("../policy/ignore-file.ts"),
    import("../scan/steering-files.ts"),
  ]);
  for (const file of from) {
    const full = resolve(io.cwd, file);
    const path = relative(root, full).replaceAll("\\", "/");
    const { entries, ignorePaths, notCarried } = importIgnores(path, readOnDisk("/", full, file));
    all.entries.push(...entries);
    all.ignorePaths.push(...ignorePaths);
    all.notCarried.push(...notCarried.map(({ provenance, why }) => `not taken over: ${provenance}: ${why}`));
  }
  all.ignorePaths = [...new Set(all.ignorePaths)];
  return all;
}

/** Waivers go by id, and ids by the salt of the new policy: so the files are scanned with it. */
async function waiversFor(
  { entries }: Imported,
  policy: import("../policy/policy.ts").Policy,
  root: string,
  io: Io,
): Promise<{ waivers: Waiver[]; lines: string[] }> {
  const [{ waiversFrom }, { addDays }] = await Promise.all([
    import("../policy/import-waivers.ts"),
    import("../plain-date.ts"),
  ]);
  const request = { ...scanRequest({}, [], { ...io, cwd: root }), minConfidence: "weak" as const, draft: policy };
  const { findings, mask } = await scanWithProgress(request, io);
  const { waivers, unmatched } = waiversFrom(entries, findings, addDays(today(), policy.waivers.max));
  return {
    waivers: waivers.map((waiver) => ({ ...waiver, why: mask(waiver.why) })),
    lines: unmatched.map(({ provenance, path, line }) =>
      mask(`nothing is found where ${provenance} points: ${path}${line === undefined ? "" : `:${line}`}`),
    ),
  };
}
