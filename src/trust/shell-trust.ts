/** Trust statements in scripts: `aws iam create-role`, `gcloud … create-oidc`, `az … federated-credential create`, `vault write auth/…/role/…`. */
import { discoverTrust } from "./discover.ts";
import { readJsonText } from "./json-read.ts";
import { documentFrom } from "./policy-value.ts";
import { readShell, type ShellCommand } from "./shell-read.ts";
import type { Source, Span } from "./source.ts";
import { addTrust, emptyTrust, type Trust } from "./trust-found.ts";
import { hole, type MapEntry, type MapValue, type TextValue, unknownValue, type Value } from "./value.ts";

export function trustOfShell(source: Source): Trust {
  const trust = emptyTrust();
  const commands = readShell(source);
  // Files that the script writes by a here-document and names later.
  for (const command of commands) {
    const words = command.words.map(({ text }) => text);
    const program = words.findIndex((word) => !/^[A-Za-z_][A-Za-z0-9_]*=/.test(word) && word !== "sudo");
    const rest = words.slice(program);
    if (rest[0] === "aws" && rest.includes("iam")) awsCommand(command, trust);
    else if (rest[0] === "gcloud") gcloudCommand(command, rest, trust);
    else if (rest[0] === "az" && rest.includes("federated-credential")) azCommand(command, trust);
    else if (rest[0] === "vault" && rest[1] === "write") vaultCommand(command, program, trust);
    else if (command.input !== undefined) documentInput(command.input, trust);
  }
  return trust;
}

/** `--name value` and `--name=value`. */
function flagOf(command: ShellCommand, ...names: string[]): TextValue | undefined {
  for (let at = 0; at < command.words.length; at++) {
    const word = command.words[at]!;
    for (const name of names) {
      if (word.text === name) return command.words[at + 1];
      if (word.text.startsWith(`${name}=`)) return tail(word, name.length + 1);
    }
  }
  return undefined;
}

/** The rest of a word, with its place. */
function tail(word: TextValue, from: number): TextValue {
  const origins = (word.origins ?? []).flatMap((origin, index, all) => {
    const next = all[index + 1]?.text ?? word.text.length;
    if (next <= from) return [];
    const skip = Math.max(0, from - origin.text);
    return [{ text: Math.max(0, origin.text - from), source: origin.source + skip }];
  });
  return { ...word, text: word.text.slice(from), origins };
}

function commandSpan(command: ShellCommand): Span {
  const first = command.words[0]!.span;
  return { ...first, end: command.words.at(-1)!.span.end };
}

function awsCommand(command: ShellCommand, trust: Trust): void {
  const policy = flagOf(command, "--assume-role-policy-document", "--policy-document");
  const isTrust = command.words.some(({ text }) => text === "create-role" || text === "update-assume-role-policy");
  if (policy === undefined || !isTrust) return;
  const name = flagOf(command, "--role-name")?.text ?? "a role";
  // A file is audited where it stands.
  if (policy.text.startsWith("file://")) return;
  trust.roles.push({
    name,
    identifiers: name.includes(hole) ? [] : [name],
    document: documentFrom(policy),
    span: commandSpan(command),
    writes: "unknown",
  });
}

function documentInput(input: TextValue, trust: Trust): void {
  const document = readJsonText(input);
  if (document !== undefined) addTrust(trust, discoverTrust(document, "a here-document"));
  else if (/AssumeRoleWithWebIdentity/.test(input.text) && input.text.includes("{"))
    trust.unread.push({ span: input.span, why: input.why ?? "the here-document is not JSON that can be read" });
}

