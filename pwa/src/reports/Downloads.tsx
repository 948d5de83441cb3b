import { language } from "../i18n/language";
import { Icon } from "../ui/Icon";
import { useDownload } from "./use-download";

interface Props {
  report: string;
  /** The filters of the screen. */
  query: URLSearchParams;
  total: number;
}

/** The whole report as a file, whichever part of it shows. */
export function Downloads({ report, query, total }: Props) {
  const { get, isBusy, progress } = useDownload(total);
  const today = new Date().toISOString().slice(0, 10);
  return (
    <>
      <div class="report-buttons">
        {["csv", "xlsx", "pdf"].map(ending => (
          <button
            key={ending}
            type="button"
            class="button"
            disabled={isBusy}
            onClick={() =>
              void get(
                `/api/reports/${report}/file.${ending}?${query}&language=${language}`,
                `${report}-${today}.${ending}`,
              )
            }
          >
            <Icon name="download" />
            {ending.toUpperCase()}
          </button>
        ))}
      </div>
      {progress}
    </>
  );
}
