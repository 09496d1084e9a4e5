/** What repositories, environments and organisations hold: credentials, and what runs on or guards them. Plain data, as `state.ts`. */
import type { Account, Moment, Permissions } from "./state.ts";

export type Visibility = "all" | "private" | "selected";
/** A secret's value is not kept: GitHub gives it to nobody. */
export type Secret = {
  name: string;
  createdAt: Moment;
  updatedAt: Moment;
  visibility: Visibility;
  repositories: Set<number>;
};

export type Variable = Secret & { value: string };
export type SecretStore = "actions" | "dependabot" | "codespaces" | "agents";

export type Secrets = Record<SecretStore, Map<string, Secret>>;
export type Variables = Record<"actions" | "agents", Map<string, Variable>>;
export type PersonalToken = {
  id: number;
  tokenId: number;
  name: string;
  owner: Account;
  repositories: "none" | "all" | "subset";
  permissions: Permissions;
  grantedAt: Moment;
  expiresAt: Moment | null;
  expired: boolean;
  lastUsedAt: Moment | null;
};

export type SsoCredential = {
  id: number;
  login: string;
  type: string;
  authorisedAt: Moment;
  accessedAt: Moment | null;
  expiresAt: Moment | null;
  scopes: string[];
};

export type Registry = {
  name: string;
  type: string;
  auth: string;
  visibility: Visibility;
  createdAt: Moment;
  updatedAt: Moment;
};

export type Ruleset = {
  id: number;
  name: string;
  target: "branch" | "tag" | "push";
  enforcement: "disabled" | "active" | "evaluate";
  rules: { type: string; parameters?: object }[];
  /** Names of branches, `~DEFAULT_BRANCH` or `~ALL`. */
  branches: string[];
  createdAt: Moment;
};

export type Environment = {
  id: number;
  name: string;
  waitMinutes: number;
  reviewers: ({ user: string } | { team: string })[];
  preventSelfReview: boolean;
  branches: "all" | "protected" | "selected";
  guards: { id: number; enabled: boolean; app: string; appId: number }[];
  secrets: Map<string, Secret>;
  variables: Map<string, Variable>;
  createdAt: Moment;
  updatedAt: Moment;
};

export type DeployKey = {
  id: number;
  key: string;
  title: string;
  readOnly: boolean;
  createdAt: Moment;
  lastUsed: Moment | null;
  addedBy: string | null;
};

export type Hook = {
  id: number;
  active: boolean;
  events: string[];
  url: string;
  secret: string | undefined;
  insecureTls: boolean;
  createdAt: Moment;
  updatedAt: Moment;
};

export type Workflow = { id: number; path: string; name: string; createdAt: Moment };
export type WorkflowRun = {
  id: number;
  workflow: number;
  number: number;
  event: string;
  status: string;
  conclusion: string | null;
  headBranch: string;
  headSha: string;
  actor: Account;
  createdAt: Moment;
};

/** GitHub's own finding of a leaked secret. */
export type Alert = {
  number: number;
  type: string;
  state: "open" | "resolved";
  resolution: "false_positive" | "wont_fix" | "revoked" | "used_in_tests" | null;
  validity: "active" | "inactive" | "unknown";
  secret: string;
  createdAt: Moment;
};
