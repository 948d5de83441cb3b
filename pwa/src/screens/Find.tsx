import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { UnitMatches, UnitSummary } from "../api-types";
import { t } from "../i18n/t";
import { navigate, route } from "../router";
import { useCodes } from "../scan/codes";
import { findAddress } from "../scan/find-address";
import { site } from "../session";
import { Busy } from "../ui/Busy";
import { CameraButton } from "../ui/CameraButton";
import { CodeField } from "../ui/CodeField";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { late } from "../ui/late";
import { PictureButton } from "../ui/PictureButton";
import { Screen } from "../ui/Screen";
import { ScanCamera } from "../ui/scanner";
import { UnitState } from "../ui/UnitState";
import { useRead } from "../ui/use-read";
import { WedgeSink } from "../ui/WedgeSink";

/** Only after a picture was shared with the app. */
const SharedPictureQuestion = late(
  async () => (await import("../ui/SharedPictureQuestion")).SharedPictureQuestion,
);
/** Only where a code is of no item yet. */
const LinkToItem = late(async () => (await import("../masters/LinkToItem")).LinkToItem);

/** Look-up of a unit by any code or text. One match opens its page by itself. */
export function Find() {
  const { query } = route.value;
  const text = query.get("q") ?? "";
  const symbology = query.get("symbology") ?? "";
  const isCameraOn = useSignal(false);
  useCodes(code => code.text.trim() !== "" && navigate(findAddress(code)), []);
  return (
    <Screen title={t("find_unit")} class="find">
      {isCameraOn.value && <ScanCamera isPaused={false} receipt={null} />}
      <CodeField label={t("serial_or_code")} button={t("find")} />
      <PictureButton receipt={null} />
      {query.get("shared") === "" && <SharedPictureQuestion />}
      {text.trim() !== "" && site.value && (
        <Answer text={text} symbology={symbology} siteId={site.value.id} />
      )}
      <div class="bottom-bar">
        <CameraButton isOn={isCameraOn} />
      </div>
      <WedgeSink />
    </Screen>
  );
}

function Answer({ text, symbology, siteId }: { text: string; symbology: string; siteId: number }) {
  const query = new URLSearchParams({ site: String(siteId), q: text });
  if (symbology) query.set("symbology", symbology);
  const { value, error, reload } = useRead<UnitMatches>(`/api/units?${query}`);
  const only = value?.matches.length === 1 ? value.matches[0] : undefined;
  useEffect(() => {
    if (only) navigate(`/unit/${only.id}`, { replace: true });
  }, [only]);
  if (error !== null) return <Failure error={error} retry={reload} />;
  if (!value || only) return <Busy />;
  return (
    <section aria-live="polite">
      {value.matches.length > 1 && (
        <>
          <h2>{t("several_units", { count: value.matches.length })}</h2>
          <UnitList units={value.matches} />
        </>
      )}
      {value.matches.length === 0 && (
        <p class="notice notice-warning">
          <Icon name="search" />
          <span>{value.message ?? t("unit_unknown", { text })}</span>
        </p>
      )}
      {value.matches.length === 0 && value.code === "serial_unknown" && (
        <LinkToItem key={text} text={text} symbology={symbology} onLinked={() => {}} />
      )}
      {(value.expected ?? []).length > 0 && <Announced units={value.expected} />}
      {value.suggestions.length > 0 && (
        <>
          <h2>{t("did_you_mean")}</h2>
          <UnitList units={value.suggestions} />
        </>
      )}
    </section>
  );
}

function Announced({ units }: { units: UnitMatches["expected"] }) {
  return (
    <ul class="cards">
      {units.map(unit => (
        <li key={`${unit.item.item_code} ${unit.purchase_order.id}`}>
          <Link to={`/orders/${unit.purchase_order.id}`} class="card">
            <span class="card-head">
              <span class="card-title key-data">{unit.serial_no}</span>
              <UnitState state="expected" />
            </span>
            <span class="card-text">
              {unit.item.item_code} {unit.item.name} · {unit.purchase_order.number} · {unit.supplier.name}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function UnitList({ units }: { units: UnitSummary[] }) {
  return (
    <ul class="cards">
      {units.map(unit => (
        <li key={unit.id}>
          <Link to={`/unit/${unit.id}`} class="card">
            <span class="card-head">
              <span class="card-title key-data">{unit.serial_no}</span>
              <UnitState state={unit.state} />
            </span>
            <span class="card-text">
              {unit.item.item_code} {unit.item.name}
              {unit.location && ` · ${unit.location.path}`}
              {unit.batch_no && ` · ${t("batch_is", { batch: unit.batch_no })}`}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
