import { type Device, database } from "./db";

/** This installation: an id made once, and a name that a person can tell apart on the board. */
export async function thisDevice(): Promise<Device> {
  const db = await database();
  const tx = db.transaction("meta", "readwrite", { durability: "strict" });
  let device = (await tx.store.get("device")) as Device | undefined;
  if (!device) {
    const id = crypto.randomUUID();
    device = { id, name: `${platform()} ${id.slice(0, 4).toUpperCase()}` };
    await tx.store.put(device, "device");
  }
  await tx.done;
  return device;
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
