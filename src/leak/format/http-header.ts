/** Credentials in an `Authorization` header (RFC 7617, RFC 6750), in whatever language the header is set. */
import type { Format, FormatHit } from "./format.ts";
import { gradeValue } from "./grade.ts";

/** Between the header's name and its scheme: quotes, colons, commas, arrows, brackets. */
const header =
  /^(?:proxy-)?authorization[\s"'`\\:=>,()[\]{}+]{0,16}(?:value["'\s:=]{1,6})?(basic|bearer|token|apikey|api-key)[\s:=]{1,4}/i;

export const authorizationHeader: Format = {
  id: "authorization-header",
  keywords: ["authorization"],
  parse: ({ text }, at) => at.map((hit) => authorizationHit(text, hit)).filter((hit) => hit !== undefined),
};

function authorizationHit(text: string, hit: number): FormatHit | undefined {
  const match = header.exec(text.slice(hit, hit + 80));
  const scheme = match?.[1]?.toLowerCase();
  if (match === null || scheme === undefined) return undefined;
  return authorizationValue(text, scheme, hit + match[0].length);
}

/** The hit for the value of scheme `scheme` that begins at `start`; undefined when none stands there. */
export function authorizationValue(text: string, scheme: string, start: number): FormatHit | undefined {
  const value = /^[A-Za-z0-9._~+/=-]{8,4096}/.exec(text.slice(start, start + 4096))?.[0];
  const after = value === undefined ? "" : (text[start + value.length] ?? "");
  if (value === undefined || after === "{" || after === "$" || after === "(") return undefined;
  const hit = { rule: "authorization-header", start, end: start + value.length, name: "Authorization" };
  if (scheme === "basic") {
    const decoded = decodeBasic(value);
    const grade = decoded && gradeValue(decoded.password === "" ? decoded.user : decoded.password);
    if (decoded === undefined || grade === undefined) return undefined;
    const facts: Record<string, string> = { scheme: "basic" };
    if (decoded.password !== "" && /^[\w.@+-]{1,100}$/.test(decoded.user)) facts.user = decoded.user;
    return { ...hit, facts, confidence: grade, reason: "base64 of user and password in a Basic header" };
  }
  const grade = looksRandom(value) ? gradeValue(value) : undefined;
  return grade === undefined
    ? undefined
    : {
        ...hit,
        facts: { scheme },
        confidence: value.length < 16 ? "weak" : grade,
        reason: `a token in a ${scheme} header`,
      };
}

/** Letters with digits, or a long mix of small letters and capitals. */
function looksRandom(value: string): boolean {
  if (value.length < 12 || !/[A-Za-z]/.test(value)) return false;
  return /[0-9]/.test(value) || (value.length >= 24 && /[a-z][A-Z]/.test(value) && /[A-Z][a-z]/.test(value));
}

/** User and password of a Basic value; undefined when it is not base64 of printable text with a colon. */
export function decodeBasic(value: string): { user: string; password: string } | undefined {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(value)) return undefined;
  const decoded = Buffer.from(value, "base64").toString("latin1");
  const colon = decoded.indexOf(":");
  if (colon === -1 || decoded.length < 5 || !/^[\x20-\x7e\xa0-\xff]+$/.test(decoded)) return undefined;
  return { user: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}
