/** The private key container of OpenSSH (PROTOCOL.key of openssh-portable). */

/** `cipher` is `none` for a key without a passphrase; `type` is the public half's algorithm, as in `ssh-ed25519`. */
export type OpensshKey = { cipher: string; type: string; encrypted: boolean };

const magic = "openssh-key-v1\0";

/** Read the head of a key. In: the decoded body. Out: what it says of itself, or undefined when it is not one or is cut off. */
export function opensshKey(bytes: Uint8Array): OpensshKey | undefined {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (data.toString("latin1", 0, magic.length) !== magic) return undefined;
  let at = magic.length;
  const field = (): Buffer | undefined => {
    if (at + 4 > data.length) return undefined;
    const length = data.readUInt32BE(at);
    if (at + 4 + length > data.length) return undefined;
    at += 4 + length;
    return data.subarray(at - length, at);
  };
  const cipher = field();
  const derivation = field();
  const options = field();
  if (cipher === undefined || derivation === undefined || options === undefined || at + 4 > data.length)
    return undefined;
  at += 4;
  const publicKey = field();
  const privateKeys = field();
  if (publicKey === undefined || privateKeys === undefined || publicKey.length < 8) return undefined;
  const type = publicKey.toString("latin1", 4, 4 + Math.min(64, publicKey.readUInt32BE(0)));
  if (!/^[a-z0-9@.-]{3,64}$/.test(type)) return undefined;
  const name = cipher.toString("latin1");
  return { cipher: /^[a-z0-9@.-]{1,64}$/.test(name) ? name : "unknown", type, encrypted: name !== "none" };
}
