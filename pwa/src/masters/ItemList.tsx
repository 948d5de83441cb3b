import { t, tOr } from "../i18n/t";
import { Link } from "../ui/Link";
import { MasterList } from "./MasterList";
import type { ItemLine } from "./types";

/** The items, with search over code, name and barcode. */
export function ItemList() {
  return <MasterList<ItemLine> kind="items" card={item => <ItemCard item={item} />} />;
}

function ItemCard({ item }: { item: ItemLine }) {
  return (
    <Link to={`/masters/items/${item.id}`} class="card card-pictured">
      {item.has_picture && <img src={`/api/masters/items/${item.id}/picture`} alt="" loading="lazy" />}
      <span>
        <span class="card-title">{item.item_code}</span> <span>{item.name}</span>
        <span class="card-text">
          {tOr(`tracking_${item.tracking}`, item.tracking)}
          {item.profile && ` · ${tOr(`profile_${item.profile}`, item.profile)}`}
          {item.gtins[0] && ` · ${item.gtins[0]}`}
        </span>
        {item.retired_at && <span class="chip">{t("is_retired")}</span>}
      </span>
    </Link>
  );
}
