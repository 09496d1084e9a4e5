import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cap,
  commandData,
  commandProperty,
  csvCell,
  htmlText,
  jsonText,
  markdownCode,
  markdownFence,
  markdownText,
  terminalText,
  uriPath,
  visible,
} from "../../src/report/encode.ts";
import { hostileText } from "./hostile-verdict.ts";

describe("cap", () => {
  it("keeps what fits and cuts the middle of what does not", () => {
    expect(cap("abcdef", 6)).toBe("abcdef");
    expect(cap("abcdefgh", 5)).toBe("ab…gh");
    expect(cap("abcdefgh", 4)).toBe("ab…h");
    expect(cap("abc", 1)).toBe("…");
    expect(cap("abc", 0)).toBe("");
  });

  it("counts characters, not UTF-16 units, and never cuts one in half", () => {
    expect(cap("😀😀😀", 3)).toBe("😀😀😀");
    expect(cap("😀😀😀😀", 3)).toBe("😀…😀");
  });
});

describe("visible", () => {
  it.each([
    ["\x1b[31mred", "\\x1b[31mred"],
    ["a\nb\r\tc", "a\\x0ab\\x0d\\x09c"],
    ["\x7f\x9b", "\\x7f\\x9b"],
    ["admin\u202egnp.exe", "admin\\u{202e}gnp.exe"],
    ["a\u200bb\ufeffc", "a\\u{200b}b\\u{feff}c"],
    ["\u2028\u2029", "\\u{2028}\\u{2029}"],
    ["\ud800x", "\\u{d800}x"],
    ["\u{e0041}", "\\u{e0041}"],
    ["\u3164", "\\u{3164}"],
    ["##[add-mask]x", "#\\x23[add-mask]x"],
    ["日本語 é 😀", "日本語 é 😀"],
  ])("%j", (text, shown) => {
    expect(visible(text)).toBe(shown);
  });
});

describe("terminalText", () => {
  it("cannot begin a workflow command", () => {
    expect(terminalText("::error::x")).toBe("\\x3a:error::x");
    expect(terminalText("  ::error::x")).toBe("  \\x3a:error::x");
    expect(terminalText("std::vector")).toBe("std::vector");
  });

  it("does not cut an escape so that a control comes back", () => {
    fc.assert(
      fc.property(hostileText, fc.nat(20), (text, most) => {
        const shown = terminalText(text, most);
        return !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(shown) && Array.from(shown).length <= most + 3;
      }),
    );
  });
});

describe("markdownText", () => {
  it.each([
    ["see [x](http://a.example)", "see &#91;x&#93;(http:&#8203;//a.example)"],
    ["@octocat", "&#64;&#8203;octocat"],
    ["a@b.example", "a&#64;&#8203;b.example"],
    ["closes #12 and GH-3", "closes &#35;&#8203;12 and GH&#8203;-3"],
    ["<b>", "&#60;b&#62;"],
    ["www.example.com", "www&#8203;.example.com"],
    ["a|b", "a&#124;b"],
    ["- item", "&#45; item"],
    ["1. item", "1&#8203;. item"],
    ["high-level", "high-level"],
    ["    code", "code"],
    ["&lt;", "&#38;lt;"],
  ])("%j", (text, encoded) => {
    expect(markdownText(text)).toBe(encoded);
  });
});

describe("markdownCode", () => {
  it.each([
    ["a/b.ts", "`a/b.ts`"],
    ["a`b", "``a`b``"],
    ["`", "`` ` ``"],
    ["a``b", "```a``b```"],
    ["a|b", "`a\\x7cb`"],
    ["", ""],
    ["  ", ""],
  ])("%j", (text, encoded) => {
    expect(markdownCode(text)).toBe(encoded);
  });

  it("gives a fence that no run of backquotes in the text can close", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const span = markdownCode(text);
        if (span === "") return true;
        const fence = /^`+/.exec(span)![0];
        const inner = span.slice(fence.length, -fence.length);
        return (
          span.endsWith(fence) &&
          !Array.from(inner.matchAll(/`+/g), ([run]) => run).includes(fence) &&
          !inner.startsWith("`") &&
          !inner.endsWith("`")
        );
      }),
    );
  });
});

it("markdownFence is longer than any run in its lines", () => {
  expect(markdownFence(["a", "````"])).toBe("`````text\na\n````\n`````");
});

it("htmlText leaves no character that HTML reads", () => {
  expect(htmlText(`<a href='x' title="y">&\``)).toBe("&#60;a href=&#39;x&#39; title=&#34;y&#34;&#62;&#38;&#96;");
});

it("commandData and commandProperty escape as the runner reads", () => {
  expect(commandData("50% a:b,c")).toBe("50%25 a:b,c");
  expect(commandProperty("50% a:b,c")).toBe("50%25 a%3Ab%2Cc");
  expect(commandData("a\r\nb")).toBe("a\\x0d\\x0ab");
});

describe("csvCell", () => {
  it.each([
    ['say "x"', '"say ""x"""'],
    ["=cmd()", `"'=cmd()"`],
    ["  =cmd()", `"'  =cmd()"`],
    ["-1", `"'-1"`],
    ["@SUM(A1)", `"'@SUM(A1)"`],
    ["＝1", `"'＝1"`],
    ["\t=1", '"\\x09=1"'],
    ["a,b;c", '"a,b;c"'],
    ["", '""'],
  ])("%j", (text, cell) => {
    expect(csvCell(text)).toBe(cell);
  });
});

describe("jsonText", () => {
  it("is read back as the same value, and holds no raw control", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const json = jsonText({ a: text });
        expect(JSON.parse(json)).toEqual({ a: text.toWellFormed() });
        expect(json).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|##\[/u);
      }),
    );
  });

  it("keeps the line feeds of its own indentation", () => {
    expect(jsonText({ a: "\n\u2028" }, 2)).toBe('{\n  "a": "\\n\\u2028"\n}');
  });
});

it("uriPath encodes each segment", () => {
  expect(uriPath("a b/c#d?e%f/é\ud800")).toBe("a%20b/c%23d%3Fe%25f/%C3%A9%EF%BF%BD");
});
