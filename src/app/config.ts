/** What the App reads of its environment. Nothing else of `src/app` looks there. */
import { join } from "node:path";
import { LeaseholdError } from "../error.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export type Credentials = {
  appId: number;
  /** PEM. */
  privateKey: string;
  /** The present one first; two while one is being replaced. */
  webhookSecrets: readonly string[];
};

export type AppConfig = {
  /** Undefined before the App is registered: then there is the set-up page and nothing else. */
  credentials: Credentials | undefined;
  host: string;
  port: number;
  database: { folder: string } | { url: string };
  /** Root of the API: https://api.github.com, or https://ghe.example/api/v3. */
  apiUrl: string;
  /** Where people look: https://github.com. */
  webUrl: string;
  /** The address under which GitHub reaches the webhook, for the registration. */
  publicUrl: string | undefined;
  /** Whose App it becomes; without one, that of the account that registers it. */
  organisation: string | undefined;
  concurrency: number;
  /** Seconds that running jobs get when the process is told to stop. */
  drainSeconds: number;
  leaseSeconds: number;
  logLevel: string;
};

/** Bytes below which a webhook secret is refused: that of HMAC-SHA-256's output (RFC 2104, section 3). */
export const shortestSecret = 32;

/**
 * Read and check the environment.
 * In: the variables, and the folder that `.data` is in. Throws LeaseholdError("config") with what is wrong and what to set.
 */
export function readConfig(env: Environment, folder: string): AppConfig {
  const enterprise = env.GHE_HOST;
  const scheme = env.GHE_PROTOCOL ?? "https";
  const webUrl = enterprise === undefined || enterprise === "" ? "https://github.com" : `${scheme}://${enterprise}`;
  const credentials = readCredentials(env);
  return {
    credentials,
    // Without credentials there is only the set-up page, and that is for who sits at the machine.
    host: credentials === undefined ? "127.0.0.1" : (env.HOST ?? "0.0.0.0"),
    port: wholeNumber(env, "PORT", 3000, 0, 65_535),
    database:
      env.DATABASE_URL === undefined || env.DATABASE_URL === ""
        ? { folder: env.LEASEHOLD_DATA ?? join(folder, ".data") }
        : { url: databaseUrl(env.DATABASE_URL) },
    apiUrl: webUrl === "https://github.com" ? "https://api.github.com" : `${webUrl}/api/v3`,
    webUrl,
    publicUrl: env.PUBLIC_URL === undefined || env.PUBLIC_URL === "" ? undefined : env.PUBLIC_URL.replace(/\/+$/, ""),
    organisation: organisationOf(env.LEASEHOLD_ORGANISATION),
    concurrency: wholeNumber(env, "LEASEHOLD_JOBS", 4, 1, 64),
    drainSeconds: wholeNumber(env, "LEASEHOLD_DRAIN_SECONDS", 20, 0, 600),
    leaseSeconds: wholeNumber(env, "LEASEHOLD_LEASE_SECONDS", 30, 10, 3_600),
    logLevel: env.LOG_LEVEL ?? "info",
  };
}

function readCredentials(env: Environment): Credentials | undefined {
  const { APP_ID, PRIVATE_KEY, WEBHOOK_SECRET, WEBHOOK_SECRET_PREVIOUS } = env;
  const missing = Object.entries({ APP_ID, PRIVATE_KEY, WEBHOOK_SECRET })
    .filter(([, value]) => value === undefined || value === "")
    .map(([key]) => key);
  if (missing.length === 3 && WEBHOOK_SECRET === undefined) return undefined;
  if (missing.length > 0)
    throw new LeaseholdError(
      "config",
      `${missing.join(" and ")} not set: the App needs APP_ID, PRIVATE_KEY and WEBHOOK_SECRET`,
    );
  if (!/^\d{1,15}$/.test(APP_ID!))
    throw new LeaseholdError("config", "APP_ID is no number: take it from the App's settings page");
  // One line with \n in it is how many hosts keep a key; base64 is how some others do.
  const key = PRIVATE_KEY!.includes("-----BEGIN")
    ? PRIVATE_KEY!.replaceAll("\\n", "\n")
    : Buffer.from(PRIVATE_KEY!, "base64").toString("utf8");
  if (!/^-----BEGIN (?:RSA )?PRIVATE KEY-----\n/.test(key.trimStart()))
    throw new LeaseholdError("config", "PRIVATE_KEY is no PEM file: put the whole text of the .pem file there");
  const secrets = [checkSecret("WEBHOOK_SECRET", WEBHOOK_SECRET!)];
  if (WEBHOOK_SECRET_PREVIOUS !== undefined)
    secrets.push(checkSecret("WEBHOOK_SECRET_PREVIOUS", WEBHOOK_SECRET_PREVIOUS));
  return { appId: Number(APP_ID), privateKey: key, webhookSecrets: secrets };
}

/** Throws LeaseholdError("config") for a secret that could be guessed. Its text is not repeated. */
export function checkSecret(variable: string, secret: string): string {
  const advice = "make one with: openssl rand -hex 32";
  if (secret === "") throw new LeaseholdError("config", `${variable} is empty: anybody could send webhooks; ${advice}`);
  if (secret === "development")
    throw new LeaseholdError("config", `${variable} is the word that everybody knows; ${advice}`);
  if (Buffer.byteLength(secret) < shortestSecret)
    throw new LeaseholdError("config", `${variable} is shorter than ${shortestSecret} bytes; ${advice}`);
  if (new Set(secret).size < 8) throw new LeaseholdError("config", `${variable} repeats a few characters; ${advice}`);
  return secret;
}

function organisationOf(name: string | undefined): string | undefined {
  if (name === undefined || name === "") return undefined;
  if (!/^[A-Za-z0-9-]{1,39}$/.test(name))
    throw new LeaseholdError(
      "config",
      "LEASEHOLD_ORGANISATION is no name of an organisation: letters, digits and hyphens",
    );
  return name;
}

function databaseUrl(text: string): string {
  if (!URL.canParse(text) || !/^postgres(?:ql)?:$/.test(new URL(text).protocol))
    throw new LeaseholdError(
      "config",
      "DATABASE_URL is no address of a PostgreSQL: postgres://user:password@host:5432/name",
    );
  return text;
}

function wholeNumber(env: Environment, name: string, otherwise: number, least: number, most: number): number {
  const text = env[name];
  if (text === undefined || text === "") return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most)
    throw new LeaseholdError("config", `${name} must be a whole number from ${least} to ${most}`);
  return value;
}
