/** What a `uses:` names (https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsuses). */
import type { Source, Text, Uses } from "./model.ts";
import { offsetsOf } from "./source.ts";

/** Reads the value of a `uses`. Never throws: what has no known form is `invalid`. */
export function usesOf(source: Source, text: Text): Uses {
  const raw = text.value;
  const comment = commentBehind(source, text);
  const base = { text, raw, local: false, ...(comment && { comment }) };
  if (text.expressions.length > 0) return { ...base, kind: "expression", refKind: "none" };
  if (raw.startsWith("docker://")) return { ...base, ...dockerOf(raw.slice("docker://".length)) };
  // `$/path` is a path from the root of the repository that holds the file.
  if (raw.startsWith("./") || raw.startsWith("$/"))
    return { ...base, local: true, kind: isWorkflowPath(raw) ? "workflow" : "local", path: raw, refKind: "none" };
  const at = raw.lastIndexOf("@");
  const whole = at < 0 ? raw : raw.slice(0, at);
  const [owner, repo, ...rest] = whole.split("/");
  if (owner === undefined || repo === undefined || owner === "" || repo === "")
    return { ...base, kind: "invalid", refKind: "none" };
  const path = rest.join("/");
  const ref = at < 0 ? undefined : raw.slice(at + 1);
  return {
    ...base,
    kind: isWorkflowPath(whole) ? "workflow" : "action",
    owner,
    repo,
    ...(path !== "" && { path }),
    ...(ref !== undefined && { ref }),
    refKind: ref === undefined ? "none" : refKindOf(ref),
  };
}

function isWorkflowPath(path: string): boolean {
  return /\/\.github\/workflows\/[^/@]+\.ya?ml(?:@|$)/.test(path);
}

/** `sha` is a full object id, SHA-1 or SHA-256; a ref that begins like a version is taken for a tag, because that is how releases are named. */
function refKindOf(ref: string): Uses["refKind"] {
  if (/^[0-9a-f]{40}$|^[0-9a-f]{64}$/i.test(ref)) return "sha";
  return /^(?:refs\/tags\/|[a-z-]*v?\d)/i.test(ref) ? "tag" : "branch";
}

function dockerOf(image: string): Pick<Uses, "kind" | "path" | "ref" | "refKind"> {
  const digest = image.indexOf("@");
  if (digest >= 0)
    return { kind: "docker", path: image.slice(0, digest), ref: image.slice(digest + 1), refKind: "digest" };
  const slash = image.lastIndexOf("/");
  const tag = image.indexOf(":", slash + 1);
  if (tag < 0) return { kind: "docker", path: image, refKind: "none" };
  return { kind: "docker", path: image.slice(0, tag), ref: image.slice(tag + 1), refKind: "tag" };
}

/** The comment behind the value on the same line, where people write the version of a pinned SHA. */
function commentBehind(source: Source, text: Text): Uses["comment"] {
  const offsets = offsetsOf(source);
  let at = offsets.toText(text.span.end);
  const from = at;
  while (source.text.charAt(at) === " " || source.text.charAt(at) === "\t") at++;
  if (at === from || source.text.charAt(at) !== "#") return undefined;
  let end = source.text.indexOf("\n", at);
  if (end < 0) end = source.text.length;
  if (source.text.charAt(end - 1) === "\r") end--;
  return { text: source.text.slice(at, end), span: { start: offsets.toByte(at), end: offsets.toByte(end) } };
}
