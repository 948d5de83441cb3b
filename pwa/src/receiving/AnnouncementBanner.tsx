import { t } from "../i18n/t";
import type { AnsweredScan } from "../offline/db";
import { Icon, type IconName } from "../ui/Icon";
import type { Announcement } from "./announcements";
import type { OpenReceipt } from "./open-receipt";
import { ReviewActions } from "./ReviewActions";

const ICONS: Record<Announcement["word"], IconName> = {
  kept: "clock",
  accepted: "check",
  rejected: "damaged",
  undone: "undo",
  duplicate: "warning",
  needs_review: "warning",
  refused: "stop",
};

/** The answer to the last scan, large: colour, icon, word, unit and reason. Its place never moves. */
export function AnnouncementBanner({ open }: { open: OpenReceipt }) {
  const said = open.announcement.value;
  const isRefused = said?.tone === "refused";
  return (
    <section class={`said said-${said ? look(said) : "nothing"}`}>
      <div
        role={isRefused ? "alert" : "status"}
        aria-live={isRefused ? "assertive" : "polite"}
        class="said-text"
      >
        {said ? (
          <>
            <Icon name={ICONS[said.word]} />
            <div>
              <p class="said-word">{t(`word_${said.word}`)}</p>
              <p class="said-title">{said.title}</p>
              <p>
                {said.text} {said.nextStep}
              </p>
            </div>
          </>
        ) : (
          <p class="said-ready">{t(open.entries.value.length > 0 ? "ready_for_next" : "ready_to_scan")}</p>
        )}
      </div>
      {said?.word === "accepted" && said.answered && isCounted(said.answered) && (
        <OneMore open={open} answered={said.answered} />
      )}
      {said?.answered && <ReviewActions open={open} answered={said.answered} />}
      {isRefused && (
        <button type="button" class="button said-seen" onClick={() => open.acknowledge()}>
          {t("understood")}
        </button>
      )}
    </section>
  );
}

/** The item has no serial numbers, so that the same code counts again and again. */
const isCounted = ({ outcome }: AnsweredScan) => outcome.unit !== null && outcome.unit.serial_no === null;

/** A camera takes a code again only after it was out of view; for forty equal boxes a tap is faster. */
function OneMore({ open, answered }: { open: OpenReceipt; answered: AnsweredScan }) {
  const { text, raw, symbology, source } = answered.scan;
  return (
    <button type="button" class="button" onClick={() => void open.take({ text, raw, symbology, source })}>
      {t("one_more")}
    </button>
  );
}

function look({ tone, word }: Announcement): string {
  if (tone !== "kept") return tone;
  return word === "kept" || word === "undone" ? "kept" : word;
}
