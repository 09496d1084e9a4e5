/** `leasehold register add` and `import`: write entries into the register. */
import { join, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { Readable, Writable } from "node:stream";
import { didYouMean, LeaseholdError } from "../error.ts";
import { exitCodes } from "../exit-code.ts";
import { addDays } from "../plain-date.ts";
import { type Store, stores } from "../register/asset.ts";
import { auditContext } from "../register/audit.ts";
import { parseInventory } from "../register/inventory.ts";
import { addEntries, addEntry, entryAlone } from "../register/register-edit.ts";
import type { NewEntry } from "../register/register-file.ts";
import { draftsFromCsv, draftsFromStores } from "../register/register-import.ts";
import { terminalText } from "../report/encode.ts";
import { readOnDisk } from "../scan/steering-files.ts";
import type { Io } from "./io.ts";
import { writeReport } from "./output.ts";
import { ownerHints } from "./owner-hints.ts";
import { type RegisterFlags, type RegisterHere, registerHere } from "./register-here.ts";
import { makeFolder } from "./repository-file.ts";

type AddFlags = RegisterFlags & {
  store?: string | undefined;
  environment?: string | undefined;
  org: boolean;
  owner?: string | undefined;
  backup?: string | undefined;
  purpose?: string | undefined;
  expires?: string | undefined;
  rotate?: string | undefined;
  output?: string | undefined;
};

/** Add one entry; what no flag says is asked for on a terminal. */
export async function registerAdd(name: string, flags: AddFlags, io: Io): Promise<number> {
  const here = await oneFileHere(flags, io);
  const store = storeOf(flags.store);
  if (flags.org && flags.environment !== undefined)
    throw new LeaseholdError("usage", "--org and --environment do not go together");
  const scope = flags.org
    ? { org: true as const }
    : flags.environment === undefined
      ? undefined
      : { environment: flags.environment };
  const bare: NewEntry = { name, ...(store !== undefined && { store }), ...(scope !== undefined && { scope }) };
  // Before anybody is asked anything: is it a name, and is it new?
  addEntry(here.text, bare, here.path);
  const known = await answers(flags, here, bare, io);
  const text = addEntry(here.text, { ...bare, ...known }, here.path);
  write(text, here, flags.output, io);
  io.stderr.write(`leasehold: added ${terminalText(name, 200)} to ${here.path}\n`);
  return exitCodes.clean;
}

/** Add what a snapshot or a CSV file names and the register lacks. */
export async function registerImport(file: string, flags: AddFlags, io: Io): Promise<number> {
  const here = await oneFileHere(flags, io);
  const text = readOnDisk("/", resolve(io.cwd, file), file);
  const isCsv = /\.csv$/i.test(file);
  const drafts = isCsv ? draftsFromCsv(text, file) : await draftsOfSnapshot(text, file, here, flags["no-git"] !== true);
  const { text: after, added } = addEntries(here.text, drafts, here.path);
  if (after !== undefined && added > 0) write(after, here, flags.output, io);
  io.stderr.write(`leasehold: ${added} added, ${drafts.length - added} declared already\n`);
  return exitCodes.clean;
}

/** Throws LeaseholdError("usage") where each secret has a file of its own: there is no one file to write into. */
async function oneFileHere(flags: AddFlags, io: Io): Promise<RegisterHere> {
  const here = await registerHere(io, flags);
  if (here.path.endsWith("/"))
    throw new LeaseholdError(
      "usage",
      `this register has a file for each secret: write ${here.path}name-of-the-secret.yml with version: 1 and the fields of an entry`,
    );
  return here;
}

async function draftsOfSnapshot(text: string, file: string, here: RegisterHere, git: boolean) {
  const inventory = parseInventory(text, file);
  const context = auditContext(here.register, inventory, here.uses, here.context.limits, here.today);
  return draftsFromStores(context, await ownerHints(here, context, git));
}

function write(text: string, here: RegisterHere, output: string | undefined, io: Io): void {
  const file = join(here.root, here.path);
  if (output === undefined) makeFolder(file);
  writeReport(io, [text], output ?? file);
}

function storeOf(text: string | undefined): Store | undefined {
  const store = stores.find((one) => one === text);
  if (text !== undefined && store === undefined)
    throw new LeaseholdError(
      "usage",
      `--store: expected one of ${stores.join(", ")}; found ${JSON.stringify(text)}${didYouMean(text, stores)}`,
    );
  return store;
}

/** Owner, purpose and end from the flags, or asked for. Without a terminal what is missing is an error that names the flags. */
async function answers(flags: AddFlags, here: RegisterHere, bare: NewEntry, io: Io): Promise<Partial<NewEntry>> {
  const questions = [
    ["owner", 'Owner (login or team, like "@acme/platform")'],
    ["purpose", "What would stop without it"],
    ["expires", `Last day (like ${addDays(here.today, 90)})`],
  ] as const;
  const known: Record<string, string> = {};
  for (const key of ["owner", "backup", "purpose", "expires"] as const) {
    const value = flags[key];
    if (value !== undefined)
      known[key] = (key === "owner" || key === "backup") && !value.includes("@") ? `@${value}` : value;
  }
  const open = questions.filter(([key]) => known[key] === undefined);
  const rotate = flags.rotate === undefined ? {} : { rotate: { every: flags.rotate } };
  if (open.length > 0 && !io.stderr.isTTY)
    throw new LeaseholdError(
      "usage",
      `${open.map(([key]) => `--${key}`).join(", ")} ${open.length === 1 ? "is" : "are"} missing, and there is no terminal to ask on`,
    );
  if (open.length > 0) Object.assign(known, await ask(open, (key, value) => fault(bare, key, value, here.path), io));
  return { ...known, ...rotate };
}

/** What is wrong with an answer, in a sentence, or undefined. */
function fault(bare: NewEntry, key: string, value: string, path: string): string | undefined {
  try {
    entryAlone({ ...bare, [key]: value }, path);
    return undefined;
  } catch (error) {
    if (!(error instanceof LeaseholdError)) throw error;
    return error.message.split("\n")[0]!.replace(/^secrets\[0\]\./, "");
  }
}

async function ask(
  open: readonly (readonly [string, string])[],
  faultOf: (key: string, value: string) => string | undefined,
  io: Io,
): Promise<Record<string, string>> {
  const output = new Writable({
    write(chunk, _encoding, done) {
      io.stderr.write(String(chunk));
      done();
    },
  });
  const lines = createInterface({ input: Readable.from(io.stdin), output, terminal: false });
  const answers: Record<string, string> = {};
  try {
    const reader = lines[Symbol.asyncIterator]();
    for (const [key, question] of open) {
      for (;;) {
        io.stderr.write(`${question}: `);
        const next = await reader.next();
        if (next.done === true) throw new LeaseholdError("usage", `no answer to: ${question}`);
        const value = next.value.trim();
        const wrong = value === "" ? "an answer is needed" : faultOf(key, value);
        if (wrong === undefined) {
          answers[key] = value;
          break;
        }
        io.stderr.write(`  ${terminalText(wrong, 300)}\n`);
      }
    }
  } finally {
    lines.close();
  }
  return answers;
}
