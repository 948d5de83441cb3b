import { useEffect } from "preact/hooks";
import { t } from "../i18n/t";
import { route } from "../router";
import { codesRead } from "../scan/codes";
import "../styles/tour.css";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { TOURS, type TourName } from "./steps";
import { goTo, tour } from "./tour";

/**
 * The card of the step that is to be done, above whatever screen shows. It takes no focus and covers nothing:
 * the screen below is what is to be used. A screen reader hears each new step.
 */
export function Guide() {
  const { name, step } = tour.value ?? { name: "", step: 0 };
  const steps = TOURS[name as TourName]?.steps ?? [];
  const now = steps[step];
  const path = route.value.path;
  const read = codesRead.value;
  useEffect(() => {
    if (now && now.done !== "scan" && now.done.test(path)) goTo({ name, step: step + 1 });
  }, [path, name, step]);
  useEffect(() => {
    // Codes that were read before this step do not count.
    if (now?.done !== "scan") return;
    return codesRead.subscribe(count => count > read && goTo({ name, step: step + 1 }));
  }, [name, step]);
  return (
    <section class="guide" aria-label={t("first_steps")}>
      <div role="status">
        {now ? (
          <>
            <p class="over">{t("tour_step", { step: step + 1, of: steps.length })}</p>
            <p class="guide-text">{t(now.text)}</p>
          </>
        ) : (
          <p class="guide-text">
            <Icon name="check" /> {t("tour_done")}
          </p>
        )}
      </div>
      <div class="guide-ways">
        {now?.to && path !== now.to && (
          <Link to={now.to} class="button button-primary">
            {t("tour_show")}
          </Link>
        )}
        {now && now.done !== "scan" && (
          <button type="button" class="button" onClick={() => goTo({ name, step: step + 1 })}>
            {t("tour_skip")}
          </button>
        )}
        <button type="button" class="button" onClick={() => goTo(null)}>
          {t(now ? "tour_leave" : "tour_close")}
        </button>
      </div>
    </section>
  );
}
