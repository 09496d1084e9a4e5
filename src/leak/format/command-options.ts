/** Which options of which command take a password: from the manual pages of each. */

/** One command line tool. Names are matched as whole words, letter case kept. */
export type CommandOptions = {
  /** Options whose next word is the password. `-p` also takes `-p=x`. */
  next?: readonly string[];
  /** Options with the password glued to them: `-pX` of mysql. */
  glued?: readonly string[];
  /** Long options that are written `--password=x`. */
  long?: readonly string[];
  /** Options whose value is `user:password`. */
  userPassword?: readonly string[];
  /** Separator of user and password in those; `:` unless said. */
  divider?: string;
  /** Options whose value is `pass:x`, as openssl has them. */
  passPhrase?: readonly string[];
  /** A word that must stand among the first five for the rest to count: `login` of docker. */
  needs?: readonly string[];
  /** Options that name the user. */
  user?: readonly string[];
  rule?: string;
};

const mysql: CommandOptions = { glued: ["-p"], long: ["--password"], user: ["-u", "--user"] };
const registry: CommandOptions = {
  needs: ["login"],
  next: ["-p", "--password"],
  long: ["--password"],
  user: ["-u", "--username"],
  rule: "docker-login-password",
};
const mongo: CommandOptions = { next: ["-p", "--password"], long: ["--password"], user: ["-u", "--username"] };
const ldap: CommandOptions = { next: ["-w"], user: ["-D"] };

export const commandOptions: Readonly<Record<string, CommandOptions>> = {
  curl: {
    userPassword: ["-u", "--user", "-U", "--proxy-user"],
    next: ["--pass", "--oauth2-bearer", "--key-pass"],
    rule: "curl-user",
  },
  wget: {
    long: ["--password", "--http-password", "--ftp-password", "--proxy-password"],
    next: ["--password", "--http-password", "--ftp-password", "--proxy-password"],
    user: ["--user", "--http-user"],
  },
  docker: registry,
  podman: registry,
  buildah: registry,
  nerdctl: registry,
  skopeo: { ...registry, userPassword: ["--creds", "--src-creds", "--dest-creds"] },
  helm: { needs: ["login", "add"], next: ["-p", "--password"], long: ["--password"], user: ["-u", "--username"] },
  mysql,
  mysqldump: mysql,
  mysqladmin: mysql,
  mysqlimport: mysql,
  mariadb: mysql,
  "mariadb-dump": mysql,
  sshpass: { next: ["-p"], glued: ["-p"] },
  "redis-cli": { next: ["-a", "--pass"], user: ["--user"] },
  mongo,
  mongosh: mongo,
  mongodump: mongo,
  mongorestore: mongo,
  mongoimport: mongo,
  mongoexport: mongo,
  ldapsearch: ldap,
  ldapadd: ldap,
  ldapmodify: ldap,
  ldappasswd: ldap,
  sqlcmd: { next: ["-P"], glued: ["-P"], user: ["-U"] },
  bcp: { next: ["-P"], glued: ["-P"], user: ["-U"] },
  smbclient: { userPassword: ["-U", "--user"], divider: "%" },
  rpcclient: { userPassword: ["-U", "--user"], divider: "%" },
  plink: { next: ["-pw"], user: ["-l"] },
  pscp: { next: ["-pw"], user: ["-l"] },
  psftp: { next: ["-pw"], user: ["-l"] },
  lftp: { userPassword: ["-u"], divider: "," },
  svn: { next: ["--password"], long: ["--password"], user: ["--username"] },
  openssl: { passPhrase: ["-passin", "-passout", "-pass", "-password"] },
  keytool: { next: ["-storepass", "-keypass", "-srcstorepass", "-deststorepass"] },
  jarsigner: { next: ["-storepass", "-keypass"] },
  apksigner: { passPhrase: ["--ks-pass", "--key-pass"] },
  zip: { next: ["-P", "--password"] },
  unzip: { next: ["-P"], glued: ["-P"] },
  "7z": { glued: ["-p"] },
  gpg: { next: ["--passphrase"], long: ["--passphrase"] },
  gpg2: { next: ["--passphrase"], long: ["--passphrase"] },
  az: { needs: ["login", "acr"], next: ["-p", "--password"], long: ["--password"], user: ["-u", "--username"] },
  oc: {
    needs: ["login"],
    next: ["-p", "--password", "--token"],
    long: ["--password", "--token"],
    user: ["-u", "--username"],
  },
  cf: { needs: ["login", "auth"], next: ["-p"], user: ["-u"] },
  ibmcloud: { needs: ["login"], next: ["-p", "--apikey"], user: ["-u"] },
  kubectl: {
    next: ["--token", "--password", "--docker-password"],
    long: ["--token", "--password", "--docker-password"],
    user: ["--username", "--docker-username"],
  },
  argocd: { needs: ["login"], next: ["--password"], long: ["--password"], user: ["--username"] },
  nuget: { next: ["-ApiKey", "-Password"], user: ["-UserName"] },
  dotnet: { needs: ["nuget", "push"], next: ["-k", "--api-key", "--password"], user: ["--username"] },
  twine: { needs: ["upload"], next: ["-p", "--password"], user: ["-u", "--username"] },
  http: { userPassword: ["-a", "--auth"] },
  https: { userPassword: ["-a", "--auth"] },
  xfreerdp: { glued: ["/p:"] },
  rdesktop: { next: ["-p"], user: ["-u"] },
  influx: { next: ["-password", "--password", "--token", "-t"], user: ["-username"] },
  rabbitmqadmin: { next: ["-p", "--password"], long: ["--password"], user: ["-u", "--username"] },
  "cypher-shell": { next: ["-p", "--password"], user: ["-u", "--username"] },
  clickhouse: { next: ["--password"], long: ["--password"], user: ["--user"] },
  "clickhouse-client": { next: ["--password"], long: ["--password"], user: ["--user"] },
};
