import type { FeedEvent } from "../api-types";
import { t, time, tOr } from "../i18n/t";
import { site } from "../session";
import { Link } from "../ui/Link";
import { Remembered } from "../ui/Remembered";
import { useLive } from "../ui/use-live";
import { useRead } from "../ui/use-read";
import { addressOf, type DraftCard, type DraftKind, mayDraft } from "./types";

interface Props {
  drafts: DraftsHere;
  isOpen?: boolean;
}

/** The drafts of a site, as they are now or, without a network, as they were; null until they are read. */
export interface DraftsHere {
  list: DraftCard[] | null;
  rememberedAt: string | null;
}

const isOfDraft = (event: FeedEvent): boolean => event.kind === "draft_changed";

/** The drafts of one kind of voucher, or of all that the person may post; none where they are not `wanted`. */
export function useDrafts(kind: DraftKind | null, isWanted = true): DraftsHere {
  const siteId = isWanted && mayDraft(kind) ? site.value?.id : undefined;
  const path = `/api/voucher-drafts?site=${siteId}${kind ? `&kind=${kind}` : ""}`;
  const { value, isRemembered, askedAt, reload } = useRead<{ drafts: DraftCard[] }>(siteId ? path : null);
  useLive(siteId, isOfDraft, reload);
  return { list: siteId ? (value?.drafts ?? null) : [], rememberedAt: isRemembered ? askedAt : null };
}

/** The vouchers that somebody at the site began and nobody has submitted yet; nothing where there are none. */
export function Drafts({ drafts: { list, rememberedAt }, isOpen = false }: Props) {
  if (!list || list.length === 0) return null;
  return (
    <details open={isOpen}>
      <summary class="button">{t("drafts_n", { n: list.length })}</summary>
      {rememberedAt && <Remembered at={rememberedAt} />}
      <ul class="cards drafts">
        {list.map(draft => (
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
