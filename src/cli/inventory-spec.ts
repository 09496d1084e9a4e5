/** Flags and help of `leasehold inventory`. */
import type { CommandSpec } from "./command.ts";
import { outputFlags } from "./flags.ts";

export const inventorySpec = {
  name: "inventory",
  summary: "Take a snapshot of GitHub's credential stores",
  usage: "--repo OWNER/NAME|--org LOGIN",
  positionals: { min: 0, max: 0 },
  flags: {
    repo: {
      kind: "string",
      value: "OWNER/NAME",
      summary: "One repository, and its organisation as far as it is shown",
    },
    org: { kind: "string", value: "LOGIN", summary: "An organisation with all its repositories" },
    "token-env": { kind: "string", value: "NAME", summary: "Variable with the token (GITHUB_TOKEN, then GH_TOKEN)" },
    "owner-property": { kind: "string", value: "NAME", summary: "Custom property that names an owner (owner)" },
    cache: { kind: "string", value: "DIR", summary: "Keep ETags here, so that the next run costs less" },
    "max-wait": { kind: "integer", value: "SECONDS", summary: "Longest wait for a rate limit (60)" },
    ...outputFlags,
  },
  examples: [
    ["leasehold inventory --repo acme/shop -o shop.json", "one repository"],
    ["leasehold inventory --org acme --cache .cache -o acme.json", "all of an organisation"],
    ["leasehold inventory --org acme --token-env APP_TOKEN", "with the token of an App"],
  ],
} as const satisfies CommandSpec;
