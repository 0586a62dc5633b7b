// Uses the player in Chromium: words that follow, keys, links to a moment, position, speed, a new bulletin.
// node browser_player.mjs ADDRESS FOLDER NEXT MODULES CHROMIUM -> JSON; NEXT holds the folder an hour later.
import fs from "node:fs";
import { createRequire } from "node:module";

const [address, folder, next, modules, chromium] = process.argv.slice(2);
const playwright = createRequire(`${modules}/node_modules/`)("playwright-core");
const browser = await playwright.chromium.launch({ executablePath: chromium, args: ["--no-sandbox", "--mute-audio"] });
const OPEN = { "Access-Control-Allow-Origin": "*" };
const report = { problems: [] };

async function open(options = {}) {
  // without the service worker, whose requests would not be seen here (browser_offline.mjs uses it)
  const context = await browser.newContext({ viewport: { width: 1000, height: 700 }, serviceWorkers: "block", ...options });
  const page = await context.newPage();
  page.on("pageerror", (error) => report.problems.push(String(error)));
  page.on("console", (message) => {
    const { url } = message.location();
    const isExpected = url.startsWith("https://radio.example/") || url.endsWith(".mp3") || message.text().includes("blocked by Playwright");
    if (["error", "warning"].includes(message.type()) && !isExpected) report.problems.push(message.text());
  });
  await page.goto(`${address}index.html`);
  return [context, page];
}
const state = (page) => page.evaluate(() => {
  const audio = document.querySelector("audio");
  return { at: audio.currentTime, paused: audio.paused, rate: audio.playbackRate, top: Math.round(scrollY) };
});
const until = (page, time) => page.waitForFunction((t) => document.querySelector("audio").currentTime >= t, time);
/** Waits for the words after the present ones. */
async function nextWords(page) {
  const now = await page.textContent(".said .on");
  await page.waitForFunction((old) => {
    const on = document.querySelector(".said .on");
    return on && on.textContent !== old;
  }, now);
  await page.waitForTimeout(600);  // a smooth scroll would have begun
}

async function follow() {
  const [context, page] = await open();
  const found = {};
  await page.evaluate(() => { location.hash = "t=25"; });
  await page.waitForFunction(() => document.querySelector(".said .on"));
  found.seekWhilePaused = (await state(page)).top;
  await page.click(".hero .play");
  await page.evaluate(() => { document.querySelector("audio").playbackRate = 4; });
  await until(page, 26);
  await page.focus(".hero .seek");
  await page.keyboard.press("PageUp");
  await page.waitForTimeout(400);
  found.seekWhilePlaying = (await state(page)).top;
  await nextWords(page);
  found.focusElsewhere = (await state(page)).top;
  await page.evaluate(() => document.activeElement.blur());
  await nextWords(page);
  found.playing = (await state(page)).top;
  await page.mouse.move(300, 300);
  for (let n = 0; n < 40 && (await state(page)).top > 0; n += 1) {
    await page.mouse.wheel(0, -1000);
    await page.waitForTimeout(100);
  }
  await nextWords(page);
  found.scrolledByHand = (await state(page)).top;
  found.pressed = await page.getAttribute(".follow", "aria-pressed");
  await page.evaluate(() => document.querySelector(".said .on").scrollIntoView({ block: "center" }));
  await page.waitForTimeout(100);
  found.backInView = await page.isVisible(".back");
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await page.click(".bar .back");
  await page.waitForFunction(() => {
    const box = document.querySelector(".said .on").getBoundingClientRect();
    return box.top > 0 && box.bottom < innerHeight;
  });
  found.pressedAgain = await page.getAttribute(".follow", "aria-pressed");
  const before = await state(page);
  await page.locator(".bar .seek").press("PageUp");
  found.barSeek = (await state(page)).at - before.at;
  for (let n = 0; n < 6 && !(await page.isVisible(".back")); n += 1) await page.locator(".bar .seek").press("PageUp");
  found.backFromSeekLine = [await page.isVisible(".back"), await page.getAttribute(".follow", "aria-pressed")];
  const drag = (what) => page.evaluate((one) => document.querySelector(one).dispatchEvent(new Event("touchmove", { bubbles: true })), what);
  await drag(".hero .seek");
  found.dragged = await page.getAttribute(".follow", "aria-pressed");
  await drag(".said");
  found.swiped = await page.getAttribute(".follow", "aria-pressed");
  report.follow = found;
  await context.close();
}

