/** Everything the fake GitHub answers, by the id that GitHub's description gives it. */
import type { Operations } from "./call.ts";
import { accountOperations } from "./operations/account.ts";
import { actionsOperations } from "./operations/actions.ts";
import { alertOperations } from "./operations/alert.ts";
import { appOperations } from "./operations/app.ts";
import { checkOperations } from "./operations/check.ts";
import { contentOperations } from "./operations/content.ts";
import { credentialOperations } from "./operations/credential.ts";
import { environmentOperations } from "./operations/environment.ts";
import { gitDataOperations } from "./operations/git-data.ts";
import { issueOperations } from "./operations/issue.ts";
import { labelOperations } from "./operations/label.ts";
import { metaOperations } from "./operations/meta.ts";
import { pullOperations } from "./operations/pull.ts";
import { registrationOperations } from "./operations/registration.ts";
import { repositoryOperations } from "./operations/repository.ts";
import { reviewOperations } from "./operations/review.ts";
import { ruleOperations } from "./operations/rule.ts";
import { secretOperations } from "./operations/secret.ts";
import { statusOperations } from "./operations/status.ts";

export const operations: Operations = {
  ...accountOperations,
  ...actionsOperations,
  ...alertOperations,
  ...appOperations,
  ...checkOperations,
  ...contentOperations,
  ...credentialOperations,
  ...environmentOperations,
  ...gitDataOperations,
  ...issueOperations,
  ...labelOperations,
  ...metaOperations,
  ...pullOperations,
  ...registrationOperations,
  ...repositoryOperations,
  ...reviewOperations,
  ...ruleOperations,
  ...secretOperations,
  ...statusOperations,
};
