import { t } from "../i18n/t";
import { Icon } from "../ui/Icon";

const STEPS = ["app", "profile", "keystroke", "events", "enter", "decoders", "test"] as const;

/** How a Zebra handheld is set, step by step, and the same as a file for who sets many. */
export function HandheldSetup() {
  return (
    <details class="card handheld-setup">
      <summary>{t("datawedge_title")}</summary>
      <ol>
        {STEPS.map(step => (
          <li key={step}>{t(`datawedge_${step}`)}</li>
        ))}
      </ol>
      <h2>{t("datawedge_many")}</h2>
      <p>{t("datawedge_many_lead")}</p>
      <p>{t("datawedge_file_lead")}</p>
      <a class="button" href="/serialtrail-datawedge.json" download>
        <Icon name="download" />
        {t("datawedge_download")}
      </a>
    </details>
  );
}
