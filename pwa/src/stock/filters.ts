import { useEffect } from "preact/hooks";
import { navigate, route } from "../router";
import { session, site } from "../session";

/** What of the stock a page is about: one item, one batch or one place, or nothing in particular. */
export interface Fixed {
  item?: number;
  batch?: number;
  place?: number;
}

export const STATES = ["available", "reserved", "on_hold", "recalled", "expired", "in_transit"];
const OF_LINK = ["item", "batch", "place", "state", "q", "expires_within"];

/** The filters that the link of this page carries. */
export function filter(name: string): string {
  return route.value.query.get(name) ?? "";
}

/** The address of this page with some filters changed; an empty one is left out. */
export function withFilters(changes: Record<string, string>): string {
  const query = new URLSearchParams(route.value.query);
  for (const [name, value] of Object.entries(changes)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  const text = query.toString();
  return route.value.path + (text ? `?${text}` : "");
}

/** The site of a stock page: the one of its link, else the one that the person works at. */
export const siteOfPage = (): number | null => Number(filter("site")) || (site.value?.id ?? null);

/** Writes the site into the address of a stock page, so that whoever is sent the link sees the same; says which it is. */
export function useSiteInLink(siteId: number | null = siteOfPage()): number | null {
  const isMissing = siteId !== null && filter("site") !== String(siteId);
  useEffect(() => {
    if (isMissing) navigate(withFilters({ site: String(siteId) }), { replace: true });
  }, [isMissing, siteId]);
  return siteId;
}

/**
 * The address of a stock page at the site that is spoken of, so that it shows the same stock to whoever works at two.
 * Who has no right there (a unit has moved on) sees the stock of their own.
 */
export function atSite(path: string, siteId: number | null | undefined): string {
  const isMine = session.value?.sites.some(each => each.id === siteId);
  return isMine ? `${path}?site=${siteId}` : path;
}

/** The address of another stock page, of the same site. */
export const atSameSite = (path: string): string => atSite(path, siteOfPage());

/** What is asked of the server: the filters of the link, and what the page is about. */
export function asked(siteId: number, fixed: Fixed, ...further: string[]): URLSearchParams {
  const query = new URLSearchParams({ site: String(siteId) });
  for (const name of [...OF_LINK, ...further]) {
    const value = filter(name);
    if (value) query.set(name, value);
  }
  for (const [name, value] of Object.entries(fixed)) query.set(name, String(value));
  return query;
}