/** After a seek by a key the next words are followed again, not those after them. */
async function seekAndFollow() {
  const [context, page] = await open();
  const found = {};
  await page.keyboard.press("k");
  await until(page, 0.2);
  await page.waitForTimeout(900);  // the scroll to the first words is over
  const { top } = await state(page);
  for (let n = 0; n < 3; n += 1) await page.keyboard.press("l");
  await until(page, 30.3);
  found.sought = (await state(page)).top - top;
  await page.evaluate(() => { document.querySelector("audio").playbackRate = 4; });
  await nextWords(page);
  found.followed = (await state(page)).top - top;
  report.seek = found;
  await context.close();
}

/** A sound that fails to load: the page says so, and the next press tries again. */
async function failing() {
  const [context, page] = await open();
  const found = {};
  await context.route("**/*.mp3", (route) => route.abort());
  await page.keyboard.press("l");
  await page.click(".hero .play");
  await page.waitForSelector(".failed");
  found.said = await page.textContent(".failed");
  found.button = await page.getAttribute(".hero .play", "aria-label");
  await context.unroute("**/*.mp3");
  await page.click(".hero .play");
  await until(page, 10.3);
  found.again = [await page.isVisible(".failed"), (await state(page)).at < 14];
  report.failing = found;
  await context.close();
}

/** Safari forgets a place that is set before the sound is loaded: a link, a story, the last visit. */
async function forgetful() {
  const [context, page] = await open();
  await context.addInitScript(() => {
    const { get, set } = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "currentTime");
    Object.defineProperty(HTMLMediaElement.prototype, "currentTime", {
      get() { return this.readyState ? get.call(this) : 0; },
      set(value) { if (this.readyState) set.call(this, value); },
    });
  });
  const found = {};
  await page.goto(`${address}demo-20261124-0900-made.html#t=25`);
  found.shown = await page.textContent(".now");
  await page.keyboard.press("l");
  found.skipped = await page.textContent(".now");
  await page.click(".hero .play");
  await until(page, 35.3);
  found.link = (await state(page)).at;
  await page.click(".hero .play");
  await page.goto(`${address}index.html`);
  found.resume = await page.textContent(".resume b");
  await page.click(".part:nth-child(3) .jump");
  await until(page, 20.3);
  found.story = (await state(page)).at;
  report.forgetful = found;
  await context.close();
}

/** A bulletin's own page says whether it is the newest. */
async function archive() {
  const [context, page] = await open();
  report.archive = {};
  for (const hour of ["0800", "0900"]) {
    const answer = page.waitForResponse((response) => response.url().endsWith("now.json"));
    await page.goto(`${address}demo-20261124-${hour}-made.html`);
    await answer;
    await page.waitForTimeout(200);
    report.archive[hour] = [await page.textContent(".strip span"), await page.isVisible(".strip a")];
  }
  await context.close();
}

async function keys() {
  const [context, page] = await open({ permissions: ["clipboard-read", "clipboard-write"] });
  const found = {};
  await page.keyboard.press("l");
  await page.keyboard.press("L");
  await page.keyboard.press("ArrowRight");
  found.forward = (await state(page)).at;
  await page.keyboard.press("j");
  found.back = (await state(page)).at;
  await page.keyboard.press("n");
  found.nextStory = (await state(page)).at;
  await page.keyboard.press(">");
  found.faster = (await state(page)).rate;
  await page.keyboard.press("?");
  found.help = await page.evaluate(() => document.querySelector(".keys").open);
  await page.uncheck(".keys input");
  await page.focus(".keys summary");
  await page.keyboard.press("l");
  found.switchedOff = (await state(page)).at;
  await page.check(".keys input");
  await page.focus(".speed select");
  await page.keyboard.press("l");
  found.inField = (await state(page)).at;
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("k");
  // playing, and at the chosen place: the page goes there when the sound is loaded
  await page.waitForFunction(() => {
    const audio = document.querySelector("audio");
    return !audio.paused && audio.readyState >= 2 && audio.currentTime > 1;
  });
  await page.keyboard.press("k");
  await page.evaluate(() => { document.querySelector("audio").currentTime = 83.4; });
  await page.click(".copy");
  await page.waitForFunction(() => document.querySelector(".told").textContent);
  found.told = await page.textContent(".told");
  found.link = await page.evaluate(() => navigator.clipboard.readText());
  report.keys = found;

  const place = {};
  await page.goto(found.link);
  place.ofLink = await state(page);
  await page.evaluate(() => { location.hash = "t=50.7"; });
  await page.click(".hero .play");
  await until(page, 51);
  await page.click(".hero .play");
  await page.goto(`${address}index.html`);
  place.again = await state(page);
  place.words = await page.textContent(".resume");
  place.visible = await page.isVisible(".resume");
  await page.click(".resume button");
  place.start = await state(page);
  await page.reload();
  place.forgotten = (await state(page)).at;
  await page.selectOption(".speed select", "1.5");
  await page.reload();
  await page.click(".hero .play");
  await until(page, 0.3);
  place.speed = (await state(page)).rate;
  report.place = place;
  await context.close();
}

