/** Every job of the App with what does it. */
import type { AppAccess } from "./access.ts";
import { checkRunHandler } from "./check-run.ts";
import { checkSuiteHandler } from "./check-suite.ts";
import { headHandler } from "./head.ts";
import { installationHandler, installationRepositoriesHandler, repositoryHandler } from "./installation.ts";
import type { JobHandlers } from "./job.ts";
import { mergeGroupHandler } from "./merge-group.ts";
import { pullRequestHandler } from "./pull-request.ts";
import { pushHandler } from "./push.ts";

export function appHandlers(access: AppAccess): JobHandlers {
  return {
    push: pushHandler(access),
    "pull-request": pullRequestHandler(access),
    "merge-group": mergeGroupHandler(access),
    "check-run": checkRunHandler(access),
    "check-suite": checkSuiteHandler(access),
    installation: installationHandler(access),
    "installation-repositories": installationRepositoriesHandler(access),
    repository: repositoryHandler(access),
    head: headHandler(access),
  };
}
