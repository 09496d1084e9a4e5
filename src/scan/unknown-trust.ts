/** The rule for trust that cannot be evaluated. */
import type { TrustRule } from "../trust/rules.ts";

export const unknownTrustRule: TrustRule = {
  id: "unknown",
  kind: "policy",
  severity: "info",
  title: "Trust that could not be evaluated",
  why: "Who may log in depends on a value that is not in the tree (a variable, a function, a module): it was neither found safe nor open.",
  bad: 'variable "subjects" {} used in a trust policy',
  good: 'subjects = ["repo:octo-org@123456/octo-repo@456789:environment:prod"] beside it',
  fix: "Write the subjects as literals or as locals of the same folder, or read the policy by hand and waive the finding.",
};
