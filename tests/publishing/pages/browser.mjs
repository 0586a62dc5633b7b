// Opens a station's pages in a real Chromium, as a listener does, and prints its report as JSON.
// usage: node browser.mjs ADDRESS FOLDER_FOR_PICTURES FOLDER_OF_NODE_MODULES CHROMIUM
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [address, pictures, modules, chromium] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const playwright = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const views = {
  desktop: { viewport: { width: 1280, height: 900 }, colorScheme: "light" },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: "light", hasTouch: true },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
  forced: { viewport: { width: 1280, height: 900 }, colorScheme: "dark", forcedColors: "active" },
};
const pages = ["index.html", "BULLETIN", "days/index.html", "DAY", "player.html"];
const report = { looks: {}, problems: [], strangers: [] };

const browser = await playwright.chromium.launch({ executablePath: chromium, args: ["--no-sandbox", "--mute-audio"] });

async function open(options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on("pageerror", (error) => report.problems.push(String(error)));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && report.problems.push(message.text()));
  page.on("dialog", (dialog) => { report.problems.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("response", (answer) => answer.status() >= 400 && report.problems.push(`${answer.status()} ${answer.url()}`));
  page.on("request", (request) => request.url().startsWith(address) || report.strangers.push(request.url()));
  return [context, page];
}

async function look(name, options) {
  // axe is injected, which the pages' own policy rightly forbids; everything else below runs under it
  const [context, page] = await open({ ...options, bypassCSP: true });
  await page.goto(`${address}index.html`);
  const bulletin = await page.getAttribute("link[rel=canonical] ~ script[type='application/ld+json']", "type")
    && JSON.parse(await page.textContent("script[type='application/ld+json']")).url.split("/").pop();
  const day = await page.getAttribute(".all a", "href");
  for (const path of pages) {
    const at = path === "BULLETIN" ? bulletin : path === "DAY" ? day : path;
    if (path === "player.html") await page.setViewportSize({ width: options.viewport.width / 2 | 0, height: 260 });
    await page.goto(address + at);
    await page.evaluate(axe);
    const result = await page.evaluate(() => axe.run(document));
    report.looks[`${name} ${path}`] = {
      violations: result.violations.map((one) => `${one.id}: ${one.nodes[0].html}`),
      passes: result.passes.length,
      overflows: await page.evaluate(() => document.documentElement.scrollWidth > innerWidth),
    };
    await page.screenshot({ path: `${pictures}/${name}-${path.replace(/\W/g, "-")}.png`, fullPage: true });
    await page.setViewportSize(options.viewport);
  }
  await context.close();
}

const heard = (page) => page.evaluate(() => {
  const audio = document.querySelector("audio");
  const media = navigator.mediaSession;
  return {
    at: audio.currentTime,
    paused: audio.paused,
    error: audio.error && audio.error.message,
    litWords: document.querySelector(".said .on")?.textContent ?? "",
    inView: (() => {
      const box = document.querySelector(".said .on")?.getBoundingClientRect();
      return Boolean(box) && box.top >= 0 && box.bottom <= innerHeight;
    })(),
    chapter: document.querySelector(".jump[aria-current] .head")?.textContent ?? "",
    button: document.querySelector("button.play").getAttribute("aria-label"),
    clock: document.querySelector(".now").textContent,
    value: document.querySelector(".seek").getAttribute("aria-valuetext"),
    wave: Number(document.querySelector("#done rect")?.getAttribute("width")),
    media: media.metadata && {
      title: media.metadata.title, artist: media.metadata.artist, state: media.playbackState,
      artwork: media.metadata.artwork.map((one) => one.src),
    },
  };
});
const plays = (page, from) => page.waitForFunction(
  (time) => { const a = document.querySelector("audio"); return !a.paused && a.currentTime > time + 0.6; }, from,
);

/** What a printer gets, also while the bulletin plays. */
async function printed(page) {
  await page.emulateMedia({ media: "print" });
  const seen = {};
  for (const what of ["h1", ".said", ".from", ".tools", ".player", ".bar", ".listen", ".keys"]) {
    seen[what] = await page.locator(what).first().isVisible();
  }
  seen.ground = await page.evaluate(() => getComputedStyle(document.querySelector(".mast")).backgroundColor);
  await page.emulateMedia({ media: null });
  return seen;
}

async function listen() {
  const [context, page] = await open(views.desktop);
  await page.goto(`${address}index.html`);
  report.before = await heard(page);
  await page.click(".hero .play");
  await plays(page, 0);
  report.playing = await heard(page);
  report.beside = await page.locator(".side .to:visible").evaluateAll((links) => links.map((link) => link.hash));
  await page.click(".part:nth-child(3) .jump");
  await plays(page, 20);
  report.jumped = await heard(page);
  report.printed = await printed(page);
  await page.screenshot({ path: `${pictures}/playing.png` });
  await page.click(".part:nth-child(6) .jump");
  await plays(page, 50);
  await page.waitForFunction(() => {  // a smooth scroll takes a while
    const box = document.querySelector(".said .on")?.getBoundingClientRect();
    return Boolean(box) && box.top >= 0 && box.bottom <= innerHeight;
  });
  report.followed = await heard(page);
  report.barIsShown = await page.isVisible(".bar");
  await page.click(".bar .play");
  await page.waitForFunction(() => document.querySelector("audio").paused);
  report.paused = await heard(page);
  await context.close();
}

/** On a phone: what the first view has, what the play button moves, the bar at the foot, the list of headlines. */
async function touch() {
  const [context, page] = await open(views.phone);
  await page.goto(`${address}index.html`);
  const top = () => page.evaluate(() => document.querySelector("#news").getBoundingClientRect().top + scrollY);
  const found = { top: await top(), live: await page.locator(".mast .live").boundingBox() };
  found.headline = await page.evaluate(() => document.querySelector(".to").getBoundingClientRect().bottom < innerHeight);
  await page.tap(".hero .play");
  await plays(page, 0);
  await page.evaluate(() => { document.querySelector("audio").currentTime = 12; });
  await page.waitForFunction(() => document.querySelector(".times .chapter").textContent);
  found.moved = (await top()) - found.top;
  await page.waitForFunction(() => document.querySelector(".to[aria-current]"));
  found.scrolled = await page.evaluate(() => scrollY);
  found.barAtTop = await page.isVisible(".bar");
  await page.evaluate(() => scrollTo(0, document.querySelector(".hero .play").getBoundingClientRect().bottom + scrollY));
  await page.waitForFunction(() => !document.querySelector(".bar").hidden);
  found.bar = await page.locator(".bar").boundingBox();
  await page.tap(".to >> nth=1");
  await plays(page, 20);
  found.heard = await heard(page);
  report.touch = found;
  await context.close();
}

async function type() {
  const [context, page] = await open(views.desktop);
  await page.goto(`${address}index.html`);
  const tab = async (selector) => {
    for (let n = 0; n < 60; n += 1) {
      await page.keyboard.press("Tab");
      if (await page.evaluate((what) => document.activeElement.matches(what), selector)) return true;
    }
    return false;
  };
  report.keys = { skip: await tab(".skip"), play: await tab(".hero .play") };
  await page.keyboard.press("Space");
  await plays(page, 0);
  report.keys.outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("audio").paused);
  report.keys.seek = await tab(".seek");
  const before = await page.evaluate(() => document.querySelector("audio").currentTime);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  report.keys.moved = (await page.evaluate(() => document.querySelector("audio").currentTime)) - before;
  report.keys.jump = await tab(".part:nth-child(2) .jump");
  await page.keyboard.press("Enter");
  await plays(page, 10);
  report.keys.heard = await heard(page);
  await context.close();
}

