/** All formats, in the order they are tried. */

import { azureCredentialsJson, gcpAuthorizedUser, gcpServiceAccount, tinkKeyset } from "./cloud-json.ts";
import { htpasswd, htpasswdFile, pgpass } from "./colon-files.ts";
import { commandFormats } from "./command-line.ts";
import { connectionString } from "./connection-string.ts";
import { dbeaver } from "./dbeaver.ts";
import type { Format } from "./format.ts";
import { gradle } from "./gradle.ts";
import { authorizationHeader } from "./http-header.ts";
import { composerAuth, dockerConfig, mozillaLogins, pubCredentials, sftpConfig, terraformState } from "./json-files.ts";
import { jwkPrivateKey } from "./jwk.ts";
import { derPrivateKey, keystoreFile } from "./keystore.ts";
import { kubeconfig, kubernetesSecret } from "./kubernetes.ts";
import { mailRc } from "./mail-rc.ts";
import { mnemonic } from "./mnemonic.ts";
import { netrc } from "./netrc.ts";
import { npmrc } from "./npmrc.ts";
import { ociConfig } from "./oci-config.ts";
import { pemFormats } from "./pem.ts";
import { puttyPrivateKey } from "./putty-key.ts";
import { withSafeFacts } from "./safe-facts.ts";
import { settingFormats } from "./setting-files.ts";
import { sqlUserPassword, sqlUserTable } from "./sql.ts";
import { basicAuthUrl, databaseUrl } from "./url.ts";
import { winscp } from "./winscp.ts";
import { wpConfig } from "./wp-config.ts";
import { filezilla, mavenSettings, nugetConfig, publishProfile, tomcatUsers } from "./xml-files.ts";

/** Each format once; `id` is what a rule names under `format`. */
export const formats: readonly Format[] = [
  ...pemFormats,
  puttyPrivateKey,
  jwkPrivateKey,
  keystoreFile,
  derPrivateKey,
  gcpServiceAccount,
  gcpAuthorizedUser,
  azureCredentialsJson,
  tinkKeyset,
  databaseUrl,
  basicAuthUrl,
  connectionString,
  authorizationHeader,
  ...commandFormats,
  sqlUserTable,
  sqlUserPassword,
  kubernetesSecret,
  kubeconfig,
  npmrc,
  netrc,
  htpasswd,
  htpasswdFile,
  pgpass,
  ...settingFormats,
  dockerConfig,
  composerAuth,
  sftpConfig,
  mozillaLogins,
  pubCredentials,
  terraformState,
  mavenSettings,
  publishProfile,
  nugetConfig,
  tomcatUsers,
  filezilla,
  wpConfig,
  mailRc,
  winscp,
  dbeaver,
  ociConfig,
  gradle,
  mnemonic,
].map(withSafeFacts);
