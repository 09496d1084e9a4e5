/** The first policy of a repository, with comments that say what can be set. */

/** Where editors find the schemas of the released version. */
export const schemaUrl = "https://raw.githubusercontent.com/leasehold/leasehold/v1/schema";

/** What the draft is made from: a random public salt, the mode to begin with, and paths carried over from another tool. */
export type Draft = { salt: string; mode: "observe" | "enforce"; ignorePaths?: readonly string[] };

/**
 * The text of a first `.github/leasehold.yml`.
 * In: 1 to 64 letters, digits, `-` and `_` as salt (whoever calls draws it at random), the mode, patterns to leave out.
 */
export function draftPolicy({ salt, mode, ignorePaths = [] }: Draft): string {
  const ignore =
    ignorePaths.length === 0
      ? ["# paths:", '#   ignore: ["test/fixtures/**"]    # findings there are left out']
      : ["paths:", "  ignore:", ...ignorePaths.map((pattern) => `    - ${JSON.stringify(pattern)}`)];
  return `${[
    `# yaml-language-server: $schema=${schemaUrl}/policy.json`,
    "# Policy of Leasehold. It is read from the target branch, so a pull request cannot loosen it for itself.",
    "version: 1",
    "",
    "# observe: report, never fail. enforce: a blocking finding fails the check.",
    `mode: ${mode}`,
    mode === "observe"
      ? "# enforce-after: 2027-01-31        # last day of observing; enforce from the day after"
      : "# For a start without red checks: mode: observe, with enforce-after: and the last day of it.",
    "",
    "# A finding blocks from this severity (critical, high, medium, low, info) and confidence (certain, likely, weak) on.",
    "fail-on: { severity: high, confidence: likely }",
    "",
    ...ignore,
    "",
    "# rules:                              # per rule id or family/*",
    "#   leak/generic-api-key: { severity: low }",
    "#   workflow/secrets-inherit: off",
    "",
    "# keyless:                            # providers for which no static key is acceptable",
    "#   require: [aws, gcp, azure]",
    "#   exit-by: 2027-03-31",
    "",
    "# waivers:                            # exceptions stand in .github/leasehold-waivers.yml",
    "#   max: 180d",
    "",
    "# detectors:                          # own token formats",
    "#   - id: acme-token",
    `#     shape: '"acme_" base62{32}'`,
    "#     severity: high",
    "",
    "# Public salt of the finding ids. Changing it gives every finding a new id.",
    `salt: ${JSON.stringify(salt)}`,
  ].join("\n")}\n`;
}
