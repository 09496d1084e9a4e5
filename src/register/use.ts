/** What the register needs to know of how workflows use secrets. Whoever reads the workflows hands it in. */
import type { Place } from "../finding.ts";

/** One place of a workflow that uses a secret. */
export type SecretUse = {
  /** `owner/name`; left out for the repository that the register lies in. */
  repository?: string;
  /** Where the reference is written; its path is the workflow's. */
  place: Place;
  /**
   * `named`: one, by name. `all`: every secret that the job can read (`toJSON(secrets)`, `secrets: inherit`).
   * `dynamic`: the name is computed.
   */
  form: "named" | "all" | "dynamic";
  /** Upper case; `*` for `all` and `dynamic`. */
  name: string;
  /** Store that the file reads: Dependabot's configuration reads its own. Without the key: actions. */
  store?: "actions" | "dependabot";
  job?: string;
  /** Environment of the job, as written: it may be an expression. */
  environment?: string;
  /** Events that start the workflow. */
  triggers: readonly string[];
  /** The action, reusable workflow or image that receives the value, when it comes from outside the repository. */
  receiver?: { name: string; thirdParty: boolean; pinned: boolean };
  /** Provider to which a keyless route exists at this place: `aws`. */
  keyless?: string;
};

/** The uses that were found, and where nothing was left unread. */
export type SecretUses = {
  rows: readonly SecretUse[];
  /** Repositories whose workflows were all read; `all` when nothing was left out. Elsewhere a missing use means nothing. */
  complete: "all" | readonly string[];
};

/** No workflow was read. */
export const noUses: SecretUses = { rows: [], complete: [] };
