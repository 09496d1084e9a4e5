/** Flags and help of `leasehold register`. */
import type { CommandSpec } from "./command.ts";
import { formatFlags, policyFlags, sourceFlags } from "./flags.ts";

export const registerSpec = {
  name: "register",
  summary: "Keep the register of secrets: check, add, list, compare",
  usage: "check|add NAME|list|explain NAME|diff A B|import FILE",
  positionals: { min: 1, max: 3, choices: ["check", "add", "list", "explain", "diff", "import"] },
  flags: {
    inventory: { kind: "string", value: "FILE", summary: "Snapshot of the stores, from leasehold inventory" },
    evidence: { kind: "string", value: "LOG", summary: "check: what the log of evidence shows, too" },
    at: { kind: "string", value: "DATE", summary: "Judge as of this day, not today" },
    store: { kind: "string", value: "STORE", summary: "add: actions (default), dependabot, pat, deploy-key…" },
    environment: { kind: "string", value: "NAME", summary: "add: lies in this environment" },
    org: { kind: "boolean", summary: "add: belongs to the organisation" },
    owner: { kind: "string", value: "LOGIN", summary: "add: login or team that answers for it" },
    backup: { kind: "string", value: "LOGIN", summary: "add: who answers when the owner cannot" },
    purpose: { kind: "string", value: "TEXT", summary: "add: what would stop without it" },
    expires: { kind: "string", value: "DATE", summary: "add: last day, YYYY-MM-DD" },
    rotate: { kind: "string", value: "DAYS", summary: "add: how often it is replaced, like 90d" },
    json: { kind: "boolean", summary: "list, explain, diff: as JSON" },
    "fail-on": { kind: "string", value: "LEVEL", summary: "check: fail on this severity and worse" },
    "no-config": policyFlags["no-config"],
    "no-git": sourceFlags["no-git"],
    ...formatFlags,
  },
  examples: [
    ["leasehold register check", "what is wrong, offline; exit 2 for errors in the file"],
    ["leasehold register add NPM_TOKEN --owner @acme/web", "asks for the rest"],
    ["leasehold register list --inventory org.json", "state, tier, owner and days left"],
  ],
} as const satisfies CommandSpec;
