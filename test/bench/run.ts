/**
 * The benches: whole processes, warm caches, medians of five rounds in which all programs take turns.
 *
 *   node test/bench/run.ts [start|action|tree|history|rules|linear|memory|workflows|register|app …] [--rounds N]
 *
 * LEASEHOLD_BENCH_HISTORIES: a folder with bundles or clones to run on; without it a repository is made.
 * LEASEHOLD_BENCH_WORKFLOWS: a folder with workflows to scan beside a peer; without it workflows are made.
 * LEASEHOLD_BENCH_PEERS: folders with other scanners, before PATH. One that is not there is named and left out.
 * Ends with 1 when a goal is missed by more than a quarter: less is within the noise of a shared machine, and is only said.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { benchAction } from "./action.ts";
import { benchApp } from "./app.ts";
import type { EngineTime } from "./engine-time.ts";
import { createGoals, type Goals } from "./goals.ts";
import { interleaved, median, outputOf, type Program, peakMemory } from "./measure.ts";
import { findPeers, type Peer } from "./peers.ts";
import { benchRegister } from "./register.ts";
import { type BenchRepository, benchRepositories } from "./repositories.ts";
import { syntheticRepository } from "./synthetic.ts";
import { megabytes, seconds, table } from "./table.ts";
import { writeWorkflows } from "./workflows.ts";

const sections = [
  "start",
  "action",
  "tree",
  "history",
  "rules",
  "linear",
  "memory",
  "workflows",
  "register",
  "app",
] as const;
type Section = (typeof sections)[number];

const root = fileURLToPath(new URL("../..", import.meta.url));
const cli = join(root, "dist/cli.js");
/** Bytes of unique content in the smallest repository of the `linear` section. */
const linearBytes = 48_000_000;

function leasehold(args: string[], cwd?: string): Program {
  return {
    name: "leasehold",
    command: process.execPath,
    args: [cli, ...args],
    exits: [0, 1],
    ...(cwd === undefined ? {} : { cwd }),
  };
}

async function benchStart(rounds: number, goals: Goals): Promise<void> {
  const programs: Program[] = [
    { name: "node -e 0", command: process.execPath, args: ["-e", "0"] },
    { ...leasehold(["--version"]), name: "leasehold --version" },
    { name: "script/leasehold --version", command: join(root, "script/leasehold"), args: ["--version"] },
  ];
  // So short a run wants more rounds.
  const taken = await interleaved(programs, rounds * 3);
  const [bare, bundle, script] = programs.map(({ name }) => median(taken.get(name)!)) as [number, number, number];
  console.log(
    table(
      ["start", "median", "over node"],
      programs.map(({ name }) => [name, ms(median(taken.get(name)!)), ms(median(taken.get(name)!) - bare)]),
    ),
  );
  goals.atMost("start: leasehold --version", bundle * 1000, 120, "ms");
  goals.atMost("start: what script/leasehold adds to that", (script - bundle) * 1000, 150, "ms");
}

function ms(value: number): string {
  return `${Math.round(value * 1000)} ms`;
}

async function benchSource(
  source: "tree" | "history",
  repository: BenchRepository,
  peers: readonly Peer[],
  rounds: number,
  goals: Goals,
): Promise<void> {
  const { name, folder, real } = repository;
  const own = leasehold(["scan", "-f", "json", ...(source === "history" ? ["--history"] : ["."])], folder);
  const beside = peers.flatMap((peer) => {
    const program = peer[source]?.(folder);
    return program === undefined ? [] : [{ peer, program }];
  });
  const taken = await interleaved([own, ...beside.map(({ program }) => program)], rounds);
  const ownMedian = median(taken.get(own.name)!);
  const rows = [own, ...beside.map(({ program }) => program)].map((program) => {
    const all = taken.get(program.name)!;
    const middle = median(all);
    return [
      program.name,
      seconds(middle),
      `${seconds(Math.min(...all))} – ${seconds(Math.max(...all))}`,
      `${(ownMedian / middle).toFixed(2)}×`,
    ];
  });
  console.log(table([`${source} of ${name}`, "median", "range", "leasehold's share"], rows));
  for (const { peer, program } of beside) {
    const most = source === "tree" ? peer.maxTree : peer.maxHistory;
    // The goals were set on real histories; on a made one the figures are only shown.
    if (most !== undefined && real)
      goals.atMost(
        `${source} of ${name}: share of ${program.name}`,
        ownMedian / median(taken.get(program.name)!),
        most,
        "×",
      );
  }
}

