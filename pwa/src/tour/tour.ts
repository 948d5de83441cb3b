import { signal } from "@preact/signals";

/** Where a person is in a tour; kept on the device, so that it goes on after the app was closed. */
export interface Place {
  name: string;
  step: number;
}

const KEY = "serialtrail.tour";

function kept(): Place | null {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "null");
  } catch {
    return null;
  }
}

export const tour = signal<Place | null>(kept());

/** Begins a tour, goes on in it, or leaves it with null. */
export function goTo(place: Place | null): void {
  if (place) localStorage.setItem(KEY, JSON.stringify(place));
  else localStorage.removeItem(KEY);
  tour.value = place;
}
