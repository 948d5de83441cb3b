import { t } from "../i18n/t";
import { site } from "../session";
import { ListNote } from "../ui/ListNote";
import { useRead } from "../ui/use-read";

interface Technician {
  username: string;
  name: string;
}

/** Technicians to choose from. The chosen one is named also where the list has not come, or names them no more. */
export function TechnicianOptions({ of, chosen }: { of: Technician[]; chosen: string }) {
  const isListed = chosen === "" || of.some(each => each.username === chosen);
  return (
    <>
      {!isListed && <option value={chosen}>{chosen}</option>}
      {of.map(each => (
        <option key={each.username} value={each.username}>
          {each.name}
        </option>
      ))}
    </>
  );
}

/** Who is to do it: one of the site's technicians, or nobody yet. */
export function TechnicianChoice({ value }: { value: { value: string } }) {
  const found = useRead<{ technicians: Technician[] }>(
    site.value ? `/api/technicians?site=${site.value.id}` : null,
  );
  return (
    <>
      <label>
        <span class="label">{t("technician")}</span>
        <select
          value={value.value}
          onChange={event => {
            value.value = event.currentTarget.value;
          }}
        >
          <option value="">{t("nobody_assigned")}</option>
          <TechnicianOptions of={found.value?.technicians ?? []} chosen={value.value} />
        </select>
      </label>
      <ListNote of={found} />
    </>
  );
}
