// "Try it out" sends the session cookie by itself; unsafe methods also need the CSRF token of the session.
let csrfToken = null;

async function withCsrfToken(request) {
  const unsafe = !["GET", "HEAD", "OPTIONS"].includes(request.method.toUpperCase());
  if (unsafe && !request.url.endsWith("/api/session")) {
    csrfToken ??= (await (await fetch("/api/session")).json()).csrf_token ?? null;
    if (csrfToken) request.headers["X-CSRF-Token"] = csrfToken;
  }
  return request;
}

window.SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  validatorUrl: null,
  requestInterceptor: withCsrfToken,
});
