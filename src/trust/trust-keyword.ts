/** The literals without one of which no file holds trust in GitHub's tokens. Letter case counts. */

/** At least four bytes each, for a keyword automaton. */
export const trustKeywords: string[] = [
  "githubusercontent",
  "AssumeRoleWithWebIdentity",
  "/_services/token",
  ".ghe.com",
  "openid_connect_provider",
  "oidc-provider",
  "orkloadIdentityPool",
  "workload_identity_pool",
  "workload-identity-pool",
  "ederatedIdentityCredential",
  "federated_identity_credential",
  "federated-credential",
  "boundClaims",
  "bound_claims",
  "bound_subject",
  "boundSubject",
  "jwt_auth_backend",
  "subject_pattern",
  "issuer_pattern",
  "oidc_fully_qualified_subjects",
  "oidc_subjects",
  "github-oidc",
  "github_oidc",
  "WORKLOAD_IDENTITY",
  "WORKLOAD IDENTITY",
];

const encoded = trustKeywords.map((keyword) => Buffer.from(keyword));

/** Whether one of the keywords stands in the bytes. */
export function hasTrustKeyword(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return encoded.some((keyword) => buffer.includes(keyword));
}
