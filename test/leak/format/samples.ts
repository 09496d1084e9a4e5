/** One valid sample of each format, built at run time. `secrets` are the values that must be found at exact bounds, by rule. */
import type { Confidence } from "../../../src/finding.ts";
import { bip39 } from "../../../src/leak/proof/bip39.ts";
import { englishWords } from "../../../src/leak/proof/bip39-english.ts";
import { type Generator, generator } from "./generator.ts";

export type Sample = {
  rule: string;
  path: string;
  text: string;
  secrets: string[];
  facts?: Record<string, string>;
  confidence?: Confidence;
  /** Whether the content says what it is, so that it is found without a path. */
  anyPath: boolean;
};

function base64(text: string): string {
  return Buffer.from(text, "latin1").toString("base64");
}

/** WinSCP's obfuscation, written from the other side: each byte inverted, XORed with 0xA3, behind flag, length and padding. */
function obfuscate(plain: string): string {
  const bytes = [0xff, 0, plain.length, 2, 7, 9, ...Buffer.from(plain, "latin1")];
  return Buffer.from(bytes.map((byte) => (~byte & 0xff) ^ 0xa3))
    .toString("hex")
    .toUpperCase();
}

const crypt = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

export function bcrypt(g: Generator): string {
  return ["$2y$", "10$", g.text(53, crypt)].join("");
}

