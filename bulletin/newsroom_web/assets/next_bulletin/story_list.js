// The running order: drag, buttons, and the page as colleagues change it, without losing place, focus or words.
import { send, say, sayProblem } from "../send.js";
import { autosaveOf, saveAll, startAutosave } from "./autosave.js";
import { findTwin, focusOn, swapChildren } from "../keep_place.js";

const page = document.getElementById("next");
const own = new Set();
/** Number of the last edit that this page knows of its stories. */
const known = new Map();

const remember = (story) => known.set(story.id, Number(story.dataset.version));

/** Ids of edits that were made on this page are not shown as a colleague's. */
export const markOwn = (edit) => own.add(Number(edit));

/** The page's changing part in an answer, as elements. */
export const partOf = (html) => new DOMParser().parseFromString(`<div id="next">${html}</div>`, "text/html").getElementById("next");

/** An address that asks for the words of the candidates which are open here, too. */
const withOpen = (address, ...more) => {
  const opened = [...page.querySelectorAll("#others .story:has(.inside)")].map((story) => story.dataset.story);
  const query = new URLSearchParams([...opened, ...more].map((story) => ["open", story]));
  return opened.length + more.length ? `${address}?${query}` : address;
};

async function fetchPart(...more) {
  const answer = await fetch(withOpen(page.dataset.part, ...more), { headers: { "HX-Request": "true" } });
  if (!answer.ok) throw new Error(answer.statusText);
  return partOf(await answer.text());
}

let refreshing = null;
let again = false;

/** Fetch the page's changing part and merge it; calls during a fetch are joined to one more. */
export function refresh() {
  again = Boolean(refreshing);
  refreshing ??= fetchPart().then(merge, () => {}).finally(() => {
    refreshing = null;
    if (again) refresh();
  });
  return refreshing;
}

let timer = 0;
function refreshSoon() {
  clearTimeout(timer);
  timer = setTimeout(refresh, 250);
}

const PARTS = ["next-head", "next-notes", "next-work", "next-own"];

/** Put the fresh parts in place of the old ones; stories move as wholes, and words in work stay. */
export function merge(fresh) {
  const focused = document.activeElement;
  const home = focused?.closest?.(".story")?.id;
  const top = focused?.closest?.(".story")?.getBoundingClientRect().top;
  for (const id of PARTS) replace(id, fresh);
  for (const id of ["stories", "others"]) mergeList(id, fresh);
  removeGone(fresh);
  if (!document.getElementById("stories") && fresh.querySelector("#stories")) return location.reload();
  restoreFocus(focused, home);
  const moved = focused?.isConnected ? focused.closest?.(".story")?.getBoundingClientRect().top : undefined;
  if (top !== undefined && moved !== undefined) scrollBy(0, moved - top);
}

