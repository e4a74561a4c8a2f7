import {
  ListSubscriptionsByTopicCommand,
  paginateListTopics,
  SNSClient,
  type Subscription,
} from "@aws-sdk/client-sns";
import type { EnvironmentSettings } from "../../stacks/settings";
import type { Access } from "../lib/account";
import type { Check, Missing } from "./finding";

type ClientConfig = Access["client"];

/** Addresses that get alarms only after a person confirmed the e-mail from AWS. */
export function subscriptionChecks(
  { name, alarms, region }: EnvironmentSettings,
  config: ClientConfig,
): Check[] {
  if ("off" in alarms || alarms.emails.length === 0) return [];
  return [
    {
      name: "e-mails of alarms",
      ask: async () => {
        const found: Subscription[] = [];
        for (const one of new Set([region, "us-east-1"]))
          found.push(...(await subscriptionsOf({ ...config, region: one }, name)));
        return subscriptionAnswer(found, alarms.emails);
      },
    },
  ];
}

/** Which of the addresses has a subscription that nobody confirmed. */
export function subscriptionAnswer(
  subscriptions: readonly Subscription[],
  emails: readonly string[],
): string | Missing {
  const unconfirmed = subscriptions.filter(
    ({ Protocol, SubscriptionArn, Endpoint = "" }) =>
      Protocol === "email" && SubscriptionArn === "PendingConfirmation" && emails.includes(Endpoint),
  );
  if (unconfirmed.length === 0) return `${emails.join(", ")} confirmed`;
  const [{ TopicArn, Endpoint } = {}] = unconfirmed;
  return {
    missing: `${[...new Set(unconfirmed.map((one) => one.Endpoint))].join(", ")} has not confirmed the subscription, and gets no alarm`,
    remedy:
      "open the link in the e-mail of AWS Notifications, or have it sent again: " +
      `aws sns subscribe --topic-arn ${TopicArn} --protocol email --notification-endpoint ${Endpoint}`,
  };
}

/** Subscriptions of the environment's topics in a region. */
async function subscriptionsOf(config: ClientConfig, environment: string): Promise<Subscription[]> {
  const client = new SNSClient(config);
  const found: Subscription[] = [];
  try {
    for await (const { Topics = [] } of paginateListTopics({ client }, {})) {
      for (const { TopicArn = "" } of Topics) {
        if (!(TopicArn.split(":").at(-1) ?? "").startsWith(`streamflow-${environment}-`)) continue;
        const { Subscriptions = [] } = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
        found.push(...Subscriptions);
      }
    }
    return found;
  } finally {
    client.destroy();
  }
}
