/** Installations of the App and what they reach, by GitHub's REST API. */
import { z } from "zod";
import type { Seen } from "../register/inventory.ts";
import type { Found, GitHubPort } from "./port.ts";
import { type RepositoryAddress, repositoryPath } from "./repository-path.ts";

const level = z.enum(["read", "write", "admin"]);
const installation = z.object({
  id: z.int(),
  account: z.object({ id: z.int(), login: z.string(), type: z.string() }),
  permissions: z.record(z.string(), z.string()).transform((all) => Object.fromEntries(levelsOf(all))),
  suspended_at: z.string().nullish(),
  updated_at: z.string(),
});
export type InstallationAnswer = z.output<typeof installation>;

function levelsOf(all: Record<string, string>): [string, z.output<typeof level>][] {
  return Object.entries(all).flatMap(([name, value]) => {
    const read = level.safeParse(value);
    return read.success ? [[name, read.data]] : [];
  });
}

const repository = z.object({
  id: z.int(),
  name: z.string(),
  owner: z.object({ login: z.string() }),
  default_branch: z.string().nullish(),
  private: z.boolean(),
  visibility: z.enum(["public", "private", "internal"]).optional(),
  archived: z.boolean().default(false),
  fork: z.boolean().default(false),
});
export type InstalledRepository = z.output<typeof repository>;

/** In: a port of the App itself. */
export async function getInstallation(app: GitHubPort, id: number): Promise<Found<InstallationAnswer>> {
  return await app.find(`/app/installations/${id}`, installation);
}

/** What a reading token of the installation reaches. */
export async function listInstalledRepositories(port: GitHubPort): Promise<Seen<InstalledRepository>> {
  return await port.list({ path: "/installation/repositories", key: "repositories", item: repository });
}

export async function getRepository(port: GitHubPort, address: RepositoryAddress): Promise<Found<InstalledRepository>> {
  return await port.find(repositoryPath(address), repository);
}

/** What a person may do with a repository: `admin`, `write`, `read`, `none` (GitHub Docs, "Get repository permissions for a user"). */
export async function permissionOf(port: GitHubPort, address: RepositoryAddress, login: string): Promise<string> {
  const path = `${repositoryPath(address)}/collaborators/${encodeURIComponent(login)}/permission`;
  const found = await port.find(path, z.object({ permission: z.string() }));
  return found.status === "found" ? found.value.permission : "none";
}
