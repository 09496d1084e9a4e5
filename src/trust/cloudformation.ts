/**
 * CloudFormation and SAM templates: intrinsic functions worked out as far as the template decides them.
 * Source: AWS CloudFormation User Guide, "Intrinsic function reference", "Pseudo parameters reference".
 */
import { issuerPath } from "./issuer.ts";
import type { Span } from "./source.ts";
import {
  entryOf,
  hole,
  itemsOf,
  type MapValue,
  textOf,
  textOrHole,
  textValue,
  unknownValue,
  type Value,
  valueAt,
} from "./value.ts";

/** Whether a document is a template: it has resources with types of AWS. */
export function isCloudFormation(document: Value): boolean {
  const resources = valueAt(document, "Resources");
  return (
    resources?.kind === "map" &&
    resources.entries.some(({ value }) => /^(?:AWS|Custom|Alexa)::/.test(textOf(valueAt(value, "Type")) ?? ""))
  );
}

type Template = {
  parameters: Value | undefined;
  mappings: Value | undefined;
  resources: Value | undefined;
  steps: number;
};

const depthLimit = 80;

/** The template with every intrinsic function replaced by its value, unknown where the template does not decide it. */
export function evaluateTemplate(document: Value): Value {
  const template: Template = {
    parameters: valueAt(document, "Parameters"),
    mappings: valueAt(document, "Mappings"),
    resources: valueAt(document, "Resources"),
    steps: 200_000,
  };
  return evaluated(document, template, 0);
}

function evaluated(value: Value, template: Template, depth: number): Value {
  if (depth > depthLimit || --template.steps < 0) return unknownValue("nested too deeply", value.span);
  if (value.kind === "list")
    return { ...value, items: value.items.map((item) => evaluated(item, template, depth + 1)) };
  if (value.kind !== "map") return value;
  const only = value.entries.length === 1 ? value.entries[0]! : undefined;
  if (only !== undefined && (only.key === "Ref" || only.key.startsWith("Fn::")))
    return callValue(only.key, only.value, value.span, template, depth);
  return {
    ...value,
    entries: value.entries.map((entry) => ({
      ...entry,
      key: keyOf(entry.key),
      value: evaluated(entry.value, template, depth + 1),
    })),
  };
}

/** A key cannot hold a function, but templates that are filled in before write `${Issuer}:sub`. */
function keyOf(key: string): string {
  return key.includes("${") ? key.replace(/\$\{[^{}]{0,200}\}/g, hole) : key;
}

function callValue(name: string, argument: Value, span: Span, template: Template, depth: number): Value {
  const inner = (value: Value): Value => evaluated(value, template, depth + 1);
  switch (name) {
    case "Ref":
      return reference(textOf(argument) ?? "", span, template, depth);
    case "Fn::Sub":
      return substituted(argument, span, template, depth);
    case "Fn::Join": {
      const [separator, list] = itemsOf(argument);
      const items = list === undefined ? undefined : inner(list);
      if (items?.kind !== "list" || separator === undefined) return unknownValue("a joined list is not known", span);
      const texts = items.items.map((item) => textOrHole(item) ?? hole);
      return textValue(
        texts.join(textOf(separator) ?? ""),
        span,
        items.items
          .map((item) => (item.kind === "unknown" || item.kind === "text" ? item.why : undefined))
          .find((why) => why !== undefined),
      );
    }
    case "Fn::Select": {
      const [index, list] = itemsOf(argument);
      const items = list === undefined ? undefined : inner(list);
      const at = Number(textOf(index));
      return items?.kind === "list"
        ? (items.items[at] ?? unknownValue("an item that is not there", span))
        : unknownValue("a list is not known", span);
    }
    case "Fn::Split": {
      const [separator, text] = itemsOf(argument).map(inner);
      const whole = textOf(text);
      const by = textOf(separator);
      if (whole === undefined || by === undefined || by === "" || whole.includes(hole))
        return unknownValue("a split text is not known", span);
      return { kind: "list", items: whole.split(by).map((part) => textValue(part, span)), span };
    }
    case "Fn::FindInMap": {
      const [map, first, second] = itemsOf(argument).map((part) => textOf(inner(part)) ?? hole);
      return (
        valueAt(template.mappings, map ?? "", first ?? "", second ?? "") ?? unknownValue("a mapping is not known", span)
      );
    }
    case "Fn::GetAtt":
      return attribute(argument, span, template, depth);
    case "Fn::ToJsonString":
      return inner(argument);
    default:
      return unknownValue(`${name} is known only to CloudFormation`, span);
  }
}

