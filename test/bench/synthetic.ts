/** Repositories of a wished size, made from a seed: every blob is different, and their text looks like source code. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { basename } from "node:path";
import type { Draw } from "../../src/leak/sample.ts";
import { base62, drawText, hexDigits, seededDraw } from "../leak/draw.ts";

const blobBytes = 24_000;
const blobsPerCommit = 4;
const words =
  "account address array begin buffer build cache call change client close code column command config connection context count create data date default delete driver entity error event expect field file find first format function group handle header index insert item key length level limit line list load manager map match message method model module name node object option order page parent parse path pattern point port prefix process property query read record relation remove request result return root row save schema select server session set source start state string table target task test text time token type update user value version view write".split(
    " ",
  );

/**
 * Make a repository of about `bytes` bytes of unique blobs, its last state checked out.
 * In: a folder that does not exist yet; bytes; the seed. A file has many versions, as in a real history, but no two share their lines.
 */
export async function syntheticRepository(folder: string, bytes: number, seed: number): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const git = (args: string[]) => execFileSync("git", args, { cwd: folder, stdio: "ignore", env: quietGit });
  git(["init", "-q", "-b", "main"]);
  const importer = spawn("git", ["-c", "core.compression=1", "fast-import", "--quiet"], {
    cwd: folder,
    stdio: ["pipe", "ignore", "inherit"],
    env: quietGit,
  });
  const done = once(importer, "close");
  const draw = seededDraw(seed);
  const blobs = Math.max(1, Math.round(bytes / blobBytes));
  // As many paths as make a tree of about a tenth of the history.
  const paths = Math.max(1, Math.ceil(blobs / 10));
  for (let blob = 0; blob < blobs; blob++) {
    const parts: Buffer[] = [];
    if (blob % blobsPerCommit === 0) {
      const message = `Change ${blob / blobsPerCommit}\n`;
      parts.push(
        Buffer.from(
          `commit refs/heads/main\ncommitter Ada <ada@example.com> ${1_700_000_000 + blob} +0000\ndata ${message.length}\n${message}`,
        ),
      );
    }
    const text = Buffer.from(sourceText(draw, blobBytes), "latin1");
    const path = `src/part${blob % 17}/${words[(blob % paths) % words.length]}-${blob % paths}.ts`;
    parts.push(Buffer.from(`M 100644 inline ${path}\ndata ${text.length}\n`), text, Buffer.from("\n"));
    if (!importer.stdin.write(Buffer.concat(parts))) await once(importer.stdin, "drain");
  }
  importer.stdin.end();
  const [code] = (await done) as [number | null];
  if (code !== 0) throw new Error(`git fast-import ended with ${code} in ${basename(folder)}`);
  git(["reset", "-q", "--hard"]);
}

/** A git that no configuration of the machine changes. */
const quietGit: NodeJS.ProcessEnv = {
  PATH: process.env.PATH,
  HOME: "/nonexistent",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
};

/** Source code without sense: indented statements of words, with now and then a number, a hash, a long text or a comment. */
function sourceText(draw: Draw, bytes: number): string {
  const lines: string[] = [];
  const word = () => words[draw(words.length)]!;
  const camel = () => {
    const [first, second] = [word(), word()];
    return first + second[0]!.toUpperCase() + second.slice(1);
  };
  for (let size = 0; size < bytes; size += lines.at(-1)!.length + 1) {
    const indent = "  ".repeat(draw(5));
    const kind = draw(40);
    if (kind === 0) lines.push(`${indent}// ${word()} ${word()} the ${word()} of ${word()}, see #${draw(9000)}`);
    else if (kind === 1) lines.push(`${indent}integrity: "sha1-${drawText(draw, hexDigits, 40)}",`);
    else if (kind === 2)
      lines.push(`${indent}const ${camel()} = "${word()}/${drawText(draw, base62, 6 + draw(20))}.json"`);
    else if (kind < 12) lines.push(`${indent}await ${camel()}.${camel()}({ ${camel()}: ${draw(1000)} })`);
    else if (kind < 24) lines.push(`${indent}if (${camel()}.${word()} !== ${camel()}) return ${camel()}(${word()})`);
    else lines.push(`${indent}const ${camel()} = this.${camel()}.${word()}(${camel()}, "${word()} ${word()}")`);
  }
  return `${lines.join("\n")}\n`;
}
