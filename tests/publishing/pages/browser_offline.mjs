// Installs the page's service worker, plays the bulletin, and comes back without a network.
// node browser_offline.mjs ADDRESS FOLDER MODULES CHROMIUM -> JSON
import fs from "node:fs";
import { createRequire } from "node:module";

const [address, folder, modules, chromium] = process.argv.slice(2);
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
await page.goto(`${address}days/index.html#t=65`);
report.archive = {
  path: page.url().slice(address.length),
  title: await page.textContent("h1"),
  style: await page.evaluate(() => getComputedStyle(document.querySelector(".mast")).backgroundColor),
};
report.player = await page.goto(`${address}player.html`).then(() => "shown", () => "failed");
await context.setOffline(false);

// a full storage: the present page is shown all the same
await page.goto("about:blank");
await session.send("Storage.overrideQuotaForOrigin", { origin: new URL(address).origin, quotaSize: 1 });
const front = `${folder}/index.html`;
fs.writeFileSync(front, fs.readFileSync(front, "utf8").replaceAll("8am news", "9am news"));
await page.goto(`${address}index.html`);
report.full = await page.textContent("h1");
await context.close();

// the data saver: no sound is fetched a second time
const saving = await browser.newContext();
await saving.addInitScript(() => Object.defineProperty(navigator.connection, "saveData", { value: true }));
const other = await saving.newPage();
await other.goto(`${address}index.html`);
await other.evaluate(async () => { await navigator.serviceWorker.ready; });
await other.click(".hero .play");
await other.waitForFunction(() => document.querySelector("audio").currentTime > 1);
report.saved = await other.evaluate(async () => {
  const names = [];
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) names.push(request.url.split("/").pop());
  }
  return names;
});
await browser.close();
console.log(JSON.stringify(report));
