import { useSignal } from "@preact/signals";
import { post } from "../api";
import { t } from "../i18n/t";
import { remember } from "../offline/snapshots";
import { lookUpKey } from "../scan/look-up-key";
import { may } from "../session";
import { Dialog } from "../ui/Dialog";
import { Failure } from "../ui/Failure";
import { Icon, type IconName } from "../ui/Icon";
import type { OpenPickList } from "./open-pick-list";
import type { Said } from "./said";
import type { PickList } from "./types";

const ICONS: Record<Said["word"], IconName> = {
  kept: "clock",
  picked: "check",
  replaced: "switch",
  undone: "undo",
  duplicate: "warning",
  needs_review: "warning",
  refused: "stop",
};

/** The answer to the last pick, large: colour, icon, word, unit and reason. Its place never moves. */
export function PickSaid({ open }: { open: OpenPickList }) {
  const said = open.said.value;
  const isRefused = said?.tone === "refused";
  const unit = said && open.units.value.find(each => lookUpKey(each.serialNo) === lookUpKey(said.title));
  const forWhom = unit && unit.state !== "proposed" && open.forWhom(unit.order);
  const override = said?.answered?.outcome.actions.find(action => action.kind === "override");
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
              <p class="said-word">{t(`pick_word_${said.word}`)}</p>
              <p class="said-title">{said.title}</p>
              {forWhom && <p class="next-order">{forWhom}</p>}
              <p>{said.text}</p>
            </div>
          </>
        ) : (
          <p class="said-ready">{t("ready_to_pick")}</p>
        )}
      </div>
      {override && may("override") && <Override open={open} serialNo={String(override.serial_no)} />}
      {isRefused && (
        <button type="button" class="button said-seen" onClick={() => open.acknowledge()}>
          {t("understood")}
        </button>
      )}
    </section>
  );
}

function look({ tone, word }: Said): string {
  if (tone !== "kept") return tone;
  return word === "picked" || word === "replaced" ? "accepted" : "kept";
}

/** A supervisor takes a unit that another order has; who, when and why is kept with it. */
function Override({ open, serialNo }: { open: OpenPickList; serialNo: string }) {
  const isAsking = useSignal(false);
  const error = useSignal<unknown>(null);
  const end = () => {
    isAsking.value = false;
  };
  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget as HTMLFormElement).get("reason")).trim();
    try {
      const done = await post<PickList>(`${open.path}/override`, { serial_no: serialNo, reason });
      await remember(open.path, done);
      open.show(done);
      open.acknowledge();
      end();
    } catch (caught) {
      error.value = caught;
    }
  };
  return (
    <>
      <button
        type="button"
        class="button said-seen"
        onClick={() => {
          isAsking.value = true;
        }}
      >
        <Icon name="shield" />
        {t("take_all_the_same")}
      </button>
      {isAsking.value && (
        <Dialog title={t("override_question", { serial: serialNo })} onClose={end}>
          <form class="form" onSubmit={onSubmit}>
            <p>{t("override_text")}</p>
            <label>
              <span class="label">{t("reason")}</span>
              <input type="text" name="reason" required maxLength={500} autocomplete="off" />
            </label>
            {error.value !== null && <Failure error={error.value} />}
            <button type="submit" class="button button-primary">
              {t("take_all_the_same")}
            </button>
            <button type="button" class="button" onClick={end}>
              {t("cancel")}
            </button>
          </form>
        </Dialog>
      )}
    </>
  );
}
