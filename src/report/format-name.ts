/** Names of the output formats, as `--format` takes them. */
export const formats = ["text", "json", "jsonl", "sarif", "github", "markdown", "csv", "html"] as const;
export type Format = (typeof formats)[number];
