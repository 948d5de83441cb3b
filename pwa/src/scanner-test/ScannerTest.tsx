import { useSignal } from "@preact/signals";
import { useLayoutEffect, useMemo } from "preact/hooks";
import { t } from "../i18n/t";
import "../styles/scanner-test.css";
import { useCodes } from "../scan/codes";
import { CameraButton } from "../ui/CameraButton";
import { Screen } from "../ui/Screen";
import { ScanCamera } from "../ui/scanner";
import { WedgeSink } from "../ui/WedgeSink";
import { HandheldSetup } from "./HandheldSetup";
import { HeardCard } from "./HeardCard";
import { type Heard, Recorder, visible } from "./recorder";
import { TestCode } from "./TestCode";

/** Enough to compare one way of setting the scanner with another. */
const KEPT = 5;

/** Shows what a scanner sends and what Serialtrail makes of it; nothing is recorded. */
export function ScannerTest() {
  const isCameraOn = useSignal(false);
  const heard = useSignal<Heard[]>([]);
  const recorder = useMemo(
    () =>
      new Recorder(latest => {
        heard.value = [latest, ...heard.value].slice(0, KEPT);
      }),
    [heard],
  );
  useCodes(code => recorder.take(code), [recorder]);
  useLayoutEffect(() => recorder.listen(document), [recorder]);
  const [latest, ...earlier] = heard.value;
  return (
    <Screen title={t("scanner_test")} class="scanner-test">
      <p>{t("scanner_lead")}</p>
      {isCameraOn.value && <ScanCamera isPaused={false} receipt={null} />}
      <div class="scanner-columns">
        <TestCode />
        <div class={latest ? "card scanner-latest" : ""} aria-live="polite">
          {latest ? <HeardCard heard={latest} /> : <p class="empty">{t("scanner_nothing_yet")}</p>}
        </div>
      </div>
      {earlier.length > 0 && (
        <section>
          <h2>{t("scanner_earlier")}</h2>
          <ul class="cards">
            {earlier.map((each, index) => (
              <li key={heard.value.length - index}>
                <details class="card heard-earlier">
                  <summary>
                    <bdi>{each.strokes.map(({ text, key }) => (text ? visible(text) : key)).join("")}</bdi>
                  </summary>
                  <HeardCard heard={each} />
                </details>
              </li>
            ))}
          </ul>
        </section>
      )}
      <HandheldSetup />
      <div class="bottom-bar">
        <CameraButton isOn={isCameraOn} />
      </div>
      <WedgeSink />
    </Screen>
  );
}
