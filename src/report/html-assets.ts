/** The style and the script of the HTML report. Trusted text: nothing of a scan is ever put into them. */

/** Light and dark by the reader's own setting; contrast of text at least 4.5 to 1 in both. */
export const pageStyle = `
:root{color-scheme:light dark;--text:#1c2024;--back:#fff;--soft:#f3f4f6;--line:#c9ced6;--red:#b42318;--amber:#8a5a00;--grey:#59636e}
@media (prefers-color-scheme:dark){:root{--text:#e6e8eb;--back:#16181b;--soft:#212429;--line:#3d434b;--red:#ff8a80;--amber:#f0b849;--grey:#a3acb7}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:72rem;padding:1rem;background:var(--back);color:var(--text);font:1rem/1.5 system-ui,sans-serif}
h1{font-size:1.4rem}h2{font-size:1.1rem}h3{font-size:1rem;margin:0}
code,pre{font-family:ui-monospace,monospace;font-size:.9em;overflow-wrap:anywhere}
pre{background:var(--soft);padding:.5rem;overflow-x:auto;white-space:pre-wrap}
article{border:1px solid var(--line);border-left-width:.4rem;padding:.75rem 1rem;margin:.75rem 0}
article.blocking{border-left-color:var(--red)}article.blocking .mark{color:var(--red)}
article.warning{border-left-color:var(--amber)}article.warning .mark{color:var(--amber)}
article.covered .mark{color:var(--grey)}
.gaps{border:2px solid var(--amber);padding:0 1rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:0 1rem;margin:0}dd{margin:0;overflow-wrap:anywhere}
form{display:flex;flex-wrap:wrap;gap:.75rem;align-items:end;position:sticky;top:0;background:var(--back);padding:.5rem 0}
[hidden]{display:none}
`;

/** Shows the filters and hides what they leave out. */
export const pageScript = `
"use strict";
const form = document.getElementById("filters");
if (form) {
  const articles = Array.from(document.querySelectorAll("article"));
  const controls = Array.from(form.querySelectorAll("[data-filter]"));
  const apply = () => {
    let shown = 0;
    for (const article of articles) {
      const fits = controls.every((control) => {
        const wanted = control.value;
        const kind = control.dataset.filter;
        if (wanted === "") return true;
        return kind === "text" ? article.textContent.toLowerCase().includes(wanted.toLowerCase()) : article.dataset[kind] === wanted;
      });
      article.hidden = !fits;
      if (fits) shown++;
    }
    document.getElementById("shown").textContent = shown + " of " + articles.length + " shown";
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  apply();
}
`;
