// Installs the page's service worker, plays the bulletin, and comes back without a network.
// node browser_offline.mjs ADDRESS MODULES CHROMIUM -> JSON
import { createRequire } from "node:module";

const [address, modules, chromium] = process.argv.slice(2);
const playwright = createRequire(`${modules}/node_modules/`)("playwright-core");
const browser = await playwright.chromium.launch({ executablePath: chromium, args: ["--no-sandbox", "--mute-audio"] });
const context = await browser.newContext({ viewport: { width: 1000, height: 700 } });
const page = await context.newPage();
const report = {};
const at = () => page.evaluate(() => document.querySelector("audio").currentTime);
const plays = (time) => page.waitForFunction((t) => document.querySelector("audio").currentTime > t, time);

await page.goto(`${address}index.html`);
await page.evaluate(async () => { await navigator.serviceWorker.ready; });
const session = await context.newCDPSession(page);
report.manifest = await session.send("Page.getAppManifest").then((one) => one.errors);
report.installability = (await session.send("Page.getInstallabilityErrors")).installabilityErrors;
await page.click(".hero .play");
await plays(0.3);
await page.waitForFunction(async () => {
  for (const name of await caches.keys()) {
    const kept = await (await caches.open(name)).keys();
    if (kept.some((request) => request.url.endsWith(".mp3"))) return true;
  }
  return false;
});
await context.setOffline(true);
await page.goto("about:blank");
await page.goto(`${address}index.html`);
report.title = await page.textContent("h1");
report.style = await page.evaluate(() => getComputedStyle(document.querySelector(".mast")).backgroundColor);
await page.click(".hero .play");
await plays(await at() + 0.3);
await page.evaluate(() => { location.hash = "t=65"; });
await plays(65.3);
report.at = await at();
report.kept = await page.evaluate(async () => {
  const names = [];
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) names.push(request.url.split("/").pop());
  }
  return names;
});
await context.setOffline(false);
await browser.close();
console.log(JSON.stringify(report));
