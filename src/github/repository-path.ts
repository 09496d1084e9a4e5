/** A repository's address in the API. */
export type RepositoryAddress = { owner: string; name: string };

/** `/repos/acme/shop`. */
export function repositoryPath({ owner, name }: RepositoryAddress): string {
  return `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;
}