/** The engine with all rules and without the long-tail table, in turn. */
async function benchRules({ name, folder }: BenchRepository, rounds: number, goals: Goals): Promise<void> {
  const rows: string[][] = [];
  for (const source of ["tree", "history"]) {
    const times: Record<"all" | "own", EngineTime[]> = { all: [], own: [] };
    for (let round = 0; round <= rounds; round++) {
      for (const which of ["all", "own"] as const) {
        const args = [join(root, "test/bench/engine-time.ts"), folder, source, which];
        const said = await outputOf({ name: "engine", command: process.execPath, args });
        if (round > 0) times[which].push(JSON.parse(said) as EngineTime);
      }
    }
    const middle = (which: "all" | "own", what: "compile" | "scan") => median(times[which].map((one) => one[what]));
    for (const which of ["own", "all"] as const) {
      const { bytes, rules } = times[which][0]!;
      const scan = middle(which, "scan");
      const label = which === "all" ? "with the long tail" : "without it";
      rows.push([
        `${source}, ${label}`,
        String(rules),
        seconds(middle(which, "compile")),
        seconds(scan),
        `${(bytes / scan / 1_000_000).toFixed(0)} MB/s`,
      ]);
    }
    // Compiling counts: every thread of every run does it.
    const total = (which: "all" | "own") => median(times[which].map((one) => one.compile + one.scan));
    goals.atMost(`${source} of ${name}: with the long tail, of without it`, total("all") / total("own"), 1.1, "×");
  }
  console.log(table([`engine, one thread, ${name}`, "rules", "compile", "scan", ""], rows));
}

async function benchLinear(scratch: string, rounds: number, goals: Goals): Promise<void> {
  const programs: Program[] = [];
  const factors = [1, 2, 4];
  for (const factor of factors) {
    const folder = join(scratch, `linear-${factor}`);
    await syntheticRepository(folder, linearBytes * factor, 7);
    programs.push({ ...leasehold(["scan", "--history", "-f", "json"], folder), name: `${factor}×` });
  }
  const taken = await interleaved(programs, rounds);
  const [one, two, four] = programs.map(({ name }) => median(taken.get(name)!)) as [number, number, number];
  console.log(
    table(
      ["--history of", "unique", "median", "for each more MB"],
      [one, two, four].map((value, at, all) => {
        const before = at === 0 ? undefined : all[at - 1]!;
        const more = at === 0 ? 0 : (linearBytes * (factors[at]! - factors[at - 1]!)) / 1_000_000;
        return [
          `${factors[at]}×`,
          megabytes(linearBytes * factors[at]!),
          seconds(value),
          before === undefined ? "" : `${(((value - before) / more) * 1000).toFixed(1)} ms`,
        ];
      }),
    ),
  );
  // Going from 2× to 4× brings twice as many bytes as going from 1× to 2×. Where noise swallows that, the goal is missed, not met.
  const share = two > one ? (four - two) / 2 / (two - one) : Number.NaN;
  goals.atMost("linear: cost of a byte at 4×, of one at 2×", share, 1.2, "×");
}

/** Workflows alone: beside a peer, and twice as many. */
async function benchWorkflows(scratch: string, peers: readonly Peer[], rounds: number, goals: Goals): Promise<void> {
  const [some, many] = [1_000, 2_000].map((count) => {
    const folder = join(scratch, `workflows-${count}`);
    writeWorkflows(folder, count);
    return folder;
  }) as [string, string];
  const given = process.env.LEASEHOLD_BENCH_WORKFLOWS;
  const folder = given ?? join(scratch, "workflows-200");
  if (given === undefined) writeWorkflows(folder, 200);
  const scan = (where: string, name: string): Program => ({
    ...leasehold(["scan", where, "--no-git", "--no-config", "-f", "json"]),
    name,
  });
  const beside = peers.flatMap((peer) => peer.workflows?.(folder) ?? []);
  const own = scan(folder, "leasehold");
  const [one, two] = [scan(some, "1,000 files"), scan(many, "2,000 files")];
  const taken = await interleaved([own, ...beside, one, two], rounds);
  const middle = (program: Program) => median(taken.get(program.name)!);
  console.log(
    table(
      [given === undefined ? "200 made workflows" : "workflows given", "median", "leasehold's share"],
      [own, ...beside].map((program) => [
        program.name,
        seconds(middle(program)),
        `${(middle(own) / middle(program)).toFixed(2)}×`,
      ]),
    ),
  );
  console.log("");
  console.log(
    table(
      ["made workflows", "median"],
      [one, two].map((program) => [program.name, seconds(middle(program))]),
    ),
  );
  // On made workflows the figures are only shown: the goal is about what people write.
  if (given !== undefined)
    for (const program of beside)
      goals.atMost(`workflows: share of ${program.name}`, middle(own) / middle(program), 1, "×");
  goals.atMost("workflows: 2,000 files, of 1,000", middle(two) / middle(one), 2.2, "×");
}