function gcloudCommand(command: ShellCommand, words: readonly string[], trust: Trust): void {
  const verb = words.findIndex((word) => word === "create-oidc" || word === "update-oidc");
  if (verb >= 0) {
    const name = words[verb + 1] ?? "a provider";
    const mapping = flagOf(command, "--attribute-mapping");
    const issuer = flagOf(command, "--issuer-uri");
    const condition = flagOf(command, "--attribute-condition");
    // An update says only what changes.
    if (words[verb] === "update-oidc" && condition === undefined) return;
    const updated =
      words[verb] === "update-oidc" &&
      issuer === undefined &&
      /assertion\.repository|attribute\.repository/.test(condition?.text ?? "");
    const implied = updated ? { ...condition!, text: "https://token.actions.githubusercontent.com" } : undefined;
    trust.providers.push({
      name,
      span: commandSpan(command),
      pool: flagOf(command, "--workload-identity-pool")?.text ?? hole,
      identifiers: [name],
      issuer: issuer ?? implied,
      condition,
      mapping: mapping === undefined ? unknownMapping(updated, commandSpan(command)) : mappingOf(mapping),
      audiences: undefined,
    });
    return;
  }
  if (!words.includes("add-iam-policy-binding")) return;
  const member = flagOf(command, "--member");
  if (member === undefined || !/^principal(?:Set)?:\/\//.test(member.text)) return;
  const account = words[words.indexOf("add-iam-policy-binding") + 1] ?? "";
  trust.bindings.push({ name: `binding on ${account}`, member, role: flagOf(command, "--role")?.text ?? "", account });
}

function unknownMapping(updated: boolean, span: Span): Value | undefined {
  return updated ? unknownValue("the mapping is set elsewhere", span) : undefined;
}

/** `google.subject=assertion.sub,attribute.repository=assertion.repository`; a comma may stand in brackets or quotes. */
function mappingOf(value: TextValue): Value {
  const entries: MapEntry[] = [];
  const { text } = value;
  let start = 0;
  let open = 0;
  let quote = "";
  for (let at = 0; at <= text.length; at++) {
    const unit = text[at];
    if (quote !== "") {
      if (unit === quote) quote = "";
    } else if (unit === "'" || unit === '"') quote = unit;
    else if (unit === "(" || unit === "[" || unit === "{") open++;
    else if (unit === ")" || unit === "]" || unit === "}") open--;
    if (unit !== undefined && !(unit === "," && open === 0 && quote === "")) continue;
    const equals = text.indexOf("=", start);
    if (equals > 0 && equals < at) {
      const piece = tail(value, equals + 1);
      entries.push({
        key: text.slice(start, equals).trim(),
        keySpan: value.span,
        value: { ...piece, text: piece.text.slice(0, at - equals - 1) },
      });
    }
    start = at + 1;
  }
  return { kind: "map", entries, span: value.span };
}

function azCommand(command: ShellCommand, trust: Trust): void {
  const parameters = flagOf(command, "--parameters");
  if (parameters !== undefined) {
    const document = parameters.text.startsWith("{")
      ? readJsonText(parameters)
      : command.input === undefined
        ? undefined
        : readJsonText(command.input);
    if (document !== undefined) addTrust(trust, discoverTrust(document, "a federated credential"));
    else if (parameters.text.startsWith("{"))
      trust.unread.push({
        span: parameters.span,
        why: parameters.why ?? "the parameters are not JSON that can be read",
      });
    return;
  }
  const issuer = flagOf(command, "--issuer");
  const subject = flagOf(command, "--subject");
  if (issuer === undefined && subject === undefined) return;
  const audience = flagOf(command, "--audiences", "--audience");
  trust.credentials.push({
    name: flagOf(command, "--name", "-n")?.text ?? "a federated credential",
    span: commandSpan(command),
    issuer,
    subject,
    expression: undefined,
    audiences: audience === undefined ? [] : [audience],
    identifiers: [],
    writes: "unknown",
  });
}

/** `vault write auth/jwt/role/name key=value …`, `- <<EOF` with JSON, or one JSON argument. */
function vaultCommand(command: ShellCommand, program: number, trust: Trust): void {
  const path = command.words.slice(program + 2).find(({ text }) => !text.startsWith("-"));
  const match = /^\/?auth\/.+\/role\/([^/]+)$/.exec(path?.text ?? "");
  if (match === null) return;
  const name = match[1]!;
  const span = commandSpan(command);
  const entries: MapEntry[] = [];
  for (const word of command.words.slice(program + 3)) {
    const pair = /^([a-z_]+)=/.exec(word.text);
    if (pair === null) continue;
    const value = tail(word, pair[0].length);
    const json = value.text.startsWith("{") || value.text.startsWith("[") ? readJsonText(value) : undefined;
    entries.push({ key: pair[1]!, keySpan: word.span, value: json ?? value });
  }
  let fields: MapValue = { kind: "map", entries, span };
  if (command.input !== undefined) {
    const document = readJsonText(command.input);
    if (document?.kind === "map") fields = document;
    else
      trust.unread.push({
        span: command.input.span,
        why: command.input.why ?? "the role is not JSON that can be read",
      });
  }
  if (fields.entries.length > 0) trust.vaultRoles.push({ name, span, fields, identifiers: [name] });
}
