import { Refusal } from "../../delivery/refusal";
import type { Kind } from "../kind";

export const restore: Kind["restore"] = {
  help: "a new instance takes the place of the database, which is kept",
  options: {},
  run: () => Promise.reject(new Refusal("not built yet")),
};
