/** Audit of every trust statement in a tree: which files are read, by which reader, and what is put together. */
import type { Finding } from "../finding.ts";
import { auditAwsRole } from "./aws-audit.ts";
import { auditAzure } from "./azure-audit.ts";
import { evaluateArm, isArmTemplate, readBicep } from "./bicep-read.ts";
import { evaluateTemplate, isCloudFormation, providersOf } from "./cloudformation.ts";
import { trustOfCode } from "./code-trust.ts";
import { discoverTrust } from "./discover.ts";
import {
  type Audit,
  addAudit,
  emptyAudit,
  findingsOf,
  type TrustPolicy,
  type UnknownTrust,
  unknownTrust,
} from "./draft.ts";
import { auditGcp } from "./gcp-audit.ts";
import { type HclBody, readHcl } from "./hcl-read.ts";
import { modulesOf } from "./hcl-tree.ts";
import { trustOfModule } from "./hcl-trust.ts";
import type { TrustContext } from "./home.ts";
import { readJson } from "./json-read.ts";
import { auditOctoSts, isOctoStsPath } from "./octo-sts-audit.ts";
import { trustOfShell } from "./shell-trust.ts";
import { auditSnowflake } from "./snowflake-audit.ts";
import { type Source, sourceOf } from "./source.ts";
import { identitiesOfSql } from "./sql-trust.ts";
import { kindOfPath, type TrustFileKind } from "./trust-file.ts";
import type { Trust } from "./trust-found.ts";
import { hasTrustKeyword } from "./trust-keyword.ts";
import type { Value } from "./value.ts";
import { auditVault } from "./vault-audit.ts";
import { readYamlDocuments } from "./yaml-read.ts";

/** One file of the tree. */
export type TrustFile = { path: string; bytes: Uint8Array };

export type TrustAudit = {
  findings: Finding[];
  policies: TrustPolicy[];
  /** What looks like trust and could not be evaluated: never a pass. */
  unknown: UnknownTrust[];
};

/** Largest file that is read, in bytes: far above any real policy. */
export const trustSizeLimit = 1_000_000;

/**
 * Audits the trust policies of a tree.
 * In: the files (all of them, or those that `isTrustCandidate` keeps), and what is known of the repository. Out: findings `trust/…`, the policies
 * with their matchers for `auditConsistency`, and what could not be evaluated. Never throws for what stands in a file.
 */
export function auditTrust(files: Iterable<TrustFile>, context: TrustContext): TrustAudit {
  const audit = emptyAudit();
  const modules = new Map<string, { files: TrustFile[]; speaks: boolean }>();
  for (const file of files) {
    const kind = kindOfPath(file.path);
    if (kind === undefined) continue;
    const speaks = hasTrustKeyword(file.bytes);
    if (kind === "terraform" || kind === "tfvars") {
      const folder = file.path.slice(0, file.path.lastIndexOf("/") + 1);
      const module = modules.get(folder) ?? { files: [], speaks: false };
      modules.set(folder, module);
      module.files.push(file);
      module.speaks ||= speaks && kind === "terraform";
    } else if (speaks || isOctoStsPath(file.path)) auditFile(file, kind, context, audit);
  }
  if ([...modules.values()].some(({ speaks }) => speaks)) auditModules(modules, context, audit);
  return { findings: findingsOf(audit.drafts, context.salt), policies: audit.policies, unknown: audit.unknown };
}

/** The text of a file, or undefined with a note where it is too large to be read. */
function readable(file: TrustFile, audit: Audit): Source | undefined {
  if (file.bytes.length <= trustSizeLimit) return sourceOf(file.path, file.bytes);
  const head = sourceOf(file.path, file.bytes.subarray(0, 1));
  audit.unknown.push(unknownTrust({ source: head, start: 0, end: head.text.length }, "the file is larger than 1 MB"));
  return undefined;
}

function auditFile(file: TrustFile, kind: TrustFileKind, context: TrustContext, audit: Audit): void {
  const source = readable(file, audit);
  if (source === undefined) return;
  const name = file.path.slice(file.path.lastIndexOf("/") + 1);
  const found: Audit = emptyAudit();
  switch (kind) {
    case "typescript":
    case "python":
      addAudit(found, auditFound(trustOfCode(source, kind), context));
      break;
    case "shell":
      addAudit(found, auditFound(trustOfShell(source), context));
      break;
    case "sql":
      for (const identity of identitiesOfSql(source)) addAudit(found, auditSnowflake(identity, context));
      break;
    case "bicep":
      for (const resource of readBicep(source))
        addAudit(found, auditFound(discoverTrust(resource.value, resource.name), context));
      break;
    default: {
      const documents = kind === "json" ? jsonDocuments(source) : readYamlDocuments(source);
      if (documents === undefined) {
        const why = `the file cannot be read as ${kind === "json" ? "JSON" : "YAML"}`;
        if (mentionsTrust(source.text)) found.unknown.push(unknownTrust({ source, start: 0, end: 0 }, why));
        break;
      }
      for (const document of documents)
        addAudit(
          found,
          isOctoStsPath(file.path)
            ? auditOctoSts(document, name.replace(/\.sts\.ya?ml$/, ""), context)
            : auditDocument(document, name, context),
        );
    }
  }
  noteUnread(source, found);
  addAudit(audit, found);
}

function jsonDocuments(source: Source): Value[] | undefined {
  const value = readJson(source);
  return value === undefined ? undefined : [value];
}

