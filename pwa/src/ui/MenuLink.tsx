import type { Permission } from "../api-types";
import { type TextKey, t } from "../i18n/t";
import { may } from "../session";
import { Icon, type IconName } from "./Icon";
import { Link } from "./Link";

interface Props {
  to: string;
  icon: IconName;
  text: TextKey;
  /** Shown only to those who have it here. */
  permission: Permission;
}

/** One way from the first screen to another. */
export function MenuLink({ to, icon, text, permission }: Props) {
  if (!may(permission)) return null;
  return (
    <Link to={to} class="card card-link">
      <Icon name={icon} />
      <span class="card-title">{t(text)}</span>
      <Icon name="forward" />
    </Link>
  );
}
