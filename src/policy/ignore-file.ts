/** What other scanners were told to ignore, read from their files. Facts on the formats are from the tools' own documentation. */
import { readGitleaksToml } from "./gitleaks-toml.ts";
import type { WaiverReason } from "./waiver.ts";

/** One thing that another tool ignores. */
export type IgnoreEntry = {
  path: string;
  line?: number;
  /** The other tool's name for the rule. */
  rule?: string;
  /** Which family of findings it speaks of. */
  family: "leak" | "workflow";
  /** Where it stands: `.gitleaksignore line 3`. */
  provenance: string;
  /** Only where the source itself says what kind of exception it is. */
  reason?: WaiverReason;
};

/** What is not carried over, and why. */
export type NotCarried = { provenance: string; why: string };

/** Everything read from one file. `ignorePaths` are patterns for `paths.ignore`. */
export type ImportedIgnores = { entries: IgnoreEntry[]; ignorePaths: string[]; notCarried: NotCarried[] };

/**
 * Reads what another tool ignores: `.gitleaksignore` and `.betterleaksignore` (fingerprints), `.gitleaks.toml` and
 * `.betterleaks.toml` (allowlists), `.secrets.baseline` (detect-secrets), a gitleaks report in JSON, and in any other file the comments
 * `gitleaks:allow`, `betterleaks:allow` and `zizmor: ignore[…]`.
 * In: the file's path in its repository and its text. What cannot be read is listed, never dropped.
 */
export function importIgnores(file: string, text: string): ImportedIgnores {
  const base = file.slice(file.lastIndexOf("/") + 1);
  const plain = text.replace(/^\uFEFF/, "");
  if (base === ".gitleaksignore" || base === ".betterleaksignore") return readFingerprints(base, plain);
  if (/^\.?(?:git|better)leaks\.toml$/.test(base)) return { entries: [], ...readGitleaksToml(base, plain) };
  if (base === ".secrets.baseline") return readDetectSecrets(base, plain);
  if (base.endsWith(".json")) return readGitleaksReport(base, plain);
  return readComments(file, plain);
}

/** Fingerprints, one a line: `commit:file:rule:line`, or `file:rule:line` for any commit. A path may hold colons itself. */
function readFingerprints(file: string, text: string): ImportedIgnores {
  const entries: IgnoreEntry[] = [];
  const notCarried: NotCarried[] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const provenance = `${file} line ${index + 1}`;
    const entry = readFingerprint(line, provenance);
    if (entry) entries.push(entry);
    else notCarried.push({ provenance, why: "not a fingerprint of the form commit:file:rule:line" });
  }
  return { entries, ignorePaths: [], notCarried };
}

function readFingerprint(fingerprint: string, provenance: string): IgnoreEntry | undefined {
  const parts = fingerprint.split(":");
  const line = Number(parts.at(-1));
  const rule = parts.at(-2);
  const first = parts.length > 3 && /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(parts[0]!) ? 1 : 0;
  const path = parts.slice(first, -2).join(":");
  if (!rule || path === "" || !Number.isInteger(line) || line < 0 || !/^[0-9]+$/.test(parts.at(-1)!)) return undefined;
  return { path: path.replace(/^\.\//, ""), line, rule, family: "leak", provenance };
}

/** detect-secrets: `results` maps a path to secrets with `line_number`, `type` and, once audited, `is_secret`. */
function readDetectSecrets(file: string, text: string): ImportedIgnores {
  const json = parseJson(text);
  const results = isRecord(json) ? json.results : undefined;
  if (!isRecord(results)) return unreadable(file, "expected JSON with `results`, as detect-secrets writes it");
  const entries: IgnoreEntry[] = [];
  const notCarried: NotCarried[] = [];
  for (const [path, secrets] of Object.entries(results)) {
    for (const [index, secret] of (Array.isArray(secrets) ? secrets : []).entries()) {
      const provenance = `${file} (${path}, secret ${index + 1})`;
      const line = isRecord(secret) ? secret.line_number : undefined;
      if (!isRecord(secret) || typeof line !== "number") {
        notCarried.push({ provenance, why: "it has no line_number" });
      } else {
        const audited =
          secret.is_secret === false
            ? { reason: "false-positive" as const }
            : secret.is_secret === true
              ? { reason: "fix-later" as const }
              : {};
        const rule = typeof secret.type === "string" ? { rule: secret.type } : {};
        entries.push({ path: path.replace(/^\.\//, ""), line, ...rule, family: "leak", provenance, ...audited });
      }
    }
  }
  return { entries, ignorePaths: [], notCarried };
}

/** gitleaks' JSON report, which it also takes as baseline: a list with `RuleID`, `File`, `StartLine`. */
function readGitleaksReport(file: string, text: string): ImportedIgnores {
  const json = parseJson(text);
  if (!Array.isArray(json))
    return unreadable(file, "expected a list of findings, as gitleaks writes it with --report-format json");
  const entries: IgnoreEntry[] = [];
  const notCarried: NotCarried[] = [];
  for (const [index, item] of json.entries()) {
    const provenance = `${file} finding ${index + 1}`;
    if (
      isRecord(item) &&
      typeof item.File === "string" &&
      typeof item.StartLine === "number" &&
      typeof item.RuleID === "string"
    ) {
      entries.push({
        path: item.File.replace(/^\.\//, ""),
        line: item.StartLine,
        rule: item.RuleID,
        family: "leak",
        provenance,
      });
    } else {
      notCarried.push({ provenance, why: "it has no File, StartLine and RuleID" });
    }
  }
  return { entries, ignorePaths: [], notCarried };
}

/** `gitleaks:allow` speaks for its line; `zizmor: ignore[a,b]` is a YAML comment and speaks for the line it stands on. */
function readComments(path: string, text: string): ImportedIgnores {
  const entries: IgnoreEntry[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const provenance = `${path} line ${index + 1}`;
    if (line.includes("gitleaks:allow") || line.includes("betterleaks:allow"))
      entries.push({ path, line: index + 1, family: "leak", provenance });
    const start = line.indexOf("zizmor: ignore[");
    if (start === -1 || !line.slice(0, start).trimEnd().endsWith("#")) continue;
    const end = line.indexOf("]", start);
    for (const rule of line.slice(start + "zizmor: ignore[".length, end === -1 ? undefined : end).split(",")) {
      if (rule.trim() !== "")
        entries.push({ path, line: index + 1, rule: rule.trim(), family: "workflow", provenance });
    }
  }
  return { entries, ignorePaths: [], notCarried: [] };
}

function unreadable(file: string, why: string): ImportedIgnores {
  return { entries: [], ignorePaths: [], notCarried: [{ provenance: file, why }] };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
