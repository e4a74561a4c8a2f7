import { Refusal } from "../../delivery/refusal";
import type { Kind } from "../kind";

export const backup: Kind["backup"] = {
  help: "takes a snapshot of the database",
  options: {},
  run: () => Promise.reject(new Refusal("not built yet")),
};
