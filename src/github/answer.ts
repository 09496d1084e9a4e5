/** What is read of GitHub's answers, by the REST API description. Fields that are not named here, values of variables among them, are dropped at once. */
import { z } from "zod";

const moment = z.string().min(10).max(40);

export const secretAnswer = z.object({ name: z.string(), created_at: moment, updated_at: moment });
const visibility = z.enum(["all", "private", "selected"]);
export const sharedSecretAnswer = z.object({ ...secretAnswer.shape, visibility });
export const variableAnswer = z.object({ name: z.string(), updated_at: moment });
export const nameAnswer = z.object({ name: z.string() });
export const repositoryNameAnswer = z.object({ full_name: z.string() });
export const loginAnswer = z.object({ login: z.string(), type: z.string() });
export const teamAnswer = z.object({ slug: z.string() });

export const repositoryAnswer = z.object({
  full_name: z.string(),
  visibility: z.enum(["public", "private", "internal"]).optional(),
  private: z.boolean(),
  archived: z.boolean().default(false),
  default_branch: z.string().default(""),
  owner: loginAnswer,
  permissions: z.object({ admin: z.boolean().default(false) }).optional(),
});
export type RepositoryAnswer = z.output<typeof repositoryAnswer>;

/**
 * `two_factor_requirement_enabled` is one of the details that only an owner sees, with a classic token only under `admin:org` (GitHub
 * Docs, "Get an organization"); others get null or no such key. So a value proves an owner, and its absence proves nothing.
 */
export const organisationAnswer = z.object({
  login: z.string(),
  two_factor_requirement_enabled: z.boolean().nullish(),
});

const reviewer = z.object({
  type: z.string(),
  reviewer: z.object({ login: z.string().optional(), slug: z.string().optional() }).nullish(),
});
export const environmentAnswer = z.object({
  name: z.string(),
  protection_rules: z
    .array(
      z.object({
        type: z.string(),
        wait_timer: z.number().optional(),
        prevent_self_review: z.boolean().optional(),
        reviewers: z.array(reviewer).optional(),
      }),
    )
    .optional(),
  deployment_branch_policy: z
    .object({ protected_branches: z.boolean(), custom_branch_policies: z.boolean() })
    .nullish(),
});
export type EnvironmentAnswer = z.output<typeof environmentAnswer>;
export const guardAnswer = z.object({ enabled: z.boolean(), app: z.object({ slug: z.string() }) });

export const deployKeyAnswer = z.object({
  id: z.number(),
  title: z.string(),
  read_only: z.boolean(),
  created_at: moment,
  last_used: moment.nullish(),
  added_by: z.string().nullish(),
});

/** The path of a webhook can be a credential, so this answer is never kept between runs. */
export const webhookAnswer = z.object({
  id: z.number(),
  active: z.boolean(),
  updated_at: moment,
  config: z.object({
    url: z.string().optional(),
    insecure_ssl: z.union([z.string(), z.number()]).optional(),
    secret: z.string().optional(),
  }),
});

export const workflowAnswer = z.object({ id: z.number(), path: z.string() });
export const runAnswer = z.object({ created_at: moment });
export const propertyAnswer = z.object({
  property_name: z.string(),
  value: z.union([z.string(), z.array(z.string())]).nullish(),
});

export const registryAnswer = z.object({
  name: z.string(),
  auth_type: z.string().optional(),
  visibility,
  updated_at: moment,
});

export const personalTokenAnswer = z.object({
  id: z.number(),
  token_id: z.number(),
  token_name: z.string(),
  owner: z.object({ login: z.string() }),
  repository_selection: z.enum(["none", "all", "subset"]),
  access_granted_at: moment,
  token_expired: z.boolean(),
  token_expires_at: moment.nullish(),
  token_last_used_at: moment.nullish(),
});

export const ssoAnswer = z.object({
  login: z.string(),
  credential_id: z.number(),
  credential_type: z.string(),
  credential_authorized_at: moment,
  credential_accessed_at: moment.nullish(),
  authorized_credential_expires_at: moment.nullish(),
});

export const installationAnswer = z.object({
  id: z.number(),
  app_slug: z.string(),
  repository_selection: z.enum(["all", "selected"]),
  permissions: z.record(z.string(), z.enum(["read", "write", "admin"])),
  suspended_at: moment.nullish(),
});