async function withoutScript() {
  const [context, page] = await open({ ...views.phone, javaScriptEnabled: false });
  await page.goto(`${address}index.html`);
  report.noscript = {
    controls: await page.isVisible("audio[controls]"),
    button: await page.isVisible("button"),
    words: await page.textContent("main"),
    jump: await page.getAttribute(".part:nth-child(3) .jump", "href"),
  };
  await page.screenshot({ path: `${pictures}/noscript.png`, fullPage: true });
  await context.close();
}

async function weigh() {
  const [context, page] = await open(views.phone);
  const session = await context.newCDPSession(page);
  const weights = {};
  const names = {};
  await session.send("Network.enable");
  session.on("Network.responseReceived", (event) => { names[event.requestId] = event.response.url; });
  session.on("Network.loadingFinished", (event) => { weights[names[event.requestId]] = event.encodedDataLength; });
  await page.goto(`${address}index.html`, { waitUntil: "networkidle" });
  report.weights = weights;
  await context.close();
}

async function embed() {
  const [context, page] = await open(views.desktop);
  await page.goto(`${address}embedding.html`);
  const frame = page.frames().find((one) => one.url().endsWith("player.html"));
  await frame.click("button.play");
  await frame.waitForFunction(() => document.querySelector("audio").currentTime > 0.6);
  report.embedded = await frame.evaluate(() => document.querySelector("audio").currentTime);
  await context.close();
}

for (const [name, options] of Object.entries(views)) await look(name, options);
await listen();
await touch();
await type();
await withoutScript();
await weigh();
await embed();
await browser.close();
console.log(JSON.stringify(report));
