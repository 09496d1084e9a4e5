/** Terraform modules that make a role for GitHub from a list of subjects, as far as their inputs have well-known names. */
import type { AwsRole } from "./aws-setting.ts";
import { evaluate, type Scope } from "./evaluate.ts";
import { attributeOf, type HclBlock } from "./hcl-read.ts";
import { itemsOf, type MapEntry, textOf, textValue, unknownValue, type Value } from "./value.ts";

/** Inputs that hold subjects, and the operator that modules put them under. */
const inputs: Record<string, string> = {
  subjects: "StringLike",
  oidc_subjects: "StringLike",
  oidc_subjects_with_wildcards: "StringLike",
  oidc_wildcard_subjects: "StringLike",
  oidc_fully_qualified_subjects: "StringEquals",
};

/** The role that a module block makes; empty where its inputs say nothing of GitHub. An input under another name (`repositories`) is unknown. */
export function awsModuleRole(block: HclBlock, scope: Scope): AwsRole[] {
  const source = textOf(attributeValue(block, "source", scope)) ?? "";
  const roles: AwsRole[] = [];
  const name = `module.${block.labels[0] ?? ""}`;
  const given = block.body.attributes.filter(({ name: input }) => Object.hasOwn(inputs, input));
  if (given.length > 0 && isAboutGitHub(block, source, scope)) {
    roles.push({
      name,
      identifiers: [
        textOf(attributeValue(block, "name", scope)) ?? textOf(attributeValue(block, "role_name", scope)) ?? "",
      ].filter((text) => text !== ""),
      document: documentOf(block, scope),
      span: block.headSpan,
      writes: "unknown",
    });
  } else if (given.length === 0) {
    const other = block.body.attributes.find(({ name: input }) =>
      /^(?:github_)?(?:repositories|repos|repository_names|oidc_repositories)$/.test(input),
    );
    if (other !== undefined && /oidc/i.test(source)) {
      roles.push({
        name,
        identifiers: [],
        document: trusting(unknownValue(`what the module makes of ${other.name} is not known`, other.nameSpan), block),
        span: block.headSpan,
        writes: "unknown",
      });
    }
  }
  return roles;
}

function attributeValue(block: HclBlock, name: string, scope: Scope): Value | undefined {
  const attribute = attributeOf(block.body, name);
  return attribute === undefined ? undefined : evaluate(attribute.value, scope);
}

function isAboutGitHub(block: HclBlock, source: string, scope: Scope): boolean {
  if (/github/i.test(source)) return true;
  return (
    block.body.attributes.some(
      ({ name, value }) =>
        /provider_url|issuer/.test(name) &&
        itemsOf(evaluate(value, scope)).some((item) => (textOf(item) ?? "").includes("actions.githubusercontent.com")),
    ) ||
    Object.keys(inputs).some((input) =>
      itemsOf(attributeValue(block, input, scope)).some((item) => (textOf(item) ?? "").startsWith("repo:")),
    )
  );
}

const issuer = "token.actions.githubusercontent.com";

function documentOf(block: HclBlock, scope: Scope): Value {
  const operators: MapEntry[] = [];
  for (const attribute of block.body.attributes) {
    const operator = inputs[attribute.name];
    if (operator === undefined) continue;
    const value = evaluate(attribute.value, scope);
    const items = itemsOf(value).map((item) =>
      item.kind === "text" && !item.text.startsWith("repo:")
        ? { ...textValue(`repo:${item.text}`, item.span, item.why) }
        : item,
    );
    if (items.length === 0 && value.kind === "list") continue;
    operators.push({
      key: operator,
      keySpan: attribute.nameSpan,
      value: mapOf(`${issuer}:sub`, value.kind === "list" ? { ...value, items } : value, attribute.nameSpan),
    });
  }
  // The modules bind the audience themselves.
  const { headSpan } = block;
  operators.push({
    key: "StringEquals",
    keySpan: headSpan,
    value: mapOf(`${issuer}:aud`, textValue("sts.amazonaws.com", headSpan), headSpan),
  });
  return trusting({ kind: "map", entries: operators, span: headSpan }, block);
}

function mapOf(key: string, value: Value, keySpan: MapEntry["keySpan"]): Value {
  return { kind: "map", entries: [{ key, keySpan, value }], span: keySpan };
}

function trusting(condition: Value, block: HclBlock): Value {
  const { headSpan: span } = block;
  const text = (content: string): Value => textValue(content, span);
  const statement: Value = {
    kind: "map",
    span,
    entries: [
      { key: "Effect", keySpan: span, value: text("Allow") },
      { key: "Principal", keySpan: span, value: mapOf("Federated", text(`oidc-provider/${issuer}`), span) },
      { key: "Action", keySpan: span, value: text("sts:AssumeRoleWithWebIdentity") },
      { key: "Condition", keySpan: span, value: condition },
    ],
  };
  return mapOf("Statement", { kind: "list", items: [statement], span }, span);
}
