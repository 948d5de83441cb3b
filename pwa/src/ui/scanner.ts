/** Camera and pictures bring their own code along: the first screen is there before it. */
import { late } from "./late";

const load = () => import("./scanner-parts");

export const ScanCamera = late(async () => (await load()).ScanCamera);
export const PictureDialog = late(async () => (await load()).PictureDialog);
export const BadLabelDialog = late(async () => (await load()).BadLabelDialog);

/** Gets the code before it is needed, so that the first tap does not wait for it. */
export function fetchScanner(): void {
  void load().catch(() => {});
}
