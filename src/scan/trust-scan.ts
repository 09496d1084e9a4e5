/** Audits the trust policies of one tree, and its workflows against them. */
import type { Finding } from "../finding.ts";
import { digestOf, identityOf, withIdentity } from "../finding-id.ts";
import { auditTrust, type TrustFile, trustSizeLimit } from "../trust/audit.ts";
import { auditConsistency } from "../trust/consistency.ts";
import type { UnknownTrust } from "../trust/draft.ts";
import type { TrustContext } from "../trust/home.ts";
import { kindOfPath } from "../trust/trust-file.ts";
import type { Found } from "./blob-scanner.ts";
import { emittedSubjectsOf } from "./emitted-subjects.ts";
import type { WorkflowLogins } from "./logins.ts";
import type { RepositoryFacts } from "./repository-facts.ts";
import type { TrustPart } from "./task.ts";
import { unknownTrustRule } from "./unknown-trust.ts";

/** One tree: what of it may hold trust, the workflows that log in, and a way to read the former. */
export type TrustTree = {
  parts: readonly TrustPart[];
  logins: readonly WorkflowLogins[];
  read: (parts: readonly TrustPart[]) => Promise<TrustFile[]>;
  /** Whether the parts and workflows are those of the whole tree: only then a job can be said to be refused. */
  whole: boolean;
};

/**
 * In: the tree, the salt, what is known of its repository. Out: findings `trust/…`, each with the path it stands at. What looks like trust and cannot be
 * evaluated is a finding too, so that it is never taken for a pass. Subjects are computed only where the repository's name is known.
 */
export async function auditTree(tree: TrustTree, salt: string, about: RepositoryFacts): Promise<Found[]> {
  const wanted = speakingParts(tree.parts);
  if (wanted.length === 0 && tree.logins.length === 0) return [];
  const files = (await tree.read(wanted)).filter(isPolicySized);
  const { name } = about;
  const context: TrustContext = {
    salt,
    ...(name !== undefined && { repository: `${name.owner}/${name.repo}` }),
  };
  const { findings, policies, unknown } = auditTrust(files, context);
  const all: Finding[] = [...findings, ...unknownFindings(unknown, salt)];
  if (tree.whole && name !== undefined && tree.logins.length > 0) {
    // Which branch is the default one matters only to jobs that are held against a policy.
    const defaultBranch = policies.length === 0 ? undefined : await about.defaultBranch();
    const emitted = emittedSubjectsOf(tree.logins, { ...name, defaultBranch });
    all.push(...auditConsistency(emitted, policies, context));
  }
  return all.map((finding) => ({ finding, digest: digestOf(finding), related: 0 }));
}

/** The parts that speak of trust; where one of Terraform's does, all of Terraform's, since another folder may call it with what it does not say itself. */
function speakingParts(parts: readonly TrustPart[]): TrustPart[] {
  const terraform = parts.some(({ path, hint }) => hint === "speaks" && kindOfPath(path) === "terraform");
  return parts.filter(({ hint }) => hint === "speaks" || terraform);
}

/** A large file that only mentions a host of GitHub's (a list of avatars, a lock file) is no policy; one that names the token issuer may be. */
function isPolicySized({ bytes }: TrustFile): boolean {
  if (bytes.length <= trustSizeLimit) return true;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return (
    view.includes("token.actions.githubusercontent.com") &&
    /Assume|attribute|federated|bound_/i.test(view.toString("latin1"))
  );
}

function unknownFindings(unknown: readonly UnknownTrust[], salt: string): Finding[] {
  const ordinals = new Map<string, number>();
  return unknown.map(({ path, place, why, vague }) => {
    const rule = `trust/${unknownTrustRule.id}` as const;
    const key = `${path}\n${why}`;
    const ordinal = ordinals.get(key) ?? 0;
    ordinals.set(key, ordinal + 1);
    const identity = identityOf(salt, [rule, path, why, String(ordinal)]);
    const finding: Finding = {
      rule,
      id: identity.id,
      place,
      severity: unknownTrustRule.severity,
      confidence: vague ? "weak" : "likely",
      message: `Trust in GitHub's tokens that could not be evaluated: ${why}.`,
      preview: "",
      excerpt: "",
      facts: { why },
      gates: ["a trust statement, or what looks like one"],
      fixes: [],
    };
    return withIdentity(finding, identity);
  });
}
