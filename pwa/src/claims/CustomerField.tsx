import { useId } from "preact/hooks";
import { t } from "../i18n/t";
import { may } from "../session";
import { ListNote } from "../ui/ListNote";
import { useRead } from "../ui/use-read";

/** The code of a customer, with proposals for those who may read them all; a technician types it. */
export function CustomerField() {
  const id = useId();
  const customers = useRead<{ parties: { code: string; name: string }[] }>(
    may("orders.read") ? "/api/masters/parties?kind=customer&limit=200" : null,
  );
  return (
    <>
      <label>
        <span class="label">{t("customer_code")}</span>
        <input
          type="text"
          name="customer"
          list={id}
          required
          maxLength={64}
          autocomplete="off"
          autocapitalize="characters"
        />
        <datalist id={id}>
          {customers.value?.parties.map(party => (
            <option key={party.code} value={party.code}>
              {party.name}
            </option>
          ))}
        </datalist>
      </label>
      <ListNote of={customers} />
    </>
  );
}
