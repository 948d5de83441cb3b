import { t } from "../i18n/t";
import { site } from "../session";
import { ListNote } from "../ui/ListNote";
import { useRead } from "../ui/use-read";

interface Technician {
  username: string;
  name: string;
}

/** Who is to do it: one of the site's technicians, or nobody yet. */
export function TechnicianChoice({ value }: { value: { value: string } }) {
  const found = useRead<{ technicians: Technician[] }>(
    site.value ? `/api/technicians?site=${site.value.id}` : null,
  );
  const technicians = found.value?.technicians ?? [];
  const isKnown = value.value === "" || technicians.some(each => each.username === value.value);
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
          {!isKnown && <option value={value.value}>{value.value}</option>}
          {technicians.map(each => (
            <option key={each.username} value={each.username}>
              {each.name}
            </option>
          ))}
        </select>
      </label>
      <ListNote of={found} />
    </>
  );
}
