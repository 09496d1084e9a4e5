/** The register of secrets, `.github/secrets.yml`: who owns each, what for, and until when. Names, never values. */
import { LeaseholdError } from "../error.ts";
import type { Place } from "../finding.ts";
import type { PlainDate } from "../plain-date.ts";
import { readYaml } from "../yaml-file.ts";
import { type Asset, assetKey, assetLabel, type Scope, type Store, storedName } from "./asset.ts";
import type { Tier } from "./limits.ts";
import { type EntryFile, registerFileSchema, secretFileSchema } from "./register-file.ts";

export type EntryKind = "static" | "federated" | "token" | "key";
export type Plan = "keyless" | "rotate" | "remove" | "keep";

/** One credential as its owner declares it. Lengths are whole days. */
export type Entry = Asset & {
  kind?: EntryKind;
  owner?: string;
  backup?: string;
  purpose?: string;
  expires?: PlainDate;
  rotate?: { every: number; runbook?: string };
  review?: { last: PlainDate; by?: string };
  revoke?: { how: string; contact?: string; lastDrill?: PlainDate; minutes?: number };
  plan?: Plan;
  /** What the owner says; counts only where it is stricter than the facts, or where somebody else approved it. */
  tier?: Tier;
  tierApprovedBy?: string;
  /** Why several repositories or environments hold it. */
  shared?: string;
  /** Id of a fine-grained PAT at GitHub, which tells its expiry. */
  tokenId?: number;
  /** Id of the approval under which it was issued. */
  approval?: string;
  /** Actions of others that may receive it, without version. */
  thirdParties: readonly string[];
  /** A name that lies in a store of secrets without being one. */
  notASecret: boolean;
  /** Where it stands; with a key, where that key's value stands. */
  placeOf(key?: string): Place;
};

export type Register = {
  entries: readonly Entry[];
  /** Name of its file, for findings that stand at no entry. */
  file: string;
};

/** Paths a repository's register may have; two at once are an error. */
export const registerPaths = [".github/secrets.yml", ".github/secrets.yaml"] as const;

/** Where a register lies that has a file for each secret. */
export const registerFolder = ".github/secrets/";

/**
 * The register's path among those that are there.
 * In: paths of the repository. Out: the path of the file, that of the folder where YAML files lie in it, or undefined when there is none.
 * Throws LeaseholdError("config") when two of them are there.
 */
export function registerPath(present: Iterable<string>): string | undefined {
  const all = new Set(present);
  const found: string[] = registerPaths.filter((path) => all.has(path));
  if ([...all].some((path) => path.startsWith(registerFolder) && /\.ya?ml$/.test(path))) found.push(registerFolder);
  if (found.length > 1)
    throw new LeaseholdError(
      "config",
      `${found.join(" and ")} are both there: keep one register, since only one can count`,
      {
        file: found[1]!,
      },
    );
  return found[0];
}

/**
 * Reads a register.
 * In: the text, the file's name for messages, and, for a register that is judged beside others, the repository it lies in
 * (`owner/name`). Throws LeaseholdError("config") with the place of the first fault; two entries for one secret are a fault.
 */
export function parseRegister(text: string, file: string, repository?: string): Register {
  const { value, placeAt } = readYaml(text, file, registerFileSchema);
  const entries = (value.secrets ?? []).map((written, index) =>
    entryOf(written, repository, (key) => placeAt(["secrets", index, ...(key === undefined ? [] : key.split("."))])),
  );
  refuseTwins(entries);
  return { entries, file };
}

/** Reads a file that holds one secret, as an organisation's register repository has them. Throws as `parseRegister`. */
export function parseSecretFile(text: string, file: string): Register {
  const { value, placeAt } = readYaml(text, file, secretFileSchema);
  const { version: _version, ...written } = value;
  return { entries: [entryOf(written, undefined, (key) => placeAt(key === undefined ? [] : key.split(".")))], file };
}

/** Several registers as one, in order. Throws LeaseholdError("config") where two of them speak of one secret. */
export function mergeRegisters(registers: readonly Register[]): Register {
  const entries = registers.flatMap((register) => register.entries);
  refuseTwins(entries);
  return { entries, file: registers[0]?.file ?? registerPaths[0] };
}

function entryOf(written: EntryFile, repository: string | undefined, placeOf: Entry["placeOf"]): Entry {
  const { owner, backup, purpose, expires, rotate, review, revoke, plan, tier, shared, approval, kind } = written;
  const store: Store = written.store ?? "actions";
  return {
    name: storedName(store, written.name),
    store,
    scope: scopeOf(written.scope, repository),
    thirdParties: written["third-parties"] ?? [],
    notASecret: written["not-a-secret"] === true,
    placeOf,
    ...(kind !== undefined && { kind }),
    ...(owner != null && { owner }),
    ...(backup != null && { backup }),
    ...(purpose != null && { purpose }),
    ...(expires != null && { expires }),
    ...(rotate !== undefined && {
      rotate: { every: rotate.every, ...(rotate.runbook !== undefined && { runbook: rotate.runbook }) },
    }),
    ...(review !== undefined && { review: { last: review.last, ...(review.by !== undefined && { by: review.by }) } }),
    ...(revoke !== undefined && {
      revoke: {
        how: revoke.how,
        ...(revoke.contact !== undefined && { contact: revoke.contact }),
        ...(revoke["last-drill"] !== undefined && { lastDrill: revoke["last-drill"] }),
        ...(revoke.minutes !== undefined && { minutes: revoke.minutes }),
      },
    }),
    ...(plan !== undefined && { plan }),
    ...(tier !== undefined && { tier }),
    ...(written["tier-approved-by"] !== undefined && { tierApprovedBy: written["tier-approved-by"] }),
    ...(shared !== undefined && { shared }),
    ...(written["token-id"] !== undefined && { tokenId: written["token-id"] }),
    ...(approval !== undefined && { approval }),
  };
}

function scopeOf(written: EntryFile["scope"], home: string | undefined): Scope {
  if (written?.org === true) return { level: "org" };
  const repository = written?.repository ?? home;
  const at = repository === undefined ? {} : { repository };
  return written?.environment === undefined
    ? { level: "repository", ...at }
    : { level: "environment", ...at, environment: written.environment };
}

const mostListed = 10;

/** Two entries for one secret would each give it another owner. */
function refuseTwins(entries: readonly Entry[]): void {
  const first = new Map<string, Entry>();
  const faults: { place: Place; sentence: string }[] = [];
  for (const entry of entries) {
    const key = assetKey(entry);
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, entry);
      continue;
    }
    const there = other.placeOf("name");
    faults.push({
      place: entry.placeOf("name"),
      sentence: `${assetLabel(entry)} is declared twice, first at ${there.path}:${there.line} (names of secrets have no upper and lower case): keep one of the two`,
    });
  }
  const [head] = faults;
  if (head === undefined) return;
  const lines = faults
    .slice(0, mostListed)
    .map(({ place, sentence }, at) =>
      at === 0 ? sentence : `${place.path}:${place.line}:${place.column}: ${sentence}`,
    );
  if (faults.length > mostListed) lines.push(`and ${faults.length - mostListed} more`);
  const { path, line, column } = head.place;
  throw new LeaseholdError("config", lines.join("\n"), { file: path, line, column });
}
