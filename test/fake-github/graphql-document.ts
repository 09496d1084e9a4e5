/** As much of GraphQL's language as clients of the fake use: one operation, variables, arguments, nested selections. */

export type Selection = { name: string; alias: string; arguments: Record<string, unknown>; selections: Selection[] };

/** In: the document; values of its variables. Out: its kind and what is selected. Throws for what it cannot read. */
export function readDocument(
  text: string,
  variables: Record<string, unknown>,
): { kind: "query" | "mutation"; declared: string[]; selections: Selection[] } {
  const words = text.replace(/#[^\n]*/g, "").match(/\.\.\.|"(?:[^"\\]|\\.)*"|[{}()[\]:!$=]|-?\d+|\w+/g) ?? [];
  let at = 0;
  const next = (): string => words[at++] ?? "";
  const take = (word: string): void => {
    const found = next();
    if (found !== word) throw new SyntaxError(`expected ${word}, found ${found === "" ? "the end" : found}`);
  };

  const value = (): unknown => {
    const word = next();
    if (word === "$") return variables[next()];
    if (word === "[") return list();
    if (word === "{") return record("}");
    if (word === "true" || word === "false") return word === "true";
    if (word === "null") return null;
    return /^["\d-]/.test(word) ? JSON.parse(word) : word;
  };
  const list = (): unknown[] => {
    const items = [];
    while (words[at] !== "]") items.push(value());
    take("]");
    return items;
  };
  const record = (end: string): Record<string, unknown> => {
    const found: Record<string, unknown> = {};
    while (words[at] !== end) {
      const name = next();
      take(":");
      found[name] = value();
    }
    take(end);
    return found;
  };
  const selections = (): Selection[] => {
    take("{");
    const found: Selection[] = [];
    while (words[at] !== "}") {
      if (at >= words.length) throw new SyntaxError("expected }, found the end");
      let name = next();
      const alias = name;
      if (words[at] === ":") {
        next();
        name = next();
      }
      if (!/^\w+$/.test(name)) throw new SyntaxError(`expected a field, found ${name}`);
      if (words[at] === "(") next();
      const given = words[at - 1] === "(" ? record(")") : {};
      found.push({ name, alias, arguments: given, selections: words[at] === "{" ? selections() : [] });
    }
    take("}");
    return found;
  };

  const kind = words[at] === "{" ? "query" : next();
  if (kind !== "query" && kind !== "mutation") throw new SyntaxError(`expected query or mutation, found ${kind}`);
  const declared: string[] = [];
  while (words[at] !== "{" && at < words.length) if (next() === "$") declared.push(next());
  return { kind, declared, selections: selections() };
}
