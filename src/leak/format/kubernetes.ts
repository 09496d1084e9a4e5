/** Kubernetes manifests of kind Secret, in YAML and JSON, and kubeconfig files. */
import type { Confidence } from "../../finding.ts";
import type { Format, FormatHit } from "./format.ts";
import { gradeValue, weaker } from "./grade.ts";
import { type JsonLeaf, walkJson } from "./json-document.ts";
import { blockBounds, isBlockScalar, type YamlLine, yamlLines } from "./line-documents.ts";

/** Entries of a Secret that say who and where, or are public. */
const publicKey =
  /^(?:.*[._-])?(?:user(?:name)?|login|host(?:name)?|port|database|dbname|db|email|namespace|endpoint|region|bucket|scheme|ca\.crt|tls\.crt|cert(?:ificate)?|.*\.crt|ca\.pem|cert\.pem|ca|public.?key|.*\.pub|type|name|engine|enabled|url|uri|server)$/i;

type Entry = { key: string; start: number; end: number };

export const kubernetesSecret: Format = {
  id: "kubernetes-secret",
  keywords: [
    "kind: secret",
    "kind: 'secret'",
    'kind: "secret"',
    '"kind": "secret"',
    '"kind":"secret"',
    "kind:  secret",
  ],
  parse: ({ text }, at) =>
    /^\s{0,64}[{[]/.test(text.slice(0, 65))
      ? jsonSecrets(text)
      : at.flatMap((hit, i) => yamlSecret(text, hit, at[i - 1] ?? 0, at[i + 1] ?? text.length)),
};

/** Longest distance between `kind` and the end of its `data` that is looked at. */
const reach = 262_144;

function yamlSecret(text: string, hit: number, previous: number, next: number): FormatHit[] {
  if (
    !/^"?kind"?:\s{1,2}["']?Secret["']?[ \t]{0,20}(?:#.{0,200})?\r?$/im.test(
      text.slice(hit, hit + 260).split("\n", 1)[0] ?? "",
    )
  )
    return [];
  const from = documentStart(text, hit, Math.max(previous, hit - reach));
  const to = documentEnd(text, hit, Math.min(next, hit + reach));
  const all = [...yamlLines(text, from, to)];
  const kind = all.find((line) => line.line <= hit && hit <= line.next);
  if (kind === undefined) return [];
  const siblings = all.filter((line) => line.indent === kind.indent);
  const type = siblings.find((line) => line.key === "type");
  const metadata = all.findIndex((line) => line.indent === kind.indent && line.key === "metadata");
  const label = all.slice(metadata + 1).find((line) => line.key === "name" && line.indent > kind.indent);
  const facts: Record<string, string> = {};
  if (metadata !== -1 && label !== undefined) addFact(facts, "secret", text.slice(label.start, label.end));
  if (type !== undefined) addFact(facts, "type", text.slice(type.start, type.end));
  return siblings
    .filter((line) => line.key === "data" || line.key === "stringData")
    .flatMap((section) =>
      entriesBelow(text, all, section, to).map((entry) => secretHit(text, entry, section.key === "data", facts)),
    )
    .filter((found) => found !== undefined);
}

/** Behind the last `---` before the offset. */
function documentStart(text: string, at: number, floor: number): number {
  const mark = text.slice(floor, at).lastIndexOf("\n---");
  return mark === -1 ? lineFloor(text, floor) : floor + mark + 1;
}

function lineFloor(text: string, at: number): number {
  const feed = at === 0 ? -1 : text.slice(at, at + 4096).indexOf("\n");
  return feed === -1 ? at : at + feed + 1;
}

function documentEnd(text: string, at: number, limit: number): number {
  const mark = text.slice(at, limit).indexOf("\n---");
  return mark === -1 ? limit : at + mark;
}

function entriesBelow(text: string, all: YamlLine[], section: YamlLine, to: number): Entry[] {
  const entries: Entry[] = [];
  const first = all.indexOf(section) + 1;
  let depth = -1;
  for (const line of all.slice(first)) {
    if (line.indent <= section.indent) break;
    if (depth === -1) depth = line.indent;
    if (line.indent !== depth) continue;
    const value = text.slice(line.start, Math.min(line.end, line.start + 8));
    const block = isBlockScalar(value) ? blockBounds(text, line.line, line.indent, to) : undefined;
    entries.push({ key: line.key, start: block?.start ?? line.start, end: block?.end ?? line.end });
  }
  return entries;
}

function secretHit(text: string, entry: Entry, encoded: boolean, facts: Record<string, string>): FormatHit | undefined {
  if (publicKey.test(entry.key.slice(-60)) || entry.end - entry.start < 3) return undefined;
  const raw = text.slice(entry.start, entry.end);
  if (/^[$<{]|\{\{/.test(raw)) return undefined;
  const value = encoded ? decoded(raw) : raw;
  if (value === undefined || /-----BEGIN (?:CERTIFICATE|PUBLIC)/.test(value)) return undefined;
  const grade = value.length > 8192 ? "likely" : gradeValue(value.trim());
  if (grade === undefined || value.trim().length < 6) return undefined;
  const confidence: Confidence = weaker(grade, "likely");
  const how = encoded ? "a base64 value" : "a plain value";
  return {
    rule: "kubernetes-secret",
    start: entry.start,
    end: entry.end,
    name: entry.key,
    facts,
    confidence,
    reason: `${how} in a manifest of kind Secret`,
  };
}

/** Base64 over one or more lines; undefined for what is none. */
function decoded(raw: string): string | undefined {
  const joined = raw.replace(/\s+/g, "");
  if (!/^[A-Za-z0-9+/]{3,}={0,2}$/.test(joined)) return undefined;
  return Buffer.from(joined, "base64").toString("latin1");
}

function addFact(facts: Record<string, string>, key: string, value: string): void {
  if (/^[\w./-]{1,200}$/.test(value)) facts[key] = value;
}

/** Secrets in JSON: each object with `kind: Secret` and its `data` and `stringData`. */
function jsonSecrets(text: string): FormatHit[] {
  const secrets = new Set<number>();
  const entries: { leaf: JsonLeaf; section: string }[] = [];
  walkJson(text, 0, (leaf) => {
    const section = leaf.path.at(-1);
    if (leaf.key === "kind" && text.slice(leaf.start, leaf.end) === "Secret") secrets.add(leaf.container);
    if (section === "data" || section === "stringData") entries.push({ leaf: { ...leaf, path: [] }, section });
  });
  return entries
    .filter(({ leaf }) => leaf.quoted && secrets.has(leaf.parent))
    .map(({ leaf, section }) => secretHit(text, leaf, section === "data", {}))
    .filter((hit) => hit !== undefined);
}

/** kubeconfig: client keys, tokens and passwords of users. */
export const kubeconfig: Format = {
  id: "kubeconfig",
  keywords: ["client-key-data", "current-context"],
  parse: ({ text }) => (/^\s{0,64}\{/.test(text.slice(0, 65)) ? kubeconfigJson(text) : kubeconfigYaml(text)),
};

function kubeconfigYaml(text: string): FormatHit[] {
  const hits: FormatHit[] = [];
  let user: string | undefined;
  let inUsers = false;
  for (const line of yamlLines(text)) {
    if (line.indent === 0 && !line.item) inUsers = line.key === "users";
    if (line.key === "name") user = text.slice(line.start, line.end);
    const hit = kubeconfigHit(text, line, inUsers, user);
    if (hit !== undefined) hits.push(hit);
  }
  return hits;
}

function kubeconfigJson(text: string): FormatHit[] {
  const hits: FormatHit[] = [];
  walkJson(text, 0, (leaf) => {
    const hit = kubeconfigHit(text, leaf, leaf.path.includes("users"), undefined);
    if (hit !== undefined) hits.push(hit);
  });
  return hits;
}

function kubeconfigHit(text: string, entry: Entry, inUsers: boolean, user: string | undefined): FormatHit | undefined {
  const facts: Record<string, string> = {};
  if (user !== undefined) addFact(facts, "user", user);
  const hit = { rule: "kubernetes-kubeconfig", start: entry.start, end: entry.end, name: entry.key, facts };
  if (entry.key === "client-key-data") {
    const pem = decoded(text.slice(entry.start, entry.end));
    if (pem === undefined) return undefined;
    const isKey = /-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----/.test(pem);
    return isKey
      ? { ...hit, confidence: "certain", reason: "the client key of a kubeconfig decodes to a private key" }
      : undefined;
  }
  if (!inUsers || !/^(?:token|password|id-token|refresh-token|client-secret|access-token)$/.test(entry.key))
    return undefined;
  const grade = gradeValue(text.slice(entry.start, entry.end));
  return grade === undefined
    ? undefined
    : { ...hit, confidence: grade, reason: "a credential of a user of a kubeconfig" };
}
