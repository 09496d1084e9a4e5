/** Every command there is, in the order of help. */
import type { CommandEntry } from "./command.ts";

export const commandTable: readonly CommandEntry[] = [
  {
    name: "scan",
    summary: "Find committed credentials in files, commits or the history",
    load: async () => (await import("./scan.ts")).scanCommand,
  },
  {
    name: "workflows",
    summary: "List the secrets that workflows use and where each goes",
    load: async () => (await import("./workflows.ts")).workflowsCommand,
  },
  {
    name: "explain",
    summary: "Say what a rule, finding or credential is about",
    load: async () => (await import("./explain.ts")).explainCommand,
  },
  {
    name: "fix",
    summary: "Write the keyless replacement into workflows",
    load: async () => (await import("./fix.ts")).fixCommand,
  },
  {
    name: "waive",
    summary: "Add a waiver for a finding, and say who must approve it",
    load: async () => (await import("./waive.ts")).waiveCommand,
  },
  {
    name: "baseline",
    summary: "Write down what is there today, or drop what is gone",
    load: async () => (await import("./baseline.ts")).baselineCommand,
  },
  {
    name: "policy",
    summary: "Show, check or compare the policy in force",
    load: async () => (await import("./policy.ts")).policyCommand,
  },
  {
    name: "register",
    summary: "Keep the register of secrets: check, add, list, compare",
    load: async () => (await import("./register.ts")).registerCommand,
  },
  {
    name: "inventory",
    summary: "Take a snapshot of GitHub's credential stores",
    load: async () => (await import("./inventory.ts")).inventoryCommand,
  },
  {
    name: "report",
    summary: "Report on standing credentials: tiers, teams, ages, trend",
    load: async () => (await import("./report.ts")).reportCommand,
  },
  {
    name: "who-can",
    summary: "Say what ties a person to credentials",
    load: async () => (await import("./who-can.ts")).whoCanCommand,
  },
  {
    name: "offboard",
    summary: "Hand what a person owns to somebody else",
    load: async () => (await import("./offboard.ts")).offboardCommand,
  },
  {
    name: "evidence",
    summary: "Export the evidence log, or check that it is whole",
    load: async () => (await import("./evidence.ts")).evidenceCommand,
  },
  {
    name: "fingerprint",
    summary: "Print a keyed fingerprint of a secret, to prove rotation",
    load: async () => (await import("./fingerprint.ts")).fingerprintCommand,
  },
  {
    name: "init",
    summary: "Write a commented policy, and a draft of the register",
    load: async () => (await import("./init.ts")).initCommand,
  },
  {
    name: "rules",
    summary: "List the rules with their tier and proof",
    load: async () => (await import("./rules.ts")).rulesCommand,
  },
  {
    name: "schema",
    summary: "Print the JSON Schema of a file",
    load: async () => (await import("./schema.ts")).schemaCommand,
  },
  {
    name: "completion",
    summary: "Print a completion script for a shell",
    load: async () => (await import("./completion.ts")).completionCommand,
  },
];
