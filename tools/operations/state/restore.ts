import { Refusal } from "../../delivery/refusal";
import type { Kind } from "../kind";

export const restore: Kind["restore"] = {
  help: "makes an earlier state the current one",
  options: {},
  run: () => Promise.reject(new Refusal("not built yet")),
};
