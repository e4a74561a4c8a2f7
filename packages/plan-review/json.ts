import { visibleJson } from "./escape";
import type { Review } from "./review";

/** Reviews for machines. Invisible characters of names and values are escaped. */
export function json(reviews: readonly Review[]): string {
  return visibleJson(reviews);
}
