import { t } from "../i18n/t";
import { navigate } from "../router";
import { useCodes } from "../scan/codes";
import { findAddress } from "../scan/find-address";
import { filter, withFilters } from "../stock/filters";
import { StockList } from "../stock/StockList";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { Screen } from "../ui/Screen";
import { WedgeSink } from "../ui/WedgeSink";

/** What is where at the site: by item, batch, place and state; a scan looks the unit up. */
export function Stock() {
  useCodes(code => navigate(findAddress(code)), []);
  const onSearch = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    navigate(withFilters({ q: String(form.get("q")).trim() }));
  };
  const narrowed = ["item", "batch", "place", "q"].filter(filter);
  return (
    <Screen title={t("stock")} class="stock">
      <form class="code-field" onSubmit={onSearch} key={filter("q")}>
        <label>
          <span class="label">{t("stock_search")}</span>
          <input type="search" name="q" maxLength={100} defaultValue={filter("q")} autocomplete="off" />
        </label>
        <button type="submit" class="button" aria-label={t("find")}>
          <Icon name="search" />
        </button>
      </form>
      {narrowed.length > 0 && (
        <Link to={withFilters({ item: "", batch: "", place: "", q: "" })} class="button">
          <Icon name="close" />
          {t("show_all_stock")}
        </Link>
      )}
      <StockList />
      <WedgeSink />
    </Screen>
  );
}
