import { t } from "../i18n/t";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";

interface Props {
  subject: "unit" | "batch" | "place" | "item";
  id: number | string;
  /** What is shown above the title of the next screen. */
  name: string;
}

/** The way to a label of one thing. */
export function LabelsLink({ subject, id, name }: Props) {
  const query = new URLSearchParams({ subject, ids: String(id), name });
  return (
    <Link to={`/labels/print?${query}`} class="button">
      <Icon name="outbox" />
      {t("labels_print")}
    </Link>
  );
}
