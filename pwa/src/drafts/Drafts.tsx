import { t, time, tOr } from "../i18n/t";
import { site } from "../session";
import { Link } from "../ui/Link";
import { useRead } from "../ui/use-read";
import { addressOf, type DraftCard, type DraftKind } from "./types";

interface Props {
  /** Only those of one kind of voucher. */
  kind?: DraftKind;
  isOpen?: boolean;
}

/** The vouchers that somebody at the site began and nobody has submitted yet; nothing where there are none. */
export function Drafts({ kind, isOpen = false }: Props) {
  const query = site.value ? `site=${site.value.id}${kind ? `&kind=${kind}` : ""}` : null;
  const { value } = useRead<{ drafts: DraftCard[] }>(query && `/api/voucher-drafts?${query}`);
  if (!value || value.drafts.length === 0) return null;
  return (
    <details open={isOpen}>
      <summary class="button">{t("drafts_n", { n: value.drafts.length })}</summary>
      <ul class="cards drafts">
        {value.drafts.map(draft => (
          <li key={draft.id}>
            <Link to={addressOf(draft)} class="card">
              <span class="card-head">
                <span class="card-title">{tOr(`type_${draft.kind}`, draft.kind)}</span>
                <span class="card-figure">{draft.entries}</span>
              </span>
              <span class="card-text">
                {t("draft_kept_by", { name: draft.changed_by, at: time(draft.changed_at) })}
                {draft.remark && ` · ${draft.remark}`}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </details>
  );
}
