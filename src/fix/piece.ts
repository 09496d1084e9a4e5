/** What the writers of lines hand to each other. */
import type { Changes } from "./change.ts";
import type { Splice } from "./splice.ts";

/** A splice with its rank among those at the same offset: what belongs to an inner mapping comes first. */
export type Piece = Splice & { rank: number };

/** What writing needs of a file. */
export type Writing = { bytes: Uint8Array; eol: string; changes: Changes };
