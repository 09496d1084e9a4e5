import { expect, test } from "vitest";
import { sample } from "./sample.ts";

test("a person can read what was made, and nothing of it becomes markup", async () => {
  const { asApp, github, first } = await sample();
  const evil = `<img src=x onerror="alert(1)">`;
  const repo = "/repos/acme/shop";
  const content = Buffer.from("x\n").toString("base64");
  await asApp("POST", `${repo}/git/refs`, { ref: "refs/heads/topic", sha: first });
  const put = await asApp("PUT", `${repo}/contents/new.txt`, { message: evil, content, branch: "topic" });
  const { commit } = put.body as { commit: { sha: string } };
  await asApp("POST", `${repo}/pulls`, { title: evil, head: "topic", base: "main", body: evil });
  await asApp("POST", `${repo}/issues/1/comments`, { body: `${evil} commented` });
  const annotations = [
    { path: "new.txt", start_line: 1, end_line: 1, annotation_level: "failure", message: evil, title: "A key" },
  ];
  const actions = [{ label: "Open fix", description: evil, identifier: "fix" }];
  const check = { name: "leasehold", head_sha: commit.sha, conclusion: "failure", actions };
  await asApp("POST", `${repo}/check-runs`, { ...check, output: { title: "1 blocking", summary: evil, annotations } });
  const look = async (path: string) => {
    const answer = await fetch(`${github.url}${path}`);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    const text = await answer.text();
    expect(text).not.toContain("<img");
    return text;
  };
  const pull = await look("/acme/shop/pull/1");
  for (const word of ["commented", "leasehold: failure", "1 blocking", "new.txt:1", "A key", "Open fix", "&lt;img"])
    expect(pull).toContain(word);
  expect(await look("/acme/shop/pull/1/files")).toContain("+x");
  expect(await look("/acme/shop")).toContain("/acme/shop/pull/1");
  expect(await look("/")).toContain("acme/shop");
  expect((await fetch(`${github.url}/acme/nowhere`)).status).toBe(404);
});
