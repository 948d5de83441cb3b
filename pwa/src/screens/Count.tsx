import "../styles/moves.css";
import { useEffect, useMemo } from "preact/hooks";
import { Counting } from "../counting/Counting";
import { CountReview } from "../counting/CountReview";
import { OpenCount } from "../counting/open-count";
import { t } from "../i18n/t";
import { useCodes } from "../scan/codes";
import { site } from "../session";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { LiveMark } from "../ui/LiveMark";
import { Screen } from "../ui/Screen";
import { useLive } from "../ui/use-live";

/** A stock count: scanned shelf by shelf, then looked at and approved by somebody else. */
export function Count({ id }: { id: string }) {
  const open = useMemo(() => new OpenCount(id), [id]);
  const status = open.count.value?.status;
  useEffect(() => open.follow(), [open]);
  const live = useLive(site.value?.id, id, () => void open.load());
  useCodes(status === "draft" ? code => void open.take(code) : null, [open, status]);
  const count = open.count.value;
  if (!count) {
    return (
      <Screen title={t("count")}>
        {open.error.value !== null ? (
          <Failure error={open.error.value} retry={() => void open.load()} />
        ) : (
          <Busy />
        )}
      </Screen>
    );
  }
  const over = (
    <span class="chip">
      <Icon name="place" />
      <LiveMark state={live.value} />
      {count.place.path} · {t(count.is_blind ? "count_blind" : "count_guided")}
      {count.round > 1 && ` · ${t("count_round", { n: count.round })}`}
    </span>
  );
  return (
    <Screen key={count.id} title={count.number} over={over} class="count-screen">
      {count.status === "draft" ? (
        <Counting open={open} />
      ) : (
        <>
          {open.error.value !== null && <Failure error={open.error.value} retry={() => void open.load()} />}
          <CountReview key={`${count.status} ${count.round}`} open={open} count={count} />
        </>
      )}
    </Screen>
  );
}
