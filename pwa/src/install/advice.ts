import { unsentCount } from "../offline/unsent";

/** How this browser puts the app on the home screen; null where it cannot, or where nobody has to do it. */
export type Way = "ask" | "ios_safari" | "ios_elsewhere" | "android_firefox" | "android_menu" | "mac_safari";

/** What the way is chosen by; of `navigator` and `matchMedia` in the app. */
export interface Surroundings {
  userAgent: string;
  /** An iPad says that it is a Mac, but a Mac has no touch screen. */
  touchPoints: number;
  isInstalled: boolean;
  canAsk: boolean;
  /** What waits on this device: on an iPhone the installed app has a storage of its own, and would not have it. */
  unsent: number;
}

/** The way for a browser. Who has installed it is never asked. */
export function wayToInstall({
  userAgent,
  touchPoints,
  isInstalled,
  canAsk,
  unsent,
}: Surroundings): Way | null {
  if (isInstalled || unsent > 0) return null;
  if (canAsk) return "ask";
  const isApple = /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && touchPoints > 1);
  if (isApple) return /CriOS|FxiOS|EdgiOS/.test(userAgent) ? "ios_elsewhere" : "ios_safari";
  if (/Android/.test(userAgent)) return /Firefox/.test(userAgent) ? "android_firefox" : "android_menu";
  // Firefox at a desk installs nothing; Chrome and Edge ask by themselves as soon as they can.
  return /Macintosh.*Safari/.test(userAgent) && !/Chrome|Firefox/.test(userAgent) ? "mac_safari" : null;
}

export function surroundings(canAsk: boolean): Surroundings {
  return {
    userAgent: navigator.userAgent,
    touchPoints: navigator.maxTouchPoints,
    isInstalled: isInstalled(),
    canAsk,
    unsent: unsentCount.value,
  };
}

/** Opened from the home screen; old iPhones say it by a word of their own. */
const isInstalled = (): boolean =>
  matchMedia("(display-mode: standalone)").matches ||
  (navigator as { standalone?: boolean }).standalone === true;
