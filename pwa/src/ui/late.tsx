import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../api";
import { addLateTexts } from "../i18n/t";
import { Busy } from "./Busy";
import { Failure } from "./Failure";

/**
 * A component whose code and texts come when it first shows: `load` gets it, once it is there it stays. One that
 * mostly has nothing to show waits without a sign: what stands below it must not jump under a thumb.
 */
export function late<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  isMostlyNothing = false,
): ComponentType<Props> {
  let known: ComponentType<Props> | null = null;
  return function Late(props: Props) {
    const [Loaded, setLoaded] = useState<ComponentType<Props> | null>(() => known);
    const [isMissing, setMissing] = useState(false);
    const start = () => {
      setMissing(false);
      Promise.all([load(), addLateTexts()]).then(
        ([component]) => {
          known = component;
          setLoaded(() => component);
        },
        () => setMissing(true),
      );
    };
    useEffect(() => {
      if (!known) start();
    }, []);
    // What it needs is not on this device yet, and the server that has it cannot be reached.
    if (isMissing) return <Failure error={new ApiError("network", 0)} retry={start} />;
    if (Loaded) return <Loaded {...props} />;
    return isMostlyNothing ? null : <Busy />;
  };
}
