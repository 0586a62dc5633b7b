// Service worker: the pages' own files, the front page, and the newest bulletin's sound for when there is no network.
"use strict";
const KEPT = `bulletin ${self.registration.scope}`;
const FRONT = "index.html";
const PATIENCE_MS = 5000;
const within = (name) => new URL(name, self.registration.scope).href;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(KEPT);
    await cache.addAll([FRONT, ...ASSETS].map(within));
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
  else if (name === "now.json") event.respondWith(newest(request));
  else if (request.mode === "navigate") event.respondWith(page(request, name));
});

async function fromCache(request) {
  return await caches.match(request) || fetch(request);
}

/** From the network; after some seconds, or without one, the page kept last. */
async function page(request, name) {
  const cache = await caches.open(KEPT);
  const isFront = name === "" || name === FRONT;
  const fresh = fetch(request).then(async (answer) => {
    if (isFront && answer.ok) await cache.put(within(FRONT), answer.clone());
    return answer;
  });
  const late = new Promise((done) => { setTimeout(done, PATIENCE_MS); });
  try {
    const answer = await Promise.race([fresh, isFront ? late : fresh]);
    return answer || await cache.match(within(FRONT)) || await fresh;
  } catch {
    return await cache.match(within(FRONT)) || Response.error();
  }
}

/** Tells which bulletin is the newest, so the sound of another one is forgotten. */
async function newest(request) {
  const answer = await fetch(request);
  if (answer.ok) {
    const data = await answer.clone().json().catch(() => ({}));
    if (typeof data.page === "string") await forgetSounds(await caches.open(KEPT), within(`${data.page}.mp3`));
  }
  return answer;
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