async function benchMemory(repositories: readonly BenchRepository[], goals: Goals): Promise<void> {
  const rows: string[][] = [];
  for (const { name, folder } of repositories) {
    for (const args of [
      ["scan", "."],
      ["scan", "--history"],
    ]) {
      const peak = await peakMemory(leasehold([...args, "-f", "json"], folder));
      if (peak === undefined) {
        console.log("memory: skipped, it is read from /proc");
        return;
      }
      rows.push([`${args.join(" ")} in ${name}`, megabytes(peak.own), megabytes(peak.all)]);
      goals.atMost(`memory of ${args.join(" ")} in ${name}`, peak.own / 1_000_000, 350, "MB");
    }
  }
  console.log(table(["memory, peak", "leasehold", "with its git processes"], rows));
}

async function main(args: readonly string[]): Promise<void> {
  const at = args.indexOf("--rounds");
  const rounds = at < 0 ? 5 : Number(args[at + 1]);
  const named = args.filter((_, index) => at < 0 || (index !== at && index !== at + 1));
  const wrong = named.find((word) => !sections.includes(word as Section));
  if (wrong !== undefined || !Number.isInteger(rounds) || rounds < 1)
    throw new Error(`usage: node test/bench/run.ts [${sections.join("|")} …] [--rounds N]`);
  const wants = (section: Section) => named.length === 0 || named.includes(section);

  const built = spawnSync(join(root, "script/build"), { stdio: ["ignore", "inherit", "inherit"] });
  if (built.status !== 0) throw new Error("script/build failed");
  const { peers, absent } = findPeers();
  console.log(
    `${cpus()[0]?.model ?? "unknown processor"}, ${availableParallelism()} cores, Node ${process.versions.node}; medians of ${rounds} rounds`,
  );
  for (const { name, command } of peers) console.log(`${name}: ${command}`);
  for (const name of absent) console.log(`${name}: not installed, skipped`);

  const scratch = mkdtempSync(join(tmpdir(), "leasehold-bench-"));
  const goals = createGoals();
  const say = () => console.log("");
  try {
    say();
    if (wants("start")) await benchStart(rounds, goals);
    if (wants("action")) await benchAction(scratch, rounds, goals);
    const onRepositories = (["tree", "history", "rules", "memory"] as const).some(wants);
    const repositories = onRepositories ? await benchRepositories(process.env.LEASEHOLD_BENCH_HISTORIES, scratch) : [];
    for (const repository of repositories) {
      for (const source of ["tree", "history"] as const) {
        if (!wants(source)) continue;
        say();
        await benchSource(source, repository, peers, rounds, goals);
      }
      if (wants("rules")) {
        say();
        await benchRules(repository, rounds, goals);
      }
    }
    if (wants("linear")) {
      say();
      await benchLinear(scratch, rounds, goals);
    }
    if (wants("workflows")) {
      say();
      await benchWorkflows(scratch, peers, rounds, goals);
    }
    if (wants("app")) {
      say();
      await benchApp(scratch, rounds, goals);
    }
    if (wants("memory")) {
      say();
      await benchMemory(repositories, goals);
    }
    if (wants("register")) {
      say();
      await benchRegister(rounds, goals);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  say();
  console.log(goals.report());
  if (goals.missed()) process.exitCode = 1;
}

await main(process.argv.slice(2));
