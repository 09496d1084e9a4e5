/** Who made a commit or tag, and its message. Text is untrusted; stray bytes are decoded as U+FFFD. */
export type CommitFacts = {
  parents: string[];
  author: string;
  email: string;
  /** The author's (or tagger's) own calendar date, `YYYY-MM-DD`; empty when the object has none. */
  date: string;
  /** Where the message starts in the object's bytes; the message runs to their end. */
  messageStart: number;
};

/**
 * Read the bytes of a commit or an annotated tag.
 * In: the object's content as `git cat-file` gives it. Out: its facts; fields that are not there are empty.
 * The format is that of git-fast-export and fsck.c: header lines, an empty line, the message; a person is `Name <email> SECONDS ZONE`.
 */
export function parseCommit(bytes: Buffer): CommitFacts {
  const facts: CommitFacts = { parents: [], author: "", email: "", date: "", messageStart: bytes.length };
  let at = 0;
  while (at < bytes.length) {
    const newline = bytes.indexOf(10, at);
    const end = newline === -1 ? bytes.length : newline;
    if (end === at) {
      facts.messageStart = at + 1;
      break;
    }
    const line = bytes.toString("utf8", at, Math.min(end, at + 4096));
    if (line.startsWith("parent ")) facts.parents.push(line.slice(7));
    else if ((line.startsWith("author ") || line.startsWith("tagger ")) && facts.date === "") {
      Object.assign(facts, parsePerson(line.slice(7)));
    }
    at = end + 1;
  }
  return facts;
}

function parsePerson(text: string): { author: string; email: string; date: string } {
  const open = text.indexOf("<");
  const close = text.lastIndexOf(">");
  if (open === -1 || close < open) return { author: text.trim(), email: "", date: "" };
  const [seconds, zone] = text
    .slice(close + 1)
    .trim()
    .split(" ");
  return {
    author: text.slice(0, open).trim(),
    email: text.slice(open + 1, close),
    date: localDate(Number(seconds), zone ?? "+0000"),
  };
}

function localDate(seconds: number, zone: string): string {
  const offset = /^([+-])([0-9]{2})([0-9]{2})$/.exec(zone);
  const minutes = offset === null ? 0 : (offset[1] === "-" ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3]));
  const time = new Date((seconds + minutes * 60) * 1000);
  return Number.isNaN(time.getTime()) ? "" : time.toISOString().slice(0, 10);
}
