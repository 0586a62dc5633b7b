// "On air": clocks, player, and the page's parts anew when something changes at the station.
import { startClocks } from "./clocks.js";
import { findTwin, focusOn, swapChildren } from "./keep_place.js";
import { playAlong } from "./play_along.js";
import { fetchPage } from "./send.js";

const page = document.getElementById("on-air");
const part = document.getElementById("on-air-part");
let asked = 0;

async function refresh() {
  const number = ++asked;
  const fresh = await fetchPage(page.dataset.part);
  if (!fresh || number !== asked) return;
  const columns = part.querySelector(".columns");
  const now = fresh.querySelector(".columns");
  if (!now) return;
  // A sound that somebody hears, and the place where somebody reads, stay; a new bulletin is offered when it ends.
  const isSame = columns.dataset.version === now.dataset.version;
  const audio = part.querySelector("audio");
  if (isSame || (audio && !audio.paused)) {
    swapChildren(part.querySelector(".side"), now.querySelector(".side"));
    if (!isSame) audio.addEventListener("pause", refresh, { once: true });
  } else {
    const focused = part.contains(document.activeElement) ? document.activeElement : null;
    part.replaceChildren(now);
    if (focused) focusOn(findTwin(focused, now) ?? now);
    window.htmx?.process(part);
    playAlong(now);
  }
  const clocks = page.querySelector(".clocks");
  Object.assign(clocks.dataset, { due: now.dataset.due, offset: now.dataset.offset, now: now.dataset.serverNow });
  clocks.querySelector(".clock-left .clock-name").textContent = now.dataset.label;
}

let timer = 0;
const refreshSoon = (ms = 400) => {
  clearTimeout(timer);
  timer = setTimeout(refresh, ms);
};
for (const kind of ["edits", "coming", "slots", "bulletins", "requests", "making"])
  document.body.addEventListener(`bulletin:${kind}`, () => refreshSoon());
document.documentElement.classList.add("js");
startClocks(page, () => refreshSoon(2500));
playAlong(part.querySelector(".columns"));
