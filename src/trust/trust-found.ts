/** What readers hand to the audits: every trust statement of a file or module, as it stands there. */
import type { AwsRole } from "./aws-setting.ts";
import type { AzureCredential } from "./azure-audit.ts";
import type { GcpBinding, GcpProvider } from "./gcp-match.ts";
import type { SnowflakeIdentity } from "./snowflake-audit.ts";
import type { Span } from "./source.ts";
import type { VaultRole } from "./vault-audit.ts";

export type Trust = {
  roles: AwsRole[];
  /** OIDC providers of AWS with pinned thumbprints. */
  thumbprints: { span: Span; name: string }[];
  providers: GcpProvider[];
  bindings: GcpBinding[];
  /** Service accounts (address or e-mail) with a role that owns the project. */
  powerful: Map<string, string>;
  credentials: AzureCredential[];
  vaultRoles: VaultRole[];
  identities: SnowflakeIdentity[];
  /** Parts that look like trust and could not be read. */
  unread: { span: Span; why: string }[];
};

/** Nothing found yet. */
export function emptyTrust(): Trust {
  return {
    roles: [],
    thumbprints: [],
    providers: [],
    bindings: [],
    powerful: new Map(),
    credentials: [],
    vaultRoles: [],
    identities: [],
    unread: [],
  };
}

/** Adds what another part found. */
export function addTrust(into: Trust, more: Trust): void {
  into.roles.push(...more.roles);
  into.thumbprints.push(...more.thumbprints);
  into.providers.push(...more.providers);
  into.bindings.push(...more.bindings);
  for (const [account, role] of more.powerful) into.powerful.set(account, role);
  into.credentials.push(...more.credentials);
  into.vaultRoles.push(...more.vaultRoles);
  into.identities.push(...more.identities);
  into.unread.push(...more.unread);
}

/** How many things were found, those that could not be read included. */
export function countOf(trust: Trust): number {
  return (
    trust.roles.length +
    trust.providers.length +
    trust.bindings.length +
    trust.credentials.length +
    trust.vaultRoles.length +
    trust.identities.length +
    trust.unread.length +
    trust.thumbprints.length
  );
}
