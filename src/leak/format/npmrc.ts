/** `.npmrc`: npm's per-registry credentials (docs of npm, "npmrc", auth related configuration). */
import type { Confidence } from "../../finding.ts";
import type { Format, FormatHit } from "./format.ts";
import { gradeValue } from "./grade.ts";
import { decodeBasic } from "./http-header.ts";
import { lineEnd, lineStart, unquoted } from "./lines.ts";

/** `//host/path/:_authToken`, also without the host; YAML's `npmAuthToken` of yarn is the generic tier's. */
const setting =
  /^\s{0,20}(?:(?:export|echo|npm config set|npm set)\s{1,4})?["']?(?:(?:\/\/|https?:\/\/)([\w.:%/@${}-]{1,200}?)\/?:)?(_authToken|_auth|_password)["']?\s{0,8}[=: ]\s{0,8}/i;

export const npmrc: Format = {
  id: "npmrc",
  keywords: ["_authtoken", "_auth", "_password"],
  parse: ({ text, path }, at) => {
    const own = path !== undefined && /npmrc[^/]*$/i.test(path);
    return at.map((hit) => npmrcHit(text, hit, own)).filter((hit) => hit !== undefined);
  },
};

function npmrcHit(text: string, hit: number, own: boolean): FormatHit | undefined {
  const from = lineStart(text, hit, 300);
  const match = setting.exec(text.slice(from, hit + 60));
  const key = match?.[2];
  if (match === null || key === undefined || from + match[0].toLowerCase().lastIndexOf(key.toLowerCase()) !== hit)
    return undefined;
  const host = match[1];
  // Without a registry before it the name is npm's only in npm's own file.
  if (host === undefined && !own && key.toLowerCase() !== "_authtoken") return undefined;
  const value = settingValue(text, from + match[0].length, lineEnd(text, hit, 2048));
  const content = text.slice(value.start, value.end);
  if (/\s/.test(content)) return undefined;
  const graded = grade(key.toLowerCase(), content);
  if (graded === undefined) return undefined;
  const facts: Record<string, string> = { ...graded.facts };
  if (host !== undefined && /^[\w.:/-]+$/.test(host)) facts.host = host;
  const reason = `the ${key} of ${host === undefined ? "npm" : "a registry"} in an npm configuration`;
  return {
    rule: key.toLowerCase() === "_authtoken" ? "npmrc-auth-token" : "npmrc-basic-auth",
    ...value,
    name: key,
    facts,
    confidence: graded.confidence,
    reason,
  };
}

/** The value up to the end of the line; in JSON without the comma. */
function settingValue(text: string, from: number, to: number): { start: number; end: number } {
  const json = /^"([^"\s]{1,2000})",?\s{0,8}$/.exec(text.slice(from, to));
  return json === null ? unquoted(text, from, to) : { start: from + 1, end: from + 1 + (json[1] ?? "").length };
}

function grade(key: string, content: string): { confidence: Confidence; facts: Record<string, string> } | undefined {
  const confidence = gradeValue(content);
  if (confidence === undefined) return undefined;
  if (key === "_authtoken") return { confidence, facts: {} };
  if (key === "_auth") {
    const decoded = decodeBasic(content);
    if (decoded === undefined) return { confidence: "weak", facts: {} };
    const inner = gradeValue(decoded.password);
    return inner && { confidence: inner, facts: /^[\w.@+-]{1,100}$/.test(decoded.user) ? { user: decoded.user } : {} };
  }
  // `_password` is base64 of the password.
  const inner = /^[A-Za-z0-9+/]+={0,2}$/.test(content)
    ? gradeValue(Buffer.from(content, "base64").toString("latin1"))
    : confidence;
  return inner && { confidence: inner, facts: {} };
}
