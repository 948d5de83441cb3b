import { t } from "../i18n/t";
import { navigate } from "../router";
import { may, site } from "../session";
import "../styles/tour.css";
import { Icon } from "../ui/Icon";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";
import { TOURS, type TourName } from "./steps";
import { goTo } from "./tour";

/** Where a newcomer begins: a sheet of labels to scan, and a tour for what they will do. */
export function FirstSteps() {
  const { value } = useRead<{ order: string | null }>(`/api/practice?site=${site.value?.id}`);
  const names = (Object.keys(TOURS) as TourName[]).filter(name => may(TOURS[name].permission));
  const begin = (name: TourName) => {
    goTo({ name, step: 0 });
    navigate(TOURS[name].steps[0]?.to ?? "/");
  };
  return (
    <Screen title={t("first_steps")}>
      {value && (
        <section>
          <h2>{t("practice_sheet")}</h2>
          {value.order === null ? (
            <p class="notice">{t("practice_none")}</p>
          ) : (
            <>
              <p>{t("practice_lead", { order: value.order })}</p>
              <a
                class="button button-primary"
                href={`/api/practice-sheet?site=${site.value?.id}`}
                target="_blank"
                rel="noopener"
              >
                <Icon name="download" />
                {t("practice_open")}
              </a>
            </>
          )}
        </section>
      )}
      <section>
        <h2>{t("tours")}</h2>
        <p>{t("tours_lead")}</p>
        <div class="guide-ways">
          {names.map(name => (
            <button key={name} type="button" class="button" onClick={() => begin(name)}>
              <Icon name="play" />
              {t(`tour_${name}`)}
            </button>
          ))}
        </div>
      </section>
    </Screen>
  );
}
