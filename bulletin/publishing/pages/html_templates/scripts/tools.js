// Tools beside the player: speed, keys, link to a moment, share, position kept for the next visit.
(() => {
  "use strict";
  const page = window.bulletinPage;
  if (!page) return;
  const { audio, one, clock, go, time, length, chapters } = page;
  const SPEEDS = [0.75, 1, 1.25, 1.5, 2];
  const folder = location.pathname.replace(/[^/]*$/, "");
  const shown = audio.dataset.page;

  /** What this browser keeps for this station; a browser that keeps nothing gives nothing. */
  const kept = {
    read(name) {
      try { return JSON.parse(localStorage.getItem(`bulletin ${folder}${name}`)); } catch { return null; }
    },
    write(name, value) {
      try { localStorage.setItem(`bulletin ${folder}${name}`, JSON.stringify(value)); } catch { /* full, or forbidden */ }
    },
  };

  // ---- Speed
  const speed = one(".speed select");
  function setSpeed(rate) {
    if (!SPEEDS.includes(rate)) return;
    audio.defaultPlaybackRate = audio.playbackRate = rate;
    if (speed) speed.value = String(rate);
    kept.write("speed", rate);
  }
  if (speed) speed.addEventListener("change", () => setSpeed(Number(speed.value)));
  const rate = kept.read("speed");
  if (rate && rate !== 1) setSpeed(rate);
  const faster = (by) => setSpeed(SPEEDS[SPEEDS.indexOf(audio.playbackRate) + by]);

  // ---- Link to a moment
  const told = one(".told");
  const copy = one(".copy");
  const share = one(".share");
  let quiet = 0;
  function tell(text) {
    if (!told) return;
    told.textContent = text;
    clearTimeout(quiet);
    quiet = setTimeout(() => { told.textContent = ""; }, 4000);
  }
  function momentLink() {
    const url = new URL(`${shown}.html`, location.href);
    const second = Math.floor(time());
    if (second > 0) url.hash = `t=${second}`;
    return url.href;
  }
  async function copyLink() {
    const link = momentLink();
    try {
      await navigator.clipboard.writeText(link);
    } catch {  // without https there is no clipboard of that kind
      const field = Object.assign(document.createElement("textarea"), { value: link, className: "off-screen" });
      document.body.append(field);
      field.select();
      const works = document.execCommand("copy");
      field.remove();
      if (!works) return tell(link);
    }
    tell(time() < 1 ? copy.dataset.done : `${copy.dataset.done} (${clock(time())})`);
  }
  if (copy) {
    const label = copy.querySelector("b");
    copy.addEventListener("click", () => { copyLink(); copy.focus(); });
    ["timeupdate", "seeking"].forEach((name) => audio.addEventListener(name, () => {
      label.textContent = time() < 1 ? "" : ` ${copy.dataset.at} ${clock(time())}`;
    }));
  }
  if (share && navigator.share) {
    share.hidden = false;
    share.addEventListener("click", () => {
      navigator.share({ title: audio.dataset.title, url: momentLink() }).catch(() => {});
    });
  }

  // ---- Position: a moment of the address comes first, then that of the last visit
  const resume = one(".resume");
  function asked() {
    const match = /^#t=(?:(\d+):)?(\d+(?:\.\d+)?)/.exec(location.hash);
    return match && Number(match[1] || 0) * 60 + Number(match[2]);
  }
  function keepPosition() {
    const places = Object.entries(kept.read("places") || {}).filter(([name]) => name !== shown).slice(-7);
    const present = time();
    if (present > 5 && present < length - 5) places.push([shown, Math.floor(present)]);
    kept.write("places", Object.fromEntries(places));
  }
  function resumeAt() {
    if (location.hash === "#play") return go(0);  // a browser may forbid it
    const moment = asked();
    if (moment !== null) return go(moment, false);
    const place = (kept.read("places") || {})[shown];
    if (!(place > 5 && place < length - 5)) return undefined;
    go(place, false);
    if (resume) {
      resume.querySelector("b").textContent = clock(place);
      resume.hidden = false;
    }
    return undefined;
  }
  if (resume) {
    resume.querySelector("button").addEventListener("click", () => {
      go(0, false);
      keepPosition();
      resume.hidden = true;
      one("button.play").focus();
    });
    audio.addEventListener("play", () => { resume.hidden = true; });
  }
  let saved = 0;
  audio.addEventListener("timeupdate", () => {
    if (Math.abs(time() - saved) < 5 || audio.paused) return;
    saved = time();
    keepPosition();
  });
  ["pause", "ended"].forEach((name) => audio.addEventListener(name, keepPosition));
  addEventListener("pagehide", () => { if (time() > 0) keepPosition(); });
  addEventListener("hashchange", () => { if (asked() !== null) go(asked(), !audio.paused); });

  // ---- The story below the pointer or finger
  const hint = one(".hint");
  const line = one(".wave .seek");
  if (hint && line) {
    const tellStory = (event) => {
      const { left, width } = line.getBoundingClientRect();
      const x = Math.min(Math.max(0, event.clientX - left), width);
      const at = (x / width) * length;
      const chapter = chapters.filter((item) => item.start <= at).pop();
      hint.hidden = false;
      hint.textContent = chapter ? `${clock(at)} ${chapter.title}` : clock(at);
      hint.style.left = `${Math.min(Math.max(0, x - hint.offsetWidth / 2), width - hint.offsetWidth)}px`;
    };
    const hide = () => { hint.hidden = true; };
    ["pointerdown", "pointermove"].forEach((name) => line.addEventListener(name, tellStory));
    ["pointerleave", "pointercancel"].forEach((name) => line.addEventListener(name, hide));
    line.addEventListener("pointerup", (event) => { if (event.pointerType !== "mouse") hide(); });
  }

  // ---- Keys; letters alone can be switched off (WCAG 2.2, 2.1.4)
  const keys = one(".keys");
  const switched = keys && keys.querySelector("input");
  const isOff = () => (switched ? !switched.checked : kept.read("keys") === false);
  const acts = {
    " ": page.toggle,
    k: page.toggle,
    j: () => go(time() - 10, false),
    l: () => go(time() + 10, false),
    ArrowLeft: () => go(time() - 10, false),
    ArrowRight: () => go(time() + 10, false),
    p: () => page.step(-1),
    n: () => page.step(1),
    0: () => go(0, false),
    "<": () => faster(-1),
    ">": () => faster(1),
    f: page.follow,
    c: () => copy && copyLink(),
    "?": () => { if (keys) { keys.open = true; keys.querySelector("summary").focus(); } },
  };
  if (switched) {
    switched.checked = kept.read("keys") !== false;
    switched.addEventListener("change", () => kept.write("keys", switched.checked));
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (isOff()) return;
    const focus = event.target instanceof Element ? event.target : document.body;
    if (focus.matches("input, select, textarea, [contenteditable]")) return;
    if (event.key === " " && focus.matches("button, summary, a")) return;
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  resumeAt();
})();
