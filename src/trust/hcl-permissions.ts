/** What a role of AWS may do, by the policies of the same Terraform module. */
import type { AwsRole } from "./aws-setting.ts";
import { evaluate, type Scope } from "./evaluate.ts";
import { type Expression, pathOf } from "./expression.ts";
import { type HclModule, instancesOf } from "./hcl-module.ts";
import { expanded } from "./hcl-policy-document.ts";
import { attributeOf, type HclBlock } from "./hcl-read.ts";
import { permissionsReader } from "./iam-permissions.ts";
import { documentFrom } from "./policy-value.ts";
import { hole, itemsOf, textOf, unknownValue } from "./value.ts";

/** Whether an expression points at a resource: by reference, or by a name that is the same text. */
export function pointsAt(
  expression: Expression | undefined,
  address: string,
  name: string | undefined,
  scope: Scope,
): boolean {
  if (expression === undefined) return false;
  const path = pathOf(
    expression.kind === "template" && expression.parts.length === 1 && expression.parts[0]!.kind === "expression"
      ? expression.parts[0]!.of
      : expression,
  );
  if (path !== undefined && path.slice(0, 2).join(".") === address) return true;
  const text = textOf(evaluate(expression, scope));
  return name !== undefined && text !== undefined && !text.includes(hole) && text === name;
}

/** What the policies of a role allow. In: its block, address and name, its scope, the module. */
export function permissionsOf(
  block: HclBlock,
  name: string,
  role: string | undefined,
  scope: Scope,
  module: HclModule,
): Pick<AwsRole, "admin" | "writes"> {
  const address = name.replace(/\[.*$/, "");
  const reader = permissionsReader();
  const managed = attributeOf(block.body, "managed_policy_arns");
  if (managed !== undefined) for (const item of itemsOf(evaluate(managed.value, scope))) reader.managed(item);
  for (const inline of expanded(block.body, "inline_policy", scope)) {
    const policy = inline.body === undefined ? undefined : attributeOf(inline.body, "policy");
    reader.document(
      policy === undefined
        ? unknownValue("an inline policy is not known", inline.span)
        : documentFrom(evaluate(policy.value, inline.scope)),
    );
  }
  for (const other of module.blocks) {
    if (other.type !== "resource") continue;
    const of = attributeOf(other.body, "role")?.value;
    if (other.labels[0] === "aws_iam_role_policy_attachment" && pointsAt(of, address, role, module.scope)) {
      const arn = attributeOf(other.body, "policy_arn")?.value;
      for (const { scope: inner } of instancesOf(other.body, module.scope))
        if (arn !== undefined) readManaged(arn, inner, module, reader);
    } else if (other.labels[0] === "aws_iam_role_policy" && pointsAt(of, address, role, module.scope)) {
      const policy = attributeOf(other.body, "policy");
      if (policy !== undefined) reader.document(documentFrom(evaluate(policy.value, module.scope)));
    }
  }
  return reader.result();
}

/** A customer's own policy is read through its reference. */
function readManaged(
  arn: Expression,
  scope: Scope,
  module: HclModule,
  reader: ReturnType<typeof permissionsReader>,
): void {
  const path = pathOf(arn);
  const own =
    path?.[0] === "aws_iam_policy"
      ? module.blocks.find(
          (one) => one.type === "resource" && one.labels[0] === "aws_iam_policy" && one.labels[1] === path[1],
        )
      : undefined;
  const policy = own === undefined ? undefined : attributeOf(own.body, "policy");
  if (policy !== undefined) reader.document(documentFrom(evaluate(policy.value, scope)));
  else reader.managed(evaluate(arn, scope));
}
