// Sentences save themselves: when the field is left, and every two seconds while somebody types. What was typed is kept
// on this device until the newsroom has it; nobody's words are overwritten, and no answer changes a field under the hand.
import { csrfHeaders, renewToken, say } from "../send.js";

const SAVE_MS = 2000;
const DRAFT_MS = 250;
const RETRY_MS = [2000, 4000, 8000, 15000, 30000];
const KEPT_MS = 14 * 86400e3;

/** Autosaves by text field. */
const fields = new WeakMap();

/** Drafts of this device; a browser that keeps none still saves. */
const drafts = {
  name: (text) => `bulletin:${document.getElementById("next").dataset.station}:${document.getElementById("next").dataset.user}:${text}`,
  read(text) {
    try {
      return JSON.parse(localStorage.getItem(this.name(text)));
    } catch {
      return null;
    }
  },
  write(text, draft) {
    try {
      localStorage.setItem(this.name(text), JSON.stringify(draft));
    } catch { /* full, or forbidden */ }
  },
  remove(text) {
    try {
      localStorage.removeItem(this.name(text));
    } catch { /* forbidden */ }
  },
};

/** Delete drafts that nobody came back for in two weeks. Only drafts have a time: settings of the reading view stay. */
function forgetOldDrafts() {
  try {
    for (const key of Object.keys(localStorage))
      if (key.startsWith("bulletin:") && JSON.parse(localStorage.getItem(key))?.at < Date.now() - KEPT_MS) localStorage.removeItem(key);
  } catch { /* forbidden, or not ours */ }
}

/** The answer's JSON; of a refusal before the page's own code, the line that it shows elsewhere. */
function readAnswer(text) {
  try {
    return JSON.parse(text);
  } catch {
    return { detail: new DOMParser().parseFromString(text, "text/html").body.textContent.trim() };
  }
}

export class Autosave {
  constructor(area) {
    this.area = area;
    this.saved = area.defaultValue;
    this.version = Number(area.dataset.version);
    this.timer = this.draftTimer = this.tries = 0;
    this.sending = null;
    this.forgetRequest();
    area.addEventListener("input", () => this.typed());
    area.addEventListener("blur", () => this.save());
    this.restore();
  }

  get name() { return this.area.dataset.name; }
  get isDirty() { return this.area.value !== this.saved; }
  get isBusy() { return this.isDirty || Boolean(this.sending) || Boolean(this.theirs); }
  box(kind) { return this.area.closest(".sentence").querySelector(`[data-${kind}]`); }

  /** The next request is a new one, with a key of its own, even if it has the same words. */
  forgetRequest() {
    [this.sentText, this.key] = [null, ""];
  }

  /** Cheap on purpose: it runs at every key. */
  typed() {
    this.timer ||= setTimeout(() => this.save(), SAVE_MS);
    this.draftTimer ||= setTimeout(() => this.keep(), DRAFT_MS);
  }

  keep() {
    clearTimeout(this.draftTimer);
    this.draftTimer = 0;
    this.count();
    if (!this.isDirty) return drafts.remove(this.name);
    drafts.write(this.name, this.draft(this.area.value));
  }

  /** The key names one request: it belongs to the text that was sent with it, and to no other. */
  draft(text) {
    return { text, version: this.version, key: text === this.sentText ? this.key : "", at: Date.now() };
  }

  /** Words and seconds at the voice's pace; the newsroom's own figures follow with the saving. */
  count() {
    const text = this.area.value;
    const words = text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
    const letters = text.replace(/[^\p{L}\p{N}]/gu, "").length;
    const seconds = (letters / Number(document.getElementById("next").dataset.pace || 14)).toFixed(1);
    const count = this.area.closest(".sentence").querySelector("[data-count]");
    if (count) count.textContent = `${words} ${words === 1 ? "word" : "words"} · ${seconds} s`;
  }

  /** Words that were typed here before, on a page that was closed or a phone that died. */
  restore() {
    const draft = drafts.read(this.name);
    if (!draft || draft.text === this.saved) return drafts.remove(this.name);
    const isBasedOnThis = draft.version === this.version;
    this.area.value = draft.text;
    if (draft.key) [this.sentText, this.key] = [draft.text, draft.key]; // it may have arrived: then it is not done twice
    if (isBasedOnThis) {
      this.show("Restored from this device; saving …");
      this.save();
    } else {
      const story = this.area.closest(".story");
      this.ask({ text: this.saved, editor: story?.dataset.editor || "a colleague", time: story?.dataset.time ?? "", version: this.version });
    }
  }

  show(text, isLate = false) {
    const line = this.box("saving");
    line.hidden = !text;
    line.textContent = text;
    line.classList.toggle("is-late", isLate);
  }