/** The status of a stream whose server is another origin: Icecast lets every site read it. */
async function onAir() {
  const [context, page] = await open();  // its routes would switch off the browser's cache elsewhere
  const asked = [];
  const say = (source) => context.route("https://radio.example/**", (route) => {
    asked.push(route.request().url());
    return route.fulfill({ json: { icestats: { source } }, headers: OPEN });
  });
  const look = async () => {
    await page.reload();
    await page.waitForTimeout(300);
    return (await page.isVisible(".now-playing")) ? page.textContent(".now-playing b") : null;
  };
  const other = { listenurl: "http://radio.example:8000/other", title: "Other" };
  const found = {};
  await say([other, { listenurl: "http://radio.example:8000/live", title: "<b>Song</b> & more" }]);
  found.mount = await look();
  await say({ listenurl: "http://radio.example:8000/x", artist: "Nell", title: "Gold" });
  found.single = await look();
  await say([{ listenurl: "http://radio.example:8000/live" }]);
  found.untitled = await look();
  await say(undefined);
  found.silent = await look();
  found.asked = [...new Set(asked)];
  report.onAir = found;
  await context.close();
}

async function renew() {
  const [context, page] = await open();
  const found = {};
  await page.clock.setFixedTime("2026-11-24T09:12:00Z");
  await page.reload();
  await page.waitForFunction(() => document.querySelector(".next").textContent);
  found.age = await page.textContent(".age .ago");
  found.next = await page.textContent(".next");
  const session = await context.newCDPSession(page);
  const names = {};
  const codes = {}; // the two events of a request come in any order, and late on a busy machine
  await session.send("Network.enable");
  session.on("Network.requestWillBeSent", (event) => { names[event.requestId] = event.request.url; });
  session.on("Network.responseReceivedExtraInfo", (event) => { codes[event.requestId] = event.statusCode; });
  const polled = () => Object.keys(codes).filter((id) => names[id]?.endsWith("now.json")).map((id) => codes[id]);
  const poll = async (one) => {
    const answer = one.waitForResponse((response) => response.url().endsWith("now.json"));
    await one.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await answer;
  };
  await poll(page);
  for (let tries = 0; tries < 100 && !polled().length; tries += 1) await page.waitForTimeout(100);
  found.unchanged = polled();

  const playing = await context.newPage();
  await playing.goto(`${address}index.html`);
  await playing.click(".hero .play");
  await until(playing, 0.5);
  const reading = await context.newPage();
  await reading.goto(`${address}index.html`);
  await reading.evaluate(() => scrollTo(0, 900));
  fs.cpSync(next, folder, { recursive: true });
  const reloaded = page.waitForEvent("load");
  await poll(page);
  await reloaded;
  found.idle = await page.textContent("h1");
  for (const [name, one] of [["playing", playing], ["reading", reading]]) {
    await poll(one);
    await one.waitForFunction(() => !document.querySelector(".fresh-bulletin").hidden);
    found[name] = { title: await one.textContent("h1"), offer: await one.textContent(".fresh-bulletin"), ...(await state(one)) };
  }
  const earlier = found.playing.at;
  await until(playing, earlier + 0.5);
  report.renew = found;
  await context.close();
}

await follow();
await seekAndFollow();
await failing();
await forgetful();
await archive();
await keys();
await onAir();
await renew();
await browser.close();
console.log(JSON.stringify(report));
