import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../api";
import { addLateTexts, prepareDates } from "../i18n/t";
import { Busy } from "./Busy";
import { Failure } from "./Failure";

/** A component that comes late; `ahead` has it come before it is drawn, while there is nothing else to do. */
type Late<Props> = ComponentType<Props> & { ahead: () => void };

/**
 * A component whose code and texts come when it first shows: `load` gets it, once it is there it stays. One that
 * mostly has nothing to show waits without a sign: what stands below it must not jump under a thumb.
 */
export function late<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  isMostlyNothing = false,
): Late<Props> {
  let known: ComponentType<Props> | null = null;
  const get = async () => {
    const [component] = await Promise.all([load(), addLateTexts()]);
    known = component;
    return component;
  };
  const Late = (props: Props) => {
    const [Loaded, setLoaded] = useState<ComponentType<Props> | null>(() => known);
    const [isMissing, setMissing] = useState(false);
    const start = () => {
      setMissing(false);
      get().then(
        component => setLoaded(() => component),
        () => setMissing(true),
      );
    };
    useEffect(() => {
      if (!Loaded) start();
    }, []);
    // What it needs is not on this device yet, and the server that has it cannot be reached.
    if (isMissing) return <Failure error={new ApiError("network", 0)} retry={start} />;
    if (Loaded) return <Loaded {...props} />;
    return isMostlyNothing ? null : <Busy />;
  };
  Late.ahead = () => {
    // What fails now is asked for again when it shows.
    get().catch(() => {});
    // Nearly all that come late show dates.
    setTimeout(prepareDates);
  };
  return Late;
}
