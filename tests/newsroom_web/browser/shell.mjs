// The newsroom's shell in a real Chromium: sign-in, htmx with the form token, the Content-Security-Policy, axe.
// usage: node shell.mjs ADDRESS PASSWORD PICTURES MODULES CHROMIUM
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [address, password, pictures, modules, chromium] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const playwright = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const report = { problems: [], axe: {}, overflows: [] };

const browser = await playwright.chromium.launch({ executablePath: chromium, args: ["--no-sandbox"] });

async function open(options) {
  const context = await browser.newContext({ baseURL: address, ...options });
  const page = await context.newPage();
  page.on("pageerror", (error) => report.problems.push(String(error)));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && report.problems.push(message.text()));
  page.on("request", (request) => request.url().startsWith(address) || report.problems.push(`stranger: ${request.url()}`));
  return page;
}

async function signIn(page) {
  await page.goto("/account");
  await page.getByLabel("Name").fill("ada");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "ada" }).waitFor();
}

async function judge(page, name) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run(document));
  report.axe[name] = found.violations.map((one) => `${one.id}: ${one.nodes[0].html}`);
  if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) report.overflows.push(name);
  await page.screenshot({ path: `${pictures}/newsroom-${name.replace(/\W+/g, "-")}.png`, fullPage: true });
}

for (const [look, options] of Object.entries({
  "phone light": { viewport: { width: 390, height: 844 }, colorScheme: "light", hasTouch: true },
  "desktop dark": { viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
  "forced colours": { viewport: { width: 1280, height: 900 }, forcedColors: "active" },
})) {
  const page = await open({ ...options, bypassCSP: true });
  await page.goto("/sign-in");
  await judge(page, `sign-in ${look}`);
  await signIn(page);
  await judge(page, `account ${look}`);
  await page.goto("/demo/audit");
  await judge(page, `audit ${look}`);
  await page.context().close();
}

// With the real policy. htmx 4 inherits attributes only where ":inherited" says so.
const page = await open({ viewport: { width: 390, height: 844 } });
await signIn(page);
const post = async (body) => {
  await page.goto("/account");
  await page.evaluate((html) => {
    document.querySelector("main").insertAdjacentHTML("beforeend", html);
    htmx.process(document.body);
  }, body);
  const answer = page.waitForResponse((response) => response.request().method() === "POST");
  await page.locator("#tried").click();
  return (await answer).status();
};
report.inherited = await post('<button id="tried" hx-post="/demo/test/said" hx-swap="none">Try</button>');
report.said = await page.locator("#status").textContent();
await page.waitForFunction(() => document.querySelector("#status").textContent.includes("Said"));
report.said = await page.locator("#status").textContent();
report.refused = await post('<div hx-headers:inherited=\'{"X-CSRF-Token": "x"}\'><button id="tried" hx-post="/demo/test/said" hx-swap="none">Try</button></div>');
await page.locator("#problem .problem").waitFor();
report.problem = await page.locator("#problem").textContent();
report.problems = report.problems.filter((text) => !text.includes("403"));

report.inline = await page.evaluate(() => {
  window.ran = false;
  const script = document.createElement("script");
  script.textContent = "window.ran = true";
  document.body.append(script);
  document.body.insertAdjacentHTML("beforeend", '<img src="/no-such-picture" onerror="window.ran = true"><p id="styled" style="color: rgb(1, 2, 3)">x</p>');
  return new Promise((done) => setTimeout(() => done([window.ran, getComputedStyle(document.querySelector("#styled")).color]), 300));
});
report.problems = report.problems.filter((text) => !/Content Security Policy|404|no-such-picture/.test(text));
report.line = await page.evaluate(() => document.cookie);

// Without JavaScript: sign in, sign out.
const plain = await open({ javaScriptEnabled: false });
await signIn(plain);
await plain.getByRole("button", { name: "Sign out", exact: true }).click();
report.signedOut = new URL(plain.url()).pathname;
await browser.close();
console.log(JSON.stringify(report));