  /** Resolves when the newsroom has what stands in the field, or when it refused; what it refused is not sent again. */
  save() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.keep();
    if (this.theirs || !this.isDirty || this.area.value === this.refused) return this.sending ?? Promise.resolve();
    this.sending ??= this.send().finally(() => {
      this.sending = null;
      if (this.isDirty && !this.theirs && !this.tries && this.area.value !== this.refused) this.typed();
    });
    return this.sending;
  }

  async send() {
    const text = this.area.value;
    if (text !== this.sentText) [this.sentText, this.key] = [text, crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`];
    drafts.write(this.name, this.draft(text));
    const story = this.area.closest("form").elements.story.value;
    const body = new URLSearchParams({ story, sentence: this.name, original: this.area.dataset.original, part: this.area.dataset.part, index: this.area.dataset.index, text, seen: this.version, key: this.key });
    const headers = { ...csrfHeaders(), "HX-Request": "true" };
    let answer, data;
    try {
      answer = await fetch(document.getElementById("next").dataset.sentence, { method: "POST", body, headers, keepalive: text.length < 20000 });
      data = readAnswer(await answer.text());
    } catch {
      return this.later("Not saved: no connection. The words are kept on this device.");
    }
    if (answer.status === 403 && (await renewToken())) return this.send();
    if (data.theirs) return data.theirs.text === text ? this.agree(data.theirs) : this.ask(data.theirs);
    if (answer.status === 401) return this.later("Not saved: you are signed out. Sign in in another tab; the words are kept on this device.");
    if (answer.status >= 500) return this.later(`Not saved: ${data.detail ?? "the newsroom has a fault"} The words are kept on this device.`);
    if (!answer.ok) return this.refuse(text, data.detail || answer.statusText);
    this.accept(text, data);
  }

  /** Words that cannot stand there, a story that was killed, a role that was taken away: the same again would not help. */
  refuse(text, reason) {
    this.tries = 0;
    this.refused = text;
    const said = `Not saved: ${/[.!?]$/.test(reason) ? reason : `${reason}.`}`;
    this.show(`${said} The words are kept on this device.`, true);
    say(`${this.label}. ${said}`);
  }

  accept(text, data) {
    this.tries = 0;
    this.refused = null;
    this.forgetRequest();
    this.saved = text;
    this.version = this.area.dataset.version = data.version;
    const hidden = this.area.parentElement.querySelectorAll("input[type=hidden]");
    for (const input of hidden) if (input.name.startsWith("seen-")) input.value = data.version;
    const undo = this.area.closest(".sentence").querySelector("button[name=undo]");
    if (undo) undo.value = data.version;
    if (this.area.value === text) drafts.remove(this.name);
    this.box("beside").innerHTML = data.beside;
    if (this.area.value !== text) this.count();
    this.show(`Saved ${data.time}${data.note ? ` · ${data.note}` : ""}`);
    if (document.activeElement !== this.area) say(`${this.label} saved.${data.note ? ` ${data.note}` : ""}`);
    document.dispatchEvent(new CustomEvent("bulletin:saved", { detail: { edit: data.version, story: data.story } }));
  }

  /** Somebody wrote the very same words. */
  agree(theirs) {
    this.tries = 0;
    this.forgetRequest();
    this.saved = theirs.text;
    this.version = this.area.dataset.version = theirs.version;
    drafts.remove(this.name);
    this.show(`Saved ${theirs.time}`);
  }

  get label() { return this.area.labels[0]?.textContent ?? "Sentence"; }

  /** Not now: again after a while, and as soon as the line is back. */
  later(text) {
    const wait = RETRY_MS[Math.min(this.tries++, RETRY_MS.length - 1)];
    this.show(`${text} Trying again.`, true);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  /** Two people changed one sentence: both texts stand here, and a person decides. */
  ask(theirs) {
    this.tries = 0;
    this.theirs = theirs;
    this.keep();
    const box = this.box("conflict");
    const line = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
    const button = (text, act) => {
      const one = Object.assign(line("button", text), { type: "button", className: "small" });
      one.addEventListener("click", act);
      return one;
    };
    box.replaceChildren(
      line("p", `${theirs.editor} changed this sentence${theirs.time ? ` at ${theirs.time}` : ""}:`), line("q", theirs.text || "(left out)"),
      line("p", "Yours is still in the field above. Which one stands?"),
      button("Keep mine", () => this.decide(this.area.value)), button("Take theirs", () => this.decide(theirs.text)),
    );
    box.hidden = false;
    this.show("Not saved yet: somebody else changed it.", true);
    say(`${this.label}: ${theirs.editor} changed it, too. Both texts are shown below it.`);
  }

  decide(text) {
    const theirs = this.theirs;
    this.theirs = null;
    this.forgetRequest(); // a decision is a request of its own
    this.version = theirs.version;
    this.saved = theirs.text;
    this.area.value = text;
    this.box("conflict").hidden = true;
    this.show("");
    this.area.focus();
    this.keep();
    this.save();
  }

  /** What the newsroom has now, from a colleague or after a regeneration; a field with own words keeps them. */
  refresh(fresh) {
    const version = Number(fresh.dataset.version);
    if (this.isBusy || document.activeElement === this.area) return;
    if (fresh.defaultValue !== this.area.value) this.area.value = fresh.defaultValue;
    this.saved = fresh.defaultValue;
    this.version = this.area.dataset.version = version;
  }
}

/** The autosave of a field. */
export const autosaveOf = (area) => fields.get(area);

/** Let every field below `root` save itself. */
export function startAutosave(root) {
  for (const area of root.querySelectorAll("textarea[data-name]")) if (!fields.has(area)) fields.set(area, new Autosave(area));
}

/** Save everything now; resolves when the newsroom has it. */
export const saveAll = (root = document) =>
  Promise.all([...root.querySelectorAll("textarea[data-name]")].map((area) => autosaveOf(area)?.save()));

/** Keep drafts when the page goes, and save when the line is back. */
export function watchPage() {
  forgetOldDrafts();
  addEventListener("pagehide", () => saveAll());
  document.addEventListener("visibilitychange", () => document.hidden && saveAll());
  addEventListener("online", () => saveAll());
}
