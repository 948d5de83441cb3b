import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Unit } from "../api-types";
import { t, time } from "../i18n/t";
import { keepUp, keptCatalogue } from "../offline/catalogue";
import {
  type Customer,
  chooseCustomer,
  chosenCustomers,
  leaveOutCustomer,
  MOST_CUSTOMERS,
} from "../offline/chosen";
import { keptUnits } from "../offline/find";
import { site } from "../session";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { ListNote } from "../ui/ListNote";
import { Screen } from "../ui/Screen";
import { UnitState } from "../ui/UnitState";
import { useRead } from "../ui/use-read";

/** The customers whose units a technician has along, with or without a job at them: search, add, take off. */
export function KeptCustomers() {
  const units = useSignal<Unit[]>([]);
  const kept = keptCatalogue.value;
  useEffect(() => {
    void keptUnits().then(found => {
      units.value = found;
    });
  }, [kept]);
  const chosen = chosenCustomers();
  return (
    <Screen title={t("kept_customers")} over={t("service")}>
      <p>{t("kept_customers_lead", { most: MOST_CUSTOMERS })}</p>
      {kept && <p class="notice">{t("kept_as_of", { at: time(kept.asOf) })}</p>}
      <ul class="cards" data-testid="kept-customers">
        {chosen.map(customer => (
          <li key={customer.code}>
            <KeptCustomer
              customer={customer}
              units={units.value.filter(unit => unit.owner?.code === customer.code)}
              leftOut={kept?.leftOutOf?.[customer.code] ?? null}
            />
          </li>
        ))}
      </ul>
      {chosen.length < MOST_CUSTOMERS ? (
        <Choice chosen={chosen} />
      ) : (
        <p class="notice">{t("kept_customers_full", { most: MOST_CUSTOMERS })}</p>
      )}
    </Screen>
  );
}

interface KeptProps {
  customer: Customer;
  units: Unit[];
  /** How many of its units are not here; null while none of them has come. */
  leftOut: number | null;
}

function KeptCustomer({ customer: { code, name }, units, leftOut }: KeptProps) {
  return (
    <details class="card">
      <summary class="kept-customer">
        <span>
          <strong>{code}</strong> {name}
          <br />
          <small class="card-text">
            {leftOut === null ? t("kept_units_to_come") : t("kept_units", { count: units.length })}
            {leftOut ? ` ${t("kept_units_left_out", { count: leftOut })}` : ""}
          </small>
        </span>
      </summary>
      <ul class="lines">
        {units.map(unit => (
          <li key={unit.id} class="line">
            <Link to={`/unit/${unit.id}`} class="kept-unit">
              <strong class="key-data">{unit.serial_no}</strong> {unit.item.item_code}
            </Link>
            <UnitState state={unit.state} />
          </li>
        ))}
      </ul>
      <button
        type="button"
        class="button"
        onClick={() => {
          leaveOutCustomer(code);
          void keepUp();
        }}
      >
        <Icon name="close" />
        {t("kept_customer_off", { code })}
      </button>
    </details>
  );
}

function Choice({ chosen }: { chosen: Customer[] }) {
  const text = useSignal("");
  const query = new URLSearchParams({ site: String(site.value?.id ?? ""), q: text.value });
  const found = useRead<{ customers: (Customer & { units: number })[] }>(`/api/served-customers?${query}`);
  const offered = found.value?.customers.filter(each => chosen.every(({ code }) => code !== each.code));
  return (
    <section>
      <h2>{t("kept_customers_add")}</h2>
      <form
        class="code-field"
        onSubmit={event => {
          event.preventDefault();
          text.value = String(new FormData(event.currentTarget).get("q") ?? "").trim();
        }}
      >
        <label>
          <span class="label">{t("kept_customers_search")}</span>
          <input type="search" name="q" maxLength={100} autocomplete="off" />
        </label>
        <button type="submit" class="button">
          {t("find")}
        </button>
      </form>
      <ListNote of={found} />
      {offered?.length === 0 && <p class="empty">{t("kept_customers_none")}</p>}
      <ul class="lines">
        {offered?.map(customer => (
          <li key={customer.code} class="line">
            <span>
              <strong>{customer.code}</strong> {customer.name}
              <small class="card-text">{` ${t("kept_units", { count: customer.units })}`}</small>
            </span>
            <button
              type="button"
              class="button"
              aria-label={t("kept_customer_on", { code: customer.code })}
              onClick={() => {
                chooseCustomer(customer);
                void keepUp();
              }}
            >
              {t("add")}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
