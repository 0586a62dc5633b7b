// What changes by itself: the bulletin's age, the next one, a new bulletin, the music of the live stream.
(() => {
  "use strict";
  const one = (what) => document.querySelector(what);
  const root = one("link[rel=stylesheet]").getAttribute("href").replace(/[^/]*$/, "");
  const isWeb = location.protocol.startsWith("http");
  const audio = one("audio");
  const EVERY_MS = 60_000;

  // ---- Age of the bulletin
  const age = one(".age");
  const next = one(".next");
  let coming = [];
  function ago(count, unit) {
    try {
      return new Intl.RelativeTimeFormat(document.documentElement.lang).format(count, unit);
    } catch { return new Intl.RelativeTimeFormat().format(count, unit); }
  }
  function showAge() {
    if (age && "RelativeTimeFormat" in Intl) {
      const minutes = Math.round((Date.now() - Date.parse(age.dateTime)) / 60_000);
      const [count, unit] = minutes < 60 ? [minutes, "minute"]
        : minutes < 2880 ? [Math.round(minutes / 60), "hour"] : [Math.round(minutes / 1440), "day"];
      if (count >= 0) {
        age.classList.add("known");
        age.title = age.title || age.firstChild.textContent;
        age.lastChild.textContent = `${age.dataset.before} ${ago(-count, unit)}`;
      }
    }
    const slot = coming.find((item) => Date.parse(item.at) > Date.now());
    const now = slot && (slot.texts || []).find((item) => Date.parse(item.until) > Date.now());
    if (next && coming.length) next.textContent = slot ? (now || slot).text : "";
    else if (next && Date.parse(next.dataset.at) < Date.now()) next.textContent = "";
  }
  showAge();
  setInterval(showAge, 20_000);

  // ---- A new bulletin: at once where nothing plays, else behind a button
  const news = one(".fresh-bulletin");
  const strip = one(".strip");
  const isFront = document.body.dataset.front === "true";
  const shown = audio ? audio.dataset.page.split("/").pop() : "";
  let newest = shown;
  const isIdle = () => (!audio || audio.paused) && (!audio || window.bulletinPage.time() === 0 || audio.ended)
    && scrollY < 200 && (!document.activeElement || document.activeElement === document.body)
    && String(getSelection()) === "";

  /** Load the page again, once for each bulletin: a cache may still have the old one. */
  function reload() {
    try {
      if (sessionStorage.getItem("bulletin reloaded") === newest) return false;
      sessionStorage.setItem("bulletin reloaded", newest);
    } catch { return false; }
    location.reload();
    return true;
  }
  function offer() {
    if (newest !== shown && isFront && isIdle() && reload()) return;
    if (news) news.hidden = newest === shown || !newest;
  }
  async function look() {
    if (document.hidden || !isWeb) return;
    try {
      // the browser sends the ETag of the last answer; an unchanged file costs a 304
      const answer = await fetch(`${root}now.json`, { cache: "no-cache" });
      if (!answer.ok) return;
      const data = await answer.json();
      coming = data.next || [];
      showAge();
      newest = data.page || "";
      if (news) news.querySelector("b").textContent = data.title || "";
      if (isFront) offer();
      else if (strip && newest === shown) showNewest();
    } catch { /* offline: the page stays as it is */ }
  }
  /** The page of the newest bulletin is not yet one of the archive. */
  function showNewest() {
    strip.firstElementChild.textContent = strip.dataset.newest;
    strip.querySelector("a").hidden = true;
  }
  if (isFront) {
    setInterval(look, EVERY_MS);
    document.addEventListener("visibilitychange", look);
    if (audio) audio.addEventListener("ended", offer);
  }
  if (isFront || strip) look();

  // ---- Title on air, from the status of the live stream's Icecast server
  const onAir = one(".now-playing");
  /** The mount of the stream, else the first with a title. */
  function titleOf(data) {
    const sources = [data && data.icestats && data.icestats.source].flat().filter((source) => source && typeof source === "object");
    const path = (address) => { try { return new URL(address).pathname; } catch { return ""; } };
    const stream = path(onAir.dataset.stream);
    const source = sources.find((item) => stream && path(item.listenurl) === stream)
      || sources.find((item) => item.title || item.yp_currently_playing);
    if (!source) return "";
    const words = source.title || source.yp_currently_playing || "";
    return String(source.artist ? `${source.artist} – ${words}` : words).slice(0, 200);
  }
  async function lookOnAir() {
    if (document.hidden) return;
    try {
      const answer = await fetch(onAir.dataset.status, { cache: "no-store", credentials: "omit" });
      const title = answer.ok ? titleOf(await answer.json()) : "";
      onAir.querySelector("b").textContent = title;
      onAir.hidden = !title;
    } catch { onAir.hidden = true; }
  }
  if (onAir && isWeb) {
    setInterval(lookOnAir, 30_000);
    document.addEventListener("visibilitychange", lookOnAir);
    lookOnAir();
  }

  // ---- Without a network: the front page, and the sound once it was played here or the page is installed
  async function keepOffline() {
    try {
      await navigator.serviceWorker.register(`${root}sw.js`);
      const { active } = await navigator.serviceWorker.ready;
      if (!audio || (navigator.connection && navigator.connection.saveData)) return;
      const keep = () => active.postMessage({ keep: audio.src });
      if (matchMedia("(display-mode: standalone)").matches || !audio.paused) keep();
      else audio.addEventListener("play", keep, { once: true });
    } catch { /* a browser that forbids it reads the page from the network */ }
  }
  if (document.body.classList.contains("page") && isFront && "serviceWorker" in navigator && isSecureContext) {
    if (document.readyState === "complete") keepOffline();
    else addEventListener("load", keepOffline);
  }
})();
