/** Repositories as the API shows them. */
import { type Links, linksTo, nodeId } from "./links.ts";
import { showUser } from "./show-account.ts";
import { fullNameOf, type Repository, type Role, roles } from "./state.ts";

const words =
  "archive={archive_format}{/ref} assignees{/user} blobs=git/blobs{/sha} branches{/branch} collaborators{/collaborator} comments{/number} " +
  "commits{/sha} compare/{base}...{head} contents/{+path} contributors deployments downloads events forks git_commits=git/commits{/sha} " +
  "git_refs=git/refs{/sha} git_tags=git/tags{/sha} hooks issue_comment=issues/comments{/number} issue_events=issues/events{/number} " +
  "issues{/number} keys{/key_id} labels{/name} languages merges milestones{/number} notifications{?since,all,participating} pulls{/number} " +
  "releases{/id} stargazers statuses/{sha} subscribers subscription tags teams trees=git/trees{/sha}";

/** `minimal-repository`: what lists give. In: what the caller may do with it, where the answer tells. */
export function showMinimalRepository(links: Links, repository: Repository, role?: Role | undefined) {
  const { id, name, owner, visibility } = repository;
  const fullName = fullNameOf(repository);
  const url = `${links.api}/repos/${fullName}`;
  return {
    ...{ id, node_id: nodeId("R", id), name, full_name: fullName, private: visibility !== "public", visibility },
    ...{ owner: showUser(links, owner), html_url: `${links.web}/${fullName}`, description: repository.description },
    ...{ fork: repository.fork, url, ...linksTo(url, words), homepage: null, language: null, mirror_url: null },
    ...{ git_url: `git://${new URL(links.web).host}/${fullName}.git`, clone_url: `${links.web}/${fullName}.git` },
    ...{ ssh_url: `git@${new URL(links.web).hostname}:${fullName}.git`, svn_url: `${links.web}/${fullName}` },
    ...{ size: 0, forks_count: 0, stargazers_count: 0, watchers_count: 0, open_issues_count: 0, license: null },
    ...{ forks: 0, watchers: 0, open_issues: 0, default_branch: repository.defaultBranch, has_discussions: false },
    ...{ has_issues: repository.hasIssues, has_projects: false, has_wiki: false, has_pages: false, topics: [] },
    ...{ has_downloads: false, archived: repository.archived, disabled: false, is_template: false },
    ...{ pushed_at: repository.pushedAt, created_at: repository.createdAt, updated_at: repository.pushedAt },
    ...{ allow_forking: true, web_commit_signoff_required: false },
    ...(role !== undefined && { permissions: permissionsOf(role) }),
  };
}

/** `full-repository`: what asking for one gives. */
export function showRepository(links: Links, repository: Repository, role?: Role | undefined) {
  return {
    ...showMinimalRepository(links, repository, role),
    ...{ network_count: 0, subscribers_count: 0 },
    ...(repository.owner.type === "Organization" && {
      organization: showUser(links, repository.owner),
      custom_properties: Object.fromEntries(repository.properties),
    }),
  };
}

/** `repository`: what installations and pull requests give. */
export function showInstalledRepository(links: Links, repository: Repository) {
  return showMinimalRepository(links, repository);
}

function permissionsOf(role: Role) {
  const can = (least: Role) => roles.indexOf(role) >= roles.indexOf(least);
  return { admin: can("admin"), maintain: can("maintain"), push: can("write"), triage: can("triage"), pull: true };
}
