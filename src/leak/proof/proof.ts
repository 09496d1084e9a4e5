/** What a proof over a whole token says. */
export type ProofResult = {
  /** `true`: proved, `false`: disproved (the finding stays, as weak, with the reason), `undefined`: nothing to prove, only facts. */
  holds: boolean | undefined;
  /** What the decode told; keys are short lower-case words (`account`, `allocated`, `expires`), values plain text without the secret. */
  facts: Record<string, string>;
  /** One clause for `explain`: `CRC-32 holds`, `the decoded head is not JSON`. */
  reason: string;
};

/** A proof: pure, never throws, linear in the token's length. */
export type Proof = {
  verify: (token: string) => ProofResult;
  /** Turns a random string that fits the rule's shape into one that the proof accepts, for generated samples. Absent when `verify` never says `false`. */
  sign?: (token: string) => string;
};

/** A checksum that stands inside a shape: `crc32-base62{6}`. */
export type Checksum = {
  /** Characters it takes. */
  length: number;
  /** The checksum of the covered bytes, exactly `length` characters. */
  compute: (covered: Uint8Array) => string;
};
