// Keeps the shell and the decoder on the device, so that the app starts without a network.
// The build puts in its name and the list of its files.
const BUILD = "__BUILD__";
const PRECACHE = "__PRECACHE__";

const PREFIX = "shell-";
const CACHE = PREFIX + BUILD;
/** Paths that are always the server's: data, messages, and pages that are not part of the app. */
const NEVER = /^\/(api|socket\.io|api-docs|connect|check|01|service-worker\.js)(\/|$)/;

self.addEventListener("install", event => {
  event.waitUntil(precache());
});

self.addEventListener("activate", event => {
  event.waitUntil(self.clients.claim().then(forgetUnusedBuilds));
});

self.addEventListener("message", event => {
  if (event.data?.kind === "take over") self.skipWaiting();
  if (event.data?.kind === "started") event.waitUntil(forgetUnusedBuilds());
});

self.addEventListener("fetch", event => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method === "POST" && url.pathname === "/share" && url.origin === self.location.origin) {
    event.respondWith(takeShared(request));
    return;
  }
  if (request.method !== "GET" || url.origin !== self.location.origin || NEVER.test(url.pathname)) return;
  event.respondWith(request.mode === "navigate" ? shell(request) : asset(request));
});

async function precache() {
  const cache = await caches.open(CACHE);
  // "/" keeps its name over the builds: never take it from the HTTP cache.
  await cache.addAll(PRECACHE.map(url => new Request(url, { cache: url === "/" ? "reload" : "default" })));
}

/** Every address of the app is the same page; its router does the rest. */
async function shell(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match("/")) ?? fetch(request);
}

/** File names carry a hash of their content, so any build's cache will do: tabs of the last build find theirs. */
async function asset(request) {
  return (await caches.match(request)) ?? fetch(request);
}

/** Another app shares a picture of a label: the app reads it, so keep it and open the app. Nothing goes out. */
async function takeShared(request) {
  const form = await request.formData();
  const picture = form.getAll("picture").find(part => part instanceof Blob && part.size > 0);
  if (picture) await storeShared({ type: picture.type, bytes: await picture.arrayBuffer() });
  return Response.redirect("/find?shared", 303);
}

/** src/scan/shared-picture.ts takes it from there. */
function storeShared(picture) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("serialtrail-shared", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("pictures", { autoIncrement: true });
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const db = opening.result;
      const tx = db.transaction("pictures", "readwrite");
      tx.objectStore("pictures").add(picture);
      tx.oncomplete = () => {
        db.close();
        resolve();
      };
      tx.onabort = () => reject(tx.error);
    };
  });
}

/**
 * Deletes the caches of builds that no open tab runs any more. A tab that does not answer (asleep, or still
 * starting) keeps everything for now.
 */
async function forgetUnusedBuilds() {
  const clients = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const scripts = await Promise.all(clients.map(mainScriptOf));
  if (scripts.includes(null)) return;
  for (const name of await caches.keys()) {
    if (!name.startsWith(PREFIX) || name === CACHE) continue;
    const cache = await caches.open(name);
    const found = await Promise.all(scripts.map(url => cache.match(url)));
    if (!found.some(Boolean)) await caches.delete(name);
  }
}

/** Asks a tab for the address of its main script, which names its build; null without an answer in two seconds. */
function mainScriptOf(client) {
  return new Promise(resolve => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = event => resolve(event.data);
    setTimeout(resolve, 2000, null);
    client.postMessage({ kind: "which build" }, [port2]);
  });
}
