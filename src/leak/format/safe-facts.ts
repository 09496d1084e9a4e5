/** Facts and names are printed, so nothing that is or may be a secret stays in them. */
import type { Format, FormatHit } from "./format.ts";

/** Facts that name an account: a token is often sent in the user's place. */
const accountFacts = new Set(["user", "account", "login", "client", "scheme"]);

/** Whether a text in a user's place looks like a token: long, of one piece, with digits. A UUID is an id. */
export function looksLikeToken(text: string): boolean {
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text)) return false;
  return (
    text.length >= 20 &&
    /^[A-Za-z0-9_.~+/=-]+$/.test(text) &&
    /[0-9]/.test(text) &&
    !/\.(?:com|net|org|io|dev)$/.test(text)
  );
}

/** The same format, whose hits hold no fact and no name with the hit's own value or a token in it. */
export function withSafeFacts(format: Format): Format {
  return {
    ...format,
    parse: (input, at) => format.parse(input, at).map((hit) => safeHit(hit, input.text.slice(hit.start, hit.end))),
  };
}

function safeHit(hit: FormatHit, secret: string): FormatHit {
  const facts = Object.fromEntries(
    Object.entries(hit.facts).filter(
      ([key, value]) => !value.includes(secret) && !(accountFacts.has(key) && looksLikeToken(value)),
    ),
  );
  const { name, ...rest } = hit;
  return name === undefined || name.includes(secret) ? { ...rest, facts } : { ...rest, name, facts };
}
