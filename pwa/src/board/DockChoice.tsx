import type { ReceivingBoard } from "../api-types";
import { t } from "../i18n/t";
import { navigate } from "../router";
import { boardAddress } from "./board-state";

/** Which dock the board shows; the link says so, too. One where nothing is received any more stays chosen. */
export function DockChoice({ shown }: { shown: ReceivingBoard }) {
  const { dock, docks, site } = shown;
  const offered = dock && !docks.some(each => each.id === dock.id) ? [dock, ...docks] : docks;
  if (offered.length === 0) return null;
  const choose = (id: string) =>
    navigate(boardAddress("/board/receiving", site.id, id === "" ? null : Number(id)), { replace: true });
  return (
    <label class="field board-dock">
      {t("board_dock")}
      <select value={dock?.id ?? ""} onChange={event => choose(event.currentTarget.value)}>
        <option value="">{t("board_docks_all")}</option>
        {offered.map(each => (
          <option key={each.id} value={each.id}>
            {each.path} · {each.name}
          </option>
        ))}
      </select>
    </label>
  );
}