/** The focus stays in its story: at the same control, else at the first one. */
function restoreFocus(focused, home) {
  if (focused?.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
  if (focused?.isConnected || !home) return;
  const story = document.getElementById(home);
  focusOn(story ? (findTwin(focused, story) ?? story.querySelector(".tool, summary") ?? story) : page);
}

function replace(id, fresh) {
  const old = document.getElementById(id);
  const now = fresh.querySelector(`#${id}`);
  if (old && now) swapChildren(old, now);
}

function mergeList(id, fresh) {
  const list = document.getElementById(id);
  const now = fresh.querySelector(`#${id}`);
  if (!list || !now) return;
  const stories = [...now.children].map((story) => mergeStory(story));
  stories.forEach((story, at) => list.children[at] !== story && list.insertBefore(story, list.children[at] ?? null));
}

/** Stories that the coming bulletin no longer has; one in which somebody writes stays, so that no words are lost. */
function removeGone(fresh) {
  if (!fresh.querySelector("#stories")) return;
  for (const story of page.querySelectorAll(".story")) {
    if (fresh.querySelector(`#${story.id}`)) continue;
    if (!isBusy(story)) story.remove();
    else note(story, "Not in the coming bulletin any more. Your words are still here: copy them if you need them.");
  }
}

/** Somebody writes or records in it, or its words are not saved. */
const isBusy = (story) => story.querySelector(".is-recording, .has-recording") || [...story.querySelectorAll("textarea")].some((area) => autosaveOf(area)?.isBusy || area === document.activeElement);

function note(story, text) {
  const line = story.querySelector("[data-changed]");
  line.hidden = false;
  line.textContent = text;
}

function mergeStory(fresh) {
  const old = document.getElementById(fresh.id);
  if (!old) return adopt(fresh);
  const theirs = Number(fresh.dataset.version) > (known.get(fresh.id) ?? 0) && !own.has(Number(fresh.dataset.version)) && fresh.dataset.editor !== page.dataset.user;
  if (old.dataset.mark !== fresh.dataset.mark) change(old, fresh);
  if (theirs) flag(old, fresh);
  remember(old);
  return old;
}

function change(old, fresh) {
  const busy = isBusy(old);
  const isOpen = old.querySelector(".inside")?.open;
  const flagged = old.querySelector("[data-changed]");
  Object.assign(old.dataset, fresh.dataset);
  old.className = fresh.className + (old.classList.contains("is-changed") ? " is-changed" : "");
  old.querySelector(".story-bar").replaceWith(fresh.querySelector(".story-bar"));
  if (flagged && !flagged.hidden) old.querySelector("[data-changed]").replaceWith(flagged);
  if (!busy) {
    const inside = fresh.querySelector(".inside, .inside-link");
    if (isOpen !== undefined && inside.matches(".inside")) inside.open = isOpen;
    keepOpen(old, inside);
    old.querySelector(".inside, .inside-link").replaceWith(inside);
    startAutosave(old);
    document.dispatchEvent(new CustomEvent("bulletin:cards", { detail: old }));
    return;
  }
  // Somebody writes in this story: only what is beside the fields, and fields that nobody touches, change. The rest
  // follows when the hand has left: without its mark the story is looked at again.
  delete old.dataset.mark;
  for (const area of fresh.querySelectorAll("textarea[data-name]")) {
    const here = old.querySelector(`#${area.id}`);
    if (!here) continue;
    autosaveOf(here)?.refresh(area);
    const [tools, now] = [here, area].map((each) => each.closest(".sentence").querySelector(".field-tools"));
    if (!tools.contains(document.activeElement)) tools.replaceWith(now);
    if (here.value === area.defaultValue) here.closest(".sentence").querySelector("[data-beside]").innerHTML = area.closest(".sentence").querySelector("[data-beside]").innerHTML;
  }
}

/** Details inside a story that were opened stay open, and "Saved 07:30" stays with the words that were saved. */
function keepOpen(old, inside) {
  for (const line of old.querySelectorAll("[data-saving]:not([hidden])")) {
    const [area, fresh] = [old, inside].map((part) => part.querySelector(`#${line.closest(".sentence").id} textarea`));
    if (fresh && fresh.dataset.version === area.dataset.version) fresh.closest(".sentence").querySelector("[data-saving]").replaceWith(line);
  }
  for (const kind of ["why", "history", "attach"]) {
    const [before, after] = [old.querySelector(`.${kind}`), inside.querySelector(`.${kind}`)];
    if (after && before?.open) after.open = true;
    if (kind === "attach" && before?.open && after) after.replaceWith(before); // a form that is being filled in
  }
}

function adopt(story) {
  queueMicrotask(() => startAutosave(story));
  remember(story);
  queueMicrotask(() => document.dispatchEvent(new CustomEvent("bulletin:cards", { detail: story })));
  return document.adoptNode(story);
}

/** Yellow, and by whom. */
function flag(story, fresh) {
  story.classList.add("is-changed");
  note(story, `Changed by ${fresh.dataset.editor || "a colleague"} at ${fresh.dataset.time}`);
  say(`${story.querySelector("h3").textContent}: changed by ${fresh.dataset.editor}.`);
}

/** A story in which somebody wrote is shown as it is now. */
function catchUp(event) {
  const story = event.target.closest?.(".story");
  if (story && !story.dataset.mark && !event.relatedTarget?.matches("textarea")) refreshSoon();
}

/** The yellow goes when somebody works in the story or looks into it. */
function unflag(event) {
  const story = event.target.closest?.(".story.is-changed");
  if (!story || !event.target.closest(".inside, .tools")) return;
  story.classList.remove("is-changed");
}

/** Send a form of the list and merge the answer, instead of a new page. */
async function submit(event) {
  const form = event.target;
  const name = event.submitter?.name;
  const isWords = form.matches(".words");
  if (!form.closest("#next") || form.matches(".attach-form")) return;
  event.preventDefault();
  await saveAll();
  if (isWords && name !== "undo") return;
  const fields = Object.fromEntries([...new FormData(form)].filter(([key]) => !/^(text|sentence|seen|was|original|part|index)-/.test(key)));
  if (name) fields[name] = event.submitter.value;
  const address = isWords ? form.action.replace(/words$/, "undo") : form.getAttribute("action");
  await perform(address, isWords ? { ...fields, edit: fields.undo } : fields);
}

async function perform(address, fields) {
  try {
    const answer = await send(withOpen(address), { key: crypto.randomUUID?.() ?? String(Math.random()), ...fields });
    for (const edit of (answer.headers.get("X-Edits") ?? "").split(" ")) if (edit) markOwn(edit);
    sayProblem("");
    const said = answer.headers.get("X-Said");
    merge(partOf(await answer.text()));
    if (said) say(decodeURIComponent(said));
  } catch (error) {
    sayProblem(error.message);
    refresh();
  }
}

function startDragging() {
  const list = document.getElementById("stories");
  if (!window.Sortable || !list || !list.querySelector(".grip")) return;
  window.Sortable.create(list, {
    handle: ".grip", animation: 120, delayOnTouchOnly: true, delay: 80,
    onEnd: ({ item, oldIndex, newIndex }) => oldIndex !== newIndex && perform(page.dataset.order, { story: item.dataset.story, action: "move", position: newIndex, due: item.querySelector("[name=due]").value }),
  });
}

/** Words of a candidate that does not air are fetched when somebody wants them. */
async function openWords(event) {
  const link = event.target.closest("[data-open]");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const old = link.closest(".story");
  try {
    const fresh = (await fetchPart(link.dataset.open)).querySelector(`#${old.id}`);
    fresh.querySelector(".inside").open = true;
    change(old, fresh);
    old.querySelector("summary").focus({ preventScroll: true });
  } catch {
    location.assign(link.href);
  }
}

/** Start the list; the page works without it. */
export function startList() {
  for (const story of page.querySelectorAll(".story")) remember(story);
  page.addEventListener("submit", submit);
  page.addEventListener("click", openWords);
  for (const kind of ["focusin", "click"]) page.addEventListener(kind, unflag);
  page.addEventListener("focusout", catchUp);
  document.addEventListener("bulletin:saved", (event) => markOwn(event.detail.edit));
  for (const kind of ["edits", "coming", "requests", "slots"]) document.body.addEventListener(`bulletin:${kind}`, refreshSoon);
  startDragging();
}
