/** A tolerant, linear reader of XML that keeps offsets: elements with attributes and text, no entities, no DTD. */

/** An element's start, its attributes and the text that follows directly behind its start tag. */
export type XmlElement = {
  name: string;
  /** Names of the elements round it, outermost first. Live: copy what is kept. */
  path: readonly string[];
  attributes: Map<string, { start: number; end: number }>;
  /** Text up to the next tag, without white space round it. */
  start: number;
  end: number;
  /** Number of the enclosing element, in order of opening. */
  parent: number;
  id: number;
};

const maxDepth = 200;
const attribute = /([A-Za-z_:][\w:.-]{0,99})\s{0,20}=\s{0,20}(?:"([^"]*)"|'([^']*)')/g;

/** Longest tag that is read; what is longer is not a configuration's. */
const maxTag = 16_384;

/** The elements of an XML text in document order. Names keep their letter case; comments and CDATA marks are skipped. */
export function* xmlElements(text: string): Generator<XmlElement> {
  const path: string[] = [];
  const ids: number[] = [];
  let next = 1;
  for (let at = text.indexOf("<"); at !== -1 && at < text.length; at = text.indexOf("<", at)) {
    if (text.startsWith("<!--", at)) {
      const end = text.indexOf("-->", at + 4);
      if (end === -1) return;
      at = end + 3;
      continue;
    }
    const close = tagEnd(text, at);
    if (close === -1) {
      at++;
      continue;
    }
    if (text[at + 1] === "/") {
      path.pop();
      ids.pop();
      at = close + 1;
      continue;
    }
    const name = /^[A-Za-z_][\w:.-]{0,99}/.exec(text.slice(at + 1, at + 102))?.[0];
    if (name === undefined) {
      at++;
      continue;
    }
    const bounds = textBounds(text, close + 1);
    const selfClosing = text[close - 1] === "/";
    const element = {
      name,
      path,
      attributes: attributesOf(text, at + 1 + name.length, close),
      ...bounds,
      parent: ids.at(-1) ?? 0,
      id: next++,
    };
    if (selfClosing) element.end = element.start;
    yield element;
    if (!selfClosing) {
      if (path.length >= maxDepth) return;
      path.push(name);
      ids.push(element.id);
    }
    at = close + 1;
  }
}

/** The `>` of the tag that begins at `at`, outside quotes; -1 when another `<` comes first. */
function tagEnd(text: string, at: number): number {
  let quote = 0;
  const limit = Math.min(text.length, at + maxTag);
  for (let i = at + 1; i < limit; i++) {
    const c = text.charCodeAt(i);
    if (quote !== 0) {
      if (c === quote) quote = 0;
      else if (c === 60) return -1;
    } else if (c === 34 || c === 39) quote = c;
    else if (c === 62) return i;
    else if (c === 60) return -1;
  }
  return -1;
}

function attributesOf(text: string, from: number, to: number): XmlElement["attributes"] {
  const attributes: XmlElement["attributes"] = new Map();
  for (const match of text.slice(from, to).matchAll(attribute)) {
    const value = match[2] ?? match[3] ?? "";
    const end = from + match.index + match[0].length - 1;
    attributes.set(match[1] ?? "", { start: end - value.length, end });
  }
  return attributes;
}

function textBounds(text: string, from: number): { start: number; end: number } {
  const window = text.slice(from, from + maxTag);
  const stop = window.indexOf("<");
  let start = from;
  let end = from + (stop === -1 ? window.length : stop);
  while (start < end && text.charCodeAt(start) <= 32) start++;
  while (end > start && text.charCodeAt(end - 1) <= 32) end--;
  return { start, end };
}
