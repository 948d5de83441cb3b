import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { listen } from "../offline/channel";
import type { KeptPicture } from "../offline/db";
import { keptPictures } from "../offline/pictures";

/** The kept pictures of this device that `isWanted`, oldest first, always as they are now. */
export function useKeptPictures(isWanted: (picture: KeptPicture) => boolean): ReadonlySignal<KeptPicture[]> {
  const pictures = useSignal<KeptPicture[]>([]);
  useEffect(() => {
    const read = async () => {
      pictures.value = (await keptPictures()).filter(isWanted);
    };
    void read();
    return listen(news => {
      if (news.kind === "pictures") void read();
    });
  }, []);
  return pictures;
}
