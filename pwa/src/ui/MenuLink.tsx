import type { Permission } from "../api-types";
import { type TextKey, t } from "../i18n/t";
import { may } from "../session";
import { Icon, type IconName } from "./Icon";
import { Link } from "./Link";

interface Props {
  path: string;
  icon: IconName;
  text: TextKey;
  permission: Permission;
}

/** An entry of the start page, for who may use it. */
export function MenuLink({ path, icon, text, permission }: Props) {
  if (!may(permission)) return null;
  return (
    <Link to={path} class="card card-link">
      <Icon name={icon} />
      <span class="card-title">{t(text)}</span>
      <Icon name="forward" />
    </Link>
  );
}
