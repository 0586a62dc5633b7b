// The listener page: play, seek, chapters, words that follow. Without it the browser's own player is there.
(() => {
  "use strict";
  const audio = document.querySelector("audio");
  if (!audio) return;
  const all = (what, where = document) => [...where.querySelectorAll(what)];
  const one = (what) => document.querySelector(what);
  const start = (element) => Number(element.dataset.start);
  const seek = one(".seek");
  const done = one("#done rect");
  const hero = one(".hero");
  const bar = one(".bar");
  const follow = one(".follow");
  const parts = all(".part");
  const words = all(".said span");
  const chapters = all(".wave [data-title]").map((mark) => ({ start: start(mark), title: mark.dataset.title }));
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const length = Number(seek.max);
  let said = null;
  let chapter = -1;

  document.documentElement.classList.add("js");
  all("[hidden]").forEach((element) => { if (element !== bar) element.hidden = false; });
  audio.controls = false;

  const clock = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;
  const at = (list, time) => list.reduce((found, item, number) => (item <= time ? number : found), -1);

  function go(time, plays = true) {
    audio.currentTime = Math.min(Math.max(0, time), length);
    if (plays) audio.play().catch(() => {});
    show();
  }

  function toggle() {
    if (audio.paused) audio.play().catch(() => {});
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
  }

  function show() {
    const time = audio.currentTime;
    all(".now").forEach((element) => { element.textContent = clock(time); });
    if (document.activeElement !== seek || !seek.matches(":active")) seek.value = String(time);
    seek.setAttribute("aria-valuetext", `${clock(time)} ${seek.dataset.of} ${clock(length)}`);
    if (done) done.setAttribute("width", String((time / length) * done.ownerSVGElement.viewBox.baseVal.width));
    const isNew = audio.paused && time === 0;  // nothing has been said yet
    const now = isNew ? -1 : at(chapters.map((c) => c.start), time + 0.05);
    if (now !== chapter) showChapter(now);
    const last = isNew ? null : words[at(words.map(start), time + 0.05)] || null;
    const next = last && time < Number(last.dataset.end) + 0.4 ? last : null;
    if (next !== said) showWords(next);
  }

  function showChapter(number) {
    chapter = number;
    all(".chapter").forEach((element) => { element.textContent = number < 0 ? "" : chapters[number].title; });
    parts.forEach((part, index) => {
      const jump = part.querySelector(".jump");
      if (index === number) jump.setAttribute("aria-current", "true");
      else jump.removeAttribute("aria-current");
    });
    if (!audio.paused) describe();
  }

  function showWords(next) {
    if (said) said.classList.remove("on");
    said = next;
    if (!said) return;
    said.classList.add("on");
    if (audio.paused || !follow || follow.getAttribute("aria-pressed") !== "true") return;
    const box = said.getBoundingClientRect();
    if (box.top < 80 || box.bottom > innerHeight - 120) {
      said.scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
    }
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
    if (to) go(to.start);
  }

  all("button.play").forEach((button) => button.addEventListener("click", toggle));
  all(".jump").forEach((link) => link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(start(link.closest(".part")));
  }));
  seek.addEventListener("input", () => go(Number(seek.value), false));
  seek.addEventListener("keydown", (event) => {
    const to = { ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5, PageDown: -15, PageUp: 15 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(audio.currentTime + to, false);
  });
  ["play", "pause", "ended"].forEach((name) => audio.addEventListener(name, showState));
  ["timeupdate", "seeked"].forEach((name) => audio.addEventListener(name, show));
  if (follow) {
    follow.addEventListener("click", () => {
      follow.setAttribute("aria-pressed", String(follow.getAttribute("aria-pressed") !== "true"));
    });
    ["wheel", "touchmove"].forEach((name) => addEventListener(name, () => {
      if (!audio.paused) follow.setAttribute("aria-pressed", "false");
    }, { passive: true }));
  }
  if (bar && "IntersectionObserver" in window) {
    new IntersectionObserver(([entry]) => { bar.hidden = entry.isIntersecting; }).observe(hero);
  }
  if ("mediaSession" in navigator) {
    const acts = {
      play: toggle,
      pause: toggle,
      previoustrack: () => step(-1),
      nexttrack: () => step(1),
      seekbackward: (how) => go(audio.currentTime - (how.seekOffset || 10)),
      seekforward: (how) => go(audio.currentTime + (how.seekOffset || 10)),
      seekto: (how) => go(how.seekTime),
    };
    for (const [name, act] of Object.entries(acts)) {
      try { navigator.mediaSession.setActionHandler(name, act); } catch { /* an older browser lacks some */ }
    }
  }
  const asked = /^#t=(\d+(?:\.\d+)?)$/.exec(location.hash);
  if (asked) go(Number(asked[1]), false);
  show();
})();
