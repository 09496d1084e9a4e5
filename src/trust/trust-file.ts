/** Which files can hold trust statements, by their names. */
import { isOctoStsPath } from "./octo-sts-audit.ts";
import { hasTrustKeyword } from "./trust-keyword.ts";

export type TrustFileKind =
  | "terraform"
  | "tfvars"
  | "json"
  | "yaml"
  | "bicep"
  | "typescript"
  | "python"
  | "shell"
  | "sql";

const kinds: Record<string, TrustFileKind> = {
  tf: "terraform",
  tofu: "terraform",
  json: "json",
  template: "json",
  tpl: "json",
  tftpl: "json",
  yml: "yaml",
  yaml: "yaml",
  bicep: "bicep",
  ts: "typescript",
  mts: "typescript",
  js: "typescript",
  mjs: "typescript",
  py: "python",
  sh: "shell",
  bash: "shell",
  sql: "sql",
};

/** The kind of a file; undefined for one that no reader takes. */
export function kindOfPath(path: string): TrustFileKind | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  if (name === "terraform.tfvars" || name.endsWith(".auto.tfvars")) return "tfvars";
  const dot = name.lastIndexOf(".");
  return dot < 0 ? undefined : Object.hasOwn(kinds, name.slice(dot + 1)) ? kinds[name.slice(dot + 1)] : undefined;
}

/**
 * Whether a file is worth handing to `auditTrust`. Terraform files always are: a policy's names may be declared in a file that says nothing
 * of trust itself; a folder in which none does is not read.
 */
export function isTrustCandidate(path: string, bytes: Uint8Array): boolean {
  const kind = kindOfPath(path);
  if (kind === undefined) return false;
  return kind === "terraform" || kind === "tfvars" || isOctoStsPath(path) || hasTrustKeyword(bytes);
}
