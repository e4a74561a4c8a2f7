import { Stack } from "@packages/terraform/synthesized-stack";
import { exceptions } from "../../policies/exceptions";
import type { ReviewOptions } from "@packages/plan-review/review";
import { idleCost } from "../docs/cost";
import { PRICES_OF } from "../docs/prices";

/** What this project knows beside a plan: list prices, and the policies that are wide on purpose, each with its reason. */
export const projectKnowledge: Pick<ReviewOptions, "prices" | "acceptedWideAccess"> = {
  prices: {
    date: PRICES_OF,
    idleMonth: (resources) => idleCost(new Stack("plan", { resource: resources })),
  },
  acceptedWideAccess: exceptions
    .filter(({ rule }) => rule === "policy-has-no-action-wildcard")
    .map(({ address }) => address),
};
