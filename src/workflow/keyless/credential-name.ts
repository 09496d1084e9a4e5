/** What a name says about a stored value: a credential, an identifier, or nothing. */

import { remembered } from "../remembered.ts";
import { withoutNumber, wordsOf } from "./name-pattern.ts";

/** Words of which one in a name says that the value is a credential. */
const credential = new Set(
  "token key keys apikey secret secrets password passwd pass pwd passphrase passcode credential credentials creds cred pat auth authkey private webhook webhooks hook cookie license licence jwt pfx p12 keystore signkey session otp totp bearer login".split(
    " ",
  ),
);

/** Last words that say who, where or which. */
const identifier = new Set(
  "id ids username user users usr uname login email mail name names host hostname hosts url urls uri endpoint endpoints addr address server domain port region zone account accounts arn role namespace project organization organisation org team tenant tenancy subscription cluster bucket registry repository repo branch version path dir directory folder file environment env channel group audience issuer provider identity alias fingerprint thumbprint fork map location warehouse database schema slug number size type mode prefix".split(
    " ",
  ),
);

/** Words of which one in a name says that the value is public. */
const open = new Set(
  "public pub pubkey publickey fingerprint thumbprint dsn anon publishable sitekey hosts alias username hostname".split(
    " ",
  ),
);

/** Words that say what a credential is, but not whose. */
const general = new Set(
  "token key keys apikey api secret secrets password passwd pass pwd passphrase credential credentials creds pat auth access private bearer my the ci app application deploy deployment release publish prod production staging dev test main admin write read push upload service user client github gh action actions bot".split(
    " ",
  ),
);

function tail(words: readonly string[]): string | undefined {
  return words.map(withoutNumber).findLast((word) => word !== "");
}

/** Whether the name says that the value only identifies, or is public by design. */
export const isIdentifier: (name: string) => boolean = remembered((name) => {
  const words = wordsOf(name).map(withoutNumber);
  if (words.some((word) => open.has(word))) return true;
  if (words.at(-2) === "project" && words.at(-1) === "key") return true;
  const last = tail(words);
  if (last === undefined || !identifier.has(last)) return false;
  if (addresses.has(last) && words.some((word) => stores.has(word))) return false;
  // The address of a webhook and a user's session are credentials whatever stands behind.
  return last === "login"
    ? words.length > 1 && credential.has(words.at(-2) ?? "")
    : !words.some((word) => callable.has(word));
});

/** Words that make an address a credential: whoever knows it may call it. */
const callable = new Set(["webhook", "webhooks", "hook"]);

/** Systems whose addresses carry the password (`postgres://user:password@host`). */
const stores = new Set(
  "database db mongo mongodb postgres postgresql pg mysql mariadb sqlserver mssql redis amqp rabbitmq cloudamqp cassandra clickhouse elasticsearch ldap smtp jdbc connection".split(
    " ",
  ),
);
const addresses = new Set("url uri urls uris".split(" "));

/** Whether the name is of the half of a key pair that identifies: worth nothing alone, but stored and deleted together with the other half. */
export function isKeyHalf(name: string): boolean {
  const words = wordsOf(name).map(withoutNumber);
  const at = words.findLastIndex((word) => word !== "");
  return words[at] === "id" && words[at - 1] === "key" && words[at - 2] === "access";
}

/** Whether the name says that the value is a credential. */
export const isCredential: (name: string) => boolean = remembered((name) => {
  const words = wordsOf(name).map(withoutNumber);
  const connects = addresses.has(tail(words) ?? "") && words.some((word) => stores.has(word));
  return (connects || words.some((word) => credential.has(word))) && !isIdentifier(name);
});

/** Whether the name says nothing of whose credential it is: `TOKEN`, `API_KEY`, `DEPLOY_SECRET`. */
export function isGeneral(name: string): boolean {
  return wordsOf(name).every((word) => general.has(withoutNumber(word)) || withoutNumber(word).length < 2);
}
