import "../styles/moves.css";
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { t } from "../i18n/t";
import { type Goods, GoodsForm } from "../moving/GoodsForm";
import type { Destination } from "../moving/types";
import { act } from "../offline/actions";
import { navigate } from "../router";
import { takeCodes } from "../scan/codes";
import { feedback } from "../scan/feedback";
import { site } from "../session";
import { CameraButton } from "../ui/CameraButton";
import { CodeField } from "../ui/CodeField";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Screen } from "../ui/Screen";
import { ScanCamera } from "../ui/scanner";
import { useRead } from "../ui/use-read";
import { WedgeSink } from "../ui/WedgeSink";

/** From where, to where, then scan: a code of a place sets it, every other code is a unit that moves. */
export function NewTransfer() {
  const { value, error, reload } = useRead<{ destinations: Destination[] }>(
    site.value ? `/api/transfer-destinations?site=${site.value.id}` : null,
  );
  const places = value?.destinations ?? [];
  const id = useSignal(crypto.randomUUID());
  const from = useSignal("");
  const to = useSignal("");
  const overTransit = useSignal(false);
  const units = useSignal<string[]>([]);
  const goods = useSignal<Goods[]>([]);
  const failed = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const isCameraOn = useSignal(false);
  const changed = () => {
    id.value = crypto.randomUUID();
    failed.value = null;
  };

  useEffect(
    () =>
      takeCodes(code => {
        const text = code.text.trim();
        const place = places.find(each => each.is_here && each.code.toLowerCase() === text.toLowerCase());
        const isKnown = units.value.some(unit => unit.toLowerCase() === text.toLowerCase());
        if (place) {
          const end = from.value === "" ? from : to;
          end.value = String(place.id);
        } else if (text && !isKnown) {
          units.value = [text, ...units.value];
        }
        changed();
        feedback(isKnown || !text ? "warning" : "kept");
      }),
    [places],
  );

  const target = places.find(each => String(each.id) === to.value);
  const isElsewhere = target !== undefined && !target.is_here;
  const submit = async () => {
    isBusy.value = true;
    failed.value = null;
    try {
      const done = await act("stock_transfer", {
        id: id.value,
        location_id: Number(from.value),
        to_location_id: Number(to.value),
        over_transit: overTransit.value || isElsewhere,
        serial_nos: units.value.toReversed(),
        goods: goods.value.map(({ item_id, batch_no, qty }) => ({ item_id, batch_no, qty })),
      });
      feedback("kept");
      navigate(done?.voucher ? `/transfers/${done.voucher.id}` : "/transfers", { replace: true });
    } catch (caught) {
      id.value = crypto.randomUUID();
      failed.value = caught;
      feedback("refused");
    } finally {
      isBusy.value = false;
    }
  };

  return (
    <Screen title={t("new_transfer")}>
      {error !== null && <Failure error={error} retry={reload} />}
      <div class="move-way">
        <PlaceChoice
          label={t("move_from")}
          value={from}
          places={places.filter(each => each.is_here)}
          on={changed}
        />
        <PlaceChoice label={t("move_to")} value={to} places={places} on={changed} />
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={overTransit.value || isElsewhere}
          disabled={isElsewhere}
          onChange={event => {
            overTransit.value = event.currentTarget.checked;
            changed();
          }}
        />
        {t("over_transit")}
      </label>
      {isCameraOn.value && <ScanCamera isPaused={false} receipt={null} />}
      <CodeField label={t("serial_or_code")} button={t("add")} />
      <section>
        <h2 data-testid="moving">{t("units_to_move", { count: units.value.length })}</h2>
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
                  changed();
                }}
              >
                <Icon name="undo" />
              </button>
            </li>
          ))}
        </ul>
      </section>
      <GoodsForm goods={goods} onChange={changed} />
      {failed.value !== null && <Failure error={failed.value} />}
      <div class="bottom-bar">
        <CameraButton isOn={isCameraOn} />
        <button
          type="button"
          class="button button-finish"
          disabled={isBusy.value || !from.value || !to.value || units.value.length + goods.value.length === 0}
          onClick={() => void submit()}
        >
          <Icon name="check" />
          {t("move_now")}
        </button>
      </div>
      <WedgeSink />
    </Screen>
  );
}

interface ChoiceProps {
  label: string;
  value: { value: string };
  places: Destination[];
  on: () => void;
}

function PlaceChoice({ label, value, places, on }: ChoiceProps) {
  return (
    <label>
      <span class="label">{label}</span>
      <select
        value={value.value}
        onChange={event => {
          value.value = event.currentTarget.value;
          on();
        }}
      >
        <option value="">{t("choose")}</option>
        {places.map(place => (
          <option key={place.id} value={String(place.id)}>
            {place.is_here ? place.path : `${place.site}: ${place.path}`}
          </option>
        ))}
      </select>
    </label>
  );
}
