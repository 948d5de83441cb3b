import { type Device, database } from "./db";

/** Outlives the database when the browser throws only that away. */
const REMEMBERED = "serialtrail.device";

/**
 * This installation: an id made once, and a name that a person can tell apart on the board. When the browser
 * has cleared the database, it stays the same device: the server then sees which of its numbers never came.
 */
export async function thisDevice(): Promise<Device> {
  const db = await database();
  const tx = db.transaction("meta", "readwrite", { durability: "strict" });
  let device = (await tx.store.get("device")) as Device | undefined;
  if (!device) {
    device = remembered() ?? newDevice();
    await tx.store.put(device, "device");
  }
  await tx.done;
  // A service worker has no localStorage, and does not need it.
  if (typeof localStorage !== "undefined") localStorage.setItem(REMEMBERED, JSON.stringify(device));
  return device;
}

function newDevice(): Device {
  const id = crypto.randomUUID();
  return { id, name: `${platform()} ${id.slice(0, 4).toUpperCase()}` };
}

function remembered(): Device | null {
  try {
    return JSON.parse(localStorage.getItem(REMEMBERED) ?? "null");
  } catch {
    return null;
  }
}

function platform(): string {
  const agent = navigator.userAgent;
  const model = /Android [\d.]+; ([^;)]+?)(?: Build\/[^;)]*)?[;)]/.exec(agent)?.[1];
  // Chrome sends the single letter K in place of the model.
  if (model && model !== "K") return model;
  if (/Android/.test(agent)) return "Android";
  if (/iPhone/.test(agent)) return "iPhone";
  if (/iPad/.test(agent)) return "iPad";
  if (/Windows/.test(agent)) return "Windows";
  return /Mac OS X/.test(agent) ? "Mac" : "Linux";
}
