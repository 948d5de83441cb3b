import type { ComponentChildren } from "preact";
import { t } from "../i18n/t";
import { isOutdated } from "../offline/db";
import { lost, sending } from "../offline/sender";
import { storage } from "../offline/storage";
import { openCount, pictureCount, unsentCount } from "../offline/unsent";
import { navigate, route } from "../router";
import { may, session, site } from "../session";
import { tour } from "../tour/tour";
import { isUpdateReady } from "../updates";
import { Icon, type IconName } from "./Icon";
import { Link } from "./Link";
import { late } from "./late";

/** Only while something cannot be sent. */
const KeepOpen = late(async () => (await import("./KeepOpen")).KeepOpen);

/** What the person should know of this tab and this device. */
const StateBar = late(async () => (await import("./StateBar")).StateBar);

/** The card of a tour that is under way. */
const Guide = late(async () => (await import("../tour/Guide")).Guide);

interface Tab {
  to: string;
  icon: IconName;
  label: string;
  isHere: (path: string) => boolean;
}

/** The frame around every screen of somebody who is logged in: where one can go, and what is not sent yet. */
export function Shell({ children }: { children: ComponentChildren }) {
  const { path } = route.value;
  const isWork = /^\/(receive|opening|pick)\//.test(path);
  return (
    <div class={`shell ${isWork ? "shell-work" : ""}`}>
      <TopBar isDeep={path !== "/"} />
      {(isOutdated.value || isUpdateReady.value || lost.value || storage.value === "short") && <StateBar />}
      {tour.value && <Guide />}
      {!isWork && unsentCount.value > 0 && isStuck() && <KeepOpen />}
      {children}
      <Tabs path={path} />
    </div>
  );
}

function TopBar({ isDeep }: { isDeep: boolean }) {
  const back = () => (history.length > 1 ? history.back() : navigate("/"));
  return (
    <header class="top-bar">
      {isDeep ? (
        <button type="button" class="top-button" aria-label={t("back")} onClick={back}>
          <Icon name="back" />
        </button>
      ) : (
        <span class="brand">
          <img src="/icons/icon.svg" alt="" width="32" height="32" />
          {t("app_name")}
        </span>
      )}
      {isDeep && (
        <Link to="/" class="brand brand-small">
          {t("app_name")}
        </Link>
      )}
      <span class="top-space" />
      {site.value && <span class="top-site">{site.value.code}</span>}
      <OutboxMark />
    </header>
  );
}

const isStuck = (): boolean => !["idle", "sending"].includes(sending.value);

/** How many scans and kept pictures wait, in words and colour; silent when all is sent. */
function OutboxMark() {
  const waiting = unsentCount.value + pictureCount.value;
  const open = openCount.value;
  if (waiting === 0 && open === 0) return null;
  const tone = isStuck() || open > 0 ? "mark-warning" : "mark-calm";
  const label =
    unsentCount.value > 0
      ? t("outbox_waiting", { count: unsentCount.value })
      : waiting > 0
        ? t("pictures_waiting", { count: waiting })
        : t("outbox_open", { count: open });
  return (
    <Link to="/outbox" class={`outbox-mark ${tone}`} label={label}>
      <Icon name={waiting > 0 ? "clock" : "warning"} />
      {waiting > 0 ? waiting : open}
    </Link>
  );
}

function Tabs({ path }: { path: string }) {
  if (!session.value) return null;
  const tabs: Tab[] = [
    { to: "/", icon: "home", label: t("tab_home"), isHere: at => at === "/" || at.startsWith("/orders/") },
    {
      to: "/find",
      icon: "search",
      label: t("tab_find"),
      isHere: at => at === "/find" || at.startsWith("/unit/"),
    },
    { to: "/outbox", icon: "outbox", label: t("tab_outbox"), isHere: at => at === "/outbox" },
  ];
  if (may("boards.read") && site.value) {
    const to = `/board/receiving?site=${site.value.id}`;
    tabs.push({ to, icon: "board", label: t("tab_board"), isHere: at => at.startsWith("/board/") });
  }
  return (
    <nav class="tabs" aria-label={t("main_navigation")}>
      {tabs.map(tab => (
        <Link key={tab.to} to={tab.to} class="tab" isCurrent={tab.isHere(path)}>
          <Icon name={tab.icon} />
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}
