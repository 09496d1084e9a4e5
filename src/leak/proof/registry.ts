/** The proofs that a rule may name under `proof:`. */
import { awsKeyId } from "./aws-key-id.ts";
import { azureCask } from "./azure-cask.ts";
import { azureDevopsPat } from "./azure-devops-pat.ts";
import { azureHis } from "./azure-his.ts";
import { bech32 } from "./bech32.ts";
import { bedrock } from "./bedrock.ts";
import { bip39 } from "./bip39.ts";
import { basicAuthUrl, connectionString } from "./connection-string.ts";
import { atlassianDatacenter, bitbucketDatacenter } from "./datacenter-token.ts";
import { discordBot } from "./discord-bot.ts";
import { entraSecret } from "./entra-secret.ts";
import { flyMacaroon } from "./fly-macaroon.ts";
import { githubPatOwner } from "./github-pat-owner.ts";
import { gitlabRoutable } from "./gitlab-routable.ts";
import { jfrogAccess, jfrogReference } from "./jfrog.ts";
import { cloudflareTunnel, grafanaCloud, grafanaLegacy, onepasswordServiceAccount, sentryOrg } from "./json-token.ts";
import { jwt } from "./jwt.ts";
import { pypiMacaroon } from "./macaroon.ts";
import { nkey, stellarSeed } from "./nkey.ts";
import { pgpArmour } from "./pgp-armour.ts";
import type { Proof } from "./proof.ts";
import { sasUrl } from "./sas-url.ts";

/** Proofs by name. Each is documented where it is made, with the facts it gives. */
export const proofs: ReadonlyMap<string, Proof> = new Map([
  ["atlassian-datacenter", atlassianDatacenter],
  ["aws-key-id", awsKeyId],
  ["azure-cask", azureCask],
  ["azure-devops-pat", azureDevopsPat],
  ["azure-his", azureHis],
  ["basic-auth-url", basicAuthUrl],
  ["bech32", bech32],
  ["bedrock", bedrock],
  ["bip39", bip39],
  ["bitbucket-datacenter", bitbucketDatacenter],
  ["cloudflare-tunnel", cloudflareTunnel],
  ["connection-string", connectionString],
  ["discord-bot", discordBot],
  ["entra-secret", entraSecret],
  ["fly-macaroon", flyMacaroon],
  ["github-pat-owner", githubPatOwner],
  ["gitlab-routable", gitlabRoutable],
  ["grafana-cloud", grafanaCloud],
  ["grafana-legacy", grafanaLegacy],
  ["jfrog-access", jfrogAccess],
  ["jfrog-reference", jfrogReference],
  ["jwt", jwt],
  ["nkey", nkey],
  ["onepassword-service-account", onepasswordServiceAccount],
  ["pgp-armour", pgpArmour],
  ["pypi-macaroon", pypiMacaroon],
  ["sas-url", sasUrl],
  ["sentry-org", sentryOrg],
  ["stellar-seed", stellarSeed],
]);
