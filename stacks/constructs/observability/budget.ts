import { BudgetsBudget } from "@cdktf/provider-aws/lib/budgets-budget";
import { Construct } from "constructs";
import { physicalName } from "../../lib/names";
import { optional } from "../../lib/optional";
import type { BudgetSettings } from "./settings";

export interface BudgetProps extends BudgetSettings {
  /** Topic of the alarms, where there is one. */
  readonly topicArn: string | undefined;
}

/** Tells when four fifths of the month's budget are spent, and when all of it is going to be. */
const NOTIFICATION_THRESHOLDS = [
  { notificationType: "ACTUAL", threshold: 80 },
  { notificationType: "FORECASTED", threshold: 100 },
];

/** A budget of everything in the account: tags would miss traffic, and what nobody tagged. */
export class Budget extends Construct {
  constructor(scope: Construct, id: string, { monthlyUsd, emails, topicArn }: BudgetProps) {
    super(scope, id);
    new BudgetsBudget(this, "Default", {
      name: physicalName(this, "budget"),
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: String(monthlyUsd),
      limitUnit: "USD",
      notification: NOTIFICATION_THRESHOLDS.map((notification) => ({
        ...notification,
        comparisonOperator: "GREATER_THAN",
        thresholdType: "PERCENTAGE",
        subscriberEmailAddresses: [...emails],
        ...optional({ subscriberSnsTopicArns: topicArn === undefined ? undefined : [topicArn] }),
      })),
    });
  }
}
