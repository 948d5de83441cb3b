import "../styles/claims.css";
import "../styles/moves.css";
import { useSignal } from "@preact/signals";
import { t } from "../i18n/t";
import { type Goods, GoodsForm } from "../moving/GoodsForm";
import { act } from "../offline/actions";
import { navigate } from "../router";
import { useCodes } from "../scan/codes";
import { feedback } from "../scan/feedback";
import { CameraButton } from "../ui/CameraButton";
import { CodeField } from "../ui/CodeField";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Screen } from "../ui/Screen";
import { ScanCamera } from "../ui/scanner";
import { WedgeSink } from "../ui/WedgeSink";
import { CustomerField } from "./CustomerField";
import { PlaceField } from "./PlaceField";

/** Scan what the customer brought; it goes to a place for rejected goods and its warranty stops today. */
export function NewReturn() {
  const id = useSignal(crypto.randomUUID());
  const units = useSignal<string[]>([]);
  const goods = useSignal<Goods[]>([]);
  const failed = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const isCameraOn = useSignal(false);
  useCodes(code => {
    const text = code.text.trim();
    const isKnown = units.value.some(unit => unit.toLowerCase() === text.toLowerCase());
    if (text && !isKnown) units.value = [text, ...units.value];
    id.value = crypto.randomUUID();
    failed.value = null;
    feedback(isKnown || !text ? "warning" : "kept");
  }, []);
  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    isBusy.value = true;
    failed.value = null;
    try {
      const done = await act("customer_return", {
        id: id.value,
        location_id: Number(form.get("place")),
        customer: String(form.get("customer")).trim(),
        serial_nos: units.value.toReversed(),
        goods: goods.value.map(({ item_id, batch_no, qty }) => ({ item_id, batch_no, qty })),
        reason: String(form.get("reason")).trim(),
      });
      feedback("kept");
      navigate(done?.voucher ? `/returns/${done.voucher.id}` : "/returns", { replace: true });
    } catch (caught) {
      id.value = crypto.randomUUID();
      failed.value = caught;
      feedback("refused");
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <Screen title={t("new_return")} class="claims">
      {isCameraOn.value && <ScanCamera isPaused={false} receipt={null} />}
      <CodeField label={t("serial_or_code")} button={t("add")} />
      <ul class="lines">
        {units.value.map(unit => (
          <li key={unit} class="line">
            <strong class="key-data">{unit}</strong>
            <button
              type="button"
              class="button"
              aria-label={t("undo_of", { serial: unit })}
              onClick={() => {
                units.value = units.value.filter(each => each !== unit);
                id.value = crypto.randomUUID();
              }}
            >
              <Icon name="undo" />
            </button>
          </li>
        ))}
      </ul>
      <GoodsForm
        goods={goods}
        onChange={() => {
          id.value = crypto.randomUUID();
        }}
      />
      <form class="form" onSubmit={event => void onSubmit(event)}>
        <CustomerField />
        <label>
          <span class="label">{t("reason")}</span>
          <input type="text" name="reason" required maxLength={500} autocomplete="off" />
        </label>
        <PlaceField label={t("put_into")} fits={place => place.kind === "reject"} />
        {failed.value !== null && <Failure error={failed.value} />}
        <div class="bottom-bar">
          <CameraButton isOn={isCameraOn} />
          <button
            type="submit"
            class="button button-finish"
            disabled={isBusy.value || units.value.length + goods.value.length === 0}
          >
            <Icon name="check" />
            {t("take_back")}
          </button>
        </div>
      </form>
      <WedgeSink />
    </Screen>
  );
}