function auditDocument(document: Value, name: string, context: TrustContext): Audit {
  if (isArmTemplate(document)) return auditFound(discoverTrust(evaluateArm(document), name), context);
  if (!isCloudFormation(document)) return auditFound(discoverTrust(document, name), context);
  const template = evaluateTemplate(document);
  const trust = discoverTrust(template, name);
  for (const provider of providersOf(template)) {
    if (!provider.url.includes("githubusercontent.com")) continue;
    for (const role of trust.roles) role.clientIds = provider.clientIds;
    if (provider.thumbprints !== undefined) trust.thumbprints.push(provider.thumbprints);
  }
  return auditFound(trust, context);
}

/** Folders that speak of trust, and those that may call them with what they do not say themselves. */
function auditModules(
  modules: ReadonlyMap<string, { files: TrustFile[]; speaks: boolean }>,
  context: TrustContext,
  audit: Audit,
): void {
  const folders = new Map<string, { bodies: HclBody[]; settings: HclBody[]; sources: Source[] }>();
  for (const [path, { files, speaks }] of modules) {
    if (!speaks && !files.some(callsLocally)) continue;
    const folder = { bodies: [] as HclBody[], settings: [] as HclBody[], sources: [] as Source[] };
    folders.set(path, folder);
    for (const file of files) {
      const source = readable(file, audit);
      if (source === undefined) continue;
      if (kindOfPath(file.path) === "tfvars") folder.settings.push(readHcl(source));
      else {
        folder.sources.push(source);
        folder.bodies.push(readHcl(source));
      }
    }
  }
  const instances = modulesOf(folders);
  for (const [path, { sources }] of folders) {
    if (modules.get(path)?.speaks !== true) continue;
    const found = emptyAudit();
    const trusts = (instances.get(path) ?? []).map(trustOfModule);
    for (const trust of trusts) addAudit(found, auditFound(trust, context));
    for (const source of sources) if (hasTrustKeyword(source.bytes)) noteUnread(source, found, trusts[0]);
    addAudit(audit, trusts.length > 1 ? withoutRepeats(found) : found);
  }
}

/** Whether a file may call a module by a local path. */
function callsLocally({ path, bytes }: TrustFile): boolean {
  if (kindOfPath(path) !== "terraform" || bytes.length > trustSizeLimit) return false;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  return text.includes("module") && /source\s{0,50}=\s{0,50}"\.\.?\//.test(text);
}

/** What two calls of a module say alike is said once. */
function withoutRepeats(audit: Audit): Audit {
  const seen = new Set<string>();
  const isNew = (key: string): boolean => seen.size < seen.add(key).size;
  return {
    ...audit,
    drafts: audit.drafts.filter(({ rule, span, subject, preview, message }) =>
      isNew(JSON.stringify([rule, span.source.path, span.start, subject, preview, message])),
    ),
    unknown: audit.unknown.filter(({ path, place, why }) => isNew(JSON.stringify([path, place.start, why]))),
  };
}

/** Audits what readers found. */
function auditFound(trust: Trust, context: TrustContext): Audit {
  const audit = emptyAudit();
  for (const role of trust.roles) addAudit(audit, auditAwsRole(role, context));
  for (const { span, name } of trust.thumbprints) {
    audit.drafts.push({
      rule: "aws-21",
      span,
      severity: "info",
      subject: name,
      preview: "",
      message: "The provider pins certificate thumbprints: AWS ignores them for GitHub, so leave them out.",
    });
  }
  addAudit(audit, auditGcp(trust, context));
  for (const credential of trust.credentials) addAudit(audit, auditAzure(credential, context));
  for (const role of trust.vaultRoles) addAudit(audit, auditVault(role, context));
  for (const identity of trust.identities) addAudit(audit, auditSnowflake(identity, context));
  for (const { span, why } of trust.unread) audit.unknown.push(unknownTrust(span, why));
  return audit;
}

const issuerName = "token.actions.githubusercontent.com";

/** Whether a text has words of a trust policy beside the issuer. */
function mentionsTrust(text: string): boolean {
  return /sts:AssumeRole|[Ff]ederated|attribute_?[Cc]ondition|bound_|[Ss]ubject|claims/.test(text);
}

/** A file that names GitHub's issuer and of which no policy was read is unknown, not clean. */
function noteUnread(source: Source, found: Audit, trust?: Trust): void {
  const { path } = source;
  const at = source.text.indexOf(issuerName);
  if (at < 0) return;
  const told =
    found.policies.some(({ place }) => place.path === path) ||
    found.unknown.some((one) => one.path === path) ||
    found.drafts.some(({ span }) => span.source.path === path);
  if (told || (trust !== undefined && found.policies.length + found.unknown.length > 0)) return;
  // A workflow names the issuer where it verifies signatures or asks for tokens.
  if (!mentionsTrust(source.text) || path.includes(".github/workflows/")) return;
  const why = "the file names GitHub's issuer, but no trust statement could be read in it";
  const unknown = unknownTrust({ source, start: at, end: at + issuerName.length }, why);
  found.unknown.push(isCode(path) ? { ...unknown, vague: true } : unknown);
}

/** Whether a file is a program, which may name the issuer to check tokens or to talk of them. */
function isCode(path: string): boolean {
  const kind = kindOfPath(path);
  return kind === "typescript" || kind === "python" || kind === "shell";
}
