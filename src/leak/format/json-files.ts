/** JSON files that hold passwords: of Docker, Composer, editors that upload, Thunderbird, Terraform's state. */
import type { Confidence } from "../../finding.ts";
import type { Format, FormatHit } from "./format.ts";
import { gradeValue, isLocalHost } from "./grade.ts";
import { decodeBasic } from "./http-header.ts";
import { type JsonLeaf, leafText, walkJson } from "./json-document.ts";

const jsonHead = /^(?:\xef\xbb\xbf)?\s{0,64}[{[/]/;

type ReadLeaf = (leaf: JsonLeaf, value: string) => FormatHit | undefined;

/** All leaves of a JSON file that `read` makes a hit of. */
function leafHits(text: string, read: ReadLeaf): FormatHit[] {
  if (!jsonHead.test(text.slice(0, 80))) return [];
  return leafHitsFrom(text, text.startsWith("\xef\xbb\xbf") ? 3 : 0, read).hits;
}

/** The same for the object that begins at `from`, and where it ends. */
function leafHitsFrom(text: string, from: number, read: ReadLeaf): { hits: FormatHit[]; end: number } {
  const hits: FormatHit[] = [];
  const end = walkJson(text, from, (leaf) => {
    if (leaf.end - leaf.start > 16_384 || leaf.end <= leaf.start) return;
    const hit = read(leaf, leafText(text, leaf) ?? "");
    if (hit !== undefined) hits.push(hit);
  });
  return { hits, end };
}

function hitOf(
  rule: string,
  leaf: JsonLeaf,
  facts: Record<string, string>,
  confidence: Confidence,
  reason: string,
): FormatHit {
  return { rule, start: leaf.start, end: leaf.end, name: leaf.key, facts, confidence, reason };
}

/** `config.json` of Docker and `.dockercfg`: `auth` is base64 of user and password. */
export const dockerConfig: Format = {
  id: "docker-config",
  keywords: ['"auths"', '"auth"'],
  parse: ({ text, path }, at) => {
    const old = path !== undefined && /dockercfg$/i.test(path);
    const read: ReadLeaf = (leaf, value) => {
      const inAuths = leaf.path.length >= 2 && leaf.path.at(-2) === "auths";
      if (!inAuths && !(old && leaf.path.length === 1)) return undefined;
      const host = leaf.path.at(-1) ?? "";
      const facts: Record<string, string> = /^[\w.:/-]{1,253}$/.test(host)
        ? { host: host.replace(/^https?:\/\//, "") }
        : {};
      if (leaf.key === "auth") {
        const decoded = decodeBasic(value);
        const grade = decoded && gradeValue(decoded.password);
        if (decoded === undefined || grade === undefined) return undefined;
        if (/^[\w.@+-]{1,100}$/.test(decoded.user)) facts.user = decoded.user;
        return hitOf("docker-config-auth", leaf, facts, grade, "base64 of user and password in a Docker configuration");
      }
      if (leaf.key !== "identitytoken" && leaf.key !== "registrytoken" && leaf.key !== "password") return undefined;
      const grade = gradeValue(value);
      return grade === undefined
        ? undefined
        : hitOf("docker-config-auth", leaf, facts, grade, `the ${leaf.key} of a registry in a Docker configuration`);
    };
    if (jsonHead.test(text.slice(0, 80))) return leafHits(text, read);
    // In a variable of a workflow or a script the configuration is a string of its own.
    const hits: FormatHit[] = [];
    let done = 0;
    for (const hit of at) {
      const brace = /\{\s{0,32}$/.exec(text.slice(Math.max(done, hit - 40), hit));
      if (hit < done || brace === null || text.slice(hit, hit + 7).toLowerCase() !== '"auths"') continue;
      const found = leafHitsFrom(text, hit - brace[0].length, read);
      hits.push(...found.hits);
      done = Math.max(hit, found.end);
    }
    return hits;
  },
};

/** `auth.json` of Composer. */
export const composerAuth: Format = {
  id: "composer-auth",
  keywords: ["http-basic", "github-oauth", "gitlab-token", "bitbucket-oauth"],
  parse: ({ text }) =>
    leafHits(text, (leaf, value) => {
      const basic = leaf.path.at(-2) === "http-basic" || leaf.path.at(-2) === "bitbucket-oauth";
      const token = /^(?:github-oauth|gitlab-token|gitlab-oauth|bearer)$/.test(leaf.path.at(-1) ?? "");
      if (!(basic && (leaf.key === "password" || leaf.key === "consumer-secret")) && !token) return undefined;
      const grade = gradeValue(value);
      const host = token ? leaf.key : (leaf.path.at(-1) ?? "");
      return grade === undefined
        ? undefined
        : hitOf(
            "composer-auth",
            leaf,
            /^[\w.:-]{1,253}$/.test(host) ? { host } : {},
            grade,
            "a credential of Composer's auth.json",
          );
    }),
};

/** Editors and tools that upload by FTP or SFTP: `.ftpconfig`, `sftp-config.json`, `.vscode/sftp.json`, `.remote-sync.json`. */
export const sftpConfig: Format = {
  id: "sftp-config",
  path: /(?:^|\/)(?:\.ftpconfig|sftp-config(?:-alt)?\d?\.json|\.?sftp\.json|\.remote-sync\.json|\.ftpsync_settings|ftpsync\.settings|deployment-config\.json|ftp-?config\.json)$/,
  keywords: ['"password"', '"pass"', '"passphrase"'],
  parse: ({ text, path }) => {
    const facts: Record<string, string> = {};
    let remote = path !== undefined;
    const hits = leafHits(text, (leaf, value) => {
      if ((leaf.key === "host" || leaf.key === "user" || leaf.key === "username") && /^[\w.@-]{1,253}$/.test(value))
        facts[leaf.key === "host" ? "host" : "user"] ??= value;
      if (/^remote(?:_?path)?$/i.test(leaf.key) || /^(?:s?ftp|protocol)$/.test(value)) remote = true;
      if (!leaf.quoted || !/^(?:password|pass|passphrase)$/.test(leaf.key)) return undefined;
      const grade = gradeValue(value);
      return grade && hitOf("sftp-config", leaf, facts, grade, "a password in the settings of an upload tool");
    });
    if (!remote || facts.host === undefined) return [];
    return isLocalHost(facts.host) ? hits.map((hit) => ({ ...hit, confidence: "weak" as const })) : hits;
  },
};

/** `logins.json` of Thunderbird and Firefox: encrypted with `key4.db`, which often stands beside it without a master password. */
export const mozillaLogins: Format = {
  id: "mozilla-logins",
  keywords: ['"encryptedpassword"'],
  parse: ({ text }) => {
    let host = "";
    return leafHits(text, (leaf, value) => {
      if (leaf.key === "hostname") host = value;
      if (leaf.key !== "encryptedPassword" || !/^[A-Za-z0-9+/]{24,}={0,2}$/.test(value)) return undefined;
      const facts = { encrypted: "yes", ...(/^[\w.:/-]{1,253}$/.test(host) ? { host } : {}) };
      return {
        ...hitOf(
          "mozilla-logins",
          leaf,
          facts,
          "likely",
          "a stored login, encrypted with the key store of its profile",
        ),
        severity: "medium" as const,
      };
    });
  },
};

/** `credentials.json` of Dart's pub: a Google refresh token with the right to publish. */
export const pubCredentials: Format = {
  id: "pub-credentials",
  keywords: ['"refreshtoken"'],
  parse: ({ text }) => {
    if (!/"accessToken"/.test(text.slice(0, 8192)) || !/"tokenEndpoint"/.test(text.slice(0, 8192))) return [];
    return leafHits(text, (leaf, value) => {
      const grade = leaf.key === "refreshToken" && value.length >= 20 ? gradeValue(value) : undefined;
      return grade && hitOf("dart-pub-credentials", leaf, {}, grade, "the refresh token of the pub client");
    });
  },
};

/** Attributes of a state that are secrets whatever the resource. */
const stateSecret =
  /(?:^|_)(?:password|passwd|secret|secret_key|secret_string|access_key|private_key|client_key|token|auth_token|api_key|connection_string|master_password|admin_password|result|kube_config_raw|certificate_p12|smtp_password_v4|encrypted_secret|sas_token|primary_key|secondary_key|private_key_pem|private_key_openssh)$/;

/** `*.tfstate`: outputs marked sensitive, and attributes named for secrets. */
export const terraformState: Format = {
  id: "terraform-state",
  keywords: ['"terraform_version"'],
  parse: ({ text }) => {
    const outputs = new Map<number, FormatHit>();
    const sensitive = new Set<number>();
    let type = "";
    const hits = leafHits(text, (leaf, value) => {
      if (leaf.key === "type" && leaf.path[0] === "resources") type = value;
      if (leaf.path[0] === "outputs" || leaf.path.includes("outputs")) {
        if (leaf.key === "sensitive" && value === "true") sensitive.add(leaf.container);
        const grade = leaf.key === "value" && leaf.quoted ? gradeValue(value) : undefined;
        const output = leaf.path.at(-1) ?? "";
        if (grade !== undefined)
          outputs.set(leaf.container, {
            ...hitOf("terraform-state", leaf, { output }, grade, "an output marked sensitive in a Terraform state"),
            name: output,
          });
        return undefined;
      }
      if (!leaf.path.includes("attributes") || !leaf.quoted || !stateSecret.test(leaf.key)) return undefined;
      if (leaf.key === "result" && !/random_(?:password|string)/.test(type)) return undefined;
      const long = value.length > 8192 || value.startsWith("-----BEGIN");
      const grade = long ? "likely" : value.length < 6 ? undefined : gradeValue(value);
      if (grade === undefined) return undefined;
      const weak = /^arn:|^projects\/|^https?:\/\//.test(value);
      return hitOf(
        "terraform-state",
        leaf,
        /^\w{1,80}$/.test(type) ? { resource: type } : {},
        weak ? "weak" : grade,
        "an attribute named for a secret in a Terraform state",
      );
    });
    for (const container of sensitive) {
      const output = outputs.get(container);
      if (output !== undefined) hits.push(output);
    }
    return hits.sort((a, b) => a.start - b.start);
  },
};
