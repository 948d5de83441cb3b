/** All texts of the screens that come when they are first opened, an area of the product a file. */
import alerts from "./alerts.json";
import boards from "./boards.json";
import claims from "./claims.json";
import conflicts from "./conflicts.json";
import drafts from "./drafts.json";
import labels from "./labels.json";
import moving from "./moving.json";
import offline from "./offline.json";
import outbox from "./outbox.json";
import programs from "./programs.json";
import recall from "./recall.json";
import reports from "./reports.json";
import scanner from "./scanner.json";
import screens from "./screens.json";
import selling from "./selling.json";
import service from "./service.json";
import tour from "./tour.json";

export default {
  ...screens,
  ...alerts,
  ...boards,
  ...claims,
  ...conflicts,
  ...drafts,
  ...labels,
  ...moving,
  ...offline,
  ...outbox,
  ...programs,
  ...recall,
  ...reports,
  ...scanner,
  ...selling,
  ...service,
  ...tour,
};
