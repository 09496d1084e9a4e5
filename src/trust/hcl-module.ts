/** One Terraform module (the `.tf` files of a folder): what its names stand for. */
import { boundScope, type EvaluationBudget, evaluate, newBudget, pairsOf, type Scope } from "./evaluate.ts";
import type { Expression } from "./expression.ts";
import { callHcl } from "./hcl-functions.ts";
import { documentOf } from "./hcl-policy-document.ts";
import { attributeOf, type HclBlock, type HclBody } from "./hcl-read.ts";
import { issuerPath } from "./issuer.ts";
import type { Span } from "./source.ts";
import { hole, textOf, textOrHole, textValue, unknownValue, type Value } from "./value.ts";

export type HclModule = {
  /** Every block at the top, of all files. */
  blocks: HclBlock[];
  scope: Scope;
  /** The document a `data "aws_iam_policy_document"` gives, by name. */
  documents: ReadonlyMap<string, HclBlock>;
  /** Calls of modules that are evaluated for themselves: their blocks say nothing more. */
  followed: Set<HclBlock>;
};

/** In: the bodies of the module's files, and of its `.tfvars` files that Terraform loads by itself; for a called module what the call gives its variables. */
export function moduleOf(
  bodies: readonly HclBody[],
  settings: readonly HclBody[],
  given: ReadonlyMap<string, Value> = new Map(),
): HclModule {
  const blocks = bodies.flatMap((body) => body.blocks);
  const variables = new Map<string, Expression | undefined>();
  const locals = new Map<string, Expression>();
  const resources = new Map<string, HclBlock>();
  const documents = new Map<string, HclBlock>();
  for (const block of blocks) {
    if (block.type === "variable" && block.labels[0] !== undefined)
      variables.set(block.labels[0], attributeOf(block.body, "default")?.value);
    else if (block.type === "locals") for (const { name, value } of block.body.attributes) locals.set(name, value);
    else if (block.type === "resource") resources.set(block.labels.join("."), block);
    else if (block.type === "data") {
      resources.set(`data.${block.labels.join(".")}`, block);
      if (block.labels[0] === "aws_iam_policy_document") documents.set(block.labels[1] ?? "", block);
    }
  }
  for (const body of settings)
    for (const { name, value } of body.attributes) if (variables.has(name)) variables.set(name, value);

  const known = new Map<string, Value>();
  const open = new Set<string>();
  const budget: EvaluationBudget = newBudget();
  const once = (key: string, span: Span, make: () => Value): Value => {
    const found = known.get(key);
    if (found !== undefined) return found;
    if (open.has(key)) return unknownValue(`${key} is defined by itself`, span);
    open.add(key);
    const value = make();
    open.delete(key);
    known.set(key, value);
    return value;
  };
  const scope: Scope = {
    budget,
    reference(path, span) {
      const [first, second] = path;
      if (second === undefined) return undefined;
      if (first === "local" || first === "var") {
        const table: ReadonlyMap<string, Expression | undefined> = first === "local" ? locals : variables;
        const key = `${first}.${second}`;
        const argument = first === "var" ? given.get(second) : undefined;
        if (argument !== undefined) return { value: argument, used: 2 };
        if (!table.has(second)) return { value: unknownValue(`${key} is not declared here`, span), used: path.length };
        const expression = table.get(second);
        if (expression === undefined) return { value: unknownValue(`${key} has no default`, span), used: path.length };
        return { value: once(key, span, () => evaluate(expression, scope)), used: 2 };
      }
      return resourceReference(path, span);
    },
    call: (name, args, span) => callHcl(name, args, span),
  };

  function resourceReference(path: readonly string[], span: Span): { value: Value; used: number } | undefined {
    const size = path[0] === "data" ? 3 : 2;
    const address = path.slice(0, size).join(".");
    const block = resources.get(address);
    const attribute = path[size];
    if (block === undefined || attribute === undefined) {
      const isOther = ["each", "count", "self", "path", "module", "terraform"].includes(path[0]!);
      return {
        value: unknownValue(
          isOther ? `${path.join(".")} is known only to Terraform` : `${path.join(".")} is not declared here`,
          span,
        ),
        used: path.length,
      };
    }
    const value = once(
      `${address}.${attribute}`,
      span,
      () => computed(address, block, attribute, span) ?? written(block, attribute, span, address),
    );
    return { value, used: size + 1 };
  }

  function written(block: HclBlock, attribute: string, span: Span, address: string): Value {
    const found = attributeOf(block.body, attribute);
    return found === undefined
      ? unknownValue(`${address}.${attribute} is known only after it is applied`, span)
      : evaluate(found.value, scope);
  }

  /** What the providers compute from what is written. */
  function computed(address: string, block: HclBlock, attribute: string, span: Span): Value | undefined {
    const [type] = block.labels;
    const text = (name: string): string | undefined => {
      const found = attributeOf(block.body, name);
      return found === undefined ? undefined : textOrHole(evaluate(found.value, scope));
    };
    const why = `${address}.${attribute} is known only after it is applied`;
    if (type === "aws_iam_openid_connect_provider") {
      const url = text("url") ?? issuerFromArn(text("arn"));
      if (url === undefined) return undefined;
      if (attribute === "arn" || attribute === "id")
        return textValue(`arn:aws:iam::${hole}:oidc-provider/${issuerPath(url)}`, span, why);
      if (attribute === "url") return textValue(url, attributeOf(block.body, "url")?.value.span ?? span);
    }
    if (type === "aws_iam_policy_document" && (attribute === "json" || attribute === "minified_json"))
      return documentOf(block, scope);
    if (type === "google_iam_workload_identity_pool" && (attribute === "name" || attribute === "id")) {
      return textValue(
        `projects/${hole}/locations/global/workloadIdentityPools/${text("workload_identity_pool_id") ?? hole}`,
        span,
        why,
      );
    }
    if (type === "google_iam_workload_identity_pool_provider" && (attribute === "name" || attribute === "id")) {
      return textValue(
        `projects/${hole}/locations/global/workloadIdentityPools/${text("workload_identity_pool_id") ?? hole}/providers/${text("workload_identity_pool_provider_id") ?? hole}`,
        span,
        why,
      );
    }
    if (type === "aws_iam_role" && attribute === "id") return written(block, "name", span, address);
    return undefined;
  }
  return { blocks, scope, documents, followed: new Set() };
}

function issuerFromArn(arn: string | undefined): string | undefined {
  const at = arn?.indexOf("oidc-provider/") ?? -1;
  return arn === undefined || at < 0 ? undefined : arn.slice(at + "oidc-provider/".length);
}

/** Most copies of a block with `for_each` that are looked at. */
const instanceLimit = 50;

/** The scopes in which a block is evaluated: one, or one for each item of its `for_each`. */
export function instancesOf(body: HclBody, scope: Scope): { scope: Scope; key: string | undefined }[] {
  const each = attributeOf(body, "for_each");
  if (each === undefined) return [{ scope, key: undefined }];
  const value = evaluate(each.value, scope);
  const pairs = pairsOf(value);
  if (pairs === undefined || pairs.length > instanceLimit) return [{ scope, key: undefined }];
  return pairs.map(([index, item]) => {
    // A set has its values as keys.
    const key = value.kind === "list" ? item : index;
    const { span } = item;
    const bound: Value = {
      kind: "map",
      span,
      entries: [
        { key: "key", keySpan: span, value: key },
        { key: "value", keySpan: span, value: item },
      ],
    };
    return { scope: boundScope(scope, new Map([["each", bound]])), key: textOf(key) };
  });
}
