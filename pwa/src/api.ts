/** The only place that talks to the server over HTTP. */

/** Why a request has no answer of ours: `network` also means a captive portal that answers in our place. */
export type Failure = "network" | "problem";

/** RFC 9457 body that the server sends for every error. */
interface Problem {
  facts?: Record<string, unknown>;
  title?: string;
  detail?: string;
  code?: string;
  next_step?: string | null;
  request_id?: string;
}

export class ApiError extends Error {
  override name = "ApiError";
  constructor(
    readonly failure: Failure,
    readonly status: number,
    readonly problem: Problem = {},
    /** Seconds that the server asks us to wait, if it does. */
    readonly retryAfter: number | null = null,
  ) {
    super(problem.detail ?? problem.title ?? (failure === "network" ? "no network" : `status ${status}`));
  }

  get code(): string {
    return this.problem.code ?? (this.failure === "network" ? "no_network" : `http_${this.status}`);
  }
}

export const isNetworkFailure = (error: unknown): boolean =>
  error instanceof ApiError && error.failure === "network";

/** The server answered for sure, and said no: sending the same again changes nothing. */
export const isRefusal = (error: unknown): error is ApiError =>
  error instanceof ApiError && error.failure === "problem" && [400, 413, 415, 422].includes(error.status);

/** In whose name a request goes out. */
export interface Credentials {
  user: string | null;
  csrfToken: string | null;
}

interface Hooks {
  credentials: () => Credentials;
  /** Gets another token for the same user; false when that user is not logged in any more. */
  renew: (used: Credentials) => Promise<boolean>;
  onNotLoggedIn: () => void;
  /** Puts the words of the person's language into an answer, where there are some. */
  translate: (answer: unknown) => void;
}

let hooks: Hooks = {
  credentials: () => ({ user: null, csrfToken: null }),
  renew: async () => false,
  onNotLoggedIn: () => {},
  translate: () => {},
};

/** An answer that came another way than over HTTP, in the words of the person's language. */
export function translated<T>(answer: T): T {
  hooks.translate(answer);
  return answer;
}

/** The session plugs itself in here; this module stays free of state. */
export function configure(given: Partial<Hooks>): void {
  hooks = { ...hooks, ...given };
}

const TIMEOUT_MS = 15_000;
/** A report of a hundred thousand rows over a weak network takes minutes. */
const FILE_MS = 600_000;

interface Options {
  /** Sent as JSON, or as it is when it is a form with pictures. */
  body?: unknown;
  signal?: AbortSignal;
  /** For what takes the server long, such as ten thousand serial numbers. */
  timeoutMs?: number;
  /** Answer 401 by itself: the log-in form shows it beside its fields. */
  expectsNotLoggedIn?: boolean;
}

/** A file of the server, to be read as it comes. */
export async function open(path: string): Promise<Response> {
  const response = await send("GET", path, { timeoutMs: FILE_MS }, null);
  if (response.ok) return response;
  const error = toError(response, (await json(response)) as Problem | undefined);
  if (error.status === 401) hooks.onNotLoggedIn();
  throw error;
}

export const get = <T>(path: string, options: Options = {}): Promise<T> => request<T>("GET", path, options);

export const post = <T>(path: string, body: unknown, options: Options = {}): Promise<T> =>
  request<T>("POST", path, { ...options, body });

export const remove = (path: string): Promise<void> => request<void>("DELETE", path, {});

async function request<T>(method: string, path: string, options: Options, isRepeat = false): Promise<T> {
  const used = hooks.credentials();
  // A user who is only remembered has no token yet: get it first, rather than be refused for the lack of it.
  const lacksToken = method !== "GET" && used.user !== null && used.csrfToken === null;
  if (lacksToken && !isRepeat && !options.expectsNotLoggedIn) {
    if (await hooks.renew(used)) return request<T>(method, path, options, true);
    // The network came back between the two requests: without the token this one would only be refused.
    throw new ApiError("network", 0);
  }
  const response = await send(method, path, options, used.csrfToken);
  if (response.status === 204) return undefined as T;
  const body = await json(response);
  if (response.ok) {
    if (body === undefined) throw new ApiError("network", response.status);
    return body as T;
  }
  const error = toError(response, body as Problem | undefined);
  if (error.code === "csrf_failed" && !isRepeat && (await hooks.renew(used))) {
    return request<T>(method, path, options, true);
  }
  if (error.status === 401 && !options.expectsNotLoggedIn) hooks.onNotLoggedIn();
  throw error;
}

async function send(method: string, path: string, options: Options, token: string | null): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  const isForm = options.body instanceof FormData;
  // The browser names the type of a form itself, as only it knows the boundary between the parts.
  if (options.body !== undefined && !isForm) headers["Content-Type"] = "application/json";
  if (method !== "GET" && token) headers["X-CSRF-Token"] = token;
  const timeout = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
  try {
    return await fetch(path, {
      method,
      headers,
      body:
        options.body === undefined
          ? null
          : isForm
            ? (options.body as FormData)
            : JSON.stringify(options.body),
      credentials: "same-origin",
      cache: "no-store",
      signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError("network", 0);
  }
}

/** The body when it is JSON; undefined for anything else, such as the log-in page of a hotel's Wi-Fi. */
async function json(response: Response): Promise<unknown> {
  const type = response.headers.get("Content-Type") ?? "";
  if (!/[/+]json\b/.test(type)) return undefined;
  try {
    return translated(await response.json());
  } catch {
    return undefined;
  }
}

function toError(response: Response, problem: Problem | undefined): ApiError {
  const wait = Number(response.headers.get("Retry-After") ?? Number.NaN);
  const retryAfter = Number.isFinite(wait) ? wait : null;
  // Our own errors are always JSON. A gateway in front may answer 5xx in HTML; any other foreign page is not us.
  const isOurs = problem !== undefined || response.status >= 500 || response.status === 429;
  return new ApiError(isOurs ? "problem" : "network", response.status, problem ?? {}, retryAfter);
}
