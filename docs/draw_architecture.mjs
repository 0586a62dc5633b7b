// Draws ARCHITECTURE.md's mermaid drawings: writes docs/pictures/architecture-N.svg.
// Run it when a drawing changes (tests/docs/test_site.py says so):
//   npm install --prefix .venv-clients mermaid@11 playwright-core && node docs/draw_architecture.mjs
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const require = createRequire(join(root, ".venv-clients", "package.json"));
const { chromium } = require("playwright-core");
const mermaid = join(root, ".venv-clients", "node_modules", "mermaid", "dist", "mermaid.min.js");
const drawings = [...readFileSync(join(root, "ARCHITECTURE.md"), "utf8").matchAll(/```mermaid\n(.*?)```/gs)];

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage();
await page.setContent("<html><body></body></html>");
await page.addScriptTag({ path: mermaid });
for (const [index, [, text]] of drawings.entries()) {
  const drawn = text.replace(/^ *click .*$/gm, ""); // build_hooks.py adds the links: on the site they lead elsewhere
  const svg = await page.evaluate(async ([id, drawing]) => {
    window.mermaid.initialize({ startOnLoad: false, theme: "neutral", flowchart: { htmlLabels: false } });
    document.body.innerHTML = (await window.mermaid.render(id, drawing)).svg;
    return new XMLSerializer().serializeToString(document.querySelector("svg")); // XML, as image files must be
  }, [`architecture-${index + 1}`, drawn]);
  const hash = createHash("sha256").update(drawn).digest("hex").slice(0, 16);
  writeFileSync(join(root, "docs", "pictures", `architecture-${index + 1}.svg`), `${svg}\n<!-- ${hash} -->\n`);
}
await browser.close();