export function samples(seed: number): Sample[] {
  const g = generator(seed);
  const list: Sample[] = [];
  const add = (rule: string, path: string, build: (p: string) => string, more: Partial<Sample> = {}): void => {
    const secret = more.secrets?.[0] ?? g.password();
    list.push({ rule, path, text: build(secret), secrets: [secret], anyPath: true, ...more });
  };
  const hidden = g.password();

  add("npmrc-auth-token", ".npmrc", (p) => `registry=https://npm.corp.dev/\n//npm.corp.dev/:_authToken=${p}\n`, {
    facts: { host: "npm.corp.dev" },
  });
  add("npmrc-basic-auth", "a/.npmrc", (p) => `always-auth=true\n//npm.corp.dev/:_password="${p}"\n`, {
    secrets: [base64(hidden)],
  });
  add("npmrc-basic-auth", ".npmrc", (p) => `_auth = ${p}\nemail=a@b.dev\n`, {
    secrets: [base64(`deploy:${hidden}`)],
    facts: { user: "deploy" },
    anyPath: false,
  });
  add("netrc", ".netrc", (p) => `machine api.corp.dev\n  login deploy\n  password ${p}\nmachine x.corp.dev login y\n`, {
    facts: { host: "api.corp.dev", user: "deploy" },
  });
  add("netrc", "_netrc", (p) => `default login anna password ${p}\n`, { facts: { user: "anna" } });
  add(
    "pypirc-password",
    ".pypirc",
    (p) =>
      `[distutils]\nindex-servers = corp\n\n[corp]\nrepository = https://py.corp.dev/\nusername = deploy\npassword = ${p}\n`,
    { facts: { user: "deploy" } },
  );
  add("pgpass", ".pgpass", (p) => `# prod\ndb.corp.dev:5432:app:deploy:${p}\n`, {
    facts: { host: "db.corp.dev", database: "app", user: "deploy" },
  });
  add("mysql-option-file", ".my.cnf", (p) => `[client]\nuser=deploy\nhost=db.corp.dev\npassword="${p}"\n`, {
    facts: { user: "deploy" },
  });
  add("htpasswd-hash", ".htpasswd", (p) => `# users\nanna:${p}\n`, {
    secrets: [bcrypt(g)],
    facts: { user: "anna", hash: "bcrypt" },
  });
  add("htpasswd-hash", ".htpasswd", (p) => `anna:${p}\n`, {
    secrets: [["$apr1$", `${g.text(8, crypt)}$`, g.text(22, crypt)].join("")],
    facts: { hash: "apr1-md5" },
  });
  add("htpasswd-entry", "conf/.htpasswd", (p) => `anna:${p}\n`, {
    secrets: [g.text(13, crypt)],
    facts: { hash: "crypt" },
    anyPath: false,
  });
  add("shadow-password-hash", "etc/shadow", (p) => `daemon:*:18375:0:99999:7:::\nroot:${p}:18375:0:99999:7:::\n`, {
    secrets: [["$6$", `${g.text(16, crypt)}$`, g.text(86, crypt)].join("")],
    facts: { user: "root", hash: "sha512-crypt" },
  });
  add(
    "docker-config-auth",
    ".docker/config.json",
    (p) => `{\n  "auths": {\n    "https://hub.corp.dev/v1/": {\n      "auth": "${p}"\n    }\n  }\n}\n`,
    { secrets: [base64(`anna:${hidden}`)], facts: { host: "hub.corp.dev/v1/", user: "anna" } },
  );
  add("docker-config-auth", ".dockercfg", (p) => `{ "hub.corp.dev": { "auth": "${p}", "email": "a@b.dev" } }\n`, {
    secrets: [base64(`anna:${hidden}`)],
    anyPath: false,
  });
  add(
    "docker-config-auth",
    "ci.yml",
    (p) => `variables:\n  DOCKER_AUTH_CONFIG: '{"auths": {"hub.corp.dev": {"auth": "${p}"}}}'\n`,
    { secrets: [base64(`ci:${hidden}`)] },
  );
  add(
    "kubernetes-kubeconfig",
    ".kube/config",
    (p) => `apiVersion: v1\nkind: Config\ncurrent-context: a\nusers:\n- name: admin\n  user:\n    token: ${p}\n`,
    { facts: { user: "admin" } },
  );
  add(
    "kubernetes-secret",
    "k8s/secret.yaml",
    (p) =>
      `apiVersion: v1\nkind: Secret\nmetadata:\n  name: app\ntype: Opaque\ndata:\n  username: YWRtaW4=\n  token: ${p}\n`,
    { secrets: [base64(hidden)], facts: { secret: "app", type: "Opaque" } },
  );
  add(
    "kubernetes-secret",
    "k8s/all.yaml",
    (p) =>
      `kind: ConfigMap\ndata:\n  a: b\n---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: app\nstringData:\n  token: "${p}" # prod\n  host: db\n---\nkind: Service\n`,
  );
  add(
    "kubernetes-secret",
    "secret.json",
    (p) => `{"apiVersion": "v1", "kind": "Secret", "data": {"token": "${p}"}}\n`,
    { secrets: [base64(hidden)] },
  );
  add(
    "maven-settings-password",
    "settings.xml",
    (p) =>
      `<settings><servers>\n<server>\n  <id>corp</id>\n  <username>deploy</username>\n  <password>${p}</password>\n</server></servers></settings>\n`,
    { facts: { id: "corp", user: "deploy" } },
  );
  add("basic-auth-url", ".git-credentials", (p) => `https://anna:${p}@git.corp.dev\n`, {
    facts: { user: "anna", host: "git.corp.dev", scheme: "https" },
  });
  add("database-url", "app.py", (p) => `engine = create("mysql+pymysql://app:${p}@db.corp.dev:3306/shop?x=1")\n`, {
    facts: { user: "app", host: "db.corp.dev:3306", database: "shop" },
  });
  add("database-url", ".env", (p) => `REDIS=redis://:${p}@cache.corp.dev:6379/0\n`, {
    facts: { host: "cache.corp.dev:6379" },
  });
  add("database-url", "a.js", (p) => `connect('mongodb+srv://app:${p}@c0.corp.dev,c1.corp.dev/db')\n`);
  add("database-url", "main.go", (p) => `dsn := "app:${p}@tcp(db.corp.dev:3306)/shop"\n`, {
    facts: { user: "app", host: "db.corp.dev:3306", database: "shop" },
  });
  add(
    "connection-string",
    "appsettings.json",
    (p) => `{"Db": "Server=tcp:db.corp.dev,1433;User Id=app;Password=${p};Encrypt=True"}\n`,
    { facts: { user: "app" } },
  );
  add(
    "connection-string",
    "a.properties",
    (p) => `u=jdbc:sqlserver://db.corp.dev:1433;user=app;password=${p};encrypt=true\n`,
    { facts: { user: "app", host: "db.corp.dev" } },
  );
  add(
    "connection-string",
    "a.properties",
    (p) => `u=jdbc:postgresql://db.corp.dev/app?user=app&password=${p}&ssl=true\n`,
    { facts: { user: "app" } },
  );
  add("connection-string", "a.py", (p) => `c = connect("Driver={SQL Server};Server=db.corp.dev;UID=app;PWD=${p};")\n`, {
    facts: { user: "app" },
  });
  add(
    "connection-string",
    "a.py",
    (p) => `psycopg.connect("host=db.corp.dev dbname=app user=app password=${p} sslmode=require")\n`,
    { facts: { database: "app" } },
  );
  add("connection-string", "a.properties", (p) => `u=jdbc:oracle:thin:app/${p}@db.corp.dev:1521/x\n`, {
    facts: { user: "app" },
  });
  add("authorization-header", "a.py", (p) => `h = {"Authorization": "Basic ${p}"}\n`, {
    secrets: [base64(`anna:${hidden}`)],
    facts: { user: "anna" },
  });
  add("authorization-header", "a.go", (p) => `req.Header.Set("Authorization", "Bearer ${p}")\n`, {
    secrets: [g.text(40)],
    facts: { scheme: "bearer" },
  });
  add("curl-user", "run.sh", (p) => `set -e\ncurl -sS --user anna:'${p}' \\\n  https://api.corp.dev\n`, {
    facts: { user: "anna" },
  });
  add("curl-user", "README.md", (p) => `    curl -X POST https://api.corp.dev -u "anna:${p}"\n`, {
    facts: { user: "anna" },
  });
  add("curl-user", "a.yml", (p) => `- run: curl -u${"anna"}:${p} https://api.corp.dev\n`);
  add("curl-user", "a.sh", (p) => `curl https://api.corp.dev -H "X-Api-Key: ${p}"\n`, { secrets: [g.text(32)] });
  add("docker-login-password", ".bash_history", (p) => `ls\ndocker login hub.corp.dev -u anna -p ${p}\n`, {
    facts: { user: "anna" },
  });
  add("command-line-password", ".zsh_history", (p) => `: 1700000000:0;mysql -h db.corp.dev -u app -p${p} shop\n`, {
    facts: { command: "mysql", user: "app" },
  });
  add("command-line-password", ".bash_history", (p) => `sshpass -p '${p}' ssh anna@host\n`);
  add("command-line-password", "a.sh", (p) => `openssl rsa -in k -passin pass:${p}\n`);
  add("command-line-password", "a.ps1", (p) => `$s = ConvertTo-SecureString "${p}" -AsPlainText -Force\n`);
  add("command-line-password", "Dockerfile", (p) => `RUN echo 'root:${p}' | chpasswd\n`, { facts: { user: "root" } });
  add(
    "sql-user-table",
    "dump.sql",
    (p) => `INSERT INTO \`users\` (\`id\`, \`login\`, \`password\`) VALUES (1, 'anna', '${p}'),\n(2, 'bert', NULL);\n`,
    { secrets: [bcrypt(g)], facts: { user: "anna", hash: "bcrypt", table: "users" } },
  );
  add("sql-user-table", "dump.sql", (p) => `insert into wp_users values (1,'anna','${p}','anna');\n`, {
    secrets: [["$P$", g.text(31, crypt)].join("")],
    facts: { hash: "phpass" },
  });
  add(
    "sql-user-table",
    "dump.sql",
    (p) => `COPY public.users (id, email, encrypted_password) FROM stdin;\n1\ta@b.dev\t${p}\n\\.\n`,
    { secrets: [bcrypt(g)], facts: { user: "a@b.dev" } },
  );
  add("sql-user-password", "init.sql", (p) => `CREATE USER 'app'@'%' IDENTIFIED BY '${p}';\n`, {
    facts: { user: "app" },
  });
  add("sql-user-password", "init.sql", (p) => `ALTER ROLE app WITH LOGIN PASSWORD '${p}';\n`, {
    facts: { user: "app" },
  });
  add("sql-user-password", "init.sql", (p) => `CREATE LOGIN app WITH PASSWORD = N'${p}', CHECK_POLICY = OFF;\n`, {
    facts: { user: "app" },
  });
  add("s3cfg", ".s3cfg", (p) => `[default]\naccess_key = a\nbucket_location = US\nsecret_key = ${p}\n`);
  add(
    "aws-credentials-file",
    ".aws/credentials",
    (p) => `[prod]\naws_access_key_id = x\naws_secret_access_key = ${p}\n`,
    { secrets: [`${g.text(38)}/+`] },
  );
  add("boto", ".boto", (p) => `[Credentials]\ngs_secret_access_key = ${p}\n`);
  add(
    "sftp-config",
    ".ftpconfig",
    (p) =>
      `{\n  "protocol": "sftp",\n  "host": "web.corp.dev",\n  "user": "anna",\n  "pass": "${p}",\n  "remote": "/"\n}\n`,
    { anyPath: true },
  );
  add(
    "sftp-config",
    "sftp-config.json",
    (p) =>
      `{\n    // The tab key cycles\n    "type": "sftp",\n    "host": "web.corp.dev",\n    "user": "anna",\n    "password": "${p}",\n    "remote_path": "/srv/",\n}\n`,
  );
  add(
    "sftp-config",
    ".vscode/sftp.json",
    (p) => `{"name": "w", "host": "web.corp.dev", "username": "anna", "password": "${p}", "remotePath": "/"}\n`,
  );
  add(
    "wp-config-password",
    "wp-config.php",
    (p) => `<?php\ndefine( 'DB_NAME', 'wp' );\ndefine( 'DB_PASSWORD', '${p}' );\n`,
  );
  add("wp-config-salt", "wp-config.php", (p) => `<?php\ndefine('AUTH_KEY',         '${p}');\n`, {
    secrets: [g.text(64, `${crypt}!@#%^&*()-=+[]{}|;:,<>?~`)],
  });
  add(
    "filezilla",
    "sitemanager.xml",
    (p) =>
      `<FileZilla3><Servers><Server><Host>ftp.corp.dev</Host><User>anna</User>\n<Pass encoding="base64">${p}</Pass></Server></Servers></FileZilla3>\n`,
    { secrets: [base64(hidden)], facts: { host: "ftp.corp.dev", user: "anna" } },
  );
  add("winscp", "WinSCP.ini", (p) => `[Sessions\\anna@web]\nHostName=web.corp.dev\nUserName=anna\nPassword=${p}\n`, {
    secrets: [obfuscate(`annaweb.corp.dev${hidden}`)],
    confidence: "certain",
    facts: { host: "web.corp.dev", user: "anna" },
  });
  add("mail-rc-password", ".muttrc", (p) => `set imap_user="anna"\nset imap_pass = "${p}"\n`);
  add("mail-rc-password", ".fetchmailrc", (p) => `poll mail.corp.dev proto imap user "anna" password "${p}" ssl\n`, {
    facts: { host: "mail.corp.dev", user: "anna" },
  });
  add("mail-client-password", ".msmtprc", (p) => `account work\nhost smtp.corp.dev\nuser anna\npassword ${p}\n`, {
    facts: { host: "smtp.corp.dev" },
    anyPath: false,
  });
  add(
    "mozilla-logins",
    "logins.json",
    (p) => `{"logins":[{"hostname":"imap://mail.corp.dev","encryptedUsername":"x","encryptedPassword":"${p}"}]}\n`,
    { secrets: [g.bytes(48).toString("base64")] },
  );
  add(
    "composer-auth",
    "auth.json",
    (p) => `{"http-basic": {"repo.corp.dev": {"username": "anna", "password": "${p}"}}}\n`,
    { facts: { host: "repo.corp.dev" } },
  );
  add(
    "terraform-state",
    "terraform.tfstate",
    (p) =>
      `{"version": 4, "terraform_version": "1.5.0", "outputs": {"key": {"value": "${p}", "type": "string", "sensitive": true}, "n": {"value": "plain", "type": "string"}}, "resources": []}\n`,
  );
  add(
    "terraform-state",
    "terraform.tfstate",
    (p) =>
      `{"terraform_version": "1.5.0", "resources": [{"type": "random_password", "instances": [{"attributes": {"length": 16, "result": "${p}"}}]}]}\n`,
    { facts: { resource: "random_password" } },
  );
  add(
    "azure-publish-profile",
    "x.PublishSettings",
    (p) =>
      `<publishData><publishProfile publishMethod="MSDeploy" publishUrl="x.scm.corp.dev:443" userName="$x" userPWD="${p}" /></publishData>\n`,
    { secrets: [g.text(60)], confidence: "certain", facts: { user: "$x", method: "MSDeploy" } },
  );
  add(
    "nuget-config-clear-text-password",
    "NuGet.config",
    (p) =>
      `<configuration><packageSourceCredentials><Corp>\n<add key="Username" value="anna" />\n<add key="ClearTextPassword" value="${p}" /></Corp></packageSourceCredentials></configuration>\n`,
    { facts: { user: "anna", source: "Corp" } },
  );
  add(
    "tomcat-users",
    "tomcat-users.xml",
    (p) => `<tomcat-users><user username="anna" password="${p}" roles="manager"/></tomcat-users>\n`,
    { facts: { user: "anna" } },
  );
  add(
    "gcp-authorized-user",
    "adc.json",
    (p) =>
      `{"type": "authorized_user", "client_id": "1.apps.googleusercontent.com", "client_secret": "x", "refresh_token": "${p}"}\n`,
    { secrets: [`1//0${g.text(60)}`] },
  );
  add(
    "azure-credentials-json",
    "creds.json",
    (p) =>
      `{\n  "clientId": "${g.uuid()}",\n  "clientSecret": "${p}",\n  "subscriptionId": "${g.uuid()}",\n  "tenantId": "${g.uuid()}"\n}\n`,
    { secrets: [g.text(34)] },
  );
  add(
    "google-tink-keyset",
    "keyset.json",
    (p) =>
      `{"primaryKeyId": 1, "key": [{"keyData": {"typeUrl": "type.googleapis.com/google.crypto.tink.AesGcmKey", "value": "${p}", "keyMaterialType": "SYMMETRIC"}}]}\n`,
    { secrets: [g.bytes(20).toString("base64")], confidence: "certain", facts: { key: "AesGcmKey" } },
  );
  add(
    "dart-pub-credentials",
    "credentials.json",
    (p) =>
      `{"accessToken": "x", "refreshToken": "${p}", "tokenEndpoint": "https://accounts.google.com/o/oauth2/token"}\n`,
    { secrets: [`1//0${g.text(60)}`] },
  );
  add(
    "jwk-private-key",
    "key.json",
    (p) => `{"kty": "EC", "crv": "P-256", "x": "${g.text(43)}", "y": "${g.text(43)}", "d": "${p}", "kid": "k1"}\n`,
    { secrets: [g.text(43)], confidence: "certain", facts: { key: "EC", "key id": "k1", curve: "P-256" } },
  );
  add("jwk-private-key", "key.ts", (p) => `const key = { kty: "oct", k: "${p}" };\n`, { secrets: [g.text(43)] });
  add("rclone-config", "rclone.conf", (p) => `[box]\ntype = sftp\nhost = web.corp.dev\nuser = anna\npass = ${p}\n`, {
    facts: { type: "sftp" },
    anyPath: false,
  });
  add("samba-credentials", ".smbcredentials", (p) => `username=anna\npassword=${p}\n`, { anyPath: false });
  add("wifi-passphrase", "etc/wpa_supplicant.conf", (p) => `network={\n  ssid="corp"\n  psk="${p}"\n}\n`, {
    anyPath: false,
  });
  add("odbc-ini", "odbc.ini", (p) => `[app]\nServerName = db.corp.dev\nUID = app\nPWD = ${p}\n`, { anyPath: false });
  add("svn-auth", "conf/passwd", (p) => `[users]\nanna = ${p}\n`, { anyPath: false });
  add(
    "oracle-cloud-config",
    ".oci/config",
    (p) => `[DEFAULT]\nuser=ocid1.user.oc1..${g.text(20)}\nfingerprint=x\nkey_file=k.pem\npass_phrase=${p}\n`,
  );
  add(
    "gradle-credentials",
    "build.gradle",
    (p) => `repositories { maven { credentials {\n  username = "anna"\n  password = "${p}"\n} } }\n`,
    { facts: { user: "anna" } },
  );
  add("gradle-credentials", "gradle.properties", (p) => `signing.keyId=1\nsigning.password=${p}\n`);
  for (const [name, joint] of [
    ['MNEMONIC="', " "],
    ["seed phrase: ", " "],
    ["const recoveryPhrase = ['", "', '"],
    ['"walletWords": ["', '", "'],
  ] as const)
    add("bip39-mnemonic", "a.txt", (p) => `${name}${p}\n`, {
      secrets: [phrase(g, joint)],
      confidence: "certain",
      facts: { words: "12" },
    });
  return list;
}

/** Twelve words for 128 drawn bits (BIP-39, "Generating the mnemonic"). */
function phrase(g: Generator, joint: string): string {
  const drawn = Array.from({ length: 12 }, () => englishWords[g.below(englishWords.length)]!).join(" ");
  return bip39.sign!(drawn).replaceAll(" ", joint);
}
