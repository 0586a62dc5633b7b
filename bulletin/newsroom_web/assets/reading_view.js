// Reading view: keys, large type, a screen that stays awake, clips with countdowns, a clock of the reading.
import { minutes, startClocks } from "./clocks.js";
import { fetchPage, say } from "./send.js";

const page = document.getElementById("reading");
const lines = () => [...page.querySelectorAll(".line")];
const SIZES = [1.5, 1.75, 2, 2.35, 2.75, 3.25, 4];
const store = {
  get: (name) => { try { return localStorage.getItem(`bulletin:reading:${name}`); } catch { return null; } },
  set: (name, value) => { try { localStorage.setItem(`bulletin:reading:${name}`, value); } catch { /* forbidden */ } },
};

/* The line that is read now */
let at = -1;
function go(number, { isQuiet = false } = {}) {
  const all = lines();
  at = Math.max(0, Math.min(all.length - 1, number));
  for (const [index, line] of all.entries()) {
    line.classList.toggle("is-read", index < at);
    if (index === at) line.setAttribute("aria-current", "true");
    else line.removeAttribute("aria-current");
  }
  const line = all[at];
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (!isQuiet) line?.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
  showLeft();
}

function showLeft() {
  const left = lines().slice(Math.max(0, at)).reduce((sum, line) => sum + Number(line.dataset.seconds || 0), 0);
  document.getElementById("reading-left").textContent = minutes(left);
}

/* Type */
let size = Number(store.get("size") ?? 2);
function setSize(number) {
  size = Math.max(0, Math.min(SIZES.length - 1, number));
  page.dataset.size = size;
  store.set("size", size);
}

/* Wake lock: given back by the browser whenever the page is hidden */
let lock = null;
async function keepAwake() {
  const state = document.getElementById("wake-state");
  if (!("wakeLock" in navigator)) {
    state.textContent = window.isSecureContext ? "This browser lets the screen sleep: turn its sleep off in the settings." : "The screen may sleep: keeping it awake needs https or localhost.";
    return;
  }
  try {
    lock = await navigator.wakeLock.request("screen");
    state.textContent = "The screen stays on.";
    lock.addEventListener("release", () => (state.textContent = "The screen may sleep."));
  } catch {
    state.textContent = "The screen may sleep: the browser refused (low battery?).";
  }
}
document.addEventListener("visibilitychange", () => !document.hidden && (lock?.released ?? true) && keepAwake());

/* Clips */
function playClip(button) {
  const audio = document.getElementById(button.getAttribute("aria-controls"));
  if (!audio.paused) {
    audio.pause();
    audio.currentTime = 0;
    return;
  }
  for (const other of page.querySelectorAll("audio")) if (other !== audio) other.pause();
  audio.play();
}
function joinClip(button) {
  const audio = document.getElementById(button.getAttribute("aria-controls"));
  const left = button.querySelector("[data-left]");
  const full = Number(button.dataset.seconds);
  button.hidden = false;
  audio.hidden = true;
  const show = () => {
    const rest = Math.max(0, (audio.duration || full) - audio.currentTime);
    left.textContent = minutes(audio.paused ? full : Math.ceil(rest));
    button.classList.toggle("is-near", !audio.paused && rest < 5);
    button.setAttribute("aria-pressed", String(!audio.paused));
  };
  for (const kind of ["timeupdate", "play", "pause", "ended"]) audio.addEventListener(kind, show);
  audio.addEventListener("ended", () => go(lines().indexOf(button.closest(".line")) + 1));
  button.addEventListener("click", () => {
    go(lines().indexOf(button.closest(".line")));
    playClip(button);
  });
}

/* Keys */
const KEYS = {
  ArrowDown: () => go(at + 1), " ": () => go(at + 1), PageDown: () => go(at + 1), Enter: () => go(at + 1),
  ArrowUp: () => go(at - 1), PageUp: () => go(at - 1), Home: () => go(0), End: () => go(lines().length - 1),
  "+": () => setSize(size + 1), "=": () => setSize(size + 1), "-": () => setSize(size - 1),
  c: () => nextClip(), n: () => nextStory(1), p: () => nextStory(-1),
};
function nextClip() {
  const button = lines().slice(Math.max(0, at)).map((line) => line.querySelector(".clip-button")).find(Boolean);
  if (!button) return say("No further clip.");
  go(lines().indexOf(button.closest(".line")));
  playClip(button);
}
function nextStory(step) {
  const starts = lines().map((line, index) => (line.dataset.start ? index : -1)).filter((index) => index >= 0);
  go(step > 0 ? (starts.find((index) => index > at) ?? lines().length - 1) : (starts.filter((index) => index < at).at(-1) ?? 0));
}
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const own = event.target.closest?.("a, button, input, select, textarea, summary, audio");
  if (own && [" ", "Enter"].includes(event.key)) return;
  const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

/* A changed script never moves under the reader's eyes: it is offered. */
const version = page.dataset.version;
async function look() {
  const fresh = (await fetchPage(location.href))?.getElementById("reading");
  if (!fresh) return;
  const [clock, now] = [document, fresh.ownerDocument].map((each) => each.querySelector("#reading-bar [data-now]"));
  if (clock && now) Object.assign(clock.dataset, { due: now.dataset.due, now: now.dataset.now });
  if (fresh.dataset.version === version) return;
  const news = document.getElementById("reading-news");
  news.hidden = false;
  news.querySelector("span").textContent = fresh.dataset.changed || "The script has changed.";
}
for (const kind of ["edits", "coming"]) document.body.addEventListener(`bulletin:${kind}`, look);
document.getElementById("reading-show").addEventListener("click", () => {
  sessionStorage.setItem("bulletin:reading:at", at);
  location.reload();
});

document.documentElement.classList.add("js");
setSize(size);
for (const button of page.querySelectorAll(".clip-button")) joinClip(button);
page.addEventListener("click", (event) => {
  const line = event.target.closest(".line");
  if (line && !event.target.closest("button, a, audio")) go(lines().indexOf(line), { isQuiet: true });
});
for (const button of page.querySelectorAll("[data-size-step]")) button.addEventListener("click", () => setSize(size + Number(button.dataset.sizeStep)));
document.getElementById("fullscreen")?.addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.()));
startClocks(document.getElementById("reading-bar"));
go(Number(sessionStorage.getItem("bulletin:reading:at") ?? 0), { isQuiet: true });
sessionStorage.removeItem("bulletin:reading:at");
keepAwake();
