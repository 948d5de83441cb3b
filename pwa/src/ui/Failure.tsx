import { useEffect, useRef } from "preact/hooks";
import { ApiError } from "../api";
import { t } from "../i18n/t";
import { Icon } from "./Icon";

interface Props {
  error: unknown;
  retry?: () => void;
}

/**
 * What went wrong and what to do next; the server's own words where it has some. What can be tried again is a reading;
 * the answer to what somebody did comes into view, as the button that they pressed may be far from it.
 */
export function Failure({ error, retry }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!retry) box.current?.scrollIntoView({ block: "center" });
  }, [error]);
  const isOurs = error instanceof ApiError;
  const isNetwork = isOurs && error.failure === "network";
  const nextStep = isOurs ? error.problem.next_step : null;
  return (
    <div ref={box} class="notice notice-refused" role="alert">
      <Icon name={isNetwork ? "no-network" : "stop"} />
      <div>
        <p class="notice-title">{isNetwork ? t("no_network") : isOurs ? error.message : t("went_wrong")}</p>
        <p>
          {isNetwork ? t(retry ? "not_kept_next" : "no_network_next") : (nextStep ?? t("went_wrong_next"))}
        </p>
        {retry && (
          <button type="button" class="button" onClick={retry}>
            {t("try_again")}
          </button>
        )}
      </div>
    </div>
  );
}
