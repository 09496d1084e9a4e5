/** GitHub as an App sees it: itself by a signed word, and each installation by tokens that may no more than is needed. */
import githubAppJwt from "universal-github-app-jwt";
import { z } from "zod";
import { LeaseholdError } from "../error.ts";
import { octokitPort, type RateLimit } from "./octokit.ts";
import type { GitHubPort, GitHubWriter } from "./port.ts";

/** Of GitHub's permission names, what is granted or asked for. */
export type GrantedPermissions = Readonly<Record<string, "read" | "write" | "admin">>;

export type GitHubAppOptions = {
  /** Root of the API, like https://api.github.com or https://ghe.example/api/v3. */
  url: string;
  appId: string;
  /** PEM. */
  privateKey: string;
  userAgent: string;
  signal: AbortSignal;
  wait(milliseconds: number): Promise<void>;
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds between writes of one installation (GitHub Docs, "Best practices for using the REST API": a second). */
  writeGap: number;
};

/** What an installation's token is good for: the API, and git by its text. */
export type InstallationAccess = { port: GitHubPort; token: string };

export type GitHubApp = {
  /** The App itself: its installations and deliveries. */
  app: GitHubWriter;
  /**
   * Reads of an installation, with one token an hour that may read and nothing else. In: its id, and what it was granted.
   * Throws LeaseholdError("network"), InstallationGone where the installation is gone or suspended.
   */
  reading(installation: number, granted: GrantedPermissions): Promise<InstallationAccess>;
  /** Writes to one repository, with a token for nothing else, which is revoked when the work is over. Throws as `reading`, and what the work throws. */
  writing<T>(
    installation: number,
    repository: number,
    permissions: GrantedPermissions,
    work: (port: GitHubWriter) => Promise<T>,
  ): Promise<T>;
  /** What is left of an installation's rate limit, as far as it is known. */
  limitOf(installation: number): RateLimit | undefined;
  /** Forget the reading token of an installation whose permissions or state have changed. */
  forget(installation: number): void;
};

/** The installation is not there (any more), or suspended: nothing can be asked in its name. */
export class InstallationGone extends LeaseholdError {
  constructor() {
    super("network", "GitHub knows no such installation, or has suspended it");
  }
}

/** What a reading token asks for, of what is granted. */
const readable = ["contents", "pull_requests", "checks", "members", "metadata"] as const;
const tokenAnswer = z.object({ token: z.string().min(1), expires_at: z.string() });
const nothing = z.unknown();
/** A token that ends sooner is not used any more. */
const spareMilliseconds = 5 * 60_000;
/** GitHub takes none that lives longer than ten minutes; the library gives one for ten. */
const jwtMilliseconds = 8 * 60_000;

export function gitHubApp(options: GitHubAppOptions): GitHubApp {
  const limits = new Map<number, RateLimit>();
  const readers = new Map<number, Promise<InstallationAccess & { until: number }>>();
  const lastWrites = new Map<number, Promise<void>>();
  let jwt: { text: string; until: number } | undefined;

  const portWith = (token: string | (() => Promise<string>), onLimit?: (limit: RateLimit) => void) => {
    const { url, userAgent, signal, wait, now } = options;
    return octokitPort({ url, token, userAgent, signal, wait, now, patience: 0, onLimit });
  };

  const app = portWith(async () => {
    const now = options.now();
    if (jwt === undefined || jwt.until <= now) {
      const { token } = await githubAppJwt({
        ...{ id: options.appId, privateKey: options.privateKey, now: Math.floor(now / 1000) },
      });
      jwt = { text: token, until: now + jwtMilliseconds };
    }
    return jwt.text;
  });

  async function mint(installation: number, body: object) {
    const path = `/app/installations/${installation}/access_tokens`;
    const minted = await app.write({ method: "POST", path, body, answer: tokenAnswer });
    if (minted.status !== "found") throw new InstallationGone();
    const { token, expires_at: until } = minted.value;
    return { token, until: Date.parse(until), port: portWith(token, (limit) => limits.set(installation, limit)) };
  }

  /** Who writes waits for the last write of the installation to be a while ago. */
  async function paced(installation: number): Promise<void> {
    const before = lastWrites.get(installation) ?? Promise.resolve();
    const turn = before.then(() => options.wait(options.writeGap));
    lastWrites.set(installation, turn);
    await before;
  }

  return {
    app,
    limitOf: (installation) => limits.get(installation),
    forget: (installation) => void readers.delete(installation),
    async reading(installation, granted) {
      const known = await readers.get(installation)?.catch(() => undefined);
      if (known !== undefined && known.until - spareMilliseconds > options.now()) return known;
      const permissions = Object.fromEntries(readable.flatMap((name) => (name in granted ? [[name, "read"]] : [])));
      const minting = mint(installation, { permissions: { metadata: "read", ...permissions } });
      readers.set(installation, minting);
      return await minting;
    },
    async writing(installation, repository, permissions, work) {
      const { token: _, port } = await mint(installation, { repository_ids: [repository], permissions });
      const slow: GitHubWriter = {
        ...port,
        spent: port.spent,
        async write(request) {
          await paced(installation);
          return await port.write(request);
        },
      };
      try {
        return await work(slow);
      } finally {
        // A token that cannot be revoked ends by itself within the hour.
        await port.write({ method: "DELETE", path: "/installation/token", answer: nothing }).catch(() => {});
      }
    },
  };
}
