/** Other scanners, and git itself, as they are run beside Leasehold. */
import { existsSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import type { Program } from "./measure.ts";

/** A peer; `maxTree` and `maxHistory`: Leasehold's time as a share of the peer's, at most. */
export type Peer = {
  name: string;
  /** Where it was found. */
  command: string;
  tree?: (folder: string) => Program;
  history?: (folder: string) => Program;
  workflows?: (folder: string) => Program;
  maxTree?: number;
  maxHistory?: number;
};

/** The peers that are installed, and the names of those that are not. */
export function findPeers(): { peers: Peer[]; absent: string[] } {
  const peers: Peer[] = [];
  const absent: string[] = [];
  const add = (name: string, peer: (command: string) => Omit<Peer, "name" | "command">) => {
    const command = onPath(name);
    if (command === undefined) absent.push(name);
    else peers.push({ name, command, ...peer(command) });
  };
  // gitleaks ends with 1 and kingfisher with 200 when something was found.
  add("gitleaks", (command) => ({
    tree: (folder) => gitleaks(command, "dir", folder),
    history: (folder) => gitleaks(command, "git", folder),
    maxTree: 0.15,
    maxHistory: 0.2,
  }));
  add("kingfisher", (command) => ({
    tree: (folder) => kingfisher(command, folder, ["--git-history", "none"]),
    history: (folder) => kingfisher(command, folder, []),
    maxTree: 0.5,
    maxHistory: 0.65,
  }));
  // zizmor ends with 11 to 14 by the worst finding.
  add("zizmor", (command) => ({
    workflows: (folder) => ({
      name: "zizmor",
      command,
      args: ["--offline", "--format", "json", "--no-progress", folder],
      exits: [0, 11, 12, 13, 14],
    }),
  }));
  add("git", (command) => ({
    history: (folder) => ({
      name: "git cat-file | wc -c",
      command: "sh",
      args: ["-c", '"$0" cat-file --batch-all-objects --batch --unordered | wc -c', command],
      cwd: folder,
    }),
    maxHistory: 1.6,
  }));
  return { peers, absent };
}

function gitleaks(command: string, source: string, folder: string): Program {
  return { name: "gitleaks", command, args: [source, folder, "--no-banner", "--log-level", "error"], exits: [0, 1] };
}

function kingfisher(command: string, folder: string, flags: string[]): Program {
  return {
    name: "kingfisher",
    command,
    args: ["scan", folder, "--no-validate", "--no-update-check", ...flags],
    exits: [0, 200, 205],
  };
}

/** A program in a folder of LEASEHOLD_BENCH_PEERS (for those whose launcher on PATH takes time of its own), on PATH, or where Go puts what it installs. */
function onPath(name: string): string | undefined {
  const { LEASEHOLD_BENCH_PEERS: first = "", PATH: path = "" } = process.env;
  const folders = [...`${first}${delimiter}${path}`.split(delimiter), join(homedir(), "go/bin")].filter(
    (folder) => folder !== "",
  );
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file) && statSync(file).isFile());
}
