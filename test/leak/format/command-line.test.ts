import { describe, expect, it } from "vitest";
import { generator } from "./generator.ts";
import { hitText, scanFormats } from "./scan-formats.ts";

const password = generator(21).password();

describe("where a command stands", () => {
  it.each([
    ["at the start of a line", `mysql -u root -p${password} shop`],
    ["with quotes round the value", `mysql -u root -p'${password}' shop`],
    ["with quotes round the option", `mysql -u root "-p${password}" shop`],
    ["with a long option", `mysqldump --password="${password}" shop`],
    ["in a string of another language", `run("sudo mysql -u root -p${password}", "x", { a: "b" });`],
    ["in single quotes", `exec('mysql -u root -p${password}')\nexec('x')`],
    ["in a list of strings", `["sh", "-c", "mysql -p${password}", "x y"]`],
    ["in backquotes of Markdown", `Run \`docker exec db mysql -p${password}\` once.`],
    ["in a command substitution", `n=$(mysql -u root -p${password} -e x)`],
    ["behind sudo and a path", `sudo /usr/bin/mysql -p${password}`],
    ["before a pipe", `mysql -p${password}|gzip`],
    ["over several lines", `mysql \\\n  -u root \\\n  -p${password}`],
    ["over several lines without a backslash", `mysql -h db\n  -u root\n  -p${password}`],
    ["behind another command with a password", `sshpass -f file mysql -p${password}`],
    ["in JSON with escaped quotes", `{"run": "mysql -u root --password=\\"${password}\\""}`],
  ])("%s", (_, text) => {
    const hits = scanFormats(text, "x", "command-line-password");
    expect(hits.map((hit) => hitText(text, hit))).toEqual([password]);
  });

  it("is a word of its own", () => {
    expect(scanFormats(`my-mysql -p${password}`)).toEqual([]);
    expect(scanFormats(`import mysql -p\n`)).toEqual([]);
  });
});

describe("options of a single command", () => {
  it.each([
    [`wget --user=a --http-password=${password} https://x.dev`],
    [`redis-cli -h x -a ${password} ping`],
    [`mongosh "mongodb://x" -u a -p ${password}`],
    [`ldapsearch -D cn=a -w ${password}`],
    [`sqlcmd -S x -U sa -P ${password}`],
    [`smbclient -U anna%${password} //x/y`],
    [`plink -l a -pw ${password} x`],
    [`svn co --username a --password ${password} https://x.dev`],
    [`openssl pkcs12 -in a -passout pass:${password}`],
    [`keytool -list -storepass ${password}`],
    [`zip -P ${password} a.zip a`],
    [`7z a -p${password} a.7z a`],
    [`gpg --batch --passphrase ${password} -c a`],
    [`az login --service-principal -u x -p ${password} --tenant y`],
    [`oc login https://x.dev --token=${password}`],
    [`kubectl create secret docker-registry r --docker-password=${password}`],
    [`helm registry login x -u a -p ${password}`],
  ])("%s", (text) => {
    expect(scanFormats(text, "x", "command-line-password").map((hit) => hitText(text, hit))).toEqual([password]);
  });

  it("docker's options only behind login", () => {
    expect(scanFormats(`docker run -p ${password} x`, "x")).toEqual([]);
    expect(scanFormats(`docker login -p "${password}"`, "x")).toMatchObject([{ rule: "docker-login-password" }]);
  });
});
