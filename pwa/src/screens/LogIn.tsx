import { useSignal } from "@preact/signals";
import { ApiError } from "../api";
import { t } from "../i18n/t";
import { send } from "../offline/sender";
import { unsentCount } from "../offline/unsent";
import { navigate, route } from "../router";
import { logIn, session } from "../session";
import { Failure } from "../ui/Failure";
import { LanguageChoice } from "../ui/LanguageChoice";
import { Screen } from "../ui/Screen";

/** The way in. Comes by itself on any address while nobody is logged in, and gives way to that address. */
export function LogIn() {
  return (
    <Screen title={t("log_in")} class="log-in">
      <div class="log-in-brand">
        <img src="/icons/icon.svg" alt="" width="72" height="72" />
        <p class="log-in-name">{t("app_name")}</p>
        <p>{t("app_motto")}</p>
      </div>
      {unsentCount.value > 0 && (
        <p class="notice notice-warning">{t("log_in_waiting", { count: unsentCount.value })}</p>
      )}
      <LogInForm onDone={() => route.value.path === "/login" && navigate("/", { replace: true })} />
      <LanguageChoice />
    </Screen>
  );
}

/** Lies over a screen whose session has ended: the screen and its scans stay as they are. */
export function LogInAgain() {
  return (
    <section class="log-in-again" aria-label={t("log_in")}>
      <p class="notice-title">{t("session_ended")}</p>
      <p>{t("session_ended_next")}</p>
      <LogInForm onDone={() => {}} />
    </section>
  );
}

function LogInForm({ onDone }: { onDone: () => void }) {
  const error = useSignal<unknown>(null);
  const isBusy = useSignal(false);

  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    isBusy.value = true;
    error.value = null;
    try {
      await logIn(String(fields.get("username")), String(fields.get("password")));
      void send({ isUrgent: true });
      onDone();
    } catch (caught) {
      error.value = caught;
    } finally {
      isBusy.value = false;
    }
  };

  const isWrong = error.value instanceof ApiError && error.value.code === "wrong_credentials";
  return (
    <form class="form" onSubmit={onSubmit}>
      <label>
        <span class="label">{t("username")}</span>
        <input
          type="text"
          name="username"
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          required
          defaultValue={session.value?.user.username ?? ""}
        />
      </label>
      <label>
        <span class="label">{t("password")}</span>
        <input type="password" name="password" autocomplete="current-password" required />
      </label>
      {isWrong ? (
        <p class="notice notice-refused" role="alert">
          {t("wrong_credentials")}
        </p>
      ) : (
        error.value !== null && <Failure error={error.value} />
      )}
      <button type="submit" class="button button-primary" disabled={isBusy.value}>
        {isBusy.value ? t("logging_in") : t("log_in")}
      </button>
    </form>
  );
}
