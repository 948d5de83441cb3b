import { t } from "../i18n/t";
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
          <p class="said-ready">{t("ready_to_scan")}</p>
        )}
      </div>
      {said?.answered && <ReviewActions open={open} answered={said.answered} />}
      {isRefused && (
        <button type="button" class="button said-seen" onClick={() => open.acknowledge()}>
          {t("understood")}
        </button>
      )}
    </section>
  );
}

function look({ tone, word }: Announcement): string {
  if (tone !== "kept") return tone;
  return word === "kept" || word === "undone" ? "kept" : word;
}
