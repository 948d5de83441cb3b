import { t } from "../i18n/t";
import { ListNote } from "../ui/ListNote";
import { useRead } from "../ui/use-read";

export interface ExpectedOfItem {
  item_id: number;
  item_code: string;
  expected: number;
  found: number;
  missing: number;
  unexpected: number;
  missing_serial_nos: string[];
  unexpected_serial_nos: string[];
}

const NAMED = 20;

/** What the supplier announced against what is here; nothing where no serial numbers were announced. */
export function ExpectedSerials({ path }: { path: string }) {
  const read = useRead<{ items: ExpectedOfItem[] }>(`${path}/expected-serials`);
  const items = read.value?.items;
  if (read.isBusy || items?.length === 0) return null;
  return (
    <section data-testid="expected">
      <h2>{t("supplier_list")}</h2>
      <ListNote of={read} />
      {items?.map(item => (
        <div key={item.item_id} class="expected-item">
          <p>
            <strong>{item.item_code}</strong>{" "}
            {t("expected_counts", {
              found: item.found,
              expected: item.expected,
              missing: item.missing,
              unexpected: item.unexpected,
            })}
          </p>
          <Named title={t("still_missing")} serials={item.missing_serial_nos} total={item.missing} />
          <Named title={t("not_on_list")} serials={item.unexpected_serial_nos} total={item.unexpected} />
        </div>
      ))}
    </section>
  );
}

function Named({ title, serials, total }: { title: string; serials: string[]; total: number }) {
  if (total === 0) return null;
  return (
    <details>
      <summary>
        {title}: {total}
      </summary>
      <p class="key-data">
        {serials.slice(0, NAMED).join(", ")}
        {total > NAMED && ` … (+${total - NAMED})`}
      </p>
    </details>
  );
}
