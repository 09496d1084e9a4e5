/** The text beside a fix: what to set up at the service, the trust policy with this repository's subject, what to delete, how to test and to go back. */
import type { KeylessRule } from "../workflow/keyless-rule.ts";
import type { Trigger } from "../workflow/model.ts";
import { type Repository, subjectsOf } from "./subject.ts";

/** One service that jobs of one file log in to now. */
export type Login = {
  rule: KeylessRule;
  path: string;
  job: string;
  environment?: string;
  triggers: readonly Trigger[];
};

/** What the provider's side needs to know beside the logins. `issuer` without a slash at its end. */
export type ProviderContext = { repository?: Repository; issuer: string };

/** A file to write: its name and its text. */
export type ProviderFile = { name: string; text: string };

const placeholders: Repository = { owner: "<OWNER>", repo: "<REPOSITORY>" };

/** Values of the templates for one login and one of its subjects. */
function valuesOf(login: Login, context: ProviderContext, subject: string, immutable: string): Record<string, string> {
  const repository = context.repository ?? placeholders;
  return {
    owner: repository.owner,
    repo: repository.repo,
    owner_id: repository.ownerId ?? "<OWNER_ID>",
    repo_id: repository.repoId ?? "<REPOSITORY_ID>",
    subject,
    immutable_subject: immutable,
    issuer: context.issuer,
    issuer_host: context.issuer.replace(/^https:\/\//, ""),
    audience: login.rule.keyless.audience ?? `https://github.com/${repository.owner}`,
    environment: login.environment ?? "<none>",
    branch: repository.defaultBranch ?? "main",
    workflow: login.path.split("/").at(-1) ?? login.path,
  };
}

function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{\{([a-z_]{1,40})\}\}/g, (whole, name: string) => values[name] ?? whole);
}

/**
 * The provider's side of a plan, one text per service and job.
 * In: the logins, the repository if it is known, and the secrets that go. Out: a README in Markdown and, where the rule has them, policy files in JSON
 * and Terraform. While it is not known which form of subject the repository emits, both are given: a policy must name the one that is sent.
 */
export function providerFiles(logins: readonly Login[], context: ProviderContext): ProviderFile[] {
  return logins.flatMap((login) => filesOf(login, context));
}

function filesOf(login: Login, context: ProviderContext): ProviderFile[] {
  const { rule } = login;
  const repository = context.repository ?? placeholders;
  const { legacy, immutable } = subjectsOf(repository, login.environment, login.triggers);
  const used = repository.immutable === true ? immutable : legacy;
  const base = `${rule.id}-${slug(login.path)}-${slug(login.job)}`;
  const values = valuesOf(login, context, used[0] ?? "", immutable[0] ?? "");
  const files: ProviderFile[] = [{ name: `${base}.md`, text: guide(login, values, legacy, immutable, repository) }];
  for (const [kind, ending] of [
    ["json", "json"],
    ["terraform", "tf"],
    ["cli", "sh"],
  ] as const) {
    const template = rule.setup?.[kind];
    if (template === undefined) continue;
    files.push({ name: `${base}.${ending}`, text: ended(fill(template, values)) });
    if (repository.immutable === undefined && template.includes("{{subject}}"))
      files.push({
        name: `${base}-immutable.${ending}`,
        text: ended(fill(template, { ...values, subject: immutable[0] ?? "" })),
      });
  }
  return files;
}

function guide(
  login: Login,
  values: Record<string, string>,
  legacy: readonly string[],
  immutable: readonly string[],
  repository: Repository,
): string {
  const { rule } = login;
  const lines = [
    `# ${rule.service}: job ${login.job} of ${login.path}`,
    "",
    rule.keyless.replacement,
    "",
    "## Subject of the job's tokens",
    "",
    ...subjectLines(legacy, immutable, repository),
    "",
  ];
  const section = (title: string, items: readonly string[]): void => {
    if (items.length > 0) lines.push(`## ${title}`, "", ...items.map((item) => `- ${fill(item, values)}`), "");
  };
  section("At the service, before merging", rule.setup?.steps ?? []);
  section(
    "Variables to set (Settings, Secrets and variables, Actions, Variables)",
    rule.values.map(
      ({ name, what, example }) => `${name}: ${what}${example === undefined ? "" : ` (such as ${example})`}`,
    ),
  );
  section("Test", rule.setup?.test === undefined ? [] : [rule.setup.test]);
  section("Afterwards", rule.after);
  section("Going back", rule.setup?.rollback === undefined ? [] : [rule.setup.rollback]);
  section("Limits", rule.keyless.limits);
  return `${lines.join("\n").trimEnd()}\n`;
}

function subjectLines(legacy: readonly string[], immutable: readonly string[], repository: Repository): string[] {
  if (repository.immutable === true) return immutable.map(code);
  if (repository.immutable === false) return legacy.map(code);
  return [
    "Which form this repository sends is not known here; `GET /repos/OWNER/REPO/actions/oidc/customization/sub` tells (`use_immutable_subject`). Name the one that is sent.",
    "",
    ...legacy.map((one) => `${code(one)} (by names)`),
    ...immutable.map((one) => `${code(one)} (with ids, for repositories created or renamed after 2026-07-15)`),
  ];
}

function code(text: string): string {
  return `- \`${text}\``;
}

function slug(text: string): string {
  return (text.split("/").at(-1) ?? text)
    .replace(/\.ya?ml$/, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

function ended(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}
