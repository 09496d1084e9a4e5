/** What a role may do, as far as its template says: whether it owns the account, and whether it goes beyond reading. */
import type { Verdict } from "./glob.ts";
import type { Span } from "./source.ts";
import { hole, itemsOf, textOf, type Value, valueAt } from "./value.ts";

export type Permissions = { admin: { what: string; span: Span } | undefined; writes: Verdict };

/** Collects the policies of one role. */
export function permissionsReader(): {
  managed(value: Value): void;
  document(value: Value): void;
  result(): Permissions;
} {
  let admin: Permissions["admin"];
  let writes = false;
  let open = false;
  let any = false;
  return {
    managed(value) {
      any = true;
      const text = textOf(value);
      const name = text?.slice(text.lastIndexOf("/") + 1) ?? "";
      if (name === "AdministratorAccess" || name === "IAMFullAccess") {
        admin ??= { what: name, span: value.span };
        writes = true;
      } else if (text === undefined || text.includes(hole) || !text.includes(":aws:policy/")) open = true;
      else if (!/ReadOnly|ViewOnly|SecurityAudit|BillingReadOnly/.test(name)) writes = true;
    },
    document(value) {
      any = true;
      for (const statement of itemsOf(valueAt(value, "Statement"))) {
        if (statement.kind !== "map") {
          open = true;
          continue;
        }
        if ((textOf(valueAt(statement, "Effect")) ?? "Allow") !== "Allow") continue;
        const resources = itemsOf(valueAt(statement, "Resource")).map((resource) => textOf(resource));
        const actions = itemsOf(valueAt(statement, "Action"));
        if (actions.length === 0) open = true;
        for (const action of actions) {
          const text = textOf(action);
          if (text === undefined || text.includes(hole)) open = true;
          else if (text === "*" || text === "*:*") {
            admin ??= { what: "*:*", span: action.span };
            writes = true;
          } else if (/^iam:(?:PassRole|\*|Pass\*)$/i.test(text) && resources.includes("*")) {
            admin ??= { what: `${text} on *`, span: action.span };
            writes = true;
          } else if (!readAction.test(text)) writes = true;
        }
      }
      if (value.kind !== "map") open = true;
    },
    result: () => ({ admin, writes: writes ? "yes" : open || !any ? "unknown" : "no" }),
  };
}

/** Actions that read, by the verb that AWS begins them with. */
const readAction =
  /^[a-z0-9-]+:(?:Get|List|Describe|BatchGet|BatchCheck|Head|View|Read|Lookup|Query|Scan|Select|Check|Validate|Simulate|Search|Filter|Preview|Estimate)[A-Za-z]*\*?$/;
