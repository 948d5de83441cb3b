import { computed, signal } from "@preact/signals";
import { type Credentials, configure, get, isNetworkFailure, post, remove } from "./api";
import type { Nobody, Permission, Session, Site } from "./api-types";

/**
 * - `starting`: not asked yet
 * - `in`: logged in, or remembered from before while there is no network
 * - `expired`: was logged in; the screen stays, scans are kept, the log-in form lies over it
 * - `out`: nobody is logged in
 */
export type SessionState = "starting" | "in" | "expired" | "out";

/** What a device remembers of its user between starts. No secret: the cookie is the server's business. */
type Remembered = Pick<Session, "user" | "sites">;

const REMEMBERED = "serialtrail.session";
const SITE = "serialtrail.site";

export const sessionState = signal<SessionState>("starting");
export const session = signal<(Remembered & { csrf_token: string | null }) | null>(null);
export const username = computed(() => session.value?.user.username ?? null);

const chosenSite = signal<number | null>(Number(localStorage.getItem(SITE)) || null);

/** The site that the person works at; the first one until they choose. */
export const site = computed<Site | null>(() => {
  const sites = session.value?.sites ?? [];
  return sites.find(each => each.id === chosenSite.value) ?? sites[0] ?? null;
});

export function chooseSite(id: number): void {
  localStorage.setItem(SITE, String(id));
  chosenSite.value = id;
}

export const may = (permission: Permission): boolean => site.value?.permissions.includes(permission) ?? false;

/** Whether the person is one whom work can be given to at their site. */
export const isTechnician = (): boolean => site.value?.roles.includes("technician") ?? false;

function enter(answer: Session): void {
  const { user, sites, csrf_token } = answer;
  localStorage.setItem(REMEMBERED, JSON.stringify({ user, sites } satisfies Remembered));
  session.value = { user, sites, csrf_token };
  sessionState.value = "in";
}

function leave(): void {
  localStorage.removeItem(REMEMBERED);
  session.value = null;
  sessionState.value = "out";
}

function remembered(): Remembered | null {
  try {
    return JSON.parse(localStorage.getItem(REMEMBERED) ?? "null");
  } catch {
    return null;
  }
}

/** A network that takes everything and answers nothing keeps nobody from scanning for longer than this. */
const PATIENCE_MS = 3000;

/** Asks who is logged in. Without a network the remembered user goes on; their scans wait in the outbox. */
export async function resume(): Promise<void> {
  const patience = setTimeout(goOnAsRemembered, PATIENCE_MS);
  try {
    const answer = await get<Session | Nobody>("/api/session");
    if (answer.user) enter(answer);
    else if (sessionState.value === "in") sessionState.value = "expired";
    else if (sessionState.value === "starting") leave();
  } catch (error) {
    if (sessionState.value !== "starting") return;
    goOnAsRemembered();
    if (sessionState.value === "starting") sessionState.value = "out";
    else if (!isNetworkFailure(error)) console.warn("The session could not be read", error);
  } finally {
    clearTimeout(patience);
  }
}

function goOnAsRemembered(): void {
  const known = remembered();
  if (sessionState.value !== "starting" || !known) return;
  session.value = { ...known, csrf_token: null };
  sessionState.value = "in";
}

export async function logIn(name: string, password: string): Promise<void> {
  const credentials = { username: name.trim(), password };
  enter(await post<Session>("/api/session", credentials, { expectsNotLoggedIn: true }));
}

/** Ends the session on the server. Scans that wait stay on the device, for this user only. */
export async function logOut(): Promise<void> {
  await remove("/api/session");
  leave();
}

const credentials = (): Credentials => ({
  user: username.value,
  csrfToken: session.value?.csrf_token ?? null,
});

configure({
  credentials,
  renew: async used => {
    if (credentials().csrfToken === used.csrfToken) await resume();
    const now = credentials();
    // Somebody else may have logged in from another tab: what this user did must not go out under their name.
    return sessionState.value === "in" && now.user === used.user && now.csrfToken !== used.csrfToken;
  },
  onNotLoggedIn: () => {
    if (sessionState.value === "in") sessionState.value = "expired";
  },
});

// Log-in and log-out in one tab hold for all tabs.
addEventListener("storage", event => {
  if (event.key !== REMEMBERED) return;
  if (event.newValue === null) leave();
  else void resume();
});
