import { number, t } from "../i18n/t";
import { LabelsLink } from "../labels/LabelsLink";
import { atSite } from "../stock/filters";
import { StockList } from "../stock/StockList";
import type { PlaceStock as PlaceStockPage } from "../stock/types";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";

/** A place: what lies in it and in all places inside of it. */
export function PlaceStock({ id }: { id: string }) {
  const { value, error, reload } = useRead<PlaceStockPage>(`/api/stock/places/${id}`);
  if (!value) {
    return (
      <Screen title={t("place")}>
        {error !== null ? <Failure error={error} retry={reload} /> : <Busy />}
      </Screen>
    );
  }
  const { place, site_id, name, parent, inside } = value;
  return (
    <Screen title={place.path} over={name === place.code ? t("place") : name} class="stock">
      {parent && (
        <Link to={atSite(`/places/${parent.id}`, site_id)} class="button">
          <Icon name="back" />
          {parent.path}
        </Link>
      )}
      <LabelsLink subject="place" id={place.id} name={place.path} />
      {inside.length > 0 && (
        <section>
          <h2>{t("places_inside")}</h2>
          <ul class="places-inside">
            {inside.map(inner => (
              <li key={inner.id}>
                <Link to={atSite(`/places/${inner.id}`, site_id)} class="button place">
                  <strong>{inner.code}</strong>
                  <span>{number(inner.qty)}</span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      )}
      <StockList fixed={{ place: place.id }} at={site_id} />
    </Screen>
  );
}
