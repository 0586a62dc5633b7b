// Service worker: the pages' own files, the front page, and the newest bulletin's sound for when there is no network.
"use strict";
const KEPT = `bulletin ${self.registration.scope}`;
const FRONT = "index.html";
const PLAYER = "player.html";
const PATIENCE_MS = 5000;
const within = (name) => new URL(name, self.registration.scope).href;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(KEPT);
    await cache.addAll([new Request(within(FRONT), { cache: "reload" }), ...ASSETS.map(within)]);
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(KEPT);
    const wanted = new Set(ASSETS.map(within));
    for (const request of await cache.keys()) {
      if (/-[0-9a-f]{8}\.\w+$/.test(request.url) && !wanted.has(request.url)) await cache.delete(request);
    }
    await self.clients.claim();
  })());
});

/** The page may ask to keep the sound that it plays. */
self.addEventListener("message", (event) => {
  const { keep } = event.data || {};
  if (typeof keep === "string" && keep.startsWith(self.registration.scope)) event.waitUntil(keepSound(keep));
});

async function keepSound(url) {
  const cache = await caches.open(KEPT);
  if (await cache.match(url)) return;
  const answer = await fetch(url);
  if (answer.status !== 200) return;
  await forgetSounds(cache, url);
  await cache.put(url, answer);
}

/** Keeps one sound at most: an earlier one may have been withdrawn. */
async function forgetSounds(cache, except) {
  for (const request of await cache.keys()) {
    if (request.url.endsWith(".mp3") && request.url !== except) await cache.delete(request);
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = request.url.split("#")[0];
  if (request.method !== "GET" || !url.startsWith(self.registration.scope)) return;
  const name = url.slice(self.registration.scope.length).split("?")[0];
  if (ASSETS.includes(name)) event.respondWith(fromCache(request));
  else if (name.endsWith(".mp3")) event.respondWith(sound(request, url));
  else if (name === "now.json") event.respondWith(newest(event));
  else if (request.mode !== "navigate") return;
  else if (name === "" || name === FRONT) event.respondWith(front(event));
  else if (name.endsWith(".html") && name !== PLAYER) event.respondWith(fetch(request).catch(() => Response.redirect(within(`${FRONT}#`))));
});

async function fromCache(request) {
  return await caches.match(request) || fetch(request);
}

/** From the network; after some seconds, or without one, the page kept last. */
async function front(event) {
  const cache = await caches.open(KEPT);
  const fresh = fetch(event.request);
  event.waitUntil(fresh.then((answer) => answer.ok && keepFront(cache, answer.clone())).catch(() => {}));
  const late = new Promise((done) => { setTimeout(done, PATIENCE_MS); });
  try {
    const answer = await Promise.race([fresh, late]);
    return answer || await cache.match(within(FRONT)) || await fresh;
  } catch {
    return await cache.match(within(FRONT)) || Response.error();
  }
}

/** A full storage keeps the page from being kept, never from being shown; the sound makes room for the next one. */
async function keepFront(cache, answer) {
  try {
    await cache.put(within(FRONT), answer);
  } catch { await forgetSounds(cache, ""); }
}

/** Tells which bulletin is the newest, so the sound of another one is forgotten. */
async function newest(event) {
  const answer = await fetch(event.request);
  if (answer.ok) event.waitUntil(forgetOlder(answer.clone()).catch(() => {}));
  return answer;
}

async function forgetOlder(answer) {
  const { page } = await answer.json();
  if (typeof page === "string") await forgetSounds(await caches.open(KEPT), within(`${page}.mp3`));
}

/** The kept sound, also a part of it: players ask for ranges. */
async function sound(request, url) {
  const kept = await (await caches.open(KEPT)).match(url);
  if (!kept) return fetch(request);
  const asked = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("Range") || "");
  if (!asked) return kept;
  const whole = await kept.blob();
  const first = Number(asked[1]);
  const last = Math.min(asked[2] ? Number(asked[2]) : whole.size - 1, whole.size - 1);
  if (first > last) return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${whole.size}` } });
  return new Response(whole.slice(first, last + 1, whole.type), {
    status: 206,
    headers: {
      "Content-Type": kept.headers.get("Content-Type") || "audio/mpeg",
      "Content-Range": `bytes ${first}-${last}/${whole.size}`,
      "Content-Length": String(last - first + 1),
      "Accept-Ranges": "bytes",
    },
  });
}
