import { useSignal } from "@preact/signals";
import { t } from "../i18n/t";
import { Icon } from "../ui/Icon";
import { surroundings, wayToInstall } from "./advice";
import { type InstallQuestion, installQuestion, rememberAnswer } from "./offer";

/**
 * How to put Serialtrail on the home screen. It goes for good with either answer, and is never shown in the
 * installed app.
 */
export function InstallHint() {
  const isOpen = useSignal(true);
  const question = installQuestion.value;
  const way = wayToInstall(surroundings(question !== null));
  if (!isOpen.value || way === null) return null;
  const end = () => {
    rememberAnswer();
    isOpen.value = false;
  };
  const ask = async () => {
    const { outcome } = await (question as InstallQuestion).prompt();
    installQuestion.value = null;
    if (outcome === "accepted") end();
  };
  return (
    <section class="notice" aria-labelledby="install-title">
      <Icon name="download" />
      <div class="install-steps">
        <h2 id="install-title" class="notice-title">
          {t("install_title")}
        </h2>
        <p>{t("install_why")}</p>
        {way !== "ask" && <p>{t(`install_${way}`)}</p>}
        <div class="install-ways">
          {way === "ask" && (
            <button type="button" class="button" onClick={() => void ask()}>
              {t("install_now")}
            </button>
          )}
          <button type="button" class="button" onClick={end}>
            {t(way === "ask" ? "install_not" : "install_done")}
          </button>
        </div>
      </div>
    </section>
  );
}
