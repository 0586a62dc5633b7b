// Log and Station in a real Chromium: every page by axe in five looks; search, waveform, mix point, profile; by
// keyboard alone and without JavaScript.
// usage: node views.mjs ADDRESS PASSWORD PICTURES MODULES CHROMIUM
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [address, password, pictures, modules, chromium] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const playwright = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const report = { problems: [], axe: {}, overflows: [], dialogs: [] };
const PAGES = ["log", "log/1", "log/withdraw?story=gazette:1-0&bulletin=1", "station", "station/profile", "station/profile/text",
  "station/clock", "station/feeds", "station/imaging", "station/outlets", "station/blocked", "station/users"];
const PHONE = { width: 390, height: 844 }, DESK = { width: 1280, height: 900 };

const browser = await playwright.chromium.launch({ executablePath: chromium, args: ["--no-sandbox"] });

async function open(options) {
  const context = await browser.newContext({ baseURL: address, ...options });
  const page = await context.newPage();
  page.on("pageerror", (error) => report.problems.push(String(error)));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && report.problems.push(message.text()));
  page.on("request", (request) => request.url().startsWith(address) || request.url().startsWith("blob:") || report.problems.push(`stranger: ${request.url()}`));
  page.on("dialog", (dialog) => { report.dialogs.push(dialog.message()); dialog.dismiss(); });
  await page.goto("/account");
  await page.getByLabel("Name").fill("ada");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "ada" }).waitFor();
  return page;
}

for (const [look, options] of Object.entries({
  "phone light": { viewport: PHONE, colorScheme: "light", hasTouch: true },
  "phone dark": { viewport: PHONE, colorScheme: "dark", hasTouch: true },
  "desktop light": { viewport: DESK, colorScheme: "light" },
  "desktop dark": { viewport: DESK, colorScheme: "dark" },
  "forced colours": { viewport: DESK, forcedColors: "active" },
})) {
  const page = await open({ ...options, bypassCSP: true });
  for (const path of PAGES) {
    await page.goto(`/demo/${path}`);
    await page.screenshot({ path: `${pictures}/${`${path} ${look}`.replace(/\W+/g, "-")}.png` });
    for (const part of await page.locator("details").all()) await part.evaluate((one) => (one.open = true));
    await page.evaluate(axe);
    const found = await page.evaluate(() => axe.run(document));
    report.axe[`${path} ${look}`] = found.violations.map((one) => `${one.id}: ${one.nodes[0].html}`);
    if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) report.overflows.push(`${path} ${look}`);
  }
  await page.context().close();
}

// The log answers while it is searched, and the page stays.
const page = await open({ viewport: PHONE });
await page.goto("/demo/log");
await page.evaluate(() => (window.stays = true));
await page.getByLabel("Words that aired").pressSequentially("no such words");
await page.getByText("Nothing in the log fits").waitFor();
report.searched = await page.evaluate(() => window.stays === true);

// A mark of the waveform jumps to its story.
await page.goto("/demo/log/1");
await page.locator(".marks a").last().click();
const audio = page.locator("audio");
await page.waitForFunction(() => document.querySelector("audio").error || document.querySelector(".wave .now").getAttribute("d") !== "M0 0V112");
report.seeked = await audio.evaluate((one) => one.currentTime);
report.line = await page.locator(".wave .now").getAttribute("d");

// The mix point by keyboard alone: the slider over the waveform, then its button.
await page.goto("/demo/station/imaging");
const slider = page.getByRole("slider", { name: "Mix point of the ident" });
await slider.focus();
for (let n = 0; n < 5; n += 1) await page.keyboard.press("ArrowLeft");
report.mixField = await page.locator("#mix-ident").inputValue();
report.mixWords = await slider.getAttribute("aria-valuetext");
await page.keyboard.press("Tab");
while (!(await page.evaluate(() => document.activeElement.matches('form.mix [name="mix_s"]')))) await page.keyboard.press("Tab");
await page.keyboard.press("Enter");
await page.getByText("(set here)").first().waitFor();
report.mixSaved = await page.locator("#ident .mix-words").textContent();
report.placeKept = new URL(page.url()).hash;

// A refused profile keeps what was typed, and the link goes to its line.
await page.goto("/demo/station/profile/text");
const text = page.getByLabel("Text of demo.toml");
await text.fill(`${await text.inputValue()}\n[audio]\ngap_s = 9\n`);
await page.getByRole("button", { name: "Check and save" }).click();
await page.locator("[data-text-line]").first().click();
report.selected = await text.evaluate((one) => one.value.slice(one.selectionStart, one.selectionEnd));
report.problems = report.problems.filter((line) => !line.includes("422"));

// Without JavaScript: search, an option of the profile, new slots.
const plain = await open({ viewport: PHONE, javaScriptEnabled: false });
await plain.goto("/demo/log");
await plain.getByLabel("Words that aired").fill("ferry");
await plain.getByRole("button", { name: "Search" }).click();
report.plainFound = await plain.locator(".entry .stories li").allTextContents();
await plain.goto("/demo/station/profile");
await plain.locator("#o-slogan").fill("News of the valley");
await plain.getByRole("button", { name: "Save the profile" }).click();
report.plainSaved = await plain.locator("#status").textContent();
await plain.goto("/demo/station/clock");
await plain.getByRole("group", { name: "New slots" }).getByLabel("Times").fill("23:30");
await plain.getByRole("button", { name: "Save the clock" }).click();
report.plainClock = await plain.locator("#status").textContent();
await browser.close();
console.log(JSON.stringify(report));
