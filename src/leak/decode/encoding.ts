/** What a decoded span is, and the caps of decoding. */

export type EncodingName = "base64" | "base64url" | "hex" | "percent" | "json-escape" | "unicode-escape" | "html";

/** A decoded span. `start` and `end` bound the encoded text in the source, end exclusive. */
export type Encoded = {
  start: number;
  end: number;
  encoding: EncodingName;
  bytes: Uint8Array;
  /** Where in the source the encoding of decoded byte `offset` begins; `end` for the decoded length. */
  toSource: (offset: number) => number;
  /** Set when the span went on beyond the cap and only its beginning was decoded. */
  cut?: true;
};

/** A span that a detector found and has not decoded. Offsets are those of the bytes it looked at. */
export type EncodedSpan = {
  start: number;
  end: number;
  cut: boolean;
  decode: () => Omit<Encoded, "start" | "end" | "cut"> | undefined;
};

/** How often what was decoded is itself decoded. */
export const maxDecodeDepth = 3;

/** Most bytes that one span is decoded to, at each depth. */
export const maxDecodedBytes = 1_048_576;

/** Shorter decoded text holds no secret that a rule could tell from chance. */
export const minDecodedBytes = 12;
