// The listener page: play, seek, chapters, words that follow. Without it the browser's own player is there.
(() => {
  "use strict";
  const audio = document.querySelector("audio");
  if (!audio) return;
  const all = (what, where = document) => [...where.querySelectorAll(what)];
  const one = (what) => document.querySelector(what);
  const start = (element) => Number(element.dataset.start);
  const seeks = all(".seek");
  const done = one("#done rect");
  const bar = one(".bar");
  const follow = one(".follow");
  const back = one(".back");
  const failed = one(".failed");
  const parts = all(".part");
  const words = all(".said span");
  const side = one(".side");
  if (side) {  // a wide screen has the headlines beside the words
    side.append(...all(".index").map((list) => list.cloneNode(true)));
    side.hidden = false;
  }
  const heads = all(".to");
  const chapters = parts.length
    ? parts.map((part) => ({ start: start(part), title: part.querySelector(".jump .head").textContent }))
    : all(".wave [data-title]").map((mark) => ({ start: start(mark), title: mark.dataset.title }));
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const length = Number(seeks[0].max);
  let said = null;
  let chapter = -1;
  let isSeek = false;  // these words come from a seek, not from playing
  let scrollsUntil = 0;  // our own scroll lasts until then
  let wanted = null;  // place in a sound that is not loaded yet: Safari forgets what is set before

  document.documentElement.classList.add("js");
  all("[data-script]").forEach((element) => { element.hidden = false; });
  audio.controls = false;

  const clock = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;
  const at = (list, time) => list.reduce((found, item, number) => (item <= time ? number : found), -1);

  const time = () => (wanted === null ? audio.currentTime : wanted);

  function go(to, plays = true) {
    place(Math.min(Math.max(0, to), length));
    if (plays) play();
    showSeek();
  }

  function place(to) {
    wanted = audio.readyState === 0 ? to : null;
    audio.currentTime = to;
    if (wanted !== null) audio.dispatchEvent(new Event("timeupdate"));
  }

  function arrive() {
    if (wanted !== null && Math.abs(audio.currentTime - wanted) > 1) audio.currentTime = wanted;
  }

  function showSeek() {
    isSeek = true;
    show();
    isSeek = false;
  }

  function play() {
    if (audio.error) {  // it is never tried again by itself
      const to = time();
      audio.load();
      place(to);
    }
    if (failed) failed.hidden = true;
    audio.play().catch(() => {});
  }

  function toggle() {
    if (audio.paused) play();
    else audio.pause();
  }

  function showState() {
    const plays = !audio.paused;
    document.documentElement.classList.toggle("plays", plays);
    all("button.play").forEach((button) => {
      button.setAttribute("aria-label", plays ? button.dataset.pause : button.dataset.play);
    });
    if ("mediaSession" in navigator) navigator.mediaSession.playbackState = plays ? "playing" : "paused";
    if (plays) describe();
    showBack();
  }

  function show() {
    const present = time();
    all(".now").forEach((element) => { element.textContent = clock(present); });
    seeks.forEach((seek) => {
      if (!seek.matches(":active")) seek.value = String(present);
      seek.style.setProperty("--at", `${(present / length) * 100}%`);
      seek.setAttribute("aria-valuetext", `${clock(present)} ${seek.dataset.of} ${clock(length)}`);
    });
    if (done) done.setAttribute("width", String((present / length) * done.ownerSVGElement.viewBox.baseVal.width));
    const isNew = audio.paused && present === 0;  // nothing has been said yet
    const now = isNew ? -1 : at(chapters.map((c) => c.start), present + 0.05);
    if (now !== chapter) showChapter(now);
    const last = isNew ? null : words[at(words.map(start), present + 0.05)] || null;
    const next = last && present < Number(last.dataset.end) + 0.4 ? last : null;
    if (next !== said) showWords(next);
  }

  function showChapter(number) {
    chapter = number;
    all(".chapter").forEach((element) => { element.textContent = number < 0 ? "" : chapters[number].title; });
    const mark = (link, isNow) => (isNow ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current"));
    parts.forEach((part, index) => {
      part.classList.toggle("current", index === number);
      mark(part.querySelector(".jump"), index === number);
    });
    heads.forEach((link) => mark(link, isHeadOf(link, number)));
    if (!audio.paused) describe();
  }

  function showWords(next) {
    if (said) said.classList.remove("on");
    said = next;
    if (said) {
      said.classList.add("on");
      if (!isSeek && mayScroll()) scrollToWords();
    }
    showBack();
  }

  const follows = () => follow && follow.getAttribute("aria-pressed") === "true";

  /** Only while playing, and while the focus is nowhere, or on a control whose place does not matter. */
  function mayScroll() {
    if (audio.paused || !follows()) return false;
    const focus = document.activeElement;
    return !focus || focus === document.body || focus.matches("button.play, .follow, .back, .side .to, .jump[aria-current]");
  }

  const isHeadOf = (link, number) => number >= 0 && parts[number] && link.hash === `#${parts[number].id}`;

  function isInView(above, below, element = said) {
    const box = element.getBoundingClientRect();
    return box.height > 0 && box.top >= above && box.bottom <= innerHeight - below;
  }

  function scrollToWords() {
    const above = all(".order .to");  // seen on a phone only
    const head = above.find((link) => isHeadOf(link, chapter)) || above[0];
    if (isInView(80, 120) || (head && isInView(0, 0, head))) return;
    scrollsUntil = performance.now() + 1200;
    said.scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
  }

  function setFollow(on) {
    follow.setAttribute("aria-pressed", String(on));
    if (on && said && !audio.paused) scrollToWords();
    showBack();
  }

  /** Where the page does not scroll by itself, the bar offers the way back to the words, unless they are in view. */
  function showBack() {
    if (!back) return;
    if (audio.paused || mayScroll()) back.hidden = true;
    else if (said) back.hidden = isInView(0, 60);
  }

  /** A scroll by hand ends it; a finger on the seek line, or a key in a field, scrolls nothing. */
  function release(event) {
    const isField = event.target instanceof Element && event.target.matches("input, select");
    if (!isField && !audio.paused && follows()) setFollow(false);
  }

  function describe() {
    if (!("mediaSession" in navigator) || !window.MediaMetadata) return;
    const data = audio.dataset;
    const told = chapter >= 0 ? chapters[chapter].title : data.title;
    const cover = data.cover && location.protocol.startsWith("http") ? new URL(data.cover, location.href).href : "";
    navigator.mediaSession.metadata = new MediaMetadata({
      title: told,
      artist: data.artist,
      album: data.title,
      artwork: cover ? [{ src: cover, sizes: "600x600", type: "image/jpeg" }] : [],
    });
    if (navigator.mediaSession.setPositionState && audio.duration > 0 && isFinite(audio.duration)) {
      navigator.mediaSession.setPositionState({
        duration: audio.duration,
        position: Math.min(audio.currentTime, audio.duration),
        playbackRate: audio.playbackRate,
      });
    }
  }

  function step(by) {
    const to = chapters[Math.min(Math.max(0, chapter + by), chapters.length - 1)];
    if (to) go(to.start, !audio.paused);
  }

  all("button.play").forEach((button) => button.addEventListener("click", toggle));
  all(".skip-by").forEach((button) => button.addEventListener("click", () => {
    go(time() + Number(button.dataset.by), false);
  }));
  all(".jump").forEach((link) => link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(start(link.closest(".part")));
  }));
  heads.forEach((link) => link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const part = one(link.hash);
    if (follow) follow.setAttribute("aria-pressed", "true");
    go(start(part));
    scrollsUntil = performance.now() + 1200;
    part.scrollIntoView({ behavior: calm.matches ? "auto" : "smooth" });
  }));
  seeks.forEach((seek) => {
    seek.addEventListener("input", () => go(Number(seek.value), false));
    seek.addEventListener("keydown", (event) => {
      const to = { ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5, PageDown: -15, PageUp: 15 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      go(time() + to, false);
    });
  });
  ["play", "pause", "ended"].forEach((name) => audio.addEventListener(name, showState));
  ["timeupdate", "seeked"].forEach((name) => audio.addEventListener(name, show));
  audio.addEventListener("seeking", showSeek);
  audio.addEventListener("loadedmetadata", arrive);
  ["canplay", "playing"].forEach((name) => audio.addEventListener(name, () => {
    arrive();
    wanted = null;
  }));
  audio.addEventListener("error", () => {
    audio.pause();
    if (failed) failed.hidden = false;
  });
  audio.addEventListener("ratechange", describe);
  if (follow) {
    follow.addEventListener("click", () => setFollow(!follows()));
    if (back) back.addEventListener("click", () => setFollow(true));
    ["focusin", "focusout"].forEach((name) => addEventListener(name, showBack));
    ["wheel", "touchmove"].forEach((name) => addEventListener(name, release, { passive: true }));
    addEventListener("keydown", (event) => {
      if (["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown"].includes(event.key)) release(event);
    });
    addEventListener("scroll", (event) => {
      if (performance.now() > scrollsUntil) release(event);
      showBack();
    }, { passive: true });
  }
  if (bar && "IntersectionObserver" in window) {
    new IntersectionObserver(([entry]) => { bar.hidden = entry.isIntersecting; }, { rootMargin: "-16px 0px" })
      .observe(one(".tools .play"));
  }
  if ("mediaSession" in navigator) {
    const acts = {
      play: toggle,
      pause: toggle,
      previoustrack: () => step(-1),
      nexttrack: () => step(1),
      seekbackward: (how) => go(time() - (how.seekOffset || 10), false),
      seekforward: (how) => go(time() + (how.seekOffset || 10), false),
      seekto: (how) => go(how.seekTime, false),
    };
    for (const [name, act] of Object.entries(acts)) {
      try { navigator.mediaSession.setActionHandler(name, act); } catch { /* an older browser lacks some */ }
    }
  }
  window.bulletinPage = Object.freeze({ audio, all, one, clock, go, time, toggle, step, length, chapters, follow: () => follow && follow.click() });
  show();
})();
