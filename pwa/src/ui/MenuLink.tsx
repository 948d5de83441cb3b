import { may } from "../session";
import { Icon, type IconName } from "./Icon";
import { Link } from "./Link";

interface Props {
  path: string;
  icon: IconName;
  text: string;
  /** Who has it at the site sees the entry. */
  permission: string;
}

/** An entry that leads to another part of the work. */
export function MenuLink({ path, icon, text, permission }: Props) {
  if (!may(permission)) return null;
  return (
    <Link to={path} class="card card-link">
      <Icon name={icon} />
      <span class="card-title">{text}</span>
      <Icon name="forward" />
    </Link>
  );
}
