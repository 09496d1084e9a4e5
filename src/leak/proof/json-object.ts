/** JSON objects inside tokens. */
import { decodeBase64 } from "./base64.ts";

export type JsonObject = { readonly [key: string]: unknown };

/** The value as an object, or an empty one: a way into nested fields that asks nothing of them. */
export function asObject(value: unknown): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/**
 * The JSON object that a base64 text holds.
 * In: base64 of either alphabet. Out: the object, or `undefined` when it is not base64, not JSON or not an object.
 */
export function decodeJsonObject(text: string): JsonObject | undefined {
  const bytes = decodeBase64(text);
  // Cheap refusal of what cannot be an object, before a parser sees it.
  if (bytes?.[0] !== 0x7b) return undefined;
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

/** The host of a URL or of a bare `host/path`, without user and password; `undefined` when it has none. */
export function hostOf(value: unknown): string | undefined {
  if (typeof value !== "string" || value.length > 2000) return undefined;
  const host =
    /^(?:[a-z][a-z0-9+.-]{0,30}:\/\/)?(?:[^/?#]*@)?([A-Za-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?=[:/?#]|$)/i.exec(
      value,
    );
  return host?.[1];
}
