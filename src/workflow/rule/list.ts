/** All rules about workflows, in the order they are documented. */
import { allSecrets, dynamicSecret, secretsInherit } from "./all-secrets.ts";
import { secretOnCommandLine } from "./command-line.ts";
import { secretInIf } from "./condition.ts";
import { hardcodedContainerCredentials } from "./container.ts";
import { secretToArtifact, secretToGithubEnv, secretToLog } from "./disclosure.ts";
import { secretWithoutEnvironment } from "./environment.ts";
import { secretForOutsiders, secretOnSelfHosted } from "./exposure.ts";
import { appTokenUnscoped, patForToken } from "./github-token.ts";
import { idTokenMissing, idTokenTooBroad, idTokenUnneeded } from "./id-token.ts";
import { permissionsMissing, permissionsTooWide } from "./permissions.ts";
import { persistedCredentials } from "./persisted.ts";
import { unpinnedActionSecret } from "./pinning.ts";
import type { WorkflowRule } from "./rule.ts";
import { untrustedCheckout, untrustedInput } from "./untrusted.ts";
import { secretInWideEnv } from "./wide-env.ts";

export const workflowRules: readonly WorkflowRule[] = [
  unpinnedActionSecret,
  secretsInherit,
  allSecrets,
  dynamicSecret,
  secretOnCommandLine,
  secretInWideEnv,
  secretInIf,
  secretForOutsiders,
  secretOnSelfHosted,
  hardcodedContainerCredentials,
  patForToken,
  appTokenUnscoped,
  secretWithoutEnvironment,
  secretToLog,
  secretToGithubEnv,
  secretToArtifact,
  persistedCredentials,
  untrustedInput,
  untrustedCheckout,
  idTokenMissing,
  idTokenTooBroad,
  idTokenUnneeded,
  permissionsMissing,
  permissionsTooWide,
];