/** Pseudo parameters whose value does not matter for trust keep a hole; the partition is taken as the usual one. */
function reference(name: string, span: Span, template: Template, depth: number): Value {
  if (name === "AWS::Partition") return textValue("aws", span);
  if (name === "AWS::URLSuffix") return textValue("amazonaws.com", span);
  if (name === "AWS::NoValue") return { kind: "plain", value: null, span };
  const parameter = valueAt(template.parameters, name);
  if (parameter !== undefined) {
    const preset = valueAt(parameter, "Default");
    if (preset === undefined) return unknownValue(`the parameter ${name} has no default`, span);
    const isList = (textOf(valueAt(parameter, "Type")) ?? "").includes("List");
    const text = textOf(preset);
    if (isList && text !== undefined)
      return {
        kind: "list",
        items: text.split(",").map((part) => textValue(part.trim(), preset.span)),
        span: preset.span,
      };
    return preset;
  }
  return providerArn(name, span, template, depth) ?? unknownValue(`${name} is known only to CloudFormation`, span);
}

/** The ARN of an OIDC provider of the same template. */
function providerArn(name: string, span: Span, template: Template, depth: number): Value | undefined {
  const resource = valueAt(template.resources, name);
  if (textOf(valueAt(resource, "Type")) !== "AWS::IAM::OIDCProvider") return undefined;
  const url = valueAt(resource, "Properties", "Url");
  const text =
    url === undefined || depth > depthLimit - 10 ? undefined : textOrHole(evaluated(url, template, depth + 10));
  return text === undefined
    ? undefined
    : textValue(
        `arn:aws:iam::${hole}:oidc-provider/${issuerPath(text)}`,
        span,
        `the account of ${name} is known only to CloudFormation`,
      );
}

function attribute(argument: Value, span: Span, template: Template, depth: number): Value {
  const [name, field] =
    argument.kind === "list" ? argument.items.map((item) => textOf(item) ?? "") : (textOf(argument) ?? "").split(".");
  if (field === "Arn")
    return (
      providerArn(name ?? "", span, template, depth) ??
      unknownValue(`${name}.Arn is known only to CloudFormation`, span)
    );
  return unknownValue(`${name}.${field} is known only to CloudFormation`, span);
}

function substituted(argument: Value, span: Span, template: Template, depth: number): Value {
  const [text, variables] = argument.kind === "list" ? argument.items : [argument, undefined];
  if (text?.kind !== "text") return unknownValue("a substituted text is not known", span);
  let why = text.why;
  let changed = false;
  const result = text.text.replace(/\$\{(!?)([^{}]{1,200})\}/g, (_all, literal: string, name: string) => {
    changed = true;
    if (literal !== "") return `\${${name}}`;
    const own = entryOf(variables, name.trim());
    const value =
      own !== undefined
        ? evaluated(own.value, template, depth + 1)
        : name.includes(".")
          ? attribute(textValue(name, span), span, template, depth)
          : reference(name.trim(), span, template, depth);
    why ??= value.kind === "unknown" || value.kind === "text" ? value.why : undefined;
    return textOrHole(value) ?? hole;
  });
  return changed ? textValue(result, text.span, why) : text;
}

/** The OIDC providers of a template: how many client ids they list, and their thumbprints. */
export function providersOf(
  template: Value,
): { url: string; clientIds: number | undefined; thumbprints: { span: Span; name: string } | undefined }[] {
  const resources = valueAt(template, "Resources");
  if (resources?.kind !== "map") return [];
  return resources.entries.flatMap(({ key, value }) => {
    if (textOf(valueAt(value, "Type")) !== "AWS::IAM::OIDCProvider") return [];
    const ids = valueAt(value, "Properties", "ClientIdList");
    const prints = valueAt(value, "Properties", "ThumbprintList");
    return [
      {
        url: textOf(valueAt(value, "Properties", "Url")) ?? "",
        clientIds: ids?.kind === "list" ? ids.items.length : undefined,
        thumbprints: prints?.kind === "list" && prints.items.length > 0 ? { span: prints.span, name: key } : undefined,
      },
    ];
  });
}

/** Resources of a type, by logical id. */
export function resourcesOf(template: Value, type: string): { id: string; properties: MapValue; span: Span }[] {
  const resources = valueAt(template, "Resources");
  if (resources?.kind !== "map") return [];
  return resources.entries.flatMap(({ key, value }) => {
    const properties = valueAt(value, "Properties");
    return textOf(valueAt(value, "Type")) === type && properties?.kind === "map"
      ? [{ id: key, properties, span: value.span }]
      : [];
  });
}
