import "../styles/programs.css";
import { t } from "../i18n/t";
import { match, route } from "../router";
import { Link } from "../ui/Link";
import { Screen } from "../ui/Screen";
import { Deliveries } from "./Deliveries";
import { Tokens } from "./Tokens";
import { Webhooks } from "./Webhooks";

/** Other programs: the tokens that they come in with, and the addresses that are told what happens. */
export function Programs() {
  const { id } = match("/masters/programs/:id", route.value.path) ?? {};
  if (id) return <Deliveries key={id} id={Number(id)} />;
  return (
    <Screen title={t("programs")} over={<Link to="/masters">{t("masters")}</Link>} class="masters programs">
      <Tokens />
      <Webhooks />
    </Screen>
  );
}
