/** Configuration files of `key = value` lines that hold passwords: one table, one parser. */
import type { Format, FormatHit } from "./format.ts";
import { gradeValue, isLocalHost } from "./grade.ts";
import { type IniEntry, iniEntries } from "./line-documents.ts";

/** What one kind of file looks like. Keys are lower case. */
type SettingFile = {
  id: string;
  /** Slug of the rule when it is not the id. */
  rule?: string;
  path: RegExp;
  /** Of which one must stand in the file. Precise ones let the file be recognised by content alone. */
  keywords: string[];
  /** Whether the keywords alone, without a path, are enough. */
  byContent?: boolean;
  /** Keys with the secret. */
  secret: RegExp;
  /** What the value looks like, when that is known. */
  value?: RegExp;
  /** Sections it counts in, when not all. */
  section?: RegExp;
  /** A blank may separate key and value. */
  blank?: boolean;
  /** Keys that tell who and where, of the same section. */
  facts?: Record<string, string>;
  /** What a file of this kind must hold when its path is unknown. */
  needs?: RegExp;
};

const hostAndUser = {
  host: "host",
  hostname: "host",
  server: "host",
  repository: "host",
  user: "user",
  username: "user",
  login: "user",
  port: "port",
  database: "database",
};

const files: readonly SettingFile[] = [
  {
    id: "pypirc",
    rule: "pypirc-password",
    path: /(?:^|\/)\.?pypirc$/,
    keywords: ["password"],
    secret: /^password$/,
    facts: hostAndUser,
    needs: /^\[(?:distutils|pypi|testpypi|server-login)\]/im,
  },
  {
    id: "mysql-option-file",
    path: /(?:^|\/)\.?my(?:login)?\.cnf$|\.my\.cnf$|debian\.cnf$/,
    keywords: ["password"],
    secret: /^password$/,
    section: /^(?:client|mysql|mysqldump|mysqladmin|mysql_upgrade|client-.*|.*)$/i,
    facts: hostAndUser,
    needs: /^\[(?:client|mysql(?:dump|admin)?)\]/im,
  },
  {
    id: "s3cfg",
    path: /(?:^|\/)\.?s3cfg$/,
    keywords: ["secret_key", "gpg_passphrase"],
    secret: /^(?:secret_key|gpg_passphrase|access_token)$/,
    facts: { access_key: "access key", host_base: "host" },
    needs: /^(?:bucket_location|host_base|gpg_command|signature_v2) ?=/m,
  },
  {
    id: "aws-credentials-file",
    path: /(?:^|\/)\.?(?:aws\/)?(?:credentials|aws_?credentials|config|\.boto|boto\.cfg|\.passwd-s3fs)$/,
    keywords: ["aws_secret_access_key"],
    byContent: true,
    secret: /^aws_secret_access_key$/,
    value: /^[A-Za-z0-9/+]{40}$/,
    section: /./,
    facts: { aws_access_key_id: "access key", region: "region" },
  },
  {
    id: "boto",
    path: /(?:^|\/)\.?boto(?:\.cfg)?$/,
    keywords: ["gs_secret_access_key", "gs_oauth2_refresh_token"],
    byContent: true,
    secret: /^(?:gs_secret_access_key|gs_oauth2_refresh_token)$/,
    facts: { gs_access_key_id: "access key" },
  },
  {
    id: "rclone-config",
    path: /(?:^|\/)\.?rclone(?:\.conf)?$/,
    keywords: ["pass", "secret_access_key", "token"],
    secret: /^(?:pass|password2?|secret_access_key|client_secret|service_account_credentials|key|token|sas_url)$/,
    facts: { ...hostAndUser, type: "type" },
  },
  {
    id: "mail-client-password",
    path: /(?:^|\/)(?:\.?msmtprc|\.?fetchmailrc|\.?mbsyncrc|\.?offlineimaprc|\.?esmtprc|\.?getmailrc|sasl_passwd)$/,
    keywords: ["pass"],
    secret: /^(?:password|pass|remotepass|localpass|imap_pass|smtp_pass)$/,
    blank: true,
    facts: { ...hostAndUser, remotehost: "host", remoteuser: "user", account: "account" },
  },
  {
    id: "samba-credentials",
    path: /(?:^|\/)\.?(?:smb|cifs)[\w.-]*(?:cred[\w.-]*)?$|\.smbcredentials$/,
    keywords: ["password"],
    secret: /^password$/,
    facts: { username: "user", domain: "domain" },
  },
  {
    id: "wifi-passphrase",
    path: /wpa_supplicant[\w.-]*$|\.nmconnection$/,
    keywords: ["psk="],
    secret: /^psk$/,
    facts: { ssid: "network" },
  },
  {
    id: "odbc-ini",
    path: /(?:^|\/)\.?odbc\.ini$/,
    keywords: ["password", "pwd"],
    secret: /^(?:password|pwd)$/,
    facts: { ...hostAndUser, servername: "host", uid: "user" },
  },
  {
    id: "svn-auth",
    path: /(?:^|\/)svnserve?[\w./-]*passwd$|conf\/passwd$/,
    keywords: ["[users]"],
    secret: /^[\w.@-]+$/,
    section: /^users$/i,
  },
];

/** One format for each kind of file. */
export const settingFormats: readonly Format[] = files.map((file) => ({
  id: file.id,
  ...(file.byContent ? {} : { path: file.path }),
  keywords: file.keywords,
  parse: ({ text, path }) => {
    if (path === undefined && file.byContent !== true && file.needs?.test(text.slice(0, 65_536)) !== true) return [];
    return settingHits(text, file);
  },
}));

function settingHits(text: string, file: SettingFile): FormatHit[] {
  const hits: FormatHit[] = [];
  let facts: Record<string, string> = {};
  let section = "";
  for (const entry of iniEntries(text, file.blank)) {
    if (entry.section !== section || entry.key === "account" || entry.key === "machine") {
      facts = {};
      ({ section } = entry);
    }
    const fact = file.facts?.[entry.key];
    const value = text.slice(entry.start, Math.min(entry.end, entry.start + 9000));
    if (fact !== undefined && /^[\w.@:+/-]{1,200}$/.test(value)) facts[fact] = value;
    if (!file.secret.test(entry.key) || (file.section !== undefined && !file.section.test(section))) continue;
    const grade = file.value?.test(value) === false ? undefined : gradeValue(value);
    if (grade !== undefined) hits.push(settingHit(file, entry, facts, grade));
  }
  for (const hit of hits) if (hit.facts.host !== undefined && isLocalHost(hit.facts.host)) hit.confidence = "weak";
  return hits;
}

function settingHit(
  { id, rule }: SettingFile,
  entry: IniEntry,
  facts: Record<string, string>,
  confidence: FormatHit["confidence"],
): FormatHit {
  const name = entry.section === "" || entry.section.length > 80 ? entry.key : `${entry.section}.${entry.key}`;
  return {
    rule: rule ?? id,
    start: entry.start,
    end: entry.end,
    name,
    facts,
    confidence,
    reason: `a secret setting of a file of kind ${id}`,
  };
}
