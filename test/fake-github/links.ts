/** Addresses as GitHub gives them, under the fake's own. */

export type Links = {
  /** Where people look: `http://127.0.0.1:PORT`. */
  web: string;
  /** Root of the REST API as it was called. */
  api: string;
};

/** The addresses that GitHub gives beside a thing. In: address of the thing; words like `followers`, `gists{/gist_id}` or, where the key is another, `blobs=git/blobs{/sha}`. */
export function linksTo(base: string, words: string): Record<string, string> {
  return Object.fromEntries(
    words.split(" ").map((word) => {
      const [key, path] = word.includes("=") ? (word.split("=") as [string, string]) : [word.split(/[{/]/)[0]!, word];
      return [`${key}_url`, `${base}/${path}`];
    }),
  );
}

/** GitHub's global id. It means nothing to a client. */
export function nodeId(kind: string, id: number): string {
  return `${kind}_${Buffer.from(String(id)).toString("base64url")}`;
}
