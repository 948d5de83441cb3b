import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { dateTime, t } from "../i18n/t";
import type { KeptPicture } from "../offline/db";
import { parse } from "../scan/gs1";
import { Icon, type IconName } from "./Icon";
import { usePictureUrl } from "./use-picture-url";

const ICONS: Record<KeptPicture["state"], IconName> = {
  waiting: "clock",
  read: "check",
  unreadable: "warning",
};

/** The serial number of a code in a kept picture, or its text. */
export const nameInPicture = ({ text, symbology }: KeptPicture["codes"][0]): string =>
  parse(text, symbology).serialNo ?? text;

/** A kept picture, what became of it, and what a person can do about it. */
export function KeptPictureRow({ picture, children }: { picture: KeptPicture; children: ComponentChildren }) {
  const blob = useMemo(() => new Blob([picture.jpeg], { type: "image/jpeg" }), [picture.id]);
  const address = usePictureUrl(blob);
  const codes = picture.codes.map(nameInPicture).join(", ");
  const words =
    picture.state === "read" ? t("picture_read", { codes }) : (picture.reason ?? t("picture_waiting"));
  return (
    <li class="line line-tall kept-picture" data-state={picture.state}>
      <span class="kept-picture-facts">
        {address && <img src={address} alt={t("picture_of_label")} />}
        <span>
          <span class="why">
            <Icon name={ICONS[picture.state]} />
            <strong>{words}</strong>
          </span>
          <small>
            {picture.user} · {dateTime(picture.taken_at)}
            {picture.receipt && ` · ${picture.receipt.number}`}
          </small>
        </span>
      </span>
      <span class="line-tools">{children}</span>
    </li>
  );
}
