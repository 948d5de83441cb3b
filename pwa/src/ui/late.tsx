import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { addLateTexts } from "../i18n/t";
import { Busy } from "./Busy";
import { Failure } from "./Failure";

/** A component whose code and texts come when it first shows: `load` gets it, once it is there it stays. */
export function late<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let known: ComponentType<Props> | null = null;
  return function Late(props: Props) {
    const [Loaded, setLoaded] = useState<ComponentType<Props> | null>(() => known);
    const [error, setError] = useState<unknown>(null);
    const start = () => {
      setError(null);
      Promise.all([load(), addLateTexts()]).then(([component]) => {
        known = component;
        setLoaded(() => component);
      }, setError);
    };
    useEffect(() => {
      if (!known) start();
    }, []);
    if (error !== null) return <Failure error={error} retry={start} />;
    return Loaded ? <Loaded {...props} /> : <Busy />;
  };
}
