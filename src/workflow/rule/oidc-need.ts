/** Whether a job asks GitHub for an OIDC token. */
import type { Job, Step } from "../model.ts";
import { actionName } from "./reach.ts";

/** `yes`: a step that cannot do without. `maybe`: a step that could. `no`: nothing in the job can. */
export type OidcNeed = "yes" | "maybe" | "no";

/** Actions that ask for a token, and when: given these inputs and none of those. */
type Login = { all?: string[]; any?: string[]; none?: string[] };

/** Facts from the actions' own documentation. */
const logins: Record<string, Login> = {
  "aws-actions/configure-aws-credentials": {
    all: ["role-to-assume"],
    none: ["aws-access-key-id", "web-identity-token-file", "role-chaining"],
  },
  "azure/login": { all: ["client-id"], none: ["creds", "client-secret", "auth-type"] },
  "google-github-actions/auth": { all: ["workload_identity_provider"], none: ["credentials_json"] },
  "rust-lang/crates-io-auth-action": {},
  "nuget/login": {},
  "rubygems/configure-rubygems-credentials": { all: ["role-to-assume"] },
  "octo-sts/action": {},
  "actions/attest": {},
  "actions/attest-build-provenance": {},
  "actions/attest-sbom": {},
  "actions/deploy-pages": {},
  "hashicorp/hcp-auth-action": { all: ["workload_identity_provider"], none: ["client_secret"] },
  "aliyun/configure-aliyun-credentials-action": { all: ["role-to-assume", "oidc-provider-arn"] },
  "jfrog/setup-jfrog-cli": { all: ["oidc-provider-name"] },
  "pulumi/auth-actions": {},
  "chainguard-dev/setup-chainctl": {},
  "docker/oidc-action": {},
};

/** The step that certainly asks for a token, with what it is. */
export function certainLogin(job: Job): Step | undefined {
  return job.steps.find((step) => {
    const login = logins[actionName(step.uses)];
    return login !== undefined && asks(step, login);
  });
}

function asks(step: Step, login: Login): boolean {
  const given = (name: string): boolean => {
    const value = step.with.find((variable) => variable.name.toLowerCase() === name)?.value.value.trim();
    return value !== undefined && value !== "" && value !== "false";
  };
  return (login.all ?? []).every(given) && !(login.none ?? []).some(given);
}

/** GitHub's own actions that never ask for one. */
const harmless =
  /^actions\/(?:checkout|cache|cache\/(?:save|restore)|setup-[a-z-]+|upload-artifact|download-artifact|github-script|labeler|stale|first-interaction|upload-pages-artifact|configure-pages|dependency-review-action|create-github-app-token)$/;

/** Words of tools that can use a token by themselves. */
const tools =
  /ACTIONS_ID_TOKEN|OIDC|id[_-]token|npm|pnpm|yarn|bun\b|deno|jsr\b|twine|uv\b|poetry|hatch|pip|cargo|gem\b|rake|dotnet|cosign|sigstore|slsa|gitsign|goreleaser|gcloud|gsutil|\baws\b|\baz\b|vault|terraform|tofu|pulumi|chainctl|fly|octopus|jf\b|conan|make|task\b|just\b|\.\/|\.sh\b|python|node\b|ruby|go\s+run|gradle|mvn|ansible|kubectl|helm|docker|serverless|sam\b|cdk\b|nx\b|turbo|earthly|dagger|bazel|attest|huggingface|hf\b|curl|wget|Invoke-/i;

/** Whether the job may ask for a token. Anything that is not known counts as `maybe`. */
export function oidcNeed(job: Job): OidcNeed {
  if (certainLogin(job) !== undefined) return "yes";
  if (job.uses !== undefined) return "maybe";
  const may = job.steps.some((step) => {
    if (step.run) return tools.test(step.run.value);
    return step.uses !== undefined && !harmless.test(actionName(step.uses));
  });
  return may ? "maybe" : "no";
}
