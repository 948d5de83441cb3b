import { startKeeping } from "./catalogue";
import { startGreeting } from "./greeting";

/** What goes on beside the screens as long as the app is open. */
export function start(): void {
  startGreeting();
  startKeeping();
}
