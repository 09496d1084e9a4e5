/** XML files that hold passwords: of Maven, Azure App Service, NuGet, Tomcat, FileZilla. */
import type { Confidence } from "../../finding.ts";
import type { Format, FormatHit } from "./format.ts";
import { gradeValue, isLocalHost } from "./grade.ts";
import { type XmlElement, xmlElements } from "./xml-document.ts";

type Bounds = { start: number; end: number };

function hitOf(
  rule: string,
  at: Bounds,
  name: string,
  facts: Record<string, string>,
  confidence: Confidence,
  reason: string,
): FormatHit {
  return { rule, start: at.start, end: at.end, name, facts, confidence, reason };
}

function attributeText(text: string, element: XmlElement, name: string): string {
  const at = element.attributes.get(name);
  return at === undefined ? "" : text.slice(at.start, at.end);
}

/** Facts whose value is plain. */
function plain(parts: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => /^[\w.@:/$\\+-]{1,253}$/.test(value)));
}

/** `settings.xml` of Maven: passwords of servers and proxies. `{…}` is Maven's own encryption. */
export const mavenSettings: Format = {
  id: "maven-settings",
  keywords: ["<server>", "<proxy>"],
  parse: ({ text }) => {
    const hits: FormatHit[] = [];
    let facts: Record<string, string> = {};
    for (const element of xmlElements(text)) {
      const parent = element.path.at(-1);
      if (element.name === "server" || element.name === "proxy") facts = {};
      if (parent !== "server" && parent !== "proxy") continue;
      const value = text.slice(element.start, element.end);
      if (element.name === "id" || element.name === "username" || element.name === "host")
        Object.assign(facts, plain({ [element.name === "username" ? "user" : element.name]: value }));
      if (element.name !== "password" && element.name !== "passphrase") continue;
      const grade = gradeValue(value);
      if (grade !== undefined)
        hits.push(
          hitOf(
            "maven-settings-password",
            element,
            element.name,
            facts,
            grade,
            "the password of a server in Maven's settings",
          ),
        );
    }
    return hits;
  },
};

/** Publish profile of Azure App Service: `userPWD` of each publishing method. */
export const publishProfile: Format = {
  id: "publish-profile",
  keywords: ["userpwd"],
  parse: ({ text }) => {
    const hits: FormatHit[] = [];
    for (const element of xmlElements(text)) {
      const at = element.name === "publishProfile" ? element.attributes.get("userPWD") : undefined;
      if (at === undefined) continue;
      const value = text.slice(at.start, at.end);
      const grade = gradeValue(value);
      if (grade === undefined) continue;
      const facts = plain({
        user: attributeText(text, element, "userName"),
        host: attributeText(text, element, "publishUrl"),
        method: attributeText(text, element, "publishMethod"),
      });
      const exact = /^[A-Za-z0-9]{60}$/.test(value);
      hits.push(
        hitOf(
          "azure-publish-profile",
          at,
          "userPWD",
          facts,
          exact ? "certain" : grade,
          `the password of a publish profile${exact ? ", of the length that Azure gives it" : ""}`,
        ),
      );
    }
    return hits;
  },
};

/** `NuGet.config`: `ClearTextPassword` of a source; `Password` is encrypted for one Windows account. */
export const nugetConfig: Format = {
  id: "nuget-config",
  keywords: ["cleartextpassword"],
  parse: ({ text }) => {
    const hits: FormatHit[] = [];
    let user = "";
    for (const element of xmlElements(text)) {
      const key = attributeText(text, element, "key");
      if (element.name !== "add") continue;
      if (key === "Username") user = attributeText(text, element, "value");
      const at = /^cleartextpassword$/i.test(key) ? element.attributes.get("value") : undefined;
      const grade = at && gradeValue(text.slice(at.start, at.end));
      if (at === undefined || grade === undefined) continue;
      hits.push(
        hitOf(
          "nuget-config-clear-text-password",
          at,
          key,
          plain({ user, source: element.path.at(-1) ?? "" }),
          grade,
          "the password of a package source in clear text",
        ),
      );
    }
    return hits;
  },
};

/** `tomcat-users.xml`. */
export const tomcatUsers: Format = {
  id: "tomcat-users",
  keywords: ["<tomcat-users"],
  parse: ({ text }) => {
    const hits: FormatHit[] = [];
    for (const element of xmlElements(text)) {
      const at = element.name === "user" ? element.attributes.get("password") : undefined;
      const grade = at && gradeValue(text.slice(at.start, at.end));
      if (at === undefined || grade === undefined) continue;
      const facts = plain({ user: attributeText(text, element, "username") || attributeText(text, element, "name") });
      hits.push(hitOf("tomcat-users", at, "password", facts, grade, "the password of a Tomcat user"));
    }
    return hits;
  },
};

/** `sitemanager.xml`, `recentservers.xml` and exports of FileZilla: `Pass` is base64, or plain in old versions, or encrypted with a master password. */
export const filezilla: Format = {
  id: "filezilla",
  keywords: ["<filezilla"],
  parse: ({ text }) => {
    const hits: FormatHit[] = [];
    let facts: Record<string, string> = {};
    for (const element of xmlElements(text)) {
      const value = text.slice(element.start, element.end);
      if (element.name === "Server") facts = {};
      if (element.name === "Host") Object.assign(facts, plain({ host: value }));
      if (element.name === "User") Object.assign(facts, plain({ user: value }));
      if (element.name !== "Pass" || value === "") continue;
      const encoding = attributeText(text, element, "encoding");
      if (encoding === "crypt") continue;
      const isBase64 = encoding === "base64" && /^[A-Za-z0-9+/]+={0,2}$/.test(value);
      const grade = gradeValue(isBase64 ? Buffer.from(value, "base64").toString("latin1") : value);
      if (grade === undefined) continue;
      const local = facts.host !== undefined && isLocalHost(facts.host);
      hits.push(
        hitOf(
          "filezilla",
          element,
          "Pass",
          facts,
          local ? "weak" : grade,
          `the password of a server in FileZilla's list${isBase64 ? ", in base64" : ""}`,
        ),
      );
    }
    return hits;
  },
};
