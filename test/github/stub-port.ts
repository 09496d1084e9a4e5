/** A port that answers from a table, for tests of what is made of the answers. */
import type { z } from "zod";
import type { GitHubPort } from "../../src/github/port.ts";

/** A list, a record, or a refusal; what is not in the table is not available. */
export type StubAnswer =
  | { items: readonly unknown[] }
  | { record: unknown }
  | { refused: "not permitted" | "not available here" };

/** In: answers by path. Out: the port, and the paths that were asked for. */
export function stubPort(answers: Readonly<Record<string, StubAnswer>>): GitHubPort & { asked: string[] } {
  const asked: string[] = [];
  const answerTo = (path: string): StubAnswer => {
    asked.push(path);
    return answers[path] ?? { refused: "not available here" };
  };
  return {
    asked,
    spent: { requests: 0, fromCache: 0 },
    async list({ path, item }) {
      const answer = answerTo(path);
      if ("refused" in answer) return { status: answer.refused };
      const items = "items" in answer ? answer.items : [];
      return { status: "listed", items: items.map((one) => item.parse(one) as z.output<typeof item>) };
    },
    async find(path, value) {
      const answer = answerTo(path);
      if ("refused" in answer) return { status: answer.refused };
      return {
        status: "found",
        value: value.parse("record" in answer ? answer.record : undefined) as z.output<typeof value>,
      };
    },
  };
}
