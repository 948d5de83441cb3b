import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n/t";
import type { DecodedCode } from "../scan/decode-messages";
import type { Region } from "../scan/geometry";
import { parse } from "../scan/gs1";
import type { Choice } from "../scan/live-reader";
import { targetsFor } from "../scan/targets";
import { isWantedCode } from "../scan/wanted";
import { Outlines } from "./Outlines";
import { usePictureUrl } from "./use-picture-url";

interface Props {
  choice: Choice;
  onChoose: (code: DecodedCode) => void;
}

/** What a person reads off the label: the serial number, else the product code, else the text. */
const nameOf = ({ text, symbology }: DecodedCode): string => {
  const { serialNo, gtin } = parse(text, symbology);
  return serialNo ?? gtin ?? text;
};

const placeOf = ({ left, top, width, height }: Region) => ({
  left: `${left}px`,
  top: `${top}px`,
  width: `${width}px`,
  height: `${height}px`,
});

/** A still picture with every code in it outlined and ready to be tapped. */
export function CodeChooser({ choice, onChoose }: Props) {
  const { picture, width, height, codes } = choice;
  const box = useRef<HTMLDivElement>(null);
  const [targets, setTargets] = useState<Region[]>([]);
  const address = usePictureUrl(picture);
  const isShown = width > 0 && height > 0;
  useLayoutEffect(() => {
    if (!box.current || !isShown) return;
    const { clientWidth, clientHeight } = box.current;
    setTargets(targetsFor(codes, choice, { width: clientWidth, height: clientHeight }));
  }, [choice]);
  return (
    <div class="chooser">
      <p class="chooser-word" role="alert">
        {t("which_code", { count: codes.length })}
      </p>
      <div
        ref={box}
        class={isShown ? "chooser-picture" : "chooser-list"}
        style={isShown ? { aspectRatio: `${width} / ${height}` } : {}}
      >
        {isShown && address && <img src={address} alt="" />}
        {isShown && <Outlines size={choice} codes={codes} />}
        {codes.map((code, index) => {
          const target = targets[index];
          return (
            <button
              key={code.text}
              type="button"
              class={isWantedCode(code) ? "chooser-target chooser-target-wanted" : "chooser-target"}
              style={target && placeOf(target)}
              onClick={() => onChoose(code)}
            >
              {nameOf(code)}
            </button>
          );
        })}
      </div>
    </div>
  );
}
