import { Stack } from "@packages/terraform/synthesized-stack";
import { exceptions } from "../../policies/exceptions";
import type { ReviewOptions } from "@packages/plan-review/review";
import { idleItems, PRICED_TYPES } from "../docs/cost";
import { PRICES_OF } from "../docs/prices";

/** Project data for reviews: list prices, and accepted wide policies with their reasons. */
export const projectKnowledge: Pick<ReviewOptions, "prices" | "acceptedWideAccess"> = {
  prices: {
    date: PRICES_OF,
    types: PRICED_TYPES,
    // The names of resources are their addresses.
    idleMonth: (resources) => idleItems(new Stack("plan", { resource: resources })),
  },
  acceptedWideAccess: exceptions
    .filter(({ rule }) => rule === "policy-has-no-action-wildcard")
    .map(({ address }) => address),
};
