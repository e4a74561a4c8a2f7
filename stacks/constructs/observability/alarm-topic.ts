import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { Fn, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { document, tlsOnly } from "../../lib/permissions";
import { physicalName } from "../../lib/names";
import { PAGE_PREFIX } from "./alarm-definition";
import { optional } from "../../lib/optional";
import { encryptionKeyArn } from "../encryption/encryption-keys";
import { type AlarmSettings, emailId, pagerId } from "./settings";

export interface AlarmTopicProps extends AlarmSettings {
  readonly account: string;
  /** Region of the topic and of the event rules that publish to it. */
  readonly region: string;
  /** Provider of that region, if it differs from the stack's. */
  readonly provider?: TerraformProvider;
}

/** An SNS topic for alarms, budgets and events, with its subscriptions. */
export class AlarmTopic extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    const provider = optional({ provider: props.provider });
    // Without a customer managed key, messages have only the encryption of SNS's disks: the policy of AWS's key
    // alias/aws/sns lets in neither CloudWatch nor EventBridge nor Budgets, so their notifications would be lost.
    const topic = new SnsTopic(this, "Default", {
      ...provider,
      name: physicalName(this, "topic"),
      ...optional({ kmsMasterKeyId: encryptionKeyArn(this, props.provider) }),
    });
    this.arn = topic.arn;
    new SnsTopicPolicy(this, "policy", {
      ...provider,
      arn: topic.arn,
      policy: policy(topic.arn, { account: props.account }),
    });
    for (const endpoint of props.emails) {
      new SnsTopicSubscription(this, emailId(endpoint), {
        ...provider,
        topicArn: topic.arn,
        protocol: "email",
        endpoint,
      });
    }
    for (const endpoint of props.pagers) {
      new SnsTopicSubscription(this, pagerId(endpoint), {
        ...provider,
        topicArn: topic.arn,
        protocol: "https",
        endpoint,
        endpointAutoConfirms: true,
        filterPolicyScope: "MessageBody",
        filterPolicy: Fn.jsonencode({ AlarmDescription: [{ prefix: PAGE_PREFIX }] }),
      });
    }
  }
}

function policy(arn: string, { account }: Pick<AlarmTopicProps, "account">): string {
  return document([
    tlsOnly("sns:Publish", arn),
    {
      Sid: "Alarms",
      Effect: "Allow",
      Principal: { Service: ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"] },
      Action: "sns:Publish",
      Resource: arn,
      Condition: { StringEquals: { "aws:SourceAccount": account } },
    },
    // Without a condition: EventBridge publishes without the keys that a condition could test.
    {
      Sid: "Events",
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sns:Publish",
      Resource: arn,
    },
  ]);
}
