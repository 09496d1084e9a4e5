/** Measures whole processes: wall-clock time, and the memory of all processes of a run together. */
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** A program to run. `exits`: codes that mean that it did its work. */
export type Program = {
  name: string;
  command: string;
  args: string[];
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  exits?: number[];
};

/** Longest run of one program, in milliseconds. */
const longestRun = 300_000;

/**
 * Run programs in turn, several rounds, so that a slow moment of the machine meets all of them. A first round warms the caches and is not counted.
 * Out: for each program the seconds of each round. Throws when one fails.
 */
export async function interleaved(programs: readonly Program[], rounds: number): Promise<Map<string, number[]>> {
  const seconds = new Map<string, number[]>(programs.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const program of programs) {
      const taken = await timeOf(program);
      if (round > 0) seconds.get(program.name)!.push(taken);
    }
  }
  return seconds;
}

/** Run a program once. Out: seconds. Throws when it cannot be started, is killed or ends with another code than it may. */
export async function timeOf(program: Program): Promise<number> {
  const from = performance.now();
  await ended(program, start(program));
  return (performance.now() - from) / 1000;
}

/** Run a program once. Out: what it printed. */
export async function outputOf(program: Program): Promise<string> {
  const child = start(program, "pipe");
  const parts: Buffer[] = [];
  child.stdout!.on("data", (part: Buffer) => parts.push(part));
  await ended(program, child);
  return Buffer.concat(parts).toString("utf8");
}

/**
 * Run a program once and look at its memory every 10 ms, through /proc: only on Linux.
 * Out: peak of the program's own process, and peak of all its processes together (pages that they share counted once, as PSS does), in bytes;
 * undefined where there is no /proc.
 */
export async function peakMemory(program: Program): Promise<{ own: number; all: number } | undefined> {
  const child = start(program);
  const pid = child.pid;
  let own = 0;
  let all = 0;
  const timer = setInterval(() => {
    const tree = pid === undefined ? [] : processTree(pid);
    all = Math.max(
      all,
      tree.map((one) => memoryOf(one, "smaps_rollup", /^Pss:\s+(\d+)/m)).reduce((a, b) => a + b, 0),
    );
    if (pid !== undefined) own = Math.max(own, memoryOf(pid, "status", /^VmHWM:\s+(\d+)/m));
  }, 10);
  try {
    await ended(program, child);
  } finally {
    clearInterval(timer);
  }
  return own === 0 ? undefined : { own, all };
}

/** The value in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function start({ command, args, cwd, env }: Program, stdout: "ignore" | "pipe" = "ignore"): ChildProcess {
  return spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", stdout, "ignore"],
    timeout: longestRun,
    killSignal: "SIGKILL",
  });
}

function ended({ name, exits = [0] }: Program, child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code !== null && exits.includes(code)) resolve();
      else reject(new Error(`${name} ended with ${signal ?? code}`));
    });
  });
}

/** A process and those that it started, and they. */
function processTree(pid: number): number[] {
  const tree = [pid];
  for (let at = 0; at < tree.length; at++) {
    try {
      for (const task of readdirSync(`/proc/${tree[at]}/task`)) {
        const children = readFileSync(`/proc/${tree[at]}/task/${task}/children`, "utf8").trim();
        if (children !== "") tree.push(...children.split(" ").map(Number));
      }
    } catch {
      // It has ended meanwhile, or there is no /proc.
    }
  }
  return tree;
}

function memoryOf(pid: number, file: string, line: RegExp): number {
  try {
    return Number(line.exec(readFileSync(`/proc/${pid}/${file}`, "utf8"))?.[1] ?? 0) * 1024;
  } catch {
    // It has ended meanwhile, or there is no /proc.
    return 0;
  }
}
