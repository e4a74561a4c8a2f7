import { Refusal } from "../../delivery/refusal";
import type { Kind } from "../kind";

export const backup: Kind["backup"] = {
  help: "keeps a copy of Terraform's state",
  options: {},
  run: () => Promise.reject(new Refusal("not built yet")),
};
