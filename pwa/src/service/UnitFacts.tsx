import type { ComponentChildren } from "preact";
import type { Unit } from "../api-types";
import { date, t } from "../i18n/t";
import { atSite } from "../stock/filters";
import { Icon, type IconName } from "../ui/Icon";
import { Link } from "../ui/Link";

/** What is built into the unit, and what the unit is built into. */
export function Components({ unit }: { unit: Unit }) {
  if (unit.components.length === 0 && !unit.part_of) return null;
  return (
    <section>
      {unit.part_of && (
        <p>
          {t("part_of")}{" "}
          <Link to={`/unit/${unit.part_of.unit_id}`} class="key-data">
            {unit.part_of.serial_no}
          </Link>
        </p>
      )}
      {unit.components.length > 0 && <h2>{t("components")}</h2>}
      <ul class="lines">
        {unit.components.map(each => (
          <li key={`${each.number} ${each.unit_id ?? each.item_code}`} class="line">
            {each.unit_id === null ? (
              <span>
                {each.qty} × {each.item_code}
              </span>
            ) : (
              <Link to={`/unit/${each.unit_id}`} class="key-data">
                {each.serial_no}
              </Link>
            )}
            <span>
              {each.number}
              {each.removed_at && ` · ${t("taken_out")}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Where the unit is and where it came from. */
export function Facts({ unit }: { unit: Unit }) {
  const { batch, supplier, received, location, site_id } = unit;
  return (
    <dl class="facts">
      <Fact icon="place" term={t("place")}>
        {location ? (
          <Link to={atSite(`/places/${location.id}`, site_id)} class="fact-link">
            {location.path}
          </Link>
        ) : (
          t("not_in_stock")
        )}
      </Fact>
      <Fact icon="boxes" term={t("batch")}>
        {batch ? (
          <Link to={atSite(`/batches/${batch.id}`, site_id)} class="fact-link">
            {batch.batch_no}
          </Link>
        ) : (
          t("none")
        )}
        {batch?.expires_on && <small>{t("expires_on", { date: date(batch.expires_on) })}</small>}
        {batch?.manufactured_on && <small>{t("made_on", { date: date(batch.manufactured_on) })}</small>}
      </Fact>
      <Fact icon="receive" term={t("receipt")}>
        {received ? (
          <Link to={`/vouchers/${received.voucher_id}`} class="fact-link">
            {received.number}
          </Link>
        ) : (
          t("none")
        )}
        {received && (
          <small>
            {date(received.on)}
            {received.purchase_order && ` · ${received.purchase_order}`}
          </small>
        )}
      </Fact>
      <Fact icon="box" term={t("supplier")}>
        {supplier ? supplier.name : t("unknown")}
      </Fact>
    </dl>
  );
}

function Fact({ icon, term, children }: { icon: IconName; term: string; children: ComponentChildren }) {
  return (
    <div class="fact">
      <dt>
        <Icon name={icon} />
        {term}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}
