import { t } from "./i18n/t";
import { route } from "./router";
import { screenAt } from "./routes";
import { LogIn, LogInAgain } from "./screens/LogIn";
import { sessionState } from "./session";
import { Busy } from "./ui/Busy";
import { Link } from "./ui/Link";
import { Screen } from "./ui/Screen";
import { Shell } from "./ui/Shell";

/** What shows: nothing yet, the log-in form, or the screen of the address. */
export function App() {
  switch (sessionState.value) {
    case "starting":
      return <Busy />;
    case "out":
      return <LogIn />;
    default:
      return (
        <Shell>
          {sessionState.value === "expired" && <LogInAgain />}
          <CurrentScreen />
        </Shell>
      );
  }
}

function CurrentScreen() {
  return (
    screenAt(route.value.path) ?? (
      <Screen title={t("no_such_page")}>
        <Link to="/" class="button button-primary">
          {t("to_home")}
        </Link>
      </Screen>
    )
  );
}
