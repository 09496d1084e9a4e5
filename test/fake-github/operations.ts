/** Everything the fake GitHub answers, by the id that GitHub's description gives it. */
import type { Operations } from "./call.ts";
import { accountOperations } from "./operations/account.ts";
import { actionsOperations } from "./operations/actions.ts";
import { credentialOperations } from "./operations/credential.ts";
import { environmentOperations } from "./operations/environment.ts";
import { repositoryOperations } from "./operations/repository.ts";
import { secretOperations } from "./operations/secret.ts";

export const operations: Operations = {
  ...accountOperations,
  ...actionsOperations,
  ...credentialOperations,
  ...environmentOperations,
  ...repositoryOperations,
  ...secretOperations,
};
